import pytest

from corpus.spacing import close_up


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("2025 年 8 月 16 日", "2025年8月16日"),
        ("增长 25.1 %，共\u00a08365\u3000亿元", "增长25.1%，共8365亿元"),
        ("义乌 进出口 OPEC 5 G", "义乌 进出口 OPEC 5 G"),
        ("3 5 7 ", "3 5 7 "),
        ("", ""),
    ],
)
def test_only_spaces_between_figures_and_chinese_characters_go(text, closed):
    assert close_up(text)[0] == closed


def test_every_character_knows_where_it_stood():
    text = "到 2025 年底， 共 5118 个"
    closed, places = close_up(text)
    assert closed == "到2025年底， 共5118个"
    assert "".join(text[place] for place in places[:-1]) == closed
    assert places[len(closed)] == len(text)
