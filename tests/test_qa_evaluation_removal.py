from contextlib import closing

from corpus import Article, Section
from index import PassageIndex, build_index
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion
from qa.evaluation.removal import ask_both, without_articles
from qa.pipeline import Pipeline

BRIDGE = "云溪镇的新桥长320米，去年十月通车，花了三亿元。"
WEATHER = "本周多云，周末有小雨，气温十到十五度，出门请带伞。"


def test_what_is_removed_is_neither_searched_nor_read(tmp_path):
    articles = [
        Article(id="bridge", title="新桥通车", sections=(Section(None, (BRIDGE,)),)),
        Article(id="weather", title="一周天气", sections=(Section(None, (WEATHER,)),)),
    ]
    build_index(articles, tmp_path / "index")
    with closing(PassageIndex.open(tmp_path / "index")) as index:
        pipeline = Pipeline(index)
        found = pipeline.search("云溪镇的新桥有多长？", 10)
        assert {p.passage.article_id for p in found} == {"bridge", "weather"}
        left = without_articles(found, ["bridge"], 10)
        assert [p.passage.article_id for p in left] == ["weather"]
        assert without_articles(found, [None], 1) == found[:1]
        evidence = (GoldEvidence(BRIDGE, "bridge"),)
        question = GoldQuestion("q", "新桥有多长？", "answerable", ("320米",), evidence)
        [there], [removed] = ask_both(pipeline, [question])
        assert removed.confidence < there.confidence
