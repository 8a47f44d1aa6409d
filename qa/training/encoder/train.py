"""Tunes the encoder so that questions find the paragraph that answers them.

    python -m qa.training.encoder.train --sets eval --steps 700 --output run [--resume]

The loss of every question is -log of the softmax share of its paragraph among all paragraphs of
the batch (InfoNCE: van den Oord et al., 2018, arXiv 1807.03748; what sentence-transformers calls
MultipleNegativesRankingLoss, here with many questions a paragraph, so that none is encoded
twice). Stops at SIGTERM after a checkpoint and goes on with --resume.
"""

import argparse
import logging
import random
import signal
import time
from collections.abc import Sequence

import numpy as np
import torch
from tokenizers import Tokenizer

from index.encoders import BUNDLED_FOLDER
from qa.reader_inputs import PAD
from qa.training.build_encoder import PooledEncoder
from qa.training.encoder.batches import Batch, BatchMaker
from qa.training.examples import read_news, read_public
from qa.training.learning import Learner, add_options, begin, fresh_encoder

SCALE = 50.0
"""What cosines are multiplied with before the softmax: the inverse of its temperature."""

PUBLIC_SHARE = 0.35
"""Share of the batches that are of the public sets, so that what they need is not unlearned."""

CHUNK_TOKENS = 1200
"""Tokens, with padding, of the texts that go through the model together."""

MAX_TOKENS = 320
QUERY, PASSAGE = "query: ", "passage: "

log = logging.getLogger("training")


class TextEncoder:
    """Encodes texts with gradients, in chunks of like length shared among threads."""

    def __init__(self, model: PooledEncoder, learner: Learner, threads: int) -> None:
        self._model, self._learner, self._threads = model, learner, threads
        self._tokenizer = Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def chunks(self, texts: Sequence[str]) -> list[tuple[list[int], torch.Tensor]]:
        """Return numbers of texts and their padded ids, the longest texts first."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(tokens)), key=lambda number: -len(tokens[number]))
        chunks, first = [], 0
        while first < len(order):
            width = len(tokens[order[first]])
            rows = order[first : first + max(1, CHUNK_TOKENS // width)]
            ids = torch.full((len(rows), width), PAD)
            for place, row in enumerate(rows):
                ids[place, : len(tokens[row])] = torch.tensor(tokens[row])
            chunks.append((rows, ids))
            first += len(rows)
        return chunks

    def run(self, ids: torch.Tensor) -> torch.Tensor:
        """Return unit vectors, float32, shape (rows, hidden)."""
        with torch.autocast("cpu", torch.bfloat16, cache_enabled=False):
            vectors: torch.Tensor = self._model(ids, (ids != PAD).long())
        return vectors.float()


class Training:
    """The encoder in training and one step of it."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.options, self.step_number = options, 0
        model = PooledEncoder(fresh_encoder())
        self.learner = Learner(
            model, options.rate, warm_up=options.warm_up, threads=options.threads
        )
        self._encoder = TextEncoder(model, self.learner, options.threads)
        self._news = BatchMaker(read_news(held_back=False), options.output / "news-near.npy")
        self._public = BatchMaker(read_public(options.sets), options.output / "public-near.npy")

    def draw(self) -> Batch:
        """Return the batch of the next step."""
        chance = random.Random(f"{self.options.seed} {self.step_number}")
        maker = self._public if chance.random() < PUBLIC_SHARE else self._news
        return maker.make(self.options.passages, self.options.questions, chance)

    def step(self) -> tuple[float, float]:
        """Learn from one batch; return its loss and the share of questions that were right."""
        batch = self.draw()
        n = len(batch.questions)
        texts = [QUERY + text for text in batch.questions] + [PASSAGE + t for t in batch.passages]
        chunks = self._encoder.chunks(texts)
        # Dealt round: chunks are about equal, and the shares keep their graphs apart, so that
        # every thread can go back through its own.
        shares = [chunks[first :: self.options.threads] for first in range(self.options.threads)]
        outputs = self.learner.in_threads(
            lambda share: [self._encoder.run(ids) for _, ids in share], shares
        )
        vectors = torch.empty(len(texts), outputs[0][0].shape[1])
        for share, found in zip(shares, outputs, strict=True):
            for (rows, _), output in zip(share, found, strict=True):
                vectors[rows] = output.detach()
        vectors.requires_grad_()
        logits = SCALE * vectors[:n] @ vectors[n:].T
        logits = logits.masked_fill(~torch.from_numpy(batch.is_rival), float("-inf"))
        right = torch.tensor(batch.right)
        loss = torch.nn.functional.cross_entropy(logits, right)
        (slopes,) = torch.autograd.grad(loss, [vectors])

        def go_back(number: int) -> list[torch.Tensor]:
            rows = [slopes[rows] for rows, _ in shares[number]]
            return list(torch.autograd.grad(outputs[number], self.learner.parameters, rows))

        gradients = self.learner.in_threads(go_back, range(len(shares)))
        progress = self.step_number / self.options.steps
        self.learner.learn(gradients, 1, self.step_number, progress)
        self.step_number += 1
        return loss.item(), (logits.argmax(1) == right).float().mean().item()


def train(options: argparse.Namespace) -> None:
    """Train to the end, or until SIGTERM."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    training = Training(options)
    if options.resume:
        training.step_number = training.learner.resume(options.output)["step"]
    seen: list[tuple[float, float]] = []
    saved = since = time.monotonic()
    while training.step_number < options.steps and not stopped:
        seen.append(training.step())
        if len(seen) == options.log_steps:
            loss, right = np.mean(seen, axis=0)
            seconds = (time.monotonic() - since) / len(seen)
            log.info(
                "step %d loss %.3f right %.3f %.2f s/step",
                training.step_number, loss, right, seconds,
            )  # fmt: skip
            seen, since = [], time.monotonic()
        if time.monotonic() - saved > 60 * options.save_minutes:
            _save(training)
            saved = time.monotonic()
    _save(training)
    log.info("stopped" if stopped else "done")


def _save(training: Training) -> None:
    number = training.step_number
    training.learner.save(training.options.output, number, {"step": number})


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add_options(parser, rate=5e-5, warm_up=50, log_steps=10)
    parser.add_argument("--passages", type=int, default=48, help="in a batch, at least")
    parser.add_argument("--questions", type=int, default=64, help="in a batch, at most")
    options = parser.parse_args()
    begin(options.output)
    train(options)


if __name__ == "__main__":
    main()
