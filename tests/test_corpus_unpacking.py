"""Packed files that hold too much."""

import gzip
import zipfile
from pathlib import Path

import pytest

from corpus import CorpusError, read_articles, unpacking


def test_a_gzip_file_that_holds_too_much_is_refused_and_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_PACKED_TEXT", 1_000_000)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b" " * 1_000_001))
    with pytest.raises(CorpusError, match="holds more than 1 MB unpacked; split it"):
        read_articles([tmp_path])
    assert unpacking.unpack_gzip(gzip.compress(b"{}"), Path("a.gz")) == b"{}"


def test_the_unpacked_size_is_that_of_what_a_file_holds(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b" " * 5000))
    (tmp_path / "a.txt").write_bytes(b"12345")
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", b" " * 3000)
        packed.writestr("b", b" " * 1000)
    (tmp_path / "no.docx").write_bytes(b"1234")
    sizes = [unpacking.unpacked_size(tmp_path / name, 10_000) for name in (
        "a.jsonl.gz", "a.txt", "a.docx", "no.docx",
    )]  # fmt: skip
    assert sizes == [5000, 5, 4000, 4]
    assert unpacking.unpacked_size(tmp_path / "a.jsonl.gz", 100) == 100
