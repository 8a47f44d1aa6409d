"""Parts of an archive that are encoded one by one, on any machine, and joined into one index.

A shard is one SQLite file: articles, the vectors of their passages, and a header that says which
part of which documents it is. It gets its name once all of it is on the disk; until then it lies
in a folder of its own, where `embed_shard` goes on if it was cut short.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from corpus import Article, Passage, split_article
from index import encoders
from index.building import Progress, check_ids, count_up
from index.database import (
    VECTOR,
    article_from_json,
    article_to_json,
    connect,
    digest_passage,
    digest_record,
)
from index.encoders import BUNDLED
from index.errors import ShardError
from index.folder import LOCK, explaining
from index.known_vectors import encode
from index.segments import sync

SHARD_FORMAT = 1
UNFINISHED = ".unfinished"
"""Suffix of the folder in which a shard is made."""

_SCHEMA = """
CREATE TABLE header (key TEXT PRIMARY KEY, value NOT NULL);
CREATE TABLE articles (position INTEGER PRIMARY KEY, record TEXT NOT NULL, vectors BLOB NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class ShardHeader:
    """What a shard is.

    Attributes:
        format_version: Of the file's layout.
        part, n_parts: Which part of how many, from 1 on.
        encoder: Name of the encoder.
        encoder_fingerprint: Hash of its weights.
        dimension: Length of the vectors.
        documents: Checksum of all articles of all parts, in order.
        n_documents: How many they are.
        n_articles, n_passages: How many are in this part.
        digest: Checksum of all that the file holds.
    """

    format_version: int
    part: int
    n_parts: int
    encoder: str
    encoder_fingerprint: str
    dimension: int
    documents: str
    n_documents: int
    n_articles: int
    n_passages: int
    digest: str = ""


class ShardRow(NamedTuple):
    """One article of a shard.

    Attributes:
        position: Its place among all articles of all parts, from 0 on.
        article: The article.
        passages: Its passages.
        vectors: Of the passages, float16, shape (n_passages, dimension), unit rows.
    """

    position: int
    article: Article
    passages: Sequence[Passage]
    vectors: NDArray[np.float16]


def part_of(article_id: str, n_parts: int) -> int:
    """Return the part that an article belongs to, from 1 to `n_parts`.

    Its id alone decides, so that every machine decides the same.
    """
    digest = blake2b(article_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") % n_parts + 1


def embed_shard(
    articles: Sequence[Article],
    part: int,
    n_parts: int,
    folder: Path,
    encoder: str = BUNDLED,
    progress: Progress | None = None,
) -> tuple[Path, ShardHeader]:
    """Encode one part of the articles into a shard; nothing is done if it is there already.

    Args:
        articles: All of them, the same and in the same order for every part; ids must differ.
        part: Which part, from 1 to `n_parts`.
        n_parts: How many there are.
        folder: Where the shard goes; made if it does not exist.
        encoder: Name of the encoder, see `load_encoder`.
        progress: Told how far the encoding is.

    Returns:
        The file and its header.

    Raises:
        EncoderError: If the encoder cannot be loaded.
        StoreError: If it cannot be written, or another process is writing it.
        ValueError: If there is no such part, or two articles have one id.
    """
    if not 1 <= part <= n_parts:
        raise ValueError(f"part {part} of {n_parts}; it must be from 1 to {n_parts}")
    check_ids(articles)
    cut = [
        (position, article, split_article(article))
        for position, article in enumerate(articles)
        if part_of(article.id, n_parts) == part
    ]
    passages = [passage for *_, of_article in cut for passage in of_article]
    model = encoders.load_encoder(encoder)
    header = ShardHeader(
        SHARD_FORMAT, part, n_parts, model.name, model.fingerprint, model.dimension,
        _digest_documents(articles), len(articles), len(cut), len(passages),
    )  # fmt: skip
    file = folder / f"shard-{part}-of-{n_parts}.sqlite"
    with _making(file) as place:
        if (there := _whole_header(file)) and replace(there, digest="") == header:
            return file, there
        texts = [passage.text for passage in passages]
        vectors = encode(model, texts, count_up(progress, len(texts)), folder=place)
        ends = np.cumsum([0, *(len(of_article) for *_, of_article in cut)])
        rows = [
            ShardRow(*one, vectors[start:end])
            for one, start, end in zip(cut, ends[:-1], ends[1:], strict=True)
        ]
        header = replace(header, digest=_digest(header, rows))
        _write(place / file.name, header, rows)
        (place / file.name).replace(file)
        sync(file.parent)
    return file, header


def read_header(file: Path) -> ShardHeader:
    """Return what a file says it is; only `read_rows` compares it with its checksum.

    Raises:
        ShardError: If it is no shard, damaged, or of another format.
    """
    if not file.is_file():
        raise ShardError(f'no shard {file}; "youju embed" makes them')
    try:
        with contextlib.closing(connect(file, "ro")) as connection:
            values = dict(connection.execute("SELECT key, value FROM header"))
        version = values["format_version"]
        if version == SHARD_FORMAT:
            known = {field.name: values[field.name] for field in fields(ShardHeader)}
            if all(isinstance(known[field.name], field.type) for field in fields(ShardHeader)):  # type: ignore[arg-type]
                return ShardHeader(**known)
            raise ValueError("its header holds other kinds of values")
    except (sqlite3.Error, KeyError, ValueError) as error:
        raise ShardError(
            f'{file} is no shard, or damaged ({error}); make it again with "youju embed"'
        ) from error
    raise ShardError(
        f"{file} has shard format {version}, this Youju reads {SHARD_FORMAT}; "
        'make it again with "youju embed" or install the Youju that made it'
    )


def read_rows(file: Path, header: ShardHeader) -> list[ShardRow]:
    """Return the articles of a shard, in order.

    Raises:
        ShardError: If it is damaged, or its articles are cut otherwise now.
    """
    try:
        with contextlib.closing(connect(file, "ro")) as connection:
            rows = [
                _parse(header, *row)
                for row in connection.execute("SELECT * FROM articles ORDER BY position")
            ]
        is_whole = _digest(header, rows) == header.digest
    except (sqlite3.Error, KeyError, TypeError, ValueError):
        is_whole = False
    if not is_whole:
        raise ShardError(
            f"{file} is damaged, or of a Youju that cuts passages otherwise; run "
            f'"youju embed PATH... --shard {header.part}/{header.n_parts} '
            f'--output {file.parent}" again'
        )
    return rows


def _parse(header: ShardHeader, position: int, record: str, vectors: bytes) -> ShardRow:
    article = article_from_json(record)
    rows = np.frombuffer(vectors, dtype=VECTOR).reshape(-1, header.dimension)
    return ShardRow(position, article, split_article(article), rows)


@contextlib.contextmanager
def _making(file: Path) -> Iterator[Path]:
    """Let nobody else make a shard; give the folder in which it is made."""
    place = file.with_suffix(UNFINISHED)
    with explaining(f"the shard {file}", "--output"):
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / LOCK, timeout=0):
            yield place
        shutil.rmtree(place, ignore_errors=True)


def _whole_header(file: Path) -> ShardHeader | None:
    """The header of a shard, or None if it is not there or not whole."""
    with contextlib.suppress(ShardError):
        header = read_header(file)
        read_rows(file, header)
        return header
    return None


def _write(file: Path, header: ShardHeader, rows: Sequence[ShardRow]) -> None:
    file.unlink(missing_ok=True)
    with contextlib.closing(connect(file, "rwc")) as connection:
        connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO header VALUES (?, ?)", asdict(header).items())
        connection.executemany(
            "INSERT INTO articles VALUES (?, ?, ?)",
            ((row.position, article_to_json(row.article), row.vectors.tobytes()) for row in rows),
        )
        connection.execute("COMMIT")
    sync(file)


def _digest(header: ShardHeader, rows: Iterable[ShardRow]) -> str:
    """The checksum of a header, articles, and passages with their vectors."""
    digest = blake2b(repr(astuple(replace(header, digest=""))).encode(), digest_size=16)
    for position, article, passages, vectors in rows:
        digest.update(position.to_bytes(8, "little") + digest_record(article_to_json(article)))
        for passage, vector in zip(passages, vectors, strict=True):
            digest.update(digest_passage(passage.text, vector.tobytes()))
    return digest.hexdigest()


def _digest_documents(articles: Iterable[Article]) -> str:
    digest = blake2b(digest_size=16)
    for article in articles:
        digest.update(digest_record(article_to_json(article)))
    return digest.hexdigest()
