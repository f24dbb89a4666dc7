"""How many rows of a workbook does an import read in a second, with all checks? `python -m benchmarks.sheets [ROWS]`"""

import csv
import json
import sys
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from benchmarks import measure
from benchmarks.place import DATABASES, REGION, application
from benchmarks.subjects import made_up


def workbook(rows: int) -> Path:
    """The made-up subjects as xlsx, kept for the next run."""
    path = Path(tempfile.gettempdir()) / f"onevisit-bench-{rows}.xlsx"
    if not path.exists():
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        with made_up(rows).open(encoding="utf-8", newline="") as file:
            for line in csv.reader(file):
                sheet.append(line)
        book.save(path)
    return path


def run(kind: str, rows: int) -> dict[str, float]:
    """Seconds to the preview, and of only looking at every cell."""
    from onevisit.subjects import importing
    from onevisit.subjects.library import SubjectLibrary

    path = workbook(rows)
    began = time.perf_counter()
    for _ in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows():
        pass
    bare = time.perf_counter() - began
    with application(kind), measure.Peak() as peak:
        library = SubjectLibrary(REGION, None)
        took = measure.timed(lambda: importing.take_in(library, path.name, path, True, shown=0))
    return {"bare": bare, "preview": took, "memory": peak.above}


def main(rows: int) -> None:
    """Both databases, each in its own process."""
    workbook(rows)
    lines = []
    for kind in DATABASES:
        one = json.loads(measure.in_child("benchmarks.sheets", kind, str(rows)).splitlines()[-1])
        lines.append([
            kind, f"{rows:,}", f"{rows / one['bare']:,.0f}", f"{rows / one['preview']:,.0f}", f"{one['memory']:.0f} MB",
        ])  # fmt: skip
    print(measure.table(["库", "行", "裸读行/秒", "到预览行/秒（≥ 15,000）", "内存高出"], lines))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(run(sys.argv[1], int(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
