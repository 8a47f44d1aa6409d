"""Articles as they were when they were cited, also if they were replaced or removed since."""

from hashlib import blake2b

from corpus import Article
from index import SearchIndex
from qa.answers import Citation


def version_of(article: Article) -> str:
    """Return the short name of an article's text, which links carry."""
    return blake2b(article.text.encode(), digest_size=4).hexdigest()


def find_version(index: SearchIndex, article_id: str, version: str | None) -> tuple[Article, bool]:
    """Return an article as it was, and whether it is still so in the archive.

    Args:
        index: The archive.
        article_id: Of the article.
        version: What `version_of` returned; None, or one that is not kept, is the current one.

    Raises:
        KeyError: If there is none.
    """
    try:
        current = index.article(article_id)
    except KeyError:
        current = None
    if current is not None and version in (None, version_of(current)):
        return current, True
    for article in index.versions(article_id) if version else ():
        if version_of(article) == version:
            return article, False
    if current is None:
        raise KeyError(article_id)
    return current, True


def version_with(
    index: SearchIndex, article_id: str, start: int, quote: str, evidence: str | None = None
) -> Article:
    """Return the newest version of an article that has a quote at an offset.

    Args:
        index: The archive.
        article_id: Of the article.
        start: The offset.
        quote: What stands there.
        evidence: What stands around it, if that is known: in a corrected text a short quote may
            stand at the same offset by chance.

    Raises:
        KeyError: If none that is kept has it.
    """
    for article in index.versions(article_id):
        if article.text.startswith(quote, start) and (
            evidence is None or _stands_around(article.text, evidence, start, start + len(quote))
        ):
            return article
    raise KeyError(article_id)


def cited_article(index: SearchIndex, citation: Citation, evidence: str | None = None) -> Article:
    """Return the article of a citation, see `version_with`."""
    return version_with(index, citation.article_id, citation.start, citation.quote, evidence)


def _stands_around(text: str, evidence: str, start: int, end: int) -> bool:
    return evidence in text[max(0, end - len(evidence)) : start + len(evidence)]
