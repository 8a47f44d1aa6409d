"""Ray makes the shards that one process makes, and says in one line what is wrong."""

import json
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from corpus import Article, Section
from index import (
    EncoderError,
    ShardError,
    build_index,
    embed_shard,
    embed_with_ray,
    load_shards,
    ray_shards,
)
from qa.cli import main

ARTICLES = [
    Article(f"b{n}", f"第{n}篇的标题", (Section(None, (f"云溪镇的第{n}座桥长{n}20米。",)),))
    for n in range(1, 10)
]


@pytest.fixture(scope="module")
def cluster():
    """Ray on this machine, which the calls find connected; its workers find this Youju."""
    ray = pytest.importorskip("ray", reason="ray is not installed: pip install 'youju[ray]'")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    root = str(Path(__file__).parents[1])
    ray.init(
        num_cpus=2, include_dashboard=False, log_to_driver=False,
        runtime_env={"env_vars": {"PYTHONPATH": root}},
    )  # fmt: skip
    yield ray
    ray.shutdown()


def test_the_shards_are_those_of_one_process_and_load_into_the_same_index(cluster, tmp_path):
    steps = []
    made = embed_with_ray(ARTICLES, 4, tmp_path / "ray", "fast", lambda *step: steps.append(step))
    alone = [embed_shard(ARTICLES, part, 4, tmp_path / "alone", "fast") for part in range(1, 5)]
    assert [header for _, header in made] == [header for _, header in alone]
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    for (ours, _), (theirs, _) in zip(made, alone, strict=True):
        assert ours.name == theirs.name
        assert ours.read_bytes() == theirs.read_bytes()
    loaded = load_shards([file for file, _ in made], tmp_path / "loaded")
    assert loaded == build_index(ARTICLES, tmp_path / "built", "fast")
    assert cluster.is_initialized()


def test_what_is_there_is_not_made_again_and_what_is_missing_is(cluster, tmp_path):
    made = embed_with_ray(ARTICLES, 2, tmp_path, "fast")
    [first, second] = [file for file, _ in made]
    before = first.stat().st_mtime_ns
    second.unlink()
    assert embed_with_ray(ARTICLES, 2, tmp_path, "fast") == made
    assert first.stat().st_mtime_ns == before


def test_an_error_of_a_task_is_that_of_one_process(cluster, tmp_path):
    with pytest.raises(EncoderError) as alone:
        embed_shard(ARTICLES, 1, 2, tmp_path, "no/such/folder/x")
    with pytest.raises(EncoderError) as error:
        embed_with_ray(ARTICLES, 2, tmp_path, "no/such/folder/x")
    assert str(error.value) == str(alone.value)


def test_a_shard_that_is_not_seen_from_here_names_what_to_share(cluster, tmp_path, monkeypatch):
    result = "index.ray_shards._result"
    monkeypatch.setattr(result, lambda ray, done, part, n: (tmp_path / f"{part}.sqlite", None))
    with pytest.raises(ShardError, match="give --output a folder that all machines share"):
        embed_with_ray(ARTICLES, 1, tmp_path, "fast")


def test_the_command_makes_all_parts(cluster, tmp_path):
    lines = [{"id": a.id, "title": a.title, "text": a.text} for a in ARTICLES]
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    done = run(
        "embed", file, "--ray", "--parts", 3, "--output", tmp_path / "s", "--encoder", "fast"
    )
    assert done.exit_code == 0, done.output
    assert done.stdout == (
        f"3 parts: 9 articles, 9 passages in {tmp_path / 's'}; "
        f"join them: youju load {tmp_path / 's'}\n"
    )
    assert run("load", tmp_path / "s", "--index", tmp_path / "i").exit_code == 0
    shutil.rmtree(tmp_path / "s")


def run(*arguments):
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def test_without_ray_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    (tmp_path / "a.md").write_text("# 标题\n\n一句话。\n", encoding="utf-8")
    failed = run("embed", tmp_path / "a.md", "--ray", "--output", tmp_path / "s")
    assert failed.exit_code == 1
    assert failed.stderr == (
        "Error: embedding with Ray needs ray, which is not installed; "
        "run: pip install 'youju[ray]'\n"
    )


class Away:
    """Ray, but nothing answers, or nothing is made."""

    exceptions = SimpleNamespace(RayError=RuntimeError)

    def __init__(self, error=None):
        self.error = error

    def is_initialized(self):
        return False

    def init(self, **_):
        raise self.error

    def get(self, _):
        raise self.error


@pytest.mark.parametrize(
    ("address", "where"),
    [("10.0.0.1:6379", "at 10.0.0.1:6379, which RAY_ADDRESS names"), (None, "on this machine")],
)
def test_a_cluster_that_is_away_is_named(tmp_path, monkeypatch, address, where):
    monkeypatch.setitem(sys.modules, "ray", Away(ConnectionError("many\nlines")))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_NUM_REDIS_GET_RETRIES", "1")
    if address:
        monkeypatch.setenv("RAY_ADDRESS", address)
    with pytest.raises(ShardError, match=f"cannot connect to Ray {where}; start it there with"):
        embed_with_ray(ARTICLES, 2, tmp_path, "fast")


def test_a_task_that_ray_gave_up_is_named_in_one_line():
    with pytest.raises(ShardError) as error:
        ray_shards._result(Away(RuntimeError("worker died\nand more")), None, 2, 3)
    assert str(error.value) == (
        "Ray could not make part 2 of 3 (worker died); every machine needs this Youju; "
        "run the same again: parts that are there are not made again"
    )


@pytest.mark.parametrize(
    "options", [(), ("--ray", "--shard", "1/2"), ("--shard", "1/2", "--parts", "2")]
)
def test_a_part_and_ray_exclude_each_other(tmp_path, options):
    failed = run("embed", tmp_path, *options, "--output", tmp_path / "s")
    assert failed.exit_code == 2


def test_no_parts_are_none(tmp_path):
    with pytest.raises(ValueError, match="at least 1"):
        embed_with_ray(ARTICLES, 0, tmp_path)
