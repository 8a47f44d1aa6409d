"""Gold questions: what a right answer is. The bundled ones are described in `gold/README.md`."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints, with_config

from corpus import Passage

Split = Literal["dev", "test"]
Kind = Literal["answerable", "unanswerable", "chat", "multi", "conflict"]
Differ = Literal["value", "date", "precision", "wording", "scope"]
"""How sources differ; what each means is told in `gold/README.md`."""

Text = Annotated[str, StringConstraints(pattern=r"\S")]
"""Not empty."""


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class GoldEvidence:
    """A sentence, or several in a row, that answers a gold question.

    Attributes:
        text: Verbatim.
        article_id: Where it stands; None if the gold file does not say.
        section: Heading of its section, or None.
        answer: The span in it, for questions whose evidence gives different ones.
        date: What date that value is of, as far as the text says.
    """

    text: Text
    article_id: str | None = None
    section: str | None = None
    answer: Text | None = None
    date: str | None = None

    def is_shown_by(self, article_id: str, text: str) -> bool:
        """Whether a text of an article holds this evidence, or is a part of it."""
        is_here = self.article_id in (None, article_id)
        return is_here and (self.text in text or text in self.text)


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with what a right answer to it is.

    Attributes:
        id: Differs from those of the other questions of a run.
        question: As people type it.
        kind: "answerable" by one passage, "unanswerable", a "chat" turn that leans on its
            history, "multi" for evidence in several passages, "conflict" for several values.
        answers: Accepted short spans, verbatim; none for an unanswerable question.
        evidence: The sentences they stand in; may be unknown.
        split: The half it belongs to; None if the file does not say.
        type: What is asked for (quantity, date, person, …), or None.
        paraphrased: Whether it avoids the words of the evidence.
        history: Earlier questions of the chat, oldest first.
        article_id: The article it was written on, or None.
        reason: Why it cannot be answered, or None.
        differ: How the sources of a conflict differ, or None.
    """

    id: Text
    question: Text
    kind: Kind
    answers: tuple[Text, ...]
    evidence: tuple[GoldEvidence, ...] = ()
    split: Split | None = None
    type: str | None = None
    paraphrased: bool = False
    history: tuple[Text, ...] = ()
    article_id: str | None = None
    reason: str | None = None
    differ: Differ | None = None

    def is_answered_by(self, passage: Passage) -> bool:
        """Whether a passage is relevant: it holds gold evidence, or is a part of it.

        Where the evidence is unknown, it holds an accepted answer and is of the named
        article, if one is named ("distant supervision", Chen et al., 2017, arXiv 1704.00051).
        """
        if self.evidence:
            return any(e.is_shown_by(passage.article_id, passage.text) for e in self.evidence)
        is_here = self.article_id in (None, passage.article_id)
        return is_here and any(answer in passage.text for answer in self.answers)

    @property
    def shared_wording(self) -> float | None:
        """Share of the question's bigrams that stand in its evidence; None if unknown.

        The fewer, the harder the question is for any search by words.
        """
        asked = bigrams(self.question.rstrip("？?。"))
        if not asked or not self.evidence:
            return None
        return len(asked & bigrams("\n".join(e.text for e in self.evidence))) / len(asked)


def bigrams(text: str) -> set[str]:
    """Return the pairs of neighbouring characters of a text."""
    return {text[i : i + 2] for i in range(len(text) - 1)}
