"""Sentence ends, worked out by hand on the constructions that newspapers use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import bundled_articles, split_sentences
from corpus.sentences import MAX_ATTRIBUTION, MAX_QUOTED

TEXTS = st.text(alphabet="甲乙说道。！？!?…“”「」『』’（）() \u3000\n") | st.text()


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_offsets_are_half_open_and_leave_out_the_space_between():
    assert split_sentences("今天开会。 明天放假。") == [(0, 5), (6, 11)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \u3000\n", []),
        ("没有句号", ["没有句号"]),
        ("真的吗？！是的!好。", ["真的吗？！", "是的!", "好。"]),
        ("后来……他走了。", ["后来……", "他走了。"]),
        ("增长3.5%。降至1.76:1。", ["增长3.5%。", "降至1.76:1。"]),
        ("（见上。）下一句。", ["（见上。）", "下一句。"]),
        ("  前有空格。后有空格。 ", ["前有空格。", "后有空格。"]),
    ],
)
def test_a_sentence_ends_at_a_stop_and_keeps_the_marks_that_close_it(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize("quoted", ["“好。走吧”", "「好。走吧」", "『好。走吧』"])
def test_a_stop_inside_quotation_marks_ends_no_sentence(quoted):
    assert sentences(f"他只有一句话{quoted}，天黑了。又亮了。") == [
        f"他只有一句话{quoted}，天黑了。",
        "又亮了。",
    ]


def test_a_sentence_that_goes_on_after_the_quotation_is_not_cut_before_a_comma():
    assert sentences("他高喊“加油！”，大家笑了。") == ["他高喊“加油！”，大家笑了。"]


def test_a_quotation_that_is_never_closed_does_not_swallow_the_paragraph():
    assert sentences("他说：“好。走吧。天黑了。") == ["他说：“好。", "走吧。", "天黑了。"]


def test_a_quotation_is_split_inside_only_when_it_is_longer_than_the_limit():
    """The limit is 160 from the opening mark to the closing one.

    Opening mark at 0, stop at 80, closing mark at 81 + 79 = 160, or at 161 with one more.
    """
    assert MAX_QUOTED == 160
    first, at_limit = "“" + "甲" * 79 + "。", "乙" * 79 + "”"
    assert sentences(first + at_limit) == [first + at_limit]
    assert sentences(first + "乙" + at_limit) == [first, "乙" + at_limit]


def test_a_quotation_keeps_the_said_so_and_so_that_follows_it():
    assert sentences("“路通了。”周旭峰说。车开了。") == ["“路通了。”周旭峰说。", "车开了。"]


def test_what_follows_a_quotation_without_a_verb_of_saying_stands_alone():
    assert sentences("“路通了。”车开了。") == ["“路通了。”", "车开了。"]


def test_a_second_quotation_is_not_taken_for_an_attribution():
    assert sentences("“路通了。”“我说也是。”") == ["“路通了。”", "“我说也是。”"]


def test_a_verb_of_saying_after_plain_text_joins_nothing():
    assert sentences("路通了。周旭峰说。") == ["路通了。", "周旭峰说。"]


def test_a_long_sentence_after_a_quotation_is_no_attribution():
    at_limit = "他" * (MAX_ATTRIBUTION - 2) + "说。"
    assert len(at_limit) == MAX_ATTRIBUTION
    assert sentences("“好。”" + at_limit) == ["“好。”" + at_limit]
    assert sentences("“好。”他" + at_limit) == ["“好。”", "他" + at_limit]


@given(TEXTS)
def test_sentences_leave_out_nothing_but_white_space_and_never_overlap(text):
    spans = split_sentences(text)
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    gaps = [text[end:start] for end, start in zip(edges[::2], edges[1::2], strict=True)]
    assert not "".join(gaps).strip()
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)


def test_a_sentence_of_the_bundled_articles_ends_at_a_stop_or_with_its_paragraph():
    stops = tuple("。！？!?…”」』’）)")
    for article in bundled_articles():
        for paragraph in article.paragraphs:
            assert all(s.endswith(stops) for s in sentences(paragraph.text)[:-1])
