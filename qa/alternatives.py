"""What is shown beside an answer."""

from collections.abc import Sequence
from dataclasses import replace

from index.text import normalise
from qa.answers import Alternative, Answer, Relation
from qa.quantities import says_the_same

MAX_ALTERNATIVES = 3


def relation_of(said: str, other: str) -> Relation:
    """Return whether two short answers say the same."""
    is_same = normalise(said) == normalise(other) or says_the_same(said, other)
    return "same" if is_same else "different"


def with_parts(whole: Answer, parts: Sequence[Answer]) -> Answer:
    """Return the answer to a question with those to the questions that it asks at once.

    They come before its other alternatives; a sentence is shown once. A question that is
    refused as a whole is answered if all its parts are.

    Args:
        whole: Answer to the question, or refusal.
        parts: Answers or refusals, in the order they are asked; at least one.
    """
    if whole.answer is None and all(part.answer for part in parts):
        whole = replace(parts[0], question=whole.question, alternatives=())
    if whole.answer is None or whole.citation is None:
        return whole
    shown = {(whole.citation.article_id, whole.evidence)}
    others: list[Alternative] = []
    for other in (*map(_as_alternative, parts), *whole.alternatives):
        if other and (place := (other.citation.article_id, other.evidence)) not in shown:
            shown.add(place)
            others.append(replace(other, relation=relation_of(other.answer, whole.answer)))
    return replace(whole, alternatives=tuple(others[:MAX_ALTERNATIVES]))


def _as_alternative(answer: Answer) -> Alternative | None:
    if answer.answer is None or answer.evidence is None or answer.citation is None:
        return None
    return Alternative(
        answer.answer, answer.evidence, answer.confidence, answer.citation, "different"
    )
