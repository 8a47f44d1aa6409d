import pytest

from index.noise import FLOOR_DEVIATIONS, MIN_DEVIATION, NOISE_QUESTIONS, Noise


def test_noise_is_the_mean_and_deviation_over_the_questions():
    """Half of them .8, half .9: mean .85, deviation .05."""
    n_questions = len(NOISE_QUESTIONS.read_text(encoding="utf-8").splitlines())
    cosines = iter([0.8, 0.9] * (n_questions // 2))
    noise = Noise.measure(lambda question: next(cosines))
    assert (noise.mean, noise.deviation) == pytest.approx((0.85, 0.05))
    assert next(cosines, None) is None


def test_nearness_and_floor_worked_by_hand():
    noise = Noise(mean=0.85, deviation=0.02)
    assert noise.nearness(0.91) == pytest.approx(3)
    assert noise.floor == pytest.approx(0.85 - FLOOR_DEVIATIONS * 0.02)


def test_questions_that_all_come_out_alike_do_not_make_the_deviation_0():
    assert Noise.measure(lambda question: 0.5) == Noise(0.5, MIN_DEVIATION)


def test_the_noise_of_the_bundled_articles_lies_below_their_own_questions(bundled_index):
    found = bundled_index.search("印尼展有多少家义乌企业参展？", k=1)
    assert bundled_index.noise.nearness(found[0].dense) > 3
