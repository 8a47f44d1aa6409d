"""What is damaged in Milvus is found by a check; what follows from the articles is made again."""

import json
import time
from contextlib import closing

import pytest
from milvus_damage import (
    CHANGED,
    change,
    change_manifest,
    delete,
    make,
    seen,
    store_at,
    wrong_vector,
)
from milvus_stores import FIRST, MORE, QUESTIONS, article, lite_store

from index import StoreError, archive_at, open_index
from index.milvus.client import Milvus
from index.milvus.columns import (
    MANIFEST,
    NO_VECTOR,
    PART_LENGTH,
    TERM_COLUMNS,
    WRITER_ROW,
)
from index.milvus.rows import DIGEST
from index.milvus.writing import Writer

LONG = article("长", "很长的一段话。" * (PART_LENGTH // 7), "第二段。")
"""In two rows."""


@pytest.fixture
def uri(tmp_path):
    with lite_store(tmp_path) as uri:
        yield make(uri)


@pytest.fixture(scope="module")
def mended(tmp_path_factory):
    """An index that every test leaves as it was, by repairing it."""
    with lite_store(tmp_path_factory.mktemp("mended")) as uri:
        yield make(uri)


A = "article == 4"
"""The two passages of the new article a."""


def test_a_store_that_is_whole_has_no_faults_and_repairing_it_changes_nothing(mended):
    assert archive_at(mended).check() == []
    before = seen(mended)
    repair = archive_at(mended).repair()
    assert (repair.n_articles, repair.lost, repair.kept, repair.done) == (3, (), None, ())
    assert archive_at(mended).check() == []
    assert seen(mended) == before


DAMAGE = {
    "a vector": (
        lambda uri: change(uri, "passages", A, vector=wrong_vector),
        "passages: of article 'a', paragraph 1, this is not what was written: vector",
        "made again: 2 passages of article 'a', 2 of them encoded",
    ),
    "a place": (
        lambda uri: change(uri, "passages", A, record=lambda text: text.replace("[null, ", "[1, ")),
        "passages: of article 'a', paragraph 2, this is not what was written: record",
        "made again: 2 passages of article 'a', 2 of them encoded",
    ),
    "texts to search": (
        lambda uri: change(uri, "passages", A, words="x", characters="x", terms=[1], n_words=1),
        "this is not what was written: words, characters, n_words, terms",
        "made again: 2 passages of article 'a'",
    ),
    "days to filter by": (
        lambda uri: change(uri, "passages", A, first_day=20200101),
        "this is not what was written: first_day",
        "made again: 2 passages of article 'a'",
    ),
    "a passage that is gone": (
        lambda uri: delete(uri, "passages", f"{A} and n_words > 8"),
        "passages: one of article 'a', paragraph",
        "of them encoded",
    ),
    "a passage that was removed alone": (
        lambda uri: change(uri, "passages", A, removed=3),
        "this is not what was written: removed",
        "made again: 2 passages of article 'a'",
    ),
    "a passage twice": (
        lambda uri: change(uri, "passages", A, number=lambda number: number + 1000),
        "passages: 2 rows of article 'a' are none of its text",
        "deleted: 2 passages too many of article 'a'",
    ),
    "a passage of a replaced text": (
        lambda uri: change(uri, "passages", "article == 0", words="x"),
        "passages: of a removed or replaced text of article 'a', paragraph 1, this is not",
        "made again: 2 passages of a removed or replaced text of article 'a'",
    ),
    "passages of a replaced text that is gone": (
        lambda uri: delete(uri, "articles", "number == 0"),
        "passages: 2 rows belong to no article",
        "deleted: 2 passages of an article of which nothing else is left",
    ),
    "what is listed": (
        lambda uri: change(uri, "articles", "number == 4", head='{"id": "x"}', source="乙"),
        "articles: what is listed of article 'a' is not what its text says",
        "made again: what is listed of article 'a'",
    ),
    "counts of terms": (
        lambda uri: change(uri, "terms", "n == 2", n=7),
        "terms: it is not right how many passages hold",
        "made again: how many passages hold each of",
    ),
    "terms that are gone": (
        lambda uri: delete(uri, "terms", "n == 2"),
        "terms: it is not right how many passages hold",
        "made again: how many passages hold each of",
    ),
    "numbers of the manifest": (
        lambda uri: change_manifest(uri, n_words=7, sources=[["丙报", 9]]),
        "manifest: n_words is 7 instead of",
        "set right: manifest: sources is",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_follows_from_the_articles_is_found_damaged_and_made_again(mended, kind):
    damage, fault, line = DAMAGE[kind]
    before = seen(mended)
    damage(mended)
    faults = archive_at(mended).check()
    assert any(fault in found for found in faults), faults
    repair = archive_at(mended).repair()
    assert any(line in done for done in repair.done), repair.done
    assert (repair.n_articles, repair.lost) == (3, ())
    assert archive_at(mended).check() == []
    assert seen(mended) == before


def test_only_what_has_no_vector_that_fits_is_encoded(uri, monkeypatch):
    encoded = []
    from index.milvus import repairing

    encode = repairing.encode
    monkeypatch.setattr(
        repairing,
        "encode",
        lambda model, texts, advance: encoded.extend(texts) or encode(model, texts, advance),
    )
    change(uri, "passages", "added > 0", words="x")
    change(uri, "passages", f"{A} and n_words > 8", vector=wrong_vector)
    archive_at(uri).repair()
    assert 0 < len(encoded) <= 2
    assert set(encoded) <= set(FIRST[0].text.split("\n"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda uri: change(
            uri, "articles", "number == 4", record=lambda text: text.replace("1.5", "1.6")
        ),
        lambda uri: change(uri, "articles", "number == 4", digest="00"),
    ],
)
def test_an_article_whose_text_is_damaged_is_named_and_comes_back_by_an_update(uri, damage):
    before = seen(uri)
    damage(uri)
    [fault] = archive_at(uri).check()
    assert fault == (
        "articles: the text of article 'a' is not what was written; "
        'replace it with "youju update"'
    )
    with pytest.raises(StoreError, match=r"'a' is in the index already, .*youju update"):
        archive_at(uri).add([CHANGED])
    assert archive_at(uri).add([CHANGED], update=True).updated == ("a",)
    assert seen(uri) == before
    [fault] = archive_at(uri).check()
    assert fault == (
        "articles: a removed or replaced text of article 'a' is not what was written; "
        '"youju compact" deletes it'
    )


@pytest.mark.parametrize("part", [0, 1])
def test_a_repair_removes_an_article_whose_text_is_lost_and_the_rest_can_be_asked(uri, part):
    archive_at(uri).add([LONG])
    delete(uri, "articles", f"number == 5 and part == {part}")
    assert any("the text of article '长'" in fault for fault in archive_at(uri).check())
    repair = archive_at(uri).repair()
    assert (repair.n_articles, repair.lost) == (3, ("article '长'",))
    with closing(open_index(uri)) as index:
        assert index.article_ids() == ["a", "c", "d"]
        for question in QUESTIONS:
            index.search(question)
    archive_at(uri).add([LONG], update=True)
    assert LONG in seen(uri)[1]


def test_an_article_of_which_only_passages_are_left_is_counted_as_lost(uri):
    delete(uri, "articles", "number == 4")
    repair = archive_at(uri).repair()
    assert repair.lost == ("2 passages of an article of which nothing else is left",)
    assert any("n_articles is 3 instead of 2" in line for line in repair.done)
    assert archive_at(uri).check() == []


def test_of_two_articles_of_one_id_the_newer_stays(uri):
    never = lambda _: 2**62  # noqa: E731
    change(uri, "articles", "number == 0", removed=never)
    change(uri, "passages", "article == 0", removed=never)
    assert any("article 'a' is there twice" in fault for fault in archive_at(uri).check())
    repair = archive_at(uri).repair()
    assert "removed: article 'a', of which there is a newer one" in repair.done
    assert archive_at(uri).check() == []
    with closing(open_index(uri)) as index:
        assert index.article("a") == CHANGED


def test_what_a_writer_left_is_found_and_taken_back(uri, monkeypatch):
    before = seen(uri)

    def die(self, state):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            archive_at(uri).add([article("e", "一句话。"), MORE[0], FIRST[0]], update=True)
    with store_at(uri) as store:
        store.client.create("youju_terms_dead", TERM_COLUMNS, is_exact=True)
    *faults, collection = archive_at(uri).check()
    assert [fault.split(":")[0] for fault in faults] == ["articles", "passages"]
    assert all("are of a change that was not finished" in fault for fault in faults)
    assert collection == "youju_terms_dead: a collection of a build that was not finished"
    repair = archive_at(uri).repair()
    assert [line.split(":")[0] for line in repair.done] == ["taken back"] * 3
    assert archive_at(uri).check() == []
    assert seen(uri) == before


def test_what_is_being_written_is_no_fault(uri, monkeypatch):
    """Checked before each row of a change that adds and replaces, but for that of the lease."""
    checked, upsert = [], Milvus.upsert

    def check_first(self, name, rows):
        if checked or name != MANIFEST:
            checked.append(archive_at(uri).check())
        for row in rows:
            upsert(self, name, [row])

    monkeypatch.setattr(Milvus, "upsert", check_first)
    archive_at(uri).add([article("e", "一句话。"), FIRST[0]], update=True)
    assert checked == [[]] * 6


def test_what_an_earlier_version_wrote_has_no_checksum_of_vectors_and_is_whole(uri):
    change(uri, "passages", "added > 0", digest=lambda digest: digest[:DIGEST])
    assert archive_at(uri).check() == []
    change(uri, "passages", A, vector=lambda vector: [number / 2 for number in vector])
    assert len(archive_at(uri).check()) == 2


def test_what_cannot_be_read_or_saved_names_the_build(uri):
    change(uri, "articles", "added > 0", digest="00")
    with pytest.raises(StoreError, match=r"no article in .* can be saved; run \"youju build\""):
        archive_at(uri).repair()
    assert any("the text of article 'a'" in fault for fault in archive_at(uri).check())
    change_manifest(uri, n_words=1, unknown=1)
    [fault] = archive_at(uri).check()
    assert "is damaged" in fault
    with pytest.raises(StoreError, match=r'run "youju build PATH --store'):
        archive_at(uri).repair()


def test_a_repair_waits_for_no_other_writer(uri):
    with store_at(uri) as store:
        value = json.dumps({"token": "other", "time": time.time()})
        row = {"key": WRITER_ROW, "value": value, "anchor": NO_VECTOR}
        store.client.upsert(MANIFEST, [row])
    with pytest.raises(StoreError, match="another process is writing"):
        archive_at(uri).repair()


def test_where_there_is_no_index_there_is_nothing_to_check(tmp_path):
    for act in (
        archive_at(str(tmp_path / "none.db")).check,
        archive_at(str(tmp_path / "none.db")).repair,
    ):
        with pytest.raises(StoreError, match="no index in"):
            act()
