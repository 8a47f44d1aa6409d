from datetime import date

import pytest

from corpus import Passage
from index import ScoredPassage
from qa.premises import describe_other_time, find_other_figure
from qa.questions import parse_question
from qa.reader import Reading
from qa.reasons import reason_name

FAIR = "昨天的灯展有129家企业参加。去年有96家。"


def reading(text, sentence):
    passage = Passage("a", "灯展", None, 1, 0, len(text), text)
    start = text.index(sentence)
    evidence = start, start + len(sentence)
    return Reading(ScoredPassage(passage, 0.8, 0.8, 0.8, 0.8), evidence, evidence, 1.0, 0.5)


def contradicted(question):
    return find_other_figure(parse_question(question), reading(FAIR, FAIR[:15]))


def test_a_figure_that_the_sentence_gives_otherwise_is_named_with_the_sentence():
    reason = contradicted("400家企业参加的灯展在哪里办？")
    assert reason == "问题里的“400家”与报道不一致：“昨天的灯展有129家企业参加。”"
    assert reason_name(reason) == "false_premise"


@pytest.mark.parametrize(
    "question",
    [
        "129家企业参加的灯展在哪里办？",
        "约130家企业参加的灯展在哪里办？",
        "灯展去年是不是96家企业参加？",
        "灯展有哪3家企业参加？",
        "灯展几家企业参加？",
        "至少50家企业参加的灯展在哪里办？",
        "100家以上企业参加的灯展在哪里办？",
        "不到200家企业参加的灯展在哪里办？",
        "400人参加的灯展在哪里办？",
        "400年前的灯展在哪里办？",
    ],
)
def test_what_the_passage_says_or_leaves_open_is_no_contradiction(question):
    assert contradicted(question) is None


@pytest.mark.parametrize(
    ("question", "reason", "name"),
    [
        (
            "2024年一季度灯展卖了多少灯？",
            "没有写2024年一季度的句子；最相近的一句写的是别的时间：“去年有96家。”",
            "outside_dates",
        ),
        (
            "前年灯展卖了多少灯？",
            "没有写前年的句子；最相近的一句写的是别的时间：“去年有96家。”",
            "outside_dates",
        ),
        (
            "2019年开办的灯展在哪里？",
            "问题里的“2019年”与报道不一致：“去年有96家。”",
            "false_premise",
        ),
    ],
)
def test_a_sentence_of_another_time_is_shown_with_the_time_that_was_asked_for(
    question, reason, name
):
    said = describe_other_time(
        parse_question(question), reading(FAIR, "去年有96家。"), date(2026, 5, 1)
    )
    assert said == reason
    assert reason_name(said) == name
