"""Which passages hold which terms: one field of one segment, in arrays that can be mapped."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Postings:
    """Which passages of a segment hold each term, in compressed sparse rows.

    Attributes:
        hashes: uint64, shape (n_terms,), ascending. Terms are found by their hash; among a
            million of them, two have one hash with a chance of 3 in 100 million.
        offsets: int64, shape (n_terms + 1,). Row t is in `passages[offsets[t]:offsets[t + 1]]`.
        passages: int32, shape (n_postings,). Counted from the segment's first passage, ascending
            within a row.
        counts: uint16, shape (n_postings,). How often the term is in that passage.
        lengths: int32, shape (n_passages,). Terms a passage holds, repetitions counted.
        terms: uint8. The terms in UTF-8, one a line, in the order of the rows.
    """

    hashes: NDArray[np.uint64]
    offsets: NDArray[np.int64]
    passages: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]
    terms: NDArray[np.uint8]

    @classmethod
    def invert(cls, documents: Iterable[list[str]]) -> "Postings":
        """Return the postings of passages, each given as its terms."""
        numbers: dict[str, int] = {}
        found, counts, sizes, lengths = array("i"), array("H"), array("i"), array("i")
        for terms in documents:
            counted = Counter(terms)
            found.extend(numbers.setdefault(term, len(numbers)) for term in counted)
            counts.extend(min(count, 0xFFFF) for count in counted.values())
            sizes.append(len(counted))
            lengths.append(len(terms))
        hashes = np.array([_hash(term) for term in numbers], dtype=np.uint64)
        order = np.argsort(hashes, kind="stable")
        row_of = np.empty(len(order), dtype=np.int32)
        row_of[order] = np.arange(len(order), dtype=np.int32)
        rows = row_of[np.frombuffer(found, dtype=np.int32)]
        passages = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        by_row = np.argsort(rows, kind="stable")
        listed = list(numbers)
        # Terms hold no line breaks: jieba and the token pattern leave out white space.
        joined = "\n".join(listed[n] for n in order).encode()
        return cls(
            hashes=hashes[order],
            offsets=np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(order)))]),
            passages=passages[by_row],
            counts=np.frombuffer(counts, dtype=np.uint16)[by_row],
            lengths=np.frombuffer(lengths, dtype=np.int32),
            terms=np.frombuffer(joined, dtype=np.uint8),
        )

    def find(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """Return the passages that hold a term, ascending, and how often each does."""
        wanted = np.uint64(_hash(term))
        row = int(np.searchsorted(self.hashes, wanted))
        if row == len(self.hashes) or self.hashes[row] != wanted:
            return self.passages[:0], self.counts[:0]
        place = slice(self.offsets[row], self.offsets[row + 1])
        return self.passages[place], self.counts[place]

    def all_terms(self) -> Iterator[str]:
        """Yield every term once."""
        joined = self.terms.tobytes().decode()
        yield from joined.split("\n") if joined else ()

    def save(self, folder: Path, name: str) -> None:
        """Write one file for each array, without pickle."""
        for field in fields(self):
            np.save(_file(folder, name, field.name), getattr(self, field.name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, name: str) -> "Postings":
        """Map what `save` wrote; nothing is read before it is needed.

        Raises:
            OSError, ValueError: If a file is missing, damaged or does not fit the others.
        """
        arrays: dict[str, Any] = {
            field.name: load_array(_file(folder, name, field.name)) for field in fields(cls)
        }
        postings = cls(**arrays)
        fits = len(postings.hashes) == len(postings.offsets) - 1
        if not fits or postings.offsets[-1] != len(postings.passages):
            raise ValueError(f"the parts of field '{name}' are of different lengths")
        return postings


def load_array(file: Path) -> NDArray[np.generic]:
    """Map an array of a file.

    Raises:
        OSError, ValueError: If it is missing or damaged.
    """
    try:
        return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))
    except EOFError as error:
        raise ValueError(f"{file.name} is empty") from error


def _file(folder: Path, name: str, part: str) -> Path:
    return folder / f"{name}.{part}.npy"


def _hash(term: str) -> int:
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "little")
