"""Making again, in Milvus, what follows from the texts of articles that are whole."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from index.building import Progress
from index.checking import Repair
from index.encoders import Encoder
from index.errors import StoreError
from index.known_vectors import encode
from index.milvus.census import Census
from index.milvus.changing import changing
from index.milvus.checking import half_written, of_no_article
from index.milvus.client import Milvus, Row
from index.milvus.columns import State
from index.milvus.comparing import Pair, Pairs, Version, read_versions
from index.milvus.rows import with_vector
from index.milvus.store import MilvusStore, of_no_index
from index.milvus.writing import BATCH, Writer
from index.noise import Nearest
from index.opening import open_encoder
from index.segmentation import Segmenter


def repair_store(uri: str, progress: Progress | None = None) -> Repair:
    """Make again all that follows from the records of articles; damaged articles are removed.

    The texts of damaged articles stay, unseen, until the index is compacted. Passages whose text
    is right keep their vectors, the others are encoded.

    Args:
        uri: Of the store.
        progress: Told how many articles are done.

    Raises:
        EncoderError: If the index's encoder cannot be loaded.
        StoreError: If there is no index, no article of it is whole, Milvus does not answer or
            somebody else writes.
    """
    left = _left(uri)
    with changing(uri) as (store, writer):
        repairer = _Repairer(store, writer, open_encoder(store))
        repairer.done += [f"taken back: {line}" for line in left]
        for name in of_no_index(store.client, store.state):
            store.client.drop(name)
        n_articles = len(set(store.article_ids()))
        for n, version in enumerate(read_versions(store.client, store.state), start=1):
            writer.lease.keep()
            repairer.repair(version)
            if progress:
                progress(n, max(n, n_articles))
        repairer.delete_orphans()
        state = repairer.finish()
    done, lost = tuple(repairer.done), tuple(repairer.lost)
    return Repair(state.manifest.n_articles, lost, None, done)


def _left(uri: str) -> list[str]:
    """What a writer left that died, before it is taken back."""
    store = MilvusStore(uri)
    try:
        return list(half_written(store.client, store.state))
    finally:
        store.client.close()


class _Repairer:
    """Writes what is not right again.

    Attributes:
        done: What was made again, one line each.
        lost: What cannot be.
    """

    def __init__(self, store: MilvusStore, writer: Writer, encoder: Encoder) -> None:
        self.done: list[str] = []
        self.lost: list[str] = []
        self._client: Milvus = store.client
        self._state: State = store.state
        self._writer = writer
        self._encoder = encoder
        self._segmenter = Segmenter(store.manifest.names.splitlines())
        self._census = Census()

    def repair(self, version: Version) -> None:
        """Make the rows of one version again, or remove it if its text is lost."""
        self._census.see(version)
        if version.is_twin or (version.is_current and version.article is None):
            self._remove(version)
        if version.is_twin:
            self.done.append(f"removed: {version.name}, of which there is a newer one")
        elif version.article is None:
            self.lost.append(version.name)
        else:
            pairs = version.pairs(self._segmenter)
            self._repair_parts(version)
            made = self._repair_passages(version, pairs)
            if version.is_current:
                self._census.count(version, pairs)
                self._census.passages |= made

    def _remove(self, version: Version) -> None:
        generation = self._writer.generation
        self._writer.set_removed(self._state.articles, version.parts, generation)
        self._writer.set_removed(self._state.passages, version.passages, generation)

    def _repair_parts(self, version: Version) -> None:
        if not version.has_right_parts():
            self._writer.write(self._state.articles, iter(version.right_parts()))
            self.done.append(f"made again: what is listed of {version.name}")

    def _repair_passages(self, version: Version, pairs: Pairs) -> set[int]:
        """Write the passages that are not right; return their numbers."""
        bad = [n for n, pair in enumerate(pairs.pairs) if pair.kept is None or pair.wrong]
        texts = [pairs.texts[n] for n in bad if not pairs.pairs[n].has_vector]
        vectors = iter(encode(self._encoder, texts, lambda _: self._writer.lease.keep()))
        rows = [self._row(pairs.pairs[n], vectors) for n in bad]
        self._writer.write(self._state.passages, iter(rows))
        self._delete([row["number"] for row in pairs.surplus])
        if rows:
            encoded = f", {len(texts)} of them encoded" if texts else ""
            self.done.append(f"made again: {len(rows)} passages of {version.name}{encoded}")
        if pairs.surplus:
            self.done.append(f"deleted: {len(pairs.surplus)} passages too many of {version.name}")
        return {row["number"] for row in rows}

    def _row(self, pair: Pair, vectors: Iterator[np.ndarray]) -> Row:
        if pair.kept and pair.has_vector:
            vector = np.asarray(pair.kept["vector"], dtype=np.float16)
        else:
            vector = next(vectors)
        number = pair.kept["number"] if pair.kept else self._writer.next_passage
        self._writer.next_passage = max(self._writer.next_passage, number + 1)
        return with_vector({**pair.right, "number": number}, vector)

    def delete_orphans(self) -> None:
        """Delete passages whose article is not there."""
        generation = self._state.manifest.generation
        for rows in of_no_article(self._client, self._state).values():
            self._delete([row["number"] for row in rows])
            said = f"{len(rows)} passages of an article of which nothing else is left"
            is_seen = any(row["removed"] > generation for row in rows)
            (self.lost if is_seen else self.done).append(said if is_seen else f"deleted: {said}")

    def _delete(self, numbers: Sequence[int]) -> None:
        left = iter(numbers)
        while some := list(islice(left, BATCH)):
            self._writer.lease.renew()
            self._client.delete(self._state.passages, f"number in {some}")

    def finish(self) -> State:
        """Write what is counted anew.

        Raises:
            StoreError: If no article is left.
        """
        if not self._census.n_articles:
            raise StoreError(
                f"no article in {self._client.name} can be saved; "
                'run "youju build" again with the files it was made from'
            )
        census, writer = self._census, self._writer
        census.next_passage = writer.next_passage
        missing = census.wrong_terms(self._client, self._state)
        if missing:
            self.done.append(f"made again: how many passages hold each of {len(missing)} terms")
        self.done += [f"set right: {line}" for line in census.wrong_numbers(self._state)]
        writer.tally.holders = missing
        nearest = Nearest.from_json(self._state.manifest.noise)
        nearest = writer.without(nearest, nearest.numbers)
        state = census.state(self._state)
        return writer.finish(state.next(generation=writer.generation, noise=nearest.to_json()))
