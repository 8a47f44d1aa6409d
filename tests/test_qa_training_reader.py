import math
import random

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from index.encoders import BUNDLED_FOLDER
from qa.evaluation.typed_forms import type_as
from qa.reader_inputs import EOS, PAD, ReaderInput, ReaderTokenizer
from qa.reader_model import Begun
from qa.training.calibrate import Case, Table
from qa.training.examples import Collection, Example, Part, cut
from qa.training.reader.compare import describe
from qa.training.reader.export import average, export
from qa.training.reader.groups import Group, GroupMaker, endless_order, even_shares
from qa.training.reader.last_layers import READ_ON, freeze_first_layers, read_on
from qa.training.reader.model import (
    EARLY_LAYER,
    FirstLayers,
    LastLayers,
    PassageLogits,
    Reader,
    copy_weights,
    group_loss,
    in_bfloat16,
    run,
)
from qa.training.reader.restore import restore
from qa.training.reader.rounds import (
    HARD_WEIGHT,
    LONG_ARTICLE,
    LONG_WEIGHT,
    repeat_instructive,
)
from qa.training.schedule import rate_at

PARTS = [
    Part(
        "a",
        "题",
        "大桥长320米。它在城北，去年通车，花了三亿元。市民走过去要五分钟，风大的日子不好走。",
    ),
    Part("a", "题", "小桥长12米。它在城南，建于明代。"),
    Part("b", "题", "隧道去年动工。"),
]
LENGTH = Example("q", "大桥多长？", 0, ((3, 7),))


def logits(start, end, relevance, early=0.0):
    tensors = (torch.tensor(values, dtype=torch.float32) for values in (start, end))
    return PassageLogits(*tensors, torch.tensor(relevance), torch.tensor(early))


def maker(*examples, neighbours=((1, 2),), unanswerable=0.0):
    collection = Collection(PARTS, list(examples))
    tokenizer = ReaderTokenizer(BUNDLED_FOLDER / "tokenizer.json")
    return GroupMaker(collection, np.array(neighbours, dtype=np.int32), tokenizer, unanswerable)


def test_the_loss_of_an_answer_worked_by_hand():
    """One passage of two tokens, all scores 0: 2 * 2 spans and no answer, so 5 of weight 1.

    The right span weighs 1: joint log 5; given the passage it is 1 of 4: log 4; the early
    guess is 1 of 2: log 2.
    """
    joint, inside, early = group_loss([logits([0, 0], [0, 0], 0.0)], [[(0, 1)]])
    assert joint.item() == pytest.approx(math.log(5))
    assert inside.item() == pytest.approx(math.log(4))
    assert early.item() == pytest.approx(math.log(2))


def test_the_loss_of_no_answer_worked_by_hand():
    """Two passages with one token each and relevance log 2 and 0: 2 + 1 + 1 of which 1 is right."""
    passages = [logits([0.0], [0.0], math.log(2)), logits([0.0], [0.0], 0.0)]
    joint, inside, _ = group_loss(passages, [[], []])
    assert joint.item() == pytest.approx(math.log(4))
    assert inside.item() == 0


def test_all_accepted_spans_count_together():
    """Two of the four spans are right: 5 / 2."""
    joint, _, _ = group_loss([logits([0, 0], [0, 0], 0.0)], [[(0, 0), (1, 1)]])
    assert joint.item() == pytest.approx(math.log(2.5))


def test_a_group_holds_the_answer_once_and_wrong_passages():
    group = maker(LENGTH).make(0, 3, random.Random(0))
    spans = [gold for gold in group.gold if gold]
    assert len(group.inputs) == 3
    assert len(spans) == 1
    place = group.gold.index(spans[0])
    (first, last), offsets = spans[0][0], group.inputs[place].offsets
    assert PARTS[0].text[offsets[first, 0] : offsets[last, 1]] == "320米"


def test_a_group_without_its_answer_has_no_gold_and_not_the_answering_sentence():
    groups = [maker(LENGTH, unanswerable=1.0).make(0, 2, random.Random(n)) for n in range(20)]
    assert not any(any(group.gold) for group in groups)


def test_a_question_without_an_answer_meets_the_passage_that_nearly_answers():
    example = Example("q", "大桥是谁设计的？", 0, ())
    group = maker(example).make(0, 2, random.Random(1))
    lengths = {len(item.offsets) for item in group.inputs}
    tokenizer = ReaderTokenizer(BUNDLED_FOLDER / "tokenizer.json")
    assert len(tokenizer.segment(PARTS[0].text).ids) in lengths
    assert not any(group.gold)


def test_some_questions_are_typed_in_a_hurry():
    example = Example("q", "城北的大桥有多长？", 0, ((3, 7),))
    tokenizer = ReaderTokenizer(BUNDLED_FOLDER / "tokenizer.json")
    keywords = tokenizer.question(type_as("keywords", example.question))
    groups = [maker(example).make(0, 1, random.Random(n)) for n in range(100)]
    begins = [group.inputs[0].ids[1 : len(keywords) + 1] for group in groups]
    assert 1 <= begins.count(keywords) <= 12


def test_shares_hold_every_group_once_and_as_many_tokens():
    groups = [Group([ReaderInput([0] * n, 0, [])], [[]]) for n in (1, 2, 3, 4)]
    shares = even_shares(groups, 2)
    assert [[group.n_tokens for group in share] for share in shares] == [[4, 1], [3, 2]]
    assert even_shares(groups[:1], 2) == [groups[:1]]


def test_an_order_goes_on_where_it_was_left():
    order = endless_order(5, 0, seed=3)
    seen = [next(order) for _ in range(12)]
    resumed = endless_order(5, 7, seed=3)
    assert [next(resumed) for _ in range(5)] == seen[7:]
    assert sorted(seen[:5]) == sorted(seen[5:10]) == [0, 1, 2, 3, 4]


def test_questions_on_long_articles_and_in_hard_batches_are_drawn_more_often():
    long = [Part("n-01", "题", "文。") for _ in range(LONG_ARTICLE)]
    short = [Part("a-01", "题", "文。") for _ in range(LONG_ARTICLE - 1)]
    hard = Part("na-01", "题", "文。")
    examples = [Example("a", "？", 0, ()), Example("b", "？", LONG_ARTICLE, ())]
    examples += [Example("c", "？", len(long + short), ())]
    draws = repeat_instructive(Collection([*long, *short, hard], examples))
    assert draws == [0] * LONG_WEIGHT + [1] + [2] * HARD_WEIGHT


def test_the_rate_rises_and_falls_to_nothing():
    assert rate_at(0, 0.0, warm_up=10) == pytest.approx(0.1)
    assert rate_at(9, 0.0, warm_up=10) == 1
    assert rate_at(50, 0.75, warm_up=10) == pytest.approx(0.25)
    assert rate_at(100, 1.0, warm_up=10) == 0


def test_an_article_is_cut_at_sentence_ends_without_loss():
    text = "".join(f"第{n}句话说了一件事情，还说了另一件。" for n in range(40))
    parts = cut(text, 160)
    assert "".join(text[start:end] for start, end in parts) == text
    assert max(end - start for start, end in parts) <= 160
    assert all(text[end - 1] == "。" for _, end in parts)


def test_the_layers_in_two_parts_say_the_same_as_the_whole():
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=8, num_hidden_layers=EARLY_LAYER + 2, num_attention_heads=2,
        intermediate_size=16, attn_implementation="eager",
    )  # fmt: skip
    reader = Reader(BertModel(config, add_pooling_layer=False)).eval()
    ids = torch.tensor([[0, 7, 8, EOS, 9, EOS, 10, 11, 12, EOS]])
    with torch.no_grad():
        start, end, relevance, early = reader(ids, torch.ones_like(ids))
        hidden, early_alone = FirstLayers(reader)(ids)
        rest = LastLayers(reader)(hidden)
    for whole, part in zip((early, start, end, relevance), (early_alone, *rest), strict=True):
        assert torch.allclose(whole, part, atol=1e-6)


def test_padding_does_not_change_what_is_said_of_a_passage():
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=50, hidden_size=8, num_hidden_layers=EARLY_LAYER + 1, num_attention_heads=2,
        intermediate_size=16, attn_implementation="eager", pad_token_id=PAD,
    )  # fmt: skip
    reader = Reader(BertModel(config, add_pooling_layer=False)).eval()
    offsets = np.array([[0, 1], [1, 2]], dtype=np.int32)
    short = ReaderInput([0, 7, EOS, 9, EOS, 10, 11, EOS], 5, offsets)
    long = ReaderInput([0, 7, EOS, 9, EOS, *range(20, 40), EOS], 5, offsets)
    with torch.no_grad():
        alone, beside = run(reader, [short])[0], run(reader, [long, short])[1]
    for name in ("start", "end", "relevance", "early"):
        assert torch.allclose(getattr(alone, name), getattr(beside, name), atol=1e-5), name


def _small_reader(seed=0):
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=50, hidden_size=32, num_hidden_layers=EARLY_LAYER + 2, num_attention_heads=2,
        intermediate_size=64, attn_implementation="eager", pad_token_id=PAD,
        max_position_embeddings=64,
    )  # fmt: skip
    reader = Reader(BertModel(config, add_pooling_layer=False)).eval()
    for parameter in reader.parameters():  # the exporter writes equal ones only once
        parameter.data += 0.05 * torch.randn_like(parameter)
    return reader


def test_an_export_can_be_read_back(tmp_path):
    """int8 costs little: what the restored reader says is near what the exported one said."""
    reader = _small_reader()
    inputs = [ReaderInput([0, 5, 6, 2, 7, 2, 8, 9, 10, 2], 6, np.array([(0, 1), (1, 2), (2, 3)]))]
    with torch.inference_mode():
        expected = run(reader, inputs)[0]
    export(reader, tmp_path)
    other = _small_reader(seed=1)
    restore(other, tmp_path)
    with torch.inference_mode():
        found, fresh = run(other, inputs)[0], run(_small_reader(seed=1), inputs)[0]
    for name in ("start", "end", "relevance", "early"):
        error = (getattr(found, name) - getattr(expected, name)).abs().max().item()
        unlike = (getattr(fresh, name) - getattr(expected, name)).abs().max().item()
        assert error < 0.1 * unlike, name


def test_the_mean_with_an_export_lies_half_way(tmp_path):
    export(_small_reader(), tmp_path)
    began, reader, learned = (_small_reader(seed) for seed in (0, 1, 1))
    average(reader, tmp_path)
    weights = zip(reader.parameters(), began.parameters(), learned.parameters(), strict=True)
    for mean, before, after in weights:
        assert torch.allclose(mean, (before + after) / 2, atol=0.01)


def _begun(reader, n):
    """`n` passages of different lengths after the first layers, the last the least likely."""
    found = []
    for number in range(n):
        ids = [0, 5, 6, EOS, 7, EOS, *range(8, 11 + number), EOS]
        offsets = np.array([(place, place + 1) for place in range(3 + number)])
        with torch.inference_mode():
            hidden, _ = FirstLayers(reader)(torch.tensor([ids]))
        found.append(Begun(ReaderInput(ids, 6, offsets), hidden.numpy(), -float(number)))
    return found


def test_reading_on_loses_what_the_whole_reader_loses_on_the_likeliest_and_the_right_passage():
    reader = _small_reader()
    begun = _begun(reader, READ_ON + 2)
    gold = [[]] * (READ_ON + 1) + [[(1, 2)]]
    chosen = [*range(READ_ON - 1), READ_ON + 1]
    with torch.no_grad():
        joint, inside = read_on(reader, begun, gold)
        whole = run(reader, [begun[place].item for place in chosen])
        expected = group_loss(whole, [gold[place] for place in chosen])
    assert joint.item() == pytest.approx(expected[0].item(), abs=1e-4)
    assert inside.item() == pytest.approx(expected[1].item(), abs=1e-4)


def test_the_copy_in_bfloat16_says_nearly_the_same_and_takes_over_what_is_learned():
    reader = _small_reader()
    inputs = [begun.item for begun in _begun(reader, 2)]
    copied = in_bfloat16(reader)
    with torch.no_grad():
        before = run(copied, inputs)[0].start
        assert torch.allclose(before, run(reader, inputs)[0].start, rtol=0.05, atol=0.02)
        for parameter in reader.parameters():
            parameter.mul_(1.5)
        assert torch.equal(run(copied, inputs)[0].start, before)
        copy_weights(reader, to=copied)
        expected = run(reader, inputs)[0].start
        assert torch.allclose(run(copied, inputs)[0].start, expected, rtol=0.05, atol=0.02)
    assert not torch.allclose(before, expected, rtol=0.05, atol=0.02)


def test_frozen_first_layers_get_no_gradient_and_all_others_do():
    reader = _small_reader()
    freeze_first_layers(reader)
    joint, inside = read_on(reader, _begun(reader, 2), [[], [(0, 1)]])
    (joint + inside).backward()
    learned = {name for name, parameter in reader.named_parameters() if parameter.grad is not None}
    later = {f"encoder.encoder.layer.{n}." for n in range(EARLY_LAYER, EARLY_LAYER + 2)}
    assert {name.rsplit(".", 1)[0] for name in learned if not name.startswith("encoder.")} == {
        "span",
        "relevance",
    }
    for name, _ in reader.named_parameters():
        is_later = any(name.startswith(prefix) for prefix in later)
        assert (name in learned) == (is_later or name.startswith(("span.", "relevance."))), name


def test_a_reader_is_compared_with_the_first_by_hand():
    cases = [
        Case(f"问{n}", answers, None, "gold") for n, answers in enumerate([("甲",), ("乙",), ()])
    ]
    scores = np.array([[3.0], [1.0], [2.0]])
    table = Table(["score"], scores, np.array([True, False, False]), cases)
    # Of the answerable, 3 beats 2 and 1 does not: an area of one half.
    assert describe(table, None) == "n 2, right 0.500, area 0.500"
    first = np.array([False, True, False])
    assert describe(table, first) == "n 2, right 0.500, area 0.500, won 1, lost 1"
