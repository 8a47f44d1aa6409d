import json
import sys

import pytest
from click.testing import CliRunner

from qa.cli import main as youju
from qa.evaluation.gold_files import read_gold
from qa.evaluation.public_sets import convert_passages, convert_squad, main
from qa.evaluation.squad import SquadError

PASSAGES = [
    {"id": "p1", "title": " 新桥 ", "text": "云溪镇的新桥昨日通车。桥长320米，造价4500万元。"},
    {"id": "p2", "title": "", "text": "新桥长320米。\n老桥只有120米。"},
    {"id": "p3", "title": "老桥", "text": "老桥建于1962年。\n它由石匠李全福主持修建。"},
]
QUESTIONS = [
    {"id": "q1", "question": "新桥有多长？", "answers": ["320米"], "passage_id": "p1",
     "gold_ids": ["p2", "p1", "p3"], "answer_type": "quantity", "question_date": "2026-05-01",
     "unused": 1},
    {"id": "q2", "question": "谁修了老桥？", "answers": ["石匠李全福", "李全福"],
     "passage_id": "p3"},
    {"id": "q3", "question": "新桥是哪天通车的？", "answers": ["5月1日"], "passage_id": "p1"},
]  # fmt: skip
SQUAD = {
    "data": [
        {
            "title": "新桥",
            "paragraphs": [
                {
                    "context": PASSAGES[0]["text"],
                    "qas": [{"id": "q1", "question": "新桥有多长？", "answers": ["320米"]}],
                },
                {
                    "context": PASSAGES[2]["text"],
                    "qas": [{"id": "q2", "question": "老桥哪天拆？", "answers": []}],
                },
            ],
        }
    ]
}


def write_lines(path, records):
    lines = (json.dumps(record, ensure_ascii=False) + "\n\n" for record in records)
    path.write_text("".join(lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def convert(monkeypatch, tmp_path):
    """Runs the program; articles and gold go to the folder that is returned."""

    def run(*sources):
        folder = tmp_path / "made" / "set"
        monkeypatch.setattr(sys, "argv", ["public_sets", *sources, str(folder)])
        main()
        return folder

    return run


def test_every_passage_becomes_an_article_with_a_title():
    articles, _ = convert_passages(PASSAGES, [])
    assert [(article["id"], article["title"]) for article in articles] == [
        ("p1", "新桥"), ("p2", "p2"), ("p3", "老桥"),
    ]  # fmt: skip
    assert articles[1]["text"] == PASSAGES[1]["text"]


def test_the_sentences_with_an_answer_are_evidence_in_every_passage_that_is_named():
    """p3 is named as well, but holds no answer; p1 comes first and once."""
    _, gold = convert_passages(PASSAGES, QUESTIONS)
    assert gold[0] == {
        "id": "q1",
        "question": "新桥有多长？",
        "answers": ["320米"],
        "article_id": "p1",
        "evidence": [
            {"article_id": "p1", "text": "桥长320米，造价4500万元。"},
            {"article_id": "p2", "text": "新桥长320米。"},
        ],
        "type": "quantity",
        "meta": {"question_date": "2026-05-01"},
    }


def test_questions_without_an_answer_in_their_passage_are_left_out():
    assert [record["id"] for record in convert_passages(PASSAGES, QUESTIONS)[1]] == ["q1", "q2"]


def test_an_answer_over_two_sentences_is_its_own_evidence():
    question = QUESTIONS[0] | {"answers": ["通车。桥长"], "gold_ids": []}
    (record,) = convert_passages(PASSAGES, [question])[1]
    assert record["evidence"] == [{"article_id": "p1", "text": "通车。桥长"}]


def test_a_sentence_with_two_answers_is_evidence_once():
    record = convert_passages(PASSAGES, QUESTIONS)[1][1]
    assert record["evidence"] == [{"article_id": "p3", "text": "它由石匠李全福主持修建。"}]


def test_every_context_of_a_squad_file_becomes_an_article():
    articles, gold = convert_squad(SQUAD)
    assert articles == [
        {"id": "0", "title": "新桥", "text": PASSAGES[0]["text"]},
        {"id": "1", "title": "新桥", "text": PASSAGES[2]["text"]},
    ]
    assert [(record["id"], record["answers"]) for record in gold] == [("q1", ["320米"]), ("q2", [])]
    assert gold[0]["evidence"] == [{"text": "桥长320米，造价4500万元。"}]


def test_a_list_without_titles_is_squad_as_well():
    context = {"context_text": "桥长320米。", "qas": [{"query_text": "？", "answers": ["320米"]}]}
    articles, gold = convert_squad([context])
    assert articles == [{"id": "0", "title": "0", "text": "桥长320米。"}]
    assert gold[0]["answers"] == ["320米"]


def test_what_is_no_squad_file_is_an_error():
    with pytest.raises(SquadError, match=r"data\[0\]\.paragraphs: expected list"):
        convert_squad({"data": [{"title": "新桥"}]})


def test_converted_passages_are_built_and_evaluated(convert, capsys, tmp_path):
    folder = convert(
        write_lines(tmp_path / "p.jsonl", PASSAGES), write_lines(tmp_path / "q.jsonl", QUESTIONS)
    )
    assert capsys.readouterr().out == f"3 articles, 2 questions in {folder}; 1 left out\n"
    built = CliRunner().invoke(
        youju, ["build", f"{folder}/articles.jsonl", "--index", f"{folder}/index"]
    )
    assert "3 articles" in built.stdout
    options = ["--index", f"{folder}/index", "--report", f"{folder}/report"]
    done = CliRunner().invoke(youju, ["evaluate", f"{folder}/gold.jsonl", *options])
    assert done.exit_code == 0, done.output
    result = json.loads((folder / "report" / "result.json").read_text(encoding="utf-8"))
    # Four passages, all relevant ones of both questions found.
    assert result["settings"]["n_articles"] == 3
    assert result["metrics"]["recall@10"]["value"] == 1
    assert result["questions"][0]["answer"] == "320米"


def test_converted_squad_is_a_gold_file(convert, capsys, tmp_path):
    source = tmp_path / "set.json"
    source.write_text(json.dumps(SQUAD), encoding="utf-8")
    folder = convert(str(source))
    assert capsys.readouterr().out == f"2 articles, 2 questions in {folder}; 0 left out\n"
    assert [question.kind for question in read_gold(folder / "gold.jsonl")] == [
        "answerable", "unanswerable",
    ]  # fmt: skip
    articles = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(articles[1])["text"] == PASSAGES[2]["text"]


def test_questions_left_out_are_counted(convert, capsys, tmp_path):
    convert(
        write_lines(tmp_path / "p.jsonl", PASSAGES), write_lines(tmp_path / "q.jsonl", QUESTIONS)
    )
    assert "1 left out" in capsys.readouterr().out


def test_three_sources_are_wrong_usage(convert, capsys):
    with pytest.raises(SystemExit) as error:
        convert("a", "b", "c")
    assert error.value.code == 2
    assert "give one SQuAD file, or passages.jsonl and questions.jsonl" in capsys.readouterr().err
