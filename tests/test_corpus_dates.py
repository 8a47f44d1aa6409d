"""Dates: one normal form for the ways files write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import normalise_date, normalise_limit


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-05-03", "2026-05-03"),
        ("2026-5-3", "2026-05-03"),
        ("2026/5/3", "2026-05-03"),
        ("2026/5/31", "2026-05-31"),
        ("2026/10/1", "2026-10-01"),
        ("20261001", "2026-10-01"),
        ("20261001 10:00", "2026-10-01"),
        ("2026.5.3", "2026-05-03"),
        ("2026年5月3日", "2026-05-03"),
        ("2026 年 5 月 3 日", "2026-05-03"),
        ("2026年5月3日星期日", "2026-05-03"),
        ("2026-05-03（周日） 10:00", "2026-05-03"),
        ("  2026-05-03\n", "2026-05-03"),
        ("2026-05-03T10:00:00+08:00", "2026-05-03"),
        ("2026年5月3日 10:00", "2026-05-03"),
        ("2026年5月", "2026-05"),
        ("2026-05", "2026-05"),
        ("2026年", "2026"),
        ("2026", "2026"),
        ("2024-02-29", "2024-02-29"),
        ("2026-04/2026-05", "2026-04/2026-05"),
        ("2025/2026", "2025/2026"),
        ("2026-5-19/2026-5-21", "2026-05-19/2026-05-21"),
    ],
)
def test_a_date_comes_out_in_iso_form(written, expected):
    assert normalise_date(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "昨天",
        "26-05-03",
        "260503",
        "2026-05-",
        "05/03/2026",
        "2026-05-03/后来",
        "202605031",
        "2026年星期日",
    ],
)
def test_what_is_no_date_is_refused_with_what_was_found(written):
    with pytest.raises(ValueError, match=r"is not a date such as 2026-05-03, 2026-05 or 2026"):
        normalise_date(written)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("2026-02-29", "day"),
        ("2026-04-31", "day"),
        ("2026-13", "month"),
        ("2026-00-01", "month"),
        ("20260229", "day"),
        ("0000", "year"),
        ("2026-04-01/2026-04-31", "day"),
    ],
)
def test_a_day_that_no_calendar_has_is_refused(written, problem):
    with pytest.raises(ValueError, match=problem):
        normalise_date(written)


@given(st.dates())
def test_every_day_is_read_from_iso_and_chinese_form_alike(day):
    iso = day.isoformat()
    assert normalise_date(iso) == iso
    assert normalise_date(f"{day.year:04}年{day.month}月{day.day}日") == iso
    assert normalise_date(f"{day.year:04}.{day.month}.{day.day}") == iso
    assert normalise_date(iso[:7]) == iso[:7]


@given(st.dates(), st.dates())
def test_normal_form_stays_as_it_is(first, last):
    interval = f"{first.isoformat()}/{last.isoformat()}"
    assert normalise_date(interval) == interval


def test_full_width_digits_become_ordinary_ones():
    assert normalise_date("２０２６年５月３日") == "2026-05-03"


def test_digits_of_another_script_become_ordinary_ones():
    assert normalise_date("٢٠٢٦-٥") == "2026-05"
    assert normalise_date("0026") == "0026"


def test_words_after_a_year_are_not_taken_for_a_time():
    with pytest.raises(ValueError, match="is not a date"):
        normalise_date("2026 May 3")


def test_a_limit_is_one_day_month_or_year():
    assert [normalise_limit(d) for d in ("2026年5月3日", "2026.5", "2026")] == [
        "2026-05-03", "2026-05", "2026",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="is an interval; give one day, month or year"):
        normalise_limit("2026-04/2026-05")
