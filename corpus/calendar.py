"""Intervals of days, and the parts of years and months that papers name."""

from calendar import monthrange
from datetime import date, timedelta

Days = tuple[date, date]
"""First and last day, both inside."""

_YEAR_PARTS = {
    "上半年": ("01-01", "06-30"), "下半年": ("07-01", "12-31"),
    "初": ("01-01", "02-28"), "底": ("11-01", "12-31"), "末": ("11-01", "12-31"),
    "春": ("03-01", "05-31"), "夏": ("06-01", "08-31"), "秋": ("09-01", "11-30"),
    "冬": ("11-01", "12-31"),
    "初春": ("02-03", "03-31"), "初夏": ("05-05", "06-30"), "初秋": ("08-07", "09-30"),
    "初冬": ("11-07", "12-31"), "寒假": ("01-01", "02-28"), "暑假": ("07-01", "08-31"),
    "元旦": ("01-01", "01-03"), "春节": ("01-20", "02-28"), "清明": ("04-03", "04-06"),
    "五一": ("05-01", "05-05"), "劳动节": ("05-01", "05-05"), "端午": ("05-25", "06-26"),
    "中秋": ("09-07", "10-09"), "国庆": ("10-01", "10-08"),
}  # fmt: skip
"""Month and day of first and last. Feasts of the lunar calendar: between their earliest and
latest day. 初春, 初夏 …: from 立春, 立夏 … to the end of the season's first month."""

_MONTH_PARTS = {
    "初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31),
    "末": (21, 31),
}  # fmt: skip

MONTHS_A_YEAR, MONTHS_A_QUARTER = 12, 3


def years(first: int, last: int) -> Days:
    """Return whole calendar years."""
    return date(first, 1, 1), date(last, 12, 31)


def months(year: int, first: int, last: int) -> Days:
    """Return whole months of a year.

    Raises:
        ValueError: If there are no such months.
    """
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def quarters(year: int, first: int, last: int) -> Days:
    """Return quarters of a year, counted from 1.

    Raises:
        ValueError: If there are no such quarters.
    """
    return months(year, MONTHS_A_QUARTER * (first - 1) + 1, MONTHS_A_QUARTER * last)


def part_of_year(year: int, name: str) -> Days:
    """Return 上半年, 年底, 夏天, 国庆 … of a year.

    Raises:
        KeyError: If there is no such part.
    """
    name = name if name.endswith("半年") else name.strip("“”年天季")
    first, last = _YEAR_PARTS[name]
    return date.fromisoformat(f"{year:04}-{first}"), date.fromisoformat(f"{year:04}-{last}")


def part_of_month(month: Days, name: str) -> Days:
    """Return 初, 上旬, 月底 … of a month."""
    first, last = _MONTH_PARTS[name]
    return month[0].replace(day=first), month[0].replace(day=min(last, month[1].day))


def move(day: date, n_months: int) -> date:
    """Return the same day `n_months` later, or the last one of a shorter month.

    Raises:
        ValueError: If it is before the year 1 or after 9999.
    """
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + n_months, MONTHS_A_YEAR)
    # date() first: monthrange() takes years that no date has.
    return date(year, month + 1, 1).replace(day=min(day.day, monthrange(year, month + 1)[1]))


def week(day: date, n_weeks: int) -> Days:
    """Return the week, Monday to Sunday, `n_weeks` after that of a day."""
    monday = day + timedelta(days=7 * n_weeks - day.weekday())
    return monday, monday + timedelta(days=6)


def hull(*intervals: Days) -> Days:
    """Return the least interval that holds all of these."""
    return min(first for first, _ in intervals), max(last for _, last in intervals)


def meets(one: Days, other: Days) -> bool:
    """Whether two intervals share a day."""
    return one[0] <= other[1] and other[0] <= one[1]


def days_of(value: str) -> Days:
    """Return the days of an article's date: an ISO day, month, year, or two joined by "/".

    Raises:
        ValueError: If it is no such date.
    """
    return hull(*(_days_of_one(part) for part in value.split("/")))


def iso_of(days: Days) -> str:
    """Return an interval as `days_of` reads it: a whole year or month, a day, or two days."""
    first, last = days
    for length in (4, 7, 10):  # of a year, a month, a day
        if days_of(first.isoformat()[:length]) == days:
            return first.isoformat()[:length]
    return f"{first.isoformat()}/{last.isoformat()}"


def _days_of_one(value: str) -> Days:
    parts = [int(part) for part in value.split("-")]
    match parts:
        case [year]:
            return years(year, year)
        case [year, month]:
            return months(year, month, month)
        case [year, month, day]:
            return date(year, month, day), date(year, month, day)
        case _:
            raise ValueError(f"{value!r} is not a date such as 2026-05-03, 2026-05 or 2026")
