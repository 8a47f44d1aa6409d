import re
from collections import Counter
from typing import get_args

import pytest

from corpus import bundled_articles
from qa.evaluation.gold_files import BUNDLED_GOLD, bundled_gold
from qa.evaluation.gold_questions import Differ

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


@pytest.mark.parametrize("question", GOLD, ids=lambda q: q.id)
def test_a_question_says_how_its_sources_differ_exactly_if_they_do(question):
    assert (question.differ is not None) == (question.kind == "conflict")


def test_the_counts_of_how_sources_differ_are_those_of_the_readme():
    text = (BUNDLED_GOLD.parent / "README.md").read_text(encoding="utf-8")
    told = {
        name: (int(dev), int(test))
        for name, dev, test in re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|", text, re.MULTILINE)
    }
    found = Counter((q.differ, q.split) for q in GOLD if q.differ)
    assert told == {name: (found[name, "dev"], found[name, "test"]) for name in get_args(Differ)}


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
