"""Gold questions typed in other ways, and how they are compared."""

from dataclasses import replace

import pytest

from index.pinyin import readings
from qa import Pipeline
from qa.evaluation.gold_files import bundled_gold
from qa.evaluation.typed_forms import FORMS, type_as
from qa.evaluation.variants import compare_forms, table_row

QUESTION = "2025年义乌国际商贸城的客流量是多少？"


def differences(one, other):
    return [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("traditional", "2025年義烏國際商貿城的客流量是多少？"),
        ("full width", "２０２５年义乌国际商贸城的客流量是多少？"),
        ("no mark", "2025年义乌国际商贸城的客流量是多少"),
    ],
)
def test_a_form_without_chance_is_as_a_person_would_type_it(form, typed):
    assert type_as(form, QUESTION) == typed


def test_keywords_keep_what_is_asked_and_leave_particles_out():
    words = type_as("keywords", QUESTION).split()
    assert {"义乌", "多少"} <= set(words)
    assert not {"的", "是", "？"} & set(words)


def test_a_homophone_sounds_the_same():
    typed = type_as("homophone", QUESTION)
    (place,) = differences(QUESTION, typed)
    assert readings(typed[place])[0] == readings(QUESTION[place])[0]


def test_two_neighbours_swap_their_places():
    typed = type_as("swapped", QUESTION)
    first, second = differences(QUESTION, typed)
    assert second == first + 1
    assert sorted(typed) == sorted(QUESTION)


def test_a_dropped_character_leaves_the_others_in_order():
    typed = type_as("dropped", QUESTION)
    assert any(QUESTION[:n] + QUESTION[n + 1 :] == typed for n in range(len(QUESTION)))


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_the_same_every_time_and_takes_questions_without_chinese(form):
    assert type_as(form, QUESTION) == type_as(form, QUESTION)
    assert type_as(form, "GDP")


def test_only_questions_that_a_form_changes_are_compared(bundled_index):
    gold = [q for q in bundled_gold("dev") if q.kind == "answerable"][:1]
    gold.append(replace(gold[0], id="marked", question=gold[0].question.rstrip("？") + "？"))
    gold.append(replace(gold[0], id="bare", question=gold[0].question.rstrip("？")))
    (compared,) = compare_forms(Pipeline(bundled_index), gold, ["no mark"])
    assert (compared.form, compared.n_questions) == ("no mark", 2)
    assert all(0 <= value <= 1 for value in (*compared.written, *compared.typed))
    assert table_row(compared).startswith("no mark         2")
