"""Writes a reader as an int8 ONNX file, by the encoder's recipe.

python -m qa.training.reader.export run/step-002600.pt model.onnx [--raw] [--time]
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from qa.reader_inputs import ReaderInput
from qa.training.build_encoder import QuantisedEmbedding, quantise
from qa.training.reader.evaluate import Scorer, load_reader, onnx_scorer, torch_scorer
from qa.training.reader.model import Reader


def export(reader: Reader, path: Path, int8: bool = True) -> None:
    """Write the reader as one ONNX file; its word embeddings are replaced on the way.

    Inputs `input_ids`, `attention_mask`; outputs `start`, `end`, of shape (batch, tokens),
    `relevance` and `early`, of shape (batch,), all float32.
    """
    words = reader.encoder.embeddings.word_embeddings
    if int8:
        reader.encoder.embeddings.word_embeddings = QuantisedEmbedding(words.weight.data)
    ids = torch.full((2, 7), 5)
    both = {0: "batch", 1: "tokens"}
    with tempfile.TemporaryDirectory() as scratch:
        floats = Path(scratch) / "float.onnx" if int8 else path
        torch.onnx.export(
            reader,
            (ids, torch.ones_like(ids)),
            str(floats),
            input_names=["input_ids", "attention_mask"],
            output_names=["start", "end", "relevance", "early"],
            dynamic_axes={
                "input_ids": both,
                "attention_mask": both,
                "start": both,
                "end": both,
                "relevance": {0: "batch"},
                "early": {0: "batch"},
            },
            opset_version=17,
            dynamo=False,
        )
        if int8:
            quantise(floats, path)


def milliseconds(scorer: Scorer, n_passages: int = 10, n_tokens: int = 150) -> float:
    """Return the median time of reading so many passages, over 15 runs after 3 warm ones."""
    offsets = np.zeros((n_tokens - 21, 2), dtype=np.int32)
    inputs = [ReaderInput([5] * n_tokens, 20, offsets)] * n_passages
    times = []
    for _ in range(18):
        since = time.perf_counter()
        scorer(inputs)
        times.append(1000 * (time.perf_counter() - since))
    return statistics.median(times[3:])


def main() -> None:
    """Export, and print sizes and times."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--raw", action="store_true", help="the last weights, not the average")
    parser.add_argument("--time", action="store_true", help="on 2 threads; pause the training")
    options = parser.parse_args()
    torch.set_num_threads(2)
    export(load_reader(options.checkpoint, not options.raw), options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB")
    if options.time:
        reader = load_reader(options.checkpoint, not options.raw)
        print(f"torch float32 {milliseconds(torch_scorer(reader)):.0f} ms")
        print(f"onnx int8 {milliseconds(onnx_scorer(options.output)):.0f} ms")


if __name__ == "__main__":
    main()
