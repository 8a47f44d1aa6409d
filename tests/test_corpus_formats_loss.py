"""Whatever is in a file is in its article: no character of the text is dropped on the way."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import docx
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Article
from corpus.formats.csv import parse_csv
from corpus.formats.docx import parse_docx
from corpus.formats.html import parse_html
from corpus.formats.jsonl import parse_jsonl
from corpus.formats.markdown import parse_markdown
from corpus.formats.txt import parse_txt

CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"])
LINE = st.text(CHARACTERS | st.sampled_from("　 ，。！？“”#-*>|甲乙丙12Aa"), max_size=90)
WORDS = LINE.filter(str.strip)
TEXT = st.lists(LINE, max_size=12).map("\n".join)
FILE = Path("file")


def held(article: Article) -> Counter[str]:
    """Every character of an article that a reader can be shown, white space apart."""
    parts = [
        article.title, article.text, article.subtitle, article.source, article.byline,
        *article.furniture,
    ]  # fmt: skip
    return Counter("".join("".join((part or "").split()) for part in parts))


def missing(text: str, article: Article, syntax: str = "") -> Counter[str]:
    return Counter(c for c in text if not c.isspace() and c not in syntax) - held(article)


@given(TEXT.filter(str.strip))
def test_plain_text(text):
    assert not missing(text, parse_txt(text, FILE, "1"))


@given(TEXT)
def test_markdown_but_for_the_marks_of_headings(text):
    markdown = f"甲。\n\n{text}"
    assert not missing(markdown, parse_markdown(markdown, FILE), syntax="#")


@given(st.fixed_dictionaries({key: WORDS for key in ("id", "title", "text", "source", "byline")}))
def test_json_lines(record):
    (article,) = parse_jsonl(json.dumps(record, ensure_ascii=False), FILE)
    assert not missing("".join(record[k] for k in record if k != "id"), article)


@given(WORDS, WORDS, TEXT, TEXT)
def test_tables(title, source, text, other):
    table = io.StringIO()
    rows = [["标题", "来源", "正文", "备注"], [title, source, f"甲。\n{text}", other]]
    csv.writer(table, lineterminator="\n").writerows(rows)
    (article,) = parse_csv(table.getvalue(), FILE, "1")
    assert not missing(title + source + text + other, article)


STYLES = st.sampled_from(["Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "List Bullet"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(STYLES, LINE), max_size=8), st.lists(LINE, min_size=4, max_size=4))
def test_word_documents(paragraphs, cells):
    document = docx.Document()
    document.add_paragraph("甲。")
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    table = document.add_table(rows=2, cols=2)
    for number, text in enumerate(cells):
        table.cell(number // 2, number % 2).text = text
    file = io.BytesIO()
    document.save(file)
    written = "甲。" + "".join(text for _, text in paragraphs) + "".join(cells)
    assert not missing(written, parse_docx(file.getvalue(), FILE, "1"))


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_web_pages_without_menus(paragraphs):
    import html

    page = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in paragraphs)
    article = parse_html(f"<div><p>甲。</p>{page}</div>", FILE, "1")
    assert not missing("".join(paragraphs), article)
