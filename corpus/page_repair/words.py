"""How well Chinese characters follow each other, by jieba's dictionary."""

import math
from collections import Counter
from functools import cache

from corpus.words import load_jieba

_WINDOW = 6
"""Characters on each side of a cut that a word over it may reach."""


def joined_gain(left: str, right: str) -> float:
    """Return how much likelier two texts are cut into words together than apart.

    Args:
        left: Text before the cut.
        right: Text after it.

    Returns:
        Difference of log-likelihoods (natural logarithm) of the best cuts into words, which
        are 0 if no word of the dictionary goes over the cut, else positive.
    """
    before, after = left[-_WINDOW:], right[:_WINDOW]
    return _likelihood(before + after) - _likelihood(before) - _likelihood(after)


def oddness_of_start(text: str) -> float:
    """Return how unlikely it is that a sentence begins so, 0 for an ordinary beginning.

    Returns:
        Minus the logarithm of the share of the first character's uses in which it is a word
        of its own, if it is one here; 0 if a longer word stands first.
    """
    if not text or not "\u4e00" <= text[0] <= "\u9fff":
        return 0.0
    cutter = load_jieba().dt
    first = next(iter(cutter.cut(text[:8], HMM=False)))
    if len(first) > 1:
        return 0.0
    alone = cutter.FREQ.get(first, 0) + 1
    return -math.log(alone / (_uses()[first] + 2))


def _likelihood(text: str) -> float:
    if not text:
        return 0.0
    cutter = load_jieba().dt
    route: dict[int, tuple[float, int]] = {}
    cutter.calc(text, cutter.get_DAG(text), route)
    return route[0][0]


@cache
def _uses() -> Counter[str]:
    """How often each character stands in the words of the dictionary."""
    uses: Counter[str] = Counter()
    for word, frequency in load_jieba().dt.FREQ.items():
        if frequency:
            for character in word:
                uses[character] += frequency
    return uses
