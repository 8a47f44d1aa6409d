"""Nearest passages by the angle between vectors, through FAISS (imported only here)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.presence import Presence

FLAT_LIMIT = 50_000
"""Segments up to so many passages are searched exactly. Measured: see `index/README.md`."""

RECALL = 0.99
"""Share of the ten nearest that an inexact index must find, see `train`."""

TRAINING_PER_CELL = 48
"""Vectors for every cell that k-means sees; FAISS asks for 39 at least."""

N_NEAREST = 10

BLOCK = 100_000
"""Vectors in single precision at a time; all of a large archive would not fit into memory."""

Rows = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class DensePart:
    """The vectors of one segment.

    Attributes:
        first: Number of its first passage.
        vectors: Shape (n, dimension), unit rows.
        cells: An inverted file over them, or None where they are searched exactly.
    """

    first: int
    vectors: Rows
    cells: "faiss.IndexIVF | None" = None


class DenseIndex:
    """Cosine search over the unit vectors of all segments."""

    def __init__(self, parts: Sequence[DensePart], presence: Presence) -> None:
        """Join segments.

        Args:
            parts: Ascending, without gaps; at least one.
            presence: Which passages count; removed ones are not found.
        """
        self._parts = parts
        self._removed = presence.removed
        self._firsts = np.array([part.first for part in parts])
        exact = [part for part in parts if part.cells is None]
        numbers = [part.first + np.arange(len(part.vectors)) for part in exact]
        self._numbers = np.concatenate([np.empty(0, np.int64), *numbers])
        self._numbers = self._numbers[presence.is_there[self._numbers]]
        self._flat = faiss.IndexFlatIP(self.dimension)
        for part in exact:
            for first, rows in _blocks(part.vectors):
                kept = presence.is_there[part.first + first : part.first + first + len(rows)]
                self._flat.add(rows[kept])

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self._parts[0].vectors.shape[1])

    @classmethod
    def build(cls, vectors: Rows) -> "DenseIndex":
        """Index vectors in memory, shape (n_passages, dimension); row n is passage n."""
        return cls([DensePart(0, vectors)], Presence(len(vectors)))

    def search(
        self, vector: NDArray[np.float32], k: int, among: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Return the numbers of the `k` nearest passages, nearest first.

        Args:
            vector: float32, shape (dimension,), of length 1.
            k: How many; fewer come back if there are fewer.
            among: Numbers of the passages to search, ascending; None for all.
        """
        if among is not None and not len(among):
            return among
        found = [self._search_flat(vector, k, among)]
        found += [
            self._search_cells(part, part.cells, vector, k, among)
            for part in self._parts
            if part.cells is not None
        ]
        numbers = np.concatenate(found)
        if len(found) > 1:
            numbers = numbers[np.argsort(-self.score(vector, numbers), kind="stable")]
        return numbers[:k]

    def _search_flat(
        self, vector: NDArray[np.float32], k: int, among: NDArray[np.int64] | None
    ) -> NDArray[np.int64]:
        rows = None
        if among is not None:
            rows = np.flatnonzero(np.isin(self._numbers, among, assume_unique=True))
        k = min(k, self._flat.ntotal if rows is None else len(rows))
        if not k:
            return np.empty(0, dtype=np.int64)
        only = None if rows is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
        _, found = self._flat.search(vector.reshape(1, -1), k, params=only)
        return np.asarray(self._numbers[found[0]])

    def _search_cells(
        self,
        part: DensePart,
        cells: "faiss.IndexIVF",
        vector: NDArray[np.float32],
        k: int,
        among: NDArray[np.int64] | None,
    ) -> NDArray[np.int64]:
        last = part.first + len(part.vectors)
        if among is not None:
            among = among[(among >= part.first) & (among < last)]
            # Few are looked at one by one; most cells would hold none of them.
            if len(among) <= FLAT_LIMIT:
                return among[np.argsort(-self.score(vector, among), kind="stable")[:k]]
            only: faiss.IDSelector = faiss.IDSelectorBatch(among - part.first)
        else:
            only = faiss.IDSelectorNot(faiss.IDSelectorBatch(self._removed - part.first))
        params = faiss.SearchParametersIVF(sel=only, nprobe=cells.nprobe)  # type: ignore[call-arg]
        _, found = cells.search(vector.reshape(1, -1), k, params=params)
        return np.asarray(found[0][found[0] >= 0], dtype=np.int64) + part.first

    def score(self, vector: NDArray[np.float32], numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of `vector` with the passages of these numbers, in their order."""
        rows = np.empty((len(numbers), self.dimension), dtype=np.float32)
        holder = np.searchsorted(self._firsts, numbers, side="right") - 1
        for place, part in enumerate(self._parts):
            here = holder == place
            rows[here] = part.vectors[numbers[here] - part.first]
        # BLAS kernels read past short rows and may raise a flag for what they then discard.
        with np.errstate(invalid="ignore"):
            return np.asarray(rows @ vector, dtype=np.float32)


def train(vectors: Rows, questions: NDArray[np.float32]) -> "faiss.IndexIVF":
    """Return an inverted file over vectors, set to find `RECALL` of the ten nearest.

    Vectors are kept in 8 bits a number; what is found is scored again with the vectors
    themselves. How many cells are looked at is the least power of two that reaches `RECALL` on
    questions, so the rule is a measurement on the archive itself.

    Args:
        vectors: Shape (n, dimension), unit rows, more than `FLAT_LIMIT`.
        questions: float32, shape (n_questions, dimension), unit rows.
    """
    n, dimension = vectors.shape
    n_cells = 2 ** round(np.log2(4 * np.sqrt(n)))
    cells = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension), dimension, n_cells,
        faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT,
    )  # fmt: skip
    n_sample = min(n, TRAINING_PER_CELL * n_cells)
    sample = np.sort(np.random.default_rng(0).choice(n, n_sample, replace=False))
    cells.train(np.asarray(vectors[sample], dtype=np.float32))
    nearest = _NearestSoFar(questions)
    for first, rows in _blocks(vectors):
        cells.add(rows)
        nearest.look_at(rows, first)
    cells.nprobe = 1
    while cells.nprobe < n_cells and nearest.share_found(cells) < RECALL:
        cells.nprobe *= 2
    return cells


def _blocks(vectors: Rows) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield vectors in single precision, `BLOCK` at a time, with the number of the first."""
    for first in range(0, len(vectors), BLOCK):
        yield first, np.array(vectors[first : first + BLOCK], dtype=np.float32, order="C")


class _NearestSoFar:
    """The exact nearest vectors of questions, over vectors that come in blocks."""

    def __init__(self, questions: NDArray[np.float32]) -> None:
        self._questions = questions
        self._scores = np.full((len(questions), N_NEAREST), -np.inf, dtype=np.float32)
        self._numbers = np.full((len(questions), N_NEAREST), -1, dtype=np.int64)

    def look_at(self, rows: NDArray[np.float32], first: int) -> None:
        scores, numbers = faiss.knn(
            self._questions, rows, min(N_NEAREST, len(rows)), metric=faiss.METRIC_INNER_PRODUCT
        )
        all_scores = np.hstack([self._scores, scores])
        all_numbers = np.hstack([self._numbers, numbers + first])
        best = np.argsort(-all_scores, axis=1, kind="stable")[:, :N_NEAREST]
        self._scores = np.take_along_axis(all_scores, best, axis=1)
        self._numbers = np.take_along_axis(all_numbers, best, axis=1)

    def share_found(self, cells: "faiss.IndexIVF") -> float:
        # Ten times as many, as in a search, because the cells keep rough vectors.
        _, found = cells.search(self._questions, 10 * N_NEAREST)
        shared = [len(np.intersect1d(a, b)) for a, b in zip(found, self._numbers, strict=True)]
        return sum(shared) / self._numbers.size


def save_cells(cells: "faiss.IndexIVF", file: Path) -> None:
    """Write an inverted file.

    Raises:
        OSError: If it cannot be written.
    """
    try:
        faiss.write_index(cells, str(file))
    except RuntimeError as error:
        raise OSError(f"{file.name} cannot be written") from error


def load_cells(file: Path) -> "faiss.IndexIVF":
    """Map what `save_cells` wrote.

    Raises:
        ValueError: If the file is missing or damaged.
    """
    try:
        index = faiss.read_index(str(file), faiss.IO_FLAG_MMAP)
    except RuntimeError as error:
        raise ValueError(f"{file.name} cannot be read") from error
    cells: Any = faiss.downcast_index(index)
    cells.referenced_objects = [index]  # which owns the memory of what it is cast to
    return cells  # type: ignore[no-any-return]
