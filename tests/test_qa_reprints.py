"""Copies of a report: searched and answered from as one, named with their own citations."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus import Article, Section
from index import PassageIndex, build_index
from qa.evaluation.copies import reprint
from qa.pipeline import N_READ, Pipeline
from qa.reprints import MAX_REPRINTS

BRIDGE = (
    "云溪镇的青石大桥去年十月建成通车，全长320米，总投资三亿元。"
    "大桥由省交通设计院设计，两岸五个村的一万二千名居民从此不用再坐渡船。"
)
SCHOOL = "云溪镇中心小学今年九月启用新校舍，有24间教室，可容纳1080名学生，操场铺了塑胶跑道。"
MARKET = "青石镇的农贸市场上月完成改造，设有摊位146个，每天清晨五点开市，客流约三千人。"
QUESTION = "云溪镇的青石大桥全长多少米？"

OpenPipeline = Callable[[list[Article]], Pipeline]


def article(article_id: str, text: str) -> Article:
    sections = (Section(None, (text,)),)
    return Article(article_id, "镇上的新变化", sections, source=f"{article_id}报")


BASE = [article("桥", BRIDGE), article("学校", SCHOOL), article("市场", MARKET)]


@pytest.fixture
def open_pipeline(tmp_path: Path) -> Iterator[OpenPipeline]:
    with ExitStack() as opened:

        def open_over(articles: list[Article]) -> Pipeline:
            build_index(articles, tmp_path / str(len(articles)))
            index = PassageIndex.open(tmp_path / str(len(articles)))
            return Pipeline(opened.enter_context(closing(index)))

        yield open_over


def test_copies_of_whole_articles_are_kept_and_found_as_one_passage(open_pipeline):
    copies = [article(f"抄{n}", BRIDGE) for n in range(2 * N_READ)]
    pipeline = open_pipeline([*copies, *BASE])
    assert pipeline.index.article_ids() == [one.id for one in [*copies, *BASE]]
    found = pipeline.search(QUESTION, N_READ)
    assert [one.passage.article_id for one in found] == ["抄0", "市场", "学校"]
    printed = [passage.article_id for passage in pipeline.index.passages(found[0].copies)]
    assert printed == [*(f"抄{n}" for n in range(1, 2 * N_READ)), "桥"]
    assert all(passage.text == BRIDGE for passage in pipeline.index.passages(found[0].copies))


def test_the_copy_that_fits_the_question_best_stands_for_all(open_pipeline):
    named = replace(article("乙", BRIDGE), title="渡口的老船工退休了")
    pipeline = open_pipeline([*BASE, named])
    assert pipeline.search("青石大桥和退休的老船工", 1)[0].passage.article_id == "乙"
    assert pipeline.search("镇上的新变化：青石大桥", 1)[0].passage.article_id == "桥"


def test_copies_make_an_answer_no_surer(open_pipeline):
    """Everything else equal, five more papers with the same text leave the probability alone."""
    alone = open_pipeline(BASE).ask(QUESTION)
    repeated = open_pipeline([*BASE, *(article(f"抄{n}", BRIDGE) for n in range(5))]).ask(QUESTION)
    assert (alone.answer, repeated.answer) == ("320米", "320米")
    assert repeated.citation == alone.citation
    assert repeated.confidence == pytest.approx(alone.confidence, abs=1e-6)


def test_papers_with_the_same_copy_are_cited_exactly(open_pipeline):
    copies = [reprint(BASE[0], paper) for paper in ("甲城晚报", "乙城日报")]
    pipeline = open_pipeline([*BASE, *copies])
    answer = pipeline.ask(QUESTION)
    cited = [answer.citation, *(other.citation for other in answer.alternatives)]
    assert {one.article_id for one in cited} == {"桥", "桥 甲城晚报", "桥 乙城日报"}
    assert {other.relation for other in answer.alternatives} == {"same"}
    for other in answer.alternatives:
        place = other.citation
        text = pipeline.article(place.article_id).text
        assert text[place.start : place.end] == place.quote == other.answer == "320米"
        assert other.evidence in text
        assert other.confidence == answer.confidence


def test_a_copy_without_the_sentence_of_the_answer_is_not_named(open_pipeline):
    """It leaves out the sentence on the designer, which the other two copies have."""
    text = BRIDGE + "省交通设计院还设计了下游的水闸。" + SCHOOL + MARKET
    shorter = text.replace("省交通设计院还设计了下游的水闸。", "")
    articles = [article("全", text), article("短", shorter), article("同", text)]
    answer = open_pipeline(articles).ask("省交通设计院还设计了下游的什么？")
    assert "水闸" in answer.answer
    assert [other.citation.article_id for other in answer.alternatives] == ["同"]


def test_another_number_is_another_source_and_shown_beside(open_pipeline):
    others = [article(name, BRIDGE.replace("320米", "350米")) for name in ("丙", "抄丙")]
    pipeline = open_pipeline([*BASE, *others, article("抄", BRIDGE)])
    assert len(pipeline.search(QUESTION, 10)) == 4
    answer = pipeline.ask(QUESTION)
    shown = {(one.answer, one.relation) for one in answer.alternatives}
    assert {answer.answer, *(said for said, _ in shown)} == {"320米", "350米"}
    assert {relation for _, relation in shown} == {"same", "different"}
    for said, relation in shown:
        assert relation == ("same" if said == answer.answer else "different")


def test_no_more_than_so_many_papers_are_named(open_pipeline):
    copies = [article(f"抄{n}", BRIDGE) for n in range(MAX_REPRINTS + 2)]
    answer = open_pipeline([*BASE, *copies]).ask(QUESTION)
    named = [one.citation.article_id for one in answer.alternatives if one.answer == "320米"]
    assert named == [f"抄{n}" for n in range(MAX_REPRINTS)]
