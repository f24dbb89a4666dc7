"""How quick are the lists of a big library: a filtered, sorted page, a search by two characters, the counts of a scope?

`python -m benchmarks.lists [ROWS]`; the bare limit is the database's own count of the region's subjects in the same run.
"""

import json
import sys
from typing import Any
from unittest.mock import patch

from benchmarks import measure
from benchmarks.place import DATABASES, REGION, application
from benchmarks.subjects import made_up

TIMES = 9
ASKED: dict[str, dict[str, Any]] = {
    "第一页，按名称": {},
    "行业＝宾馆，在营，按名称": {"field": "宾馆", "state": "operating"},
    "部门＋风险 D＋停业（少）": {"department": f"{REGION}-d3", "risk": "D", "state": "suspended"},
    "按信用代码倒序": {"sort": "credit_code", "desc": True, "field": "药店"},
    "按风险，部门": {"sort": "risk", "department": f"{REGION}-d5"},
    "搜“春夏”（少）": {"q": "春夏"},
    "搜“宾馆”（1/12）": {"q": "宾馆"},
    "搜“有限”（一半）": {"q": "有限"},
    "搜“示例”（全部）": {"q": "示例"},
    "搜“安康福”（三字）": {"q": "安康福"},
    "搜“春夏”＋部门＋在营": {"q": "春夏", "department": f"{REGION}-d1", "state": "operating"},
    "搜代码开头（半数）": {"q": "91632525DEM0"},
    "搜代码开头（少）": {"q": "91632525DEM0AG"},
    "按更新时间倒序，行业": {"sort": "updated_at", "desc": True, "field": "药店"},
    "按更新时间，全部": {"sort": "updated_at"},
}


def run(kind: str, rows: int) -> list[list[Any]]:
    """Every question's median in ms, its total, and the page in the middle of the list."""
    from sqlalchemy import func, select

    from onevisit.core.auth import Actor
    from onevisit.core.db import db
    from onevisit.subjects import finding, health, importing
    from onevisit.subjects.library import SubjectLibrary
    from onevisit.subjects.models import Subject
    from onevisit.subjects.rules import scope_filter

    path = made_up(rows)
    found: list[list[Any]] = []
    with (
        application(kind),
        patch("onevisit.subjects.finding.acting", lambda: Actor(None, "bench", region_id=REGION)),
    ):
        importing.take_in(SubjectLibrary(REGION, None), path.name, path, False, shown=0)
        db.session.rollback()

        def ask(wanted: dict[str, Any]) -> Any:
            db.session.rollback()
            return finding.subjects_page({"limit": 50, **wanted})

        bare = measure.median(
            lambda: db.session.scalar(
                select(func.count()).select_from(Subject).where(Subject.region_id == REGION)
            ),
            TIMES,
        )
        found.append(["（裸）count(*)", "", bare * 1000])
        for name, wanted in ASKED.items():
            _, total = ask(wanted)
            found.append([name, total.total, 1000 * measure.median(lambda wanted=wanted: ask(wanted), TIMES)])
        page, _ = ask({"q": "有限"})
        for _ in range(40):
            page, _ = ask({"q": "有限", "after": finding.cursor_of({}, page[49])})
        after = finding.cursor_of({}, page[49])
        found.append(
            [
                "搜“有限”，第 42 页",
                "",
                1000 * measure.median(lambda: ask({"q": "有限", "after": after}), TIMES),
            ]
        )
        scope = scope_filter(
            {"all": [{"kind": "field", "any": ["宾馆", "药店"]}], "none": [{"kind": "tag", "any": ["公办"]}]}
        )
        found.append(["范围计数（按风险分）", finding.scope_count(REGION, scope)["count"],
                      1000 * measure.median(lambda: finding.scope_count(REGION, scope), TIMES)])  # fmt: skip
        found.append(
            [
                "全部标签计数",
                len(finding.label_counts(REGION)),
                1000 * measure.median(lambda: finding.label_counts(REGION), TIMES),
            ]
        )
        found.append(
            ["库的体检（全部各项）", "", 1000 * measure.median(lambda: health.report(REGION, None), 3)]
        )
        found.append(
            [
                "库的体检（一个部门）",
                "",
                1000 * measure.median(lambda: health.report(REGION, f"{REGION}-d3"), 3),
            ]
        )
    return found


def main(rows: int) -> None:
    """Each database in its own process."""
    made_up(rows)
    answers = {
        kind: json.loads(measure.in_child("benchmarks.lists", kind, str(rows)).splitlines()[-1])
        for kind in DATABASES
    }
    lines = [
        [
            one[0],
            f"{one[1]:,}" if one[1] != "" else "",
            *(f"{answers[kind][at][2]:.0f} ms" for kind in DATABASES),
        ]
        for at, one in enumerate(answers[DATABASES[0]])
    ]
    print(measure.table([f"问（{rows:,} 户，≤ 200 ms）", "找到", *DATABASES], lines))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(run(sys.argv[1], int(sys.argv[2])), default=str))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
