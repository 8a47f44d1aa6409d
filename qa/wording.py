"""How answers are put into words for people, on the terminal and on the page."""

from collections.abc import Sequence

from corpus import Article
from qa.answers import Alternative, Answer, Citation

CONFIDENCE_LEVELS = (0.75, 0.5, 0.25, 0.0)
"""The least probability, in whole percent, of each way to say how sure an answer is."""

CONFIDENCE_WORDS = (
    "很可能对（{:.0%}）", "多半对（{:.0%}）", "把握不大（{:.0%}）", "很没把握（{:.0%}）",
)  # fmt: skip
"""The words of each level; the figure goes where the braces are."""


def describe_confidence(confidence: float, words: Sequence[str] = CONFIDENCE_WORDS) -> str:
    """Return a probability in words, with the figure: "多半对（62%）"."""
    levels = zip(CONFIDENCE_LEVELS, words, strict=True)
    return next(w for least, w in levels if round(confidence, 2) >= least).format(confidence)


def describe_title(article: Article) -> str:
    """Return the title in 《》, marked if the editor gave it."""
    mark = "（编者拟题）" if article.is_title_editorial else ""
    return f"《{article.title}》{mark}"


def describe_date(article: Article) -> str:
    """Return the date in Chinese, marked if it is inferred; "日期不详" without one."""
    if article.date is None:
        return "日期不详"
    days = chinese_days(article.date)
    return f"{days}（推断）" if article.date_basis == "inferred" else days


def describe_citation(article: Article, citation: Citation) -> str:
    """Return the place of a quote: title, section, source, author, date, paragraph."""
    author = (citation.byline or "").lstrip("■ ") or None
    parts = [
        describe_title(article),
        citation.section,
        citation.source,
        author,
        describe_date(article),
        f"第{citation.paragraph}段",
    ]
    return " · ".join(filter(None, parts))


def describe_place(citation: Citation) -> str:
    """Return where in its article a quote stands: paragraph and characters."""
    return f"第{citation.paragraph}段，第{citation.start + 1}—{citation.end}字"


def split_evidence(article: Article, answer: Answer | Alternative) -> tuple[str, str, str]:
    """Return the evidence as what stands before the quote, the quote, and what follows.

    Raises:
        ValueError: If the answer has no evidence, or the quote does not stand in it.
    """
    if answer.citation is None or answer.evidence is None:
        raise ValueError("the answer cites nothing")
    start, end = answer.citation.start, answer.citation.end
    for offset in range(len(answer.evidence)):
        first = start - offset
        if article.text[first : first + len(answer.evidence)] == answer.evidence:
            return (
                article.text[first:start],
                article.text[start:end],
                article.text[end : first + len(answer.evidence)],
            )
    raise ValueError("the quote does not stand in the evidence")


def chinese_days(date: str) -> str:
    """Return an ISO day, month, year or interval in Chinese."""
    return "—".join(map(_chinese_day, date.split("/")))


def _chinese_day(date: str) -> str:
    year, *rest = date.split("-")
    return f"{year}年" + "".join(
        f"{int(part)}{unit}" for part, unit in zip(rest, "月日", strict=False)
    )
