"""An index that grew article by article ranks like one that was built of all at once."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import Article, bundled_articles, split_sentences
from index import PassageIndex, add_articles, build_index, remove_articles
from qa.evaluation.gold_files import bundled_gold

N_QUESTIONS = 200
N_FIRST = 9
"""Articles that the index is built of; the others come one by one."""


def questions() -> list[str]:
    """Headlines, the first sentence of each article, and gold development questions up to 200."""
    articles = bundled_articles()
    asked = [article.title for article in articles]
    for article in articles:
        text = article.paragraphs[0].text
        start, end = split_sentences(text)[0]
        asked.append(text[start:end])
    asked += [gold.question for gold in bundled_gold() if gold.split == "dev"]
    return list(dict.fromkeys(asked))[:N_QUESTIONS]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageIndex]:
    """All bundled articles, added one by one, of which some were changed, or removed, and back."""
    folder: Path = tmp_path_factory.mktemp("changed") / "index"
    articles = bundled_articles()
    build_index(articles[:N_FIRST], folder)
    for one in articles[N_FIRST:]:
        add_articles(folder, [one])
    for one in articles[2::7]:
        add_articles(folder, [spoil(one)], update=True)
        add_articles(folder, [one], update=True)
    remove_articles(folder, [articles[-1].id])
    add_articles(folder, [articles[-1]])
    with contextlib.closing(PassageIndex.open(folder)) as index:
        yield index


def spoil(article: Article) -> Article:
    """An article of another headline that lacks its last section."""
    return replace(article, title="另一个标题", sections=article.sections[:-1] or article.sections)


def test_there_are_two_hundred_questions_most_of_them_gold():
    asked = questions()
    assert len(asked) == len(set(asked)) == N_QUESTIONS
    gold = {gold.question for gold in bundled_gold() if gold.split == "dev"}
    assert len(gold & set(asked)) == N_QUESTIONS - 2 * len(bundled_articles())


def test_what_was_added_one_by_one_ranks_and_scores_as_in_a_rebuild(changed, bundled_index):
    assert changed.article_ids() == bundled_index.article_ids()
    assert changed.manifest.generation == 1 + 12 + 6 + 2  # built, added, updated, removed and back
    for question in questions():
        a, b = changed.search(question), bundled_index.search(question)
        assert [r.passage for r in a] == [r.passage for r in b], question
        assert [len(r.copies) for r in a] == [len(r.copies) for r in b]
        for one, other in zip(a, b, strict=True):
            assert (one.dense, one.lexical, one.fused, one.coverage) == pytest.approx(
                (other.dense, other.lexical, other.fused, other.coverage), abs=1e-5
            ), question
