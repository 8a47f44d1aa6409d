"""One ranking from two: the convex combination of normalised scores."""

import numpy as np
from numpy.typing import NDArray

DENSE_WEIGHT = 0.7
"""Share of the dense score; the rest is lexical. See `qa/training/README.md`."""


def fuse(
    dense: NDArray[np.float32],
    lexical: NDArray[np.float32],
    dense_floor: float,
    dense_weight: float = DENSE_WEIGHT,
) -> NDArray[np.float32]:
    """Return fused scores in [0, 1], higher is better.

    Each score is divided by the best of its kind, counted from what it is without any
    relation: 0 for BM25, `dense_floor` for cosines. Mixing normalised scores beats
    reciprocal-rank fusion and needs few examples to tune; fixed floors, unlike the minimum of
    the candidates, mean the same for a collection of two passages and of a million (Bruch, Gai
    & Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2022, arXiv 2210.11934).

    Args:
        dense: Cosines of the candidates, shape (n,).
        lexical: BM25 scores of the same candidates, shape (n,).
        dense_floor: The cosine that counts as 0; so does every lower one.
        dense_weight: From 0 (lexical only) to 1 (dense only).
    """
    above = np.maximum(dense - dense_floor, 0)
    return dense_weight * divide_by_best(above) + (1 - dense_weight) * divide_by_best(lexical)


def best_of(scores: NDArray[np.float32], k: int, among: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the `k` of these numbers that score best, best first; ties keep their order."""
    held = scores[among]
    if k < len(held):  # sorting all of a large archive would take longer than scoring it
        among = among[held >= np.partition(held, -k)[-k]]
        held = scores[among]
    return among[np.argsort(-held, kind="stable")][:k]


def divide_by_best(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return scores in [0, 1], the best of them 1; all 0 if none is above."""
    best = scores.max(initial=0)
    return scores / best if best > 0 else np.zeros_like(scores)
