import json
from dataclasses import replace

import pytest

from corpus import Article, Section, split_article
from index import ScoredPassage
from qa import Answer, Pipeline
from qa.answers import Alternative, Citation
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion
from qa.evaluation.judging import DEPTH, Judgement, judge, passage_name

# Offsets in the text of "new": 0 云溪镇的新桥昨日通车。 11 \n 12 造桥 14 \n 15 桥长320米。 22 造价…
NEW = Article(
    "new",
    "新桥通车",
    (
        Section(None, ("云溪镇的新桥昨日通车。",)),
        Section("造桥", ("桥长320米。造价4500万元。",)),
    ),
)
OLD = Article("old", "老桥", (Section(None, ("老桥比320米的新桥短，只有120米。",)),))
ARTICLES = {article.id: article for article in (NEW, OLD)}
PASSAGES = {passage_name(p): p for a in ARTICLES.values() for p in split_article(a)}

LENGTH = GoldQuestion(
    "q", "新桥桥长多少米？", "answerable", ("320米",),
    (GoldEvidence("桥长320米。", "new", "造桥"),), "dev", "length", True, article_id="new",
)  # fmt: skip
NOTHING = GoldQuestion("q", "谁造的新桥？", "unanswerable", (), reason="not told")
REFUSAL = Answer(None, "?", "no_answer", confidence=0.2, reason="没有。", latency_ms=3.0)
SOUGHT = "new:15-31"


def say(article, words, evidence=None, **known):
    """An answer of these words, cited where they stand first in the article."""
    start = article.text.index(words)
    citation = Citation.of(article, start, start + len(words))
    shown = {"evidence": evidence or words, "confidence": 0.9, "citation": citation}
    return replace(Answer(None, "?", "answered", words), **(shown | known))


RIGHT = say(NEW, "320米", "桥长320米。", latency_ms=12.5)


class FakePipeline:
    """Finds the named passages, the n-th with score 1/n, and gives the answer."""

    def __init__(self, answer, *found):
        self.answer, self.asked = answer, []
        self.found = [
            ScoredPassage(PASSAGES[name], 0.5, 0.5, 1 / n, 0.5) for n, name in enumerate(found, 1)
        ]

    def search(self, question, k):
        self.asked.append(("search", question, k))
        return self.found[:k]

    def ask(self, question, history=()):
        self.asked.append(("ask", question, history))
        return self.answer

    def article(self, article_id):
        return ARTICLES[article_id]


def test_the_offsets_in_this_file_are_what_it_says():
    assert list(PASSAGES) == ["new:0-11", SOUGHT, "old:0-19"]
    assert PASSAGES[SOUGHT].text == "桥长320米。造价4500万元。"


def test_a_right_answer_scores_1_throughout():
    pipeline = FakePipeline(RIGHT, "old:0-19", "new:0-11", SOUGHT)
    judgement = judge(pipeline, replace(LENGTH, history=("通车了吗？",), differ="value"))
    assert pipeline.asked == [
        ("search", "新桥桥长多少米？", DEPTH),
        ("ask", "新桥桥长多少米？", ("通车了吗？",)),
    ]
    assert judgement == Judgement(
        id="q", split="dev", kind="answerable", type="length", paraphrased=True,
        # Of 新桥 桥桥 桥长 长多 多少 少米 the evidence has 桥长.
        shared_wording=1 / 6,
        question="新桥桥长多少米？", history=("通车了吗？",), answers=("320米",),
        evidence=("桥长320米。",), gold_reason=None, differ="value",
        status="answered", answer="320米", shown_evidence="桥长320米。",
        citation={
            "article_id": "new", "title": "新桥通车", "section": "造桥", "date": None,
            "source": None, "byline": None, "paragraph": 2, "start": 17, "end": 21,
            "quote": "320米",
        },
        confidence=0.9, reason=None, conflict=False, latency_ms=12.5,
        retrieved=(("old:0-19", 1.0), ("new:0-11", 0.5), (SOUGHT, 0.3333)),
        relevant=(SOUGHT,), ranks=(3,),
        exact_match=1, f1=1, answer_right=1, evidence_f1=1, evidence_right=1, article_right=1,
        section_right=1, citation_exact=1, values_shown=None, evidence_shown=1,
        item_recall=None, item_precision=None,
    )  # fmt: skip
    assert judgement.failure is None


def test_right_words_from_the_wrong_article_do_not_count():
    judgement = judge(FakePipeline(say(OLD, "320米", OLD.text), SOUGHT), LENGTH)
    assert (judgement.exact_match, judgement.f1, judgement.answer_right) == (1, 1, 0)
    assert (judgement.article_right, judgement.evidence_right, judgement.section_right) == (0, 0, 0)
    assert judgement.failure == "wrong article"


def test_where_no_article_is_named_right_words_count_from_anywhere():
    anywhere = replace(LENGTH, evidence=(), article_id=None)
    judgement = judge(FakePipeline(say(OLD, "320米", OLD.text), SOUGHT), anywhere)
    assert judgement.answer_right == 1
    assert judgement.article_right is judgement.evidence_right is judgement.evidence_f1 is None
    assert judgement.shared_wording is None


def test_a_longer_sentence_holds_the_evidence_and_loses_evidence_f1():
    """Tokens 桥 长 320 米 of 桥 长 320 米 造 价 4500 万 元: 2 * 4 / (4 + 9)."""
    judgement = judge(FakePipeline(say(NEW, "320米", "桥长320米。造价4500万元。")), LENGTH)
    assert (judgement.evidence_right, judgement.evidence_f1) == (1, pytest.approx(8 / 13))


def test_the_right_article_under_another_heading_has_the_wrong_section():
    judgement = judge(FakePipeline(say(NEW, "新桥", "云溪镇的新桥昨日通车。"), SOUGHT), LENGTH)
    assert (judgement.article_right, judgement.section_right) == (1, 0)
    assert judgement.failure == "wrong sentence"


def test_relevant_passages_of_the_named_article_count_even_if_they_are_not_found():
    judgement = judge(FakePipeline(REFUSAL, "old:0-19"), LENGTH)
    assert (judgement.relevant, judgement.ranks) == ((SOUGHT,), ())


def test_without_evidence_a_passage_of_the_named_article_with_an_answer_is_relevant():
    found = ("old:0-19", "new:0-11", SOUGHT)
    named = judge(FakePipeline(RIGHT, *found), replace(LENGTH, evidence=()))
    assert (named.relevant, named.ranks) == ((SOUGHT,), (3,))
    unnamed = replace(LENGTH, evidence=(), article_id=None)
    anywhere = judge(FakePipeline(RIGHT, *found), unnamed)
    assert (anywhere.relevant, anywhere.ranks) == (("old:0-19", SOUGHT), (1, 3))


def test_a_due_refusal_scores_1_and_an_answer_to_it_0():
    refused = judge(FakePipeline(REFUSAL, SOUGHT), NOTHING)
    assert (refused.exact_match, refused.f1, refused.answer_right) == (1, 1, 1)
    assert (refused.relevant, refused.citation, refused.citation_exact) == ((), None, None)
    assert (refused.gold_reason, refused.reason) == ("not told", "没有。")
    assert (refused.is_refused, refused.is_answerable, refused.failure) == (True, False, None)
    answered = judge(FakePipeline(RIGHT, SOUGHT), NOTHING)
    assert (answered.exact_match, answered.f1, answered.answer_right) == (0, 0, 0)
    assert answered.failure == "answered, has no answer"


def test_an_undue_refusal_scores_0_in_everything_that_is_known():
    judgement = judge(FakePipeline(REFUSAL, SOUGHT), LENGTH)
    scores = ("exact_match", "f1", "answer_right", "evidence_f1", "evidence_right",
              "article_right", "section_right", "evidence_shown")  # fmt: skip
    assert [getattr(judgement, name) for name in scores] == [0] * 8
    assert judgement.failure == "refused, has an answer"


BOTH = GoldQuestion(
    "q", "桥多长？", "conflict", ("320米", "120米"),
    (GoldEvidence("桥长320米。", "new", "造桥", "320米"),
     GoldEvidence(OLD.text, "old", None, "120米")),
)  # fmt: skip


def test_values_and_evidence_of_a_conflict_are_counted_over_all_that_is_shown():
    one = judge(FakePipeline(RIGHT), BOTH)
    assert (one.values_shown, one.evidence_shown) == (0.5, 0.5)
    other = say(OLD, "120米", OLD.text)
    shown = Alternative("120米", OLD.text, 0.5, other.citation, "different")
    both = judge(FakePipeline(replace(RIGHT, alternatives=(shown,), conflict=True)), BOTH)
    assert (both.values_shown, both.evidence_shown, both.conflict) == (1, 1, True)
    assert judge(FakePipeline(REFUSAL), BOTH).values_shown == 0


@pytest.mark.parametrize(
    ("wrong", "exact"),
    [
        ({}, 1),
        ({"start": 16}, 0),
        ({"end": 20}, 0),
        ({"quote": "230米"}, 0),
        ({"paragraph": 1}, 0),
        ({"section": None}, 0),
        ({"article_id": "old"}, 0),
        ({"start": 17, "end": 17, "quote": ""}, 0),
        pytest.param(
            {"start": 8, "end": 21, "quote": NEW.text[8:21]}, 0, id="over two paragraphs"
        ),
    ],
)  # fmt: skip
def test_a_citation_that_is_not_exact_is_noticed_wherever_it_is_shown(wrong, exact):
    citation = replace(RIGHT.citation, **wrong)
    answer = replace(RIGHT, citation=citation)
    assert judge(FakePipeline(answer, SOUGHT), LENGTH).citation_exact == exact
    alternative = Alternative("320米", "桥长320米。", 0.5, citation, "same")
    answer = replace(RIGHT, alternatives=(alternative,))
    assert judge(FakePipeline(answer, SOUGHT), LENGTH).citation_exact == exact


FULL = judge(FakePipeline(RIGHT, "old:0-19", SOUGHT), LENGTH)
WRONG = replace(FULL, answer="桥", answer_right=0.0)


@pytest.mark.parametrize(
    ("judgement", "failure"),
    [
        (FULL, None),
        (replace(WRONG, ranks=(11,)), "right passage not in the first 10"),
        (replace(WRONG, ranks=()), "right passage not in the first 10"),
        (replace(WRONG, ranks=(10, 11), status="no_answer"), "refused, has an answer"),
        (replace(WRONG, ranks=(), relevant=(), status="no_answer"), "refused, has an answer"),
        (replace(WRONG, status="invalid"), "refused, has an answer"),
        (replace(WRONG, evidence_right=0.0), "wrong sentence"),
        (replace(WRONG, evidence_right=0.0, article_right=0.0), "wrong article"),
        (replace(WRONG, answer="桥长320米，造价4500万元"), "answer too long"),
        (replace(WRONG, answer="320"), "answer too short"),
        (replace(WRONG, answer="4500万元"), "wrong words"),
        (replace(WRONG, answer="4500万元", evidence_right=None), "wrong words"),
        # A right answer is no failure, whatever the passage that retrieval was to find.
        (replace(FULL, ranks=()), None),
    ],
)
def test_a_failure_is_the_first_stage_that_went_wrong(judgement, failure):
    assert judgement.failure == failure


def test_a_judgement_comes_back_from_its_dict():
    assert Judgement.from_dict(FULL.to_dict()) == FULL
    refused = judge(FakePipeline(REFUSAL), NOTHING)
    assert Judgement.from_dict(json.loads(json.dumps(refused.to_dict()))) == refused


def test_a_judgement_with_a_ranking_comes_back_from_json():
    assert Judgement.from_dict(json.loads(json.dumps(FULL.to_dict()))) == FULL


def test_a_dict_with_a_field_too_few_or_too_many_is_no_judgement():
    record = FULL.to_dict()
    with pytest.raises(TypeError):
        Judgement.from_dict({**record, "mood": 1})
    del record["f1"]
    with pytest.raises(TypeError):
        Judgement.from_dict(record)


def test_the_real_pipeline_is_judged_by_the_same_rules(bundled_index):
    text = "尼雄村微风习习"
    gold = GoldQuestion(
        "q", "尼雄村的海拔是多少？", "answerable", ("4700米",), (GoldEvidence(text, "003-2"),)
    )
    judgement = judge(Pipeline(bundled_index), gold)
    assert (judgement.answer_right, judgement.evidence_right, judgement.citation_exact) == (1, 1, 1)
    assert len(judgement.retrieved) == DEPTH
    (relevant,) = judgement.relevant
    assert judgement.retrieved[judgement.ranks[0] - 1][0] == relevant
    elsewhere = replace(gold, evidence=(GoldEvidence(text, "003-3"),))
    assert judge(Pipeline(bundled_index), elsewhere).answer_right == 0


GOODS = Article("fair", "集市", (Section(None, ("货车装着茶叶、瓷器和丝绸，明早出发。",)),))
LOAD = GoldQuestion(
    "q", "货车装了哪些货？", "answerable", ("茶叶、瓷器和丝绸", "茶叶、瓷器"),
    (GoldEvidence("货车装着茶叶、瓷器和丝绸，明早出发。", "fair"),), type="list", article_id="fair",
)  # fmt: skip


def test_the_items_of_a_list_are_judged_one_by_one(monkeypatch):
    monkeypatch.setitem(ARTICLES, "fair", GOODS)

    def scores(answer, question=LOAD):
        judgement = judge(FakePipeline(answer), question)
        return judgement.item_recall, judgement.item_precision

    asked = LOAD.question
    assert scores(say(GOODS, "茶叶、瓷器和丝绸", question=asked)) == (1, 1)
    assert scores(say(GOODS, "茶叶", question=asked)) == (1 / 2, 1)
    assert scores(REFUSAL) == (0, None)
    assert scores(say(OLD, "120米", question=asked)) == (0, 0)
    assert scores(say(GOODS, "茶叶"), replace(LOAD, type="goods")) == (None, None)
