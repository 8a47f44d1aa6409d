"""How well raw pages are put in order.

    python -m qa.evaluation.page_repair [ARTICLES.json] [--pages FOLDER]
    python -m qa.evaluation.page_repair --made 50 [--articles FILE]

The first form repairs the pages of a folder (page-000.txt …) and compares with checked articles:
those of a JSON file (a list of {"id", "seed", "title", "sections": [{"heading", "paragraphs"}]},
`seed` naming the page), else the bundled ones. The second makes hard pages of articles, in five
layouts, repairs them and compares with what they were made of.

White space never counts. The figures, each from 0 to 1, over all pages or one:

- paragraph_f1: a paragraph is right if a checked one has the same text; each counts once.
- character_f1: the softer figure. A paragraph earns the share of its characters in the longest
  run that it has in common with one paragraph of the other side: characters of checked
  paragraphs for recall, of repaired ones for precision.
- boundary_f1: where articles begin and end. Each article has two boundaries: the first 12
  characters of its first paragraph and the last 12 of its last; each is right if an article of
  the other side has the same boundary on the same side. A wrong start costs more than in
  article_f1 only if the article is cut, and a misread paragraph inside costs nothing.
- article_f1: an article is right if a checked one has the same set of paragraphs.
- glued_share: repaired paragraphs that are no part of a checked one, so that text is put together
  that does not belong together; the less the better, a paragraph left in parts is not among them.
- title_share: checked printed headlines that are the title of the repaired article with the same
  boundary at its beginning.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from corpus import Article, Section, bundled_articles, read_articles
from corpus.page_repair import repair_page
from qa.evaluation.page_making import LAYOUTS, make_page

PAGES = Path(__file__).parents[2] / "corpus" / "pages"
_EDGE = 12
_SEED_LENGTH = 8


@dataclass(slots=True)
class Figures:
    """Sums of which the figures are made; see the module for what they mean."""

    paragraphs: tuple[int, ...] = (0, 0, 0)
    characters: tuple[int, ...] = (0, 0, 0, 0)
    boundaries: tuple[int, ...] = (0, 0, 0)
    articles: tuple[int, ...] = (0, 0, 0)
    glued: tuple[int, ...] = (0, 0)
    titles: tuple[int, ...] = (0, 0)
    doubts: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Sum up two pages."""
        return Figures(
            paragraphs=_sums(self.paragraphs, other.paragraphs),
            characters=_sums(self.characters, other.characters),
            boundaries=_sums(self.boundaries, other.boundaries),
            articles=_sums(self.articles, other.articles),
            glued=_sums(self.glued, other.glued),
            titles=_sums(self.titles, other.titles),
            doubts=self.doubts + other.doubts,
        )

    def to_dict(self) -> dict[str, float]:
        """The figures by their names, rounded to three places, and the number of doubts."""
        shared, held, shared_back, all_ours = self.characters
        recall = shared / held if held else 1.0
        precision = shared_back / all_ours if all_ours else 1.0
        return {
            "paragraph_f1": _f1(*self.paragraphs),
            "character_f1": round(2 * recall * precision / ((recall + precision) or 1), 3),
            "boundary_f1": _f1(*self.boundaries),
            "article_f1": _f1(*self.articles),
            "glued_share": round(self.glued[0] / max(1, self.glued[1]), 3),
            "title_share": round(self.titles[0] / self.titles[1], 3) if self.titles[1] else 1.0,
            "doubts": self.doubts,
        }


def compare(repaired: Sequence[Article], checked: Sequence[Article], doubts: int = 0) -> Figures:
    """Return the sums for one page."""
    ours, theirs = ([_paragraphs(article) for article in part] for part in (repaired, checked))
    flat, held = ([text for article in part for text in article] for part in (ours, theirs))
    starts = {
        article[0][:_EDGE]: a.title for a, article in zip(repaired, ours, strict=True) if article
    }
    printed = [
        (article[0][:_EDGE], _bare(a.title))
        for a, article in zip(checked, theirs, strict=True)
        if article and not a.is_title_editorial
    ]
    return Figures(
        paragraphs=_overlap(flat, held),
        characters=(*_shared(held, flat), *_shared(flat, held)),
        boundaries=_overlap(_boundaries(ours), _boundaries(theirs)),
        articles=_overlap(map(frozenset, ours), map(frozenset, theirs)),
        glued=(sum(all(text not in whole for whole in held) for text in flat), len(flat)),
        titles=(sum(_bare(starts.get(edge, "")) == title for edge, title in printed), len(printed)),
        doubts=doubts,
    )


def read_checked(file: Path | None) -> dict[str, list[Article]]:
    """Return the checked articles by the name of their page."""
    pages: dict[str, list[Article]] = {}
    if file is None:
        for article in bundled_articles():
            pages.setdefault(article.page or "", []).append(article)
        return pages
    for row in json.loads(file.read_text(encoding="utf-8")):
        sections = tuple(Section(s["heading"], tuple(s["paragraphs"])) for s in row["sections"])
        article = Article(
            row["id"], row["title"] or "", sections, is_title_editorial=not row["title"]
        )
        pages.setdefault(f"page-{row['seed']}", []).append(article)
    return pages


def measure_pages(folder: Path, checked: Mapping[str, Sequence[Article]]) -> dict[str, Figures]:
    """Repair the pages of a folder that have checked articles, and compare."""
    figures = {}
    for name, articles in sorted(checked.items()):
        page = repair_page((folder / f"{name}.txt").read_text(encoding="utf-8"), name)
        figures[name] = compare(page.articles, articles, len(page.doubts))
    return figures


def measure_made(articles: Sequence[Article], count: int) -> dict[str, Figures]:
    """Make so many pages in each layout, repair them, and compare."""
    figures = {}
    for layout in LAYOUTS:
        total = Figures()
        for seed in range(count):
            text, used = make_page(articles, layout, seed)
            page = repair_page(text, "made")
            total += compare(page.articles, used, len(page.doubts))
        figures[layout] = total
    return figures


def _sums(ours: tuple[int, ...], theirs: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(a + b for a, b in zip(ours, theirs, strict=True))


def _paragraphs(article: Article) -> list[str]:
    return [_bare(paragraph.text) for paragraph in article.paragraphs]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def _boundaries(articles: Iterable[list[str]]) -> list[tuple[str, str]]:
    return [
        edge
        for paragraphs in articles
        if paragraphs
        for edge in (("begins", paragraphs[0][:_EDGE]), ("ends", paragraphs[-1][-_EDGE:]))
    ]


def _overlap(ours: Iterable[object], theirs: Iterable[object]) -> tuple[int, int, int]:
    """How many are in both, in ours, in theirs."""
    first, second = Counter(ours), Counter(theirs)
    return (first & second).total(), first.total(), second.total()


def _shared(texts: Sequence[str], others: Sequence[str]) -> tuple[int, int]:
    """Characters of texts in the longest run shared with one of the others, and all of them."""
    shared = 0
    for text in texts:
        seeds = {text[i : i + _SEED_LENGTH] for i in range(max(1, len(text) - _SEED_LENGTH + 1))}
        near = [other for other in others if text == other or any(seed in other for seed in seeds)]
        shared += (
            len(text) if text in near else max((_longest_run(text, o) for o in near), default=0)
        )
    return shared, sum(map(len, texts))


def _longest_run(text: str, other: str) -> int:
    return SequenceMatcher(None, text, other, autojunk=False).find_longest_match().size


def _f1(both: int, ours: int, theirs: int) -> float:
    return round(2 * both / (ours + theirs), 3) if ours + theirs else 1.0


def main() -> None:
    """Print the figures as JSON: of every page or layout, and of all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("checked", type=Path, nargs="?", help="checked articles as JSON")
    parser.add_argument("--pages", type=Path, default=PAGES, help="folder of the raw pages")
    parser.add_argument("--made", type=int, metavar="N", help="make N pages in each layout instead")
    parser.add_argument("--articles", type=Path, help="make them of these articles")
    options = parser.parse_args()
    if options.made:
        source = (
            read_articles([options.articles]).articles if options.articles else bundled_articles()
        )
        figures = measure_made(source, options.made)
    else:
        figures = measure_pages(options.pages, read_checked(options.checked))
    rows = {name: part.to_dict() for name, part in figures.items()}
    rows["all"] = sum(figures.values(), Figures()).to_dict()
    print("\n".join(f"{name}: {json.dumps(row)}" for name, row in rows.items()))


if __name__ == "__main__":
    main()
