"""Finding passages: encoder, dense and lexical retrieval, fusion, and the store."""

from index.archives import Archive, archive_at, open_index
from index.building import build_index
from index.catalogue import ALL, ArticleFilter, ArticleHead, ArticleList, Overview
from index.changes import (
    Change,
    add_articles,
    compact_index,
    remove_articles,
)
from index.checking import Repair, check_index, repair_index
from index.database import Manifest
from index.encoders import Encoder, load_encoder
from index.errors import (
    DictionaryError,
    EncoderError,
    IndexMismatchError,
    ShardError,
    StoreError,
)
from index.loading import load_shards
from index.passage_index import PassageIndex
from index.ray_shards import embed_with_ray
from index.scored import ScoredPassage
from index.search_index import SearchIndex
from index.shards import ShardHeader, embed_shard

__all__ = [
    "ALL",
    "Archive",
    "ArticleFilter",
    "ArticleHead",
    "ArticleList",
    "Change",
    "DictionaryError",
    "Encoder",
    "EncoderError",
    "IndexMismatchError",
    "Manifest",
    "Overview",
    "PassageIndex",
    "Repair",
    "ScoredPassage",
    "SearchIndex",
    "ShardError",
    "ShardHeader",
    "StoreError",
    "add_articles",
    "archive_at",
    "build_index",
    "check_index",
    "compact_index",
    "embed_shard",
    "embed_with_ray",
    "load_encoder",
    "load_shards",
    "open_index",
    "remove_articles",
    "repair_index",
]
