"""Changes of an index in Milvus: rows of a generation that nobody sees until the last one is there.

Every row says in which generation it was added and removed. A reader asks for one generation,
which it read from the one row that describes the index; so what a writer has written of the next
one is not seen, and all of it is, by whoever opens the index after that row has been replaced.
What a writer left that died is taken back before the next one writes.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from corpus import Article, split_article
from index.encoders import Encoder
from index.errors import StoreError
from index.known_vectors import encode
from index.milvus.client import MAX_TEXT, Milvus, Row, both
from index.milvus.columns import (
    ANCHOR,
    ARTICLE_COLUMNS,
    ARTICLE_FIELDS,
    MANIFEST,
    NEVER,
    NO_VECTOR,
    PASSAGE_FIELDS,
    STATE_ROW,
    TERM_COLUMNS,
    TERM_FIELDS,
    State,
    passage_columns,
)
from index.milvus.lease import Lease
from index.milvus.rows import (
    article_rows,
    derived_row,
    first_and_last,
    read_head,
    read_record,
    unpack_terms,
    with_vector,
)
from index.noise import Nearest
from index.segmentation import Segmenter
from index.times import SaidTime, find_said
from index.writing import encode_noise

BATCH = 500
"""Rows of one call. Each call is waited for before the next batch is encoded, so that a server
that is slow, or asks to wait, slows the writer down."""

ARTICLES_AT_ONCE = 50
"""Articles that are encoded and written together; no more of them is in memory."""


@dataclass(slots=True)
class Tally:
    """What a change adds to, or takes from, the numbers of an index.

    Attributes:
        n_passages: Passages.
        n_words: Words of them.
        n_characters: Characters of them, as the lexical index counts them.
        n_printed: Characters of their texts.
        holders: Passages that hold each term.
    """

    n_passages: int = 0
    n_words: int = 0
    n_characters: int = 0
    n_printed: int = 0
    holders: Counter[int] = field(default_factory=Counter)

    def count(self, row: Row, n_printed: int, sign: int = 1) -> None:
        """Count the row of a passage whose text has so many characters; -1 takes it away."""
        self.n_passages += sign
        self.n_words += sign * row["n_words"]
        self.n_characters += sign * row["n_characters"]
        self.n_printed += sign * n_printed
        for term in unpack_terms(row["terms"])[0].tolist():
            self.holders[term] += sign


def create(client: Milvus, state: State, *, is_exact: bool) -> None:
    """Make the collections of an index; vectors are compared one by one, or Milvus chooses."""
    columns = {
        state.articles: ARTICLE_COLUMNS,
        state.passages: passage_columns(state.manifest.dimension),
        state.terms: TERM_COLUMNS,
    }
    for name, of_this in columns.items():
        client.create(name, of_this, is_exact=is_exact or ANCHOR in of_this)


class Writer:
    """Writes one generation of an index.

    Attributes:
        state: What describes the index before.
        generation: That is written.
        next_passage: The number of the next passage.
        tally: What was written so far.
        lease: Says that nobody else writes.
    """

    def __init__(self, client: Milvus, lease: Lease, state: State, encoder: Encoder) -> None:
        self.state = state
        self.generation = state.manifest.generation + 1
        self.next_passage = state.next_passage
        self.tally = Tally()
        self.lease = lease
        self._client = client
        self._encoder = encoder
        self._segmenter = Segmenter(state.manifest.names.splitlines())
        self._questions = encode_noise(encoder)

    def create(self, *, is_exact: bool) -> None:
        """Make the collections."""
        create(self._client, self.state, is_exact=is_exact)

    def drop(self) -> None:
        """Delete the collections."""
        for name in self.state.collections:
            self._client.drop(name)

    def take_back(self) -> None:
        """Take back what a writer left whose generation was never seen."""
        seen = self.generation - 1
        of_each = {self.state.articles: ARTICLE_FIELDS, self.state.passages: PASSAGE_FIELDS}
        for name, fields in of_each.items():
            self.lease.renew()
            self._client.delete(name, f"added > {seen}")
            left = both(f"removed > {seen}", f"removed < {NEVER}")
            self.set_removed(name, list(self._client.scan(name, left, fields)), NEVER)
        terms = list(self._client.scan(self.state.terms, f"since > {seen}", TERM_FIELDS))
        counted = ({**row, "n": row["before"], "since": seen} for row in terms)
        self.write(self.state.terms, counted)

    def add(
        self,
        articles: Sequence[Article],
        positions: Sequence[int],
        nearest: Nearest,
        advance: Callable[[int], None],
    ) -> Nearest:
        """Encode and write articles; return the nearest passages of unrelated questions then.

        Args:
            articles: In order.
            positions: Of the articles in the list.
            nearest: What was nearest before.
            advance: Told how many passages are encoded since the last call.
        """
        numbers = range(self.state.next_article, self.state.next_article + len(articles))
        placed = zip(articles, numbers, positions, strict=True)
        while some := list(islice(placed, ARTICLES_AT_ONCE)):
            rows, vectors = self._rows(some, advance)
            parts = (
                row
                for article, number, position in some
                for row in article_rows(article, number, position, self.generation)
            )
            self.write(self.state.articles, parts)
            self.write(self.state.passages, iter(rows))
            if rows:
                added = np.array([row["number"] for row in rows], dtype=np.int64)
                nearest = nearest.or_nearer(Nearest.among(self._questions, vectors, added))
        return nearest

    def _rows(
        self, some: Sequence[tuple[Article, int, int]], advance: Callable[[int], None]
    ) -> tuple[list[Row], NDArray[np.float16]]:
        """The rows of the passages of articles, and their vectors."""
        articles = {article.id: article for article, _, _ in some}
        number_of = {article.id: number for article, number, _ in some}
        passages = [p for article in articles.values() for p in split_article(article)]
        vectors = encode(self._encoder, [p.text for p in passages], self.lease.keeping(advance))
        said: list[list[SaidTime]] = [[] for _ in passages]
        for n, time in find_said(articles.values(), passages):
            said[n].append(time)
        rows = []
        for n, passage in enumerate(passages):
            article = articles[passage.article_id]
            derived = derived_row(passage, article, said[n], self._segmenter)
            row = with_vector(derived, vectors[n])
            self.tally.count(row, passage.end - passage.start)
            key = {"number": self.next_passage + n, "article": number_of[passage.article_id]}
            rows.append({**row, **key, "added": self.generation, "removed": NEVER})
        self.next_passage += len(rows)
        return rows, vectors

    def retire(self, numbers: Sequence[int]) -> list[int]:
        """Remove the articles of these numbers; return the numbers of their passages.

        Raises:
            ValueError: If the row of a passage is not what was written.
        """
        gone: list[int] = []
        for number in numbers:
            where = f"number == {number}"
            parts = list(self._client.scan(self.state.articles, where, ARTICLE_FIELDS))
            self.set_removed(self.state.articles, parts, self.generation)
            where = f"article == {number}"
            rows = list(self._client.scan(self.state.passages, where, PASSAGE_FIELDS))
            self.set_removed(self.state.passages, rows, self.generation)
            for row in rows:
                record = read_record(row)
                self.tally.count(row, record.end - record.start, -1)
                gone.append(row["number"])
        return gone

    def set_removed(self, name: str, rows: Sequence[Row], generation: int) -> None:
        """Write whole rows again, as removed in a generation."""
        self.write(name, ({**row, "removed": generation} for row in rows))

    def write(self, name: str, rows: Iterator[Row]) -> None:
        """Write rows in batches, as long as nobody else writes."""
        while batch := list(islice(rows, BATCH)):
            self.lease.renew()
            self._client.upsert(name, batch)

    def without(self, nearest: Nearest, gone: Sequence[int]) -> Nearest:
        """Return the nearest passages of unrelated questions, looked for again if they are gone."""
        missing = set(gone)
        lost = [n for n, number in enumerate(nearest.numbers) if number in missing]
        if not lost:
            return nearest
        cosines, numbers = list(nearest.cosines), list(nearest.numbers)
        vectors = [self._questions[n].tolist() for n in lost]
        # Not of this generation: what is new is compared when it is added.
        seen = f"added < {self.generation} and removed > {self.generation}"
        hits = self._client.search(self.state.passages, "number", "vector", vectors, 1, seen)
        for n, found in zip(lost, hits, strict=True):
            numbers[n], cosines[n] = found[0] if found else (-1, -2.0)
        return Nearest(tuple(cosines), tuple(numbers))

    def dates(
        self, new: Sequence[Article], retired: Sequence[str | None]
    ) -> tuple[str | None, str | None]:
        """Return the dates of the oldest and the newest article, when new ones are written.

        Args:
            new: Articles of this generation.
            retired: Dates of those that are removed; the list of all is only read where one of
                them was the oldest or the newest.

        Raises:
            ValueError: If one of that list is not what was written.
        """
        kept: list[str | None] = [self.state.first_date, self.state.last_date]
        if {part for date in retired if date for part in date.split("/")} & set(kept):
            seen = f"added <= {self.generation} and removed > {self.generation} and part == 0"
            rows = self._client.scan(self.state.articles, seen, ["id", "head"])
            kept = [read_head(row).date for row in rows]
        return first_and_last([*kept, *(article.date for article in new)])

    def finish(self, state: State) -> State:
        """Write the counts of terms and then, in one row, what describes the index from now on.

        Raises:
            StoreError: If another process has begun to write, or the description is too long.
        """
        text = state.to_json()
        if len(text.encode()) > MAX_TEXT:
            raise StoreError(
                "a Milvus store keeps its dictionary and the names of its sources in "
                f"{MAX_TEXT} bytes, and these are more; give a shorter --dictionary"
            )
        self._write_terms()
        self.lease.check()
        row = {"key": STATE_ROW, "value": text, "anchor": NO_VECTOR}
        self._client.upsert(MANIFEST, [row])
        return state

    def _write_terms(self) -> None:
        """Count the terms; each row keeps the count before as well, for who reads the old state."""
        changed = [term for term, n in self.tally.holders.items() if n]
        for start in range(0, len(changed), BATCH):
            some = changed[start : start + BATCH]
            before = dict.fromkeys(some, 0)
            if self.state.next_passage:  # else the collection is empty
                for row in self._client.rows(self.state.terms, "term", some, TERM_FIELDS):
                    before[row["term"]] = row["n" if row["since"] < self.generation else "before"]
            rows = (
                {
                    "term": term, "n": before[term] + self.tally.holders[term],
                    "since": self.generation, "before": before[term], "anchor": NO_VECTOR,
                }
                for term in some
            )  # fmt: skip
            self.write(self.state.terms, rows)

    def flush(self) -> None:
        """Have all that was written sealed and indexed."""
        for name in self.state.collections:
            self._client.flush(name)
