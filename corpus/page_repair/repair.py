"""The articles of a printed page from its raw text."""

from corpus.page_repair import shapes
from corpus.page_repair.blocks import make_blocks
from corpus.page_repair.building import build_page
from corpus.page_repair.heads import settle_lines
from corpus.page_repair.joining import find_joins
from corpus.page_repair.language import Language
from corpus.page_repair.lines import read_pieces
from corpus.page_repair.ordering import order_articles
from corpus.page_repair.records import Block, RepairedPage
from corpus.page_repair.titles import exchange_headlines

_MIN_PULL_QUOTE, _MAX_PULL_QUOTE = 10, 100
"""A longer repetition (characters) is a paragraph printed twice, a shorter one a set phrase."""


def repair_page(text: str, page_id: str) -> RepairedPage:
    """Put the articles of a page in order.

    Paragraphs that a column break cut are joined where the language says so clearly, short
    lines are told apart, articles begin at headlines and bylines. What is unsure stays as the
    page has it and is named among the doubts. No character is changed, and none is lost: the
    ledger says where each went.

    Args:
        text: The page as it was read, its columns one after the other or side by side.
        page_id: Name of the page; article ids are this, a hyphen and a number from 1.
    """
    pieces = read_pieces(text)
    blocks, doubts = make_blocks(pieces)
    _find_pull_quotes(blocks)
    language = Language([block.text for block in blocks if block.kind == "text"])
    starts, more = settle_lines(blocks, language)
    doubts += more
    joins, more = find_joins(blocks, language)
    doubts += more
    drafts, joins, more = order_articles(blocks, starts, joins, language)
    doubts += more
    doubts += exchange_headlines(blocks, drafts, language)
    return build_page(text, page_id, blocks, drafts, joins, doubts, language)


def _find_pull_quotes(blocks: list[Block]) -> None:
    """A short text that stands word for word in another one is repeated in large type."""
    for block in blocks:
        is_whole = block.kind == "text" and shapes.is_closed(block.text)
        if is_whole and _MIN_PULL_QUOTE <= len(block.text) <= _MAX_PULL_QUOTE:
            others = (b.text for b in blocks if b is not block and b.kind == "text")
            if any(len(other) > len(block.text) and block.text in other for other in others):
                block.kind = "pull_quote"
