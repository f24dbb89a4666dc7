"""Which tables stand in a file? Reads xlsx, xls, docx, csv and tab-separated text into one kind of grid."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from onevisit.core.problems import Problem
from onevisit.plans.sheet_grid import MAX_CELLS, MAX_COLUMNS, Cell, Grid, Source, unreadable
from onevisit.plans.sheet_word import read_docx

MAX_BYTES = 20 * 2**20
MAX_UNPACKED = 200 * 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WHAT_TO_DO = "请上传计划表的 Excel（xlsx、xls）、Word（docx）或 CSV 文件。"


def read_source(file_name: str, content: bytes) -> Source:
    """The tables of a file; what the file is, is told by its bytes and not by its name."""
    if not content.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise Problem("plans.file_empty", f"文件“{file_name}”是空的。请确认后重新导出并上传。")
    if len(content) > MAX_BYTES:
        raise Problem("plans.file_too_large", "文件超过 20 MB。请只保留计划表，去掉图片后再上传。")
    if content.startswith(b"PK\x03\x04"):
        return _read_package(file_name, content)
    if content.startswith(_OLE):
        return _read_ole(file_name, content)
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")):
        raise Problem(
            "plans.file_kind_unknown",
            f"文件“{file_name}”不是表格文件（可能是 PDF、图片或压缩包改了扩展名）。{_WHAT_TO_DO}",
        )
    return Source("csv", [_text_grid(file_name, content)])


def _read_package(file_name: str, content: bytes) -> Source:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = _checked_names(package, file_name)
            if "word/document.xml" in names:
                _refuse_entities(package, ["word/document.xml"])
                return read_docx(file_name, content)
            sheets = [n for n in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", n)]
            if sheets or "xl/workbook.xml" in names:
                _refuse_entities(package, [n for n in names if n.endswith(".xml")])
                for sheet in sheets:
                    _refuse_far_cells(package.read(sheet))
                return _read_workbook("xlsx", file_name, content)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zipfile.LargeZipFile) as error:
        raise unreadable(file_name) from error
    except (OSError, ValueError) as error:
        raise unreadable(file_name) from error
    raise Problem(
        "plans.file_kind_unknown",
        f"文件“{file_name}”是压缩包，但里面不是 Excel 或 Word 文档。{_WHAT_TO_DO}",
    )


def _checked_names(package: zipfile.ZipFile, file_name: str) -> list[str]:
    """The members, if unpacking them is harmless: a small file may unfold into gigabytes."""
    members = package.infolist()
    unpacked = sum(m.file_size for m in members)
    packed = max(1, sum(m.compress_size for m in members))
    if len(members) > 5000 or unpacked > MAX_UNPACKED or (unpacked > 20 * 2**20 and unpacked > 300 * packed):
        raise Problem(
            "plans.file_too_large",
            f"文件“{file_name}”解压后过大，没有读取。请把计划表复制到一个新文件后再上传。",
        )
    return [m.filename for m in members]


def _refuse_entities(package: zipfile.ZipFile, names: list[str]) -> None:
    """Office programs never write a DOCTYPE; one that is there is an attack (XXE, entity bombs)."""
    for name in names:
        with package.open(name) as member:
            if b"<!DOCTYPE" in member.read(4096):
                raise Problem(
                    "plans.file_unreadable",
                    "文件里有不允许的外部引用，没有读取。请用 Excel 或 WPS 打开后另存一份再上传。",
                )


def _refuse_far_cells(sheet: bytes) -> None:
    """Two cells in opposite corners would make a reader allocate the whole sheet between them."""
    rows = [int(r) for r in re.findall(rb'<c\b[^>]*?\sr="[A-Z]{1,3}(\d{1,7})"', sheet)]
    columns = [_column_number(c) for c in set(re.findall(rb'<c\b[^>]*?\sr="([A-Z]{1,3})\d', sheet))]
    if rows and (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) > MAX_CELLS:
        raise Problem(
            "plans.table_too_large",
            "表格的范围过大（远处有多余的单元格）。请把计划表复制到一个新工作簿后再上传。",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read_ole(file_name: str, content: bytes) -> Source:
    wide = {name: name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument")}
    if wide["EncryptedPackage"] in content:
        raise Problem("plans.file_encrypted", f"文件“{file_name}”设有密码。请取消密码后另存，再上传。")
    if wide["WordDocument"] in content:
        raise Problem(
            "plans.file_kind_unknown",
            f"文件“{file_name}”是旧版 Word（doc）。请用 Word 或 WPS 另存为 docx 后再上传。",
        )
    return _read_workbook("xls", file_name, content)


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
    return Source(kind, grids, hidden=hidden)


Merge = tuple[tuple[int, int], tuple[int, int]]


def _workbook_grid(name: str, values: Sequence[Sequence[object]], merges: list[Merge]) -> Grid:
    width = min(MAX_COLUMNS, max((len(row) for row in values), default=0))
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


def _text_grid(file_name: str, content: bytes) -> Grid:
    text = _decoded(file_name, content)
    sample = text[:20000]
    delimiter = max(",\t;|", key=lambda d: (sample.count(d), d == ","))
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise unreadable(file_name) from error
    width = max((len(line) for line in lines), default=0)
    if width > MAX_COLUMNS or width * len(lines) > MAX_CELLS:
        raise Problem("plans.table_too_large", "表格过大。请只保留计划表后再上传。")
    rows = [
        [Cell(line[c] if c < len(line) else "", r, c + 1) for c in range(width)]
        for r, line in enumerate(lines, start=1)
    ]
    return Grid("CSV", rows)


def _decoded(file_name: str, content: bytes) -> str:
    """UTF-8 if it is valid UTF-8, UTF-16 with a mark, else GB18030, what Chinese offices export."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = sum(1 for ch in text if (ch < " " and ch not in "\r\n\t\f") or "\ue000" <= ch <= "\uf8ff")
        if strange * 200 <= len(text):
            return text
    raise Problem(
        "plans.file_unreadable",
        f"文件“{file_name}”不是能识别的文本或表格。{_WHAT_TO_DO}",
    )
