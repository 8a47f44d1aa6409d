from index.pinyin import readings, sounds


def test_readings_have_no_tones_and_come_commonest_first():
    assert readings("乌") == ("wu",)
    assert set(readings("行")) >= {"xing", "hang"}


def test_what_is_not_chinese_has_no_reading():
    assert [readings(c) for c in ("a", "1", "？", "〇")] == [(), (), (), ()]


def test_sounds_that_many_do_not_tell_apart_are_one():
    assert sounds("章") & sounds("脏")
    assert sounds("宁") & sounds("林")
    assert not sounds("章") & sounds("昌")
