"""Typing errors in questions, and questions that must stay as they are."""

import pytest

from corpus import Article, Section
from index import PassageIndex, build_index
from index.lexical import LexicalIndex
from index.segmentation import Segmenter
from index.spelling import Speller

NEWS = [
    "云栖镇的柳叶湖大桥昨天通车，设计师是梁景岚。",
    "柳叶湖大桥全长三百二十米，梁景岚说，工期只用了十四个月。",
    "梁景岚出生在义乌，毕业于同济大学。义乌市民前来祝贺。",
    "义乌的商户把小商品卖到鹿特丹。",
    "尼雄村建起了公共浴室，措勤县的干部来了。",
]

# Only the tone tells these from 程科源 and 苏溪, so they are taken for typing errors.
ONLY_TONES = ["程科远是谁？", "素溪是哪条河的支流？"]

# About people, places and things that the bundled articles do not have, or have under these very
# words; names that sound like theirs or share characters with them are among them.
CORRECT = [
    "冯旭东是哪里人？",
    "徐峰在哪家公司工作？",
    "程科远是谁？",
    "方天明的公司有多少人？",
    "何涛今年多大？",
    "李村有多少户人家？",
    "张家口的冬奥场馆有几座？",
    "易武的普洱茶多少钱一斤？",
    "宜昌到重庆有多远？",
    "马德堡半球实验是谁做的？",
    "宁德时代的总部在哪里？",
    "温州机场去年运送了多少旅客？",
    "李祖新是什么人？",
    "措美县的海拔是多少？",
    "苏州河有多长？",
    "素溪是哪条河的支流？",
    "中亚班列开到哪里？",
    "宁海和舟曲哪个人口多？",
    "佩斯卡拉在意大利哪个大区？",
    "雅加达的地铁是哪年通车的？",
    "纳扎列茨是哪个国家的城市？",
    "爱旭的竞争对手是谁？",
    "爱玛电动车卖了多少辆？",
    "周旭是哪一年退役的？",
    "后赵的都城在哪里？",
    "盈江县的特产是什么？",
    "大城镇有几所小学？",
    "小米汽车去年交付了多少辆？",
    "龙岩的土楼有几座？",
    "蔡国庆唱过什么歌？",
]


@pytest.fixture(scope="module")
def speller():
    def is_held(words):
        return any(words in text for text in NEWS)

    return Speller(LexicalIndex.build(NEWS), Segmenter(), is_held)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("梁景蓝是哪里人？", "梁景岚是哪里人？"),
        ("義屋的小商品卖到哪里？", "义乌的小商品卖到哪里？"),
        ("尼熊村在哪个县？", "尼雄村在哪个县？"),
        ("措琴县的干部来做什么？", "措勤县的干部来做什么？"),
        ("景梁岚毕业于哪里？", "梁景岚毕业于哪里？"),
    ],
)
def test_what_sounds_like_a_name_of_the_archive_is_taken_for_it(speller, typed, meant):
    assert speller.correct(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "梁景岚是哪里人？",  # right already
        "义务植树在哪天？",  # a word, though it sounds like a name
        "攒下了多少钱？",
        "梁景东是谁？",  # another person
        "GDP？",
        "",
    ],
)
def test_a_question_that_may_be_meant_as_typed_stays(speller, question):
    assert speller.correct(question) is None


def test_correct_questions_are_not_bent_to_the_archive(bundled_index):
    assert [q for q in CORRECT if bundled_index.correct(q)] == ONLY_TONES


def test_what_the_articles_write_is_no_error(bundled_index):
    sentence = bundled_index.article("001-1").text[:400]
    assert bundled_index.correct(sentence) is None


def test_an_index_corrects_to_names_of_its_dictionary(tmp_path):
    article = Article("x", "新桥", (Section(None, ("云栖的长虹卧波桥通车。", "长虹卧波桥很长。")),))
    build_index([article], tmp_path / "index", names=["长虹卧波桥"])
    assert PassageIndex.open(tmp_path / "index").correct("长虹握波桥多长？") == "长虹卧波桥多长？"
