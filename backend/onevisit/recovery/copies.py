"""How is a whole database copied while others write, and put back? SQLite by its backup API, PostgreSQL by pg_dump."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from onevisit.core.journal import Place
from onevisit.core.problems import Problem

SQLITE, POSTGRES = "onevisit.db", "onevisit.pgdump"
Found = tuple[Place, int, str]  # where it stands in the journal, its last operation, its revision


def copy(engine: Engine, folder: Path) -> tuple[Path, Found]:
    """One moment of the database as a file; nobody who writes meanwhile waits or is half in it."""
    return _copy_sqlite(engine, folder) if engine.dialect.name == "sqlite" else _copy_postgres(engine, folder)


def _copy_sqlite(engine: Engine, folder: Path) -> tuple[Path, Found]:
    to = folder / SQLITE
    with closing(sqlite3.connect(to)) as target:
        with closing(sqlite3.connect(f"file:{engine.url.database}?mode=ro", uri=True)) as source:
            source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        found = _standing(lambda asked: target.execute(asked).fetchone())
    to.chmod(0o600)
    return to, found


def _copy_postgres(engine: Engine, folder: Path) -> tuple[Path, Found]:
    to = folder / POSTGRES
    with engine.connect() as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        found = _standing(lambda asked: tuple(connection.exec_driver_sql(asked).one()))
        _run(engine, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--exclude-table=staged_*",
             f"--snapshot={snapshot}", f"--file={to}")  # fmt: skip
    to.chmod(0o600)
    return to, found


def _standing(one: Callable[[str], tuple[object, ...]]) -> Found:
    life, number, named = one("SELECT life, number, hash FROM journal_places WHERE id = 1")
    last = one("SELECT COALESCE(max(position), 0) FROM operations")[0]
    revision = one("SELECT version_num FROM alembic_version")[0]
    return Place(str(life), int(str(number)), bytes.fromhex(str(named))), int(str(last)), str(revision)


def faults_of(file: Path) -> list[str]:
    """Why this copy cannot be used; it is read from its first to its last page."""
    if file.name == SQLITE:
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as opened:
                said = [row[0] for row in opened.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
                said += [f"外键：{row[0]}" for row in opened.execute("PRAGMA foreign_key_check").fetchmany(5)]
                return said
        except sqlite3.Error as error:
            return [str(error)]
    command = [program("pg_restore"), f"--file={os.devnull}", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return [] if done.returncode == 0 else [done.stderr.strip()[-300:]]


def put_back(file: Path, engine: Engine) -> None:
    """PostgreSQL: the copy into an empty database."""
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        connection.commit()
    _run(engine, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
         f"--dbname={engine.url.database}", str(file))  # fmt: skip


def _run(engine: Engine, name: str, *arguments: str) -> None:
    """A program of PostgreSQL on this engine's database; what connects it travels in the environment."""
    url = engine.url
    said = {"PGHOST": url.host or url.query.get("host"), "PGPORT": url.port, "PGUSER": url.username,
            "PGPASSWORD": url.password, "PGDATABASE": url.database}  # fmt: skip
    environment = os.environ | {key: str(value) for key, value in said.items() if value}
    command = [program(name), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise Problem(
            "core.copy_failed",
            f"{name} 没有完成：{done.stderr.strip()[-300:]}。数据库没有改动。",
            500,
            "later",
        )


def program(name: str) -> str:
    """PostgreSQL's program of this name: the newest one on this machine, which reads every older server."""
    newest = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parent.parent.name)
    )
    found = str(newest[-1]) if newest else shutil.which(name)
    if found is None:
        raise Problem("core.program_missing", f"这台机器上没有 {name}。请先安装 postgresql-client。")
    return found
