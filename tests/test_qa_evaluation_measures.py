import math
from dataclasses import fields, replace

import pytest

from qa.evaluation.figures import Figure
from qa.evaluation.judging import Judgement
from qa.evaluation.measures import BY_NAME, MEASURES, compute_figures, difficulty
from qa.reasons import FACT_ABSENT, NOT_A_LOOKUP, TOPIC_ABSENT

UNKNOWN = dict.fromkeys(field.name for field in fields(Judgement))
PLAIN = {
    "history": (), "answers": ("320米",), "evidence": (), "retrieved": (), "relevant": (),
    "ranks": (), "status": "answered", "confidence": 0.5, "conflict": False, "latency_ms": 0.0,
    "exact_match": 0.0, "f1": 0.0, "answer_right": 0.0,
}  # fmt: skip


def judged(id, kind, **known):
    return Judgement(**(UNKNOWN | PLAIN | {"id": id, "question": f"{id}？", "kind": kind} | known))


ANSWERABLE = (
    judged(
        "right", "answerable", shared_wording=0.14, latency_ms=10, confidence=0.9, conflict=True,
        relevant=("p1",), ranks=(1,), exact_match=1.0, f1=1.0, answer_right=1.0, evidence_f1=1.0,
        evidence_right=1.0, article_right=1.0, section_right=1.0, citation_exact=1.0,
        item_recall=0.5, item_precision=1.0,
    ),
    judged(
        "wrong words", "answerable", shared_wording=0.1, latency_ms=20, confidence=0.6,
        relevant=("p1", "p2", "p3"), ranks=(3, 12), f1=0.5, evidence_f1=0.5, evidence_right=1.0,
        article_right=1.0, section_right=0.0, citation_exact=1.0,
    ),
    judged(
        "refused", "answerable", shared_wording=0.5, latency_ms=30, confidence=0.2,
        status="no_answer", relevant=("p1",), evidence_f1=0.0, evidence_right=0.0,
        article_right=0.0, section_right=0.0, item_recall=0.0,
    ),
)  # fmt: skip
# Its gold file says nothing of the evidence.
BARE = judged(
    "bare", "answerable", latency_ms=40, confidence=0.8, relevant=("p1",), ranks=(11,), f1=0.9,
    answer_right=1.0, citation_exact=0.0,
)  # fmt: skip
UNANSWERABLE = (
    judged(
        "due refusal", "unanswerable", latency_ms=50, confidence=0.1, status="no_answer",
        answers=(), exact_match=1.0, f1=1.0, answer_right=1.0, gold_reason="topic_absent",
        reason=TOPIC_ABSENT,
    ),
    judged(
        "made up", "unanswerable", latency_ms=60, confidence=0.7, answers=(), citation_exact=1.0
    ),
)  # fmt: skip
HARDER = (
    judged("chat", "chat", latency_ms=70, answer_right=1.0, citation_exact=1.0),
    judged("multi", "multi", latency_ms=80, evidence_shown=0.25, citation_exact=1.0, conflict=True),
    judged(
        "both shown", "conflict", latency_ms=90, values_shown=1.0, citation_exact=1.0,
        conflict=True, differ="value", item_recall=1.0, item_precision=0.5,
    ),
    judged(
        "one shown", "conflict", latency_ms=100, values_shown=0.5, citation_exact=1.0,
        differ="precision",
    ),
)  # fmt: skip
ALL = (*ANSWERABLE, BARE, *UNANSWERABLE, *HARDER)

IDEAL_OF_3 = 1 + 1 / math.log2(3) + 1 / 2
BY_HAND = {
    # Of right, wrong words, refused, bare.
    "success@1": (1 / 4, 4),
    "success@5": (2 / 4, 4),
    "success@10": (2 / 4, 4),
    "recall@10": ((1 + 1 / 3) / 4, 4),
    "mrr": ((1 + 1 / 3 + 0 + 1 / 11) / 4, 4),
    "ndcg@10": ((1 + 1 / 2 / IDEAL_OF_3) / 4, 4),
    "answer_right": (2 / 4, 4),
    # Below .15 are right and wrong words.
    "answer_right_reworded": (1 / 2, 2),
    "exact_match": (1 / 4, 4),
    "f1": ((1 + 0.5 + 0 + 0.9) / 4, 4),
    # Not of bare, whose evidence is unknown.
    "evidence_right": (2 / 3, 3),
    "evidence_f1": (1.5 / 3, 3),
    "article_right": (2 / 3, 3),
    "section_right": (1 / 3, 3),
    # Of all that were answered; bare alone is off.
    "citation_exact": (7 / 8, 8),
    "squad_exact_match": ((1 + 0 + 0 + 0 + 1 + 0) / 6, 6),
    "squad_f1": ((1 + 0.5 + 0 + 0.9 + 1 + 0) / 6, 6),
    "answered": (3 / 4, 4),
    "refusal_recall": (1 / 2, 2),
    "refusal_reason_right": (1, 1),
    "refusal_precision": (1 / 2, 2),
    # All four answerable ones are answered from .2 on; .1 is below, .7 is not.
    "rejection@95": (1 / 2, 6),
    # Surest first: right, bare, made up, wrong words, refused, due refusal; two are right.
    "risk_area": ((0 + 0 + 1 / 3 + 2 / 4 + 3 / 5 + 4 / 6) / 6, 6),
    # .9 and .8 are right, .6 and .7 wrong, each in a bin of its own.
    "calibration_error": ((0.1 + 0.2 + 0.6 + 0.7) / 4, 4),
    "chat_answer_right": (1, 1),
    "multi_evidence_shown": (0.25, 1),
    # Of right, refused and both shown; nothing is shown of the refused.
    "item_recall": (1.5 / 3, 3),
    "item_precision": (1.5 / 2, 2),
    "conflict_both_shown": (1 / 2, 2),
    "value_conflict_both_shown": (1, 1),
    "conflict_flagged": (1 / 2, 2),
    "value_conflict_flagged": (1, 1),
    # Of the six plain ones, chat and one shown, right alone.
    "conflict_false_alarm": (1 / 8, 8),
    # Of 10, 20, … 100: places .5 * 9, .95 * 9 and .99 * 9 between them.
    "latency_p50": (55, 10),
    "latency_p95": (95.5, 10),
    "latency_p99": (99.1, 10),
}

FIGURES = compute_figures(ALL)


@pytest.mark.parametrize("name", BY_HAND)
def test_every_figure_is_what_it_is_by_hand(name):
    value, n_questions = BY_HAND[name]
    assert FIGURES[name].value == pytest.approx(value)
    assert FIGURES[name].n_questions == n_questions


def test_no_measure_is_left_out_of_the_work_by_hand():
    assert list(FIGURES) == list(BY_NAME) == [measure.name for measure in MEASURES]
    assert set(BY_NAME) - set(BY_HAND) == {"evidence_calibration_error"}


def test_confidence_is_held_against_the_evidence_as_well():
    """.9 and .6 show the evidence, .7 has none: (.1 + .4 + .7) / 3."""
    figure = compute_figures((*ANSWERABLE, *UNANSWERABLE))["evidence_calibration_error"]
    assert (figure.value, figure.n_questions) == (pytest.approx(1.2 / 3), 3)


def test_questions_of_unknown_evidence_do_not_count_for_its_calibration():
    figure = FIGURES["evidence_calibration_error"]
    assert (figure.value, figure.n_questions) == (pytest.approx(1.2 / 3), 3)
    assert "evidence_calibration_error" not in compute_figures([BARE])


def test_every_interval_holds_its_value_and_can_be_repeated():
    outside = [n for n, f in FIGURES.items() if not f.low <= f.value <= f.high]
    assert outside == []
    assert compute_figures(ALL) == FIGURES


def test_an_interval_of_alike_questions_is_a_point():
    assert compute_figures([ANSWERABLE[0]] * 5)["mrr"] == Figure(1, 1, 1, 5)
    low, high = (getattr(FIGURES["mrr"], bound) for bound in ("low", "high"))
    assert high - low > 0.5


@pytest.mark.parametrize("one_side", [ANSWERABLE, UNANSWERABLE])
def test_a_contrast_needs_both_sides(one_side):
    assert "rejection@95" not in compute_figures(one_side)
    assert "risk_area" in compute_figures(one_side)


def test_a_figure_no_question_counts_for_is_left_out():
    assert compute_figures([]) == {}
    assert "refusal_recall" not in compute_figures(ANSWERABLE)
    assert "refusal_precision" not in compute_figures(ANSWERABLE[:2])
    assert "calibration_error" not in compute_figures(UNANSWERABLE[:1])
    assert "evidence_right" not in compute_figures([BARE])
    assert set(compute_figures(HARDER[:1])) == {
        "citation_exact", "chat_answer_right", "conflict_false_alarm",
        "latency_p50", "latency_p95", "latency_p99",
    }  # fmt: skip


def test_how_sources_differ_decides_what_a_conflict_counts_for():
    """Shown of value, value, date: 2 / 3; flagged of value: 1 / 2; of precision, wording: 1 / 2."""
    conflicts = [
        judged("a", "conflict", differ="value", values_shown=1.0, conflict=True),
        judged("b", "conflict", differ="value", values_shown=0.5),
        judged("c", "conflict", differ="date", values_shown=1.0, conflict=True),
        judged("d", "conflict", differ="precision", values_shown=0.5, conflict=True),
        judged("e", "conflict", differ="wording", values_shown=0.5),
        judged("f", "conflict", differ="scope", values_shown=0.5, conflict=True),
        judged("g", "conflict", values_shown=0.5, conflict=True),
    ]
    figures = compute_figures(conflicts)
    assert {
        name: (f.value, f.n_questions) for name, f in figures.items() if "conflict" in name
    } == {
        "conflict_both_shown": (pytest.approx(2 / 7), 7),
        "value_conflict_both_shown": (pytest.approx(2 / 3), 3),
        "conflict_flagged": (pytest.approx(5 / 7), 7),
        "value_conflict_flagged": (1 / 2, 2),
        "conflict_false_alarm": (1 / 2, 2),
    }


def test_the_reason_counts_where_the_gold_file_names_it_and_the_question_is_refused():
    refused = {"status": "no_answer", "answers": ()}
    figure = compute_figures([
        judged("a", "unanswerable", gold_reason="fact_absent", reason=FACT_ABSENT, **refused),
        judged("b", "unanswerable", gold_reason="not_lookup", reason=NOT_A_LOOKUP, **refused),
        judged("c", "unanswerable", gold_reason="topic_absent", reason=FACT_ABSENT, **refused),
        judged("d", "unanswerable", gold_reason="false_premise", reason="没有这回事。", **refused),
        judged("e", "unanswerable", gold_reason="see the notes", reason=FACT_ABSENT, **refused),
        judged("f", "unanswerable", gold_reason="fact_absent", answers=()),
        judged("g", "answerable", reason=FACT_ABSENT, status="no_answer"),
    ])["refusal_reason_right"]  # fmt: skip
    assert (figure.value, figure.n_questions) == (1 / 2, 4)


def test_what_is_lower_the_better_says_so():
    assert {measure.name for measure in MEASURES if measure.is_lower_better} == {
        "risk_area", "calibration_error", "evidence_calibration_error", "conflict_false_alarm",
        "latency_p50", "latency_p95", "latency_p99",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("shared", "degree"),
    [
        (None, None), (0.0, "hard"), (0.149, "hard"), (0.15, "medium"), (0.399, "medium"),
        (0.4, "easy"), (1.0, "easy"),
    ],
)  # fmt: skip
def test_difficulty_goes_by_the_wording_shared(shared, degree):
    assert difficulty(replace(BARE, shared_wording=shared)) == degree
