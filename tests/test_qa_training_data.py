import json

import pytest

from corpus import bundled_articles
from qa.evaluation.gold_files import bundled_gold, read_gold
from qa.training.calibrate import OFF_TOPIC
from qa.training.examples import EVERYDAY, NEWS, PAPERS, ask_everyday, read_news

ARTICLES = [json.loads(line) for line in NEWS.read_text(encoding="utf-8").splitlines()]
QUESTIONS = [(article, q) for article in ARTICLES for q in article["questions"]]
TYPES = {
    "quantity", "date", "person", "place", "organisation", "definition", "reason", "method",
    "list", "quote", "comparison",
}  # fmt: skip


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a["id"])
def test_answers_are_verbatim_in_the_named_paragraph(article):
    for question in article["questions"]:
        text = article["paragraphs"][question["paragraph"]]["text"]
        assert all(answer and answer in text for answer in question["answers"])
        assert question["type"] in TYPES
        assert ("reason" in question) == (not question["answers"])


def test_paragraphs_are_as_long_as_newspaper_paragraphs():
    lengths = [len(p["text"]) for article in ARTICLES for p in article["paragraphs"]]
    assert len(lengths) >= 400
    assert min(lengths) >= 60
    assert max(lengths) <= 350


def test_no_article_or_question_comes_twice():
    assert len({article["id"] for article in ARTICLES}) == len(ARTICLES)
    assert len({question["question"] for _, question in QUESTIONS}) == len(QUESTIONS) >= 2500


def test_a_quarter_has_no_answer_and_most_avoid_the_papers_words():
    unanswerable = sum(not question["answers"] for _, question in QUESTIONS)
    paraphrased = sum(question["paraphrased"] for _, question in QUESTIONS)
    assert 0.22 <= unanswerable / len(QUESTIONS) <= 0.3
    assert paraphrased / len(QUESTIONS) >= 0.5


def test_nothing_is_taken_from_the_bundled_articles_or_their_gold_questions():
    """No 20 characters in a row of a paragraph (stock phrases are shorter), and no question."""
    n = 20
    printed = "\n".join(article.text for article in bundled_articles())
    runs = {printed[i : i + n] for i in range(len(printed) - n)}
    for article in ARTICLES:
        for paragraph in article["paragraphs"]:
            text = paragraph["text"]
            assert not any(text[i : i + n] in runs for i in range(len(text) - n))
    gold = {question.question for question in bundled_gold()}
    assert not gold & {question["question"] for _, question in QUESTIONS}


def test_held_back_articles_are_about_a_tenth_and_never_trained_on():
    held_back, trained = (read_news(held_back=choice) for choice in (True, False))
    ids = [{part.article_id for part in c.parts} for c in (held_back, trained)]
    assert not ids[0] & ids[1]
    assert 0.05 <= len(ids[0]) / len(ARTICLES) <= 0.15
    assert len(held_back.examples) + len(trained.examples) == len(QUESTIONS)


def test_the_spans_read_are_the_answers():
    collection = read_news(held_back=True)
    for example in collection.examples:
        text = collection.parts[example.part].text
        said = {text[start:end] for start, end in example.spans}
        article = next(a for a, q in QUESTIONS if q["question"] == example.question)
        question = next(q for q in article["questions"] if q["question"] == example.question)
        assert said == set(question["answers"])


@pytest.mark.parametrize("question", read_gold(PAPERS), ids=lambda question: question.id)
def test_questions_on_the_papers_are_verbatim_and_of_the_development_half(question):
    articles = {article.id: article.text for article in bundled_articles()}
    assert question.article_id in {asked.article_id for asked in bundled_gold("dev")}
    assert question.article_id not in {asked.article_id for asked in bundled_gold("test")}
    assert all(one.text in articles[one.article_id] for one in question.evidence)
    texts = [articles[one.article_id] for one in question.evidence]
    assert all(any(answer in text for text in texts) for answer in question.answers)
    assert bool(question.answers) == bool(question.evidence) == (question.reason is None)


def test_questions_on_the_papers_are_none_of_the_gold_set():
    asked = [question.question for question in read_gold(PAPERS)]
    assert len(set(asked)) == len(asked) == 540
    assert not set(asked) & {question.question for question in bundled_gold()}


def test_everyday_questions_are_asked_of_all_parts_and_have_no_answer():
    asked = EVERYDAY.read_text(encoding="utf-8").splitlines()
    assert len(set(asked)) == len(asked) == 600
    assert not set(asked) & set(OFF_TOPIC.read_text(encoding="utf-8").split())
    assert not set(asked) & {question.question for question in bundled_gold()}
    parts = read_news(held_back=True).parts
    examples = ask_everyday(parts).examples
    assert [example.question for example in examples] == asked
    assert not any(example.spans for example in examples)
    assert {example.part for example in examples} == set(range(min(len(parts), len(asked))))
