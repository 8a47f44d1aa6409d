import math
from datetime import date

import pytest

from corpus import Passage
from index import ScoredPassage
from index.noise import Noise
from qa import reasons, refusal
from qa.questions import parse_question
from qa.reader import Reading
from qa.refusal import Confidence, Logistic

NOISE = Noise(mean=0.8, deviation=0.02)
PASSAGE = Passage("a", "题", None, 1, 0, 3, "有话。")


def scored(dense, coverage=0.0):
    return ScoredPassage(PASSAGE, dense, 1.0, 1.0, coverage)


def reading(score, probability, text="有话。", fused=1.0):
    passage = Passage("a", "题", None, 1, 0, len(text), text)
    found = ScoredPassage(passage, 0.9, 1.0, fused, 0.0)
    return Reading(found, (0, len(text)), (0, len(text)), score, probability)


def refuse(text, passages, is_sure):
    return refusal.find_refusal(parse_question(text), passages, is_sure, NOISE)


def test_topic_nearness_worked_by_hand():
    """(.84 - .80) / .02 = 2 deviations; 2 + 3 * .5 = 3.5; the best of each counts."""
    passages = [scored(0.84, 0.1), scored(0.7, 0.5)]
    assert refusal.topic_nearness(passages, NOISE) == pytest.approx(3.5)


@pytest.mark.parametrize(
    ("answerable", "right", "suffices"),
    [(0.29, 0.9, False), (0.31, 0.9, True), (0.9, 0.05, False), (0.9, 0.07, True)],
)
def test_a_reading_suffices_from_both_thresholds_on(answerable, right, suffices):
    biases = (Logistic({}, math.log(p / (1 - p))) for p in (right, answerable))
    assert Confidence(*biases, 0.3).suffices({}) == suffices
    assert refuse("义乌", [scored(0.9)], suffices) == (None if suffices else reasons.FACT_ABSENT)


@pytest.mark.parametrize(
    ("dense", "reason"), [(0.834, reasons.TOPIC_ABSENT), (0.836, reasons.FACT_ABSENT)]
)
def test_the_reason_tells_a_missing_topic_from_a_missing_fact(dense, reason):
    """The threshold 1.75 lies at .80 + 1.75 * .02 = .835."""
    assert refuse("义乌", [scored(dense)], False) == reason


def test_a_topic_that_is_not_there_is_refused_however_sure_the_reader():
    """Nothing counts as near below .80 + .3 * .02 = .806."""
    assert refuse("钢琴", [scored(0.805)], True) == reasons.TOPIC_ABSENT


def test_a_topic_that_is_hardly_there_is_answered_if_the_reader_is_sure():
    assert refuse("钢琴", [scored(0.807)], True) is None
    assert refuse("钢琴", [scored(0.807)], False) == reasons.TOPIC_ABSENT


@pytest.mark.parametrize(
    "text", ["他为什么值得信任？", "推荐哪几条路线？", "要不要缴费由哪个部门来定，依据什么？"]
)
def test_a_fact_asked_in_words_of_advice_is_looked_up(text):
    assert refuse(text, [scored(0.99, 1)], True) is None


def test_words_that_the_encoder_does_not_know_save_a_topic():
    assert refuse("尼雄村", [scored(0.80, coverage=1.0)], False) == reasons.FACT_ABSENT


@pytest.mark.parametrize(
    "text", ["今天天气怎么样？", "你是谁？", "讲个笑话吧", "现在几点了？",
    "你觉得该买哪家的股票？", "周末去古镇值不值得？", "该不该辞职创业", "帮我写一篇通讯"],
)  # fmt: skip
def test_questions_about_now_or_us_or_for_advice_are_no_lookups(text):
    assert refuse(text, [scored(0.99, 1)], True) == reasons.NOT_A_LOOKUP


@pytest.mark.parametrize(
    "text",
    [
        "今天的义乌有多少外籍常住人口？",
        "你们村是哪年脱贫的？",
        "讲好中国故事的活动在哪里举办？",
        "写了300首诗的外卖员叫什么名字？",
        "讲述李祖村故事的人是谁？",
        "我的阿勒泰在哪里取景？",
        "现在地铁几号线最长？",
        "今天的招聘会几点开始？",
        "推荐一批典型案例的部门是哪个？",
    ],
)
def test_questions_that_merely_say_today_or_you_are_looked_up(text):
    assert refuse(text, [scored(0.99, 1)], True) is None


def test_no_passages_are_refused():
    assert refuse("义乌", [], False) == reasons.TOPIC_ABSENT


def test_features_worked_by_hand():
    """The same words twice count together: .5 + .1 = .6 against .2 of the others and .2 of none.

    ln(.6 / .4) = .405; ln(.2 / .8) = -1.386; no answer scores 0 and the best 3, so
    p(none) = .5 / e^3 = .0249 and its log odds are -3.668. Nearness: (.84 - .80) / .02 = 2.
    """
    readings = [
        reading(3.0, 0.5, "三座", fused=0.7),
        reading(2.0, 0.2, "五座"),
        reading(1.0, 0.1, "三座"),
    ]
    assert refusal.features([scored(0.84)], readings, 0, NOISE) == pytest.approx(
        {
            "log_odds": 0.405, "score": 3.0, "lead": 1.792, "no_answer": -3.668,
            "nearness": 2.0, "fused": 0.7,
        },
        abs=1e-3,
    )  # fmt: skip


def test_features_of_a_sure_or_hopeless_reading_are_finite():
    for probability, score in ((1.0, 40.0), (0.0, -40.0)):
        values = refusal.features([scored(0.9)], [reading(score, probability)], 0, NOISE)
        assert all(math.isfinite(value) for value in values.values())


def test_probability_worked_by_hand():
    """2 * .5 - 1 * 3 + 1 = -1, so 1 / (1 + e)."""
    value = Logistic({"a": 2.0, "b": -1.0}, 1.0).probability({"a": 0.5, "b": 3.0, "unused": 9.0})
    assert value == pytest.approx(1 / (1 + math.e))


def test_a_missing_feature_is_an_error():
    with pytest.raises(KeyError, match="b"):
        Logistic({"b": 1.0}, 0.0).probability({"a": 1.0})


def test_the_bundled_confidence_has_weights_for_features_there_are():
    confidence = Confidence.load()
    names = refusal.features([scored(0.9)], [reading(1.0, 0.5)], 0, NOISE)
    assert set(confidence.right.weights) == set(confidence.answerable.weights) == set(names)
    assert 0 < confidence.threshold < 1


@pytest.mark.parametrize("text", ["", "[]", '{"right": {}}', '{"bias": 1, "x": 2}'])
def test_a_damaged_file_is_an_error(tmp_path, text):
    file = tmp_path / "confidence.json"
    file.write_text(text)
    with pytest.raises((ValueError, TypeError, KeyError)):
        Confidence.load(file)


def test_the_sentence_of_a_refusal_can_be_told_by_name():
    sentences = {
        "topic_absent": reasons.TOPIC_ABSENT,
        "fact_absent": reasons.FACT_ABSENT,
        "not_lookup": reasons.NOT_A_LOOKUP,
        "outside_dates": reasons.describe_outside(
            [(date(2019, 1, 1), date(2019, 12, 31))], "2026-04", "2026-05-21"
        ),
    }
    assert {name: reasons.reason_name(text) for name, text in sentences.items()} == {
        name: name for name in sentences
    }
    assert set(sentences) <= set(reasons.REASONS)
    assert reasons.reason_name("请输入一个问题。") == ""
