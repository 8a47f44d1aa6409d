import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.meaning import keep_meaning


def kept(text, part, question="怎么样？"):
    place = text.index(part)
    start, end = keep_meaning(question, text, (place, place + len(part)))
    return text[start:end]


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("冬天外面零下25摄氏度，屋里暖和。", "25摄氏度", "零下25摄氏度"),
        ("水温为负3度。", "3度", "负3度"),
        ("全年来客近30万人次。", "30万人次", "近30万人次"),
        ("修桥花了不到两年。", "两年", "不到两年"),
        ("爆炸造成至少15名工人受伤。", "15名", "至少15名"),
        ("雨量比上年减少了12.5%。", "12.5%", "减少了12.5%"),
        ("雨量比上年下降约三成。", "三成", "下降约三成"),
        ("村里有40余项手艺。", "40", "40余项"),
        ("室温在18摄氏度以上。", "18摄氏度", "18摄氏度以上"),
        ("票价不超过5元。", "5元", "不超过5元"),
        ("工人干了20多年。", "20", "20多年"),
        ("这是第3届庙会。", "3届", "第3届"),
        ("上百名村民来了。", "百名村民", "上百名村民"),
        ("桥已修好，但尚未通车。", "通车", "尚未通车"),
        ("湖边禁止钓鱼。", "钓鱼", "禁止钓鱼"),
        ("他没有离开村子。", "离开村子", "没有离开村子"),
        ("车上有26种茶。", "6种", "26种"),
        ("发运124.7万标箱货物。", "124.7万标", "124.7万标箱"),
    ],
)
def test_a_word_that_turns_the_meaning_is_kept(text, part, whole):
    assert kept(text, part) == whole


@pytest.mark.parametrize(
    ("text", "part", "question"),
    [
        ("爆炸造成至少15名工人受伤。", "15名", "造成至少多少人受伤？"),
        ("雨量比上年减少12.5%。", "12.5%", "雨量减少了多少？"),
        ("雨量比上年减少12.5%。", "12.5%", "雨量下降了多少？"),
        ("45岁以上人群可以报名。", "45岁", "多少岁以上可以报名？"),
        ("湖边禁止钓鱼。", "钓鱼", "湖边禁止什么？"),
        ("没有王大力就没有这座桥。", "王大力", "桥是谁修的？"),
    ],
)
def test_what_the_question_says_itself_is_not_said_again(text, part, question):
    assert kept(text, part, question) == part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("为村民减负3000元。", "3000元"),
        ("洪水淹没农田三百亩。", "农田"),
        ("问他是不是村长。", "是村长"),
        ("2015年多次修路。", "2015年"),
        ("新桥长320米，不收费。", "320米"),
        ("近日，新桥长320米。", "320米"),
        ("会后，省道3号通车。", "省道3号"),
        ("会上签约30家企业。", "30家"),
        ("最近三年，湖水变清。", "三年"),
        ("船上3人获救。", "3人"),
    ],
)
def test_what_does_not_touch_or_turn_it_is_left_out(text, part):
    assert kept(text, part) == part


@given(st.text("零下3不多万到人，减以上没年", max_size=12), st.data())
def test_a_span_only_grows_and_stays_in_its_text(text, data):
    start = data.draw(st.integers(0, max(len(text) - 1, 0)))
    end = data.draw(st.integers(min(start + 1, len(text)), len(text)))
    first, last = keep_meaning("", text, (start, end))
    assert 0 <= first <= start <= end <= last <= len(text)
