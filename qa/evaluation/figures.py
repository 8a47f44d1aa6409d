"""What a measure is, and the figure it gives over the questions of a run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.evaluation import metrics
from qa.evaluation.gold_questions import Kind
from qa.evaluation.judging import Judgement

Group = Literal["Retrieval", "Answers", "Refusal", "Harder kinds", "Latency"]
Judgements = Sequence[Judgement]
Select = Callable[[Judgement], bool]
Score = Callable[[Judgement], float]

SLOW_SAMPLES = 300
"""Bootstrap samples of a measure that is no mean, and so costs Python time a sample."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure over the questions of a run.

    Attributes:
        name: For `--fail-under`, `result.json` and the code.
        title: For people.
        group: Heading it stands under.
        kinds: Kinds of question that count for it.
        is_known: Whether a question has what it needs.
        compute: The figure, from the questions that count.
        score: The summand, if the figure is a mean over questions; else None.
        is_lower_better: For errors, risks and times.
        unit: "" for shares in [0, 1].
        contrasts: Whether it needs answerable and unanswerable questions both.
    """

    name: str
    title: str
    group: Group
    kinds: Sequence[Kind]
    is_known: Select
    compute: Callable[[Judgements], float]
    score: Score | None = None
    is_lower_better: bool = False
    unit: str = ""
    contrasts: bool = False

    def select(self, judgements: Judgements) -> list[Judgement]:
        """Return the questions that count; none if a contrast lacks one side."""
        chosen = [j for j in judgements if j.kind in self.kinds and self.is_known(j)]
        is_one_sided = len({j.is_answerable for j in chosen}) < 2
        return [] if self.contrasts and is_one_sided else chosen


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95 % interval (percentile bootstrap over the questions)."""

    value: float
    low: float
    high: float
    n_questions: int


def compute_figure(measure: Measure, chosen: Judgements) -> Figure:
    """Return one measure over questions that count for it; at least one."""
    if measure.score is not None:
        low, high = metrics.bootstrap_interval([measure.score(j) for j in chosen])
    else:
        low, high = metrics.bootstrap_interval(
            range(len(chosen)),
            lambda drawn: measure.compute([chosen[int(i)] for i in drawn]),
            n_samples=SLOW_SAMPLES,
        )
    return Figure(measure.compute(chosen), low, high, len(chosen))
