"""What does a draw cost, and how does its cost grow? `make bench WHAT=draw`, or one size: `python -m benchmarks.draw 1000000`.

Each size runs in a process of its own, so that its memory is its own. "Bare" is the loop that nothing can be faster
than on one core: one HMAC for each leaf. A first pass in a child makes the machine hand out its memory beforehand.
"""

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Peak, in_child, table, timed

SIZES = (10_000, 100_000, 1_000_000)
INSPECTORS, DEPARTMENTS = 500, tuple(f"632525-d{at}" for at in range(3))
KEY = bytes(range(32))
CLASSES = "AABBBBBBCCD"
WINDOW_END = "2026-11-30"


def subjects(count: int) -> Iterator[Any]:
    """A library as rows come from a database."""
    from onevisit.draws.lot import Subject

    for at in range(count):
        yield Subject(f"91632525MA{at:08d}", f"示例县第{at}号商贸有限责任公司", "632525", CLASSES[at % 11])


def inspectors() -> list[Any]:
    """Every fifth holds a speciality, everybody is recused from two subjects."""
    from onevisit.draws.lot import Inspector

    return [
        Inspector(
            f"I{at}", DEPARTMENTS[at % 3], f"示例证{at}", "2028-12-31", ("特种设备",) if at % 5 == 0 else (), "active",
            tuple(sorted((f"91632525MA{at * 7:08d}", f"91632525MA{at * 11:08d}"))),
        )
        for at in range(INSPECTORS)
    ]  # fmt: skip


def bare(row: bytes) -> None:
    """HMAC with both pads prepared, over every leaf, and nothing else."""
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in KEY.ljust(64, b"\0")) + b"subject|").copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in KEY.ljust(64, b"\0"))).copy
    for at in range(0, len(row), 64):
        first, second = inner(), outer()
        first.update(row[at : at + 64])
        second.update(first.digest())
        second.digest()


def warm(megabytes: int = 900) -> None:
    """In a child, whose memory is not counted."""
    pid = os.fork()
    if not pid:
        memory = bytearray(megabytes << 20)
        memory[::4096] = b"\1" * len(memory[::4096])
        os._exit(0)
    os.waitpid(pid, 0)


def run(count: int) -> dict[str, Any]:
    """Freeze, roots, tickets and selection of 3 % (30,000 of a million), match of 10,000 visits × 3 parts."""
    from onevisit.draws import lot
    from onevisit.draws.match import MatchRules, match_inspectors, visits_in_full
    from onevisit.draws.quota import Rules, quotas

    kept: dict[str, Any] = {}
    warm()
    reading = timed(lambda: [None for _ in subjects(count)])
    with Peak(0.25) as peak:
        freeze = timed(
            lambda: kept.update(pool=lot.freeze(subjects(count), [], inspectors(), secrets.token_bytes))
        )
        pool = kept["pool"]
        roots = timed(lambda: lot.all_roots(pool.subjects.row, pool.subjects.codes))
        visits = Rules(None, number=min(10_000, count))
        draw = timed(lambda: kept.update(lot=lot.draw_subjects(pool, visits, KEY)))
        order = kept["lot"].visit_order()
        rules = MatchRules(DEPARTMENTS[0], DEPARTMENTS, 2, {DEPARTMENTS[1]: "特种设备"}, WINDOW_END)

        def match() -> None:
            ids = {leaf: one.entry.id for leaf, one in pool.subjects.those(order).items()}
            people = list(pool.inspectors)
            kept["matching"] = match_inspectors(
                visits_in_full(order, ids, rules), people, DEPARTMENTS, KEY, WINDOW_END
            )

        matching = timed(match)
    share = Rules("0.03")
    selection = min(timed(lambda: lot.draw_subjects(pool, share, KEY)) for _ in range(3))
    one_core = min(timed(lambda: bare(pool.subjects.row)) for _ in range(3))
    assert sum(quotas(share, pool.counts()).values()) == count * 3 // 100
    loads = [len(team.inspectors) for team in kept["matching"].teams]
    return {
        "count": count, "reading": reading, "freeze": freeze - reading, "roots": roots, "draw": draw, "match": matching,
        "peak": peak.above, "selection": selection, "bare": one_core, "parts": len(loads),
    }  # fmt: skip


def store(kind: str, count: int) -> dict[str, Any]:
    """What a draw of 3 % of `count` writes: drawn subjects with their proofs, then their teams."""
    from sqlalchemy import insert
    from tests.factories.desk import make_inspector, make_subject
    from tests.factories.visits import make_task

    from benchmarks.place import application
    from onevisit.core import clock
    from onevisit.core.db import db, transaction
    from onevisit.draws import drawing, lot
    from onevisit.draws.match import Matching, Team
    from onevisit.draws.models import Draw
    from onevisit.draws.quota import Rules
    from onevisit.inspectors.models import Inspector
    from onevisit.subjects.models import Subject

    pool = lot.freeze(subjects(count), [], inspectors(), secrets.token_bytes)
    outcome = lot.draw_subjects(pool, Rules("0.03"), KEY)
    order = outcome.visit_order()
    with application(kind):
        subject, person, task = make_subject(1), make_inspector(number=1), make_task(state="open")
        same = _columns(subject), _columns(person)
        entries = pool.subjects.those(order)
        with transaction():
            for model, given, rows in (
                (
                    Subject,
                    same[0],
                    [
                        {"id": f"s{at}", "credit_code": entries[leaf].entry.id, "number": at + 10}
                        for at, leaf in enumerate(order)
                    ],
                ),
                (
                    Inspector,
                    same[1],
                    [{"id": f"I{at}", "certificate_no": f"c{at}"} for at in range(INSPECTORS)],
                ),
            ):
                names = set(model.__table__.columns.keys())
                db.session.execute(
                    insert(model), [{**given, **{k: v for k, v in row.items() if k in names}} for row in rows]
                )
            draw = Draw(
                task_id=task.id, region_id="632525", no="B-1", frozen="", rules={}, counts={}, changes={}, remarks={},
                match={"departments": list(DEPARTMENTS)}, commit_hash="0" * 64, made_at=clock.now(),
            )  # fmt: skip
            db.session.add(draw)
        people = [one.leaf for one in pool.inspectors]
        teams = tuple(
            Team(leaf, department, (people[at % len(people)], people[(at + 1) % len(people)]))
            for at, leaf in enumerate(order[:10_000]) for department in ("632525-d0",)
        )  # fmt: skip
        matching = Matching({}, (), teams, ())

        def write(act: Any) -> float:
            def once() -> None:
                with transaction():
                    act()

            return timed(once)

        drawn = write(lambda: drawing._keep_subjects(draw, pool, outcome, order))
        team = write(lambda: drawing._keep_teams(draw, pool, matching))
    return {"kind": kind, "rows": len(order), "drawn": drawn, "teams": team, "team_rows": 2 * len(teams)}


def _columns(row: Any) -> dict[str, Any]:
    columns = [one for one in row.__table__.columns if one.computed is None]
    return {one.key: getattr(row, one.key) for one in columns}


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Prints the tables."""
    found = [json.loads(in_child("benchmarks.draw", "run", str(size)).splitlines()[-1]) for size in sizes]
    print("Tickets and selection of 3 % (target 1.1 s for a million on two processes):\n")
    print(table(
        ("subjects", "drawn", "selection s", "bare loop, one core s", "µs / subject"),
        [(one["count"], one["count"] * 3 // 100, f"{one['selection']:.2f}", f"{one['bare']:.2f}", f"{one['selection'] / one['count'] * 1e6:.2f}") for one in found],
    ))  # fmt: skip
    print(
        "\nFreeze + draw + match of 10,000 visits × 3 parts, 500 inspectors (target 8 s, 600 MB for a million):\n"
    )
    print(table(
        ("subjects", "freeze s", "roots s", "draw s", "match s", "together s", "MB above start"),
        [
            (one["count"], *(f"{one[part]:.2f}" for part in ("freeze", "roots", "draw", "match")),
             f"{one['freeze'] + one['roots'] + one['draw'] + one['match']:.2f}", f"{one['peak']:.0f}")
            for one in found
        ],
    ))  # fmt: skip
    stored = [
        json.loads(in_child("benchmarks.draw", "store", kind, str(max(sizes))).splitlines()[-1])
        for kind in ("sqlite", "postgresql")
    ]
    print(f"\nStored after a draw from {max(sizes)} subjects (target 3 s):\n")
    print(table(
        ("database", "drawn subjects with proofs", "s", "members of teams", "s"),
        [(one["kind"], one["rows"], f"{one['drawn']:.2f}", one["team_rows"], f"{one['teams']:.2f}") for one in stored],
    ))  # fmt: skip


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run", count]:
            print(json.dumps(run(int(count))))
        case ["store", kind, count]:
            print(json.dumps(store(kind, int(count))))
        case given:
            main(tuple(map(int, given)) or SIZES)
