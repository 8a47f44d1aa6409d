from dataclasses import replace

import pytest

from qa.answers import Answer
from qa.followups import (
    LONGEST_NAMED,
    SAME_AGAIN,
    SURE_AS_TYPED,
    TYPED_LEAD,
    stands_alone,
    topic_of,
    understand,
)
from qa.reasons import NOT_A_LOOKUP

UNSURE = Answer(None, "", "no_answer", confidence=0.05, reason="没有写到。")
ANSWERS = {
    "云溪镇的镇长是谁？": ("王小明", 0.9),
    "云溪镇的镇长，王小明，他是哪里人？": ("云溪", 0.8),
}


def ask_of(answers):
    """What answers these questions as surely as they say, and no others."""

    def ask(question):
        said, sureness = answers.get(question, (None, UNSURE.confidence))
        return replace(UNSURE, question=question, answer=said, confidence=sureness)

    return ask


def understood(*questions, answers=ANSWERS):
    *history, question = questions
    return understand(question, history, ask_of(answers))


@pytest.mark.parametrize(
    "question",
    [
        "云溪镇的新桥有多长？",
        "义乌那场招聘会是几号？",
        "程科源是哪年来义乌创业的？他的公司多大？",
        "冯旭斌当年盘算过什么？",
        "新桥 长度",
        "其他国家去了多少人？",
        "尤其困难的村有几个？",
        "土耳其地震发生在哪一天？",
        "马耳他去了多少人？",
        "为什么义乌的企业要参加印尼展？",
        "同比增长最快的行业是什么？",
        "浙江中欧班列累计开通多少条线路呢？",
        "那曲市有多少人口？",
    ],
)
def test_a_question_that_names_what_it_is_about_stands_alone(question):
    assert stands_alone(question)
    assert understood("别的问题是什么？", question) is None


@pytest.mark.parametrize(
    "question",
    [
        "他是哪里人？",
        "那里有多少人？",
        "为什么？",
        "那第二年呢？",
        "多长？",
        "会上要求做什么？",
        "在哪儿办？",
        "这趟班列发了多少箱？",
    ],
)
def test_a_question_that_leans_on_another_does_not(question):
    assert not stands_alone(question)


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (("云溪镇的新桥是什么时候通车的？", "花了多少钱？"), "云溪镇的新桥，花了多少钱？"),
        (("云溪镇的镇长是谁？", "他是哪里人？"), "云溪镇的镇长，王小明，他是哪里人？"),
        (("云溪镇的新桥上午通车还是什么时候？", "下午呢？"), "云溪镇的新桥下午通车还是什么时候？"),
        (("去年云溪镇种了多少亩茶叶？", "今年呢？"), "今年云溪镇种了多少亩茶叶？"),
        (("云溪镇有多少家茶厂？", "酒厂呢？"), "云溪镇有多少家酒厂？"),
        (("云溪镇的新桥有多长？", "那里什么时候通车？"), "云溪镇的新桥，那里什么时候通车？"),
        (("云溪镇的新桥有多长？", "那花了多少钱？"), "云溪镇的新桥，花了多少钱？"),
        (("云溪镇的新桥有多长？", "为什么？", "花了多少钱？"), "云溪镇的新桥，花了多少钱？"),
        (("谁？", "他呢？"), None),
    ],
)
def test_the_topic_of_the_earlier_question_is_put_in_front(questions, expected):
    assert understood(*questions) == expected


def test_a_question_that_names_little_is_meant_as_the_archive_answers_it_most_surely():
    questions = ("云溪镇的浴场有多大？", "洗一次要钱吗")
    leaning = "云溪镇的浴场，洗一次要钱吗"
    sure = {questions[1]: ("五元", 0.3), leaning: ("免费", 0.31 + TYPED_LEAD)}
    assert understood(*questions, answers=sure) == leaning
    less_sure = sure | {leaning: ("免费", 0.29 + TYPED_LEAD)}
    assert understood(*questions, answers=less_sure) is None


def test_a_question_that_is_surely_answered_as_typed_is_not_asked_otherwise():
    sure, asked = ask_of({"李家村有几口井？": ("九口", SURE_AS_TYPED)}), []

    def ask(question):
        asked.append(question)
        return sure(question)

    assert understand("李家村有几口井？", ("云溪镇的新桥有多长？",), ask) is None
    assert asked == ["李家村有几口井？"]


def test_the_earlier_answer_is_named_if_it_is_short_and_answers_more_surely():
    questions = ("云溪镇的货发往哪国？", "那趟车装了多少箱？")
    plain, named = "云溪镇的货发往，那趟车装了多少箱？", "云溪镇的货发往，法国，那趟车装了多少箱？"
    sure = {questions[0]: ("法国", 0.9), plain: ("三箱", 0.4), named: ("九箱", 0.5)}
    assert understood(*questions, answers=sure) == named
    long = sure | {questions[0]: ("法" * (LONGEST_NAMED + 1), 0.9)}
    assert understood(*questions, answers=long) == plain


def test_what_gives_the_earlier_answer_again_counts_less():
    questions = ("云溪镇去年出口多少？", "涨了多少？")
    plain, named = "云溪镇去年出口，涨了多少？", "云溪镇去年出口，3亿元，涨了多少？"
    sure = {questions[0]: ("3亿元", 0.9), plain: ("9%", 0.5), named: ("3亿元", 0.49 + SAME_AGAIN)}
    assert understood(*questions, answers=sure) == plain


def test_what_points_back_is_never_meant_as_typed():
    sure = {"他是哪里人？": ("杭州", 0.99)}
    assert understood("云溪镇的新桥多长？", "他是哪里人？", answers=sure) == (
        "云溪镇的新桥，他是哪里人？"
    )


def test_without_history_nothing_is_understood():
    assert understood("他是哪里人？") is None


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("云溪镇的新桥是什么时候通车的？", "云溪镇的新桥"),
        ("谁修了云溪镇的新桥？", "修了云溪镇的新桥"),
        ("云溪镇有多少家茶厂关了？", "云溪镇茶厂关了"),
        ("云溪镇的新桥", "云溪镇的新桥"),
    ],
)
def test_what_a_question_is_about(question, topic):
    assert topic_of(question) == topic


def test_a_question_about_now_is_meant_as_typed():
    about_now = replace(UNSURE, reason=NOT_A_LOOKUP)
    surer = ask_of({"云溪镇的新桥，今天天气怎么样？": ("晴", 0.9)})
    asked = lambda text: about_now if text == "今天天气怎么样？" else surer(text)  # noqa: E731
    assert understand("今天天气怎么样？", ["云溪镇的新桥有多长？"], asked) is None
    assert understand("今天天气怎么样？", ["云溪镇的新桥有多长？"], surer) is not None


def test_of_a_long_chat_only_the_last_questions_are_asked():
    asked = []

    def ask(question):
        asked.append(question)
        return UNSURE

    understand("他是哪里人？", ["他呢？"] * 1500, ask)
    assert len(set(asked)) < 20


@pytest.mark.parametrize(
    ("earlier", "said", "is_named"),
    [
        ("云溪的展会办了几天？", "为期三天", False),
        ("云溪的展会来了多少人？", "两万人", False),
        ("云溪的展会来了哪几国？", "泰国、印尼", True),
        ("云溪的展会是几号？", "5月14日", True),
    ],
)
def test_a_figure_is_not_what_the_next_question_is_about(earlier, said, is_named):
    topic = topic_of(earlier)
    named = f"{topic}，{said}，花了多少？"
    answers = {
        earlier: (said, 0.9),
        named: ("一万元", 0.9),
        f"{topic}，花了多少？": ("两万元", 0.5),
    }
    expected = named if is_named else f"{topic}，花了多少？"
    assert understood(earlier, "花了多少？", answers=answers) == expected
