"""What all views share: templates, links to articles, dates."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlencode

from corpus import Article
from index import ScoredPassage
from qa.templates import templates_in
from qa.web.languages import ZH
from qa.web.texts import Texts
from qa.wording import chinese_days

PANEL = "youju-article"
"""Name of the frame beside the chat, in which links to articles open."""

Span = tuple[int, int]

_templates = templates_in(Path(__file__).parent / "templates")


class Renderer:
    """Renders templates in one language. Everything from outside is escaped by them."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def render(self, template: str, **values: object) -> str:
        """Return a template with these values."""
        return _templates.get_template(template).render(t=self.texts, panel=PANEL, **values)

    def date(self, article: Article) -> str:
        """Return the date of an article, marked if it is inferred."""
        return self.day(article.date, article.date_basis)

    def day(self, date: str | None, basis: str = "printed") -> str:
        """Return an ISO date or interval in words."""
        if date is None:
            return self.texts.undated
        days = chinese_days(date) if self.texts.language == "zh" else date.replace("/", " to ")
        return days + (self.texts.inferred if basis == "inferred" else "")

    def passage_url(self, scored: ScoredPassage, archive: str | None) -> str:
        """Return the link that opens an article at a passage."""
        p = scored.passage
        return article_url(p.article_id, [(p.start, p.end)], archive, self.texts.language)


def article_url(
    article_id: str,
    spans: Sequence[Span] = (),
    archive: str | None = None,
    language: str = ZH.language,
    version: str | None = None,
) -> str:
    """Return the permanent link that opens an article at quotes, the first in view.

    With a version, see `qa.versions`, it goes on opening the text that was cited.
    """
    query: list[tuple[str, object]] = []
    for start, end in spans:
        query += [("start", start), ("end", end)]
    if version:
        query.append(("version", version))
    if archive:
        query.append(("archive", archive))
    if language != ZH.language:
        query.append(("lang", language))
    return (
        f"/article/{quote(article_id, safe='')}"
        + (f"?{urlencode(query)}" if query else "")
        + ("#quote-1" if spans else "")
    )
