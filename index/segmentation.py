"""Chinese words, cut by jieba."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from corpus.words import load_jieba, load_tagger
from index.text import normalise

_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff\U00020000-\U0003ffff]")
_WHOLE = re.compile(r"[\u4e00-\u9fd5a-z0-9+#&._%\-]+")
"""What jieba looks for words in; it cuts at everything else."""

_NAME_FREQUENCY = 10_000_000
"""More than any word of the dictionary: of two ways to cut, that with the name wins."""


class Segmenter:
    """Cuts text into words by jieba's dictionary, and names that must stay whole."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Know these names as words, whatever jieba would make of them.

        Args:
            names: Each one that `is_name`.
        """
        self._cutter = load_jieba().dt
        if folded := [normalise(name) for name in names]:
            self._cutter = _with_names(self._cutter, folded)

    def words(self, text: str) -> list[str]:
        """Return the words of a text, long ones together with the shorter words inside them.

        jieba's search mode on the folded text; punctuation and spaces are left out.
        """
        return [word for word in self._cutter.cut_for_search(normalise(text)) if _is_word(word)]

    def pieces(self, text: str) -> list[str]:
        """Return a text in normal form cut into words; together they are the text."""
        return list(self._cutter.cut(text))

    def is_word(self, text: str) -> bool:
        """Whether a text in normal form is a word of the dictionary, or one of the names."""
        return bool(self._cutter.FREQ.get(text))

    def shared_words(self, question: str, text: str) -> list[str]:
        """Return the words of a question that a text holds, each once, in the question's order.

        A word inside a longer one that is shared is left out.
        """
        held = set(self.words(text))
        shared = [word for word in dict.fromkeys(self.words(question)) if word in held]
        return [w for w in shared if not any(w != other and w in other for other in shared)]


def words(text: str) -> list[str]:
    """Return the words of a text by jieba's own dictionary, see `Segmenter.words`."""
    return _default().words(text)


def split_words(text: str) -> list[str]:
    """Return a text as it stands cut into words; joined they are the text."""
    return list(load_jieba().dt.cut(text))


def tagged_words(text: str) -> list[tuple[str, str]]:
    """Return the words of a text as it stands, one after the other, with jieba's word classes."""
    return [(pair.word, pair.flag) for pair in load_tagger().cut(text)]


def frequency(word: str) -> int:
    """Return how often a word stands in the texts that jieba's dictionary was made of."""
    return int(load_jieba().dt.FREQ.get(word, 0))


def is_name(text: str) -> bool:
    """Whether a text can be kept whole: two or more letters and digits, without space or stop."""
    folded = normalise(text)
    return len(folded) > 1 and _WHOLE.fullmatch(folded) is not None


def characters(text: str) -> list[str]:
    """Return the Chinese characters of a text one by one, and its Latin words and numbers."""
    return _TOKEN.findall(normalise(text))


def _is_word(text: str) -> bool:
    return _TOKEN.search(text) is not None


@cache
def _default() -> Segmenter:
    return Segmenter()


def _with_names(cutter: Any, names: Iterable[str]) -> Any:  # noqa: ANN401
    """A copy of a cutter that knows names; the first one stays as it is."""
    own = type(cutter)()
    own.FREQ, own.total, own.initialized = dict(cutter.FREQ), cutter.total, True
    for name in names:
        own.add_word(name, _NAME_FREQUENCY)
    own.total = cutter.total  # or every name would make all other words less likely
    return own
