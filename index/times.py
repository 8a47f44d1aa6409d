"""The times that sentences name: kept with the passages, looked up by passage or by day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus import Article, Passage, split_sentences
from corpus.calendar import Days, days_of, meets
from corpus.times import find_times
from index.catalogue import Query, query_numbers

SCHEMA = """
CREATE TABLE times (
    passage INTEGER NOT NULL REFERENCES passages (number),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    first_day TEXT NOT NULL, last_day TEXT NOT NULL);
CREATE INDEX times_of_passage ON times (passage);
CREATE INDEX times_by_day ON times (first_day, last_day);
"""

WIDE = 366 * 5
"""Days. What spans more, such as 20年来, tells of no year in it in particular."""

OTHER_TIME = 0.3
"""What a passage that names other times only loses against one that names the time asked for. Set
with `UNSURE_TIME` on the 32 development questions that name a time: anything from .05 and .2 to .2
and .4 takes R@5 from .875 to .938."""

UNSURE_TIME = 0.15
"""What one loses that names no time, or another of the same year."""


@dataclass(frozen=True, slots=True)
class SaidTime:
    """A time that a sentence names.

    Attributes:
        start: Offset of the sentence in `Article.text`.
        end: Offset after it.
        first: First day that is meant.
        last: Last day.
    """

    start: int
    end: int
    first: date
    last: date

    @property
    def days(self) -> Days:
        """First and last day."""
        return self.first, self.last

    @property
    def is_wide(self) -> bool:
        """Whether it is too long to tell of a year in it."""
        return (self.last - self.first).days > WIDE


def find_said(
    articles: Iterable[Article], passages: Sequence[Passage]
) -> Iterator[tuple[int, SaidTime]]:
    """Yield the times that passages name, with the number of the passage.

    Args:
        articles: All that the passages are cut from; relative times count from their dates.
        passages: Row n is passage number n.
    """
    numbers: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for number, passage in enumerate(passages):
        numbers[passage.article_id, passage.paragraph].append(number)
    for article in articles:
        written = days_of(article.date) if article.date else None
        for paragraph in article.paragraphs:
            here = numbers[article.id, paragraph.number]
            times = find_times(paragraph.text, written)
            for start, end in split_sentences(paragraph.text) if times and here else ():
                first, last = paragraph.start + start, paragraph.start + end
                number = next(n for n in here if first < passages[n].end)
                for time in times:
                    if start <= time.start < end:
                        yield number, SaidTime(first, last, *time.days)


def read_said(query: Query, numbers: Sequence[int]) -> dict[int, tuple[SaidTime, ...]]:
    """Return the times that passages of these numbers name, in the order of the text."""
    sql = 'SELECT passage, start, "end", first_day, last_day FROM times WHERE passage'
    found: dict[int, list[SaidTime]] = {number: [] for number in numbers}
    for number, start, end, first, last in query_numbers(query, sql, [*found], "ORDER BY rowid"):
        days = date.fromisoformat(first), date.fromisoformat(last)
        found[number].append(SaidTime(start, end, *days))
    return {number: tuple(times) for number, times in found.items()}


def is_said(query: Query, days: Days) -> bool:
    """Whether any sentence names a time, not a wide one, that meets these days."""
    first, last = (day.isoformat() for day in days)
    rows = query(
        "SELECT 1 FROM times JOIN current_passages ON current_passages.number = passage "
        "WHERE first_day <= ? AND last_day >= ? "
        "AND julianday(last_day) - julianday(first_day) <= ? LIMIT 1",
        (last, first, WIDE),
    )
    return bool(rows)


def time_loss(said: Sequence[SaidTime], printed: str | None, asked: Sequence[Days]) -> float:
    """Return what the score of a passage loses because of its times; 0 if they are asked for.

    Args:
        said: The times it names.
        printed: Date of its article, see `corpus.Article.date`.
        asked: The times that the question names; at least one.
    """
    narrow = [time.days for time in said if not time.is_wide]
    narrow += [days_of(printed)] if printed else []
    if any(meets(days, wanted) for days in narrow for wanted in asked):
        return 0.0
    near = [whole_years(wanted) for wanted in asked]
    is_unsure = not said or any(meets(time.days, years) for time in said for years in near)
    return UNSURE_TIME if is_unsure else OTHER_TIME


def whole_years(days: Days) -> Days:
    """Return all days of the years that an interval touches."""
    return date(days[0].year, 1, 1), date(days[1].year, 12, 31)
