"""From drafts to articles, and the ledger of where every character went."""

import re

from corpus.page_repair.joining import Join
from corpus.page_repair.language import Language
from corpus.page_repair.ordering import Draft
from corpus.page_repair.records import Block, Doubt, Kind, LedgerEntry, RepairedPage, join_texts
from corpus.page_repair.titles import headlines_of, split_head
from corpus.records import Article, Section

_REORDERED = "栏序与版面文字的顺序不同，按语句接合排列。"
_MAX_MADE_TITLE = 24


def build_page(
    text: str,
    page_id: str,
    blocks: list[Block],
    drafts: list[Draft],
    joins: list[Join],
    doubts: list[Doubt],
    language: Language,
) -> RepairedPage:
    """Return the repaired page.

    Args:
        text: The page as it was read.
        page_id: Name of the page.
        blocks: All blocks of the page.
        drafts: Its articles; every block is in one.
        joins: Which block goes on in which; followed where they are neighbours in a draft.
        doubts: What was unsure up to here.
        language: The words of the page.
    """
    builder = _Builder(page_id, blocks, {join.left: join.right for join in joins}, language)
    bodies = [
        [blocks[i].text for i in draft.blocks if blocks[i].kind == "text"] for draft in drafts
    ]
    articles = []
    for number, draft in enumerate(d for d in drafts if builder.is_article(d)):
        rest = [paragraph for body in bodies if body is not bodies[number] for paragraph in body]
        articles.append(builder.article(draft, f"{page_id}-{number + 1}", rest))
    for draft in drafts:
        if not builder.is_article(draft):
            builder.leave(draft)
    ledger = [*builder.entries, *_marks(text, builder.entries)]
    return RepairedPage(
        page_id=page_id,
        articles=tuple(articles),
        furniture=tuple(builder.furniture),
        doubts=tuple(sorted(doubts, key=lambda doubt: doubt.line)),
        ledger=tuple(sorted(ledger, key=lambda entry: (entry.line, entry.start))),
    )


class _Builder:
    """Builds articles and notes down where their blocks went."""

    def __init__(
        self, page_id: str, blocks: list[Block], following: dict[int, int], language: Language
    ) -> None:
        self._page_id = page_id
        self._blocks = blocks
        self._following = following
        self._language = language
        self.entries: list[LedgerEntry] = []
        self.furniture: list[str] = []

    def is_article(self, draft: Draft) -> bool:
        """Whether a draft has a text, a caption or a headline of its own."""
        return any(
            self._blocks[i].kind in ("text", "headline", "caption", "pull_quote", "heading")
            for i in draft.blocks
        )

    def leave(self, draft: Draft) -> None:
        """Note down blocks that belong to no article."""
        for i in draft.blocks:
            self._leave(i)

    def article(self, draft: Draft, article_id: str, rest: list[str]) -> Article:
        """Return a draft as an article and note down its blocks."""
        body = [self._blocks[i].text for i in draft.blocks if self._blocks[i].kind == "text"]
        heads = headlines_of(self._blocks, draft)
        roles = split_head(self._blocks, heads, body, rest, self._language) if heads else {}
        sections = self._sections(draft, article_id)
        lines: dict[Kind, list[str]] = {"caption": [], "pull_quote": [], "byline": [], "source": []}
        furniture: list[str] = []
        for i in draft.blocks:
            block = self._blocks[i]
            if block.kind == "furniture":
                self._leave(i)
            elif block.kind not in ("text", "heading"):
                target = (
                    furniture
                    if block.kind in ("rubric", "jump") or roles.get(i) == "rubric"
                    else None
                )
                if target is not None:
                    target.append(block.text)
                elif block.kind in lines:
                    lines[block.kind].append(block.text)
                self._enter([i], block.kind, article_id)
        named = {
            role: [self._blocks[i].text for i in heads if roles[i] == role]
            for role in set(roles.values())
        }
        return Article(
            id=article_id,
            title=_one(named.get("title")) or _made_title(body, lines),
            sections=sections,
            subtitle=_one(named.get("subtitle")),
            kicker=_one(named.get("kicker")),
            byline=_one(lines["byline"]),
            source=_source(lines["source"], body),
            page=self._page_id,
            is_title_editorial=not heads,
            captions=tuple(lines["caption"]),
            pull_quotes=tuple(lines["pull_quote"]),
            furniture=(*furniture, *lines["source"]),
            notes=_REORDERED if draft.is_reordered else None,
        )

    def _sections(self, draft: Draft, article_id: str) -> tuple[Section, ...]:
        sections: list[tuple[list[str], list[str]]] = [([], [])]
        paragraphs = 0
        before: int | None = None
        parts: list[int] = []
        for i in [*draft.blocks, -1]:
            kind = self._blocks[i].kind if i >= 0 else "text"
            if kind not in ("text", "heading"):
                continue
            if parts and not (i >= 0 and kind == "text" and self._following.get(parts[-1]) == i):
                paragraphs += 1
                sections[-1][1].append(join_texts([self._blocks[k].text for k in parts]))
                self._enter(parts, "text", article_id, paragraphs)
                parts = []
            if i < 0:
                break
            if kind == "heading":
                if before is None or self._blocks[before].kind != "heading":
                    sections.append(([], []))
                sections[-1][0].append(self._blocks[i].text)
                self._enter([i], "heading", article_id)
            else:
                parts.append(i)
            before = i
        return tuple(
            Section(_one(headings), tuple(texts))
            for headings, texts in sections
            if headings or texts
        )

    def _leave(self, i: int) -> None:
        self.furniture.append(self._blocks[i].text)
        self._enter([i], self._blocks[i].kind, None)

    def _enter(
        self, numbers: list[int], kind: Kind, article_id: str | None, paragraph: int | None = None
    ) -> None:
        pieces = [piece for i in numbers for piece in self._blocks[i].pieces]
        self.entries += [
            LedgerEntry(piece.line, piece.start, piece.end, kind, article_id, paragraph, part)
            for part, piece in enumerate(pieces, 1)
        ]


def _one(lines: list[str] | None) -> str | None:
    return " ".join(lines) if lines else None


def _made_title(body: list[str], lines: dict[Kind, list[str]]) -> str:
    """A name for an article without a headline: how it begins."""
    words = next(iter([*body, *lines["pull_quote"], *lines["caption"]]), "") or "无题"
    first = re.split(r"[。！？]", words)[0]
    return first if len(first) <= _MAX_MADE_TITLE else first[:_MAX_MADE_TITLE] + "……"


def _source(lines: list[str], body: list[str]) -> str | None:
    """The agency or paper that a line names, else the agency whose dateline begins the text."""
    for line in [*lines, *body[:1]]:
        if agency := re.match(r"[（(]?据?(新华社|中新社)", line):
            return agency[1]
        if line in lines:
            return re.sub(r"^[（(]?(?:来源|稿源|转自|原载|摘自|据)\s*[:：]?\s*|[）)]$", "", line)
    return None


def _marks(text: str, entries: list[LedgerEntry]) -> list[LedgerEntry]:
    """What no entry has: marks of Markdown and lines between columns."""
    held: dict[int, list[tuple[int, int]]] = {}
    for entry in entries:
        held.setdefault(entry.line, []).append((entry.start, entry.end))
    found = []
    for number, row in enumerate(text.splitlines(), 1):
        at = 0
        for start, end in [*sorted(held.get(number, [])), (len(row), len(row))]:
            gap = row[at:start]
            if gap.strip():
                begin = at + len(gap) - len(gap.lstrip())
                found.append(LedgerEntry(number, begin, at + len(gap.rstrip()), "markup"))
            at = max(at, end)
    return found
