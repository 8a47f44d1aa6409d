import random

import numpy as np
import pytest
import torch

from qa.training.encoder import batches
from qa.training.encoder.batches import BatchMaker
from qa.training.encoder.train import CHUNK_TOKENS, TextEncoder
from qa.training.examples import Collection, Example, Part
from qa.training.learning import Learner
from qa.training.schedule import rate_at

PARTS = [
    Part("a", "题", "大桥长320米。"),
    Part("a", "题", "大桥去年通车，长320米。"),
    Part("b", "题", "小桥长12米。"),
    Part("c", "题", "隧道去年动工。"),
]
EXAMPLES = [
    Example("long", "大桥多长？", 0, ((3, 7),)),
    Example("short", "小桥多长？", 2, ((3, 6),)),
    Example("none", "隧道多长？", 3, ()),
]


@pytest.fixture
def maker(tmp_path, monkeypatch):
    """Articles a, b and c, each near both others."""
    monkeypatch.setattr(batches, "_nearest_articles", lambda *_: np.array([[1, 2], [0, 2], [0, 1]]))
    return BatchMaker(Collection(PARTS, EXAMPLES), tmp_path / "near.npy")


def test_a_batch_holds_whole_articles_and_the_answerable_questions_on_them(maker):
    batch = maker.make(4, 10, random.Random(0))
    assert sorted(batch.passages) == sorted(part.text for part in PARTS)
    asked = sorted(question.rstrip("？") for question in batch.questions)
    assert asked == ["大桥多长", "小桥多长"]


def test_every_question_knows_its_passage(maker):
    batch = maker.make(4, 10, random.Random(1))
    expected = {"大桥多长": "大桥长320米。", "小桥多长": "小桥长12米。"}
    found = {
        question.rstrip("？"): batch.passages[right]
        for question, right in zip(batch.questions, batch.right, strict=True)
    }
    assert found == expected


def test_a_passage_that_holds_the_answer_too_is_no_rival(maker):
    """320米 stands in two passages of article a; 12米 in none but its own."""
    batch = maker.make(4, 10, random.Random(2))
    by_question = dict(zip(batch.questions, batch.is_rival, strict=True))
    for question, rivals in by_question.items():
        excluded = [p for p, r in zip(batch.passages, rivals, strict=True) if not r]
        assert excluded == (["大桥去年通车，长320米。"] if "大" in question else [])


def test_batches_repeat_with_their_seed_and_differ_without(maker):
    first, again, other = (maker.make(4, 1, random.Random(seed)) for seed in (3, 3, 5))
    assert first.questions == again.questions
    assert first.passages == again.passages
    assert (first.questions, first.passages) != (other.questions, other.passages)


def test_chunks_hold_every_text_once_and_few_tokens():
    encoder = TextEncoder(None, None, 2)
    texts = ["桥" * n for n in (300, 1, 200, 5, 90, 90, 280, 2)]
    chunks = encoder.chunks(texts)
    rows = [row for numbers, _ in chunks for row in numbers]
    assert sorted(rows) == list(range(len(texts)))
    assert all(ids.numel() <= CHUNK_TOKENS for _, ids in chunks)
    assert all(len(numbers) == len(ids) for numbers, ids in chunks)


def test_one_step_worked_by_hand():
    """Adam's first step is the rate, whatever the size of the gradient, against its sign.

    The rate of the first of two warm-up steps is half of 1; the gradients of both shares, 3 and
    -1, sum to 2. Decay of a matrix of one weight 4 by .01 * .5: 4 - .02 - .5 = 3.48.
    """
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(model.weight, 4.0)
    learner = Learner(model, 1.0, warm_up=2, threads=2)
    learner.learn([[torch.full((1, 1), 3.0)], [torch.full((1, 1), -1.0)]], 1, 0, 0.0)
    assert model.weight.item() == pytest.approx(3.48, abs=1e-4)


def test_fast_parameters_learn_faster_and_frozen_ones_not_at_all():
    model = torch.nn.ModuleDict({name: torch.nn.Linear(1, 1) for name in ("slow", "fast", "still")})
    model["still"].requires_grad_(False)
    before = {name: p.item() for name, p in model.named_parameters()}
    learner = Learner(
        model, 0.01, warm_up=1, threads=1, is_fast=lambda name: "fast" in name, fast_rate=5
    )
    learner.learn([[torch.ones_like(p) for p in learner.parameters]], 1, 0, 0.0)
    moved = {name: before[name] - p.item() for name, p in model.named_parameters()}
    assert moved["slow.bias"] == pytest.approx(0.01, rel=1e-3)
    assert moved["fast.bias"] == pytest.approx(0.05, rel=1e-3)
    assert moved["still.bias"] == moved["still.weight"] == 0


def test_a_checkpoint_brings_back_weights_and_position(tmp_path):
    model, other = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
    Learner(model, 0.1, warm_up=1, threads=1).save(tmp_path, 7, {"step": 7})
    position = Learner(other, 0.1, warm_up=1, threads=1).resume(tmp_path)
    assert position == {"step": 7}
    assert torch.equal(model.weight, other.weight)


def test_resuming_where_there_is_nothing_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no step-\*\.pt"):
        Learner(torch.nn.Linear(1, 1), 0.1, warm_up=1, threads=1).resume(tmp_path)


def test_the_learning_rate_rises_and_falls_to_nothing():
    assert rate_at(0, 0.0, 4) == 0.25
    assert rate_at(50, 0.5, 4) == 0.5
    assert rate_at(100, 1.0, 4) == 0.0
