"""Second articles on a figure: changed, in another notation, and reworded."""

from random import Random

import pytest

from corpus import Article, Section
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion
from qa.evaluation.twins import change_value, make_case, restate_value, retell, reword
from qa.quantities import find_quantities

VALUES = ["320米", "1.82万辆", "33.8%", "超30家", "五个", "十二条", "15000列", "近300亿元", "45项"]


def every(make, *arguments):
    """What comes out with many random numbers."""
    return {make(*arguments, Random(seed)) for seed in range(60)}


def one_quantity(text):
    [quantity] = find_quantities(text)
    return quantity


@pytest.mark.parametrize("value", VALUES)
def test_a_changed_value_is_of_one_kind_and_cannot_be_meant_by_both(value):
    for changed in every(change_value, value):
        was, now = one_quantity(value), one_quantity(changed)
        assert was.is_of_one_kind(now)
        assert not was.is_compatible(now)


@pytest.mark.parametrize(
    ("value", "others"),
    [
        ("15000列", {"1.5万列"}),
        ("1.5万列", {"15000列", "1万多列"}),
        ("233个", {"230多个", "二百三十三个"}),
        ("1.82万辆", {"18200辆", "1.8万多辆"}),
        ("33.8%", {"百分之三十三点八", "约34%"}),
        ("超30家", {"超三十家"}),
        ("五个", {"5个"}),
        ("2项", {"两项"}),
        ("59961例", {"59000多例"}),
    ],
)
def test_a_value_is_restated_in_every_notation_that_papers_use(value, others):
    assert every(restate_value, value) == others


@pytest.mark.parametrize("value", ["7.5", "三至五公里", "若干"])
def test_what_has_no_other_notation_is_not_restated(value):
    assert every(restate_value, value) == {None}


def test_the_other_words_of_a_sentence_change_around_the_value():
    sentence = "据悉，目前桥长达到320米，造价超过一亿元。"
    assert every(reword, sentence, "320米", "720米") == {
        f"眼下桥长{word}720米，造价逾一亿元。" for word in ("达到", "达", "为")
    }


def test_words_that_only_look_like_reaching_stay():
    assert every(reword, "大桥分为320段。", "320段", "720段") == {"大桥分为720段。"}


def test_sentences_around_are_left_out_at_random_and_never_the_reworded_one():
    told = every(retell, "新桥通车。桥长320米。行人很多。", "桥长320米。", "桥长720米。")
    assert told == {
        before + "桥长720米。" + after
        for before in ("", "新桥通车。")
        for after in ("", "行人很多。")
    }


BRIDGE = "新桥昨日通车。据悉，桥长320米。"


def case_of(text, evidence, *answers):
    article = Article(
        id="a", title="新桥", date="2026-05-10", source="甲报", sections=(Section(None, (text,)),)
    )
    found = (GoldEvidence(evidence, "a"),) if evidence else ()
    question = GoldQuestion("q", "桥长多少？", "answerable", answers, found)
    return make_case(question, {"a": article}, Random(0))


def test_the_second_articles_are_of_the_same_day_and_other_papers():
    case = case_of(BRIDGE, "据悉，桥长320米。", "320米")
    assert (case.article_id, case.value) == ("a", "320米")
    for twin, value in (
        (case.changed, case.changed_value), (case.restated, case.restated_value)
    ):  # fmt: skip
        assert f"桥长{value}。" in twin.text
        assert "320米" not in twin.text
        assert (twin.title, twin.date) == ("新桥", "2026-05-10")
        assert twin.source != "甲报"
    assert case.changed.id != case.restated.id != "a"


@pytest.mark.parametrize(
    ("text", "evidence", "answer"),
    [
        (BRIDGE, "据悉，桥长320米。", "桥长"),
        ("新桥2024年通车。", "新桥2024年通车。", "2024年"),
        ("桥长320米，引桥也长320米。", "桥长320米，引桥也长320米。", "320米"),
        (BRIDGE, None, "320米"),
        ("桥长三至五公里。", "桥长三至五公里。", "三至五公里"),
    ],
)
def test_only_questions_on_one_figure_told_once_make_a_case(text, evidence, answer):
    assert case_of(text, evidence, answer) is None
