"""Vectors of texts that were encoded before, so that a build goes on where it was cut short."""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.database import connect, pack
from index.encoders import Encoder, Progress

FILE = "encoded.sqlite"

CHUNK = 1024
"""Texts encoded between two writes; what a build that is cut short loses at most."""

_UNREADABLE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""The last one: a table is missing. Other errors, such as of the disk, may pass."""

Known = Mapping[bytes, bytes]
"""Vectors as they are kept, by `key_of` their texts."""


def key_of(text: str) -> bytes:
    """Return what a text's vector is kept under."""
    return blake2b(text.encode(), digest_size=16).digest()


def encode(
    encoder: Encoder,
    texts: Sequence[str],
    progress: Progress | None = None,
    known: Known | None = None,
    folder: Path | None = None,
) -> NDArray[np.float16]:
    """Return the vectors of passages as they are kept, shape (n, dimension), unit rows.

    Args:
        encoder: What encodes them.
        texts: In the order of the vectors.
        progress: Told how many texts are done since the last call.
        known: Texts that need no encoding.
        folder: Where vectors are written while this goes on, if there are more than `CHUNK`, and
            looked for before; None keeps nothing.

    Raises:
        sqlite3.Error: If they cannot be written.
    """
    vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float16)
    with contextlib.ExitStack() as stack:
        kept, found = None, dict(known or {})
        if folder and (len(texts) > CHUNK or (folder / FILE).exists()):
            found |= _read(folder / FILE, encoder.fingerprint)
            kept = stack.enter_context(_open(folder / FILE, encoder.fingerprint))
        missing = []
        for place, text in enumerate(texts):
            row = found.get(key_of(text), b"")
            if len(row) == vectors[place].nbytes:
                vectors[place] = np.frombuffer(row, dtype=vectors.dtype)
            else:
                missing.append(place)
        if progress and len(missing) < len(texts):
            progress(len(texts) - len(missing))
        for start in range(0, len(missing), CHUNK):
            places = missing[start : start + CHUNK]
            chunk = [texts[place] for place in places]
            vectors[places] = pack(encoder.encode_passages(chunk, progress))
            if kept:
                rows = [
                    (key_of(text), vectors[n].tobytes())
                    for n, text in zip(places, chunk, strict=True)
                ]
                kept.execute("BEGIN")
                kept.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
                kept.execute("COMMIT")
    return vectors


def _read(file: Path, fingerprint: str) -> Known:
    """What an earlier build with the same encoder kept; a file of anything else is deleted."""
    if not file.exists():
        return {}
    try:
        with contextlib.closing(connect(file, "rw")) as connection:
            if connection.execute("SELECT * FROM encoder").fetchall() == [(fingerprint,)]:
                return dict(connection.execute("SELECT * FROM vectors"))
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in _UNREADABLE:  # the low byte is the kind
            raise
    file.unlink()
    # SQLite would take it for the new one's.
    file.with_name(f"{file.name}-journal").unlink(missing_ok=True)
    return {}


@contextlib.contextmanager
def _open(file: Path, fingerprint: str) -> Iterator[sqlite3.Connection]:
    """Open what `_read` read, or make it."""
    with contextlib.closing(connect(file, "rwc")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS encoder (fingerprint TEXT PRIMARY KEY)")
        connection.execute("INSERT OR IGNORE INTO encoder VALUES (?)", (fingerprint,))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB NOT NULL)"
        )
        yield connection
