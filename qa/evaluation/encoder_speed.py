"""Measures how fast the encoders are, and how far the bundled one is from what the machine can do.

    pip install -e '.[training]'
    python -m qa.evaluation.encoder_speed [--runs 5] [--texts passages.jsonl]

Prints the multiply-adds that a token and a character cost, the rate of plain matrix products of
the same shapes, and passages and questions a second; medians, and the best run in brackets. Run
it alone: other work on the machine counts.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

from corpus import bundled_articles, read_articles, split_article
from index import load_encoder
from index.bundled.runner import OnnxRunner, open_session
from index.encoders import BUNDLED_FOLDER
from index.text import normalise
from qa.evaluation.gold_files import bundled_gold

TOKENS = 512
"""Rows of a plain product: enough that nothing is lost at the edges."""

PRODUCTS_A_RUN = 40
"""Plain products between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A weight matrix of the model.

    Attributes:
        n_in, n_out: Its shape; a token costs `n_in * n_out` multiply-adds.
        is_int8: Whether its numbers are integers.
    """

    n_in: int
    n_out: int
    is_int8: bool


def read_matrices(model: Path) -> list[Matrix]:
    """Return every weight matrix that each token goes through, in the order of the graph."""
    graph = onnx.load(str(model)).graph
    shapes = {tensor.name: tensor.dims for tensor in graph.initializer if len(tensor.dims) == 2}
    matrices = []
    for node in graph.node:
        if node.op_type in ("MatMulInteger", "MatMul") and node.input[1] in shapes:
            n_in, n_out = shapes[node.input[1]]
            matrices.append(Matrix(n_in, n_out, node.op_type == "MatMulInteger"))
    return matrices


def count_multiply_adds(matrices: Sequence[Matrix], lengths: Sequence[int]) -> tuple[int, int]:
    """Return the multiply-adds of texts, without padding: in weight matrices, in attention.

    In attention every token meets every other twice, once for how much it counts and once for
    what it says; each layer has four square matrices.

    Args:
        matrices: Of the model.
        lengths: Tokens of each text.
    """
    hidden = min(matrix.n_in for matrix in matrices)
    n_layers = sum(matrix.n_in == matrix.n_out for matrix in matrices) // 4
    in_weights = sum(lengths) * sum(matrix.n_in * matrix.n_out for matrix in matrices)
    return in_weights, 2 * n_layers * hidden * sum(n * n for n in lengths)


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def machine_rate(matrix: Matrix, runs: int) -> float:
    """Return the multiply-adds a second of one product, each core with a copy of its own.

    The activations are those of a full batch, so nothing is lost at the edges; the fastest of
    the runs, because this is what the machine can do.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "product.onnx"
        onnx.save(_product(matrix), str(path))
        session = open_session(path, threads=1)
    chance = np.random.default_rng(0)
    values = chance.integers(0, 255, (TOKENS, matrix.n_in))
    inputs = {"a": values.astype(np.uint8 if matrix.is_int8 else np.float32)}
    n_cores = os.cpu_count() or 1

    def work(_: int) -> None:
        for _ in range(PRODUCTS_A_RUN):
            session.run(None, inputs)

    with ThreadPoolExecutor(n_cores) as cores:
        best = min(seconds(lambda: list(cores.map(work, range(n_cores)))) for _ in range(runs + 1))
    one = TOKENS * matrix.n_in * matrix.n_out
    return one * PRODUCTS_A_RUN * n_cores / best


def _product(matrix: Matrix) -> onnx.ModelProto:
    helper, kinds = onnx.helper, onnx.TensorProto
    chance = np.random.default_rng(1)
    # 7 bits, as in the shipped model.
    weights = chance.integers(-64, 64, (matrix.n_in, matrix.n_out))
    if matrix.is_int8:
        operator, kind, result, number = "MatMulInteger", kinds.UINT8, kinds.INT32, "int8"
    else:
        operator, kind, result, number = "MatMul", kinds.FLOAT, kinds.FLOAT, "float32"
    graph = helper.make_graph(
        [helper.make_node(operator, ["a", "b"], ["c"])],
        "product",
        [helper.make_tensor_value_info("a", kind, ["tokens", matrix.n_in])],
        [helper.make_tensor_value_info("c", result, ["tokens", matrix.n_out])],
        [onnx.numpy_helper.from_array(weights.astype(number), "b")],
    )
    opsets = [helper.make_opsetid("", 17)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def report_machine(matrices: Sequence[Matrix], runs: int) -> float:
    """Print the rate of each kind of product; return the seconds a token needs at those rates."""
    needed = 0.0
    for matrix in sorted(set(matrices), key=lambda m: (m.is_int8, m.n_in, m.n_out)):
        rate = machine_rate(matrix, runs)
        n_times = matrices.count(matrix)
        needed += n_times * matrix.n_in * matrix.n_out / rate
        kind = "int8" if matrix.is_int8 else "float32"
        print(
            f"product {TOKENS} x {matrix.n_in} x {matrix.n_out} {kind}: "
            f"{rate / 1e9:.0f} G multiply-adds/s ({n_times} in the model)"
        )
    return needed


def report_encoder(name: str, texts: Sequence[str], runs: int) -> float:
    """Print passages and questions a second; return the median seconds for all passages."""
    encoder = load_encoder(name)
    encoder.encode_passages(texts[:64])
    questions = [gold.question for gold in bundled_gold("dev")]
    passes = [seconds(lambda: encoder.encode_passages(texts)) for _ in range(runs)]
    singles = [seconds(lambda q=q: encoder.encode_question(q)) for q in questions]  # type: ignore[misc]
    median, best = statistics.median(passes), min(passes)
    print(
        f"{name}: {len(texts) / median:.1f} passages/s ({len(texts) / best:.1f}), one question "
        f"{1000 * statistics.median(singles):.2f} ms ({1000 * min(singles):.2f})"
    )
    return median


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--texts", type=Path, help="articles; default: the bundled ones")
    options = parser.parse_args()
    articles = read_articles([options.texts]).articles if options.texts else bundled_articles()
    texts = [passage.text for article in articles for passage in split_article(article)]
    n_characters = sum(map(len, texts))
    prompted = ["passage: " + normalise(text) for text in texts]
    lengths = [len(ids) for ids in OnnxRunner(BUNDLED_FOLDER).tokenize(prompted)]
    matrices = read_matrices(BUNDLED_FOLDER / "model.onnx")
    in_weights, in_attention = count_multiply_adds(matrices, lengths)
    total = in_weights + in_attention
    print(
        f"{len(texts)} passages, {n_characters / len(texts):.0f} characters and "
        f"{sum(lengths) / len(texts):.0f} tokens each, {os.cpu_count()} cores"
    )
    print(
        f"multiply-adds: {in_weights / sum(lengths) / 1e6:.1f} M a token in weights, "
        f"{in_attention / sum(lengths) / 1e6:.1f} M in attention; "
        f"{total / n_characters / 1e6:.1f} M a character"
    )
    needed = sum(lengths) * report_machine(matrices, options.runs)
    bundled = report_encoder("bundled", texts, options.runs)
    print(
        f"bundled: {total / bundled / 1e9:.0f} G multiply-adds/s; the weight matrices alone would "
        f"take {needed:.2f} s of its {bundled:.2f} s ({needed / bundled:.0%})"
    )
    fast = report_encoder("fast", texts, options.runs)
    print(f"fast / bundled: {bundled / fast:.0f} times")


if __name__ == "__main__":
    main()
