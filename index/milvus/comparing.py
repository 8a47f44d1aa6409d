"""What Milvus keeps of every article, beside what its record says should be kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpus import Article, split_article
from index.database import article_from_json
from index.milvus.client import Milvus, Row, both
from index.milvus.columns import ARTICLE_FIELDS, NEVER, PASSAGE_FIELDS, State
from index.milvus.rows import (
    DIGEST,
    article_rows,
    derived_row,
    has_whole_vector,
    join_record,
)
from index.milvus.store import ARTICLES_AT_ONCE
from index.segmentation import Segmenter
from index.times import SaidTime, find_said

_RECORD_FIELDS = {"key", "number", "part", "record", "digest", "anchor"}
"""Of an article's rows: what says nothing that a wrong record would not say."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, as it is kept.

    Attributes:
        number: Of the article.
        parts: The rows of its record, in order; at least one.
        passages: The rows of its passages, by number.
        article: None if its record is not what was written.
        is_current: Whether it is what is asked now: not removed, and the newest of its id.
        is_twin: Whether it is not removed, but there is a newer one of its id.
    """

    number: int
    parts: list[Row]
    passages: list[Row]
    article: Article | None
    is_current: bool
    is_twin: bool

    @property
    def name(self) -> str:
        """What it is called in a message."""
        name = f"article '{self.parts[0]['id']}'"
        is_kept = self.is_current or self.is_twin
        return name if is_kept else f"a removed or replaced text of {name}"

    def right_parts(self) -> list[Row]:
        """Return the rows that its record makes. Only of one whose record is whole."""
        first = self.parts[0]
        rows = article_rows(self._whole(), self.number, first["position"], first["added"])
        return [{**row, "removed": first["removed"]} for row in rows]

    def has_right_parts(self) -> bool:
        """Whether all that is listed of it and asked by filters is what its record says."""
        names = set(ARTICLE_FIELDS) - _RECORD_FIELDS
        rights = self.right_parts()
        return len(self.parts) == len(rights) and all(
            _same(kept[name], right[name])
            for kept, right in zip(self.parts, rights, strict=True)
            for name in names
        )

    def pairs(self, segmenter: Segmenter) -> "Pairs":
        """Compare its passages with those of its text. Only of one whose record is whole."""
        article, first = self._whole(), self.parts[0]
        passages = split_article(article)
        said: list[list[SaidTime]] = [[] for _ in passages]
        for n, time in find_said([article], passages):
            said[n].append(time)
        key = {"article": self.number, "added": first["added"], "removed": first["removed"]}
        rights = [
            {**derived_row(passage, article, said[n], segmenter), **key}
            for n, passage in enumerate(passages)
        ]
        kept = {row["record"]: row for row in reversed(self.passages)}
        found = [kept.get(right["record"]) for right in rights]
        used = {row["number"] for row in found if row}
        others = iter([row for row in self.passages if row["number"] not in used])
        pairs = [
            Pair(passage.paragraph, passage.end - passage.start, right, row or next(others, None))
            for passage, right, row in zip(passages, rights, found, strict=True)
        ]
        return Pairs(pairs, [passage.text for passage in passages], list(others))

    def _whole(self) -> Article:
        if self.article is None:
            raise ValueError(f"the record of {self.name} is not what was written")
        return self.article


@dataclass(frozen=True, slots=True)
class Pair:
    """A passage as it should be, and as it is kept.

    Attributes:
        paragraph: Its paragraph.
        n_printed: Characters of its text.
        right: Its row, without number and vector.
        kept: None if there is none.
    """

    paragraph: int
    n_printed: int
    right: Row
    kept: Row | None

    @property
    def has_vector(self) -> bool:
        """Whether what is kept has the right text and a vector that is what was written."""
        kept = self.kept
        return (
            kept is not None and kept["record"] == self.right["record"] and has_whole_vector(kept)
        )

    @property
    def wrong(self) -> list[str]:
        """Names of what is kept and not right, of a passage that is kept."""
        kept = self.kept or {}
        names = [
            name
            for name, value in self.right.items()
            if not _same(kept[name][:DIGEST] if name == "digest" else kept[name], value)
        ]
        return names if self.has_vector or "record" in names else [*names, "vector"]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The passages of one article.

    Attributes:
        pairs: All that should be, in the order of the text.
        texts: What they quote.
        surplus: Rows that are kept and should not be.
    """

    pairs: list[Pair]
    texts: list[str]
    surplus: list[Row]


def read_versions(client: Milvus, state: State) -> Iterator[Version]:
    """Yield all versions of all articles of a generation, in the order of their numbers.

    What a writer has written of the next generation is left out.
    """
    generation = state.manifest.generation
    written = f"added <= {generation}"
    first = ["number", "id", "removed"]
    newest: dict[str, int] = {}
    numbers: set[int] = set()
    for row in client.scan(state.articles, written, first):
        numbers.add(row["number"])
        if row["removed"] > generation:
            newest[row["id"]] = max(newest.get(row["id"], -1), row["number"])
    ordered = sorted(numbers)
    for start in range(0, len(ordered), ARTICLES_AT_ONCE):
        some = ordered[start : start + ARTICLES_AT_ONCE]
        where = both(written, f"number in {some}")
        found = _as_of(generation, client.scan(state.articles, where, ARTICLE_FIELDS))
        parts = _by(found, "number", "part")
        where = both(written, f"article in {some}")
        found = _as_of(generation, client.scan(state.passages, where, PASSAGE_FIELDS))
        rows = _by(found, "article", "number")
        for number in some:
            is_seen = parts[number][0]["removed"] > generation
            is_newest = newest.get(parts[number][0]["id"]) == number
            yield Version(
                number, parts[number], rows.get(number, []), _read(parts[number]),
                is_seen and is_newest, is_seen and not is_newest,
            )  # fmt: skip


def _as_of(generation: int, rows: Iterable[Row]) -> Iterator[Row]:
    """Rows as they were before a writer marked some of them as removed in the next generation."""
    for row in rows:
        yield row if row["removed"] <= generation else {**row, "removed": NEVER}


def _by(rows: Iterable[Row], key: str, order: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return {value: sorted(some, key=lambda row: int(row[order])) for value, some in found.items()}


def _read(parts: Sequence[Row]) -> Article | None:
    """The article of these rows; None if one is missing or damaged."""
    record = join_record(parts)
    return None if record is None else article_from_json(record)


def _same(kept: Any, right: Any) -> bool:  # noqa: ANN401
    return bool(list(kept) == right if isinstance(right, list) else kept == right)
