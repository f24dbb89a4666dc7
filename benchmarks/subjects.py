"""How quick does a list of subjects come in: to the preview, confirmed, undone; how much memory; what is the bare limit?

`python -m benchmarks.subjects [ROWS]`; each database in a process of its own.
"""

import csv
import json
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.place import DATABASES, REGION, application

HEADINGS = ["名称", "统一社会信用代码", "主体类型", "行业", "标签", "住所", "法定代表人", "电话", "经营状态", "信用风险", "许可",
            "监管部门"]  # fmt: skip
_FIRST = (
    "甲乙丙丁戊己庚辛壬癸金木水火土天地山川云雨风雪春夏秋冬东南西北安康福禄寿喜昌盛兴隆和平顺达宏伟华丰瑞祥"
)
_TRADES = (
    "宾馆",
    "餐饮服务",
    "加油站",
    "药店",
    "网吧",
    "食品批发",
    "建筑工程",
    "物业管理",
    "运输",
    "养殖",
    "教育培训",
    "口腔诊所",
)
_TOWNS = ("茫曲镇", "过马营镇", "森多镇", "沙沟乡", "茫拉乡", "塔秀乡")


def made_up(rows: int) -> Path:
    """A CSV of so many made-up subjects, the same each time, kept for the next run."""
    path = Path(tempfile.gettempdir()) / f"onevisit-bench-{rows}.csv"
    if path.exists():
        return path
    from onevisit.demo.subjects import credit_code
    from onevisit.subjects.terms import SubjectKind

    chance = random.Random(7)
    kinds = (
        ("企业", SubjectKind.ENTERPRISE),
        ("个体工商户", SubjectKind.SOLE_TRADER),
        ("农民专业合作社", SubjectKind.COOPERATIVE),
    )
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        for at in range(rows):
            label, kind = kinds[chance.choices((0, 1, 2), (50, 45, 5))[0]]
            trade = chance.choice(_TRADES)
            name = (
                f"示例{''.join(chance.choices(_FIRST, k=3))}{trade}{'有限公司' if label == '企业' else '店'}"
            )
            out.writerow([
                name, credit_code(at, 3, kind), label, trade, chance.choice(("", "", "规模以上", "公办；四上")),
                f"青海省海南州贵南县{chance.choice(_TOWNS)}示例路{chance.randrange(1, 2000)}号{chance.randrange(1, 60)}室",
                f"示例·{chance.choice(_FIRST)}{chance.choice(_FIRST)}", f"000-{at % 10**8:08d}",
                chance.choices(("存续", "注销", "停业"), (95, 4, 1))[0], chance.choices(("A", "B", "C", "D", ""), (40, 30, 15, 8, 7))[0],
                chance.choice(("", "食品经营许可证", "特种行业许可证；卫生许可证")),
                "；".join(chance.sample([f"示例{n}局" for n in range(8)], chance.randrange(1, 3))),
            ])  # fmt: skip
    part.rename(path)
    return path


PLAIN = (0, 1, 2, 9)  # name, code, kind, risk
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def bare(path: Path, kind: str) -> float:
    """The least that must be done: read the file, put all of its cells into one table with its one unique index."""
    every = range(len(HEADINGS))
    return _loaded(path, kind, [f"c{at}" for at in every], lambda lines: lines, "")


def plain(path: Path, kind: str) -> float:
    """What figures.md measured, as its words say: one million CSV rows checked and upserted; name, code, kind and risk."""
    chosen, right = itemgetter(*PLAIN), _CODE.fullmatch

    def checked(lines: Iterator[list[str]]) -> Iterator[Sequence[str]]:
        return (row for row in map(chosen, lines) if row[0] and right(row[1]))

    names = [f"c{at}" for at in PLAIN]
    setting = ", ".join(f"{one} = excluded.{one}" for one in names if one != "c1")
    return _loaded(path, kind, names, checked, f" ON CONFLICT (c1) DO UPDATE SET {setting}")


def _loaded(
    path: Path, kind: str, names: Sequence[str],
    checked: Callable[[Iterator[list[str]]], Iterable[Sequence[str]]], clash: str,
) -> float:  # fmt: skip
    table = f"CREATE TABLE bare ({', '.join(f'{one} TEXT' for one in names)}, UNIQUE (c1))"
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        rows = checked(lines)
        if kind == "sqlite":
            with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
                kept = sqlite3.connect(f"{folder}/bare.db")
                kept.execute("PRAGMA journal_mode=WAL")
                kept.execute(table)
                began = time.perf_counter()
                kept.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(names))}){clash}", rows)
                kept.commit()
                return time.perf_counter() - began
        from onevisit.core.db import db

        raw: Any = db.engine.raw_connection()
        connection = raw.driver_connection
        connection.execute(table)
        connection.commit()
        began = time.perf_counter()
        with connection.cursor().copy("COPY bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.commit()
        took = time.perf_counter() - began
        connection.execute("DROP TABLE bare")
        connection.commit()
        raw.close()
        return took


def run(kind: str, rows: int) -> dict[str, Any]:
    """One import from the file to the library, and back."""
    from onevisit.core.db import db
    from onevisit.subjects import importing
    from onevisit.subjects.library import SubjectLibrary
    from onevisit.subjects.models import LibraryImport

    path = made_up(rows)
    with application(kind):
        simple, limit = plain(path, kind), bare(path, kind)
        library = SubjectLibrary(REGION, None)
        imported_id = ""

        def preview() -> None:
            nonlocal imported_id
            imported = importing.receive(library, path.name, path, own=False)
            imported_id = imported.id
            importing.begin_reading(imported_id)
            importing.read(library, imported_id, path)

        with measure.Peak() as peak:
            to_preview = measure.timed(preview)
            counts = dict(db.session.get_one(LibraryImport, imported_id).counts)
            if counts["undecided"]:
                importing.decide(library, imported_id, "both")
            block = _Waiting(kind)
            with block:
                confirmed = measure.timed(lambda: importing.confirm(library, imported_id))
        again = measure.timed(lambda: importing.take_in(library, path.name, path, True, shown=0))
        undone = measure.timed(lambda: importing.undo(library, imported_id))
        return {
            "kind": kind, "plain": simple, "bare": limit, "preview": to_preview, "confirm": confirmed, "again": again, "undo": undone,
            "memory": peak.above, "blocked": block.longest, "counts": counts,
        }  # fmt: skip


class _Waiting:
    """Another writer that knocks all the time: how long did it wait at most?"""

    def __init__(self, kind: str) -> None:
        self.kind, self.longest = kind, 0.0

    def __enter__(self) -> "_Waiting":
        import threading

        from flask import current_app

        self._stop, app = threading.Event(), current_app._get_current_object()  # type: ignore[attr-defined]

        def knock() -> None:
            from onevisit.core import trail
            from onevisit.core.db import db, transaction

            with app.app_context():
                while not self._stop.is_set():
                    began = time.perf_counter()
                    try:
                        with transaction():
                            trail.record("bench.knocked", "bench", "1", region_id=REGION)
                    except Exception:
                        db.session.rollback()
                    self.longest = max(self.longest, time.perf_counter() - began)
                    self._stop.wait(0.1)
                db.session.remove()

        self._thread = threading.Thread(target=knock)
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._stop.set()
        self._thread.join()


def main(rows: int) -> None:
    """Each database in its own process, so that memory is its own."""
    made_up(rows)
    lines = []
    for kind in DATABASES:
        one = json.loads(measure.in_child("benchmarks.subjects", kind, str(rows)).splitlines()[-1])
        lines.append([
            kind, f"{rows:,}", f"{one['plain']:.1f} s", f"{one['bare']:.1f} s", f"{one['preview']:.1f} s", f"{one['confirm']:.1f} s",
            f"{one['memory']:.0f} MB", f"{one['blocked']:.1f} s", f"{one['again']:.1f} s", f"{one['undo']:.1f} s",
        ])  # fmt: skip
    print(
        measure.table(
            ["库", "行", "四栏查过装入（figures.md）", "十二栏裸装入", "到预览（≤ 12 s）", "确认（≤ 10 s）", "内存高出（≤ 150 MB）", "别的写者最长等待",
             "同表再比对一次", "整批撤销"],
            lines,
        )
    )  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(run(sys.argv[1], int(sys.argv[2])), default=str))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
