"""What the parts of a time expression mean, for who writes on one day."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.calendar import (
    MONTHS_A_YEAR,
    Days,
    hull,
    months,
    move,
    part_of_month,
    part_of_year,
    quarters,
    week,
    years,
)
from corpus.time_words import DIGITS

_NEAR_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1}
_NEAR_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_NEAR = {"上上": -2, "上": -1, "本": 0, "这": 0, "当": 0, "下": 1}
_CENTURIES = {"上": 20, "本": 21}
_PLANS_FROM, _PLAN_YEARS = 1951, 5
"""“六五” is 1981 to 1985, “十四五” 2021 to 2025."""

_LATE = 10
"""A month without a year that lies more months ahead is the past year's: 12月 said in January."""

_SOON = 15
"""A day without a month that lies more days ahead is the past month's: 30日 said on the 1st."""

_FROM_NEW_YEAR = re.compile(
    r"(?:\A|(?<=[\W仅在比较与由和及同到至计])|(?<=[全我本][国省市县区州])|(?<=中国))"
)
"""Where 前三个月 begins if it means those of the year. After other words it may count back from
an event: 开拍前三个月."""

Match = re.Match[str]


@dataclass(slots=True)
class Said:
    """The year and the month that a text named last; they hold for what it says after."""

    year: int | None = None
    month: int | None = None

    def hear(self, days: Days, *, names_month: bool) -> None:
        """Remember what is one year, or one month, of a time that was named.

        Args:
            days: What it means.
            names_month: False for 30日: its month is known from before, or it is of about now.
        """
        if not names_month:
            self.year = self.year if self.month else None
            return
        first, last = days
        if first.year == last.year:
            self.year = first.year
            self.month = first.month if first.month == last.month else None


def days_meant(match: Match, today: date | None, said: Said, *, guess_year: bool) -> Days | None:
    """Return the days that a match of `EXPRESSION` means.

    Args:
        match: The expression.
        today: When it was written; None if unknown.
        said: What was named before it.
        guess_year: Whether a month without a year is of about the year of `today`.

    Returns:
        None if they cannot be told, or there are no such days.
    """
    try:
        return (
            _fixed(match)
            or (_counted_from(today, match) if today else None)
            or _in_month(match, today, said)
            or _in_year(match, today, said, guess_year=guess_year)
        )
    except (ValueError, OverflowError):  # 2月30日; 90年前 said in the year 50
        return None


def _fixed(match: Match) -> Days | None:
    if match["iso"]:
        year, month, day = map(int, re.split("[-/.]", match["iso"]))
        return date(year, month, day), date(year, month, day)
    if match["plan"]:
        first = _PLANS_FROM + _PLAN_YEARS * _number(match["plan"])
        return years(first, first + _PLAN_YEARS - 1)
    if match["decade"]:
        decade = _number(match["decade"])
        first = decade if decade > 99 else 1900 + decade
        return years(first, first + 9)
    if match["century"]:
        named = match["century"].removesuffix("世纪")
        first = 100 * (_CENTURIES.get(named) or _number(named)) - 100
        if match["century_decade"]:
            first += _number(match["century_decade"])
            return years(first, first + 9)
        return years(first, first + 99)
    return None


def _counted_from(today: date, match: Match) -> Days | None:
    """近三年, 20年来, 三天前, 昨天, 上周五."""
    if number := match["last"] or match["years_since"]:
        n, unit = _number(number), match["unit"] or "年"
        if unit == "天":
            return today - timedelta(days=n), today
        return move(today, -n * (MONTHS_A_YEAR if unit == "年" else 1)), today
    if match["near_day"] or match["days_ago"]:
        n = _NEAR_DAYS[match["near_day"]] if match["near_day"] else -_number(match["days_ago"])
        return today + timedelta(days=n), today + timedelta(days=n)
    if match["weeks_ago"]:
        return week(today, -_number(match["weeks_ago"]))
    if match["near_week"]:
        monday, sunday = week(today, _NEAR[match["near_week"]])
        if not match["weekday"]:
            return monday, sunday
        day = monday + timedelta(days="一二三四五六".find(match["weekday"]) % 7)
        return day, day
    return None


def _in_month(match: Match, today: date | None, said: Said) -> Days | None:
    """上月18日, 三个月前, and 18日 of the month that was named last."""
    if match["only_day"]:
        last = int(match["only_day"])
        first = int(match["only_from"] or last)
        if said.year and said.month:
            return _from_to(months(said.year, said.month, said.month), first, last)
        return _from_to(_likely_month(today, first, last), first, last) if today else None
    if (match["near_month"] or match["months_ago"]) and today:
        n = _NEAR[match["near_month"][0]] if match["near_month"] else -_number(match["months_ago"])
        begin = move(today.replace(day=1), n)
        return _in_days(match, months(begin.year, begin.month, begin.month))
    return None


def _in_year(match: Match, today: date | None, said: Said, *, guess_year: bool) -> Days | None:
    """去年, 2025年5月18日, 今年一季度, and 5月18日 of the year that was named last."""
    named = _named_years(match, today, said)
    if named:
        return hull(*(_part(match, year, today) for year in named))
    has_own = any(
        match[name] for name in ("year", "near_year", "same_year", "next_year", "years_ago")
    )
    if has_own or not any(match[name] for name in ("month", "quarter", "period", "first_months")):
        return None
    if match["first_months"] and not _is_from_new_year(match):
        return None
    if said.year:
        return _part(match, said.year, today)
    return _part(match, _likely_year(match, today), today) if today and guess_year else None


def _is_from_new_year(match: Match) -> bool:
    """Whether 前三个月, no year beside it, is of January to March; 前一个月 is the month before."""
    is_several = _number(match["first_months"]) > 1
    return is_several and _FROM_NEW_YEAR.match(match.string, match.start()) is not None


def _named_years(match: Match, today: date | None, said: Said) -> tuple[int, int] | None:
    """First and last year that an expression names; None if it names none that is known."""
    if match["year"]:
        last = _number(match["year"])
        return int(match["year_from"] or match["year_listed"] or last), last
    if match["same_year"] or match["next_year"]:
        year = said.year and said.year + bool(match["next_year"])
        return (year, year) if year else None
    if today is None:
        return None
    if match["near_year"]:
        year = today.year + _NEAR_YEARS[match["near_year"]]
        return year, year
    if match["years_ago"]:
        n = _number(match["years_ago"])
        # 四十多年前 is from 49 to 40 years ago, 两年半前 may be in either year.
        more = 9 if match["years_more"] and n % 10 == 0 else int(match["half"] is not None)
        return today.year - n - more, today.year - n
    return None


def _part(match: Match, year: int, today: date | None) -> Days:
    """The part of a year that an expression names, else the year."""
    if match["month"]:
        return _in_months(match, year)
    if match["quarter"]:
        last = 1 if match["quarter"] == "首季" else _number(match["quarter"].strip("第前季度"))
        return quarters(year, 1 if match["quarter"][0] == "前" else last, last)
    if match["first_months"]:
        return months(year, 1, _number(match["first_months"]))
    if match["period"]:
        return part_of_year(year, match["period"])
    if today and (match["same_day"] or match["same_month"]):
        month = months(year, today.month, today.month)
        day = move(today, MONTHS_A_YEAR * (year - today.year))
        return (day, day) if match["same_day"] else month
    return years(year, year)


def _in_months(match: Match, year: int) -> Days:
    """11月, 11月5日, 9月至11月底, and 11月至3月 that ends in the next year."""
    last = _number(match["month"])
    first = _first_month(match, last)
    end = year + bool(last < first or match["to_next_year"])
    days = _in_days(match, months(end, last, last))
    if (year, first) == (end, last) and not match["part_from"]:
        return days
    begin = months(year, first, first)
    if match["part_from"]:
        begin = part_of_month(begin, match["part_from"])
    return begin[0], days[1]


def _first_month(match: Match, last: int) -> int:
    """First month of 7至8月 or 7、8月; 、 joins neighbours only: 1、7月 is item 1 of a list."""
    numeral = match["month_from"]
    if not numeral:
        return last
    first = _number(numeral)
    are_alike = numeral.isdigit() == match["month"].isdigit()
    return first if not match["month_pair"] or (first == last - 1 and are_alike) else last


def _in_days(match: Match, month: Days) -> Days:
    """The days of a month that an expression names, else the month."""
    if match["part"]:
        return part_of_month(month, match["part"])
    if match["day"]:
        last = _number(match["day"])
        first = _number(match["day_from"]) if match["day_from"] else last
        return _from_to(month, first, last)
    return month


def _from_to(month: Days, first: int, last: int) -> Days:
    """The first day in the first month to the last in the last one, or in the month after it."""
    begin, end = month[0].replace(day=first), month[1].replace(day=1)
    if (end.year, end.month, last) < (begin.year, begin.month, first):  # 30日至2日
        end = move(end, 1)
    return begin, end.replace(day=last)


def _likely_year(match: Match, today: date) -> int:
    """The year of a month, or that in which 11月至3月 begins: said in May, the winter that is over.

    From June on it is the next winter, whose March then is less than `_LATE` months ahead.
    """
    if not match["month"]:
        return today.year
    last = _number(match["month"])
    if last < _first_month(match, last) or match["to_next_year"]:
        last += MONTHS_A_YEAR
    return today.year - 1 if last - today.month >= _LATE else today.year


def _likely_month(today: date, first: int, last: int) -> Days:
    """This month, or the past one if the first day is far ahead or this month lacks a day."""
    month = months(today.year, today.month, today.month)
    if first - today.day <= _SOON and max(first, last) <= month[1].day:
        return month
    past = move(month[0], -1)
    return months(past.year, past.month, past.month)


def _number(numeral: str) -> int:
    """Return what digits or Chinese numerals below 100, year digits, or 元 of 元月 are worth.

    Raises:
        ValueError: If they are no number.
    """
    if numeral.isdigit():
        return int(numeral)
    numeral = numeral.replace("两", "二").replace("元", "一")
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return 10 * (_digit(tens) if tens else 1) + (_digit(ones) if ones else 0)
    return int("".join(str(_digit(character)) for character in numeral))


def _digit(character: str) -> int:
    return 0 if character in "〇零○" else DIGITS.index(character) + 1
