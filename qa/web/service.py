"""What page, HTTP and MCP share: the archive, counted, with feedback and uploads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index import ALL, ArticleFilter
from qa.answers import Answer
from qa.feedback import FeedbackStore
from qa.pipeline import Pipeline, Step
from qa.web.metrics import Channel, Metrics
from qa.web.uploads import PrivateArchives


@dataclass(frozen=True)
class Service:
    """One archive that is served.

    Attributes:
        pipeline: What answers.
        metrics: What is counted.
        feedback: Where readers' judgements go.
        archives: What readers uploaded.
    """

    pipeline: Pipeline
    metrics: Metrics
    feedback: FeedbackStore
    archives: PrivateArchives

    @classmethod
    def of(cls, pipeline: Pipeline, feedback: FeedbackStore) -> "Service":
        """Serve a pipeline, from count 0."""
        metrics = Metrics(lambda: pipeline.index.manifest)
        return cls(pipeline, metrics, feedback, PrivateArchives(pipeline))

    def pipeline_of(self, archive: str | None) -> Pipeline:
        """Return what answers from an uploaded archive, or from the served one if None.

        It stays as it is, see `Pipeline.now`.

        Raises:
            ArchiveGoneError: If the uploaded archive was deleted.
        """
        return self.pipeline.now() if archive is None else self.archives.pipeline(archive)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        id: str | None = None,
        *,
        channel: Channel,
        archive: str | None = None,
        on_step: Callable[[Step], None] = lambda _: None,
        wanted: ArticleFilter = ALL,
        is_literal: bool = False,
        on_understood: Callable[[str], None] = lambda _: None,
    ) -> Answer:
        """Answer as `Pipeline.ask` does, and count it.

        Raises:
            ArchiveGoneError: If the uploaded archive was deleted.
        """
        answer = self.pipeline_of(archive).ask(
            question,
            history,
            id,
            on_step,
            is_literal=is_literal,
            wanted=wanted,
            on_understood=on_understood,
        )
        self.metrics.count(answer, channel)
        return answer
