"""A pipeline and a served page go with the index when another process changes it."""

import gc
import json
import shutil
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from fastapi.testclient import TestClient

from corpus import Article, Section
from index import (
    PassageIndex,
    add_articles,
    build_index,
    compact_index,
    embed_shard,
    load_shards,
    remove_articles,
)
from index.database import DATABASE
from qa import Pipeline
from qa import lasting as lasting_module
from qa.feedback import FeedbackStore
from qa.lasting import LastingPipeline
from qa.suggestions import suggest
from qa.trained_reader import TrainedReader
from qa.web.server import create_app
from qa.web.service import Service


def article(article_id: str, *paragraphs: str, date: str = "2026-05-03") -> Article:
    return Article(
        article_id,
        f"{article_id}的标题",
        (Section(None, paragraphs),),
        date=date,
        source="云溪日报",
    )


BRIDGE = article("bridge", "云溪镇的新桥昨日通车。", "云溪镇的新桥全长320米，造价4500万元。")
MARKET = article("market", "北门早市昨日开张，设有摊位86个。", date="2026-06")
LENGTH, STALLS = "新桥全长多少米？", "北门早市设有多少个摊位？"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build_index([BRIDGE], tmp_path / "index", "fast")
    return tmp_path / "index"


@pytest.fixture
def pipeline(folder: Path, monkeypatch) -> LastingPipeline:
    """One that looks for changes with every question."""
    monkeypatch.setattr(lasting_module, "CHECK_SECONDS", 0)
    opened = Pipeline.open(folder)
    assert isinstance(opened, LastingPipeline)
    return opened


def run_youju(*arguments: object) -> None:
    """Run a command in another process."""
    subprocess.run(
        [sys.executable, "-m", "qa", *map(str, arguments)],
        cwd=Path(__file__).parents[1], check=True, capture_output=True, timeout=120,
    )  # fmt: skip


def said(pipeline: Pipeline, question: str) -> str | None:
    return pipeline.ask(question).answer


def test_the_served_page_answers_from_what_another_process_added(pipeline, folder, tmp_path):
    client = TestClient(
        create_app(Service.of(pipeline, FeedbackStore(tmp_path / "feedback.sqlite")))
    )

    def ask(question):
        return client.get("/api/ask", params={"question": question}).json()

    assert ask(LENGTH)["answer"] == "320米"
    assert ask(STALLS)["status"] == "no_answer"
    assert client.get("/api/articles/market").status_code == 404
    line = {"id": "market", "title": "早市", "date": "2026-06", "source": "北门晚报",
            "text": "北门早市昨日开张，设有摊位86个。"}  # fmt: skip
    (tmp_path / "new.jsonl").write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    run_youju("add", tmp_path / "new.jsonl", "--index", folder)
    assert ask(STALLS)["answer"] == "86个"
    assert ask(STALLS)["citation"]["article_id"] == "market"
    assert [a["id"] for a in client.get("/api/articles").json()["articles"]] == ["bridge", "market"]
    assert client.get("/api/articles/market").json()["title"] == "早市"
    assert client.get("/healthz").json() == {"status": "ok", "articles": 2, "passages": 3}
    assert "youju_articles 2.0" in client.get("/metrics").text
    assert "早市" in client.get("/articles").text
    assert client.get("/article/market").status_code == 200
    run_youju("remove", "bridge", "--index", folder)
    assert ask(LENGTH)["status"] == "no_answer"
    # What was cited before goes on resolving.
    assert client.get("/api/articles/bridge", params={"start": 0, "quote": ""}).status_code == 200


def rebuild(folder: Path) -> None:
    build_index([BRIDGE, MARKET], folder, "fast")


def load(folder: Path) -> None:
    file, _ = embed_shard([BRIDGE, MARKET], 1, 1, folder.with_name("shards"), "fast")
    load_shards([file], folder)


def begin_anew(folder: Path) -> None:
    """The generation is the same as before."""
    shutil.rmtree(folder)
    rebuild(folder)


def add_and_compact(folder: Path) -> None:
    add_articles(folder, [MARKET])
    compact_index(folder)


@pytest.mark.parametrize(
    "change",
    [lambda folder: add_articles(folder, [MARKET]), add_and_compact, rebuild, load, begin_anew],
)
def test_every_kind_of_change_is_noticed_by_the_next_question(pipeline, folder, change):
    before = pipeline.now()
    assert said(pipeline, STALLS) is None
    assert pipeline.now() is before
    change(folder)
    assert said(pipeline, STALLS) == "86个"
    assert pipeline.now() is not before
    assert str(pipeline.today) == "2026-06-30"
    assert pipeline.now() is pipeline.now()
    assert said(before, STALLS) is None
    assert str(before.today) == "2026-05-03"


def test_the_index_is_looked_at_once_a_second_at_most(folder, monkeypatch):
    clock, looked = SimpleNamespace(now=100.0), []
    monkeypatch.setattr(lasting_module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    is_current = PassageIndex.is_current
    monkeypatch.setattr(
        PassageIndex, "is_current", lambda self: looked.append(clock.now) or is_current(self)
    )
    pipeline = Pipeline.open(folder)
    add_articles(folder, [MARKET])
    for now in (100.5, 100.9, 101.0, 101.2, 101.9, 102.1):
        clock.now = now
        assert bool(pipeline.search("早市")[0].passage.article_id == "market") == (now >= 101)
    assert looked == [101.0, 102.1]


def mapped(folder: Path) -> set[str]:
    """The files of an index that this process has mapped or open, deleted ones too."""
    process = psutil.Process()
    paths = {entry.path for entry in process.memory_maps()}
    paths |= {file.path for file in process.open_files()}
    return {path for path in paths if path.startswith(str(folder))}


def test_a_question_in_flight_ends_on_the_old_state_which_is_then_closed(
    pipeline, folder, monkeypatch
):
    entered, may_go_on = threading.Event(), threading.Event()
    read = TrainedReader.read

    def wait(self, question, passages):
        if question.text == LENGTH:
            entered.set()
            assert may_go_on.wait(30)
        return read(self, question, passages)

    answers = []
    old = weakref.ref(pipeline.index)
    old_files = mapped(folder)
    with monkeypatch.context() as patched:
        patched.setattr(TrainedReader, "read", wait)
        asking = threading.Thread(target=lambda: answers.append(pipeline.ask(LENGTH)))
        asking.start()
        assert entered.wait(30)
        add_articles(folder, [MARKET])
        remove_articles(folder, ["bridge"])
        compact_index(folder)  # forgets the text that is being read
        assert said(pipeline, STALLS) == "86个"
        assert old() is not None
        may_go_on.set()
        asking.join(30)
    assert answers[0].answer == "320米"
    assert answers[0].citation.article_id == "bridge"
    assert said(pipeline, LENGTH) is None
    assert old() is None
    if sys.platform == "linux":
        segments = {path for path in old_files if "segment-" in path}
        assert segments
        assert not any(path.split(" ")[0] in segments for path in mapped(folder))


@pytest.mark.skipif(sys.platform != "linux", reason="looks at what is mapped")
def test_many_changes_leave_nothing_open(pipeline, folder, monkeypatch):
    """With cells as well, which FAISS maps; the garbage collector is not needed."""
    monkeypatch.setattr("index.segments.FLAT_LIMIT", 20)
    some = [article(f"n{n}", f"第{n}条：云溪镇{n}村修路{n}公里。") for n in range(40)]
    gc.disable()
    try:
        counts = []
        for round_ in range(4):
            build_index(
                [*some, article("x", f"第{round_}版，早市摊位{round_ + 10}个。")], folder, "fast"
            )
            assert pipeline.search("早市摊位")[0].passage.text.startswith(f"第{round_}版")
            held = mapped(folder)
            assert any("dense.faiss" in path for path in held)
            assert not any("(deleted)" in path for path in held)
            counts.append((len(held), psutil.Process().num_fds()))
    finally:
        gc.enable()
    assert len(set(counts)) == 1


def test_an_index_that_cannot_be_opened_again_is_answered_as_it_was(pipeline, folder, caplog):
    whole = (folder / DATABASE).read_bytes()
    before = pipeline.now()
    (folder / "new").write_bytes(b"no database at all")
    (folder / "new").replace(folder / DATABASE)
    for _ in range(3):
        assert said(pipeline, LENGTH) == "320米"
    assert len(caplog.records) == 1
    assert "youju check --repair" in caplog.text
    (folder / "new").write_bytes(whole)
    (folder / "new").replace(folder / DATABASE)
    assert said(pipeline, LENGTH) == "320米"
    assert pipeline.now() is not before
    shutil.rmtree(folder)
    assert said(pipeline, LENGTH) == "320米"
    assert len(caplog.records) == 1


def test_a_rebuild_with_another_encoder_is_opened_with_that(pipeline, folder):
    build_index([BRIDGE, MARKET], folder, "bundled")
    assert said(pipeline, STALLS) == "86个"
    assert pipeline.index.manifest.encoder == "bundled"


def test_the_encoder_that_was_asked_for_stays(folder, monkeypatch, caplog):
    monkeypatch.setattr(lasting_module, "CHECK_SECONDS", 0)
    pipeline = Pipeline.open(folder, "fast")
    build_index([BRIDGE, MARKET], folder, "bundled")
    assert said(pipeline, LENGTH) == "320米"
    assert pipeline.index.manifest.encoder == "fast"
    assert "was built with encoder 'bundled'" in caplog.text


def test_changes_are_noticed_from_another_working_folder(folder, monkeypatch, tmp_path):
    monkeypatch.setattr(lasting_module, "CHECK_SECONDS", 0)
    monkeypatch.chdir(folder.parent)
    pipeline = Pipeline.open(folder.name)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    add_articles(folder, [MARKET])
    assert said(pipeline, STALLS) == "86个"


def test_a_pipeline_over_a_given_index_stays_with_it(folder):
    index = PassageIndex.open(folder)
    pipeline = Pipeline(index)
    add_articles(folder, [MARKET])
    assert pipeline.now() is pipeline
    assert pipeline.index is index
    assert said(pipeline, STALLS) is None


def test_suggestions_are_those_of_the_articles_as_they_are_now(pipeline, folder):
    [first] = [s.question for s in suggest(pipeline, "bridge")]
    add_articles(folder, [article("bridge", "大桥的引桥全长一共有750米。")], update=True)
    assert first not in [s.question for s in suggest(pipeline, "bridge")]


def test_papers_to_choose_from_are_those_of_the_index_now(pipeline, folder, tmp_path):
    from qa.web.languages import ZH
    from qa.web.page import Page

    page = Page(Service.of(pipeline, FeedbackStore(tmp_path / "feedback.sqlite")), ZH)
    assert [value for _, value in page.sources()] == ["", "云溪日报"]
    other = Article("o", "题", (Section(None, ("一段话。",)),), source="北门晚报")
    add_articles(folder, [other])
    assert "北门晚报" in [value for _, value in page.sources()]


def test_an_attribute_that_no_pipeline_has_is_missing(pipeline):
    with pytest.raises(AttributeError, match="nonsense"):
        pipeline.nonsense  # noqa: B018
    assert not hasattr(pipeline, "_nonsense")
