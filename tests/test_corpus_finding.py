"""Which files are read, and what the articles without an id of their own are called."""

import os
from pathlib import Path

from corpus import read_articles
from corpus.finding import find_files


def ids(folder: Path, *names: str, searched: tuple[str, ...] = ("",)) -> dict[str, str]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    found = find_files(folder / one for one in searched)
    return {str(file.relative_to(folder)): default for file, default in found.files.items()}


def test_a_file_is_called_by_its_name_where_no_other_is(tmp_path):
    assert ids(tmp_path, "a/1.md", "b/2.txt", "c/3.v2.html") == {
        "a/1.md": "1", "b/2.txt": "2", "c/3.v2.html": "3.v2",
    }  # fmt: skip


def test_files_of_one_name_are_called_by_their_path_in_the_searched_folder(tmp_path):
    assert ids(tmp_path, "2025/1.md", "2026/1.md", "2026/2.md") == {
        "2025/1.md": "2025/1", "2026/1.md": "2026/1", "2026/2.md": "2",
    }  # fmt: skip


def test_files_of_one_path_but_the_ending_keep_it(tmp_path):
    assert ids(tmp_path, "a/1.md", "a/1.txt", "1.md") == {
        "1.md": "1", "a/1.md": "a/1.md", "a/1.txt": "a/1.txt",
    }  # fmt: skip


def test_files_of_one_path_in_two_searched_folders_are_told_apart(tmp_path):
    found = ids(tmp_path, "x/1.md", "y/1.md", searched=("x", "y"))
    assert len(set(found.values())) == 2


def test_a_file_that_is_named_and_found_is_read_once(tmp_path):
    assert ids(tmp_path, "a/1.md", searched=("a", "a/1.md", "a")) == {"a/1.md": "1"}


def test_a_folder_that_cannot_be_listed_is_a_failure(tmp_path, monkeypatch):
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.scandir", refuse)
    found = find_files([tmp_path])
    assert [str(one) for one in found.failed] == [f"{tmp_path}: cannot be read: Permission denied"]


def test_a_missing_path_and_an_unknown_format_fail_where_they_are_named(tmp_path):
    (tmp_path / "a.xls").touch()
    found = find_files([tmp_path / "a.xls", tmp_path / "b.md"])
    assert [one.reason.split(" (")[0] for one in found.failed] == [
        "unknown format", "no such file or folder",
    ]  # fmt: skip


def test_a_name_in_another_encoding_is_read_as_gbk(tmp_path):
    name = os.fsdecode("新桥.txt".encode("gbk"))
    (tmp_path / name).write_text("新桥通车\n\n新桥昨天通车，全长320米。", encoding="utf-8")
    assert list(find_files([tmp_path]).files.values()) == ["新桥"]
    assert [(one.id, one.title) for one in read_articles([tmp_path]).articles] == [
        ("新桥", "新桥通车")
    ]
