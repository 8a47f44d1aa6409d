"""What the form of a question demands of its answer: 多少公里 is not answered by 82个.

A closed list of forms, each so plain that hardly any true answer breaks it (measured on the
training news, see the training README). Where the form says nothing, nothing is demanded.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.quantities import Quantity, find_quantities
from qa.questions import Question
from qa.reader import Reading

_NUMERAL = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿几半双]")

_MONEY = {"元", "美元", "欧元", "日元", "英镑", "港元", "卢布", "分钟"}
"""With 8分, which is read as minutes."""
_LENGTH, _AREA, _WEIGHT = {"米"}, {"平方米", "亩"}, {"公斤"}
_SPAN = {"天", "年", "分钟", "月", "周", "届", "期"}
_SHARE = {"%", "百分点", "个百分点", "倍", "的"}
_AGE, _HEAT = {"岁"}, {"度", "℃"}
_MEASURES = (_MONEY, _LENGTH, _AREA, _WEIGHT, _SPAN, _SHARE, _AGE, _HEAT)
"""Units that measure; all others count things."""

_THINGS = "个"
_IN_THINGS = re.compile("个(?!多?半?(?:月|星期|礼拜|工作日|世纪|学期|季度|昼夜|小时|钟))")

_HOW_MANY = r"(?<![那这好等])(?:多少|(?<!哪)几)(?![十百千万亿])"

_OTHER_WORDS = re.compile("谁|什么|啥|怎|咋|为何|如何|哪")
"""Where one of them stands beside the form, the form may not be what is asked for: 被撤线路的月票
怎么算退多少钱."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of question.

    Attributes:
        asks: What its questions look like.
        units: In which its answer is given, or `_THINGS`; empty for a number of any unit.
        needs: What must stand in the answer, if it is no quantity.
    """

    asks: re.Pattern[str]
    units: frozenset[str] = frozenset()
    needs: re.Pattern[str] | None = None


def _form(asks: str, units: set[str] | None = None, needs: str | None = None) -> _Form:
    return _Form(re.compile(asks), frozenset(units or ()), re.compile(needs) if needs else None)


_COUNTERS = "个名位家户口座处所间栋条列趟辆架艘台件份张场次项种类门支只头棵株本句"
_COUNTED = (
    "人(?!民币)|企业|公司|商户|店|村|城市|国家|旅客|游客|乘客|观众|学生"
    "|员工|工人|居民|村民|粉丝|职工|摊位|线路"
)

_FORMS = (  # tried in order: the first that fits decides
    _form("哪一?年|何年|几几年", needs="[年岁]|[12][0-9]{3}|世纪|今|当时|[后前]$"),
    _form(
        "哪一?天|哪一?日|何日|几月几[号日]|(?:几|多少)号(?!线|楼|馆|院|人)",
        needs="[日号天月周]|[今昨明]|节|星期|[一二三四五六七八九十]$",
    ),
    _form(
        rf"{_HOW_MANY}个?(?:百分点|成(?![员都分]))|百分之几|百分之多少|(?<![汇效])率(?:是|有|为|达到?)?多[少高]|占比|增速|增幅|涨幅",
        _SHARE,
    ),
    _form(rf"多少钱|{_HOW_MANY}(?:块钱|元|美元|欧元)|金额(?:是|有)?多少", _MONEY),
    _form(rf"{_HOW_MANY}(?:平方|亩|公顷)|面积(?:是|有)?多[少大]", _AREA),
    _form(
        rf"{_HOW_MANY}(?:公里|千米|米|里路|里地)|(?<!差)多远|海拔(?:是|有)?多[少高]",
        _LENGTH,
    ),
    _form(rf"{_HOW_MANY}(?:吨|公斤|千克|斤)|(?:有|是)多重", _WEIGHT),
    _form(
        r"多久(?!.?一[次趟回班])|多长时间"
        rf"|{_HOW_MANY}个?(?:天|小时|分钟|年头|月(?![几多份])|星期|礼拜)",
        _SPAN,
    ),
    _form("几岁|多大(?:年纪|岁数|年龄)|多少岁|年龄(?:是|有)?多[少大]", _AGE),
    _form(rf"{_HOW_MANY}摄氏?度|气温(?:是|有)?多少", _HEAT),
    _form(rf"{_HOW_MANY}[{_COUNTERS}]?(?:{_COUNTED})", {_THINGS}),
    _form(f"多少(?!有点)|几(?=[{_COUNTERS}成倍回])"),
)


def without_broken_demands(question: Question, readings: Sequence[Reading]) -> list[Reading]:
    """Leave out readings that cannot be answers by the form of the question.

    Args:
        question: What was asked.
        readings: In any order, which is kept.
    """
    asked = question.normalised
    return [reading for reading in readings if not breaks_demand(asked, reading.answer_text)]


def breaks_demand(question: str, answer: str) -> bool:
    """Whether an answer cannot be one by the form of the question.

    Args:
        question: In normal form.
        answer: The words of a passage.
    """
    for form in _FORMS:
        if match := form.asks.search(question):
            rest = question[: match.start()] + question[match.end() :]
            return not _OTHER_WORDS.search(rest) and _breaks(form, answer)
    return False


def _breaks(form: _Form, answer: str) -> bool:
    if form.needs:
        return not form.needs.search(answer)
    if not _NUMERAL.search(answer):
        return True
    said = [_unit(quantity, answer) for quantity in find_quantities(answer)]
    return bool(form.units and said) and not any(_is_in(unit, form.units) for unit in said)


def _unit(quantity: Quantity, text: str) -> str:
    """What is counted; "" if nothing is named."""
    return quantity.unit or (_THINGS if _IN_THINGS.match(text, quantity.end - 1) else "")


def _is_in(unit: str, units: frozenset[str]) -> bool:
    if _THINGS in units:
        return not any(unit in measure for measure in _MEASURES)
    return not unit or unit in units
