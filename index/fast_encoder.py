"""The fast encoder: one fixed vector a word, and a text is the sum of its words'.

See `fast/README.md` for where the vectors come from. No model runs, so a text takes
microseconds and not milliseconds; what it loses is told there as well.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.errors import EncoderError
from index.text import normalise

FAST = "fast"
"""Name of this encoder."""

FAST_FOLDER = Path(__file__).parent / "fast"

VECTORS, TOKENIZER = "vectors.npz", "tokenizer.json"
"""The files in the folder: `rows` (int8, one a word) with `scales` (float16), and the words."""

UNKNOWN = 0
"""Id of what is no word of the vocabulary; its vector is zero."""

CHUNK = 256
"""Texts cut into words at once, and between two steps of a progress bar."""


class FastEncoder:
    """Static word vectors distilled from the bundled encoder; see `fast/README.md`."""

    name = FAST
    dense_weight = 0.3  # see `fast/README.md`

    def __init__(self) -> None:
        try:
            self.fingerprint, self._vectors = read_vectors(FAST_FOLDER / VECTORS)
            self._tokenizer = Tokenizer.from_str(
                (FAST_FOLDER / TOKENIZER).read_text(encoding="utf-8")
            )
        except Exception as error:  # tokenizers raises Exception itself
            raise EncoderError(
                f"the fast encoder in {FAST_FOLDER} is missing or damaged ({error}); "
                "install Youju again"
            ) from error
        self.dimension = self._vectors.shape[1]

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """See `Encoder.encode_question`."""
        return np.asarray(self._encode([question])[0])

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """See `Encoder.encode_passages`."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), CHUNK):
            chunk = texts[start : start + CHUNK]
            vectors[start : start + len(chunk)] = self._encode(chunk)
            if progress:
                progress(len(chunk))
        return vectors

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch_fast(
            [normalise(text) for text in texts], add_special_tokens=False
        )
        sums = np.stack([self._vectors[encoding.ids].sum(axis=0) for encoding in encodings])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        # A text without any known word is as far from every other as can be told.
        sums[lengths[:, 0] == 0] = self._nowhere()
        return np.asarray(sums / np.where(lengths == 0, 1, lengths), dtype=np.float32)

    def _nowhere(self) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        vector[-1] = 1
        return vector


def read_vectors(path: Path) -> tuple[str, NDArray[np.float32]]:
    """Return the hash of a file of word vectors, and the vectors.

    Returns:
        SHA-256 in hex; float32, shape (n_words, dimension), not of length 1: a word counts
        as much as its vector is long.

    Raises:
        OSError, ValueError, KeyError: If the file is missing or damaged.
    """
    with np.load(path, allow_pickle=False) as arrays:
        vectors = arrays["rows"].astype(np.float32) * arrays["scales"].astype(np.float32)[:, None]
    return hashlib.sha256(path.read_bytes()).hexdigest(), vectors
