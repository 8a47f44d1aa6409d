"""Short lines told apart: headlines of articles, headings inside them, and broken-off text."""

from collections import Counter
from dataclasses import dataclass

from corpus.page_repair import shapes
from corpus.page_repair.joining import next_text
from corpus.page_repair.language import Language, start_score
from corpus.page_repair.records import Block, Doubt

_RUNS_ON = 2.0
"""So much must speak for a short line going on in the next text before it is text itself."""

_LONGEST_QUESTION = 16
"""Characters of a question that is a heading though no other heading is like it."""

_UNSURE_HEADLINE = "分不清是另一篇的标题还是小标题，按前后文内容另起一篇"

_ENOUGH = 120
"""Fewer characters than this do not show what a text is about."""

_STRANGE = 0.035
_STRANGE_WITHOUT_BYLINE = 0.022
"""Texts on both sides of a short line that share less than this (cosine, see `Language.cohesion`)
are of different articles; on a page that names its reporters, a line without one rarely is a
headline."""

_STACKED = 2.0
"""Times that for two lines with a gap between them: headings have one line, headlines two."""

_HEAD_KINDS = ("line", "byline", "rubric")


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Head lines in a row, `[start, end)` among the blocks."""

    start: int
    end: int


def settle_lines(blocks: list[Block], language: Language) -> tuple[set[int], list[Doubt]]:
    """Turn every block of kind "line" into what it is, and say where articles begin.

    A row of short lines begins an article if it has a byline, if a dateline follows, if the
    article before it is finished, or if the texts around have little in common; else it is a
    heading.

    Returns:
        The numbers of the blocks with which articles begin, and where that was unsure.
    """
    _find_lines_above_bylines(blocks)
    _find_broken_lines(blocks, language)
    clusters = _clusters(blocks)
    level = _headline_level(blocks, clusters)
    has_bylines = any(_has_byline(blocks, c.start, c.end) for c in clusters)
    starts: set[int] = set()
    doubts: list[Doubt] = []
    for cluster in clusters:
        _settle_question(blocks, cluster)
        first = _after_end_byline(blocks, cluster)
        lines = [i for i in range(first, cluster.end) if blocks[i].kind == "line"]
        has_twin = _has_twin(blocks, lines, clusters)
        begins = _begins_article(blocks, first, cluster, level)
        if begins is None and not has_twin:
            limit = _STRANGE_WITHOUT_BYLINE if has_bylines else _STRANGE
            limit *= _STACKED if _is_stacked(blocks, lines) else 1
            if begins := _sharing(blocks, first, cluster.end, starts, language) < limit:
                doubts.append(Doubt(blocks[first].line, _UNSURE_HEADLINE))
        if begins:
            starts.add(first)
        elif len(lines) == 1 and not has_twin and _is_long_question(blocks[lines[0]]):
            blocks[lines[0]].kind = "text"
            continue
        for i in lines:
            is_deeper = 0 < level < blocks[i].level and not _has_byline(blocks, i, cluster.end)
            is_headline = begins and not (is_deeper and i > lines[0])
            blocks[i].kind = "headline" if is_headline else "heading"
    return starts, doubts


def _is_long_question(block: Block) -> bool:
    """Whether a line asks at such length that it is rather a paragraph, unless it is marked."""
    is_long = len(block.text) > _LONGEST_QUESTION
    return not block.level and is_long and block.text.endswith(("？", "?"))


def _find_lines_above_bylines(blocks: list[Block]) -> None:
    """Whatever its commas, a short line that no sentence ends is a headline above a byline."""
    for i, block in enumerate(blocks):
        below = blocks[i + 1] if i + 1 < len(blocks) else None
        if below is None or below.kind != "byline" or below.text.startswith(("（", "(")):
            continue
        is_behind_end = (
            i == 0 or blocks[i - 1].kind != "text" or shapes.is_closed(blocks[i - 1].text)
        )
        if block.kind == "text" and is_behind_end and shapes.is_short_and_open(block.text):
            block.kind = "line"


def _find_broken_lines(blocks: list[Block], language: Language) -> None:
    """Short lines that a column break cut off are text."""
    for i, block in enumerate(blocks):
        if block.kind != "line" or block.level or shapes.is_closed(block.text):
            continue
        before = blocks[i - 1] if i else None
        after = blocks[i + 1] if i + 1 < len(blocks) else None
        goes_on = (
            after is not None
            and after.kind == "text"
            and (language.join_score(block.text, after.text) >= _RUNS_ON)
        )
        came_from = (
            before is not None
            and before.kind == "text"
            and (
                not shapes.is_closed(before.text)
                and language.join_score(before.text, block.text) >= _RUNS_ON
            )
        )
        if goes_on or came_from:
            block.kind = "text"


def _clusters(blocks: list[Block]) -> list[_Cluster]:
    clusters: list[_Cluster] = []
    i = 0
    while i < len(blocks):
        end = i
        while end < len(blocks) and blocks[end].kind in _HEAD_KINDS:
            end += 1
        if end > i:
            clusters.append(_Cluster(i, end))
        i = max(end, i + 1)
    return clusters


def _headline_level(blocks: list[Block], clusters: list[_Cluster]) -> int:
    """The `#` level of headlines: what most lines above a byline have; 0 where nobody marks."""
    levels = Counter(
        blocks[i].level
        for cluster in clusters
        for i in range(cluster.start, cluster.end)
        if blocks[i].level and _has_byline(blocks, i, cluster.end)
    )
    if not levels:
        levels = Counter(block.level for block in blocks if block.kind == "line" and block.level)
        return min(levels, default=0)
    return levels.most_common(1)[0][0]


def _has_byline(blocks: list[Block], i: int, end: int) -> bool:
    return any(blocks[k].kind == "byline" for k in range(i, end))


def _settle_question(blocks: list[Block], cluster: _Cluster) -> None:
    """A question right under other short lines, with no byline, is the first words of the text."""
    last = cluster.end - 1
    block = blocks[last]
    following = next_text(blocks, last)
    if (
        last > cluster.start
        and block.kind == "line"
        and not block.level
        and block.pieces[0].has_gap
        and block.text.endswith(("？", "?"))
        and not _has_byline(blocks, cluster.start, cluster.end)
        and following is not None
        and not shapes.has_dateline(blocks[following].text)
    ):
        block.kind = "text"


def _after_end_byline(blocks: list[Block], cluster: _Cluster) -> int:
    """Where a row begins, without the byline that ends the article before it."""
    first = blocks[cluster.start]
    if first.kind != "byline" or cluster.start == 0 or blocks[cluster.start - 1].kind != "text":
        return cluster.start
    is_bracketed = first.text.startswith(("（", "("))
    is_second = _has_byline(blocks, cluster.start + 1, cluster.end)
    return cluster.start + 1 if is_bracketed or is_second else cluster.start


def _begins_article(blocks: list[Block], first: int, cluster: _Cluster, level: int) -> bool | None:
    """Whether a row begins an article; None if its lines do not tell."""
    if first >= cluster.end:
        return False
    rows = blocks[first : cluster.end]
    following = next_text(blocks, cluster.end - 1)
    if _has_byline(blocks, first, cluster.end):
        return True
    if following is not None and shapes.has_dateline(blocks[following].text):
        return True
    lines = [block for block in rows if block.kind == "line"]
    if not lines:
        return False
    if any(block.text.startswith(("——", "--")) for block in lines):
        return True
    if level:
        return any(0 < block.level <= level for block in lines)
    before = next(
        (b for b in reversed(blocks[:first]) if b.kind not in ("caption", "furniture")), None
    )
    if before is None or before.kind in ("jump", "source") or first > cluster.start:
        return True
    if shapes.is_signed_off(before.text):
        return True
    if following is not None and start_score(blocks[following].text) >= 4:
        return False
    return None


def _is_stacked(blocks: list[Block], lines: list[int]) -> bool:
    return any(blocks[i].pieces[0].has_gap for i in lines[1:])


def _has_twin(blocks: list[Block], lines: list[int], clusters: list[_Cluster]) -> bool:
    """Whether another short line begins or ends in the same words, as headings of an article do."""
    others = {i for c in clusters for i in range(c.start, c.end)} - set(lines)
    ours = [blocks[i].text for i in lines]
    theirs = [blocks[i].text for i in others if blocks[i].kind in ("line", "heading")]
    return any(a[:3] == b[:3] or a[-4:] == b[-4:] for a in ours for b in theirs) or any(
        shapes.is_enumerated(text) for text in ours
    )


def _sharing(
    blocks: list[Block], first: int, end: int, starts: set[int], language: Language
) -> float:
    """How much the texts before and behind a short line have in common, 0 to 1."""
    begin = max((start for start in starts if start < first), default=0)
    before = [block.text for block in blocks[begin:first] if block.kind == "text"]
    behind: list[str] = []
    for block in blocks[end:]:
        if block.kind in (*_HEAD_KINDS, "headline", "heading"):
            break
        if block.kind == "text":
            behind.append(block.text)
    if min(len("".join(before)), len("".join(behind))) < _ENOUGH:
        return 1.0
    return language.cohesion(before, behind)
