"""How do tests get a real PostgreSQL? They start one of their own from Debian's package."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg


def binaries() -> Path:
    """The newest server binaries on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise RuntimeError("PostgreSQL is missing: apt-get install postgresql")
    return found[-1]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def roomy_memory() -> str | None:
    """Memory as a folder, where there is enough: every test makes a database, on a disk that takes half of its time."""
    shared = Path("/dev/shm")
    if os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 2 * 1024**3:
        return str(shared)
    return None


class Cluster:
    """A throw-away cluster; PostgreSQL refuses root, so root lends it to the user postgres."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="onevisit-pg-", dir=roomy_memory()))
        self.port = free_port()

    def start(self) -> None:
        """Make the cluster and wait until it answers; fsync is off, for tests only."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        folder = str(self.folder / "db")
        self._run("initdb", "-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        settings = {
            "listen_addresses": "127.0.0.1", "fsync": "off", "full_page_writes": "off", "max_connections": "60",
            "max_wal_size": "256MB",
        }  # fmt: skip
        options = f"-p {self.port} -k {self.folder} " + " ".join(
            f"-c {one}={settings[one]}" for one in settings
        )
        self._run("pg_ctl", "-D", folder, "-w", "-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """Stop at once and leave nothing behind."""
        self._run("pg_ctl", "-D", str(self.folder / "db"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The address SQLAlchemy takes."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """One statement outside of any transaction."""
        with psycopg.connect(
            f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        as_postgres = (
            {"user": pwd.getpwnam("postgres").pw_uid, "group": pwd.getpwnam("postgres").pw_gid}
            if os.geteuid() == 0
            else {}
        )
        subprocess.run(
            [str(binaries() / program), *arguments], check=True, capture_output=True, cwd=self.folder, **as_postgres
        )  # fmt: skip
