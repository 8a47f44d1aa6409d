"""Makes the fast encoder from the bundled one.

    pip install -e '.[training]'
    python -m qa.training.build_fast_encoder --sets eval --output index/fast

First as model2vec does (Tulkens & van Dongen, "Model2Vec: Fast State-of-the-Art Static
Embeddings", Minish Lab, 2024): the bundled encoder encodes every word alone, the principal
components are kept, and rare words count more. Then the vectors learn from questions, as static
embeddings for retrieval do (Aarsen, "Train 400x faster Static Embedding Models with Sentence
Transformers", 2025): a question is to come nearest, of all passages in its batch, to the one that
answers it.

Takes some minutes on two cores, and gives the same files each time on one machine.
"""

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.bundled.runner import OnnxRunner
from index.encoders import BUNDLED_FOLDER
from index.fast_encoder import TOKENIZER, UNKNOWN, VECTORS
from index.text import normalise
from qa.training.examples import Collection, read_news, read_public
from qa.training.fast_model import DIMENSION, WordVectors, reduce
from qa.training.fast_words import choose_words, make_tokenizer

SETS = (("cmrc2018", "train"), ("drcd", "dev"))
"""Public sets that train; CMRC 2018 trial is for choosing."""

EPOCHS, PAIRS_A_BATCH = 4, 512
RATE = 3e-3
TURN_RATE = 0.3
"""The turn of all vectors learns so much slower than a single word."""

WARM_UP = 20
"""Steps until the full rate, which then falls to nothing."""

TEMPERATURE = 0.05
"""Of our similarities: a softmax over similarity / TEMPERATURE."""

SEEN_OF = 1e5
"""Words that a share from the vocabulary counts for, beside those of the training texts."""


@dataclass(frozen=True)
class Lesson:
    """Texts to learn from.

    Attributes:
        questions, passages: As word numbers.
        pairs: Numbers of a question and of the passage that answers it.
    """

    questions: list[list[int]]
    passages: list[list[int]]
    pairs: list[tuple[int, int]]


def encode_words(runner: OnnxRunner, words: Sequence[str]) -> NDArray[np.float32]:
    """Return the bundled encoder's unit vectors of single words, shape (n_words, hidden)."""
    vectors = np.zeros((len(words), runner.dimension), dtype=np.float32)
    prompt = runner.config["prompts"]["query"]
    for row, vector in enumerate(runner.encode([prompt + word for word in words])):
        vectors[row] = vector
    return vectors


def cut(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Return the words of each text; never none."""
    encodings = tokenizer.encode_batch(
        [normalise(text) for text in texts], add_special_tokens=False
    )
    return [encoding.ids or [UNKNOWN] for encoding in encodings]


def make_lesson(tokenizer: Tokenizer, collections: Sequence[Collection]) -> Lesson:
    """Cut the answerable questions of collections, and all their passages, into words."""
    questions, passages, pairs = [], [], []
    for collection in collections:
        first = len(passages)
        passages += [part.text for part in collection.parts]
        for example in collection.examples:
            if example.spans:
                pairs.append((len(questions), first + example.part))
                questions.append(example.question)
    return Lesson(cut(tokenizer, questions), cut(tokenizer, passages), pairs)


def train(model: WordVectors, lesson: Lesson) -> None:
    """Let the vectors learn, in place; the order of the pairs is always the same."""
    order = np.random.default_rng(0)
    n_batches = len(lesson.pairs) // PAIRS_A_BATCH
    slow = torch.optim.Adam([model.turn], lr=RATE * TURN_RATE)
    quick = torch.optim.SparseAdam([model.change.weight], lr=RATE, betas=(0.9, 0.99))
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(o, lambda step: _rate(step, EPOCHS * n_batches))
        for o in (slow, quick)
    ]
    for epoch in range(EPOCHS):
        shuffled = order.permutation(len(lesson.pairs))
        total = 0.0
        for batch in shuffled[: n_batches * PAIRS_A_BATCH].reshape(n_batches, -1):
            loss = batch_loss(model, lesson, [lesson.pairs[pair] for pair in batch])
            for optimiser in (slow, quick):
                optimiser.zero_grad()
            loss.backward()
            for optimiser, schedule in zip((slow, quick), schedules, strict=True):
                optimiser.step()
                schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / n_batches:.3f}", flush=True)


def _rate(step: int, n_steps: int) -> float:
    return min(1, (step + 1) / WARM_UP) * max(0.02, 1 - step / n_steps)


def batch_loss(
    model: WordVectors, lesson: Lesson, pairs: Sequence[tuple[int, int]]
) -> torch.Tensor:
    """Return how unlikely the right passages are among those of the batch (cross-entropy)."""
    passages = list(dict.fromkeys(passage for _, passage in pairs))
    places = {passage: place for place, passage in enumerate(passages)}
    right = torch.tensor([places[passage] for _, passage in pairs])
    asked = [lesson.questions[question] for question, _ in pairs]
    vectors = model.encode(asked + [lesson.passages[passage] for passage in passages])
    similarities = vectors[: len(asked)] @ vectors[len(asked) :].T
    return torch.nn.functional.cross_entropy(similarities / TEMPERATURE, right)


def word_shares(
    words: Sequence[tuple[str, float]], texts: Sequence[Sequence[int]]
) -> NDArray[np.float64]:
    """Return how much of a text each word makes up, shape (n_words + 1,), the unknown first."""
    expected = np.array([0.0, *(math.exp(score) for _, score in words)])
    seen = np.bincount([word for text in texts for word in text], minlength=len(expected))
    return (seen + 1 + SEEN_OF * expected / expected.sum()) / (seen.sum() + SEEN_OF)


def write(output: Path, tokenizer: Tokenizer, vectors: NDArray[np.float32]) -> None:
    """Write word vectors in int8, one scale a word, and the tokenizer."""
    output.mkdir(parents=True, exist_ok=True)
    vectors[UNKNOWN] = 0
    scales = (np.abs(vectors).max(axis=1) / 127).astype(np.float16)
    steps = np.where(scales > 0, scales, 1).astype(np.float32)
    rows = np.clip(np.rint(vectors / steps[:, None]), -127, 127).astype(np.int8)
    np.savez(output / VECTORS, rows=rows, scales=scales)
    compact = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))
    (output / TOKENIZER).write_text(compact + "\n", encoding="utf-8")


def build(sets: Path, output: Path) -> None:
    """Write the encoder's files into `output`.

    Args:
        sets: Folder of the public question sets, see `qa.training.examples`.
        output: Made if it does not exist.
    """
    torch.set_num_threads(1)
    words = choose_words(BUNDLED_FOLDER / "tokenizer.json")
    tokenizer = make_tokenizer(words)
    runner = OnnxRunner(BUNDLED_FOLDER)
    distilled = reduce(encode_words(runner, [word for word, _ in words]))
    print(f"{len(words)} words encoded", flush=True)
    lesson = make_lesson(tokenizer, [read_news(held_back=False), read_public(sets, SETS)])
    print(f"{len(lesson.pairs)} questions on {len(lesson.passages)} passages", flush=True)
    unknown = np.zeros((1, DIMENSION), dtype=np.float32)
    model = WordVectors(np.vstack([unknown, distilled]), word_shares(words, lesson.passages))
    train(model, lesson)
    write(output, tokenizer, model.table())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    build(options.sets, options.output)
