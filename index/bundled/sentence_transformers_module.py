"""Lets sentence-transformers load this folder.

`SentenceTransformer(folder, trust_remote_code=True)` finds the class in `modules.json`.
The weights stay in the ONNX file: the result encodes, but cannot be trained.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from sentence_transformers.base.modules import InputModule

from .runner import OnnxRunner


class OnnxTextEncoder(InputModule):
    """Texts to unit sentence embeddings through onnxruntime."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._runner = OnnxRunner(Path(folder))
        self.tokenizer = self._runner._tokenizer
        self.max_seq_length = self._runner.config["max_tokens"]

    @classmethod
    def load(cls, model_name_or_path: str, **_: Any) -> "OnnxTextEncoder":
        """Load from the folder that holds `modules.json`."""
        return cls(model_name_or_path)

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Not supported: copy the folder instead."""
        raise NotImplementedError("copy the model folder; its weights cannot be saved again")

    def get_embedding_dimension(self) -> int:
        """Length of the vectors."""
        return self._runner.dimension

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Return the token ids of each text, with `prompt` put before it."""
        tokens = self._runner.tokenize([(prompt or "") + text for text in inputs])
        return {"tokens": tokens}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add `sentence_embedding`, float32, shape (n, dimension), unit rows."""
        vectors = torch.from_numpy(self._runner.run(features["tokens"]))
        return {**features, "sentence_embedding": vectors}
