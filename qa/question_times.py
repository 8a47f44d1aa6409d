"""The times that a question names, and the readings that tell of others."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from corpus.calendar import Days, meets
from corpus.times import find_times
from index.times import whole_years
from qa.questions import Question
from qa.reader import Reading

_ASKS_WHEN = re.compile(
    r"何时|何年|何月|何日|(?:什么|啥)(?:时候|时间|日子)|哪一?[年天日]|哪个?月|[几多少]+[月号日]|几几年|日期|年份"
)


_MONTH, _YEAR = timedelta(27), timedelta(364)
"""From the first day to the last of the shortest month and year."""


def times_asked(question: Question, today: date | None) -> list[Days]:
    """Return the days that a question names, in its order.

    A month or day without a year is left out: it may be of any year.

    Args:
        question: What was asked.
        today: What 去年 and 上个月 count from; None if unknown, then they are left out.
    """
    written = (today, today) if today else None
    return [time.days for time in find_times(question.normalised, written, guess_year=False)]


def without_other_times(
    question: Question, readings: Sequence[Reading], asked: Sequence[Days]
) -> list[Reading]:
    """Leave out readings whose sentence tells of other times than the question only.

    Times are other ones if they are of other years; for a question that names a month or quarter,
    of other months. Where the question asks when, none is left out: that is what it asks for.

    Args:
        question: What was asked.
        readings: In any order, which is kept.
        asked: The times it names.
    """
    if not asked or _ASKS_WHEN.search(question.normalised):
        return list(readings)
    # Of a day, sentences often name another one nearby: when it was reported.
    wanted = [days if _is_of_months(days) else whole_years(days) for days in asked]
    return [reading for reading in readings if not _tells_of_others(reading, wanted)]


def _is_of_months(days: Days) -> bool:
    """Whether an interval is at least a month, and less than a year."""
    return _MONTH <= days[1] - days[0] < _YEAR


def _tells_of_others(reading: Reading, wanted: Sequence[Days]) -> bool:
    start, end = (reading.passage.start + offset for offset in reading.evidence)
    said = [time.days for time in reading.scored.said if time.start < end and start < time.end]
    return bool(said) and not any(meets(days, years) for days in said for years in wanted)
