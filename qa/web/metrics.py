"""What the server counts, for Prometheus."""

from collections.abc import Callable
from typing import Literal

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from index import Manifest
from qa.answers import Answer

Channel = Literal["page", "http", "mcp"]
"""How a question came."""

_SECONDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """Counts questions by channel and outcome, and how long answers took."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self, describe: Callable[[], Manifest]) -> None:
        """Count from 0.

        Args:
            describe: Says what the index holds when it is asked.
        """
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "youju_questions", "Questions by channel and status of the answer",
            ["channel", "status"], registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "youju_answer_seconds", "Time from question to answer",
            ["channel"], buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        articles = Gauge(
            "youju_articles", "Number of articles in the index", registry=self._registry
        )
        articles.set_function(lambda: describe().n_articles)
        passages = Gauge(
            "youju_passages", "Number of passages in the index", registry=self._registry
        )
        passages.set_function(lambda: describe().n_passages)

    def count(self, answer: Answer, channel: Channel) -> None:
        """Count an answer."""
        self._questions.labels(channel, answer.status).inc()
        self._seconds.labels(channel).observe(answer.latency_ms / 1000)

    def exposition(self) -> bytes:
        """Return all counts in Prometheus' text format."""
        return generate_latest(self._registry)
