"""Tables: columns, rows, and what each error says."""

from pathlib import Path

import pytest

from corpus import Article, CorpusError, Section
from corpus.formats.csv import parse_csv


def parse(table: str) -> list[Article | str]:
    return [
        str(found) if isinstance(found, CorpusError) else found
        for found in parse_csv(table, Path("news.csv"), "news")
    ]


def test_a_row_becomes_an_article():
    table = (
        "id,title,text,date,source,byline,section\n"
        '7,新桥通车,"新桥通车。\n很长。",2026-05-19,云溪日报,张三,要闻\n'
    )
    assert parse(table) == [
        Article(
            "7", "新桥通车", (Section("要闻", ("新桥通车。", "很长。")),),
            source="云溪日报", byline="张三", date="2026-05-19",
        )
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["正文", "内容", "內容"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_are_named_in_chinese_and_separated_in_three_ways(text, separator):
    header = separator.join(["标题", text, "日期", "来源", "作者", "栏目"])
    row = separator.join(["题", "甲，乙。", "2026年5月3日", "报", "人", "版"])
    assert parse(f"{header}\n{row}") == [
        Article(
            "news-2", "题", (Section("版", ("甲，乙。",)),),
            source="报", byline="人", date="2026-05-03",
        )
    ]  # fmt: skip


def test_rows_without_an_id_are_called_by_the_line_they_begin_on():
    table = 'title,text\n一,"甲。\n乙。"\n\n二,丙。\n'
    assert [article.id for article in parse(table)] == ["news-2", "news-5"]


def test_columns_of_other_names_are_kept_beside_the_text():
    (article,) = parse("title,text,版面,链接\n题,甲。,A1,\n")
    assert article.furniture == ("版面: A1",)


def test_a_bad_row_is_named_with_its_line_and_stops_no_other():
    table = (
        'title,text,date\n一,"甲。\n乙。",2026\n,丙。,\n三,丁,戊,己\n四,庚。,昨天\n五,辛。,2026\n'
    )
    first, *errors, last = parse(table)
    assert (first.title, last.title) == ("一", "五")
    assert errors == [
        "news.csv:4: missing key 'title' (found: id, text)",
        "news.csv:5: 4 cells, but the header names 3 columns; put text that holds the separator "
        "in quotation marks",
        "news.csv:6: date: '昨天' is not a date such as 2026-05-03, 2026-05 or 2026",
    ]


def test_a_quotation_mark_that_is_not_closed_is_named():
    assert parse('title,text\n一,甲。\n二,"乙。\n三,丙。\n')[1:] == [
        "news.csv:3: not CSV: unexpected end of data"
    ]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "标题,时间",
            "news.csv:1: the header names no column text/正文/内容/內容 (found: 标题, 时间)",
        ),
        ("甲,乙", "news.csv:1: the header names no column title/标题/標題 (found: 甲, 乙)"),
        ("title,标题,text", "news.csv:1: the header names the column title/标题/標題 twice"),
    ],
)
def test_a_header_that_names_too_little_is_an_error(header, message):
    with pytest.raises(CorpusError) as caught:
        parse(f"{header}\n一,二\n")
    assert str(caught.value) == message


def test_a_cell_longer_than_the_library_allows_by_itself_is_read():
    (article,) = parse(f"title,text\n题,{'长' * 200_000}\n")
    assert len(article.text) == 200_000
