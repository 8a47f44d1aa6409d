"""Records: the canonical text of an article, and the offsets into it."""

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Article, Paragraph, Passage, Section

LINES = st.text(alphabet="甲乙。 a🚄", max_size=6)
SECTIONS = st.builds(Section, st.none() | LINES, st.lists(LINES, max_size=4).map(tuple))


def test_text_is_headings_and_paragraphs_one_a_line_with_offsets_by_hand():
    """The text and its offsets.

    甲 乙 ⏎ 丙 ⏎ 小 标 题 ⏎ 丁 戊 己
    0  1  2 3  4 5  6  7  8 9 10 11  (end 12)
    """
    article = Article("1", "题", (Section(None, ("甲乙", "丙")), Section("小标题", ("丁戊己",))))
    assert article.text == "甲乙\n丙\n小标题\n丁戊己"
    assert article.paragraphs == (
        Paragraph(1, None, 0, 2, "甲乙"),
        Paragraph(2, None, 3, 4, "丙"),
        Paragraph(3, "小标题", 9, 12, "丁戊己"),
    )


def test_heading_without_paragraphs_still_takes_its_place_in_the_text():
    article = Article("1", "题", (Section("上", ()), Section("下", ("甲",))))
    assert article.text == "上\n下\n甲"
    assert article.paragraphs == (Paragraph(1, "下", 4, 5, "甲"),)


def test_a_character_outside_the_basic_plane_counts_as_one():
    article = Article("1", "题", (Section(None, ("🚄𠮷", "站")),))
    assert [(p.start, p.end) for p in article.paragraphs] == [(0, 2), (3, 4)]


def test_title_and_captions_are_not_part_of_the_text():
    article = Article("1", "题", (Section(None, ("甲",)),), subtitle="副", captions=("图",))
    assert article.text == "甲"


def test_article_without_sections_has_an_empty_text():
    assert Article("1", "题", ()).text == ""
    assert Article("1", "题", ()).paragraphs == ()


@given(st.lists(SECTIONS, max_size=4).map(tuple))
def test_every_paragraph_is_the_slice_that_its_offsets_name(sections):
    article = Article("1", "题", sections)
    printed = [text for section in sections for text in section.paragraphs]
    assert [p.text for p in article.paragraphs] == printed
    assert [article.text[p.start : p.end] for p in article.paragraphs] == printed
    assert [p.number for p in article.paragraphs] == list(range(1, len(printed) + 1))


@pytest.mark.parametrize(
    "record",
    [
        Section(None, ("甲",)),
        Paragraph(1, None, 0, 1, "甲"),
        Article("1", "题", (Section(None, ("甲",)),)),
        Passage("1", "题", None, 1, 0, 1, "甲"),
    ],
    ids=lambda record: type(record).__name__,
)
def test_records_cannot_be_changed(record):
    field = next(iter(type(record).__dataclass_fields__))
    with pytest.raises(FrozenInstanceError):
        setattr(record, field, "乙")


def test_an_article_equals_its_copy_after_its_text_was_asked_for():
    article = Article("1", "题", (Section(None, ("甲",)),))
    copy = replace(article)
    assert article.text == "甲"
    assert article == copy
    assert hash(article) == hash(copy)
    assert article != replace(article, title="另题")
