"""The only file that knows Milvus's client: collections, calls that are repeated, and errors."""

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import grpc
from pymilvus import DataType, Function, FunctionType, MilvusClient, MilvusException

from corpus.words import load_jieba
from index.errors import StoreError
from index.lexical import K1, B
from index.milvus.columns import Column
from index.places import is_server, shown

Row = dict[str, Any]

CONNECT_SECONDS, CALL_SECONDS, WRITE_SECONDS = 5, 20, 120
"""How long one attempt of a call may take."""

ATTEMPTS, FIRST_WAIT = 4, 0.2
"""Attempts of a call that fails for a passing reason, and the longest wait, in seconds, after the
first; it doubles, and the wait is drawn evenly from nothing to it, so that many clients that were
turned away together do not come back together (full jitter, Brooker, "Exponential Backoff And
Jitter", AWS Architecture Blog, 2015)."""

MAX_TEXT = 65_535
"""Bytes of a text field, the most that Milvus takes."""

MAX_ITEMS = 4096
"""Items of an array field, the most that Milvus takes."""

_PAGE = 1000
"""Rows that are read at once, and numbers in one filter."""

_PASSING_CODES = {2, 8}
"""Milvus's own codes of "cannot connect" and "too many requests"."""

_PASSING_STATUS = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.ABORTED,
}

_ANALYSER = {"tokenizer": "jieba", "filter": ["removepunct"]}

for _name in ("pymilvus", "milvus_lite", "grpc._server"):
    # They print whole tracebacks of errors that are told in one line here.
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Milvus:
    """A connection to one Milvus database."""

    def __init__(self, uri: str) -> None:
        """Connect.

        Args:
            uri: A path that ends with .db, or http(s)://[user:password@]host[:port][/database].

        Raises:
            StoreError: If nothing answers there, or the URI is none.
        """
        self.name = shown(uri)
        self._is_lite = not is_server(uri)
        if self._is_lite:
            load_jieba()  # which Milvus Lite would load with its messages
            Path(uri).resolve().parent.mkdir(parents=True, exist_ok=True)
        try:
            self._client: Any = self._call(MilvusClient, uri, timeout=CONNECT_SECONDS)
        except ValueError as error:  # of urllib; it may repeat a password
            raise StoreError(
                f"{self.name} is no address of Milvus; give http://HOST:19530 after --store"
            ) from error

    def _call(self, function: Callable[..., Any], *args: object, **options: object) -> Any:  # noqa: ANN401
        """Call Milvus, again where it fails for a reason that may pass.

        Raises:
            StoreError: If it goes on failing, or fails for another reason.
        """
        for attempt in range(ATTEMPTS):
            try:
                return function(*args, **options)
            except (MilvusException, grpc.RpcError) as error:
                if not _may_pass(error):
                    raise self._refused(error) from error
                if attempt == ATTEMPTS - 1:
                    raise self._away(error) from error
                time.sleep(random.uniform(0, FIRST_WAIT * 2**attempt))
        raise AssertionError("unreachable")

    def _refused(self, error: Exception) -> StoreError:
        if self._is_lite and not hasattr(self, "_client"):
            return StoreError(
                f"cannot open the Milvus Lite store {self.name}; it is open in another process "
                "(one at a time can: close that one, or run a Milvus server), or damaged"
            )
        return StoreError(f"Milvus at {self.name} refused a request: {_reason(error)}")

    def _away(self, error: Exception) -> StoreError:
        return StoreError(
            f"no answer from Milvus at {self.name} after {ATTEMPTS} attempts ({_reason(error)}); "
            "start the server, or check the address after --store"
        )

    def collections(self) -> list[str]:
        """Return the names of all collections."""
        return list(self._call(self._client.list_collections, timeout=CALL_SECONDS))

    def create(self, name: str, columns: Sequence[Column], *, is_exact: bool) -> None:
        """Make a collection and make it ready to be searched.

        Args:
            name: Not there yet.
            columns: Its fields, the key first.
            is_exact: Whether vectors are compared one by one; otherwise Milvus chooses an index.
        """
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        indexes = MilvusClient.prepare_index_params()
        for place, column in enumerate(columns):
            _add_field(schema, indexes, column, is_key=place == 0, is_exact=is_exact)
        self._call(
            self._client.create_collection, name, schema=schema, consistency_level="Strong",
            timeout=WRITE_SECONDS,
        )  # fmt: skip
        # Not waited for by asking twice a second: `load` waits, and there is nothing to index yet.
        self._call(self._client.create_index, name, indexes, sync=False, timeout=WRITE_SECONDS)
        self.load(name)

    def load(self, name: str) -> None:
        """Make a collection ready to be read; nothing is done where it is."""
        self._call(self._client.load_collection, name, timeout=WRITE_SECONDS)

    def drop(self, name: str) -> None:
        """Delete a collection, if it is there."""
        self._call(self._client.drop_collection, name, timeout=WRITE_SECONDS)

    def upsert(self, name: str, rows: Sequence[Row]) -> None:
        """Write rows; a row whose key is there is replaced, so writing twice does no harm."""
        if rows:
            self._call(self._client.upsert, name, list(rows), timeout=WRITE_SECONDS)

    def delete(self, name: str, where: str) -> None:
        """Delete the rows of a condition."""
        self._call(self._client.delete, name, filter=where, timeout=WRITE_SECONDS)

    def flush(self, name: str) -> None:
        """Have what was written sealed and indexed."""
        self._call(self._client.flush, name, timeout=WRITE_SECONDS)

    def compact(self, name: str) -> None:
        """Ask Milvus to give back the room of deleted rows; it does so when it finds the time.

        Milvus Lite has no such call and answers that all is done: it merges files of its own
        accord.
        """
        self._call(self._client.compact, name, timeout=WRITE_SECONDS)

    def query(self, name: str, where: str, fields: Sequence[str], limit: int = _PAGE) -> list[Row]:
        """Return rows of a condition, up to `limit` of them."""
        found = self._call(
            self._client.query, name, filter=where, output_fields=list(fields), limit=limit,
            timeout=CALL_SECONDS,
        )  # fmt: skip
        return [dict(row) for row in found]

    def count(self, name: str, where: str) -> int:
        """Return how many rows there are of a condition."""
        found = self._call(
            self._client.query, name, filter=where, output_fields=["count(*)"],
            timeout=CALL_SECONDS,
        )  # fmt: skip
        return int(found[0]["count(*)"])

    def rows(
        self, name: str, key: str, values: Sequence[int], fields: Sequence[str], where: str = ""
    ) -> list[Row]:
        """Return the rows whose key, a number, is one of these; any order."""
        found: list[Row] = []
        for start in range(0, len(values), _PAGE):
            some = [int(value) for value in values[start : start + _PAGE]]
            found += self.query(name, both(f"{key} in {some}", where), fields)
        return found

    def scan(self, name: str, where: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows of a condition, however many."""
        pages = self._call(
            self._client.query_iterator, name, batch_size=_PAGE, filter=where,
            output_fields=list(fields), timeout=CALL_SECONDS,
        )  # fmt: skip
        with closing(pages):
            while page := self._call(pages.next):
                yield from map(dict, page)

    def search(
        self, name: str, key: str, field: str, questions: Sequence[Any], k: int, where: str
    ) -> list[list[tuple[int, float]]]:
        """Return, for every question, keys and scores of the best rows, best first.

        Args:
            name: The collection.
            key: The field that is its key.
            field: A vector field, or one of BM25 scores.
            questions: Vectors as lists, or texts.
            k: How many.
            where: Only rows of this condition.
        """
        found = self._call(
            self._client.search, name, data=list(questions), anns_field=field, limit=k,
            filter=where, output_fields=[key], timeout=CALL_SECONDS,
        )  # fmt: skip
        return [[(hit.id, hit.distance) for hit in hits] for hits in found]

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def _add_field(schema: Any, indexes: Any, column: Column, *, is_key: bool, is_exact: bool) -> None:  # noqa: ANN401
    """Add a field with what is derived from it and its indexes."""
    name = column.name
    if column.kind == "integer":
        schema.add_field(name, DataType.INT64, is_primary=is_key)
    elif column.kind == "integers":
        schema.add_field(name, DataType.ARRAY, element_type=DataType.INT64, max_capacity=MAX_ITEMS)
    elif column.kind == "vector":
        schema.add_field(name, DataType.FLOAT_VECTOR, dim=column.dimension)
        indexes.add_index(name, index_type="FLAT" if is_exact else "AUTOINDEX", metric_type="IP")
    elif column.kind == "text":
        schema.add_field(name, DataType.VARCHAR, max_length=MAX_TEXT)
    else:
        scores = scores_of(name)
        schema.add_field(
            name, DataType.VARCHAR, max_length=MAX_TEXT, enable_analyzer=True,
            analyzer_params=_ANALYSER,
        )  # fmt: skip
        schema.add_field(scores, DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(Function(f"bm25_{name}", FunctionType.BM25, [name], [scores]))
        indexes.add_index(
            scores, index_type="SPARSE_INVERTED_INDEX", metric_type="BM25",
            params={"bm25_k1": K1, "bm25_b": B},
        )  # fmt: skip


def scores_of(field: str) -> str:
    """Return the name of the field in which Milvus keeps the BM25 scores of a searched text."""
    return f"{field}_scores"


def both(*conditions: str) -> str:
    """Return the condition that all of these hold; empty ones are left out."""
    return " and ".join(f"({condition})" for condition in conditions if condition)


def _may_pass(error: Exception) -> bool:
    """Whether the same call may succeed a little later."""
    code: object = getattr(error, "code", None)
    code = code() if callable(code) else code
    return code in _PASSING_CODES or code in _PASSING_STATUS or bool(getattr(error, "retriable", 0))


def _reason(error: Exception) -> str:
    """The first line of what Milvus says."""
    said: object = getattr(error, "message", None) or getattr(error, "details", str)
    text = str(said() if callable(said) else said) or str(error)
    return text.strip().splitlines()[0] if text.strip() else type(error).__name__


def quoted(text: str) -> str:
    """Return a text as it stands in a condition."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def holds(field: str, text: str) -> str:
    """Return a condition that is true of all rows whose text field holds a text, and few others."""
    # What has a meaning in a pattern becomes _, any character: not every Milvus knows escapes.
    pattern = text.translate(str.maketrans("\\%", "__"))
    return f"{field} like {quoted(f'%{pattern}%')}"
