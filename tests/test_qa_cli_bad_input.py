"""What a stranger gets wrong on the command line ends with a sentence that says what to do."""

import errno
import json
import sqlite3

import pytest
from click.testing import CliRunner

from corpus import Article, Section
from index import build_index
from qa.cli import main
from qa.feedback import FeedbackError, FeedbackStore
from qa.web.server import ServerError, _listen

ARTICLES = [
    Article("a", "新桥", (Section(None, ("云溪镇的新桥昨日通车，桥长320米。",)),), source="甲报"),
    Article("b", "水库", (Section(None, ("柳河水库蓄水7亿立方米。",)),), source="乙报"),
]
QUESTION = "新桥长多少米？"
HALF = "新桥\udcff"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stranger") / "index"
    build_index(ARTICLES, folder)
    return folder


@pytest.fixture
def run(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YOUJU_INDEX", str(folder))
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)  # a page would stay

    def run_command(*arguments, stdin=None):
        return CliRunner().invoke(main, list(arguments), input=stdin, catch_exceptions=False)

    return run_command


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", QUESTION, "--index", ""], "it is empty; give a path"),
        (["build", ""], "it is empty; give a path"),
        (["add", ""], "it is empty; give a path"),
        (["export", "--output", ""], "it is empty; give a path"),
        (["evaluate", ""], "it is empty; give a path"),
        (["evaluate", "--report", ""], "it is empty; give a path"),
        (["feedback", "export", "--feedback", ""], "it is empty; give a path"),
        (["load", ""], "it is empty; give a path"),
        (["ask", QUESTION, "--index", "http://host:1"], "is an address; give it with --store"),
        (["list", "--title", HALF], "it is not UTF-8; type it anew"),
        (["search", QUESTION, "--source", HALF], "it is not UTF-8; type it anew"),
        (["remove", HALF], "it is not UTF-8; type it anew"),
        (["serve", "--auth", f"a:{HALF}"], "it is not UTF-8; type it anew"),
        (["serve", "--host", ""], "it is empty; give an address"),
        (["embed", "x", "--output", "s", "--shard", f"1/{10**24}"], "and N at most 1000000"),
        (["embed", "x", "--output", "s", "--shard", "1/" + "9" * 5000], "and N at most 1000000"),
        (
            ["search", QUESTION, "--since", "2027", "--until", "2020-05"],
            "--since 2027 is later than --until 2020-05",
        ),
    ],
)
def test_wrong_usage_says_what_to_do(run, arguments, message):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_day_may_lie_in_the_year_or_month_that_it_is_compared_with(run):
    assert run("list", "--since", "2027-05-03", "--until", "2027").exit_code == 0
    assert run("list", "--since", "2027", "--until", "2027-05-03").exit_code == 0


def test_an_index_named_by_an_empty_variable_is_as_none_at_all(run, monkeypatch, tmp_path):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "nothing")
    monkeypatch.setattr("qa.bundled.open_bundled_index", lambda *_, **__: 1 / 0)
    monkeypatch.setenv("YOUJU_INDEX", "")
    with pytest.raises(ZeroDivisionError):
        run("list")


def test_more_passages_than_any_number_of_the_machine_are_all_there_are(run):
    found = run("search", "新桥水库", "--json", "-k", str(10**20))
    assert len(found.stdout.splitlines()) == 2


def test_where_nothing_is_found_it_is_said_and_which_papers_there_are(run):
    named = "没有来源是“丙报”的报道；来源有：甲报、乙报。\n"
    searched = run("search", QUESTION, "--source", "丙报", "--json")
    assert (searched.exit_code, searched.stdout) == (0, "")
    assert searched.stderr == f"没有找到这样的段落。\n{named}"
    for command in ("list", "export"):
        listed = run(command, "--source", "丙报")
        assert (listed.exit_code, listed.stdout) == (0, "")
        assert listed.stderr == f"没有找到这样的报道。\n{named}"
    assert run("list", "--title", "铁路").stderr == "没有找到这样的报道。\n"
    asked = run("ask", QUESTION, "--source", "丙报", "--json")
    assert json.loads(asked.stdout)["status"] == "no_answer"
    assert asked.stderr == named


def test_where_something_is_found_nothing_is_said(run):
    for arguments in (["list"], ["search", QUESTION], ["ask", QUESTION]):
        assert run(*arguments, "--source", "甲报").stderr == ""


def test_a_batch_without_a_question_is_said_to_be_one(run):
    result = run("ask", "--batch", "-", "--json", stdin="\n \n")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "一行问题也没有。\n")


def test_a_batch_names_the_keys_that_it_does_not_use(run):
    line = json.dumps({"question": QUESTION, "since": "2026"}, ensure_ascii=False)
    result = run("ask", "--batch", "-", "--json", stdin=f"{line}\n")
    assert json.loads(result.stdout)["answer"] == "320米"
    assert result.stderr.startswith("第1行起的字段“since”没有用到；")


def test_a_batch_that_is_not_utf8_says_how_to_save_it(run, tmp_path):
    (tmp_path / "q.txt").write_bytes("义乌".encode("gb18030"))
    assert run("ask", "--batch", "q.txt").stderr.endswith("; save it as UTF-8\n")


def make_database(file):
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE letters (text)")
    connection.commit()
    connection.close()


def test_a_database_that_holds_no_feedback_is_said_to_be_one_and_not_changed(run, tmp_path):
    make_database(tmp_path / "letters.sqlite")
    (tmp_path / "empty.sqlite").touch()
    before = (tmp_path / "letters.sqlite").read_bytes()
    for name in ("letters.sqlite", "empty.sqlite"):
        result = run("feedback", "export", "--feedback", name)
        assert result.exit_code == 1
        assert f"{name} is no feedback file; name another with --feedback" in result.stderr
    with pytest.raises(FeedbackError, match="is no feedback file"):
        FeedbackStore(tmp_path / "letters.sqlite").prepare()
    assert (tmp_path / "letters.sqlite").read_bytes() == before
    assert (tmp_path / "empty.sqlite").read_bytes() == b""


def test_the_page_does_not_start_where_its_feedback_cannot_be_kept(run, tmp_path):
    make_database(tmp_path / "letters.sqlite")
    (tmp_path / "noise").write_bytes(b"noise" * 999)
    for name in ("letters.sqlite", "noise", "noise/inside"):
        result = run("serve", "--port", "0", "--feedback", name)
        assert result.exit_code == 1
        assert "name another with --feedback" in result.stderr
        assert "http://" not in result.output


@pytest.mark.parametrize("host", ["\udc80", "x" * 300, "nobody.invalid"])
def test_a_host_that_is_no_name_is_a_clear_error(host, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.EADDRNOTAVAIL, "not known")

    if host == "nobody.invalid":  # without asking the network
        monkeypatch.setattr("socket.create_server", fail)
    with pytest.raises(ServerError, match="choose another with --host"):
        _listen(host, 0)
