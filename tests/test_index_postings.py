"""Postings: what is inverted is found, in memory and mapped from files."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.postings import Postings

DOCUMENTS = [["a", "b", "a"], ["b"], [], ["c", "班列"]]


def found(postings: Postings, term: str) -> list[tuple[int, int]]:
    passages, counts = postings.find(term)
    return list(zip(passages.tolist(), counts.tolist(), strict=True))


def test_terms_are_found_with_their_passages_and_counts():
    postings = Postings.invert(DOCUMENTS)
    assert found(postings, "a") == [(0, 2)]
    assert found(postings, "b") == [(0, 1), (1, 1)]
    assert found(postings, "班列") == [(3, 1)]
    assert found(postings, "z") == []
    assert postings.lengths.tolist() == [3, 1, 0, 2]
    assert set(postings.all_terms()) == {"a", "b", "c", "班列"}


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=8), max_size=8))
def test_every_document_can_be_counted_out_of_the_postings(documents):
    postings = Postings.invert(documents)
    for term in "abcdefgh":
        expected = [(n, Counter(d)[term]) for n, d in enumerate(documents) if term in d]
        assert found(postings, term) == expected


@pytest.mark.parametrize("documents", [DOCUMENTS, [], [[]]])
def test_saved_postings_are_the_same_and_hold_no_pickle(tmp_path, documents):
    postings = Postings.invert(documents)
    postings.save(tmp_path, "words")
    loaded = Postings.load(tmp_path, "words")
    assert loaded.lengths.tolist() == postings.lengths.tolist()
    assert list(loaded.all_terms()) == list(postings.all_terms())
    for term in ("a", "b", "班列", "z"):
        assert found(loaded, term) == found(postings, term)
    for file in tmp_path.iterdir():
        assert np.load(file, allow_pickle=False).dtype.kind in "iu"


@pytest.mark.parametrize("part", ["hashes", "passages"])
def test_parts_of_different_lengths_are_an_error(tmp_path, part):
    Postings.invert(DOCUMENTS).save(tmp_path, "words")
    file = tmp_path / f"words.{part}.npy"
    np.save(file, np.load(file)[:-1])
    with pytest.raises(ValueError, match="the parts of field 'words' are of different lengths"):
        Postings.load(tmp_path, "words")


@pytest.mark.parametrize("content", [None, b"", b"x" * 99], ids=["missing", "empty", "other"])
def test_a_missing_or_damaged_file_is_an_error(tmp_path: Path, content):
    Postings.invert(DOCUMENTS).save(tmp_path, "words")
    file = tmp_path / "words.counts.npy"
    file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises((OSError, ValueError)):
        Postings.load(tmp_path, "words")
