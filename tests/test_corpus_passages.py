"""Passages: every character of an article in exactly one, with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Article, Passage, Section, bundled_articles, split_article, split_sentences
from corpus.passages import MAX_PASSAGE

PARAGRAPHS = st.text(alphabet="甲乙丙。！“” \u3000", max_size=60)
SECTIONS = st.builds(
    Section, st.none() | st.just("小标题"), st.lists(PARAGRAPHS, max_size=3).map(tuple)
)
ARTICLES = st.builds(
    Article, st.just("1"), st.just("题"), st.lists(SECTIONS, max_size=3).map(tuple)
)


def parts(paragraph: str, max_length: int) -> list[str]:
    article = Article("1", "题", (Section(None, (paragraph,)),))
    return [passage.text for passage in split_article(article, max_length)]


def test_a_short_paragraph_is_one_passage_with_its_context_and_place():
    """Lines: 甲。 0-2, 小标题 3-6, 乙丙。 7-10."""
    article = Article("1", "题", (Section(None, ("甲。",)), Section("小标题", ("乙丙。",))))
    assert split_article(article) == [
        Passage("1", "题", None, 1, 0, 2, "甲。"),
        Passage("1", "题", "小标题", 2, 7, 10, "乙丙。"),
    ]


def test_a_long_paragraph_is_cut_at_sentence_ends_into_about_equal_parts():
    """12 characters, at most 10 each: ceil(12 / 10) = 2 parts of about 6.

    After the first sentence (4) the second makes 8: both are 2 from 6, so it joins. 8 is
    more than 6, so the third begins the next part.
    """
    assert parts("一二三。四五六。七八九。", 10) == ["一二三。四五六。", "七八九。"]


def test_the_sentence_end_nearer_to_the_target_closes_a_part():
    """Again 2 parts of about 6: 5 is 1 from it and 10 is 4, so the first sentence stands alone.

    The second has 5 as well, with the third 7: both are 1 from 6, so it joins.
    """
    assert parts("一二三四。五六七八。九。", 10) == ["一二三四。", "五六七八。九。"]


def test_no_part_grows_over_the_limit_to_come_nearer_to_the_target():
    """13 characters, at most 7: 2 parts of about 6.5, but 4 + 5 = 9 is over the limit."""
    assert parts("一二三。四五六七。八九十。", 7) == ["一二三。", "四五六七。", "八九十。"]


def test_a_paragraph_at_the_limit_is_not_cut():
    assert parts("一二三。四五六。", 8) == ["一二三。四五六。"]
    assert parts("一二三。四五六。", 7) == ["一二三。", "四五六。"]


def test_a_single_sentence_over_the_limit_stays_whole():
    assert parts("一二三四五六七八九十。", 5) == ["一二三四五六七八九十。"]


def test_a_paragraph_of_white_space_gives_no_passage():
    assert parts(" \u3000", 5) == []


@pytest.mark.parametrize("max_length", [0, -1])
def test_a_limit_below_one_is_refused(max_length):
    with pytest.raises(ValueError, match=f"max_length is {max_length}; it must be at least 1"):
        parts("甲。", max_length)


def check_passages(article: Article, max_length: int) -> None:
    passages = split_article(article, max_length)
    covered = [offset for p in passages for offset in range(p.start, p.end)]
    assert covered == sorted(set(covered))
    for p in passages:
        paragraph = article.paragraphs[p.paragraph - 1]
        assert p.text == article.text[p.start : p.end] == p.text.strip()
        assert paragraph.start <= p.start < p.end <= paragraph.end
        assert p.section == paragraph.section
        assert len(p.text) <= max_length or len(split_sentences(p.text)) == 1
    for paragraph in article.paragraphs:
        left_out = set(range(paragraph.start, paragraph.end)) - set(covered)
        assert all(article.text[offset].isspace() for offset in left_out)


@given(ARTICLES, st.integers(1, 30))
def test_every_character_is_in_exactly_one_passage_of_its_paragraph(article, max_length):
    check_passages(article, max_length)


def test_every_character_of_the_bundled_articles_is_in_exactly_one_passage():
    for article in bundled_articles():
        check_passages(article, MAX_PASSAGE)
