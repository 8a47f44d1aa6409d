"""Chinese words, from jieba (the only module that imports it)."""

import contextlib
import logging
import re
import threading
import warnings
from functools import cache
from typing import Any

import platformdirs

from index.text import normalise

_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u9fff\U00020000-\U0003ffff]")
_LOADING = threading.Lock()


def words(text: str) -> list[str]:
    """Return the words of a text, long ones together with the shorter words inside them.

    jieba's search mode on the folded text; punctuation and spaces are left out.
    """
    return [word for word in _jieba().cut_for_search(normalise(text)) if _TOKEN.search(word)]


def split_words(text: str) -> list[str]:
    """Return a text cut into words, punctuation and spaces included; joined they are the text."""
    return list(_jieba().cut(text))


def shared_words(question: str, text: str) -> list[str]:
    """Return the words of a question that a text holds, each once, in the question's order.

    A word inside a longer one that is shared is left out.
    """
    held = set(words(text))
    shared = [word for word in dict.fromkeys(words(question)) if word in held]
    return [word for word in shared if not any(word != other and word in other for other in shared)]


def characters(text: str) -> list[str]:
    """Return the Chinese characters of a text one by one, and its Latin words and numbers."""
    return _TOKEN.findall(normalise(text))


@cache
def _jieba() -> Any:  # noqa: ANN401 - jieba has no types
    # jieba's regular expressions warn on new Pythons, and its log writes to stderr.
    with _LOADING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

        jieba.setLogLevel(logging.WARNING)
        # Not the shared temporary folder, where others could put a dictionary of theirs.
        cache_folder = platformdirs.user_cache_path("youju", appauthor=False)
        with contextlib.suppress(OSError):  # without a cache it loads a little slower
            cache_folder.mkdir(parents=True, exist_ok=True)
            jieba.dt.tmp_dir = str(cache_folder)
        jieba.initialize()
    return jieba
