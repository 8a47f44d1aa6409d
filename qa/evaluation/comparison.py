"""Two runs of the same questions, compared question by question."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.evaluation import metrics
from qa.evaluation.judging import Judgement

COMPARED: dict[str, Callable[[Mapping[str, Any]], float | None]] = {
    "success@1": lambda q: metrics.success(q["ranks"], 1),
    "success@10": lambda q: metrics.success(q["ranks"], 10),
    "mrr": lambda q: metrics.reciprocal_rank(q["ranks"]),
    "answer_right": lambda q: q["answer_right"],
    "exact_match": lambda q: q["exact_match"],
    "f1": lambda q: q["f1"],
    "evidence_right": lambda q: q["evidence_right"],
}
"""What is compared, over the answerable questions of every kind."""


@dataclass(frozen=True, slots=True)
class Difference:
    """This run minus the baseline, over the questions they share.

    Attributes:
        name: Of the measure.
        baseline, value: Means of the two runs.
        low, high: 95 % interval of the difference by the paired bootstrap: questions are
            drawn with both their values (Efron & Tibshirani, 1993, ch. 8; Koehn, 2004).
        n_better, n_worse: Questions with a higher and with a lower value.
    """

    name: str
    baseline: float
    value: float
    low: float
    high: float
    n_better: int
    n_worse: int

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Change:
    """A question that became right or wrong: it, what was said before, and what now."""

    judgement: Judgement
    before: str | None
    is_better: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences, and the questions behind them."""

    n_shared: int
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]


def compare(
    judgements: Sequence[Judgement], baseline: Mapping[str, Mapping[str, Any]]
) -> Comparison:
    """Compare a run with the questions of an earlier `result.json`, as far as it asked them."""
    shared = [j for j in judgements if is_shared(j.id, j.question, baseline)]
    answerable = [j for j in shared if j.is_answerable]
    return Comparison(
        len(shared),
        tuple(_differences(answerable, baseline)),
        tuple(
            Change(j, baseline[j.id]["answer"], is_better=j.failure is None)
            for j in shared
            if (j.failure is None) != (baseline[j.id]["failure"] is None)
        ),
    )


def is_shared(question_id: str, question: str, baseline: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the baseline asked a question, by its id and its words."""
    return question_id in baseline and baseline[question_id]["question"] == question


def _differences(
    judgements: Sequence[Judgement], baseline: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    for name, score in COMPARED.items():
        pairs = [(score(j.scores()), score(baseline[j.id])) for j in judgements]
        known = [(now, before) for now, before in pairs if None not in (now, before)]
        if known:
            yield _difference(name, np.array(known, dtype=float))


def _difference(name: str, pairs: NDArray[np.float64]) -> Difference:
    """Compare the values of this run and the baseline, shape (n, 2)."""
    now, before = pairs.T
    low, high = metrics.bootstrap_interval((now - before).tolist())
    return Difference(
        name,
        float(before.mean()),
        float(now.mean()),
        low,
        high,
        int((now > before).sum()),
        int((now < before).sum()),
    )
