import math
from itertools import pairwise

import numpy as np
import pytest

from corpus import Passage
from index import ScoredPassage
from qa.questions import parse_question
from qa.reader_model import Begun, Logits, ReaderError, ReaderModel
from qa.trained_reader import SPANS_PER_PASSAGE, TrainedReader

QUESTION = parse_question("新桥多长？")
LOW = -50.0


def scored(text, fused=1.0, number=1):
    return ScoredPassage(Passage("a", "题", None, number, 0, len(text), text), 0.9, 1.0, fused, 1.0)


class FakeModel:
    """Says what the test wants: {characters: score} of each passage."""

    def __init__(self, answers, relevance, early):
        self._answers, self._relevance = answers, relevance
        self._early = early or [0.0] * len(answers)
        self.finished = []

    def begin(self, inputs):
        numbers = range(len(inputs))
        return [
            Begun(item, np.array([number]), early)
            for item, number, early in zip(inputs, numbers, self._early, strict=True)
        ]

    def finish(self, begun):
        self.finished = [int(one.hidden[0]) for one in begun]
        return [self._logits(one.item.offsets, number)
                for one, number in zip(begun, self.finished, strict=True)]  # fmt: skip

    def _logits(self, offsets, number):
        start, end = (np.full(len(offsets), LOW, dtype=np.float32) for _ in range(2))
        for (first, last), score in self._answers[number].items():
            start[offsets[:, 0].tolist().index(first)] = score
            end[offsets[:, 1].tolist().index(last)] = 0.0
        return Logits(start, end, self._relevance)


def reader(*answers, relevance=0.0, early=None, prior_weight=0.0, **settings):
    return TrainedReader(
        FakeModel(answers, relevance, early), prior_weight=prior_weight, **settings
    )


def test_the_best_span_of_all_passages_comes_first():
    """ "320米" is [3, 7) of the second passage and scores 2; the first passage's best scores 1."""
    passages = [scored("老桥长12米。"), scored("新桥长320米。", number=2)]
    readings = reader({(3, 5): 1.0}, {(3, 7): 2.0}).read(QUESTION, passages)
    assert readings[0].answer_text == "320米"
    assert readings[0].passage.paragraph == 2
    assert [round(r.score, 3) for r in readings[:2]] == [2.0, 1.0]


def test_probabilities_are_of_one_softmax_with_no_answer():
    """Weights e^1 and e^2 against 1 for no answer; what the model thinks impossible is nothing."""
    passages = [scored("老桥长12米。"), scored("新桥长320米。", number=2)]
    readings = reader({(3, 5): 1.0}, {(3, 6): 2.0}).read(QUESTION, passages)
    total = 1 + math.e + math.e**2
    assert readings[0].probability == pytest.approx(math.e**2 / total, rel=1e-4)
    assert readings[1].probability == pytest.approx(math.e / total, rel=1e-4)


def test_relevance_counts_for_all_spans_of_a_passage():
    said = reader({(3, 6): 2.0}, relevance=-1.5).read(QUESTION, [scored("新桥长320米。")])
    assert said[0].score == pytest.approx(0.5)


def test_retrieval_counts_as_much_as_its_weight():
    """A passage .3 behind loses 4 * .3 = 1.2 and with it the first place."""
    passages = [scored("老桥长12米。", 1.0), scored("新桥长320米。", 0.7, number=2)]
    weighing = reader({(3, 5): 1.0}, {(3, 6): 2.0}, prior_weight=4.0)
    readings = weighing.read(QUESTION, passages)[:2]
    assert [r.answer_text for r in readings] == ["12米", "320米"]
    assert readings[1].score == pytest.approx(0.8)


def test_a_passage_far_behind_loses_no_more_than_one_at_the_limit():
    """Lags of .4 and 1 both cost 4 * .4 = 1.6."""
    for fused in (0.6, 0.0):
        passages = [scored("老桥长12米。", 1.0), scored("新桥长320米。", fused, number=2)]
        readings = reader({(3, 5): -9.0}, {(3, 6): 2.0}, prior_weight=4.0).read(QUESTION, passages)
        assert readings[0].score == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("text", "span", "answer"),
    [
        ("展会5月22日在会展中心办。", (2, 8), "5月22日"),
        ("全长320米的。", (2, 7), "320米"),
        ("镇上的人都还健在。", (5, 8), "还健在"),
        ("新桥长，320米，。", (3, 8), "320米"),
    ],
)
def test_an_answer_ends_where_its_words_end(text, span, answer):
    assert reader({span: 1.0}).read(QUESTION, [scored(text)])[0].answer_text == answer


def test_a_word_that_turns_the_meaning_belongs_to_the_answer():
    reading = reader({(4, 8): 2.0}).read(QUESTION, [scored("新桥长近320米。")])[0]
    assert reading.answer_text == "近320米"


def test_only_what_looks_likeliest_is_read_to_the_end():
    """Early 0, 3, 1 and priors 0, -4 * .3, -4 * .4: 0, 1.8, -.6, so the third is left."""
    passages = [scored("桥长1米。"), scored("桥长2米。", 0.7), scored("桥长3米。", 0.6)]
    wanted = [{(2, 3): 1.0}] * 3
    choosy = reader(*wanted, early=[0.0, 3.0, 1.0], prior_weight=4.0, n_to_the_end=2)
    said = {reading.answer_text for reading in choosy.read(QUESTION, passages)}
    assert choosy._model.finished == [1, 0]
    assert "3" not in said


def test_the_bundled_model_reads_a_passage_the_same_whatever_stands_beside_it():
    """Alone it is likelier than with others in the softmax; its score stays."""
    bridge, other = scored("新桥昨天通车，全长320米。"), scored("老桥去年拆了，长12米。", number=2)
    alone = TrainedReader().read(QUESTION, [bridge])[0]
    both = TrainedReader().read(QUESTION, [other, bridge])
    beside = next(r for r in both if (r.passage, r.span) == (bridge.passage, alone.span))
    assert alone.answer_text.startswith("320")
    assert beside.score == pytest.approx(alone.score, abs=1e-4)
    assert beside.probability < alone.probability


def test_the_evidence_is_the_whole_sentence_and_the_span_lies_in_it():
    text = "去年动工。新桥长320米，宽12米。今年通车。"
    reading = reader({(8, 12): 2.0}).read(QUESTION, [scored(text)])[0]
    assert reading.answer_text == "320米"
    assert reading.evidence_text == "新桥长320米，宽12米。"


def test_an_answer_over_two_sentences_has_both_as_evidence():
    text = "新桥长。320米。"
    reading = reader({(0, 8): 2.0}).read(QUESTION, [scored(text)])[0]
    assert reading.evidence_text == text
    assert reading.answer_text == "新桥长。320米"


def test_spans_of_one_passage_do_not_overlap():
    readings = reader({(3, 6): 2.0, (9, 11): 1.0}).read(QUESTION, [scored("新桥长320米，宽12米。")])
    spans = sorted(reading.span for reading in readings)
    assert len(readings) <= SPANS_PER_PASSAGE
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_without_passages_or_text_there_is_nothing_to_read():
    assert reader().read(QUESTION, []) == []
    assert reader().read(QUESTION, [scored(" \u3000")]) == []


@pytest.mark.parametrize("content", [None, b"", b"no model"])
def test_a_missing_or_damaged_model_is_an_error_with_the_remedy(tmp_path, content):
    if content is not None:
        (tmp_path / "first.onnx").write_bytes(content)
    with pytest.raises(ReaderError, match="install Youju again"):
        ReaderModel(tmp_path)


def test_an_edge_inside_a_word_loses_against_one_between_words():
    """势利导 scores 1 more than 因势利导, but begins inside a word, which costs 2."""
    passages = [scored("他因势利导了。")]
    readings = reader({(2, 5): 2.0, (1, 5): 1.0}).read(QUESTION, passages)
    assert readings[0].answer_text == "因势利导"


def test_no_answer_has_half_a_pair_of_quotes():
    """From 做到 to 全球 would score best, and leaves the quote open."""
    passages = [scored("真正做到“买全球”了。")]
    readings = reader({(2, 8): 2.0, (5, 8): 1.0}).read(QUESTION, passages)
    assert readings[0].answer_text == "买全球"


def test_a_question_in_traditional_characters_is_read_like_the_same_in_simplified_ones():
    class Recording(FakeModel):
        def begin(self, inputs):
            self.seen = [item.ids for item in inputs]
            return super().begin(inputs)

    seen = []
    for asked in ("新橋是哪年開通的？", "新桥是哪年开通的？"):
        model = Recording([{(3, 7): 2.0}], 0.0, None)
        TrainedReader(model).read(parse_question(asked), [scored("新桥长320米。")])
        seen.append(model.seen)
    assert seen[0] == seen[1]
