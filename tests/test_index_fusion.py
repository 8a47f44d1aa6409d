"""Fusion of two score lists, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import DENSE_WEIGHT, fuse

SCORES = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=20)


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_fused_scores_by_hand():
    """With .65 for the dense scores and .35 for the lexical ones.

    dense    .9 .5 .8  stretched from [.5, .9]: 1, 0, .75
    lexical   2  8  4  stretched from [2, 8]:   0, 1, .3333
    fused    .65, .35, .65 * .75 + .35 / 3 = .4875 + .1167 = .6042
    """
    fused = fuse(array(0.9, 0.5, 0.8), array(2, 8, 4), dense_weight=0.65)
    assert fused == pytest.approx([0.65, 0.35, 0.6042], abs=1e-4)
    assert fused.dtype == np.float32


def test_the_tuned_weight_is_the_default():
    assert 0 < DENSE_WEIGHT < 1
    assert fuse(array(3, 1), array(0, 4)) == pytest.approx([DENSE_WEIGHT, 1 - DENSE_WEIGHT])


@pytest.mark.parametrize(
    ("dense_weight", "expected"), [(0, [0, 1, 0.25]), (1, [1, 0, 0.5]), (0.5, [0.5, 0.5, 0.375])]
)
def test_the_weight_moves_the_scores_from_lexical_to_dense(dense_weight, expected):
    assert fuse(array(3, 1, 2), array(0, 4, 1), dense_weight) == pytest.approx(expected)


def test_scores_that_are_all_alike_decide_nothing():
    assert fuse(array(0.7, 0.7), array(1, 3), 0.65) == pytest.approx([0, 0.35])
    assert fuse(array(0.1, 0.2), array(0, 0), 0.65) == pytest.approx([0, 0.65])
    assert fuse(array(0.7), array(3)).tolist() == [0]


def test_no_candidates_give_no_scores():
    assert fuse(array(), array()).shape == (0,)


@given(SCORES, st.randoms(use_true_random=False), st.floats(0, 1, width=32))
def test_fused_scores_lie_between_0_and_1_and_follow_both_lists(scores, random, weight):
    dense, lexical = array(*scores), array(*random.sample(scores, len(scores)))
    fused = fuse(dense, lexical, weight)
    assert np.all((fused >= 0) & (fused <= 1 + 1e-6))
    for better in range(len(scores)):
        worse = (dense <= dense[better]) & (lexical <= lexical[better])
        assert np.all(fused[worse] <= fused[better] + 1e-6)


def test_scale_and_origin_of_the_scores_do_not_matter():
    dense, lexical = array(0.2, 0.9, 0.4), array(1, 0, 0.5)
    assert fuse(dense * 8 - 3, lexical * 100) == pytest.approx(fuse(dense, lexical), abs=1e-5)
