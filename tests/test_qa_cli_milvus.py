"""The commands with `--store`: Milvus Lite in a temporary folder."""

import json
from contextlib import closing

import pytest
from click.testing import CliRunner
from milvus_stores import lite_store

from index.milvus.store import MilvusStore, read_state
from qa.cli import main


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, [str(a) for a in arguments])


def write(file, *articles):
    lines = (json.dumps(one, ensure_ascii=False) for one in articles)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


BRIDGE = {
    "id": "bridge",
    "title": "新桥通车",
    "text": "新桥全长3公里，造价4500万元。",
    "date": "2026-05-01",
}
SCHOOL = {
    "id": "school",
    "title": "学校开学",
    "text": "实验小学有学生1200名。",
    "date": "2026-06-01",
}


def test_an_archive_is_built_changed_listed_searched_and_asked_in_milvus(run, tmp_path):
    with lite_store(tmp_path) as uri:
        file = write(tmp_path / "news.jsonl", BRIDGE)
        built = run("build", file, "--store", uri, "--encoder", "fast")
        assert built.stdout.endswith(f'ask them with: youju ask "…" --store {uri}\n')
        added = run("add", write(tmp_path / "more.jsonl", SCHOOL), "--store", uri)
        assert added.stdout == "1 added; 2 articles, 2 passages in the index\n"
        listed = run("list", "--store", uri, "--since", "2026-05-02")
        assert listed.stdout == "school\t2026-06-01\t-\t学校开学\n"
        found = run("search", "学生", "--store", uri, "-k", 1, "--json").stdout
        assert json.loads(found)["text"] == SCHOOL["text"]
        newer = write(tmp_path / "new.jsonl", {**BRIDGE, "text": "新桥全长3公里，造价4600万元。"})
        assert run("update", newer, "--store", uri).stdout.startswith("1 updated; ")
        asked = json.loads(run("ask", "新桥的造价是多少？", "--store", uri, "--json").stdout)
        assert asked["answer"] == "4600万元"
        assert asked["citation"]["quote"] == "4600万元"
        removed = run("remove", "school", "--store", uri)
        assert removed.stdout == "1 removed; 1 articles, 1 passages in the index\n"
        compacted = run("compact", "--store", uri)
        assert compacted.stdout == f"1 articles, 1 passages in {uri}\n"


def test_a_store_is_checked_and_repaired_and_what_is_lost_is_named_with_the_remedy(run, tmp_path):
    with lite_store(tmp_path) as uri:
        run("build", write(tmp_path / "news.jsonl", BRIDGE, SCHOOL), "--store", uri,
            "--encoder", "fast")  # fmt: skip
        whole = run("check", "--store", uri)
        assert (whole.exit_code, whole.stdout) == (0, f"the index {uri} is whole\n")
        with closing(MilvusStore(uri).client) as client:
            state = read_state(client)
            client.delete(state.passages, "article == 0")
        checked = run("check", "--store", uri)
        assert checked.exit_code == 1
        assert checked.stdout.startswith("passages: one of article 'bridge', paragraph 1, is miss")
        assert checked.stderr == f'Error: run "youju check --repair --store {uri}"\n'
        repaired = run("check", "--repair", "--store", uri)
        assert repaired.exit_code == 0
        assert "made again: 1 passages of article 'bridge', 1 of them encoded\n" in repaired.stdout
        assert repaired.stdout.endswith("repaired: 2 articles\n")
        with closing(MilvusStore(uri).client) as client:
            client.delete(state.articles, "number == 0")
        lost = run("check", "--repair", "--store", uri)
        assert lost.exit_code == 1
        assert lost.stdout.endswith(
            "repaired: 1 articles\nlost: 1 passages of an article of which nothing else is left\n"
        )
        assert lost.stderr.endswith(
            'Error: add what is lost again with "youju update"; its damaged texts are kept, '
            'unseen, until "youju compact"\n'
        )


def test_the_page_is_served_from_the_store(run, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("qa.Pipeline.open", lambda place, **_: opened.append(place))
    monkeypatch.setattr("qa.web.server.serve", lambda *_, **__: None)
    assert run("serve", "--store", "http://host:19530").exit_code == 0
    assert opened == ["http://host:19530"]


@pytest.mark.parametrize("command", ["search", "ask"])
def test_a_store_that_is_away_is_one_line_and_exit_code_1(run, tmp_path, command):
    failed = run(command, "问什么？", "--store", tmp_path / "none.db")
    assert failed.exit_code == 1
    assert failed.stderr.startswith("Error: no index in ")
    assert failed.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [("--store", "milvus://x"), ("--store", "file:"), ("--index", "a", "--store", "b.db")],
)
def test_a_store_that_is_none_or_beside_an_index_is_wrong_usage(run, arguments):
    assert run("search", "问什么？", *arguments).exit_code == 2


def test_a_store_counts_more_than_the_index_of_the_environment(run, monkeypatch):
    opened = []
    monkeypatch.setattr("qa.Pipeline.open", lambda place, **_: opened.append(place))
    monkeypatch.setattr("qa.web.server.serve", lambda *_, **__: None)
    monkeypatch.setenv("YOUJU_INDEX", "of-the-environment")
    run("serve", "--store", "a.db")
    run("serve", "--store", "file:folder")
    run("serve")
    assert [str(place) for place in opened] == ["a.db", "folder", "of-the-environment"]
