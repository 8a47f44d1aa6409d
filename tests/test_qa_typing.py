"""Exact phrases, questions in other languages and corrected ones, through the pipeline."""

import pytest

from corpus import Article, Section
from index import ArticleFilter, PassageIndex, build_index
from index.text import normalise
from qa import Pipeline, reasons
from qa.answers import Answer
from qa.questions import parse_question


@pytest.fixture(scope="module")
def pipeline(bundled_index):
    return Pipeline(bundled_index)


def test_straight_quotes_mark_phrases_and_chinese_ones_do_not():
    assert parse_question('"义新欧"和 "国际 枢纽港" 在哪里？').phrases == ("义新欧", "国际 枢纽港")
    assert parse_question("＂义新欧＂开到哪里？").phrases == ("义新欧",)
    assert parse_question("“义新欧”「班列」开到哪里？").phrases == ()
    assert parse_question('5"的屏幕和"？"多少钱？').phrases == ("的屏幕和",)


def test_every_passage_found_for_a_phrase_holds_it(pipeline):
    found = pipeline.search('"义新欧"班列开到哪里？', k=100)
    every = sum("义新欧" in text for text in passages(pipeline))
    assert len(found) == every > 10
    assert all("义新欧" in scored.passage.text for scored in found)
    assert [s.fused for s in found] == sorted((s.fused for s in found), reverse=True)


def test_a_phrase_is_held_in_any_width_and_script(pipeline):
    found = pipeline.search('"義新歐" "２０１４年"哪天开出？')
    assert found
    assert all({"义新欧", "2014年"} <= parts(normalise(s.passage.text)) for s in found)


def test_an_answer_to_a_phrase_stands_in_a_passage_that_holds_it(pipeline):
    answer = pipeline.ask('"共富仓"是哪个镇办的？')
    assert answer.status == "answered"
    article = pipeline.article(answer.citation.article_id)
    paragraph = article.paragraphs[answer.citation.paragraph - 1]
    assert "共富仓" in article.text[paragraph.start : paragraph.end]


def test_a_phrase_that_nothing_holds_is_refused_with_its_reason(pipeline):
    assert pipeline.search('"欧新义"班列') == []
    answer = pipeline.ask('"欧新义"班列到过哪些国家？')
    assert (answer.status, answer.reason) == ("no_answer", reasons.PHRASE_ABSENT)


def test_a_phrase_is_not_corrected(pipeline):
    assert pipeline.understand("程刻源是哪里人？") == "程科源是哪里人？"
    assert pipeline.understand('"程刻源"是哪里人？') is None


def test_a_corrected_question_is_answered_like_the_right_one_unless_taken_literally(pipeline):
    right, typed = pipeline.ask("程科源是哪里人？"), pipeline.ask("程刻源是哪里人？")
    assert (typed.question, typed.answer) == ("程刻源是哪里人？", right.answer)
    literal = pipeline.ask("程刻源是哪里人？", is_literal=True)
    assert literal.confidence != right.confidence


def test_what_is_looked_up_is_told_once_and_only_where_it_is_not_as_typed(pipeline):
    told: list[str] = []
    for question, is_literal in (
        ("程刻源是哪里人？", False), ("程刻源是哪里人？", True), ("程科源是哪里人？", False),
    ):  # fmt: skip
        pipeline.ask(question, is_literal=is_literal, on_understood=told.append)
    assert told == ["程科源是哪里人？"]


def test_a_search_can_take_the_question_as_typed(pipeline):
    right, typed = (pipeline.search(question, 1) for question in ("程科源", "程刻源"))
    assert typed == right
    assert pipeline.search("程刻源", 1, is_literal=True) != right


def test_what_earlier_questions_were_about_is_looked_up_in_the_articles_wanted(
    pipeline, monkeypatch
):
    asked = []

    def ask(_, question, **options):
        asked.append((question, options["wanted"]))
        sureness = 0.9 if "程科源" in question else 0.5
        return Answer(None, question, "answered", "程科源", confidence=sureness)

    monkeypatch.setattr(type(pipeline), "ask", ask)
    wanted = ArticleFilter(source="义乌商报")
    earlier = "盈和物流的董事长是谁？"
    assert "程科源" in pipeline.understand("他是哪里人？", [earlier], wanted=wanted)
    assert asked[0] == (earlier, wanted)
    assert {scope for _, scope in asked} == {wanted}


@pytest.mark.parametrize(
    "question",
    [
        "How many lines does the train have?",
        "Who is the president of the company?",
        "When was the library opened?",
        "Сколько стоит билет на поезд?",
    ],
)
def test_a_question_in_another_language_is_refused_politely(pipeline, question):
    answer = pipeline.ask(question)
    assert (answer.status, answer.reason) == ("no_answer", reasons.NOT_CHINESE)


@pytest.mark.parametrize("question", ["AI 是什么？", "GDP", "AI GDP"])
def test_a_question_that_mixes_or_names_something_is_chinese(question):
    assert parse_question(question).is_chinese


def test_an_archive_that_answers_in_another_language_is_asked(tmp_path):
    text = "The new bridge in Lakeside was opened on 3 May 2024 by mayor Ann Lee."
    build_index([Article("x", "Bridge", (Section(None, (text,)),))], tmp_path / "index")
    pipeline = Pipeline(PassageIndex.open(tmp_path / "index"))
    assert pipeline.search("Who opened the new bridge in Lakeside?")[0].passage.text == text


def passages(pipeline):
    for article_id in pipeline.index.article_ids():
        article = pipeline.article(article_id)
        yield from (article.text[p.start : p.end] for p in article.paragraphs)


def parts(text):
    return {part for part in ("义新欧", "2014年") if part in text}
