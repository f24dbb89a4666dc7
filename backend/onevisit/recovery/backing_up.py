"""How is a backup made while everybody works? Copied, read again from the disk, and only then called one."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from onevisit.config import Config
from onevisit.core import clock, storage, trail
from onevisit.core.db import db, transaction
from onevisit.core.journal import Journal
from onevisit.core.problems import Problem
from onevisit.core.safe import FinishedBackup
from onevisit.recovery import copies

MANIFEST, FILES, KEYS = "manifest.json", "files", "keys"
FORMAT = "onevisit-backup/1"
KEY_FILES = ("secret", "draw-key.pem", "seal", "tls")
PASSING = ("uploads/", "thumbs/")  # pieces under way, and what is made again
Said = Callable[[str], None]


@dataclass(frozen=True)
class Backup:
    """A backup as it lies in its folder."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def number(self) -> int:
        """The last entry of the journal that is in it."""
        return int(self.manifest["journal"]["number"])


def back_up(into: Path, keep: int, files: bool | None, said: Said) -> Backup:
    """A finished backup in `into`; the journal begins a new file, what every kept backup holds is deleted from it."""
    config: Config = current_app.config["ONEVISIT"]
    journal: Journal | None = current_app.extensions["onevisit.journal"]
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    if journal is not None:
        _begin_anew(journal)
    making = into / f".making-{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        said("复制数据库……")
        file, (place, last, revision) = copies.copy(db.engine, making)
        _copy_keys(config, making / KEYS)
        copied = _copy_files(config, into / FILES, files, said)
        manifest = {
            "format": FORMAT, "made_at": clock.now().isoformat(), "schema": revision, "safe_to": last,
            "journal": {"life": place.life, "number": place.number, "hash": place.hash.hex()},
            "storage": copied, "content": {one: _said_of(making / one) for one in _content(making)},
        }  # fmt: skip
        if faults := copies.faults_of(file):
            raise Problem(
                "core.backup_broken", f"备份写好后读不通：{faults[0]}。已删除，请检查磁盘后重来。", 500
            )
        _write(making / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        done = into / f"{clock.now():%Y%m%dT%H%M%S}Z-{place.number}"
        making.rename(done)
    except OSError as error:
        raise Problem(
            "core.backup_failed", f"备份没有写成：{error}。原来的备份和日志都没有动。", 503, "later"
        ) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    backup = Backup(done, manifest)
    if faults := faults_of(backup):
        raise Problem("core.backup_broken", f"备份写好后读不通：{faults[0]}。请检查磁盘后重来。", 500)
    _finish(backup, into, keep, journal, said)
    return backup


def _begin_anew(journal: Journal) -> None:
    with transaction():
        journal.rotate(db.session.connection())


def _finish(backup: Backup, into: Path, keep: int, journal: Journal | None, said: Said) -> None:
    """Phones learn what is safe now; older backups go, and with the oldest kept one its part of the journal."""
    with transaction():
        db.session.add(
            FinishedBackup(
                number=backup.number, name=backup.folder.name, safe_to=backup.manifest["safe_to"],
                made_at=clock.now(),
            )
        )  # fmt: skip
        trail.record(
            "backup.finished", "backup", backup.folder.name, number=backup.number,
            bytes=sum(one["bytes"] for one in backup.manifest["content"].values()),
        )  # fmt: skip
    kept = backups_in(into)
    for old in kept[keep:]:
        shutil.rmtree(old.folder)
        said(f"删除旧备份 {old.folder.name}")
    if journal is not None and (gone := journal.forget_before(min(one.number for one in kept[:keep]))):
        said(f"删除已在各备份里的日志 {len(gone)} 个文件")


def backups_in(into: Path) -> list[Backup]:
    """Every folder that calls itself a backup, newest first; whether they are good is another question."""
    found = []
    for path in into.glob(f"[0-9]*/{MANIFEST}"):
        try:
            manifest = json.loads(path.read_text("utf-8"))
            found.append(Backup(path.parent, manifest))
            int(manifest["journal"]["number"])
        except (ValueError, KeyError, TypeError):
            found.append(Backup(path.parent, {"journal": {"number": -1}, "content": {}}))
    return sorted(found, key=lambda one: one.folder.name, reverse=True)


def faults_of(backup: Backup) -> list[str]:
    """Why this backup cannot be used: every byte is read again and compared with what the manifest says."""
    if backup.manifest.get("format") != FORMAT:
        return [f"{MANIFEST} 读不懂"]
    faults = []
    for name, said in backup.manifest["content"].items():
        path = backup.folder / name
        if not path.is_file():
            faults.append(f"缺 {name}")
        elif _said_of(path) != said:
            faults.append(f"{name} 与写下的摘要不一致")
    database = [name for name in backup.manifest["content"] if name in (copies.SQLITE, copies.POSTGRES)]
    if not database:
        faults.append("没有数据库")
    return faults or copies.faults_of(backup.folder / database[0])


def _content(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def _said_of(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return {"bytes": path.stat().st_size, "sha256": sha256}


def _copy_keys(config: Config, to: Path) -> None:
    """Without the installation's keys nothing could be opened again: they lie in the backup, which is as secret as they."""
    for name in KEY_FILES:
        source = config.var / name
        if source.is_dir():
            shutil.copytree(source, to / name)
        elif source.is_file():
            to.mkdir(mode=0o700, exist_ok=True)
            shutil.copy2(source, to / name)


def _copy_files(config: Config, to: Path, wanted: bool | None, said: Said) -> dict[str, Any]:
    """Photos and papers by their keys, only what is not there yet; a bucket is named and keeps its own copies."""
    local = urlsplit(config.storage).scheme == "file"
    if not (local if wanted is None else wanted):
        return {"url": config.storage, "copied": False}
    there, copied = 0, 0
    for key, size, changed in storage.listed():
        if key.startswith(PASSING):
            continue
        path = to / key
        there += 1
        with contextlib.suppress(FileNotFoundError):
            old = path.stat()
            if old.st_size == size and old.st_mtime >= changed:
                continue
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(path, storage.get(key))
        copied += 1
        if copied % 500 == 0:
            said(f"已复制 {copied} 个文件")
    return {"url": config.storage, "copied": True, "files": there, "new": copied}


def _write(path: Path, content: bytes) -> None:
    """Whole or not there."""
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def copied_files(into: Path) -> Iterator[tuple[str, Path]]:
    """Key and place of every file that backups hold."""
    root = into / FILES
    for path in root.rglob("*"):
        if path.is_file() and not path.name.endswith(".part"):
            yield str(path.relative_to(root)), path
