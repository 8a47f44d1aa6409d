import json

import pytest
from click.testing import CliRunner

from qa import Pipeline
from qa.cli import main
from qa.evaluation.gold_files import read_gold
from qa.feedback import MAX_EXPECTED, FeedbackError, FeedbackStore, gold_candidates


@pytest.fixture(scope="module")
def answers(bundled_index):
    pipeline = Pipeline(bundled_index)
    asked = ("印尼展有多少家义乌企业参展？", "今天天气怎么样？", "尼雄村的海拔是多少？")
    return [pipeline.ask(question).to_dict() for question in asked]


@pytest.fixture
def store(tmp_path):
    return FeedbackStore(tmp_path / "new" / "feedback.sqlite")


def test_nothing_is_written_until_somebody_says_something(store):
    assert store.read() == []
    assert not store.file.exists()


def test_what_is_said_is_kept_with_the_answer_in_order(store, answers):
    store.add(answers[0], is_right=True)
    store.add(answers[1], is_right=False, expected="  晴  ")
    first, second = FeedbackStore(store.file).read()
    assert (first.is_right, first.expected, first.answer) == (True, None, answers[0])
    assert (second.is_right, second.expected) == (False, "晴")
    assert first.time.endswith("+00:00")


def test_candidates_can_be_read_as_a_gold_file(store, answers):
    store.add(answers[0], is_right=False)
    store.add(answers[0], is_right=True)  # the last word counts
    store.add(answers[1], is_right=True)
    store.add(answers[2], is_right=False, expected="4700米以上")
    result = CliRunner().invoke(main, ["feedback", "export", "--feedback", str(store.file)])
    assert result.exit_code == 0
    gold_file = store.file.with_suffix(".jsonl")
    gold_file.write_text(result.stdout, encoding="utf-8")
    right, refused, corrected = read_gold(gold_file)
    assert right.answers == ("129家",)
    assert right.evidence[0].text == answers[0]["evidence"]
    assert (refused.kind, refused.answers) == ("unanswerable", ())
    assert corrected.answers == ("4700米以上",)


def test_an_answer_called_wrong_without_the_right_one_is_left_out_and_counted(store, answers):
    store.add(answers[0], is_right=False)
    assert gold_candidates(store.read()) == []
    result = CliRunner().invoke(main, ["feedback", "export", "--feedback", str(store.file)])
    assert result.stdout == ""
    assert "1 of 1 left out" in result.stderr


def test_export_writes_a_file_when_named(store, answers, tmp_path):
    store.add(answers[0], is_right=True)
    target = tmp_path / "candidates.jsonl"
    command = ["feedback", "export", "--feedback", str(store.file), "--output", str(target)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["answers"] == ["129家"]


def test_a_file_that_is_no_database_is_a_clear_error(store, answers):
    store.file.parent.mkdir()
    store.file.write_text("no database, but long enough to be looked at" * 100)
    with pytest.raises(FeedbackError, match="--feedback"):
        store.add(answers[0], is_right=True)
    result = CliRunner().invoke(main, ["feedback", "export", "--feedback", str(store.file)])
    assert result.exit_code == 1
    assert "--feedback" in result.stderr


def test_a_right_answer_is_not_a_book(store, answers):
    with pytest.raises(ValueError, match="characters"):
        store.add(answers[0], is_right=False, expected="长" * (MAX_EXPECTED + 1))
    assert store.read() == []


def test_feedback_that_nobody_gave_cannot_be_exported(tmp_path):
    command = ["feedback", "export", "--feedback", str(tmp_path / "none.sqlite")]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    assert "no feedback" in result.stderr
