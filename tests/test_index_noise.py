import numpy as np
import pytest

from index.noise import FLOOR_DEVIATIONS, MIN_DEVIATION, Nearest, Noise


def test_noise_is_the_mean_and_deviation_over_the_questions():
    """Half of them .8, half .9: mean .85, deviation .05."""
    noise = Noise.of([0.8, 0.9] * 15)
    assert (noise.mean, noise.deviation) == pytest.approx((0.85, 0.05))


def test_the_nearest_passages_worked_by_hand():
    """Cosines of (1, 0) with the rows: .6, 0, .8; of (0, 1): .8, 1, .6."""
    questions = np.array([[1, 0], [0, 1]], dtype=np.float32)
    rows = np.array([[0.6, 0.8], [0, 1], [0.8, 0.6]], dtype=np.float32)
    nearest = Nearest.among(questions, rows, np.array([4, 5, 9]))
    assert nearest.cosines == pytest.approx((0.8, 1))
    assert nearest.numbers == (9, 5)
    assert Nearest.from_json(nearest.to_json()) == nearest
    nothing = Nearest.among(questions, rows[:0], np.array([], dtype=np.int64))
    assert nearest.or_nearer(nothing) == nothing.or_nearer(nearest) == nearest


def test_nearness_and_floor_worked_by_hand():
    noise = Noise(mean=0.85, deviation=0.02)
    assert noise.nearness(0.91) == pytest.approx(3)
    assert noise.floor == pytest.approx(0.85 - FLOOR_DEVIATIONS * 0.02)


def test_questions_that_all_come_out_alike_do_not_make_the_deviation_0():
    assert Noise.of([0.5, 0.5]) == Noise(0.5, MIN_DEVIATION)


def test_the_noise_of_the_bundled_articles_lies_below_their_own_questions(bundled_index):
    found = bundled_index.search("印尼展有多少家义乌企业参展？", k=1)
    assert bundled_index.noise.nearness(found[0].dense) > 3
