import pytest

from qa.answer_kinds import AnswerKind
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


@pytest.mark.parametrize(
    ("text", "kind", "head"),
    [
        ("印尼展有多少家义乌企业参展？", AnswerKind.QUANTITY, "家义"),
        ("尼雄村的海拔是多少？", AnswerKind.QUANTITY, "米"),
        ("外贸同比增长多少？", AnswerKind.QUANTITY, "%％倍成"),
        ("义乌哪一年开始国际贸易综合改革试点？", AnswerKind.DATE, ""),
        ("爱旭的高级副总裁是谁？", AnswerKind.PERSON, "总裁"),
        ("谁开了佩弦香堂？", AnswerKind.PERSON, ""),
        ("“共富仓”是哪个镇办的？", AnswerKind.PLACE, "镇"),
        ("程科源是哪家公司的董事长？", AnswerKind.ORGANISATION, "公司"),
        ("李祖村以前叫什么村？", AnswerKind.NAME, "村"),
        ("为什么要拆柜？", AnswerKind.SENTENCE, ""),
        ("班列通达哪些城市", AnswerKind.SENTENCE, ""),
        ("义乌 班列 2025", AnswerKind.SENTENCE, ""),
    ],
)
def test_the_kind_of_answer_is_read_off_the_question(text, kind, head):
    question = parse_question(text)
    assert (question.kind, question.head) == (kind, head)
