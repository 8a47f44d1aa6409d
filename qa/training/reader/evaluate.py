"""Measures a reader: CMRC 2018 dev with the gold passage, and our held-back news.

python -m qa.training.reader.evaluate run/step-003000.pt --sets eval [--news 150]
python -m qa.training.reader.evaluate qa/bundled_reader --sets eval
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from corpus import Passage
from corpus.passages import MAX_PASSAGE
from index import ScoredPassage
from qa.evaluation.metrics import exact_match, f1
from qa.pipeline import N_READ
from qa.questions import Question
from qa.reader_inputs import ReaderInput
from qa.reader_model import Begun, Logits, ReaderModel
from qa.trained_reader import Model, TrainedReader
from qa.training.examples import Collection, Part, cut, read_lines, read_news
from qa.training.reader.model import Reader, in_bfloat16, run
from qa.training.reader.neighbours import find_neighbours
from qa.training.reader.train import new_reader


class TorchModel:
    """A reader in training in the place of the bundled model."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def begin(self, inputs: Sequence[ReaderInput]) -> list[Begun]:
        """Return the passages; nothing is computed yet."""
        return [Begun(item, np.empty(0, dtype=np.float32), 0.0) for item in inputs]

    def finish(self, begun: Sequence[Begun]) -> list[Logits]:
        """Run all layers on every passage."""
        with torch.inference_mode():
            return [
                Logits(said.start.numpy(), said.end.numpy(), said.relevance.item())
                for said in run(self._reader, [one.item for one in begun])
            ]


def load_reader(path: Path) -> Reader:
    """Return the reader of a checkpoint."""
    reader = new_reader().eval()
    state = torch.load(path, weights_only=True, mmap=True)
    reader.load_state_dict(state["model"])
    return reader


def passages_of(parts: Sequence[Part]) -> list[ScoredPassage]:
    """Return parts as passages that retrieval likes equally."""
    return [
        ScoredPassage(
            Passage(part.article_id, part.context, None, number, 0, len(part.text), part.text),
            dense=0.0, lexical=0.0, fused=1.0, coverage=0.0,
        )
        for number, part in enumerate(parts)
    ]  # fmt: skip


def evaluate_cmrc(reader: TrainedReader, folder: Path, n_questions: int | None) -> dict[str, float]:
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
        asked = Question(question["question"], question["question"])
        said = reader.read(asked, passages_of(parts))[0].answer_text
        scores.append((exact_match(question["answers"], said), f1(question["answers"], said)))
    em, mean_f1 = np.mean(scores, axis=0).tolist()
    return {"questions": len(scores), "em": em, "f1": mean_f1}


def evaluate_news(reader: TrainedReader, n_questions: int | None) -> dict[str, float]:
    """Return figures on the held-back news, the gold passage among `N_READ` passages, all read.

    The others are of the same article, then the nearest of all news. Answerable questions:
    whether the span is in the right passage, EM, F1. Refusal: area under the ROC curve of
    answerable against unanswerable ones, by the best span's score.
    """
    held_back = read_news(held_back=True)
    examples = held_back.examples
    if n_questions is not None:
        examples = random.Random(0).sample(examples, min(n_questions, len(examples)))
    n_parts = len(held_back.parts)
    everything = Collection(held_back.parts + read_news(held_back=False).parts, examples)
    near = find_neighbours(everything)
    rows: list[tuple[float, ...]] = []
    scores: list[tuple[bool, float]] = []
    for example, neighbours in zip(everything.examples, near.tolist(), strict=True):
        gold = everything.parts[example.part]
        same = [n for n in range(n_parts) if everything.parts[n].article_id == gold.article_id]
        others = [n for n in dict.fromkeys(same + neighbours) if n not in (example.part, -1)]
        parts = [gold, *(everything.parts[n] for n in others[: N_READ - 1])]
        asked = Question(example.question, example.question)
        best = reader.read(asked, passages_of(parts))[0]
        scores.append((bool(example.spans), best.score))
        if example.spans:
            answers = [gold.text[start:end] for start, end in example.spans]
            said = best.answer_text
            rows.append(
                (
                    example.is_paraphrased,
                    best.passage.paragraph == 0,
                    exact_match(answers, said),
                    f1(answers, said),
                )
            )
    figures: dict[str, float] = {"questions": len(scores), "answerable": len(rows)}
    table = np.array(rows, dtype=float)
    for name, chosen in (("", table), ("paraphrased ", table[table[:, 0] == 1])):
        for column, metric in enumerate(("passage", "em", "f1"), 1):
            figures[name + metric] = float(chosen[:, column].mean())
    answerable, by_span = zip(*scores, strict=True)
    if not all(answerable):
        figures["refusal auc"] = float(roc_auc_score(answerable, by_span))
    return figures


def _load(path: Path, bf16: bool) -> Model:
    if path.is_dir():
        return ReaderModel(path)
    reader = load_reader(path)
    return TorchModel(in_bfloat16(reader) if bf16 else reader)


def main() -> None:
    """Print the figures of a checkpoint or of an exported reader as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path, help="a step-*.pt, or the folder of an export")
    parser.add_argument("--sets", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--questions", type=int, help="of CMRC dev, drawn at random; else all")
    parser.add_argument("--news", type=int, help="questions on held-back news; else all")
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    reader = TrainedReader(
        _load(options.model, options.bf16), prior_weight=0.0, n_to_the_end=N_READ
    )
    figures = {
        "model": str(options.model),
        "cmrc": evaluate_cmrc(reader, options.sets, options.questions),
        "news": evaluate_news(reader, options.news),
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
