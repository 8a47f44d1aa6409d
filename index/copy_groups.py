"""Passages that print the same, as one each: what `index.copies` found, looked up by number."""

from collections.abc import Iterable, Iterator, Mapping


class CopyGroups:
    """Which passages repeat which; most repeat none."""

    def __init__(self, copies: Mapping[int, int]) -> None:
        """Know what repeats what.

        Args:
            copies: For every passage that repeats an earlier one, the first of its group.
        """
        self._first = dict(copies)
        self._groups: dict[int, list[int]] = {}
        for number, first in sorted(copies.items()):
            self._groups.setdefault(first, [first]).append(number)
        self._n_spare = sorted((len(group) - 1 for group in self._groups.values()), reverse=True)

    def n_printed(self, n: int) -> int:
        """Return how many passages hold n different ones, however often each is printed."""
        return n + sum(self._n_spare[:n])

    def one_of_each(self, numbers: Iterable[int]) -> Iterator[int]:
        """Yield the first of these numbers of each group, in their order."""
        seen: set[int] = set()
        for number in numbers:
            first = self._first.get(number, number)
            if first not in seen:
                seen.add(first)
                yield number

    def others(self, number: int) -> tuple[int, ...]:
        """Return the other passages that print the same as one, in corpus order."""
        group = self._groups.get(self._first.get(number, number), ())
        return tuple(other for other in group if other != number)
