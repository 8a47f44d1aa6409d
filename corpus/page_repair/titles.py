"""Headlines that the page has above the wrong column, and what each headline is."""

import re
from itertools import pairwise

from corpus.page_repair.language import Language
from corpus.page_repair.ordering import Draft
from corpus.page_repair.records import Block, Doubt

_EXCHANGED = 0.35
"""By so much two headlines must fit better the other way round, of 2."""


_DASHED = re.compile(r"——|--")
_LEAD = 3
"""So many paragraphs tell what an article is about."""


def exchange_headlines(blocks: list[Block], drafts: list[Draft], language: Language) -> list[Doubt]:
    """Exchange the headlines of neighbours where each shares far more with the other's text.

    The bylines stay where they are. Works on the drafts; returns a doubt for every exchange.
    """
    doubts = []
    for first, second in pairwise(drafts):
        ours, theirs = headlines_of(blocks, first), headlines_of(blocks, second)
        if not ours or not theirs:
            continue
        kept = _fit(blocks, ours[-1:], first, language) + _fit(blocks, theirs[:1], second, language)
        exchanged = _fit(blocks, ours[-1:], second, language) + _fit(
            blocks, theirs[:1], first, language
        )
        if exchanged - kept < _EXCHANGED:
            continue
        moved, other = ours[-1], theirs[0]
        first.blocks[first.blocks.index(moved)] = other
        second.blocks[second.blocks.index(other)] = moved
        doubts.append(Doubt(blocks[other].line, "标题与正文对不上，与相邻一篇的标题互换"))
    return doubts


def headlines_of(blocks: list[Block], draft: Draft) -> list[int]:
    """Return the numbers of an article's headlines, in its order."""
    return [i for i in draft.blocks if blocks[i].kind == "headline"]


def split_head(
    blocks: list[Block], head: list[int], body: list[str], rest: list[str], language: Language
) -> dict[int, str]:
    """Return what each headline of an article is: "title", "kicker", "subtitle" or "rubric".

    Where the page marks levels the title has the highest. Else it is the line that shares most
    with how the article begins; the first line of the page is a rubric of all of it if it shares
    more with the other articles.

    Args:
        blocks: All blocks of the page.
        head: Numbers of the article's headlines, in the order of the page; at least one.
        body: Paragraphs of the article.
        rest: Paragraphs of the other articles.
        language: The words of the page.
    """
    dashed = [i for i in head if _DASHED.match(blocks[i].text)]
    plain = [i for i in head if i not in dashed] or head
    rubrics = []
    if _is_page_rubric(blocks, plain, body, rest, language):
        rubrics, plain = plain[:1], plain[1:]
    highest = min((blocks[i].level for i in plain if blocks[i].level), default=0)
    candidates = [i for i in plain if not highest or blocks[i].level == highest]
    title = max(candidates, key=lambda i: (language.overlap(blocks[i].text, body[:_LEAD]), -i))
    roles = {i: "kicker" if i < title else "subtitle" for i in head}
    return roles | dict.fromkeys(rubrics, "rubric") | {title: "title"}


def _is_page_rubric(
    blocks: list[Block], plain: list[int], body: list[str], rest: list[str], language: Language
) -> bool:
    first = plain[0]
    if len(plain) < 2 or first != 0 or not rest:
        return False
    if 0 < blocks[first].level < blocks[plain[1]].level:
        return True
    own, others = (language.overlap(blocks[first].text, texts) for texts in (body, rest))
    best = max(language.overlap(blocks[i].text, body) for i in plain[1:])
    return own <= others or own < best / 2


def _fit(blocks: list[Block], lines: list[int], draft: Draft, language: Language) -> float:
    texts = [blocks[i].text for i in draft.blocks if blocks[i].kind == "text"]
    return sum(language.overlap(blocks[i].text, texts) for i in lines)
