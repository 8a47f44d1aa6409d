"""A passage that was found, with why it ranks where it does."""

from dataclasses import dataclass

from corpus import Passage
from index.times import SaidTime


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with why it ranks where it does. All scores are higher-is-better.

    Attributes:
        passage: The passage.
        dense: Cosine of question and passage, in [-1, 1].
        lexical: BM25 over words and characters, in [0, 1], see `LexicalIndex.score`.
        fused: Their convex combination over the candidates, less what other times than the
            question's lose, in [0, 1]; the rank follows it.
        coverage: Share of the question's words that the passage holds, weighted by how
            rare they are, in [0, 1].
        said: The times that its sentences name, in the order of the text.
        copies: Numbers of the other passages that print the same, in corpus order, see
            `PassageIndex.passages`.
    """

    passage: Passage
    dense: float
    lexical: float
    fused: float
    coverage: float
    said: tuple[SaidTime, ...] = ()
    copies: tuple[int, ...] = ()


def with_context(passage: Passage) -> str:
    """Return title, section and text: what the lexical index sees of a passage."""
    return "\n".join(filter(None, (passage.title, passage.section, passage.text)))
