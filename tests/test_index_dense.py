"""Dense search, by hand and against plain NumPy."""

from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dense import DenseIndex, DensePart, load_cells, save_cells, train
from index.presence import Presence

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [-1, 0]], dtype=np.float32)
UP = np.array([0, 1], dtype=np.float32)


@pytest.fixture
def dense() -> DenseIndex:
    return DenseIndex.build(VECTORS)


def unit_rows(seed: int, n: int, dimension: int) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_dimension_is_that_of_the_vectors(dense):
    assert dense.dimension == 2


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


def test_removed_passages_are_not_found_and_segments_are_searched_together():
    presence = Presence(4, removed=[1])
    dense = DenseIndex([DensePart(0, VECTORS[:2]), DensePart(2, VECTORS[2:])], presence)
    found = dense.search(UP, 9).tolist()
    assert (found[0], sorted(found)) == (2, [0, 2, 3])
    assert dense.search(UP, 1).tolist() == [2]
    assert dense.search(UP, 9, among=np.array([0, 1, 2])).tolist() == [2, 0]
    assert dense.score(UP, np.array([3, 2])) == pytest.approx([0, 0.8])


def test_vectors_are_taken_in_a_block_at_a_time(monkeypatch):
    """Rows 1 and 4 are removed; two rows a block, and a part that ends in the middle of one."""
    vectors = unit_rows(3, 7, 5)
    presence = Presence(7, removed=[1, 4])
    parts = [DensePart(0, vectors[:3].astype(np.float16)), DensePart(3, vectors[3:])]
    monkeypatch.setattr("index.dense.BLOCK", 2)
    dense = DenseIndex(parts, presence)
    for vector in vectors:
        cosines = vectors @ vector
        expected = [n for n in np.argsort(-cosines).tolist() if n not in (1, 4)]
        assert dense.search(vector, 7).tolist() == expected


@pytest.fixture(scope="module")
def many() -> np.ndarray:
    """Vectors in 40 clouds, as news has subjects; far fewer than an archive that needs cells."""
    chance = np.random.default_rng(7)
    rows = unit_rows(1, 40, 32)[chance.integers(0, 40, 4000)] + chance.normal(size=(4000, 32)) / 6
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


@pytest.fixture(scope="module")
def cells(many: np.ndarray) -> faiss.IndexIVF:
    return train(many, many[::40].astype(np.float32))


def test_cells_find_what_an_exact_search_finds(many, cells):
    """The rule of `train`: at least .99 of the ten nearest, here of vectors it was not set with."""
    inexact = DenseIndex([DensePart(0, many, cells)], Presence(len(many)))
    exact = DenseIndex.build(many)
    shared = 0
    for vector in many[7::40].astype(np.float32):
        found = inexact.search(vector, 10)
        shared += len(np.intersect1d(found, exact.search(vector, 10)))
        assert (
            inexact.score(vector, found).tolist()
            == sorted(inexact.score(vector, found).tolist(), reverse=True)
            or len(found) < 10
        )
    assert shared >= 0.97 * 1000
    assert cells.nprobe < cells.nlist


def test_cells_leave_out_removed_passages_and_join_other_segments(many, cells):
    vector = many[5].astype(np.float32)
    twin = DensePart(len(many), many[5:6])
    joined = DenseIndex([DensePart(0, many, cells), twin], Presence(len(many) + 1, removed=[5]))
    found = joined.search(vector, 10).tolist()
    assert found[0] == len(many)
    assert 5 not in found
    assert joined.search(vector, 10, among=np.array([3, 9, len(many)])).tolist()[0] == len(many)


def test_saved_cells_find_the_same(many, cells, tmp_path):
    save_cells(cells, tmp_path / "索引 1.faiss")
    loaded = load_cells(tmp_path / "索引 1.faiss")
    assert loaded.nprobe == cells.nprobe
    for vector in many[::500].astype(np.float32):
        one, other = (
            DenseIndex([DensePart(0, many, index)], Presence(len(many)))
            for index in (cells, loaded)
        )
        assert one.search(vector, 20).tolist() == other.search(vector, 20).tolist()


@pytest.mark.parametrize("damage", ["missing", "empty", "other", "cut short"])
def test_a_missing_or_damaged_file_is_an_error(cells, tmp_path: Path, damage):
    file = tmp_path / "dense.faiss"
    save_cells(cells, file)
    if damage == "missing":
        file.unlink()
    else:
        content = {"empty": b"", "other": b"x" * 99, "cut short": file.read_bytes()[:-9]}
        file.write_bytes(content[damage])
    with pytest.raises(ValueError, match="cannot be read"):
        load_cells(file)
