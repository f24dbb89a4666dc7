"""How does a list leave the house? Rows as CSV or XLSX, streamed, with nothing in them that a spreadsheet would run."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

Cell = str | int | float | bool | date | datetime | None
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What Excel, WPS and LibreOffice take for the begin of a formula, full-width twins and leading blanks too (CWE-1236).
_RUNS = re.compile(r"^[\s\x00-\x1f]*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
WIDEST = 60


def harmless(value: Cell) -> Cell:
    """The same cell for a reader's eye, a text and never a formula: a quote stands before what would run."""
    if not isinstance(value, str):
        return value
    text = _UNPRINTABLE.sub("", value)
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.match(text) else text


def as_written(text: str) -> str:
    """A cell that `harmless` quoted, as it was: so that an export can be read in again."""
    return text[1:] if text.startswith("'") and _RUNS.match(text[1:]) else text


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """UTF-8 with BOM, because Excel takes Chinese for something else without it; CRLF as RFC 4180 says."""
    held = io.StringIO()
    writer = csv.writer(held)
    held.write("\ufeff")
    for number, row in enumerate(_with_head(headings, rows)):
        writer.writerow(["" if one is None else harmless(one) for one in row])
        if number % 500 == 0:
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


Page = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]  # a sheet's name, its headings, its rows


def xlsx_file(sheet: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> io.BufferedIOBase:
    """A workbook with one sheet."""
    return xlsx_book([(sheet, headings, rows)])


def xlsx_book(pages: Iterable[Page]) -> io.BufferedIOBase:
    """A workbook, heads bold and frozen, written row by row: memory does not grow with the list.

    Returns a file at its begin that deletes itself when it is closed.
    """
    book = Workbook(write_only=True)
    for sheet, headings, rows in pages:
        page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", sheet)[:31] or "Sheet1")
        page.freeze_panes = "A2"
        for at, heading in enumerate(headings, start=1):
            page.column_dimensions[get_column_letter(at)].width = min(WIDEST, max(10, 2 * len(heading) + 4))
        page.append([_head_cell(page, heading) for heading in headings])
        for row in rows:
            page.append([harmless(one) if one is not None else None for one in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return file


def answer(sheet: str, kind: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The download itself; `kind` is csv or xlsx, the file is called as the sheet."""
    if kind == "csv":
        body: Any = csv_lines(headings, rows)
        made = Response(body, mimetype="text/csv")
    else:
        return answer_file(f"{sheet}.xlsx", xlsx_file(sheet, headings, rows))
    return _named(made, f"{sheet}.{kind}")


def answer_file(name: str, file: io.BufferedIOBase) -> Response:
    """A workbook as a download, streamed and closed after."""
    made = Response(iter(lambda: file.read(65536), b""), mimetype=XLSX_TYPE)
    made.call_on_close(file.close)
    return _named(made, name)


def _named(made: Response, name: str) -> Response:
    made.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    made.headers["Cache-Control"] = "no-store"
    return made


def _with_head(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    yield headings
    yield from rows


def _head_cell(page: Any, heading: str) -> Any:
    cell = WriteOnlyCell(page, value=str(harmless(heading)))
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell
