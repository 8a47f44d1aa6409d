"""From blocks and joins to articles: which column goes on in which."""

from dataclasses import dataclass, field
from itertools import pairwise

from corpus.page_repair import shapes
from corpus.page_repair.joining import Join, next_text
from corpus.page_repair.language import Language, start_score
from corpus.page_repair.records import Block, Doubt

_ODD_START = 1.5
"""A text behind a finished one that begins at least so oddly may be the top of another column."""

_RELATED = 0.03
"""A column without a headline must share so much more with one article than with any other."""


@dataclass(slots=True)
class Draft:
    """An article in the making.

    Attributes:
        blocks: Numbers of its blocks, in reading order.
        has_head: Whether it has a headline or a byline.
        is_reordered: Whether that order is not the page's.
    """

    blocks: list[int] = field(default_factory=list)
    has_head: bool = False
    is_reordered: bool = False


def order_articles(
    blocks: list[Block], starts: set[int], joins: list[Join], language: Language
) -> tuple[list[Draft], list[Join], list[Doubt]]:
    """Return the articles of a page, the joins that their order allows, and doubts.

    Columns run on down the page until a headline, a "continued on", or a join with another
    place breaks them; a column without a headline goes to the article that it is joined to, or
    has most in common with.
    """
    far = [join for join in joins if next_text(blocks, join.left) != join.right]
    breaks = set(starts) | {0} | _behind_jumps(blocks)
    doubts: list[Doubt] = []
    kept = [join for join in joins if join not in far]
    joined = {join.right for join in joins}
    for join in far:
        wanted = {join.right}
        if (behind := _next_break(blocks, join.left)) is not None:
            wanted.add(behind)
        if _run_of(join.left, breaks | wanted) == _run_of(join.right, breaks | wanted):
            top = _top_of_column(blocks, join, joined)
            if top is None:
                doubts.append(Doubt(blocks[join.left].line, "下文似在前面，栏序不明，没有拼接"))
                continue
            wanted.add(top)
        breaks |= wanted
        kept.append(join)
    chains = _chain(_runs(len(blocks), breaks), [join for join in kept if join in far])
    drafts, more = _attach(blocks, starts, chains, language)
    return drafts, kept, doubts + more


def _behind_jumps(blocks: list[Block]) -> set[int]:
    """The first text or heading behind each "continued on"."""
    found = set()
    for i, block in enumerate(blocks):
        if block.kind == "jump" and not shapes.is_continuation(block.text):
            behind = _next_break(blocks, i)
            if behind is not None:
                found.add(behind)
    return found


def _next_break(blocks: list[Block], i: int) -> int | None:
    """The next block that a column may begin with."""
    for k in range(i + 1, len(blocks)):
        if blocks[k].kind in ("text", "heading", "headline", "byline"):
            return k
    return None


def _run_of(i: int, breaks: set[int]) -> int:
    return max(start for start in breaks if start <= i)


def _runs(count: int, breaks: set[int]) -> list[list[int]]:
    edges = [*sorted(breaks - {count}), count]
    return [list(range(start, end)) for start, end in pairwise(edges)]


def _top_of_column(blocks: list[Block], join: Join, joined: set[int]) -> int | None:
    """Between the two ends of a join backwards, the text that most likely begins a column."""
    tops = [
        (start_score(blocks[i].text), i)
        for i in range(join.right + 1, join.left + 1)
        if blocks[i].kind == "text" and i not in joined and blocks[i - 1].kind == "text"
    ]
    score, top = max(tops, default=(0.0, -1))
    return top if score >= _ODD_START else None


def _chain(runs: list[list[int]], far: list[Join]) -> list[list[list[int]]]:
    """Put runs that a join links one after the other; links in a circle are not followed."""
    run_of = {i: number for number, run in enumerate(runs) for i in run}
    following: dict[int, int] = {}
    for join in far:
        left, right = run_of[join.left], run_of[join.right]
        end = right
        while end in following:
            end = following[end]
        if end != left:
            following[left] = right
    followed = set(following.values())
    chains = []
    for number in range(len(runs)):
        if number in followed:
            continue
        chain, at = [runs[number]], number
        while at in following:
            at = following[at]
            chain.append(runs[at])
        chains.append(chain)
    return chains


def _attach(
    blocks: list[Block], starts: set[int], chains: list[list[list[int]]], language: Language
) -> tuple[list[Draft], list[Doubt]]:
    drafts: list[Draft] = []
    headless: list[Draft] = []
    doubts: list[Doubt] = []
    for chain in chains:
        order = [i for run in chain for i in run]
        draft = Draft(order, order[0] in starts, order != sorted(order))
        (drafts if draft.has_head else headless).append(draft)
    for draft in headless:
        target = _find_article(blocks, draft, drafts, language)
        if target is None:
            if any(blocks[i].kind == "text" for i in draft.blocks) and draft.blocks[0] != 0:
                doubts.append(
                    Doubt(
                        blocks[draft.blocks[0]].line, "这一栏没有标题，看不出属于哪一篇，单列一篇"
                    )
                )
            drafts.append(draft)
        else:
            doubts += _insert(blocks, draft, target)
    drafts.sort(key=lambda draft: min(draft.blocks))
    return drafts, doubts


def _find_article(
    blocks: list[Block], draft: Draft, drafts: list[Draft], language: Language
) -> Draft | None:
    texts = _texts(blocks, draft)
    if not texts or not drafts:
        return max(
            (d for d in drafts if min(d.blocks) < draft.blocks[0]),
            key=lambda d: min(d.blocks),
            default=None,
        )
    ranked = sorted(
        ((language.cohesion(texts, _texts(blocks, other)), k) for k, other in enumerate(drafts)),
        reverse=True,
    )
    best, number = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return drafts[number] if best - second >= _RELATED else None


def _insert(blocks: list[Block], draft: Draft, target: Draft) -> list[Doubt]:
    """Put a column without headline into its article: before a part that ends in a jump."""
    has_text = any(blocks[i].kind == "text" for i in draft.blocks)
    place = len(target.blocks)
    if has_text and _ends_in_jump(blocks, target):
        body = next(
            (k for k, i in enumerate(target.blocks) if blocks[i].kind in ("text", "heading")), place
        )
        if body < place and blocks[target.blocks[body]].kind == "heading":
            place = body
    target.blocks[place:place] = draft.blocks
    target.is_reordered |= target.blocks != sorted(target.blocks)
    if not has_text:
        return []
    return [Doubt(blocks[draft.blocks[0]].line, "这一栏没有标题，按内容归入同版的一篇")]


def _ends_in_jump(blocks: list[Block], draft: Draft) -> bool:
    tail = [
        blocks[i].kind
        for i in draft.blocks
        if blocks[i].kind not in ("caption", "furniture", "rubric")
    ]
    return bool(tail) and tail[-1] == "jump"


def _texts(blocks: list[Block], draft: Draft) -> list[str]:
    return [blocks[i].text for i in draft.blocks if blocks[i].kind == "text"]
