"""Dense search, by hand and against plain NumPy."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dense import DenseIndex

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [-1, 0]], dtype=np.float32)
UP = np.array([0, 1], dtype=np.float32)


@pytest.fixture
def dense() -> DenseIndex:
    return DenseIndex.build(VECTORS)


def unit_rows(seed: int, n: int, dimension: int) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_length_and_dimension_are_those_of_the_vectors(dense):
    assert (len(dense), dense.dimension) == (4, 2)


def test_the_nearest_come_first(dense):
    """Cosines with (0, 1): 0, 1, .8 and 0."""
    assert dense.search(UP, 2).tolist() == [1, 2]


def test_no_more_come_back_than_there_are(dense):
    assert sorted(dense.search(UP, 9).tolist()) == [0, 1, 2, 3]


def test_scores_are_cosines_in_the_order_asked_for(dense):
    """(.6, .8) with (-.8, .6): -.48 + .48 = 0; (-1, 0): .8; (1, 0): -.8."""
    left = np.array([-0.8, 0.6], dtype=np.float32)
    scores = dense.score(left, np.array([3, 2, 0, 3]))
    assert scores == pytest.approx([0.8, 0, -0.8, 0.8], abs=1e-6)
    assert scores.dtype == np.float32


def test_best_is_the_cosine_of_the_nearest(dense):
    assert dense.best(np.array([0.8, 0.6], dtype=np.float32)) == pytest.approx(0.96)
    assert dense.best(np.array([-1, 0], dtype=np.float32)) == pytest.approx(1)


def test_vectors_in_another_memory_order_are_indexed_row_by_row():
    dense = DenseIndex.build(np.asfortranarray(VECTORS))
    assert dense.search(UP, 2).tolist() == [1, 2]


@given(st.integers(0, 1000), st.integers(1, 60), st.integers(1, 9), st.integers(1, 80))
def test_search_equals_a_sort_of_all_cosines(seed, n, dimension, k):
    vectors, question = unit_rows(seed, n, dimension), unit_rows(seed + 1, 1, dimension)[0]
    cosines = vectors @ question
    dense = DenseIndex.build(vectors)
    found = dense.search(question, k)
    assert len(set(found.tolist())) == min(k, n)
    assert cosines[found] == pytest.approx(np.sort(cosines)[::-1][:k], abs=1e-5)
    assert dense.score(question, found) == pytest.approx(cosines[found], abs=1e-5)
    assert dense.best(question) == pytest.approx(cosines.max(), abs=1e-5)


def test_a_saved_index_finds_the_same(dense, tmp_path):
    dense.save(tmp_path / "索引 1.faiss")
    loaded = DenseIndex.load(tmp_path / "索引 1.faiss")
    everything = np.arange(4)
    assert (len(loaded), loaded.dimension) == (4, 2)
    assert loaded.search(UP, 4).tolist() == dense.search(UP, 4).tolist()
    assert loaded.score(UP, everything).tolist() == dense.score(UP, everything).tolist()


@pytest.mark.parametrize("damage", ["missing", "empty", "other", "cut short"])
def test_a_missing_or_damaged_file_is_a_runtime_error(dense, tmp_path: Path, damage):
    file = tmp_path / "dense.faiss"
    dense.save(file)
    if damage == "missing":
        file.unlink()
    else:
        content = {"empty": b"", "other": b"x" * 99, "cut short": file.read_bytes()[:-9]}
        file.write_bytes(content[damage])
    with pytest.raises(RuntimeError):
        DenseIndex.load(file)
