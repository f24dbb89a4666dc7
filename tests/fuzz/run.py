"""`make fuzz N=100000`: wrong bundles in blocks, each on a fresh database; goes on where it stopped, ends with counts.

`python -m tests.fuzz.run 100000 [--seed 1] [--block 37] [--database postgresql] [--kept FOLDER]`
"""

import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from onevisit.app import create_app
from onevisit.core.db import db
from tests.conftest import _close, _fill_template, _moved, clients_of, make_config
from tests.fuzz.bundles import block
from tests.postgres import Cluster, roomy_memory

CASES = 1000


def main() -> int:
    """Status 1 at the first fault, with the command that shows it again."""
    given = _arguments()
    folder = Path(given.kept) / f"{given.database}-{given.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    if given.share is not None or given.block is not None:
        return _run(given, folder)
    began, before = time.monotonic(), len(list(folder.glob("*.json")))
    command = [sys.executable, "-m", "tests.fuzz.run", *sys.argv[1:]]
    children = [
        subprocess.Popen([*command, "--share", str(share)], start_new_session=False)
        for share in range(given.jobs)
    ]
    failed = [child for child in children if child.wait()]
    _print(given, folder, time.monotonic() - began, before)
    return 1 if failed else 0


def _run(given: argparse.Namespace, folder: Path) -> int:
    """The blocks of one process; a block that is done is not done again."""
    if given.block is None:  # a fault that is looked at again tells everything
        logging.disable(logging.CRITICAL)
    every = range(-(-given.cases // CASES))
    numbers = [given.block] if given.block is not None else every[given.share :: given.jobs]
    parent = os.getppid()
    with ExitStack() as stack:
        databases = _Databases(given.database, stack)
        for number in numbers:
            if os.getppid() != parent:  # nobody waits for us any more
                return 1
            kept = folder / f"{number:05d}.json"
            if kept.exists() and given.block is None:
                continue
            try:
                counts = databases.run(given.seed, number)
            except Exception as fault:
                print(f"\n{type(fault).__name__}: {fault}"[:2000], file=sys.stderr)
                again = f"--seed {given.seed} --database {given.database} --block {number}"
                print(f"again: .venv/bin/python -m tests.fuzz.run {again}", file=sys.stderr)
                if given.block is not None:
                    raise
                return 1
            kept.write_text(json.dumps(counts))
            print(
                f"\r{len(list(folder.glob('*.json'))) * CASES:,} / {given.cases:,} ",
                end="",
                file=sys.stderr,
                flush=True,
            )
    return 0


def _print(given: argparse.Namespace, folder: Path, seconds: float, before: int) -> None:
    files = list(folder.glob("*.json"))
    counts = sum((Counter(json.loads(file.read_text())) for file in files), Counter[str]())
    print(file=sys.stderr)
    for name in sorted(counts, key=lambda name: (name.startswith("→"), -counts[name])):
        print(f"{counts[name]:>9,}  {name}")
    whole = sum(counts[name] for name in counts if name.startswith("→ ") and name[2:].isdigit())
    print(
        f"{len(files) * CASES:,} wrong bundles and requests in {whole:,} posts ({given.database}, seed {given.seed}): 0 answers of "
        f"5xx, 0 wrong writes, every good bundle after them taken in; {(len(files) - before) * CASES:,} of them now, in {seconds:.0f} s"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--block", type=int)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--share", type=int)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--kept", default=str(Path(tempfile.gettempdir()) / "onevisit-fuzz"))
    return parser.parse_args()


class _Databases:
    """Fresh ones, and one application that moves from each to the next."""

    def __init__(self, kind: str, stack: ExitStack) -> None:
        self.kind = kind
        self.folder = Path(tempfile.mkdtemp(prefix="onevisit-fuzz-", dir=roomy_memory()))
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        if kind == "postgresql":
            self.cluster = Cluster()
            self.cluster.start()
            stack.callback(self.cluster.stop)
            self.cluster.run("CREATE DATABASE template_fuzz")
            address = self.cluster.url("template_fuzz")
        else:
            address = f"sqlite:///{self.folder / 'template.db'}"
        self.app = create_app(make_config(self.folder / "template", address))
        _fill_template(self.app)
        if kind == "sqlite":
            with self.app.app_context(), db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            with self.app.app_context():
                _close(self.app)

    def run(self, seed: int, number: int) -> Counter[str]:
        """One block."""
        folder = self.folder / str(number)
        folder.mkdir()
        if self.kind == "sqlite":
            shutil.copy(self.folder / "template.db", folder / "onevisit.db")
            address = f"sqlite:///{folder / 'onevisit.db'}"
        else:
            self.cluster.run(f"CREATE DATABASE fuzz{number} TEMPLATE template_fuzz STRATEGY FILE_COPY")
            address = self.cluster.url(f"fuzz{number}")
        app = _moved(self.app, make_config(folder / "var", address))
        with app.app_context():
            try:
                return block(clients_of(app), seed, number, CASES)
            finally:
                _close(app)
                shutil.rmtree(folder, ignore_errors=True)
                if self.kind == "postgresql":
                    self.cluster.run(f"DROP DATABASE fuzz{number} WITH (FORCE)")


if __name__ == "__main__":
    sys.exit(main())
