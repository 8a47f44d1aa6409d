import pytest

from qa.evaluation.list_metrics import cut_gold, item_scores


@pytest.mark.parametrize(
    ("answer", "items"),
    [
        ("茶叶、瓷器和丝绸", ["茶叶", "瓷器", "丝绸"]),
        ("茶叶、瓷器等特产", ["茶叶", "瓷器"]),
        ("“日出”“月落”", ["“日出”", "“月落”"]),
        ("修路，通到村口；架桥", ["修路，通到村口", "架桥"]),
        ("一是修路，通到村口，二是架桥", ["一是修路，通到村口", "二是架桥"]),
        ("怕冷，怕黑", ["怕冷", "怕黑"]),
        ("苹果和梨", ["苹果", "梨"]),
        ("320米", ["320米"]),
    ],
)
def test_gold_answers_are_cut_by_the_documented_rule(answer, items):
    assert cut_gold(answer) == items


def test_recall_and_precision_worked_by_hand():
    """Of 茶叶, 瓷器, 丝绸 two are shown; of 茶叶, 上等瓷器, 木材, 煤 two are right."""
    assert item_scores(["茶叶、瓷器和丝绸"], ["茶叶", "上等瓷器", "木材", "煤"]) == (2 / 3, 2 / 4)


def test_an_item_inside_much_longer_words_is_not_found():
    assert item_scores(["茶叶、瓷器"], ["从山里运来的茶叶"]) == (0, 0)


def test_the_best_accepted_answer_counts():
    assert item_scores(["茶叶、瓷器、丝绸", "茶叶、瓷器"], ["茶叶", "瓷器"]) == (1, 1)


def test_nothing_shown_scores_0_and_one_thing_is_no_list():
    assert item_scores(["茶叶、瓷器"], []) == (0, 0)
    assert item_scores(["茶叶"], ["茶叶"]) is None
