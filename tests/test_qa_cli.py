import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from index import StoreError
from qa.cli import main
from qa.pipeline import Pipeline

ARTICLE = {
    "id": "n1",
    "title": "新桥通车",
    "text": "云溪镇的新桥昨日通车。\n桥长320米，造价4500万元。",
}


@pytest.fixture
def run(bundled_index_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("YOUJU_INDEX", str(bundled_index_folder))
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments, stdin=None):
        return CliRunner().invoke(main, list(arguments), input=stdin, catch_exceptions=False)

    return run_command


def write_articles(path, *articles):
    lines = (json.dumps(article, ensure_ascii=False) for article in articles)
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def test_ask_prints_answer_evidence_and_citation(run):
    result = run("ask", "印尼展有多少家义乌企业参展？")
    assert result.exit_code == 0
    first, evidence, citation, *_ = result.stdout.splitlines()
    assert first == "129家"
    assert "129家义乌外贸企业" in evidence
    assert citation.strip().startswith("—— 《义乌企业揽获意向订单超5500万元》 · ")
    assert citation.endswith(" · 2026年5月16日（推断） · 第1段")


def test_ask_prints_the_items_of_a_list_with_their_places(run):
    lines = run("ask", "西藏打造了哪些民生类劳务品牌？").stdout.splitlines()
    items = [line.strip() for line in lines if line.startswith("    ")]
    assert [item.partition("（")[0] for item in items] == [
        "1. “日光城育婴师”",
        "2. “拉萨银发护理师”",
    ]
    assert all("段，第" in item for item in items)


def test_ask_json_is_one_object_on_one_line(run):
    result = run("ask", "印尼展有多少家义乌企业参展？", "--json")
    assert result.stdout.count("\n") == 1
    assert json.loads(result.stdout)["answer"] == "129家"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_is_looked_up_in_place_of_a_typing_error_is_said_beside_the_answer(run, options):
    result = run("ask", "尼熊村的海拔是多少？", *options)
    assert result.stderr == "按“尼雄村的海拔是多少？”查找\n"
    assert result.stdout == run("ask", "尼雄村的海拔是多少？").stdout or options
    assert run("ask", "尼雄村的海拔是多少？").stderr == ""
    assert run("search", "尼熊村").stderr == "按“尼雄村”查找\n"


def test_a_batch_says_what_is_looked_up_too(run):
    result = run("ask", "--batch", "-", stdin="尼熊村的海拔是多少？\n李祖村以前叫什么村？\n")
    assert result.stderr == "按“尼雄村的海拔是多少？”查找\n"


def test_a_dictionary_is_built_into_the_index(run, tmp_path):
    file = write_articles(tmp_path / "news.jsonl", ARTICLE)
    names = tmp_path / "names.txt"
    names.write_text("云溪镇的新桥\n", encoding="utf-8")
    index = str(tmp_path / "own")
    assert run("build", file, "--index", index, "--dictionary", str(names)).exit_code == 0
    assert Pipeline.open(index).index.manifest.names == "云溪镇的新桥"
    names.write_text("云 溪\n", encoding="utf-8")
    result = run("build", file, "--index", index, "--dictionary", str(names))
    assert result.exit_code == 1
    assert "names.txt:1: '云 溪' is no name" in result.stderr


def test_a_refusal_is_exit_code_0(run):
    result = run("ask", "今天天气怎么样？", "--json")
    assert (result.exit_code, json.loads(result.stdout)["status"]) == (0, "no_answer")


@pytest.mark.parametrize("question", ["", "  ", "！？", "a\x01b", "长" * 2001])
def test_bad_input_is_exit_code_1_with_one_line(run, question):
    result = run("ask", question)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: 问题")
    assert result.stderr.count("\n") == 1
    as_json = run("ask", question, "--json")
    assert (as_json.exit_code, json.loads(as_json.stdout)["status"]) == (1, "invalid")


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "问", "--batch", "-"],
        ["ask", "问", "--nonsense"],
        ["search", "问", "-k", "0"],
        ["build", "--index", "a", "--store", "file:b"],
        ["serve", "--auth", "name"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_exit_code_2(run, arguments):
    assert run(*arguments).exit_code == 2


def test_a_batch_reads_bare_and_json_lines_and_loses_none(run):
    lines = [
        "印尼展有多少家义乌企业参展？",
        "",
        '{"id": "w", "question": "今天天气怎么样？", "history": ["印尼展在哪里办？"]}',
        '{"question": 3}',
        '{"question": "断了',
        '{"id": 7, "question": "尼雄村的海拔是多少？"}',
        '{"id": null, "question": "尼雄村的海拔是多少？"}',
        '{"id": {}, "question": "尼雄村的海拔是多少？"}',
        '{"question": ' + "[" * 100_000,
        '{"question": ' + "1" * 5_000 + "}",
        '{"question": "\\ud800李祖村"}',
        "？？",
        '{"id": "x", "question": 3}',
    ]
    result = run("ask", "--batch", "-", "--json", stdin="\n".join(lines))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(a["id"], a["status"]) for a in answers] == [
        ("1", "answered"), ("w", "no_answer"), ("4", "invalid"), ("5", "invalid"),
        ("7", "answered"), ("7", "answered"), ("8", "invalid"), ("9", "invalid"),
        ("10", "invalid"), ("11", "invalid"), ("12", "invalid"), ("x", "invalid"),
    ]  # fmt: skip
    assert "第5行不是合法的JSON" in answers[3]["reason"]
    assert result.exit_code == 1
    assert result.stderr == "Error: 8 of the lines are no questions; their status is 'invalid'\n"


def test_a_batch_file_is_read_in_full_before_the_exit_code_is_0(run, tmp_path):
    (tmp_path / "q.txt").write_text("\ufeff李祖村以前叫什么村？\n", encoding="utf-8")
    result = run("ask", "--batch", "q.txt", "--json")
    assert (result.exit_code, json.loads(result.stdout)["answer"]) == (0, "水牛角村")


def test_a_batch_that_is_not_utf8_is_an_error(run, tmp_path):
    (tmp_path / "q.txt").write_bytes("义乌".encode("gb18030"))
    result = run("ask", "--batch", "q.txt", "--json")
    assert result.exit_code == 1
    assert "not UTF-8" in result.stderr


def test_search_json_has_exactly_the_documented_keys_best_first(run):
    result = run("search", "李祖村", "-k", "3", "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert [row["score"] for row in rows] == sorted((r["score"] for r in rows), reverse=True)
    assert list(rows[0]) == [
        "rank", "score", "article_id", "title", "section", "paragraph", "start", "end", "text",
        "scores",
    ]  # fmt: skip
    assert list(rows[0]["scores"]) == ["dense", "lexical", "fused"]
    assert rows[0]["scores"]["fused"] == rows[0]["score"]


def test_search_shows_why_each_passage_ranks(run):
    assert "语义" in run("search", "李祖村", "-k", "1").stdout
    assert run("search", " ").exit_code == 1


def test_own_articles_are_built_and_asked(run, tmp_path):
    source = write_articles(tmp_path / "news.jsonl", ARTICLE)
    built = run("build", source, "--index", "my-index")
    assert built.exit_code == 0
    assert "1 articles, 2 passages indexed in my-index" in built.stdout
    asked = run("ask", "新桥的造价是多少？", "--index", "my-index", "--json")
    assert json.loads(asked.stdout)["answer"] == "4500万元"


def test_build_writes_where_it_says_without_index_or_with_a_store(run, tmp_path):
    source = write_articles(tmp_path / "news.jsonl", ARTICLE)
    run("build", source)
    run("build", source, "--store", f"file:{tmp_path}/by-uri")
    assert (tmp_path / "youju-index" / "articles.sqlite").is_file()
    assert (tmp_path / "by-uri" / "articles.sqlite").is_file()
    assert run("build", source, "--store", "milvus://x").exit_code == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file or folder"),
        (b"", "the file is empty"),
        (b"\xff", "1: not UTF-8"),
        (b'{"id": "1", "title": "t"}', "1: missing key 'text' (found: id, title)"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_left_behind(run, tmp_path, content, message):
    if content is not None:
        (tmp_path / "bad.jsonl").write_bytes(content)
    result = run("build", "bad.jsonl", "--index", "half")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: bad.jsonl")
    assert message in result.stderr
    assert not [path for path in tmp_path.iterdir() if "half" in path.name]


def test_build_names_what_it_could_not_read_and_indexes_the_rest(run, tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    write_articles(folder / "news.jsonl", ARTICLE)
    (folder / "bad.md").write_bytes(b"\xff")
    (folder / "notes.xls").touch()
    built = run("build", str(folder), "--index", "own")
    assert built.exit_code == 0
    assert "1 articles, 2 passages indexed in own" in built.stdout
    lines = built.stderr.splitlines()
    assert lines[0] == f"skipped {folder / 'notes.xls'}: unknown format"
    assert lines[1].startswith(f"failed {folder / 'bad.md'}:1: not UTF-8")
    assert lines[2] == "1 files read, 1 skipped, 1 failed"


def test_build_indexes_nothing_if_it_is_to_be_strict_and_a_file_fails(run, tmp_path):
    source = write_articles(tmp_path / "news.jsonl", ARTICLE)
    (tmp_path / "bad.md").write_bytes(b"\xff")
    built = run("build", source, "bad.md", "--index", "own", "--strict")
    assert built.exit_code == 1
    assert "failed bad.md:1: not UTF-8" in built.stderr
    assert not (tmp_path / "own").exists()
    assert run("build", source, "--index", "own", "--strict").exit_code == 0


def test_build_names_only_so_many_files_that_it_skips(run, tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    write_articles(folder / "news.jsonl", ARTICLE)
    for number in range(12):
        (folder / f"{number}.png").touch()
    built = run("build", str(folder), "--index", "own")
    assert built.stderr.count("unknown format") == 10
    assert "skipped 2 more\n1 files read, 12 skipped, 0 failed" in built.stderr


def test_an_unknown_encoder_and_a_missing_index_say_what_to_do(run, tmp_path):
    source = write_articles(tmp_path / "news.jsonl", ARTICLE)
    built = run("build", source, "--encoder", "no/such-model")
    assert built.exit_code == 1
    assert "encoder 'no/such-model' cannot be loaded" in built.stderr
    assert built.stderr.count("\n") == 1
    asked = run("ask", "新桥", "--index", "nowhere")
    assert 'make one with "youju build' in asked.stderr


def test_a_folder_that_is_no_index_is_never_replaced(run, tmp_path):
    source = write_articles(tmp_path / "news.jsonl", ARTICLE)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("…", encoding="utf-8")
    assert "is not a Youju index" in run("build", source, "--index", "letters").stderr
    assert (tmp_path / "letters" / "dear.txt").exists()


def test_the_bundled_index_is_built_in_the_cache_once_and_mended(monkeypatch, tmp_path):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    steps = []
    Pipeline.open(progress=lambda done, total: steps.append((done, total)))
    assert steps
    assert steps[-1][0] == steps[-1][1]
    again = []
    Pipeline.open(progress=lambda done, total: again.append(done))
    assert again == []
    (folder,) = (tmp_path / "cache").iterdir()
    next(folder.glob("segment-*/vectors.npy")).write_bytes(b"damaged")
    Pipeline.open(progress=lambda done, total: again.append(done))
    assert again


def test_a_cache_that_cannot_be_written_is_a_clear_error(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "file")
    with pytest.raises(StoreError, match="cannot write the index"):
        Pipeline.open()


def test_a_question_that_no_utf8_can_hold_is_bad_input_and_still_json(bundled_index_folder):
    command = [sys.executable, "-m", "qa", "ask", "--json", b"\xff\xe4\xb9\x89"]
    environment = {**os.environ, "YOUJU_INDEX": str(bundled_index_folder)}
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (1, b"")
    assert json.loads(done.stdout)["status"] == "invalid"


def test_asking_phones_nobody_and_leaves_nothing_in_the_cache(bundled_index_folder, tmp_path):
    """onnxruntime reports to its makers unless it is told not to, and keeps a device id."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    command = [sys.executable, "-m", "qa", "ask", "李祖村以前叫什么村？"]
    subprocess.run([*command, "--index", str(bundled_index_folder)], check=True, env=environment)
    # jieba keeps its dictionary in ours.
    assert [path.name for path in tmp_path.iterdir()] == ["youju"]


def test_asking_never_imports_torch(bundled_index_folder):
    program = (
        "import sys; from qa.cli import main\n"
        f"main(['ask', '尼雄村的海拔是多少？', '--index', {str(bundled_index_folder)!r}],"
        " standalone_mode=False)\n"
        "print([name for name in sys.modules if name in ('torch', 'sentence_transformers')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("4700米")
    assert done.stdout.splitlines()[-1] == "[]"
