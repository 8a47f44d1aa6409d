"""Answers with their citation as text to paste: plain, Markdown, and GB/T 7714."""

import re

from corpus import Article
from qa.answers import Answer, Citation
from qa.wording import describe_citation

MAX_AUTHORS = 3
"""GB/T 7714-2015, 8.1.2: of more authors three are named, and 等."""

_ROLE = re.compile(r"[^\s、，,;；/·|■]*?(?:记者|通讯员|实习生|评论员|编辑|撰稿|摄影|作者)[：:]?")
# White space between Latin words is part of a name.
_BETWEEN_NAMES = re.compile(r"[、，,;；/|■]+|\s·\s|(?<![A-Za-z.])\s+|\s+(?![A-Za-z])")
_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{2,8}(?:·[\u4e00-\u9fff]{2,8})+|[A-Z][A-Za-z. ]+"
)


def plain_text(article: Article, answer: Answer) -> str:
    """Return answer, evidence and place, one a line.

    Raises:
        ValueError: If the answer cites nothing.
    """
    citation = _citation_of(answer)
    return f"{answer.answer}\n“{answer.evidence}”\n—— {describe_citation(article, citation)}"


def markdown_text(article: Article, answer: Answer, url: str) -> str:
    """Return the same in Markdown, the place linked to `url`.

    Raises:
        ValueError: If the answer cites nothing.
    """
    citation = _citation_of(answer)
    place = _escape_markdown(describe_citation(article, citation))
    words, evidence = (_escape_markdown(text or "") for text in (answer.answer, answer.evidence))
    return f"**{words}**\n\n> {evidence}\n>\n> —— [{place}]({url})"


def reference(article: Article, citation: Citation) -> str:
    """Return the article as a reference by GB/T 7714-2015 (newspaper article, [N]).

    What is not known is said as the standard asks: 佚名, [出版者不详], and a date that
    was inferred in brackets.
    """
    names = author_names(article.byline)
    authors = ", ".join(names[:MAX_AUTHORS]) + (", 等" if len(names) > MAX_AUTHORS else "")
    title = f"[{article.title}]" if article.is_title_editorial else article.title
    date = article.date or "日期不详"
    if article.date is None or article.date_basis == "inferred":
        date = f"[{date}]"
    source = article.source or "[出版者不详]"
    return f"{authors or '佚名'}. {title}[N]. {source}, {date}: 第{citation.paragraph}段."


def author_names(byline: str | None) -> list[str]:
    """Return the persons named in a printed author line, without what they are."""
    parts = _BETWEEN_NAMES.split(_ROLE.sub(" ", byline or ""))
    return [part for part in parts if _NAME.fullmatch(part)]


def _citation_of(answer: Answer) -> Citation:
    if answer.citation is None:
        raise ValueError("the answer cites nothing")
    return answer.citation


def _escape_markdown(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~])", r"\\\1", text)
