"""The pipeline with a stage left out, to see what the stage is worth."""

from collections.abc import Sequence
from typing import Literal

from index import ScoredPassage
from qa.pipeline import Pipeline
from qa.questions import Question
from qa.reader import Reading
from qa.refusal import Confidence, Logistic

Retrieval = Literal["fused", "lexical", "dense"]
ReaderName = Literal["default", "none"]

_DENSE_WEIGHTS: dict[Retrieval, float | None] = {"fused": None, "lexical": 0.0, "dense": 1.0}

NEVER_REFUSE = Confidence(Logistic({}, 0.0), Logistic({}, 0.0), 0.0)


class WholePassageReader:
    """Stands in for the reader: every passage is an answer as it is, in retrieval order."""

    def read(self, question: Question, passages: Sequence[ScoredPassage]) -> list[Reading]:
        """Return one reading a passage, its whole text."""
        return [
            Reading(scored, (0, len(scored.passage.text)), (0, len(scored.passage.text)),
                    scored.fused, 1 / len(passages))
            for scored in passages
        ]  # fmt: skip


def ablate(pipeline: Pipeline, retrieval: Retrieval, reader: ReaderName) -> Pipeline:
    """Return a pipeline on the same index that ranks and reads as named.

    Args:
        pipeline: Gives the index, and reader and confidence of "default".
        retrieval: By meaning and wording, or by one of them.
        reader: "none" answers with the whole first passage, always.
    """
    chosen, confidence = (
        (WholePassageReader(), NEVER_REFUSE)
        if reader == "none"
        else (pipeline.reader, pipeline.confidence)
    )
    weight = _DENSE_WEIGHTS[retrieval]
    return Pipeline(
        pipeline.index, chosen, confidence=confidence, dense_weight=weight, today=pipeline.today
    )
