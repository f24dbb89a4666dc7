"""How do bytes become pieces while the line is still open? What came before it broke is kept (tus 1.0, sync.md 5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from flask import request
from werkzeug.exceptions import ClientDisconnected

from onevisit.core.problems import Problem
from onevisit.evidence import rules

STEP = 8 * 1024  # what a line that breaks may cost at most
STRETCH = 512 * 1024  # as much of a body as lies in memory; a phone's pieces are as large
PATIENCE_S = 2.0  # what came waits no longer for what did not
SILENCE_S = 60.0  # after which a phone that says nothing has gone


def body(room: int, whole: bool) -> Iterator[bytes]:
    """The request's body in stretches, at most `room` bytes; `whole`: useless unless all of it came."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Problem("evidence.wrong_encoding", "文件不能再压缩传送，会按原样重传。", 415)
    if (request.content_length or 0) > room:
        raise _too_much()
    return _stretches(room, whole)


def _stretches(room: int, whole: bool) -> Iterator[bytes]:
    """A phone that lost its network says no goodbye, and asks on another line how far it came: what lies here too
    long becomes a piece, and a line that stays silent holds its thread no longer."""
    request.max_content_length = rules.MOST_BYTES
    held, since, heard, came = bytearray(), monotonic(), monotonic(), 0
    with _impatient():
        while (chunk := _chunk()) is None or chunk:
            if chunk is None and monotonic() - heard >= SILENCE_S:
                break
            if chunk:
                held += chunk
                came, heard = came + len(chunk), monotonic()
            if came > room:
                raise _too_much()
            if len(held) >= STRETCH or (held and monotonic() - since >= PATIENCE_S):
                yield bytes(held)
                held, since = bytearray(), monotonic()
            elif not held:
                since = monotonic()
    if whole and came < (request.content_length or 0):
        raise _broken_off()
    if held:
        yield bytes(held)


def _chunk() -> bytes | None:
    """The next bytes; none at the end and where the line broke, None where nothing came for a while."""
    try:
        return request.stream.read(STEP)
    except (ClientDisconnected, OSError) as broken:
        silent = isinstance(broken, TimeoutError) or isinstance(broken.__context__, TimeoutError)
        return None if silent else b""


@contextmanager
def _impatient() -> Iterator[None]:
    """Reading gives up after a while instead of never."""
    line: Any = request.environ.get("gunicorn.socket")
    if not hasattr(line, "settimeout"):
        yield
        return
    before = line.gettimeout()
    line.settimeout(PATIENCE_S)
    try:
        yield
    finally:
        line.settimeout(before)


def _broken_off() -> Problem:
    return Problem("evidence.broken_off", "上传中断，会接着传。", 400, "now")


def _too_much() -> Problem:
    return Problem("evidence.too_much", "传来的内容比文件还长，没有接收。", 413, "now")
