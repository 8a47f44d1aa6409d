"""What is listed of an article in Milvus may be damaged: one line says so, and what to do."""

import json

import pytest
from click.testing import CliRunner
from milvus_damage import CHANGED, change, change_manifest, make, seen, store_at
from milvus_stores import article, lite_store

from index import StoreError, archive_at
from index.milvus.rows import article_rows, has_title, read_head
from qa.cli import main


@pytest.fixture(scope="module")
def uri(tmp_path_factory):
    """An index that every test leaves as it was, by repairing it."""
    with lite_store(tmp_path_factory.mktemp("heads")) as uri:
        yield make(uri)


def write(file, one):
    record = {"id": one.id, "title": one.title, "text": one.text, "date": one.date}
    file.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def with_head(**values):
    return lambda head: json.dumps({**json.loads(head), **values})


HEADS = {
    "empty": lambda head: "",
    "cut short": lambda head: head[: len(head) // 2],
    "no object": lambda head: "[1]",
    "values that are missing": lambda head: '{"id": "c", "title": "题"}',
    "values of another kind": with_head(title=None),
    "another article's": with_head(id="d"),
}


@pytest.mark.parametrize("head", HEADS)
def test_what_cannot_be_what_was_written_is_not_read(head):
    [row] = article_rows(article("c", "一句话。"), 2, 2, 1)
    assert (read_head(row).title, has_title(row, "标题")) == ("c的标题", True)
    damaged = {**row, "head": HEADS[head](row["head"])}
    for read in (read_head, lambda row: has_title(row, "标题")):
        with pytest.raises(ValueError, match="what is listed of article 'c' is not what"):
            read(damaged)


MESSAGE = (
    "Error: index in {uri} is damaged (what is listed of article 'c' is not what was written); "
    'run "youju check --repair --store {uri}"\n'
)
COMMANDS = {
    "remove it": ["remove", "c"],
    "remove the oldest beside it": ["remove", "a"],
    "update it": ["update", article("c", "别的。")],
    "update the oldest beside it": ["update", article("a", "别的。")],
    "list": ["list"],
    "list by title": ["list", "--title", "标题"],
    "export": ["export"],
}


def test_every_command_says_so_and_changes_nothing(uri, tmp_path):
    before = seen(uri)
    change(uri, "articles", "number == 2 and part == 0", head=HEADS["cut short"])
    for name, (command, *arguments) in COMMANDS.items():
        given = [
            a if isinstance(a, str) else str(write(tmp_path / "a.jsonl", a)) for a in arguments
        ]
        done = CliRunner().invoke(main, [command, *given, "--store", uri])
        assert (done.exit_code, done.stdout) == (1, ""), name
        assert done.stderr == MESSAGE.format(uri=uri), name
        assert archive_at(uri).check() == [
            "articles: what is listed of article 'c' is not what its text says"
        ], name
    assert archive_at(uri).repair().done == ("made again: what is listed of article 'c'",)
    assert seen(uri) == before


def test_what_is_not_listed_can_be_changed_beside_it(uri):
    change(uri, "articles", "number == 2 and part == 0", head="")
    assert archive_at(uri).add([CHANGED]).unchanged == ("a",)
    assert archive_at(uri).add([article("e", "一句话。")]).added == ("e",)
    archive_at(uri).repair()
    archive_at(uri).remove(["e"])


def test_a_source_that_is_not_counted_is_damage(uri):
    """As a head may say that is whole, or the manifest."""
    with store_at(uri) as store:
        sources = store.state.sources
    change_manifest(uri, sources=[])
    with pytest.raises(StoreError, match=r"no article of the source of 'a' is counted\); run"):
        archive_at(uri).remove(["a"])
    assert [line.split(":")[0] for line in archive_at(uri).check()] == ["manifest"]
    archive_at(uri).repair()
    with store_at(uri) as store:
        assert sorted(store.state.sources, key=str) == sorted(sources, key=str)
