"""One ranking from two: the convex combination of min-max scores."""

import numpy as np
from numpy.typing import NDArray

DENSE_WEIGHT = 0.6
"""Share of the dense score; the rest is lexical. See `qa/training/README.md`."""


def fuse(
    dense: NDArray[np.float32],
    lexical: NDArray[np.float32],
    dense_weight: float = DENSE_WEIGHT,
) -> NDArray[np.float32]:
    """Return fused scores in [0, 1], higher is better.

    Both inputs are stretched to [0, 1] over the candidates and mixed, which beats
    reciprocal-rank fusion and needs few examples to tune (Bruch, Gai & Ingber, "An
    Analysis of Fusion Functions for Hybrid Retrieval", 2022, arXiv 2210.11934).

    Args:
        dense: Scores of the candidates, shape (n,).
        lexical: Scores of the same candidates, shape (n,).
        dense_weight: From 0 (lexical only) to 1 (dense only).
    """
    return dense_weight * _stretch(dense) + (1 - dense_weight) * _stretch(lexical)


def _stretch(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = scores.min(initial=np.inf), scores.max(initial=-np.inf)
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
