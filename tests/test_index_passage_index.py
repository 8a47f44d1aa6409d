"""Building an index, opening it and searching it."""

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from corpus import Article, Section, bundled_articles, split_article
from index import IndexMismatchError, Manifest, PassageIndex, StoreError, build_index
from index.passage_index import POOL
from index.scored import with_context

QUESTIONS = [
    "“义新欧”中欧班列累计开行多少列？",
    "谁在李祖村创立了佩弦香堂？",
    "一季度全市科技创新投入是多少",
    "義烏小商品遠銷多少個國家和地區",
    "1.2万个岗位招聘活动",
    "完全无关：珠穆朗玛峰有多高？",
    "？",
    "",
    "🚄",
    "长" * 600,
]


KNOWN = {"a b a": (0.6, 0.8), "b": (0.0, 1.0), "a b": (0.0, 1.0), "q": (0.6, 0.8)}


class LetterEncoder:
    """Knows a few texts by heart; other passages are at (1, 0), other questions at (0, -1)."""

    name = "letters"
    dense_weight = 0.6
    dimension = 2

    def __init__(self, fingerprint: str = "f1") -> None:
        self.fingerprint = fingerprint

    def encode_question(self, question: str) -> np.ndarray:
        return np.array(KNOWN.get(question, (0.0, -1.0)), dtype=np.float32)

    def encode_passages(self, texts: Sequence[str], progress=None) -> np.ndarray:
        for _ in texts:
            if progress:
                progress(1)
        return np.array([KNOWN.get(text, (1.0, 0.0)) for text in texts], dtype=np.float32)


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> LetterEncoder:
    encoder = LetterEncoder()
    monkeypatch.setattr("index.encoders.load_encoder", lambda name: encoder)
    return encoder


def article(article_id: str, *paragraphs: str) -> Article:
    return Article(article_id, "t", (Section(None, paragraphs),))


LETTERS = article("1", "a b a", "b", "c c")


# Building


def test_a_built_index_says_what_it_is_made_of(letters, tmp_path):
    """The unrelated questions are all at (0, -1), at best at right angles to a passage."""
    manifest = build_index([LETTERS, article("2", "d")], tmp_path / "index")
    assert manifest == Manifest(3, "letters", "f1", 2, 1, 2, 4, manifest.noise)
    index = PassageIndex.open(tmp_path / "index")
    assert index.manifest == manifest
    assert index.article_ids() == ["1", "2"]
    assert index.article("1") == LETTERS
    assert (index.noise.mean, index.noise.deviation) == (0.0, 0.005)


def test_progress_counts_up_to_the_number_of_passages(letters, tmp_path):
    told: list[tuple[int, int]] = []
    build_index([LETTERS], tmp_path / "index", progress=lambda *step: told.append(step))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("articles", [[], [Article("1", "t", ())], [article("1", " ")]])
def test_nothing_to_index_is_an_error_and_leaves_nothing(tmp_path, articles):
    with pytest.raises(ValueError, match="there are no passages to index"):
        build_index(articles, tmp_path / "index")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", ["encode_passages", "encode_question"])
def test_a_failing_build_leaves_nothing_behind(letters, tmp_path, monkeypatch, failing):
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(letters, failing, fail)
    with pytest.raises(RuntimeError, match="boom"):
        build_index([LETTERS], tmp_path / "index")
    assert list(tmp_path.iterdir()) == []


def test_a_failing_rebuild_leaves_the_old_index(letters, tmp_path):
    def stop(done: int, _: int) -> None:
        raise KeyboardInterrupt

    build_index([LETTERS], tmp_path / "index")
    before = PassageIndex.open(tmp_path / "index").search("a b")
    with pytest.raises(KeyboardInterrupt):
        build_index([article("2", "d")], tmp_path / "index", progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["index"]
    assert PassageIndex.open(tmp_path / "index").search("a b") == before


def test_a_reader_keeps_the_old_state_while_the_index_is_replaced(letters, tmp_path):
    build_index([LETTERS], tmp_path / "index")
    reader = PassageIndex.open(tmp_path / "index")
    before = reader.search("a b")
    build_index([article("2", "d")], tmp_path / "index")
    assert reader.search("a b") == before
    assert reader.article_ids() == ["1"]
    assert PassageIndex.open(tmp_path / "index").article_ids() == ["2"]


# Opening


def test_an_index_of_another_encoder_is_a_mismatch_that_names_both(letters, tmp_path, monkeypatch):
    build_index([LETTERS], tmp_path / "index")
    other = LetterEncoder("0123456789")
    other.name, other.dimension = "other", 3
    monkeypatch.setattr("index.encoders.load_encoder", lambda name: other)
    message = (
        r"was built with encoder 'letters' \(2-d, f1\) but 'other' \(3-d, 01234567\) is in use; "
        r"run \"youju build\" again or set the encoder to 'letters'"
    )
    with pytest.raises(IndexMismatchError, match=message):
        PassageIndex.open(tmp_path / "index", encoder="other")


def test_an_index_is_opened_with_the_encoder_it_was_built_with(letters, tmp_path, monkeypatch):
    asked: list[str] = []
    build_index([LETTERS], tmp_path / "index")
    monkeypatch.setattr("index.encoders.load_encoder", lambda name: asked.append(name) or letters)
    PassageIndex.open(tmp_path / "index")
    PassageIndex.open(tmp_path / "index", encoder="mine")
    assert asked == ["letters", "mine"]


def test_an_index_that_was_moved_gives_the_same_results(letters, tmp_path):
    build_index([LETTERS], tmp_path / "index")
    before = PassageIndex.open(tmp_path / "index").search("a b")
    (tmp_path / "index").rename(tmp_path / "moved")
    assert PassageIndex.open(tmp_path / "moved").search("a b") == before


def test_a_closed_index_does_not_answer(letters, tmp_path):
    build_index([LETTERS], tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    index.close()
    with pytest.raises(StoreError):
        index.search("a b")


# Searching, by hand


def test_scores_by_hand(letters, tmp_path):
    """The question "a b", encoded as (0, 1); every passage stands under the title "t".

    dense: .8, 1 and 0. Unrelated questions come to 0 (+- .005) at best, so that cosines count
      from -4 * .005 = -.02: .82, 1.02 and .02, by the best .80392, 1 and .01961
    Words and characters alike: "t a b a", "t b", "t c c", of 4, 2 and 3 terms, 3 on average.
      idf(a) = ln(1 + 2.5 / 1.5) = .98083, idf(b) = ln(1 + 1.5 / 2.5) = .47000
      norms: 1.2 * (.25 + .75 * 4 / 3) = 1.5, 1.2 * (.25 + .75 * 2 / 3) = .9
      first: .98083 * 2 * 2.2 / (2 + 1.5) + .47000 * 2.2 / (1 + 1.5) = 1.64665
      second: .47000 * 2.2 / (1 + .9) = .54421
    lexical: 1, .54421 / 1.64665 = .33050, 0
    fused: .65 * .80392 + .35 = .87255, .65 + .35 * .33050 = .76567, .65 * .01961 = .01275
    coverage: all, .47000 / 1.45083 = .32395, 0
    """
    build_index([LETTERS], tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    assert index.noise.floor == pytest.approx(-0.02)
    found = index.search("a b", dense_weight=0.65)
    assert [r.passage for r in found] == split_article(LETTERS)
    assert [r.dense for r in found] == pytest.approx([0.8, 1, 0], abs=5e-4)
    assert [r.lexical for r in found] == pytest.approx([1, 0.33050, 0], abs=1e-5)
    assert [r.fused for r in found] == pytest.approx([0.87255, 0.76567, 0.01275], abs=5e-4)
    assert [r.coverage for r in found] == pytest.approx([1, 0.32395, 0], abs=1e-5)


def test_weights_given_to_a_search_move_it_between_meaning_and_wording(letters, tmp_path):
    """汽车 shares a character with 火车 but no word: it scores the share of characters."""
    build_index([article("1", "a b a", "b")], tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    assert [r.passage.text for r in index.search("a b", dense_weight=0)] == ["a b a", "b"]
    assert [r.passage.text for r in index.search("a b", dense_weight=1)] == ["b", "a b a"]
    build_index([article("1", "汽车", "轮船")], tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    for word_share in (0, 0.3, 1):
        best = index.search("火车", word_share=word_share)[0]
        assert best.lexical == pytest.approx(1 - word_share)


def test_title_and_section_are_searched_but_never_quoted(letters, tmp_path):
    section = Article("1", "t", (Section("s", ("x",)),))
    assert [with_context(p) for p in split_article(section)] == ["t\ns\nx"]
    assert [with_context(p) for p in split_article(article("1", "x"))] == ["t\nx"]
    build_index([article("2", "y"), section], tmp_path / "index")
    best = PassageIndex.open(tmp_path / "index").search("s", k=1)[0]
    assert (best.passage.article_id, best.passage.text, best.lexical) == ("1", "x", 1)


def test_ties_keep_corpus_order(letters, tmp_path):
    articles = [article(str(n), "x", "x") for n in (5, 3, 4, 1, 2)]
    build_index(articles, tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    for question in ("x", "a b", "nothing"):
        found = [(r.passage.article_id, r.passage.paragraph) for r in index.search(question)]
        assert found == [(a.id, number) for a in articles for number in (1, 2)]


def test_ties_keep_corpus_order_among_better_and_worse_passages(letters, tmp_path):
    paragraphs = ["x", "y y", "x", "z"] * 25
    build_index([article("1", *paragraphs)], tmp_path / "index")
    found = PassageIndex.open(tmp_path / "index").search("x", k=100)
    best = [r.passage.paragraph for r in found if r.passage.text == "x"]
    rest = [r.passage.paragraph for r in found if r.passage.text != "x"]
    assert [r.passage.paragraph for r in found] == best + rest == sorted(best) + sorted(rest)


def test_ties_keep_corpus_order_beyond_the_pool(letters, tmp_path):
    build_index([article("1", *["x"] * (2 * POOL + 50))], tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    for k in (1, POOL, POOL + 1, 2 * POOL):
        found = [r.passage.paragraph for r in index.search("x", k)]
        assert found == list(range(1, k + 1))


def test_what_only_one_retriever_finds_is_a_candidate(letters, tmp_path):
    """More passages than the pool, all equally near: only its words bring in the last one.

    "a b a" shares no word with the question "q", which is encoded as it is.
    """
    paragraphs = [*["y"] * (2 * POOL), "a b a", "z w"]
    build_index([article("1", *paragraphs)], tmp_path / "index")
    index = PassageIndex.open(tmp_path / "index")
    in_words = index.search("z w", k=POOL)[0]
    assert (in_words.passage.text, in_words.lexical) == ("z w", 1)
    assert in_words.coverage == pytest.approx(1)
    near = index.search("q", k=1)[0]
    assert (near.passage.text, near.lexical) == ("a b a", 0)


# Searching the bundled articles


def test_every_result_is_a_slice_of_its_article_and_the_scores_fall(bundled_index):
    for question in QUESTIONS:
        found = bundled_index.search(question, k=30)
        assert len(found) == 30
        assert [r.fused for r in found] == sorted((r.fused for r in found), reverse=True)
        for result in found:
            passage = result.passage
            source = bundled_index.article(passage.article_id)
            assert source.text[passage.start : passage.end] == passage.text != ""
            paragraph = source.paragraphs[passage.paragraph - 1]
            assert paragraph.start <= passage.start < passage.end <= paragraph.end
            assert (passage.title, passage.section) == (source.title, paragraph.section)
            assert -1 <= result.dense <= 1 + 1e-6
            assert 0 <= result.lexical <= 1 + 1e-6
            assert 0 <= result.fused <= 1 + 1e-6
            assert 0 <= result.coverage <= 1 + 1e-6


def test_all_passages_come_back_once_when_k_is_larger_than_the_index(bundled_index):
    passages = [p for a in bundled_articles() for p in split_article(a)]
    assert bundled_index.manifest.n_passages == len(passages)
    for k in (len(passages), len(passages) + 1, 10_000):
        results = bundled_index.search(QUESTIONS[0], k)
        copies = [p for r in results for p in bundled_index.passages(r.copies)]
        assert sorted(map(str, [*(r.passage for r in results), *copies])) == sorted(
            map(str, passages)
        )


def test_fewer_results_are_the_beginning_of_more(bundled_index):
    for question in QUESTIONS:
        assert bundled_index.search(question, 3) == bundled_index.search(question, 10)[:3]


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_refused(bundled_index, k):
    with pytest.raises(ValueError, match=f"k is {k}; it must be at least 1"):
        bundled_index.search("义乌", k)


@pytest.mark.parametrize(
    ("question", "article_id", "words"),
    [
        ("截至2026年1月“义新欧”班列累计开行多少列？", "001-1", "累计开行超1.5万列"),
        ("谁在李祖村创立了佩弦香堂？", "001-1", "佩弦香堂"),
        ("国家主席会见西班牙首相拉霍伊时说了什么？", "001-1", "拉霍伊"),
        ("傅妙玲是哪一年进入市场的", "002-3", "傅妙玲"),
        ("雪域高原的澡堂什么时候投入使用", "003-2", "澡堂"),
    ],
)
def test_the_paragraph_that_answers_is_among_the_first_three(
    bundled_index, question, article_id, words
):
    found = [r.passage for r in bundled_index.search(question, k=3)]
    assert any(p.article_id == article_id and words in p.text for p in found)


def test_script_and_width_of_a_question_do_not_matter(bundled_index):
    plain = bundled_index.search("义乌2025年进出口总额是多少?")
    assert bundled_index.search("義烏２０２５年進出口總額是多少？") == plain


def test_the_same_question_gives_the_same_results_also_after_opening_again(
    bundled_index, bundled_index_folder
):
    again = PassageIndex.open(bundled_index_folder)
    for question in QUESTIONS:
        assert again.search(question) == bundled_index.search(question)


def test_two_builds_of_the_same_articles_give_the_same_results(tmp_path):
    articles = bundled_articles()[-2:]
    for name in ("one", "two"):
        build_index(articles, tmp_path / name)
    one, two = PassageIndex.open(tmp_path / "one"), PassageIndex.open(tmp_path / "two")
    assert one.manifest == two.manifest
    for question in QUESTIONS:
        assert one.search(question) == two.search(question)


def test_searches_in_many_threads_give_what_one_gives(bundled_index):
    expected = {question: bundled_index.search(question) for question in QUESTIONS}
    found: dict[str, object] = {}

    def search(question: str) -> None:
        found[question] = bundled_index.search(question)

    threads = [threading.Thread(target=search, args=(question,)) for question in QUESTIONS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_an_unrelated_question_is_nearer_to_the_noise_than_a_good_one(bundled_index):
    good, unrelated = (
        bundled_index.noise.nearness(max(r.dense for r in bundled_index.search(question)))
        for question in ("“义新欧”中欧班列累计开行多少列？", "红烧肉要炖多久？")
    )
    assert good > 2 > 1 > unrelated
