"""What was done since the last backup? Every transaction on this machine's own disk before it is committed (sync.md 8).

The row of `journal_places` is the lock: whoever commits takes it, seals what the transaction wrote onto the file's end,
waits for the disk, names it in the row and commits. So the order of the file is the order of the database, any number
of processes may write, and a start sees by one comparison what the file has and the database has not. Entries name
the hash of the one before: which of two that both follow the same one became true is decided by what follows them.
"""

import errno
import fcntl
import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Engine, String, event
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core import redo
from onevisit.core.db import Model
from onevisit.core.frames import (
    Begin,
    Broken,
    Frame,
    FrameKind,
    Keeper,
    frame_again,
    frame_at,
    frame_before,
    frames,
    packed,
    whole_length,
)
from onevisit.core.ids import new_id
from onevisit.core.kept_beside import Made
from onevisit.core.problems import Problem

log = logging.getLogger(__name__)
NONE: Final = "none"
SUFFIX: Final = ".journal"


class JournalPlace(Model):
    """Up to which entry of the journal this database has come; one row."""

    __tablename__ = "journal_places"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    life: Mapped[str] = mapped_column(String(36))
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Place:
    """Where a database stands in its journal."""

    life: str
    number: int
    hash: bytes


@dataclass(frozen=True)
class Entry:
    """One transaction (or a change of the tables) as it is found again."""

    frame: Frame
    file: Path
    parts: tuple[Frame, ...]
    life: str


def unwritable(error: OSError) -> Problem:
    """Nothing was written anywhere; the same may be sent again."""
    log.error("journal: %s", error)
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    said = "服务器的日志盘已满" if full else "服务器的日志暂时写不进去"
    return Problem(
        "core.journal_unwritable", f"{said}，这次没有写入，您的内容没有丢，稍后会再试。请告诉管理员。",
        503, "later", retry_after=10,
    )  # fmt: skip


@dataclass
class _Open:
    """The file that is being written."""

    path: Path
    descriptor: int
    keeper: Keeper
    end: int


@dataclass
class Journal:
    """The journal of one machine; `attach` it to the engine whose commits it keeps."""

    folder: Path
    secret: str
    _file: _Open | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    # --- writing -----------------------------------------------------------------------------------------------------

    def attach(self, engine: Engine) -> None:
        """From now on every commit of this engine is journalled first."""
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _leave_waiting_to_us)
        event.listen(engine, "begin", _begin)
        event.listen(engine, "after_cursor_execute", redo.gather)
        event.listen(engine, "savepoint", _mark)
        event.listen(engine, "rollback_savepoint", _back_to)
        event.listen(engine, "release_savepoint", _settle)
        event.listen(engine, "commit", self._before_commit)
        event.listen(engine, "rollback", self._after_rollback)
        event.listen(engine, "reset", self._before_reset)

    def _before_commit(self, connection: Connection) -> None:
        gathered = redo.gathered_of(connection)
        connection.info["onevisit.gathered"] = None
        if gathered:
            connection.info["onevisit.journalled"] = self.write(connection, FrameKind.ENTRY, gathered)

    def write(self, connection: Connection, kind: FrameKind, what: redo.Gathered) -> Place:
        """Append under the lock and take the place in the database; the caller commits."""
        before = place_of(connection, lock=True)
        life = before.life or new_id()
        with self._turn, self._locked():
            named = self._append(life, before, kind, what)
        after = Place(life, before.number + 1, named)
        take_place(connection, after)
        return after

    def _after_rollback(self, connection: Connection) -> None:
        connection.info["onevisit.gathered"] = None
        self._abort(connection.info.pop("onevisit.journalled", None))

    def _before_reset(self, raw: Any, record: Any, _state: Any) -> None:
        """After a COMMIT that failed SQLAlchemy only gives the connection back; then its transaction is still open."""
        journalled = record.info.pop("onevisit.journalled", None)
        if journalled is not None and _is_open(raw):
            self._abort(journalled)

    def _abort(self, failed: Place | None) -> None:
        """Its COMMIT failed after it was written; what follows will say the same, this only says it sooner."""
        if failed is None:
            return
        try:
            with self._turn, self._locked():
                file = self._current(failed.life, failed)
                self._put(file, *packed(FrameKind.ABORT, failed.number, failed.hash, b""), wait=False)
        except (OSError, Problem) as error:
            log.warning("journal: no abort of %d: %s", failed.number, error)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Only one process of this machine appends."""
        try:
            descriptor = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise unwritable(error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _append(self, life: str, before: Place, kind: FrameKind, what: redo.Gathered) -> bytes:
        number, prev = before.number + 1, before.hash
        start = -1
        try:
            file = self._current(life, before)
            start, hashes = file.end, list[str]()
            for at, length in what.parcels:
                sealed = file.keeper.seal(FrameKind.PART, number, prev, what.parcel(at, length))
                frame, part = packed(FrameKind.PART, number, prev, sealed)
                hashes.append(part.hex())
                self._put(file, frame, part, wait=False)
            kept = {name: self._keep(file, number, name, made) for name, made in what.kept.items()}
            plain = redo.dumped({"parts": hashes, "kept": kept, "steps": what.steps})
            frame, named = packed(kind, number, prev, file.keeper.seal(kind, number, prev, plain))
            self._put(file, frame, named)
        except OSError as error:
            self._take_back(start)
            raise unwritable(error) from error
        return named

    def _put(self, file: _Open, frame: bytes, _named: bytes, wait: bool = True) -> None:
        left = memoryview(frame)
        while left:
            left = left[os.write(file.descriptor, left) :]
        if wait:
            os.fdatasync(file.descriptor)
        file.end += len(frame)

    def _take_back(self, start: int) -> None:
        """What was written in part is no entry; whoever writes next finds the same if this fails too."""
        file, self._file = self._file, None
        if file is None:
            return
        try:
            if start >= 0:
                os.ftruncate(file.descriptor, start)
        except OSError as error:
            log.warning("journal: %s", error)
        finally:
            os.close(file.descriptor)

    def _keep(self, file: _Open, number: int, name: str, made: Made) -> str:
        """What statements of this entry read lies beside the journal's own file."""
        kept = f"{file.path.stem}-{number}-{name}"
        made(self.folder / kept)
        return kept

    def _current(self, life: str, before: Place) -> _Open:
        """The file to write to: what another process appended meanwhile is before us, a torn end is cut off."""
        if self._file is not None and os.fstat(self._file.descriptor).st_size != self._file.end:
            self._look_again(self._file)
        if self._file is None:
            self._file = self._last(life) or self._made(life, before)
        return self._file

    def _look_again(self, file: _Open) -> None:
        file.end = whole_length(file.descriptor, file.end)
        last = frame_before(file.descriptor, file.end)
        if last is None or last.kind == FrameKind.END or file.path != self.files()[-1]:
            os.close(file.descriptor)
            self._file = None
        else:
            os.ftruncate(file.descriptor, file.end)

    def _last(self, life: str) -> _Open | None:
        """The newest file, if it is of this life and was not ended."""
        if not (paths := self.files()):
            return None
        descriptor = os.open(paths[-1], os.O_RDWR | os.O_APPEND)
        try:
            size = os.fstat(descriptor).st_size
            first = frame_at(descriptor, 0, size)
            begin = Begin.of(first) if first and first.kind == FrameKind.BEGIN else None
            if first is None or begin is None or begin.life != life:
                return None
            last = frame_before(descriptor, size)
            if last is None:
                size = whole_length(descriptor, first.end)
                os.ftruncate(descriptor, size)
                last = frame_before(descriptor, size)
            if last is None or last.kind == FrameKind.END:
                return None
            file = _Open(paths[-1], descriptor, Keeper(self.secret, begin.salt), size)
            descriptor = -1
            return file
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def _made(self, life: str, before: Place) -> _Open:
        paths = self.files()
        number = int(paths[-1].stem) + 1 if paths else 1
        path = self.folder / f"{number:08d}{SUFFIX}"
        begin = Begin(life, os.urandom(16), before.number, socket.gethostname())
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND, 0o600)
        file = _Open(path, descriptor, Keeper(self.secret, begin.salt), 0)
        try:
            self._put(file, *packed(FrameKind.BEGIN, before.number, before.hash, begin.body()))
        except OSError:
            os.close(descriptor)
            path.unlink()
            raise
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)  # the file's name too must be there after a power cut
        os.close(folder)
        return file

    def is_writable(self) -> bool:
        """Would the next entry find its place? Asked by writing a byte beside it."""
        try:
            with (self.folder / f"try-{os.getpid()}").open("wb") as file:
                file.write(b"1" * 4096)
            (self.folder / f"try-{os.getpid()}").unlink()
        except OSError as error:
            log.error("journal: %s", error)
            return False
        return True

    def close(self) -> None:
        """Let go of the file; everything in it is on the disk already."""
        with self._turn:
            file, self._file = self._file, None
            if file is not None:
                os.close(file.descriptor)

    # --- rotating ----------------------------------------------------------------------------------------------------

    def rotate(self, connection: Connection) -> Place:
        """The present file ends, the next entry begins another one; under the lock of a running transaction."""
        place = place_of(connection, lock=True)
        with self._turn, self._locked():
            if self.files():
                file = self._current(place.life, place)
                self._put(file, *packed(FrameKind.END, place.number, place.hash, b""))
                os.close(file.descriptor)
                self._file = None
        return place

    def forget_before(self, number: int) -> list[str]:
        """Delete the files whose entries are all in every kept backup, with what lies beside them; their names."""
        paths, gone = self.files(), list[str]()
        for path, following in pairwise(paths):
            first = next(frames(following), None)
            if first is None or first.number > number:
                break
            for one in (*self.folder.glob(f"{path.stem}-*"), path):
                one.unlink()
                gone.append(one.name)
        return gone

    # --- reading -----------------------------------------------------------------------------------------------------

    def files(self) -> list[Path]:
        """The journal's files, oldest first."""
        return sorted(self.folder.glob(f"[0-9]*{SUFFIX}"))

    def keeper_of(self, path: Path) -> tuple[Begin, Keeper]:
        """Whose file it is, and what opens it."""
        first = next(frames(path), None)
        if first is None:
            raise Broken(f"{path.name}: no beginning")
        begin = Begin.of(first)
        return begin, Keeper(self.secret, begin.salt)

    def said_by(self, entry: Entry) -> dict[str, Any]:
        """What an entry says, opened: kept files and, part after part, the statements."""
        _, keeper = self.keeper_of(entry.file)
        said: dict[str, Any] = redo.loaded(keeper.open(frame_again(entry.file, entry.frame)))
        there = {one.hash.hex() for one in entry.parts}  # also of one that died before its entry
        if not there.issuperset(said["parts"]):
            raise Broken(f"entry {entry.frame.number} of {entry.file.name} lacks a part")
        return said

    def steps_of(self, entry: Entry, said: dict[str, Any]) -> Iterator[list[redo.Step]]:
        """The statements of an entry, some at a time."""
        _, keeper = self.keeper_of(entry.file)
        there = {one.hash.hex(): one for one in entry.parts}
        for name in said["parts"]:
            yield redo.unpacked(keeper.open(frame_again(entry.file, there[name])))
        yield said["steps"]


def entries(folder_files: list[Path], newest_first: bool = False) -> Iterator[Entry | Frame]:
    """Entries and aborts (as frames) in the order of their files; backwards where only the end is asked for."""
    for path in reversed(folder_files) if newest_first else folder_files:
        first = next(frames(path), None)
        if first is None:
            continue  # torn while it was being made: nothing was in it
        life = Begin.of(first).life
        yield from _backwards(path, life) if newest_first else _forwards(path, life)


def _forwards(path: Path, life: str) -> Iterator[Entry | Frame]:
    parts: list[Frame] = []
    for frame in frames(path):
        if frame.kind == FrameKind.PART:
            parts.append(frame.light())
        elif frame.kind in (FrameKind.ENTRY, FrameKind.SCHEMA):
            yield Entry(frame.light(), path, tuple(one for one in parts if one.prev == frame.prev), life)
            parts = []
        elif frame.kind == FrameKind.ABORT:
            yield frame


def _backwards(path: Path, life: str) -> Iterator[Entry | Frame]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        end = (
            whole_length(descriptor, 0)
            if frame_before(descriptor, size := _size(descriptor)) is None
            else size
        )
        held: tuple[Frame, list[Frame]] | None = None
        while (frame := frame_before(descriptor, end)) is not None:
            end = frame.start
            if frame.kind == FrameKind.PART and held is not None:
                held[1].insert(0, frame.light())
                continue
            if held is not None:
                yield Entry(held[0], path, tuple(held[1]), life)
                held = None
            if frame.kind in (FrameKind.ENTRY, FrameKind.SCHEMA):
                held = (frame.light(), [])
            elif frame.kind == FrameKind.ABORT:
                yield frame
        if held is not None:
            yield Entry(held[0], path, tuple(held[1]), life)
    finally:
        os.close(descriptor)


def _size(descriptor: int) -> int:
    return os.fstat(descriptor).st_size


def place_of(connection: Connection, lock: bool = False) -> Place:
    """Where this database stands; with the lock, nobody else commits until this transaction ends."""
    held = " FOR UPDATE" if lock and connection.dialect.name == "postgresql" else ""
    row = connection.exec_driver_sql(
        f"SELECT life, number, hash FROM journal_places WHERE id = 1{held}"
    ).one()
    return Place(row[0], row[1], bytes.fromhex(row[2]))


def take_place(connection: Connection, place: Place) -> None:
    """The database stands here now; in the running transaction."""
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    connection.exec_driver_sql(
        f"UPDATE journal_places SET life = {mark}, number = {mark}, hash = {mark} WHERE id = 1",
        (place.life, place.number, place.hash.hex()),
    )


def _leave_waiting_to_us(connection: Any, _record: Any) -> None:
    """The journal waits for the disk before every COMMIT and is applied at the start: SQLite need not wait again.

    With WAL and NORMAL a power cut never harms the file, it may only take the last commits; these are in the journal.
    """
    connection.execute("PRAGMA synchronous=NORMAL")


def _is_open(raw: Any) -> bool:
    """Is a transaction open on this connection of the driver?"""
    if hasattr(raw, "in_transaction"):
        return bool(raw.in_transaction)
    return not raw.closed and raw.info.transaction_status != 0


def _begin(connection: Connection) -> None:
    connection.info.pop("onevisit.journalled", None)
    connection.info["onevisit.gathered"] = None if redo.is_silent() else redo.Gathered()


def _mark(connection: Connection, _name: str) -> None:
    if (gathered := redo.gathered_of(connection)) is not None:
        gathered.mark()


def _back_to(connection: Connection, _name: str, _context: Any) -> None:
    if (gathered := redo.gathered_of(connection)) is not None:
        gathered.back()


def _settle(connection: Connection, _name: str, _context: Any) -> None:
    if (gathered := redo.gathered_of(connection)) is not None:
        gathered.settle()
