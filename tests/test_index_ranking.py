"""How candidates become one ranking; the values are worked out by hand."""

import numpy as np
import pytest

from corpus import Passage
from corpus.calendar import days_of
from index.copy_groups import CopyGroups
from index.ranking import Candidates, Wish, rank
from index.times import UNSURE_TIME


class Undated:
    """Passages that name no time, of articles without a date."""

    def passages(self, numbers):
        return [Passage(f"{n}", "题", None, 0, 0, 2, "正文") for n in numbers]

    def said(self, numbers):
        return dict.fromkeys(numbers, ())

    def dates(self, numbers):
        return dict.fromkeys(numbers)


@pytest.mark.parametrize(("asked", "loss"), [((), 0), (("2019",), UNSURE_TIME)])
def test_what_loses_more_than_its_score_keeps_its_rank_and_scores_nothing(asked, loss):
    """.019, .072 and .199 of the best: two are below the loss of .15, the third at .049."""
    lexical = np.array([0.019, 0.072, 0.199, 1], dtype=np.float32)
    found = Candidates(np.arange(4), np.zeros(4, np.float32), lexical, lexical)
    wish = Wish(4, dense_weight=0, floor=0, asked=[days_of(year) for year in asked])
    ranked = rank(found, wish, Undated(), CopyGroups({}))
    assert [scored.passage.article_id for scored in ranked] == ["3", "2", "1", "0"]
    expected = [max(score - loss, 0) for score in (1, 0.199, 0.072, 0.019)]
    assert [scored.fused for scored in ranked] == pytest.approx(expected, abs=1e-6)
