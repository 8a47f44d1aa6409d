"""Packed files: no more of them is unpacked than memory holds."""

import gzip
import io
import zipfile
import zlib
from pathlib import Path

from corpus.errors import CorpusError

MAX_PACKED_TEXT = 1_000_000_000
"""Bytes that a .gz file may hold: some 300,000 articles as JSON lines."""

MAX_PACKED_PARTS = 200_000_000
"""Bytes that all parts of a .docx file may hold, its pictures included."""

MAX_PACKED_XML = 50_000_000
"""Bytes that its XML may hold; parsed it takes ten times the memory. A long book has a third."""


def unpack_gzip(data: bytes, path: Path) -> bytes:
    """Return what a gzip file holds.

    Raises:
        CorpusError: If it is none, is cut short, or holds more than `MAX_PACKED_TEXT`.
    """
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            text = packed.read(MAX_PACKED_TEXT + 1)
    except (OSError, zlib.error, EOFError) as error:
        raise CorpusError(f"{path}: not a gzip file, or cut short: {error}") from error
    if len(text) > MAX_PACKED_TEXT:
        raise CorpusError(
            f"{path}: holds more than {MAX_PACKED_TEXT // 1_000_000} MB unpacked; split it"
        )
    return text


def check_zip(data: bytes, path: Path) -> None:
    """Make sure that a Word document can be unpacked into memory.

    Raises:
        CorpusError: If it holds more than `MAX_PACKED_PARTS` or `MAX_PACKED_XML`.
        zipfile.BadZipFile: If it is no such file.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        # What a part says of its size is as much as zipfile reads of it.
        parts = packed.infolist()
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    total = sum(part.file_size for part in parts)
    for size, most in ((total, MAX_PACKED_PARTS), (xml, MAX_PACKED_XML)):
        if size > most:
            raise CorpusError(
                f"{path}: holds {size // 1_000_000} MB unpacked, more than the "
                f"{most // 1_000_000} MB that a document may; split it"
            )


def unpacked_size(file: Path, most: int) -> int:
    """Return how many bytes a file holds, unpacked if it is packed.

    Args:
        file: Of any kind.
        most: No more bytes than this are unpacked, or counted.
    """
    try:
        match file.suffix.lower():
            case ".gz":
                with gzip.open(file) as packed:
                    return len(packed.read(most))
            case ".docx":
                with zipfile.ZipFile(file) as parts:
                    return min(most, sum(part.file_size for part in parts.infolist()))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
        pass  # reading it says what is wrong
    return file.stat().st_size
