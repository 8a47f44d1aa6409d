"""A writer in Milvus keeps its turn as long as it lives and nobody else has taken it."""

import json
from contextlib import closing
from types import SimpleNamespace

import pytest
from milvus_damage import change, delete, make, wrong_vector
from milvus_stores import lite_store

from corpus import Article, Section
from index import StoreError, archive_at, load_encoder
from index.milvus import lease as lease_module
from index.milvus.client import Milvus
from index.milvus.columns import MANIFEST, NO_VECTOR, WRITER_ROW
from index.milvus.comparing import Version
from index.milvus.lease import STALE_SECONDS, Lease, is_written_to


@pytest.fixture
def uri(tmp_path):
    with lite_store(tmp_path) as uri:
        yield make(uri)


@pytest.fixture
def client(uri):
    with closing(Milvus(uri)) as client:
        client.load(MANIFEST)
        yield client


@pytest.fixture
def clock(monkeypatch):
    """Stands still unless `wait` is called."""
    clock = SimpleNamespace(now=1e9)
    clock.time = clock.monotonic = lambda: clock.now
    clock.sleep = lambda seconds: None
    clock.wait = lambda seconds: setattr(clock, "now", clock.now + seconds)
    monkeypatch.setattr(lease_module, "time", clock)
    return clock


@pytest.mark.parametrize("act", [Lease.renew, Lease.check, Lease.keep])
def test_who_was_not_heard_of_goes_on_if_nobody_else_took_its_turn(client, clock, act):
    lease = Lease(client)
    lease.take()
    clock.wait(STALE_SECONDS + 1)
    assert not is_written_to(client)
    act(lease)
    assert is_written_to(client)
    with pytest.raises(StoreError, match="another process"):
        Lease(client).take()


@pytest.mark.parametrize("other", ["writes", "died", "is done"])
def test_who_was_not_heard_of_stops_if_another_took_its_turn(client, clock, other):
    """Also after that one died or is done: it may have changed what this one read."""
    lease = Lease(client)
    lease.take()
    clock.wait(STALE_SECONDS + 1)
    if other == "is done":
        client.delete(MANIFEST, f"key == {WRITER_ROW}")
    else:
        value = json.dumps(
            {"token": "other", "time": clock.now - STALE_SECONDS * (other == "died")}
        )
        client.upsert(MANIFEST, [{"key": WRITER_ROW, "value": value, "anchor": NO_VECTOR}])
    for act in (lease.renew, lease.check, lease.keep):
        with pytest.raises(StoreError, match="another process"):
            act()


@pytest.fixture
def heard(client, clock, monkeypatch):
    """After each step, which takes most of the time that a writer has: is it still heard of?"""
    heard = []
    kind = type(load_encoder("fast"))
    encode, pairs, delete_rows = kind.encode_passages, Version.pairs, Milvus.delete

    def step(done=lambda n: None):
        clock.wait(0.7 * STALE_SECONDS)
        done(1)
        heard.append(is_written_to(client))

    def slow_encode(self, texts, progress=None):
        for _ in texts if progress else ():  # else it encodes the questions of `index.noise`
            step(progress)
        return encode(self, texts)

    def slow_pairs(self, segmenter):
        step()
        return pairs(self, segmenter)

    def slow_delete(self, name, where):
        if name != MANIFEST:
            step()
        delete_rows(self, name, where)

    monkeypatch.setattr(kind, "encode_passages", slow_encode)
    monkeypatch.setattr(Version, "pairs", slow_pairs)
    monkeypatch.setattr(Milvus, "delete", slow_delete)
    return heard


def test_a_writer_is_heard_of_while_it_encodes(uri, heard):
    archive_at(uri).add([Article("长", "长文", (Section(None, ("一句话。",) * 3),))])
    assert heard == [True] * 5  # two deletions take back what nobody left


def test_a_repair_is_heard_of_while_it_reads_encodes_and_deletes(uri, heard):
    delete(uri, "articles", "number in [0, 1]")
    change(uri, "passages", "article == 4", vector=wrong_vector)
    heard.clear()
    repair = archive_at(uri).repair()
    assert heard == [True] * (2 + 3 + 2 + 2)  # take back, versions, passages of a, orphans
    assert (repair.n_articles, repair.lost) == (3, ())
