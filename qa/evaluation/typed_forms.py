"""Questions as people type them in a hurry: each gold question in seven other forms.

What chance decides is drawn from the question itself, so the forms are always the same.
"""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from random import Random

from index.pinyin import readings
from index.segmentation import frequency, tagged_words
from index.text import content_of, is_question_word, normalise, to_traditional

Rewrite = Callable[[str, Random], str]

N_HOMOPHONES = 5
"""The commonest so many characters of one reading are what an input method offers first."""

LONG_WORD = 3
"""Characters of a word that a character is dropped from."""

_MARKS = "?？。.!！"
_CONTENT_CLASSES = ("n", "v", "a", "m", "q", "t", "s", "f", "b", "j", "l", "i", "eng", "x")
_FUNCTION_VERBS = frozenset(
    ["是", "有", "为", "被", "让", "说", "要", "能", "会", "到", "去", "来"]
)
_PARTICLES = frozenset("的了是吗呢")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def type_as(form: str, question: str) -> str:
    """Return a question in another form; as it is if the form changes nothing in it.

    Args:
        form: A key of `FORMS`.
        question: As written.
    """
    return FORMS[form](question, Random(f"{form} {question}"))


def _traditional(question: str, _: Random) -> str:
    return to_traditional(question)


def _full_width(question: str, _: Random) -> str:
    return question.translate(_FULL_WIDTH)


def _without_mark(question: str, _: Random) -> str:
    return question.rstrip(_MARKS)


def _keywords(question: str, _: Random) -> str:
    """Content words and question words, with spaces between them."""
    kept = [word for word, tag in tagged_words(question) if _is_keyword(word, tag)]
    return " ".join(kept) or question


def _homophone(question: str, chance: Random) -> str:
    """One character of a word, of a name or noun if there is one, as another of its sound."""
    words = _words(question, 2)
    nouns = [(place, tag) for place, tag in words if tag.startswith("n")]
    for chosen in (nouns, words):
        if spots := [at for place, _ in chosen for at in place if _sound_alikes(question[at])]:
            at = chance.choice(spots)
            return question[:at] + chance.choice(_sound_alikes(question[at])) + question[at + 1 :]
    return question


def _swapped(question: str, chance: Random) -> str:
    """Two neighbouring characters in each other's place."""
    spots = [
        i
        for i, (one, other) in enumerate(pairwise(question))
        if one != other and readings(one) and readings(other)
    ]
    if not spots:
        return question
    at = chance.choice(spots)
    return question[:at] + question[at + 1] + question[at] + question[at + 2 :]


def _dropped(question: str, chance: Random) -> str:
    """A long word without one of its characters."""
    spots = [at for place, _ in _words(question, LONG_WORD) for at in place]
    if not spots:
        return question
    at = chance.choice(spots)
    return question[:at] + question[at + 1 :]


FORMS: dict[str, Rewrite] = {
    "traditional": _traditional,
    "full width": _full_width,
    "no mark": _without_mark,
    "keywords": _keywords,
    "homophone": _homophone,
    "swapped": _swapped,
    "dropped": _dropped,
}


def _is_keyword(word: str, tag: str) -> bool:
    if content_of(word) != normalise(word):  # 哪天, 多少
        return word not in _PARTICLES
    has_content = any(c.isalnum() for c in word)
    return has_content and tag.startswith(_CONTENT_CLASSES) and word not in _FUNCTION_VERBS


def _words(question: str, shortest: int) -> list[tuple[range, str]]:
    """Places and classes of the Chinese words of at least so many characters."""
    words, start = [], 0
    for word, tag in tagged_words(question):
        if len(word) >= shortest and all(map(readings, word)) and not is_question_word(word):
            words.append((range(start, start + len(word)), tag))
        start += len(word)
    return words


@cache
def _sound_alikes(character: str) -> list[str]:
    """Other common characters that are read as this one, commonest first."""
    same = [c for c in _common_characters() if readings(c)[:1] == readings(character)[:1]]
    return sorted((c for c in same if c != character), key=lambda c: -frequency(c))[:N_HOMOPHONES]


@cache
def _common_characters() -> str:
    """The 3,755 characters of level 1 of GB 2312, the everyday ones."""
    codes = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return b"".join(codes).decode("gb2312", errors="ignore")
