"""Which lines of a batch are requests, and what is said of keys that are none of a batch."""

import pytest

from qa.batch import BatchLineError, parse_batch
from qa.pipeline import Request

ALL_KEYS = "“id”、“question”、“history”"


def parse(*lines):
    said = []
    return list(parse_batch(lines, said.append)), said


@pytest.mark.parametrize(
    ("line", "typed", "meant"),
    [
        ('{"id": "a", "qustion": "问？"}', "qustion", "question"),
        ('{"id": "a", "question": "问？", "histroy": ["先问？"]}', "histroy", "history"),
        ('{"id": "a", "Question": "问？"}', "Question", "question"),
        ('{"id": "a", "question": "问？", "history ": []}', "history ", "history"),
    ],
)
def test_a_misspelt_key_makes_a_line_invalid_and_is_named_with_the_known_ones(line, typed, meant):
    [(line_id, text, error)], said = parse(line)
    assert (line_id, text) == ("a", line)
    assert str(error) == f"第1行的字段“{typed}”应写作“{meant}”；可用的字段是{ALL_KEYS}。"
    assert said == []


def test_a_line_without_a_question_is_told_what_it_has():
    [(_, _, error)], _ = parse('{"问题": "问？", "n": 1}')
    assert str(error) == (
        f"第1行缺少文字字段“question”（有的是：“问题”、“n”；可用的是：{ALL_KEYS}）。"
    )
    [(_, _, error)], _ = parse("{}")
    assert "有的是：没有字段" in str(error)


def test_other_keys_ride_along_and_are_named_once():
    found, said = parse(
        '{"question": "一？", "answers": ["甲"]}',
        '{"question": "二？", "answers": ["乙"], "since": "2026"}',
    )
    assert found == [Request("一？", "1"), Request("二？", "2")]
    assert said == [
        f"第1行起的字段“answers”没有用到；可用的字段是{ALL_KEYS}。",
        f"第2行起的字段“since”没有用到；可用的字段是{ALL_KEYS}。",
    ]


def test_a_key_like_one_that_the_line_has_is_no_misspelling_and_neither_are_other_ids():
    found, said = parse('{"question": "问？", "questions": [], "qid": 1, "uid": 2, "_id": 3}')
    assert found == [Request("问？", "1")]
    assert len(said) == 4


def test_the_keys_of_a_batch_and_bare_questions_are_not_spoken_of():
    found, said = parse("甲？", '{"id": 7, "question": "乙？", "history": ["丙？"]}')
    assert found == [Request("甲？", "1"), Request("乙？", "7", ("丙？",))]
    assert said == []


def test_a_long_key_is_cut_where_it_is_named():
    _, [sentence] = parse(f'{{"question": "问？", "{"x" * 500}": 1}}')
    assert f"“{'x' * 30}…”" in sentence


def test_what_is_wrong_with_a_line_stays_with_its_line():
    found, _ = parse('{"question": "问？"}', '{"id": 3, "histroy": []}', "问？")
    assert [type(item) for item in found] == [Request, tuple, Request]
    assert isinstance(found[1][2], BatchLineError)
