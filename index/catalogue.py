"""Which articles an index holds: listed, filtered by title, source and date, and counted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Query = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]

MAX_UNDATED = 0.5
"""Share of articles without a date up to which they are taken to tell only of what they name."""

MAX_LISTED = 200
"""Articles in one page of a list."""

BATCH = 10_000
"""Numbers of one query; SQLite takes 32,766 variables at most, where it was not told otherwise."""


@dataclass(frozen=True, slots=True)
class ArticleHead:
    """What a list shows of an article; fields as in `corpus.Article`."""

    id: str
    title: str
    source: str | None
    date: str | None
    date_basis: str
    is_title_editorial: bool


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles are wanted; None wants all.

    Attributes:
        title: Part of the title, subtitle or kicker.
        source: The paper or agency, whole.
        since: ISO day, month or year; the article's date, or the end of its interval, is not
            before.
        until: The same; the article's date, or the beginning of its interval, is not after.
    """

    title: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None


ALL = ArticleFilter()


@dataclass(frozen=True, slots=True)
class ArticleList:
    """One page of a list, in the order they were indexed, and how many there are in all."""

    articles: tuple[ArticleHead, ...]
    n_found: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The archive in numbers.

    Attributes:
        n_articles: How many articles.
        n_passages: How many passages.
        n_characters: Characters of all passages.
        sources: Each paper or agency with its number of articles, largest first.
        first_date: ISO day, month or year of the oldest article; None if none has a date.
        last_date: The same of the newest.
        n_undated: Articles without a date.
    """

    n_articles: int
    n_passages: int
    n_characters: int
    sources: tuple[tuple[str | None, int], ...]
    first_date: str | None
    last_date: str | None
    n_undated: int


# "2026-04/2026-05" is an interval; a date alone begins and ends with itself.
_FIELDS = """id, json_extract(record, '$.title'), source, date,
    json_extract(record, '$.date_basis'), json_extract(record, '$.is_title_editorial')"""
_BEGIN = "substr(date, 1, instr(date || '/', '/') - 1)"
_END = "substr(date, instr(date, '/') + 1)"


def list_articles(
    query: Query, wanted: ArticleFilter, first: int = 0, n: int = MAX_LISTED
) -> ArticleList:
    """Return `n` articles that are wanted, from number `first` of them, counted from 0."""
    where, values = _conditions(wanted)
    [(n_found,)] = query(f"SELECT count(*) FROM current_articles{where}", values)
    rows = query(
        f"SELECT {_FIELDS} FROM current_articles{where} ORDER BY position LIMIT ? OFFSET ?",
        [*values, min(n, MAX_LISTED), first],
    )
    heads = tuple(
        ArticleHead(id, title, source, date, basis, bool(is_editorial))
        for id, title, source, date, basis, is_editorial in rows
    )
    return ArticleList(heads, n_found)


def describe(query: Query) -> Overview:
    """Return the archive in numbers."""
    [(n_articles, n_undated)] = query(
        "SELECT count(*), sum(date IS NULL) FROM current_articles", ()
    )
    first, last = first_and_last_date(query)
    [(n_passages, n_characters)] = query(
        'SELECT count(*), coalesce(sum("end" - start), 0) FROM current_passages', ()
    )
    sources = query(
        "SELECT source, count(*) FROM current_articles GROUP BY 1 ORDER BY 2 DESC, min(position)",
        (),
    )
    return Overview(
        n_articles, n_passages, n_characters, tuple((s, k) for s, k in sources), first, last,
        n_undated or 0,
    )  # fmt: skip


def first_and_last_date(query: Query) -> tuple[str | None, str | None]:
    """Return the dates of the oldest and the newest article; None if none has a date."""
    [(first, last)] = query(f"SELECT min({_BEGIN}), max({_END}) FROM current_articles", ())
    return first, last


def has_undated(query: Query) -> bool:
    """Whether so many articles have no date that together they may tell of any time.

    Fewer count as telling only of the times that their sentences name.
    """
    ((n_articles, n_dated),) = query("SELECT count(*), count(date) FROM current_articles", ())
    return bool(n_articles - n_dated > MAX_UNDATED * n_articles)


def find_passages(query: Query, wanted: ArticleFilter) -> NDArray[np.int64]:
    """Return the numbers of the passages of the articles that are wanted, ascending."""
    where, values = _conditions(wanted)
    articles = f"SELECT number FROM current_articles{where}"
    rows = query(f"SELECT number FROM passages WHERE article IN ({articles})", values)
    return np.sort(np.array([number for (number,) in rows], dtype=np.int64))


def passage_dates(query: Query, numbers: Sequence[int]) -> dict[int, str | None]:
    """Return the date of the article that each of these passages is of."""
    sql = "SELECT passages.number, date FROM passages JOIN articles ON articles.number = article"
    return dict(query_numbers(query, f"{sql} WHERE passages.number", numbers))


def query_numbers(
    query: Query, sql: str, numbers: Sequence[int], order: str = ""
) -> Iterator[tuple[Any, ...]]:
    """Yield what the database says of these numbers, however many.

    Args:
        query: Asks the database.
        sql: A query that ends with the column of the numbers.
        numbers: Each once; asked `BATCH` at a time.
        order: What follows; it orders the rows of one batch.
    """
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        yield from query(f"{sql} IN ({','.join('?' * len(some))}) {order}", some)


def _conditions(wanted: ArticleFilter) -> tuple[str, list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    if wanted.title:
        places = [f"instr(lower(json_extract(record, '$.{name}')), lower(?))"
                  for name in ("title", "subtitle", "kicker")]  # fmt: skip
        conditions.append(f"({' OR '.join(places)})")
        values += [wanted.title] * len(places)
    if wanted.source:
        conditions.append("source = ?")
        values.append(wanted.source)
    # Compared as far as both are known: an article of "2026-04" is not before "2026-04-20".
    if wanted.since:
        conditions.append(f"{_END} >= substr(?, 1, length({_END}))")
        values.append(wanted.since)
    if wanted.until:
        conditions.append(f"substr({_BEGIN}, 1, length(?)) <= ?")
        values += [wanted.until, wanted.until]
    return (f" WHERE {' AND '.join(conditions)}" if conditions else ""), values
