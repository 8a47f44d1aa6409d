"""Sets the named numbers of retrieval and reader on development questions.

    python -m qa.training.tune [--split dev]

Prints what each choice gives; the chosen values stand in `index/fusion.py`, `index/lexical.py`,
`qa/pipeline.py` and `qa/trained_reader.py`, and what was seen in `README.md`. The refusal is
set by `calibrate`.
"""

import argparse
import time
from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np

from index import PassageIndex, ScoredPassage
from qa.bundled import open_bundled_index
from qa.evaluation import metrics
from qa.evaluation.gold_files import bundled_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.questions import parse_question
from qa.reader import Reading
from qa.trained_reader import TrainedReader

CUTOFFS = (1, 3, 5, 10)
N_READ = (1, 5, 10, 15, 20)
N_TO_THE_END = (1, 3, 5, 10, 20)
PRIOR_WEIGHTS = (0.0, 4.0, 8.0, 12.0)


def passage_rank(question: GoldQuestion, found: Sequence[ScoredPassage]) -> float:
    """Return the rank, from 1, of the first passage with evidence; infinity without one."""
    ranks = (
        rank for rank, scored in enumerate(found, 1) if question.is_answered_by(scored.passage)
    )
    return next(ranks, float("inf"))


def is_right(question: GoldQuestion, reading: Reading) -> bool:
    """Whether a reading is an accepted answer from an article that has it."""
    is_there = any(e.article_id == reading.passage.article_id for e in question.evidence)
    return is_there and metrics.answer_right(question.answers, reading.answer_text) == 1


def _mean(values: Iterable[float | bool]) -> str:
    return f"{np.mean(list(values)):.3f}"


def tune_retrieval(index: PassageIndex, questions: Sequence[GoldQuestion]) -> None:
    """Print the share of questions whose evidence is among the first k passages."""
    for dense, word in product((0.0, 0.5, 0.6, 0.65, 0.7, 0.8, 1.0), (0.25, 0.5, 0.75)):
        ranks = [
            passage_rank(
                question,
                index.search(question.question, max(CUTOFFS), dense_weight=dense, word_share=word),
            )
            for question in questions
        ]
        shares = "  ".join(f"R@{k} {_mean(r <= k for r in ranks)}" for k in CUTOFFS)
        print(f"dense {dense:4}  words {word:4}  {shares}  MRR {_mean(1 / r for r in ranks)}")


def tune_reader(index: PassageIndex, questions: Sequence[GoldQuestion]) -> None:
    """Print the share of right answers, and the median time, by how much is read."""
    for n_read, n_to_the_end, weight in product(N_READ, N_TO_THE_END, PRIOR_WEIGHTS):
        if n_to_the_end > n_read:
            continue
        reader = TrainedReader(prior_weight=weight, n_to_the_end=n_to_the_end)
        right, milliseconds = [], []
        for question in questions:
            found = index.search(question.question, n_read)
            since = time.perf_counter()
            readings = reader.read(parse_question(question.question), found)
            milliseconds.append(1000 * (time.perf_counter() - since))
            right.append(is_right(question, readings[0]))
        print(
            f"read {n_read:2}  to the end {n_to_the_end:2}  prior {weight:4}  "
            f"right {_mean(right)}  {np.median(milliseconds):.0f} ms"
        )


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    gold = bundled_gold(parser.parse_args().split)
    answerable = [question for question in gold if question.kind == "answerable"]
    index = open_bundled_index()
    tune_retrieval(index, answerable)
    tune_reader(index, answerable)


if __name__ == "__main__":
    main()
