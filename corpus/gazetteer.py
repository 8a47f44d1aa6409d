"""Places named in a text: provinces, cities and counties of China, countries and cities abroad.

Divisions of China come from python-stdnum, which has them for identity card numbers; names abroad
from Babel, which has them from the Unicode CLDR. Villages and streets are not known.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.core import get_global
from stdnum import numdb

Lineage = tuple[str, ...]
"""A place after what it lies in, the largest first. In China codes of GB/T 2260: 义乌 is
("CN", "33", "3307", "330782"); abroad countries and time zones."""

_HOME = "CN"

_PEOPLES = (
    "各|土家|土|水|白|瑶|苗|侗|壮|黎|畲|傣|佤|彝|藏|羌|怒|满|回|布依|布朗|朝鲜|独龙|哈尼|景颇|拉祜|傈僳|毛南|"
    "蒙古|仫佬|仡佬|纳西|普米|锡伯|裕固|东乡|保安|撒拉|达斡尔|鄂温克|鄂伦春"
)
_ENDING = re.compile(
    rf"(?:(?:{_PEOPLES})族|(?<!内)蒙古|哈萨克|塔吉克|柯尔克孜|维吾尔|锡伯)*自治[区州县旗]$"
    "|特别行政区$|地区$|[省市县盟]$"
)
"""What is mostly left out of a name: 浙江, 义乌, 内蒙古, 甘孜. Not 区: 朝阳 and 和平 are words."""

_NO_PLACES = frozenset(Path(__file__).with_name("no_places.txt").read_text("utf-8").split())
"""Names that mostly are no places: 资源 of 资源县, and 和县, which 省道和县道 holds."""

_CURRENT = re.compile(r"(?:^|,)(?:\[\d*-\])?(?P<name>[^],[]+)$")
"""What a code means now: 义乌市 in "[1985-1988]义乌县,[1989-]义乌市"."""

_NO_NAME = frozenset(("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"))

_PROVINCES_IN_CLDR = ("HK", "MO", "TW")
"""Regions of China that have codes of their own there."""

_EVERYDAY = {
    "AE": "阿联酋", "BA": "波黑", "CD": "刚果", "CG": "刚果", "ID": "印尼", "PS": "巴勒斯坦",
    "SA": "沙特",
}  # fmt: skip
"""What papers call countries, where that is not what CLDR calls them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a text.

    Attributes:
        start, end: Of the name.
        lineages: What it may be; more than one where several places are called so.
    """

    start: int
    end: int
    lineages: frozenset[Lineage]

    @property
    def level(self) -> int:
        """How exact it may be: 1 for a country, 2 a province or a city abroad, 4 a county."""
        return max(map(len, self.lineages))

    def may_be_in(self, other: "Place") -> bool:
        """Whether it may be the other one, or lie in it."""
        return any(a[: len(b)] == b for a in self.lineages for b in other.lineages)


def find_places(text: str) -> Iterator[Place]:
    """Yield the places that a text names, in its order; of names that overlap the first, longest.

    Args:
        text: In simplified characters.
    """
    names, lengths = _names(), _lengths()
    start = 0
    while start < len(text):
        for length in lengths.get(text[start], ()):
            if lineages := names.get(text[start : start + length]):
                yield Place(start, start + length, lineages)
                start += length
                break
        else:
            start += 1


@cache
def names_of(lineages: frozenset[Lineage]) -> tuple[str, ...]:
    """Return all that a place may be called: 义乌市 and 义乌."""
    return tuple(name for name, others in _names().items() if lineages & others)


@cache
def _names() -> Mapping[str, frozenset[Lineage]]:
    found: defaultdict[str, set[Lineage]] = defaultdict(set)
    for name, lineage in (*_in_china(), *_abroad()):
        found[name].add(lineage)
    return {name: frozenset(lineages) for name, lineages in found.items()}


@cache
def _lengths() -> Mapping[str, list[int]]:
    """How long the names with a first character are, the longest first."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name in _names():
        found[name[0]].add(len(name))
    return {first: sorted(lengths, reverse=True) for first, lengths in found.items()}


def _in_china() -> Iterator[tuple[str, Lineage]]:
    for _, province, _, _, divisions in numdb.get("cn/loc").prefixes:
        for _, code, _, properties, _ in divisions:
            current = _CURRENT.search(properties["county"])
            if not current or current["name"] in _NO_NAME:
                continue
            level = 2 if code == "0000" else 3 if code.endswith("00") else 4
            lineage = (_HOME, province, province + code[:2], province + code)[:level]
            for name in {current["name"], _ENDING.sub("", current["name"])}:
                if len(name) > 1 and name not in _NO_PLACES:
                    yield name, lineage


def _abroad() -> Iterator[tuple[str, Lineage]]:
    chinese = Locale("zh")
    countries = {
        str(code): str(name)
        for code, name in chinese.territories.items()
        if re.fullmatch("[A-Z]{2}", str(code)) and code not in (_HOME, *_PROVINCES_IN_CLDR)
    }
    for code, name in countries.items():
        yield name, (code,)
        if code in _EVERYDAY:
            yield _EVERYDAY[code], (code,)
    country_of = get_global("zone_territories")
    for zone, words in chinese.time_zones.items():
        country, city = country_of.get(zone, ""), words.get("city")
        if city and country in countries and city not in _NO_PLACES:
            yield city, (country, zone)
