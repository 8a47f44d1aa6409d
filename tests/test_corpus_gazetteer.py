import pytest

from corpus.gazetteer import find_places, names_of


def names(text):
    return [text[place.start : place.end] for place in find_places(text)]


def only(text):
    (place,) = find_places(text)
    return place


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("浙江省义乌市和东阳", ["浙江省", "义乌市", "东阳"]),
        ("甘孜、黔东南、内蒙古、香港、恩施州", ["甘孜", "黔东南", "内蒙古", "香港", "恩施"]),
        ("从上海南站去海南", ["上海", "海南"]),
        ("印尼雅加达，阿联酋迪拜", ["印尼", "雅加达", "阿联酋", "迪拜"]),
        ("朝阳区的和平与合作", ["朝阳区"]),
        ("资源县的资源", ["资源县"]),
        ("中国全国各市县", []),
        ("", []),
    ],
)
def test_places_are_found_in_their_order_and_words_are_none(text, found):
    assert names(text) == found


def test_a_county_lies_in_its_city_and_province_and_not_the_other_way_round():
    county, city, province = only("义乌"), only("金华市"), only("浙江")
    assert county.may_be_in(city)
    assert county.may_be_in(province)
    assert not city.may_be_in(county)
    assert not only("东阳").may_be_in(county)
    assert (county.level, city.level, province.level) == (4, 3, 2)


def test_a_city_abroad_lies_in_its_country():
    assert only("马德里").may_be_in(only("西班牙"))
    assert not only("马德里").may_be_in(only("德国"))


def test_the_short_name_and_the_full_one_are_of_the_same_place():
    assert only("义乌").lineages == only("义乌市").lineages
    assert set(names_of(only("义乌").lineages)) == {"义乌", "义乌市"}


def test_a_name_of_several_places_may_be_any_of_them():
    drum_tower = only("鼓楼区")
    assert drum_tower.may_be_in(only("南京"))
    assert drum_tower.may_be_in(only("福州"))
    assert not drum_tower.may_be_in(only("杭州"))
