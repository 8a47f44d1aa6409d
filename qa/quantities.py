"""Numbers with units, in every way papers print them, as values that can be compared.

1.5万列 = 15000列 = 一万五千列; 近30万 lies just below, 超1.5万 and 40余项 above what they name;
三分之二, 25.1%, 3至5公里, 一个半小时 = 90分钟. Chinese numerals are read by cn2an.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import cn2an

from corpus.spacing import close_up

CURRENCIES = (
    "美元", "欧元", "日元", "英镑", "港元", "卢布", "韩元", "澳元", "加元", "新元", "卢比", "泰铢",
    "法郎", "比索", "里拉", "坚戈", "克朗", "元",
)  # fmt: skip
_SCALED = {  # unit: (what it is counted in, how many of those)
    "公里": ("米", 1000), "千米": ("米", 1000), "里": ("米", 500), "厘米": ("米", 0.01),
    "毫米": ("米", 0.001), "平方公里": ("平方米", 1e6), "平方千米": ("平方米", 1e6),
    "公顷": ("平方米", 1e4), "吨": ("公斤", 1000), "千克": ("公斤", 1), "克": ("公斤", 0.001),
    "小时": ("分钟", 60), "个小时": ("分钟", 60), "钟头": ("分钟", 60), "个钟头": ("分钟", 60),
    "分": ("分钟", 1), "个月": ("月", 1), "星期": ("周", 1), "个星期": ("周", 1),
    "世纪": ("年", 100), "个世纪": ("年", 100), "名": ("人", 1),
    "位": ("人", 1), "个人": ("人", 1), "口人": ("人", 1), "成": ("%", 10), "％": ("%", 1),
    "个": ("", 1),
}  # fmt: skip

_RATIOS = {"%", "百分点", "个百分点", "的", "倍"}

UNITS = (
    f"{'|'.join(CURRENCIES)}|人次|多人|个人|口人|人|家|个百分点|百分点|个小时|个|条|列次|列|标箱|吨|公斤|千克|克|公里|千米|"
    "厘米|毫米|平方米|平方公里|平方千米|公顷|米|里|亩|户|件|项|场|天|年|岁|倍|名|位|所|座|辆|架次|架|票|单|种|类|"
    "次|小时|分钟|分|班列|班|万件|套|台|门|间|本|部|首|届|期|层|栋|棵|株|头|只|匹|艘|趟|笔|批|张|"
    "例|枚|颗|份|起|度|千瓦时|千瓦|兆瓦|立方米|升|℃|%|％|成"
)
"""What is counted, as a regular expression; longer ones first where one begins with another."""

_DIGITS = r"\d[\d,]*(?:\.\d+)?"
_HAN = "[零〇一二三四五六七八九十两百千万亿]+"
_HAN_POINT = "[零一二三四五六七八九十百千]+点[零一二三四五六七八九]+(?=[万亿倍元米公个%％])"
_NUMBER = rf"(?:{_DIGITS}|{_HAN_POINT}|{_HAN})"
_HALVED = "(?:小时|钟头|月(?![板形刊报饼亮])|星期|世纪)"
"""What 半个, 个半 and 个多 are said of: 半个月 but not 两个半场."""
_HALF = rf"(?<![上下前后大小多过])半(?=个?多?{_HALVED})"
_AND_HALF = r"(?<=[年天岁倍亩里时])半(?=[的多来后前以内之间了才就时左]|\W|\Z)"
"""After a unit: 三年半 but not 两年半导体."""
_SOME = "[二三四五六七八九]?十几|(?:好?几|数|上)[十百千](?!货)"
_BELOW = "将近|接近|近|不到|不足"
_ABOVE = "超过|突破|超|逾|至少|不少于|不低于"
_ABOUT = "大约|大概|约"
_QUANTITY = re.compile(
    rf"(?:(?P<below>{_BELOW})|(?P<above>{_ABOVE})|(?P<about>{_ABOUT}))?"
    rf"(?:(?P<parts>{_NUMBER})分之(?P<share>{_NUMBER}(?:点{_HAN})?)"
    rf"|(?:(?P<some>{_SOME})(?P<some_scale>[十百千万亿]*))"
    rf"|(?:(?P<low>{_NUMBER})[十百千万亿]*(?:至|到|—|-|~|～))?"
    rf"(?P<number>{_NUMBER}|{_HALF})"
    r"(?P<more>[多余来])?(?P<scale>[十百千万亿]*)(?P<more_after>[多余])?)"
    rf"(?:(?:(?P<of_half>个半)|(?P<of_more>个多))(?={_HALVED}))?"
    rf"(?P<unit>(?<=[半多])个?{_HALVED}|{UNITS})?(?P<and_half>{_AND_HALF})?"
    r"(?P<after>以上|以内|以下|左右|上下|多)?"
)

_LEADING_DIGITS = re.compile(_DIGITS)
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

TOLERANCE = 0.1
"""Share by which 约, 近 and 超 may be off, if the last digit printed is finer."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value as it was printed.

    Attributes:
        low: The least it can be, in `unit`.
        high: The most it can be.
        unit: What is counted, the same for units of one kind; "" if none is named, or 个.
        start: Where it stands in the text.
        end: The offset after it.
    """

    low: float
    high: float
    unit: str
    start: int = 0
    end: int = 0

    def is_of_one_kind(self, other: "Quantity") -> bool:
        """Whether both can count the same thing; a number without a unit, or in 个, any thing."""
        units = {self.unit, other.unit}
        return len(units) == 1 or ("" in units and not units & _RATIOS)

    def is_compatible(self, other: "Quantity") -> bool:
        """Whether one value can be meant by both: 45项 and 40余项."""
        overlaps = self.low <= other.high and other.low <= self.high
        return overlaps and self.is_of_one_kind(other)


def find_quantities(text: str) -> Iterator[Quantity]:
    """Yield the quantities in a text, in its order; numbers without a unit too."""
    closed, places = close_up(text)
    for match in _QUANTITY.finditer(closed):
        if quantity := _read(match):
            start, end = places[quantity.start], places[quantity.end - 1] + 1
            yield replace(quantity, start=start, end=end)


def to_numerals(number: str) -> str:
    """Return a number in digits as Chinese numerals: 二十七 of 27, 三点五 of 3.5."""
    return str(cn2an.an2cn(number))


def _read(match: re.Match[str]) -> Quantity | None:
    unit, factor = _SCALED.get(match["unit"] or "", (match["unit"] or "", 1))
    start, end = match.span()
    try:
        if match["share"]:
            share, parts = (read_number(match[name]) for name in ("share", "parts"))
            if parts == 100:  # 百分之二十五
                return Quantity(share, share, "%", start, end)
            return Quantity(share / parts, share / parts, "的", start, end) if parts else None
        low, high = _some(match) if match["some"] else _bounds(match)
    except (ValueError, OverflowError):  # a run of numerals that is no number: 一一, 千万百
        return None
    return Quantity(low * factor, high * factor, unit, start, end) if low <= high else None


def _bounds(match: re.Match[str]) -> tuple[float, float]:
    """Return the least and the most that a number with its 约, 余 or 以上 can mean."""
    scale = match["scale"]
    value, step = _value(match)
    low, high = value, value
    if match["low"]:
        low = read_number(match["low"] + ("" if _is_scaled(match["low"]) else scale))
    elif match["below"] or match["after"] in ("以内", "以下"):
        low = value - max(step, TOLERANCE * value)
    elif match["more"] or match["more_after"] or match["of_more"] or match["after"] == "多":
        high = value + step
    elif match["above"] or match["after"] == "以上":
        high = value + max(step, TOLERANCE * value)
    elif match["about"] or match["after"] in ("左右", "上下"):
        margin = max(step / 2, TOLERANCE * value)
        low, high = value - margin, value + margin
    return low, high


def _value(match: re.Match[str]) -> tuple[float, float]:
    """Return what a number is worth, with its half, and the place of its last digit."""
    number = match["number"]
    if number == "半":
        return 0.5, 0.5
    value = read_number(number + match["scale"])
    if match["of_half"] or match["and_half"]:
        return value + 0.5, 0.5
    return value, _step(number, value)


def read_number(number: str) -> float:
    """Return what a number is worth: in digits, in numerals, or in digits with 万 and the like.

    Raises:
        ValueError: If it is no number.
    """
    digits = _LEADING_DIGITS.match(number)
    if digits and number[digits.end() : digits.end() + 1] == "点":  # 16点五
        number = to_numerals(digits[0].replace(",", "")) + number[digits.end() :]
    elif digits:
        scale = math.prod(_SCALES[c] for c in number[digits.end() :])
        return float(digits[0].replace(",", "")) * scale
    spoken = number.replace("〇", "零")
    if "点" in spoken:  # 三点五万
        plain = spoken.rstrip("".join(_SCALES))
        scale = math.prod(_SCALES[c] for c in spoken[len(plain) :])
        return float(cn2an.cn2an(plain, "normal")) * scale
    try:
        return float(cn2an.cn2an(f"一{spoken}" if spoken[0] in _SCALES else spoken, "normal"))
    except (KeyError, IndexError) as error:  # cn2an's own: 百亿一, 二十零
        raise ValueError(f"{number} is no number") from error


def _some(match: re.Match[str]) -> tuple[float, float]:
    """Return the least and the most that 十几, 几百 or 上千万 can mean."""
    words = match["some"]
    scale = math.prod(_SCALES[c] for c in match["some_scale"])
    if words.endswith("几"):  # 三十几
        tens = read_number(words[:-1])
        return (tens + 1) * scale, (tens + 9) * scale
    one = _SCALES[words[-1]] * scale
    return (1 if words[0] == "上" else 2) * one, 10 * one - scale


def _is_scaled(number: str) -> bool:
    return number[-1] in _SCALES


def _step(number: str, value: float) -> float:
    """The place of the last digit printed that is not 0: 10 for 230, 1000 for 1.5万."""
    digits = number.replace(",", "")
    if not digits[0].isdigit():
        digits = str(int(value))
    mantissa = float(digits)
    scale = value / mantissa if mantissa else 1.0
    _, point, decimals = digits.partition(".")
    if point:
        return scale * 10.0 ** -len(decimals)
    return scale * 10.0 ** (len(digits) - len(digits.rstrip("0")))
