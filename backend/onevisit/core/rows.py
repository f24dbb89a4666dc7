"""Which rows stand in a list file? Reads xlsx, xls and CSV row after row, by the headings people write."""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from python_calamine import CalamineWorkbook

from onevisit.core.problems import Problem

MAX_UNPACKED = 1024 * 2**20
HEADING_ROWS = 10
Headings = Mapping[str, tuple[str, ...]]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")


@dataclass(frozen=True)
class Row:
    """A row as the office sees it: its number in the file, and its cells by our names."""

    number: int
    cells: dict[str, str]


@dataclass
class ListFile:
    """The rows of a file; `ignored` are headings that mean nothing to us, said so instead of dropped in silence."""

    step: str
    name: str
    content: bytes
    headings: Headings
    required: tuple[str, ...]
    ignored: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Every row below the headings that is not empty; may be asked again."""
        columns: dict[int, str] | None = None
        for number, cells in enumerate(self._lines(), start=1):
            if columns is None:
                columns = self._columns(cells)
                if columns is None and number >= HEADING_ROWS:
                    raise self._no_headings()
            elif any(cells):
                yield Row(number, {columns[at]: text for at, text in enumerate(cells) if at in columns})
        if columns is None:
            raise self._no_headings()

    def _columns(self, cells: list[str]) -> dict[int, str] | None:
        known = {plain_heading(one): name for name, ways in self.headings.items() for one in ways}
        found = {
            at: known[plain_heading(text)] for at, text in enumerate(cells) if plain_heading(text) in known
        }
        if not set(self.required) <= set(found.values()):
            return None
        self.ignored = [text for at, text in enumerate(cells) if text and at not in found]
        return found

    def _no_headings(self) -> Problem:
        wanted = "、".join(self.headings[name][0] for name in self.required)
        return Problem(
            f"{self.step}.headings_missing",
            f"文件“{self.name}”前 {HEADING_ROWS} 行里没有找到表头，什么都没有导入。表头至少要有：{wanted}。",
        )

    def _lines(self) -> Iterable[list[str]]:
        if not self.content.strip(b"\x00\xef\xbb\xbf \t\r\n"):
            raise Problem(f"{self.step}.file_empty", f"文件“{self.name}”是空的。请确认后重新导出并上传。")
        if self.content.startswith(_FOREIGN):
            raise self._unreadable("不是表格文件。请上传 Excel（xlsx、xls）或 CSV 文件")
        if self.content.startswith((b"PK\x03\x04", _OLE)):
            return self._workbook_lines()
        return self._csv_lines()

    def _unreadable(self, why: str) -> Problem:
        return Problem(f"{self.step}.file_unreadable", f"文件“{self.name}”{why}，什么都没有导入。")

    def _workbook_lines(self) -> Iterator[list[str]]:
        damaged = self._unreadable("打不开，可能已损坏或设有密码。请用 Excel 或 WPS 打开后另存一份再上传")
        try:
            if self.content.startswith(b"PK"):
                self._refuse_bomb()
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(self.content)).get_sheet_by_index(0)
            lines = sheet.iter_rows()
        # The Rust side may panic on a broken file; pyo3 raises that as a BaseException of its own.
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | Problem):
                raise
            raise damaged from error
        for _ in range(sheet.start[0] if sheet.start else 0):
            yield []
        for line in lines:
            yield [as_text(value) for value in line]

    def _refuse_bomb(self) -> None:
        with zipfile.ZipFile(io.BytesIO(self.content)) as package:
            members = package.infolist()
            unpacked, packed = (
                sum(m.file_size for m in members),
                max(1, sum(m.compress_size for m in members)),
            )
        if unpacked > MAX_UNPACKED or (unpacked > 64 * 2**20 and unpacked > 300 * packed):
            raise Problem(
                f"{self.step}.file_too_large", f"文件“{self.name}”解压后过大，没有读取。请分成几个文件。"
            )

    def _csv_lines(self) -> Iterator[list[str]]:
        text = io.TextIOWrapper(io.BytesIO(self.content), encoding=self._encoding(), newline="")
        sample = text.read(20000).split("\n", 1)[0]
        text.seek(0)
        delimiter = max(",\t;|", key=lambda one: (sample.count(one), one == ","))
        try:
            for line in csv.reader(text, delimiter=delimiter):
                yield [cell.strip() for cell in line]
        except csv.Error as error:
            raise self._unreadable("不是能识别的 CSV") from error

    def _encoding(self) -> str:
        """UTF-8 if it is valid UTF-8, UTF-16 with a mark, else GB18030, what Chinese offices export."""
        marked = self.content.startswith((b"\xff\xfe", b"\xfe\xff"))
        for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
            decoder = codecs.getincrementaldecoder(encoding)()
            try:
                for start in range(0, len(self.content), 2**20):
                    decoder.decode(self.content[start : start + 2**20])
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return encoding
        raise self._unreadable("不是能识别的文字编码。请另存为 UTF-8 的 CSV 或 xlsx 再上传")


def plain_heading(text: str) -> str:
    """A heading without marks of obligation, brackets and blanks: `* 统一社会信用代码（必填）`."""
    return re.sub(r"[（(].*?[)）]|[\s*:：＊]", "", unicodedata.normalize("NFKC", text))


def as_text(value: object) -> str:
    """A workbook's cell as the office reads it: no `.0` behind numbers, days as YYYY-MM-DD."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def day_of(text: str) -> date | None:
    """A day as offices write it: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", text
    )
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def listed(text: str) -> list[str]:
    """The parts of a cell that holds several, in order and once each: 旅馆业；餐饮业."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[；;、\n]", text) if part.strip()))
