"""Values that count how often they are compared, for tests of what may not grow as a square."""

from typing import Any


def comparing(kind: type) -> Any:
    """A kind of str or int; its `n_compared` counts, wherever two are not the same object."""

    class Comparing(kind):
        n_compared = 0

        def __eq__(self, other):
            Comparing.n_compared += 1
            return kind.__eq__(self, other)

        __hash__ = kind.__hash__

    return Comparing
