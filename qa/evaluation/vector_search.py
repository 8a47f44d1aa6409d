"""Measures exact against inexact search over the vectors of an index.

    python -m qa.evaluation.vector_search INDEX [--sizes 10000 50000 200000]

Prints, for so many of its passages drawn at random, the time of a search for `POOL` passages by
comparing all and by looking into cells (`index.dense.train`), how long the cells take to make, and
the share of the ten nearest that they find for questions they were not set with.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import load_encoder
from index.dense import N_NEAREST, DenseIndex, DensePart, train
from index.passage_index import POOL
from index.presence import Presence
from index.store import Store

N_QUESTIONS = 200
EQUAL = 1e-6
"""Cosines that differ by less are of equal vectors."""

TEXT_LENGTH = 18
"""Characters of a passage that are asked."""


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


def share_found(exact: DenseIndex, inexact: DenseIndex, vector: NDArray[np.float32]) -> float:
    """Return the share of the ten nearest that are found, or others just as near.

    News is printed more than once, and which of two equal vectors comes first is chance.
    """
    tenth = exact.score(vector, exact.search(vector, N_NEAREST)).min()
    found = inexact.score(vector, inexact.search(vector, POOL)[:N_NEAREST])
    return float((found >= tenth - EQUAL).mean())


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("index", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=(10_000, 50_000, 200_000))
    options = parser.parse_args()
    store = Store(options.index)
    vectors = store.vectors(0, store.n_numbers)
    chance = np.random.default_rng(3)
    chosen = chance.choice(len(vectors), 2 * N_QUESTIONS, replace=False).tolist()
    encoder = load_encoder(store.manifest.encoder)
    texts = [passage.text[:TEXT_LENGTH] + "？" for passage in store.passages(chosen)]
    asked = np.stack([encoder.encode_question(text) for text in texts])
    setting, asked = asked[:N_QUESTIONS], asked[N_QUESTIONS:]
    for size in (size for size in options.sizes if size <= len(vectors)):
        some = vectors[np.sort(chance.choice(len(vectors), size, replace=False))]
        exact = DenseIndex.build(some)
        started = time.perf_counter()
        cells = train(some, setting)
        seconds = time.perf_counter() - started
        inexact = DenseIndex([DensePart(0, some, cells)], Presence(size))
        recall = statistics.mean(share_found(exact, inexact, vector) for vector in asked)
        print(
            f"{size:,} vectors of {some.shape[1]}: exact "
            f"{milliseconds(partial(exact.search, k=POOL), asked):.2f} ms; {cells.nlist} "
            f"cells, {cells.nprobe} looked into, made in {seconds:.1f} s, "
            f"{milliseconds(partial(inexact.search, k=POOL), asked):.2f} ms, "
            f"recall@{N_NEAREST} {recall:.4f}",
            flush=True,
        )
    store.close()


if __name__ == "__main__":
    main()
