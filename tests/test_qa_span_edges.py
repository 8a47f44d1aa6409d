import numpy as np
import pytest

from qa.span_edges import INSIDE_WORD, TWO_SENTENCES, are_paired, edge_costs, sentence_costs


def characters(text):
    """Every character a token."""
    return np.array([(n, n + 1) for n in range(len(text))], dtype=np.int32)


def pairs(text, span):
    """Whether a span, given by its words, is paired."""
    start = text.index(span)
    return are_paired(text, characters(text))[start, start + len(span) - 1]


def test_an_edge_inside_a_word_costs_and_one_between_words_does_not():
    """jieba cuts 他 / 因势利导 / 了: a span may begin before 因 and end behind 导."""
    begins, ends = edge_costs("他因势利导了", characters("他因势利导了"))
    assert begins.tolist() == [0, 0, INSIDE_WORD, INSIDE_WORD, INSIDE_WORD, 0]
    assert ends.tolist() == [0, INSIDE_WORD, INSIDE_WORD, INSIDE_WORD, 0, 0]


def test_tokens_of_several_characters_cost_by_their_own_edges():
    """Tokens 他因 / 势利导了: the first ends, and the second begins, inside 因势利导."""
    begins, ends = edge_costs("他因势利导了", np.array([(0, 2), (2, 6)], dtype=np.int32))
    assert begins.tolist() == [0, INSIDE_WORD]
    assert ends.tolist() == [INSIDE_WORD, 0]


@pytest.mark.parametrize("span", ["“买全球”", "买全球", "做到“买全球”了", "真正做到", "了"])
def test_whole_pairs_and_what_lies_inside_or_outside_one_are_paired(span):
    assert pairs("真正做到“买全球”了。", span)


@pytest.mark.parametrize("span", ["做到“买全球", "买全球”了", "“", "球”"])
def test_half_a_pair_is_not(span):
    assert not pairs("真正做到“买全球”了。", span)


def test_the_end_of_one_pair_and_the_beginning_of_another_are_no_pair():
    """强城”“兴村 opens as often as it closes, but closes first."""
    assert not pairs("“强城”“兴村”", "强城”“兴村")
    assert pairs("“强城”“兴村”", "“强城”“兴村”")


def test_brackets_and_quotes_count_in_tokens_that_hold_more_than_them():
    """Tokens 见“强 / 城”。 together hold a pair, each alone half of one."""
    paired = are_paired("见“强城”。", np.array([(0, 3), (3, 6)], dtype=np.int32))
    assert paired.tolist() == [[False, True], [False, False]]


def test_going_on_into_the_next_sentence_costs_and_a_whole_sentence_does_not():
    """甲。乙。: from 甲 to 乙 there is an end of a sentence inside, from 甲 to 。 there is not."""
    costs = sentence_costs("甲。乙。", characters("甲。乙。"))
    assert costs[0].tolist() == [0, 0, TWO_SENTENCES, TWO_SENTENCES]
    assert costs[2].tolist()[2:] == [0, 0]
