"""What kind of answer a question wants: a number, a date, a name, or a whole sentence."""

import re
from enum import StrEnum

from qa.span_patterns import SURNAMES


class AnswerKind(StrEnum):
    """What kind of span answers a question."""

    QUANTITY = "quantity"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    NAME = "name"
    SENTENCE = "sentence"


_PLACES = (
    "地方|城市|国家|省份?|市|县|区|镇|乡|村|街道|地区|小区|社区|车站|机场|港口?|沙漠"
    "|展馆|场馆|会展中心|场所"
)
_ORGANISATIONS = (
    "公司|企业|单位|部门|机构|大学|学校|高校|学院|协会|促进会|银行|集团|媒体|报纸|报社"
    "|商会|组织|工厂|实验室|商铺|店|局"
)
_PEOPLE = (
    "老板|书记|会长|总经理|董事长|负责人|主理人|作者|记者|村支书|校长|市长|镇长|选手|球员"
    "|女儿|儿子|妻子|丈夫|孩子|父亲|母亲|爷爷|奶奶|外婆"
)

# Tried in order: the first pattern found decides. Its group, if any, is the head.
_KINDS: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # Who somebody is takes more than a name to say.
        (AnswerKind.SENTENCE, rf"^[{SURNAMES}][\u4e00-\u9fff]{{1,2}}是谁\W*$"),
        (AnswerKind.SENTENCE, "为什么|为何|为啥|怎么回事|什么原因|原因是|凭什么"),
        (
            AnswerKind.DATE,
            "什么时候|啥时候?|何时|哪一?[年天日]|哪一?个?月|几[月号时点]|什么日子|什么时间"
            "|何[年月日]|日期",
        ),
        (
            AnswerKind.PERSON,
            rf"(?:的|任|^)([^\W\d_的]{{2,8}})是谁|谁是[^？?]*?([^\W\d_的]{{2,4}})[？?]?$|谁|哪一?位|何人|什么人|姓什么|姓甚|名叫什么|(?:{_PEOPLE})(?:叫|是)什么",
        ),
        (
            AnswerKind.NAME,
            rf"(?:叫做?|称为|称作|名为|取名|名字是|名称是|简称)(?:什么|啥)({_PLACES})?"
            "|什么(?:名字|名称|称号|牌子|品牌|口号)",
        ),
        (AnswerKind.PLACE, rf"(?:哪[一两三几]?[个座处]?|什么|啥|何)({_PLACES})"),
        (
            AnswerKind.ORGANISATION,
            rf"(?:哪[一两三几]?[个家所]?|什么|啥|何)({_ORGANISATIONS})|哪[一几]?[家所]",
        ),
        (AnswerKind.PLACE, "哪里|哪儿|在哪|何地|何处|去哪|到哪|从哪"),
        (
            AnswerKind.QUANTITY,
            r"多少([^\W\d_]{0,2})|几([^\W\d_乎]{1,2})|多[大高长远宽深重久快厚]|比例|占比"
            "|增速|增幅|涨幅|百分之|第几|数量|总[额量]是|人数|价格是",
        ),
        (AnswerKind.SENTENCE, "如何|怎么|怎样|咋|什么|哪些|啥"),
    )
)

# What a question asks for implies the unit it is printed with; tried in order.
_IMPLIED_UNITS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), units)
    for pattern, units in (
        ("增长|增速|增幅|涨幅|比例|占比|百分|率|提升|下降|提高|几成", "%％倍成"),
        ("多久|多长时间|时长|几个?小时", "时钟天年月周"),
        ("多大(?:年纪|岁数)|年龄|几岁|岁数", "岁"),
        ("海拔|多高|高度", "米"),
        ("多远|多长|全长|里程", "里米"),
        ("面积", "米里亩"),
        ("温度|多少度|几度", "度℃"),
        ("钱|金额|收入|产值|成本|总额|交易额|营业额|货值|投资|造价|花费|融资|营收|工资", "元"),
    )
)


def classify(question: str) -> tuple[AnswerKind, str]:
    """Return the kind of answer that a question in normal form wants, and its head.

    The head says how the answer may end: "镇" for 哪个镇; for a quantity any of the
    characters, "家义" for 多少家义乌企业; for a person the office, "总裁" for 副总裁是谁. It is
    empty if the question does not say.
    """
    for kind, pattern in _KINDS:
        if match := pattern.search(question):
            head = next((group for group in match.groups() if group), "")
            if kind is AnswerKind.PERSON:
                return kind, head[-2:]
            if kind is AnswerKind.QUANTITY:
                return kind, _implied_units(question) or head
            return kind, head
    return AnswerKind.SENTENCE, ""


def _implied_units(question: str) -> str:
    return next((units for pattern, units in _IMPLIED_UNITS if pattern.search(question)), "")
