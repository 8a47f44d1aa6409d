"""How near to an archive questions come that have nothing to do with it.

Cosines mean something else for every encoder and every collection. Measured against
everyday questions about other things, they become comparable.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

NOISE_QUESTIONS = Path(__file__).with_name("noise_questions.txt")
"""One question a line: everyday matters, general knowledge, small talk."""

FLOOR_DEVIATIONS = 4
"""So many standard deviations below the noise a passage has no relation to a question."""

MIN_DEVIATION = 0.005
"""Floor of the spread, for archives so small that all questions come out alike."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Mean and standard deviation of the best cosine of unrelated questions."""

    mean: float
    deviation: float

    @classmethod
    def measure(cls, best_cosine: Callable[[str], float]) -> "Noise":
        """Ask every question of `NOISE_QUESTIONS` how near its nearest passage is."""
        questions = NOISE_QUESTIONS.read_text(encoding="utf-8").split("\n")
        cosines = np.array([best_cosine(question) for question in questions if question])
        return cls(float(cosines.mean()), max(float(cosines.std()), MIN_DEVIATION))

    @property
    def floor(self) -> float:
        """The cosine that counts as none at all when scores are fused."""
        return self.mean - FLOOR_DEVIATIONS * self.deviation

    def nearness(self, cosine: float) -> float:
        """Return how many standard deviations `cosine` lies above the mean of the noise."""
        return (cosine - self.mean) / self.deviation
