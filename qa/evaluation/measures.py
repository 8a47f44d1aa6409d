"""The measures of an evaluation: which questions count for each, and how it is computed."""

from collections.abc import Callable, Sequence
from typing import get_args

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.figures import (
    Figure,
    Group,
    Judgements,
    Measure,
    Score,
    Select,
    compute_figure,
)
from qa.evaluation.gold_questions import Kind
from qa.evaluation.judging import Judgement
from qa.reasons import REASONS, reason_name

ANSWERABLE: tuple[Kind, ...] = ("answerable",)
LISTS: tuple[Kind, ...] = ("answerable", "conflict")
PLAIN: tuple[Kind, ...] = ("answerable", "unanswerable")
"""Without the harder kinds, which have figures of their own."""

EASY, HARD = 0.4, 0.15
"""Shared wording from which a question counts as easy, and below which as hard."""


def compute_figures(judgements: Judgements) -> dict[str, Figure]:
    """Return every measure that at least one question counts for, by name, in their order."""
    figures = {}
    for measure in MEASURES:
        if chosen := measure.select(judgements):
            figures[measure.name] = compute_figure(measure, chosen)
    return figures


def difficulty(judgement: Judgement) -> str | None:
    """Return "easy", "medium" or "hard" by how much of the wording question and evidence share.

    None if the evidence is unknown or there is none.
    """
    shared = judgement.shared_wording
    if shared is None:
        return None
    return "easy" if shared >= EASY else "hard" if shared < HARD else "medium"


def _mean(
    name: str,
    title: str,
    group: Group,
    score: Score | None = None,
    *,
    kinds: Sequence[Kind] = ANSWERABLE,
    is_known: Select | None = None,
    is_lower_better: bool = False,
) -> Measure:
    """A mean over questions; of the judgement's field of this name, unless a score is given."""
    summand = score or (lambda judgement: float(getattr(judgement, name)))
    known = is_known or (lambda j: score is not None or getattr(j, name) is not None)

    def compute(chosen: Judgements) -> float:
        return float(np.mean([summand(judgement) for judgement in chosen]))

    return Measure(
        name, title, group, kinds, known, compute, summand, is_lower_better=is_lower_better
    )


def _success(k: int) -> Score:
    return lambda judgement: metrics.success(judgement.ranks, k)


def _confidences(judgements: Judgements) -> list[float]:
    return [judgement.confidence for judgement in judgements]


def _is_right(judgement: Judgement) -> bool:
    return judgement.is_answerable and bool(judgement.answer_right)


def _risk_area(judgements: Judgements) -> float:
    return metrics.risk_coverage_area(_confidences(judgements), [*map(_is_right, judgements)])


def _rejection(judgements: Judgements) -> float:
    return metrics.rejection_at_coverage(
        _confidences([j for j in judgements if j.is_answerable]),
        _confidences([j for j in judgements if not j.is_answerable]),
    )


def _precision(judgements: Judgements) -> float:
    return metrics.refusal_precision(
        [j.is_refused for j in judgements], [j.is_answerable for j in judgements]
    )


def _calibration(right: Callable[[Judgement], bool]) -> Callable[[Judgements], float]:
    def compute(judgements: Judgements) -> float:
        return metrics.expected_calibration_error(
            _confidences(judgements), [right(j) for j in judgements]
        )

    return compute


def _latency(percent: float) -> Callable[[Judgements], float]:
    return lambda judgements: float(np.percentile([j.latency_ms for j in judgements], percent))


def _is_answered(judgement: Judgement) -> bool:
    return not judgement.is_refused


def _is_judged(judgement: Judgement, name: str) -> bool:
    """Whether a score is known; of an unanswerable question it is known to be wrong."""
    return not judgement.is_answerable or getattr(judgement, name) is not None


def _agrees(judgement: Judgement) -> bool:
    """Whether no source contradicts another: they differ in precision or wording at most."""
    return judgement.kind != "conflict" or judgement.differ in ("precision", "wording")


def _always(_: Judgement) -> bool:
    return True


_RETRIEVAL = [
    *(
        _mean(f"success@{k}", f"right passage in the first {k}", "Retrieval", _success(k))
        for k in (1, 5, 10)
    ),
    _mean("recall@10", "share of the right passages in the first 10", "Retrieval",
          lambda j: metrics.recall(j.ranks, len(j.relevant), 10)),
    _mean("mrr", "mean reciprocal rank", "Retrieval", lambda j: metrics.reciprocal_rank(j.ranks)),
    _mean("ndcg@10", "nDCG at 10", "Retrieval",
          lambda j: metrics.ndcg(j.ranks, len(j.relevant), 10)),
]  # fmt: skip

_ANSWERS = [
    _mean("answer_right", "short answer right", "Answers"),
    _mean("answer_right_reworded", "the same, hard questions", "Answers",
          lambda j: j.answer_right, is_known=lambda j: difficulty(j) == "hard"),
    _mean("exact_match", "exact match (EM)", "Answers"),
    _mean("f1", "F1 (CMRC 2018)", "Answers"),
    _mean("evidence_right", "evidence sentence right", "Answers"),
    _mean("evidence_f1", "evidence F1", "Answers"),
    _mean("article_right", "article right", "Answers"),
    _mean("section_right", "section right", "Answers"),
    _mean("citation_exact", "citations that land on their quote", "Answers",
          kinds=get_args(Kind)),
    _mean("squad_exact_match", "EM, refusals counted (SQuAD 2.0)", "Answers",
          lambda j: j.exact_match, kinds=PLAIN),
    _mean("squad_f1", "F1, refusals counted (SQuAD 2.0)", "Answers", lambda j: j.f1,
          kinds=PLAIN),
]  # fmt: skip

_REFUSAL = [
    _mean("answered", "answerable questions answered", "Refusal", lambda j: 1.0 - j.is_refused),
    _mean("refusal_recall", "unanswerable questions refused", "Refusal",
          lambda j: float(j.is_refused), kinds=("unanswerable",)),
    _mean("refusal_reason_right", "due refusals that give the right reason", "Refusal",
          lambda j: float(reason_name(j.reason or "") == j.gold_reason), kinds=("unanswerable",),
          is_known=lambda j: j.is_refused and j.gold_reason in REASONS),
    Measure("refusal_precision", "refusals that are due", "Refusal", PLAIN,
            lambda j: j.is_refused, _precision),
    Measure("rejection@95", "refused, if 95 % of the answerable are answered", "Refusal", PLAIN,
            _always, _rejection, contrasts=True),
    Measure("risk_area", "area under risk-coverage", "Refusal", PLAIN, _always, _risk_area,
            is_lower_better=True),
    Measure("calibration_error", "confidence off right answers (ECE)", "Refusal", PLAIN,
            _is_answered, _calibration(_is_right), is_lower_better=True),
    Measure("evidence_calibration_error", "confidence off right evidence (ECE)", "Refusal",
            PLAIN, lambda j: _is_answered(j) and _is_judged(j, "evidence_right"),
            _calibration(lambda j: bool(j.evidence_right)),
            is_lower_better=True),
]  # fmt: skip

_HARDER = [
    _mean("chat_answer_right", "later chat turns: short answer right", "Harder kinds",
          lambda j: j.answer_right, kinds=("chat",)),
    _mean("multi_evidence_shown", "several passages: share of them shown", "Harder kinds",
          lambda j: j.evidence_shown or 0.0, kinds=("multi",),
          is_known=lambda j: _is_judged(j, "evidence_shown")),
    _mean("item_recall", "lists: share of the items shown", "Harder kinds", kinds=LISTS),
    _mean("item_precision", "lists: items shown that are right", "Harder kinds", kinds=LISTS),
    _mean("conflict_both_shown", "sources differ: all values shown", "Harder kinds",
          lambda j: float(j.values_shown == 1), kinds=("conflict",),
          is_known=lambda j: _is_judged(j, "values_shown")),
    _mean("value_conflict_both_shown", "values or dates differ: all values shown", "Harder kinds",
          lambda j: float(j.values_shown == 1), kinds=("conflict",),
          is_known=lambda j: j.differ in ("value", "date") and _is_judged(j, "values_shown")),
    _mean("conflict_flagged", "sources differ: flagged as conflict", "Harder kinds",
          lambda j: float(j.conflict), kinds=("conflict",)),
    _mean("value_conflict_flagged", "values differ: flagged as conflict", "Harder kinds",
          lambda j: float(j.conflict), kinds=("conflict",), is_known=lambda j: j.differ == "value"),
    _mean("conflict_false_alarm", "flagged as conflict without one", "Harder kinds",
          lambda j: float(j.conflict), kinds=(*PLAIN, "chat", "conflict"), is_known=_agrees,
          is_lower_better=True),
]  # fmt: skip

_LATENCY = [
    Measure(f"latency_p{percent}", name, "Latency", get_args(Kind), _always, _latency(percent),
            is_lower_better=True, unit="ms")
    for percent, name in ((50, "median time"), (95, "95th percentile"), (99, "99th percentile"))
]  # fmt: skip

MEASURES = (*_RETRIEVAL, *_ANSWERS, *_REFUSAL, *_HARDER, *_LATENCY)
"""All measures, in the order they are shown."""

BY_NAME = {measure.name: measure for measure in MEASURES}
