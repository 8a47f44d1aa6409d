"""Writes a reader as two int8 ONNX files, by the encoder's recipe.

    python -m qa.training.reader.export run/step-003000.pt qa/bundled_reader

`first.onnx` holds the layers up to the first guess and `last.onnx` the others, so that passages
which look unlikely need not be read to the end. Both take one passage at a time: nothing is
padded, and the int8 scales of a passage depend on no other.
"""

import argparse
import copy
import tempfile
from pathlib import Path

import torch

from qa.reader_model import FIRST, LAST
from qa.training.build_encoder import QuantisedEmbedding, quantise
from qa.training.reader.evaluate import load_reader
from qa.training.reader.model import FirstLayers, LastLayers, Reader
from qa.training.reader.restore import restore


def export(reader: Reader, folder: Path, int8: bool = True) -> None:
    """Write both files into a folder; the reader's word embeddings are replaced on the way.

    First: input `input_ids`, int64, shape (1, tokens); outputs `hidden`, shape (1, tokens,
    hidden), and `early`, shape (1,). Last: input `hidden`; outputs `start`, `end`, shape
    (1, tokens), and `relevance`, shape (1,). All but the ids are float32.
    """
    words = reader.encoder.embeddings.word_embeddings
    if int8:
        reader.encoder.embeddings.word_embeddings = QuantisedEmbedding(words.weight.data)
    folder.mkdir(parents=True, exist_ok=True)
    ids = torch.tensor([[0, 5, 5, 2, 5, 2, 5, 5, 5, 2]])
    hidden = torch.zeros(1, ids.shape[1], reader.encoder.config.hidden_size)
    first, last = FirstLayers(reader).eval(), LastLayers(reader).eval()
    _write(first, ids, folder / FIRST, ["input_ids"], ["hidden", "early"], int8)
    _write(last, hidden, folder / LAST, ["hidden"], ["start", "end", "relevance"], int8)


def average(reader: Reader, folder: Path) -> None:
    """Give a reader the mean of its weights and those of the exported reader in a folder.

    What began from it and learned one kind of text to the end reads others less well; half-way
    between the weights it mostly reads both (Wortsman et al., 2022, arXiv 2109.01903).

    Raises:
        FileNotFoundError, KeyError: See `restore`.
    """
    other = copy.deepcopy(reader)
    restore(other, folder)
    with torch.no_grad():
        for mean, weights in zip(reader.parameters(), other.parameters(), strict=True):
            mean.add_(weights).div_(2)


def _write(
    module: torch.nn.Module,
    example: torch.Tensor,
    path: Path,
    inputs: list[str],
    outputs: list[str],
    int8: bool,
) -> None:
    per_token = [name for name in (*inputs, *outputs) if name not in ("early", "relevance")]
    with tempfile.TemporaryDirectory() as scratch:
        floats = Path(scratch) / "float.onnx" if int8 else path
        torch.onnx.export(
            module,
            (example,),
            str(floats),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes={name: {1: "tokens"} for name in per_token},
            opset_version=17,
            dynamo=False,
        )
        if int8:
            quantise(floats, path)


def main() -> None:
    """Export, and print the sizes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument(
        "--with",
        dest="other",
        type=Path,
        metavar="FOLDER",
        help="export the mean with this exported reader, from which training began",
    )
    options = parser.parse_args()
    reader = load_reader(options.checkpoint)
    if options.other:
        average(reader, options.other)
    export(reader, options.output)
    for name in (FIRST, LAST):
        print(f"{options.output / name}: {(options.output / name).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
