"""What the server counts, for Prometheus."""

from typing import Literal

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from index import Overview
from qa.answers import Answer

Channel = Literal["page", "http", "mcp"]
"""How a question came."""

_SECONDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0)


class Metrics:
    """Counts questions by channel and outcome, and how long answers took."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self, overview: Overview) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "youju_questions", "Questions by channel and status of the answer",
            ["channel", "status"], registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "youju_answer_seconds", "Time from question to answer",
            ["channel"], buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        for name, value in (
            ("articles", overview.n_articles), ("passages", overview.n_passages),
        ):  # fmt: skip
            gauge = Gauge(
                f"youju_{name}", f"Number of {name} in the index", registry=self._registry
            )
            gauge.set(value)

    def count(self, answer: Answer, channel: Channel) -> None:
        """Count an answer."""
        self._questions.labels(channel, answer.status).inc()
        self._seconds.labels(channel).observe(answer.latency_ms / 1000)

    def exposition(self) -> bytes:
        """Return all counts in Prometheus' text format."""
        return generate_latest(self._registry)
