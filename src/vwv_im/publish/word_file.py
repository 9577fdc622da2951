"""A page as a Word file: headings, lists and tables in Word's own styles, page numbers as fields, links that work."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from vwv_im.decision.blocks import ADDRESS, Block, Heading, Item, Panel, Paragraph, Table
from vwv_im.text import Language

_TEXT_WIDTH_MM, _FEW_COLUMNS = 166, 5
_LANGUAGES: dict[Language, str] = {"de": "de-DE", "en": "en-GB"}


def word_file(blocks: Sequence[Block], title: str, footer: str, pages: str, lang: Language) -> bytes:
    """Return blocks as a Word file; `pages` says where the page and the number of pages stand: "Seite {0} von {1}".

    Raises `ModuleNotFoundError` where python-docx is not installed.
    """
    from docx import Document  # noqa: PLC0415 - an extra, loaded when a document is asked for
    from docx.shared import Mm  # noqa: PLC0415

    document = Document()
    _set_up(document, title, footer, pages, lang)
    for block in blocks:
        match block:
            case Heading(level=level, text=text):
                document.add_heading(text, level - 1)
            case Paragraph(text=text, strong=strong):
                _write(document.add_paragraph(), text, bold=strong)
            case Panel(title=said, lines=lines):
                cell = _table(document, 1, 1).cell(0, 0)
                _write(cell.paragraphs[0], said, bold=True)
                for line in lines:
                    _write(cell.add_paragraph(), line)
                document.add_paragraph()
            case Item(text=text, mark=mark, details=details):
                paragraph = document.add_paragraph(style=None if mark else "List Bullet")
                if mark:  # it stands where the bullet would
                    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Mm(7), -Mm(7)
                    paragraph.add_run(f"{mark}\t")
                _write(paragraph, text)
                for depth, detail in details:
                    _write(document.add_paragraph(style=f"List Bullet {min(depth + 2, 3)}"), detail)
            case Table():
                _fill(document, block)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _set_up(document: Any, title: str, footer: str, pages: str, lang: Language) -> None:
    """Set title and language, narrow margins, and what stands on each page."""
    from docx.shared import Cm, Pt  # noqa: PLC0415

    document.core_properties.title, document.core_properties.language = title, _LANGUAGES[lang]
    section, normal = document.sections[0], document.styles["Normal"]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    normal.font.name, normal.font.size, normal.paragraph_format.space_after = "Arial", Pt(10), Pt(4)
    properties = normal.element.get_or_add_rPr()
    properties.append(_element("w:lang", {"w:val": _LANGUAGES[lang]}))
    section.header.paragraphs[0].text = title
    below = section.footer.paragraphs[0]
    first, between, last = pages.replace("{1}", "{0}").split("{0}")
    for text, field in ((first, "PAGE"), (between, "NUMPAGES")):
        below.add_run(text)
        below._p.append(_element("w:fldSimple", {"w:instr": field}))  # noqa: SLF001 - what python-docx has no call for
    below.add_run(last)
    small = section.footer.add_paragraph().add_run(footer)
    small.font.size = Pt(7)


def _element(name: str, attributes: dict[str, str]) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _table(document: Any, rows: int, columns: int) -> Any:
    return document.add_table(rows=rows, cols=columns, style="Table Grid")


def _fill(document: Any, block: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    table = _table(document, 1 + len(block.rows), len(block.columns))
    few = len(block.columns) <= _FEW_COLUMNS
    margins = _element("w:tblCellMar", {})  # narrow, so that a word, a day and an amount stay whole in any font
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", {"w:w": "40", "w:type": "dxa"}))
    table._tbl.tblPr[-1].addprevious(margins)  # noqa: SLF001 - what python-docx has no call for
    lines = [[column.text for column in block.columns], *(row.cells for row in block.rows)]
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = int(_TEXT_WIDTH_MM * width / sum(block.widths) * Mm(1))
    for number, (row, cells) in enumerate(zip(table.rows, lines, strict=True)):
        for cell, text, column, whole in zip(row.cells, cells, block.columns, table.columns, strict=True):
            cell.width, paragraph = whole.width, cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            if column.align == "right":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _write(paragraph, text, bold=number == 0)
            for run in paragraph.runs:
                run.font.size = Pt(9 if few else 7.5)
        unbroken = row._tr.get_or_add_trPr()  # noqa: SLF001 - what python-docx has no call for
        unbroken.append(_element("w:cantSplit", {}))
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", {"w:val": "true"}))  # noqa: SLF001
    document.add_paragraph()


def _write(paragraph: Any, text: str, *, bold: bool = False) -> None:
    """Write a text; addresses in it become links."""
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415

    begun = 0
    for found in ADDRESS.finditer(text):
        paragraph.add_run(text[begun : found.start()])
        to = paragraph.part.relate_to(found.group(), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = _element("w:hyperlink", {"r:id": to})
        run = paragraph.add_run(found.group())
        run.font.underline = True
        link.append(run._r)  # noqa: SLF001 - what python-docx has no call for
        paragraph._p.append(link)  # noqa: SLF001
        begun = found.end()
    paragraph.add_run(text[begun:]).bold = bold
