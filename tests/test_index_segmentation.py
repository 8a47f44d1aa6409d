from index.segmentation import characters, words


def test_words_come_with_the_shorter_words_inside_them():
    found = words("义乌国际商贸城")
    assert "国际" in found
    assert "商贸" in found


def test_words_are_folded_and_leave_punctuation_out():
    assert words("ＡＩ，２０２５！") == ["ai", "2025"]
    assert words("貿易") == words("贸易")


def test_characters_stand_alone_but_latin_words_and_numbers_stay_whole():
    assert characters("浙江App有23.6%，1.5万") == [
        "浙", "江", "app", "有", "23.6", "1.5", "万"
    ]  # fmt: skip


def test_nothing_is_left_of_spaces_and_punctuation():
    assert words(" 。？") == characters(" 。？") == []
