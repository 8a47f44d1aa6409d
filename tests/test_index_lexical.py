"""BM25 by hand, against a plain implementation, and through a file."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import FIELDS, K1, WORD_SHARE, B, Field, LexicalIndex, invert_fields
from index.postings import Postings
from index.presence import Presence
from index.segmentation import Segmenter, characters, words

TEXTS = ["a b a", "b", "c c"]
LETTERS = st.lists(st.sampled_from("abcdef"), max_size=8).map(" ".join)
NEWS = [
    "浙江中欧班列累计开行超1.5万列。",
    "义乌小商品远销全球233个国家和地区。",
    "一季度，义乌进出口总额2000亿元。",
]


@pytest.fixture
def field() -> Field:
    """`TEXTS`, one field."""
    return Field([(0, Postings.invert(text.split() for text in TEXTS))], Presence(3))


def test_bm25_by_hand(field):
    """BM25 of "a b" with k1 = 1.2 and b = .75.

    3 passages of 3, 1 and 2 terms, 2 on average.
    idf(a), in 1 passage:  ln(1 + 2.5 / 1.5) = ln 2.6667 = .98083
    idf(b), in 2 passages: ln(1 + 1.5 / 2.5) = ln 1.6    = .47000
    length norm: 1.2 * (.25 + .75 * 3 / 2) = 1.65 and 1.2 * (.25 + .75 * 1 / 2) = .75
    passage 0: .98083 * 2 * 2.2 / (2 + 1.65) + .47000 * 1 * 2.2 / (1 + 1.65)
               = 1.18237 + .39019 = 1.57256
    passage 1: .47000 * 1 * 2.2 / (1 + .75) = .59086
    """
    assert (K1, B) == (1.2, 0.75)
    assert field.score(["a", "b"]) == pytest.approx([1.57256, 0.59086, 0], abs=1e-5)


def test_a_query_term_counts_once_and_an_unknown_one_not_at_all(field):
    once = field.score(["a", "b"]).tolist()
    assert field.score(["b", "a", "b", "z"]).tolist() == once
    assert field.score(["z"]).tolist() == [0, 0, 0]


def test_cover_by_hand(field):
    """Share of the query's idf that a passage holds.

    idf(z), in no passage: ln(1 + 3.5 / .5) = ln 8 = 2.07944
    all of "a b z": .98083 + .47000 + 2.07944 = 3.53027
    passage 0 holds a and b: 1.45083 / 3.53027 = .41097; passage 1 b: .47000 / 3.53027 = .13313
    """
    expected = [0.41097, 0.13313, 0]
    assert field.cover(["a", "b", "z"]) == pytest.approx(expected, abs=1e-5)
    assert field.cover(["z", "a", "b", "z"]) == pytest.approx(expected, abs=1e-5)
    assert field.cover(["b", "b"]) == pytest.approx([1, 1, 0])
    assert field.cover(["z"]).tolist() == [0, 0, 0]


def test_an_empty_query_scores_and_covers_nothing(field):
    assert field.score([]).tolist() == [0, 0, 0]
    assert field.cover([]).tolist() == [0, 0, 0]


def test_an_index_counts_the_terms_of_its_texts_and_divides_by_the_best():
    """Words and characters of Latin letters are the same, so both fields score alike.

    From the example above: 1.57256 / 1.57256 = 1 and .59086 / 1.57256 = .37573.
    """
    index = LexicalIndex.build(TEXTS)
    assert index.score("a b") == pytest.approx([1, 0.37573, 0], abs=1e-5)
    assert index.cover("a b z") == pytest.approx([0.41097, 0.13313, 0], abs=1e-5)


def test_words_and_characters_are_mixed_by_their_shares():
    """The question's only word is in no text, its second character in the first text only.

    First text: share of words * 0 + share of characters * 1.
    """
    assert 0 < WORD_SHARE < 1
    assert (words("火车"), characters("火车")) == (["火车"], ["火", "车"])
    index = LexicalIndex.build(["汽车", "轮船"])
    assert index.score("火车") == pytest.approx([1 - WORD_SHARE, 0])
    assert index.score("火车", word_share=0.3) == pytest.approx([0.7, 0])


def test_question_words_and_script_of_a_question_do_not_change_its_score():
    index = LexicalIndex.build(NEWS)
    plain = index.score("义乌进出口总额").tolist()
    assert plain[2] == max(plain) == 1
    assert index.score("義烏進出口總額是多少？").tolist() == plain
    assert index.cover("義烏進出口總額是多少？").tolist() == index.cover("义乌进出口总额").tolist()


@pytest.mark.parametrize("question", ["", "？", "什么是什么呢", "🚄"])
def test_a_question_without_content_scores_nothing(question):
    index = LexicalIndex.build(NEWS)
    assert index.score(question).tolist() == [0, 0, 0]
    assert index.cover(question).tolist() == [0, 0, 0]


def test_texts_without_any_term_can_be_indexed():
    index = LexicalIndex.build(["。", "！"])
    assert index.score("义乌").tolist() == [0, 0]
    assert index.cover("义乌").tolist() == [0, 0]


def plain_bm25(texts: list[str], question: str) -> list[float]:
    """BM25 as the formula reads, one passage after the other."""
    documents = [characters(text) for text in texts]
    mean = sum(map(len, documents)) / len(documents)
    scores = []
    for document in documents:
        counts, score = Counter(document), 0.0
        for term in set(characters(question)) & set(document):
            n = sum(term in other for other in documents)
            idf = math.log(1 + (len(documents) - n + 0.5) / (n + 0.5))
            norm = K1 * (1 - B + B * len(document) / mean)
            score += idf * counts[term] * (K1 + 1) / (counts[term] + norm)
        scores.append(score)
    return scores


@given(st.lists(LETTERS, min_size=1, max_size=8), LETTERS)
def test_scores_equal_a_plain_implementation(texts, question):
    expected = plain_bm25(texts, question)
    best = max(expected) or 1
    scores = LexicalIndex.build(texts).score(question)
    assert scores == pytest.approx([score / best for score in expected], abs=1e-5)


@given(st.lists(LETTERS, min_size=1, max_size=8), LETTERS)
def test_a_passage_covers_all_of_a_question_only_if_it_holds_all_its_words(texts, question):
    cover = LexicalIndex.build(texts).cover(question)
    asked = set(question.split())
    for text, share in zip(texts, cover, strict=True):
        assert 0 <= share <= 1 + 1e-6
        assert (share > 1 - 1e-6) == (asked <= set(text.split()) and bool(asked))
        assert (share > 0) == bool(asked & set(text.split()))


def test_segments_score_as_one_index_and_removed_passages_as_if_they_had_never_been():
    """The middle text is removed; the others are in segments of two and one."""
    texts = [NEWS[0], "义乌义乌进出口中欧班列。", NEWS[1], NEWS[2], NEWS[1]]
    segmenter = Segmenter()
    parts = [(0, texts[:2]), (2, texts[2:3]), (3, texts[3:])]
    postings = [(first, invert_fields(some, segmenter)) for first, some in parts]
    presence = Presence(5, removed=[1], copies={4: 2})
    fields = {n: Field([(first, p[n]) for first, p in postings], presence) for n in FIELDS}
    joined = LexicalIndex(fields, segmenter)
    whole = LexicalIndex.build([NEWS[0], NEWS[1], NEWS[2], NEWS[1]], copies={3: 1})
    for question in ("义乌的中欧班列1.5万列", "小商品远销多少国家", "没有的词", ""):
        for scores in (LexicalIndex.score, LexicalIndex.cover):
            found, expected = scores(joined, question).tolist(), scores(whole, question).tolist()
            assert found == [expected[0], 0, *expected[1:]]
    assert joined.count("义乌") == whole.count("义乌") == 3
    assert joined.candidates("义乌").tolist() == [2, 3, 4]


def test_copies_change_no_score_of_other_passages_and_score_like_what_they_repeat():
    once = LexicalIndex.build(NEWS)
    often = LexicalIndex.build([*NEWS, NEWS[1], NEWS[1]], copies={3: 1, 4: 1})
    alone = LexicalIndex.build([*NEWS, NEWS[1], NEWS[1]])
    question = "义乌小商品远销多少个国家"
    for scores in (LexicalIndex.score, LexicalIndex.cover):
        expected = scores(once, question).tolist()
        assert scores(often, question).tolist() == [*expected, expected[1], expected[1]]
        assert scores(alone, question).tolist() != scores(often, question).tolist()


def test_what_a_copy_adds_counts_once():
    """Of three sources: a in 1, b in 2, z in 1, which only the copies of "a b" hold.

    idf(z) = ln(1 + 2.5 / 1.5) = .98083 = idf(a), so each is half of "a z".
    """
    index = LexicalIndex.build(["a b", "b", "c", "a b z", "a b z"], copies={3: 0, 4: 0})
    assert index.cover("a z") == pytest.approx([0.5, 0, 0, 1, 1])
    assert index.cover("a b")[1] == pytest.approx(0.47 / (0.47 + 0.98083), abs=1e-5)


def test_cover_is_never_more_than_all_of_the_question():
    assert LexicalIndex.build(["a b", "a b", "b"]).cover("a b").max() <= 1
