"""How many visits are taken in per second: a bundle of 30 operations checked, signed, journalled, folded, on the trail?

`python -m benchmarks.intake [sqlite|postgresql]`; QUICK=1 for a short look. Real `onevisit serve` processes on loopback;
clients are connections of another process with requests signed and packed beforehand; every answer is checked. Beside it
the same load on a bare Flask server that only keeps the rows.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import measure
from benchmarks.loading import phones
from benchmarks.loading.server import Place, county, free_port, served, stop, wait_for
from benchmarks.place import DATABASES
from onevisit.core.db import db

QUICK = bool(os.environ.get("QUICK"))
ROUNDS, SECONDS, LONG = (1, 2, 8) if QUICK else (3, 3, 40)
OPEN, STORED = (20_000, 7_000) if QUICK else (60_000, 70_000)
MOST = 1000  # visits per second that nobody reaches here: how many requests are made beforehand
Round = dict[str, Any]


class Visits:
    """Which open visits are not used up yet."""

    def __init__(self, end: int = OPEN) -> None:
        self.next, self.end, self.answered = 0, end, 0

    def take(self, count: int) -> list[int]:
        """The next ones, from and to."""
        self.next, first = min(self.next + count, self.end), self.next
        return [first, self.next]


def tokens(place: Place) -> list[str]:
    """An access token for every inspector."""
    from flask_jwt_extended import create_access_token

    with place.app().app_context():
        return [create_access_token(phones.inspector(n)) for n in range(phones.INSPECTORS)]


def load(port: int, clients: int, seconds: float, visits: list[int], known: list[str]) -> Round:
    """One run of the clients' process."""
    with subprocess.Popen([sys.executable, "-m", "benchmarks.loading.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:  # fmt: skip
        assert run.stdin
        assert run.stdout
        given = {"port": port, "clients": clients, "seconds": seconds, "visits": visits, "tokens": known}
        run.stdin.write(json.dumps(given) + "\n")
        run.stdin.flush()
        assert run.stdout.readline() == "ready\n"
        run.stdin.write("go\n")
        run.stdin.flush()
        told: Round = json.loads(run.stdout.readline())
    if told["wrong"]:
        raise SystemExit(f"{told['wrong']} of {told['answers']} answers are wrong: {told['first_wrong']}")
    return told


def rounds(port: int, clients: int, left: Visits, known: list[str], most: int = MOST) -> Round:
    """The median of several."""
    wanted = int(min(most, 160 + clients * 400) * SECONDS)
    told = [load(port, clients, SECONDS, left.take(wanted), known) for _ in range(ROUNDS)]
    left.answered += sum(one["answers"] for one in told)
    return {name: statistics.median(one[name] for one in told) for name in ("rate", "p50", "p95", "p99")}


@contextmanager
def bare_server(place: Place) -> Iterator[int]:
    """The bare one, on a database of its own beside."""
    port, url = free_port(), place.url
    if place.cluster:
        place.cluster.run("CREATE DATABASE bare")
        url = place.cluster.url("bare")
    else:
        url = f"sqlite:///{place.folder / 'bare.db'}"
    with (place.folder / "bare.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.loading.bare", str(port), url], stdout=log, stderr=log
        )
        try:
            wait_for(port, process, place.folder / "bare.log")
            yield port
        finally:
            stop(process)


def owed(place: Place) -> int:
    """How much follow-on work waits."""
    from sqlalchemy import func, select

    from onevisit.core.trail import OwedWork

    with place.app().app_context():
        waits = OwedWork.state.in_(("owed", "taken"))
        found = db.session.scalar(select(func.count()).select_from(OwedWork).where(waits)) or 0
        db.session.remove()
        db.engine.dispose()
    return found


def check(place: Place, taken: int, stored: int) -> None:
    """Everything answered is there, once, and the trail holds."""
    from sqlalchemy import func, select

    from onevisit.visits.models import KeptBundle, StoredOperation

    with place.app().app_context():
        operations = db.session.scalar(select(func.count()).select_from(StoredOperation))
        bundles = db.session.scalar(select(func.count()).select_from(KeptBundle))
        last = db.session.scalar(select(func.max(StoredOperation.position)))
        db.session.remove()
        db.engine.dispose()
    wanted = taken + stored
    if (operations, bundles, last) != (wanted * phones.OPERATIONS, wanted, wanted * phones.OPERATIONS):
        raise SystemExit(
            f"{wanted} visits were answered, {bundles} bundles and {operations} operations are kept"
        )


def run(kind: str) -> list[list[Any]]:
    """Fresh, bare, the long load, and with years of visits stored."""
    rows: list[list[Any]] = []
    with county(kind, OPEN, 0) as place:
        known, left = tokens(place), Visits()
        with bare_server(place) as port:
            every = Visits(10**6)
            bare = {clients: rounds(port, clients, every, known, 3 * MOST) for clients in (1, 8, 32)}
        with served(place) as server:
            left.answered += load(server.port, 8, 1, left.take(800), known)["answers"]
            for clients in (1, 8, 32):
                rows.append(
                    _row(kind, "新库", clients, rounds(server.port, clients, left, known), bare[clients])
                )
            told = load(server.port, 8, LONG, left.take(MOST * LONG), known)
            left.answered += told["answers"]
            waits, began = owed(place), time.perf_counter()
            while owed(place) and time.perf_counter() - began < 60:
                time.sleep(0.05)
            drained = time.perf_counter() - began
            rows.append(_row(kind, f"新库，{LONG} 秒", 8, told, bare[8], f"{waits} 件，{drained:.1f} 秒"))
        check(place, left.answered, 0)
    with county(kind, OPEN, STORED) as place:
        known, left = tokens(place), Visits()
        with served(place) as server:
            left.answered += load(server.port, 8, 1, left.take(800), known)["answers"]
            for clients in (8, 32):
                rows.append(
                    _row(
                        kind,
                        f"已收 {STORED:,} 次",
                        clients,
                        rounds(server.port, clients, left, known),
                        bare[clients],
                    )
                )
        check(place, left.answered, STORED)
    return rows


def _said(row: list[Any]) -> list[Any]:
    print(*row, file=sys.stderr, flush=True)
    return row


def _row(kind: str, what: str, clients: int, told: Round, bare: Round, left: str = "") -> list[Any]:
    took = [f"{told[one]:.1f}" for one in ("p50", "p95", "p99")]
    share = f"{bare['rate']:.0f}（{told['rate'] / bare['rate']:.2f}）"
    return _said([kind, what, clients, f"{told['rate']:.0f}", *took, share, left])


def main(kinds: tuple[str, ...]) -> None:
    """Each database after the other."""
    headings = [
        "库",
        "装着",
        "客户端",
        "次/秒（≥ 570）",
        "p50 ms",
        "p95",
        "p99",
        "裸 Flask 存行 次/秒（比）",
        "余下的后续工作",
    ]
    rows = [row for kind in kinds for row in run(kind)]
    print(measure.table(headings, rows))


if __name__ == "__main__":
    main((sys.argv[1],) if len(sys.argv) > 1 else DATABASES)
