import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.widening import narrow, widen


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        (
            "于是茶叶专列、瓷器专列、“远山号”等班列开行。",
            "茶叶专列",
            "茶叶专列、瓷器专列、“远山号”",
        ),
        (
            "于是茶叶专列、瓷器专列、“远山号”等班列开行。",
            "“远山号”",
            "茶叶专列、瓷器专列、“远山号”",
        ),
        ("车上装着茶叶、瓷器和丝绸。", "茶叶、瓷器", "茶叶、瓷器和丝绸"),
        ("打造“日出”“月落”“潮生”三个品牌。", "“月落”", "“日出”“月落”“潮生”"),
        (
            "打算有三：一是修路，通到村口；二是架桥；三是种树。明年动工。",
            "一是修路，通到村口",
            "一是修路，通到村口；二是架桥；三是种树",
        ),
        ("首先清理河道。其次加固堤坝。村民放心了。", "首先清理河道", "首先清理河道。其次加固堤坝"),
        (
            "规矩是：车走便道；垃圾带走；不得喧哗。",
            "车走便道；垃圾带走",
            "车走便道；垃圾带走；不得喧哗",
        ),
    ],
)
def test_a_part_of_an_enumeration_is_widened_over_all_of_it(text, part, whole):
    place = text.index(part)
    start, end = widen(text, (place, place + len(part)))
    assert text[start:end] == whole


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("新桥长320米，造价4500万元。", "320米"),
        ("茶叶、瓷器的销路由村里新成立的合作社统一去谈。", "茶叶"),
        ("打算有三：一是修路；二是向邻县借来三台挖机架桥。", "三台挖机"),
    ],
)
def test_what_stands_alone_or_inside_an_item_is_not_widened(text, part):
    place = text.index(part)
    assert widen(text, (place, place + len(part))) == (place, place + len(part))


@pytest.mark.parametrize(
    ("said", "enumeration"),
    [
        ("茶叶、瓷器等，由合作社统一去谈", "茶叶、瓷器"),
        ("河西可换车，河东、城北", "河东、城北"),
        ("茶叶、瓷器", "茶叶、瓷器"),
        ("车间改成展厅，仓库改成书店", "车间改成展厅，仓库改成书店"),
        ("320米，造价4500万元的新桥", "320米，造价4500万元的新桥"),
    ],
)
def test_clauses_beside_an_enumeration_are_left_out(said, enumeration):
    text = f"据悉，{said}。"
    start, end = narrow(text, (3, 3 + len(said)))
    assert text[start:end] == enumeration


TEXT = st.text(alphabet="甲乙丙和等一二是、，；：。“”《》（首先其次", min_size=1, max_size=30)


@given(TEXT, st.data())
def test_widening_loses_nothing_but_stops(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    wide = widen(text, (start, end))
    assert 0 <= wide[0] <= wide[1] <= len(text)
    assert text[start:end].strip(" ，。、；：") in text[slice(*wide)]
