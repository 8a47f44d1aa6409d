"""Sets the named numbers of retrieval, reader and refusal on development questions.

    python -m qa.training.tune [--split dev]

Prints what each choice gives; the chosen values stand in `index/fusion.py`,
`index/lexical.py`, `qa/sentence_reader.py` and `qa/refusal.py`, and what was seen in `README.md`.
"""

import argparse
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import PassageIndex, ScoredPassage
from qa import refusal
from qa.bundled import open_bundled_index
from qa.evaluation.gold_files import bundled_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.pipeline import N_RETRIEVED
from qa.questions import parse_question
from qa.reader import Reading
from qa.sentence_reader import SentenceReader

OFF_TOPIC = Path(__file__).with_name("off_topic.txt")
"""Questions that have nothing to do with newspapers; others than `index/noise_questions.txt`."""

CUTOFFS = (1, 3, 5, 10)
READER_WEIGHTS = (
    (0.4, 0.3, 0.3), (0.5, 0.3, 0.2), (0.6, 0.2, 0.2), (0.3, 0.5, 0.2), (0.3, 0.3, 0.4),
)  # fmt: skip


def passage_rank(question: GoldQuestion, found: Sequence[ScoredPassage]) -> float:
    """Return the rank, from 1, of the first passage with evidence; infinity without one."""
    ranks = (
        rank for rank, scored in enumerate(found, 1) if question.is_answered_by(scored.passage)
    )
    return next(ranks, float("inf"))


def is_evidence_right(question: GoldQuestion, reading: Reading) -> bool:
    """Whether the sentence that was read is gold evidence or a part or whole of it."""
    return any(
        evidence.is_shown_by(reading.passage.article_id, reading.evidence_text)
        for evidence in question.evidence
    )


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
    """Print the share of questions whose first reading is right, by the reader's weights."""
    asked = [
        (q, parse_question(q.question), index.search(q.question, N_RETRIEVED)) for q in questions
    ]
    for weights in READER_WEIGHTS:
        reader = SentenceReader(*weights)
        best = [(q, reader.read(parsed, found)[0]) for q, parsed, found in asked]
        right = [is_evidence_right(q, reading) for q, reading in best]
        spans = [reading.answer_text in q.answers for q, reading in best]
        print(
            "passage {}  wording {}  kind {}  ".format(*weights)
            + f"evidence right {_mean(right)}  span too {_mean(np.logical_and(right, spans))}"
        )


def tune_refusal(index: PassageIndex, questions: Sequence[GoldQuestion]) -> None:
    """Print what a topic threshold refuses, and fit the confidence."""
    features, is_right, group = [], [], []
    off_topic = OFF_TOPIC.read_text(encoding="utf-8").split()
    asked = [(q.question, q) for q in questions] + [(text, None) for text in off_topic]
    for text, question in asked:
        found = index.search(text, N_RETRIEVED)
        readings = SentenceReader().read(parse_question(text), found)
        nearness = refusal.topic_nearness(found, index.noise)
        ahead = min(refusal.lead(readings, 0), refusal.MAX_LEAD)
        features.append([min(nearness, refusal.MAX_NEARNESS), ahead])
        is_right.append(question is not None and is_evidence_right(question, readings[0]))
        group.append("off topic" if question is None else question.kind)
    table, right, kinds = np.array(features), np.array(is_right), np.array(group)
    for threshold in (2.0, 2.25, 2.5, 2.75, 3.0):
        refused = table[:, 0] < threshold
        shares = "  ".join(f"{kind} {_mean(refused[kinds == kind])}" for kind in sorted(set(group)))
        print(f"threshold {threshold}: refused {shares}  right ones lost {_mean(refused[right])}")
    weights = fit_logistic(table, right)
    print("confidence: nearness {:.3f}  lead {:.2f}  bias {:.3f}".format(*weights))
    probability = 1 / (1 + np.exp(-(table @ weights[:2] + weights[2])))
    ordered = probability[right][:, None] > probability[~right]
    print(f"area under the ROC curve {ordered.mean():.3f}")


def fit_logistic(
    features: NDArray[np.float64], target: NDArray[np.bool_], penalty: float = 1.0
) -> NDArray[np.float64]:
    """Fit a logistic regression by Newton's method.

    Args:
        features: Shape (n, d); standardised inside.
        target: Shape (n,).
        penalty: Of the squared standardised weights.

    Returns:
        Shape (d + 1,): the weights of the features as given, then the bias.
    """
    mean, deviation = features.mean(0), features.std(0)
    inputs = np.c_[(features - mean) / deviation, np.ones(len(features))]
    ridge = np.diag([penalty] * features.shape[1] + [0.0])
    weights = np.zeros(inputs.shape[1])
    for _ in range(50):
        predicted = 1 / (1 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (predicted - target) + ridge @ weights
        curvature = (inputs * (predicted * (1 - predicted))[:, None]).T @ inputs + ridge
        weights -= np.linalg.solve(curvature, gradient)
    scaled = weights[:-1] / deviation
    return np.array([*scaled, weights[-1] - scaled @ mean])


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    gold = bundled_gold(parser.parse_args().split)
    answerable = [question for question in gold if question.kind == "answerable"]
    index = open_bundled_index()
    tune_retrieval(index, answerable)
    tune_reader(index, answerable)
    tune_refusal(index, [q for q in gold if q.kind in ("answerable", "unanswerable")])


if __name__ == "__main__":
    main()
