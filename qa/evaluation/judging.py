"""One gold question, asked: what was found and said, and how right that is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corpus import Passage, split_article
from index import ScoredPassage
from qa.answers import Answer, Citation
from qa.evaluation import metrics
from qa.evaluation.gold_questions import GoldQuestion
from qa.evaluation.list_metrics import item_scores
from qa.lists import items_of
from qa.pipeline import N_READ, Pipeline
from qa.records import CitationRecord

_SCORES = (
    "id", "kind", "type", "question", "status", "answer", "confidence", "ranks", "exact_match",
    "f1", "answer_right", "evidence_right", "item_recall", "item_precision",
    "latency_ms", "failure",
)  # fmt: skip

LIST = "list"
"""Type of the gold questions that ask for several things."""

DEPTH = 100
"""How many passages are ranked for a question."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one gold question went. Scores lie in [0, 1]; those of no meaning for it are None.

    Attributes:
        id, split, kind, type, paraphrased, shared_wording, question, history, answers: As in
            the gold question.
        evidence: The gold evidence, verbatim.
        gold_reason: Why the question cannot be answered, as the gold file says.
        differ: How the sources of a conflict differ, as the gold file says.
        status, answer, shown_evidence, citation, confidence, reason, conflict, latency_ms:
            What came back, see `Answer`.
        retrieved: The first `DEPTH` passages, best first: name and fused score.
        relevant: Names of the passages that answer, as far as they are known.
        ranks: Of the relevant passages, ascending, from 1.
        exact_match, f1: The short answer, see `metrics`; a refusal scores 0.
        answer_right: See `metrics.answer_right`; the article cited must be right as well.
        evidence_f1: The sentence shown, see `metrics.evidence_f1`.
        evidence_right: Whether the sentence shown is (or holds, or is part of) gold evidence.
        article_right: Whether the article cited is one of the gold evidence.
        section_right: Whether its section is, too.
        citation_exact: Whether the offsets of every citation shown slice to its quote.
        values_shown: Share of the values of a conflict that are shown, alternatives included.
        evidence_shown: Share of the gold evidence that is shown, alternatives included.
        item_recall, item_precision: Of a question for a list, see `list_metrics`; of a refusal,
            only the first is known.
    """

    id: str
    split: str | None
    kind: str
    type: str | None
    paraphrased: bool
    shared_wording: float | None
    question: str
    history: tuple[str, ...]
    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    gold_reason: str | None
    differ: str | None
    status: str
    answer: str | None
    shown_evidence: str | None
    citation: CitationRecord | None
    confidence: float
    reason: str | None
    conflict: bool
    latency_ms: float
    retrieved: tuple[tuple[str, float], ...]
    relevant: tuple[str, ...]
    ranks: tuple[int, ...]
    exact_match: float
    f1: float
    answer_right: float
    evidence_f1: float | None
    evidence_right: float | None
    article_right: float | None
    section_right: float | None
    citation_exact: float | None
    values_shown: float | None
    evidence_shown: float | None
    item_recall: float | None
    item_precision: float | None

    @property
    def is_answerable(self) -> bool:
        """Whether the archive answers it."""
        return self.kind != "unanswerable"

    @property
    def is_refused(self) -> bool:
        """Whether no answer was given."""
        return self.status != "answered"

    @property
    def failure(self) -> str | None:
        """What went wrong, or None: the first stage that failed."""
        if not self.is_answerable:
            return None if self.is_refused else "answered, has no answer"
        if self.answer_right:
            return None
        if self.relevant and not metrics.success(self.ranks, N_READ):
            return f"right passage not in the first {N_READ}"
        if self.is_refused:
            return "refused, has an answer"
        if self.evidence_right == 0:
            return "wrong sentence" if self.article_right else "wrong article"
        said = self.answer or ""
        if any(answer in said for answer in self.answers):
            return "answer too long"
        return "answer too short" if any(said in a for a in self.answers) else "wrong words"

    def scores(self) -> dict[str, Any]:
        """Return what `result.json` keeps of it: enough to compare runs question by question."""
        return {name: getattr(self, name) for name in _SCORES}

    def to_dict(self) -> dict[str, Any]:
        """Return the judgement as JSON-ready values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> "Judgement":
        """Read what `to_dict` wrote, from JSON.

        Raises:
            KeyError, TypeError, ValueError: If a field is missing, unknown or of another form.
        """
        lists = {name: tuple(value) for name, value in record.items() if isinstance(value, list)}
        ranking = tuple((passage, score) for passage, score in record["retrieved"])
        return cls(**record | lists | {"retrieved": ranking})


def judge(pipeline: Pipeline, question: GoldQuestion) -> Judgement:
    """Ask one gold question and compare what comes back."""
    found = pipeline.search(question.question, DEPTH)
    answer = pipeline.ask(question.question, question.history)
    relevant = _relevant_names(pipeline, question, found)
    ranks = [
        rank for rank, scored in enumerate(found, 1) if passage_name(scored.passage) in relevant
    ]
    said = answer.answer or ""
    places = _judge_evidence(question, answer)
    is_elsewhere = places["article_right"] == 0
    return Judgement(
        id=question.id,
        split=question.split,
        kind=question.kind,
        type=question.type,
        paraphrased=question.paraphrased,
        shared_wording=question.shared_wording,
        question=question.question,
        history=question.history,
        answers=question.answers,
        evidence=tuple(evidence.text for evidence in question.evidence),
        gold_reason=question.reason,
        differ=question.differ,
        status=answer.status,
        answer=answer.answer,
        shown_evidence=answer.evidence,
        citation=answer.citation.to_dict() if answer.citation else None,
        confidence=answer.confidence,
        reason=answer.reason,
        conflict=answer.conflict,
        latency_ms=answer.latency_ms,
        retrieved=tuple((passage_name(s.passage), round(s.fused, 4)) for s in found),
        relevant=tuple(relevant),
        ranks=tuple(ranks),
        exact_match=metrics.exact_match(question.answers, said),
        f1=metrics.f1(question.answers, said),
        answer_right=0.0 if is_elsewhere else metrics.answer_right(question.answers, said),
        citation_exact=_citation_exact(pipeline, answer),
        **places,
        **_judge_items(question, answer, is_elsewhere=is_elsewhere),
    )


def passage_name(passage: Passage) -> str:
    """Return what a passage is called in result files: article id and offsets."""
    return f"{passage.article_id}:{passage.start}-{passage.end}"


def _relevant_names(
    pipeline: Pipeline, question: GoldQuestion, found: Sequence[ScoredPassage]
) -> list[str]:
    """The relevant passages of the named articles, and those that were found of others."""
    if not question.answers:
        return []
    named = dict.fromkeys([*(e.article_id for e in question.evidence), question.article_id])
    passages = [p for name in named if name for p in split_article(pipeline.article(name))]
    passages += [scored.passage for scored in found]
    return list(dict.fromkeys(passage_name(p) for p in passages if question.is_answered_by(p)))


def _judge_evidence(question: GoldQuestion, answer: Answer) -> dict[str, float | None]:
    gold, cited = question.evidence, answer.citation
    if not gold:
        return dict.fromkeys(
            ("evidence_f1", "evidence_right", "article_right", "section_right", "values_shown",
             "evidence_shown")
        )  # fmt: skip
    shown = list_shown(answer)
    values = {evidence.answer for evidence in gold if evidence.answer}
    articles = {(e.article_id, e.section) for e in gold if e.article_id is not None}
    place = (cited.article_id, cited.section) if cited else (None, None)
    return {
        "evidence_f1": metrics.evidence_f1([e.text for e in gold], answer.evidence or ""),
        "evidence_right": float(any(e.is_shown_by(*shown[0][:2]) for e in gold) if shown else 0),
        "article_right": float(place[0] in {a for a, _ in articles}) if articles else None,
        "section_right": float(place in articles) if articles else None,
        "values_shown": (
            metrics.values_shown(values, [said for _, _, said in shown]) if values else None
        ),
        "evidence_shown": float(
            sum(any(e.is_shown_by(*one[:2]) for one in shown) for e in gold) / len(gold)
        ),
    }


def _judge_items(
    question: GoldQuestion, answer: Answer, *, is_elsewhere: bool
) -> dict[str, float | None]:
    said = [item.quote for item in items_of(answer)] or ([answer.answer] if answer.answer else [])
    is_list = question.type == LIST and question.kind in ("answerable", "conflict")
    scores = item_scores(question.answers, [] if is_elsewhere else said) if is_list else None
    recall, precision = scores or (None, None)
    return {"item_recall": recall, "item_precision": precision if said else None}


def list_shown(answer: Answer) -> list[tuple[str, str, str]]:
    """Return (article id, evidence, short answer) of all that is shown, the answer first."""
    if answer.citation is None:
        return []
    first = (answer.citation.article_id, answer.evidence or "", answer.answer or "")
    others = [(a.citation.article_id, a.evidence, a.answer) for a in answer.alternatives]
    return [first, *others]


def _citation_exact(pipeline: Pipeline, answer: Answer) -> float | None:
    citations = [answer.citation, *(a.citation for a in answer.alternatives)]
    shown = [citation for citation in citations if citation]
    return float(all(_is_exact(pipeline, c) for c in shown)) if shown else None


def _is_exact(pipeline: Pipeline, citation: Citation) -> bool:
    """Whether offsets, quote and the place they are said to be in agree."""
    try:
        article = pipeline.article(citation.article_id)
        return Citation.of(article, citation.start, citation.end) == citation
    except (KeyError, ValueError):  # no such article, or not inside one of its paragraphs
        return False
