"""Vectors that resemble real ones, and what is measured on them."""

import os
import sys
import time
from functools import partial

import numpy as np
import pytest

from corpus import bundled_articles, split_article
from index.dense import DenseIndex
from qa.evaluation import nearest, synthetic_search, synthetic_vectors, vector_search
from qa.evaluation.nearest import last_cosines, milliseconds, share_found
from qa.evaluation.synthetic_search import Memory, _watched, alone
from qa.evaluation.synthetic_vectors import Real, encode_real, mix, write_vectors
from qa.training.examples import NEWS, read_lines


@pytest.fixture(scope="module")
def real():
    """400 unit rows around a mean, with far more spread in some directions than in others."""
    chance = np.random.default_rng(1)
    rows = 2 + chance.normal(size=(400, 24)) * np.linspace(0.05, 1.5, 24)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_mixtures_are_unit_rows_and_the_same_for_the_same_seed(real):
    rows = mix(real, 1000, 3)
    assert (rows.dtype, rows.shape) == (np.float32, (1000, 24))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(rows, mix(real, 1000, 3))
    assert not np.array_equal(rows, mix(real, 1000, 4))


def test_mixtures_lie_where_real_vectors_lie(real):
    """Mean and spread in every direction, to a tenth: bringing them to length 1 moves them."""
    rows = mix(real, 20_000, 0)
    assert rows.mean(0) == pytest.approx(real.mean(0), abs=0.02)
    assert rows.std(0) == pytest.approx(real.std(0), rel=0.1)


def test_the_more_mixtures_there_are_the_nearer_is_the_nearest(real):
    asked = mix(real, 50, 9)
    few, many = (np.median((asked @ mix(real, n, 0).T).max(1)) for n in (200, 20_000))
    assert few + 0.01 < many < 0.9999


def test_vectors_are_written_in_blocks_in_half_precision(real, tmp_path, monkeypatch):
    monkeypatch.setattr(synthetic_vectors, "BLOCK", 30)
    write_vectors(real, 70, tmp_path / "v.npy")
    rows = np.load(tmp_path / "v.npy")
    expected = np.concatenate([mix(real, 30, 0), mix(real, 30, 1), mix(real, 10, 2)])
    assert rows.dtype == np.float16
    assert np.array_equal(rows, expected.astype(np.float16))


def test_real_vectors_are_encoded_once(tmp_path, monkeypatch):
    class Encoder:
        name, fingerprint, dimension, dense_weight = "e", "f" * 64, 2, 0.5
        n_passages = 0

        def encode_question(self, question):
            return np.array([1, 0], np.float32)

        def encode_passages(self, texts, progress=None):
            self.n_passages += len(texts)
            return np.tile(np.array([0, 1], np.float32), (len(texts), 1))

    encoder = Encoder()
    first, again = (encode_real(encoder, tmp_path) for _ in range(2))
    n_passages = sum(len(split_article(article)) for article in bundled_articles())
    n_paragraphs = sum(len(article["paragraphs"]) for article in read_lines(NEWS))
    assert len(first.passages) == encoder.n_passages == n_passages + n_paragraphs
    assert first.questions.shape == (synthetic_vectors.N_QUESTIONS, 2)
    assert np.array_equal(again.passages, first.passages)


def test_what_is_as_near_as_the_last_of_the_ten_nearest_counts_as_found(monkeypatch):
    """Cosines with the question: 1, .9, … .1, and .1 again. One that finds .1 twice misses one."""
    cosines = [*np.arange(10, 0, -1) / 10, 0.1, -1]
    rows = np.array([(c, np.sqrt(1 - c * c)) for c in cosines], dtype=np.float32)
    question = np.array([1, 0], dtype=np.float32)
    exact = DenseIndex.build(rows)
    last = float(last_cosines(rows, question[None])[0])
    assert last == pytest.approx(0.1, abs=1e-3)
    monkeypatch.setattr(nearest, "BLOCK", 3)
    assert last_cosines(rows, np.stack([question, rows[0]])).tolist() == [last, pytest.approx(last)]
    assert share_found(exact, question, last) == 1
    assert share_found(DenseIndex.build(rows[1:]), question, last) == 1
    assert share_found(DenseIndex.build(rows[2:]), question, last) == 0.9
    assert milliseconds(lambda _: None, rows) < 1


def _take(n_bytes):
    """So much memory, long enough to be seen."""
    return len(np.ones(n_bytes, np.uint8)), time.sleep(0.3)


def test_the_memory_of_a_step_is_seen():
    _, little = _watched(partial(_take, 1000))
    (n, _), much = _watched(partial(_take, 300_000_000))
    assert n == 300_000_000
    assert much.own - little.own == pytest.approx(3e8, rel=0.2)
    assert much.resident > 3e8
    assert str(Memory(3 * 10**9, 10**9)) == "peak 1.00 GB and mapped files, 3.00 in all"


def test_each_step_is_a_process_of_its_own_and_needed_too_much_if_it_was_killed():
    assert alone(os.getpid)[0] != os.getpid()
    with pytest.raises(MemoryError, match="it needed more memory"):
        alone(os._exit, 9)


def test_synthetic_vectors_are_made_indexed_and_searched(real, tmp_path, monkeypatch, capsys):
    """In this process, and fewer than an archive that needs cells."""
    held = Real(real, mix(real, 40, 99))
    monkeypatch.setattr(synthetic_search, "encode_real", lambda encoder, folder: held)
    monkeypatch.setattr(synthetic_search, "load_encoder", lambda: None)
    monkeypatch.setattr(
        synthetic_search, "alone", lambda step, *given: (step(*given), Memory(10**9, 10**9))
    )
    monkeypatch.setattr(vector_search, "FLAT_LIMIT", 1000)
    command = ["vector_search", "--synthetic", "3000", "--folder", str(tmp_path / "new")]
    monkeypatch.setattr(sys, "argv", command)
    vector_search.main()
    written, made, exact, found = capsys.readouterr().out.splitlines()
    assert written.startswith("3,000 vectors made in 0 s, 0.00 GB on disk; peak 1.00 GB")
    assert made.startswith("256 cells, ")
    assert exact.startswith("all compared: ")
    recall = float(found.split("recall@10 ")[1].split(";")[0])
    assert recall >= 0.95
    assert len(np.load(tmp_path / "new" / "vectors-3000.npy")) == 3000


@pytest.mark.parametrize(
    "given", [[], ["x", "--synthetic", "60000"], ["--synthetic", "60000"],
              ["--synthetic", "9", "--folder", "x"]],
)  # fmt: skip
def test_what_is_measured_must_be_said(given, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["vector_search", *given])
    with pytest.raises(SystemExit):
        vector_search.main()
    assert "--synthetic" in capsys.readouterr().err
