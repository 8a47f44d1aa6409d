"""What holds for the project as a whole: import direction, exports, documents."""

import ast
import importlib
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from qa.cli import main

ROOT = Path(__file__).parent.parent
LAYERS = ("corpus", "index", "qa", "app")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def modules():
    files = [file for layer in LAYERS[:3] for file in (ROOT / layer).rglob("*.py")]
    return [*files, ROOT / "app.py"]


def imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module


@pytest.mark.parametrize("file", modules(), ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_point_from_app_to_qa_to_index_to_corpus(file):
    layer = LAYERS.index(file.relative_to(ROOT).parts[0].removesuffix(".py"))
    for name in imported(file):
        top = name.split(".")[0]
        assert top not in LAYERS or LAYERS.index(top) <= layer


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("cn2an", "qa/quantities.py"),
        ("datasketch", "index/copies.py"),
        ("docx", "corpus/formats/docx.py"),
        ("faiss", "index/dense.py"),
        ("gradio", "qa/web/gradio.py"),
        ("jieba", "corpus/words.py"),
        ("matplotlib", "qa/evaluation/plots.py"),
        ("onnxruntime", "index/bundled/runner.py"),
        ("opencc", "index/text.py"),
        ("pymilvus", "index/milvus/client.py"),
        ("prometheus_client", "qa/web/metrics.py"),
        ("pypdfium2", "corpus/formats/pdf.py"),
        ("pypinyin", "index/pinyin.py"),
        ("ray", "index/ray_shards.py"),
        ("yaml", "corpus/formats/markdown.py"),
    ],
)
def test_a_heavy_library_is_imported_in_one_file(library, home):
    files = [
        file.relative_to(ROOT).as_posix()
        for file in modules()
        # Training runs elsewhere, the workers of peers in their own environments.
        if not {"training", "workers"} & set(file.parts)
        and any(name.split(".")[0] == library for name in imported(file))
    ]
    assert sorted(files) == home.split()


@pytest.mark.parametrize("name", ["corpus", "index", "qa"])
def test_all_names_what_can_be_imported_sorted(name):
    package = importlib.import_module(name)
    assert package.__all__ == sorted(package.__all__)
    assert all(hasattr(package, export) for export in package.__all__)


def test_the_readme_names_every_command_and_option():
    for name, command in main.commands.items():
        assert f"`youju {name}" in README
        for option in (p for p in command.params if isinstance(p, click.Option)):
            assert any(f"`{flag}" in README for flag in option.opts)


def test_the_python_examples_of_the_readme_run(capsys):
    examples = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.startswith("4700米以上\n聚焦“小而美”以微实事托起雪域高原大民生\n")
    assert "a answered 大陈镇\nb no_answer None\n" in printed


def test_the_console_example_of_the_readme_is_what_is_printed(bundled_index_folder):
    shown = re.search(r"\$ youju ask \"(.*?)\"\n(.*?)```", README, re.DOTALL)
    arguments = ["ask", shown[1], "--index", str(bundled_index_folder)]
    assert CliRunner().invoke(main, arguments).stdout == shown[2]


def test_the_json_of_the_readme_has_the_keys_of_an_answer():
    from qa import Answer

    block = README.split("## JSON")[1].split("```")[1]
    assert re.findall(r'"(\w+)"(?=[:,])', block.split('"citation"')[0])[:3] == [
        "id",
        "question",
        "status",
    ]
    for key in Answer(None, "", "invalid").to_dict():
        assert f'"{key}"' in block


def test_no_document_holds_a_placeholder():
    for file in ROOT.glob("**/*.md"):
        if ".venv" not in file.parts:
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"\bTODO\b|\bFIXME\b|\bFIGURES\b", text), file
