"""Nearest passages by the angle between vectors, through FAISS (imported only here)."""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray


class DenseIndex:
    """Exact cosine search over unit vectors."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self._index.d)

    @classmethod
    def build(cls, vectors: NDArray[np.float32]) -> "DenseIndex":
        """Index vectors, float32, shape (n_passages, dimension), unit rows; row n is passage n."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    def search(
        self, vector: NDArray[np.float32], k: int, among: NDArray[np.int64] | None = None
    ) -> NDArray[np.int64]:
        """Return the numbers of the `k` nearest passages, nearest first.

        Args:
            vector: float32, shape (dimension,), of length 1.
            k: How many; fewer come back if there are fewer.
            among: Numbers of the passages to search; None for all.
        """
        if among is None:
            _, numbers = self._index.search(vector.reshape(1, -1), min(k, len(self)))
        elif len(among):
            only = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
            _, numbers = self._index.search(vector.reshape(1, -1), min(k, len(among)), params=only)
        else:
            return among
        return np.asarray(numbers[0], dtype=np.int64)

    def best(self, vector: NDArray[np.float32]) -> float:
        """Return the cosine of the nearest passage."""
        cosines, _ = self._index.search(vector.reshape(1, -1), 1)
        return float(cosines[0, 0])

    def score(self, vector: NDArray[np.float32], numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of `vector` with the passages of these numbers, in their order."""
        # BLAS kernels read past short rows and may raise a flag for what they then discard.
        with np.errstate(invalid="ignore"):
            return np.asarray(self._index.reconstruct_batch(numbers) @ vector, dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the index to one file.

        Raises:
            OSError: If it cannot be written.
        """
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path.name} cannot be written") from error

    @classmethod
    def load(cls, path: Path) -> "DenseIndex":
        """Read what `save` wrote.

        Raises:
            RuntimeError: If the file is missing or damaged.
        """
        return cls(faiss.read_index(str(path)))
