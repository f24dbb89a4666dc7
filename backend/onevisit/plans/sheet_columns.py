"""Which field does each cell of a row belong to? Columns of one kind are joined, ticks become their words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onevisit.plans.sheet_grid import Cell
from onevisit.plans.sheet_headings import Headings

# Columns of one kind that belong together: 开始时间 and 结束时间, 配合部门1 and 配合部门2.
_JOINED = {"window": "至", "cooperating": "、", "methods": "、", "remark": "；"}
_LEADS = re.compile(r"^(?:主?牵头|发起|主办|主查|主责|主)(?:部门|单位)?$|^[★◎]$")
_TAKES_PART = re.compile(r"^(?:配合|参与|协同|协办|参加|联合|会同)(?:部门|单位)?$|^[√✓✔☑●○■Oo是yYvV1]$")
_NOT = re.compile(r"^(?:[×✕xX/\-—–否无0]|☐|□)?$")


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


def rows_of(grid: str, cells: Sequence[Cell], headings: Headings) -> list[Row]:
    """The row by field; where a column stands for an office, a further row per office with items of its own."""
    named = {name: cells[at[0]] for name, at in headings.columns.items() if at[0] < len(cells)}
    for name, joint in _JOINED.items():
        if len(headings.columns.get(name, ())) > 1:
            named[name] = joined([cells[at] for at in headings.columns[name] if at < len(cells)], joint)
    items = [cells[at] for at in headings.columns.get("items", ()) if at < len(cells)]
    row = Row(grid, cells[0].row, named, items)
    ticked = [
        (kind, word, cells[at])
        for at, (kind, word) in headings.ticks.items()
        if at < len(cells) and not _NOT.match(cells[at].text.strip())
    ]
    _write(row, "methods", [c for k, _, c in ticked if k == "methods"], _words(ticked, "methods"), "、".join)
    _write(row, "window", [c for k, _, c in ticked if k == "window"], _words(ticked, "window"), _months)
    return [row, *_offices(row, [(word, cell) for kind, word, cell in ticked if kind == "office"])]


def _words(ticked: Sequence[tuple[str, str, Cell]], kind: str) -> list[str]:
    return [word for k, word, _ in ticked if k == kind]


def _write(
    row: Row, name: str, cells: Sequence[Cell], words: list[str], join: Callable[[list[str]], str]
) -> None:
    if words and not row.text(name):
        first = cells[0]
        row.cells[name] = Cell(join(words), first.row, first.column, any(c.own for c in cells))


def _months(words: list[str]) -> str:
    """3月, 4月, 5月 ticked is one window; 2月 and 10月 are two."""
    if not all(re.fullmatch(r"\d{1,2}月份?", word) for word in words):
        return "、".join(words)
    numbers = sorted(int(re.sub(r"\D", "", word)) for word in words)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    spans = [f"{a}月" if a == b else f"{a}月-{b}月" for a, b in runs]
    return spans[0] if len(spans) == 1 else "分批：" + "、".join(spans)


def _offices(row: Row, ticked: list[tuple[str, Cell]]) -> list[Row]:
    """A cell under an office says its role, or what it checks."""
    leads = [(word, c) for word, c in ticked if _LEADS.match(c.text.strip())]
    partners = [(word, c) for word, c in ticked if _TAKES_PART.match(c.text.strip())]
    checks = [one for one in ticked if one not in leads and one not in partners]
    for name, found in (("lead", leads), ("cooperating", partners)):
        if found and not row.text(name):
            cell = found[0][1]
            row.cells[name] = Cell("、".join(word for word, _ in found), cell.row, cell.column, cell.own)
    further = [
        Row(row.grid, row.number, {"item_department": Cell(word, c.row, c.column, c.own)}, [c])
        for word, c in checks
    ]
    if further and not any(c.text.strip() for c in row.items):
        row.items, row.cells["item_department"] = further[0].items, further[0].cells["item_department"]
        return further[1:]
    return further


def joined(cells: list[Cell], joint: str) -> Cell:
    """Several cells as one, placed at the first; own if any of them is printed here."""
    texts = list(dict.fromkeys(c.text.strip() for c in cells if c.text.strip()))
    first = cells[0]
    return Cell(joint.join(texts), first.row, first.column, any(c.printed.strip() for c in cells))
