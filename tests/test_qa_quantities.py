import pytest

from qa.quantities import find_quantities, to_numerals


def parse(text):
    [quantity] = find_quantities(text)
    assert (quantity.start, quantity.end) == (0, len(text))
    return quantity


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("15000列", 15000, 15000, "列"),
        ("1.5万列", 15000, 15000, "列"),
        ("一万五千列", 15000, 15000, "列"),
        ("15,000列", 15000, 15000, "列"),
        ("8365亿元", 836_500_000_000, 836_500_000_000, "元"),
        ("1.14万亿元", 1.14e12, 1.14e12, "元"),
        ("近30万", 200_000, 300_000, ""),
        ("超1.5万", 15000, 16500, ""),
        ("40余项", 40, 50, "项"),
        ("230多个", 230, 240, ""),
        ("10多万人", 100_000, 200_000, "人"),
        ("2万余吨", 20_000_000, 30_000_000, "公斤"),
        ("约300米", 250, 350, "米"),
        ("两公里", 2000, 2000, "米"),
        ("3至5公里", 3000, 5000, "米"),
        ("三分之二", 2 / 3, 2 / 3, "的"),
        ("百分之二十五", 25, 25, "%"),
        ("百分之16点五", 16.5, 16.5, "%"),
        ("25.1%", 25.1, 25.1, "%"),
        ("三成", 30, 30, "%"),
        ("十二年", 12, 12, "年"),
        ("4700米以上", 4700, 5170, "米"),
        ("20人左右", 15, 25, "人"),
        ("十名", 10, 10, "人"),
        ("十几个", 11, 19, ""),
        ("三十几万人", 310_000, 390_000, "人"),
        ("数百家", 200, 999, "家"),
        ("上千万元", 1e7, 9.999e7, "元"),
        ("三点五万人", 35_000, 35_000, "人"),
        ("一个半小时", 90, 90, "分钟"),
        ("2个半小时", 150, 150, "分钟"),
        ("两小时半", 150, 150, "分钟"),
        ("半个小时", 30, 30, "分钟"),
        ("半小时", 30, 30, "分钟"),
        ("约一个半钟头", 75, 105, "分钟"),
        ("3至4个半小时", 180, 270, "分钟"),
        ("一个多小时", 60, 120, "分钟"),
        ("半个多小时", 30, 60, "分钟"),
        ("两个半月", 2.5, 2.5, "月"),
        ("12个多月", 12, 13, "月"),
        ("三个半星期", 3.5, 3.5, "周"),
        ("半个世纪", 50, 50, "年"),
        ("三年半", 3.5, 3.5, "年"),
        ("一天半", 1.5, 1.5, "天"),
        ("两公里半", 2500, 2500, "米"),
        ("两倍半", 2.5, 2.5, "倍"),
        ("8365 亿元", 836_500_000_000, 836_500_000_000, "元"),
        ("超 25.1 %", 25.1, 27.61, "%"),
    ],
)
def test_a_quantity_is_read_as_the_values_it_can_have(text, low, high, unit):
    quantity = parse(text)
    assert (quantity.low, quantity.high) == pytest.approx((low, high))
    assert quantity.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "上半个月",
        "大半个小时",
        "半个月亮",
        "",
        "大陈镇",
        "百千万亿人",
        "零分之一",
        "千亿一流产业",
        "二亿二",
        "二十〇",
        "1" + "亿" * 40,
    ],
)
def test_what_is_no_quantity_is_none(text):
    assert list(find_quantities(text)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5万列", "15000列"), ("二十五", "25"), ("3公里", "3000米"), ("5名", "5人")],
)
def test_the_same_value_in_another_notation_is_equal(one, other):
    values = {(q.low, q.high, q.unit) for q in map(parse, (one, other))}
    assert len(values) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("45项", "40余项"),
        ("128万个", "128万标箱"),
        ("233个", "230多个"),
        ("28万人", "近30万人"),
        ("300米", "约310米"),
        ("十几个", "15个"),
        ("几十家", "45家"),
        ("上百家", "130家"),
        ("一个多小时", "80分钟"),
        ("两个半月", "两个多月"),
    ],
)
def test_precision_alone_is_no_contradiction(one, other):
    assert parse(one).is_compatible(parse(other))
    assert parse(other).is_compatible(parse(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [("45项", "30余项"), ("45项", "45个百分点"), ("8000亿元", "8365亿元"), ("5美元", "5元")],
)
def test_other_values_and_other_units_are_not_compatible(one, other):
    assert not parse(one).is_compatible(parse(other))


def test_quantities_are_found_where_they_stand():
    text = "义乌有1.5万家企业，近30万人，增长25.1%。"
    found = [(text[q.start : q.end], q.unit) for q in find_quantities(text)]
    assert found == [("1.5万家", "家"), ("近30万人", "人"), ("25.1%", "%")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("工作三年半了", "三年半"),
        ("三年半时间", "三年半"),
        ("两年半导体热", "两年"),
        ("三次半决赛", "三次"),
        ("两个半场", "两个"),
        ("一年半载", "一年"),
        ("每天半小时", "半小时"),
    ],
)
def test_a_half_after_a_unit_is_read_with_it_unless_it_begins_a_word(text, words):
    assert [text[q.start : q.end] for q in find_quantities(text)] == [words]


@pytest.mark.parametrize(("number", "numerals"), [("27", "二十七"), ("3.5", "三点五")])
def test_digits_are_written_as_numerals(number, numerals):
    assert to_numerals(number) == numerals
