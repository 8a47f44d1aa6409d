"""Hard newspaper pages made of articles, to see how robust page repair is."""

import random
from collections.abc import Sequence
from dataclasses import replace

from corpus import Article, Section
from corpus.page_repair.lines import width_of
from corpus.sentences import split_sentences

LAYOUTS = ("cut", "interleaved", "wrapped", "ragged", "side_by_side")
"""cut: paragraphs with a blank line between, some cut in two where a column ends.
interleaved: the same, and the columns of two articles alternate.
wrapped: lines of one width without indents; ragged: lines cut at random widths;
side_by_side: two indented articles in two columns next to each other, a gap between."""

_REPORTERS = ("王小明", "李建国", "张雨晴", "陈思远", "刘一鸣", "赵海燕")
_ARTICLES = 4
_PARAGRAPHS = 7
_LONGEST_TITLE = 36
_SHORTEST_TEXT = 200
_STOPS = tuple("。！？…”）")
_COLUMN = 20
"""Chinese characters in a line of two columns side by side."""


def make_page(articles: Sequence[Article], layout: str, seed: int) -> tuple[str, list[Article]]:
    """Return a page and the articles on it, the same for the same seed.

    An article that comes as one long paragraph is divided at sentence ends first.

    Args:
        articles: Where to draw from; those without a headline or a text of any length are left out.
        layout: One of `LAYOUTS`.
        seed: Of the random choices.
    """
    chance = random.Random(f"{layout} {seed}")
    titled = [a for a in articles if _is_usable(a)]
    drawn = [_shorten(a, chance) for a in chance.sample(titled, min(_ARTICLES, len(titled)))]
    heads = [[a.title, f"本报记者 {chance.choice(_REPORTERS)}"] for a in drawn]
    bodies = [a.text.split("\n") for a in drawn]
    if layout == "side_by_side":
        columns = [
            _wrap(*part, _COLUMN, "\u3000\u3000") for part in zip(heads, bodies, strict=True)
        ]
        halves = zip(columns[::2], columns[1::2], strict=False)
        return "\n\n".join(_beside(left, right) for left, right in halves), drawn
    if layout in ("wrapped", "ragged"):
        width = chance.randint(16, 24) if layout == "wrapped" else 0
        columns = [_wrap(*part, width, "", chance) for part in zip(heads, bodies, strict=True)]
        return "\n\n".join("\n".join(column) for column in columns), drawn
    columns = [
        [*head, *part]
        for head, body in zip(heads, bodies, strict=True)
        for part in [_cut(body, chance)]
    ]
    if layout == "interleaved":
        columns = [
            _alternate(*pair, chance) for pair in zip(columns[::2], columns[1::2], strict=False)
        ]
    return "\n\n".join(block for column in columns for block in column), drawn


def _is_usable(article: Article) -> bool:
    return (
        4 <= len(article.title) <= _LONGEST_TITLE
        and not article.is_title_editorial
        and len(article.text) > _SHORTEST_TEXT
    )


def _shorten(article: Article, chance: random.Random) -> Article:
    """The first paragraphs of an article, under their headings."""
    if len(article.paragraphs) == 1:
        return replace(article, sections=(Section(None, _divide(article, chance)[:_PARAGRAPHS]),))
    sections: list[Section] = []
    left = _PARAGRAPHS
    for section in article.sections:
        if left and section.paragraphs:
            sections.append(Section(section.heading, section.paragraphs[:left]))
            left -= len(sections[-1].paragraphs)
    return replace(article, sections=tuple(sections))


def _divide(article: Article, chance: random.Random) -> tuple[str, ...]:
    text = article.paragraphs[0].text
    spans = split_sentences(text)
    paragraphs = []
    while spans:
        size = chance.randint(2, 4)
        paragraphs.append(text[spans[0][0] : spans[:size][-1][1]])
        spans = spans[size:]
    return tuple(paragraphs)


def _cut(paragraphs: list[str], chance: random.Random) -> list[str]:
    """Cut one long paragraph in three where no sentence ends."""
    parts: list[str] = []
    for text in paragraphs:
        if len(text) > 60 and chance.random() < 1 / 3:
            at = chance.randint(15, len(text) - 15)
            while text[at - 1] in _STOPS or text[at] in "，。、；：！？）”":
                at += 1
            parts += [text[:at], text[at:]] if at < len(text) - 5 else [text]
        else:
            parts.append(text)
    return parts


def _alternate(left: list[str], right: list[str], chance: random.Random) -> list[str]:
    """Two columns of each article in turn, each broken off at a cut of `_cut` where it can be."""
    breaks = [_break_of(blocks, chance) for blocks in (left, right)]
    return [
        *left[: breaks[0]], *right[: breaks[1]], *left[breaks[0] :], *right[breaks[1] :]
    ]  # fmt: skip


def _break_of(blocks: list[str], chance: random.Random) -> int:
    cuts = [k for k in range(3, len(blocks)) if not blocks[k - 1].endswith(_STOPS)]
    return chance.choice(cuts) if cuts else len(blocks)


def _wrap(
    head: list[str], body: list[str], width: int, indent: str, chance: random.Random | None = None
) -> list[str]:
    """Cut into lines of `width` Chinese characters, or of random lengths if that is 0."""
    lines: list[str] = []
    for text in [*head, *body]:
        is_paragraph = text not in head and text.endswith(_STOPS)
        rest = indent + text if is_paragraph else text
        while rest:
            cells = 2 * (width or (chance.randint(10, 40) if chance and is_paragraph else 99))
            size = 1
            while size < len(rest) and width_of(rest[: size + 1]) <= cells:
                size += 1
            lines.append(rest[:size])
            rest = rest[size:]
    return lines


def _beside(left: list[str], right: list[str]) -> str:
    rows = []
    for k in range(max(len(left), len(right))):
        first = left[k] if k < len(left) else ""
        second = right[k] if k < len(right) else ""
        gap = 2 * (_COLUMN + 4) - width_of(first)
        rows.append(first + " " * (gap % 2) + "\u3000" * (gap // 2) + second if second else first)
    return "\n".join(rows)
