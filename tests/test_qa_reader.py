from corpus import Passage
from index import ScoredPassage
from qa.questions import parse_question
from qa.sentence_reader import N_PASSAGES, SentenceReader


def scored(text, fused=1.0):
    passage = Passage("a", "题", None, 1, 100, 100 + len(text), text)
    return ScoredPassage(passage, dense=0.9, lexical=1.0, fused=fused, coverage=1.0)


def read(question, *passages):
    return SentenceReader().read(parse_question(question), passages)


def test_evidence_and_span_are_offsets_into_the_passage():
    passage = scored("展会昨日收官。129家义乌企业参展，成交252笔。")
    best = read("有多少家企业参展？", passage)[0]
    assert best.evidence_text == "129家义乌企业参展，成交252笔。"
    assert best.answer_text == "129家"
    assert passage.passage.text[slice(*best.span)] == "129家"


def test_without_a_span_of_the_kind_the_whole_sentence_answers():
    best = read("谁参展了？", scored("企业踊跃参展。"))[0]
    assert (best.answer_text, best.fit) == ("企业踊跃参展。", 0)


def test_what_the_question_says_itself_is_not_its_answer():
    best = read("2025年的外贸是2024年的几倍？", scored("2025年外贸是2024年的3倍。"))[0]
    assert best.answer_text == "3倍"


def test_a_number_inside_another_of_the_question_is_still_an_answer():
    best = read("2025年中国队拿了几分？", scored("2025年中国队拿了5分，对手拿了9分。"))[0]
    assert best.answer_text == "5分"


def test_the_unit_that_is_asked_for_beats_a_nearer_number():
    best = read("吸引了多少名创客？", scored("3月有5家店，吸引282名创客、80个业态。"))[0]
    assert best.answer_text == "282名"


def test_a_town_is_not_answered_by_a_village():
    best = read("仓库是哪个镇办的？", scored("大陈镇在西告村办了仓库。"))[0]
    assert best.answer_text == "大陈镇"


def test_a_better_passage_wins_between_equal_sentences():
    low, high = scored("班列开行3列。", fused=0.2), scored("班列开行5列。", fused=0.9)
    assert [reading.answer_text for reading in read("班列开行多少列？", low, high)] == [
        "5列",
        "3列",
    ]


def test_scores_are_between_0_and_1_and_fall():
    readings = read(
        "班列开行多少列？", scored("班列开行5列。今天很冷。"), scored("无关。", fused=0.0)
    )
    scores = [reading.score for reading in readings]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_only_the_first_passages_are_read():
    passages = [scored(f"第{n}句话。", fused=1 - n / 10) for n in range(N_PASSAGES + 3)]
    assert len(read("哪句话？", *passages)) == N_PASSAGES


def test_nothing_is_read_from_nothing():
    assert read("有多少家？") == []
