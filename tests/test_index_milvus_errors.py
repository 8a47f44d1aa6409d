"""What goes wrong with a Milvus store is told in one line with what to do."""

import json
import random
import re
import socket
import sys
import time
from contextlib import closing

import pytest
from milvus_stores import FIRST, lite_store
from pymilvus import MilvusException

from index import IndexMismatchError, StoreError, archive_at, open_index
from index.milvus import client as client_module
from index.milvus.client import ATTEMPTS, FIRST_WAIT, Milvus
from index.milvus.columns import MANIFEST, NO_VECTOR, STATE_ROW
from index.places import is_milvus, shown


@pytest.fixture
def waits(monkeypatch):
    """How long was waited, without waiting, and the most it could have been."""
    waited = []
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setattr(random, "uniform", lambda low, high: waited.append((low, high)) or high)
    return waited


@pytest.fixture
def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return port


def test_a_server_that_is_away_is_named_without_its_password(closed_port, waits):
    uri = f"http://root:secret@127.0.0.1:{closed_port}"
    with pytest.raises(StoreError) as error:
        open_index(uri)
    message = str(error.value)
    assert message.startswith(f"no answer from Milvus at http://127.0.0.1:{closed_port} after 4 ")
    assert message.endswith("; start the server, or check the address after --store")
    assert "secret" not in message
    assert "\n" not in message
    assert waits == [(0, FIRST_WAIT), (0, 2 * FIRST_WAIT), (0, 4 * FIRST_WAIT)]


@pytest.mark.parametrize("uri", ["http://[::1", "http://root:secret@a:b:c"])
def test_what_is_no_address_is_said_to_be_none(uri):
    message = f"{shown(uri)} is no address of Milvus; give http://HOST:19530 after --store"
    with pytest.raises(StoreError, match=f"^{re.escape(message)}$"):
        open_index(uri)


@pytest.mark.parametrize("act", ["open", "build", "add", "remove"])
def test_a_path_with_something_else_is_refused_and_left_as_it_is(tmp_path, act):
    file, folder = tmp_path / "file.db", tmp_path / "folder.db"
    file.write_text("something")
    folder.mkdir()
    (folder / "mine.txt").write_text("else")
    for place in (file, folder):
        archive = archive_at(str(place))
        given = {"open": (), "build": (FIRST, "fast"), "add": (FIRST,), "remove": (["a"],)}[act]
        with pytest.raises(StoreError, match=r"is not a Milvus Lite store, .*name another"):
            getattr(archive, act)(*given)
    assert file.read_text() == "something"
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_reading_makes_no_store(tmp_path):
    place = str(tmp_path / "none.db")
    with pytest.raises(StoreError, match=r'no index in .*none.db; make one with "youju build PATH'):
        open_index(place)
    with pytest.raises(StoreError, match=r"no index in"):
        archive_at(place).add(FIRST)
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_another_process_has_open_is_said_to_be(tmp_path):
    fcntl = pytest.importorskip("fcntl", reason="this system locks files otherwise")
    store = tmp_path / "held.db"
    (store / "collections").mkdir(parents=True)
    with (store / "LOCK").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match=r"it is open in another process"):
            open_index(str(store))


def test_another_format_encoder_or_damage_is_told_with_the_remedy(tmp_path):
    with lite_store(tmp_path) as uri:
        archive_at(uri).build(FIRST, "fast")
        with pytest.raises(IndexMismatchError, match=r"built with encoder 'fast' .* 'bundled'"):
            open_index(uri, "bundled")
        with closing(Milvus(uri)) as client:
            client.load(MANIFEST)
            value = client.query(MANIFEST, f"key == {STATE_ROW}", ["value"])[0]["value"]
            for changed, error, message in (
                (
                    json.dumps({**json.loads(value), "format": 99}),
                    IndexMismatchError,
                    "version 99,",
                ),
                (json.dumps({"format": 1}), StoreError, 'is damaged .*"youju build PATH --store'),
                ("{", StoreError, "is damaged"),
            ):
                row = {"key": STATE_ROW, "value": changed, "anchor": NO_VECTOR}
                client.upsert(MANIFEST, [row])
                with pytest.raises(error, match=message):
                    open_index(uri)
        assert archive_at(uri).build(FIRST, "fast").generation == 1  # as the message says
        open_index(uri).close()


@pytest.mark.parametrize("library", ["pymilvus", "grpc"])
def test_a_client_that_is_not_installed_is_named_with_what_to_install(monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    for name in [name for name in sys.modules if name.startswith("index.milvus")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(StoreError, match=rf'needs {library}, .*pip install "youju\[milvus\]"'):
        open_index("x.db")


class Flaky:
    """Fails so often with a code before it answers."""

    def __init__(self, code: int, n: int) -> None:
        self.code, self.n, self.calls = code, n, 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.n:
            raise MilvusException(self.code, "first line\nsecond line")
        return "done"


@pytest.fixture
def client(monkeypatch):
    monkeypatch.setattr(client_module, "MilvusClient", lambda uri, **options: object())
    return Milvus("http://host:19530")


def test_what_may_pass_is_tried_again_after_a_wait_drawn_from_a_growing_span(client, waits):
    flaky = Flaky(8, ATTEMPTS - 1)
    assert client._call(flaky) == "done"
    assert flaky.calls == ATTEMPTS
    assert [low for low, _ in waits] == [0, 0, 0]
    assert [high for _, high in waits] == pytest.approx([0.2, 0.4, 0.8])


def test_what_will_not_pass_is_not_tried_again(client, waits):
    flaky = Flaky(1100, 1)
    with pytest.raises(StoreError, match=r"^Milvus at http://host:19530 refused .*: first line$"):
        client._call(flaky)
    assert (flaky.calls, waits) == (1, [])


def test_what_goes_on_failing_is_given_up(client, waits):
    flaky = Flaky(8, 99)
    with pytest.raises(StoreError, match=r"no answer .* after 4 attempts"):
        client._call(flaky)
    assert flaky.calls == ATTEMPTS


@pytest.mark.parametrize(
    ("place", "is_it"),
    [("a.db", True), ("http://h:1", True), ("https://h", True), ("news", False), ("db", False)],
)
def test_milvus_is_told_by_the_end_or_beginning_of_its_address(place, is_it):
    assert is_milvus(place) is is_it


def test_a_password_is_not_shown():
    assert shown("https://root:a@b@host:443/db") == "https://host:443/db"
    assert shown("evaluate --store=http://root:a@h:1 x") == "evaluate --store=http://h:1 x"
    assert shown("my@store.db") == "my@store.db"
