"""What is a table, before anything in it is understood? Cells with their places, grids, and a file of grids."""

from dataclasses import dataclass, field

from onevisit.core.problems import Problem

MAX_CELLS = 2_000_000
MAX_COLUMNS = 200


@dataclass(frozen=True)
class Cell:
    """A cell as printed. `own` is False where a merged cell only reaches into this place.

    `width` is the number of columns a merged cell spans, told at its own place.
    """

    text: str
    row: int
    column: int
    own: bool = True
    width: int = 1

    @property
    def printed(self) -> str:
        """The text if it was printed here, else nothing."""
        return self.text if self.own else ""


@dataclass
class Grid:
    """One table: rows of cells, all rows equally long, and the lines of text that stand before it."""

    name: str
    rows: list[list[Cell]]
    before: list[str] = field(default_factory=list)


@dataclass
class Source:
    """Everything read from a file: its kind, its tables, and the running text of the notice around them."""

    kind: str
    grids: list[Grid]
    paragraphs: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    odd: list[tuple[str, str]] = field(default_factory=list)


def unreadable(file_name: str) -> Problem:
    """The refusal of a broken file."""
    return Problem(
        "plans.file_unreadable",
        f"文件“{file_name}”打不开，可能已损坏或没有下载完整。请用 Excel 或 WPS 打开后另存一份再上传。",
    )
