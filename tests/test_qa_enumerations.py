from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.enumerations import split_items


def items(text):
    return [text[start:end] for start, end in split_items(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("茶叶、瓷器和丝绸", ["茶叶", "瓷器", "丝绸"]),
        ("茶叶、瓷器以及丝绸等特产", ["茶叶", "瓷器", "丝绸"]),
        ("“绿岸号”“晨星号”“远山号”等观光列车", ["“绿岸号”", "“晨星号”", "“远山号”"]),
        ("《渡口》《麦收》", ["《渡口》", "《麦收》"]),
        ("“早开门、晚关灯”", ["早开门", "晚关灯"]),
        ("苹果和梨", ["苹果", "梨"]),
        ("数学、物理、化学三个学院", ["数学", "物理", "化学"]),
        ("书架、由第三方清点的账本", ["书架", "由第三方清点的账本"]),
        ("来自七八家作坊的毛巾、五金和塑料", ["毛巾", "五金", "塑料"]),
        ("肯吃苦、讲信用、守规矩的鲜明特点", ["肯吃苦", "讲信用", "守规矩"]),
        ("山里的茶叶、窑里的瓷器", ["山里的茶叶", "窑里的瓷器"]),
        ("水井、石磨，还有一窝燕子", ["水井", "石磨", "一窝燕子"]),
        ("车间改成展厅，仓库改成书店", ["车间改成展厅", "仓库改成书店"]),
        ("一是修路，通到村口；二是架桥", ["修路，通到村口", "架桥"]),
        ("首先清理河道。其次加固堤坝。", ["清理河道", "加固堤坝"]),
        ("人员内退；设备拍卖，钱还债", ["人员内退", "设备拍卖，钱还债"]),
    ],
)
def test_an_enumeration_is_cut_into_its_items(text, expected):
    assert items(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "320米",
        "“早点铺、修车摊”合一的小店",
        "和谐村",
        "《铁路与港口》",
        "约翰·史密斯（工程师、诗人）",
    ],
)
def test_what_is_one_thing_stays_whole(text):
    assert items(text) == [text]


def test_many_items_are_cut_like_few():
    towns = [f"{letter}镇" for letter in "甲乙丙丁戊己庚辛壬癸子丑"]
    assert items("、".join(towns)) == towns


def test_nothing_but_stops_has_no_items():
    assert split_items("，。") == split_items("") == []


TEXT = st.text(alphabet="甲乙丙和等一二是、，；：。“”《》（首先其次", max_size=30)


@given(TEXT)
def test_items_are_slices_in_order_that_do_not_overlap(text):
    found = split_items(text)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
