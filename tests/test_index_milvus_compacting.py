"""Compacting an index in Milvus forgets what was removed and replaced, and nothing else."""

from contextlib import closing, suppress
from pathlib import Path

import pytest
from milvus_damage import CHANGED, change, make, seen, store_at
from milvus_stores import FIRST, article, lite_store

from index import StoreError, archive_at, open_index
from index.milvus import compacting
from index.milvus.client import Milvus
from index.milvus.columns import MANIFEST


@pytest.fixture(params=["copied", "deleted"])
def uri(request, tmp_path, monkeypatch):
    """As it is done in Milvus Lite, and as a server does it."""
    monkeypatch.setattr(compacting, "is_server", lambda uri: request.param == "deleted")
    with lite_store(tmp_path) as uri:
        yield make(uri)


def test_what_can_be_asked_stays_and_old_texts_are_gone(uri):
    before = seen(uri)
    manifest = archive_at(uri).compact()
    assert (manifest.generation, manifest.n_articles, manifest.n_passages) == (4, 3, 5)
    assert seen(uri) == before
    with closing(open_index(uri)) as index:
        assert index.versions("a") == [CHANGED]
        assert index.versions("b") == []
    with store_at(uri) as store:
        assert store.client.count(store.state.passages, "number >= 0") == 5
        assert store.client.count(store.state.terms, "n == 0") == 0
    assert archive_at(uri).check() == []


def test_it_can_be_changed_and_compacted_again(uri):
    archive_at(uri).compact()
    archive_at(uri).add([FIRST[1]])
    archive_at(uri).remove(["d"])
    before = seen(uri)
    assert archive_at(uri).compact().generation == 7
    assert seen(uri) == before
    assert archive_at(uri).check() == []


def test_a_damaged_text_that_was_replaced_is_deleted(uri):
    change(uri, "articles", "number == 0", digest="00")
    [fault] = archive_at(uri).check()
    assert fault.endswith('"youju compact" deletes it')
    archive_at(uri).compact()
    assert archive_at(uri).check() == []


@pytest.mark.parametrize(
    ("call", "n_done"), [("upsert", 0), ("upsert", 1), ("upsert", 3), ("delete", 1), ("drop", 1)]
)
def test_one_that_is_cut_short_loses_nothing_and_the_next_one_ends_it(
    uri, monkeypatch, call, n_done
):
    before = seen(uri)
    whole, done = getattr(Milvus, call), []

    def fail(self, name, *arguments, **options):
        is_of_the_lease = name == MANIFEST and (call == "delete" or not done)
        done.append(name)
        if not is_of_the_lease and len(done) > n_done + (call == "upsert"):
            raise StoreError("no answer")
        return whole(self, name, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Milvus, call, fail)
        with suppress(StoreError):
            archive_at(uri).compact()
    assert seen(uri) == before
    archive_at(uri).compact()
    assert seen(uri) == before
    assert archive_at(uri).check() == []


def test_no_file_of_milvus_lite_holds_a_text_that_was_removed(tmp_path):
    said = "独一无二的话"
    with lite_store(tmp_path) as uri:
        archive_at(uri).build([*FIRST, article("s", f"{said}在这里说。")], "fast")
        archive_at(uri).remove(["s"])

        def holds():
            files = [path for path in Path(uri).rglob("*") if path.is_file()]
            return any(said.encode() in path.read_bytes() for path in files)

        assert holds()
        archive_at(uri).compact()
        assert not holds()


@pytest.mark.parametrize("uri", ["deleted"], indirect=True)
@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_server_is_asked_to_compact_and_may_refuse(uri, monkeypatch, is_allowed):
    asked = []

    def compact(self, name):
        asked.append(name)
        if not is_allowed:
            raise StoreError("not allowed")

    monkeypatch.setattr(Milvus, "compact", compact)
    assert archive_at(uri).compact().n_articles == 3
    with store_at(uri) as store:
        assert asked == list(store.state.collections)[: 3 if is_allowed else 1]
