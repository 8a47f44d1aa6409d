"""The bundled articles against the raw pages they were put in order from."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from corpus import Article, Section, bundled_articles
from corpus.dates import normalise_date
from corpus.formats.markdown import parse_markdown
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


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=40
)
LINES = (
    TEXTS.map(lambda text: text.replace("\n", " ").strip())
    .filter(lambda line: line and not re.match(r"#{1,6}\s", line))
)  # fmt: skip
PARAGRAPHS = st.lists(LINES, min_size=1, max_size=3).map(tuple)
HEADINGS = LINES.filter(lambda line: not re.search(r"\s#+$", line))
LISTS = st.lists(TEXTS, max_size=2).map(tuple)
GENERATED = st.builds(
    Article,
    id=TEXTS.filter(str.strip),
    title=TEXTS.filter(str.strip),
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
        st.none() | TEXTS.filter(str.strip),
    ),
)


def as_markdown(article: Article) -> str:
    found = {field.name: getattr(article, field.name) for field in fields(Article)}
    matter = {k: list(v) if isinstance(v, tuple) else v for k, v in found.items() if v}
    del matter["sections"]
    front = yaml.safe_dump(matter, allow_unicode=True, width=10_000)
    blocks = [f"---\n{front}---"]
    for section in article.sections:
        heading = [] if section.heading is None else [f"## {section.heading}"]
        blocks.extend([*heading, *section.paragraphs])
    return "\n\n".join(blocks)


@given(GENERATED)
def test_any_article_is_read_as_it_is_written_in_markdown(article):
    assert parse_markdown(as_markdown(article), Path("other.md")) == article
