"""Text to vectors: the bundled encoders, or any other through sentence-transformers."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.bundled.runner import OnnxRunner
from index.errors import EncoderError
from index.fast_encoder import FAST, FastEncoder
from index.fusion import DENSE_WEIGHT
from index.text import normalise

BUNDLED = "bundled"
"""Name of the encoder that comes with Youju."""

BUNDLED_FOLDER = Path(__file__).parent / "bundled"

Progress = Callable[[int], None]
"""Called with how many texts have been encoded since the last call."""


class Encoder(Protocol):
    """What an index needs of an encoder.

    Attributes:
        name: What a user calls it; stored in the index and used to load it again.
        fingerprint: Hash of its weights; two encoders with one fingerprint are the same.
        dimension: Length of its vectors.
        dense_weight: Share of its similarity against wording that ranks best, see
            `index.fusion.fuse`.
    """

    name: str
    fingerprint: str
    dimension: int
    dense_weight: float

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """Return the vector of a question, float32, shape (dimension,), length 1."""
        ...

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Return the vectors of passages, float32, shape (n, dimension), unit rows."""
        ...


def load_encoder(name: str = BUNDLED) -> Encoder:
    """Return an encoder by name; one that is already loaded is returned again.

    Args:
        name: "bundled", "fast", or what sentence-transformers takes: a folder or a model id.

    Raises:
        EncoderError: If there is no such encoder, or its files are damaged.
    """
    if name in (BUNDLED, FAST):
        return _load(name)
    # A folder keeps its meaning when the index is opened from elsewhere.
    return _load(str(Path(name).resolve()) if Path(name).is_dir() else name)


@cache
def _load(name: str) -> Encoder:
    if name == BUNDLED:
        return BundledEncoder()
    return FastEncoder() if name == FAST else SentenceTransformersEncoder(name)


class BundledEncoder:
    """multilingual-e5-small, cut to Chinese and in int8; see `bundled/README.md`."""

    name = BUNDLED
    dense_weight = DENSE_WEIGHT

    def __init__(self) -> None:
        try:
            self._runner = OnnxRunner(BUNDLED_FOLDER)
            self.fingerprint = str(self._runner.config["sha256"])
            self.dimension = self._runner.dimension
            self._prompts = self._runner.config["prompts"]
        except Exception as error:  # onnxruntime and tokenizers raise kinds of their own
            raise EncoderError(
                f"the bundled encoder in {BUNDLED_FOLDER} is missing or damaged ({error}); "
                "install Youju again"
            ) from error

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """See `Encoder.encode_question`."""
        tokens = self._runner.tokenize([self._prompts["query"] + normalise(question)])
        return np.asarray(self._runner.run(tokens)[0])

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """See `Encoder.encode_passages`."""
        prompted = [self._prompts["document"] + normalise(text) for text in texts]
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, vector in enumerate(self._runner.encode(prompted)):
            vectors[row] = vector
            if progress:
                progress(1)
        return vectors


class SentenceTransformersEncoder:
    """Any model that sentence-transformers loads from a folder or by its id."""

    dense_weight = DENSE_WEIGHT
    _CHUNK = 64  # texts between two steps of the progress bar

    def __init__(self, name: str) -> None:
        # Not at the top: torch takes seconds to import, and the bundled encoder needs none.
        from sentence_transformers import SentenceTransformer

        looks_like_folder = name.startswith((".", "/", "~")) or Path(name).is_absolute()
        if looks_like_folder and not Path(name).is_dir():
            raise EncoderError(
                f"encoder '{name}': no such folder; give one in sentence-transformers layout, a "
                f"model id, '{BUNDLED}' or '{FAST}'"
            )
        for library in ("sentence_transformers", "huggingface_hub", "transformers"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        try:
            self._model = SentenceTransformer(name, trust_remote_code=_is_bundled_folder(name))
        except Exception as error:  # the library raises many kinds, from many layers
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error)
            raise EncoderError(
                f"encoder '{name}' cannot be loaded: {reason}. Give a folder in "
                "sentence-transformers layout, or a model id that is downloaded already or "
                f"can be downloaded now; '{BUNDLED}' is the one that comes with Youju"
            ) from error
        self.name = name
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = self._hash_weights()

    def encode_question(self, question: str) -> NDArray[np.float32]:
        """See `Encoder.encode_question`."""
        vectors = self._model.encode_query(
            [normalise(question)], normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors[0], dtype=np.float32)

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """See `Encoder.encode_passages`."""
        parts = [np.zeros((0, self.dimension), dtype=np.float32)]
        for start in range(0, len(texts), self._CHUNK):
            chunk = [normalise(text) for text in texts[start : start + self._CHUNK]]
            parts.append(
                self._model.encode_document(
                    chunk, normalize_embeddings=True, show_progress_bar=False
                )
            )
            if progress:
                progress(len(chunk))
        return np.concatenate(parts).astype(np.float32)

    def _hash_weights(self) -> str:
        digest = hashlib.sha256()
        for key, tensor in sorted(self._model.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.detach().cpu().float().numpy().tobytes())
        if not self._model.state_dict():  # weights kept outside torch, as our own folder does
            folder = Path(self.name)
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                if "__pycache__" not in file.parts:
                    digest.update(file.read_bytes())
        return digest.hexdigest()


def _is_bundled_folder(name: str) -> bool:
    """Our own folder holds code of ours; code from any other folder is never run."""
    return Path(name).resolve() == BUNDLED_FOLDER.resolve()
