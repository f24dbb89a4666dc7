"""What does a draw cost, and how does its cost grow? `make bench WHAT=draw`, or one size: `python -m benchmarks.draw 1000000`.

Each size runs in a process of its own, so that its memory is its own. "Bare" is the loop that nothing can be faster
than on one core: one HMAC for each leaf. A first pass in a child makes the machine hand out its memory beforehand.
"""

import hashlib
import json
import os
import secrets
import sys
import time
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
    """All that a room keeps of a draw of 3 % of `count`, and what reading it costs: frozen lists, rows, bundles, proofs."""
    from tests.factories.visits import make_task

    from benchmarks.place import application
    from onevisit.core import clock
    from onevisit.core.db import db, transaction
    from onevisit.draws import bundle as bundles
    from onevisit.draws import drawing, kept, lot, proving
    from onevisit.draws.match import MatchRules, match_inspectors, visits_in_full
    from onevisit.draws.models import Draw
    from onevisit.draws.quota import Rules
    from onevisit.draws.showing import summary
    from onevisit.draws.sources import Reveal, Source, commitment
    from onevisit.draws.writing import Lists

    values, took = {one: secrets.token_hex(16) for one in ("甲方", "乙方")}, {}
    rules = Rules("0.03")
    match = MatchRules(DEPARTMENTS[0], DEPARTMENTS, 2, {DEPARTMENTS[1]: "特种设备"}, WINDOW_END)
    warm()
    with application(kind):
        pool = lot.freeze(subjects(count), [], inspectors(), secrets.token_bytes)
        task = make_task(state="open")
        draw = Draw(
            task_id=task.id, region_id="632525", no="B-1", rules=rules.as_json(), counts={}, changes={}, remarks={},
            match=match.as_json(), made_at=clock.now(),
        )  # fmt: skip
        commit = bundles.make_commit(
            draw="B-1", task=task.no, region="632525", scope="示例", pool=pool, rules=rules, match=match,
            sources=[Source(one, "commit_reveal", commitment("B-1", one, value)) for one, value in values.items()],
            closes_at="2027-01-01T00:00:00Z",
        )  # fmt: skip
        reveals = [Reveal(one, value) for one, value in values.items()]
        key = bundles.draw_key(commit, reveals)
        outcome = lot.draw_subjects(pool, rules, key)
        order = outcome.visit_order()
        entries = pool.subjects.those(order)
        _keep_library([entries[leaf].entry.id for leaf in order])
        ids = {leaf: entries[leaf].entry.id for leaf in order[:10_000]}
        matching = match_inspectors(
            visits_in_full(order[:10_000], ids, match), list(pool.inspectors), DEPARTMENTS, key, WINDOW_END
        )
        with Peak(0.1) as frozen:

            def freeze() -> None:
                with transaction():
                    draw.frozen = pool.as_kept()
                    draw.commit, draw.commit_hash, draw.key = commit, bundles.commit_hash(commit), key.hex()
                    db.session.add(draw)

            took["frozen"] = timed(freeze)
        size = len(draw.frozen) / 1e6
        db.session.expire_all()
        with Peak(0.1) as peak:

            def keep() -> None:
                def part(name: str, act: Any) -> None:
                    took[name] = timed(act)

                with transaction():
                    draw.state = "drawn"
                    outline = bundles.drawn_outline(commit, reveals, outcome, matching)
                    part(
                        "bundles",
                        lambda: kept.keep_bundles(
                            draw, outline, Lists(outcome.row, outcome.codes, outcome.tickets, pool)
                        ),
                    )
                    part("drawn", lambda: drawing._keep_subjects(draw, pool, outcome, order))
                    part("teams", lambda: drawing._keep_teams(draw, pool, matching))
                    part("shown", lambda: setattr(draw, "shown", summary(pool, outcome, matching)))

            cpu = time.process_time()
            took["stored"] = timed(keep)
            took["cpu"] = time.process_time() - cpu
        took["bare"] = min(timed(lambda: bare(pool.subjects.row)) for _ in range(3))
        people = sum(len(team.inspectors) for team in matching.teams)
        # the large ones go before what is read on demand is measured
        pool = outcome = matching = entries = None
        db.session.expire_all()
        took["proof"] = timed(lambda: proving.proof_texts(draw, order[:1]))
        took["proofs"] = timed(lambda: [proving.proof_texts(draw, [leaf]) for leaf in order[:10_000]])
        proving._kept.clear()
        db.session.expire_all()
        took["public"] = timed(lambda: sum(map(len, kept.public_text(draw))))
        db.session.expire_all()
        took["full"] = timed(lambda: sum(map(len, kept.full_text(draw))))
        return {
            "kind": kind, "rows": len(order), "people": people, "size": size, "peak": peak.above,
            "frozen_peak": frozen.above, **took,
        }  # fmt: skip


def _keep_library(codes: list[str]) -> None:
    """The drawn subjects and the inspectors, as the library has them."""
    from sqlalchemy import insert
    from tests.factories.desk import make_inspector, make_subject

    from onevisit.core.db import db, transaction
    from onevisit.inspectors.models import Inspector
    from onevisit.subjects.models import Subject

    subject, person = _columns(make_subject(1)), _columns(make_inspector(number=1))
    rows = [{"id": f"s{at}", "credit_code": code, "number": at + 10} for at, code in enumerate(codes)]
    people = [{"id": f"I{at}", "certificate_no": f"c{at}"} for at in range(INSPECTORS)]
    with transaction():
        for model, given, some in ((Subject, subject, rows), (Inspector, person, people)):
            names = set(model.__table__.columns.keys())
            db.session.execute(
                insert(model), [{**given, **{k: v for k, v in row.items() if k in names}} for row in some]
            )


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
    print(
        f"\nKept of a draw from {max(sizes)} subjects (target: 3 s and 250 MB beyond the draw), everything in one transaction:\n"
    )
    print(table(
        ("database", "both bundles s", "drawn subjects", "s", "members of teams", "s", "summary s", "together with commit s", "of it CPU here s", "MB above start", "bare loop s"),
        [
            (one["kind"], f"{one['bundles']:.2f}", one["rows"], f"{one['drawn']:.2f}", one["people"], f"{one['teams']:.2f}",
             f"{one['shown']:.2f}", f"{one['stored']:.2f}", f"{one['cpu']:.2f}", f"{one['peak']:.0f}", f"{one['bare']:.2f}")
            for one in stored
        ],
    ))  # fmt: skip
    print("\nKept at the freeze, and read on demand:\n")
    print(table(
        ("database", "frozen lists MB", "packed and kept s", "MB above start", "first proof s", "10,000 more s", "public bundle s", "full bundle s"),
        [
            (one["kind"], f"{one['size']:.0f}", f"{one['frozen']:.2f}", f"{one['frozen_peak']:.0f}", f"{one['proof']:.2f}",
             f"{one['proofs']:.2f}", f"{one['public']:.2f}", f"{one['full']:.2f}")
            for one in stored
        ],
    ))  # fmt: skip


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run", count]:
            print(json.dumps(run(int(count))))
        case ["store", kind, count]:
            print(json.dumps(store(kind, int(count))))
        case given:
            main(tuple(map(int, given)) or SIZES)
