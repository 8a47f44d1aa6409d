"""Commands that change, list, check and export an index."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from corpus import Article, Section, bundled_articles, read_articles
from corpus.formats.whole import whole_record
from index.database import DATABASE
from qa.cli import main

BRIDGE = {"id": "n1", "title": "新桥通车", "date": "2026-05-03", "source": "云溪日报",
          "text": "云溪镇的新桥昨日通车。\n桥长320米，造价4500万元。"}  # fmt: skip
MARKET = {"id": "n2", "title": "早市开张", "date": "2025-12", "text": "北门早市设摊位86个。"}
SCHOOL = {"id": "n3", "title": "小学扩建", "text": "云溪小学新建教学楼两栋。"}


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.delenv("YOUJU_INDEX", raising=False)
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments):
        return CliRunner().invoke(main, list(arguments), catch_exceptions=False)

    return run_command


@pytest.fixture
def built(run, tmp_path):
    """`run` where there is an index of two articles in the usual place."""
    write(tmp_path / "old.jsonl", BRIDGE, MARKET)
    assert run("build", "old.jsonl").exit_code == 0
    return run


def write(path, *articles):
    lines = (json.dumps(article, ensure_ascii=False) for article in articles)
    path.write_text("\n".join(lines), encoding="utf-8")


def ids(run, *options):
    listed = run("list", "--index", "youju-index", "--json", *options).stdout.splitlines()
    return [json.loads(line)["id"] for line in listed]


def test_add_says_what_was_added_and_what_was_there(built, tmp_path):
    write(tmp_path / "new.jsonl", BRIDGE, SCHOOL)
    result = built("add", "new.jsonl")
    assert result.exit_code == 0
    assert result.stdout == "1 added, 1 already there; 3 articles, 4 passages in the index\n"
    assert ids(built) == ["n1", "n2", "n3"]


def test_another_text_needs_update(built, tmp_path):
    write(tmp_path / "new.jsonl", {**BRIDGE, "text": "新桥长330米。"})
    result = built("add", "new.jsonl")
    assert result.exit_code == 1
    assert 'give it another id, or replace the text with "youju update"' in result.stderr
    assert built("update", "new.jsonl").stdout.startswith("1 updated; 2 articles, 2 passages")
    found = built("search", "新桥有多长", "--index", "youju-index", "-k", "1").stdout
    assert "330米" in found


def test_strict_changes_nothing_when_a_file_fails(built, tmp_path):
    write(tmp_path / "new.jsonl", SCHOOL, {"id": "n4"})
    result = built("add", "new.jsonl", "--strict")
    assert result.exit_code == 1
    assert "new.jsonl:2: missing key 'title'" in result.stderr
    assert ids(built) == ["n1", "n2"]
    assert built("add", "new.jsonl").exit_code == 0
    assert ids(built) == ["n1", "n2", "n3"]


def test_remove_and_compact(built):
    assert built("remove", "n2").stdout == "1 removed; 1 articles, 2 passages in the index\n"
    assert ids(built) == ["n1"]
    assert built("compact").stdout == "1 articles, 2 passages in youju-index\n"
    missing = built("remove", "n9")
    assert missing.exit_code == 1
    assert "no article 'n9' in the index youju-index" in missing.stderr


def test_list_shows_and_filters(built):
    shown = built("list", "--index", "youju-index").stdout.splitlines()
    assert shown == ["n1\t2026-05-03\t云溪日报\t新桥通车", "n2\t2025-12\t-\t早市开张"]
    assert ids(built, "--since", "2026") == ["n1"]
    assert ids(built, "--source", "云溪日报") == ["n1"]
    assert ids(built, "--title", "早市") == ["n2"]


def test_list_without_an_index_shows_the_bundled_articles(run, bundled_index, monkeypatch):
    monkeypatch.setattr("qa.bundled.open_bundled_index", lambda progress: bundled_index)
    monkeypatch.setattr(type(bundled_index), "close", lambda self: None)
    assert len(run("list").stdout.splitlines()) == len(bundled_articles())


@pytest.mark.parametrize("command", ["add", "update", "remove", "check", "compact"])
def test_commands_that_change_an_index_say_that_there_is_none(run, tmp_path, command):
    write(tmp_path / "a.jsonl", SCHOOL)
    given = {"add": ["a.jsonl"], "update": ["a.jsonl"], "remove": ["n1"]}.get(command, [])
    result = run(command, *given)
    assert result.exit_code == 1
    assert 'no index in youju-index; make one with "youju build PATH' in result.stderr
    assert not (tmp_path / "youju-index").exists()


def test_check_finds_damage_and_repairs_it(built, tmp_path):
    assert built("check").stdout == "the index youju-index is whole\n"
    connection = sqlite3.connect(tmp_path / "youju-index" / DATABASE)
    with connection:
        connection.execute("UPDATE passages SET vector = zeroblob(768) WHERE number = 1")
    connection.close()
    result = built("check")
    assert result.exit_code == 1
    assert "the vector of article 'n1', paragraph 2 is not what was written" in result.stdout
    assert 'run "youju check --repair --index youju-index"' in result.stderr
    assert built("check", "--repair").stdout.endswith("repaired: 2 articles\n")
    assert built("check").exit_code == 0


def test_check_names_what_is_lost(built, tmp_path):
    connection = sqlite3.connect(tmp_path / "youju-index" / DATABASE)
    with connection:
        connection.execute("UPDATE articles SET record = '{}' WHERE id = 'n2'")
    connection.close()
    result = built("check", "--repair")
    assert result.exit_code == 1
    assert "lost: article 'n2'" in result.stdout
    assert "damaged-" in result.stderr
    assert ids(built) == ["n1"]


def test_what_is_exported_is_built_again_as_it_was(run, tmp_path):
    whole = Article(
        "x", "题", (Section("节", ("甲。", "乙。")), Section(None, ("丙。",))), "副题", "引题",
        "记者 张三", "日报", "2026-05/2026-06", "inferred", "依据", page="p1",
        is_title_editorial=True, captions=("图",), pull_quotes=("引",), furniture=("边",),
        notes="注",
    )  # fmt: skip
    write(tmp_path / "a.jsonl", whole_record(whole), SCHOOL)
    run("build", "a.jsonl")
    run("export", "--index", "youju-index", "--output", "out.jsonl")
    before, after = read_articles(["a.jsonl"]).articles, read_articles(["out.jsonl"]).articles
    assert after == before
    assert after[0] == whole
    printed = run("export", "--index", "youju-index").stdout
    assert printed == (tmp_path / "out.jsonl").read_text(encoding="utf-8")


def test_an_export_that_fails_leaves_the_file_that_was_there(built, tmp_path):
    """The first article is written before the second one is found damaged."""
    file = tmp_path / "out.jsonl"
    file.write_text("old")
    before = sorted(tmp_path.iterdir())
    connection = sqlite3.connect(tmp_path / "youju-index" / DATABASE)
    with connection:
        connection.execute(
            "UPDATE articles SET record = json_set(record, '$.notes', 'x') WHERE id = 'n2'"
        )
    connection.close()
    failed = built("export", "--index", "youju-index", "--output", "out.jsonl")
    assert failed.exit_code == 1
    assert failed.stderr.startswith("Error: index in youju-index is damaged (the text of an")
    assert failed.stderr.count("\n") == 1
    assert file.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == before


def test_the_bundled_articles_are_exported_without_loss(tmp_path):
    write(tmp_path / "a.jsonl", *map(whole_record, bundled_articles()))
    assert list(read_articles([tmp_path / "a.jsonl"]).articles) == bundled_articles()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"id": ""}, "'id' or 'title' is missing or empty"),
        ({"sections": [{"heading": 1, "paragraphs": []}]}, "'sections': expected objects"),
        ({"sections": [{"heading": None, "paragraphs": "甲"}]}, "'paragraphs' must be a list"),
        ({"sections": []}, "no paragraph in 'sections'"),
        ({"captions": "图"}, "'captions' must be a list of texts"),
        ({"date": "gestern"}, "date:"),
        ({"date_basis": "guessed"}, "it must be printed or inferred"),
        ({"byline": 7}, "'byline' must be text, found int"),
        ({"is_title_editorial": "yes"}, "must be true or false"),
    ],
)
def test_a_whole_record_that_is_none_is_named(tmp_path, changed, message):
    good = whole_record(Article("x", "题", (Section(None, ("甲。",)),)))
    write(tmp_path / "a.jsonl", good, {**good, "id": "y", **changed})
    [failed] = read_articles([tmp_path / "a.jsonl"]).failed
    assert failed.place == ":2"
    assert message in failed.reason
