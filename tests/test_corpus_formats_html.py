"""Web pages: what is the article's text, and what the page says of it."""

from pathlib import Path

import pytest

from corpus import Article, CorpusError, read_articles
from corpus.formats.html import parse_html

PARAGRAPHS = [
    "云溪镇的新桥昨天通车，全长320米，花了三亿元。",
    "镇长李明说：“村民进城从40分钟缩短到10分钟。”",
    "桥上设双向四车道。",
    "据了解，新桥由省交通集团承建，2024年3月动工，历时两年建成，是云溪镇历史上最大的交通项目。",
    "（本报记者 张三）",
]
INDENTED = "".join(f"<p>　　{paragraph}</p>" for paragraph in PARAGRAPHS)
IMPRINT = '<div class="info">2026年05月19日 08:30　来源：云溪日报　作者：张三</div>'
MENU = (
    '<div class="top"><a href="/">首页</a> <a href="/n">新闻</a></div>'
    '<ul class="nav"><li>国内</li></ul>'
)
RELATED = (
    '<div><h3>相关阅读</h3><ul><li><a href="/a">云溪镇召开春耕工作会议</a></li>'
    '<li><a href="/b">我省多地迎来强降雨天气</a></li></ul></div>'
)
COPYRIGHT = ("Copyright © 2026 云溪新闻网 版权所有 未经许可不得转载。", "浙ICP备12345678号")
FOOTER = '<div class="footer"><p>未经授权禁止转载本网内容。</p></div>' + "".join(
    f"<p>{line}</p>" for line in COPYRIGHT
)
HEAD = '<meta charset="utf-8"><title>云溪新桥通车_要闻_云溪新闻网</title>'


def page(body: str, head: str = HEAD) -> str:
    return (
        f"<!DOCTYPE html><html><head>{head}<style>p{{}}</style><script>var a = '广告。';</script>"
        f"</head><body>{MENU}{body}{RELATED}{FOOTER}</body></html>"
    )


def parse(html: str) -> Article:
    return parse_html(html, Path("bridge.html"), "bridge")


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


LAYOUTS = {
    "paragraphs": f"<div><h1>云溪新桥通车</h1>{IMPRINT}<div class='text'>{INDENTED}</div></div>",
    "line breaks": f"<h1>云溪新桥通车</h1>{IMPRINT}<div>{'<br><br>　　'.join(PARAGRAPHS)}</div>",
    "one line break": f"<div><h1>云溪新桥通车</h1>{IMPRINT}{'<br/>'.join(PARAGRAPHS)}</div>",
    "divisions": "<h1>云溪新桥通车</h1>" + IMPRINT + "".join(f"<div>{p}</div>" for p in PARAGRAPHS),
    "table": "<table><tr><td><b>云溪新桥通车</b></td></tr>"
    f"<tr><td>{IMPRINT}</td></tr><tr><td>{INDENTED}</td></tr></table>",
    "table of two columns": f"<h2>云溪新桥通车</h2>{IMPRINT}<table><tr><td>{INDENTED}</td>"
    "<td><a href='/x'>更多新闻</a></td></tr></table>",
    "html 5": f"<article><header><h1>云溪新桥通车</h1>{IMPRINT}</header>{INDENTED}</article>",
    "unclosed": f"<div><h1>云溪新桥通车</h1>{IMPRINT}<p>{'<p>'.join(PARAGRAPHS)}</div>",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_article_is_found_whole_and_without_menus(layout):
    article = parse(page(LAYOUTS[layout]))
    assert texts(article) == PARAGRAPHS
    assert (article.title, article.date, article.source, article.byline) == (
        "云溪新桥通车", "2026-05-19", "云溪日报", "张三",
    )  # fmt: skip
    assert article.date_basis == "printed"
    imprint = "2026年05月19日 08:30　来源：云溪日报　作者：张三"
    assert article.furniture == (imprint, "相关阅读", *COPYRIGHT)


def test_headings_begin_sections_and_rows_of_tables_are_paragraphs():
    body = (
        f"<h1>云溪新桥通车</h1>{INDENTED}<h2>数字</h2><table><tr><th>项目</th><th>值</th></tr>"
        "<tr><td><p>桥长</p></td><td>320米</td></tr></table>"
    )
    section = parse(page(f"<div>{body}</div>")).sections[-1]
    assert (section.heading, section.paragraphs) == ("数字", ("项目 值", "桥长 320米"))


def test_what_a_page_says_of_itself_counts_before_what_it_prints():
    head = (
        '<meta name="ArticleTitle" content="云溪新桥通车"><meta name="PubDate" content="2026-05-18 '
        '10:00"><meta name="ContentSource" content="云溪发布"><meta name="Author" content="李四">'
    )
    article = parse(page(LAYOUTS["paragraphs"], head))
    assert (article.title, article.date, article.source, article.byline) == (
        "云溪新桥通车", "2026-05-18", "云溪发布", "李四",
    )  # fmt: skip
    script = '<script type="application/ld+json">{"pubDate": "2026-05-17T08:00:00"}</script>'
    assert parse(page(INDENTED, HEAD + script)).date == "2026-05-17"


@pytest.mark.parametrize(
    ("time", "day"),
    [
        ("2026-05-02T17:30:00Z", "2026-05-03"),
        ("2026-12-31T16:00:00.000+00:00", "2027-01-01"),
        ("2026-05-02T15:59:59Z", "2026-05-02"),
        ("2026-05-02T17:30:00+08:00", "2026-05-02"),
        ("2026-05-02 17:30", "2026-05-02"),
        ("9999-12-31T23:59:59Z", None),
    ],
)
def test_the_day_of_a_time_in_utc_is_that_in_china(time, day):
    assert parse(page(INDENTED, f'<meta name="pubdate" content="{time}">')).date == day


def test_a_date_that_is_not_printed_is_not_made_up():
    assert parse(page(f"<h1>云溪新桥通车</h1>{INDENTED}")).date is None
    head = '<meta name="pubdate" content="2026-13-45"><title>云溪新桥通车</title>'
    assert parse(page(INDENTED, head)).date is None


def test_a_line_that_is_no_sentence_stands_beside_the_text_if_outside_of_it():
    article = parse(page(f"<p>要闻</p><div><h1>云溪新桥通车</h1>{INDENTED}</div>"))
    assert (texts(article), article.furniture) == (PARAGRAPHS, ("要闻", "相关阅读", *COPYRIGHT))


@pytest.mark.parametrize(
    "news",
    [
        "9月1日起，未完成ICP备案的App将被下架，开发者应尽快办理。",
        "该歌曲版权所有者李某将平台诉至法院，要求赔偿。",
        "两家网站写明“版权所有，违者必究”，又互相抄袭。",
        "网站标出浙ICP备12345678号，却没有这个号。",
    ],
)
@pytest.mark.parametrize("layout", ["<div>{}</div>", "{}"])
def test_news_of_copyright_is_text_and_the_line_of_the_page_stands_beside_it(news, layout):
    body = layout.format(f"<p>{PARAGRAPHS[0]}</p><p>{news}</p><p>{PARAGRAPHS[3]}</p>")
    article = parse(page(body))
    assert texts(article) == [PARAGRAPHS[0], news, PARAGRAPHS[3]]
    assert article.furniture[-2:] == COPYRIGHT


def test_news_of_copyright_is_text_where_it_ends_the_article_or_stands_outside():
    news = ["未完成ICP备案的App将被下架。", "版权所有者李某将平台诉至法院。"]
    html = page(f"<div>{news[0]}</div><div>{INDENTED}<p>{news[1]}</p></div>")
    assert texts(parse(html)) == [news[0], *PARAGRAPHS, news[1]]


def test_a_sentence_outside_of_the_article_is_kept():
    lead = "<div>核心提示：新桥比旧桥宽了一倍。</div>"
    assert texts(parse(page(f"{lead}<div>{INDENTED}</div>"))) == [lead[5:-6], *PARAGRAPHS]


def test_an_element_that_is_named_like_a_menu_and_holds_the_article_is_none():
    assert texts(parse(page(f'<div class="content nav">{INDENTED}</div>'))) == PARAGRAPHS


def test_a_page_without_an_article_gives_all_that_it_shows():
    html = (
        "<title>导航</title><ul><li><a href='/1'>国内</a></li><li><a href='/2'>国际</a></li></ul>"
    )
    assert texts(parse(html)) == ["国内", "国际"]


def test_hidden_text_is_left_out_and_text_after_it_is_not():
    html = "<p>甲<script>var x;</script>乙<!-- 丙 -->丁<span hidden>戊</span>己。</p>"
    assert texts(parse(html)) == ["甲乙丁己。"]


def test_elements_that_no_browser_knows_divide_no_paragraph():
    assert texts(parse("<p>甲<o:p></o:p>乙<font>丙</font>丁。</p>")) == ["甲乙丙丁。"]


def test_lines_of_preformatted_text_are_paragraphs():
    assert texts(parse("<pre>甲。\n\n乙。</pre>")) == ["甲。", "乙。"]


def test_text_that_is_set_as_a_heading_is_text():
    assert texts(parse(f"<h4>{PARAGRAPHS[3] * 2}</h4>")) == [PARAGRAPHS[3] * 2]


def test_without_any_title_a_page_is_named_after_its_file():
    assert parse("<p>甲。</p>").title == "bridge"


def test_a_title_that_the_page_does_not_show_is_taken_whole():
    assert parse("<title>新桥 - 云溪</title><p>甲。</p>").title == "新桥 - 云溪"


@pytest.mark.parametrize("html", ["<html></html>", "<!-- 甲 -->", "<p> </p>"])
def test_no_text_is_an_error(html):
    with pytest.raises(CorpusError, match=r"bridge\.html: no text"):
        parse(html)


def test_an_element_deep_inside_others_is_read():
    assert texts(parse("<div>" * 1000 + "深处有字。" + "</div>" * 1000)) == ["深处有字。"]


@pytest.mark.parametrize("encoding", ["gb2312", "big5", "utf-8"])
def test_the_encoding_that_a_page_declares_is_used(tmp_path, encoding):
    html = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}"><p>中文。</p>'
    (tmp_path / "a.htm").write_bytes(html.encode(encoding))
    assert read_articles([tmp_path]).articles[0].text == "中文。"
