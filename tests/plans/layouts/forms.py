"""How does a made-up plan table become a file? Sheets with merges, Word pages, text, and the old BIFF xls."""

import io
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Layout:
    """A file as an office might send it, and what a person reads in it."""

    name: str
    file_name: str
    make: Callable[[], bytes]
    plan: dict[str, Any]
    tasks: list[dict[str, Any]]
    blind: bool
    given: dict[str, Any] = field(default_factory=dict)


LAYOUTS: dict[str, Layout] = {}


def layout(
    file_name: str, plan: dict[str, Any], tasks: list[dict[str, Any]], *, blind: bool = True, **given: Any
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Enter a maker of a file with its truth. `blind`: written before the reader was changed for it."""

    def enter(make: Callable[[], bytes]) -> Callable[[], bytes]:
        LAYOUTS[make.__name__] = Layout(make.__name__, file_name, make, plan, tasks, blind, given)
        return make

    return enter


def task(
    seq: int | None,
    name: str,
    lead: str | None,
    cooperating: Sequence[str],
    scope: str | None,
    items: Sequence[Any],
    ratio: str | None,
    frequency: str | None,
    window: str | None,
    **more: Any,
) -> dict[str, Any]:
    """The truth of one task in short: ratio `5`, `>=5`, `<=5`, `3-5`, `n=10`, `n>=10`; frequency `1/year`,
    `>=1/quarter`; window `03-01..05-31`. `asks` are the doubts somebody must decide."""
    return {
        "seq": seq, "task_name": name, "lead_department": lead, "cooperating_departments": list(cooperating),
        "subject_scope": scope, "items": list(items), "ratio": ratio, "frequency": frequency, "window": window,
        "methods": [], "item_category": None, "targeting": None, "mode": None, "field": None, "risk_policy": None,
        "asks": set(), **more,
    }  # fmt: skip


def xlsx(*sheets: tuple[str, Rows, Sequence[str]], hidden: Sequence[str] = ()) -> bytes:
    """A workbook of (name, rows, merges)."""
    book = Workbook()
    book.remove(book.active)
    for name, rows, merges in sheets:
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, start=1):
            for c, value in enumerate(row, start=1):
                if value not in ("", None):
                    cell = sheet.cell(r, c, value)
                    if isinstance(value, float) and value < 1:
                        cell.number_format = "0%"
        for merge in merges:
            sheet.merge_cells(merge)
        if name in hidden:
            sheet.sheet_state = "hidden"
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of a workbook or a document."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def docx(*parts: str | tuple[Rows, Sequence[tuple[int, int, int, int]]]) -> bytes:
    """Paragraphs and tables (rows, merges as top, left, bottom, right) in their order."""
    document = Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        rows, merges = part
        table = document.add_table(len(rows), max(len(row) for row in rows))
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                if text:
                    table.cell(r, c).text = text
        for top, left, bottom, right in merges:
            table.cell(top, left).merge(table.cell(bottom, right))
    return saved(document)


def text(rows: Rows, delimiter: str = ",", encoding: str = "utf-8", newline: str = "\r\n") -> bytes:
    """Delimited text; a cell with a delimiter, quote or line break is quoted as Excel does."""

    def cell(value: Any) -> str:
        written = str(value)
        if any(ch in written for ch in (delimiter, '"', "\n")):
            return '"' + written.replace('"', '""') + '"'
        return written

    return newline.join(delimiter.join(cell(v) for v in row) for row in rows).encode(encoding)


def xls(rows: Rows, merges: Sequence[tuple[int, int, int, int]] = (), sheet: str = "Sheet1") -> bytes:
    """A BIFF8 workbook of one sheet: LABEL and NUMBER records, merged cells, in a compound file."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def string(value: str) -> bytes:
        return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")

    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 1996, 0, 6)
    head = record(0x0809, bof) + record(0x0042, struct.pack("<H", 1200))
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    place = len(head) + 4 + 6 + len(name) + 4
    book = head + record(0x0085, struct.pack("<IBB", place, 0, 0) + name) + record(0x000A, b"")
    cells = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 1996, 0, 6))
    cells += record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, int | float):
                cells += record(0x0203, struct.pack("<HHHd", r, c, 0, float(value)))
            elif value:
                cells += record(0x0204, struct.pack("<HHH", r, c, 0) + string(value))
    if merges:
        spans = b"".join(
            struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merges
        )
        cells += record(0x00E5, struct.pack("<H", len(merges)) + spans)
    return compound(book + cells + record(0x000A, b""))


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """One stream in an OLE compound file; padded past the mini-stream's limit."""
    stream = stream.ljust(4096, b"\0")
    sectors = [stream[at : at + 512].ljust(512, b"\0") for at in range(0, len(stream), 512)]
    fat_sectors = (len(sectors) + 2 + 126) // 127
    chain = [*range(1, len(sectors)), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * fat_sectors]
    fat = b"".join(struct.pack("<I", one) for one in chain).ljust(512 * fat_sectors, b"\xff")
    at_fat = len(sectors) + 1

    def entry(called: str, kind: int, child: int, start: int, size: int) -> bytes:
        wide = (called + "\0").encode("utf-16-le") if called else b""
        return (
            wide.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(wide), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 0, len(stream))
    directory += 2 * entry("", 0, 0xFFFFFFFF, 0, 0)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, fat_sectors, len(sectors), 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += b"".join(struct.pack("<I", at_fat + n) for n in range(fat_sectors)).ljust(436, b"\xff")
    return header + b"".join(sectors) + directory + fat
