"""make sim: seed after seed on both cores, resumable; ends with how many seeds, faults by kind, and violations."""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from queue import Empty
from typing import Any

ROOT = Path(__file__).absolute().parents[2]
CHUNK = 5
# What is no fault but worth counting: things that happened on the way.
ASIDE = "("


def code_version(tree: Path = ROOT) -> str:
    """Results belong to one state of the code."""
    sources = sorted(
        path
        for folder, kind in (("backend/onevisit", "*.py"), ("pwa/src", "*.ts"), ("tests/simulation", "*.*"))
        for path in (tree / folder).rglob(kind)
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".patch"
    )
    named = hashlib.sha256()
    for path in sources:
        named.update(path.read_bytes())
    return named.hexdigest()[:12]


def memory() -> Path:
    """Where databases of a simulation live: in memory where the machine offers it."""
    return Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else Path(tempfile.gettempdir())


def kept() -> Path:
    """What several runs share: the empty database and the bundled phone code."""
    return Path(tempfile.gettempdir()) / f"onevisit-simulation-{os.getuid()}"


def work(number: int, todo: Any, done: Any) -> None:
    """One worker: a server, a process of phones, seed after seed."""
    from tests.simulation.play import Script, Theatre, Violation
    from tests.simulation.properties import check

    theatre = None
    folder = memory() / f"onevisit-sim-{os.getpid()}-{number}"
    while (seeds := todo.get()) is not None:
        for seed in seeds:
            theatre = theatre or Theatre(folder, kept())
            said = None
            try:
                run = theatre.play(Script(seed))
                check(run)
            except Violation as violation:
                said = [violation.name, violation.detail[:2000]]
            except Exception:
                said = ["crash", traceback.format_exc(limit=-6)[:4000]]
            faults = dict(theatre.run.faults) if theatre.run else {}
            done.put((seed, faults, said))
            if said is not None and said[0] in ("crash", "code"):
                theatre.close()
                theatre = None
    if theatre:
        theatre.close()
    done.put(None)


def simulate(seeds: list[int], workers: int, heard: Any) -> None:
    """Have the seeds played; `heard` is told of each."""
    context = multiprocessing.get_context("spawn")
    todo, done = context.Queue(), context.Queue()
    for at in range(0, len(seeds), CHUNK):
        todo.put(seeds[at : at + CHUNK])
    people = [context.Process(target=work, args=(number, todo, done)) for number in range(workers)]
    for one in people:
        todo.put(None)
        one.start()
    left = workers
    try:
        while left:
            try:
                told = done.get(timeout=5)
            except Empty:
                if not any(one.is_alive() for one in people):
                    raise SystemExit("the workers ended before their time") from None
                continue
            left -= told is None
            if told is not None:
                heard(*told)
    finally:
        for one in people:
            one.join(timeout=20)
            one.terminate()


class Score:
    """What is known so far, kept in a file of this state of the code."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        known = json.loads(file.read_text()) if file and file.exists() else {}
        self.done: set[int] = set(known.get("done", []))
        self.faults: Counter[str] = Counter(known.get("faults", {}))
        self.violations: dict[str, list[str]] = known.get("violations", {})
        self.written = self.began = time.monotonic()
        self.fresh = 0

    def hear(self, seed: int, faults: dict[str, int], said: list[str] | None) -> None:
        """One more seed."""
        self.done.add(seed)
        self.fresh += 1
        self.faults.update(faults)
        if said:
            self.violations[str(seed)] = said
            print(f"\nseed {seed}: {said[0]}: {said[1]}", flush=True)
        if time.monotonic() - self.written > 2:
            self.keep()
            pace = self.fresh / (time.monotonic() - self.began)
            print(
                f"{len(self.done)} seeds, {len(self.violations)} violations, {pace:.1f} seeds/s", flush=True
            )

    def keep(self) -> None:
        """So that it goes on from here."""
        self.written = time.monotonic()
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            made = self.file.with_suffix(".tmp")
            made.write_text(
                json.dumps({"done": sorted(self.done), "faults": self.faults, "violations": self.violations})
            )
            made.replace(self.file)

    def table(self) -> str:
        """Faults by kind, then the line."""
        rows = sorted(self.faults.items(), key=lambda one: (one[0].startswith(ASIDE), one[0]))
        lines = [
            "| what happened | times |",
            "| --- | --- |",
            *(f"| {name} | {count} |" for name, count in rows if count),
        ]
        faults = sum(count for name, count in rows if not name.startswith(ASIDE))
        pace = self.fresh / max(0.001, time.monotonic() - self.began)
        lines += ["", f"{pace:.1f} seeds/s"] if self.fresh else [""]
        return "\n".join(
            [*lines, f"{len(self.done)} seeds, {faults} faults, {len(self.violations)} violations"]
        )


def replay(seed: int, shrink: bool) -> int:
    """The seed once more, then the least of it that still fails."""
    from tests.simulation.play import Script, Theatre
    from tests.simulation.shrink import outcome, shrunk, told

    theatre = Theatre(memory() / f"onevisit-sim-replay-{os.getpid()}", kept())
    try:
        script = Script(seed)
        violation, _ = outcome(theatre, script)
        before = theatre.run.trace_hash if theatre.run else None
        print(told(theatre, script))
        if theatre.run and theatre.run.trace_hash != before:
            print("the seed did not replay exactly")
            return 2
        if violation and shrink:
            smaller = shrunk(theatre, script, violation.name)
            print(f"\nshrunk: {smaller}\n{told(theatre, smaller)}")
    finally:
        theatre.close()
    return 1 if violation else 0


def hunt(seeds: int) -> int:
    """The first seed that violates anything, as JSON: what a mutant is judged by."""
    from tests.simulation.play import Script, Theatre, Violation
    from tests.simulation.properties import check

    theatre = Theatre(memory() / f"onevisit-sim-hunt-{os.getpid()}", kept())
    found: dict[str, Any] = {"seed": None, "property": None, "detail": ""}
    try:
        for seed in range(seeds):
            try:
                check(theatre.play(Script(seed)))
            except Violation as violation:
                found = {"seed": seed, "property": violation.name, "detail": violation.detail}
                break
            except Exception as error:
                found = {"seed": seed, "property": "crash", "detail": f"{type(error).__name__}: {error}"}
                break
    finally:
        theatre.close()
    print(json.dumps(found, ensure_ascii=False), flush=True)
    return 0 if found["property"] is None else 1


def main() -> int:
    """The command line."""
    asked = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    asked.add_argument("seeds", nargs="?", type=int, default=300)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--state", type=Path, default=ROOT / "var" / "simulation", help="folder to go on from")
    asked.add_argument("--anew", action="store_true", help="forget what was done")
    asked.add_argument("--replay", type=int, metavar="SEED")
    asked.add_argument("--whole", action="store_true", help="do not shrink a replayed seed")
    asked.add_argument("--hunt", action="store_true", help="stop at the first violation and print it as JSON")
    given = asked.parse_args()
    if given.hunt:
        return hunt(given.seeds)
    if given.replay is not None:
        return replay(given.replay, not given.whole)
    score = Score(None if given.anew else given.state / f"{code_version()}.json")
    seeds = [seed for seed in range(given.first, given.first + given.seeds) if seed not in score.done]
    try:
        simulate(seeds, given.workers, score.hear)
    finally:
        score.keep()
        print(score.table(), flush=True)
    return 1 if score.violations else 0
