"""How near to an archive questions come that have nothing to do with it.

Cosines mean something else for every encoder and every collection. Measured against
everyday questions about other things, they become comparable.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOISE_QUESTIONS = Path(__file__).with_name("noise_questions.txt")
"""One question a line: everyday matters, general knowledge, small talk."""

FLOOR_DEVIATIONS = 4
"""So many standard deviations below the noise a passage has no relation to a question."""

MIN_DEVIATION = 0.005
"""Floor of the spread, for archives so small that all questions come out alike."""

_BLOCK = 50_000
"""Vectors compared at once."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Mean and standard deviation of the best cosine of unrelated questions."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, cosines: Sequence[float]) -> "Noise":
        """Return the noise of questions whose nearest passages have these cosines."""
        return cls(float(np.mean(cosines)), max(float(np.std(cosines)), MIN_DEVIATION))

    @property
    def floor(self) -> float:
        """The cosine that counts as none at all when scores are fused."""
        return self.mean - FLOOR_DEVIATIONS * self.deviation

    def nearness(self, cosine: float) -> float:
        """Return how many standard deviations `cosine` lies above the mean of the noise."""
        return (cosine - self.mean) / self.deviation


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest passage of every unrelated question: its cosine and its number."""

    cosines: tuple[float, ...]
    numbers: tuple[int, ...]

    @classmethod
    def among(
        cls,
        questions: NDArray[np.float32],
        vectors: NDArray[np.floating[Any]],
        numbers: NDArray[np.int64],
    ) -> "Nearest":
        """Look for the nearest of some passages.

        Args:
            questions: Shape (n_questions, dimension), unit rows.
            vectors: Shape (n, dimension), unit rows, at least one.
            numbers: Ascending, shape (n,). Of these passages.
        """
        found = cls((-2.0,) * len(questions), (-1,) * len(questions))
        for start in range(0, len(vectors), _BLOCK):
            block = np.asarray(vectors[start : start + _BLOCK], dtype=np.float32)
            with np.errstate(invalid="ignore"):
                cosines = questions @ block.T
            best = cosines.argmax(axis=1)
            values = cosines[np.arange(len(questions)), best].tolist()
            found = found.or_nearer(cls(tuple(values), tuple(numbers[start + best].tolist())))
        return found

    def or_nearer(self, other: "Nearest") -> "Nearest":
        """Return, question by question, what is nearer: of this or of another."""
        mine = zip(self.cosines, self.numbers, strict=True)
        theirs = zip(other.cosines, other.numbers, strict=True)
        best = [b if b[0] > a[0] else a for a, b in zip(mine, theirs, strict=True)]
        return Nearest(tuple(cosine for cosine, _ in best), tuple(number for _, number in best))

    @property
    def noise(self) -> Noise:
        """Mean and spread of the cosines."""
        return Noise.of(self.cosines)

    def to_json(self) -> str:
        """Return what `from_json` reads."""
        return json.dumps([self.cosines, self.numbers])

    @classmethod
    def from_json(cls, text: str) -> "Nearest":
        """Read what `to_json` wrote.

        Raises:
            TypeError, ValueError: If it is something else.
        """
        cosines, numbers = json.loads(text)
        return cls(tuple(cosines), tuple(numbers))


def noise_questions() -> list[str]:
    """Return the unrelated questions."""
    lines = NOISE_QUESTIONS.read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line]
