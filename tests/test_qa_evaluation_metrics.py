import math

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation import metrics


@pytest.mark.parametrize(
    ("answers", "said", "em"),
    [
        (["129家"], "129家", 1),
        (["129家"], "129家企业", 0),
        (["“水牛角村”"], "水牛角村。", 1),
        (["Yiwu Selection"], "yiwu selection", 1),
        (["23.6%"], "23.6", 0),
        (["27条", "27条线路"], "27条线路", 1),
        (["2026-05"], "202605", 1),
        ([], "", 1),
        ([], "129家", 0),
        (["129家"], "", 0),
    ],
)
def test_exact_match(answers, said, em):
    assert metrics.exact_match(answers, said) == em


@pytest.mark.parametrize(
    ("answers", "said", "expected"),
    [
        (["义乌市"], "义乌市", 1.0),
        # Common run 义乌 (2); precision 2/2, recall 2/3; 2 * 1 * (2/3) / (5/3) = .8
        (["义乌市"], "义乌", 0.8),
        # Tokens 129 家 against 129 家 企 业: run 2, precision 2/4, recall 2/2: 2/3
        (["129家"], "129家企业", 2 / 3),
        # 义 and 市 are shared but not as one run of 2: run 1, 1/3 and 1/3
        (["义乌市"], "义的市", 1 / 3),
        # "Yiwu" and "Selection" are one token each: run 1, precision 1/1, recall 1/2: 2/3
        (["Yiwu Selection"], "selection", 2 / 3),
        # 23.6 and % are two tokens; % alone is not stripped: run 1, 1/1 and 1/2: 2/3
        (["23.6%"], "23.6", 2 / 3),
        (["市", "义乌市"], "义乌市", 1.0),
        (["义乌"], "天津", 0.0),
        ([], "", 1.0),
        ([], "义乌", 0.0),
    ],
)
def test_f1_worked_by_hand(answers, said, expected):
    assert metrics.f1(answers, said) == pytest.approx(expected)


def test_evidence_f1_does_not_mind_the_order():
    """Bags 甲乙丙 and 丙乙甲丁: 3 shared, 2 * 3 / (3 + 4) = 6/7; the longest run is only 1."""
    assert metrics.evidence_f1(["甲乙丙"], "丙乙甲丁") == pytest.approx(6 / 7)
    assert metrics.f1(["甲乙丙"], "丙乙甲丁") == pytest.approx(2 / 7)
    assert metrics.evidence_f1(["没有", "甲乙"], "甲乙") == 1
    assert metrics.evidence_f1([], "甲乙") == 0


@given(st.text(max_size=12), st.text(max_size=12))
def test_an_exact_match_has_f1_1_and_both_lie_between_0_and_1(gold, said):
    em, f1 = metrics.exact_match([gold], said), metrics.f1([gold], said)
    assert 0 <= f1 <= 1
    if em and metrics._tokens(gold):
        assert f1 == 1


@given(
    st.sets(st.integers(1, 15), max_size=6),
    st.integers(0, 4),
    st.sampled_from([1, 3, 5, 10]),
)
def test_ranking_metrics_agree_with_ir_measures(ranks, n_missed, k):
    n_relevant = len(ranks) + n_missed
    if not n_relevant:
        return
    run = {"q": {f"d{rank}": float(100 - rank) for rank in range(1, 21)}}
    found = {f"d{rank}": 1 for rank in ranks}
    qrels = {"q": {**found, **{f"missed{n}": 1 for n in range(n_missed)}}}
    reference = ir_measures.calc_aggregate(
        [ir_measures.Success @ k, ir_measures.R @ k, ir_measures.RR, ir_measures.nDCG @ k],
        qrels,
        run,
    )
    assert metrics.success(ranks, k) == pytest.approx(reference[ir_measures.Success @ k])
    assert metrics.recall(ranks, n_relevant, k) == pytest.approx(reference[ir_measures.R @ k])
    assert metrics.reciprocal_rank(ranks) == pytest.approx(reference[ir_measures.RR])
    assert metrics.ndcg(ranks, n_relevant, k) == pytest.approx(reference[ir_measures.nDCG @ k])


def test_ndcg_worked_by_hand():
    """Relevant at 1 and 3 of 2: (1 + 1/log2(4)) / (1 + 1/log2(3)) = 1.5 / 1.6309."""
    assert metrics.ndcg([1, 3], 2, 5) == pytest.approx(1.5 / (1 + 1 / math.log2(3)))


def test_risk_and_coverage_worked_by_hand():
    """Surest first: right, wrong, right, right. Risks 0/1, 1/2, 1/3, 1/4; mean .2708."""
    coverage, risk = metrics.risk_coverage([0.9, 0.2, 0.8, 0.5], [True, True, False, True])
    assert coverage == pytest.approx([0.25, 0.5, 0.75, 1])
    assert risk == pytest.approx([0, 1 / 2, 1 / 3, 1 / 4])
    area = metrics.risk_coverage_area([0.9, 0.2, 0.8, 0.5], [True, True, False, True])
    assert area == pytest.approx((1 / 2 + 1 / 3 + 1 / 4) / 4)


def test_rejection_at_coverage_worked_by_hand():
    """3 of 4 answerable ones are kept at .75, so from .4 on; .1 and .3 of 3 are below."""
    rejected = metrics.rejection_at_coverage([0.2, 0.4, 0.6, 0.8], [0.1, 0.3, 0.5], 0.75)
    assert rejected == pytest.approx(2 / 3)
    assert metrics.rejection_at_coverage([], [0.1]) == 0


def test_calibration_error_worked_by_hand():
    """Bin .2-.3: sure .25, right 0, gap .25, half of all. Bin .9-1: sure .95, right 1, gap .05."""
    error = metrics.expected_calibration_error([0.25, 0.25, 0.9, 1.0], [False, False, True, True])
    assert error == pytest.approx(0.5 * 0.25 + 0.5 * 0.05)
    assert metrics.expected_calibration_error([], []) == 0


def test_a_bootstrap_interval_holds_the_mean_and_can_be_repeated():
    values = np.random.default_rng(1).random(200)
    low, high = metrics.bootstrap_interval(values)
    assert low < values.mean() < high
    # The normal approximation: 1.96 standard errors on both sides.
    assert high - low == pytest.approx(2 * 1.96 * values.std() / math.sqrt(200), rel=0.15)
    assert metrics.bootstrap_interval(values) == (low, high)
    assert metrics.bootstrap_interval([0.5] * 9) == (0.5, 0.5)


@pytest.mark.parametrize(
    ("answers", "said", "right"),
    [
        (["8365亿元"], "8365亿元", 1),
        # Tokens 8365 亿 元 in 达 到 8365 亿 元: all 3 of 5, and 5 <= 2 * 3.
        (["8365亿元"], "达到8365亿元", 1),
        (["达到8365亿元"], "8365亿元", 1),
        # 3 of 7 is less than half; 3 of 6 is half.
        (["8365亿元"], "全年总共达到8365亿元", 0),
        (["8365亿元"], "共达到8365亿元", 1),
        # Runs of two of three tokens, and of whole tokens only.
        (["30个国家"], "20个国家", 0),
        (["5条"], "15条", 0),
        (["选品"], "Yiwu选品", 1),
        # All tokens are shared, but not as one run.
        (["义乌市"], "义的乌市", 0),
        (["天津", "“义乌市”"], "义乌市。", 1),
        (["义乌"], "", 0),
        (["义乌"], "。", 0),
        ([], "", 1),
        ([], "义乌", 0),
    ],
)
def test_answer_right_allows_a_few_words_around_the_answer(answers, said, right):
    assert metrics.answer_right(answers, said) == right


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_right_answer_has_at_least_two_thirds_f1(gold, said):
    if metrics.answer_right([gold], said):
        assert metrics.f1([gold], said) >= 2 / 3 - 1e-9
        assert metrics.answer_right([said], gold)
    elif metrics._tokens(gold):
        assert not metrics.exact_match([gold], said)


def test_refusal_precision_worked_by_hand():
    """Three are refused, of which the first and the last have no answer."""
    refused, answerable = [True, False, True, True], [False, False, True, False]
    assert metrics.refusal_precision(refused, answerable) == pytest.approx(2 / 3)
    assert metrics.refusal_precision([False], [False]) == 0


def test_values_shown_worked_by_hand():
    """27条 is said with a word around it, 26条 is not said, 25条 is in no whole answer."""
    said = ["开通27条线路", "125条"]
    assert metrics.values_shown(["27条线路", "26条", "25条"], said) == pytest.approx(1 / 3)
    assert metrics.values_shown(["26条"], []) == 0
    assert metrics.values_shown(["26条", "27条"], ["27条", "26条"]) == 1
