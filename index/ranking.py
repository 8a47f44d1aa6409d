"""From what each side says of the candidates to one ranking, whatever store holds the passages."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus import Passage
from corpus.calendar import Days
from index.copy_groups import CopyGroups
from index.fusion import fuse
from index.phrases import find_holding
from index.scored import ScoredPassage
from index.times import SaidTime, time_loss


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that may answer a question.

    Attributes:
        numbers: Ascending, int64, shape (n,).
        dense: Cosines, float32, shape (n,).
        lexical: BM25 scores, in [0, 1], float32, shape (n,).
        coverage: Shares of the question's words, in [0, 1], shape (n,).
        among: Numbers of the passages that were searched, ascending; None for all.
    """

    numbers: NDArray[np.int64]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]
    coverage: NDArray[np.float32]
    among: NDArray[np.int64] | None = None


class Passages(Protocol):
    """Where passages are read, by their numbers."""

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return passages, in the order of the numbers."""

    def said(self, numbers: Sequence[int]) -> dict[int, tuple[SaidTime, ...]]:
        """Return the times that passages name, in the order of the text."""

    def dates(self, numbers: Sequence[int]) -> dict[int, str | None]:
        """Return the date of the article that each passage is of."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How candidates are to be ranked.

    Attributes:
        k: How many are wanted; at least 1.
        dense_weight: Share of meaning against wording, from 0 to 1, see `fuse`.
        floor: The cosine that counts as none, see `fuse`.
        phrases: What the text must hold, width and script apart.
        asked: The times that the question names.
    """

    k: int
    dense_weight: float
    floor: float
    phrases: Sequence[str] = ()
    asked: Sequence[Days] = ()


def rank(
    found: Candidates, wish: Wish, source: Passages, copies: CopyGroups
) -> list[ScoredPassage]:
    """Return the best candidates, best first; of those that print the same only the first.

    Args:
        found: What retrieval proposes.
        wish: How to rank it.
        source: Where the passages are read.
        copies: Which passages print the same.
    """
    numbers = found.numbers
    fused = fuse(found.dense, found.lexical, wish.floor, wish.dense_weight)
    if wish.asked:
        fused = fused - _time_losses(source, numbers, wish.asked)
    ranked = numbers[np.argsort(-fused, kind="stable")].tolist()
    holding = find_holding(ranked, wish.phrases, source.passages) if wish.phrases else ranked
    chosen = list(islice(copies.one_of_each(holding), min(wish.k, len(ranked))))
    said = source.said(chosen)
    places = np.searchsorted(numbers, chosen)
    return [
        ScoredPassage(
            passage,
            float(found.dense[i]),
            float(found.lexical[i]),
            max(float(fused[i]), 0.0),  # lower ones rank, but scores end at 0
            float(found.coverage[i]),
            said[number],
            _others(copies, number, found.among),
        )
        for passage, number, i in zip(source.passages(chosen), chosen, places, strict=True)
    ]


def _others(copies: CopyGroups, number: int, among: NDArray[np.int64] | None) -> tuple[int, ...]:
    """The passages that print the same as one, of those in `among` if given."""
    others = copies.others(number)
    return others if among is None else tuple(n for n in others if n in among)


def _time_losses(
    source: Passages, numbers: NDArray[np.int64], asked: Sequence[Days]
) -> NDArray[np.float32]:
    listed = numbers.tolist()
    said, dates = source.said(listed), source.dates(listed)
    return np.array([time_loss(said[n], dates[n], asked) for n in listed], dtype=np.float32)
