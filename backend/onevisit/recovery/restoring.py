"""How does a lost server come back? The newest good backup, the journal on top, a new life that phones notice.

Nothing is overwritten that somebody could still need: a running server is refused, a database that is there is only
replaced when that was said, and then set aside.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import make_url

from onevisit.app import create_app
from onevisit.config import Config
from onevisit.core import clock, storage, trail
from onevisit.core.catching_up import catch_up, following, missing
from onevisit.core.db import db, transaction
from onevisit.core.frames import Broken
from onevisit.core.ids import new_id
from onevisit.core.journal import Journal, place_of
from onevisit.core.problems import Problem
from onevisit.evidence.models import EvidenceFile, Upload, UploadPiece
from onevisit.recovery import copies
from onevisit.recovery.backing_up import KEYS, Backup, backups_in, copied_files, faults_of
from onevisit.serving import is_served
from onevisit.visits.models import ServerEpoch

Said = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """What was done."""

    backup: str
    skipped: dict[str, list[str]]
    entries: int
    number: int
    broken: str | None
    files: int
    expected: int
    seconds: float


def restore(
    config: Config, backups: Path, journals: list[Path], over: bool, files: bool, said: Said
) -> Restored:
    """The database, its files and keys as they were when the journal ended."""
    began = time.monotonic()
    refuse_in_use(config, over)
    backup, skipped = newest_good(backups, said)
    config = put_keys_back(config, backup, over)
    folders = journals or [one for one in (config.journal,) if one is not None]
    app = _database_put_back(config, backup, over)
    with app.app_context():
        done, broken = put_journals_on_top(folders, config.secret, said) if folders else (0, None)
        _close()
    app = _in_place(config, app)
    if len(journals) == 1 and config.journal is not None:
        _take_along(journals[0], config.journal)
    with app.app_context():
        brought = put_files_back(backups, said) if files else 0
        expected = begin_new_life(backup.folder.name)
        with db.engine.connect() as connection:
            number = place_of(connection).number
        _close()
    return Restored(
        backup.folder.name,
        skipped,
        done,
        number,
        broken,
        brought,
        expected,
        round(time.monotonic() - began, 2),
    )


def refuse_in_use(config: Config, over: bool) -> None:
    """A running server would write over what is restored; a database that is there is somebody's."""
    if is_served(config):
        raise Problem(
            "core.server_running", "服务器还在这个数据库上运行，没有恢复。请先停下 onevisit serve。"
        )
    if over:
        return
    if config.sqlite:
        there = Path(str(make_url(config.database).database)).exists()
    else:
        with create_app(replace(config, journal=None)).app_context():
            there = bool(db.inspect(db.engine).get_table_names())
            _close()
    if there:
        raise Problem(
            "core.database_there",
            "这里已有数据库，没有恢复。确实要换掉它，请加 --replace（SQLite 的旧库会改名留下，PostgreSQL 的旧库会被清空）。",
        )


def newest_good(backups: Path, said: Said) -> tuple[Backup, dict[str, list[str]]]:
    """The newest backup that can be read from end to end, and why newer ones cannot."""
    skipped: dict[str, list[str]] = {}
    for backup in backups_in(backups):
        if not (faults := faults_of(backup)):
            said(f"用备份 {backup.folder.name}")
            return backup, skipped
        skipped[backup.folder.name] = faults
        said(f"跳过损坏的备份 {backup.folder.name}：{faults[0]}")
    raise Problem("core.no_backup", f"{backups} 里没有能用的备份，什么都没有改动。")


def put_keys_back(config: Config, backup: Backup, over: bool) -> Config:
    """The journal opens only with the secret it was sealed with."""
    keys = backup.folder / KEYS
    if not keys.is_dir():
        return config
    secret = keys / "secret"
    if secret.is_file() and secret.read_text().strip() != config.secret:
        own = config.var / "secret"
        given = not own.is_file() or own.read_text().strip() != config.secret
        if given:
            raise Problem(
                "core.other_secret",
                "ONEVISIT_SECRET 与备份里的不是同一个，日志和密钥都打不开。请换回原来的再恢复。",
            )
        if _holds_more_than(own) and not over:
            raise Problem(
                "core.other_secret",
                f"{config.var} 属于另一套安装。请换一个空的 ONEVISIT_VAR，或加 --replace。",
            )
    for one in keys.iterdir():
        to = config.var / one.name
        if one.is_dir():
            shutil.copytree(one, to, dirs_exist_ok=True)
        else:
            shutil.copy2(one, to)
    return replace(config, secret=secret.read_text().strip()) if secret.is_file() else config


def _holds_more_than(secret: Path) -> bool:
    """Was this folder made just now, when its secret was asked for?"""
    others = {one.name for one in secret.parent.iterdir()} - {"secret", "journal", "storage"}
    return bool(others)


def _database_put_back(config: Config, backup: Backup, over: bool) -> Flask:
    """The copy, beside the place where it will stand; on PostgreSQL in the database itself."""
    if not config.sqlite:
        app = create_app(replace(config, journal=None))
        with app.app_context():
            copies.put_back(backup.folder / copies.POSTGRES, db.engine)
            db.engine.dispose()
        return app
    making = _beside(config)
    making.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in making.parent.glob(f"{making.name}*"):
        one.unlink()
    shutil.copyfile(backup.folder / copies.SQLITE, making)
    making.chmod(0o600)
    return create_app(replace(config, database=f"sqlite:///{making}", journal=None))


def _beside(config: Config) -> Path:
    at = Path(str(make_url(config.database).database))
    return at.with_name(f"{at.name}.restoring")


def put_journals_on_top(folders: list[Path], secret: str, said: Said) -> tuple[int, str | None]:
    """Everything after the backup; where a journal is damaged, everything before the damage, and it is said."""
    broken, journal = None, Journal(folders[0], secret)
    files = [file for folder in folders for file in Journal(folder, secret).files()]
    with db.engine.connect() as connection:
        place = place_of(connection)
        connection.rollback()
    try:
        found = missing(files, place)
    except Broken as error:
        found, broken = list(following(files, place)), str(error)
        said(f"日志有损坏：{error}。只能恢复到损坏处之前。")
    try:
        done = catch_up(
            db.engine, journal, upgrade=lambda revision: upgrade(revision=revision),
            said=lambda count: said(f"已补 {count} 笔"), found=found,
        )  # fmt: skip
    except Broken as error:
        with db.engine.connect() as connection:
            done, broken = place_of(connection).number - place.number, str(error)
        said(f"日志有损坏：{error}。恢复到第 {place.number + done} 笔。")
    said(f"从日志补上 {done} 笔")
    return done, broken


def _in_place(config: Config, app: Flask) -> Flask:
    if config.sqlite:
        making = _beside(config)
        at = Path(str(make_url(config.database).database))
        with app.app_context(), db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.rollback()
        with app.app_context():
            _close()
        stamp = f"before-{clock.now():%Y%m%dT%H%M%SZ}"
        for end in ("", "-wal", "-shm"):
            old = at.with_name(at.name + end)
            if old.exists():
                old.rename(at.with_name(f"{at.name}.{stamp}{end}"))
        making.rename(at)
        for end in ("-wal", "-shm"):
            making.with_name(making.name + end).unlink(missing_ok=True)
    return create_app(config)


def _take_along(from_: Path, to: Path) -> None:
    """The next restore needs this journal too: it goes on where it stood."""
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    if from_.resolve() != to.resolve() and not any(to.glob("[0-9]*")):
        for one in from_.glob("[0-9]*"):
            shutil.copy2(one, to)


def put_files_back(backups: Path, said: Said) -> int:
    """What the store lacks and backups hold; how many."""
    there = {key for key, _, _ in storage.listed()}
    brought = 0
    for key, path in copied_files(backups):
        if key not in there:
            storage.put(key, path.read_bytes())
            brought += 1
    if brought:
        said(f"从备份放回 {brought} 个文件")
    return brought


def begin_new_life(name: str) -> int:
    """A new epoch: every phone offers again what it holds, photos too that the store no longer has; how many."""
    lost = list(_lost_files())
    with transaction():
        for visit_id, hash_ in lost:
            file = db.session.get_one(EvidenceFile, (visit_id, hash_))
            file.stored_at = file.stored_size = None
        for model in (UploadPiece, Upload):
            db.session.execute(delete(model))
        number = db.session.scalar(select(func.max(ServerEpoch.number))) or 0
        row = {"number": number + 1, "name": new_id(), "since": clock.now()}
        db.session.execute(insert(ServerEpoch), [row])
        trail.record("server.restored", "backup", name, epoch=number + 1, files_expected=len(lost))
    return len(lost)


def _lost_files() -> Iterator[tuple[str, str]]:
    there = set(storage.keys_under("files"))
    rows: Any = db.session.execute(
        select(EvidenceFile.visit_id, EvidenceFile.hash).where(EvidenceFile.stored_at.is_not(None))
    )
    for visit_id, hash_ in rows:
        if storage.key_of(hash_) not in there:
            yield visit_id, hash_


def _close() -> None:
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
