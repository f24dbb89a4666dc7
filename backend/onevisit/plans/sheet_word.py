"""Which tables stand in a Word document, and what does the text around them say?"""

import io
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from docx import Document as open_docx
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from onevisit.core.problems import Problem
from onevisit.plans.sheet_grid import MAX_CELLS, MAX_COLUMNS, Cell, Grid, Source, unreadable


def read_docx(file_name: str, content: bytes) -> Source:
    """Tables with the paragraphs before each, and all paragraphs."""
    try:
        document = open_docx(io.BytesIO(content))
    except (KeyError, ValueError, ParseError, SyntaxError) as error:
        raise unreadable(file_name) from error
    grids: list[Grid] = []
    paragraphs: list[str] = []
    before: list[str] = []
    for block in document.element.body.iterchildren():
        if block.tag == qn("w:p"):
            text = _paragraph_text(block)
            paragraphs.append(text)
            before.append(text)
        elif block.tag == qn("w:tbl"):
            # A table laid out within the cell of another is a table of its own.
            for table in [block, *(t for t in block.iter(qn("w:tbl")) if t is not block)]:
                grids.append(Grid(f"表{len(grids) + 1}", _docx_rows(table), [t for t in before if t.strip()]))
            before = []
    return Source("docx", grids, [p for p in paragraphs if p.strip()])


def _paragraph_text(block: BaseOxmlElement) -> str:
    parts = []
    for node in block.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        parts.append((node.text or "") if node.tag == qn("w:t") else "\n" if node.tag == qn("w:br") else " ")
    return "".join(parts)


def _docx_rows(table: BaseOxmlElement) -> list[list[Cell]]:
    """Word keeps merged cells as spans (gridSpan) and continuations (vMerge); both are filled here."""
    rows: list[list[Cell]] = []
    above: dict[int, str] = {}
    width = 1
    for number, row in enumerate(table.iterchildren(qn("w:tr")), start=1):
        line: list[Cell] = []
        for cell in _docx_cells(row):
            text = "\n".join(_paragraph_text(p) for p in _own_paragraphs(cell)).rstrip("\n")
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            continues = merge is not None and merge.get(qn("w:val")) != "restart"
            column = len(line) + 1
            if continues:
                text = above.get(column, "")
            span = _span(cell)
            for step in range(span):
                if len(line) < MAX_COLUMNS:
                    own = not continues and step == 0
                    line.append(Cell(text, number, len(line) + 1, own, span if own else 1))
                    above[len(line)] = text
        rows.append(line)
        width = max(width, len(line))
        if len(rows) * width > MAX_CELLS:
            raise Problem("plans.table_too_large", "表格过大。请只保留计划表后再上传。")
    return [
        [*line, *(Cell("", n, c + 1) for c in range(len(line), width))]
        for n, line in enumerate(rows, start=1)
    ]


def _own_paragraphs(cell: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The paragraphs of a cell without those of tables within it."""
    for child in cell.iterchildren():
        if child.tag == qn("w:p"):
            yield child
        elif child.tag != qn("w:tbl"):
            yield from _own_paragraphs(child)


def _docx_cells(row: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Cells of a row, also those inside content controls (w:sdt)."""
    for child in row.iterchildren():
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag == qn("w:sdt"):
            yield from child.iter(qn("w:tc"))


def _span(cell: BaseOxmlElement) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    value = span.get(qn("w:val")) if span is not None else None
    return min(MAX_COLUMNS, max(1, int(value))) if value and value.isdecimal() and len(value) < 6 else 1
