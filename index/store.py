"""Read access to one index folder: SQLite holds articles, passages and vectors and is the truth.

`segment-*` folders are derived from it. The manifest is a table, so that it changes in the same
transaction as what it describes.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus import Article, Passage
from index import catalogue
from index.catalogue import ArticleFilter, ArticleList, Overview, query_numbers
from index.database import (
    DATABASE,
    FORMAT_VERSION,
    Manifest,
    article_from_json,
    connect,
    digest_record,
    fetch,
    read_manifest,
    unpack,
)
from index.errors import IndexMismatchError, StoreError
from index.times import SaidTime, read_said

_PASSAGES = 'SELECT number, article, section, paragraph, start, "end" FROM passages WHERE'


class SegmentRow(NamedTuple):
    """Where a segment is: folder, numbers of its passages as [first, last), checksum."""

    name: str
    first: int
    last: int
    digest: str


class Store:
    """The database of one index folder as it was when it was opened, from any thread.

    Attributes:
        folder: The index folder.
        manifest: Describes it.
        segments: Its segments, ascending.
        n_numbers: How many numbers were ever given to passages.
        removed: Numbers of the passages that are there no more, ascending.
    """

    def __init__(self, folder: Path) -> None:
        """Open the database.

        Raises:
            StoreError: If the folder holds no readable index.
            IndexMismatchError: If it was made by a version with another format.
        """
        self.folder = folder
        self._database = (folder / DATABASE).absolute()
        self._lock = threading.Lock()
        if not (folder / DATABASE).is_file():
            raise StoreError(
                f'no index in {folder}; make one with "youju build PATH --index {folder}"'
            )
        try:
            self._file = _identity(self._database)
            # Not to write: when another file has taken the place of this one, SQLite would play
            # that one's journal into this one, and delete it.
            self._connection = connect(folder / DATABASE, "ro")
        except (OSError, sqlite3.Error) as error:
            raise damaged(folder, error) from error
        try:
            self._connection.execute("BEGIN")
            fetch(self._connection, "SELECT 1 FROM sqlite_master")
            self._version = self._one("PRAGMA data_version")
            self.manifest = self._read_manifest()
            self._see(self.manifest.generation)
            self.segments = [
                SegmentRow(*row)
                for row in self._connection.execute("SELECT * FROM segments ORDER BY first")
            ]
            self.n_numbers = self._one("SELECT coalesce(max(number) + 1, 0) FROM passages")
            rows = self._connection.execute(
                "SELECT number FROM passages WHERE article IN (SELECT number FROM articles "
                "WHERE removed IS NOT NULL) ORDER BY number"
            )
            self.removed = [number for (number,) in rows]
            self._connection.execute("COMMIT")
            self._connection.execute("PRAGMA query_only = ON")
        except (sqlite3.Error, TypeError, ValueError) as error:
            self._connection.close()
            raise damaged(folder, error) from error
        except StoreError:
            self._connection.close()
            raise

    def _read_manifest(self) -> Manifest:
        version, manifest = read_manifest(self._connection)
        if manifest is None:
            raise IndexMismatchError(
                f"index in {self.folder} has format version {version}, this Youju reads "
                f'{FORMAT_VERSION}; run "youju build" again or install the Youju that made it'
            )
        return manifest

    def _see(self, generation: int) -> None:
        """Make views of what is there in one generation, for every query that follows."""
        is_there = f"added <= {generation} AND (removed IS NULL OR removed > {generation})"
        self._connection.execute(
            f"CREATE TEMP VIEW current_articles AS SELECT * FROM articles WHERE {is_there}"
        )
        self._connection.execute(
            "CREATE TEMP VIEW current_passages AS SELECT passages.*, id AS article_id, date "
            "FROM passages JOIN current_articles ON current_articles.number = article"
        )

    def _one(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchone()[0])

    def is_current(self) -> bool:
        """Whether nothing was written to the index since it was opened; costs some microseconds.

        True also where the folder is gone: what is open is all that is left.

        Raises:
            StoreError: If that cannot be told.
        """
        try:
            # While the old file is open, no new one gets its number.
            if _identity(self._database) != self._file:
                return False
        except OSError:
            return True
        # SQLite is asked and no byte read here: to close a file gives up all locks that this
        # process holds on it.
        return self.query("PRAGMA data_version") == [(self._version,)]

    @property
    def n_segmented(self) -> int:
        """How many of the numbers are in segments; the others follow them."""
        return self.segments[-1].last if self.segments else 0

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return what the database says.

        Raises:
            StoreError: If it is damaged.
        """
        try:
            with self._lock:
                return fetch(self._connection, sql, parameters)
        except sqlite3.Error as error:
            raise damaged(self.folder, error) from error

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in the order they were given."""
        return [row[0] for row in self.query("SELECT id FROM current_articles ORDER BY position")]

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            KeyError: If there is no article of this id.
            StoreError: If its text is not what was written.
        """
        sql = "SELECT record, digest FROM current_articles WHERE id = ?"
        rows = self.query(sql, (article_id,))
        if not rows:
            raise KeyError(article_id)
        return self._parse(*rows[0])

    def versions(self, article_id: str) -> list[Article]:
        """Return all versions of an article that are kept, the newest first.

        Removed ones too; none if there was never an article of this id.
        """
        sql = "SELECT record, digest FROM articles WHERE id = ? AND added <= ? ORDER BY number DESC"
        rows = self.query(sql, (article_id, self.manifest.generation))
        return [self._parse(*row) for row in rows]

    def _parse(self, record: str, digest: bytes) -> Article:
        if digest_record(record) != digest:
            raise damaged(self.folder, "the text of an article is not what was written")
        return article_from_json(record)

    def articles(self, wanted: ArticleFilter, first: int, n: int) -> ArticleList:
        """See `index.catalogue.list_articles`."""
        return catalogue.list_articles(self.query, wanted, first, n)

    def overview(self) -> Overview:
        """See `index.catalogue.describe`."""
        return catalogue.describe(self.query)

    @cached_property
    def first_and_last_date(self) -> tuple[str | None, str | None]:
        """See `index.catalogue.first_and_last_date`."""
        return catalogue.first_and_last_date(self.query)

    @cached_property
    def has_undated(self) -> bool:
        """See `index.catalogue.has_undated`."""
        return catalogue.has_undated(self.query)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of these numbers, in this order.

        Raises:
            KeyError: If there is no passage of a number.
        """
        rows = query_numbers(self.query, f"{_PASSAGES} number", numbers, "ORDER BY number")
        found = dict(self._cut(rows))
        return [found[number] for number in numbers]

    def passages_between(self, first: int, last: int) -> list[Passage]:
        """Return the passages `first` to `last` - 1, removed ones too."""
        sql = f"{_PASSAGES} number >= ? AND number < ? ORDER BY number"
        return [passage for _, passage in self._cut(self.query(sql, (first, last)))]

    def _cut(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Passage]]:
        """Yield the passages of rows of `_PASSAGES`, with their numbers."""
        articles: dict[int, Article] = {}
        sql = "SELECT record, digest FROM articles WHERE number = ?"
        for number, of_article, section, paragraph, start, end in rows:
            if of_article not in articles:
                articles[of_article] = self._parse(*self.query(sql, (of_article,))[0])
            article = articles[of_article]
            text = article.text[start:end]
            yield (
                number,
                Passage(article.id, article.title, section, paragraph, start, end, text),
            )

    def said(self, numbers: Sequence[int]) -> dict[int, tuple[SaidTime, ...]]:
        """See `index.times.read_said`."""
        return read_said(self.query, numbers)

    def dates(self, numbers: Sequence[int]) -> dict[int, str | None]:
        """See `index.catalogue.passage_dates`."""
        return catalogue.passage_dates(self.query, numbers)

    def vectors(self, first: int, last: int) -> NDArray[np.float16]:
        """Return the vectors of passages `first` to `last` - 1, shape (n, dimension).

        Raises:
            StoreError: If one is damaged.
        """
        sql = "SELECT vector FROM passages WHERE number >= ? AND number < ? ORDER BY number"
        try:
            rows = [row for (row,) in self.query(sql, (first, last))]
            return unpack(rows, self.manifest.dimension)
        except ValueError as error:
            raise damaged(self.folder, error) from error

    def copies(self, gone: Sequence[int] = ()) -> dict[int, int]:
        """Return which passages repeat an earlier one, of those that are there.

        See `index.copies.find_copies`; where the first of a group was removed, the next one is
        the first.

        Args:
            gone: Numbers that count as removed as well.
        """
        sql = "SELECT number, first FROM copies WHERE number < ? ORDER BY number"
        first_of = dict(self.query(sql, (self.n_numbers,)))
        removed = {*self.removed, *gone}
        groups: dict[int, list[int]] = {}
        for number in sorted({*first_of, *first_of.values()} - removed):
            first = number
            while first in first_of:  # what joins a group later names its first at that time
                first = first_of[first]
            groups.setdefault(first, []).append(number)
        return {number: group[0] for group in groups.values() for number in group[1:]}

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()


def _identity(file: Path) -> tuple[int, int]:
    """What tells a file from the one that takes its place under the same name."""
    status = file.stat()
    return status.st_dev, status.st_ino


def damaged(folder: Path, error: object) -> StoreError:
    """Return the error that says what to do about damage."""
    return StoreError(
        f'index in {folder} is damaged ({error}); run "youju check --repair --index {folder}"'
    )
