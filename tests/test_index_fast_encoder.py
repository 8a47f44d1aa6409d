"""The fast encoder: its files, its vectors, and the errors when they are damaged."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus import Article, Section
from index import EncoderError, PassageIndex, build_index, load_encoder
from index.fast_encoder import CHUNK, FAST_FOLDER, FastEncoder
from index.fusion import DENSE_WEIGHT

PASSAGES = [
    "市气象台说，本周末全市有大到暴雨，山区要防山洪。",
    "这家医院新开了夜间儿科门诊，家长不用再跑到省城。",
    "列车时刻表七月一日起调整，新增三趟开往沿海的动车。",
]
QUESTIONS = ["周末会下雨吗？", "孩子晚上生病去哪里看？", "火车班次什么时候改？"]


@pytest.fixture(scope="module")
def fast() -> FastEncoder:
    return FastEncoder()


def test_it_is_loaded_by_name_and_once(fast):
    assert load_encoder("fast") is load_encoder("fast")
    assert load_encoder("fast").fingerprint == fast.fingerprint
    assert (fast.name, fast.dimension) == ("fast", 256)


def test_a_folder_of_the_same_name_does_not_hide_it(tmp_path, monkeypatch):
    (tmp_path / "fast").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load_encoder("fast").name == "fast"


def test_the_fingerprint_is_the_hash_of_the_vectors(fast):
    digest = hashlib.sha256((FAST_FOLDER / "vectors.npz").read_bytes()).hexdigest()
    assert fast.fingerprint == digest


def test_its_similarity_counts_less_than_the_bundled_encoders(fast):
    assert fast.dense_weight < load_encoder().dense_weight == DENSE_WEIGHT


def test_passages_become_unit_rows_in_their_order(fast):
    texts = [PASSAGES[n % 3] + str(n) for n in range(CHUNK + 5)]
    told: list[int] = []
    vectors = fast.encode_passages(texts, told.append)
    assert (vectors.shape, vectors.dtype) == ((CHUNK + 5, 256), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert told == [CHUNK, 5]
    for n in (0, CHUNK, CHUNK + 4):
        assert vectors[n].tolist() == fast.encode_passages([texts[n]])[0].tolist()


def test_a_vector_is_the_sum_of_the_words_stretched_to_length_one(fast):
    words = fast._tokenizer.encode("夜间 门诊", add_special_tokens=False).ids
    with np.load(FAST_FOLDER / "vectors.npz") as arrays:
        rows = arrays["rows"][words] * arrays["scales"][words].astype(np.float32)[:, None]
    expected = rows.sum(axis=0) / np.linalg.norm(rows.sum(axis=0))
    assert len(words) == 2
    assert fast.encode_question("夜间门诊") == pytest.approx(expected, abs=1e-6)


def test_a_question_is_nearest_to_the_passage_that_answers_it(fast):
    vectors = fast.encode_passages(PASSAGES)
    best = [int((vectors @ fast.encode_question(q)).argmax()) for q in QUESTIONS]
    assert best == [0, 1, 2]


def test_script_width_and_case_of_a_text_do_not_matter(fast):
    folded = fast.encode_question("GDP增长2025年国际贸易")
    assert fast.encode_question("ｇｄｐ增長２０２５年國際貿易").tolist() == folded.tolist()


@pytest.mark.parametrize("text", ["", " \n", "\U000e0001"])
def test_a_text_without_known_words_has_length_one_as_well(fast, text):
    vectors = fast.encode_passages([text, PASSAGES[0]])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert fast.encode_question(text).tolist() == vectors[0].tolist()


def test_no_passages_give_no_rows(fast):
    assert fast.encode_passages([]).shape == (0, 256)


def test_an_index_can_be_built_with_it(tmp_path):
    article = Article("1", "一周要闻", (Section(None, tuple(PASSAGES)),))
    manifest = build_index([article], tmp_path / "index", encoder="fast")
    assert (manifest.encoder, manifest.dimension) == ("fast", 256)
    best = PassageIndex.open(tmp_path / "index").search("火车班次什么时候改？", k=1)[0]
    assert best.passage.text == PASSAGES[2]


@pytest.mark.parametrize("name", ["vectors.npz", "tokenizer.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_a_missing_or_damaged_file_is_an_error(tmp_path, monkeypatch, name, content):
    copy = Path(shutil.copytree(FAST_FOLDER, tmp_path / "fast"))
    if content is None:
        (copy / name).unlink()
    else:
        (copy / name).write_bytes(content)
    monkeypatch.setattr("index.fast_encoder.FAST_FOLDER", copy)
    with pytest.raises(EncoderError, match=r"fast encoder .* missing or damaged .*; install Youju"):
        FastEncoder()
