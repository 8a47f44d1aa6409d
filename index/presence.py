"""Which passages count: those that were not removed, and of those that print the same, one."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Presence:
    """Which of the passages 0 to n - 1 are there, and which repeat another."""

    def __init__(
        self,
        n: int,
        removed: Iterable[int] = (),
        copies: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """Know what is there.

        Args:
            n: How many numbers were ever given to passages.
            removed: Numbers of the passages that are there no more.
            copies: For every passage that repeats an earlier one, the first of its group; none
                of them is removed.
        """
        self.removed = np.array(sorted(removed), dtype=np.int64)
        self.is_there = np.ones(n, dtype=bool)
        self.is_there[self.removed] = False
        self._group = np.arange(n, dtype=np.int32)
        self._is_grouped = np.zeros(n, dtype=bool)
        repeating = np.array(list(copies), dtype=np.int64)
        firsts = np.array(list(copies.values()), dtype=np.int64)
        self._group[repeating] = firsts
        self._is_grouped[repeating] = self._is_grouped[firsts] = True
        self.is_counted = self.is_there.copy()
        self.is_counted[repeating] = False
        self.n_counted = int(self.is_counted.sum())

    def __len__(self) -> int:
        return len(self.is_there)

    def keep(self, numbers: NDArray[Any]) -> NDArray[np.bool_] | slice:
        """Return what picks, of an array along these passages, those that are there."""
        return self.is_there[numbers] if len(self.removed) else slice(None)

    def n_sources(self, numbers: NDArray[Any]) -> int:
        """Return how many of these passages there are, those that print the same as one.

        Args:
            numbers: Each once, none removed.
        """
        grouped = self._is_grouped[numbers]
        n_grouped = int(np.count_nonzero(grouped))
        if not n_grouped:
            return len(numbers)
        return len(numbers) - n_grouped + len(np.unique(self._group[numbers[grouped]]))
