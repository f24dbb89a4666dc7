"""How is a task put together? The facts read so far, the doubts about them, and where each one stands."""

from dataclasses import dataclass, field
from typing import Any

from onevisit.departments.register import DepartmentRegister
from onevisit.plans import sheet_cells as cells
from onevisit.plans.sheet_grid import Cell
from onevisit.plans.sheet_rows import RawTask

Task = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """What the whole table gives to every task."""

    register: DepartmentRegister
    region: str | None
    year: int | None
    title: str
    tier: str | None

    def canonical(self, name: str) -> str:
        """The office's one name in this plan's region."""
        return self.register.canonical(name, self.region)


@dataclass
class Draft:
    """A task being read: its facts, its doubts, and where each fact stands."""

    raw: RawTask
    setting: Setting
    facts: Task = field(default_factory=dict)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    provenance: dict[str, dict[str, Any]] = field(default_factory=dict)

    def doubt(self, code: str, words: str) -> None:
        """Note a doubt once."""
        if (code, words) not in self.doubts:
            self.doubts.append((code, words))

    def trace(self, name: str, cell: Cell | None, sheet: str) -> None:
        """Remember where a fact was read."""
        if cell is not None:
            self.provenance[name] = {
                "sheet": sheet,
                "row": cell.row,
                "column": cell.column,
                "raw": cell.text,
            }

    def take(self, name: str, *columns: str) -> str:
        """The text of the first of these columns that is filled, with its provenance."""
        for column in columns:
            for row in self.raw.rows:
                if row.text(column):
                    self.trace(name, row.cells[column], row.grid)
                    return row.cells[column].text
        return ""

    def reading(self, name: str, reading: cells.Reading) -> None:
        """A value read from a cell, with its doubts."""
        self.facts[name] = reading.value
        for code, words in reading.doubts:
            self.doubt(code, words)
