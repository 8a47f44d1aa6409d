"""How the tests of a damaged Milvus store make, damage and compare one."""

import json
from contextlib import closing, contextmanager
from dataclasses import replace

from milvus_stores import FIRST, MORE, QUESTIONS

from index import archive_at, open_index
from index.milvus.columns import (
    ARTICLE_FIELDS,
    MANIFEST,
    NO_VECTOR,
    PASSAGE_FIELDS,
    STATE_ROW,
    TERM_FIELDS,
)
from index.milvus.store import MilvusStore

FIELDS = {"articles": ARTICLE_FIELDS, "passages": PASSAGE_FIELDS, "terms": TERM_FIELDS}
CHANGED = replace(FIRST[0], title="另一个标题")


def make(uri):
    """Build an index and change it: it has c, d and the new a (number 4); old are a (0) and b."""
    archive_at(uri).build(FIRST, "fast")
    archive_at(uri).add([*MORE, CHANGED], update=True)
    archive_at(uri).remove(["b"])
    return uri


@contextmanager
def store_at(uri):
    store = MilvusStore(uri)
    with closing(store.client):
        yield store


def rows_of(store, kind, where):
    return list(store.client.scan(getattr(store.state, kind), where, FIELDS[kind]))


def change(uri, kind, where, **values):
    """Write rows of a condition again, with other values, or what functions make of the old."""
    with store_at(uri) as store:
        rows = rows_of(store, kind, where)
        assert rows
        new = [
            {**row, **{k: v(row[k]) if callable(v) else v for k, v in values.items()}}
            for row in rows
        ]
        store.client.upsert(getattr(store.state, kind), new)


def delete(uri, kind, where):
    with store_at(uri) as store:
        assert store.client.count(getattr(store.state, kind), where)
        store.client.delete(getattr(store.state, kind), where)


def change_manifest(uri, **values):
    with store_at(uri) as store:
        text = store.state.to_json()
        row = {"key": STATE_ROW, "value": json.dumps({**json.loads(text), **values})}
        store.client.upsert(MANIFEST, [{**row, "anchor": NO_VECTOR}])


def seen(uri):
    """All that can be asked, but for the numbers of passages."""
    with closing(open_index(uri)) as index:
        found = [
            {s.passage: (s.said, round(s.dense, 5), round(s.lexical, 5)) for s in results}
            for results in (index.search(question, 50) for question in QUESTIONS)
        ]
        texts = [index.article(article_id) for article_id in index.article_ids()]
        sources = sorted(index.overview().sources, key=str)
        overview = replace(index.overview(), sources=tuple(sources))
        return found, texts, overview, round(index.noise.mean, 5)


def wrong_vector(vector):
    return [-number for number in vector]
