"""Which server is measured? `onevisit serve` as anybody starts it, in processes of its own, on a database made for it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from benchmarks import measure
from benchmarks.loading import world
from benchmarks.loading.phones import SECRET
from benchmarks.place import DurableCluster
from onevisit import config as configuration
from onevisit.app import create_app
from onevisit.core.db import db
from onevisit.regions.actions import seed_calendar

ONEVISIT = [sys.executable, "-c", "from onevisit.cli import main; raise SystemExit(main())"]


@dataclass
class Place:
    """A database with the folder of its server, and how a process is told of both."""

    folder: Path
    url: str
    cluster: DurableCluster | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the server's processes read."""
        return {
            "ONEVISIT_VAR": str(self.folder / "var"), "ONEVISIT_DATABASE": self.url, "ONEVISIT_SECRET": SECRET,
            "ONEVISIT_TODAY": "2026-11-10", "ONEVISIT_ACCESS_MINUTES": "600",
        }  # fmt: skip

    def app(self) -> Flask:
        """An application of this process on the same database."""
        return create_app(
            configuration.from_environment(
                {**self.environment, "ONEVISIT_EMBEDDED_WORKER": "0", "ONEVISIT_JOURNAL": "none"}
            )
        )


@contextmanager
def county(kind: str, open_visits: int, stored: int) -> Iterator[Place]:
    """A county with its open and stored visits: from the cache, or filled now and kept there."""
    label = f"{kind}-{open_visits}-{stored}-{world.version()}"
    kept = world.KEPT / label
    folder = Path(tempfile.mkdtemp(prefix="onevisit-load-", dir="/var/tmp"))
    with ExitStack() as after:
        after.callback(shutil.rmtree, folder, ignore_errors=True)
        if kind == "sqlite":
            place = Place(folder, f"sqlite:///{folder / 'onevisit.db'}")
            if not (kept / "onevisit.db").exists():
                _fill(place, open_visits, stored)
                _keep(kept, folder / "onevisit.db")
            world.kept_copy(kept / "onevisit.db", folder / "onevisit.db")
            yield place
            return
        cluster = DurableCluster()
        after.callback(cluster.stop)
        place = Place(folder, cluster.url("bench"), cluster)
        if not (kept / "db").exists():
            cluster.start()
            cluster.run("CREATE DATABASE bench")
            _fill(place, open_visits, stored)
            cluster.run("CHECKPOINT")
            cluster.halt()
            _keep(kept, cluster.folder / "db")
        else:
            if os.geteuid() == 0:
                shutil.chown(cluster.folder, "postgres")
            world.kept_copy(kept / "db", cluster.folder / "db")
        cluster.restart()
        yield place


def _fill(place: Place, open_visits: int, stored: int) -> None:
    began = time.perf_counter()
    app = place.app()
    with app.app_context():
        upgrade()
        seed_calendar()
        world.fill(app, open_visits, stored)
        db.session.remove()
        db.engine.dispose()
    if place.cluster is None:
        import sqlite3

        with sqlite3.connect(place.folder / "onevisit.db") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(
        f"（{open_visits:,} 次待查、{stored:,} 次已收，装库 {time.perf_counter() - began:.0f} 秒）",
        file=sys.stderr,
    )


def _keep(kept: Path, made: Path) -> None:
    """Put what was filled into the cache, whole or not at all; older ones of the same size go."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    for older in kept.parent.glob(f"{kept.name.rpartition('-')[0]}-*"):
        shutil.rmtree(older, ignore_errors=True)
    waiting = Path(tempfile.mkdtemp(prefix="making-", dir=kept.parent))
    subprocess.run(["cp", "-a", str(made), str(waiting)], check=True)
    waiting.rename(kept)


@dataclass
class Served:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    started: float
    others: list[subprocess.Popen[bytes]]

    def memory(self) -> float:
        """PSS of all its processes, in MB."""
        return sum(measure.with_children(one.pid) for one in (self.process, *self.others))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(place: Place, *options: str, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """`onevisit serve`, on PostgreSQL with `onevisit work` beside it; stopped at the end."""
    port = free_port()
    env = os.environ | place.environment | (environment or {})
    with (place.folder / "serve.log").open("ab") as log, ExitStack() as after:
        began = time.perf_counter()
        process = subprocess.Popen(
            [*ONEVISIT, "serve", "--port", str(port), *options], env=env, stdout=log, stderr=log
        )
        after.callback(stop, process)
        wait_for(port, process, place.folder / "serve.log")
        started = time.perf_counter() - began
        others = []
        if place.cluster:
            others = [subprocess.Popen([*ONEVISIT, "work"], env=env, stdout=log, stderr=log)]
            after.callback(stop, others[0])
        yield Served(port, process, started, others)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"the server ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.005)
    raise SystemExit("the server did not answer")


def stop(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
