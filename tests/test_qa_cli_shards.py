"""`youju embed` and `youju load`, as a scheduler runs them: each part in a process of its own."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus.reading import BUNDLED_ARTICLES
from index import PassageIndex
from qa.cli import main
from qa.evaluation.gold_files import bundled_gold

N_WORKERS = 4
ROOT = Path(__file__).parents[1]


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def test_four_workers_make_the_index_that_one_build_makes(bundled_index, tmp_path):
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "qa", "embed", BUNDLED_ARTICLES,
             "--shard", f"{part}/{N_WORKERS}", "--output", tmp_path / "shards"],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for part in range(1, N_WORKERS + 1)
    ]  # fmt: skip
    for part, worker in enumerate(workers, start=1):
        said, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors
        assert said.startswith(f"part {part} of 4: ")
    loaded = run("load", tmp_path / "shards", "--index", tmp_path / "index")
    assert loaded.stdout.startswith("21 articles, 268 passages loaded into ")
    with contextlib.closing(PassageIndex.open(tmp_path / "index")) as index:
        for gold in (gold for gold in bundled_gold() if gold.split == "dev"):
            expected = bundled_index.search(gold.question, 10)
            assert index.search(gold.question, 10) == expected, gold.question


@pytest.fixture
def shards(tmp_path):
    lines = ({"id": f"b{n}", "title": f"第{n}篇", "text": f"桥长{n}20米。"} for n in range(1, 10))
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    for part in ("1/2", "2/2"):
        done = run("embed", tmp_path / "a.jsonl", "--shard", part, "--output", tmp_path / "s",
                   "--encoder", "fast")  # fmt: skip
        assert done.exit_code == 0
        assert f"part {part[0]} of 2: " in done.stdout
    return sorted((tmp_path / "s").iterdir())


def test_names_of_a_dictionary_are_kept_for_questions(shards, tmp_path):
    (tmp_path / "names.txt").write_text("桥长120米\n", encoding="utf-8")
    loaded = run("load", *shards, "--index", tmp_path / "i", "--dictionary", tmp_path / "names.txt")
    assert loaded.exit_code == 0
    with contextlib.closing(PassageIndex.open(tmp_path / "i")) as index:
        assert index.manifest.names == "桥长120米"
        assert index.manifest.encoder == "fast"


def test_what_is_wrong_is_one_line_with_the_remedy(shards, tmp_path):
    for files, words in (
        (shards[:1], "1 of 2 parts missing: 2; make each with"),
        ([shards[0], shards[0].with_name("x.sqlite")], "no shard"),
        ([tmp_path], f'no shard in {tmp_path}; "youju embed" makes them'),
    ):
        failed = run("load", *files, "--index", tmp_path / "index")
        assert failed.exit_code == 1
        assert words in failed.stderr
        assert failed.stderr.count("\n") == 1
    assert not (tmp_path / "index").exists()


def test_one_file_twice_is_one_part_twice(shards, tmp_path):
    failed = run("load", shards[0], shards[1], shards[1], "--index", tmp_path / "index")
    assert failed.exit_code == 1
    assert "are both part 2 of 2; give each part once" in failed.stderr


@pytest.mark.parametrize("part", ["0/4", "5/4", "1", "1/x", "/", "-1/2"])
def test_a_part_that_is_none_is_wrong_usage(tmp_path, part):
    failed = run("embed", tmp_path, "--shard", part, "--output", tmp_path / "s")
    assert failed.exit_code == 2
    assert "is not I/N such as 1/4" in failed.stderr
