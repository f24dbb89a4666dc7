"""What does the server need and how quickly does it answer? Memory, start, a phone's pull, a page of the visits.

`python -m benchmarks.server [sqlite|postgresql]`; QUICK=1 for a short look. The bare limit beside each answer is /healthz of
the same server in the same minute: what Flask and gunicorn take before anything is asked.
"""

import http.client
import json
import os
import statistics
import sys
import time
from typing import Any

from sqlalchemy import insert

from benchmarks import measure
from benchmarks.intake import OPEN, STORED, Visits, load, tokens
from benchmarks.loading import phones, world
from benchmarks.loading.phones import LEAD, REGION
from benchmarks.loading.server import Place, Served, county, served
from benchmarks.place import DATABASES
from onevisit.core.db import db

QUICK = bool(os.environ.get("QUICK"))
STARTS, TIMES = (2, 11) if QUICK else (5, 41)
FEW = 200  # open visits where only pulls are measured
STORES = (33, 333, 3_333) if QUICK else (33, 333, 3_333, 33_333)  # visits of 30 operations
MINE = 20  # visits on one phone
READER, OFFICE = "019fa000-0100-7000-8000-00000000aaaa", "019fa000-0101-7000-8000-00000000aaaa"


def _people(place: Place, first: int) -> dict[str, str]:
    """An inspector with twenty of these visits, and the joint office; the tokens of both."""
    from flask_jwt_extended import create_access_token
    from tests.factories.desk import make_inspector

    from onevisit.accounts.models import Account
    from onevisit.dispatches.models import TeamMember

    with place.app().app_context():
        make_inspector(LEAD, 900, id=READER)
        same = {"password_hash": "-", "region_id": REGION, "active": True, "created_at": world.AT}
        db.session.execute(insert(Account), [
            {**same, "id": READER, "username": "reader", "name": "示例·读", "roles": ["inspector"], "department_id": LEAD, "inspector_id": READER},
            {**same, "id": OFFICE, "username": "office", "name": "示例·办", "roles": ["joint_office"], "department_id": None, "inspector_id": None},
        ])  # fmt: skip
        db.session.execute(insert(TeamMember), [
            {"visit_id": phones.name(first + n), "department_id": LEAD, "inspector_id": READER, "order": 9} for n in range(MINE)
        ])  # fmt: skip
        db.session.commit()
        made = {who: create_access_token(who) for who in (READER, OFFICE)}
        db.session.remove()
        db.engine.dispose()
    return made


class Asker:
    """One connection that is kept open."""

    def __init__(self, server: Served) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def get(self, path: str, token: str = "") -> tuple[float, bytes]:
        """Milliseconds and the answer."""
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {content[:500].decode()}")
        return (time.perf_counter() - began) * 1000, content

    def median(self, path: str, token: str = "") -> float:
        """Of several, after one for warming."""
        self.get(path, token)
        return statistics.median(self.get(path, token)[0] for _ in range(TIMES))


def whole(place: Place) -> list[list[Any]]:
    """Start, memory idle, memory after eight clients' load."""
    starts = []
    for _ in range(STARTS):
        with served(place) as server:
            starts.append(server.started)
    with served(place) as server:
        Asker(server).get("/readyz")
        time.sleep(3)
        idle = server.memory()
        left, known = Visits(), tokens(place)
        seconds = 3 if QUICK else 20
        told = load(server.port, 8, seconds, left.take(seconds * 800), known)
        time.sleep(2)
        after = server.memory()
    return [
        ["从启动到第一个回答", "≤ 0.6 s", f"{statistics.median(starts):.2f} s", ""],
        ["闲时内存（PSS，全部进程）", "≤ 145 MB", f"{idle:.0f} MB", ""],
        [f"收 {told['answers']:,} 次之后内存", "≤ 256 MB", f"{after:.0f} MB", ""],
    ]


def pulls(kind: str) -> list[list[Any]]:
    """A phone with twenty visits asks what is new, beside more and more that is not its own."""
    rows = []
    for stored in STORES:
        with county(kind, FEW, stored) as place:
            token = _people(place, FEW)[READER]
            with served(place) as server:
                asker = Asker(server)
                bare = asker.median("/healthz")
                first, content = asker.get("/api/sync/changes?limit=500", token)
                page = json.loads(content)
                while page["more"]:
                    page = json.loads(
                        asker.get(f"/api/sync/changes?limit=500&after={page['cursor']}", token)[1]
                    )
                again = asker.median(f"/api/sync/changes?limit=500&after={page['cursor']}", token)
            operations = stored * phones.OPERATIONS
            rows.append(
                [
                    f"手机问有无新内容（库中 {operations:,} 条）",
                    "≤ 50 ms",
                    f"{again:.1f} ms",
                    f"{bare:.1f} ms",
                ]
            )
            rows.append([f"换机后第一页：{MINE} 次任务的包、500 条", "", f"{first:.0f} ms", f"{bare:.1f} ms"])
    return rows


def pages(kind: str) -> list[list[Any]]:
    """250 of all visits: the first page and the last."""
    with county(kind, OPEN, STORED) as place:
        token = _people(place, OPEN)[OFFICE]
        with served(place) as server:
            asker = Asker(server)
            bare = asker.median("/healthz")
            first = asker.median("/api/visits?limit=250", token)
            at = f"2026-11-30|{phones.name(OPEN + STORED - 251)}"
            last = asker.median(f"/api/visits?limit=250&after={at}", token)
    name = f"共 {OPEN + STORED:,} 次"
    return [
        [f"任务表一页 250 行，第一页（{name}）", "≤ 50 ms", f"{first:.0f} ms", f"{bare:.1f} ms"],
        [f"最后一页（{name}）", "≤ 50 ms", f"{last:.0f} ms", f"{bare:.1f} ms"],
    ]


def run(kind: str) -> list[list[Any]]:
    """Everything on one database."""
    with county(kind, OPEN, 0) as place:
        rows = whole(place)
    rows += pulls(kind) + pages(kind)
    for row in rows:
        print(kind, *row, file=sys.stderr)
    return [[kind, *row] for row in rows]


def main(kinds: tuple[str, ...]) -> None:
    """Each database after the other."""
    print(
        measure.table(
            ["库", "问", "目标", "量得", "同时的 /healthz"], [row for kind in kinds for row in run(kind)]
        )
    )


if __name__ == "__main__":
    main((sys.argv[1],) if len(sys.argv) > 1 else DATABASES)
