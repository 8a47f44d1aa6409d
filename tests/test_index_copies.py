"""Which passages count as one: the same report, and not two that look alike."""

import pytest
from comparing import comparing

from index.copies import MIN_LENGTH, copies_among, find_copies, is_copy, same_wording, sign

REPORT = (
    "市委组织部昨日召开会议，部署2026年人才工作，提出今年引进各类人才1.5万名。"
    "会议由部长李建国主持，各区县负责人参加。会上还表彰了12家先进单位和30名先进个人。"
    "按照计划，全市将新建6个产业学院，为到本地工作的博士提供租房补贴和子女入学便利。"
)
OTHER = (
    "全市春耕备耕进展顺利，目前已播种早稻48万亩，农机合作社投入拖拉机1200台。"
    "农业农村局预计播种将在本月中旬结束，比去年提前5天左右。"
)


@pytest.mark.parametrize(
    "copy",
    [
        REPORT,
        "本报讯（记者 王明）" + REPORT,
        "新华社北京4月1日电 " + REPORT,
        "据城市晚报4月2日消息，" + REPORT,
        REPORT + "（来源：城市晚报）",
        REPORT.replace("会议由部长李建国主持，各区县负责人参加。", ""),
        REPORT.replace("，", ",").replace("昨日", "昨日 "),
        REPORT.replace("会议", "會議").replace("组织", "組織"),
        REPORT.replace("先进单位和30名", "先进单位、30名"),
    ],
)
def test_a_reprint_with_small_edits_is_a_copy(copy):
    assert is_copy(REPORT, copy)
    assert is_copy(copy, REPORT)
    assert copies_among([REPORT, OTHER, copy]) == {2: 0}


@pytest.mark.parametrize(
    ("printed", "changed"),
    [
        ("市委组织部", "市委统战部"),
        ("李建国", "李建华"),
        ("1.5万", "1.6万"),
        ("1.5万", "15万"),
        ("12家", "13家"),
        ("2026年", "2025年"),
        ("表彰", "批评"),
        ("提出", "没有提出"),
        ("会议由部长李建国主持，各区县负责人参加。", "会议由副部长王丽主持。"),
    ],
)
def test_another_number_name_or_verb_makes_it_another_report(printed, changed):
    other = REPORT.replace(printed, changed)
    assert other != REPORT
    assert not is_copy(REPORT, other)
    assert copies_among([REPORT, other]) == {}


def test_datelines_of_different_days_keep_reports_apart():
    first, second = (f"新华社北京4月{day}日电 {REPORT}" for day in (1, 2))
    assert not is_copy(first, second)


def test_what_contradicts_one_of_a_group_does_not_join_it():
    """The short text is a copy of both long ones, which say different things."""
    one, other = REPORT + "会后签约35个项目。", REPORT + "会后签约53个项目。"
    assert is_copy(REPORT, one)
    assert is_copy(REPORT, other)
    assert copies_among([one, REPORT, other]) == {1: 0}
    assert copies_among([other, REPORT, one]) == {1: 0}


def test_a_group_has_the_number_of_its_first_text():
    assert copies_among([OTHER, REPORT, "本报讯 " + REPORT, OTHER, REPORT]) == {2: 1, 3: 0, 4: 1}


def test_the_copies_that_are_known_are_not_gone_through_for_every_group():
    """The new text looks like each of 50 groups and is a copy of the last alone."""
    Number = comparing(int)
    texts = [REPORT.replace("12家", f"{n}家") for n in range(100, 150) for _ in range(2)]
    known = {n + 1: Number(n) for n in range(0, 100, 2)}
    texts += [texts[-1] + "（来源：城市晚报）", "本报讯 " + texts[-1], texts[-1]]
    copies = find_copies(sign(texts), texts.__getitem__, first_new=100, known=known)
    assert copies == {100: 98, 101: 98, 102: 98}
    assert Number.n_compared < 20 * len(known)


def test_short_paragraphs_are_alike_by_chance():
    phrase = "会议还研究了其他事项，"
    long = phrase * (MIN_LENGTH // 10)
    assert copies_among([phrase, phrase]) == {}
    assert copies_among([long, long]) == {1: 0}


def test_a_text_with_much_more_in_it_is_another_one():
    assert not is_copy(REPORT, REPORT + OTHER)


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["，。"], ["🚄" * 50]])
def test_texts_without_words_have_no_copies(texts):
    assert copies_among(texts) == {}


def test_negative_numbers_decimals_and_ranges_are_numbers_of_their_own():
    assert same_wording("气温为5℃，共1,500人。", "气温为5℃,共1500人")
    for one, other in [("气温-5℃", "气温5℃"), ("1.5米", "15米"), ("3-5天", "35天"), ("5%", "5")]:
        assert not same_wording(one, other)
