"""Plain text: title and paragraphs."""

from pathlib import Path

import pytest

from corpus import CorpusError
from corpus.formats.txt import parse_txt

LONG = "云溪镇的新桥昨天通车，全长320米，花了三亿元，桥上设双向四车道，两侧有人行道和自行车道。"
PARAGRAPHS = [
    "　　" + LONG * 2,
    "　　镇长李明说，村民进城从40分钟缩短到10分钟。",
    "　　" + LONG * 3,
]


def parse(text: str) -> tuple[str, list[str]]:
    article = parse_txt(text, Path("bridge.txt"), "bridge")
    return article.title, [paragraph.text for paragraph in article.paragraphs]


def wrapped(paragraph: str, n: int) -> str:
    return "\n".join(paragraph[i : i + n] for i in range(0, len(paragraph), n))


def test_every_line_is_a_paragraph_and_a_short_first_one_the_title():
    text = f"新桥通车\n\n{LONG}\n镇长很高兴。\n　　{LONG}\n"
    assert parse(text) == ("新桥通车", [LONG, "镇长很高兴。", LONG])


def test_a_first_line_that_is_a_sentence_or_alone_is_no_title():
    assert parse(f"新桥昨天通车。\n{LONG}") == ("bridge", ["新桥昨天通车。", LONG])
    assert parse("新桥通车\n") == ("bridge", ["新桥通车"])
    assert parse(f"{LONG * 2}\n{LONG}")[0] == "bridge"


def test_a_headline_may_be_a_question_or_end_with_a_quotation():
    assert parse(f"新桥为何晚了两年？\n{LONG}")[0] == "新桥为何晚了两年？"
    assert parse(f"镇长：“大家放心”\n{LONG}")[0] == "镇长：“大家放心”"


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["indents", "blank lines"])
def test_lines_broken_at_a_fixed_width_are_joined(between):
    text = "新桥通车\n\n" + between.join(wrapped(paragraph, 30) for paragraph in PARAGRAPHS)
    assert parse(text) == ("新桥通车", [paragraph.strip() for paragraph in PARAGRAPHS])


def test_latin_lines_broken_at_a_fixed_width_are_joined_with_spaces():
    text = (
        "The new bridge of Yunxi opened to traffic yesterday, the mayor of\n"
        "the town said, after two years of construction that cost three\n"
        "hundred million yuan and employed four hundred workers.\n\n"
        "It is 320 metres long.\n"
    )
    first = " ".join(text.split("\n\n")[0].split("\n"))
    assert parse(text)[1] == [first, "It is 320 metres long."]


def test_verses_and_lists_are_not_joined():
    verses = ["白日依山尽，", "黄河入海流。", "欲穷千里目，", "更上一层楼。"]
    assert parse("\n".join(["登鹳雀楼", *verses])) == ("登鹳雀楼", verses)
    items = [f"第{n}项任务由云溪镇人民政府牵头负责落实，县有关部门配合；" for n in "一二三四五六"]
    assert parse("\n".join(["任务分工", *items]))[1] == items


def test_lines_of_one_length_that_mostly_end_sentences_are_not_joined():
    sentences = ["第一项任务由云溪镇人民政府牵头负责落实，县有关部门予以配合。"] * 5
    captions = ["图为云溪镇新桥通车仪式现场，两岸的群众一早赶来观看，本报记者"] * 2
    lines = [*sentences, *captions, "摄"]
    assert parse("\n".join(lines))[1] == lines


def test_what_the_first_line_looks_like_beside_a_time_is_not_special():
    assert parse("2023-08-16 18:24:57，正文：新桥通车。")[1] == [
        "2023-08-16 18:24:57，正文：新桥通车。"
    ]


def test_no_text_is_an_error():
    with pytest.raises(CorpusError, match=r"bridge\.txt: the file is empty"):
        parse(" \n　\n")
