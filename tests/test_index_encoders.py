"""The bundled encoder alone, and the same model through sentence-transformers."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus import Article, Section
from index import EncoderError, IndexMismatchError, PassageIndex, build_index, load_encoder
from index.encoders import BUNDLED_FOLDER, BundledEncoder

QUESTIONS = ["“义新欧”累计开行多少列？", "佩弦香堂是谁创立的", "義烏２０２５年進出口總額", "GDP"]
PASSAGES = [
    "截至2026年1月，“义新欧”班列累计开行超1.5万列，开通26条线路。",
    "她租下一栋老房子，创立佩弦香堂。" * 20,
    "短。",
    "2025年，义乌实现进出口总额8365亿元，同比增长25.1%。",
    "土豆大小正合适，笋干也很好。" * 3,
]


@pytest.fixture(scope="module")
def bundled() -> BundledEncoder:
    return BundledEncoder()


@pytest.fixture(scope="module")
def library_model():
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(BUNDLED_FOLDER), trust_remote_code=True)


def lengths(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=-1)


# The bundled encoder


def test_the_fingerprint_is_the_hash_of_the_model_file(bundled):
    digest = hashlib.sha256((BUNDLED_FOLDER / "model.onnx").read_bytes()).hexdigest()
    config = json.loads((BUNDLED_FOLDER / "encoder.json").read_text(encoding="utf-8"))
    assert bundled.fingerprint == config["sha256"] == digest
    assert bundled.dimension == config["dimension"] == 384
    assert bundled.name == "bundled"


def test_passages_become_unit_rows_in_their_order(bundled):
    vectors = bundled.encode_passages(PASSAGES)
    assert (vectors.shape, vectors.dtype) == ((5, 384), np.float32)
    assert lengths(vectors) == pytest.approx(1, abs=1e-5)
    alone = np.stack([bundled.encode_passages([text])[0] for text in PASSAGES])
    assert (alone @ vectors.T).argmax(axis=1).tolist() == [0, 1, 2, 3, 4]


def test_a_passage_in_a_batch_is_encoded_as_it_is_alone(bundled):
    """Not bit for bit: int8 ranges are taken over the whole batch."""
    vectors = bundled.encode_passages(PASSAGES)
    alone = np.stack([bundled.encode_passages([text])[0] for text in PASSAGES])
    assert vectors.tolist() == np.stack(alone).tolist()


def test_a_question_becomes_a_unit_vector_always_the_same(bundled):
    for question in ["", "🚄", *QUESTIONS, "长" * 5000]:
        vector = bundled.encode_question(question)
        assert (vector.shape, vector.dtype) == ((384,), np.float32)
        assert lengths(vector) == pytest.approx(1, abs=1e-5)
        assert bundled.encode_question(question).tolist() == vector.tolist()


def test_a_question_is_nearest_to_the_passage_that_answers_it(bundled):
    vectors = bundled.encode_passages(PASSAGES)
    best = [int((vectors @ bundled.encode_question(q)).argmax()) for q in QUESTIONS[:3]]
    assert best == [0, 1, 3]


def test_questions_and_passages_are_encoded_with_their_own_prompts(bundled):
    text = PASSAGES[0]
    assert bundled.encode_question(text) @ bundled.encode_passages([text])[0] < 0.999


def test_script_and_width_of_a_text_do_not_matter(bundled):
    traditional, simplified = "義烏２０２５年進出口總額", "义乌2025年进出口总额"
    assert (
        bundled.encode_question(traditional).tolist()
        == bundled.encode_question(simplified).tolist()
    )
    passages = bundled.encode_passages([traditional]), bundled.encode_passages([simplified])
    assert passages[0].tolist() == passages[1].tolist()


def test_text_after_the_limit_of_512_tokens_is_cut_off(bundled):
    """Every 义乌 is at least one token, so both texts differ only after the limit."""
    long = bundled.encode_passages(["义乌" * 600])
    assert bundled.encode_passages(["义乌" * 600 + "很大"]).tolist() == long.tolist()


def test_a_vector_does_not_depend_on_what_is_encoded_with_it(bundled, monkeypatch):
    monkeypatch.setattr("index.bundled.runner.TEXTS_AHEAD", 4)
    texts = [PASSAGES[n % 5] for n in (1, 2, 0, 4, 3, 2, 2, 0, 4)]
    told: list[int] = []
    vectors = bundled.encode_passages(texts, told.append)
    assert told == [1] * 9
    alone = [bundled.encode_passages([text])[0] for text in texts]
    assert vectors.tolist() == np.stack(alone).tolist()


def test_no_passages_give_no_rows(bundled):
    assert bundled.encode_passages([]).shape == (0, 384)


def test_torch_is_not_imported_on_the_bundled_path():
    code = (
        "import sys; from index import load_encoder; e = load_encoder()\n"
        "e.encode_question('有据'); e.encode_passages(['有据'])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["tokenizer.json", "encoder.json"])
def test_a_missing_file_of_the_bundled_encoder_is_an_error(tmp_path, monkeypatch, name):
    copy = Path(shutil.copytree(BUNDLED_FOLDER, tmp_path / "bundled"))
    (copy / name).unlink()
    monkeypatch.setattr("index.encoders.BUNDLED_FOLDER", copy)
    with pytest.raises(EncoderError, match=r"missing or damaged .*; install Youju again"):
        BundledEncoder()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.onnx", None),
        ("model.onnx", "garbage"),
        ("tokenizer.json", "garbage"),
        ("encoder.json", "{}"),
    ],
)
def test_a_damaged_file_of_the_bundled_encoder_is_an_error(tmp_path, monkeypatch, name, content):
    copy = Path(shutil.copytree(BUNDLED_FOLDER, tmp_path / "bundled"))
    (copy / name).unlink()
    if content is not None:
        (copy / name).write_text(content)
    monkeypatch.setattr("index.encoders.BUNDLED_FOLDER", copy)
    with pytest.raises(EncoderError, match="missing or damaged"):
        BundledEncoder()


# Through sentence-transformers


def test_the_library_gives_the_vectors_of_the_bundled_encoder(bundled, library_model):
    for question in QUESTIONS[:2]:
        vector = library_model.encode_query([question], normalize_embeddings=True)[0]
        assert float(vector @ bundled.encode_question(question)) > 0.9999
    for passage in PASSAGES:
        vector = library_model.encode_document([passage], normalize_embeddings=True)[0]
        assert float(vector @ bundled.encode_passages([passage])[0]) > 0.9999


def test_the_library_knows_the_dimension_and_the_limit(library_model):
    assert library_model.get_embedding_dimension() == 384
    assert library_model.max_seq_length == 512


def test_the_library_refuses_our_code_unless_it_is_trusted():
    from sentence_transformers import SentenceTransformer

    with pytest.raises(ValueError, match="trust_remote_code"):
        SentenceTransformer(str(BUNDLED_FOLDER))


def test_code_in_any_other_folder_is_never_run(tmp_path):
    copy = Path(shutil.copytree(BUNDLED_FOLDER, tmp_path / "other"))
    marker = tmp_path / "it ran"
    module = copy / "sentence_transformers_module.py"
    module.write_text(f"open({str(marker)!r}, 'w')\n" + module.read_text(encoding="utf-8"))
    with pytest.raises(EncoderError, match="references the module class"):
        load_encoder(str(copy))
    assert not marker.exists()


def test_an_encoder_by_folder_encodes_as_the_bundled_one(bundled):
    encoder = load_encoder(str(BUNDLED_FOLDER))
    assert (encoder.name, encoder.dimension) == (str(BUNDLED_FOLDER), 384)
    for question in QUESTIONS:
        vector = encoder.encode_question(question)
        assert vector.dtype == np.float32
        assert float(vector @ bundled.encode_question(question)) > 0.9999
    vectors = encoder.encode_passages(PASSAGES)
    assert (vectors.shape, vectors.dtype) == ((5, 384), np.float32)
    assert lengths(vectors) == pytest.approx(1, abs=1e-5)
    assert (vectors * bundled.encode_passages(PASSAGES)).sum(axis=1) == pytest.approx(1, abs=1e-2)


def test_an_encoder_by_folder_tells_its_progress_in_chunks():
    told: list[int] = []
    encoder = load_encoder(str(BUNDLED_FOLDER))
    assert encoder.encode_passages(["短。"] * 65, told.append).shape == (65, 384)
    assert told == [64, 1]
    assert encoder.encode_passages([]).shape == (0, 384)


def test_an_index_can_be_built_with_an_encoder_by_folder(tmp_path):
    article = Article("1", "题", (Section(None, tuple(PASSAGES)),))
    name = str(BUNDLED_FOLDER)
    manifest = build_index([article], tmp_path / "index", encoder=name)
    assert (manifest.encoder, manifest.dimension) == (name, 384)
    assert manifest.encoder_fingerprint == load_encoder(name).fingerprint
    best = PassageIndex.open(tmp_path / "index").search("班列累计开行多少列？", k=1)[0]
    assert best.passage.text == PASSAGES[0]
    with pytest.raises(IndexMismatchError, match=r"but 'bundled' .* is in use"):
        PassageIndex.open(tmp_path / "index", encoder="bundled")


def test_an_encoder_is_loaded_once():
    assert load_encoder() is load_encoder("bundled")
    assert load_encoder(str(BUNDLED_FOLDER)) is load_encoder(str(BUNDLED_FOLDER))


@pytest.mark.parametrize("name", ["no-such-owner/no-such-encoder", "missing/folder/of/encoder"])
def test_an_encoder_that_does_not_exist_is_an_error_that_says_what_to_give(name):
    message = f"encoder '{name}' cannot be loaded: .* Give a folder .*'bundled' is the one"
    with pytest.raises(EncoderError, match=message):
        load_encoder(name)
