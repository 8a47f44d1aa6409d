"""Which block of text goes on in which."""

import math
from dataclasses import dataclass, replace

from corpus.page_repair import shapes
from corpus.page_repair.language import Language, start_score
from corpus.page_repair.records import Block, Doubt

_LEAST_NEXT, _MOST_NEXT = 1.5, 5.5
"""What speaks for the next block of a column: the more, the more often the page runs on so."""

_DECISIVE = 2.0
"""By so much the words alone must favour one join before it tells how the page runs on."""

_OWN_PLACE = -2.0
"""A text behind a finished one has no need of a beginning elsewhere."""

_BEHIND_HEADER = -8.0
"""A text right under a headline, a byline or a heading begins there."""

_LEAST = 1.0
_LEAST_AFAR = 4.0
"""What must speak for a join, and for one with a block that is not the next."""

_MARGIN = 1.0
"""By so much a join must beat the next best one of either block."""

_ODD_START = 2.0
"""A text that begins so oddly begins no paragraph."""

_ANNOUNCING = ("；", "：", ";", ":", "——")

_CLOSING = ("line", "byline", "heading", "headline", "rubric", "jump", "source")


@dataclass(frozen=True, slots=True)
class Join:
    """Block `left` goes on in block `right`, both by their number among the blocks."""

    left: int
    right: int
    score: float


def find_joins(blocks: list[Block], language: Language) -> tuple[list[Join], list[Doubt]]:
    """Return which blocks go on in which, and where that could not be told.

    A block of text that does not end a sentence may go on in any other; the next one has an
    advantage. A join needs evidence, and a margin over other joins of the same two blocks;
    what stays open is a doubt.
    """
    scored = _scored(blocks, language)
    rivals = _Rivals(scored)
    joins: list[Join] = []
    doubts: list[Doubt] = []
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    refused: set[int] = set()
    for join in sorted(scored, key=lambda join: (-join.score, join.left, join.right)):
        if join.left in taken_left or join.right in taken_right or join.left in refused:
            continue
        is_next = join.right == next_text(blocks, join.left)
        if join.score < (_LEAST if is_next else _LEAST_AFAR):
            continue
        if join.score - rivals.best(join, taken_left, taken_right) < _MARGIN:
            refused.add(join.left)
            doubts.append(Doubt(_end_line(blocks[join.left]), "两栏之间有不止一处接得上，没有拼接"))
            continue
        joins.append(join)
        taken_left.add(join.left)
        taken_right.add(join.right)
    doubts += [
        Doubt(_end_line(blocks[i]), "句子没有结束，找不到接得上的下文")
        for i in open_blocks(blocks)
        if i not in taken_left and i not in refused
    ]
    return joins, doubts


def open_blocks(blocks: list[Block]) -> list[int]:
    """Return the numbers of the blocks of text that break off in a sentence."""
    return [
        i
        for i, block in enumerate(blocks)
        if block.kind == "text"
        and not shapes.is_closed(block.text)
        and not _ends_list(blocks, i)
        and not _is_continued_elsewhere(blocks, i)
    ]


def next_text(blocks: list[Block], i: int) -> int | None:
    """Return the number of the next block of text, None if a headline or a jump comes first."""
    for k in range(i + 1, len(blocks)):
        if blocks[k].kind == "text":
            return k
        if blocks[k].kind in _CLOSING:
            return None
    return None


def _is_continued_elsewhere(blocks: list[Block], i: int) -> bool:
    """Whether a jump to another page follows a block."""
    below = next((b for b in blocks[i + 1 :] if b.kind not in ("caption", "furniture")), None)
    return below is not None and below.kind == "jump" and not shapes.is_continuation(below.text)


def _ends_list(blocks: list[Block], i: int) -> bool:
    """Whether a block announces what follows, and the next text begins as a paragraph may."""
    following = next_text(blocks, i)
    if not blocks[i].text.endswith(_ANNOUNCING):
        return False
    return following is None or start_score(blocks[following].text) < _ODD_START


def _scored(blocks: list[Block], language: Language) -> list[Join]:
    texts = [i for i, block in enumerate(blocks) if block.kind == "text"]
    lefts = open_blocks(blocks)
    following = {left: next_text(blocks, left) for left in lefts}
    starts = {right: _start(blocks, right) for right in texts}
    fits = [
        Join(left, right, language.cut_score(blocks[left].text, blocks[right].text))
        for left in lefts
        for right in texts
        if right != left
    ]
    advantage = _advantage_of_next(fits, following)
    return [
        replace(
            fit,
            score=fit.score + starts[fit.right] + advantage * (fit.right == following[fit.left]),
        )
        for fit in fits
    ]


def _start(blocks: list[Block], i: int) -> float:
    """How much speaks for a text beginning in the middle of a sentence, by words and place."""
    score = start_score(blocks[i].text)
    if _is_behind_header(blocks, i):
        return score + _BEHIND_HEADER
    before = blocks[i - 1] if i else None
    is_placed = before is not None and before.kind == "text" and shapes.is_closed(before.text)
    return score + _OWN_PLACE * is_placed


def _advantage_of_next(fits: list[Join], following: dict[int, int | None]) -> float:
    """How much the next block is favoured, from the joins that the words alone decide."""
    decided = next_ones = 0
    for left, after in following.items():
        ranked = sorted((fit for fit in fits if fit.left == left), key=lambda fit: -fit.score)[:2]
        if len(ranked) == 2 and ranked[0].score - ranked[1].score >= _DECISIVE:
            decided += 1
            next_ones += ranked[0].right == after
    share = (next_ones + 1.5) / (decided + 2)
    return _LEAST_NEXT + (_MOST_NEXT - _LEAST_NEXT) * min(1.0, share)


def _is_behind_header(blocks: list[Block], i: int) -> bool:
    return i > 0 and blocks[i - 1].kind in ("line", "byline", "heading", "headline", "rubric")


class _Rivals:
    """The joins of each block, to look up what else it could be joined with."""

    def __init__(self, scored: list[Join]) -> None:
        self._by_left: dict[int, list[Join]] = {}
        self._by_right: dict[int, list[Join]] = {}
        for join in scored:
            self._by_left.setdefault(join.left, []).append(join)
            self._by_right.setdefault(join.right, []).append(join)

    def best(self, join: Join, left: set[int], right: set[int]) -> float:
        """The score of the best other join of either block, minus infinity if there is none.

        One whose other block has a clearly better use elsewhere is no rival.

        Args:
            join: The join to compare with.
            left: Blocks that are joined with what follows already.
            right: Blocks that are joined with what comes before already.
        """
        others = [
            *((other, self._by_right[other.right]) for other in self._by_left[join.left]),
            *((other, self._by_left[other.left]) for other in self._by_right[join.right]),
        ]
        return max(
            (
                other.score
                for other, uses in others
                if other is not join
                and other.right not in right
                and other.left not in left
                and not any(
                    use.score >= other.score + _MARGIN
                    for use in uses
                    if use.left not in left and use.right not in right and use is not join
                )
            ),
            default=-math.inf,
        )


def _end_line(block: Block) -> int:
    return block.pieces[-1].line
