"""Fusion of two score lists, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import DENSE_WEIGHT, fuse

CANDIDATES = st.lists(
    st.tuples(st.floats(-1, 1, width=32), st.floats(0, 1, width=32)), min_size=1, max_size=20
)
SHARES = st.floats(0, 1, width=32)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_fused_scores_by_hand():
    """Cosines count from .5 and weigh .65; lexical scores weigh .35.

    dense    .9 .4 .8  above the floor: .4, 0, .3  by the best: 1, 0, .75
    lexical   2  8  4                              by the best: .25, 1, .5
    fused    .65 + .35 * .25 = .7375, .35, .65 * .75 + .35 * .5 = .6625
    """
    fused = fuse(array(0.9, 0.4, 0.8), array(2, 8, 4), dense_floor=0.5, dense_weight=0.65)
    assert fused == pytest.approx([0.7375, 0.35, 0.6625], abs=1e-6)
    assert fused.dtype == np.float32


def test_the_tuned_weight_is_the_default():
    assert 0 < DENSE_WEIGHT < 1
    assert fuse(array(1, 0), array(0, 4), 0) == pytest.approx([DENSE_WEIGHT, 1 - DENSE_WEIGHT])


@pytest.mark.parametrize(
    ("dense_weight", "expected"), [(0, [0, 1, 0.25]), (1, [1, 0, 0.5]), (0.5, [0.5, 0.5, 0.375])]
)
def test_the_weight_moves_the_scores_from_lexical_to_dense(dense_weight, expected):
    fused = fuse(array(0.8, 0.4, 0.6), array(0, 4, 1), 0.4, dense_weight)
    assert fused == pytest.approx(expected, abs=1e-6)


def test_a_list_without_any_relation_gives_nothing_and_a_single_candidate_is_the_best():
    assert fuse(array(0.3, 0.4), array(1, 4), 0.5, 0.65) == pytest.approx([0.0875, 0.35])
    assert fuse(array(0.6, 0.7), array(0, 0), 0.5, 0.65) == pytest.approx([0.325, 0.65])
    assert fuse(array(0.3, 0.4), array(0, 0), 0.5).tolist() == [0, 0]
    assert fuse(array(0.7), array(3), 0.5) == pytest.approx([1])


def test_no_candidates_give_no_scores():
    assert fuse(array(), array(), 0.5).shape == (0,)


@given(CANDIDATES, st.floats(-1, 1, width=32), SHARES)
def test_fused_scores_lie_between_0_and_1_and_follow_both_lists(candidates, floor, weight):
    dense, lexical = array(*(c[0] for c in candidates)), array(*(c[1] for c in candidates))
    fused = fuse(dense, lexical, floor, weight)
    assert np.all((fused >= 0) & (fused <= 1 + 1e-6))
    for better in range(len(candidates)):
        worse = (dense <= dense[better]) & (lexical <= lexical[better])
        assert np.all(fused[worse] <= fused[better] + 1e-6)


def test_scale_and_origin_of_the_scores_do_not_matter():
    dense, lexical = array(0.2, 0.9, 0.4), array(1, 0, 0.5)
    moved = fuse(dense * 8 - 3, lexical * 100, dense_floor=0.3 * 8 - 3)
    assert moved == pytest.approx(fuse(dense, lexical, dense_floor=0.3), abs=1e-5)


def test_worse_candidates_do_not_change_the_scores_of_better_ones():
    dense, lexical = array(0.9, 0.7, 0.6, 0.1), array(3, 4, 1, 0)
    fused = fuse(dense, lexical, 0.5)
    assert fuse(dense[:2], lexical[:2], 0.5).tolist() == fused[:2].tolist()
