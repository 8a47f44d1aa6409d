"""What the user asked, checked and in normal form."""

import re
import unicodedata
from dataclasses import dataclass

from index.text import normalise

_COURTESIES = re.compile(
    r"^(?:(?:你好|您好|请问|麻烦问一下|(?:[请你您]|能|能不能|可以|可不可以)*告诉我|"
    r"我?想(?:要)?(?:知道|了解|问)(?:一下)?|(?:请|请你)?帮我?(?:查一下|查查|查|看看|找一下))[\s,，。!！:：]*)+"
)

_QUOTED = re.compile(r'["\uff02]([^"\uff02]+)["\uff02]')

FOREIGN_WORDS = 3
"""Words without a Chinese character that make a question in another language, unlike AI or GDP."""

MAX_LENGTH = 2_000
"""Characters; longer input is not a question."""


class InvalidQuestionError(ValueError):
    """The input is not a question; the message is one Chinese sentence for the user."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be looked up.

    Attributes:
        text: As typed, without white space around it and courtesies before it.
        normalised: Half-width, simplified, lower-case.
        phrases: What stands in straight quotation marks, as typed; only passages that hold all
            of it are wanted. “…” are ordinary words: the papers put names in them.
    """

    text: str
    normalised: str
    phrases: tuple[str, ...] = ()

    @property
    def is_chinese(self) -> bool:
        """Whether it has a Chinese character, or is too short to be of another language."""
        has_character = any(c >= "\u3400" for c in self.normalised if c.isalpha())
        return has_character or len(self.normalised.split()) < FOREIGN_WORDS


def parse_question(raw: str) -> Question:
    """Check what the user typed and find out what it asks for.

    Raises:
        InvalidQuestionError: If it is no text, is empty, has no letter or digit, is longer than
            `MAX_LENGTH` or holds control characters.
    """
    if not isinstance(raw, str):
        raise InvalidQuestionError("问题应当是一段文字。")
    text = raw.strip()
    if not text:
        raise InvalidQuestionError("问题是空的，请输入一个问题。")
    if len(text) > MAX_LENGTH:
        raise InvalidQuestionError(f"问题太长（{len(text)}字），请缩短到{MAX_LENGTH}字以内。")
    text = _COURTESIES.sub("", text) or text
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in text):
        raise InvalidQuestionError("问题里有控制字符，请删去后再试。")
    normalised = " ".join(normalise(text).split())
    if not _has_word(normalised):
        raise InvalidQuestionError("问题里没有文字，请用一句话提问。")
    phrases = tuple(filter(_has_word, map(str.strip, _QUOTED.findall(text))))
    return Question(text, normalised, phrases)


def is_question(raw: str) -> bool:
    """Whether `parse_question` takes it."""
    try:
        parse_question(raw)
    except InvalidQuestionError:
        return False
    return True


def _has_word(text: str) -> bool:
    return any(unicodedata.category(c)[0] in "LN" for c in text)
