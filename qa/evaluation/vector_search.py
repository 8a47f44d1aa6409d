"""Measures exact against inexact search over the vectors of an index, or over synthetic ones.

    python -m qa.evaluation.vector_search INDEX [--sizes 10000 50000 200000]
    python -m qa.evaluation.vector_search --synthetic 5000000 --folder FOLDER

Prints, for so many of its passages drawn at random, the time of a search for `POOL` passages by
comparing all and by looking into cells (`index.dense.train`), how long the cells take to make, and
the share of the ten nearest that they find for questions they were not set with. With --synthetic
also memory and disk, for vectors that resemble real ones (`qa.evaluation.synthetic_vectors`) and
are written to a folder; 5 M take 6 GB there.
"""

import argparse
import statistics
import time
from functools import partial
from pathlib import Path

import numpy as np

from index import load_encoder
from index.dense import FLAT_LIMIT, N_NEAREST, DenseIndex, DensePart, train
from index.passage_index import POOL
from index.presence import Presence
from index.store import Store
from qa.evaluation import synthetic_search
from qa.evaluation.nearest import last_cosines, milliseconds, share_found

N_QUESTIONS = 200

TEXT_LENGTH = 18
"""Characters of a passage that are asked."""


def measure_index(folder: Path, sizes: list[int]) -> None:
    """Print a line for each size that an index has."""
    store = Store(folder)
    vectors = store.vectors(0, store.n_numbers)
    chance = np.random.default_rng(3)
    chosen = chance.choice(len(vectors), 2 * N_QUESTIONS, replace=False).tolist()
    encoder = load_encoder(store.manifest.encoder)
    texts = [passage.text[:TEXT_LENGTH] + "？" for passage in store.passages(chosen)]
    asked = np.stack([encoder.encode_question(text) for text in texts])
    setting, asked = asked[:N_QUESTIONS], asked[N_QUESTIONS:]
    for size in (size for size in sizes if size <= len(vectors)):
        some = vectors[np.sort(chance.choice(len(vectors), size, replace=False))]
        exact = DenseIndex.build(some)
        started = time.perf_counter()
        cells = train(some, setting)
        seconds = time.perf_counter() - started
        inexact = DenseIndex([DensePart(0, some, cells)], Presence(size))
        last = last_cosines(some, asked).tolist()
        recall = statistics.mean(map(partial(share_found, inexact), asked, last))
        print(
            f"{size:,} vectors of {some.shape[1]}: exact "
            f"{milliseconds(partial(exact.search, k=POOL), asked):.2f} ms; {cells.nlist} "
            f"cells, {cells.nprobe} looked into, made in {seconds:.1f} s, "
            f"{milliseconds(partial(inexact.search, k=POOL), asked):.2f} ms, "
            f"recall@{N_NEAREST} {recall:.4f}",
            flush=True,
        )
    store.close()


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("index", type=Path, nargs="?")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 50_000, 200_000])
    parser.add_argument("--synthetic", type=int, metavar="N", help="measure N synthetic vectors")
    parser.add_argument("--folder", type=Path, help="where synthetic vectors are written")
    options = parser.parse_args()
    if bool(options.index) == bool(options.synthetic):
        parser.error("give either an INDEX or --synthetic N")
    if options.index:
        measure_index(options.index, options.sizes)
    elif not options.folder or options.synthetic <= FLAT_LIMIT:
        parser.error(f"--synthetic needs --folder, and more than {FLAT_LIMIT:,} vectors")
    else:
        synthetic_search.measure(options.synthetic, options.folder)


if __name__ == "__main__":
    main()
