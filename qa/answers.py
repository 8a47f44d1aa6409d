"""What comes back for a question, and its JSON."""

from dataclasses import dataclass
from typing import Any, Literal

from corpus import Article, Paragraph
from qa.records import AlternativeRecord, AnswerRecord, CitationRecord

Status = Literal["answered", "no_answer", "invalid"]
Relation = Literal["same", "different"]


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact place of a quote: `article.text[start:end] == quote`, always.

    Attributes:
        article_id: The article.
        title: Its title.
        section: Heading of the section, or None.
        date: The article's date, see `corpus.Article.date`.
        source: The paper or agency, or None.
        byline: The printed author line, or None.
        paragraph: Number of the paragraph in the article, from 1.
        start: Offset of the quote in `Article.text`.
        end: Offset after it.
        quote: The words themselves.
    """

    article_id: str
    title: str
    section: str | None
    date: str | None
    source: str | None
    byline: str | None
    paragraph: int
    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, article: Article, start: int, end: int) -> "Citation":
        """Cite `article.text[start:end]`.

        Raises:
            ValueError: If the slice is empty or does not lie within one paragraph.
        """
        paragraph = _paragraph_at(article, start, end)
        return cls(
            article.id, article.title, paragraph.section, article.date, article.source,
            article.byline, paragraph.number, start, end, article.text[start:end],
        )  # fmt: skip

    def to_dict(self) -> CitationRecord:
        """Return the citation as JSON-ready values."""
        return {
            "article_id": self.article_id,
            "title": self.title,
            "section": self.section,
            "date": self.date,
            "source": self.source,
            "byline": self.byline,
            "paragraph": self.paragraph,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
        }


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another place that answers the question.

    Attributes:
        answer, evidence, confidence, citation: As in `Answer`.
        relation: "same" if it gives the answer in the same words, or a number that the same
            value can be meant by (1.5万 and 15000, 45项 and 40余项), else "different".
    """

    answer: str
    evidence: str
    confidence: float
    citation: Citation
    relation: Relation

    def to_dict(self) -> AlternativeRecord:
        """Return the alternative as JSON-ready values."""
        return {
            "answer": self.answer,
            "evidence": self.evidence,
            "confidence": round(self.confidence, 4),
            "citation": self.citation.to_dict(),
            "relation": self.relation,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, a refusal, or why the input was no question.

    Attributes:
        id: The id of a batch line, else None.
        question: What was asked, as typed.
        status: "answered"; "no_answer" for a refusal; "invalid" for input that is no question.
        answer: The shortest span that answers; None unless answered. The quote of `citation`.
        evidence: The whole sentence around it, verbatim; None unless answered.
        confidence: Estimated probability, in [0, 1], that the evidence is right; of a refusal,
            that of the best candidate, which is not shown.
        as_of: Date of the article that is cited, or None.
        citation: Where the answer stands; None unless answered.
        alternatives: Other places that answer, best first.
        conflict: Whether sources were found to contradict each other.
        reason: Why refused or invalid, one Chinese sentence; None if answered.
        latency_ms: Milliseconds it took.
        n_parts: How many alternatives, from the first on, answer other parts of a question that
            asks several things at once; not in the record.
    """

    id: str | None
    question: str
    status: Status
    answer: str | None = None
    evidence: str | None = None
    confidence: float = 0.0
    as_of: str | None = None
    citation: Citation | None = None
    alternatives: tuple[Alternative, ...] = ()
    conflict: bool = False
    reason: str | None = None
    latency_ms: float = 0.0
    n_parts: int = 0

    def to_dict(self) -> AnswerRecord:
        """Return the answer as JSON-ready values, in the order the README lists them."""
        return {
            "id": self.id,
            "question": self.question,
            "status": self.status,
            "answer": self.answer,
            "evidence": self.evidence,
            "confidence": round(self.confidence, 4),
            "as_of": self.as_of,
            "citation": self.citation.to_dict() if self.citation else None,
            "alternatives": [alternative.to_dict() for alternative in self.alternatives],
            "conflict": self.conflict,
            "reason": self.reason,
            "latency_ms": round(self.latency_ms, 1),
        }


def answer_from_dict(record: AnswerRecord) -> Answer:
    """Return the answer that `Answer.to_dict` wrote, figures rounded as there."""
    cited = record["citation"]
    alternatives = tuple(
        Alternative(
            other["answer"],
            other["evidence"],
            other["confidence"],
            Citation(**other["citation"]),
            "same" if other["relation"] == "same" else "different",
        )
        for other in record["alternatives"]
    )
    values: dict[str, Any] = {
        **record,
        "citation": Citation(**cited) if cited else None,
        "alternatives": alternatives,
    }
    return Answer(**values)


def _paragraph_at(article: Article, start: int, end: int) -> Paragraph:
    for paragraph in article.paragraphs:
        if paragraph.start <= start < end <= paragraph.end:
            return paragraph
    raise ValueError(f"[{start}, {end}) is not inside one paragraph of article {article.id}")
