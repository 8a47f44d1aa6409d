import pytest

from qa.parts import MAX_PARTS, parts_of


def no_answer(_):
    raise AssertionError("nothing points at an answer")


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "今年的渔博会，有多少家企业参展、接待了多少采购商？",
            ("今年的渔博会，有多少家企业参展？", "今年的渔博会，接待了多少采购商？"),
        ),
        (
            "首趟海铁列车哪天发车、哪天到港？",
            ("首趟海铁列车哪天发车？", "首趟海铁列车，哪天到港？"),
        ),
        (
            "上半年全市的用电量和用水量各增长了多少？",
            ("上半年全市的用电量增长了多少？", "上半年全市的用水量增长了多少？"),
        ),
    ],
)
def test_two_things_asked_at_once_are_two_questions_that_stand_alone(question, parts):
    assert parts_of(question, no_answer) == parts


@pytest.mark.parametrize(
    "question",
    [
        "新桥有多长？",
        "十几年前渔民出海，为什么又慢又险？",
        "开业之初那几年，店主靠什么揽客？",
        "渔博会上有哪些展品？",
        "渔博会有谁，" * 300,
        "",
    ],
)
def test_one_question_has_no_parts(question):
    assert parts_of(question, no_answer) == ()


def test_what_the_first_part_asks_for_is_put_where_the_second_points_at_it():
    asked = []

    def answer_to(question):
        asked.append(question)
        return "滨海会展馆"

    parts = parts_of("渔博会在哪里办，那个场馆是哪年建的？", answer_to)
    assert asked == ["渔博会在哪里办？"]
    assert parts == ("渔博会在哪里办？", "滨海会展馆，那个场馆是哪年建的？")


def test_a_long_run_of_questions_is_cut_off():
    assert len(parts_of("渔博会有谁，" * 30, no_answer)) == MAX_PARTS
