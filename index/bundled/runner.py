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

TEXTS_AHEAD = 256
"""Texts handed to the cores at once; more would only keep their results waiting."""


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

    Every text is computed on its own, so that its vector does not depend on what it is encoded
    with: the model scales what it computes in 8 bits by the largest number of a batch. Each core
    computes texts of its own, because all cores on one text wait for each other after every step.
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

    def encode(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        """Yield the vector of each text, float32, shape (dimension,), of length 1."""
        tokens = self.tokenize(texts)
        for first in range(0, len(tokens), TEXTS_AHEAD):
            ahead = [[ids] for ids in tokens[first : first + TEXTS_AHEAD]]
            yield from (vectors[0] for vectors in self._workers.map(self.run, ahead))
