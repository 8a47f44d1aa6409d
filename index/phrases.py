"""The passages that hold phrases, found among those that can."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus import Passage
from index.text import normalise

_BATCH = 200
"""Passages that are looked into at once."""


def find_holding(
    numbers: Sequence[int],
    phrases: Sequence[str],
    read: Callable[[Sequence[int]], list[Passage]],
) -> Iterator[int]:
    """Yield the numbers of the passages whose text holds all phrases, in the order given.

    Width, script and case apart. Passages are read as they are needed.

    Args:
        numbers: Of the passages, best first.
        phrases: As typed.
        read: Gives the passages of some numbers, in their order.
    """
    wanted = [normalise(phrase) for phrase in phrases]
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        for number, passage in zip(batch, read(batch), strict=True):
            text = normalise(passage.text)
            if all(phrase in text for phrase in wanted):
                yield number


def is_held(
    candidates: Callable[[str], NDArray[np.int64]],
    read: Callable[[Sequence[int]], list[Passage]],
    words: str,
) -> bool:
    """Return whether a passage holds these characters in a row.

    Args:
        candidates: Gives the numbers of the passages that may.
        read: As in `find_holding`.
        words: The characters.
    """
    return any(True for _ in find_holding(candidates(words).tolist(), [words], read))
