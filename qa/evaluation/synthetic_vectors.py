"""Vectors that resemble those of real passages, as many as are wanted.

There are too few real passages to measure millions. So each vector is mixed of four real ones that
are drawn at random, a, b, c and d, and brought to length 1:

    (1 - w) a + w b + √(w (1 - w)) (c - d),    w uniform in [0, `MOST_MIXED`]

The last term is the jitter. It lies in the directions in which real vectors differ, and is as large
as keeps mean and covariance those of the real ones: a and b leave (1 - w)² + w² of the covariance,
c - d brings back 2 w (1 - w). Where w is small a vector lies near a; so neighbours exist, and the
more vectors there are the nearer they come, as in an archive that grows.

As many mixtures as there are real vectors (2,844) are much like them: medians of the first and the
tenth cosine are .522 and .467 for a question (real: .556, .477) and .678 and .530 for one of the
vectors (.634, .547), and two vectors have a cosine of .367 ± .065 (.367 ± .066).
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import bundled_articles, split_article
from index.encoders import Encoder
from qa.training.examples import NEWS

MOST_MIXED = 0.5

SEED = 5
BLOCK = 100_000
"""Vectors made at a time: in single precision, no more are in memory."""

N_QUESTIONS = 400


@dataclass(frozen=True)
class Real:
    """Real vectors, float32, unit rows.

    Attributes:
        passages: Of the bundled articles and of the training news, shape (n_passages, dimension).
        questions: Of questions on that news, shape (`N_QUESTIONS`, dimension).
    """

    passages: NDArray[np.float32]
    questions: NDArray[np.float32]


def encode_real(encoder: Encoder, folder: Path) -> Real:
    """Return real vectors; what the same encoder encoded before is read from the folder."""
    file = folder / f"real-{encoder.fingerprint[:8]}.npz"
    if not file.exists():
        news = [json.loads(line) for line in NEWS.read_text(encoding="utf-8").splitlines()]
        texts = [p.text for article in bundled_articles() for p in split_article(article)]
        texts += [paragraph["text"] for article in news for paragraph in article["paragraphs"]]
        asked = [question["question"] for article in news for question in article["questions"]]
        chosen = np.random.default_rng(SEED).choice(len(asked), N_QUESTIONS, replace=False)
        questions = [encoder.encode_question(asked[n]) for n in chosen.tolist()]
        np.savez(file, passages=encoder.encode_passages(texts), questions=np.stack(questions))
    with np.load(file) as held:
        return Real(held["passages"], held["questions"])


def mix(real: NDArray[np.float32], n: int, seed: int) -> NDArray[np.float32]:
    """Return mixtures of real vectors, see above.

    Args:
        real: Shape (n_real, dimension), unit rows.
        n: How many.
        seed: The same seed gives the same vectors.

    Returns:
        Float32, shape (n, dimension), unit rows.
    """
    chance = np.random.default_rng([SEED, seed])
    a, b, c, d = (real[chance.integers(0, len(real), n)] for _ in range(4))
    w = chance.uniform(0, MOST_MIXED, (n, 1)).astype(np.float32)
    rows = a + w * (b - a) + np.sqrt(w * (1 - w)) * (c - d)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def write_vectors(real: NDArray[np.float32], n: int, file: Path) -> None:
    """Write mixtures of real vectors as a .npy file, float16, shape (n, dimension).

    The first vectors are the same however many there are, but for the last block.

    Raises:
        OSError: If it cannot be written.
    """
    shape = (n, real.shape[1])
    rows = np.lib.format.open_memmap(file, mode="w+", dtype=np.float16, shape=shape)
    for seed, start in enumerate(range(0, n, BLOCK)):
        rows[start : start + BLOCK] = mix(real, min(BLOCK, n - start), seed)
    rows.flush()
