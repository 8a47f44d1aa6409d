"""Read access to an index in Milvus, as it was when it was opened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus import Article, Passage
from corpus.calendar import Days
from index.catalogue import ALL, MAX_LISTED, ArticleFilter, ArticleList
from index.database import Manifest, article_from_json
from index.errors import IndexMismatchError, StoreError, UnreadableError
from index.milvus.client import Milvus, Row, both, quoted
from index.milvus.columns import FORMAT_VERSION, MANIFEST, PREFIX, STATE_ROW, State
from index.milvus.rows import (
    PassageRecord,
    condition,
    has_title,
    join_record,
    read_head,
    read_record,
)
from index.places import is_server, shown
from index.times import SaidTime

MAX_ARTICLES = 1000
"""Articles whose text is kept after it was read."""

ARTICLES_AT_ONCE = 100
"""Articles whose text is read together; no more of them is in memory."""

MAX_LISTS = 8
"""Filters whose list of articles is kept."""

_LITE_FOLDER = "collections"


class MilvusStore:
    """The collections of one index, in one generation, from any thread.

    Attributes:
        folder: Where it is, as it may be shown.
        client: The connection.
        state: What describes it.
    """

    def __init__(self, uri: str) -> None:
        """Connect and read what describes the index.

        Raises:
            StoreError: If Milvus does not answer, or holds no readable index.
            IndexMismatchError: If it was made by a version with another format.
        """
        check_lite(uri)
        self.folder = shown(uri)
        if not is_server(uri) and not Path(uri).exists():
            raise no_index(self.folder)
        self.client = Milvus(uri)
        try:
            self.refresh()
        except BaseException:
            self.client.close()
            raise
        self._article = lru_cache(MAX_ARTICLES)(self._read_article)
        self._listed = lru_cache(MAX_LISTS)(self._list)

    def refresh(self) -> None:
        """See the index as it is now.

        Raises:
            StoreError, IndexMismatchError: As when it is opened.
        """
        self.state = read_state(self.client)
        for name in self.state.collections:
            self.client.load(name)

    @property
    def manifest(self) -> Manifest:
        """What the index is made of."""
        return self.state.manifest

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            KeyError: If there is no article of this id.
            StoreError: If its text is not what was written.
        """
        where = both(self.state.seen, "part == 0", f"id == {quoted(article_id)}")
        found = self.client.query(self.state.articles, where, ["number"])
        if not found:
            raise KeyError(article_id)
        return self._article(found[0]["number"])

    def versions(self, article_id: str) -> list[Article]:
        """Return all versions of an article that are kept, the newest first."""
        added = f"added <= {self.manifest.generation}"
        where = both(added, "part == 0", f"id == {quoted(article_id)}")
        found = self.client.scan(self.state.articles, where, ["number"])
        numbers = sorted((row["number"] for row in found), reverse=True)
        return [self._article(number) for number in numbers]

    def _read_article(self, number: int) -> Article:
        """Return the article of a number, of whatever generation."""
        rows = self.client.query(
            self.state.articles, f"number == {number}", ["part", "record", "digest"], limit=4096
        )
        if (record := join_record(rows)) is None:
            raise damaged(self.folder, "the text of an article is not what was written")
        return article_from_json(record)

    def whole(self, numbers: Sequence[int]) -> set[int]:
        """Return the numbers of those of these articles whose text is what was written."""
        found = set[int]()
        for start in range(0, len(numbers), ARTICLES_AT_ONCE):
            where = f"number in {list(numbers[start : start + ARTICLES_AT_ONCE])}"
            fields = ["number", "part", "record", "digest"]
            parts: dict[int, list[Row]] = {}
            for row in self.client.scan(self.state.articles, where, fields):
                parts.setdefault(row["number"], []).append(row)
            found |= {number for number, rows in parts.items() if join_record(rows) is not None}
        return found

    def articles(self, wanted: ArticleFilter, first: int = 0, n: int = MAX_LISTED) -> ArticleList:
        """Return a page of the articles that are wanted, in the order they were indexed.

        All of them are listed when the first page is asked for, and kept for the others.

        Raises:
            StoreError: If what is listed of one is not what was written.
        """
        listed = self._listed(wanted)
        page = listed[first : first + min(n, MAX_LISTED)]
        try:
            return ArticleList(tuple(read_head(row) for row in page), len(listed))
        except ValueError as error:
            raise damaged(self.folder, error) from error

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in the order they were indexed."""
        return [row["id"] for row in self._listed(ALL)]

    def _list(self, wanted: ArticleFilter) -> list[Row]:
        where = both(self.state.seen, "part == 0", condition(wanted))
        fields = ["number", "position", "id", "head"]
        found = self.client.scan(self.state.articles, where, fields)
        try:
            kept = [row for row in found if not wanted.title or has_title(row, wanted.title)]
        except ValueError as error:
            raise damaged(self.folder, error) from error
        return sorted(kept, key=lambda row: int(row["position"]))

    def seen(self, wanted: ArticleFilter = ALL) -> str:
        """Return the condition of the passages of articles that are wanted."""
        titled = ""
        if wanted.title:
            titled = f"article in {[row['number'] for row in self._listed(wanted)]}"
        return both(self.state.seen, condition(wanted), titled)

    def may_tell_of(self, days: Days) -> bool:
        """Whether an article is of these days, or a sentence names their years.

        True of any days where so many articles have no date, see `index.catalogue.has_undated`.
        """
        first, last = days
        dated = condition(ArticleFilter(since=first.isoformat(), until=last.isoformat()))
        said = f"array_contains_any(years, {list(range(first.year, last.year + 1))})"
        return self.state.has_undated or any(
            self.client.query(self.state.passages, both(self.state.seen, where), ["number"], 1)
            for where in (dated, said)
        )

    def read(self, numbers: Sequence[int], fields: Sequence[str] = ()) -> "ReadPassages":
        """Read the rows of passages, with further fields of them.

        Raises:
            StoreError: If one is not what was written.
        """
        wanted = ["number", "article", "record", "digest", *fields]
        rows = self.client.rows(self.state.passages, "number", numbers, wanted)
        try:
            records = {row["number"]: read_record(row) for row in rows}
        except ValueError as error:
            raise damaged(self.folder, error) from error
        return ReadPassages(self._article, {row["number"]: row for row in rows}, records)


@dataclass(frozen=True, slots=True)
class ReadPassages:
    """Passages that were read, by number.

    Attributes:
        article: Gives the article of a number.
        rows: Of the passages.
        records: What they say.
    """

    article: Callable[[int], Article]
    rows: Mapping[int, Row]
    records: Mapping[int, PassageRecord]

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return passages, in the order of the numbers.

        Raises:
            KeyError: If there is no passage of a number.
            StoreError: If the text of its article is not what was written.
        """
        return [
            self.records[number].passage_of(self.article(self.rows[number]["article"]))
            for number in numbers
        ]

    def said(self, numbers: Sequence[int]) -> dict[int, tuple[SaidTime, ...]]:
        """Return the times that passages name."""
        return {number: self.records[number].said for number in numbers}

    def dates(self, numbers: Sequence[int]) -> dict[int, str | None]:
        """Return the date of the article that each passage is of."""
        return {number: self.records[number].date for number in numbers}


def check_lite(uri: str) -> None:
    """Refuse what is at the path of a Milvus Lite store and is none.

    Raises:
        StoreError: If there is a file, or a folder with something else in it.
    """
    path = Path(uri)
    if is_server(uri) or not path.exists():
        return
    if not path.is_dir() or (any(path.iterdir()) and not (path / _LITE_FOLDER).is_dir()):
        raise StoreError(
            f"{uri} exists and is not a Milvus Lite store, which is a folder made by "
            f'"youju build --store {uri}"; name another with --store'
        )


def read_state(client: Milvus) -> State:
    """Return what describes the index.

    Raises:
        StoreError: If there is none, or it cannot be read.
        IndexMismatchError: If it is of another format.
    """
    found: list[Row] = []
    if MANIFEST in client.collections():
        client.load(MANIFEST)
        found = client.query(MANIFEST, f"key == {STATE_ROW}", ["value"])
    if not found:
        raise no_index(client.name)
    text = found[0]["value"]
    try:
        version = State.format_of(text)
        if version == FORMAT_VERSION:
            return State.from_json(text)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableError(
            f"what describes the index in {client.name} is damaged ({error}); "
            f'run "youju build PATH --store {client.name}" again'
        ) from error
    raise IndexMismatchError(
        f"index in {client.name} has Milvus format version {version}, this Youju reads "
        f'{FORMAT_VERSION}; run "youju build" again or install the Youju that made it'
    )


def no_index(name: str) -> StoreError:
    """Return the error that says how to make an index."""
    return StoreError(f'no index in {name}; make one with "youju build PATH --store {name}"')


def damaged(name: str, error: object) -> StoreError:
    """Return the error that says what to do about damage."""
    return StoreError(
        f'index in {name} is damaged ({error}); run "youju check --repair --store {name}"'
    )


def of_no_index(client: Milvus, state: State) -> list[str]:
    """Return the collections of ours that belong to no index: replaced, or of a build that died."""
    kinds = tuple(f"{PREFIX}{kind}_" for kind in ("articles", "passages", "terms"))
    return [
        name
        for name in client.collections()
        if name.startswith(kinds) and name not in state.collections
    ]
