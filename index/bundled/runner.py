"""Runs the bundled encoder's ONNX file. Needs onnxruntime and tokenizers, never torch.

Stands alone beside the model, so that the folder also works outside Youju.
"""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

# onnxruntime reports to its makers otherwise, and reads this when it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

TOKENS_PER_BATCH = 512
"""Padded tokens in one run. What a core works on then stays in its cache: with 4096 a token
takes a third more time."""

BATCHES_AHEAD = 64
"""Batches handed to the cores at once; more would only keep their results waiting."""


def open_session(model: Path, threads: int = 0) -> onnxruntime.InferenceSession:
    """Open an ONNX file for the processor.

    Args:
        model: The file.
        threads: That compute one run; 0 for one a core.

    Raises:
        OSError, ValueError, RuntimeError: If the file is missing or damaged.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


class OnnxRunner:
    """Turns texts into unit vectors.

    Each core computes batches of its own: all cores on one batch wait for each other after
    every step, which takes twice the processor time.
    """

    def __init__(self, folder: Path) -> None:
        """Open the model in `folder`.

        Raises:
            OSError, ValueError, RuntimeError: If a file is missing or damaged.
        """
        self.config = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        self._tokenizer = Tokenizer.from_str(
            (folder / "tokenizer.json").read_text(encoding="utf-8")
        )
        self._tokenizer.enable_truncation(self.config["max_tokens"])
        self._pad_id = self._tokenizer.token_to_id("<pad>")
        self._session = open_session(folder / "model.onnx", threads=1)
        self._workers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="encoder")

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self.config["dimension"])

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the token ids of each text, special tokens included, cut to the limit."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

    def run(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return the vectors of token lists, float32, shape (n, dimension), unit rows."""
        width = max(map(len, tokens))
        ids = np.full((len(tokens), width), self._pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, text_ids in enumerate(tokens):
            ids[row, : len(text_ids)] = text_ids
            mask[row, : len(text_ids)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask}
        vectors: NDArray[np.float32] = self._session.run(["sentence_embedding"], inputs)[0]
        return vectors

    def encode_batches(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
        """Encode texts in batches of similar length, longest first.

        Yields:
            The positions of a batch's texts in `texts`, and their vectors, float32,
            shape (len(positions), dimension), unit rows.
        """
        tokens = self.tokenize(texts)
        order = sorted(range(len(tokens)), key=lambda position: -len(tokens[position]))
        batches = _cut([len(tokens[position]) for position in order], TOKENS_PER_BATCH)
        for first in range(0, len(batches), BATCHES_AHEAD):
            positions = [order[start:end] for start, end in batches[first : first + BATCHES_AHEAD]]
            inputs = [[tokens[position] for position in batch] for batch in positions]
            yield from zip(positions, self._workers.map(self.run, inputs), strict=True)


def _cut(lengths: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Cut falling lengths into half-open ranges that hold at most `most` when padded.

    A length above `most` is a range of its own.
    """
    ranges = []
    start = 0
    while start < len(lengths):
        end = min(len(lengths), start + max(1, most // lengths[start]))
        ranges.append((start, end))
        start = end
    return ranges
