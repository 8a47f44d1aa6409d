import json
import re
from dataclasses import asdict, fields, replace
from html import unescape
from html.parser import HTMLParser

import ir_measures
import pytest
from ir_measures import RR, R, Success, nDCG

from qa.evaluation.comparison import COMPARED, compare
from qa.evaluation.judging import Judgement
from qa.evaluation.report import format_value, render_report
from qa.evaluation.results import (
    BREAKDOWN,
    QRELS,
    RUN,
    Result,
    ResultError,
    read_baseline,
    write_result,
)
from qa.evaluation.running import RESULT, Settings

SETTINGS = Settings(
    None, "1.0", "bundled", "m" * 64, "c" * 64, 21, 268, {"gold.jsonl": "g" * 64}, "test",
    "fused", "default",
)  # fmt: skip
UNKNOWN = dict.fromkeys(field.name for field in fields(Judgement))
PLAIN = {
    "kind": "answerable", "history": (), "answers": ("320米",), "evidence": ("桥长320米。",),
    "retrieved": (), "relevant": (), "ranks": (), "status": "answered", "answer": "320米",
    "shown_evidence": "桥长320米。", "confidence": 0.5, "conflict": False, "latency_ms": 1.0,
    "exact_match": 1.0, "f1": 1.0, "answer_right": 1.0, "evidence_right": 1.0,
    "evidence_f1": 1.0, "article_right": 1.0, "section_right": 1.0, "citation_exact": 1.0,
}  # fmt: skip
CITATION = {"title": "新桥", "section": None, "paragraph": 2, "start": 17, "end": 21}


def judged(id, **known):
    cited = {"question": f"{id}，多长？", "citation": CITATION}
    return Judgement(**(UNKNOWN | PLAIN | cited | {"id": id} | known))


def ranking(*names):
    return tuple((name, round(1 / n, 4)) for n, name in enumerate(names, 1))


# Names that have what separates the columns of a TREC file, and what a URL escapes.
RIGHT = judged(
    "问 1", type="quantity", shared_wording=0.5, retrieved=ranking("a b:0-9", "a/b:0-9", "c%:1-2"),
    relevant=("a/b:0-9", "a b:20-30"), ranks=(2,),
)  # fmt: skip
TOO_SHORT = judged(
    "q\t2", type="quantity", shared_wording=0.1, retrieved=ranking("c%:1-2", "a b:0-9"),
    relevant=("c%:1-2",), ranks=(1,), answer="3", exact_match=0.0, f1=0.4, answer_right=0.0,
)  # fmt: skip
NOT_FOUND = judged(
    "q3", type="person", retrieved=ranking("a b:0-9"), relevant=("x:0-1",), answer=None,
    citation=None, status="no_answer", reason="没有。", exact_match=0.0, f1=0.0, answer_right=0.0,
    evidence_right=0.0,
)  # fmt: skip
DUE = judged("q4", kind="unanswerable", answers=(), evidence=(), status="no_answer", answer=None,
             citation=None, evidence_right=None)  # fmt: skip
MADE_UP = replace(DUE, id="q5", status="answered", answer="3", answer_right=0.0, citation=CITATION)
ALL = (RIGHT, TOO_SHORT, NOT_FOUND, DUE, MADE_UP)


def result_of(*judgements):
    return Result.of(SETTINGS, "youju evaluate", "2026-05-20T08:00:00+00:00", judgements)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("report")
    write_result(result_of(*ALL), path)
    return path


@pytest.fixture(scope="module")
def result(folder):
    return json.loads((folder / RESULT).read_text(encoding="utf-8"))


def test_result_json_has_exactly_the_documented_keys(result):
    assert list(result) == [
        "format", "command", "date", "settings", "metrics", "parts", "failures", "questions",
    ]  # fmt: skip
    assert (result["format"], result["settings"]) == (1, asdict(SETTINGS))
    assert list(result["metrics"]["mrr"]) == ["value", "low", "high", "n_questions"]
    assert result["questions"][1] == {
        "id": "q\t2", "kind": "answerable", "type": "quantity", "question": "q\t2，多长？",
        "status": "answered", "answer": "3", "confidence": 0.5, "ranks": [1], "exact_match": 0,
        "f1": 0.4, "answer_right": 0, "evidence_right": 1, "item_recall": None,
        "item_precision": None, "latency_ms": 1,
        "failure": "answer too short",
    }  # fmt: skip


def test_parts_hold_their_own_questions_with_degrees_in_order_and_others_by_size(result):
    parts = result["parts"]
    counts = {
        heading: [(name, part["n_questions"]) for name, part in found.items()]
        for heading, found in parts.items()
    }
    assert counts == {
        "kind": [("answerable", 3), ("unanswerable", 2)],
        "type of question": [("quantity", 2), ("person", 1)],
        "difficulty": [("easy", 1), ("hard", 1)],
    }
    quantity = parts["type of question"]["quantity"]
    assert list(quantity) == ["n_questions", *BREAKDOWN]
    # Ranks 2 and 1; one answer of two is right.
    assert (quantity["success@1"]["value"], quantity["answer_right"]["value"]) == (0.5, 0.5)
    assert parts["kind"]["unanswerable"] == {"n_questions": 2}


def test_failures_are_counted_most_first():
    counts = result_of(*ALL, replace(TOO_SHORT, id="again")).failures
    assert next(iter(counts.items())) == ("answer too short", 2)
    rest = {"right passage not in the first 10": 1, "answered, has no answer": 1}
    assert counts == {"answer too short": 2} | rest


def measured(folder):
    """What ir_measures makes of the TREC files, by our names."""
    names = {"success@1": Success @ 1, "success@5": Success @ 5, "mrr": RR,
             "ndcg@10": nDCG @ 10, "recall@10": R @ 10}  # fmt: skip
    qrels = list(ir_measures.read_trec_qrels(str(folder / QRELS)))
    run = list(ir_measures.read_trec_run(str(folder / RUN)))
    found = ir_measures.calc_aggregate(names.values(), qrels, run)
    return {name: found[measure] for name, measure in names.items()}


def test_ir_measures_reads_the_same_figures_out_of_the_trec_files(folder, result):
    """MRR by hand: ranks 2 and 1, and one not found: (1/2 + 1 + 0) / 3."""
    assert result["metrics"]["mrr"]["value"] == pytest.approx(0.5)
    for name, value in measured(folder).items():
        assert result["metrics"][name]["value"] == pytest.approx(value)


def test_passages_of_equal_score_keep_their_rank_in_the_trec_files(tmp_path):
    tie = (("a:0-1", 0.5), ("b:0-1", 0.5), ("c:0-1", 0.5))
    tied = [
        replace(RIGHT, id=f"q{n}", retrieved=tie, relevant=(tie[n - 1][0],), ranks=(n,))
        for n in (1, 2)
    ]
    write_result(result_of(*tied), tmp_path)
    assert measured(tmp_path)["mrr"] == pytest.approx((1 + 1 / 2) / 2)


def test_trec_lines_have_their_columns_whatever_the_names(folder):
    rows = [line.split(" ") for line in (folder / RUN).read_text("utf-8").splitlines()]
    assert rows[0] == ["%E9%97%AE%201", "Q0", "a%20b%3A0-9", "1", "0.999999", "youju"]
    assert {len(row) for row in rows} == {6}
    assert [row[3] for row in rows] == ["1", "2", "3", "1", "2", "1"]
    relevant = [line.split(" ") for line in (folder / QRELS).read_text("utf-8").splitlines()]
    assert relevant[0] == ["%E9%97%AE%201", "0", "a/b%3A0-9", "1"]
    assert not list(folder.glob("*.tmp"))


def test_a_baseline_is_read_back_by_id(folder, result):
    assert read_baseline(folder / RESULT) == {q["id"]: q for q in result["questions"]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is not a result.json of `youju evaluate`"),
        ("{", "is not a result.json of `youju evaluate`"),
        ("[]", "is not a result.json of `youju evaluate`"),
        ("{}", r"is not a result.json of `youju evaluate` \(KeyError: 'format'\)"),
        ('{"format": 1, "questions": [{}]}', r"\(KeyError: 'id'\)"),
        ('{"format": 0}', "has format 0, this Youju compares with 1; make the baseline again"),
    ],
)
def test_a_wrong_baseline_is_a_clear_error(tmp_path, content, message):
    file = tmp_path / "old.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(ResultError, match=message):
        read_baseline(file)


def baseline_of(*judgements):
    return {q["id"]: q for q in result_of(*judgements).to_dict()["questions"]}


def test_differences_and_changes_both_ways_worked_by_hand():
    """Before: right, too short, not found; now too short, right, not found."""
    worse = replace(RIGHT, answer="3", answer_right=0.0, exact_match=0.0, f1=0.4, ranks=(20, 30))
    better = replace(TOO_SHORT, answer="320米", answer_right=1.0, exact_match=1.0, f1=1.0)
    before = baseline_of(*ALL, judged("only before"))
    now = (worse, better, NOT_FOUND, DUE, MADE_UP, judged("only now"))
    comparison = compare(now, before)
    assert comparison.n_shared == 5
    assert [d.name for d in comparison.differences] == list(COMPARED)
    found = {d.name: d for d in comparison.differences}
    # Over the three answerable ones.
    f1 = found["f1"]
    assert (f1.baseline, f1.value) == (pytest.approx(1.4 / 3), pytest.approx(1.4 / 3))
    assert (f1.n_better, f1.n_worse, f1.is_clear) == (1, 1, False)
    mrr = found["mrr"]
    assert mrr.baseline == pytest.approx((1 / 2 + 1) / 3)
    assert mrr.value == pytest.approx((1 / 20 + 1) / 3)
    assert (mrr.n_better, mrr.n_worse) == (0, 1)
    assert mrr.low <= mrr.value - mrr.baseline <= mrr.high
    assert (found["success@10"].baseline, found["success@10"].value) == (2 / 3, 1 / 3)
    assert [(c.judgement.id, c.before, c.is_better) for c in comparison.changes] == [
        ("问 1", "320米", False),
        ("q\t2", "3", True),
    ]


def test_a_difference_is_clear_where_every_question_changed_alike():
    """Paired: both runs vary, their difference does not."""
    questions = [judged(f"q{n}", ranks=(n % 2 + 2,)) for n in range(8)]
    before = {i: q | {"exact_match": 0, "ranks": []} for i, q in baseline_of(*questions).items()}
    found = {d.name: d for d in compare(questions, before).differences}
    em = found["exact_match"]
    assert (em.low, em.high, em.n_better, em.n_worse, em.is_clear) == (1, 1, 8, 0, True)
    assert not found["success@1"].is_clear


def test_a_question_in_other_words_is_not_shared():
    comparison = compare([replace(RIGHT, question="又一问？"), DUE], baseline_of(RIGHT, DUE))
    assert (comparison.n_shared, comparison.differences, comparison.changes) == (1, (), ())


class LoadedAddresses(HTMLParser):
    """What a browser would fetch for a page."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        names = ("src", "srcset", "href", "xlink:href", "data", "action", "poster")
        self.found += [value for name, value in attrs if name in names]


ATTACK = "<script>alert('1')</script>"


@pytest.fixture(scope="module")
def page():
    attacked = replace(
        TOO_SHORT, id="q6", question=ATTACK, answers=(ATTACK,), shown_evidence=ATTACK,
        type=ATTACK, evidence=(ATTACK,), history=(ATTACK,),
    )  # fmt: skip
    judgements = (*ALL, attacked)
    better = baseline_of(*(replace(j, answer=None, answer_right=0.0) for j in judgements))
    return render_report(result_of(*judgements), compare(judgements, better))


def test_the_report_loads_nothing(page):
    parser = LoadedAddresses()
    parser.feed(page)
    addresses = parser.found + re.findall(r"url\(['\"]?([^)'\"]*)", page)
    assert addresses
    assert [address for address in addresses if not address.startswith("#")] == []
    assert "@import" not in page


def test_the_report_runs_no_script_of_a_question(page):
    assert page.count("<script>") == 1
    assert "&lt;script&gt;alert(" in page


def test_the_report_lists_every_wrong_answer_with_its_failure(page):
    items = re.findall(r'<details data-cause="(.*?)">(.*?)</details>', page, re.DOTALL)
    listed = [(unescape(cause), re.search("<code>(.*?)</code>", item)[1]) for cause, item in items]
    assert listed == [
        ("answer too short", "q\t2"),
        ("right passage not in the first 10", "q3"),
        ("answered, has no answer", "q5"),
        ("wrong words", "q6"),
    ]
    assert "What went wrong (4)" in page


def test_the_report_shows_the_figures_the_settings_and_the_comparison(page):
    value = format_value("f1", result_of(*ALL, TOO_SHORT).figures["f1"].value)
    assert f'F1 (CMRC 2018)</th>\n<td class="n"><b>{value}</b></td>' in page
    assert "not a checkout" in page
    assert "Questions that changed (1)" in page
    assert page.count("<svg") == 7


@pytest.mark.parametrize("type_", ["日期", "$\\x$"])
def test_a_part_of_the_questions_may_have_any_name(type_):
    assert type_ in render_report(result_of(replace(RIGHT, type=type_)))


def test_values_are_printed_like_the_paper_prints_them():
    assert [format_value("f1", value) for value in (0, 0.8314, 1)] == [".000", ".831", "1.000"]
    assert format_value("latency_p50", 12.68) == "12.7 ms"
