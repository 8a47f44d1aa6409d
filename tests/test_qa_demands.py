import pytest

from index.text import normalise
from qa.demands import breaks_demand


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("首趟班列全程多少公里？", "82个"),
        ("义乌机场去年运了多少旅客", "8365亿元"),
        ("误了船期，赔了客户多少钱", "超过50%"),
        ("货走水路要漂多久？", "抵达终点马德里"),
        ("村里一共有多少个摊位", "卖衣服的"),
        ("哪年开的店", "义乌"),
        ("几月几号开幕", "国际会展中心"),
        ("出口增速是多少", "1.2亿元"),
        ("展览面积有多大", "500家"),
        ("一季度的失业率是多少", "653.3亿元"),
        ("那座山海拔多高", "3个小时"),
        ("村支书今年多大年纪", "300人"),
        ("招聘会接连办到第几回了", "2026年全国城市巡回"),
        ("城里人挣的是乡下人的几倍", "11.7%"),
        ("程老板来这儿多少个年头了", "2003年"),
        ("有自家牌子的摊位占多大一块", "偏僻、客流稀少"),
        ("二十年前一年做多少生意", "缺少一个独立的品牌"),
        ("她今年多大年纪了", "第三代"),
        ("首趟班列全程多少公里？", "从单向到双向"),
        ("义乌机场2025年旅客吞吐量是多少", "8365亿元"),
        ("2030年进出口要做到多少亿", "30%"),
        ("去年的产值有几百亿元", "3000人"),
        ("今年打算招几个毕业生", "一些"),
        ("那款音箱有多重", "21990卢比"),
        ("那款音箱多重", "足足3米"),
        ("降压每天该走多少步", "30分钟"),
        ("欠了员工多少遣散费没给", "七名"),
        ("这趟开了几趟车", "1.5亿元"),
        ("摔伤的工人送到了哪家医院", "富士电梯有限公司"),
        ("案子在哪个法院开庭", "上午9点"),
        ("贷款是哪家银行放的", "张老板"),
        ("新桥是哪个月通车的", "2025年"),
    ],
)
def test_an_answer_of_another_measure_breaks_the_demand(question, answer):
    assert breaks_demand(normalise(question), answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("首趟班列全程多少公里？", "13052公里"),
        ("2030年进出口要做到多少亿", "8365亿元"),
        ("去年的产值有几百亿元", "653.3亿"),
        ("全县有多少万人", "1,234,567人"),
        ("那款音箱卖多少钱", "21990卢比"),
        ("摔伤的工人送到了哪家医院", "镇卫生院"),
        ("新桥是哪个月通车的", "去年5月"),
        ("首趟班列全程多少公里？", "一万三千里"),
        ("义乌机场去年运了多少旅客", "68万人次"),
        ("义乌机场去年运了多少旅客", "近30万"),
        ("误了船期，赔了客户多少钱", "两万美元"),
        ("货走水路要漂多久？", "40多天"),
        ("货走水路要漂多久？", "半年"),
        ("哪年开的店", "2008年"),
        ("哪年开的店", "二十年前"),
        ("几月几号开幕", "5月14日"),
        ("出口增速是多少", "25.1%"),
        ("一季度的失业率是多少", "4.9%"),
        ("美元汇率是多少", "7.1元"),
        ("城里人挣的是乡下人的几倍", "1.76:1"),
        ("招聘会接连办到第几回了", "连续第四次"),
        ("这项指标在全省排第几", "居首位"),
        ("程老板来这儿多少个年头了", "23年"),
        ("有自家牌子的摊位占多大一块", "三分之二"),
        ("村里有多少人反对", "五分之一"),
        ("请人劝和一次收多少辛苦费", "分文不取"),
        ("这条街开了几家店", "一家"),
        ("他今年多大年纪了", "第三代传人，74岁"),
        ("港口去年的吞吐量是多少", "1.2亿吨"),
    ],
)
def test_an_answer_of_the_measure_asked_for_is_left(question, answer):
    assert not breaks_demand(normalise(question), answer)


@pytest.mark.parametrize(
    ("answer", "is_broken"), [("23.66亿元", True), ("17.9%", False), ("3亿元", False)]
)
def test_growth_stands_beside_a_word_of_change(answer, is_broken):
    evidence = "一季度科技创新投入达23.66亿元，同比增长17.9%，财政支出增加了3亿元。"
    question = normalise("科技创新投入同比增长多少")
    assert breaks_demand(question, answer, evidence) == is_broken


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("几个徒弟里最后谁留下来了", "女儿丁小满"),  # another word asks
        ("法院怎么算出樱桃该赔多少", "同期同品级的批发均价"),
        ("花木兰市场里好几十家店都搬去了哪儿", "城北"),
        ("哪几座城市通了航班", "马尼拉、大阪"),
        ("跟去年比差多远", "每亩少了一半"),
        ("老板叫什么名字", "周旭峰"),
    ],
)
def test_where_the_form_is_not_what_is_asked_nothing_is_demanded(question, answer):
    assert not breaks_demand(normalise(question), answer)


@pytest.mark.parametrize(
    ("answer", "evidence", "is_broken"),
    [
        ("20个足球场", "公园面积相当于20个足球场。", False),
        ("约20个足球场", "公园占地5万平方米，相当于约20个足球场的总和。", False),
        ("相当于三座西湖", "水库面积相当于三座西湖。", False),
        ("30个足球场", "望远镜占地面积约30个足球场大，设在洼地。", False),
        ("9个标准篮球场", "甲板面积接近9个标准篮球场。", False),
        ("20个足球场", "", True),
        ("3个足球场", "公园建有3个足球场。", True),
        ("3个足球场", "公园建有3个足球场和一个大的草坪。", True),
        ("3个", "公园总面积5万平方米，建有3个大型足球场。", True),
        ("500家", "公园相当于20个足球场，商户有500家。", True),
        ("3个小时", "走一圈相当于3个小时的锻炼。", True),
    ],
)
def test_an_area_may_be_likened_to_things_but_not_count_them(answer, evidence, is_broken):
    assert breaks_demand(normalise("公园面积有多大"), answer, evidence) == is_broken


@pytest.mark.parametrize(
    ("question", "answer"), [("货走水路要漂多久", "两个半月"), ("手术做了多久", "一个半小时")]
)
def test_a_figure_with_a_half_is_a_span_of_time(question, answer):
    assert not breaks_demand(normalise(question), answer)
    assert breaks_demand(normalise("村里一共有多少个摊位"), answer)
