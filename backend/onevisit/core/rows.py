"""Which rows stand in a list file? Reads xlsx, xls and CSV row after row, by the headings people write."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from python_calamine import CalamineWorkbook

from onevisit.core.files import Kind, Limits, Upload, decoded, formulas_without_value, kind_of
from onevisit.core.problems import Problem

LIMITS = Limits(packed=1024 * 2**20, unpacked=1024 * 2**20, cells=60_000_000)
LOOKED_THROUGH = 5 * 2**20  # larger workbooks are written by systems, which calculate
HEADING_ROWS = 10
Headings = Mapping[str, tuple[str, ...]]


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
        kind = kind_of(self._upload, LIMITS)
        if kind in (Kind.DOCX, Kind.HTML):
            what = "Word 文件" if kind is Kind.DOCX else "网页格式的表格（扩展名常为 xls）"
            raise self._upload.unknown(f"是{what}，不能直接导入。请用 Excel 或 WPS 打开后另存为 xlsx")
        if kind is Kind.TEXT:
            return self._csv_lines()
        self._refuse_empty_formulas()
        return self._workbook_lines()

    @property
    def _upload(self) -> Upload:
        return Upload(self.step, self.name, self.content)

    def _refuse_empty_formulas(self) -> None:
        """A formula nobody has calculated would be taken in as an empty cell."""
        if not self.content.startswith(b"PK") or len(self.content) > LOOKED_THROUGH:
            return
        cells = [cell for found in formulas_without_value(self.content).values() for cell in found]
        if cells:
            shown = "、".join(cells[:10])
            raise self._upload.refuse(
                "formula_without_value",
                f"文件“{self.name}”的 {shown} 等 {len(cells)} 格是没有算出结果的公式，什么都没有导入。"
                "请用 Excel 或 WPS 打开并保存后再上传。",
            )

    def _unreadable(self, why: str) -> Problem:
        return Problem(f"{self.step}.file_unreadable", f"文件“{self.name}”{why}，什么都没有导入。")

    def _workbook_lines(self) -> Iterator[list[str]]:
        damaged = self._unreadable("打不开，可能已损坏或设有密码。请用 Excel 或 WPS 打开后另存一份再上传")
        try:
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
            yield [value.strip() if value.__class__ is str else as_text(value) for value in line]

    def _csv_lines(self) -> Iterator[list[str]]:
        file = io.StringIO(self._text(), newline="")
        sample = file.read(20000).split("\n", 1)[0]
        file.seek(0)
        delimiter = max(",\t;|", key=lambda one: (sample.count(one), one == ","))
        last: list[str] = []
        try:
            for last in csv.reader(file, delimiter=delimiter):
                yield [cell.strip() for cell in last]
        except csv.Error as error:
            raise self._unreadable("不是能识别的 CSV") from error
        if self.content.count(b'"') % 2 and any("\n" in cell for cell in last):
            raise self._unreadable(
                "里有一个引号没有成对，后面的行都并成了一格。请补上引号，或另存为 xlsx 再上传"
            )

    def _text(self) -> str:
        read = decoded(self._upload, 0.1)  # a row with a strange character is refused by its number
        if read.mixed_lines:
            lines = "、".join(str(number) for number in read.mixed_lines[:10])
            raise self._unreadable(
                f"第 {lines} 行的文字编码与其他行不同。请从原系统重新导出，或另存为 xlsx 再上传"
            )
        return read.text


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
