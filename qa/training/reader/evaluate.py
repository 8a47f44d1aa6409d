"""Measures a reader: CMRC 2018 dev with the gold passage, and our held-back news.

python -m qa.training.reader.evaluate run/step-000300.pt --sets eval [--news 150]
"""

import argparse
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from corpus.passages import MAX_PASSAGE
from index.encoders import BUNDLED_FOLDER
from qa.evaluation.metrics import exact_match, f1
from qa.reader_inputs import PAD, ReaderInput, ReaderTokenizer, pad
from qa.training.reader.examples import Collection, Part, cut, read_lines, read_news
from qa.training.reader.model import SEQUENCES_PER_RUN, Reader, run
from qa.training.reader.neighbours import find_neighbours
from qa.training.reader.train import new_reader

LONGEST_SPAN = 80
"""Tokens."""

N_READ = 10
"""Passages read for a news question."""

Logits = tuple[NDArray[np.float32], NDArray[np.float32], float]
"""Start and end of every passage token, and relevance."""

Scorer = Callable[[Sequence[ReaderInput]], list[Logits]]


@dataclass(frozen=True, slots=True)
class Found:
    """The best span of several passages.

    Attributes:
        passage: Its place among them.
        text: The span.
        score: Of the span; above 0 it is likelier than no answer.
        total: Log of the sum over all spans of all passages and no answer; higher means an
            answer is likelier.
    """

    passage: int
    text: str
    score: float
    total: float


def load_reader(path: Path, average: bool = True) -> Reader:
    """Return the reader of a checkpoint, by default the moving average of its weights."""
    reader = new_reader().eval()
    state = torch.load(path, weights_only=True, mmap=True)
    reader.load_state_dict(state["average" if average else "reader"])
    return reader


def torch_scorer(reader: Reader, bf16: bool = False) -> Scorer:
    """Return what scores inputs with a torch model."""

    def score(inputs: Sequence[ReaderInput]) -> list[Logits]:
        with torch.inference_mode():
            return [
                (p.start.numpy(), p.end.numpy(), p.relevance.item())
                for p in run(reader, inputs, bf16)
            ]

    return score


def onnx_scorer(path: Path, threads: int = 2) -> Scorer:
    """Return what scores inputs with an ONNX file."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def score(inputs: Sequence[ReaderInput]) -> list[Logits]:
        found: dict[int, Logits] = {}
        order = sorted(range(len(inputs)), key=lambda number: len(inputs[number].ids))
        for first in range(0, len(order), SEQUENCES_PER_RUN):
            rows = order[first : first + SEQUENCES_PER_RUN]
            ids = pad([inputs[row] for row in rows])
            feed = {"input_ids": ids, "attention_mask": (ids != PAD).astype(np.int64)}
            start, end, relevance = session.run(["start", "end", "relevance"], feed)
            for place, row in enumerate(rows):
                item = inputs[row]
                tokens = slice(item.passage, item.passage + len(item.offsets))
                found[row] = start[place, tokens], end[place, tokens], float(relevance[place])
        return [found[row] for row in range(len(inputs))]

    return score


def best_span(start: NDArray[np.float32], end: NDArray[np.float32]) -> tuple[float, int, int]:
    """Return the highest start + end with its first and last token, at most `LONGEST_SPAN`."""
    sums = start[:, None] + end[None, :]
    length = np.arange(len(end))[None, :] - np.arange(len(start))[:, None]
    sums = np.where((length >= 0) & (length < LONGEST_SPAN), sums, -np.inf)
    first, last = divmod(int(sums.argmax()), len(end))
    return float(sums[first, last]), first, last


def read(
    scorer: Scorer, tokenizer: ReaderTokenizer, question: str, passages: Sequence[Part]
) -> Found:
    """Return the best span of all passages."""
    ids = tokenizer.question(question)
    inputs = [tokenizer.join(ids, passage.context, passage.text) for passage in passages]
    logits = scorer(inputs)
    best: tuple[float, int, int, int] | None = None
    totals = [0.0]
    for place, (start, end, relevance) in enumerate(logits):
        score, first, last = best_span(start, end)
        totals.append(relevance + float(np.logaddexp.reduce(start) + np.logaddexp.reduce(end)))
        if best is None or score + relevance > best[0]:
            best = score + relevance, place, first, last
    if best is None:
        raise ValueError("no passages to read")
    score, place, first, last = best
    offsets = inputs[place].offsets
    text = passages[place].text[offsets[first, 0] : offsets[last, 1]]
    return Found(place, text, score, float(np.logaddexp.reduce(totals)))


def evaluate_cmrc(
    scorer: Scorer, tokenizer: ReaderTokenizer, folder: Path, n_questions: int | None
) -> dict[str, float]:
    """Return EM and F1 on CMRC 2018 dev, the gold passage given and read in parts."""
    passages = {p["id"]: p for p in read_lines(folder / "cmrc2018" / "passages.dev.jsonl")}
    questions = read_lines(folder / "cmrc2018" / "questions.dev.jsonl")
    if n_questions:
        questions = random.Random(0).sample(questions, n_questions)
    scores = []
    for question in questions:
        passage = passages[question["passage_id"]]
        parts = [
            Part(passage["id"], passage["title"], passage["text"][start:end])
            for start, end in cut(passage["text"], MAX_PASSAGE)
        ]
        said = read(scorer, tokenizer, question["question"], parts).text
        scores.append((exact_match(question["answers"], said), f1(question["answers"], said)))
    em, mean_f1 = np.mean(scores, axis=0).tolist()
    return {"questions": len(scores), "em": em, "f1": mean_f1}


def evaluate_news(
    scorer: Scorer, tokenizer: ReaderTokenizer, n_questions: int | None
) -> dict[str, float]:
    """Return figures on the held-back news, the gold passage among `N_READ` passages.

    The others are of the same article, then the nearest of all news. Answerable questions:
    whether the span is in the right passage, EM, F1. Refusal: area under the ROC curve of
    answerable against unanswerable ones, by the best span's score and by the total.
    """
    held_back = read_news(held_back=True)
    examples = held_back.examples
    if n_questions is not None:
        examples = random.Random(0).sample(examples, min(n_questions, len(examples)))
    if not examples:
        return {}
    n_parts = len(held_back.parts)
    everything = Collection(
        held_back.parts + read_news(held_back=False).parts,
        examples,
    )
    near = find_neighbours(everything)
    rows: list[tuple[float, ...]] = []
    scores: list[tuple[bool, float, float]] = []
    for example, neighbours in zip(everything.examples, near.tolist(), strict=True):
        gold = everything.parts[example.part]
        same = [n for n in range(n_parts) if everything.parts[n].article_id == gold.article_id]
        others = [n for n in dict.fromkeys(same + neighbours) if n not in (example.part, -1)]
        passages = [gold, *(everything.parts[n] for n in others[: N_READ - 1])]
        found = read(scorer, tokenizer, example.question, passages)
        scores.append((bool(example.spans), found.score, found.total))
        if example.spans:
            answers = [gold.text[start:end] for start, end in example.spans]
            rows.append(
                (
                    example.is_paraphrased,
                    found.passage == 0,
                    exact_match(answers, found.text),
                    f1(answers, found.text),
                )
            )
    figures: dict[str, float] = {"questions": len(scores), "answerable": len(rows)}
    table = np.array(rows, dtype=float)
    for name, chosen in (("", table), ("paraphrased ", table[table[:, 0] == 1])):
        for column, metric in enumerate(("passage", "em", "f1"), 1):
            figures[name + metric] = float(chosen[:, column].mean())
    answerable, best, total = zip(*scores, strict=True)
    if not all(answerable):
        figures["refusal auc by span"] = float(roc_auc_score(answerable, best))
        figures["refusal auc by total"] = float(roc_auc_score(answerable, total))
    return figures


def main() -> None:
    """Print the figures of a checkpoint or of an ONNX file as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path, help="a step-*.pt, or a reader's .onnx")
    parser.add_argument("--sets", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--questions", type=int, help="of CMRC dev, drawn at random; else all")
    parser.add_argument("--news", type=int, help="questions on held-back news; else all")
    parser.add_argument("--raw", action="store_true", help="the last weights, not the average")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    scorer = (
        onnx_scorer(options.model, options.threads)
        if options.model.suffix == ".onnx"
        else torch_scorer(load_reader(options.model, not options.raw), options.bf16)
    )
    tokenizer = ReaderTokenizer(BUNDLED_FOLDER / "tokenizer.json")
    figures = {
        "model": str(options.model),
        "cmrc": evaluate_cmrc(scorer, tokenizer, options.sets, options.questions),
        "news": evaluate_news(scorer, tokenizer, options.news),
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
