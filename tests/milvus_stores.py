"""What the tests of the Milvus store share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus import Article, Section

pytest.importorskip("pymilvus", reason="pymilvus is not installed: pip install 'youju[milvus]'")
lite = pytest.importorskip(
    "milvus_lite.server_manager",
    reason="milvus-lite is not installed: pip install 'youju[milvus]'",
)

COPY = "市委组织部昨日召开会议，部署2026年人才工作，提出今年引进各类人才1.5万名。"


def article(article_id: str, *paragraphs: str, **more: str | None) -> Article:
    values = {"date": "2026-05", **more}
    return Article(article_id, f"{article_id}的标题", (Section(None, paragraphs),), **values)


FIRST = [
    article("a", "义乌中欧班列累计开行1.5万列。", COPY, source="甲报"),
    article("b", "全市春耕备耕进展顺利，已播种早稻48万亩。", "农机合作社投入拖拉机1200台。"),
]
MORE = [
    article("c", "本报讯 今年首班冷链专列抵达马德里。", "2019年开通的班列。", date="2026-06-01"),
    article("d", "图书馆延长开放时间到晚上十点。", date=None, source="乙报"),
]
QUESTIONS = [
    "中欧班列开行了多少列？", "引进多少人才", "拖拉机有多少台", "图书馆几点关门？", "2026年",
    "恐龙为什么灭绝？", "",
]  # fmt: skip


@contextmanager
def lite_store(folder: Path) -> Iterator[str]:
    """The address of a Milvus Lite store, stopped afterwards."""
    uri = str(folder / "milvus.db")
    try:
        yield uri
    finally:
        lite.server_manager_instance.release_server(uri)
