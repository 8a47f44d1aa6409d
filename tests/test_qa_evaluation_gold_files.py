import gzip
import json

import pytest

from qa.evaluation.gold_files import CSV_COLUMNS, GoldError, bundled_gold, read_gold
from qa.evaluation.gold_questions import GoldEvidence, GoldQuestion

BRIDGE = "云溪镇的新桥昨日通车。桥长320米，造价4500万元。"


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines(*records):
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)


def test_our_json_lines_keep_every_field(tmp_path):
    record = {
        "id": "b1", "split": "dev", "kind": "conflict", "type": "length", "paraphrased": True,
        "question": "新桥多长？", "history": ["新桥通车了吗？"], "article_id": "n1",
        "answers": ["320米"], "reason": None, "differ": "value",
        "evidence": [
            {"article_id": "n1", "section": "桥", "text": "桥长320米。", "answer": "320米",
             "date": "昨日"}
        ],
        "meta": {"whatever": ["people", "note"]},
    }  # fmt: skip
    (question,) = read_gold(write(tmp_path / "gold.jsonl", lines(record)))
    assert question == GoldQuestion(
        "b1", "新桥多长？", "conflict", ("320米",),
        (GoldEvidence("桥长320米。", "n1", "桥", "320米", "昨日"),),
        "dev", "length", True, ("新桥通车了吗？",), "n1", None, "value",
    )  # fmt: skip


def test_what_is_left_out_has_a_default(tmp_path):
    text = lines(
        {"question": "新桥多长？", "answers": ["320米"]},
        {"question": "谁造的？", "answers": []},
        {"question": "几号？", "answers": ["昨日"], "id": 7},
    )
    assert read_gold(write(tmp_path / "gold.jsonl", text)) == [
        GoldQuestion("gold.jsonl:1", "新桥多长？", "answerable", ("320米",)),
        GoldQuestion("gold.jsonl:2", "谁造的？", "unanswerable", ()),
        GoldQuestion("7", "几号？", "answerable", ("昨日",)),
    ]


def test_a_byte_order_mark_blank_lines_and_windows_line_ends_are_no_questions(tmp_path):
    rows = lines({"question": "一？", "answers": []}, {"question": "二？", "answers": []})
    text = "\ufeff" + rows.replace("\n", "\r\n\r\n") + "\r\n"
    questions = read_gold(write(tmp_path / "gold.jsonl", text))
    assert [question.question for question in questions] == ["一？", "二？"]


def test_a_line_separator_inside_a_string_ends_no_line(tmp_path):
    text = '{"question": "一\u2028二？", "answers": []}'
    assert read_gold(write(tmp_path / "gold.jsonl", text))[0].question == "一\u2028二？"


@pytest.mark.parametrize(
    "name",
    [
        "gold.jsonl.gz",
        pytest.param("GOLD.JSONL.GZ"),
    ],
)
def test_gzip_is_unpacked_whatever_the_case_of_its_ending(tmp_path, name):
    data = gzip.compress(lines({"question": "一？", "answers": []}).encode("utf-8-sig"))
    assert read_gold(write(tmp_path / name, data))[0].question == "一？"


def test_csv_splits_answers_and_makes_evidence_of_its_cells(tmp_path):
    text = (
        "\ufeffid,question,answers,evidence,article_id,section,split,type\r\n"
        'b1,"桥,多长？",320米 | 三百二十米,桥长320米。,n1,桥,test,length\r\n'
        ",,,,,,,\r\n"
        "b2, 谁造的？ ,,,,,,\r\n"
    )
    first, second = read_gold(write(tmp_path / "gold.csv", text))
    assert first == GoldQuestion(
        "b1", "桥,多长？", "answerable", ("320米", "三百二十米"),
        (GoldEvidence("桥长320米。", "n1", "桥"),), "test", "length", article_id="n1",
    )  # fmt: skip
    assert second == GoldQuestion("b2", "谁造的？", "unanswerable", ())


SQUAD = {
    "data": [
        {
            "title": "桥",
            "paragraphs": [
                {
                    "context": BRIDGE,
                    "qas": [
                        # The published offset is 3 characters out; the words decide.
                        {"id": "b1", "question": "多长？",
                         "answers": [{"text": "320米", "answer_start": 10}]},
                        {"id": "b2", "question": "谁造的？", "is_impossible": True,
                         "answers": [], "plausible_answers": [{"text": "云溪镇"}]},
                    ],
                }
            ],
        }
    ]
}  # fmt: skip
CMRC = [
    {
        "context_id": "c",
        "title": "桥",
        "context_text": BRIDGE,
        "qas": [
            {"query_id": "b1", "query_text": "多长？", "answers": ["320米", "320米"]},
            {"query_id": "b2", "query_text": "谁造的？", "answers": []},
        ],
    }
]


@pytest.mark.parametrize("document", [SQUAD, CMRC])
def test_both_layouts_of_squad_give_the_same_questions(tmp_path, document):
    """The sentence around the answer is the evidence; it names no article."""
    assert read_gold(write(tmp_path / "set.json", json.dumps(document))) == [
        GoldQuestion(
            "b1", "多长？", "answerable", ("320米",), (GoldEvidence("桥长320米，造价4500万元。"),)
        ),
        GoldQuestion("b2", "谁造的？", "unanswerable", ()),
    ]


def test_squad_takes_the_occurrence_at_the_offset_and_answers_over_sentences(tmp_path):
    context = "甲桥长9米。乙桥长9米。"
    answers = [{"text": "9米", "answer_start": 9}, {"text": "9米。乙桥", "answer_start": 3}]
    document = [{"context": context, "qas": [{"question": "？", "answers": answers}]}]
    (question,) = read_gold(write(tmp_path / "set.json", json.dumps(document)))
    assert [e.text for e in question.evidence] == ["乙桥长9米。", "9米。乙桥"]
    assert question.answers == ("9米", "9米。乙桥")


GOOD = {"question": "一？", "answers": ["二"]}


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"answers": []}, "field 'question': Field required"),
        ({"question": "一？"}, "field 'answers': Field required"),
        ({"question": " ", "answers": []}, "field 'question': String should match"),
        ({**GOOD, "answers": "二"}, "field 'answers': Input should be a valid tuple"),
        ({**GOOD, "answers": ["二", ""]}, "field 'answers.1': String should match"),
        ({**GOOD, "answers": [2]}, "field 'answers.0': Input should be a valid string"),
        ({**GOOD, "id": ""}, "field 'id': String should match"),
        ({**GOOD, "id": True}, "field 'id': Input should be a valid string"),
        ({**GOOD, "kind": "easy"}, "field 'kind': Input should be 'answerable', 'unanswerable'"),
        ({**GOOD, "split": "train"}, "field 'split': Input should be 'dev' or 'test'"),
        ({**GOOD, "anwsers": []}, "field 'anwsers': Unexpected keyword argument"),
        ({**GOOD, "evidence": [{"txt": "二"}]}, "field 'evidence.0.text': Field required"),
        (
            {**GOOD, "evidence": [{"text": "二", "answer": "三"}]},
            "field 'evidence': '三' is not in its text",
        ),
        (
            {**GOOD, "kind": "unanswerable"},
            "field 'answers': kind is 'unanswerable' but there are 1 accepted answers",
        ),
        (
            {"question": "一？", "answers": [], "kind": "chat"},
            "field 'answers': kind is 'chat' but there are 0 accepted answers",
        ),
    ],
)
def test_a_wrong_record_is_named_by_file_line_and_field(tmp_path, record, message):
    path = write(tmp_path / "gold.jsonl", lines(GOOD, record))
    with pytest.raises(GoldError) as error:
        read_gold(path)
    assert str(error.value).startswith(f"{path}:2: {message}")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("g.txt", "", ": not a gold file; expected .jsonl, .jsonl.gz, .json or .csv"),
        ("g.gz", b"", ": not a gold file"),
        ("g.jsonl", None, ": cannot be read: "),
        ("g.jsonl", "\n \n", ": holds no questions"),
        ("g.jsonl", "“义乌”".encode("gb18030"), ": not UTF-8 at byte 0; save it as UTF-8"),
        ("g.jsonl.gz", b"plain", ": cannot be read: "),
        ("g.jsonl.gz", gzip.compress(b"cut off")[:-4], ": cannot be read: "),
        ("g.jsonl", '\n{"question": "断了', ":2: not JSON: Unterminated string"),
        ("g.jsonl", "\n[1]", ":2: expected an object, found list"),
        ("g.jsonl", "[" * 100_000, ":1: not JSON"),
        ("g.jsonl", '{"id": ' + "1" * 5_000 + "}", ":1: not JSON that can be read"),
        ("g.jsonl", '{"id": "\\ud800"}', ":1: field 'id'"),
        ("g.json", "{", ": not JSON: "),
        ("g.csv", "question\n一？", ":1: no column 'answers' (found: question)"),
        ("g.csv", "", ":1: no column 'question'"),
        ("g.csv", "question,answers,x\n", ":1: unknown or repeated column 'x' (known: id, "),
        ("g.csv", "question,answers,answers\n", ":1: unknown or repeated column 'answers'"),
        ("g.csv", "question,answers\n一？,二,三\n", ":2: 3 cells under 2 column names"),
        ("g.csv", 'question,answers\n"一？\n', ":2: not CSV: "),
        ("g.csv", 'question,answers\n"一\n？",二\n ,二\n', ":4: field 'question'"),
        ("g.csv", "question,answers,kind\n一？,二,no\n", ":2: field 'kind'"),
    ],
)
def test_a_bad_file_is_named_with_the_line_where_there_is_one(tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        write(path, content)
    with pytest.raises(GoldError) as error:
        read_gold(path)
    assert str(error.value).startswith(f"{path}{message}")
    assert len(str(error.value).splitlines()) == 1


def test_a_damaged_gzip_file_is_a_gold_error(tmp_path):
    data = bytearray(gzip.compress(b"x"))
    data[10] = 0xFF  # the first byte of the packed data names a block type that does not exist
    path = write(tmp_path / "gold.jsonl.gz", bytes(data))
    with pytest.raises(GoldError, match="cannot be read"):
        read_gold(path)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (3, "top level: expected an object"),
        ({}, "data: expected list"),
        ({"data": [{}]}, "data[0].paragraphs: expected list"),
        ({"data": [{"paragraphs": [{}]}]}, "data[0].paragraphs[0].context: expected str"),
        ([{"context": "甲"}], "[0].qas: expected list"),
        ([{"context": "甲", "qas": [{"query_text": 1}]}], "[0].qas[0].question: expected str"),
        ([{"context": "甲", "qas": [{"question": "？"}]}], "[0].qas[0].answers: expected list"),
        (
            [{"context": "甲", "qas": [{"question": "？", "answers": ["甲", {}]}]}],
            "[0].qas[0].answers[1].text: expected str",
        ),
        (
            [{"context": "甲", "qas": [{"question": "？", "answers": ["乙"]}]}],
            "[0].qas[0].answers[0].text: '乙' is not in its context",
        ),
        (
            [{"context": "甲", "qas": [{"question": " ", "answers": ["甲"]}]}],
            "[0].qas[0]: field 'question'",
        ),
    ],
)
def test_a_bad_squad_file_is_named_with_the_place(tmp_path, document, message):
    path = write(tmp_path / "set.json", json.dumps(document))
    with pytest.raises(GoldError) as error:
        read_gold(path)
    assert str(error.value).startswith(f"{path}: {message}")


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("g.jsonl", lines({**GOOD, "id": "a"}, GOOD, {**GOOD, "id": "a"}), ":3"),
        ("g.csv", "id,question,answers\na,一？,\na,二？,\n", ":3"),
        ("g.json", json.dumps([{**CMRC[0], "qas": CMRC[0]["qas"][:1] * 2}]), ": [0].qas[1]"),
    ],
)
def test_an_id_that_comes_twice_is_an_error(tmp_path, name, content, place):
    path = write(tmp_path / name, content)
    with pytest.raises(GoldError) as error:
        read_gold(path)
    used = "b1" if name == "g.json" else "a"
    assert str(error.value) == f"{path}{place}: field 'id': '{used}' was used before"


def test_the_bundled_questions_are_read_whole_or_by_half_in_file_order():
    both = [question.id for question in bundled_gold()]
    dev, test = ([q.id for q in bundled_gold(half)] for half in ("dev", "test"))
    assert [i for i in both if i in set(dev)] == dev
    assert [i for i in both if i in set(test)] == test
    assert sorted(dev + test) == sorted(both)


def test_the_columns_of_a_csv_are_fields_of_a_gold_question():
    assert set(CSV_COLUMNS) <= {*GoldQuestion.__slots__, "section"}
