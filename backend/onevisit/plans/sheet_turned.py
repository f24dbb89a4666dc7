"""Is a table turned on its side? Labels down the left, or a form per task, become headings over rows."""

from collections.abc import Callable, Sequence

from onevisit.plans.sheet_grid import Cell, Grid

Field = Callable[[str], str | None]
Pair = tuple[Cell, Cell]
_ENOUGH = 5


def turned(grid: Grid, field_of: Field) -> Grid | None:
    """The same cells with their places, labels first and a row per task; None if the table is no such form."""
    pairs = _pairs(grid, field_of)
    if len({field_of(label.text) for label, answer in pairs if answer.text.strip()}) < _ENOUGH:
        return None
    first = min(label.row for label, _ in pairs)
    above = [row for row in grid.rows if row and row[0].row < first]
    beside = {label.column for label, _ in pairs}
    once = len({label.text.strip() for label, _ in pairs}) == len(pairs)
    body = _side_by_side(grid, pairs) if len(beside) == 1 and once else None
    rows = body or _forms(pairs)
    width = max(len(row) for row in [*above, *rows])
    return Grid(grid.name, [_filled(row, width) for row in [*above, *rows]], grid.before)


def _pairs(grid: Grid, field_of: Field) -> list[Pair]:
    """Label and answer beside one another, row by row."""
    found: list[Pair] = []
    for row in grid.rows:
        own = [cell for cell in row if cell.own and (cell.text.strip() or cell.column > 1)]
        at = 0
        while at + 1 < len(own):
            label, answer = own[at], own[at + 1]
            name = field_of(label.text) if label.text.strip() else None
            if name and not _also_label(answer, name, field_of):
                found.append((label, answer))
                at += 2
            else:
                at += 1
    return found


def _also_label(cell: Cell, name: str, field_of: Field) -> bool:
    """抽查领域 beside 抽查对象 is a row of headings; 抽查领域 beside 文化领域 is answered."""
    return len(cell.text.strip()) <= 8 and field_of(cell.text) not in (None, name)


def _side_by_side(grid: Grid, pairs: Sequence[Pair]) -> list[list[Cell]] | None:
    """Labels in one column, a task in each column to the right."""
    labels = [label for label, _ in pairs]
    by_row = {row[0].row: row for row in grid.rows if row}
    answers = sorted(
        {
            c.column
            for label in labels
            for c in by_row[label.row]
            if c.own and c.text.strip() and c.column > label.column
        }
    )
    rows = [[_at(by_row[label.row], column) for label in labels] for column in answers]
    body = [row for row in rows if sum(bool(c.text.strip()) for c in row) >= 3]
    return [labels, *body] if body and len(body) == len(rows) else None


def _at(row: Sequence[Cell], column: int) -> Cell:
    return next((c for c in row if c.column == column), Cell("", row[0].row, column))


def _forms(pairs: Sequence[Pair]) -> list[list[Cell]]:
    """One task after the other: a label that comes again begins the next."""
    forms: list[list[Pair]] = [[]]
    for label, answer in pairs:
        if any(label.text.strip() == known.text.strip() for known, _ in forms[-1]):
            forms.append([])
        forms[-1].append((label, answer))
    return [row for form in forms for row in ([c for c, _ in form], [c for _, c in form])]


def _filled(row: Sequence[Cell], width: int) -> list[Cell]:
    number = row[0].row if row else 0
    return [*row, *(Cell("", number, at + 1) for at in range(len(row), width))]
