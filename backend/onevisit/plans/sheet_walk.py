"""What is each row of a file? Walks its grids: titles, headings, tasks, continued rows, groups, totals, notes."""

import re

from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet_columns import Row, rows_of
from onevisit.plans.sheet_grid import Cell, Grid, Source
from onevisit.plans.sheet_headings import Headings, heading_cells, heading_field, read_headings
from onevisit.plans.sheet_items import tidy
from onevisit.plans.sheet_learnt import NOTHING_LEARNT, Learnt
from onevisit.plans.sheet_rows import DIGITS, NO_TASK, Doubts, Gathered, RawTask, continue_task, read_seq
from onevisit.plans.sheet_turned import turned

_NOTE = re.compile(r"^(?:填表|填写)?(?:说明|注|备注|注释)\s*[:：1一]|^注[1-9一二三]?[.、．]")
_NOTE_GOES_ON = re.compile(r"^[（(]?\d[.、．）)]|^[①②③④⑤⑥⑦⑧⑨*＊※]")
_FILLED_BY = re.compile(
    r"(?:填表|填报|制表|审核|负责|联系|经办)(?:人|单位|部门|日期|时间|电话)|单位[:：][户家个%]"
)
_TOTAL = re.compile(r"^(?:合\s*计|总\s*计|小\s*计|共\s*计|总数)")
_NUMBERED = r"(?:[（(][一二三四五六七八九十]{1,3}[）)][、.．\s]?|[一二三四五六七八九十]{1,3}[、.．\s])"
_SECTION = re.compile(rf"^(?:{_NUMBERED}|第[一二三四五六七八九十]+(?:部分|类|批))")
_TITLE = re.compile(
    r"(?:计划|任务|清单|方案|一览表|汇总表|安排表|抽查表|安排|分工表|分解表|事项表|任务书|工作表)(?:表|书)?(?:[（(].*[）)])?$"
    r"|双随机.*(?:计划|任务)|20\d\d年.*(?:抽查|检查).*表$"
)


class Walk:
    """One pass over the grids; holds the headings in force and the task that is open."""

    def __init__(self, register: DepartmentRegister, learnt: Learnt) -> None:
        self.register = register
        self.learnt = learnt
        self.region: str | None = None
        self.out = Gathered()
        self.current: Headings | None = None
        self.open: RawTask | None = None
        self.section: str | None = None
        self.title: str | None = None
        self.pending: Doubts = []
        self.width = 0
        self.title_repeats = 0
        self.heading_rows = 0
        self.headless = 0
        self.last_words: tuple[str, ...] = ()
        self.in_note = False

    def headings(self, grid: Grid, position: int) -> Headings | None:
        """The headings that begin here."""
        return read_headings(
            grid.rows, position, learnt=self.learnt.columns, is_office=lambda w: self.register.is_department(w, self.region)
        )  # fmt: skip

    def prepared(self, grid: Grid) -> tuple[Grid, Headings | None]:
        """The grid, set upright if it lies on its side, and its first headings."""
        headings = self._first_headings(grid)
        if headings is None or len(headings.columns) / headings.height < 4:
            upright = turned(grid, lambda words: heading_field(words, self.learnt.columns))
            first = self._first_headings(upright) if upright is not None else None
            if upright is not None and first is not None:
                return upright, first
        return grid, headings

    def _first_headings(self, grid: Grid) -> Headings | None:
        found = (self.headings(grid, position) for position in range(min(12, len(grid.rows))))
        return next((headings for headings in found if headings is not None), None)

    def grid(self, grid: Grid, headings: Headings | None, others_plan: bool) -> None:
        """Read one table; a table without headings continues the one before if it is as wide."""
        continues = headings is None and self.current is not None and len(grid.rows[0]) == self.width
        if (headings is None and not continues) or (headings and others_plan and not headings.plans):
            self._leave_out(grid)
            return
        if headings is not None:
            self.in_note = False
            self._titles(grid.before[-3:])
        else:
            self.headless += 1
        position = 0
        while position < len(grid.rows):
            position += self._row(grid, position)

    def _leave_out(self, grid: Grid) -> None:
        rows = [row for row in grid.rows if any(c.printed.strip() for c in row)]
        for row in rows:
            self.out.leave(grid.name, row, "不是抽查计划的表")
        if len(rows) > 1 and max(sum(bool(c.printed.strip()) for c in row) for row in rows) > 1:
            name = tidy(grid.before[-1]) if grid.before and len(grid.before[-1]) <= 40 else grid.name
            self.out.doubts.append(("table_left_out", f"“{name}”（{len(rows)} 行）不是抽查计划，没有读入"))

    def _titles(self, lines: list[str]) -> None:
        for line in lines:
            text = tidy(line)
            if self.out.titles and re.fullmatch(r"[（(].*[）)]", text):
                self.out.subtitle = self.out.subtitle or text
            elif (
                len(text) <= 80
                and _TITLE.search(text.translate(DIGITS))
                and not re.search(r"^附\s*件|[《》]|通知|^\d+\s*[.、．]|^[一二三四五六七八九十]+、", text)
            ):
                self._title(text)

    def _title(self, text: str) -> None:
        text = re.sub(r"[（(]?续表?[）)]?$", "", text).strip()
        self.region = self.region or self.register.region_in(text.translate(DIGITS))
        if self.out.titles and self.out.tasks:
            self.title_repeats += 1
            if text != self.out.titles[0]:
                self.pending.append(
                    ("page_title_differs", f"本页标题是“{text}”，与首页“{self.out.titles[0]}”不同")
                )
        self.title = text
        self.out.titles.append(text)

    def _row(self, grid: Grid, position: int) -> int:
        cells = grid.rows[position]
        printed = [c for c in cells if c.printed.strip()]
        if not printed:
            return 1
        headings = self.headings(grid, position)
        if headings is not None:
            self._headings(headings, grid, position)
            return headings.height
        if len(printed) == 1 and self._line(printed[0], grid, cells):
            return 1
        if self.current is not None and len(printed) == 2 and self._numbered_section(printed, grid, cells):
            return 1
        if self.current is None:
            self._titles([tidy(c.text) for c in printed])
            self._filled_by(printed)
            self.out.leave(grid.name, cells, "表头之前的文字")
            return 1
        if _TOTAL.match(printed[0].text.strip()):
            self._total(grid, cells)
            return 1
        if _counts_columns(printed):
            self.out.leave(grid.name, cells, "栏次")
            return 1
        if sum(bool(_FILLED_BY.match(tidy(c.text))) for c in printed) * 2 >= len(printed):
            self.out.leave(grid.name, cells, "填报人、审核人等")
            return 1
        self.in_note = False
        first, *further = rows_of(grid.name, cells, self.current)
        self._task_row(first)
        if self.open is not None:
            self.open.rows.extend(further)
        return 1

    def _filled_by(self, printed: list[Cell]) -> None:
        for cell in printed:
            who = re.match(r"(?:填报|报送|制表|编制)(?:单位|部门)\s*[:：]\s*(.+)", tidy(cell.text))
            if who is not None and self.title is None:
                self.title = who[1]

    def _total(self, grid: Grid, cells: list[Cell]) -> None:
        self.out.doubts.append(("total_row", f"第 {cells[0].row} 行是合计行，不作为任务"))
        self.out.leave(grid.name, cells, "合计行")

    def _headings(self, headings: Headings, grid: Grid, position: int) -> None:
        self.heading_rows += 1
        first = self.out.headings
        again = self.current is not None and headings.words == self.current.words
        if first is None:
            self.out.headings = headings
        elif headings.words != first.words:
            changed = [f"“{a}”→“{b}”" for a, b in zip(first.words, headings.words, strict=False) if a != b]
            self.out.doubts.append(("heading_varies", f"表头写法不一：{'、'.join(changed[:4])}"))
            if headings.words != self.last_words:
                self.pending.append(("header_changes", f"从此页起表头改变：{'、'.join(changed[:4])}"))
            for words in headings.unknown:
                if words not in first.unknown:
                    self.out.doubts.append(("heading_unknown", f"不认识的表头：{words}；这一列没有读入"))
        self.current, self.width, self.last_words = headings, len(grid.rows[position]), headings.words
        for cell, name in heading_cells(headings, grid.rows, position):
            self.out.heading_cells.append(
                {"sheet": grid.name, "row": cell.row, "column": cell.column, "text": tidy(cell.text), "field": name}
            )  # fmt: skip
        for depth in range(headings.height):
            self.out.leave(grid.name, grid.rows[position + depth], "表头")
        # The same headings again, on the next page, do not end the task above; other headings do.
        if not again:
            self.open = None

    def _numbered_section(self, printed: list[Cell], grid: Grid, cells: list[Cell]) -> bool:
        """一 ｜ 文化旅游类: a section whose number has the first cell, above tasks numbered 1, 2, 3."""
        number, words = (tidy(c.text) for c in printed)
        if printed[0].column != 1 or not re.fullmatch(
            r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]?", number
        ):
            return False
        following = (row[0].text.strip() for row in grid.rows if row and row[0].row > printed[0].row)
        if not re.match(r"\d", next((text for text in following if text), "").translate(DIGITS)):
            return False
        self.section = re.sub(r"[（(]共?\d+[项个条类][)）]$", "", words)
        self.out.doubts.append(
            ("section_row", f"第 {printed[0].row} 行“{number}　{words}”是分组标题，不作为任务")
        )
        self.out.leave(grid.name, cells, "分组标题")
        self.open = None
        return True

    def _line(self, cell: Cell, grid: Grid, cells: list[Cell]) -> bool:
        """A row of one text: a note, a total, a title, a section; False if it may belong to a task."""
        text = tidy(cell.text)
        across = cell.width > max(1, len(cells) // 2)
        why = self._line_kind(cell, text, across, len(cells))
        if why:
            self.out.leave(grid.name, cells, why)
        return bool(why)

    def _line_kind(self, cell: Cell, text: str, across: bool, width: int) -> str | None:
        if self.current is None:
            if re.fullmatch(r"[（(].*[）)]", text) and self.out.titles:
                self.out.subtitle = self.out.subtitle or text
            elif across or len(text) > 4:
                self._titles([text])
                self._filled_by([cell])
            return "表头之前的文字"
        if _NOTE.match(text) or (self.in_note and (across or cell.column == 1) and _NOTE_GOES_ON.match(text)):
            self.in_note = True
            self.out.footnote = f"{self.out.footnote}\n{text}" if self.out.footnote else text
            return "注释"
        if _TOTAL.match(text):
            self.out.doubts.append(("total_row", f"第 {cell.row} 行是合计行，不作为任务"))
            return "合计行"
        if _FILLED_BY.match(text):
            return "填报人、审核人等"
        if text in self.out.titles or (
            _TITLE.search(text.translate(DIGITS)) and re.search(r"20\d\d|年度", text.translate(DIGITS))
        ):
            self._title(text)
            return "标题"
        if re.fullmatch(r"[（(]?[续接]上?表[\d一二三四五六七八九十]*[）)]?[:：]?", text):
            return "标题"
        if (_SECTION.match(text) and (across or self.open is None or cell.column <= 2)) or across:
            section = re.sub(_SECTION, "", text).strip("：: ") or text
            self.section = re.sub(r"[（(]共?\d+[项个条类][)）]$", "", section)
            self.out.doubts.append(("section_row", f"第 {cell.row} 行“{text}”是分组标题，不作为任务"))
            self.open = None
            return "分组标题"
        return None

    def _task_row(self, row: Row) -> None:
        start, seq, doubts = self._starts_task(row)
        if start:
            self.open = RawTask(seq, [row], self.section, self.title, [*self.pending, *doubts])
            self.pending = []
            self.out.tasks.append(self.open)
        elif self.open is None:
            self.out.doubts.append(
                ("row_not_read", f"第 {row.number} 行不属于任何任务，没有读入：{self._shown(row)}")
            )
            self.out.leave(row.grid, list(row.cells.values()), NO_TASK)
        else:
            continue_task(self.open, row, self._is_office)
            self.open.rows.append(row)

    @staticmethod
    def _shown(row: Row) -> str:
        return "｜".join(tidy(c.printed) for c in row.cells.values() if c.printed.strip())[:80]

    def _starts_task(self, row: Row) -> tuple[bool, int | None, Doubts]:
        filled = sum(1 for c in row.cells.values() if c.printed.strip())
        if "seq" not in row.cells:
            return self._names_new_task(row, filled), read_seq(row.printed("plan_no")), []
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
                    row.printed(name) != self.open.text(name).strip() or self.open.differs(row)
                )
        lead = row.printed("lead") if row.cells.get("lead") is not row.cells.get("item_department") else ""
        return bool(row.printed("scope") or lead) and filled >= 4

    def _is_office(self, text: str) -> bool:
        parts = [p for p in re.split(r"[、，,；;\s]+|\d[.、]", text.strip()) if p]
        return any(self.register.is_department(p, self.region) for p in parts)


def _counts_columns(printed: list[Cell]) -> bool:
    """栏次 1 2 3 4 under the headings: numbers of columns, no task."""
    numbers = [int(c.text) for c in printed[1:] if re.fullmatch(r"\d{1,2}", c.text.strip())]
    return (
        len(numbers) >= 4
        and len(numbers) == len(printed) - 1
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    )


def gather(
    source: Source, register: DepartmentRegister, region: str | None, learnt: Learnt = NOTHING_LEARNT
) -> Gathered:
    """Every task row of the file in order."""
    walk = Walk(register, learnt)
    walk.region = region
    prepared = [walk.prepared(grid) for grid in source.grids if grid.rows]
    others_plan = any(headings is not None and headings.plans for _, headings in prepared)
    for grid, headings in prepared:
        if source.kind in ("xlsx", "xls"):
            walk.open, walk.section = None, None
            walk.title = None
        walk.grid(grid, headings, others_plan)
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
