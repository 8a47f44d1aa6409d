"""Loads jieba's dictionary of Chinese words, once for everything that cuts text into words."""

import contextlib
import logging
import threading
import warnings
from functools import cache
from typing import Any

import platformdirs

_LOADING = threading.Lock()


@cache
def load_jieba() -> Any:  # noqa: ANN401 - jieba has no types
    """Return the module jieba with its dictionary loaded."""
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


def load_tagger() -> Any:  # noqa: ANN401 - jieba has no types
    """Return the module jieba.posseg, which names the class of every word."""
    load_jieba()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from jieba import posseg
    return posseg
