"""Which encoding a text is read in."""

import codecs

import pytest

from corpus import CorpusError
from corpus.decoding import decode

SHORT = "新桥昨天通车"
LONG = "云溪镇的新桥昨天通车，全长320米，花了三亿元。镇长说：“进城从40分钟缩短到10分钟。”" * 20
TRADITIONAL = "雲溪鎮的新橋昨天通車，全長320米，花了三億元。鎮長說這是我們鎮的大事。"
TRADITIONAL_SHORT = "新橋昨天通車"
UNMARKED = ("utf-8", "gbk", "gb18030", "utf-16-le", "utf-16-be")
MARKED = ("utf-8-sig", "utf-16", "utf-32")


@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("encoding", [*UNMARKED, *MARKED])
def test_simplified_text_is_read_in_every_encoding(text, encoding):
    assert decode(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize("text", [TRADITIONAL_SHORT, TRADITIONAL], ids=["short", "long"])
@pytest.mark.parametrize("encoding", [*UNMARKED, *MARKED, "big5", "cp950"])
def test_traditional_text_is_read_in_every_encoding(text, encoding):
    assert decode(text.encode(encoding), "a.txt") == text


def test_signs_that_every_encoding_has_weigh_less_than_characters():
    assert decode("浙江海港义乌枢纽".encode("utf-16-le"), "a.txt") == "浙江海港义乌枢纽"


def test_characters_beyond_gbk_are_read_in_gb18030():
    text = "镇长李𬀩说，新桥昨天通车。"
    assert decode(text.encode("gb18030"), "a.txt") == text


def test_big_endian_mark_and_latin_text_without_any():
    assert decode(codecs.BOM_UTF16_BE + LONG.encode("utf-16-be"), "a.txt") == LONG
    assert decode("Yunxi bridge, 2026".encode("utf-16-le"), "a.txt") == "Yunxi bridge, 2026"


def test_every_kind_of_line_end_is_a_line_feed():
    assert decode("甲\r\n乙\r丙\n".encode(), "a.txt") == "甲\n乙\n丙\n"


def test_what_a_page_declares_is_believed_where_it_is_not_utf_8():
    korean = "서울에서 새로운 다리가 개통되었습니다"
    assert decode(korean.encode("euc-kr"), "a.html", "euc-kr") == korean
    assert decode(LONG.encode(), "a.html", "gbk") == LONG
    assert decode("李𬀩说。".encode("gb18030"), "a.html", "GB2312") == "李𬀩说。"
    japanese = "東京では新しい橋が開通しました"
    assert decode(japanese.encode("euc-jp"), "a.html", "EUC-JP") == japanese
    russian = "Новый мост открыли вчера в Москве"
    assert decode(russian.encode("cp1251"), "a.html", "windows-1251") == russian


@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize(
    "declared",
    [
        "no-such-encoding", "undefined", "unicode_escape", "iso-8859-1", "Windows-1252",
        "iso-8859-2", "koi8-r", "utf-16", "rot13",
    ],
)  # fmt: skip
def test_what_a_page_declares_is_not_believed_where_the_text_is_clearly_chinese(text, declared):
    assert decode(text.encode("gbk"), "a.html", declared) == text


def test_broken_text_that_is_declared_latin_is_an_error():
    with pytest.raises(CorpusError, match=r"a\.html:1: not UTF-8"):
        decode(LONG.encode()[:-1] + b"\xff", "a.html", "iso-8859-1")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (LONG[:30].encode() + b"\x80" + LONG[30:].encode(), "a.txt:1: not UTF-8 (byte 0x80)"),
        ("甲\n".encode() + b"\xff", "a.txt:2: not UTF-8 (byte 0xff)"),
        (codecs.BOM_UTF8 + b"\n\xff", "a.txt:2: not UTF-8 (byte 0xff)"),
        (codecs.BOM_UTF16_LE + b"\x00", "a.txt: begins like UTF-16-LE and is not"),
        ("Le café est fermé.".encode("latin-1"), "a.txt:1: not UTF-8 (byte 0xe9)"),
        ("東京では新しい橋が開通しました".encode("cp932"), "a.txt:1: not UTF-8 (byte 0x93)"),
    ],
    ids=["broken UTF-8", "second line", "after a mark", "half a character", "French", "Japanese"],
)
def test_what_is_no_chinese_text_is_an_error_and_not_guessed(data, message):
    with pytest.raises(CorpusError) as caught:
        decode(data, "a.txt")
    assert str(caught.value).startswith(message)
