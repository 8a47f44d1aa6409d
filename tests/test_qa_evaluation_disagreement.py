"""Planted disagreement: second articles, and what is counted of the answers."""

from contextlib import closing

import pytest

from corpus import Article, Section
from index import PassageIndex, build_index
from qa.answers import Alternative, Answer, Citation
from qa.evaluation.disagreement import Outcome, ask_cases, draw_cases, is_shown, summarise
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion
from qa.evaluation.twins import Case
from qa.pipeline import Pipeline


def article(id, text):
    return Article(id=id, title="云溪新桥", sections=(Section(None, (text,)),))


OLD = article("old", "新桥昨日通车。桥长320米。")
NEW = article("new", "桥长720米。")
TWICE = article("twice", "桥长三百二十米。")
CASE = Case("桥长多少米？", "old", "320米", NEW, "720米", TWICE, "三百二十米")


def cite(where, words):
    start = where.text.index(words)
    return Citation.of(where, start, start + len(words))


def say(where, words, *others, conflict=False):
    beside = tuple(Alternative(w, w, 0.5, cite(a, w), "different") for a, w in others)
    return Answer(
        None, "?", "answered", words, words, citation=cite(where, words), alternatives=beside,
        conflict=conflict,
    )  # fmt: skip


REFUSAL = Answer(None, "?", "no_answer", reason="没有。")


def test_a_value_counts_as_shown_only_from_its_own_article():
    answer = say(OLD, "320米", (NEW, "720米"))
    assert is_shown(answer, "old", "320米")
    assert is_shown(answer, "new", "720米")
    assert not is_shown(answer, "new", "320米")
    assert not is_shown(REFUSAL, "old", "320米")


def test_what_is_counted_is_what_it_is_by_hand():
    both = say(NEW, "720米", (OLD, "320米"), conflict=True)
    alone = say(OLD, "320米")
    alarmed = say(OLD, "320米", (TWICE, "三百二十米"), conflict=True)
    outcomes = [
        Outcome(CASE, both, alarmed, alone),
        Outcome(CASE, both, alone, alone),
        Outcome(CASE, alone, alone, alone),
        Outcome(CASE, REFUSAL, REFUSAL, REFUSAL),
    ]
    assert summarise(outcomes) == {
        "questions": 4,
        "figure shown in the untouched archive": 3 / 4,
        "other figure planted: both shown": 2 / 4,
        "other figure planted: flagged as conflict": 2 / 4,
        "same figure planted: false alarm": 1 / 4,
        "untouched archive: false alarm": 0,
    }


def asked(n, text, value):
    evidence = (GoldEvidence(text, f"a{n}"),)
    return GoldQuestion(f"q{n}", "工程花了多少？", "answerable", (value,), evidence)


def test_cases_are_drawn_one_an_article_and_alike_for_a_seed():
    texts = [f"第二标段花费{n}15万元。" for n in range(1, 7)]
    articles = [article(f"a{n}", text) for n, text in enumerate(texts, 1)]
    questions = [asked(n, text, f"{n}15万元") for n, text in enumerate(texts, 1)] * 2
    drawn = draw_cases(questions, articles, 4)
    assert len({case.article_id for case in drawn}) == len(drawn) == 4
    assert drawn == draw_cases(questions, articles, 4)
    assert {case.article_id for case in drawn} != {
        case.article_id for case in draw_cases(questions, articles, 4, seed=1)
    }
    assert len(draw_cases(questions, articles, 100)) == 6


def test_no_case_is_drawn_of_what_is_no_single_figure():
    text = "大桥由何家兴设计。"
    assert draw_cases([asked(1, text, "何家兴")], [article("a1", text)], 9) == []


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    bridge = article("bridge", "镇上昨天开了庆祝会。云溪镇的新桥全长320米，双向四车道。")
    weather = article("weather", "本周多云，周末有小雨，气温十到十五度，出门请带伞。")
    question = GoldQuestion(
        "q", "云溪镇的新桥全长多少米？", "answerable", ("320米",),
        (GoldEvidence("云溪镇的新桥全长320米，双向四车道。", "bridge"),),
    )  # fmt: skip
    [case] = draw_cases([question], [bridge, weather], 1)
    folder = tmp_path_factory.mktemp("planted") / "index"
    build_index([bridge, weather, case.changed, case.restated], folder)
    with closing(PassageIndex.open(folder)) as index:
        [asked] = ask_cases(Pipeline(index), [case])
    return asked


def test_a_planted_contradiction_is_shown_and_flagged_and_hidden_otherwise(outcome):
    assert outcome.is_found
    assert outcome.are_both_shown
    assert outcome.changed.conflict
    for answer, hidden in (
        (outcome.changed, {outcome.case.restated.id}),
        (outcome.restated, {outcome.case.changed.id}),
        (outcome.untouched, {outcome.case.changed.id, outcome.case.restated.id}),
    ):
        shown = {answer.citation.article_id, *(a.citation.article_id for a in answer.alternatives)}
        assert not shown & hidden
    assert not outcome.restated.conflict
    assert not outcome.untouched.conflict
