"""PDF files, made by the tests themselves."""

import io
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from corpus import Article, CorpusError
from corpus.formats.pdf import parse_pdf

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
TITLE = "云溪新桥昨天通车"
PARAGRAPHS = (
    "云溪镇的新桥昨天通车，全长320米，花了三亿元。桥上设双向四车道，两侧有人行道和自行车道，还有路灯。",
    "镇长李明说：“村民进城从40分钟缩短到10分钟。”",
    "据了解，新桥由省交通集团承建，2024年3月动工，历时两年建成，总投资3.2亿元，是镇上最大的工程，"
    "去年完成了全部桥墩，今年春天铺好了桥面，村民们盼了多年。",
)
WIDTH = 300


def wrap(paragraph: str, width: int = WIDTH, indent: str = "　　") -> list[str]:
    lines = [""]
    for character in indent + paragraph:
        if pdfmetrics.stringWidth(lines[-1] + character, FONT, 12) > width:
            lines.append("")
        lines[-1] += character
    return lines


class Paper:
    """Draws lines from the top of a page down."""

    def __init__(self, **options):
        self.file = io.BytesIO()
        self.canvas = Canvas(self.file, **options)
        self.left, self.y = 60, 800

    def line(self, text, size=12, pitch=18):
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(self.left, self.y, text)
        self.y -= pitch

    def paragraphs(self, paragraphs):
        for paragraph in paragraphs:
            for line in wrap(paragraph):
                self.line(line)

    def new_page(self):
        self.canvas.showPage()
        self.y = 800

    def parse(self) -> list[Article | CorpusError]:
        self.canvas.save()
        return list(parse_pdf(self.file.getvalue(), Path("bridge.pdf"), "bridge"))

    def article(self) -> Article:
        (article,) = self.parse()
        return article


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


def test_lines_are_joined_to_paragraphs_and_the_largest_is_the_title():
    paper = Paper()
    paper.line(TITLE, size=22, pitch=40)
    paper.paragraphs(PARAGRAPHS)
    article = paper.article()
    assert (article.title, texts(article)) == (TITLE, list(PARAGRAPHS))


def test_a_title_of_two_lines_is_one():
    paper = Paper()
    paper.line("云溪新桥", size=22, pitch=30)
    paper.line("昨天通车", size=22, pitch=40)
    paper.paragraphs(PARAGRAPHS)
    assert paper.article().title == TITLE


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page():
    for switch in ("column", "page"):
        paper = Paper()
        for line in wrap(PARAGRAPHS[2])[:3]:
            paper.line(line)
        if switch == "page":
            paper.new_page()
        else:
            paper.left, paper.y = 60 + WIDTH + 30, 800
        for line in wrap(PARAGRAPHS[2])[3:]:
            paper.line(line)
        paper.paragraphs(PARAGRAPHS[:1])
        assert texts(paper.article()) == [PARAGRAPHS[2], PARAGRAPHS[0]], switch


def test_what_pages_repeat_stands_beside_the_text_and_what_they_do_not_in_it():
    paper = Paper()
    for number, paragraph in enumerate(PARAGRAPHS, start=1):
        paper.line(f"云溪日报 第{number}版", size=9, pitch=40)
        paper.paragraphs([PARAGRAPHS[2], paragraph])
        paper.y = 40
        paper.line("（完）" if number == 3 else f"- {number} -")
        paper.new_page()
    article = paper.article()
    long = PARAGRAPHS[2]
    assert texts(article) == [
        long, PARAGRAPHS[0], "- 1 -", long, PARAGRAPHS[1], "- 2 -", long, PARAGRAPHS[2], "（完）",
    ]  # fmt: skip
    assert article.furniture == tuple(f"云溪日报 第{number}版" for number in (1, 2, 3))


def test_a_title_that_page_headers_repeat_stays_the_title():
    paper = Paper()
    paper.line(TITLE, size=22, pitch=40)
    for _ in range(4):
        paper.paragraphs(PARAGRAPHS)
        paper.new_page()
        paper.line(TITLE, size=9, pitch=40)
    paper.paragraphs(PARAGRAPHS)
    article = paper.article()
    assert (article.title, article.furniture) == (TITLE, (TITLE,))
    assert texts(article) == list(PARAGRAPHS) * 5


def test_a_block_that_is_indented_as_a_whole_is_one_paragraph():
    paper = Paper()
    paper.paragraphs(PARAGRAPHS[:2])
    paper.left = 84
    for line in wrap(PARAGRAPHS[2], WIDTH - 24, indent=""):
        paper.line(line)
    assert texts(paper.article()) == list(PARAGRAPHS)


def test_lines_of_blanks_between_its_lines_break_no_paragraph():
    paper = Paper()
    for line in wrap(PARAGRAPHS[2]):
        paper.line(line)
        paper.line("   ")
    assert texts(paper.article()) == [PARAGRAPHS[2]]


def test_without_larger_letters_a_short_first_line_is_the_title_else_the_file_is():
    paper = Paper()
    paper.line(TITLE, pitch=40)
    paper.paragraphs(PARAGRAPHS)
    assert paper.article().title == TITLE
    paper = Paper()
    paper.paragraphs(PARAGRAPHS)
    assert paper.article().title == "bridge"


def picture(paper: Paper) -> None:
    from PIL import Image

    paper.canvas.drawImage(ImageReader(Image.new("RGB", (20, 20))), 0, 0, 500, 800)


def test_a_page_that_is_a_picture_is_named_and_the_others_are_read():
    paper = Paper()
    paper.paragraphs(PARAGRAPHS)
    paper.new_page()
    picture(paper)
    paper.new_page()
    paper.new_page()
    article, error = paper.parse()
    assert texts(article) == list(PARAGRAPHS)
    assert str(error) == "bridge.pdf, page 2: no text layer; run OCR first"


def test_no_text_layer_a_password_and_no_pdf_are_errors():
    scan = Paper()
    picture(scan)
    locked = Paper(encrypt=StandardEncryption("secret", canPrint=0))
    locked.paragraphs(PARAGRAPHS)
    for paper, message in [
        (scan, "bridge.pdf: no text layer; run OCR first"),
        (locked, "bridge.pdf: encrypted; save it without a password"),
    ]:
        with pytest.raises(CorpusError) as caught:
            paper.parse()
        assert str(caught.value) == message
    with pytest.raises(CorpusError, match=r"bridge\.pdf: not a PDF, or damaged: "):
        list(parse_pdf(b"%PDF-1.7 and no more", Path("bridge.pdf"), "bridge"))


def test_no_character_of_a_page_is_lost():
    paper = Paper()
    paper.line(TITLE, size=22, pitch=40)
    paper.paragraphs(PARAGRAPHS)
    paper.line("短行", pitch=50)
    paper.line("图说：新桥", size=8)
    article = paper.article()
    drawn = TITLE + "".join(PARAGRAPHS) + "短行图说：新桥"
    assert sorted("".join((article.title + article.text).split())) == sorted(drawn)
