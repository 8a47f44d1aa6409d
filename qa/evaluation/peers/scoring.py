"""From what the workers report to the figures of the table."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from corpus import Passage
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.metrics import exact_match, f1
from qa.evaluation.peers.protocol import Outcome

CUTOFFS = (1, 5, 10)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Row:
    """One setting of one system. Shares lie in [0, 1]; None where a figure is not known.

    Attributes:
        system: Title of the system.
        setting: Label of the setting.
        failure: Why there are no figures.
        recall: By cutoff, the share of questions with a relevant passage among the first k.
        exact_match: Mean over the questions, as CMRC 2018 has it.
        f1: The same.
        median_ms: Of a question, warm; the median over the runs of each run's median.
        p95_ms: The median over the runs of each run's 95th percentile.
        peak_megabytes: Largest resident memory of the process.
        index_seconds: How long indexing took, models loaded.
        ranks: For each question, from 1, of its first relevant passage; None without one.
        answers: For each question, what was said.
        versions: Version by distribution.
    """

    system: str
    setting: str
    failure: str | None = None
    recall: Mapping[int, float] | None = None
    exact_match: float | None = None
    f1: float | None = None
    median_ms: float | None = None
    p95_ms: float | None = None
    peak_megabytes: float | None = None
    index_seconds: float | None = None
    ranks: Sequence[int | None] | None = None
    answers: Sequence[str] | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


def score(
    system: str,
    setting: str,
    outcome: Outcome,
    questions: Sequence[GoldQuestion],
    passages: Mapping[str, Passage],
) -> Row:
    """Return the figures of a worker's report.

    Args:
        system: Title of the system.
        setting: Label of the setting.
        outcome: The report, in the order of the questions.
        questions: With what a right answer is.
        passages: By their ids in the report.
    """
    ranked = [ids for ids in outcome.passages if ids is not None]
    ranks = [
        first_rank(question, [passages[id] for id in ids])
        for question, ids in zip(questions, ranked, strict=bool(ranked))
    ]
    answers = [answer for answer in outcome.answers if answer is not None]
    pairs = list(zip(questions, answers, strict=bool(answers)))
    return Row(
        system,
        setting,
        recall={k: share_within(ranks, k) for k in CUTOFFS} if ranks else None,
        exact_match=_mean([exact_match(q.answers, said) for q, said in pairs]),
        f1=_mean([f1(q.answers, said) for q, said in pairs]),
        median_ms=statistics.median(np.median(run) for run in outcome.milliseconds),
        p95_ms=statistics.median(np.percentile(run, 95) for run in outcome.milliseconds),
        peak_megabytes=outcome.peak_megabytes,
        index_seconds=outcome.index_seconds,
        ranks=ranks or None,
        answers=answers or None,
        versions=outcome.versions,
    )


def first_rank(question: GoldQuestion, ranked: Sequence[Passage]) -> int | None:
    """Return the rank, from 1, of the first relevant passage; None without one."""
    return next((i for i, one in enumerate(ranked, 1) if question.is_answered_by(one)), None)


def share_within(ranks: Sequence[int | None], k: int) -> float:
    """Return the share of questions whose first relevant passage is among the first k.

    The table calls it R@k, as the README does. Success@k of ir_measures, not its R@k, which
    counts how many of the relevant passages are found.
    """
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks)


def only(outcome: Outcome, chosen: Sequence[bool]) -> Outcome:
    """Return the report on some of the questions; their times, too, are only those."""
    return Outcome(
        outcome.versions,
        outcome.index_seconds,
        outcome.peak_megabytes,
        [_pick(run, chosen) for run in outcome.milliseconds],
        _pick(outcome.passages, chosen),
        _pick(outcome.answers, chosen),
    )


def _pick(values: Sequence[_T], chosen: Sequence[bool]) -> list[_T]:
    return [value for value, is_chosen in zip(values, chosen, strict=True) if is_chosen]


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None
