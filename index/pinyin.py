"""How Chinese characters sound, from pypinyin (the only module that imports it)."""

import os
import re
from functools import cache

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # single characters are all that is asked

from pypinyin import Style, pinyin

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_MERGED = (
    (re.compile("^([zcs])h"), r"\1"),
    (re.compile("^n"), "l"),
    (re.compile("([aei])ng$"), r"\1n"),
)
"""What many speakers, and the input methods they use, do not tell apart."""


@cache
def readings(character: str) -> tuple[str, ...]:
    """Return how a character is read, without tones, commonest first; none if it is not Chinese."""
    if not _HAN.fullmatch(character):
        return ()
    (found,) = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore") or [[]]
    return tuple(dict.fromkeys(found))


@cache
def sounds(character: str) -> frozenset[str]:
    """Return how a character is read with zh/z, ch/c, sh/s, n/l and final n/ng taken as one."""
    return frozenset(map(_merge, readings(character)))


def _merge(reading: str) -> str:
    for pattern, merged in _MERGED:
        reading = pattern.sub(merged, reading)
    return reading
