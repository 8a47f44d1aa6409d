import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa import Answer, Pipeline, Request
from qa.evaluation.gold_files import bundled_gold

# Question, an article that says it (others may too), and what the answer must hold: from the
# issue that asked for this system, so that they always work.
MUST_ANSWER = [
    ("浙江爱旭太阳能科技有限公司的高级副总裁是谁？", "000-1", "徐新峰"),
    ("印尼展有多少家义乌企业参展？", "002-5", "129家"),
    ("李祖村以前叫什么村？", "001-1", "水牛角村"),
    ("尼雄村的海拔是多少？", "003-2", "4700米"),
    ("义乌哪一年开始国际贸易综合改革试点？", "001-1", "2011年"),
    ("天津“117项目”的主塔楼有多高？", "003-4", "596米"),
    ("中卫的数据中心装了多少机架？", "003-3", "25.6万架"),
    ("“共富仓”是哪个镇办的？", "000-5", "大陈镇"),
]


@pytest.fixture(scope="module")
def pipeline(bundled_index):
    return Pipeline(bundled_index)


def cited(answer):
    return [answer.citation, *(other.citation for other in answer.alternatives)]


@pytest.mark.parametrize(("question", "article_id", "words"), MUST_ANSWER)
def test_the_questions_that_must_work_are_answered_from_the_right_article(
    pipeline, question, article_id, words
):
    answer = pipeline.ask(question)
    assert answer.status == "answered"
    assert article_id in {citation.article_id for citation in cited(answer)}
    assert words in answer.answer


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("你能告诉我印尼展有多少家义乌企业参展吗？", "129家"),
        ("我想知道李祖村以前叫什么村", "水牛角村"),
        ("帮我查一下尼雄村的海拔是多少", "4700米"),
        ("你好，请问天津“117项目”的主塔楼有多高？", "596米"),
    ],
)
def test_polite_questions_are_answered_like_plain_ones(pipeline, question, words):
    assert words in pipeline.ask(question).answer


def test_the_weather_is_refused_with_a_reason(pipeline):
    answer = pipeline.ask("今天天气怎么样？")
    assert (answer.status, answer.answer, answer.citation) == ("no_answer", None, None)
    assert answer.reason.endswith("。")


@pytest.mark.parametrize(
    "question", ["红烧肉怎么做才好吃？", "巴西的足球队员有几个？", "钢琴有多少个键？"]
)
def test_other_topics_are_refused(pipeline, question):
    assert pipeline.ask(question).status == "no_answer"


@pytest.mark.parametrize("question", ["", "  ", "？？", "a\x07b", "长" * 2001])
def test_bad_input_is_invalid_with_a_reason_and_no_exception(pipeline, question):
    answer = pipeline.ask(question)
    assert answer.status == "invalid"
    assert answer.question == question
    assert answer.reason
    assert answer.evidence is None


def test_earlier_turns_that_are_no_questions_are_left_out(pipeline):
    assert pipeline.understand("那里有多少人？", ["长" * 3000, "\x00", ""]) is None


def test_every_citation_of_every_gold_question_slices_to_its_quote(pipeline):
    for gold in bundled_gold():
        answer = pipeline.ask(gold.question, gold.history)
        for citation in filter(None, cited(answer)):
            article = pipeline.article(citation.article_id)
            paragraph = article.paragraphs[citation.paragraph - 1]
            assert article.text[citation.start : citation.end] == citation.quote
            assert paragraph.start <= citation.start < citation.end <= paragraph.end
            assert paragraph.section == citation.section
        if answer.status == "answered":
            assert answer.answer == answer.citation.quote
            assert answer.answer in answer.evidence
            assert answer.evidence in pipeline.article(answer.citation.article_id).text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_no_input_raises_and_every_answer_is_json(pipeline, text):
    answer = pipeline.ask(text)
    assert json.loads(json.dumps(answer.to_dict()))["status"] in (
        "answered",
        "no_answer",
        "invalid",
    )


@pytest.mark.parametrize(
    "question",
    [
        "印尼展有多少家義烏企業參展？",
        "印尼展有多少家义乌企业参展",
        "　印尼展有多少家义乌企业参展？\n",
    ],
)
def test_script_and_punctuation_do_not_matter(pipeline, question):
    assert pipeline.ask(question).answer == "129家"


def test_the_same_question_gives_the_same_answer(pipeline):
    first, second = (pipeline.ask("程科源是哪里人？").to_dict() for _ in range(2))
    assert {**first, "latency_ms": 0} == {**second, "latency_ms": 0}


def test_json_has_exactly_the_documented_keys(pipeline):
    record = pipeline.ask("印尼展有多少家义乌企业参展？", id="q1").to_dict()
    assert list(record) == [
        "id", "question", "status", "answer", "evidence", "confidence", "as_of", "citation",
        "alternatives", "conflict", "reason", "latency_ms",
    ]  # fmt: skip
    assert list(record["citation"]) == [
        "article_id", "title", "section", "date", "source", "byline", "paragraph", "start", "end",
        "quote",
    ]  # fmt: skip
    assert record["id"] == "q1"
    assert record["as_of"] == record["citation"]["date"] == "2026-05-16"
    assert 0 <= record["confidence"] <= 1
    assert record["reason"] is None
    assert record["latency_ms"] > 0
    for other in record["alternatives"]:
        assert list(other) == ["answer", "evidence", "confidence", "citation", "relation"]


def test_alternatives_stand_in_other_sentences_and_tell_same_from_different(pipeline):
    answer = pipeline.ask("“共富仓”是哪个镇办的？")
    relations = {other.answer: other.relation for other in answer.alternatives}
    assert relations
    for words, relation in relations.items():
        assert relation == ("same" if words == answer.answer else "different")
    sentences = {answer.evidence, *(other.evidence for other in answer.alternatives)}
    assert len(sentences) == len(cited(answer))


def test_a_batch_keeps_order_and_ids(pipeline):
    requests = [Request("印尼展有多少家义乌企业参展？", "x"), Request("", "y"), Request("你是谁？")]
    answers = list(pipeline.ask_many(requests))
    assert [(a.id, a.status) for a in answers] == [
        ("x", "answered"), ("y", "invalid"), (None, "no_answer"),
    ]  # fmt: skip
    assert all(isinstance(answer, Answer) for answer in answers)
