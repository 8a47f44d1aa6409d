"""A run of passages, indexed once and never changed: vectors, postings and signatures.

A segment is derived from the database and can be made again from it. On disk it is a folder of
NumPy arrays that are mapped into memory, with a list of its files.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus import Passage
from index.dense import FLAT_LIMIT, DensePart, load_cells, save_cells, train
from index.lexical import FIELDS, invert_fields
from index.postings import Postings, load_array
from index.scored import with_context
from index.segmentation import Segmenter

if TYPE_CHECKING:
    from collections.abc import Callable

LISTING, VECTORS, SIGNATURES, CELLS = "segment.json", "vectors.npy", "signatures.npy", "dense.faiss"

ALWAYS_VERIFIED = 2**25
"""Bytes. A segment up to this size is compared with its checksums whenever it is opened, which
takes .02 s; a larger one only by `youju check`."""


@dataclass(frozen=True)
class Segment:
    """An indexed run of passages.

    Attributes:
        dense: Their vectors.
        postings: Of each field of the lexical index.
    """

    dense: DensePart
    postings: dict[str, Postings]

    @property
    def first(self) -> int:
        """Number of the first passage."""
        return self.dense.first

    @classmethod
    def make(
        cls,
        first: int,
        passages: Sequence[Passage],
        vectors: NDArray[np.float16],
        segmenter: Segmenter,
        questions: "Callable[[], NDArray[np.float32]]",
    ) -> "Segment":
        """Index passages in memory.

        Args:
            first: Number of the first one.
            passages: In the order of their numbers.
            vectors: Of these passages, shape (n, dimension), unit rows.
            segmenter: Cuts them into words.
            questions: Gives vectors to set an inexact index with, see `index.dense.train`.
        """
        cells = train(vectors, questions()) if len(vectors) > FLAT_LIMIT else None
        return cls(
            DensePart(first, vectors, cells),
            invert_fields([with_context(passage) for passage in passages], segmenter),
        )

    def save(self, folder: Path, signatures: NDArray[np.uint32]) -> str:
        """Write to a new folder, to the disk and not only to its cache; return its checksum.

        Args:
            folder: Does not exist.
            signatures: Of the passages, see `index.copies.sign`; later copies are found by them.

        Raises:
            OSError: If it cannot be written.
        """
        folder.mkdir()
        np.save(folder / VECTORS, self.dense.vectors, allow_pickle=False)
        np.save(folder / SIGNATURES, signatures, allow_pickle=False)
        for name, postings in self.postings.items():
            postings.save(folder, name)
        if self.dense.cells is not None:
            save_cells(self.dense.cells, folder / CELLS)
        files = {f.name: [f.stat().st_size, hash_file(f)] for f in sorted(folder.iterdir())}
        (folder / LISTING).write_text(json.dumps(files, indent=1) + "\n", encoding="utf-8")
        for file in folder.iterdir():
            sync(file)
        sync(folder)
        return hash_file(folder / LISTING)

    @classmethod
    def load(cls, folder: Path, first: int, digest: str) -> "Segment":
        """Map what `save` wrote.

        Raises:
            OSError, ValueError: If it is missing, damaged, or not the one of this checksum.
        """
        listed = read_listing(folder, digest)
        if sum(size for size, _ in listed.values()) <= ALWAYS_VERIFIED:
            verify(folder, listed)
        vectors: Any = load_array(folder / VECTORS)
        signatures: Any = load_array(folder / SIGNATURES)
        cells = load_cells(folder / CELLS) if CELLS in listed else None
        postings = {name: Postings.load(folder, name) for name in FIELDS}
        lengths = {len(vectors), len(signatures), *(len(p.lengths) for p in postings.values())}
        if len(lengths) > 1:
            raise ValueError(f"the parts of {folder.name} are of different lengths")
        return cls(DensePart(first, vectors, cells), postings)


def read_listing(folder: Path, digest: str) -> dict[str, tuple[int, str]]:
    """Return size and checksum of every file of a segment.

    Raises:
        OSError, ValueError: If a file is missing or of another size, or the list is not the one
            of this checksum.
    """
    if hash_file(folder / LISTING) != digest:
        raise ValueError(f"{folder.name} is not the segment that belongs to the database")
    listed: dict[str, tuple[int, str]] = json.loads((folder / LISTING).read_text(encoding="utf-8"))
    for name, (size, _) in listed.items():
        found = (folder / name).stat().st_size
        if found != size:
            raise ValueError(f"{folder.name}/{name} has {found} bytes instead of {size}")
    return listed


def verify(folder: Path, listed: dict[str, tuple[int, str]]) -> None:
    """Compare the files of a segment with their checksums.

    Raises:
        OSError, ValueError: If one differs.
    """
    for name, (_, expected) in listed.items():
        if hash_file(folder / name) != expected:
            raise ValueError(f"{folder.name}/{name} is not what was written")


def sync(path: Path) -> None:
    """Have a file or folder written to the disk itself."""
    if os.name == "nt" and path.is_dir():  # where folders cannot be opened, nor need be
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
