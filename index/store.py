"""One folder on disk: SQLite holds articles, passages and vectors and is the truth.

`dense.faiss` and `lexical.npz` are derived from it. The manifest is a table, so that it
changes in the same transaction as what it describes.
"""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import Article, Passage, Section
from index import catalogue, times
from index.catalogue import ArticleFilter, ArticleList, Overview
from index.errors import IndexMismatchError, StoreError

FORMAT_VERSION = 2
DATABASE, DENSE, LEXICAL = "articles.sqlite", "dense.faiss", "lexical.npz"

_SCHEMA = f"""
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL);
{catalogue.SCHEMA}
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles (id),
    section TEXT, paragraph INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    vector BLOB NOT NULL);
CREATE INDEX passages_of_article ON passages (article_id);
{times.SCHEMA}
CREATE TABLE copies (
    number INTEGER PRIMARY KEY REFERENCES passages (number),
    first INTEGER NOT NULL REFERENCES passages (number));
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is.

    Attributes:
        format_version: Of the folder's layout.
        encoder: Name of the encoder.
        encoder_fingerprint: Hash of its weights.
        dimension: Length of the vectors.
        n_articles: How many articles it holds.
        n_passages: How many passages.
        noise_mean: Mean of the best cosine of unrelated questions, see `index.noise`.
        noise_deviation: Its standard deviation.
        dense_hash: SHA-256 of the FAISS file that belongs to it.
        lexical_hash: SHA-256 of the lexical file that belongs to it.
        names: Names that are never cut apart, one a line; see `index.dictionary`.
    """

    format_version: int
    encoder: str
    encoder_fingerprint: str
    dimension: int
    n_articles: int
    n_passages: int
    noise_mean: float
    noise_deviation: float
    dense_hash: str
    lexical_hash: str
    names: str = ""


class Store:
    """Read access to the database of one index folder, from any thread."""

    def __init__(self, folder: Path) -> None:
        """Open the database.

        Raises:
            StoreError: If the folder holds no readable index.
            IndexMismatchError: If it was made by a version with another format.
        """
        self.folder = folder
        self._lock = threading.Lock()
        database = folder / DATABASE
        if not database.is_file():
            raise StoreError(
                f'no index in {folder}; make one with "youju build PATH --index {folder}"'
            )
        try:
            # immutable: an index folder is replaced as a whole, never changed in place.
            self._connection = sqlite3.connect(
                f"{database.resolve().as_uri()}?immutable=1", uri=True, check_same_thread=False
            )
            self.manifest = self._read_manifest()
        except sqlite3.Error as error:
            raise _damaged(folder, error) from error
        except StoreError:
            self._connection.close()
            raise

    def _read_manifest(self) -> Manifest:
        values = dict(self._connection.execute("SELECT key, value FROM manifest"))
        version = values.get("format_version", "unknown")
        if version != str(FORMAT_VERSION):
            raise IndexMismatchError(
                f"index in {self.folder} has format version {version}, this Youju reads "
                f'{FORMAT_VERSION}; run "youju build" again or install the Youju that made it'
            )
        try:
            known = [f for f in fields(Manifest) if f.name in values]
            return Manifest(**{f.name: f.type(values[f.name]) for f in known})  # type: ignore[operator]
        except (TypeError, ValueError) as error:
            raise _damaged(self.folder, error) from error

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return what the database says.

        Raises:
            StoreError: If it is damaged.
        """
        try:
            with self._lock:
                return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise _damaged(self.folder, error) from error

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in the order they were given."""
        return [row[0] for row in self.query("SELECT id FROM articles ORDER BY position")]

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            KeyError: If there is no article of this id.
        """
        rows = self.query("SELECT record FROM articles WHERE id = ?", (article_id,))
        if not rows:
            raise KeyError(article_id)
        return article_from_json(rows[0][0])

    def articles(self, wanted: ArticleFilter, first: int, n: int) -> ArticleList:
        """See `index.catalogue.list_articles`."""
        return catalogue.list_articles(self.query, wanted, first, n)

    def overview(self) -> Overview:
        """See `index.catalogue.describe`."""
        return catalogue.describe(self.query)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of these numbers, in this order."""
        marks = ",".join("?" * len(numbers))
        columns = 'number, article_id, section, paragraph, start, "end"'
        rows = self.query(f"SELECT {columns} FROM passages WHERE number IN ({marks})", numbers)
        articles = {article_id: self.article(article_id) for article_id in {r[1] for r in rows}}
        found = {}
        for number, article_id, section, paragraph, start, end in rows:
            article = articles[article_id]
            text = article.text[start:end]
            found[number] = Passage(article_id, article.title, section, paragraph, start, end, text)
        return [found[number] for number in numbers]

    def copies(self) -> dict[int, int]:
        """Return which passages repeat an earlier one, see `index.copies.find_copies`."""
        return dict(self.query("SELECT number, first FROM copies ORDER BY number"))

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()


@contextlib.contextmanager
def replace_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place of `folder` only if all goes well.

    Raises:
        StoreError: If `folder` cannot be written, or exists and is not an index.
    """
    if folder.exists() and not (folder.is_dir() and _is_index_or_empty(folder)):
        raise StoreError(
            f"{folder} exists and is not a Youju index, or holds other files too; "
            "choose another folder with --index"
        )
    folder = folder.resolve()
    scratch = folder.with_name(f".{folder.name}.building-{os.getpid()}-{threading.get_ident()}")
    retired = folder.with_name(scratch.name.replace(".building-", ".retired-"))
    try:
        scratch.mkdir(parents=True)
        yield scratch
        if folder.exists():
            folder.rename(retired)
        scratch.rename(folder)
    except (OSError, sqlite3.Error) as error:
        is_full = isinstance(error, sqlite3.Error) or error.errno == errno.ENOSPC
        reason = getattr(error, "strerror", None) or error
        remedy = "free space" if is_full else "choose another folder with --index"
        raise StoreError(f"cannot write the index {folder}: {reason}; {remedy}") from error
    finally:
        # Also after Ctrl+C between the two renames.
        if retired.exists() and not folder.exists():
            retired.rename(folder)
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(retired, ignore_errors=True)


def _is_index_or_empty(folder: Path) -> bool:
    return {path.name for path in folder.iterdir()} <= {DATABASE, DENSE, LEXICAL}


def write_database(
    folder: Path,
    manifest: Manifest,
    articles: Sequence[Article],
    passages: Sequence[Passage],
    vectors: NDArray[np.float32],
    copies: Mapping[int, int],
) -> None:
    """Write the database of a new index.

    Args:
        folder: Exists and holds no database.
        manifest: Describes what follows.
        articles: In the order they were given.
        passages: Row n is passage number n.
        vectors: float32, shape (n_passages, dimension), unit rows.
        copies: Which passages repeat an earlier one, see `index.copies.find_copies`.
    """
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.executescript(_SCHEMA)
        connection.executemany(
            "INSERT INTO manifest VALUES (?, ?)",
            [(key, str(value)) for key, value in asdict(manifest).items()],
        )
        connection.executemany(
            "INSERT INTO articles (id, position, record) VALUES (?, ?, ?)",
            [(a.id, position, article_to_json(a)) for position, a in enumerate(articles)],
        )
        connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (n, p.article_id, p.section, p.paragraph, p.start, p.end, vector.tobytes())
                for n, (p, vector) in enumerate(zip(passages, vectors, strict=True))
            ],
        )
        connection.executemany(
            "INSERT INTO times VALUES (?, ?, ?, ?, ?)",
            (
                (n, said.start, said.end, said.first.isoformat(), said.last.isoformat())
                for n, said in times.find_said(articles, passages)
            ),
        )
        connection.executemany("INSERT INTO copies VALUES (?, ?)", copies.items())


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def article_to_json(article: Article) -> str:
    """Return an article as JSON; `article_from_json` gives the same article back."""
    return json.dumps(asdict(article), ensure_ascii=False)


def article_from_json(record: str) -> Article:
    """Return the article that `article_to_json` wrote."""
    values: Mapping[str, Any] = json.loads(record)
    sections = tuple(Section(s["heading"], tuple(s["paragraphs"])) for s in values["sections"])
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return Article(**{**values, **lists, "sections": sections})


def _damaged(folder: Path, error: object) -> StoreError:
    return StoreError(f'index in {folder} is damaged ({error}); run "youju build" again')
