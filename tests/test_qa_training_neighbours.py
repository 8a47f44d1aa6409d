import numpy as np
import pytest

from qa.training.examples import Collection, Example, Part
from qa.training.reader.neighbours import cached_neighbours

PARTS = [
    Part("a", "题", "大桥长320米，去年通车。"),
    Part("a", "题", "小桥在城南，建于明代。"),
    Part("b", "题", "大桥的桥面长320米，桥下过船。"),
    Part("b", "题", "隧道今年动工。"),
]
LENGTH = Example("1", "大桥多长？", 0, ((2, 6),))
TUNNEL = Example("2", "隧道哪年动工？", 3, ())


def test_neighbours_are_wrong_parts_the_nearest_first(tmp_path):
    found = cached_neighbours(Collection(PARTS, [LENGTH, TUNNEL]), tmp_path / "near.npy")
    # Part 2 gives the same length: it is no wrong answer.
    assert found[0][:3].tolist() == [1, 3, -1]
    assert set(found[1][:3].tolist()) == {0, 1, 2}
    assert (found[:, 3:] == -1).all()


def test_what_a_file_has_stays_and_added_questions_are_looked_for(tmp_path):
    file = tmp_path / "near.npy"
    kept = np.full((1, 20), 7, dtype=np.int32)
    np.save(file, kept)
    found = cached_neighbours(Collection(PARTS, [LENGTH, TUNNEL]), file)
    assert (found[0] == 7).all()
    assert set(found[1][:3].tolist()) == {0, 1, 2}
    assert np.array_equal(np.load(file), found)


def test_a_file_of_more_questions_is_named(tmp_path):
    np.save(tmp_path / "near.npy", np.zeros((3, 20), dtype=np.int32))
    with pytest.raises(ValueError, match="of 3 questions, expected at most 1"):
        cached_neighbours(Collection(PARTS, [LENGTH]), tmp_path / "near.npy")
