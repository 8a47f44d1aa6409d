"""Prints how well questions fare by the times they name.

    python -m qa.evaluation.dated GOLD.jsonl --index DIR [--split dev]

Questions are relative (去年, 三个月前), dated (2019年) or undated. For each kind: the share whose
first passage answers, without and with their times, and the share answered right. Where the gold
file says when a question was asked (`meta.question_date`, as ChronoQA does), that day is today.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from corpus.times import find_times
from qa.evaluation.gold_files import read_gold
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.judging import judge
from qa.pipeline import Pipeline
from qa.questions import parse_question

KINDS = "relative", "dated", "undated"


def kind_of(question: str, today: date) -> str:
    """Return "relative", "dated" or "undated", see the module."""
    text = parse_question(question).normalised
    times = find_times(text, (today, today), guess_year=False)
    if any(time.is_relative for time in times):
        return "relative"
    return "dated" if times else "undated"


def read_question_dates(path: Path) -> dict[str, date]:
    """Return when the questions of a gold file were asked, by id, as far as it says."""
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if line.strip()]
    return {
        record["id"]: date.fromisoformat(record["meta"]["question_date"])
        for record in records
        if record.get("meta", {}).get("question_date")
    }


def score(
    pipeline: Pipeline, questions: Sequence[GoldQuestion], asked_on: Mapping[str, date]
) -> dict[str, list[tuple[bool, bool, bool]]]:
    """Ask questions; return for each kind what was right of every question.

    That is: whether the first passage answers when times are left alone, whether it does, and
    whether the answer is right, for an unanswerable question that it was refused.
    """
    found: dict[str, list[tuple[bool, bool, bool]]] = {kind: [] for kind in KINDS}
    for question in questions:
        today = asked_on.get(question.id) or pipeline.today or date.today()
        then = Pipeline(
            pipeline.index, pipeline.reader, confidence=pipeline.confidence, today=today
        )
        judgement = judge(then, question)
        plain = pipeline.index.search(question.question, 1)
        found[kind_of(question.question, today)].append(
            (
                any(question.is_answered_by(scored.passage) for scored in plain),
                judgement.ranks[:1] == (1,),
                judgement.failure is None,
            )
        )
    return found


def main() -> None:
    """Print a line for each kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--split", choices=("dev", "test"))
    options = parser.parse_args()
    questions = [q for q in read_gold(options.gold) if options.split in (None, q.split)]
    pipeline = Pipeline.open(options.index)
    for kind, marks in score(pipeline, questions, read_question_dates(options.gold)).items():
        shares = [sum(column) / len(marks) for column in zip(*marks, strict=True)]
        figures = dict(zip(("R@1 without times", "R@1", "right"), shares, strict=False))
        print(
            f"{kind}: n {len(marks)}", *(f"{name} {share:.3f}" for name, share in figures.items())
        )


if __name__ == "__main__":
    main()
