"""The database of an index folder: its tables, its manifest, and how records become rows.

Rows are only ever added. An article is removed by saying so in its row, and a new version of it
is another row; each change of an index is one generation, and whoever opened an index goes on
seeing the generation that was current then. Only `index.changes.compact_index` leaves old rows
out, and it writes another file.
"""

import contextlib
import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import Article, Section
from index import times

FORMAT_VERSION = 3
DATABASE = "articles.sqlite"

VECTOR = np.dtype("<f2")
"""How vectors are kept. Half precision moves a cosine by less than .0005."""

WAIT_SECONDS = 60
"""How long a reader waits for a change to be written, which takes milliseconds."""

LOOK_SECONDS = 0.02
"""Between two looks whether it is written."""

# Source and date are columns as well, and stand before the record, so that no record is read to
# find them. "2026-04/2026-05" is an interval; a date alone begins and ends with itself.
SCHEMA = f"""
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, position INTEGER NOT NULL,
    added INTEGER NOT NULL, removed INTEGER, digest BLOB NOT NULL,
    source TEXT AS (json_extract(record, '$.source')) STORED,
    date TEXT AS (json_extract(record, '$.date')) STORED,
    record TEXT NOT NULL);
CREATE UNIQUE INDEX current_versions ON articles (id) WHERE removed IS NULL;
CREATE INDEX versions ON articles (id);
CREATE INDEX removed_versions ON articles (removed) WHERE removed IS NOT NULL;
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (number),
    section TEXT, paragraph INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    digest BLOB NOT NULL, vector BLOB NOT NULL);
CREATE INDEX passages_of_article ON passages (article);
{times.SCHEMA}
CREATE TABLE copies (
    number INTEGER PRIMARY KEY REFERENCES passages (number),
    first INTEGER NOT NULL REFERENCES passages (number));
CREATE TABLE segments (
    name TEXT PRIMARY KEY, first INTEGER NOT NULL UNIQUE, last INTEGER NOT NULL UNIQUE,
    digest TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is.

    Attributes:
        format_version: Of the folder's layout.
        encoder: Name of the encoder.
        encoder_fingerprint: Hash of its weights.
        dimension: Length of the vectors.
        generation: How often the index was changed; 1 when it was built.
        n_articles: How many articles it holds.
        n_passages: How many passages.
        noise: Best cosine of every unrelated question and the number of that passage, as JSON,
            see `index.noise`.
        names: Names that are never cut apart, one a line; see `index.dictionary`.
        fold_copies: 1 if passages that print the same count as one, else 0.
    """

    format_version: int
    encoder: str
    encoder_fingerprint: str
    dimension: int
    generation: int
    n_articles: int
    n_passages: int
    noise: str
    names: str = ""
    fold_copies: int = 1


def connect(file: Path, mode: str) -> sqlite3.Connection:
    """Open a database.

    Args:
        file: Where it is.
        mode: "ro" to read, "rw" to change, "rwc" to make it if it is not there.

    Raises:
        sqlite3.Error: If that cannot be done.
    """
    return sqlite3.connect(
        f"{file.resolve().as_uri()}?mode={mode}",
        WAIT_SECONDS,
        uri=True,
        check_same_thread=False,
        isolation_level=None,  # transactions begin and end where the code says so
    )


def fetch(
    connection: sqlite3.Connection, sql: str, parameters: Sequence[object] = ()
) -> list[tuple[Any, ...]]:
    """Return what a database that is open to read says.

    Where a change is being written, it says so when that is over; one that was cut short is undone
    before.

    Raises:
        sqlite3.Error: If it is damaged, or is written to for longer than `WAIT_SECONDS`.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            is_unfinished = error.sqlite_errorcode == sqlite3.SQLITE_READONLY_ROLLBACK
            if not is_unfinished or time.monotonic() > deadline:
                raise
        _undo_unfinished(connection)
        time.sleep(LOOK_SECONDS)


def _undo_unfinished(connection: sqlite3.Connection) -> None:
    """Undo a change that was cut short; one that is still being written is left alone."""
    [(_, _, file)] = connection.execute("PRAGMA database_list").fetchall()[:1]
    with contextlib.closing(connect(Path(file), "rw")) as writer:
        writer.execute("SELECT 1 FROM sqlite_master").fetchall()


def read_manifest(connection: sqlite3.Connection) -> tuple[str, Manifest | None]:
    """Return the format version as written, and the manifest if it is of this version.

    Raises:
        sqlite3.Error, TypeError, ValueError: If it is damaged.
    """
    values = dict(connection.execute("SELECT key, value FROM manifest"))
    version = values.get("format_version", "unknown")
    if version != str(FORMAT_VERSION):
        return version, None
    known = [field for field in fields(Manifest) if field.name in values]
    return version, Manifest(**{f.name: f.type(values[f.name]) for f in known})  # type: ignore[operator]


def write_manifest(connection: sqlite3.Connection, manifest: Manifest) -> None:
    """Write all of a manifest over what was there."""
    rows = [(key, str(value)) for key, value in asdict(manifest).items()]
    connection.executemany("INSERT OR REPLACE INTO manifest VALUES (?, ?)", rows)


def article_to_json(article: Article) -> str:
    """Return an article as JSON; `article_from_json` gives the same article back."""
    return json.dumps(asdict(article), ensure_ascii=False)


def article_from_json(record: str) -> Article:
    """Return the article that `article_to_json` wrote."""
    values: Mapping[str, Any] = json.loads(record)
    sections = tuple(Section(s["heading"], tuple(s["paragraphs"])) for s in values["sections"])
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return Article(**{**values, **lists, "sections": sections})


def digest_record(record: str) -> bytes:
    """Return the checksum of an article's row."""
    return blake2b(record.encode(), digest_size=16).digest()


def digest_passage(text: str, vector: bytes) -> bytes:
    """Return the checksum of a passage's row: of its text and its vector as kept."""
    return blake2b(text.encode() + b"\0" + vector, digest_size=8).digest()


def pack(vectors: NDArray[np.floating[Any]]) -> NDArray[np.float16]:
    """Return vectors as they are kept, little-endian float16, of the same shape."""
    return np.ascontiguousarray(vectors, dtype=VECTOR)


def unpack(rows: Sequence[bytes], dimension: int) -> NDArray[np.float16]:
    """Return vectors from rows, float16, shape (n, dimension).

    Raises:
        ValueError: If a row has another length.
    """
    if any(len(row) != dimension * VECTOR.itemsize for row in rows):
        raise ValueError("a vector has another length than the manifest says")
    return np.frombuffer(b"".join(rows), dtype=VECTOR).reshape(-1, dimension)
