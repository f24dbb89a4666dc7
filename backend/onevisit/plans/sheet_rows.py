"""Which rows make one task? Walks the grids of a file: titles, headings, tasks, continued rows, notes."""

import re
from dataclasses import dataclass, field

from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet_dates import chinese_number
from onevisit.plans.sheet_grid import Cell, Grid, Source
from onevisit.plans.sheet_headings import Headings, read_headings
from onevisit.plans.sheet_items import tidy

Doubts = list[tuple[str, str]]
_NOTE = re.compile(r"^(?:填表|填写)?(?:说明|注|备注|注释)\s*[:：1一]")
_TOTAL = re.compile(r"^(?:合\s*计|总\s*计|小\s*计|共\s*计|总数)")
_SECTION = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]{1,3}[）)]?[、.．\s]|第[一二三四五六七八九十]+(?:部分|类|批))"
)
_TITLE = re.compile(
    r"(?:计划|任务|清单|方案|一览表|汇总表|安排表|抽查表)(?:表|书|（.*）)?$|双随机.*(?:计划|任务)"
)
# On a continued row these may be printed; text in any other column has slid there.
_PER_ROW = ("items", "cooperating", "item_department", "department")

# Columns of one kind that belong together: 开始时间 and 结束时间, 配合部门1 and 配合部门2.
_JOINED = {"window": "至", "cooperating": "、", "methods": "、", "remark": "；"}


@dataclass
class Row:
    """One table row by field; `items` keeps every column that is headed as items."""

    grid: str
    number: int
    cells: dict[str, Cell]
    items: list[Cell]

    def text(self, name: str) -> str:
        """The text of a field, also where a merged cell reaches here."""
        return self.cells[name].text.strip() if name in self.cells else ""

    def printed(self, name: str) -> str:
        """The text of a field only if printed in this very row."""
        return self.cells[name].printed.strip() if name in self.cells else ""

    def items_differ(self, task: "RawTask") -> bool:
        """A row written out in full under the same name: with a scope or ratio of its own it is a task."""
        return any(
            self.printed(name) and self.printed(name) != task.text(name).strip()
            for name in ("scope", "lead", "window")
        )


@dataclass
class RawTask:
    """The rows of one task with what was noticed while gathering them."""

    seq: int | None
    rows: list[Row]
    section: str | None = None
    doubts: Doubts = field(default_factory=list)

    def cell(self, name: str) -> Cell | None:
        """The first cell of the task that has something in this field."""
        found = (r.cells[name] for r in self.rows if r.text(name))
        return next(found, None)

    def text(self, name: str) -> str:
        """Its text, as printed."""
        cell = self.cell(name)
        return cell.text if cell is not None else ""


@dataclass
class Gathered:
    """All tasks of a file, its title lines, its notes, and doubts about the table as a whole."""

    tasks: list[RawTask] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    subtitle: str | None = None
    footnote: str | None = None
    doubts: Doubts = field(default_factory=list)
    headings: Headings | None = None
    region: str | None = None


class Walk:
    """One pass over the grids; holds the headings in force and the task that is open."""

    def __init__(self, register: DepartmentRegister) -> None:
        self.register = register
        self.region: str | None = None
        self.out = Gathered()
        self.current: Headings | None = None
        self.open: RawTask | None = None
        self.section: str | None = None
        self.pending: Doubts = []
        self.width = 0
        self.title_repeats = 0
        self.heading_rows = 0
        self.headless = 0
        self.last_words: tuple[str, ...] = ()

    def grid(self, grid: Grid) -> None:
        """Read one table; a table without headings continues the one before if it is as wide."""
        headed = any(read_headings(grid.rows, i) for i in range(min(12, len(grid.rows))))
        if not headed and (self.current is None or len(grid.rows[0]) != self.width if grid.rows else True):
            return
        if headed:
            self.open = None
            self._titles(grid.before[-3:])
        else:
            self.headless += 1
        position = 0
        while position < len(grid.rows):
            position += self._row(grid, position)

    def _titles(self, lines: list[str]) -> None:
        for line in lines:
            text = tidy(line)
            if self.out.titles and re.fullmatch(r"[（(].*[）)]", text):
                self.out.subtitle = self.out.subtitle or text
            elif (
                len(text) <= 80
                and _TITLE.search(text)
                and not re.search(r"^附\s*件|[《》]|通知|^\d+\s*[.、．]|^[一二三四五六七八九十]+、", text)
            ):
                self._title(text)

    def _title(self, text: str) -> None:
        self.region = self.region or self.register.region_in(text)
        if self.out.titles and self.out.tasks:
            self.title_repeats += 1
            if text != self.out.titles[0]:
                self.pending.append(
                    ("page_title_differs", f"本页标题是“{text}”，与首页“{self.out.titles[0]}”不同")
                )
        self.out.titles.append(text)

    def _row(self, grid: Grid, position: int) -> int:
        cells = grid.rows[position]
        printed = [c for c in cells if c.printed.strip()]
        if not printed:
            return 1
        headings = read_headings(grid.rows, position)
        if headings is not None:
            self._headings(headings, len(cells))
            return headings.height
        if len(printed) == 1 and self._line(printed[0], len(cells)):
            return 1
        if self.current is None:
            self._before_headings(printed)
            return 1
        if _TOTAL.match(printed[0].text.strip()):
            self.out.doubts.append(("total_row", f"第 {printed[0].row} 行是合计行，不作为任务"))
            return 1
        self._task_row(self._by_field(grid, cells))
        return 1

    def _before_headings(self, printed: list[Cell]) -> None:
        self._titles([tidy(c.text) for c in printed])

    def _headings(self, headings: Headings, width: int) -> None:
        self.heading_rows += 1
        first = self.out.headings
        if first is None:
            self.out.headings = headings
        elif headings.words != first.words:
            changed = [f"“{a}”→“{b}”" for a, b in zip(first.words, headings.words, strict=False) if a != b]
            self.out.doubts.append(("heading_varies", f"表头写法不一：{'、'.join(changed[:4])}"))
            if headings.words != self.last_words:
                self.pending.append(("header_changes", f"从此页起表头改变：{'、'.join(changed[:4])}"))
        self.current, self.width, self.last_words = headings, width, headings.words
        self.open = None

    def _line(self, cell: Cell, width: int) -> bool:
        """A row of one text: a note, a total, a title, a section; False if it may belong to a task."""
        text = tidy(cell.text)
        across = cell.width > max(1, width // 2)
        if self.current is None:
            if re.fullmatch(r"[（(].*[）)]", text) and self.out.titles:
                self.out.subtitle = self.out.subtitle or text
            elif across or len(text) > 4:
                self._titles([text])
            return True
        if _NOTE.match(text):
            self.out.footnote = f"{self.out.footnote}\n{text}" if self.out.footnote else text
            return True
        if _TOTAL.match(text):
            self.out.doubts.append(("total_row", f"第 {cell.row} 行是合计行，不作为任务"))
            return True
        if text in self.out.titles or (_TITLE.search(text) and re.search(r"20\d\d|年度", text)):
            self._title(text)
            return True
        if (_SECTION.match(text) and (across or self.open is None or cell.column <= 2)) or across:
            self.section = re.sub(_SECTION, "", text).strip("：: ") or text
            self.out.doubts.append(("section_row", f"第 {cell.row} 行“{text}”是分组标题，不作为任务"))
            self.open = None
            return True
        return False

    def _by_field(self, grid: Grid, cells: list[Cell]) -> Row:
        assert self.current is not None
        columns = self.current.columns
        named = {name: cells[at[0]] for name, at in columns.items() if at[0] < len(cells)}
        for name, joint in _JOINED.items():
            if len(columns.get(name, ())) > 1:
                named[name] = _joined([cells[at] for at in columns[name] if at < len(cells)], joint)
        items = [cells[at] for at in columns.get("items", ()) if at < len(cells)]
        return Row(grid.name, cells[0].row, named, items)

    def _task_row(self, row: Row) -> None:
        start, seq, doubts = self._starts_task(row)
        if start:
            self.open = RawTask(seq, [row], self.section, [*self.pending, *doubts])
            self.pending = []
            self.out.tasks.append(self.open)
        elif self.open is None:
            self.out.doubts.append(
                ("row_not_read", f"第 {row.number} 行不属于任何任务，没有读入：{self._shown(row)}")
            )
        else:
            self._continue(self.open, row)

    @staticmethod
    def _shown(row: Row) -> str:
        return "｜".join(tidy(c.printed) for c in row.cells.values() if c.printed.strip())[:80]

    def _starts_task(self, row: Row) -> tuple[bool, int | None, Doubts]:
        filled = sum(1 for c in row.cells.values() if c.printed.strip())
        if "seq" not in row.cells:
            return self._names_new_task(row, filled), None, []
        words = row.printed("seq")
        seq = read_seq(words)
        if seq is not None:
            same = self.open is not None and self.open.seq == seq
            if same and not self._names_new_task(row, filled):
                return False, seq, []
            return True, seq, []
        if not words and row.text("seq"):
            return False, None, []
        if filled >= 5 and (not words or not self.register.is_department(words, self.region)):
            if not self._names_new_task(row, filled):
                return False, None, []
            shown = f"序号写作“{words}”" if words else "没有序号"
            return True, None, [("seq_missing", f"第 {row.number} 行{shown}，按新任务读入")]
        return False, None, []

    def _names_new_task(self, row: Row, filled: int) -> bool:
        """Without a number of its own a row is a new task if its name is printed and is another name."""
        if self.open is None:
            return filled >= 2
        for name in ("task_name", "plan_name"):
            if name in row.cells:
                return bool(row.printed(name)) and (
                    row.printed(name) != self.open.text(name).strip() or row.items_differ(self.open)
                )
        return bool(row.printed("scope") or row.printed("lead")) and filled >= 4

    def _continue(self, task: RawTask, row: Row) -> None:
        """A row under the task above: its item and office; other text repeats the task or has slid."""
        slid: list[Cell] = []
        for name, cell in row.cells.items():
            text = cell.printed.strip()
            if not text or name in _PER_ROW:
                continue
            above = task.text(name).strip()
            if text == above:
                if name in ("ratio", "ratio_frequency", "frequency"):
                    task.doubts.append(
                        ("ratio_repeated", f"第 {row.number} 行重复“{text}”；整个任务只有一个比例")
                    )
            elif not above and name not in ("seq", "region", "field", "plan_name", "task_name"):
                continue
            else:
                slid.append(cell)
        office = row.cells.get("cooperating")
        item = " ".join(c.printed for c in row.items).strip()
        if office is not None and not item and office.printed.strip() and not self._is_office(office.text):
            slid.append(office)
        if slid:
            self._repair(task, row, slid, bool(item))
        task.rows.append(row)

    def _is_office(self, text: str) -> bool:
        parts = [p for p in re.split(r"[、，,；;\s]+|\d[.、]", text.strip()) if p]
        return any(self.register.is_department(p, self.region) for p in parts)

    def _repair(self, task: RawTask, row: Row, slid: list[Cell], has_item: bool) -> None:
        """Put slid texts back (an office name is the office, the other the item) or say which row it is."""
        offices = [c for c in slid if self._is_office(c.text)]
        others = [c for c in slid if c not in offices]
        where = "、".join(f"第 {c.column} 列“{tidy(c.text)}”" for c in slid)
        if has_item or len(others) != 1 or len(offices) > 1 or not row.items:
            task.doubts.append(
                ("row_not_read", f"第 {row.number} 行的{where}与上方任务不同，没有归入，请核对")
            )
            return
        blank = Cell("", row.number, row.items[0].column)
        for name, cell in list(row.cells.items()):
            if cell in slid:
                row.cells[name] = Cell("", cell.row, cell.column)
        row.items = [others[0]]
        row.cells["items"] = others[0]
        if offices:
            row.cells["cooperating"] = offices[0]
        else:
            row.cells["cooperating"] = blank
        task.doubts.append(("columns_shifted", f"第 {row.number} 行的{where}滑入了其他列，已放回事项和部门"))


def _joined(cells: list[Cell], joint: str) -> Cell:
    """Several cells as one, placed at the first; own if any of them is printed here."""
    texts = list(dict.fromkeys(c.text.strip() for c in cells if c.text.strip()))
    first = cells[0]
    return Cell(joint.join(texts), first.row, first.column, any(c.printed.strip() for c in cells))


def read_seq(words: str) -> int | None:
    """5, 5., （5）, 第5项, 五, ５: the number of a row; None for anything else."""
    text = re.sub(r"^第|[项条号]$", "", tidy(words).strip("（()）.．、 "))
    text = text.translate({ord("０") + n: str(n) for n in range(10)})
    if re.fullmatch(r"\d{1,5}", text):
        return int(text)
    return chinese_number(text) if re.fullmatch(r"[一二三四五六七八九十]{1,3}", text) else None


def gather(source: Source, register: DepartmentRegister, region: str | None) -> Gathered:
    """Every task row of the file in order."""
    walk = Walk(register)
    walk.region = region
    for grid in source.grids:
        if grid.rows:
            walk.grid(grid)
    out = walk.out
    out.region = walk.region
    if out.footnote is None and source.kind == "docx" and out.tasks:
        out.footnote = next((tidy(p) for p in source.paragraphs if re.match(r"\s*填表说明", p)), None)
    if walk.heading_rows > 1 and walk.title_repeats:
        out.doubts.append(
            ("repeated_headers", f"标题和表头重复了 {walk.heading_rows} 次（每页一次），只算一个表")
        )
    if walk.headless:
        out.doubts.append(("page_split", f"表格按页拆成 {walk.headless + 1} 个，只有首页有表头，已接起来"))
    out.doubts = list(dict.fromkeys(out.doubts))
    return out
