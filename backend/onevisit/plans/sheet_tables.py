"""Which tables stand in a file? Reads xlsx, xls, docx, csv and tab-separated text into one kind of grid."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from onevisit.core.files import (
    Decoded,
    Kind,
    Limits,
    Upload,
    decoded,
    formulas_without_value,
    has_external_links,
    kind_of,
)
from onevisit.core.problems import Problem
from onevisit.plans.sheet_grid import MAX_CELLS, MAX_COLUMNS, Cell, Grid, Source, unreadable
from onevisit.plans.sheet_web import web_grids
from onevisit.plans.sheet_word import read_docx

LIMITS = Limits(cells=MAX_CELLS)


def read_source(file_name: str, content: bytes) -> Source:
    """The tables of a file; what the file is, is told by its bytes and not by its name."""
    upload = Upload("plans", file_name, content)
    kind = kind_of(upload, LIMITS)
    if kind is Kind.DOCX:
        return read_docx(file_name, content)
    if kind in (Kind.XLSX, Kind.XLS):
        return _read_workbook(kind.value, file_name, content)
    text = decoded(upload)
    if kind is Kind.HTML:
        grids = web_grids(text.text)
        if grids is None:
            raise _TOO_LARGE
        return Source("html", grids, odd=_odd(text))
    grid, odd = _text_grid(file_name, text.text)
    return Source("csv", [grid], odd=[*_odd(text), *odd])


_TOO_LARGE = Problem("plans.table_too_large", "表格过大。请只保留计划表后再上传。")


def _odd(text: Decoded) -> list[tuple[str, str]]:
    """What was strange about the characters of a text file."""
    odd = []
    if text.mixed_lines:
        lines = "、".join(str(n) for n in text.mixed_lines[:10])
        odd.append(("mixed_encoding", f"第 {lines} 行的文字编码与其他行不同，已分别转换，请核对"))
    garbled = [
        n for n, line in enumerate(text.text.split("\n"), start=1) if "\ufffd" in line or "锟斤拷" in line
    ]
    if garbled:
        lines = "、".join(str(n) for n in garbled[:10])
        odd.append(("garbled_text", f"第 {lines} 行有乱码，请从原系统重新导出"))
    return odd


def _read_workbook(kind: str, file_name: str, content: bytes) -> Source:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        grids, hidden = [], []
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            if about.visible != SheetVisibleEnum.Visible:
                hidden.append(about.name)
                continue
            sheet = book.get_sheet_by_name(about.name)
            if sheet.total_height * sheet.total_width > MAX_CELLS:
                raise _TOO_LARGE
            values = sheet.to_python(skip_empty_area=False)
            grids.append(_workbook_grid(about.name, values, sheet.merged_cell_ranges or []))
    # The Rust side may panic on a broken file; pyo3 raises that as a BaseException of its own.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        if isinstance(error, Problem):
            raise
        if isinstance(error, CalamineError) and "assword" in str(error):
            raise Problem(
                "plans.file_encrypted", f"文件“{file_name}”设有密码。请取消密码后另存，再上传。"
            ) from error
        raise unreadable(file_name) from error
    return Source(kind, grids, hidden=hidden, odd=_odd_of_workbook(content) if kind == "xlsx" else [])


def _odd_of_workbook(content: bytes) -> list[tuple[str, str]]:
    odd = []
    empty = [cell for cells in formulas_without_value(content).values() for cell in cells]
    if empty:
        shown = "、".join(empty[:10])
        words = f"{shown} 等 {len(empty)} 格是没有算出结果的公式，读作空白；请用 Excel 打开并保存后再上传"
        odd.append(("formula_without_value", words))
    if has_external_links(content):
        odd.append(("external_link", "有的单元格取自其他文件；没有打开那些文件，按本文件里存的结果读"))
    return odd


Merge = tuple[tuple[int, int], tuple[int, int]]


def _workbook_grid(name: str, values: Sequence[Sequence[object]], merges: list[Merge]) -> Grid:
    width = min(MAX_COLUMNS, max((len(row) for row in values), default=0))
    if any(_as_text(value).strip() for row in values for value in row[width:]):
        raise Problem(
            "plans.table_too_large",
            f"工作表“{name}”超过 {MAX_COLUMNS} 列，没有读取。请只保留计划表的列后再上传。",
        )
    texts = [[_as_text(value) for value in row[:width]] for row in values]
    own = [[True] * width for _ in texts]
    widths: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, right) in merges:
        widths[top, left] = right - left + 1
        for r in range(top, min(bottom + 1, len(texts))):
            for c in range(left, min(right + 1, width)):
                if (r, c) != (top, left) and top < len(texts) and left < width:
                    texts[r][c], own[r][c] = texts[top][left], False
    rows = [
        [Cell(text, r + 1, c + 1, own[r][c], widths.get((r, c), 1)) for c, text in enumerate(row)]
        for r, row in enumerate(texts)
    ]
    return Grid(name, rows)


def _as_text(value: object) -> str:
    """A cell's value as a clerk sees it: 5.0 is 5, a date is its day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 10))
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _text_grid(file_name: str, text: str) -> tuple[Grid, list[tuple[str, str]]]:
    sample = text[:20000]
    delimiter = max(",\t;|", key=lambda d: (sample.count(d), d == ","))
    odd: list[tuple[str, str]] = []
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        broken = _swallowed(lines)
        if broken:
            # A quote that nobody closed swallows the rest of the file: the lines are read as they stand.
            lines = list(
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
            )
            odd.append(("quote_not_closed", f"第 {broken} 行的引号没有成对，按逐行读，请核对这一行"))
    except csv.Error as error:
        raise unreadable(file_name) from error
    width = max((len(line) for line in lines), default=0)
    if width > MAX_COLUMNS or width * len(lines) > MAX_CELLS:
        raise _TOO_LARGE
    rows = [
        [Cell(line[c] if c < len(line) else "", r, c + 1) for c in range(width)]
        for r, line in enumerate(lines, start=1)
    ]
    return Grid("CSV", rows), odd


def _swallowed(lines: Sequence[Sequence[str]]) -> int | None:
    """The line whose last cell holds what looks like further lines of the table, to the end of the file."""
    if not lines or not lines[-1] or lines[-1][-1].count("\n") < 2:
        return None
    usual = max(len(line) for line in lines)
    last = lines[-1]
    return (
        sum(1 + cell.count("\n") for line in lines[:-1] for cell in line[-1:]) + 1
        if len(last) <= usual
        else None
    )
