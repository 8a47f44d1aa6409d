import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer_kinds import AnswerKind
from qa.spans import find_spans


def texts(sentence, kind):
    return [sentence[start:end] for start, end in find_spans(sentence, kind)]


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("已累计开行超1.5万列，", "超1.5万列"),
        ("贸易额达8,365亿元", "8,365亿元"),
        ("日均客流近30万人次", "近30万人次"),
        ("助力集体增收21.8万元。", "21.8万元"),
        ("惠及农户40余户", "40余户"),
        ("三分之二商户有自主品牌", "三分之二"),
        ("增长２５.１％", "２５.１％"),
        ("历经六次迁址", "六次"),
    ],
)
def test_numbers_are_found_with_their_units(sentence, number):
    assert number in texts(sentence, AnswerKind.QUANTITY)


def test_a_chinese_numeral_without_a_unit_is_no_number():
    assert texts("一直走下去", AnswerKind.QUANTITY) == []


def test_a_date_is_not_taken_for_a_number():
    assert texts("2014年11月18日首次启程", AnswerKind.QUANTITY) == []


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("2014年11月18日，首次启程", "2014年11月18日"),
        ("截至2025年底", "2025年底"),
        ("今年一季度，出口增长", "今年一季度"),
        ("5月18日下午，正式开业", "5月18日下午"),
        ("自20世纪80年代起", "20世纪80年代"),
    ],
)
def test_dates_are_found_whole(sentence, date):
    assert date in texts(sentence, AnswerKind.DATE)


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("该企业高级副总裁徐新峰告诉记者。", "徐新峰"),
        ("驻村干部才达介绍道", "才达"),
        ("周旭峰仍记得当年的兴奋劲头", "周旭峰"),
    ],
)
def test_people_are_found_by_title_and_by_surname(sentence, name):
    assert name in texts(sentence, AnswerKind.PERSON)


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("西藏措勤县曲洛乡尼雄村微风习习", "措勤县"),
        ("大陈镇与磐安县双峰乡共建", "大陈镇"),
        ("抵达浙江杭州", "浙江杭州"),
    ],
)
def test_places_begin_where_a_word_begins(sentence, place):
    assert place in texts(sentence, AnswerKind.PLACE)


def test_organisations_lose_the_verb_before_them():
    sentence = "他在浙江盈和国际物流有限公司工作"
    assert "浙江盈和国际物流有限公司" in texts(sentence, AnswerKind.ORGANISATION)


def test_names_are_what_stands_in_quotation_marks():
    assert texts("曾是远近闻名的“水牛角村”", AnswerKind.NAME) == ["水牛角村"]


def test_a_question_for_a_sentence_has_no_spans():
    assert texts("2014年，129家企业", AnswerKind.SENTENCE) == []


@given(st.text(max_size=60), st.sampled_from(AnswerKind))
def test_spans_are_not_empty_and_lie_in_the_text(text, kind):
    for start, end in find_spans(text, kind):
        assert 0 <= start < end <= len(text)
