"""Spaces that some papers put around figures: 2025 年 8 月 16 日, 8365 亿元, 增长 25.1 %."""

import re
from collections.abc import Sequence

_SPACES = r"[ \u00a0\u2009\u3000]+"
_AROUND_FIGURE = re.compile(
    rf"(?<=[\d.]){_SPACES}(?=[\u3400-\u9fff%％])|(?<=[\u3400-\u9fff]){_SPACES}(?=\d)"
)


def close_up(text: str) -> tuple[str, Sequence[int]]:
    """Return a text without the spaces between figures and Chinese characters.

    Returns:
        The text, and where each of its characters stood, with the old end for the new one.
    """
    if not _AROUND_FIGURE.search(text):
        return text, range(len(text) + 1)
    kept: list[int] = []
    start = 0
    for space in _AROUND_FIGURE.finditer(text):
        kept.extend(range(start, space.start()))
        start = space.end()
    kept.extend(range(start, len(text) + 1))
    return "".join(text[place] for place in kept[:-1]), kept
