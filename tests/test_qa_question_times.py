"""Times in questions: what they mean, which answers they rule out, and when they are refused."""

from dataclasses import replace
from datetime import date

import pytest

from corpus import Article, Section
from corpus.calendar import days_of
from index import ArticleFilter, PassageIndex, build_index
from index.times import SaidTime
from qa import Pipeline
from qa.answering import Answerer
from qa.question_times import times_asked, without_other_times
from qa.questions import parse_question
from qa.reader import Reading
from qa.reasons import CONTRADICTED, FACT_ABSENT, OTHER_TIME, OUTSIDE_DATES, describe_outside
from qa.refusal import Confidence, Logistic
from qa.web.languages import EN, ZH

PORT = "青湾港全年吞吐集装箱{}万标箱。"
ARTICLES = [
    Article("old", "青湾港年报", (Section(None, (f"2024年，{PORT.format(95)}",)),),
            source="甲报", date="2025-01-10"),
    Article("new", "青湾港年报", (Section(None, (f"去年，{PORT.format(128)}",)),),
            source="乙报", date="2026-01-12"),
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dated") / "index"
    build_index(ARTICLES, folder)
    index = PassageIndex.open(folder)
    yield index
    index.close()


@pytest.fixture(scope="module")
def pipeline(index):
    return Pipeline(index)


def days(*values):
    return [days_of(value) for value in values]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("去年十月谁夺冠？", ["2025-10"]),
        ("２０２４年青湾港吞吐了多少？", ["2024"]),
        ("5月18日的会在哪里开？", []),
        ("青湾港在哪里？", []),
    ],
)
def test_the_times_of_a_question_count_from_today(question, asked):
    assert times_asked(parse_question(question), date(2026, 1, 12)) == days(*asked)


def test_without_today_only_years_that_are_named_are_known():
    question = parse_question("去年和2019年各有几班船？")
    assert times_asked(question, None) == days("2019")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("2024年青湾港的集装箱吞吐量是多少？", "95万标箱"),
        ("2025年青湾港的集装箱吞吐量是多少？", "128万标箱"),
        ("去年青湾港的集装箱吞吐量是多少？", "128万标箱"),
        ("前年青湾港的集装箱吞吐量是多少？", "95万标箱"),
    ],
)
def test_the_answer_is_of_the_year_asked_for(pipeline, question, answer):
    assert pipeline.today == date(2026, 1, 12)
    assert answer in (pipeline.ask(question).answer or "")


def test_today_can_be_another_day(index):
    then = Pipeline(index, today=date(2025, 3, 1))
    assert "95万" in (then.ask("去年青湾港的集装箱吞吐量是多少？").answer or "")


def readings(pipeline, question):
    found = pipeline.search(question)
    sentences = [(scored, (0, len(scored.passage.text))) for scored in found]
    return [Reading(scored, span, span, 1.0, 0.5) for scored, span in sentences]


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("2024年青湾港吞吐了多少？", {"old"}),
        ("2025年3月青湾港吞吐了多少？", {"new"}),
        ("2024年和2025年青湾港各吞吐了多少？", {"old", "new"}),
        ("2024年说的目标，青湾港是哪一年做到的？", {"old", "new"}),
        ("青湾港吞吐了多少？", {"old", "new"}),
    ],
)
def test_sentences_of_other_years_are_left_out_unless_a_year_is_asked_for(pipeline, question, kept):
    parsed = parse_question(question)
    asked = times_asked(parsed, pipeline.today)
    left = without_other_times(parsed, readings(pipeline, question), asked)
    assert {reading.passage.article_id for reading in left} == kept


def test_months_and_quarters_of_the_same_year_are_other_times(index):
    pipeline = Pipeline(index)
    question = "2025年二季度青湾港吞吐了多少？"
    scored = pipeline.search(question)[0]
    start = scored.passage.start
    sentence = (0, len(scored.passage.text))
    quarter = SaidTime(start, start + 1, date(2025, 1, 1), date(2025, 3, 31))
    year = SaidTime(start, start + 1, date(2025, 1, 1), date(2025, 12, 31))
    for said, is_kept in ((quarter, False), (year, True)):
        told = Reading(replace(scored, said=(said,)), sentence, sentence, 1.0, 0.5)
        for asked, kept in ((question, is_kept), ("2025年5月6日吞吐了多少？", True)):
            parsed = parse_question(asked)
            left = without_other_times(parsed, [told], times_asked(parsed, pipeline.today))
            assert left == ([told] if kept else [])


class WholePassages:
    """A reader that answers with every passage."""

    def read(self, question, passages):
        spans = [(0, len(scored.passage.text)) for scored in passages]
        return [
            Reading(scored, span, span, 9.0, 0.5)
            for scored, span in zip(passages, spans, strict=True)
        ]


@pytest.mark.parametrize(
    ("question", "bias", "reason"),
    [
        ("青湾港的港口在哪里？", 5.0, None),
        ("吞吐700万标箱的青湾港在哪里？", 5.0, CONTRADICTED),
        ("吞吐700万标箱的青湾港在哪里？", -5.0, FACT_ABSENT),
        ("2024年一季度青湾港吞吐了多少？", -5.0, FACT_ABSENT),
        ("2025年青湾港吞吐了多少？", -5.0, OTHER_TIME),
    ],
)
def test_a_sentence_that_says_otherwise_is_the_reason(index, question, bias, reason):
    answerer = Answerer(index, WholePassages(), _confidence(bias), None, (None, None))
    passages = [s for s in index.search(question) if s.passage.article_id == "old"]
    said = answerer.answer(parse_question(question), passages).reason
    assert (said and said[:4]) == (reason and reason.format(asked=question[:5], sentence="")[:4])


def _confidence(bias):
    return Confidence(Logistic({}, bias), Logistic({}, bias), 0.5)


def test_refusals_with_a_sentence_are_put_into_english():
    other = OTHER_TIME.format(asked="2024年", sentence="去年没有。")
    assert EN.reason(other).startswith("No sentence tells of 2024年; ")
    contradicted = CONTRADICTED.format(asked="400家", sentence="有129家。")
    assert EN.reason(contradicted) == "The articles do not agree with “400家”: “有129家。”"


def test_a_year_of_which_the_archive_does_not_tell_is_refused_with_its_dates(pipeline):
    answer = pipeline.ask("2019年青湾港的集装箱吞吐量是多少？")
    assert (answer.status, answer.answer) == ("no_answer", None)
    assert answer.reason == "文库没有2019年的内容（报道日期为2025-01-10至2026-01-12）。"


def test_the_weather_of_today_is_still_no_matter_of_dates(pipeline):
    assert "文库没有" not in str(pipeline.ask("今天天气怎么样？").reason)


def test_a_refusal_names_every_span_of_years_once():
    reason = describe_outside(days("2019-03", "2019", "1980/1989"), "2025", "2026")
    assert reason == OUTSIDE_DATES.format(years="2019、1980—1989", first="2025", last="2026")


def test_a_refusal_with_dates_is_put_into_english():
    reason = describe_outside(days("2019"), "2025-01-10", "2026-01-12")
    assert ZH.reason(reason) == reason
    assert EN.reason(reason) == (
        "The archive has nothing of 2019 (its articles are dated 2025-01-10 to 2026-01-12)."
    )
    assert EN.reason("别的原因。") == "别的原因。"


def test_only_wanted_articles_are_asked(pipeline):
    question = "青湾港的集装箱吞吐量是多少？"
    for source, article_id in (("甲报", "old"), ("乙报", "new")):
        answer = pipeline.ask(question, wanted=ArticleFilter(source=source))
        assert answer.citation.article_id == article_id
    nothing = pipeline.ask(question, wanted=ArticleFilter(since="2027"))
    assert (nothing.status, nothing.citation) == ("no_answer", None)
