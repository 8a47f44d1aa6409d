"""What the repair of a page works on and gives back."""

from dataclasses import dataclass, field
from typing import Literal

from corpus.records import Article

Kind = Literal[
    "text", "line", "byline", "heading", "headline", "rubric", "jump", "caption",
    "source", "furniture", "pull_quote", "markup",
]  # fmt: skip
"""What a piece of the page is. "line" is a short line not yet told apart: headline or heading."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the page, or the part of one that stands in one column.

    Attributes:
        line: Number of the line in the page, from 1.
        start: Offset of the first character in that line.
        end: Offset after the last one.
        text: The characters between, without marks of Markdown and white space around.
        is_indented: Whether it begins with the indent of a paragraph.
        level: Number of `#` before it, 0 for none.
        has_gap: Whether a blank line, or the edge of a column, stands before it.
    """

    line: int
    start: int
    end: int
    text: str
    is_indented: bool = False
    level: int = 0
    has_gap: bool = False


@dataclass(slots=True)
class Block:
    """Pieces that surely follow each other, and what they are.

    Attributes:
        pieces: In reading order.
        kind: What the block is.
        text: The pieces put together.
    """

    pieces: list[Piece]
    kind: Kind
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = join_texts([piece.text for piece in self.pieces])

    def extend(self, piece: Piece) -> None:
        """Take in the piece that follows."""
        self.pieces.append(piece)
        self.text = join_texts([self.text, piece.text])

    @property
    def level(self) -> int:
        """Number of `#` before the block, 0 for none."""
        return self.pieces[0].level

    @property
    def line(self) -> int:
        """Number of the block's first line."""
        return self.pieces[0].line


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place where the repair is unsure, left as the page has it unless `reason` says so.

    Attributes:
        line: Number of the line of the page, from 1.
        reason: Why, in a plain Chinese sentence.
    """

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Where a part of an input line went.

    Attributes:
        line: Number of the line, from 1.
        start: Offset of the part in that line.
        end: Offset after it.
        kind: What it became; "markup" for marks of Markdown and of tables, which go nowhere.
        article_id: Its article; None for lines that belong to the page as a whole.
        paragraph: Number of its paragraph in the article, from 1; None if it is in none.
        part: Which part of its paragraph or line it is, from 1, in reading order.
    """

    line: int
    start: int
    end: int
    kind: Kind
    article_id: str | None = None
    paragraph: int | None = None
    part: int = 1


@dataclass(frozen=True, slots=True)
class RepairedPage:
    """The articles of a page, and what became of every character of it.

    Attributes:
        page_id: Name of the page.
        articles: In the order of the page.
        furniture: Lines that belong to the page and to no article: date, page number, editors.
        doubts: Where the repair is unsure, in the order of lines.
        ledger: Every character of the page that is not white space, once, in the order of lines.
    """

    page_id: str
    articles: tuple[Article, ...]
    furniture: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    ledger: tuple[LedgerEntry, ...]

    @property
    def is_sure(self) -> bool:
        """Whether there is no doubt."""
        return not self.doubts


def join_texts(texts: list[str]) -> str:
    """Put parts of a sentence together, with a space only between Latin words."""
    joined = ""
    for text in texts:
        needs_space = (
            joined[-1:].isalpha() and text[:1].isalpha() and (joined[-1:] + text[:1]).isascii()
        )
        joined += " " * needs_space + text
    return joined
