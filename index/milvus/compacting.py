"""Leaving out of an index in Milvus, for good, what was removed and replaced."""

import contextlib
import secrets

from index.database import Manifest
from index.dense import FLAT_LIMIT
from index.errors import StoreError
from index.milvus.changing import changing
from index.milvus.columns import ARTICLE_FIELDS, PASSAGE_FIELDS, TERM_FIELDS, State
from index.milvus.store import MilvusStore, of_no_index
from index.milvus.writing import Writer, create
from index.places import is_server


def compact_store(uri: str) -> Manifest:
    """Leave out what was removed and replaced; citations of it stop resolving.

    A server deletes it and is asked to compact. Milvus Lite cannot be asked and would keep the
    texts in its files, so there all that stays is copied into new collections, and the old ones
    are deleted. Nothing is encoded.

    Who has the index open must open it again.

    Args:
        uri: Of the store.

    Raises:
        EncoderError: If the index's encoder cannot be loaded.
        StoreError: If there is no index, Milvus does not answer, or somebody else writes.
    """
    with changing(uri) as (store, writer):
        return (_delete if is_server(uri) else _copy)(store, writer).manifest


def _delete(store: MilvusStore, writer: Writer) -> State:
    client, state = store.client, store.state
    after = writer.finish(state.next(generation=writer.generation))
    removed = f"removed < {writer.generation}"
    # Articles first: passages of none are known for what they are if this is cut short.
    left_out = {state.articles: removed, state.passages: removed, state.terms: "n == 0"}
    for name, where in left_out.items():
        writer.lease.renew()
        client.delete(name, where)
    writer.flush()
    with contextlib.suppress(StoreError):  # it may not be allowed, and the rows are gone anyway
        for name in state.collections:
            client.compact(name)
    return after


def _copy(store: MilvusStore, writer: Writer) -> State:
    client, before = store.client, store.state
    after = before.next(generation=writer.generation, suffix=secrets.token_hex(4))
    kept = [
        (before.articles, after.articles, before.seen, ARTICLE_FIELDS),
        (before.passages, after.passages, before.seen, PASSAGE_FIELDS),
        (before.terms, after.terms, "n > 0", TERM_FIELDS),
    ]
    try:
        create(client, after, is_exact=before.manifest.n_passages <= FLAT_LIMIT)
        for source, target, where, fields in kept:
            writer.write(target, client.scan(source, where, fields))
            client.flush(target)
        writer.finish(after)
    except BaseException:
        with contextlib.suppress(StoreError):  # what went wrong before is what is told
            for name in after.collections:
                client.drop(name)
        raise
    for name in of_no_index(client, after):
        client.drop(name)
    return after
