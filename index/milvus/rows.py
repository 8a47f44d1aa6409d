"""How articles and passages become rows of Milvus, and rows become them again."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus import Article, Passage
from corpus.calendar import days_of
from index.catalogue import ArticleFilter, ArticleHead
from index.database import VECTOR, article_to_json, digest_record
from index.lexical import cut_fields
from index.milvus.client import MAX_ITEMS, Row, both, quoted
from index.milvus.columns import NEVER, NO_VECTOR, PART_LENGTH, PARTS
from index.scored import with_context
from index.segmentation import Segmenter
from index.text import normalise
from index.times import SaidTime

COUNT_BITS = 14
"""Of a term's number in `terms`: how often the passage holds it. The other 49 are its hash."""

MAX_COUNT = 2**COUNT_BITS - 1

UNDATED = {"first_day": 99999999, "last_day": 0}
"""Days of an article without a date: after every day, and before every day."""

DIGEST = 32
"""Characters of the checksum of a record; that of the vector follows in a passage's row."""

_HALF_PRECISION = 0.01
"""How far the length of a unit vector may be from 1 in half precision, with room to spare."""

HEAD_FIELDS = ("id", "title", "source", "date", "date_basis", "is_title_editorial")

_HEADLINES = ("title", "subtitle", "kicker")

_HEAD_KINDS: dict[str, Any] = {
    **dict.fromkeys(("id", "title", "date_basis"), str),
    **dict.fromkeys(("source", "date", "subtitle", "kicker"), str | None),
    "is_title_editorial": bool,
}
"""What the first row of an article says of it, with the types of the values."""


def term_key(field: str, term: str) -> int:
    """Return the number of a term of a field, from 0 to 2**49 - 1.

    Of a million different terms two share a number with a probability of .001.
    """
    digest = blake2b(f"{field}\0{term}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (COUNT_BITS + 1)


def pack_terms(fields: dict[str, list[str]]) -> list[int]:
    """Return the terms of a passage with their counts, each one number, ascending."""
    counts = {
        (name, term): n for name, terms in fields.items() for term, n in Counter(terms).items()
    }
    packed = (term_key(*key) << COUNT_BITS | min(n, MAX_COUNT) for key, n in counts.items())
    return sorted(packed)[:MAX_ITEMS]


def unpack_terms(packed: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of the terms of a passage, ascending, and how often it holds each."""
    values = np.asarray(packed, dtype=np.int64)
    return values >> COUNT_BITS, values & MAX_COUNT


def article_rows(article: Article, number: int, position: int, generation: int) -> Iterator[Row]:
    """Yield the rows of an article; the first has what is listed of it.

    Raises:
        ValueError: If it is too long for `PARTS` rows, of more than 60 million characters.
    """
    record = article_to_json(article)
    parts = [record[i : i + PART_LENGTH] for i in range(0, len(record), PART_LENGTH)]
    if len(parts) > PARTS:
        raise ValueError(f"article '{article.id}' is too long for a Milvus store")
    values = asdict(article)
    head = {name: values[name] for name in (*HEAD_FIELDS, *_HEADLINES)}
    for part, text in enumerate(parts):
        yield {
            "key": number * PARTS + part, "number": number, "part": part, "position": position,
            "added": generation, "removed": NEVER, "id": article.id,
            "head": "" if part else json.dumps(head, ensure_ascii=False), "record": text,
            "digest": "" if part else digest_record(record).hex(), "anchor": NO_VECTOR,
            **_filtered(article),
        }  # fmt: skip


def derived_row(
    passage: Passage, article: Article, said: Sequence[SaidTime], segmenter: Segmenter
) -> Row:
    """Return all of a passage's row that follows from its article.

    What does not are its number, that of its article, generations and, last, see `with_vector`,
    the vector.
    """
    context = with_context(passage)
    fields = cut_fields(context, segmenter)
    narrow = [time.days for time in said if not time.is_wide]
    years = {year for days in narrow for year in range(days[0].year, days[1].year + 1)}
    record = json.dumps(
        [
            passage.section, passage.paragraph, passage.start, passage.end, article.date,
            [(t.start, t.end, t.first.isoformat(), t.last.isoformat()) for t in said],
        ],
        ensure_ascii=False,
    )  # fmt: skip
    return {
        "record": record, "digest": digest_record(record).hex(),
        "words": normalise(context)[:PART_LENGTH],
        "characters": " ".join(fields["characters"])[:PART_LENGTH],
        "n_words": len(fields["words"]), "n_characters": len(fields["characters"]),
        "terms": pack_terms(fields), "years": sorted(years)[:MAX_ITEMS],
        **_filtered(article),
    }  # fmt: skip


def with_vector(row: Row, vector: NDArray[np.float16]) -> Row:
    """Return the row of a passage with its vector, of shape (dimension,), and its checksum."""
    held = np.asarray(vector, dtype=np.float32).tolist()
    return {**row, "digest": row["digest"] + _digest_vector(held), "vector": held}


def has_whole_vector(row: Row) -> bool:
    """Whether the vector of a passage is what was written.

    What earlier versions wrote has no checksum of it, and is whole if its length is 1.
    """
    if len(row["digest"]) > DIGEST:
        return _digest_vector(row["vector"]) == str(row["digest"][DIGEST:])
    length = float(np.linalg.norm(np.asarray(row["vector"], dtype=np.float32)))
    return abs(length - 1) < _HALF_PRECISION


def _digest_vector(vector: Sequence[float]) -> str:
    held = np.asarray(vector, dtype=VECTOR)
    return blake2b(held.tobytes(), digest_size=8).hexdigest()


def join_record(parts: Sequence[Row]) -> str | None:
    """Return the record of an article from its rows; None if it is not what was written."""
    ordered = sorted(parts, key=lambda row: int(row["part"]))
    record = "".join(row["record"] for row in ordered)
    if not ordered or digest_record(record).hex() != ordered[0]["digest"]:
        return None
    return record


class PassageRecord(NamedTuple):
    """What the row of a passage says of it; the offsets are into `Article.text`."""

    section: str | None
    paragraph: int
    start: int
    end: int
    date: str | None
    said: tuple[SaidTime, ...]

    def passage_of(self, article: Article) -> Passage:
        """Return the passage, a slice of its article."""
        text = article.text[self.start : self.end]
        return Passage(
            article.id, article.title, self.section, self.paragraph, self.start, self.end, text
        )


def read_record(row: Row) -> PassageRecord:
    """Return what the row of a passage says.

    Raises:
        ValueError: If it is not what was written.
    """
    if digest_record(row["record"]).hex() != row["digest"][:DIGEST]:
        raise ValueError("the row of a passage is not what was written")
    section, paragraph, start, end, printed, said = json.loads(row["record"])
    times = (
        SaidTime(first, last, date.fromisoformat(begin), date.fromisoformat(finish))
        for first, last, begin, finish in said
    )
    return PassageRecord(section, paragraph, start, end, printed, tuple(times))


def read_head(row: Row) -> ArticleHead:
    """Return what a list shows of an article, from `id` and `head` of its first row.

    Raises:
        ValueError: If it cannot be what was written.
    """
    head = _parse_head(row)
    return ArticleHead(**{name: head[name] for name in HEAD_FIELDS})


def _parse_head(row: Row) -> dict[str, Any]:
    try:
        head = json.loads(row["head"])
    except ValueError:
        head = None
    if (
        isinstance(head, dict)
        and head.get("id") == row["id"]
        and all(isinstance(head.get(name, ...), kind) for name, kind in _HEAD_KINDS.items())
    ):
        return head
    raise ValueError(f"what is listed of article '{row['id']}' is not what was written")


def first_and_last(dates: Iterable[str | None]) -> tuple[str | None, str | None]:
    """Return the oldest and the newest of the dates of articles."""
    known = [date.split("/") for date in dates if date]
    # As texts, like `index.catalogue.first_and_last_date`.
    return (
        min((date[0] for date in known), default=None),
        max((date[-1] for date in known), default=None),
    )


def has_title(row: Row, part: str) -> bool:
    """Whether title, subtitle or kicker of an article's first row hold a text, case apart.

    Raises:
        ValueError: See `read_head`.
    """
    head = _parse_head(row)
    return any(part.lower() in (head[name] or "").lower() for name in _HEADLINES)


def condition(wanted: ArticleFilter) -> str:
    """Return the condition of rows whose source and date are wanted; title is not in it.

    An article of a month is not before a day of it, as `index.catalogue` has it: the intervals
    of days are compared.
    """
    return both(
        f"source == {quoted(wanted.source)}" if wanted.source else "",
        f"last_day >= {_number(days_of(wanted.since)[0])}" if wanted.since else "",
        f"first_day <= {_number(days_of(wanted.until)[1])}" if wanted.until else "",
    )


def _filtered(article: Article) -> Row:
    days = {"first_day": UNDATED["first_day"], "last_day": UNDATED["last_day"]}
    if article.date:
        days = dict(zip(UNDATED, map(_number, days_of(article.date)), strict=True))
    return {"source": article.source or "", **days}


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day
