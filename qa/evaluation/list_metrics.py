"""How many items of a list are found, and how many of those shown belong to it.

Gold answers are spans; they are cut into items by a plain rule of its own, which knows nothing
of how the system cuts, so that a fault there is seen here.
"""

import re
from collections.abc import Sequence

from qa.evaluation.metrics import answer_right

_LISTED = r"、|(?<=[”》])(?=[“《])"
_LEVELS = (r"[；;，,](?=[二三四五六]是)", r"[；;]", _LISTED, r"[，,]")
_AND = re.compile(r"以及|[和及与]")
_TAIL = re.compile(r"等[^、，；]{0,8}$")
_EDGES = " 。，、；"


def cut_gold(answer: str) -> list[str]:
    """Return the items of a gold answer.

    It is cut at the first of these that it has: 二是, 三是 and so on, semicolons, 、 (and
    quotations side by side), commas. What 、 leaves last, or all of an answer that has none of
    them, is cut at the first 和, 及 or 与. 等 and a few characters after it are left out.
    """
    text = _TAIL.sub("", answer.strip(_EDGES))
    level = next((level for level in _LEVELS if re.search(level, text)), None)
    pieces = re.split(level, text) if level else [text]
    if level in (None, _LISTED):
        pieces[-1:] = _AND.split(pieces[-1], maxsplit=1)
    return [stripped for piece in pieces if (stripped := piece.strip(_EDGES))]


def item_scores(answers: Sequence[str], items: Sequence[str]) -> tuple[float, float] | None:
    """Return recall and precision of the items shown, each in [0, 1].

    Recall is the share of gold items that an item shown gives, precision the share of items
    shown that give a gold item, by `answer_right`: one holds the other and is not more than
    twice as long. The accepted answer with which both together are best counts.

    Args:
        answers: Accepted answers; only those of several items are a list.
        items: What was shown; none for a refusal, whose scores are 0.

    Returns:
        None if no accepted answer is a list.
    """
    lists = [gold for gold in map(cut_gold, answers) if len(gold) > 1]
    return max((_compare(gold, items) for gold in lists), key=sum) if lists else None


def _compare(gold: Sequence[str], items: Sequence[str]) -> tuple[float, float]:
    if not items:
        return 0.0, 0.0
    found = sum(any(answer_right([one], item) for item in items) for one in gold)
    right = sum(answer_right(gold, item) for item in items)
    return found / len(gold), right / len(items)
