import pytest

from qa.followups import stands_alone, topic_of, understand

ANSWERS = {"云溪镇的镇长是谁？": "王小明", "云溪镇的镇长，王小明，他是哪里人？": "云溪"}


def understood(*questions):
    *history, question = questions
    return understand(question, history, ANSWERS.get)


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
