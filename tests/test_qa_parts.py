from dataclasses import replace

import pytest

from corpus import Article, Section
from qa.alternatives import MAX_ALTERNATIVES
from qa.answers import Answer, Citation
from qa.parts import MAX_PARTS, parts_of, with_parts

ARTICLE = Article(
    "fair",
    "渔博会开幕",
    (Section(None, ("参展企业128家。", "采购商来了2.1万人次。", "展期三天。")),),
)
REFUSAL = Answer(None, "问", "no_answer", confidence=0.04, reason="没有写到。")


def no_answer(_question):
    raise AssertionError("nothing points at an answer")


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "今年的渔博会，有多少家企业参展、接待了多少采购商？",
            ("今年的渔博会，有多少家企业参展？", "今年的渔博会，接待了多少采购商？"),
        ),
        (
            "老市场搬迁过几次、扩建过几次？",
            ("老市场搬迁过几次？", "老市场搬迁，扩建过几次？"),
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

    def ask(question):
        asked.append(question)
        return replace(REFUSAL, answer="滨海会展馆")

    parts = parts_of("渔博会在哪里办，那个场馆是哪年建的？", ask)
    assert asked == ["渔博会在哪里办？"]
    assert parts == ("渔博会在哪里办？", "滨海会展馆，那个场馆是哪年建的？")


def test_a_long_run_of_questions_is_cut_off():
    assert len(parts_of("渔博会有谁，" * 30, no_answer)) == MAX_PARTS


def say(words, confidence=0.6):
    start = ARTICLE.text.index(words)
    paragraph = next(p for p in ARTICLE.paragraphs if p.start <= start < p.end)
    citation = Citation.of(ARTICLE, start, start + len(words))
    return Answer(None, "问", "answered", words, paragraph.text, confidence, None, citation)


def shown(answer):
    return [(other.answer, other.relation) for other in answer.alternatives]


def test_the_other_thing_asked_for_is_shown_beside_the_answer():
    answer = with_parts(say("128家"), [say("128家"), say("2.1万人次", 0.5)])
    assert answer.answer == "128家"
    assert shown(answer) == [("2.1万人次", "different")]
    assert answer.alternatives[0].confidence == 0.5
    assert answer.n_parts == 1


def test_another_place_that_says_the_same_is_no_answer_to_another_part():
    elsewhere = replace(say("128家"), evidence="今年来了128家。")
    answer = with_parts(say("128家"), [elsewhere, say("2.1万人次")])
    assert shown(answer) == [("2.1万人次", "different"), ("128家", "same")]
    assert answer.n_parts == 1


def test_the_same_words_of_a_sentence_are_shown_once():
    assert shown(with_parts(say("128家"), [say("企业128家"), say("128家")])) == []


def test_other_words_of_the_sentence_are_shown_if_they_answer_the_other_part():
    others = say("参展企业")
    whole = with_parts(say("128家"), [say("128家"), others])
    assert shown(whole) == [("参展企业", "different")]
    assert shown(with_parts(whole, [say("128家")])) == []


def test_what_was_refused_as_a_whole_is_answered_if_all_its_parts_are():
    answer = with_parts(REFUSAL, [say("128家"), say("2.1万人次")])
    assert (answer.status, answer.answer, answer.reason) == ("answered", "128家", None)
    assert shown(answer) == [("2.1万人次", "different")]
    assert with_parts(REFUSAL, [say("128家"), REFUSAL]) == REFUSAL


def test_parts_that_are_refused_add_nothing():
    assert with_parts(say("128家"), [REFUSAL]) == say("128家")


def test_no_more_than_the_limit_is_shown():
    days = ("初一", "初二", "初三", "初四", "初五")
    parts = [replace(say("128家"), answer=day, evidence=f"{day}开市。") for day in days]
    answer = with_parts(say("128家"), parts)
    assert [words for words, _ in shown(answer)] == list(days[:MAX_ALTERNATIVES])
