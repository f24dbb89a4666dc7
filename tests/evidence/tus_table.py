"""The tus table: `python -m tests.evidence.tus_table 500` (make tus N=500). Case, and what each kind of server did."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask

from onevisit.app import create_app
from tests.conftest import _fill_template, clients_of, make_config
from tests.evidence.tus_cases import CASES, cuts, name_of, nothing_left
from tests.evidence.tus_ground import Ground, ground_of
from tests.postgres import Cluster
from tests.s3 import environment, s3_server

SERVERS = ("SQLite, folder", "SQLite, S3", "PostgreSQL, S3")


@contextmanager
def ground_named(name: str) -> Iterator[Ground]:
    """Two processes over this database and store."""
    folder = Path(tempfile.mkdtemp(prefix="onevisit-tus-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        given: dict[str, str] = {}
        if name.endswith("S3"):
            given = stack.enter_context(s3_server(folder))
            stack.enter_context(environment(given))
        app = create_app(make_config(folder / "var", _database(name, folder, stack)))
        if given:
            app.config["ONEVISIT"] = replace(app.config["ONEVISIT"], storage=given["ONEVISIT_STORAGE"])
        _fill_template(app)
        stack.enter_context(app.app_context())
        yield stack.enter_context(_on(app, folder, given))


@contextmanager
def _on(app: Flask, folder: Path, given: dict[str, str]) -> Iterator[Ground]:
    with ground_of(app, clients_of(app), folder, given) as ground:
        yield ground


def _database(name: str, folder: Path, stack: ExitStack) -> str:
    if name.startswith("SQLite"):
        return f"sqlite:///{folder / 'onevisit.db'}"
    cluster = Cluster()
    cluster.start()
    stack.callback(cluster.stop)
    cluster.run("CREATE DATABASE onevisit")
    return cluster.url("onevisit")


def main(number: int) -> int:
    """Print the table; status 1 when a case failed anywhere."""
    share = -(-number // len(SERVERS))
    every = [*CASES, cuts(share), nothing_left]
    told: dict[str, list[str]] = {name_of(case): [] for case in every}
    failed = 0
    for name in SERVERS:
        with ground_named(name) as ground:
            for case in every:
                try:
                    said = case(ground)
                except Exception as error:
                    said, failed = f"FAILED: {type(error).__name__} {error}".replace("\n", " "), failed + 1
                told[name_of(case)].append(said)
                print(f"{name}: {name_of(case)}: {said}", file=sys.stderr, flush=True)
    print(f"| case | {' | '.join(SERVERS)} |\n| --- |{' --- |' * len(SERVERS)}")
    for case_name, results in told.items():
        same = len(set(results)) == 1
        print(
            f"| {case_name} | {' | '.join([results[0], *(['the same'] * (len(results) - 1))] if same else results)} |"
        )
    print(f"\n{len(every)} cases × {len(SERVERS)} kinds of server, two processes each; {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30))
