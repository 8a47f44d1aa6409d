from dataclasses import replace

from corpus import Article, Section
from qa.alternatives import MAX_ALTERNATIVES, relation_of, with_parts
from qa.answers import Answer, Citation

ARTICLE = Article(
    "fair",
    "渔博会开幕",
    (Section(None, ("参展企业128家。", "采购商来了2.1万人次。", "展期三天。")),),
)
REFUSAL = Answer(None, "问", "no_answer", confidence=0.04, reason="没有写到。")


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


def test_a_sentence_is_shown_once():
    assert shown(with_parts(say("128家"), [say("企业128家"), say("参展企业")])) == []


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


def test_the_same_words_and_the_same_value_are_the_same():
    assert relation_of("1.5万列", "15000列") == relation_of("大陈镇", "大陈镇") == "same"
    assert relation_of("128家", "129家") == "different"
