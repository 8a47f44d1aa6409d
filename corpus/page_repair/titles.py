"""Headlines that the page has above the wrong column, and what each headline is."""

from corpus.page_repair.language import Language
from corpus.page_repair.ordering import Draft
from corpus.page_repair.records import Block, Doubt

_EXCHANGED = 0.35
"""By so much two headlines must fit better the other way round, of 2."""


def exchange_headlines(blocks: list[Block], drafts: list[Draft], language: Language) -> list[Doubt]:
    """Exchange the headlines of neighbours where each shares far more with the other's text.

    The bylines stay where they are. Works on the drafts; returns a doubt for every exchange.
    """
    doubts = []
    for first, second in zip(drafts, drafts[1:], strict=False):
        ours, theirs = headlines_of(blocks, first), headlines_of(blocks, second)
        if not ours or not theirs:
            continue
        kept = _fit(blocks, ours[-1:], first, language) + _fit(blocks, theirs[:1], second, language)
        exchanged = _fit(blocks, ours[-1:], second, language) + _fit(blocks, theirs[:1], first, language)
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


def _fit(blocks: list[Block], lines: list[int], draft: Draft, language: Language) -> float:
    texts = [blocks[i].text for i in draft.blocks if blocks[i].kind == "text"]
    return sum(language.overlap(blocks[i].text, texts) for i in lines)
