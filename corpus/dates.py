"""Dates of articles: one normal form for the ways files write them."""

import re
import unicodedata
from datetime import date

_DAY = re.compile(
    r"(?P<year>\d{4})"
    r"(?:\s*[-/.年]\s*(?P<month>\d{1,2})(?:\s*[-/.月]\s*(?P<day>\d{1,2}))?)?"
    r"\s*[年月日号]?(?(day)(?:\s*\(?(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]\)?)?)"
    r"(?:[T\s]\s*\d{1,2}:\d{2}\S*(?:\s*[+-]\d{2}:?\d{2})?)?"
)

_COMPACT = re.compile(r"\A(\d{4})(\d{2})(\d{2})(?!\d)")
_YEAR = re.compile(r"\d{4}")


def normalise_date(value: str) -> str:
    """Return a date in ISO 8601: day, month, year, or two of them joined by "/".

    Accepts ISO dates and times (the time is dropped), "20260503", "2026年5月3日", a day of
    the week after it, "2026.5.3", "2026/5/3", and intervals of ISO dates such as
    "2026-04/2026-05".

    Raises:
        ValueError: If `value` is no such date or names a day that does not exist.
    """
    value = unicodedata.normalize("NFKC", value).strip()
    first, slash, last = value.partition("/")
    if slash and ("-" in first or _YEAR.fullmatch(last)):
        return f"{_normalise_one(first)}/{_normalise_one(last)}"
    return _normalise_one(value)


def normalise_limit(value: str) -> str:
    """Return the day, month or year that something ends or begins with, in ISO 8601.

    Raises:
        ValueError: If `value` is none that `normalise_date` takes, or an interval.
    """
    iso = normalise_date(value)
    if "/" in iso:
        raise ValueError(f"{value!r} is an interval; give one day, month or year")
    return iso


def _normalise_one(value: str) -> str:
    match = _DAY.fullmatch(_COMPACT.sub(r"\1-\2-\3", value))
    if match is None:
        raise ValueError(f"{value!r} is not a date such as 2026-05-03, 2026-05 or 2026")
    year, month, day = match["year"], match["month"], match["day"]
    # date() rejects months and days that no calendar has.
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise ValueError(f"{value!r} is not a date: {error}") from error
    # As numbers: \d matches the digits of every script.
    return "-".join(f"{int(part):0{max(2, len(part))}}" for part in (year, month, day) if part)
