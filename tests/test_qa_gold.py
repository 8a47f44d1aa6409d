from collections import Counter

import pytest

from corpus import bundled_articles
from qa.evaluation.gold_files import bundled_gold

GOLD = bundled_gold()
ARTICLES = {article.id: article for article in bundled_articles()}


@pytest.mark.parametrize("question", GOLD, ids=lambda q: q.id)
def test_evidence_and_answers_are_verbatim_in_the_named_place(question):
    for evidence in question.evidence:
        sections = [
            s for s in ARTICLES[evidence.article_id].sections if s.heading == evidence.section
        ]
        assert any(evidence.text in p for s in sections for p in s.paragraphs)
        assert evidence.answer is None or evidence.answer in evidence.text
    for answer in question.answers:
        assert any(answer in evidence.text for evidence in question.evidence)


@pytest.mark.parametrize("question", GOLD, ids=lambda q: q.id)
def test_a_question_has_answers_exactly_if_it_is_answerable(question):
    is_answerable = question.kind != "unanswerable"
    assert bool(question.answers) == bool(question.evidence) == is_answerable
    assert (question.reason is None) == is_answerable


def test_no_question_or_id_comes_twice():
    assert max(Counter(q.id for q in GOLD).values()) == 1
    assert max(Counter((q.question, q.history) for q in GOLD).values()) == 1


def test_the_halves_share_no_article():
    halves = {
        split: {q.article_id for q in bundled_gold(split)} - {None} for split in ("dev", "test")
    }
    assert not halves["dev"] & halves["test"]
    assert halves["dev"] | halves["test"] == set(ARTICLES)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_paraphrased_questions_share_few_characters_with_their_evidence(split):
    asked = [q for q in bundled_gold(split) if q.kind == "answerable"]
    shared = [q.shared_wording for q in asked if q.paraphrased]
    assert len(shared) >= len(asked) / 2
    assert sum(shared) / len(shared) <= 0.15
