"""Measuring encoders: what they find, and the work they do."""

import pytest

from corpus import Article, Section
from index import PassageIndex, build_index
from qa.evaluation.encoders import measure_ranks
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion


def test_ranks_count_from_one_and_only_where_the_evidence_stands(tmp_path):
    texts = ("市图书馆周三闭馆。", "新桥明年五月通车，两岸车程缩短一半。")
    article = Article("1", "城事", (Section(None, texts),))
    build_index([article], tmp_path / "index", encoder="fast")
    index = PassageIndex.open(tmp_path / "index")
    questions = [
        GoldQuestion("a", "新桥什么时候通车？", "answerable", ("明年五月",),
                     (GoldEvidence("新桥明年五月通车", "1"),)),
        GoldQuestion("b", "新桥什么时候通车？", "answerable", ("周三",),
                     (GoldEvidence("市图书馆周三闭馆", "1"),)),
        GoldQuestion("c", "新桥什么时候通车？", "answerable", ("十亿",),
                     (GoldEvidence("造价十亿", "1"),)),
    ]  # fmt: skip
    for weight in (0.0, 0.3, 1.0):
        assert measure_ranks(index, questions, weight) == [[1], [2], []]


def test_multiply_adds_of_two_texts():
    """One layer of hidden 2: four 2 x 2 matrices, 2 x 8 and 8 x 2, so 48 a token.

    Attention, twice 2 for each pair of tokens: 3 * 3 and 1 * 1 pairs are 2 * 2 * 10 = 40.
    """
    pytest.importorskip("onnx", reason="needs the extra 'training'")
    from qa.evaluation.encoder_speed import Matrix, count_multiply_adds

    matrices = [Matrix(2, 2, True)] * 4 + [Matrix(2, 8, True), Matrix(8, 2, False)]
    assert count_multiply_adds(matrices, [3, 1]) == (4 * 48, 40)


def test_the_matrices_of_the_bundled_encoder():
    pytest.importorskip("onnx", reason="needs the extra 'training'")
    from index.encoders import BUNDLED_FOLDER
    from qa.evaluation.encoder_speed import Matrix, read_matrices

    matrices = read_matrices(BUNDLED_FOLDER / "model.onnx")
    assert len(matrices) == 12 * 6
    assert matrices.count(Matrix(384, 384, True)) == 12 * 4
    assert matrices.count(Matrix(1536, 384, False)) == 2
