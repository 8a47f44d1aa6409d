"""Word documents, made by the tests themselves."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus import Article, CorpusError, Section, unpacking
from corpus.formats.docx import parse_docx

FIRST, SECOND = "云溪镇的新桥昨天通车，全长320米。", "镇长李明说：“大家放心。”"


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def parse(document) -> Article:
    return parse_docx(saved(document), Path("bridge.docx"), "bridge")


def add_xml(document, xml: str) -> None:
    """Add what python-docx has no function for, before the last element of the body."""
    names = nsdecls("w", "wp", "a", "pic")
    box = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    for element in parse_xml(f"<w:body {names} {box}>{xml}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_title_and_headings_become_title_and_sections():
    document = docx.Document()
    document.add_paragraph("新桥通车", style="Title")
    document.add_paragraph("历时两年", style="Subtitle")
    document.add_paragraph(FIRST)
    document.add_heading("建设", level=1)
    document.add_paragraph(SECOND)
    assert parse(document) == Article(
        "bridge", "新桥通车", (Section(None, (FIRST,)), Section("建设", (SECOND,))), "历时两年"
    )


def test_without_a_title_the_first_main_heading_is_it():
    document = docx.Document()
    document.add_heading("新桥通车", level=1)
    document.add_paragraph(FIRST)
    document.add_heading("建设", level=1)
    document.add_paragraph(SECOND)
    article = parse(document)
    assert (article.title, [s.heading for s in article.sections]) == ("新桥通车", [None, "建设"])


def test_without_styles_a_short_first_paragraph_is_the_title_else_the_file_is():
    document = docx.Document()
    document.add_paragraph("新桥通车")
    document.add_paragraph(FIRST)
    assert (parse(document).title, parse(document).text) == ("新桥通车", FIRST)
    document = docx.Document()
    document.add_paragraph(FIRST)
    assert parse(document).title == "bridge"


def test_an_outline_level_is_a_heading_whatever_the_style():
    document = docx.Document()
    document.add_paragraph(FIRST)
    add_xml(document, f'<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr>{run("建设")}</w:p>')
    document.add_paragraph(SECOND)
    assert [section.heading for section in parse(document).sections] == [None, "建设"]


def test_a_row_of_a_table_is_a_paragraph_in_its_place():
    document = docx.Document()
    document.add_paragraph(FIRST)
    table = document.add_table(rows=2, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "项目", "长"
    table.rows[1].cells[0].text, table.rows[1].cells[1].text = "桥", "320米"
    document.add_paragraph(SECOND)
    assert [p.text for p in parse(document).paragraphs] == [FIRST, "项目 长", "桥 320米", SECOND]


def test_a_table_that_lays_out_a_page_keeps_its_paragraphs():
    document = docx.Document()
    cell = document.add_table(rows=1, cols=2).rows[0].cells[0]
    cell.text = FIRST
    cell.add_paragraph(SECOND)
    inner = cell.add_table(rows=1, cols=2)
    inner.rows[0].cells[0].text, inner.rows[0].cells[1].text = "桥", "320米"
    assert [p.text for p in parse(document).paragraphs] == [FIRST, SECOND, "桥 320米"]


def test_a_line_break_ends_a_paragraph_and_spaces_inside_stay():
    document = docx.Document()
    document.add_paragraph(f"　　{FIRST}\n张　三\t李四")
    assert [p.text for p in parse(document).paragraphs] == [FIRST, "张　三\t李四"]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (f"<w:p>{run('甲')}<w:ins>{run('乙')}</w:ins><w:del><w:r><w:delText>丙</w:delText></w:r>"
         f"</w:del>{run('丁。')}</w:p>", ["甲乙丁。"]),
        (f"<w:p><w:moveFrom>{run('甲')}</w:moveFrom><w:moveTo>{run('甲')}</w:moveTo>{run('。')}</w:p>",
         ["甲。"]),
        (f"<w:sdt><w:sdtContent><w:p>{run('甲。')}</w:p></w:sdtContent></w:sdt>", ["甲。"]),
        (f"<w:p><w:smartTag>{run('甲')}</w:smartTag><w:hyperlink>{run('乙。')}</w:hyperlink></w:p>",
         ["甲乙。"]),
        (f"<w:p>{run('甲。')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>"
         f"<w:txbxContent><w:p>{run('框。')}</w:p></w:txbxContent></wps:txbx></mc:Choice>"
         f"<mc:Fallback><w:pict><w:txbxContent><w:p>{run('框。')}</w:p></w:txbxContent></w:pict>"
         "</mc:Fallback></mc:AlternateContent></w:r></w:p>", ["甲。", "框。"]),
    ],
    ids=["insertions", "moves", "content controls", "tags and links", "text boxes"],
)  # fmt: skip
def test_text_that_other_elements_wrap_is_read_once(xml, expected):
    document = docx.Document()
    document.add_paragraph(FIRST)
    add_xml(document, xml)
    assert [p.text for p in parse(document).paragraphs] == [FIRST, *expected]


def test_headers_and_footers_stand_beside_the_text():
    document = docx.Document()
    document.add_paragraph(FIRST)
    document.sections[0].header.paragraphs[0].text = "云溪日报"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    article = parse(document)
    assert (article.text, sorted(article.furniture)) == (FIRST, ["云溪日报", "第1页"])


def test_who_saved_the_file_when_is_not_taken_for_author_and_date():
    document = docx.Document()
    document.core_properties.author = "Administrator"
    document.add_paragraph(FIRST)
    assert (parse(document).byline, parse(document).date) == (None, None)


def test_no_text_no_word_document_and_an_encrypted_one_are_errors():
    for data, message in [
        (saved(docx.Document()), "bridge.docx: no text; an article needs at least one paragraph"),
        (b"PK\x03\x04 and no more", "bridge.docx: not a Word document, or damaged: "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "bridge.docx: encrypted, or of Word before 2007"),
    ]:
        with pytest.raises(CorpusError) as caught:
            parse_docx(data, Path("bridge.docx"), "bridge")
        assert str(caught.value).startswith(message)


@pytest.mark.parametrize("missing", ["[Content_Types].xml", "word/document.xml", "_rels/.rels"])
def test_a_document_without_one_of_its_parts_is_an_error(missing):
    packed = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(saved(docx.Document())))
    with zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            if name != missing:
                new.writestr(name, old.read(name))
    with pytest.raises(CorpusError, match="not a Word document, or damaged"):
        parse_docx(packed.getvalue(), Path("bridge.docx"), "bridge")


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("word/document.xml", b" " * 3_000_000)
    monkeypatch.setattr(unpacking, "MAX_PACKED_XML", 2_000_000)
    with pytest.raises(CorpusError, match="holds 3 MB unpacked, more than the 2 MB"):
        parse_docx(packed.getvalue(), Path("bridge.docx"), "bridge")
