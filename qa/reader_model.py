"""Runs the bundled reading model: what it says of each passage, in logits.

The model is in two files, so that passages which look unlikely after the first layers need not
be read to the end. Passages go through one by one: nothing is padded, and a passage's logits
depend on no other. Each core reads passages of its own, which is twice as fast as all cores on
one.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import YoujuError
from index.bundled.runner import open_session
from qa.reader_inputs import ReaderInput

BUNDLED_READER = Path(__file__).parent / "bundled_reader"
FIRST, LAST = "first.onnx", "last.onnx"
"""The files of a model: its layers up to the first guess, and the others."""


class ReaderError(YoujuError):
    """The reading model cannot be opened."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A passage after the first layers.

    Attributes:
        item: Its tokens.
        hidden: float32, shape (1, tokens, hidden).
        early: How likely it looks to answer, as the log of a weight.
    """

    item: ReaderInput
    hidden: NDArray[np.float32]
    early: float


@dataclass(frozen=True, slots=True)
class Logits:
    """What the model says of one passage.

    Attributes:
        start, end: float32, one a passage token: that the answer starts or ends there.
        relevance: That the passage answers.
    """

    start: NDArray[np.float32]
    end: NDArray[np.float32]
    relevance: float

    @property
    def total(self) -> float:
        """The log of the sum over all its spans."""
        return self.relevance + float(
            np.logaddexp.reduce(self.start) + np.logaddexp.reduce(self.end)
        )


class ReaderModel:
    """The model; one instance serves several threads."""

    def __init__(self, folder: Path = BUNDLED_READER) -> None:
        """Open the model.

        Raises:
            ReaderError: If a file is missing or damaged.
        """
        try:
            self._first = open_session(folder / FIRST, threads=1)
            self._last = open_session(folder / LAST, threads=1)
        except Exception as error:  # onnxruntime raises kinds of its own
            raise ReaderError(
                f"the reader in {folder} is missing or damaged ({error}); install Youju again"
            ) from error
        self._workers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="reader")

    def begin(self, inputs: Sequence[ReaderInput]) -> list[Begun]:
        """Run the first layers on every passage."""
        return list(self._workers.map(self._begin, inputs))

    def finish(self, begun: Sequence[Begun]) -> list[Logits]:
        """Run the last layers on every passage."""
        return list(self._workers.map(self._finish, begun))

    def _begin(self, item: ReaderInput) -> Begun:
        ids = np.array([item.ids], dtype=np.int64)
        hidden, early = self._first.run(["hidden", "early"], {"input_ids": ids})
        return Begun(item, hidden, float(early[0]))

    def _finish(self, begun: Begun) -> Logits:
        start, end, relevance = self._last.run(
            ["start", "end", "relevance"], {"hidden": begun.hidden}
        )
        item = begun.item
        tokens = slice(item.passage, item.passage + len(item.offsets))
        return Logits(start[0, tokens], end[0, tokens], float(relevance[0]))
