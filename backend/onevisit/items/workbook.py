"""Which sheets has a workbook, as texts? With the same caution as every file that comes in."""

import io
import zipfile

from python_calamine import CalamineWorkbook

from onevisit.core.problems import Problem
from onevisit.core.rows import Headings, as_text, plain_heading

MOST_BYTES = 64 * 2**20  # unpacked: checklists are some hundred rows
MOST_CELLS = 400_000
Sheets = dict[str, list[list[str]]]


def sheets_of(name: str, content: bytes) -> Sheets:
    """Every sheet by its name; a problem says why a file is none."""
    if not content.startswith(b"PK\x03\x04"):
        raise _unreadable(name, "不是 Excel（xlsx）文件")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(member.file_size for member in package.infolist()) > MOST_BYTES:
                raise Problem("items.file_too_large", f"文件“{name}”解压后过大，没有读取。请分成几个文件。")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found: Sheets = {}
        for sheet_name in book.sheet_names:
            sheet = book.get_sheet_by_name(sheet_name)
            if sheet.height * sheet.width > MOST_CELLS:
                raise Problem(
                    "items.file_too_large", f"工作表“{sheet_name}”太大，没有读取。请删去空白的行列后再上传。"
                )
            found[sheet_name] = [
                [as_text(value) for value in line] for line in sheet.to_python(skip_empty_area=False)
            ]
        return found
    # The Rust side may panic on a broken file; pyo3 raises that as a BaseException of its own.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | Problem):
            raise
        raise _unreadable(
            name, "打不开，可能已损坏或设有密码。请用 Excel 或 WPS 打开后另存一份再上传"
        ) from error


def table_of(
    lines: list[list[str]], columns: Headings, required: tuple[str, ...]
) -> list[tuple[int, dict[str, str]]] | None:
    """Rows by our names below the headings; None where the headings are not there."""
    known = {plain_heading(way): name for name, ways in columns.items() for way in ways}
    for at, line in enumerate(lines[:10]):
        heads = {
            place: known[plain_heading(text)]
            for place, text in enumerate(line)
            if plain_heading(text) in known
        }
        if set(required) <= set(heads.values()):
            return [
                (number, {heads[place]: text for place, text in enumerate(cells) if place in heads})
                for number, cells in enumerate(lines[at + 1 :], start=at + 2)
                if any(cells)
            ]
    return None


def _unreadable(name: str, why: str) -> Problem:
    return Problem("items.file_unreadable", f"文件“{name}”{why}，什么都没有导入。")
