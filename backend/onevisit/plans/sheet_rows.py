"""Which rows make one task? The rows of a task, what a file's rows come to, and a row that continues the task above."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from onevisit.plans.sheet_columns import Row
from onevisit.plans.sheet_dates import chinese_number
from onevisit.plans.sheet_grid import Cell
from onevisit.plans.sheet_headings import Headings
from onevisit.plans.sheet_items import tidy

Doubts = list[tuple[str, str]]
DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
# Why a row went into no task although it should have: somebody must decide, a draft waits for it.
NO_TASK = "不属于任何任务，没有读入"
# On a continued row these may be printed; text in any other column has slid there.
_PER_ROW = ("items", "cooperating", "item_department", "department")


@dataclass
class RawTask:
    """The rows of one task with what was noticed while gathering them."""

    seq: int | None
    rows: list[Row]
    section: str | None = None
    title: str | None = None
    doubts: Doubts = field(default_factory=list)

    def cell(self, name: str) -> Cell | None:
        """The first cell of the task that has something in this field."""
        found = (r.cells[name] for r in self.rows if r.text(name))
        return next(found, None)

    def text(self, name: str) -> str:
        """Its text, as printed."""
        cell = self.cell(name)
        return cell.text if cell is not None else ""

    def differs(self, row: Row) -> bool:
        """A row written out in full under the same name: with a scope or ratio of its own it is a task."""
        return any(
            row.printed(name) and row.printed(name) != self.text(name).strip()
            for name in ("scope", "lead", "window")
            if name != "lead" or row.cells.get(name) is not row.cells.get("item_department")
        )


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
    heading_cells: list[dict[str, Any]] = field(default_factory=list)
    not_read: list[dict[str, Any]] = field(default_factory=list)

    def leave(self, grid: str, cells: list[Cell], why: str) -> None:
        """Remember a row that went into no task."""
        texts = [cell.printed for cell in cells if cell.printed.strip()]
        if texts:
            self.not_read.append({"sheet": grid, "row": cells[0].row, "cells": texts, "why": why})


def continue_task(task: RawTask, row: Row, is_office: Callable[[str], bool]) -> None:
    """A row under the task above: its item and office; other text repeats the task or has slid."""
    slid: list[Cell] = []
    for name, cell in row.cells.items():
        text = cell.printed.strip()
        if not text or name in _PER_ROW or cell is row.cells.get("item_department"):
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
    if office is not None and not item and office.printed.strip() and not is_office(office.text):
        slid.append(office)
    if slid:
        _repair(task, row, slid, bool(item), is_office)


def _repair(
    task: RawTask, row: Row, slid: list[Cell], has_item: bool, is_office: Callable[[str], bool]
) -> None:
    """Put slid texts back (an office name is the office, the other the item) or say which row it is."""
    offices = [c for c in slid if is_office(c.text)]
    others = [c for c in slid if c not in offices]
    where = "、".join(f"第 {c.column} 列“{tidy(c.text)}”" for c in slid)
    if has_item or len(others) != 1 or len(offices) > 1 or not row.items:
        task.doubts.append(("row_not_read", f"第 {row.number} 行的{where}与上方任务不同，没有归入，请核对"))
        return
    blank = Cell("", row.number, row.items[0].column)
    for name, cell in list(row.cells.items()):
        if cell in slid:
            row.cells[name] = Cell("", cell.row, cell.column)
    row.items = [others[0]]
    row.cells["items"] = others[0]
    row.cells["cooperating"] = offices[0] if offices else blank
    task.doubts.append(("columns_shifted", f"第 {row.number} 行的{where}滑入了其他列，已放回事项和部门"))


def read_seq(words: str) -> int | None:
    """5, 5., （5）, 第5项, 五, ５: the number of a row; None for anything else."""
    text = re.sub(r"^第|[项条号]$", "", tidy(words).strip("（()）.．、 "))
    text = text.translate(DIGITS)
    if re.fullmatch(r"\d{1,5}", text):
        return int(text)
    return chinese_number(text) if re.fullmatch(r"[一二三四五六七八九十]{1,3}", text) else None
