"""An index in Milvus that is opened to be changed."""

import contextlib
from collections.abc import Iterator

from index.milvus.lease import writing
from index.milvus.store import MilvusStore
from index.milvus.writing import Writer
from index.opening import open_encoder


@contextlib.contextmanager
def changing(uri: str) -> Iterator[tuple[MilvusStore, Writer]]:
    """Open an index to write its next generation; what a writer left that died is taken back.

    Raises:
        EncoderError: If the index's encoder cannot be loaded.
        StoreError: If there is no index, Milvus does not answer, or somebody else writes.
    """
    store = MilvusStore(uri)
    with contextlib.closing(store.client), writing(store.client) as lease:
        store.refresh()  # as it is now that nobody else writes
        writer = Writer(store.client, lease, store.state, open_encoder(store))
        writer.take_back()
        yield store, writer
