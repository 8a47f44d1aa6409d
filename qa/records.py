"""The JSON that the command line, HTTP and MCP give alike; others script against it."""

from typing_extensions import TypedDict  # pydantic, which writes the OpenAPI schema, needs it

from index import ScoredPassage


class CitationRecord(TypedDict):
    """See `qa.answers.Citation`."""

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


class AlternativeRecord(TypedDict):
    """See `qa.answers.Alternative`."""

    answer: str
    evidence: str
    confidence: float
    citation: CitationRecord
    relation: str


class AnswerRecord(TypedDict):
    """See `qa.answers.Answer`."""

    id: str | None
    question: str
    status: str
    answer: str | None
    evidence: str | None
    confidence: float
    as_of: str | None
    citation: CitationRecord | None
    alternatives: list[AlternativeRecord]
    conflict: bool
    reason: str | None
    latency_ms: float


class ScoresRecord(TypedDict):
    """See `index.ScoredPassage`."""

    dense: float
    lexical: float
    fused: float


class SearchRecord(TypedDict):
    """A ranked passage; `rank` counts from 1."""

    rank: int
    score: float
    article_id: str
    title: str
    section: str | None
    paragraph: int
    start: int
    end: int
    text: str
    scores: ScoresRecord


def search_dict(rank: int, scored: ScoredPassage) -> SearchRecord:
    """Return a ranked passage as JSON-ready values; `rank` counts from 1."""
    passage = scored.passage
    return {
        "rank": rank,
        "score": round(scored.fused, 4),
        "article_id": passage.article_id,
        "title": passage.title,
        "section": passage.section,
        "paragraph": passage.paragraph,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "scores": {
            "dense": round(scored.dense, 4),
            "lexical": round(scored.lexical, 4),
            "fused": round(scored.fused, 4),
        },
    }
