"""What the papers printed, as frozen records. Every offset is into `Article.text`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

DateBasis = Literal["printed", "inferred"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article under one sub-heading.

    Attributes:
        heading: The sub-heading as printed; None for text that stands under none.
        paragraphs: The paragraphs in reading order, each without line breaks.
    """

    heading: str | None
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph and its place.

    Attributes:
        number: Counts from 1 through the whole article.
        section: Heading of its section, or None.
        start: Offset of its first character in `Article.text`.
        end: Offset after its last character.
        text: `Article.text[start:end]`.
    """

    number: int
    section: str | None
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Article:
    """One newspaper item.

    Attributes:
        id: Unique in its collection; part of file names and links.
        title: The headline, or the editor's description where none was printed.
        sections: The text, in reading order.
        subtitle: Printed second headline, or None.
        kicker: Printed line above the headline, or None.
        byline: Printed author line, or None.
        source: The paper or agency, or None when the page does not say.
        date: ISO 8601 day, month or year, or an interval of two ("2026-04/2026-05");
            None when unknown.
        date_basis: Whether the paper printed the date or we inferred it.
        date_note: Why an inferred date is what it is.
        page: Name of the page it was printed on.
        is_title_editorial: True if the title is the editor's and not the paper's.
        captions: Picture captions; shown with the article, not part of its text.
        pull_quotes: Sentences that the page repeats in large type.
        furniture: Other lines of the page that belong to the item: rubrics, "continued on".
        notes: The editor's remarks on misprints and on how the page was put in order.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    subtitle: str | None = None
    kicker: str | None = None
    byline: str | None = None
    source: str | None = None
    date: str | None = None
    date_basis: DateBasis = "printed"
    date_note: str | None = None
    page: str | None = None
    is_title_editorial: bool = False
    captions: tuple[str, ...] = field(default=())
    pull_quotes: tuple[str, ...] = field(default=())
    furniture: tuple[str, ...] = field(default=())
    notes: str | None = None

    @cached_property
    def text(self) -> str:
        """The canonical text: headings and paragraphs in order, one a line."""
        return "\n".join(line for section in self.sections for line in _lines(section))

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Every paragraph with its offsets into `text`, in reading order."""
        return tuple(self._locate_paragraphs())

    def _locate_paragraphs(self) -> Iterator[Paragraph]:
        number = offset = 0
        for section in self.sections:
            if section.heading is not None:
                offset += len(section.heading) + 1
            for text in section.paragraphs:
                number += 1
                yield Paragraph(number, section.heading, offset, offset + len(text), text)
                offset += len(text) + 1


@dataclass(frozen=True, slots=True)
class Passage:
    """The retrieval unit: one paragraph, or a sentence-bounded part of a long one.

    Attributes:
        article_id: The article it is cut from.
        title: Title of that article; context for retrieval, never part of a quote.
        section: Heading of its section, or None; context as well.
        paragraph: Number of its paragraph in the article, from 1.
        start: Offset of its first character in `Article.text`.
        end: Offset after its last character.
        text: `Article.text[start:end]`.
    """

    article_id: str
    title: str
    section: str | None
    paragraph: int
    start: int
    end: int
    text: str


def _lines(section: Section) -> tuple[str, ...]:
    heading = () if section.heading is None else (section.heading,)
    return heading + section.paragraphs
