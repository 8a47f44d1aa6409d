"""Reads an exported reader back into a model that can be trained on.

What int8 rounded off stays lost, which is little; checkpoints need not be kept for that.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from qa.reader_model import FIRST, LAST
from qa.training.reader.model import Reader

_WORDS = "embeddings.word_embeddings"


def restore(reader: Reader, folder: Path) -> None:
    """Give a reader the weights of the export in a folder.

    Raises:
        FileNotFoundError: If a file is missing.
        KeyError: If the files are of a model of another shape.
    """
    found: dict[str, np.ndarray] = {}
    for file in (FIRST, LAST):
        graph = onnx.load(folder / file).graph
        arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        found.update((name.removesuffix("_Transposed"), array) for name, array in arrays.items())
        for node in graph.node:
            if node.op_type in ("MatMul", "MatMulInteger") and node.input[1].startswith("onnx::"):
                name = node.name.removesuffix("_quant").removesuffix("/MatMul")
                found[name[1:].replace("/", ".") + ".weight"] = _matrix(arrays, node.input[1]).T
    found[f"{_WORDS}.weight"] = found[f"{_WORDS}.rows"] * found[f"{_WORDS}.scale"]
    for name, parameter in reader.named_parameters():
        values = found[name.removeprefix("encoder.").removeprefix("encoder.")]
        if values.shape != tuple(parameter.shape):  # some heads are exported turned round
            values = values.T.reshape(parameter.shape)
        parameter.data.copy_(torch.from_numpy(values.copy()))


def _matrix(arrays: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return a weight matrix as float32, shape (inputs, outputs)."""
    base = name.removesuffix("_quantized")
    if base == name:
        return arrays[name]
    scale, zero = arrays[f"{base}_scale"], arrays[f"{base}_zero_point"]
    return (arrays[name].astype(np.float32) - zero.astype(np.float32)) * scale
