"""Whatever somebody does to a table, is it read or refused, and never a crash? Cells changed at random, seeded."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from tests.plans.layouts.forms import LAYOUTS, text, xls, xlsx
from tests.plans.test_layouts import FAMILIES

from onevisit.core.problems import Problem
from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet import read_plan
from onevisit.plans.sheet_sure import FACTS
from onevisit.plans.sheet_tables import read_source
from onevisit.plans.terms import DOUBT_LABELS, Doubt

REGISTER = DepartmentRegister.load()
ODD = [
    "",
    "　",
    "0",
    "-1",
    "合计",
    "牵头",
    "√",
    "1.",
    "（",
    "%",
    "99999999999",
    "=1",
    "县",
    "、、",
    "\n",
    "2025年13月40日",
    "每",
    "一",
    "A类",
    "12月前",
    "分批",
]


def tables() -> Iterator[list[list[str]]]:
    """Every table of the layouts as plain rows."""
    assert FAMILIES
    for one in LAYOUTS.values():
        for grid in read_source(one.file_name, one.make()).grids:
            yield [[cell.printed for cell in row] for row in grid.rows]


def broken(rows: list[list[str]], chance: random.Random) -> list[list[Any]]:
    """The rows with some cells lost, swapped or written over, and perhaps a row or a column lost."""
    rows = [list(row) for row in rows]
    for _ in range(chance.randint(1, 12)):
        r, c = chance.randrange(len(rows)), chance.randrange(len(rows[0]))
        s, d = chance.randrange(len(rows)), chance.randrange(len(rows[0]))
        if chance.random() < 0.5:
            rows[r][c] = chance.choice(ODD)
        else:
            rows[r][c], rows[s][d] = rows[s][d], rows[r][c]
    if chance.random() < 0.3 and len(rows) > 2:
        rows.pop(chance.randrange(len(rows)))
    if chance.random() < 0.3 and len(rows[0]) > 3:
        at = chance.randrange(len(rows[0]))
        rows = [row[:at] + row[at + 1 :] for row in rows]
    return rows


@pytest.mark.parametrize("seed", range(12))
def test_broken_tables_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    for rows in tables():
        spoilt = broken(rows, chance)
        made = chance.choice([text, xls, lambda one: xlsx(("计划", one, []))])
        try:
            result = read_plan("计划", made(spoilt), year=2025, region="云溪县", register=REGISTER)
        except Problem:  # refused in words
            continue
        for task in result["tasks"]:
            assert set(FACTS) <= set(task["facts"])
            assert all(DOUBT_LABELS[Doubt(problem.split(":")[0])] for problem in task["problems"])
