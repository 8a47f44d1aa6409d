import pytest

from corpus import Passage
from index import ScoredPassage
from qa.contrary_terms import without_contrary_terms
from qa.questions import parse_question
from qa.reader import Reading


def reading(text, evidence=None, title="市里的事"):
    passage = Passage("a", title, None, 1, 0, len(text), text)
    start = text.index(evidence) if evidence else 0
    span = (start, start + len(evidence or text))
    return Reading(
        ScoredPassage(passage, 0.8, 0.8, 0.8, 0.8), span, (span[0], span[0] + 2), 1.0, 0.5
    )


def kept(question, *readings):
    return without_contrary_terms(parse_question(question), readings)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("那里有几个国家级示范社区", "目前共创成26个市级示范社区，1个省级示范社区。"),
        ("有几家国家级重点实验室", "建成全省重点实验室4家。"),
        ("博士点是哪年批下来的", "学校2020年获批一级学科硕士点。"),
        ("障碍赛的银牌得主是谁", "作为金牌得主，卡拉冲过终点。"),
        ("亚军拿了多少奖金", "冠军的奖金是20万元。"),
        ("一等奖给多少钱", "二等奖3名，各5000元。"),
        ("下半年进账多少", "上半年收入3.2亿元。"),
        ("女工有多少", "厂里有男工120人。"),
        ("有多少小学生停课", "全市初中停课一天，涉及3万人。"),
        ("最高气温几度", "当天最低气温零下3度。"),
        ("进口了多少吨", "去年出口3万吨。"),
    ],
)
def test_a_sentence_on_the_contrary_does_not_answer(question, said):
    assert kept(question, reading(said)) == []


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("那里有几个市级示范社区", "目前共创成26个市级示范社区，1个省级示范社区。"),
        ("博士后工作站哪年设的", "2020年设博士后工作站。"),
        ("有几家国家级实验室", "建成全国重点实验室4家，在全省领先。"),
        ("市级还是省级非遗", "2020年列入省级非遗名录。"),
        ("研究生态的教授是谁", "王博士是生态学教授。"),
        ("从哪个出口出站", "进口商品展在B口。"),
        ("县级市有几个", "全省有3个地级市、5个市级中心。"),
        ("奖金一共多少", "冠军的奖金是20万元。"),
        ("亚军是谁", "比赛昨天结束，李一第二。"),
    ],
)
def test_what_is_not_contrary_is_kept(question, said):
    one = reading(said)
    assert kept(question, one) == [one]


def test_a_passage_or_title_that_names_what_is_asked_for_is_kept():
    gold = "卡拉拿了金牌。"
    beside = reading(f"银牌由李一获得。{gold}", gold)
    titled = reading(gold, title="李一的银牌之路")
    assert kept("银牌得主是谁", beside, titled) == [beside, titled]


def test_traditional_and_full_width_words_are_the_same():
    assert kept("銀牌得主是誰", reading("卡拉拿了金牌。")) == []
