"""The passages that hold phrases, found among those that can."""

from collections.abc import Callable, Sequence

from corpus import Passage
from index.text import normalise

_BATCH = 200
"""Passages that are looked into at once."""


def first_holding(
    numbers: Sequence[int],
    phrases: Sequence[str],
    k: int,
    read: Callable[[Sequence[int]], list[Passage]],
) -> list[tuple[int, Passage]]:
    """Return the first k passages whose text holds all phrases, width, script and case apart.

    Args:
        numbers: Of the passages, best first.
        phrases: As typed.
        k: At most so many come back, with their numbers.
        read: Gives the passages of some numbers, in their order.
    """
    wanted = [normalise(phrase) for phrase in phrases]
    found: list[tuple[int, Passage]] = []
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        for number, passage in zip(batch, read(batch), strict=True):
            text = normalise(passage.text)
            if all(phrase in text for phrase in wanted):
                found.append((number, passage))
        if len(found) >= k:
            break
    return found[:k]
