"""Where do the headings of a list stand, and what do they mean?"""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from onevisit.core.lines import Lines
from onevisit.core.problems import Problem
from onevisit.core.reading import guessed
from onevisit.core.rows import HEADING_ROWS
from onevisit.core.texts import unstorable
from onevisit.subjects.lists import ListLibrary


@dataclass(frozen=True)
class Head:
    """Where the headings stand and what they mean."""

    line: int
    headings: list[str]
    mapping: dict[int, str]
    sample: list[list[str]]


def head_of(library: ListLibrary, name: str, path: Path, learnt: dict[str, str]) -> Head:
    """The line of headings among the first ones: the one whose words say most; with some rows below it."""
    lines = [
        [_storable(cell) for cell in line]
        for line in islice(Lines(library.step, name, path), HEADING_ROWS + 5)
    ]
    best, found = -1, dict[int, str]()
    for at, cells in enumerate(lines[:HEADING_ROWS]):
        mapping = guessed(cells, library.headings, learnt)
        if len(mapping) > len(found):
            best, found = at, mapping
    if best < 0:
        best = _widest(lines[:HEADING_ROWS])
    if best < 0:
        raise no_headings(library, name)
    headings = lines[best]
    return Head(best + 1, headings, found, [line for line in lines[best + 1 :] if any(line)][:5])


def _widest(lines: list[list[str]]) -> int:
    """Headings that nobody knows yet: the first of the widest lines that is words and no figures; -1 where there is no table."""
    widths = [sum(bool(cell) and not cell.replace(".", "").isdigit() for cell in line) for line in lines]
    most = max(widths, default=0)
    return widths.index(most) if most > 1 else -1


def _storable(cell: str) -> str:
    return "".join(one for one in cell if not unstorable(one))[:400] if unstorable(cell) else cell[:400]


def no_headings(library: ListLibrary, name: str) -> Problem:
    """The file says nothing that this library knows."""
    wanted = "、".join(
        library.headings[one][0] for one in (*library.required, *getattr(library, "one_of", ())[:1])
    )
    return Problem(
        f"{library.step}.headings_missing",
        f"文件“{name}”前 {HEADING_ROWS} 行里没有找到表头，什么都没有导入。表头至少要有：{wanted}。",
    )
