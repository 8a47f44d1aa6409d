"""Time expressions in Chinese newspaper text, and the days they mean.

Written here because the library for it, JioNLP, is too heavy for the path of a question: it takes
0.6 to 1.5 s to import and 1 to 5 ms a sentence (this module 0.02 ms), and gives the days that are
meant for 44 of the 64 expressions of `tests/test_corpus_times.py`. Above all it tears apart what
questions are made of: 五年前五月, 三年前的2月15日. How times are written stands in `time_words`,
what they mean in `time_values`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from corpus.calendar import MONTHS_A_YEAR, Days, hull
from corpus.spacing import close_up
from corpus.time_values import Said, days_meant
from corpus.time_words import EXPRESSION, TO

_JOINED = re.compile(TO)
_ALSO = re.compile(rf"(?:{TO}|[、和与及或])?")
"""Between 每年 and 5月, and between these and more of their kind: 每年5月至8月、11月."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time that a text names.

    Attributes:
        start: Offset of the expression in the text.
        end: Offset after it.
        first: First day it can mean.
        last: Last day it can mean.
        is_relative: Whether the days depend on when the text was written: 去年, 5月18日.
    """

    start: int
    end: int
    first: date
    last: date
    is_relative: bool

    @property
    def days(self) -> Days:
        """First and last day."""
        return self.first, self.last


def find_times(text: str, written: Days | None, *, guess_year: bool = True) -> list[Time]:
    """Return the times that a paragraph names, in its order.

    A year or month holds for the expressions after it, so give whole paragraphs. What cannot be
    resolved is left out, and so are words too vague for days, such as 近日 or 几年前.

    Args:
        text: One paragraph.
        written: When the text was written; None if unknown, then relative times are left out.
            If it is more than a day, 昨天 may be any of the days it then means.
        guess_year: Whether 5月18日, no year having been named, is of about the year of `written`.
    """
    said = Said()
    found: list[Time] = []
    closed, places = close_up(text)
    for match in _known_expressions(closed):
        if time := _resolve(match, written, said, guess_year=guess_year):
            if found and time.last < found[-1].first and _is_joined(closed, found[-1], time):
                later = _said_later(match, found[-1])
                time = _resolve(match, written, later, guess_year=guess_year) or time
            said.hear(time.days, names_month=not match["only_day"])
            found.append(time)
    return [
        replace(time, start=places[time.start], end=places[time.end - 1] + 1)
        for time in _join_ranges(closed, found)
    ]


def _known_expressions(text: str) -> Iterator[re.Match[str]]:
    """Yield the expressions but for those of no year that can be told, such as 每年3月."""
    unknown_end: int | None = None
    for match in EXPRESSION.finditer(text):
        # Every part of an expression may be missing, but not all of them.
        if not match[0]:
            continue
        goes_on = unknown_end is not None and _ALSO.fullmatch(text, unknown_end, match.start())
        names_year = match["year"] or match["near_year"]
        if match["unknown"] or (goes_on and not names_year):
            unknown_end = match.end()
        else:
            yield match


def _resolve(
    match: re.Match[str], written: Days | None, said: Said, *, guess_year: bool
) -> Time | None:
    absolute = days_meant(match, None, said, guess_year=guess_year)
    if written is None:
        possible = [absolute]
    else:
        possible = [days_meant(match, day, said, guess_year=guess_year) for day in written]
    known = [days for days in possible if days]
    if not known:
        return None
    first, last = hull(*known)
    if match["since"] and written is not None and first <= written[1]:
        last = written[1]
    return Time(match.start(), match.end(), first, last, is_relative=absolute is None)


def _is_joined(text: str, time: Time, later: Time) -> bool:
    return _JOINED.fullmatch(text, time.end, later.start) is not None


def _said_later(match: re.Match[str], begin: Time) -> Said:
    """The next month for 昨天至2日, the next year for 2025年12月30日至1月2日."""
    year, month = begin.last.year, begin.last.month
    is_same_year = match["only_day"] and month < MONTHS_A_YEAR
    return Said(year, month + 1) if is_same_year else Said(year + 1, 1)


def _join_ranges(text: str, times: list[Time]) -> Iterator[Time]:
    """Make one of two times with 至 between them."""
    held: Time | None = None
    for time in times:
        if held and held.first <= time.last and _is_joined(text, held, time):
            is_relative = held.is_relative or time.is_relative
            held = replace(held, end=time.end, last=time.last, is_relative=is_relative)
        else:
            if held:
                yield held
            held = time
    if held:
        yield held
