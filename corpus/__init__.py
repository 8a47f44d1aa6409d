"""What the papers printed: articles, their parts, and reading them from files."""

from corpus.errors import CorpusError, YoujuError
from corpus.finding import Unread
from corpus.passages import split_article
from corpus.reading import Reading, bundled_articles, read_articles
from corpus.records import Article, Paragraph, Passage, Section
from corpus.sentences import split_sentences

__all__ = [
    "Article",
    "CorpusError",
    "Paragraph",
    "Passage",
    "Reading",
    "Section",
    "Unread",
    "YoujuError",
    "bundled_articles",
    "read_articles",
    "split_article",
    "split_sentences",
]
