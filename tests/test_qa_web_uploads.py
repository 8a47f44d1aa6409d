import gzip
import json
import time

import pytest

from qa.web import uploads
from qa.web.uploads import PrivateArchives, UploadError

BRIDGE = {"id": "n1", "title": "新桥通车", "text": "云溪镇的新桥昨天通车，全长320米，花了三亿元。"}


@pytest.fixture
def archives(service):
    archives = PrivateArchives(service.pipeline)
    yield archives
    archives.drop_all()


def write(file, *records):
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    file.write_text(lines, encoding="utf-8")
    return file


def test_uploaded_articles_are_asked_and_the_served_ones_are_not(archives, service, tmp_path):
    upload = archives.add([write(tmp_path / "a.jsonl", BRIDGE)])
    assert (upload.n_articles, upload.n_passages, upload.problems) == (1, 1, ())
    assert archives.pipeline(upload.token).ask("云溪镇的新桥有多长？").answer == "320米"
    with pytest.raises(KeyError):
        archives.pipeline(upload.token).article("002-5")
    with pytest.raises(KeyError):
        service.pipeline.article("n1")


def test_a_bad_file_is_named_and_stops_no_other(archives, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_MEGABYTES", 0.001)
    bomb = tmp_path / "bomb.jsonl.gz"
    bomb.write_bytes(gzip.compress(b" " * 100_000))
    cut_short = tmp_path / "short.jsonl.gz"
    cut_short.write_bytes(gzip.compress(b"{}" * 50)[:-9])
    (tmp_path / "empty.md").touch()
    (tmp_path / "page.xls").write_text("x")
    (tmp_path / "big.md").write_text("长" * 1000, encoding="utf-8")
    files = [
        bomb, cut_short, tmp_path / "empty.md", tmp_path / "page.xls", tmp_path / "big.md",
        write(tmp_path / "a.jsonl", BRIDGE), write(tmp_path / "twice.jsonl", BRIDGE),
        write(tmp_path / "wrong.jsonl", {"id": 3}),
    ]  # fmt: skip
    upload = archives.add(files)
    assert upload.n_articles == 1
    named = [problem.partition("：")[0] for problem in upload.problems]
    assert named == [file.name for file in files if file.name != "a.jsonl"]
    assert str(tmp_path) not in "".join(upload.problems)
    assert upload.problems[0] == "bomb.jsonl.gz：超过 0.001 MB"
    assert upload.problems[-1].startswith("wrong.jsonl：无法读取（")


def test_a_bad_line_is_named_and_the_others_are_used(archives, tmp_path):
    file = write(tmp_path / "a.jsonl", BRIDGE, BRIDGE, *[{"id": 3}] * 7)
    upload = archives.add([file])
    assert (upload.n_articles, len(upload.problems)) == (1, uploads.MAX_PROBLEMS + 1)
    assert upload.problems[0].startswith("a.jsonl: article id 'n1' is already used in a.jsonl")
    assert upload.problems[1] == "a.jsonl:3: missing key 'title' (found: id)"
    assert upload.problems[-1] == "a.jsonl：还有 3 处读不出来"


def test_every_format_that_is_built_can_be_uploaded(archives, tmp_path):
    (tmp_path / "a.txt").write_text(BRIDGE["text"], encoding="gb18030")
    (tmp_path / "b.html").write_text(f"<p>{BRIDGE['text']}</p>", encoding="utf-8")
    (tmp_path / "c.csv").write_text(f"标题,正文\n题,{BRIDGE['text']}", encoding="utf-8")
    upload = archives.add([tmp_path / name for name in ("a.txt", "b.html", "c.csv")])
    assert (upload.n_articles, upload.problems) == (3, ())


def test_nothing_to_use_is_an_error_that_names_every_file(archives, tmp_path):
    (tmp_path / "a.md").touch()
    with pytest.raises(UploadError, match=r"a\.md"):
        archives.add([tmp_path / "a.md"])
    with pytest.raises(UploadError):
        archives.add([])


def test_too_many_files_or_passages_are_left_out(archives, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_FILES", 2)
    monkeypatch.setattr(uploads, "MAX_PASSAGES", 2)
    files = [
        write(tmp_path / f"{n}.jsonl", {**BRIDGE, "id": f"n{n}", "text": "\n".join(["一段。"] * n)})
        for n in (2, 1, 3)
    ]
    upload = archives.add(files)
    assert upload.n_passages == 2
    assert [problem.partition("：")[0] for problem in upload.problems] == ["1.jsonl", "3.jsonl"]


def test_what_is_dropped_is_gone_with_its_files(archives, tmp_path):
    upload = archives.add([write(tmp_path / "a.jsonl", BRIDGE)])
    folder = archives.pipeline(upload.token).index._store.folder
    assert folder.exists()
    archives.drop(upload.token)
    archives.drop(upload.token)
    archives.drop(None)
    assert not folder.parent.exists()
    with pytest.raises(KeyError):
        archives.pipeline(upload.token)


def test_idle_and_surplus_archives_go(archives, tmp_path, monkeypatch):
    file = write(tmp_path / "a.jsonl", BRIDGE)
    monkeypatch.setattr(uploads, "MAX_ARCHIVES", 2)
    first, second = (archives.add([file]).token for _ in range(2))
    archives.pipeline(first)  # used last, so the second is the oldest
    third = archives.add([file]).token
    assert archives.pipeline(first)
    assert archives.pipeline(third)
    with pytest.raises(KeyError):
        archives.pipeline(second)
    monkeypatch.setattr(uploads, "IDLE_SECONDS", -1)
    archives.sweep()
    for token in (first, third):
        with pytest.raises(KeyError):
            archives.pipeline(token)


def test_idle_archives_go_though_nobody_comes(archives, tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(uploads, "IDLE_SECONDS", 0.2)
    upload = archives.add([write(tmp_path / "a.jsonl", BRIDGE)])
    folder = archives.pipeline(upload.token).index._store.folder
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
