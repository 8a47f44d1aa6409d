"""Changing an index in Milvus: whole or not at all, and like an index built of everything."""

import json
import time
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from comparing import comparing
from milvus_stores import FIRST, MORE, QUESTIONS, article, lite_store

from index import ArticleFilter, StoreError, archive_at, open_index
from index.milvus.client import Milvus
from index.milvus.columns import MANIFEST, NO_VECTOR, WRITER_ROW
from index.milvus.lease import STALE_SECONDS, Lease
from index.milvus.store import read_state

CHANGED = replace(FIRST[0], title="另一个标题")


@pytest.fixture
def uri(tmp_path):
    with lite_store(tmp_path) as uri:
        archive_at(uri).build(FIRST, "fast")
        yield uri


@contextmanager
def connected(uri):
    with closing(Milvus(uri)) as client:
        client.load(MANIFEST)
        yield client


def found_in(index):
    """All that can be seen of an index, but for the numbers of passages, and so ties in ranks."""
    results = [index.search(question, 50) for question in QUESTIONS]
    sources = sorted(index.overview().sources, key=str)
    return [
        [
            {s.passage: (s.said, s.dense, s.lexical, s.fused, s.coverage) for s in result}
            for result in results
        ],
        [[s.fused for s in result] for result in results],
        index.article_ids(),
        replace(index.overview(), sources=tuple(sources)),
        [index.noise.mean, index.noise.deviation],
        index.articles(ArticleFilter(source="甲报")).n_found,
    ]


def found(uri):
    with closing(open_index(uri)) as index:
        return found_in(index)


def same(one, other):
    if isinstance(one, float):
        return one == pytest.approx(other, abs=1e-5)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def test_what_was_added_removed_and_updated_is_as_in_an_index_built_of_the_rest(uri, tmp_path):
    archive = archive_at(uri)
    archive.add(MORE)
    archive.add([CHANGED], update=True)
    archive.remove(["b"])
    archive.add([FIRST[1]])
    archive.remove(["d"])
    (tmp_path / "rebuilt").mkdir()
    with lite_store(tmp_path / "rebuilt") as whole:
        archive_at(whole).build([CHANGED, MORE[0], FIRST[1]], "fast")
        expected, got = found(whole), found(uri)
    assert same(got, expected)


def test_a_change_says_what_it_did(uri):
    archive = archive_at(uri)
    change = archive.add([FIRST[1], CHANGED, MORE[0]], update=True)
    assert (change.added, change.updated, change.unchanged) == (("c",), ("a",), ("b",))
    assert (change.n_passages, change.manifest.n_articles, change.manifest.n_passages) == (4, 3, 6)
    assert change.manifest.generation == 2
    assert archive.add([CHANGED]).manifest.generation == 2
    assert archive.remove(["a", "a"]).removed == ("a",)


def test_articles_are_not_looked_for_one_by_one_among_all(uri):
    Id = comparing(str)
    articles = [article(Id(n), f"第{n}号仓库存粮{n}吨。") for n in range(60)]
    archive_at(uri).build(articles, "fast")
    Id.n_compared = 0
    change = archive_at(uri).add([*articles, MORE[0]])
    assert (len(change.unchanged), change.added, change.updated) == (60, ("c",), ())
    assert Id.n_compared < 20 * len(articles)


def test_who_has_it_open_goes_on_seeing_it_as_it_was(uri):
    with closing(open_index(uri)) as index:
        before = found_in(index)
        archive_at(uri).add([*MORE, CHANGED], update=True)
        archive_at(uri).remove(["b"])
        index._store._listed.cache_clear()
        assert same(found_in(index), before)
    assert not same(found(uri), before)


def test_the_texts_that_were_replaced_or_removed_are_kept_for_their_citations(uri):
    archive_at(uri).add([CHANGED], update=True)
    archive_at(uri).remove(["b"])
    with closing(open_index(uri)) as index:
        assert index.versions("a") == [CHANGED, FIRST[0]]
        assert index.versions("b") == [FIRST[1]]
        with pytest.raises(KeyError):
            index.article("b")


def test_a_write_that_fails_at_any_point_leaves_the_old_state_and_the_next_one_works(
    uri, monkeypatch
):
    """Each time the next call is the first to fail; at last none does."""
    before, upsert, n_failed = found(uri), Milvus.upsert, 0
    change = [*MORE, CHANGED]
    while True:
        calls = iter(range(n_failed))

        def fail_later(self, name, rows, calls=calls):
            if next(calls, None) is None:
                raise StoreError("no answer")
            upsert(self, name, rows)

        with monkeypatch.context() as patch:
            patch.setattr(Milvus, "upsert", fail_later)
            try:
                archive_at(uri).add(change, update=True)
                break
            except StoreError:
                pass
        n_failed += 1
        assert same(found(uri), before)
    assert n_failed >= 7  # lease, two of what is replaced, two of what is new, terms, manifest
    with closing(open_index(uri)) as index:
        assert index.article_ids() == ["a", "b", "c", "d"]
        assert index.article("a") == CHANGED
        assert index.manifest.n_passages == 7
        counts = index._scorer._terms
        first = index.search("义乌中欧班列")[0]
        assert first.passage.article_id == "a"
        state = index._store.state
        held = [
            row["terms"] for row in index._store.client.query(state.passages, state.seen, ["terms"])
        ]
        keys = {term >> 14 for terms in held for term in terms}
        expected = {key: sum(key in {t >> 14 for t in terms} for terms in held) for key in keys}
        assert counts.count(list(keys)) == expected


def test_a_build_that_fails_leaves_the_index_that_is_there_and_nothing_else(uri, monkeypatch):
    before = found(uri)
    with connected(uri) as client:
        names = client.collections()
    monkeypatch.setattr(
        Milvus, "flush", lambda self, name: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        archive_at(uri).build(MORE, "fast")
    with connected(uri) as client:
        assert sorted(client.collections()) == sorted(names)
    assert same(found(uri), before)


def test_a_build_takes_the_place_of_what_was_there(uri):
    manifest = archive_at(uri).build(MORE, "fast")
    assert (manifest.generation, manifest.n_articles) == (2, 2)
    with connected(uri) as client:
        assert len(client.collections()) == 4
    with closing(open_index(uri)) as index:
        assert index.article_ids() == ["c", "d"]


def test_a_second_writer_is_told_and_changes_nothing(uri):
    with connected(uri) as client:
        lease = Lease(client)
        lease.take()
        with pytest.raises(StoreError, match=r"another process is writing .* try again"):
            archive_at(uri).add(MORE)
        with pytest.raises(StoreError, match=r"another process is writing"):
            archive_at(uri).build(MORE, "fast")
        lease.give_back()
        assert read_state(client).manifest.generation == 1
    archive_at(uri).add(MORE)


def test_a_writer_that_died_is_not_waited_for_for_ever(uri):
    with connected(uri) as client:
        for age, is_refused in ((STALE_SECONDS - 60, True), (STALE_SECONDS + 1, False)):
            value = json.dumps({"token": "dead", "time": time.time() - age})
            row = {"key": WRITER_ROW, "value": value, "anchor": NO_VECTOR}
            client.upsert(MANIFEST, [row])
            try:
                archive_at(uri).remove(["b"])
                assert not is_refused
            except StoreError:
                assert is_refused


def test_a_writer_whose_turn_another_took_does_not_finish(uri, monkeypatch):
    def take_over(self):
        value = json.dumps({"token": "other", "time": time.time()})
        row = {"key": WRITER_ROW, "value": value, "anchor": NO_VECTOR}
        self._client.upsert(MANIFEST, [row])

    before = found(uri)
    monkeypatch.setattr(Lease, "renew", take_over)
    with pytest.raises(StoreError, match=r"another process"):
        archive_at(uri).add(MORE)
    assert same(found(uri), before)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda archive: archive.add([CHANGED]), "'a' is in the index already, .*youju update"),
        (lambda archive: archive.remove(["b", "x"]), "no article 'x' .*nothing was removed"),
        (lambda archive: archive.remove(["a", "b"]), "one article at least"),
        (lambda archive: archive.add([article("a", "一"), article("a", "二")]), "the same id"),
        (lambda archive: archive.build([]), "no passages"),
    ],
)
def test_what_cannot_be_done_changes_nothing(uri, change, message):
    with pytest.raises((StoreError, ValueError), match=message):
        change(archive_at(uri))
    with connected(uri) as client:
        assert read_state(client).manifest.generation == 1
