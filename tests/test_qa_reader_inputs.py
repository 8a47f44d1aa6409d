import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoders import BUNDLED_FOLDER
from qa.reader_inputs import (
    BOS,
    EOS,
    MAX_CONTEXT,
    MAX_QUESTION,
    MAX_TOKENS,
    PAD,
    ReaderTokenizer,
    pad,
    token_span,
)

TOKENIZER = ReaderTokenizer(BUNDLED_FOLDER / "tokenizer.json")


def test_question_context_and_passage_stand_between_special_tokens():
    question, context, passage = TOKENIZER.question("多长？"), "题 · 节", "大桥长320米。"
    item = TOKENIZER.join(question, context, passage)
    n_context = len(TOKENIZER.segment(context).ids)
    assert item.ids[0] == BOS
    assert item.ids[1 : 1 + len(question)] == question
    assert item.ids.count(EOS) == 3
    assert item.passage == 1 + len(question) + 1 + n_context + 1
    assert item.ids[item.passage : -1] == list(TOKENIZER.segment(passage).ids)


def test_offsets_slice_the_passage_into_its_tokens_in_order():
    text = "大桥长 320 米，　2025年通车。"
    offsets = TOKENIZER.segment(text).offsets
    pieces = [text[start:end] for start, end in offsets]
    assert "".join(pieces) == text.replace(" ", "").replace("\u3000", "")


@given(st.text(alphabet="大桥长320米，。 　𠮷a①ﬁ\n", max_size=40))
def test_offsets_are_ascending_and_never_begin_with_white_space(text):
    offsets = TOKENIZER.segment(text).offsets
    assert all(start < end <= len(text) for start, end in offsets)
    assert all(not text[start].isspace() for start, _ in offsets)
    assert (np.diff(offsets[:, 0]) >= 0).all()


def test_what_is_too_long_is_cut():
    question = TOKENIZER.question("长" * 500)
    assert len(question) == MAX_QUESTION
    item = TOKENIZER.join(question, "节" * 500, "桥长，" * 500)
    assert len(item.ids) == MAX_TOKENS
    assert item.ids[-1] == EOS
    assert item.passage <= 1 + MAX_QUESTION + 1 + MAX_CONTEXT + 1
    assert len(item.offsets) == MAX_TOKENS - item.passage - 1


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(0, 2, (0, 0)), (2, 4, (1, 1)), (1, 3, (0, 1)), (0, 6, (0, 2)), (5, 6, (2, 2)), (6, 7, None)],
)
def test_a_token_span_holds_the_characters_asked_for(start, end, expected):
    """Tokens [0, 2), [2, 4), [4, 6)."""
    assert token_span(np.array([[0, 2], [2, 4], [4, 6]]), start, end) == expected


def test_shorter_inputs_are_padded_at_the_end():
    items = [TOKENIZER.join([7], "", text) for text in ("桥", "大桥长320米")]
    ids = pad(items)
    assert ids.shape == (2, len(items[1].ids))
    assert ids[0].tolist() == items[0].ids + [PAD] * (len(items[1].ids) - len(items[0].ids))
