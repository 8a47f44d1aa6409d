import pytest

from qa.questions import MAX_LENGTH, InvalidQuestionError, parse_question


@pytest.mark.parametrize(
    ("raw", "part_of_reason"),
    [
        ("", "空的"),
        (" \t\n　", "空的"),
        ("？！……", "没有文字"),
        ("😀😀", "没有文字"),
        ("长" * (MAX_LENGTH + 1), "太长"),
        ("你好\x00吗", "控制字符"),
        ("\x1b[31m红色", "控制字符"),
    ],
)
def test_input_that_is_no_question_is_refused_with_one_sentence(raw, part_of_reason):
    with pytest.raises(InvalidQuestionError) as caught:
        parse_question(raw)
    assert part_of_reason in str(caught.value)
    assert str(caught.value).count("。") == 1


def test_the_longest_question_is_accepted():
    assert len(parse_question("问" * MAX_LENGTH).text) == MAX_LENGTH


def test_width_script_case_and_spaces_are_folded_but_the_text_is_kept():
    question = parse_question("  義烏ＡＩ　公司\n有１２家？ ")
    assert question.text == "義烏ＡＩ　公司\n有１２家？"
    assert question.normalised == "义乌ai 公司 有12家?"
