"""kill −9 at random points under load: make kill9 N=200 [DATABASE=postgresql]. Ends by itself, exit status 1 on a loss."""

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from onevisit.core.db import db
from onevisit.core.journal import place_of
from onevisit.core.trail import OwedWork
from onevisit.visits.models import StoredOperation
from tests.faults.ground import Ground, ground, made_folder, removed
from tests.faults.held_to import faults_of
from tests.postgres import Cluster

PHONES = 4


class Waiting(Cluster):
    """A PostgreSQL that waits for the disk, as one in use does."""

    def __init__(self) -> None:
        super().__init__()
        removed(self.folder)
        self.folder = Path(tempfile.mkdtemp(prefix="onevisit-kill9-pg-", dir="/var/tmp"))

    def start(self) -> None:
        """Start it, and give back what tests take away."""
        super().start()
        for setting in ("fsync = 'on'", "full_page_writes = 'on'"):
            self.run(f"ALTER SYSTEM SET {setting}")
        self.run("SELECT pg_reload_conf()")


def killed(running: Ground, kills: int, chance: random.Random, say: bool = True) -> None:
    """So many times: some load, the end without warning, the next start."""
    running.start()
    for number in range(1, kills + 1):
        seen = running.told.requests
        until = time.monotonic() + 20
        while running.told.requests == seen and time.monotonic() < until:
            time.sleep(0.005)  # somebody is being answered
        time.sleep(chance.uniform(0.0, 0.5))
        running.kill()
        running.start()
        if say and number % 10 == 0:
            print(
                f"  {number} kills, {len(running.told.operations)} operations acknowledged", file=sys.stderr
            )
    time.sleep(0.5)
    running.halt()
    running.stop()


def main() -> int:
    """One run and its table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("kills", type=int)
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    folder, cluster, began = made_folder("kill9"), None, time.monotonic()
    try:
        if given.database == "postgresql":
            cluster = Waiting()
            cluster.start()
        with ground(folder, given.database, max(4, given.kills // 4), cluster) as (running, journeys):
            running.go(journeys, PHONES, given.seed)
            killed(running, given.kills, random.Random(given.seed))
            faults = faults_of(running)
            _say(given.database, given.kills, running, faults, time.monotonic() - began)
    finally:
        if cluster is not None:
            cluster.stop()
        removed(folder)
    return 1 if faults else 0


def _say(kind: str, kills: int, running: Ground, faults: list[str], seconds: float) -> None:
    told = running.told
    stored = db.session.scalar(select(func.count()).select_from(StoredOperation))
    works = db.session.scalar(select(func.count()).select_from(OwedWork))
    with db.engine.connect() as connection:
        entries = place_of(connection).number
    starts = sorted(running.starts)
    print("| database | kills | requests | broken off | operations acknowledged | stored | photos | reviews | journal entries"
          " | follow-on works | lost, changed or twice | restart (median) | seconds |")  # fmt: skip
    print("| --- " * 13 + "|")
    print(f"| {kind} | {kills} | {told.requests} | {told.broken} | {len(told.operations)} | {stored} | {len(told.files)} |"
          f" {len(told.accepted)} | {entries} | {works} | {len(faults)} | {starts[len(starts) // 2]:.2f} s | {seconds:.0f} |")  # fmt: skip
    if told.refused:
        print(f"refused meanwhile: {told.refused}")
        log = (running.folder / "server.log").read_text(errors="replace").splitlines()
        ends = Counter(one[:300] for one in log if re.match(r"[\w.]+(Error|Exception|Broken|Problem)\b", one))
        for one, many in ends.most_common(5):
            print(f"  {many} × {one}")
    for one in faults[:20]:
        print(one)


if __name__ == "__main__":
    sys.exit(main())
