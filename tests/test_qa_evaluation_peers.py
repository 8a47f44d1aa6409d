import io
import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from corpus import Passage
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion
from qa.evaluation.judging import passage_name
from qa.evaluation.peers import __main__ as command
from qa.evaluation.peers import environments, protocol
from qa.evaluation.peers.catalogue import PEERS, YOUJU, Setting, System
from qa.evaluation.peers.errors import PeerError
from qa.evaluation.peers.protocol import Outcome, run_worker, write_inputs
from qa.evaluation.peers.scoring import Row, only, score, share_within
from qa.evaluation.peers.tables import markdown_table, terminal_table, versions_line

TEXTS = ("海拔4700米。", "开通18条线路。", "主塔高596米。")
PASSAGES = [Passage("a", "题", "节", n, 10 * n, 10 * n + 9, t) for n, t in enumerate(TEXTS, 1)]
BY_ID = {passage_name(passage): passage for passage in PASSAGES}
A, B, C = BY_ID


def question(number, answer, evidence, split="dev"):
    proof = (GoldEvidence(text=evidence, article_id="a"),)
    return GoldQuestion(f"q{number}", f"问{number}？", "answerable", (answer,), proof, split)


QUESTIONS = [
    question(1, "4700米", "海拔4700米。"),
    question(2, "18条", "开通18条线路。"),
    question(3, "596米", "主塔高596米。", "test"),
    question(4, "596米", "主塔高596米。", "test"),
]


def outcome(**changes):
    values = {
        "versions": {"fake": "1.0"},
        "index_seconds": 2.0,
        "peak_megabytes": 100.0,
        "milliseconds": [[1.0, 2.0, 3.0, 10.0], [2.0, 4.0, 6.0, 20.0], [1.0, 1.0, 1.0, 1.0]],
        "passages": [[A, B], [C, A, B], [A], []],
        "answers": ["4700米", "线路", "主塔高596米", ""],
    }
    return Outcome(**values | changes)


def fake_system(tmp_path, body):
    """A system whose worker is a few lines that see `folder` and write `result`."""
    worker = tmp_path / "fake_worker.py"
    worker.write_text(
        "import json, os, sys\nfrom pathlib import Path\nfolder = Path(sys.argv[1])\n"
        "read = lambda name: json.loads((folder / name).read_text(encoding='utf-8'))\n"
        "job, passages, questions = map(read, ['job.json', 'passages.json', 'questions.json'])\n"
        "write = lambda r: (folder / 'result.json').write_text(json.dumps(r), encoding='utf-8')\n"
        f"{body}\n",
        encoding="utf-8",
    )

    class Fake(System):
        worker = tmp_path / "fake_worker.py"

    return Fake("fake", "Fake", (Setting("hybrid", "jieba"),))


def run_fake(tmp_path, body, reader=None):
    system = fake_system(tmp_path, body)
    write_inputs(tmp_path, PASSAGES, QUESTIONS)
    return run_worker(Path(sys.executable), system, system.settings[0], tmp_path, 2, reader)


RESULT = (
    "result = dict(versions={'fake': job['stage']}, index_seconds=1.5, peak_megabytes=None,"
    " milliseconds=[[1.0] * len(questions)] * job['runs'],"
    " passages=[[passages[0]['id']]] * len(questions), answers=[None] * len(questions))\n"
)


# scoring


def test_a_row_holds_what_one_works_out_by_hand():
    row = score("Fake", "hybrid", outcome(), QUESTIONS, BY_ID)
    # Ranks: first; third; the wrong passage; nothing found.
    assert row.ranks == [1, 3, None, None]
    assert row.recall == {1: 0.25, 5: 0.5, 10: 0.5}
    assert row.exact_match == 0.25
    # 1; no common run of 18条 and 线路: 0; run 596米 of 2 tokens in 2 and 5: 2*2/(2+5); 0.
    assert row.f1 == pytest.approx((1 + 0 + 4 / 7 + 0) / 4)
    assert row.median_ms == 2.5  # the median of the runs' medians 2.5, 5 and 1
    # 95th percentile of 4 values lies .85 of the way from the third to the fourth.
    assert row.p95_ms == pytest.approx(3 + 0.85 * 7)


def test_a_stage_without_answers_has_no_em_and_one_without_passages_no_recall():
    row = score("Fake", "hybrid", outcome(answers=[None] * 4), QUESTIONS, BY_ID)
    assert (row.exact_match, row.f1, row.answers) == (None, None, None)
    row = score("Fake", "answer", outcome(passages=[None] * 4), QUESTIONS, BY_ID)
    assert (row.recall, row.ranks, row.exact_match) == (None, None, 0.25)


def test_a_split_is_scored_on_its_own_questions_and_times():
    chosen = [q.split == "test" for q in QUESTIONS]
    row = score("Fake", "hybrid", only(outcome(), chosen), QUESTIONS[2:], BY_ID)
    assert row.ranks == [None, None]
    assert row.median_ms == 6.5  # of the medians 6.5, 13 and 1


def test_share_within_counts_the_cutoff_itself():
    assert share_within([5, 6, None], 5) == pytest.approx(1 / 3)


# tables

ROWS = [
    Row("Youju", "hybrid", recall={1: 0.5, 5: 1.0, 10: 1.0}, median_ms=10.0, p95_ms=20.0,
        peak_megabytes=200.0, index_seconds=3.21, versions={"b": "2", "a": "1"}),
    Row("Youju", "answer", exact_match=0.25, f1=0.3333, median_ms=20.0, p95_ms=20.0,
        peak_megabytes=400.0, index_seconds=3.0),
    Row("Fake", "dense", recall={1: 0.0, 5: 0.1, 10: 0.126}, median_ms=25.0, p95_ms=30.0,
        peak_megabytes=900.0, index_seconds=1.0, versions={"c": "3"}),
    Row("Fake", "answer, jieba", exact_match=0.0, f1=0.1, median_ms=30.0, p95_ms=30.0,
        peak_megabytes=None, index_seconds=1.0),
    Row("Broken", "dense", failure="pip | ERROR:\nno such version"),
]  # fmt: skip


def test_the_markdown_table_gives_ratios_to_youju_stage_by_stage():
    assert markdown_table(ROWS).splitlines()[2:] == [
        "| Youju | hybrid | .500 | 1.000 | 1.000 | — | — | 10.0 (1.0x) | 20.0 (1.0x) "
        "| 200 (1.0x) | 3.2 |",
        "| Youju | answer | — | — | — | .250 | .333 | 20.0 (1.0x) | 20.0 (1.0x) | 400 (1.0x) "
        "| 3.0 |",
        "| Fake | dense | .000 | .100 | .126 | — | — | 25.0 (2.5x) | 30.0 (1.5x) | 900 (4.5x) "
        "| 1.0 |",
        "| Fake | answer, jieba | — | — | — | .000 | .100 | 30.0 (1.5x) | 30.0 (1.5x) | — | 1.0 |",
        "| Broken | dense (failed: pip / ERROR: no such version) | — | — | — | — | — | — | — "
        "| — | — |",
    ]


def test_without_youju_there_are_no_ratios():
    failed = Row("Youju", "hybrid", failure="no memory")
    assert "| 25.0 | 30.0 | 900 |" in markdown_table([failed, ROWS[2]])


def test_the_terminal_table_shows_every_row():
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(terminal_table("dev", ROWS))
    text = console.export_text()
    assert all(cell in text for cell in ("answer, jieba", "4.5x", "failed: pip / ERROR"))


def test_versions_are_named_once_and_sorted():
    assert versions_line(ROWS) == "a 1, b 2, c 3"


# protocol


def test_a_worker_gets_the_job_and_its_report_comes_back(tmp_path):
    check = (
        "assert job['words'] == 'jieba' and not job['titles'] and job['k'] == 10\n"
        "assert job['reader'] is None\n"
        "assert (Path(job['encoder']) / 'modules.json').is_file()\n"
        "assert passages[0] == {'id': 'a:10-19', 'text': '海拔4700米。',"
        " 'context': '题\\n节\\n海拔4700米。'}\n"
        "assert questions[1] == {'id': 'q2', 'question': '问2？'}\n"
        "assert os.environ['HF_HUB_OFFLINE'] == '1' and not os.environ['PYTHONPATH']\n"
        "assert os.environ['HAYSTACK_TELEMETRY_ENABLED'] == 'false'\n"
    )
    said = run_fake(tmp_path, check + RESULT + "write(result)")
    assert said.versions == {"fake": "hybrid"}
    assert said.milliseconds == [[1.0] * 4] * 2
    assert said.passages == [["a:10-19"]] * 4
    assert {p.name for p in tmp_path.iterdir()} == {
        "fake_worker.py", "passages.json", "questions.json",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise RuntimeError('no such model')", "failed: RuntimeError: no such model"),
        ("sys.exit(3)", "failed: exit code 3"),
        ("pass", "wrote no result.json"),
        (RESULT + "del result['answers']\nwrite(result)", "of the agreed form"),
        (RESULT + "result['answers'].pop()\nwrite(result)", "each of the 4 questions"),
        (RESULT + "result['milliseconds'] = []\nwrite(result)", "each of the 4 questions"),
        (RESULT + "result['passages'][2] = ['b:1-2']\nwrite(result)", "there is not: 'b:1-2'"),
    ],
)
def test_what_a_worker_does_wrong_is_the_reason(tmp_path, body, reason):
    with pytest.raises(PeerError, match=reason):
        run_fake(tmp_path, body)


def test_a_reader_reaches_the_worker(tmp_path):
    body = RESULT + "result['answers'] = [Path(job['reader']).name] * 4\nwrite(result)"
    assert run_fake(tmp_path, body, tmp_path / "reader").answers == ["reader"] * 4


def test_a_worker_that_hangs_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(protocol, "WORK_LIMIT", 0.5)
    with pytest.raises(PeerError, match="timed out"):
        run_fake(tmp_path, "import time; time.sleep(60)")


# the harness, with a peer that needs nothing installed


HARNESS_WORKER = """
sys.path.insert(0, {folder!r})
from harness import Found, work


class Echo:
    def __init__(self, job):
        self.job = job

    def index(self, passages):
        self.passages = passages

    def search(self, question):
        return Found([p.id for p in self.passages] * 9, self.passages[0].text + question)


work(Echo, ["pip"])
"""


def test_the_harness_speaks_the_protocol(tmp_path):
    folder = str(YOUJU.worker.parent)
    said = run_fake(tmp_path, HARNESS_WORKER.format(folder=folder))
    assert said.answers[1] == "海拔4700米。问2？"
    assert [len(ids) for ids in said.passages] == [10] * 4
    assert [len(run) for run in said.milliseconds] == [4, 4]
    assert set(said.versions) == {"pip", "python"}
    assert said.peak_megabytes is None or said.peak_megabytes > 1


# the command


def test_every_system_has_its_files_and_differing_settings():
    for system in (YOUJU, *PEERS):
        assert system.worker.is_file()
        assert len({setting.label for setting in system.settings}) == len(system.settings)
    for peer in PEERS:
        lines = peer.requirements.read_text(encoding="utf-8").splitlines()
        assert all("==" in x or x == "torch~=2.13.0" for x in lines if not x.startswith("#"))


def test_answers_are_measured_only_with_a_reader():
    haystack = PEERS[0]
    assert haystack.answer not in command.settings_of(haystack, None)
    assert command.settings_of(haystack, Path("reader"))[-1] is haystack.answer


def test_a_peer_that_fails_is_in_the_table_and_the_rest_goes_on(tmp_path, monkeypatch, capsys):
    def ensure(system, folder):
        if system.name == "txtai":
            raise PeerError("pip cannot install txtai.txt: no network")
        return Path(sys.executable)

    def run(python, system, setting, folder, runs, reader):
        asked = json.loads((folder / "questions.json").read_bytes())
        first = json.loads((folder / "passages.json").read_bytes())[0]["id"]
        n = len(asked)
        return outcome(milliseconds=[[1.0] * n] * runs, passages=[[first]] * n, answers=[None] * n)

    monkeypatch.setattr(command, "ensure_environment", ensure)
    monkeypatch.setattr(command, "run_worker", run)
    output = tmp_path / "peers.json"
    arguments = ["--split", "all", "--questions", "3", "--peers", "txtai", "langchain"]
    command.main([*arguments, "--output", str(output)])
    shown = capsys.readouterr().out
    assert "| txtai | dense (failed: pip cannot install txtai.txt: no network) |" in shown
    assert "| LangChain | hybrid, jieba, titles |" in shown
    assert "--split all --questions 3" in shown
    result = json.loads(output.read_text(encoding="utf-8"))
    rows = [row for split in result["splits"].values() for row in split["rows"]]
    assert {row["system"] for row in rows} == {"Youju", "txtai", "LangChain"}
    assert sum(len(split["questions"]) for split in result["splits"].values()) == 3
    assert result["commit"]


# environments


@pytest.fixture
def installs(monkeypatch):
    """Counts how often an environment is made, and makes none."""
    done = []

    def create(environment, **_):
        environment.mkdir(parents=True, exist_ok=True)
        done.append(environment)

    monkeypatch.setattr(environments.venv, "create", create)
    monkeypatch.setattr(environments, "_install", lambda *_: None)
    return done


def test_an_environment_is_made_once_and_again_when_requirements_change(tmp_path, installs):
    class Fake(System):
        requirements = tmp_path / "fake.txt"

    Fake.requirements.write_text("peer==1\n", encoding="utf-8")
    system = Fake("fake", "Fake", ())
    for _ in range(2):
        python = environments.ensure_environment(system, tmp_path / "environments")
    assert len(installs) == 1
    assert python.parent.parent == tmp_path / "environments" / "fake"
    Fake.requirements.write_text("peer==2\n", encoding="utf-8")
    environments.ensure_environment(system, tmp_path / "environments")
    assert len(installs) == 2


def test_a_failed_install_names_what_pip_said(tmp_path):
    fake_pip = tmp_path / "python"
    fake_pip.write_text("#!/bin/sh\necho 'ERROR: No matching distribution'\nexit 1\n")
    fake_pip.chmod(0o755)
    requirements = PEERS[0].requirements
    with pytest.raises(PeerError, match=r"haystack.txt: ERROR: No matching distribution"):
        environments._install(fake_pip, requirements, tmp_path / "log")
