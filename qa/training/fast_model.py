"""The fast encoder in training: fixed vectors of words, and what is learned on top."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

DIMENSION = 256
"""As model2vec takes by default."""

SIF = 1e-3
"""A word of share p counts SIF / (SIF + p) at the start: smooth inverse frequency, Arora, Liang
& Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings" (2017)."""

WEIGHT_STEP = 3.0
"""So much faster than a word's vector its weight learns."""


def reduce(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the principal components of word vectors, of length 1 on average.

    Taking off the mean matters most: the encoder's vectors of any two words lie close together.

    Args:
        vectors: float32, shape (n_words, hidden).

    Returns:
        float32, shape (n_words, DIMENSION).
    """
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    reduced = centred @ axes[:, ::-1][:, :DIMENSION]
    return np.asarray(reduced / np.linalg.norm(reduced, axis=1).mean(), dtype=np.float32)


class WordVectors(torch.nn.Module):
    """A vector for every word; the vector of a text is their sum, of length 1.

    Learned are one turn of all vectors (so that words that were not seen learn too), an offset
    for each word and how much it counts.
    """

    def __init__(self, vectors: NDArray[np.float32], shares: NDArray[np.float64]) -> None:
        """Begin with the distilled vectors.

        Args:
            vectors: float32, shape (n_words, DIMENSION).
            shares: How much of a text each word makes up, shape (n_words,).
        """
        super().__init__()
        self.register_buffer("start", torch.from_numpy(vectors))
        weights = np.log(SIF / (SIF + shares)).astype(np.float32)
        self.register_buffer("start_weights", torch.from_numpy(weights))
        self.turn = torch.nn.Parameter(torch.eye(DIMENSION))
        # The last column is the change of the word's weight.
        self.change = torch.nn.Embedding(len(vectors), DIMENSION + 1, sparse=True)
        torch.nn.init.zeros_(self.change.weight)

    def rows(self, words: torch.Tensor) -> torch.Tensor:
        """Return the vectors of words, float32, shape (n, DIMENSION)."""
        change = self.change(words)
        weights = torch.exp(self.start_weights[words] + WEIGHT_STEP * change[:, -1])
        return weights[:, None] * (self.start[words] @ self.turn + change[:, :-1])

    def encode(self, texts: Sequence[Sequence[int]]) -> torch.Tensor:
        """Return unit vectors of texts given as word numbers, shape (n, DIMENSION)."""
        ends = np.cumsum([len(words) for words in texts])
        starts = torch.from_numpy(np.concatenate([[0], ends[:-1]]))
        words, places = torch.unique(
            torch.tensor([word for words in texts for word in words]), return_inverse=True
        )
        sums = torch.nn.functional.embedding_bag(places, self.rows(words), starts, mode="sum")
        return torch.nn.functional.normalize(sums, dim=1)

    def table(self) -> NDArray[np.float32]:
        """Return the vectors of all words, float32, shape (n_words, DIMENSION)."""
        with torch.no_grad():
            return np.asarray(self.rows(torch.arange(len(self.start))))
