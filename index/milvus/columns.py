"""What is kept in Milvus: the collections of an index, and what describes it.

Every Milvus collection has a vector field; those that are only read by key have one that says
nothing (`ANCHOR`).
"""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from index.catalogue import MAX_UNDATED, Overview
from index.database import Manifest

FORMAT_VERSION = 1
PREFIX = "youju_"
MANIFEST = f"{PREFIX}manifest"
"""The collection that names the others. Its rows: what describes the index, and who writes."""

STATE_ROW, WRITER_ROW = 0, 1

NEVER = 2**62
"""The generation in which what is there was removed."""

PARTS = 4096
"""Rows in which the record of one article may be: `number * PARTS + part` is their key."""

PART_LENGTH = 16_000
"""Characters of a record in one row; each is at most four bytes of `client.MAX_TEXT`."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a collection.

    Attributes:
        name: Its name.
        kind: "searched" is a text with BM25 scores made by Milvus, "vector" one of `dimension`
            numbers.
        dimension: Of a vector.
    """

    name: str
    kind: Literal["integer", "integers", "text", "searched", "vector"]
    dimension: int = 0


ANCHOR = Column("anchor", "vector", 2)
NO_VECTOR = [1.0, 0.0]
"""What stands in `ANCHOR`."""

_SEEN = [Column(name, "integer") for name in ("added", "removed")]
_FILTERED = [
    Column("source", "text"),
    Column("first_day", "integer"),
    Column("last_day", "integer"),
]

MANIFEST_COLUMNS = [Column("key", "integer"), Column("value", "text"), ANCHOR]
ARTICLE_COLUMNS = [
    *(Column(name, "integer") for name in ("key", "number", "part", "position")),
    *_SEEN,
    *_FILTERED,
    *(Column(name, "text") for name in ("id", "head", "record", "digest")),
    ANCHOR,
]
TERM_COLUMNS = [Column(name, "integer") for name in ("term", "n", "since", "before")] + [ANCHOR]


def passage_columns(dimension: int) -> list[Column]:
    """Return the fields of passages whose vectors are of this length."""
    return [
        *(Column(name, "integer") for name in ("number", "article")),
        *_SEEN,
        *_FILTERED,
        *(Column(name, "text") for name in ("record", "digest")),
        *(Column(name, "searched") for name in ("words", "characters")),
        *(Column(name, "integer") for name in ("n_words", "n_characters")),
        *(Column(name, "integers") for name in ("terms", "years")),
        Column("vector", "vector", dimension),
    ]


ARTICLE_FIELDS = [column.name for column in ARTICLE_COLUMNS]
PASSAGE_FIELDS = [column.name for column in passage_columns(1)]
TERM_FIELDS = [column.name for column in TERM_COLUMNS]


@dataclass(frozen=True, slots=True)
class State:
    """What describes an index in Milvus; written last, in one row, so that a change is whole.

    Attributes:
        manifest: As of an index in a folder.
        suffix: Of the names of its collections.
        next_article: The number of the next article, which is also its position.
        next_passage: The number of the next passage.
        n_words: Words of all passages.
        n_characters: Characters of all passages, as the lexical index counts them.
        n_printed: Characters of their texts.
        sources: Each paper or agency with its number of articles, in the order they came.
        first_date: Of the oldest article; None if none has a date.
        last_date: Of the newest.
        n_undated: Articles without a date.
    """

    manifest: Manifest
    suffix: str = field(default_factory=lambda: secrets.token_hex(4))
    next_article: int = 0
    next_passage: int = 0
    n_words: int = 0
    n_characters: int = 0
    n_printed: int = 0
    sources: tuple[tuple[str | None, int], ...] = ()
    first_date: str | None = None
    last_date: str | None = None
    n_undated: int = 0

    @property
    def articles(self) -> str:
        """The collection of articles."""
        return f"{PREFIX}articles_{self.suffix}"

    @property
    def passages(self) -> str:
        """The collection of passages."""
        return f"{PREFIX}passages_{self.suffix}"

    @property
    def terms(self) -> str:
        """The collection that counts in how many passages each term stands."""
        return f"{PREFIX}terms_{self.suffix}"

    @property
    def collections(self) -> tuple[str, str, str]:
        """Its collections, but for the one that describes it."""
        return self.articles, self.passages, self.terms

    @property
    def seen(self) -> str:
        """The condition of all rows that belong to this generation."""
        generation = self.manifest.generation
        return f"added <= {generation} and removed > {generation}"

    def mean_length(self, name: str) -> float:
        """Return the mean number of terms in a field of a passage."""
        total = self.n_words if name == "words" else self.n_characters
        return total / max(self.manifest.n_passages, 1)

    @property
    def has_undated(self) -> bool:
        """See `index.catalogue.has_undated`."""
        return self.n_undated > MAX_UNDATED * self.manifest.n_articles

    def overview(self) -> Overview:
        """Return the archive in numbers."""
        sources = sorted(self.sources, key=lambda source: -source[1])
        return Overview(
            self.manifest.n_articles, self.manifest.n_passages, self.n_printed, tuple(sources),
            self.first_date, self.last_date, self.n_undated,
        )  # fmt: skip

    def next(self, **changes: Any) -> "State":  # noqa: ANN401
        """Return this with changes, those of the manifest among them."""
        ours = {key: changes.pop(key) for key in list(changes) if hasattr(self, key)}
        return replace(self, **ours, manifest=replace(self.manifest, **changes))

    def to_json(self) -> str:
        """Return what `from_json` reads."""
        return json.dumps({"format": FORMAT_VERSION, **asdict(self)}, ensure_ascii=False)

    @staticmethod
    def format_of(text: str) -> object:
        """Return the format version of what a `to_json` wrote, perhaps of another Youju.

        Raises:
            KeyError, TypeError, ValueError: If it is something else.
        """
        version: object = json.loads(text)["format"]
        return version

    @classmethod
    def from_json(cls, text: str) -> "State":
        """Read what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: If it is something else.
        """
        values = json.loads(text)
        del values["format"]
        values["manifest"] = Manifest(**values["manifest"])
        values["sources"] = tuple((source, n) for source, n in values["sources"])
        return cls(**values)
