"""The metrics of the evaluation, each with its definition and source.

All are higher-is-better unless the name says otherwise, and lie in [0, 1].
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from math import log2

import numpy as np
from numpy.typing import NDArray

_PUNCTUATION = frozenset("-:_*^/\\~`+=，。：？！“”；’《》……·、「」（）－～『』")  # noqa: RUF001
"""What the official CMRC 2018 script takes for punctuation; half-width , . % stay tokens."""

_TOKEN = re.compile(r"[\u4e00-\u9fa5]|\d+(?:[.,]\d+)*|[^\W\d_\u4e00-\u9fa5]+|[^\s\w]")


def exact_match(answers: Collection[str], said: str) -> float:
    """Return 1 if what was said is one of the answers, punctuation and case aside.

    Source: `calc_em_score` of cmrc2018_evaluate.py (Cui et al., 2019, arXiv 1810.07366).
    Without answers (an unanswerable question) only an empty prediction scores, as in SQuAD
    2.0 (Rajpurkar et al., 2018, arXiv 1806.03822).
    """
    if not answers:
        return float(not said)
    return float(_strip_punctuation(said) in map(_strip_punctuation, answers))


def f1(answers: Collection[str], said: str) -> float:
    """Return the overlap of what was said with the nearest answer.

    The harmonic mean of precision and recall of the longest common *contiguous* run of
    tokens (characters; runs of Latin letters and numbers are one token), best over the
    answers. Not SQuAD's F1, which takes the bag of words. Source: `calc_f1_score` of
    cmrc2018_evaluate.py. Without answers as `exact_match`.
    """
    if not answers:
        return float(not said)
    return max(_run_f1(_tokens(answer), _tokens(said)) for answer in answers)


def answer_right(answers: Collection[str], said: str) -> float:
    """Return 1 if what was said is an answer, give or take a few words around it.

    One must hold the other as a run of whole tokens (so 5条 is not held by 15条) and be at
    least half as long; in terms of `f1`, all of the shorter one is shared and F1 is at least 2/3.
    Kinder than `exact_match`, for 达到8365亿元 says 8365亿元; stricter than F1, which gives
    20个国家 three quarters for 30个国家. Our own definition. Without answers as `exact_match`.
    """
    if not answers:
        return float(not said)
    return float(any(_is_about(_tokens(answer), _tokens(said)) for answer in answers))


def evidence_f1(evidence: Collection[str], said: str) -> float:
    """Return the overlap of the evidence shown with the nearest gold evidence.

    Harmonic mean of precision and recall of the *bag* of tokens, as in ExpMRC (Cui et al.,
    2022, arXiv 2105.04126), best over the gold sentences. Unlike `f1`, order does not count.
    """
    return max((_bag_f1(_tokens(text), _tokens(said)) for text in evidence), default=0.0)


def success(ranks: Collection[int], k: int) -> float:
    """Return 1 if any relevant passage is among the first k (also called hit rate).

    Not `recall`, which counts how many of them are. Source: ir_measures, Success@k.

    Args:
        ranks: From 1, of the relevant passages that were found.
        k: The cutoff.
    """
    return float(any(rank <= k for rank in ranks))


def recall(ranks: Collection[int], n_relevant: int, k: int) -> float:
    """Return the share of all relevant passages that are among the first k.

    Source: ir_measures, R@k. See `success` for the arguments.
    """
    return sum(rank <= k for rank in ranks) / n_relevant if n_relevant else 0.0


def reciprocal_rank(ranks: Collection[int]) -> float:
    """Return 1 over the rank of the first relevant passage, 0 without one (MRR's summand)."""
    return 1 / min(ranks) if ranks else 0.0


def ndcg(ranks: Collection[int], n_relevant: int, k: int) -> float:
    """Return the normalised discounted cumulative gain at k with binary relevance.

    Sum of 1 / log2(rank + 1) over the relevant passages among the first k, divided by the
    same sum for the ideal order (Järvelin & Kekäläinen, 2002).
    """
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(n_relevant, k) + 1))
    gain = sum(1 / log2(rank + 1) for rank in ranks if rank <= k)
    return gain / ideal if ideal else 0.0


def risk_coverage(
    confidence: Sequence[float], is_right: Sequence[bool]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return coverage and risk as questions are answered from the surest downwards.

    Point n: the n surest questions are answered, coverage n / N, risk the share of wrong ones
    among them (El-Yaniv & Wiener, 2010, JMLR 11). Ties keep the order given.

    Returns:
        Two arrays of shape (N,), coverage ascending.
    """
    order = np.argsort(-np.asarray(confidence), kind="stable")
    wrong = 1 - np.asarray(is_right, dtype=float)[order]
    answered = np.arange(1, len(wrong) + 1)
    return answered / len(wrong), np.cumsum(wrong) / answered


def risk_coverage_area(confidence: Sequence[float], is_right: Sequence[bool]) -> float:
    """Return the mean risk over all coverages, *lower* is better (AURC, Geifman et al., 2019)."""
    return float(risk_coverage(confidence, is_right)[1].mean()) if len(confidence) else 0.0


def rejection_at_coverage(
    answerable: Sequence[float], unanswerable: Sequence[float], coverage: float = 0.95
) -> float:
    """Return the share of unanswerable questions refused when `coverage` is answered.

    The threshold is the highest confidence that still answers that share of the answerable
    questions; a question is refused below it.
    """
    if not len(answerable) or not len(unanswerable):
        return 0.0
    kept = int(np.ceil(coverage * len(answerable)))
    threshold = np.sort(np.asarray(answerable))[::-1][kept - 1]
    return float(np.mean(np.asarray(unanswerable) < threshold))


def expected_calibration_error(
    confidence: Sequence[float], is_right: Sequence[bool], n_bins: int = 10
) -> float:
    """Return how far confidence is from the truth, *lower* is better.

    Mean over bins of equal width, weighted by size, of |mean confidence - share right|
    (Naeini et al., 2015; Guo et al., 2017, arXiv 1706.04599).
    """
    sure, right = np.asarray(confidence, dtype=float), np.asarray(is_right, dtype=float)
    if not len(sure):
        return 0.0
    bins = np.minimum((sure * n_bins).astype(int), n_bins - 1)
    gaps = [
        abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(np.sum(gaps))


def refusal_precision(is_refused: Sequence[bool], is_answerable: Sequence[bool]) -> float:
    """Return the share of refused questions that have no answer; 0 if none was refused.

    Precision of "has no answer" as a class (Rajpurkar et al., 2018, arXiv 1806.03822, score it
    within EM and F1 only). Its recall is the share of unanswerable questions refused.
    """
    refused = np.asarray(is_refused, dtype=bool)
    return float(np.mean(~np.asarray(is_answerable, dtype=bool)[refused])) if refused.any() else 0.0


def values_shown(values: Collection[str], said: Sequence[str]) -> float:
    """Return the share of distinct values that are among the answers shown, see `answer_right`.

    For questions whose sources give several values; 1 if all of them are shown.
    """
    return float(np.mean([max([answer_right([v], s) for s in said], default=0) for v in values]))


def bootstrap_interval(
    values: Sequence[float],
    statistic: Callable[[NDArray[np.float64]], float] = np.mean,
    n_samples: int = 1000,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the 95 % interval of a statistic by the percentile bootstrap (Efron, 1979).

    Args:
        values: One a question; questions are drawn with replacement.
        statistic: Of a sample, shape (n,).
        n_samples: How many samples are drawn.
        seed: Of the random numbers, so that a report can be repeated.
    """
    data = np.asarray(values, dtype=float)
    if not len(data):
        return 0.0, 0.0
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(data), size=(n_samples, len(data)))
    found = [statistic(data[draw]) for draw in draws]
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def _strip_punctuation(text: str) -> str:
    return "".join(c for c in text.lower().strip() if c not in _PUNCTUATION)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_strip_punctuation(text))


def _is_about(gold: list[str], said: list[str]) -> bool:
    shorter, longer = sorted((len(gold), len(said)))
    return 0 < shorter == _longest_run(gold, said) and longer <= 2 * shorter


def _run_f1(gold: list[str], said: list[str]) -> float:
    return _harmonic(_longest_run(gold, said), len(gold), len(said))


def _longest_run(gold: list[str], said: list[str]) -> int:
    longest = 0
    previous = [0] * (len(said) + 1)
    for token in gold:
        current = [0] * (len(said) + 1)
        for j, other in enumerate(said):
            if token == other:
                current[j + 1] = previous[j] + 1
        longest = max(longest, *current)
        previous = current
    return longest


def _bag_f1(gold: list[str], said: list[str]) -> float:
    shared = sum((Counter(gold) & Counter(said)).values())
    return _harmonic(shared, len(gold), len(said))


def _harmonic(shared: int, n_gold: int, n_said: int) -> float:
    """The harmonic mean of shared / n_gold and shared / n_said."""
    return 2 * shared / (n_gold + n_said) if shared else 0.0
