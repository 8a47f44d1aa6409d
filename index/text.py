"""One form for text that is to be compared: width, script and case folded.

What is folded is only ever compared, never quoted: quotes are slices of the article.
"""

import re
import unicodedata
from functools import cache

from opencc import OpenCC

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and lone surrogates: Unicode's categories Cc and Cs."""

_HALF_WIDTH = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()
}

_QUESTION_WORDS = re.compile(
    "为什么|怎么样|什么时候|什么|怎么|怎样|如何|为何|多少|哪些|哪个|哪里|哪儿|哪|几|谁|吗|呢|的|了|是|请问|一下|啥|咋"
)


def normalise(text: str) -> str:
    """Return `text` in half-width, simplified, lower-case form without invisible characters.

    NFKC folds full-width letters and digits, OpenCC's t2s table folds traditional
    characters; control characters and lone surrogates become spaces. The length may change.
    """
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return str(_converter("t2s").convert(_CONTROL.sub(" ", folded))).lower()


def simplify(text: str) -> str:
    """Return `text` in simplified characters, half-width letters and digits, for people to read.

    Unlike `normalise` it keeps capitals and punctuation.
    """
    return str(_converter("t2s").convert(text.translate(_HALF_WIDTH)))


def content_of(question: str) -> str:
    """Return a question in normal form with a space in place of its question words.

    Who, what, how many and particles say what is asked, not what it is about.
    """
    return _QUESTION_WORDS.sub(" ", normalise(question))


def is_question_word(word: str) -> bool:
    """Whether a word in normal form is one that `content_of` leaves out."""
    return _QUESTION_WORDS.fullmatch(word) is not None


def to_traditional(text: str) -> str:
    """Return `text` in traditional characters, as OpenCC's s2t table has them."""
    return str(_converter("s2t").convert(text))


@cache
def _converter(table: str) -> OpenCC:
    return OpenCC(table)
