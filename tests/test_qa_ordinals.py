from corpus import Passage
from index import ScoredPassage
from qa.ordinals import without_other_ordinals
from qa.questions import parse_question
from qa.reader import Reading


def reading(text, title="市场"):
    passage = Passage("a", title, None, 1, 0, len(text), text)
    return Reading(ScoredPassage(passage, 0.8, 0.8, 0.8, 0.8), (0, len(text)), (0, 2), 1.0, 0.5)


def kept(question, *readings):
    return without_other_ordinals(parse_question(question), readings)


def test_a_sentence_on_the_second_does_not_answer_for_the_third():
    second = reading("1984年，第二代市场建成。")
    assert kept("第三代市场哪年建成？", second) == []
    assert kept("第二代市场哪年建成？", second) == [second]


def test_digits_and_numerals_number_the_same():
    fifteenth = reading("第十五届大会有40队参加。")
    assert kept("第15届大会有多少队？", fifteenth) == [fifteenth]
    assert kept("第14届大会有多少队？", fifteenth) == []


def test_of_two_that_are_asked_for_either_may_answer():
    first = reading("第一批有20人。")
    assert kept("第一批和第二批各有多少人？", first) == [first]


def test_what_numbers_something_else_or_nothing_is_kept():
    readings = [reading("第二届博览会上，市场开业。"), reading("市场1986年建成。")]
    assert kept("第三代市场哪年建成？", *readings) == readings


def test_a_passage_or_title_that_names_the_one_asked_for_is_kept():
    beside = reading("两年后第二代建成，1986年轮到第三代。")
    titled = reading("第二代商户来了。", title="第三代市场开业")
    assert kept("第三代市场哪年建成？", beside, titled) == [beside, titled]


def test_the_first_one_is_written_in_several_ways():
    first = reading("8月12日，首批物资启程。")
    assert kept("第一批物资哪天启程？", first) == [first]
    assert kept("第二批物资哪天启程？", first) == []
    assert kept("首批物资哪天启程？", reading("8月15日，第二批物资启程。")) == []
