"""Measures search over more vectors than there are real ones, see `synthetic_vectors`."""

import os
import resource
import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np
import psutil
from numpy.typing import NDArray

from index import load_encoder
from index.dense import N_NEAREST, DenseIndex, DensePart, load_cells, save_cells, train
from index.passage_index import POOL
from index.postings import load_array
from index.presence import Presence
from qa.evaluation.nearest import last_cosines, milliseconds, share_found
from qa.evaluation.synthetic_vectors import encode_real, write_vectors

N_EXACT = 20
"""Questions whose time is taken where all vectors are compared."""

LOOK_SECONDS = 0.05
"""Between two looks at the memory of a process."""

P = ParamSpec("P")
T = TypeVar("T")


class Memory(NamedTuple):
    """The most memory a process had, in bytes.

    Attributes:
        resident: All, with pages of mapped files, which the system takes back when it needs them.
        own: Without those.
    """

    resident: int
    own: int

    def __str__(self) -> str:
        return f"peak {self.own / 1e9:.2f} GB and mapped files, {self.resident / 1e9:.2f} in all"


class Exact(NamedTuple):
    """All vectors compared: milliseconds of a search, and `last_cosines`."""

    milliseconds: float
    last: list[float]


class Cells(NamedTuple):
    """An inverted file: how many cells, how many are looked into, seconds to make it."""

    n_cells: int
    n_probed: int
    seconds: float


class Found(NamedTuple):
    """Search through cells: milliseconds, and the share of the ten nearest that are found."""

    milliseconds: float
    recall: float


def measure(n: int, folder: Path) -> None:
    """Make n vectors, measure search over them and print what it takes.

    Each step is a process of its own, so that its memory is its own.

    Args:
        n: How many, more than `index.dense.FLAT_LIMIT`.
        folder: Where vectors and cells go, and stay; made if it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vectors, cells = folder / f"vectors-{n}.npy", folder / f"cells-{n}.faiss"
    seconds, memory = alone(_write, n, folder, vectors)
    print(f"{n:,} vectors made in {seconds:.0f} s, {_gigabytes(vectors)}; {memory}", flush=True)
    made, memory = alone(_train, folder, vectors, cells)
    print(
        f"{made.n_cells} cells, {made.n_probed} looked into, made in {made.seconds:.0f} s, "
        f"{_gigabytes(cells)}; {memory}",
        flush=True,
    )
    exact, memory = alone(_compare_all, folder, vectors)
    print(f"all compared: {exact.milliseconds:.1f} ms; {memory}", flush=True)
    found, memory = alone(_search, folder, vectors, cells, exact.last)
    print(
        f"cells: {found.milliseconds:.1f} ms, recall@{N_NEAREST} {found.recall:.4f}; {memory}",
        flush=True,
    )


def alone(step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, Memory]:
    """Run a step in a process of its own; return what it returns and its memory.

    Raises:
        MemoryError: If the process was killed.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(_watched, partial(step, *args, **kwargs)).result()
        except BrokenProcessPool as error:
            raise MemoryError("the process was killed; it needed more memory") from error


def _watched(step: Callable[[], T]) -> tuple[T, Memory]:
    done, own = threading.Event(), 0
    process = psutil.Process(os.getpid())

    def look() -> None:
        nonlocal own
        while not done.wait(LOOK_SECONDS):
            memory = process.memory_info()
            own = max(own, memory.rss - getattr(memory, "shared", 0))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        result = step()
    finally:
        done.set()
        watcher.join()
    return result, Memory(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, own)


def _questions(folder: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Questions that cells are set with, and those that are asked."""
    questions = encode_real(load_encoder(), folder).questions
    return questions[::2], questions[1::2]


def _write(n: int, folder: Path, file: Path) -> float:
    real = encode_real(load_encoder(), folder).passages
    started = time.perf_counter()
    write_vectors(real, n, file)
    return time.perf_counter() - started


def _train(folder: Path, vectors: Path, file: Path) -> Cells:
    setting, _ = _questions(folder)
    started = time.perf_counter()
    cells = train(_rows(vectors), setting)
    seconds = time.perf_counter() - started
    save_cells(cells, file)
    return Cells(cells.nlist, cells.nprobe, seconds)


def _compare_all(folder: Path, vectors: Path) -> Exact:
    _, asked = _questions(folder)
    rows = _rows(vectors)
    exact = DenseIndex.build(rows)
    spent = milliseconds(partial(exact.search, k=POOL), asked[:N_EXACT])
    return Exact(spent, last_cosines(rows, asked).tolist())


def _search(folder: Path, vectors: Path, file: Path, last: list[float]) -> Found:
    _, asked = _questions(folder)
    rows = _rows(vectors)
    index = DenseIndex([DensePart(0, rows, load_cells(file))], Presence(len(rows)))
    recall = statistics.mean(map(partial(share_found, index), asked, last))
    return Found(milliseconds(partial(index.search, k=POOL), asked), recall)


def _rows(file: Path) -> Any:  # noqa: ANN401
    return load_array(file)


def _gigabytes(file: Path) -> str:
    return f"{file.stat().st_size / 1e9:.2f} GB on disk"
