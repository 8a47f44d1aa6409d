"""One writer at a time: a row that says who writes, given up when it is done."""

import contextlib
import json
import math
import secrets
import time
from collections.abc import Callable, Iterator

from index.errors import StoreError
from index.milvus.client import Milvus
from index.milvus.columns import MANIFEST, MANIFEST_COLUMNS, NO_VECTOR, WRITER_ROW

STALE_SECONDS = 600
"""A writer that has not been heard of for so long has died."""

RENEW_SECONDS = 60
"""How often a writer says that it goes on."""

_SETTLE_SECONDS = 0.05
"""Between taking the lease and looking whether another took it at the same time."""


class Lease:
    """The right to write, as long as nobody else has taken it.

    Milvus cannot compare and set, so two writers that begin within `_SETTLE_SECONDS` may both
    take it; the one that wrote its name last keeps it, the other sees that when it `renew`s, which
    every writer does before each batch and before its change comes to be seen.

    A writer that was not heard of for `STALE_SECONDS` and lives goes on if the name is still its
    own: then nobody has written in between. If it is another's or none, somebody has, or may have.
    """

    def __init__(self, client: Milvus) -> None:
        self._client = client
        self._token = secrets.token_hex(8)
        self._renewed = 0.0

    def take(self) -> None:
        """Take the lease.

        Raises:
            StoreError: If another process writes.
        """
        if _holder(self._client) not in (None, self._token):
            raise self._taken()
        self._claim()

    def renew(self) -> None:
        """Make sure that it is still ours, and say so once in a while.

        Raises:
            StoreError: If another process has taken it.
        """
        self.check()
        if self._is_due():
            self._write()

    def keep(self) -> None:
        """Do what `renew` does, but only once in a while: for long work between two batches.

        Raises:
            StoreError: If another process has taken it.
        """
        if self._is_due():
            self.renew()

    def keeping(self, advance: Callable[[int], None]) -> Callable[[int], None]:
        """Return what tells `advance` how many are done, and keeps the lease each time."""

        def kept(n: int) -> None:
            self.keep()
            advance(n)

        return kept

    def check(self) -> None:
        """Make sure that it is still ours; taken again if it was not renewed for too long.

        Raises:
            StoreError: If another process has taken it.
        """
        name, age = _last(self._client)
        if name != self._token:
            raise self._taken()
        if age >= STALE_SECONDS:
            self._claim()

    def give_back(self) -> None:
        """Let others write."""
        if _last(self._client)[0] == self._token:
            self._client.delete(MANIFEST, f"key == {WRITER_ROW}")

    def _is_due(self) -> bool:
        return time.monotonic() - self._renewed > RENEW_SECONDS

    def _claim(self) -> None:
        """Write our name, and look whether another did at the same time."""
        self._write()
        time.sleep(_SETTLE_SECONDS)
        if _last(self._client)[0] != self._token:
            raise self._taken()

    def _write(self) -> None:
        value = json.dumps({"token": self._token, "time": time.time()})
        row = {"key": WRITER_ROW, "value": value, "anchor": NO_VECTOR}
        self._client.upsert(MANIFEST, [row])
        self._renewed = time.monotonic()

    def _taken(self) -> StoreError:
        return StoreError(
            f"another process is writing to the index in {self._client.name}; try again when it "
            f"has finished, or {STALE_SECONDS // 60} minutes after it died"
        )


def is_written_to(client: Milvus) -> bool:
    """Whether somebody is writing to the index."""
    return _holder(client) is not None


def _holder(client: Milvus) -> str | None:
    """Who has the lease: the name it wrote."""
    name, age = _last(client)
    return name if age < STALE_SECONDS else None


def _last(client: Milvus) -> tuple[str | None, float]:
    """Who took the lease last, None if it was given back, and the seconds since it said so."""
    for row in client.query(MANIFEST, f"key == {WRITER_ROW}", ["value"]):
        value = json.loads(row["value"])
        return str(value["token"]), time.time() - value["time"]
    return None, math.inf


@contextlib.contextmanager
def writing(client: Milvus) -> Iterator[Lease]:
    """Let nobody else write; the collection that says so is made if it is not there.

    Raises:
        StoreError: If another process writes.
    """
    if MANIFEST not in client.collections():
        client.create(MANIFEST, MANIFEST_COLUMNS, is_exact=True)
    client.load(MANIFEST)
    lease = Lease(client)
    lease.take()
    try:
        yield lease
    finally:
        with contextlib.suppress(StoreError):  # what went wrong before is what is told
            lease.give_back()
