import pytest

from corpus import Article, Passage, Section
from index import ScoredPassage
from qa.other_places import places_missing, without_other_places
from qa.questions import parse_question
from qa.reader import Reading


def article(text, **around):
    return Article("a", around.pop("title", "一季度开门红"), (Section(None, (text,)),), **around)


def missing(question, text, **around):
    return places_missing(parse_question(question), article(text, **around))


def test_an_article_on_another_county_does_not_tell_of_the_one_asked_for():
    assert missing("东阳的收入比是多少？", "义乌城乡收入比为1.76:1。") == ["东阳"]
    assert missing("义乌的收入比是多少？", "义乌城乡收入比为1.76:1。") == []


def test_an_article_that_names_no_place_as_exact_may_be_of_the_one_asked_for():
    assert missing("东阳的收入比是多少？", "浙江省内，我市收入比最低。") == []
    assert missing("东阳的收入比是多少？", "我市的产品卖到上海。") == []


@pytest.mark.parametrize("around", [{"title": "东阳开门红"}, {"source": "东阳日报"}])
def test_title_and_source_name_places_too(around):
    assert missing("东阳的收入比是多少？", "收入比低于义乌。", **around) == []


def test_a_place_within_the_one_asked_for_is_of_it():
    assert missing("西班牙哪座城市通了车？", "班列从义乌开到马德里。") == []
    assert missing("德国哪座城市通了车？", "班列从义乌开到马德里。") == ["德国"]
    assert missing("江苏哪座城市通了车？", "班列从义乌开到南京。") == []


def test_traditional_characters_name_the_same_places():
    assert missing("東陽的收入比是多少？", "義烏城鄉收入比為1.76:1。") == ["东阳"]
    assert missing("义乌的收入比是多少？", "義烏城鄉收入比為1.76:1，東陽更高。") == []


def test_characters_of_two_words_are_no_place():
    assert missing("舰队因为什么获得荣誉？", "义乌来的舰队守住了海岸。") == []
    assert missing("得荣县为什么受表扬？", "义乌来的舰队守住了海岸。") == ["得荣县"]


def test_of_places_named_together_one_is_enough():
    assert missing("义乌和东阳哪个收入高？", "义乌收入高。") == []
    assert missing("永康、东阳哪个收入高？", "义乌收入高。") == ["永康", "东阳"]
    assert missing("义乌的收入和东阳的产值是多少？", "义乌收入高。") == []
    assert missing("义乌去东阳怎么走？", "义乌通了高铁。") == ["东阳"]


def test_of_clauses_that_name_places_one_is_enough():
    assert missing("上海有多少商户，西藏有多少澡堂？", "西藏有5118个澡堂。") == []
    assert missing("上海有多少商户，西藏有多少澡堂？", "青海有5118个澡堂。") == ["上海"]


def test_readings_of_other_places_are_left_out_and_the_others_keep_their_order():
    texts = {"东": "东阳收入比高。", "义": "义乌收入比低。", "我": "我市收入比低。"}
    readings = [
        Reading(
            ScoredPassage(Passage(id, "报", None, 1, 0, 6, text), 0.8, 0.8, 0.8, 0.8),
            (0, 6), (0, 2), 1.0, 0.5,
        )
        for id, text in texts.items()
    ]  # fmt: skip
    question = parse_question("东阳的收入比高吗？")
    kept = without_other_places(question, readings, lambda id: article(texts[id]))
    assert [reading.passage.article_id for reading in kept] == ["东", "我"]
