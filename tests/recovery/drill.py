"""The drill as one command: make drill N=20 [DATABASE=postgresql]. Exit status 1 when a state or a shown verdict differs."""

import argparse
import random
import sys
import time
from contextlib import ExitStack

from tests.conftest import _close, _fill_template, clients_of, make_config
from tests.faults.ground import made_folder, removed
from tests.postgres import Cluster
from tests.recovery.drilled import Point, Watcher, brought_back, walked, watching
from tests.replayed import journalled

from onevisit.recovery.backing_up import back_up


def main() -> int:
    """Runs, points, table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("points", type=int)
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    folder, began = made_folder("drill"), time.monotonic()
    with ExitStack() as stack:
        stack.callback(removed, folder)
        cluster = None
        if given.database == "postgresql":
            cluster = Cluster()
            cluster.start()
            stack.callback(cluster.stop)
        return _drilled(given, folder, cluster, began)


def _drilled(given: argparse.Namespace, folder: "object", cluster: Cluster | None, began: float) -> int:
    from pathlib import Path

    from onevisit.app import create_app

    place = Path(str(folder))

    def fresh(name: str) -> str:
        if cluster is None:
            return f"sqlite:///{place / f'{name}.db'}"
        cluster.run(f"CREATE DATABASE {name}")
        return cluster.url(name)

    app = create_app(make_config(place / "var", fresh("run")))
    _fill_template(app)
    chance = random.Random(given.seed)
    with app.app_context(), journalled(app, place) as journal:
        backup = back_up(place / "backups", 7, None, lambda text: None)
        watcher = Watcher(journal, chance, share=0.2)
        with watching(watcher):
            while len(watcher.points) < given.points:
                walked(clients_of(app), journeys=2)
        points = sorted(chance.sample(watcher.points, given.points), key=lambda one: one.number)
        lines = [
            (point, *brought_back(point, journal, backup.folder, fresh(f"drill{at}"), place / "lost"))
            for at, point in enumerate(points)
        ]
        _close(app)
    return _say(given.database, lines, time.monotonic() - began)


def _say(kind: str, lines: list[tuple[Point, str, dict[str, object], float]], seconds: float) -> int:
    print("| database | point (entry) | verdicts shown | verdicts changed | state equal | restored in |")
    print("| --- " * 6 + "|")
    wrong = 0
    for point, state, shown, took in lines:
        changed = sum(shown.get(one) != said for one, said in point.shown.items())
        equal = state == point.state
        wrong += changed + (not equal)
        print(
            f"| {kind} | {point.number} | {len(point.shown)} | {changed} | {'yes' if equal else 'NO'} | {took:.2f} s |"
        )
    times = sorted(took for *_, took in lines)
    print(f"\n{len(lines)} points, {wrong} states or verdicts changed, restored in {times[len(times) // 2]:.2f} s (median),"
          f" {times[-1]:.2f} s (longest); the whole drill {seconds:.0f} s")  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
