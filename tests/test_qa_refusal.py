import math

import pytest

from corpus import Passage
from index import ScoredPassage
from index.noise import Noise
from qa import refusal
from qa.questions import parse_question
from qa.reader import Reading

NOISE = Noise(mean=0.8, deviation=0.02)
PASSAGE = Passage("a", "题", None, 1, 0, 3, "有话。")


def scored(dense, coverage=0.0):
    return ScoredPassage(PASSAGE, dense, 1.0, 1.0, coverage)


def reading(score):
    return Reading(scored(0.9), (0, 3), (0, 3), score, fit=1.0)


def test_topic_nearness_worked_by_hand():
    """(.84 - .80) / .02 = 2 deviations; 2 + 3 * .5 = 3.5; the best of each counts."""
    passages = [scored(0.84, 0.1), scored(0.7, 0.5)]
    assert refusal.topic_nearness(passages, NOISE) == pytest.approx(3.5)


@pytest.mark.parametrize(("dense", "is_refused"), [(0.849, True), (0.851, False)])
def test_a_question_is_refused_just_below_the_threshold(dense, is_refused):
    """The threshold 2.5 lies at .80 + 2.5 * .02 = .85."""
    reason = refusal.find_refusal(parse_question("义乌"), [scored(dense)], [reading(1)], NOISE)
    assert reason == (refusal.TOPIC_ABSENT if is_refused else None)


def test_words_that_the_encoder_does_not_know_save_a_question():
    found = [scored(0.80, coverage=1.0)]
    assert refusal.find_refusal(parse_question("尼雄村"), found, [reading(1)], NOISE) is None


@pytest.mark.parametrize("text", ["今天天气怎么样？", "你是谁？", "讲个笑话吧", "现在几点了？"])
def test_questions_about_now_or_about_us_are_no_lookups(text):
    reason = refusal.find_refusal(parse_question(text), [scored(0.99, 1)], [reading(1)], NOISE)
    assert reason == refusal.NOT_A_LOOKUP


@pytest.mark.parametrize("text", ["今天的义乌有多少外籍常住人口？", "你们村是哪年脱贫的？"])
def test_questions_that_merely_say_today_or_you_are_looked_up(text):
    found = [scored(0.99, 1)]
    assert refusal.find_refusal(parse_question(text), found, [reading(1)], NOISE) is None


def test_no_passages_and_no_readings_are_refused():
    question = parse_question("义乌")
    assert refusal.find_refusal(question, [], [], NOISE) == refusal.TOPIC_ABSENT
    assert refusal.find_refusal(question, [scored(0.9)], [], NOISE) == refusal.NOTHING_READ


def test_confidence_worked_by_hand():
    """Nearness 5, lead .1: .35 * 5 + 8.94 * .1 - 2.86 = -.216, so 1 / (1 + exp(.216))."""
    value = refusal.confidence([scored(0.9)], [reading(0.8), reading(0.7)], 0, NOISE)
    assert value == pytest.approx(1 / (1 + math.exp(0.216)))


def test_confidence_grows_with_the_lead_and_with_the_topic():
    def sure(dense, second):
        return refusal.confidence([scored(dense)], [reading(0.8), reading(second)], 0, NOISE)

    assert sure(0.9, 0.5) > sure(0.9, 0.7) > sure(0.85, 0.7)


def test_the_second_reading_is_less_sure_than_the_first():
    readings = [reading(0.8), reading(0.7)]
    first, second = (refusal.confidence([scored(0.9)], readings, i, NOISE) for i in (0, 1))
    assert first > second
