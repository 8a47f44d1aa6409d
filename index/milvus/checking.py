"""Whether an index in Milvus is whole: every row beside what its article says it should be."""

from collections.abc import Iterator
from contextlib import closing

from index.errors import UnreadableError
from index.milvus.census import Census
from index.milvus.client import Milvus, Row
from index.milvus.columns import NEVER, State
from index.milvus.comparing import Pairs, Version, read_versions
from index.milvus.lease import is_written_to
from index.milvus.store import MilvusStore, of_no_index
from index.segmentation import Segmenter


def check_store(uri: str) -> list[str]:
    """Compare all that an index in Milvus holds; return what is wrong, none if it is whole.

    What is being written meanwhile is left out.

    Raises:
        StoreError: If there is no index, it is of another format, or Milvus does not answer.
    """
    try:
        store = MilvusStore(uri)
    except UnreadableError as error:
        return [str(error)]
    with closing(store.client):
        return list(_check(store.client, store.state))


def _check(client: Milvus, state: State) -> Iterator[str]:
    yield from half_written(client, state)
    segmenter = Segmenter(state.manifest.names.splitlines())
    census = Census()
    for version in read_versions(client, state):
        census.see(version)
        pairs = version.pairs(segmenter) if version.article else None
        yield from _faults(version, pairs)
        if pairs and version.is_current:
            census.count(version, pairs)
        elif version.is_current:
            census.count_damaged(version)
    if n := sum(map(len, of_no_article(client, state).values())):
        yield f"passages: {n} rows belong to no article"
    if n := len(census.wrong_terms(client, state)):
        yield f"terms: it is not right how many passages hold {n} of them"
    yield from census.wrong_numbers(state)


def _faults(version: Version, pairs: Pairs | None) -> Iterator[str]:
    name = version.name
    if version.is_twin:
        yield f"articles: {name} is there twice"
    if pairs is None:
        if version.is_current:
            name, remedy = f"the text of {name}", 'replace it with "youju update"'
        else:
            remedy = '"youju compact" deletes it'
        yield f"articles: {name} is not what was written; {remedy}"
        return
    if not version.has_right_parts():
        yield f"articles: what is listed of {name} is not what its text says"
    for pair in pairs.pairs:
        if pair.kept is None:
            yield f"passages: one of {name}, paragraph {pair.paragraph}, is missing"
        elif wrong := pair.wrong:
            yield (
                f"passages: of {name}, paragraph {pair.paragraph}, this is not what was written: "
                + ", ".join(wrong)
            )
    if pairs.surplus:
        yield f"passages: {len(pairs.surplus)} rows of {name} are none of its text"


def half_written(client: Milvus, state: State) -> Iterator[str]:
    """Yield what a writer left that died; nothing while one is writing."""
    if is_written_to(client):
        return
    seen = state.manifest.generation
    changed = f"added > {seen} or (removed > {seen} and removed < {NEVER})"
    conditions = {"articles": changed, "passages": changed, "terms": f"since > {seen}"}
    for (kind, where), name in zip(conditions.items(), state.collections, strict=True):
        if n := client.count(name, where):
            yield f"{kind}: {n} rows are of a change that was not finished"
    for name in of_no_index(client, state):
        yield f"{name}: a collection of a build that was not finished"


def of_no_article(client: Milvus, state: State) -> dict[int, list[Row]]:
    """Return passages whose article is not there, by its number."""
    written = f"added <= {state.manifest.generation}"
    there = {row["number"] for row in client.scan(state.articles, written, ["number"])}
    found: dict[int, list[Row]] = {}
    for row in client.scan(state.passages, written, ["number", "article", "removed"]):
        if row["article"] not in there:
            found.setdefault(row["article"], []).append(row)
    return found
