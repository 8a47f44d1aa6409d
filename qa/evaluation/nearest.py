"""How fast, and how right, a search for the nearest vectors is."""

import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from index.dense import BLOCK, N_NEAREST, DenseIndex, Rows
from index.passage_index import POOL

EQUAL = 1e-6
"""Cosines that differ by less are of equal vectors."""


def milliseconds(
    search: Callable[[NDArray[np.float32]], object], asked: NDArray[np.float32]
) -> float:
    """Return the median time of a search."""
    times = []
    for vector in asked:
        started = time.perf_counter()
        search(vector)
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def last_cosines(vectors: Rows, questions: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosine of the last of the ten nearest of each question.

    Args:
        vectors: Shape (n, dimension), unit rows; all are compared, `BLOCK` at a time.
        questions: Shape (n_questions, dimension), unit rows.
    """
    nearest = np.full((len(questions), N_NEAREST), -2, dtype=np.float32)
    for start in range(0, len(vectors), BLOCK):
        rows = np.asarray(vectors[start : start + BLOCK], dtype=np.float32)
        scores = np.hstack([nearest, questions @ rows.T])
        nearest = np.partition(scores, -N_NEAREST, axis=1)[:, -N_NEAREST:]
    return np.asarray(nearest.min(axis=1))


def share_found(inexact: DenseIndex, vector: NDArray[np.float32], last: float) -> float:
    """Return the share of the ten nearest that are found, or others just as near.

    News is printed more than once, and which of two equal vectors comes first is chance.

    Args:
        inexact: What searches.
        vector: What is asked.
        last: Of `last_cosines`.
    """
    found = inexact.score(vector, inexact.search(vector, POOL)[:N_NEAREST])
    return float((found >= last - EQUAL).sum() / N_NEAREST)
