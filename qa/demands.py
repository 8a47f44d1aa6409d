"""What the form of a question demands of its answer: 多少公里 is not answered by 82个.

A closed list of forms, each so plain that hardly any true answer breaks it (measured on the
training news, see the training README). Where the form says nothing, nothing is demanded.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.quantities import CURRENCIES, Quantity, find_quantities
from qa.questions import Question
from qa.reader import Reading

_NUMERALS = r"\d零〇一二两三四五六七八九十百千万亿几"
_NUMERAL = re.compile(rf"[{_NUMERALS}半双]|免|分文|全额")
_NO_AMOUNT = re.compile(r"第[一二三四五六七八九十百千\d]++(?![天个年月周分])|双")
"""Numerals that are never an amount: 第三代 is no age, 从单向到双向 no length."""
_NO_NUMBER = re.compile("一(?:些|批|群|系列)")
"""Answers that are no number, though they have a numeral."""
_ONLY_A_THING = re.compile("一[个条种家位名项些样份点直定起般切次步把批座件张大方]")
_LONGEST_OF_ONE = 6
"""Characters of an answer whose only number is 一个; a longer one tells of a thing, no number."""

_MONEY = {*CURRENCIES, "分钟"}
"""With 8分, which is read as minutes."""
_LENGTH, _AREA, _WEIGHT = {"米"}, {"平方米", "亩"}, {"公斤"}
_SPAN = {"天", "年", "分钟", "月", "周", "届", "期"}
_PART = {"的"}
"""As in 五分之一的."""
_SHARE = {"%", "百分点", "个百分点", "倍", *_PART}
_AGE, _HEAT = {"岁"}, {"度", "℃"}
_MEASURES = (_MONEY, _LENGTH, _AREA, _WEIGHT, _SPAN, _SHARE, _AGE, _HEAT)
"""Units that measure; all others count things."""

_THINGS = "个"
_IN_THINGS = re.compile("个(?!多?半?(?:月|星期|礼拜|工作日|世纪|学期|季度|昼夜|小时|钟))")

_LIKENED = re.compile(
    "(?:相当于|等于|抵得?[上过])[^，。；：！？]{0,2}$|(?:面积|占地)(?:达到?|为|是|大?约|接?近)*$"
)
_AS_LARGE = re.compile(r"[^\W个和与及]{2,8}?(?:[那这]么大|大小|大(?=的|\W|$))")
"""Before and after things that tell how large something is: 相当于20个足球场, 20个足球场大; 建有3个
足球场 does not."""

_A_YEAR = r"[^，]{0,2}(?:19|20)\d\d年[\d月日]*[^，]{0,2}"
"""A date, no span of time."""

_STOP = re.compile("[，。；：！？]")

_HOW_MANY = r"(?<![那这好等])(?:多少|(?<!哪)几)(?![十百千万亿])"

_OTHER_WORDS = re.compile("谁|什么|啥|怎|咋|为何|为的|干嘛|如何|哪")
"""Where one of them stands beside the form, or a second 多少, the form may not be what is asked
for: 被撤线路的月票怎么算退多少钱."""
_HOW_MUCH = re.compile("多[少高长宽深重远大久]")


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of question.

    Attributes:
        asks: What its questions look like.
        units: In which its answer is given, or `_THINGS`; empty for a number of any unit.
        is_of_size: Whether things that a size is likened to are an answer: 相当于20个足球场.
        needs: What must stand in the answer, if it is no quantity.
        beside: What must stand in the answer or its clause, if that matters.
        never: What is no answer as a whole, if there is such.
    """

    asks: re.Pattern[str]
    units: frozenset[str] = frozenset()
    is_of_size: bool = False
    needs: re.Pattern[str] | None = None
    beside: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None


def _form(
    asks: str,
    units: set[str] | None = None,
    needs: str | None = None,
    beside: str | None = None,
    never: str | None = None,
    *,
    is_of_size: bool = False,
) -> _Form:
    others = (re.compile(pattern) if pattern else None for pattern in (needs, beside, never))
    return _Form(re.compile(asks), frozenset(units or ()), is_of_size, *others)


_COUNTERS = "个名位家户口座处所间栋条列趟辆架艘台件份张场次项种类门支只头棵株本句"
_COUNTED = (
    "人(?!民币)|企业|公司|商户|店|村|城市|国家|旅客|游客|乘客|观众|学生"
    "|员工|工人|居民|村民|粉丝|职工|摊位|线路"
)

_CHANGE = "[增涨升降减跌滑落高低快慢多少大小翻缩扩提省差比从由]|超出|倍"

_FORMS = (  # tried in order: the first that fits decides
    _form(
        rf"第几|老几|第{_HOW_MANY}",
        needs=r"[第首冠亚季榜末最前头]|倒数|[一二三四五六七八九十\d][次届回位名楼层章]",
    ),
    _form(rf"{_HOW_MANY}倍", needs=r"[倍翻番比半:]|分之|^\d\.\d+$"),
    _form("哪一?年|何年|几几年", needs="[年岁]|[12][0-9]{3}|世纪|今|当时|[后前]$"),
    _form(
        "哪一?天|哪一?日|何日|几月几[号日]|(?:几|多少)号(?!线|楼|馆|院|人)",
        needs=r"[日号天月周]|[今昨明]|[节旦庆底初]|中秋|除夕|端午|元宵|重阳|\d[./]\d|星期|[一二三四五六七八九十]$",
    ),
    _form("哪一?个月|几月份?(?![几多])", needs=r"[月季春夏秋冬节]|\d[./]\d"),
    _form("哪一?[家所个](?:大?医院|诊所)", needs="院|诊|卫生|中心"),
    _form("哪一?[家个]法院", needs="[院庭]"),
    _form("哪一?家银行", needs="行|信用|农信"),
    _form(
        rf"{_HOW_MANY}个?(?:百分点|成(?![员都分]))|百分之几|百分之多少|(?<![汇效])率(?:是|有|为|达到?)?多[少高]|占比|增速|增幅|涨幅",
        _SHARE,
    ),
    _form("(?:同比|环比)[^,。]{0,8}多少|(?:增长|上涨|下降)了?多少[?。!]*$", beside=_CHANGE),
    _form("(?:吞吐|客流|客运|货运|发送|降雨|用电|排放)量[^，,]{0,6}多[少大]", never=".*元"),
    _form("(?:多少|(?<!哪)几)[十百千]*[万亿]+(?:元|块)", _MONEY),
    _form(r"(?<!\d)多少[万亿]", needs=r"[万亿千几倍元]|分之|\d{4}|\d,\d{3}"),
    _form(
        rf"多少钱|{_HOW_MANY}(?:块钱|元|美元|欧元)|金额(?:是|有)?多少"
        rf"|多少[^\W{_NUMERALS}]{{0,3}}(?:费|资金|补贴|补助|奖金|罚款|赔偿款?|工资|货款|存款|贷款|投资|营收|收入|利润)(?=[了没给?。!]|$)",
        _MONEY,
    ),
    _form(rf"{_HOW_MANY}(?:平方|亩|公顷)", _AREA),
    _form("面积(?:是|有)?多[少大]", _AREA, is_of_size=True),
    _form(
        rf"{_HOW_MANY}(?:公里|千米|米|里路|里地)|(?<!差)多远|海拔(?:是|有)?多[少高]",
        _LENGTH,
    ),
    _form(rf"{_HOW_MANY}(?:吨|公斤|千克|斤)|(?<![了的])多重(?![视要复的])", _WEIGHT),
    _form(
        r"多久(?!.?一[次趟回班])|多长时间"
        rf"|{_HOW_MANY}个?(?:天|小时|分钟|年头|月(?![几多份])|星期|礼拜)",
        _SPAN,
        never=_A_YEAR,
    ),
    _form("几岁|多大(?:年纪|岁数|年龄)|多少岁|年龄(?:是|有)?多[少大]", _AGE),
    _form(rf"{_HOW_MANY}摄氏?度|气温(?:是|有)?多少", _HEAT),
    _form(
        rf"{_HOW_MANY}(?:[{_COUNTERS}]?(?:{_COUNTED})(?![费钱租])|[名位户座所栋条列趟辆架艘台件张项种类只棵株本句步首部篇枚套](?![子钱]))",
        {_THINGS},
    ),
    _form(f"多少(?!有点)|几(?=[{_COUNTERS}成倍回])|占了?多大"),
)


def without_broken_demands(question: Question, readings: Sequence[Reading]) -> list[Reading]:
    """Leave out readings that cannot be answers by the form of the question.

    Args:
        question: What was asked.
        readings: In any order, which is kept.
    """
    asked = question.normalised
    return [
        reading
        for reading in readings
        if not breaks_demand(asked, reading.answer_text, reading.evidence_text)
    ]


def breaks_demand(question: str, answer: str, evidence: str = "") -> bool:
    """Whether an answer cannot be one by the form of the question.

    Args:
        question: In normal form.
        answer: The words of a passage.
        evidence: The sentence around them.
    """
    for form in _FORMS:
        if match := form.asks.search(question):
            rest = question[: match.start()] + question[match.end() :]
            is_second = _HOW_MUCH.search(rest) and re.search("多少|几", match[0])
            is_other = is_second or _OTHER_WORDS.search(rest)
            return not is_other and _breaks(form, answer, evidence)
    return False


def _breaks(form: _Form, answer: str, evidence: str) -> bool:
    if form.needs:
        return not form.needs.search(answer)
    said = _ONLY_A_THING.sub("", answer) if len(answer) > _LONGEST_OF_ONE else answer
    if form.units and _THINGS not in form.units:
        said = _NO_AMOUNT.sub("", said)
    if not _NUMERAL.search(said) or _NO_NUMBER.fullmatch(said):
        return True
    if form.beside and not form.beside.search(_clause(answer, evidence)):
        return True
    if form.never and form.never.fullmatch(answer):
        return True
    quantities = list(find_quantities(answer))
    if not form.units or not quantities:
        return False
    if form.is_of_size and _is_likened(quantities[0], answer, evidence):
        return False
    return not any(_is_in(_unit(quantity, answer), form.units) for quantity in quantities)


def _is_likened(things: Quantity, answer: str, evidence: str) -> bool:
    """Whether a sentence names things to tell how large something is."""
    if not _is_in(_unit(things, answer), frozenset(_THINGS)):
        return False
    before, _, after = evidence.partition(answer)
    is_after = _LIKENED.search(before + answer[: things.start])
    return bool(is_after or _AS_LARGE.match(answer[things.end :] + after))


def _clause(answer: str, evidence: str) -> str:
    """The answer with what stands beside it in its clause."""
    before, _, after = evidence.partition(answer)
    return _STOP.split(before)[-1] + answer + _STOP.split(after)[0]


def _unit(quantity: Quantity, text: str) -> str:
    """What is counted; "" if nothing is named."""
    return quantity.unit or (_THINGS if _IN_THINGS.match(text, quantity.end - 1) else "")


def _is_in(unit: str, units: frozenset[str]) -> bool:
    if _THINGS in units:
        return unit in _PART or not any(unit in measure for measure in _MEASURES)
    return not unit or unit in units
