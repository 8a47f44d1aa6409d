"""Which parts of a web page are its article.

A block is left out if
- an element around it is a menu, footer, sidebar, comment or the like, by its tag, class or id,
  and holds no more than half of the page's sentences; or
- it consists mostly of links and is no sentence.
Of what is left, sentences are the article's text, and so is all that stands in the smallest
element that holds most of them; other lines stand beside it. So do copyright lines, but for a
sentence inside that element that other sentences follow: news tell of copyright too. So a sentence
is lost only with what the page itself calls a menu or the like.

trafilatura, the library for this, was tried on Chinese pages and is not used: it took menus for
text where lines are divided by <br>, made one paragraph of a table that lays out a page, and dated
pages by their copyright line.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from corpus.formats.html_blocks import Block, Element
from corpus.formats.lines import ends_clause

Part = Literal["body", "beside", "menu"]
"""The article's text, a line beside it, or what is left out."""

_MENUS = frozenset(["nav", "footer", "aside", "form", "menu"])
_MENU_NAMES = re.compile(
    r"(?<![a-z])(?:nav|navbar|menu|breadcrumbs?|crumbs?|foot|footer|topbar|toolbar|sidebar|"
    r"aside|related|relevant|recommend\w*|hot\w*|rank\w*|share|social|comments?|copyright|"
    r"friendlinks?|links|login|search|pagination|pager|banner|advert\w*|ads?|qrcode)(?![a-z])"
)
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_COPYRIGHT = re.compile(
    r"(?:版权|版權)所有(?!者|方|权|權|人(?!民))|copyright|©|网站标识码|公网安备(?!案)|"
    r"ICP备(?:案(?:编号|序号|号))?[\s:：字]*[A-Z]?\d",
    re.IGNORECASE,
)
"""Not of news about 版权所有者 or ICP备案: a notice gives a number."""

_MAX_COPYRIGHT = 120
"""Characters; a longer block that names a copyright is text."""

_MOST = 0.8
"""The article's element is the smallest one with such a share of the page's sentences."""


def is_sentence(block: Block) -> bool:
    """Whether a block reads like text: marks of sentences end or divide it."""
    return ends_clause(block.text) or any(mark in block.text for mark in "。！？")


def parts_of(blocks: Sequence[Block]) -> list[Part]:
    """Return which part of the page each block is."""
    menus = _menus(blocks)
    is_left_out = [not menus.isdisjoint(block.around) for block in blocks]
    kept = [n for n, out in enumerate(is_left_out) if not out]
    article = _article([blocks[n] for n in kept])
    last_text = max((n for n in kept if _weight(blocks[n])), default=-1)
    parts: list[Part] = []
    for place, (block, out) in enumerate(zip(blocks, is_left_out, strict=True)):
        is_inside = article is None or article in block.around
        has_sentence = is_sentence(block)
        if out or (block.is_links and not has_sentence):
            parts.append("menu")
        elif _is_copyright(block):
            is_text = is_inside and has_sentence and place < last_text
            parts.append("body" if is_text else "beside")
        else:
            parts.append("body" if is_inside or has_sentence else "beside")
    for place in range(len(parts) - 1, -1, -1):
        if parts[place] == "body" and not blocks[place].level:
            break
        if parts[place] == "body":
            parts[place] = "beside"  # the heading of what was left out, such as related reports
    return parts


def _menus(blocks: Sequence[Block]) -> set[Element]:
    weights = _weights(blocks)
    total = sum(map(_weight, blocks))
    return {one for one, weight in weights.items() if _is_menu(one) and 2 * weight <= total}


def _article(blocks: Sequence[Block]) -> Element | None:
    """Return the smallest element that holds most of the sentences, if there are any."""
    most = _MOST * sum(map(_weight, blocks))
    # Elements with more than half of the weight lie in one another.
    holders = [element for element, weight in _weights(blocks).items() if weight >= most > 0]
    return max(holders, key=lambda one: sum(1 for _ in one.iterancestors()), default=None)


def _weights(blocks: Sequence[Block]) -> Counter[Element]:
    """Return how many characters of sentences each element holds."""
    weights: Counter[Element] = Counter()
    for block in blocks:
        weight = _weight(block)
        for element in block.around:
            weights[element] += weight
    return weights


def _weight(block: Block) -> int:
    is_text = is_sentence(block) and not block.is_links and not _is_copyright(block)
    return len(block.text) if is_text else 0


def _is_copyright(block: Block) -> bool:
    return len(block.text) <= _MAX_COPYRIGHT and bool(_COPYRIGHT.search(block.text))


def _is_menu(element: Element) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return element.tag in _MENUS or bool(_MENU_NAMES.search(_CAPITAL.sub("-", names).lower()))
