"""Writes a whole new index into a folder, in the place of the one that is there."""

import contextlib
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Article, Passage
from index import times
from index.copies import find_copies, sign
from index.database import (
    DATABASE,
    FORMAT_VERSION,
    SCHEMA,
    Manifest,
    article_to_json,
    connect,
    digest_passage,
    digest_record,
    write_manifest,
)
from index.encoders import Encoder
from index.folder import BUILDING, SEGMENT
from index.noise import Nearest, noise_questions
from index.segmentation import Segmenter
from index.segments import Segment, sync

N_SETTING = 200
"""Headlines asked like questions to set an inexact index with, besides the unrelated ones."""


def encode_noise(encoder: Encoder) -> NDArray[np.float32]:
    """Return the vectors of the unrelated questions, float32, shape (n_questions, dimension)."""
    return np.stack([encoder.encode_question(question) for question in noise_questions()])


def setting_questions(
    encoder: Encoder, passages: Sequence[Passage]
) -> Callable[[], NDArray[np.float32]]:
    """Return what gives vectors of things that may be asked of passages, see `dense.train`."""

    def encode() -> NDArray[np.float32]:
        titles = list(dict.fromkeys(passage.title for passage in passages))
        some = titles[:: max(1, len(titles) // N_SETTING)][:N_SETTING]
        asked = np.stack([encoder.encode_question(title) for title in some])
        return np.concatenate([asked, encode_noise(encoder)])

    return encode


def write_index(
    folder: Path,
    encoder: Encoder,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    vectors: NDArray[np.float16],
    names: Sequence[str],
    *,
    fold_copies: bool,
    generation: int = 1,
) -> Manifest:
    """Write an index; it takes the place of what is in the folder in one step.

    Args:
        folder: Held by `index.folder.writing`.
        encoder: Made the vectors.
        articles: In the order they were given.
        passages: Row n is passage number n.
        vectors: Of the passages, as `index.database.pack` returns them.
        names: Never cut apart.
        fold_copies: Whether passages that print the same count as one.
        generation: Of the manifest.

    Raises:
        OSError, sqlite3.Error: If it cannot be written.
    """
    questions = setting_questions(encoder, passages)
    segment = Segment.make(0, passages, vectors, Segmenter(names), questions)
    signatures = sign(passage.text for passage in passages)
    copies = find_copies(signatures, lambda n: passages[n].text) if fold_copies else {}
    name, digest = save_segment(folder, segment, signatures)
    nearest = Nearest.among(encode_noise(encoder), vectors, np.arange(len(passages)))
    manifest = Manifest(
        FORMAT_VERSION,
        encoder.name,
        encoder.fingerprint,
        encoder.dimension,
        generation,
        len(articles),
        len(passages),
        nearest.to_json(),
        "\n".join(names),
        int(fold_copies),
    )
    with contextlib.closing(connect(folder / BUILDING, "rwc")) as connection:
        connection.executescript(SCHEMA)
        connection.execute("BEGIN")
        write_manifest(connection, manifest)
        rows = ((n, n, article) for n, article in enumerate(articles))
        insert_articles(connection, rows, generation)
        insert_passages(connection, articles, passages, vectors, 0, 0)
        insert_copies(connection, copies)
        insert_segment(connection, name, 0, len(passages), digest)
        connection.execute("COMMIT")
    sync(folder / BUILDING)
    # Of a database that cannot be read any more; SQLite would take it for the new one's.
    (folder / f"{DATABASE}-journal").unlink(missing_ok=True)
    (folder / BUILDING).replace(folder / DATABASE)
    sync(folder)
    return manifest


def save_segment(folder: Path, segment: Segment, signatures: NDArray[np.uint32]) -> tuple[str, str]:
    """Write a segment into an index folder; return its name there and its checksum.

    Raises:
        OSError: If it cannot be written.
    """
    name = SEGMENT + secrets.token_hex(4)
    return name, segment.save(folder / name, signatures)


def insert_articles(
    connection: sqlite3.Connection, rows: Iterable[tuple[int, int, Article]], generation: int
) -> None:
    """Insert articles, each with its number and its position in the list."""
    for number, position, article in rows:
        record = article_to_json(article)
        connection.execute(
            "INSERT INTO articles (number, id, position, added, digest, record) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (number, article.id, position, generation, digest_record(record), record),
        )


def insert_passages(
    connection: sqlite3.Connection,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    vectors: NDArray[np.float16],
    first_article: int,
    first_passage: int,
) -> None:
    """Insert passages with their vectors and the times they name.

    Args:
        connection: In a transaction.
        articles: All that the passages are of; they have numbers from `first_article` on.
        passages: They get numbers from `first_passage` on.
        vectors: Of the passages.
        first_article: See above.
        first_passage: See above.
    """
    number_of = {article.id: first_article + n for n, article in enumerate(articles)}
    packed = map(bytes, vectors)
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                first_passage + n, number_of[p.article_id], p.section, p.paragraph, p.start, p.end,
                digest_passage(p.text, vector), vector,
            )
            for n, (p, vector) in enumerate(zip(passages, packed, strict=True))
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO times VALUES (?, ?, ?, ?, ?)",
        (
            (first_passage + n, said.start, said.end, said.first.isoformat(), said.last.isoformat())
            for n, said in times.find_said(articles, passages)
        ),
    )


def insert_copies(connection: sqlite3.Connection, copies: Mapping[int, int]) -> None:
    """Insert which passages repeat an earlier one, see `index.copies.find_copies`."""
    connection.executemany("INSERT INTO copies VALUES (?, ?)", copies.items())


def insert_segment(
    connection: sqlite3.Connection, name: str, first: int, last: int, digest: str
) -> None:
    """Insert a segment of the passages `first` to `last` - 1."""
    connection.execute("INSERT INTO segments VALUES (?, ?, ?, ?)", (name, first, last, digest))
