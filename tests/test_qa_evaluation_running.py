import json
from dataclasses import replace

import pytest

from corpus import Article, Section
from qa import Pipeline
from qa.evaluation.gold_files import GoldError
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion
from qa.evaluation.running import (
    JUDGEMENTS,
    N_CHECKED,
    RESULT,
    SETTINGS,
    RunError,
    Settings,
    check_gold_fits,
    current_commit,
    hash_corpus,
    run,
)

ASKED = ("尼雄村的海拔是多少？", "今天天气怎么样？", "李祖村以前叫什么村？", "中卫有多少机架？")
QUESTIONS = [GoldQuestion(f"q{n}", text, "unanswerable", ()) for n, text in enumerate(ASKED)]
SETTINGS_GIVEN = Settings(
    "abc", "1.0", "bundled", "m", "c", 21, 268, {"gold.jsonl": "g"}, "test", "fused", "default"
)


class CountedPipeline(Pipeline):
    """Is interrupted, as by Ctrl-C, instead of answering one question more than `n_answered`."""

    def __init__(self, index, n_answered=1000):
        super().__init__(index)
        self.n_answered, self.asked = n_answered, []

    def ask(self, question, history=(), id=None):
        if question in ASKED:
            if len(self.asked) == self.n_answered:
                raise KeyboardInterrupt
            self.asked.append(question)
        return super().ask(question, history, id)


@pytest.fixture
def interrupted(bundled_index, tmp_path):
    """The folder of a run that was interrupted after 2 of 4 questions."""
    with pytest.raises(KeyboardInterrupt):
        run(CountedPipeline(bundled_index, 2), QUESTIONS, tmp_path, SETTINGS_GIVEN)
    return tmp_path


def resume(bundled_index, folder, settings=SETTINGS_GIVEN):
    """Return the questions asked, and what a reader of the judgements would see."""
    pipeline = CountedPipeline(bundled_index)
    judgements = run(pipeline, QUESTIONS, folder, settings, resume=True)
    return pipeline.asked, [as_json(judgement) for judgement in judgements]


def as_json(judgement):
    return json.loads(json.dumps(judgement.to_dict()))


def written(folder):
    return [json.loads(line) for line in (folder / JUDGEMENTS).read_text("utf-8").splitlines()]


def test_a_run_writes_every_judgement_as_it_comes(bundled_index, tmp_path):
    folder, seen = tmp_path / "new" / "report", []

    def progress(done, total):
        seen.append((done, total, len(written(folder))))

    pipeline = CountedPipeline(bundled_index)
    judgements = run(pipeline, QUESTIONS, folder, SETTINGS_GIVEN, progress=progress)
    assert seen == [(1, 4, 1), (2, 4, 2), (3, 4, 3), (4, 4, 4)]
    assert [judgement.question for judgement in judgements] == pipeline.asked == list(ASKED)
    assert written(folder) == [as_json(judgement) for judgement in judgements]
    settings = json.loads((folder / SETTINGS).read_text("utf-8"))
    assert Settings(**settings) == SETTINGS_GIVEN


def test_a_resumed_run_asks_no_question_twice_and_gives_the_same(bundled_index, interrupted):
    first_half = written(interrupted)
    assert [record["id"] for record in first_half] == ["q0", "q1"]
    asked, resumed = resume(bundled_index, interrupted)
    assert asked == list(ASKED[2:])
    assert resumed[:2] == first_half
    assert written(interrupted) == resumed
    whole = run(CountedPipeline(bundled_index), QUESTIONS, interrupted / "new", SETTINGS_GIVEN)
    for record, judgement in zip(resumed, whole, strict=True):
        assert record | {"latency_ms": 0} == as_json(judgement) | {"latency_ms": 0}


def test_judgements_come_back_in_the_order_of_the_questions(bundled_index, interrupted):
    judgements = run(
        Pipeline(bundled_index), QUESTIONS[::-1], interrupted, SETTINGS_GIVEN, resume=True
    )
    assert [judgement.id for judgement in judgements] == ["q3", "q2", "q1", "q0"]


def test_an_interrupted_run_is_not_thrown_away_unasked(bundled_index, interrupted):
    before = written(interrupted)
    with pytest.raises(RunError, match=r"interrupted run \(2 of 4 questions\); go on with --resu"):
        run(Pipeline(bundled_index), QUESTIONS, interrupted, SETTINGS_GIVEN)
    assert written(interrupted) == before


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"commit": "abd"}, "commit"),
        ({"commit": None, "reader": "none"}, "commit, reader"),
        ({"gold": {"gold.jsonl": "h"}}, "gold"),
        ({"corpus_hash": "d"}, "corpus_hash"),
        ({"split": "dev"}, "split"),
    ],
)
def test_a_run_of_other_settings_is_not_gone_on_with(bundled_index, interrupted, changed, named):
    with pytest.raises(RunError, match=f"had another {named}; "):
        resume(bundled_index, interrupted, replace(SETTINGS_GIVEN, **changed))
    assert len(written(interrupted)) == 2


@pytest.mark.parametrize("rest", [b"{", '{"question": "中'.encode()[:-1], b'{"id": "q2"}'])
def test_a_last_line_that_was_cut_off_is_asked_again(bundled_index, interrupted, rest):
    with (interrupted / JUDGEMENTS).open("ab") as file:
        file.write(rest)
    asked, resumed = resume(bundled_index, interrupted)
    assert asked == list(ASKED[2:])
    assert written(interrupted) == resumed


@pytest.mark.parametrize(
    "line",
    [
        "{\n",
        "{}\n",
        pytest.param("[]\n"),
    ],
)
def test_a_judgement_that_cannot_be_read_is_an_error(bundled_index, interrupted, line):
    with (interrupted / JUDGEMENTS).open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(RunError, match=r"judgements\.jsonl cannot be read .*; delete it"):
        resume(bundled_index, interrupted)


@pytest.mark.parametrize("content", [None, "{"])
def test_a_run_without_its_settings_cannot_be_gone_on_with(bundled_index, interrupted, content):
    (interrupted / SETTINGS).unlink()
    if content:
        (interrupted / SETTINGS).write_text(content, encoding="utf-8")
    with pytest.raises(
        RunError, match=r"settings\.json cannot be read; delete .*judgements\.jsonl"
    ):
        resume(bundled_index, interrupted)


@pytest.mark.parametrize("is_resumed", [True, False])
def test_a_complete_run_is_replaced(bundled_index, interrupted, is_resumed):
    (interrupted / RESULT).write_text("{}", encoding="utf-8")
    other = replace(SETTINGS_GIVEN, split="dev")
    run(Pipeline(bundled_index), QUESTIONS[3:], interrupted, other, resume=is_resumed)
    assert [record["id"] for record in written(interrupted)] == ["q3"]
    assert not (interrupted / RESULT).exists()
    assert json.loads((interrupted / SETTINGS).read_text("utf-8"))["split"] == "dev"


class FakeIndex:
    def __init__(self, **texts):
        self.texts = texts

    def article_ids(self):
        return list(self.texts)

    def article(self, article_id):
        return Article(article_id, "题", (Section(None, (self.texts[article_id],)),))


INDEX = FakeIndex(a="桥长320米。", b="昨日通车。")
LENGTH = GoldQuestion("q", "多长？", "answerable", ("320米",))


@pytest.mark.parametrize(
    "question",
    [
        LENGTH,
        replace(LENGTH, article_id="b", evidence=(GoldEvidence("桥长320米。"),)),
        replace(LENGTH, evidence=(GoldEvidence("桥长320米。", "a"),)),
        replace(LENGTH, kind="unanswerable", answers=()),
    ],
)
def test_gold_that_is_about_the_articles_fits(question):
    check_gold_fits(INDEX, [question])


@pytest.mark.parametrize(
    "question",
    [
        replace(LENGTH, article_id="c"),
        replace(LENGTH, evidence=(GoldEvidence("桥长320米。", "c"),)),
        replace(LENGTH, kind="unanswerable", answers=(), article_id="c"),
    ],
)
def test_an_article_that_is_not_in_the_index_is_named(question):
    message = "gold question 'q' names article 'c', which is not in the index; give the --index"
    with pytest.raises(GoldError, match=message):
        check_gold_fits(INDEX, [LENGTH, question])


def test_gold_of_which_nothing_is_in_the_index_is_refused():
    other = replace(LENGTH, answers=("120米",))
    unknown = replace(LENGTH, evidence=(GoldEvidence("楼高320米。"),))
    for questions, n in (([other], 1), ([unknown], 1), ([other] * N_CHECKED + [LENGTH], 50)):
        with pytest.raises(GoldError, match=f"of the first {n} answerable gold questions is in"):
            check_gold_fits(INDEX, questions)
    check_gold_fits(INDEX, [other] * (N_CHECKED - 1) + [LENGTH])


def test_gold_is_checked_before_a_folder_is_made(bundled_index, tmp_path):
    with pytest.raises(GoldError):
        run(Pipeline(bundled_index), [replace(LENGTH, article_id="?")], tmp_path / "r", None)
    assert not (tmp_path / "r").exists()


def test_the_hash_of_the_articles_changes_with_ids_texts_and_their_order():
    indexes = (
        INDEX,
        FakeIndex(a="桥长321米。", b="昨日通车。"),
        FakeIndex(c="桥长320米。", b="昨日通车。"),
        FakeIndex(b="昨日通车。", a="桥长320米。"),
        FakeIndex(a="桥长320米。"),
        FakeIndex(ab="c"),
        FakeIndex(a="bc"),
    )
    assert len({hash_corpus(index) for index in indexes}) == len(indexes)
    assert hash_corpus(FakeIndex(a="桥长320米。", b="昨日通车。")) == hash_corpus(INDEX)
    assert len(hash_corpus(INDEX)) == 64


def test_outside_a_checkout_there_is_no_commit(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert current_commit() is None
