"""Raw pages put in order: joins, articles, head lines, doubts and the ledger."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import read_articles
from corpus.page_repair import repair_page

SNOW = "北山县气象台昨天发布暴雪蓝色预警，预计今天夜间到明天白天全县有大到暴雪。"
ROADS = "县交通运输局调集四十台除雪车，在国道和县道沿线分段值守，确保主要道路畅通。"
PEARS = "东河镇的梨园今年迎来丰收，果农们清早就上树采摘，一筐筐黄梨运往省城。"
MARKET = "合作社负责人说，今年黄梨的收购价比去年高两成，果农的收入有望再涨一截。"


def page(*blocks):
    return "\n\n".join(blocks)


def texts(article):
    return [paragraph.text for paragraph in article.paragraphs]


def accounted(text, repaired):
    """The characters of the page that are not white space, and those that the ledger names."""
    rows = text.splitlines()
    held = [rows[e.line - 1][e.start : e.end] for e in repaired.ledger]
    return "".join("".join(rows).split()), "".join("".join(held).split())


TWO_ARTICLES = page(
    "暴雪来临 全县备战", "本报记者 王小雪", SNOW, ROADS,
    "东河黄梨甜到省城", "本报记者 李秋实", PEARS, MARKET,
)  # fmt: skip


def test_articles_begin_at_headline_and_byline():
    first, second = repair_page(TWO_ARTICLES, "p").articles
    assert (first.id, first.title, first.byline) == ("p-1", "暴雪来临 全县备战", "本报记者 王小雪")
    assert (second.id, second.title) == ("p-2", "东河黄梨甜到省城")
    assert texts(first) == [SNOW, ROADS]
    assert texts(second) == [PEARS, MARKET]
    assert repair_page(TWO_ARTICLES, "p").is_sure


def test_a_paragraph_cut_by_a_column_break_is_joined():
    cut = ROADS.index("运输局") + 1
    text = page("暴雪来临 全县备战", "本报记者 王小雪", SNOW, ROADS[:cut], ROADS[cut:])
    (article,) = repair_page(text, "p").articles
    assert texts(article) == [SNOW, ROADS]


def test_a_finished_paragraph_is_not_joined_with_the_next():
    text = page("暴雪来临 全县备战", "本报记者 王小雪", SNOW, ROADS)
    (article,) = repair_page(text, "p").articles
    assert texts(article) == [SNOW, ROADS]


def test_columns_of_two_articles_in_turn_are_put_together():
    snow, pears = SNOW + ROADS, PEARS + "果农李大山说：“今年的梨又大又甜，比去年好卖得多。”"
    cut, other_cut = snow.index("运输局") + 1, pears.index("又甜")
    text = page(
        "暴雪来临 全县备战", "本报记者 王小雪", snow[:cut], "东河黄梨甜到省城", "本报记者 李秋实",
        pears[:other_cut], snow[cut:], pears[other_cut:],
    )  # fmt: skip
    first, second = repair_page(text, "p").articles
    assert texts(first) == [snow]
    assert texts(second) == [pears]


def test_quotation_marks_must_balance_over_a_join():
    quote = "站长张北望提醒：“行人不要在大树下停留，司机要减速慢行。”他说，值班电话全天有人接听。"
    cut = quote.index("停留")
    text = page(
        "暴雪来临 全县备战", "本报记者 王小雪", quote[:cut], "东河黄梨甜到省城", "本报记者 李秋实",
        PEARS, "（下转第二版）", quote[cut:],
    )  # fmt: skip
    first, _ = repair_page(text, "p").articles
    assert texts(first) == [quote]


BEGIN = "会议总结了上半年的工作。会议决定，下一步将由各乡镇负"
ENDS = ("责统计和上报，月底前完成。", "责检查和整改，月底前完成。")
UNSURE = page(
    "东河召开会议", "本报记者 李秋实", BEGIN, "北山召开会议", "本报记者 王小雪", SNOW,
    "（下转第三版）", ENDS[0], "（下转第三版）", ENDS[1],
)  # fmt: skip


def test_what_fits_in_two_places_is_not_joined_and_named_a_doubt():
    begin, ends = BEGIN, ENDS
    repaired = repair_page(UNSURE, "p")
    assert not repaired.is_sure
    assert 5 in {doubt.line for doubt in repaired.doubts}
    held = [paragraph for article in repaired.articles for paragraph in texts(article)]
    assert {begin, *ends} <= set(held)


def test_a_column_behind_continued_on_is_no_part_of_that_article():
    text = page("暴雪来临 全县备战", "本报记者 王小雪", SNOW, "（下转第二版）", PEARS, MARKET)
    first, second = repair_page(text, "p").articles
    assert texts(first) == [SNOW]
    assert texts(second) == [PEARS, MARKET]
    assert not repair_page(text, "p").is_sure


def test_an_open_end_before_continued_on_is_no_doubt():
    text = page("暴雪来临 全县备战", "本报记者 王小雪", SNOW, ROADS[:20], "（下转第二版）")
    repaired = repair_page(text, "p")
    assert repaired.articles[0].furniture == ("（下转第二版）",)
    assert texts(repaired.articles[0]) == [SNOW, ROADS[:20]]
    assert repaired.is_sure


@pytest.mark.parametrize(
    "line",
    [
        "（下转第二版）",
        "(下转2版)",
        "下转第三版▶",
        "（上接第一版）",
        "（相关报道详见三版）",
        "（紧接第1版）",
    ],
)
def test_jump_lines_are_furniture_of_their_article(line):
    text = page("暴雪来临 全县备战", "本报记者 王小雪", SNOW, ROADS, line)
    (article,) = repair_page(text, "p").articles
    assert article.furniture == (line,)
    assert texts(article) == [SNOW, ROADS]


@pytest.mark.parametrize(
    "caption",
    [
        "图为除雪车在国道上作业。 本报记者 王小雪 摄",
        "图为除雪车在国道上作业。\n本报记者 王小雪 摄",
        "1月8日，除雪车在国道上作业。\n王小雪 摄",
        "▲除雪车在国道上作业。新华社发（王小雪 摄）",
        "除雪车在国道上作业。（资料照片）",
    ],
)
def test_captions_are_no_paragraphs(caption):
    text = page("暴雪来临 全县备战", "本报记者 王小雪", SNOW, caption, ROADS)
    (article,) = repair_page(text, "p").articles
    assert article.captions == (caption.replace("\n", ""),)
    assert texts(article) == [SNOW, ROADS]


@pytest.mark.parametrize(
    "line",
    [
        "2026年4月25日 星期六", "第2版", "02版 要闻", "责编：王小雪 版式：李秋实",
        "电话：010-12345678", "邮箱：news@example.com", "国内统一连续出版物号 CN 11-0001",
        "农历丙午年三月初九",
    ],
)  # fmt: skip
def test_lines_of_the_page_as_a_whole_belong_to_no_article(line):
    repaired = repair_page(page(line, TWO_ARTICLES), "p")
    assert repaired.furniture == (line,)
    assert len(repaired.articles) == 2


@pytest.mark.parametrize(
    "line",
    [
        "本报记者 王小雪 李秋实",
        "新华社记者 王 雪",
        "□ 王小雪",
        "首席记者 王小雪 通讯员 李秋实 文/图",
        "（本报记者 王小雪）",
    ],
)
def test_bylines_are_read(line):
    (article,) = repair_page(page("暴雪来临 全县备战", line, SNOW, ROADS), "p").articles
    assert article.byline == line
    assert texts(article) == [SNOW, ROADS]


def test_a_short_line_between_paragraphs_is_a_heading():
    text = page("暴雪来临 全县备战", "本报记者 王小雪", SNOW, "除雪车整装待发", ROADS)
    (article,) = repair_page(text, "p").articles
    assert [section.heading for section in article.sections] == [None, "除雪车整装待发"]


def test_a_line_with_a_dash_is_the_subtitle_and_a_marked_one_a_rubric():
    text = page("东河黄梨甜到省城", "——访果农李大山", "■乡村行", "本报记者 李秋实", PEARS, MARKET)
    (article,) = repair_page(text, "p").articles
    assert (article.title, article.subtitle) == ("东河黄梨甜到省城", "——访果农李大山")
    assert article.furniture == ("■乡村行",)


def test_a_sentence_that_the_page_repeats_is_a_pull_quote():
    repeated = MARKET.split("，")[1] + "，" + MARKET.split("，")[2]
    text = page("东河黄梨甜到省城", "本报记者 李秋实", repeated, PEARS, MARKET)
    (article,) = repair_page(text, "p").articles
    assert article.pull_quotes == (repeated,)
    assert texts(article) == [PEARS, MARKET]


def test_an_article_with_a_byline_and_no_headline_gets_a_name_of_ours():
    (article,) = repair_page(page("本报评论员 王小雪", SNOW, ROADS), "p").articles
    assert article.is_title_editorial
    assert SNOW.startswith(article.title.rstrip("…"))


def test_headlines_above_each_others_text_are_exchanged_and_that_is_said():
    text = page(
        "### 东河黄梨丰收 果农收入再涨", "本报记者 王小雪", SNOW, ROADS,
        "### 北山县暴雪蓝色预警 除雪车国道值守", PEARS, MARKET,
    )  # fmt: skip
    repaired = repair_page(text, "p")
    assert [article.title[:2] for article in repaired.articles] == ["北山", "东河"]
    assert "标题" in repaired.doubts[0].reason


def wrap(text, width, indent=""):
    text = indent + text
    return [text[i : i + width] for i in range(0, len(text), width)]


def test_lines_of_a_narrow_column_are_put_together_by_their_indents():
    lines = [line for text in (SNOW, ROADS) for line in wrap(text, 13, "　　")]
    text = page("\n".join(["暴雪来临 全县备战", "本报记者 王小雪", *lines]))
    (article,) = repair_page(text, "p").articles
    assert texts(article) == [SNOW, ROADS]


def test_a_full_line_that_ends_a_sentence_stays_with_the_next_as_a_doubt():
    first = "暴雪将至，全县除雪车已经就位。"
    lines = [*wrap(first + SNOW, 15), *wrap(MARKET, 15)]
    text = page("\n".join(["暴雪来临 全县备战", "本报记者 王小雪", *lines]))
    repaired = repair_page(text, "p")
    assert texts(repaired.articles[0]) == [first + SNOW, MARKET]
    assert [doubt.line for doubt in repaired.doubts] == [4]


def test_two_columns_side_by_side_are_read_one_after_the_other():
    left = [
        "暴雪来临 全县备战",
        "本报记者 王小雪",
        *wrap(SNOW, 14, "　　"),
        *wrap(ROADS, 14, "　　"),
    ]
    right = [
        "东河黄梨甜到省城",
        "本报记者 李秋实",
        *wrap(PEARS, 14, "　　"),
        *wrap(MARKET, 14, "　　"),
    ]
    rows = [
        a + " " * (a.isascii() + a.count(" ")) + "　" * (18 - len(a)) + b
        for a, b in zip(left, right, strict=True)
    ]
    first, second = repair_page("\n".join(rows), "p").articles
    assert texts(first) == [SNOW, ROADS]
    assert texts(second) == [PEARS, MARKET]


def test_the_ledger_says_where_each_part_of_a_paragraph_went():
    cut = ROADS.index("运输局") + 1
    text = page("暴雪来临 全县备战", "本报记者 王小雪", SNOW, ROADS[:cut], ROADS[cut:])
    entries = [(e.line, e.kind, e.paragraph, e.part) for e in repair_page(text, "p").ledger]
    assert entries == [
        (1, "headline", None, 1), (3, "byline", None, 1), (5, "text", 1, 1), (7, "text", 2, 1),
        (9, "text", 2, 2),
    ]  # fmt: skip


LINES = st.one_of(
    st.sampled_from(
        [
            "", "本报记者 王小雪", "（下转第二版）", "图为除雪车。", "暴雪来临 全县备战", "■乡村行",
            "### 标题", "第2版", "（王小雪 摄）", "左栏    右栏", "　　缩进", "来源：北山发布",
            "##", "| a | b", "**",
            SNOW, ROADS[:17], ROADS[17:], PEARS[:20], MARKET, MARKET[9:],
        ]
    ),
    st.text("北山县暴雪“”（）。，、 　\tab#*|—1", max_size=30),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=25).map("\n".join))
def test_every_character_of_any_page_is_accounted_for_once(text):
    repaired = repair_page(text, "p")
    there, held = accounted(text, repaired)
    assert held == there


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=25).map("\n".join))
def test_paragraphs_are_what_the_ledger_says_and_nothing_else(text):
    repaired = repair_page(text, "p")
    rows = text.splitlines()
    parts = {}
    for entry in sorted(repaired.ledger, key=lambda entry: entry.part):
        if entry.paragraph:
            key = (entry.article_id, entry.paragraph)
            parts[key] = parts.get(key, "") + rows[entry.line - 1][entry.start : entry.end]
    ours = {
        (article.id, paragraph.number): paragraph.text
        for article in repaired.articles
        for paragraph in article.paragraphs
    }
    assert {key: "".join(part.split()) for key, part in parts.items()} == {
        key: "".join(text.split()) for key, text in ours.items()
    }


def test_a_file_of_a_page_gives_articles_named_after_it(tmp_path):
    (tmp_path / "north-007.page.txt").write_text(TWO_ARTICLES, encoding="utf-8")
    (tmp_path / "plain.txt").write_text(SNOW, encoding="utf-8")
    reading = read_articles([tmp_path])
    assert [a.id for a in reading.articles] == ["north-007-1", "north-007-2", "plain"]
    assert {article.page for article in reading.articles} == {"north-007", None}


def test_what_a_page_leaves_in_doubt_is_named_with_its_line(tmp_path):
    file = tmp_path / "p.page.txt"
    file.write_text(UNSURE, encoding="utf-8")
    doubts = read_articles([file]).doubts
    assert [str(doubt) for doubt in doubts] == [
        f"{file}:{doubt.line}: {doubt.reason}" for doubt in repair_page(UNSURE, "p").doubts
    ]
    assert doubts


@pytest.mark.parametrize("text", ["", "\n\n  \n"])
def test_an_empty_page_has_no_articles(text):
    assert repair_page(text, "p").articles == ()
