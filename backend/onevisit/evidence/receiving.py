"""How do bytes become pieces while the line is still open? What came before it broke is kept (tus 1.0, sync.md 5)."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from flask import request
from werkzeug.exceptions import ClientDisconnected

from onevisit.core.problems import Problem
from onevisit.evidence import rules

STEP = 8 * 1024  # what a line that breaks may cost at most
STRETCH = 1024 * 1024  # as much of a body as lies in memory
PATIENCE_S = 2.0  # bytes of a slow line wait no longer for their piece
SILENCE_S = 60  # after which a phone that says nothing has gone


def body(room: int, whole: bool) -> Iterator[bytes]:
    """The request's body in stretches, at most `room` bytes; `whole`: useless unless all of it came."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Problem("evidence.wrong_encoding", "文件不能再压缩传送，会按原样重传。", 415)
    if (request.content_length or 0) > room:
        raise _too_much()
    return _stretches(room, whole)


def _stretches(room: int, whole: bool) -> Iterator[bytes]:
    request.max_content_length = rules.MOST_BYTES
    held, since, came = bytearray(), monotonic(), 0
    with _not_for_ever():
        while chunk := _chunk(whole):
            held += chunk
            came += len(chunk)
            if came > room:
                raise _too_much()
            if len(held) >= STRETCH or monotonic() - since >= PATIENCE_S:
                yield bytes(held)
                held, since = bytearray(), monotonic()
    if held:
        yield bytes(held)


def _chunk(whole: bool) -> bytes:
    try:
        return request.stream.read(STEP)
    except (ClientDisconnected, OSError) as broken:
        if whole:
            raise Problem("evidence.broken_off", "上传中断，会接着传。", 400, "now") from broken
        return b""


@contextmanager
def _not_for_ever() -> Iterator[None]:
    """A phone that lost its network says no goodbye: without this its connection would hold a thread for ever."""
    line: Any = request.environ.get("gunicorn.socket")
    before = line.gettimeout() if isinstance(line, socket.socket) else None
    if isinstance(line, socket.socket):
        line.settimeout(SILENCE_S)
    try:
        yield
    finally:
        if isinstance(line, socket.socket):
            line.settimeout(before)


def _too_much() -> Problem:
    return Problem("evidence.too_much", "传来的内容比文件还长，没有接收。", 413, "now")
