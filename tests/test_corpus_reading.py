"""Reading files: what is accepted, and what each error says."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import Article, CorpusError, Section, YoujuError, read_articles
from corpus.finding import SUFFIXES
from corpus.formats.jsonl import parse_jsonl
from corpus.formats.markdown import parse_markdown

LINE = '{"id": "1", "title": "题", "text": "甲。"}'
FULL_WIDTH_COLON = "title：题"


def read(folder: Path, name: str, content: str | bytes) -> list[Article]:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_articles([file]).require_all().articles)


def parse_line(**record: object) -> Article:
    line = json.dumps({"id": "1", "title": "题", "text": "甲。", **record})
    return next(read_lines(line))


def read_lines(lines: str) -> Iterator[Article]:
    for found in parse_jsonl(lines, Path("news.jsonl")):
        if isinstance(found, CorpusError):
            raise found
        yield found


# What is accepted: JSON lines


def test_a_json_line_becomes_an_article_and_its_line_breaks_paragraphs():
    article = parse_line(
        text="甲。\n\n 乙。 \r\n丙。", date="2026年5月3日", source="报", byline="人", section="版"
    )
    assert article == Article(
        "1", "题", (Section("版", ("甲。", "乙。", "丙。")),),
        source="报", byline="人", date="2026-05-03",
    )  # fmt: skip


def test_json_numbers_are_read_as_text_and_null_as_absent():
    article = parse_line(id=7, date=2026, source=None)
    assert (article.id, article.date, article.source) == ("7", "2026", None)


def test_json_values_that_are_blank_are_absent():
    blank = dict.fromkeys(("date", "source", "byline", "section"), "")
    assert parse_line(**blank) == parse_line(**dict.fromkeys(blank, " ")) == parse_line()


def test_a_json_date_may_be_a_number_of_eight_digits():
    assert parse_line(date=20261001).date == "2026-10-01"


def test_json_keys_that_are_not_known_are_ignored():
    assert parse_line(url="https://example.org", views=3) == parse_line()


def test_blank_json_lines_are_skipped():
    articles = list(read_lines(f"\n{LINE}\n \n"))
    assert [a.id for a in articles] == ["1"]


def test_a_line_separator_inside_a_json_string_does_not_end_the_line():
    line = LINE.replace("题", "上\u2028下")
    assert [a.title for a in read_lines(line)] == ["上\u2028下"]


# What is accepted: Markdown


def test_markdown_without_front_matter_takes_title_from_heading_and_id_from_file():
    article = parse_markdown("# 题\n\n甲。\n\n## 小标题\n乙。\n\n丙。\n", Path("报/a-1.md"))
    assert article == Article(
        "a-1", "题", (Section(None, ("甲。",)), Section("小标题", ("乙。", "丙。")))
    )


def test_markdown_without_any_title_is_named_after_its_file():
    article = parse_markdown("甲。", Path("a-1.md"))
    assert (article.id, article.title) == ("a-1", "a-1")


def test_front_matter_gives_the_attributes_of_the_article():
    front = "id: x\ntitle: 题\nbyline: 人\ndate: 2026-05-03\ncaptions: [图一, 图二]\n"
    article = parse_markdown(f"---\n{front}is_title_editorial: true\n---\n甲。", Path("a.md"))
    assert article == Article(
        "x", "题", (Section(None, ("甲。",)),), byline="人", date="2026-05-03",
        captions=("图一", "图二"), is_title_editorial=True,
    )  # fmt: skip


def test_a_first_level_heading_is_a_section_when_front_matter_has_the_title():
    article = parse_markdown("---\ntitle: 题\n---\n# 上 #\n甲。", Path("a.md"))
    assert (article.title, article.sections) == ("题", (Section("上", ("甲。",)),))


@pytest.mark.parametrize(
    ("line", "heading"),
    [("## 学习C#", "学习C#"), ("## 上 ##", "上"), ("## C# #", "C#"), ("## 上##", "上##")],
)
def test_marks_after_a_heading_are_part_of_it_unless_a_blank_divides_them(line, heading):
    assert parse_markdown(f"{line}\n甲。", Path("a.md")).sections[0].heading == heading


def test_front_matter_that_is_blank_is_absent():
    article = parse_markdown("---\ntitle: ' '\nsource: '\t'\n---\n# 题\n甲。", Path("a.md"))
    assert article == Article("a", "题", (Section(None, ("甲。",)),))


def test_a_line_break_is_dropped_between_chinese_characters_and_a_space_in_latin_text():
    article = parse_markdown("义乌\n市场\nYiwu\nmarket\n很大。", Path("a.md"))
    assert article.text == "义乌市场Yiwu market很大。"


def test_inline_markup_and_marks_that_are_no_heading_are_taken_literally():
    article = parse_markdown("**甲** [乙](丙)\n\n#话题 丁\n\n- 戊", Path("a.md"))
    assert [p.text for p in article.paragraphs] == ["**甲** [乙](丙)", "#话题 丁", "- 戊"]


# What is accepted: files and folders


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("news.jsonl", LINE.encode("utf-8-sig")),
        ("news.jsonl", LINE.encode() + b"\r\n"),
        ("news.JSONL", LINE.encode()),
        ("news.jsonl.gz", gzip.compress(LINE.encode())),
        ("news.jsonl.gz", gzip.compress(LINE.encode("utf-8-sig") + b"\r\n")),
        ("1.md", "# 题\n\n甲。".encode()),
        ("1.md", "# 题\n\n甲。".encode("utf-8-sig")),
        ("1.md", "---\r\ntitle: 题\r\n---\r\n\r\n甲。\r\n".encode()),
        ("1.md", "---\rtitle: 题\r---\r\r甲。\r".encode()),
        ("1.md", "---\ntitle: 题\n---\n甲。".encode("utf-8-sig")),
    ],
)
def test_byte_order_mark_line_ends_and_compression_change_nothing(tmp_path, name, content):
    assert read(tmp_path, name, content) == [Article("1", "题", (Section(None, ("甲。",)),))]


def test_a_folder_is_read_with_its_sub_folders_in_the_order_of_names(tmp_path):
    for name in ("b.md", "a/z.md", "a/y.jsonl", "c/d/e.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        text = LINE if name.endswith("jsonl") else f"{name}。"
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [a.id for a in read_articles([tmp_path]).articles] == ["1", "z", "b", "e"]


def test_hidden_files_and_folders_and_other_formats_are_skipped(tmp_path):
    for name in (".a.md", ".git/b.md", "c/.d/e.md", "notes.xls", "~$notes.docx", "c/f.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("甲。", encoding="utf-8")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "c")
    reading = read_articles([str(tmp_path)])
    assert [a.id for a in reading.articles] == ["f"]
    assert {str(one.file.relative_to(tmp_path)): one.reason for one in reading.skipped} == {
        ".a.md": "hidden", ".git": "hidden", "c/.d": "hidden", "~$notes.docx": "hidden",
        "notes.xls": "unknown format", "folder.md": "empty folder",
        "link": "link to a folder; name the folder itself",
    }  # fmt: skip
    assert reading.failed == ()


def test_a_hidden_folder_that_is_named_is_read(tmp_path):
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "a.md").write_text("甲。", encoding="utf-8")
    assert [a.id for a in read_articles([tmp_path / ".hidden"]).articles] == ["a"]


def test_paths_are_read_in_the_order_given(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(f"{name}。", encoding="utf-8")
    paths = [tmp_path / "b.md", tmp_path / "a.md"]
    assert [a.id for a in read_articles(paths).articles] == ["b", "a"]


# What each error says


def test_errors_are_meant_for_the_user():
    assert issubclass(CorpusError, YoujuError)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.md", "", ": the file is empty"),
        ("a.jsonl", "\ufeff \n\n", ": the file is empty"),
        ("a.jsonl.gz", gzip.compress(b""), ": the file is empty"),
        ("a.md", "甲\n乙\n".encode() + b"\xff", ":3: not UTF-8 (byte 0xff), nor Chinese in"),
        ("a.jsonl.gz", b"{}", ": not a gzip file, or cut short: "),
        ("a.jsonl.gz", gzip.compress(LINE.encode())[:-4], ": not a gzip file, or cut short: "),
        ("a.jsonl.gz", gzip.compress(LINE.encode())[:12] + b"\xff" * 20, ": not a gzip file, or"),
    ],
)
def test_a_file_that_cannot_be_decoded_is_named(tmp_path, name, content, message):
    with pytest.raises(CorpusError, match=re.escape(f"{tmp_path / name}{message}")):
        read(tmp_path, name, content)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{oops}", "not JSON: Expecting property name enclosed in double quotes at column 2"),
        ("[1]", "expected an object, found list"),
        ('{"id": "1", "text": "甲"}', "missing key 'title' (found: id, text)"),
        (LINE.replace('"1"', '""'), "'id' is empty"),
        (LINE.replace("题", " "), "'title' is empty"),
        (LINE.replace('"题"', "null"), "'title' is empty"),
        (LINE.replace("甲。", r"\n \n"), "'text' is empty"),
        (LINE.replace('"甲。"', "null"), "'text' is empty"),
        (LINE.replace('"甲。"', '["甲。"]'), "'text' must be text, found list"),
        (LINE.replace('"1"', "true"), "'id' must be text, found bool"),
        (LINE.replace('"1"', "1.5"), "'id' must be text, found float"),
        (LINE.replace("}", ', "date": "昨天"}'), "date: '昨天' is not a date such as 2026-05-03"),
        (
            LINE.replace("}", ', "date": "2026-02-30"}'),
            "date: '2026-02-30' is not a date: day is out of",
        ),
    ],
)
def test_a_malformed_json_line_is_named_with_its_number(tmp_path, line, message):
    before = LINE.replace('"1"', '"0"')
    with pytest.raises(CorpusError, match=re.escape(f"{tmp_path / 'a.jsonl'}:3: {message}")):
        read(tmp_path, "a.jsonl", f"{before}\n\n{line}\n{LINE}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("---\ntitle: 题\nid: [\n---\n甲。", ":4: front matter is not YAML: "),
        ("---\ntitle: a: b\n---\n甲。", ":2: front matter is not YAML: mapping values are not"),
        ("---\ntitle: \x01\n---\n甲。", ": front matter is not YAML: "),
        ("---\n- 题\n---\n甲。", ":2: front matter must be 'key: value' lines"),
        (f"---\n{FULL_WIDTH_COLON}\n---\n甲。", ":2: front matter must be 'key: value' lines"),
        ("---\ntitle: 题\n---\n", ": no text; an article needs at least one paragraph"),
        ("# 题\n\n## 小标题\n", ": no text; an article needs at least one paragraph"),
        ("---\ndate: 昨天\n---\n甲。", ": date: '昨天' is not a date such as 2026-05-03"),
        ("---\ndate: '2026-02-30'\n---\n甲。", ": date: '2026-02-30' is not a date: day is out of"),
    ],
)
def test_malformed_markdown_is_named(tmp_path, content, message):
    with pytest.raises(CorpusError, match=re.escape(f"{tmp_path / 'a.md'}{message}")):
        read(tmp_path, "a.md", content)


def test_a_missing_path_is_named(tmp_path):
    with pytest.raises(CorpusError, match=re.escape(f"{tmp_path / 'a.md'}: no such file or folde")):
        read_articles([tmp_path / "a.md"])


def test_an_unknown_format_is_named_with_the_known_ones(tmp_path):
    known = "unknown format (known: .md, .txt, .jsonl, .jsonl.gz, "
    with pytest.raises(CorpusError, match=re.escape(f"{tmp_path / 'a.xls'}: {known}")):
        read(tmp_path, "a.xls", "甲。")


def test_a_file_that_the_system_refuses_is_named_with_its_reason(tmp_path, monkeypatch):
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (tmp_path / "a.md").touch()
    with pytest.raises(CorpusError, match=r"a\.md: cannot be read: Permission denied"):
        read_articles([tmp_path / "a.md"])


def test_an_id_used_twice_is_named_with_both_files(tmp_path):
    (tmp_path / "a.jsonl").write_text(LINE, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(LINE + "\n", encoding="utf-8")
    message = f"b.jsonl: article id '1' is already used in {tmp_path / 'a.jsonl'}; give each"
    reading = read_articles([tmp_path])
    assert (len(reading.articles), reading.read) == (1, (tmp_path / "a.jsonl",))
    with pytest.raises(CorpusError, match=re.escape(message)):
        reading.require_all()


def test_an_id_used_twice_in_one_file_is_an_error(tmp_path):
    with pytest.raises(CorpusError, match="article id '1' is already used in"):
        read(tmp_path, "a.jsonl", f"{LINE}\n{LINE}")


def test_no_article_at_all_is_an_error(tmp_path):
    (tmp_path / "a.xls").touch()
    looked_for = r"\(looked for \.md, \.txt, \.jsonl, .*\.csv\)"
    with pytest.raises(
        CorpusError, match=f"no articles found in {re.escape(str(tmp_path))} {looked_for}"
    ):
        read_articles([tmp_path])
    with pytest.raises(CorpusError, match=f"no articles found in nothing {looked_for}"):
        read_articles([])


# Bugs found while these tests were written


def test_the_line_of_a_bad_byte_is_right_after_a_byte_order_mark(tmp_path):
    with pytest.raises(CorpusError, match=r":2: not UTF-8 \(byte 0xff\),"):
        read(tmp_path, "a.md", "甲\n".encode("utf-8-sig") + b"\xff")


@pytest.mark.parametrize(
    "front",
    [
        "date: 2026-02-30",
        "captions: 5",
        "captions: 图一",
        "title: [a]",
        "date_basis: guessed",
        'title: "\\ud800"',
        'captions: ["\\ud800"]',
    ],
)
def test_front_matter_of_a_wrong_type_is_an_error_for_the_user(front):
    with pytest.raises(CorpusError):
        parse_markdown(f"---\n{front}\n---\n甲。", Path("a.md"))


def test_other_front_matter_keys_are_ignored():
    """Other programs keep theirs there, such as the tags of note-taking ones."""
    article = parse_markdown("---\n1: a\ntags: [甲]\ntitle: 题\n---\n甲。", Path("a.md"))
    assert article == Article("a", "题", (Section(None, ("甲。",)),))


def test_an_id_of_digits_in_front_matter_keeps_its_zeros():
    assert parse_markdown("---\nid: 001\n---\n甲。", Path("a.md")).id == "001"


@pytest.mark.parametrize(
    "line",
    ["[" * 100_000, f'{{"id": {"1" * 5000}}}', LINE.replace("甲。", r"\ud800")],
    ids=["deep nesting", "number of 5000 digits", "half a surrogate pair"],
)
def test_json_that_python_cannot_hold_is_an_error_for_the_user(line):
    with pytest.raises(CorpusError):
        list(read_lines(line))


# What cannot be read stops nothing else


def test_what_fails_is_named_and_everything_else_is_read(tmp_path):
    (tmp_path / "a.md").write_text("甲。", encoding="utf-8")
    (tmp_path / "b.md").write_text("甲。", encoding="utf-8")
    (tmp_path / "c.md").write_bytes(b"\xff")
    (tmp_path / "d.pdf").write_bytes(b"no pdf")
    (tmp_path / "e.docx").write_bytes(b"no document")
    lines = [LINE, "{oops}", LINE.replace('"1"', '"2"'), LINE]
    (tmp_path / "f.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "g.xls").touch()
    reading = read_articles([tmp_path, tmp_path / "h.txt"])
    assert [article.id for article in reading.articles] == ["a", "1", "2"]
    assert reading.read == (tmp_path / "a.md", tmp_path / "f.jsonl")
    skipped = {one.file.name: one.reason for one in reading.skipped}
    assert skipped == {"b.md": f"the same as {tmp_path / 'a.md'}", "g.xls": "unknown format"}
    failed = [(one.file.name, one.place, one.reason.split(" (")[0]) for one in reading.failed]
    assert [(name, place) for name, place, _ in failed] == [
        ("h.txt", ""), ("c.md", ":1"), ("d.pdf", ""), ("e.docx", ""), ("f.jsonl", ":2"),
        ("f.jsonl", ""),
    ]  # fmt: skip
    assert str(reading.failed[4]).startswith(f"{tmp_path / 'f.jsonl'}:2: not JSON: ")


def test_a_file_is_not_called_a_copy_of_one_that_failed(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_bytes(b"\xff")
    (tmp_path / "c.md").write_text("甲。", encoding="utf-8")
    assert [one.file.name for one in read_articles([tmp_path]).failed] == ["a.md", "b.md"]


def test_files_of_one_name_have_ids_of_their_own(tmp_path):
    for name in ("2025/1.md", "2026/1.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(f"{name}。", encoding="utf-8")
    assert [a.id for a in read_articles([tmp_path]).articles] == ["2025/1", "2026/1"]


def test_progress_is_told_after_every_file(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(f"{name}。", encoding="utf-8")
    told: list[tuple[int, int]] = []
    read_articles([tmp_path], lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_if_nothing_can_be_read_the_first_failure_is_the_error(tmp_path):
    for name in ("a.md", "b.md"):
        (tmp_path / name).touch()
    message = re.escape(f"{tmp_path / 'a.md'}: the file is empty (and 1 more)")
    with pytest.raises(CorpusError, match=message):
        read_articles([tmp_path])


@pytest.mark.parametrize("data", [b"", b"\0", b"PK\x03\x04", b"%PDF-1.4", b"\x1f\x8b", b"<" * 99])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_rubbish_of_every_suffix_is_read_or_named(tmp_path, suffix, data):
    (tmp_path / "a.md").write_text("甲。", encoding="utf-8")
    (tmp_path / f"rubbish{suffix}").write_bytes(data)
    reading = read_articles([tmp_path])
    assert len(reading.read) - 1 + len({one.file for one in reading.failed}) == 1
