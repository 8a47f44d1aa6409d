"""Evidence of the language whether one text goes on in another."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from corpus.page_repair import shapes
from corpus.page_repair.words import joined_gain, oddness_of_start

_NEVER_FIRST = tuple("，、；：。！？,;:.!?）)”’》」』】％%的们了")
"""No paragraph begins with one of these."""

_CLEAR_START = re.compile(
    r"[\u4e00-\u9fff]{2,5}，|“|\d{4}年|\d{1,2}月\d{1,2}日|记者|会议|活动|近日|本次|今年|去年|这是|作为|随着|在|从|当|据"
)
_GRAM_SIZES = ((1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (1, 3))
_MAX_WORD = 4.0
_MAX_GRAM = 4.0
_MAX_START = 3.0
_SHARED = 8.0
"""What one thing can add to the score of a join; rare words that both texts share count least:
a cosine of .1 is much."""


class Language:
    """What the page itself says: which characters it sets side by side, which words are rare."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count the characters of all blocks of text of the page."""
        self._grams: Counter[str] = Counter()
        self._documents: Counter[str] = Counter()
        for text in texts:
            for size in range(1, 5):
                self._grams.update(text[i : i + size] for i in range(len(text) - size + 1))
            self._documents.update(_pairs(text))
        self._characters = sum(len(text) for text in texts) or 1
        self._texts = max(1, len(texts))
        self._known: dict[tuple[str, ...], dict[str, float]] = {}

    def join_score(self, left: str, right: str) -> float:
        """Return how much speaks for `right` going on where `left` breaks off, about -6 to 12.

        `cut_score`, and an odd or a clear start of `right`.
        """
        is_open_before = bool(shapes.open_brackets(left))
        return self.cut_score(left, right) + start_score(right, is_open_before)

    def cut_score(self, left: str, right: str) -> float:
        """Return how well two texts fit together, whatever the second begins with.

        The sum of a word of the dictionary over the cut, characters that stand so elsewhere on
        the page, quotation marks and brackets that fit, and rare words that both share.
        """
        score = min(_MAX_WORD, joined_gain(left, right) / 2) + self._gram_score(left, right)
        score += _bracket_score(left, right)
        return score + _SHARED * self.cohesion([left], [right])

    def cohesion(self, texts: Iterable[str], others: Iterable[str]) -> float:
        """Return the cosine of two texts over pairs of characters, rare pairs counting more."""
        first, second = (self._weights(tuple(part)) for part in (texts, others))
        shared = sum(weight * second.get(pair, 0.0) for pair, weight in first.items())
        norm = math.hypot(*first.values()) * math.hypot(*second.values())
        return shared / norm if norm else 0.0

    def overlap(self, line: str, texts: Sequence[str]) -> float:
        """Return the share of a line's pairs of characters that texts have, rare ones first."""
        held = set().union(*(_pairs(text) for text in texts))
        pairs = _pairs(line)
        total = sum(self._rarity(pair) for pair in pairs)
        return sum(self._rarity(pair) for pair in pairs if pair in held) / total if total else 0.0

    def _weights(self, texts: tuple[str, ...]) -> dict[str, float]:
        if texts not in self._known:
            counts = Counter(pair for text in texts for pair in _pairs(text))
            self._known[texts] = {
                pair: (1 + math.log(n)) * self._rarity(pair) for pair, n in counts.items()
            }
        return self._known[texts]

    def _rarity(self, pair: str) -> float:
        return math.log((1 + self._texts) / (0.5 + self._documents[pair]))

    def _gram_score(self, left: str, right: str) -> float:
        best = 0.0
        for before, after in _GRAM_SIZES:
            a, b = left[-before:], right[:after]
            count = self._grams[a + b]
            if count:
                expected = self._grams[a] * self._grams[b] / self._characters
                surprise = math.log((count + 0.5) / (expected + 0.5))
                best = max(best, (before + after - 1) * max(0.0, surprise))
        return min(_MAX_GRAM, best)


def start_score(text: str, is_open_before: bool = False) -> float:
    """Return how much speaks for a text beginning in the middle of a sentence, about -2 to 5."""
    if text.startswith(_NEVER_FIRST) or shapes.stray_closers(text[:80]):
        return 5.0
    if shapes.has_dateline(text) or shapes.is_enumerated(text):
        return -5.0
    score = min(_MAX_START, oddness_of_start(text)) if text else 0.0
    if _CLEAR_START.match(text) and not is_open_before:
        score -= 1.5
    return score


def _bracket_score(left: str, right: str) -> float:
    owed = shapes.open_brackets(left)
    stray = shapes.stray_closers(right)
    if owed and stray:
        return 4.0 if owed[-1] == stray[0] else -3.0
    if owed:
        return -4.0
    return -5.0 if stray else 0.0


def _pairs(text: str) -> set[str]:
    return {
        text[i : i + 2] for i in range(len(text) - 1) if text[i].isalnum() and text[i + 1].isalnum()
    }
