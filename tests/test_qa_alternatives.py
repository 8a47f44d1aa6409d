"""What is shown beside the best reading, and which of several figures comes first."""

from corpus import Passage
from index import ScoredPassage
from qa.alternatives import MAX_ALTERNATIVES, Candidate, choose
from qa.reader import Reading

QUESTION = "班列开通了多少条线路？"


def candidate(text, answer, confidence=0.5, score=1.0, date="2026-05-10", article="a"):
    passage = Passage(article, "班列", None, 1, 0, len(text), text)
    start = text.index(answer)
    span = (start, start + len(answer))
    scored = ScoredPassage(passage, 0.8, 0.8, 0.8, 0.8)
    reading = Reading(scored, (0, len(text)), span, score, confidence)
    return Candidate(reading, confidence, date)


def words(beside):
    return [(other.reading.answer_text, agreement) for other, agreement in beside]


def test_the_newest_of_two_figures_answers_and_the_older_is_shown():
    january = candidate("截至2026年1月，班列累计开通26条线路。", "26条", 0.6)
    may = candidate("时至今日，班列累计开通27条线路。", "27条", 0.4, date="2026-05-16")
    best, beside = choose(QUESTION, [january, may])
    assert best is may
    assert words(beside) == [("26条", "dated")]


def test_a_newer_figure_does_not_come_first_where_the_question_names_a_time():
    january = candidate("截至2026年1月，班列累计开通26条线路。", "26条", 0.6)
    may = candidate("时至今日，班列累计开通27条线路。", "27条", 0.4, date="2026-05-16")
    best, beside = choose("2026年1月班列开通了多少条线路？", [january, may])
    assert best is january
    assert words(beside) == [("27条", "dated")]


def test_a_newer_figure_that_is_far_less_sure_does_not_come_first():
    january = candidate("截至2026年1月，班列累计开通26条线路。", "26条", 0.9)
    may = candidate("时至今日，班列累计开通27条线路。", "27条", 0.1, date="2026-05-16")
    assert choose(QUESTION, [january, may])[0] is january


def test_one_reading_of_a_sentence_is_shown_and_rather_one_that_can_be_compared():
    best = candidate("班列开通线路26条。", "26条", article="a")
    text = "记者看到班列图上开通线路28条。"
    loose = candidate(text, "记者", article="b")
    comparable = candidate(text, "28条", article="b")
    assert words(choose(QUESTION, [best, loose, comparable])[1]) == [("28条", "conflict")]


def test_what_is_neither_sure_nor_scores_well_is_not_shown():
    best = candidate("班列开通线路26条。", "26条", article="a")
    doubtful = candidate("班列开通线路28条。", "28条", 0.05, score=-1.5, article="b")
    close = candidate("班列开通线路28条。", "28条", 0.05, score=-0.5, article="b")
    assert choose(QUESTION, [best, doubtful])[1] == []
    assert words(choose(QUESTION, [best, close])[1]) == [("28条", "conflict")]


def test_what_is_far_less_sure_is_shown_but_contradicts_nothing():
    best = candidate("班列开通线路26条。", "26条", 0.8, article="a")
    doubtful = candidate("班列开通线路28条。", "28条", 0.07, score=-0.5, article="b")
    assert words(choose(QUESTION, [best, doubtful])[1]) == [("28条", "different")]


def test_no_more_are_shown_than_can_be_read_at_a_glance():
    many = [candidate(f"班列第{n}次开通线路26条。", "26条", article=str(n)) for n in range(9)]
    assert len(choose(QUESTION, many)[1]) == MAX_ALTERNATIVES
