"""Which tables stand in a web page? Systems export `.xls` files that are HTML; merged cells are spans there."""

from html.parser import HTMLParser

from onevisit.plans.sheet_grid import MAX_CELLS, MAX_COLUMNS, Cell, Grid

MAX_SPAN = 1000


class _Tables(HTMLParser):
    """Collects rows of (text, columns, rows) per table; a table within a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self.open: list[list[list[tuple[str, int, int]]]] = []
        self.cell: list[tuple[list[str], int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.open.append([])
            self.tables.append(self.open[-1])
        elif tag == "tr" and self.open:
            self.open[-1].append([])
        elif tag in ("td", "th") and self.open and self.open[-1]:
            self._close()
            self.cell.append(([], _span(given.get("colspan")), _span(given.get("rowspan"))))
        elif tag in ("br", "p", "div") and self.cell:
            self.cell[-1][0].append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._close()
        elif tag == "table" and self.open:
            self._close()
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.cell:
            self.cell[-1][0].append(data)

    def _close(self) -> None:
        if self.cell and self.open and self.open[-1]:
            words, columns, rows = self.cell.pop()
            lines = (" ".join(line.split()) for line in "".join(words).split("\n"))
            self.open[-1][-1].append(("\n".join(filter(None, lines)), columns, rows))


def _span(value: str | None) -> int:
    return min(MAX_SPAN, max(1, int(value))) if value and value.isdecimal() else 1


def web_grids(text: str) -> list[Grid] | None:
    """The tables of a page with their spans filled; None if they are larger than a plan can be."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    grids = [_grid(f"表{n}", rows) for n, rows in enumerate(parser.tables, start=1)]
    return [grid for grid in grids if grid is not None] if all(grids) else None


def _grid(name: str, rows: list[list[tuple[str, int, int]]]) -> Grid | None:
    placed: dict[tuple[int, int], Cell] = {}
    for r, row in enumerate(rows):
        c = 0
        for text, columns, height in row:
            while (r, c) in placed:
                c += 1
            for dr in range(min(height, len(rows) - r)):
                for dc in range(columns):
                    if c + dc >= MAX_COLUMNS:
                        break
                    own = dr == 0 and dc == 0
                    placed[r + dr, c + dc] = Cell(text, r + dr + 1, c + dc + 1, own, columns if own else 1)
            c += columns
        if len(placed) > MAX_CELLS:
            return None
    width = max((c for _, c in placed), default=-1) + 1
    return Grid(
        name,
        [[placed.get((r, c), Cell("", r + 1, c + 1)) for c in range(width)] for r in range(len(rows))],
    )
