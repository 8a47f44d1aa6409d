import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa.cli import main
from qa.evaluation import command
from qa.evaluation.measures import BY_NAME

# c comes out wrong: the article does not say what this does.
GOLD = [
    {"id": "a", "split": "test", "question": "李祖村以前叫什么村？", "answers": ["水牛角村"],
     "evidence": [{"article_id": "001-1", "text": "她的老家李祖村，曾是远近闻名的“水牛角村”"}]},
    {"id": "b", "split": "test", "question": "今天天气怎么样？", "answers": []},
    {"id": "c", "question": "尼雄村的海拔是多少？", "answers": ["9999米"], "article_id": "003-2"},
    {"id": "d", "split": "dev", "question": "印尼展有多少家义乌企业参展？", "answers": ["129家"]},
]  # fmt: skip
FILES = {"judgements.jsonl", "qrels.trec", "report.html", "result.json", "run.trec",
         "settings.json"}  # fmt: skip


def write_gold(path, *records):
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def surroundings(bundled_index_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("YOUJU_INDEX", str(bundled_index_folder))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


def evaluate(*arguments):
    return CliRunner().invoke(main, ["evaluate", *arguments], catch_exceptions=False)


@pytest.fixture
def quick(monkeypatch, tmp_path):
    """Evaluates without drawing the report; gives what click returns and result.json."""
    monkeypatch.setattr(command, "render_report", lambda result, comparison: "drawn")

    def run(*arguments, gold=GOLD):
        done = evaluate(write_gold(tmp_path / "gold.jsonl", *gold), *arguments)
        file = tmp_path / "youju-evaluation" / "result.json"
        return done, json.loads(file.read_text("utf-8")) if file.exists() else None

    return run


def asked(result):
    return [question["id"] for question in result["questions"]]


def test_a_run_prints_its_tables_and_writes_its_report(tmp_path):
    done = evaluate(write_gold(tmp_path / "gold.jsonl", *GOLD), "--report", "deep/report")
    assert done.exit_code == 0
    assert "3 questions (test)" in done.stdout
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    # Of two answerable questions one is right; the one without an answer is refused.
    assert rows["answer_right"].split()[1] == ".500"
    assert rows["refusal_recall"].split()[1] == "1.000"
    assert "median time (lower is better)" in rows["latency_p50"]
    assert " ms " in rows["latency_p50"]
    assert "What went wrong" in done.stdout
    assert rows["1"].split(maxsplit=1)[1].strip() in ("wrong words", "right passage not in the fir")
    assert done.stdout.endswith("Report: deep/report/report.html\n")
    assert {file.name for file in (tmp_path / "deep" / "report").iterdir()} == FILES
    page = (tmp_path / "deep" / "report" / "report.html").read_text("utf-8")
    assert "尼雄村的海拔是多少？" in page
    assert "李祖村以前叫什么村？" not in page


def test_without_options_the_fused_default_pipeline_is_asked(quick):
    _, result = quick()
    settings = result["settings"]
    assert (settings["retrieval"], settings["reader"], settings["split"]) == (
        "fused", "default", "test",
    )  # fmt: skip
    assert (settings["n_articles"], settings["n_passages"]) == (21, 268)
    assert [len(settings[name]) for name in ("model_hash", "corpus_hash")] == [64, 64]
    assert [Path(name).name for name in settings["gold"]] == ["gold.jsonl"]


@pytest.mark.parametrize(
    ("split", "ids"), [("dev", ["d"]), ("test", ["a", "b", "c"]), ("all", ["a", "b", "c", "d"])]
)
def test_questions_of_no_half_belong_to_test(quick, split, ids):
    assert asked(quick("--split", split)[1]) == ids


def test_several_gold_files_are_asked_together(quick, tmp_path):
    other = write_gold(tmp_path / "other.jsonl", GOLD[1] | {"id": "z"})
    assert asked(quick(other, gold=GOLD[:1])[1]) == ["a", "z"]
    same = write_gold(tmp_path / "same.jsonl", GOLD[0])
    done, _ = quick(same)
    assert (done.exit_code, done.stderr) == (
        1, f"Error: {same}: question id 'a' is also in another file\n",
    )  # fmt: skip


def test_gold_files_of_the_same_name_are_both_in_the_settings(quick, tmp_path):
    (tmp_path / "other").mkdir()
    other = write_gold(tmp_path / "other" / "gold.jsonl", GOLD[1] | {"id": "z"})
    assert len(quick(other, gold=GOLD[:1])[1]["settings"]["gold"]) == 2


def test_words_alone_rank_otherwise_than_meaning_alone(quick, tmp_path):
    ranks, rankings = {}, {}
    for retrieval in ("lexical", "dense", "fused"):
        _, result = quick("--retrieval", retrieval, gold=GOLD[:1])
        assert result["settings"]["retrieval"] == retrieval
        ranks[retrieval] = result["questions"][0]["ranks"]
        rankings[retrieval] = (tmp_path / "youju-evaluation" / "run.trec").read_text("utf-8")
    assert len(set(rankings.values())) == 3
    # 水牛角村 is all but a synonym, and the name 李祖村 is in many passages.
    assert ranks["lexical"] != ranks["dense"]


def test_without_a_reader_the_whole_first_passage_is_the_answer(quick, tmp_path):
    for reader in ("none", "default"):
        _, result = quick("--reader", reader, "--split", "dev")
        assert result["settings"]["reader"] == reader
        (line,) = (tmp_path / "youju-evaluation" / "judgements.jsonl").open("rb")
        judgement = json.loads(line)
        start, end = judgement["citation"]["start"], judgement["citation"]["end"]
        is_passage = judgement["retrieved"][0][0] == f"002-5:{start}-{end}"
        assert is_passage == (reader == "none")
        assert result["questions"][0]["answer_right"] == (reader == "default")


def test_figures_that_reach_their_limit_pass(quick):
    done, _ = quick("--fail-under", "answer_right=0.5", "--fail-under", "refusal_recall=1")
    assert (done.exit_code, done.stderr.count("Error")) == (0, 0)


def test_figures_below_their_limit_fail_after_all_is_written(quick):
    done, result = quick(
        "--fail-under", "answer_right=.51", "--fail-under", "refusal_recall=1",
        "--fail-under", "chat_answer_right=0",
    )  # fmt: skip
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == (
        "Error: answer_right is .500, under .510; chat_answer_right: no question counts for it"
    )
    assert result["metrics"]["answer_right"]["value"] == 0.5


@pytest.mark.parametrize(
    ("floor", "message"),
    [
        ("mood=1", "Error: --fail-under mood=1: no metric 'mood' (known: success@1, "),
        ("latency_p50=9", "Error: --fail-under latency_p50=9: no metric 'latency_p50' (known: "),
        ("f1", "Error: --fail-under f1: expected f1=NUMBER"),
        ("f1=high", "Error: --fail-under f1=high: expected f1=NUMBER"),
    ],
)
def test_a_limit_that_is_none_is_an_error_before_any_question_is_asked(quick, floor, message):
    done, result = quick("--fail-under", floor)
    assert (done.exit_code, result, done.stderr.count("\n")) == (1, None, 1)
    assert done.stderr.startswith(message)


def test_limits_are_known_for_all_that_is_higher_the_better():
    names = [name for name, measure in BY_NAME.items() if not measure.is_lower_better]
    floors = command.parse_floors([f"{name}=0.25" for name in names])
    assert floors == dict.fromkeys(names, 0.25)


def test_nan_is_no_limit():
    with pytest.raises(command.FloorError):
        command.parse_floors(["f1=nan"])


def test_a_baseline_is_compared_question_by_question(quick, tmp_path):
    quick()
    before = tmp_path / "before.json"
    (tmp_path / "youju-evaluation" / "result.json").rename(before)
    (tmp_path / "youju-evaluation" / "judgements.jsonl").unlink()
    better = [*GOLD[:2], GOLD[2] | {"answers": ["4700米"]}]
    done, _ = quick("--baseline", str(before), gold=better)
    assert "Against the baseline, 3 shared questions" in done.stdout
    table = done.stdout.partition("Against the baseline")[2].splitlines()
    (row,) = [line.split() for line in table if line.strip().startswith("answer_right ")]
    assert row[:4] == ["answer_right", ".500", "1.000", "+0.500"]
    assert row[-2:] == ["1", "0"]


def test_a_baseline_of_other_questions_or_of_nothing_is_refused(quick, tmp_path):
    quick("--split", "dev")
    folder = tmp_path / "youju-evaluation"
    before = folder.rename(tmp_path / "dev") / "result.json"
    done, _ = quick("--baseline", str(before))
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "has none of these questions; was it made of another --split?" in done.stderr
    done, _ = quick("--baseline", "nowhere.json")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "nowhere.json is not a result.json" in done.stderr
    assert not folder.exists()


def test_an_interrupted_run_needs_resume(quick, tmp_path):
    _, whole = quick()
    folder = tmp_path / "youju-evaluation"
    (folder / "result.json").unlink()
    lines = (folder / "judgements.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "judgements.jsonl").write_text("".join(lines[:2]), encoding="utf-8")
    done, _ = quick()
    assert (done.exit_code, "2 of 3 questions" in done.stderr) == (1, True)
    done, resumed = quick("--resume")
    assert done.exit_code == 0
    assert resumed["questions"][:2] == whole["questions"][:2]
    assert asked(resumed) == asked(whole)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"question": "一？"}, "gold.jsonl:1: field 'answers': Field required"),
        (GOLD[3], "belongs to split 'test'"),
        (GOLD[0] | {"article_id": "x"}, "names article 'x', which is not in the index"),
        ({"question": "一？", "answers": ["乙丙丁戊"]}, "nothing of the evidence of the first 1"),
    ],
)
def test_gold_that_cannot_be_asked_is_exit_code_1_with_one_line(quick, record, message):
    done, result = quick(gold=[record])
    assert (done.exit_code, done.stdout, result) == (1, "", None)
    assert done.stderr.startswith("Error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_gold_that_is_no_question_is_exit_code_1_with_one_line(quick):
    done, _ = quick(gold=[{"question": "？？", "answers": []}])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)


def test_wrong_usage_is_exit_code_2(tmp_path):
    assert evaluate("--split", "train").exit_code == 2
    assert evaluate("--retrieval", "luck").exit_code == 2
    assert evaluate("--reader", "eyes").exit_code == 2
    assert not list(tmp_path.iterdir())
