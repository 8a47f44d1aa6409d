"""The form in which texts are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import content_of, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("ＡＢＣ１２３％", "abc123%"),
        ("ｶﾞ㎏①", "ガkg1"),
        ("義烏經濟發展", "义乌经济发展"),
        ("《義烏》，“A”！", "《义乌》,“a”!"),
        ("义\u200b乌\ufeff小\u00ad商\u2060品", "义乌小商品"),
        ("甲\x00乙\t丙\n丁", "甲 乙 丙 丁"),
        ("甲\u3000乙", "甲 乙"),
        ("Yiwu YIWU", "yiwu yiwu"),
        ("🚄𠮷", "🚄𠮷"),
    ],
)
def test_width_script_case_and_invisible_characters_are_folded(text, expected):
    assert normalise(text) == expected


@given(st.text())
def test_normal_form_holds_no_control_characters_and_no_full_width_letters(text):
    folded = normalise(text)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in folded)
    assert not any("\uff21" <= c <= "\uff5a" or c in "\u200b\ufeff" for c in folded)


@given(st.text(alphabet="义乌小商品abc12 ,。"))
def test_text_in_normal_form_stays_as_it_is(text):
    assert normalise(text) == text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("义乌什么时候开通班列？", "义乌 开通班列?"),
        ("請問誰去過義烏", "  去过义乌"),
        ("义乌有多少家商户呢", "义乌有 家商户 "),
        ("义乌 2025 GDP", "义乌 2025 gdp"),
        ("为什么？", " ?"),
    ],
)
def test_question_words_become_one_space_each_the_longest_first(question, expected):
    assert content_of(question) == expected
