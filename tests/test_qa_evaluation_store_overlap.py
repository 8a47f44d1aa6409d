"""How far two rankings are the same."""

import pytest

from corpus import Passage
from index import ScoredPassage

pytest.importorskip("pymilvus", reason="pymilvus is not installed: pip install 'youju[milvus]'")

from qa.evaluation.store_overlap import share_shared


def ranking(*starts):
    passages = [Passage("a", "t", None, 1, start, start + 1, "x") for start in starts]
    return [ScoredPassage(passage, 0.5, 0.5, 0.5, 0.5) for passage in passages]


@pytest.mark.parametrize(
    ("ours", "theirs", "share"),
    [
        ((1, 2, 3, 4), (4, 3, 2, 1), 1.0),
        ((1, 2, 3, 9), (1, 2, 3, 4), 0.75),
        ((1, 2, 3, 4), (1, 2), 1.0),
        ((), (1,), 0.0),
        ((), (), 1.0),
        ((1,), (), 0.0),
    ],
)
def test_the_share_is_of_the_passages_of_the_other_ranking(ours, theirs, share):
    assert share_shared(ranking(*ours), ranking(*theirs)) == share
