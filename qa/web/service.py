"""What page, HTTP and MCP share: one pipeline, counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answers import Answer
from qa.pipeline import Pipeline
from qa.web.metrics import Channel, Metrics


@dataclass(frozen=True)
class Service:
    """One archive that is served.

    Attributes:
        pipeline: What answers.
        metrics: What is counted.
    """

    pipeline: Pipeline
    metrics: Metrics

    @classmethod
    def of(cls, pipeline: Pipeline) -> "Service":
        """Serve a pipeline, from count 0."""
        return cls(pipeline, Metrics(pipeline.index.overview()))

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        id: str | None = None,
        *,
        channel: Channel,
    ) -> Answer:
        """Answer as `Pipeline.ask` does, and count it."""
        answer = self.pipeline.ask(question, history, id)
        self.metrics.count(answer, channel)
        return answer
