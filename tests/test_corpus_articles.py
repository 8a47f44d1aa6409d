"""The bundled articles against the raw pages they were put in order from."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from corpus import Article, Section, bundled_articles
from corpus.dates import normalise_date
from corpus.formats.markdown import format_markdown, parse_markdown
from corpus.reading import BUNDLED_ARTICLES

PAGES = {path.stem: path for path in (BUNDLED_ARTICLES.parent / "pages").glob("*.txt")}
ARTICLES = bundled_articles()


def bare(text: str) -> str:
    """Text without white space and Markdown's heading marks."""
    return re.sub(r"[\s#]", "", text)


def read_page(name: str) -> str:
    return bare(PAGES[name].read_text(encoding="utf-8"))


def find_pieces(paragraph: str, page: str) -> list[str]:
    """The paragraph whole if it stands so on the page, else in two pieces that do."""
    ends = range(len(paragraph), 0, -1)
    pieces = ((paragraph[:end], paragraph[end:]) for end in ends)
    found = next((pair for pair in pieces if pair[0] in page and pair[1] in page), ())
    return [piece for piece in found if piece]


def lines_on_page(article: Article, page: str) -> list[str]:
    """Everything of an article that the paper printed, in as many pieces as on the page."""
    printed_title = None if article.is_title_editorial else article.title
    lines = (
        printed_title, article.subtitle, article.kicker, article.byline, *article.captions,
        *article.pull_quotes, *article.furniture, *(s.heading for s in article.sections),
    )  # fmt: skip
    paragraphs = [piece for p in article.paragraphs for piece in find_pieces(bare(p.text), page)]
    return [*paragraphs, *(bare(line) for line in lines if line)]


def test_every_bundled_file_is_an_article_named_after_its_id():
    assert len(ARTICLES) == 21
    assert [a.id for a in ARTICLES] == sorted(p.stem for p in BUNDLED_ARTICLES.glob("*.md"))


def test_an_article_id_begins_with_the_number_of_its_page():
    assert {a.page for a in ARTICLES} == set(PAGES)
    assert all(a.page == f"page-{a.id.split('-')[0]}" for a in ARTICLES)


def test_every_paragraph_stands_on_its_page_whole_but_for_two_that_the_page_cuts():
    pieces = {
        (a.id, p.number): len(find_pieces(bare(p.text), read_page(a.page)))
        for a in ARTICLES
        for p in a.paragraphs
    }
    assert {place: n for place, n in pieces.items() if n != 1} == {
        ("001-1", 34): 2,  # a caption stands between the pieces
        ("004-2", 4): 2,  # columns in the wrong order: the second piece comes first
    }


@pytest.mark.parametrize("name", sorted(PAGES))
def test_nothing_of_a_page_is_lost_or_printed_twice(name):
    """Each line of the page's articles is struck out once, the longest first.

    What is struck out leaves a bar, so that its neighbours never make up a line together.
    """
    page = read_page(name)
    lines = [line for a in ARTICLES if a.page == name for line in lines_on_page(a, page)]
    for line in sorted(lines, key=len, reverse=True):
        assert line in page
        page = page.replace(line, "|", 1)
    assert not page.replace("|", "")


def test_only_the_two_articles_printed_without_a_headline_have_an_editorial_title():
    editorial = [a for a in ARTICLES if a.is_title_editorial]
    assert [a.id for a in editorial] == ["000-2", "002-4"]
    assert all(bare(a.title) not in read_page(a.page) for a in editorial)


def test_every_date_is_inferred_with_a_reason_and_in_normal_form():
    for article in ARTICLES:
        assert article.date_basis == "inferred"
        assert article.date == normalise_date(article.date)
        assert "推断" in article.date_note or "约" in article.date_note


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_a_bundled_article_is_read_back_as_it_was_written(article):
    assert parse_markdown(format_markdown(article), Path("other.md")) == article


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=40
)
LINES = (
    TEXTS.map(lambda text: text.replace("\n", " ").strip())
    .filter(lambda line: line and not re.match(r"#{1,6}\s", line))
)  # fmt: skip
PARAGRAPHS = st.lists(LINES, min_size=1, max_size=3).map(tuple)
HEADINGS = LINES.filter(lambda line: not line.endswith("#"))
LISTS = st.lists(TEXTS, max_size=2).map(tuple)
GENERATED = st.builds(
    Article,
    id=TEXTS.filter(bool),
    title=TEXTS.filter(bool),
    sections=st.builds(
        lambda first, rest: (*first, *rest),
        st.lists(st.builds(Section, st.none(), PARAGRAPHS), min_size=1, max_size=1),
        st.lists(st.builds(Section, HEADINGS, st.just(()) | PARAGRAPHS), max_size=3),
    ),
    date=st.none() | st.dates().map(str) | st.dates().map(lambda day: f"{day}/{day}"),
    date_basis=st.sampled_from(["printed", "inferred"]),
    is_title_editorial=st.booleans(),
    **dict.fromkeys(("captions", "pull_quotes", "furniture"), LISTS),
    **dict.fromkeys(
        ("subtitle", "kicker", "byline", "source", "date_note", "page", "notes"),
        st.none() | TEXTS.filter(bool),
    ),
)


@given(GENERATED)
def test_any_article_is_read_back_as_it_was_written(article):
    assert parse_markdown(format_markdown(article), Path("other.md")) == article


def test_an_article_is_written_as_front_matter_headings_and_paragraphs():
    article = Article(
        "007", "题", (Section(None, ("甲。",)), Section("小标题", ("乙。", "丙。"))), date="2026"
    )
    front, body = format_markdown(article).removeprefix("---\n").split("---\n", 1)
    assert yaml.safe_load(front) == {
        "id": "007", "title": "题", "date": "2026", "date_basis": "printed"
    }  # fmt: skip
    assert body == "\n甲。\n\n## 小标题\n\n乙。\n\n丙。\n"


@pytest.mark.parametrize("paragraph", ["", " ", "甲\n乙", "# 甲", "###### 甲"])
def test_a_paragraph_that_would_be_read_as_something_else_is_not_written(paragraph):
    with pytest.raises(ValueError, match="cannot be written as Markdown without loss"):
        format_markdown(Article("1", "题", (Section(None, (paragraph,)),)))


@pytest.mark.parametrize(
    "sections",
    [
        (Section("C#", ("甲",)),),
        (Section("上\n下", ("甲",)),),
        (Section("上", ("甲",)), Section(None, ("乙",))),
        (Section(None, ("\u3000甲",)),),
    ],
    ids=["heading ends in #", "heading of two lines", "heading ends", "leading space"],
)
def test_what_cannot_be_read_back_is_refused_or_kept(sections):
    article = Article("1", "题", sections)
    try:
        written = format_markdown(article)
    except ValueError:
        return
    assert parse_markdown(written, Path("other.md")) == article
