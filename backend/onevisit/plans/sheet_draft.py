"""How is a task put together? The facts read so far, the doubts about them, and where each one stands."""

from dataclasses import dataclass, field
from typing import Any

from onevisit.departments.register import DepartmentRegister
from onevisit.plans import sheet_cells as cells
from onevisit.plans.sheet_grid import Cell
from onevisit.plans.sheet_learnt import NOTHING_LEARNT, Learnt
from onevisit.plans.sheet_rows import RawTask
from onevisit.plans.sheet_sure import facts_in_doubt

Task = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """What the whole table gives to every task."""

    register: DepartmentRegister
    region: str | None
    year: int | None
    title: str
    tier: str | None
    learnt: Learnt = NOTHING_LEARNT

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
    beside: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    about: dict[tuple[str, str], str] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)

    def doubt(self, code: str, words: str, about: str | None = None) -> None:
        """Note a doubt once; `about` is the fact in doubt where the code alone does not say it."""
        if (code, words) not in self.doubts:
            self.doubts.append((code, words))
        if about is not None:
            self.about[code, words] = about

    def trace(self, name: str, cell: Cell | None, sheet: str) -> None:
        """Remember where a fact was read."""
        if cell is not None:
            self.provenance[name] = _place(cell, sheet)

    def trace_also(self, name: str, cell: Cell | None, sheet: str) -> None:
        """Remember a further cell of a fact that stands in several."""
        if cell is not None and cell.text.strip():
            place = _place(cell, sheet)
            if place not in self.beside.setdefault(name, []):
                self.beside[name].append(place)

    def cells_of(self, name: str) -> list[dict[str, Any]]:
        """Every cell of a fact, in the order of the table."""
        first = self.provenance.get(name)
        places = self.beside.get(name) or ([first] if first else [])
        return [place for place in places if place and place["raw"].strip()]

    def raw_of(self, name: str) -> str:
        """What is printed of a fact; the key of a correction."""
        return "\n".join(place["raw"] for place in self.cells_of(name))

    def correct(self, name: str) -> bool:
        """Take what an office has said about this very text; its doubts are answered."""
        raw = self.raw_of(name)
        if not raw.strip() or not self.setting.learnt.corrects(name, raw):
            return False
        self.facts[name] = self.setting.learnt.value(name, raw)
        self.corrected.add(name)
        self.doubts = [(c, w) for c, w in self.doubts if name not in facts_in_doubt(c, w, self.about)]
        return True

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
            self.doubt(code, words, name)


def _place(cell: Cell, sheet: str) -> dict[str, Any]:
    return {"sheet": sheet, "row": cell.row, "column": cell.column, "raw": cell.text}
