"""The numbers of an index in Milvus, counted anew."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from index.milvus.client import Milvus, Row
from index.milvus.columns import TERM_FIELDS, State
from index.milvus.comparing import Pairs, Version
from index.milvus.rows import first_and_last, read_head, read_record
from index.milvus.writing import Tally
from index.noise import Nearest


@dataclass(slots=True)
class Census:
    """Counts what is asked now.

    Attributes:
        tally: Of its passages.
        n_articles: Articles.
        sources: How many of each paper or agency.
        dates: Of the articles.
        next_article, next_passage: What follows the highest number, of whatever generation.
        passages: Numbers of the passages.
    """

    tally: Tally = field(default_factory=Tally)
    n_articles: int = 0
    sources: Counter[str | None] = field(default_factory=Counter)
    dates: list[str | None] = field(default_factory=list)
    next_article: int = 0
    next_passage: int = 0
    passages: set[int] = field(default_factory=set)

    def see(self, version: Version) -> None:
        """Count the numbers of any version."""
        self.next_article = max(self.next_article, version.number + 1)
        numbers = [row["number"] + 1 for row in version.passages]
        self.next_passage = max([self.next_passage, *numbers])

    def count(self, version: Version, pairs: Pairs) -> None:
        """Count a version that is asked now and whose record is whole."""
        assert version.article is not None
        self._count_article(version.article.source, version.article.date)
        for pair in pairs.pairs:
            self.tally.count(pair.right, pair.n_printed)
            self.passages |= {pair.kept["number"]} if pair.kept else set()

    def count_damaged(self, version: Version) -> None:
        """Count a version whose record is not whole, as far as its other rows tell of it."""
        try:
            head = read_head(version.parts[0])
            self._count_article(head.source, head.date)
        except ValueError:
            self._count_article(None, None)
        for row in version.passages:
            self.passages.add(row["number"])
            try:
                record = read_record(row)
            except ValueError:
                continue
            self.tally.count(row, record.end - record.start)

    def _count_article(self, source: str | None, date: str | None) -> None:
        self.n_articles += 1
        self.sources[source] += 1
        self.dates.append(date)

    def state(self, before: State) -> State:
        """Return what describes the index, with the numbers that were counted."""
        first, last = first_and_last(self.dates)
        sources = before.sources if dict(before.sources) == self.sources else self.sources.items()
        return before.next(
            n_articles=self.n_articles,
            n_passages=self.tally.n_passages,
            next_article=max(before.next_article, self.next_article),
            next_passage=max(before.next_passage, self.next_passage),
            n_words=self.tally.n_words,
            n_characters=self.tally.n_characters,
            n_printed=self.tally.n_printed,
            sources=tuple(sources),
            first_date=first,
            last_date=last,
            n_undated=sum(date is None for date in self.dates),
        )

    def wrong_numbers(self, before: State) -> Iterator[str]:
        """Yield what the description of the index says otherwise."""
        counted = self.state(before)
        said, right = _flat(before), _flat(counted)
        for name in said:
            if said[name] != right[name]:
                yield f"manifest: {name} is {said[name]} instead of {right[name]}"
        if self._nearest_gone(before):
            yield "manifest: what is nearest to unrelated questions are passages that are gone"

    def _nearest_gone(self, before: State) -> bool:
        try:
            numbers = Nearest.from_json(before.manifest.noise).numbers
        except (TypeError, ValueError):
            return True
        return not set(numbers) <= self.passages

    def wrong_terms(self, client: Milvus, state: State) -> Counter[int]:
        """Return by how much too small the count of each term is, of those that are not right."""
        generation = state.manifest.generation
        missing = Counter(self.tally.holders)
        for row in client.scan(state.terms, "term >= 0", TERM_FIELDS):
            missing[row["term"]] -= _count(row, generation)
        return Counter({term: n for term, n in missing.items() if n})


def _count(row: Row, generation: int) -> int:
    return int(row["n"] if row["since"] <= generation else row["before"])


def _flat(state: State) -> dict[str, str]:
    """What is said of an index, name by name, but for what is no number of it."""
    values = {f.name: getattr(state, f.name) for f in fields(state) if f.name != "manifest"}
    values |= {name: getattr(state.manifest, name) for name in ("n_articles", "n_passages")}
    return {name: json.dumps(value, ensure_ascii=False) for name, value in values.items()}
