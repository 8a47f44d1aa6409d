"""Whether the reader sees that an answer is not there: asks with and without its passages.

    python -m qa.evaluation.removal cmrc/gold.jsonl --index cmrc/index [--questions 400]

Every answerable question is asked twice over the same index, the second time as if the articles
with its evidence had been removed. Prints, at the confidence that answers 95 % of the
first, how many of the second are refused. An answer that happens to stand elsewhere as
well counts against the reader.
"""

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from index import ScoredPassage
from qa.answers import Answer
from qa.evaluation import metrics
from qa.evaluation.gold_files import read_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.pipeline import N_READ, Pipeline
from qa.questions import parse_question

MAX_REMOVED = 20
"""So many more passages are retrieved, so that ten are left without those removed."""


def without_articles(
    passages: Iterable[ScoredPassage], article_ids: Iterable[str | None], n: int
) -> list[ScoredPassage]:
    """Return the first n passages that are not of these articles."""
    removed = set(article_ids)
    return [p for p in passages if p.passage.article_id not in removed][:n]


def ask_both(
    pipeline: Pipeline, questions: Sequence[GoldQuestion]
) -> tuple[list[Answer], list[Answer]]:
    """Return the answers with the evidence in the archive, and without it."""
    there, removed = [], []
    for gold in questions:
        question = parse_question(gold.question)
        found = pipeline.search(gold.question, N_READ + MAX_REMOVED)
        rest = without_articles(found, (e.article_id for e in gold.evidence), N_READ)
        there.append(pipeline.answerer.answer(question, found[:N_READ]))
        removed.append(pipeline.answerer.answer(question, rest))
    return there, removed


def _share(answers: Sequence[Answer], status: str) -> float:
    return sum(answer.status == status for answer in answers) / len(answers)


def main() -> None:
    """Print the share refused as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=int, help="so many, drawn at random; else all")
    options = parser.parse_args()
    questions = [q for q in read_gold(options.gold) if q.kind == "answerable"]
    if options.questions and options.questions < len(questions):
        questions = random.Random(0).sample(questions, options.questions)
    pipeline = Pipeline.open(options.index)
    there, removed = ask_both(pipeline, questions)
    figures = {
        "questions": len(questions),
        "rejection@95": metrics.rejection_at_coverage(
            [answer.confidence for answer in there], [answer.confidence for answer in removed]
        ),
        "answered as shipped": _share(there, "answered"),
        "refused as shipped": _share(removed, "no_answer"),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
