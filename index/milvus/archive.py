"""An index in Milvus: opened, built, added to, taken from."""

import contextlib
from collections.abc import Mapping, Sequence

from corpus import Article
from index import encoders
from index.building import Progress, count_up, split_all
from index.catalogue import ArticleHead
from index.changes import Change, allow_update
from index.checking import Repair
from index.database import Manifest, article_to_json, digest_record
from index.dense import FLAT_LIMIT
from index.encoders import BUNDLED, Encoder
from index.errors import StoreError
from index.milvus.changing import changing
from index.milvus.checking import check_store
from index.milvus.client import Milvus, Row, both, quoted
from index.milvus.columns import FORMAT_VERSION, State
from index.milvus.compacting import compact_store
from index.milvus.lease import writing
from index.milvus.milvus_index import MilvusIndex
from index.milvus.repairing import repair_store
from index.milvus.rows import read_head
from index.milvus.store import MilvusStore, check_lite, damaged, of_no_index, read_state
from index.milvus.writing import BATCH, Writer
from index.noise import Nearest, noise_questions
from index.places import shown
from index.search_index import SearchIndex

_NOTHING_NEAR = Nearest((-2.0,) * len(noise_questions()), (-1,) * len(noise_questions()))


class MilvusArchive:
    """An index in Milvus, see `index.archives.Archive`."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def open(self, encoder: str | None = None) -> SearchIndex:
        """Open it to be searched, see `MilvusIndex.open`."""
        return MilvusIndex.open(self._uri, encoder)

    def build(
        self,
        articles: Sequence[Article],
        encoder: str = BUNDLED,
        progress: Progress | None = None,
        names: Sequence[str] = (),
    ) -> Manifest:
        """Index articles into new collections; what was there is deleted when they are whole.

        Who has the old index open must open it again.

        Raises:
            EncoderError: If the encoder cannot be loaded.
            StoreError: If Milvus does not answer or somebody else writes.
            ValueError: If there is nothing to index, or two articles have one id.
        """
        n_passages = len(split_all(articles))
        if not n_passages:
            raise ValueError("there are no passages to index")
        check_lite(self._uri)
        model = encoders.load_encoder(encoder)
        with contextlib.closing(Milvus(self._uri)) as client, writing(client) as lease:
            state = _empty_state(model, names, _generation(client))
            writer = Writer(client, lease, state, model)
            try:
                writer.create(is_exact=n_passages <= FLAT_LIMIT)
                advance = count_up(progress, n_passages)
                nearest = writer.add(articles, range(len(articles)), _NOTHING_NEAR, advance)
                writer.flush()
                described = _described(writer, articles, [])
                built = writer.finish(_counted(writer, described, nearest))
            except BaseException:
                with contextlib.suppress(StoreError):  # what went wrong before is what is told
                    writer.drop()
                raise
            for name in of_no_index(client, built):
                client.drop(name)
        return built.manifest

    def add(
        self,
        articles: Sequence[Article],
        progress: Progress | None = None,
        *,
        update: bool = False,
    ) -> Change:
        """Add articles, see `index.changes.add_articles`; copies are not recognised.

        Raises:
            EncoderError: If the index's encoder cannot be loaded.
            StoreError: If there is no index, Milvus does not answer, somebody else writes or,
                without `update`, it holds another article of the same id.
            ValueError: If two articles have one id.
        """
        split_all(articles)
        with changing(self._uri) as (store, writer):
            current = _current(store, [article.id for article in articles])
            unchanged = _unchanged(store, articles, current)
            new = [article for article in articles if article.id not in unchanged]
            updated = [article.id for article in new if article.id in current]
            allow_update(updated, update)
            if not new:
                return Change(store.manifest, unchanged=tuple(unchanged))
            state = self._write(writer, new, {i: current[i] for i in updated}, progress)
        return Change(
            state.manifest,
            tuple(article.id for article in new if article.id not in current),
            tuple(updated),
            tuple(unchanged),
            n_passages=writer.next_passage - writer.state.next_passage,
        )

    def remove(self, article_ids: Sequence[str]) -> Change:
        """Remove articles, see `index.changes.remove_articles`.

        Raises:
            EncoderError: If the index's encoder cannot be loaded.
            StoreError: If there is no index, Milvus does not answer, somebody else writes, it
                holds no article of an id, or none would be left.
        """
        wanted = list(dict.fromkeys(article_ids))
        with changing(self._uri) as (store, writer):
            found = _current(store, wanted)
            if missing := [i for i in wanted if i not in found]:
                raise StoreError(
                    f"no article '{missing[0]}' in the index {store.folder}; "
                    f'see "youju list --store {store.folder}"; nothing was removed'
                )
            if len(wanted) == store.manifest.n_articles:
                raise StoreError(
                    "an index holds one article at least; build another in its place instead"
                )
            if not wanted:
                return Change(store.manifest)
            state = self._write(writer, [], found, None)
        return Change(state.manifest, removed=tuple(wanted))

    def compact(self) -> Manifest:
        """See `index.milvus.compacting.compact_store`."""
        return compact_store(self._uri)

    def check(self) -> list[str]:
        """See `index.milvus.checking.check_store`."""
        return check_store(self._uri)

    def repair(self, progress: Progress | None = None) -> Repair:
        """See `index.milvus.repairing.repair_store`."""
        return repair_store(self._uri, progress)

    def _write(
        self,
        writer: Writer,
        new: Sequence[Article],
        retired: Mapping[str, Row],
        progress: Progress | None,
    ) -> State:
        """Write a generation: articles that are new, and without those retired, by their ids.

        A new article takes the place in the list of the one with its id.

        Raises:
            StoreError: If the rows of one that is retired, or what is listed of others, are not
                what was written; then nothing is changed.
        """
        state = writer.state
        try:
            heads = [read_head(row) for row in retired.values()]
            gone = writer.retire([row["number"] for row in retired.values()])
            described = _described(writer, new, heads)
        except ValueError as error:
            writer.take_back()
            raise damaged(shown(self._uri), error) from error
        nearest = writer.without(Nearest.from_json(state.manifest.noise), gone)
        positions = [
            retired[article.id]["position"] if article.id in retired else state.next_article + n
            for n, article in enumerate(new)
        ]
        advance = count_up(progress, len(split_all(new)))
        nearest = writer.add(new, positions, nearest, advance)
        return writer.finish(_counted(writer, described, nearest))


def _empty_state(model: Encoder, names: Sequence[str], generation: int) -> State:
    manifest = Manifest(
        FORMAT_VERSION, model.name, model.fingerprint, model.dimension, generation, 0, 0, "",
        "\n".join(names), fold_copies=0,
    )  # fmt: skip
    return State(manifest)


def _described(writer: Writer, new: Sequence[Article], heads: Sequence[ArticleHead]) -> State:
    """What describes the index without the articles of these heads, and with new ones.

    Raises:
        ValueError: If what is listed of an article is not what was written.
    """
    before = writer.state
    sources = dict(before.sources)
    for article in new:
        sources[article.source] = sources.get(article.source, 0) + 1
    for head in heads:
        if not sources.get(head.source):
            raise ValueError(f"no article of the source of '{head.id}' is counted")
        sources[head.source] -= 1
    first, last = writer.dates(new, [head.date for head in heads])
    return before.next(
        generation=writer.generation,
        n_articles=before.manifest.n_articles + len(new) - len(heads),
        next_article=before.next_article + len(new),
        sources=tuple((source, n) for source, n in sources.items() if n),
        first_date=first,
        last_date=last,
        n_undated=before.n_undated
        + sum(article.date is None for article in new)
        - sum(head.date is None for head in heads),
    )


def _counted(writer: Writer, described: State, nearest: Nearest) -> State:
    """What describes the index, with the numbers of what was written."""
    before, tally = writer.state, writer.tally
    return described.next(
        n_passages=before.manifest.n_passages + tally.n_passages,
        noise=nearest.to_json(),
        next_passage=writer.next_passage,
        n_words=before.n_words + tally.n_words,
        n_characters=before.n_characters + tally.n_characters,
        n_printed=before.n_printed + tally.n_printed,
    )


def _current(store: MilvusStore, article_ids: Sequence[str]) -> dict[str, Row]:
    """The first rows of the articles of these ids, of those that are there."""
    fields = ["id", "number", "position", "digest", "head"]
    found: dict[str, Row] = {}
    for start in range(0, len(article_ids), BATCH):
        listed = ", ".join(map(quoted, article_ids[start : start + BATCH]))
        where = both(store.state.seen, "part == 0", f"id in [{listed}]")
        rows = store.client.query(store.state.articles, where, fields)
        found |= {row["id"]: row for row in rows}
    return found


def _unchanged(
    store: MilvusStore, articles: Sequence[Article], current: Mapping[str, Row]
) -> dict[str, int]:
    """The numbers of articles that are there as they are, and whole, by their ids, in order."""
    digests = {a.id: digest_record(article_to_json(a)).hex() for a in articles if a.id in current}
    same = {i: current[i]["number"] for i in digests if current[i]["digest"] == digests[i]}
    whole = store.whole(list(same.values()))
    return {i: number for i, number in same.items() if number in whole}


def _generation(client: Milvus) -> int:
    """The generation of the index that is there; 0 if none can be read."""
    try:
        return read_state(client).manifest.generation
    except StoreError:
        return 0
