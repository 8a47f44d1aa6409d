"""Finding passages: encoder, dense and lexical retrieval, fusion, and the store."""

from index.catalogue import ALL, ArticleFilter, ArticleHead, ArticleList, Overview
from index.encoders import Encoder, load_encoder
from index.errors import DictionaryError, EncoderError, IndexMismatchError, StoreError
from index.passage_index import PassageIndex
from index.scored import ScoredPassage
from index.store import Manifest

__all__ = [
    "ALL",
    "ArticleFilter",
    "ArticleHead",
    "ArticleList",
    "DictionaryError",
    "Encoder",
    "EncoderError",
    "IndexMismatchError",
    "Manifest",
    "Overview",
    "PassageIndex",
    "ScoredPassage",
    "StoreError",
    "load_encoder",
]
