"""On what does a benchmark stand? A fresh database of either kind, durable as in use, thrown away afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from tests.postgres import Cluster

from onevisit import config as configuration
from onevisit.app import create_app
from onevisit.core.db import db
from onevisit.departments.models import Department
from onevisit.regions.actions import seed_calendar
from onevisit.regions.models import Region

DATABASES = ("sqlite", "postgresql")
REGION = "632525"


class DurableCluster(Cluster):
    """A PostgreSQL that waits for the disk, as one in use does."""

    def __init__(self) -> None:
        super().__init__()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder = Path(tempfile.mkdtemp(prefix="onevisit-bench-pg-", dir="/var/tmp"))

    def start(self) -> None:
        """Start it, then once more without what tests give on the command line: only that outweighs every setting."""
        super().start()
        self.restart()

    def restart(self) -> None:
        """Stop it whole and start it as one in use; also on a data folder that came from elsewhere."""
        folder = str(self.folder / "db")
        if (self.folder / "db/postmaster.pid").exists():
            self.halt()
        settings = {
            "listen_addresses": "127.0.0.1",
            "max_connections": "60",
            "max_wal_size": "2GB",
            "shared_buffers": "512MB",
        }
        options = f"-p {self.port} -k {self.folder} " + " ".join(
            f"-c {one}={value}" for one, value in settings.items()
        )
        self._run("pg_ctl", "-D", folder, "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def halt(self) -> None:
        """Stop it with everything written."""
        self._run("pg_ctl", "-D", str(self.folder / "db"), "-w", "-m", "fast", "stop")


@contextmanager
def application(kind: str, departments: int = 8) -> Iterator[Flask]:
    """The application on a fresh database with one region and some departments."""
    folder = Path(tempfile.mkdtemp(prefix="onevisit-bench-", dir="/var/tmp"))
    cluster = DurableCluster() if kind == "postgresql" else None
    try:
        url = f"sqlite:///{folder / 'onevisit.db'}"
        if cluster:
            cluster.start()
            cluster.run("CREATE DATABASE bench")
            url = cluster.url("bench")
        environment = {
            "ONEVISIT_VAR": str(folder / "var"), "ONEVISIT_DATABASE": url, "ONEVISIT_SECRET": "0" * 64,
            "ONEVISIT_EMBEDDED_WORKER": "0", "ONEVISIT_PWA": str(folder / "pwa"),
        }  # fmt: skip
        app = create_app(replace(configuration.from_environment(environment)))
        with app.app_context():
            upgrade()
            seed_calendar()
            db.session.add(
                Region(
                    id=REGION, name="贵南县", full_name="青海省海南藏族自治州贵南县", tier="county",
                    profile="guinan-2023", made_up=True,
                )
            )  # fmt: skip
            db.session.flush()
            db.session.add_all(
                Department(id=f"{REGION}-d{at}", region_id=REGION, name=f"示例{at}局", short_name=f"示{at}局")
                for at in range(departments)
            )
            db.session.commit()
            yield app
            db.session.remove()
            db.engine.dispose()
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
