"""What does a draw cost, and how does its cost grow? `make bench WHAT=draw`, or one size: `python -m benchmarks.draw 1000000`.

Each size runs in a process of its own, so that its memory is its own. "Bare" is the loop that nothing can be faster
than on one core: one HMAC for each leaf. A first pass in a child makes the machine hand out its memory beforehand.
Beside the clock stands the work (CPU seconds of this process and its children): on a machine that does other things
too, compare the work, and both with the bare loop of the same run.
"""

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Peak, in_child, spent, table

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
    reading = spent(lambda: [None for _ in subjects(count)])
    with Peak(0.25) as peak:
        freeze = spent(
            lambda: kept.update(pool=lot.freeze(subjects(count), [], inspectors(), secrets.token_bytes))
        )
        pool = kept["pool"]
        roots = spent(lambda: lot.all_roots(pool.subjects.hashes, pool.subjects.codes))
        visits = Rules(None, number=min(10_000, count))
        draw = spent(lambda: kept.update(lot=lot.draw_subjects(pool, visits, KEY)))
        order = kept["lot"].visit_order()
        rules = MatchRules(DEPARTMENTS[0], DEPARTMENTS, 2, {DEPARTMENTS[1]: "特种设备"}, WINDOW_END)

        def match() -> None:
            ids = {leaf: one.entry.id for leaf, one in pool.subjects.those(order).items()}
            kept["matching"] = match_inspectors(
                visits_in_full(order, ids, rules), pool.inspectors, DEPARTMENTS, KEY, WINDOW_END
            )

        matching = spent(match)
    share = Rules("0.03")
    selection = [spent(lambda: lot.draw_subjects(pool, share, KEY)) for _ in range(5)]
    one_core = [spent(lambda: bare(pool.subjects.row)) for _ in range(5)]
    assert sum(quotas(share, pool.counts()).values()) == count * 3 // 100
    return {
        "count": count, "freeze": [a - b for a, b in zip(freeze, reading, strict=True)], "roots": roots, "draw": draw,
        "match": matching, "peak": peak.above, "selection": _best(selection), "bare": _best(one_core),
    }  # fmt: skip


def _best(times: list[tuple[float, float]]) -> list[float]:
    """The least of several runs, by the clock and in work: what others add is never subtracted."""
    return [min(one) for one in zip(*times, strict=True)]


def store(kind: str, count: int) -> dict[str, Any]:
    """All that a room keeps of a draw of 3 % of `count`, and what reading it costs: frozen lists, rows, bundles, proofs."""
    from tests.factories.visits import make_task

    from benchmarks.place import application
    from onevisit.core import clock
    from onevisit.core.db import db, transaction
    from onevisit.draws import bundle as bundles
    from onevisit.draws import drawing, kept, lists, lot, proving, showing
    from onevisit.draws.match import MatchRules, match_inspectors, visits_in_full
    from onevisit.draws.models import Draw
    from onevisit.draws.quota import Rules
    from onevisit.draws.sources import Reveal, Source, commitment
    from onevisit.draws.writing import Lists, ready

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
        order, near = outcome.visit_order(), showing.near_the_line(outcome)
        entries = pool.subjects.those({*order, *(leaf for few in near.values() for _, leaf in few)})
        _keep_library([entries[leaf].entry.id for leaf in order])
        ids = {leaf: entries[leaf].entry.id for leaf in order[:10_000]}
        matching = match_inspectors(
            visits_in_full(order[:10_000], ids, match), pool.inspectors, DEPARTMENTS, key, WINDOW_END
        )
        with Peak(0.1) as frozen:

            def freeze() -> None:
                with transaction():
                    draw.commit, draw.commit_hash, draw.key = commit, bundles.commit_hash(commit), key.hex()
                    db.session.add(draw)
                    kept.keep_frozen(draw, pool)

            took["frozen"] = spent(freeze)
        size = (
            sum(
                len(x)
                for part in pool.blocks().values()
                for one in part
                for x in (one.hashes, one.codes, one.salts, one.pressed)
            )
            / 1e6
        )
        with Peak(0.1) as peak:

            def keep() -> None:
                def part(name: str, act: Any) -> None:
                    took[name] = spent(act)

                with transaction():
                    draw.state = "drawn"
                    outline = bundles.drawn_outline(commit, reveals, outcome, matching)
                    given = Lists(outcome.row, outcome.codes, ready(outcome.tickets), pool)
                    bundle = kept.bundles_begun(draw, outline, given)
                    part("drawn", lambda: drawing._keep_subjects(draw, outcome, order, entries))
                    part("teams", lambda: drawing._keep_teams(draw, pool, matching))
                    draw.shown = showing.summary(outcome, matching, near, entries)
                    part("bundles", bundle)

            took["stored"] = spent(keep)
        took["bare"] = _best([spent(lambda: bare(pool.subjects.row)) for _ in range(5)])
        people = sum(len(team.inspectors) for team in matching.teams)
        # the large ones go before what is read on demand is measured
        pool = outcome = matching = entries = None
        db.session.expire_all()
        took["proof"] = spent(lambda: proving.proof_texts(draw, order[:1]))
        took["proofs"] = spent(lambda: [proving.proof_texts(draw, [leaf]) for leaf in order[:10_000]])
        proving._kept.clear()
        pages = {"reason": None, "words": "", "limit": 50}
        took["page"] = spent(lambda: lists.page_of_list(draw, "pool", after=0, **pages))
        took["last_page"] = spent(lambda: lists.page_of_list(draw, "pool", after=count - 60, **pages))
        for name, text in (("public", kept.public_text), ("full", kept.full_text)):
            db.session.expire_all()
            with Peak(0.05) as reading:
                took[f"{name}_first"] = spent(lambda text=text: next(text(draw)))
                took[name] = spent(lambda text=text: sum(map(len, text(draw))))
            took[f"{name}_peak"] = (reading.above, 0.0)
        return {
            "kind": kind, "count": count, "rows": len(order), "people": people, "size": size, "peak": peak.above,
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


def _both(times: list[float]) -> str:
    """Seconds by the clock, and of work."""
    return f"{times[0]:.2f} ({times[1]:.2f})"


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Prints the tables."""
    found = [json.loads(in_child("benchmarks.draw", "run", str(size)).splitlines()[-1]) for size in sizes]
    print("Seconds by the clock, in brackets seconds of work of all processes.\n")
    print("Tickets and selection of 3 % (target 1.1 s for a million on two processes):\n")
    print(table(
        ("subjects", "drawn", "selection", "bare loop, one core", "µs / subject"),
        [(f"{one['count']:,}", f"{one['count'] * 3 // 100:,}", _both(one["selection"]), _both(one["bare"]), f"{one['selection'][0] / one['count'] * 1e6:.2f}") for one in found],
    ))  # fmt: skip
    print(
        "\nFreeze + draw + match of 10,000 visits × 3 parts, 500 inspectors (target 8 s, 600 MB for a million):\n"
    )
    parts = ("freeze", "roots", "draw", "match")
    print(table(
        ("subjects", *parts, "together", "together, in bare loops", "MB above start"),
        [
            (f"{one['count']:,}", *(_both(one[part]) for part in parts), _both(whole := [sum(one[part][at] for part in parts) for at in (0, 1)]),
             f"{whole[0] / one['bare'][0]:.1f} ({whole[1] / one['bare'][1]:.1f})", f"{one['peak']:.0f}")
            for one in found
        ],
    ))  # fmt: skip
    stored = [
        json.loads(in_child("benchmarks.draw", "store", kind, str(size)).splitlines()[-1])
        for size in sizes
        for kind in ("sqlite", "postgresql")
    ]
    print(
        "\nKept of a draw of 3 % (target for a million: 3 s and 250 MB beyond the draw), everything in one transaction;\n"
        "the full bundle is hashed beside the rows:\n"
    )
    print(table(
        ("database", "subjects", "drawn", "rows", "in teams", "rows", "rest of the bundles", "together with commit", "in bare loops", "MB above start"),
        [
            (one["kind"], f"{one['count']:,}", f"{one['rows']:,}", _both(one["drawn"]), f"{one['people']:,}", _both(one["teams"]),
             _both(one["bundles"]), _both(one["stored"]), f"{one['stored'][0] / one['bare'][0]:.1f} ({one['stored'][1] / one['bare'][1]:.1f})", f"{one['peak']:.0f}")
            for one in stored
        ],
    ))  # fmt: skip
    print("\nKept at the freeze, and read on demand:\n")
    print(table(
        ("database", "subjects", "frozen lists MB", "kept", "MB above start", "first proof", "10,000 more", "first page of the pool", "last page"),
        [
            (one["kind"], f"{one['count']:,}", f"{one['size']:.0f}", _both(one["frozen"]), f"{one['frozen_peak']:.0f}", _both(one["proof"]),
             _both(one["proofs"]), _both(one["page"]), _both(one["last_page"]))
            for one in stored
        ],
    ))  # fmt: skip
    print("\nThe bundles as they are downloaded, written as they are sent:\n")
    print(table(
        ("database", "subjects", "public: first bytes", "whole", "MB above start", "full: first bytes", "whole", "MB above start"),
        [
            (one["kind"], f"{one['count']:,}", *(cell for name in ("public", "full") for cell in (
                _both(one[f"{name}_first"]), _both(one[name]), f"{one[f'{name}_peak'][0]:.0f}")))
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
