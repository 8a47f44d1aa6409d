"""Values that agree, that are of different dates, that contradict each other, or neither."""

import pytest

from qa.agreement import Statement, compare

SAME = [
    ("这条路有多长？", "120公里", "全长120公里的云岭公路建成通车。", "12万米",
     "云岭公路全长12万米。"),
    ("拿到多少项首创？", "45项", "截至目前已诞生45项首创。", "40余项", "目前已诞生40余项首创。"),
    ("卖到多少个国家？", "233个国家和地区", "产品远销233个国家和地区。", "230多个国家和地区",
     "产品远销230多个国家和地区。"),
    ("去了多少人？", "近3万人", "庙会首日迎客近3万人。", "2.9万人", "庙会首日迎客2.9万人。"),
    ("改革哪年开始？", "2024年底", "2024年底，改革启动。", "2024年", "2024年，改革启动。"),
    ("谁任校长？", "“周正明”", "校长“周正明”出席。", "周正明", "周正明任校长。"),
]  # fmt: skip

DATED = [
    ("开通了多少条线路？", "26条", "截至2026年1月，班列开通26条线路。", "27条",
     "时至今日，班列累计开通27条线路。", "2026-02", "2026-05-16"),
    ("日营业额多少？", "200元", "2024年，小店日营业额只有200元。", "6000元",
     "2026年清明，小店日营业额破6000元。", "2026-05", "2026-05"),
    ("水位多高？", "3.2米", "水库水位涨到3.2米。", "4.1米", "水库水位涨到4.1米。", "2026-05-03",
     "2026-05-09"),
    ("公司董事长是谁？", "何家兴", "2019年，董事长何家兴宣布扩产。", "陶文海",
     "2025年，董事长陶文海宣布扩产。", "2026-05", "2026-05"),
]  # fmt: skip

CONFLICTS = [
    ("火灾伤了几个人？", "3人", "仓库火灾造成3人受伤。", "5人", "仓库火灾造成5人受伤。"),
    ("出口总额多少？", "8365亿元", "2025年，全市出口总额8365亿元。", "8200亿元",
     "2025年，全市出口总额8200亿元。"),
    ("改革什么时候启动？", "2024年9月", "2024年9月，改革试点正式启动。", "2023年5月",
     "2023年5月，改革试点正式启动。"),
    ("4月24日开会的是哪个部？", "市委组织部", "4月24日，市委组织部召开部务会议，传达学习精神。",
     "市委统战部", "4月24日，市委统战部召开部务会议，传达学习精神。"),
    ("谁驾驶的头车？", "李建国", "头车由老司机李建国驾驶。", "王海涛", "头车由老司机王海涛驾驶。"),
    ("发展战略叫什么？", "兴商建县", "当地提出“兴商建县”发展战略。", "兴商建市",
     "当地确立“兴商建市”发展战略。"),
]  # fmt: skip

NEITHER = [
    ("开行多少列？", "1.5万列", "班列累计开行1.5万列。", "120辆", "展厅摆着120辆汽车。"),
    ("开行多少列？", "1.5万列", "班列累计开行1.5万列。", "3000列", "编组站一天能解编3000列。"),
    ("卖了多少？", "3亿元", "全省卖出3亿元。", "2000万元", "全县卖出2000万元。"),
    ("什么时候通车？", "2014年11月18日", "2014年11月18日，首趟班列从义乌启程。", "2014年9月26日",
     "2014年9月26日，外宾来访时谈到合作前景。"),
    ("为什么停工？", "资金断裂", "因资金断裂，大楼停工。", "连日大雨", "连日大雨，山路难行。"),
    ("他做什么？", "董事长", "董事长何家兴到场。", "宣布公司扩产三成",
     "何家兴宣布公司扩产三成。"),
]  # fmt: skip


def relation(question, one, said, other, said_too, date="2026-05-10", other_date="2026-05-11"):
    first, second = Statement(one, said, date), Statement(other, said_too, other_date)
    agreement = compare(question, first, second)
    assert agreement == compare(question, second, first)
    return agreement


@pytest.mark.parametrize("pair", SAME)
def test_one_value_in_two_notations_is_the_same(pair):
    assert relation(*pair) == "same"


@pytest.mark.parametrize("pair", DATED)
def test_figures_of_different_dates_are_no_conflict(pair):
    assert relation(*pair) == "dated"


@pytest.mark.parametrize("pair", CONFLICTS)
def test_values_that_cannot_both_be_right_conflict(pair):
    assert relation(*pair) == "conflict"


@pytest.mark.parametrize("pair", NEITHER)
def test_no_alarm_on_values_of_different_things(pair):
    assert relation(*pair) == "different"
