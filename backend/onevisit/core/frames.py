"""How does a journal file look? Sealed frames one behind the other, each naming the one before; the last may be torn.

A frame is `head | sealed body | whole length`: the length behind lets a start read backwards from the end. The body is
AES-256-GCM under a key of the file's own (HKDF of the installation's secret and the file's salt), the head is
authenticated with it, and a frame's hash covers both.
"""

import hashlib
import json
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HEAD = struct.Struct(">4sBQ32sI")  # mark, kind, number, hash before, length of the sealed body
TAIL = struct.Struct(">I")  # length of the whole frame
MARK = b"OVJ1"
NOTHING = bytes(32)
MOST_BODY = 64 << 20


class Broken(Exception):
    """A frame that is not as it was written."""


class FrameKind(IntEnum):
    """What a frame says."""

    BEGIN = 1  # whose file it is; the only one in the clear
    ENTRY = 2  # one transaction
    PART = 3  # some statements of the transaction that follows
    ABORT = 4  # the entry named was written, its COMMIT failed
    SCHEMA = 5  # the tables were changed to this revision
    END = 6  # the next file goes on


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it lies in its file; `hash` names it."""

    kind: FrameKind
    number: int
    prev: bytes
    body: bytes
    start: int
    end: int
    hash: bytes

    def light(self) -> "Frame":
        """The same without what it says: a thousand of them are nothing in memory."""
        return replace(self, body=b"")


def packed(kind: FrameKind, number: int, prev: bytes, body: bytes) -> tuple[bytes, bytes]:
    """The bytes of a frame, and its hash."""
    head = HEAD.pack(MARK, kind, number, prev, len(body))
    named = hashlib.sha256(head)
    named.update(body)
    return b"".join((head, body, TAIL.pack(HEAD.size + len(body) + TAIL.size))), named.digest()


class Keeper:
    """Seals and opens the bodies of one file."""

    def __init__(self, secret: str, salt: bytes) -> None:
        derived = HKDF(SHA256(), 32, salt, b"onevisit-journal/1").derive(secret.encode())
        self._cipher = AESGCM(derived)

    def seal(self, kind: FrameKind, number: int, prev: bytes, plain: bytes) -> bytes:
        """What lies on the disk."""
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, plain, _bound(kind, number, prev))

    def open(self, frame: Frame) -> bytes:
        """What was written; raises Broken when a byte is another one."""
        try:
            bound = _bound(frame.kind, frame.number, frame.prev)
            return self._cipher.decrypt(frame.body[:12], frame.body[12:], bound)
        except (InvalidTag, ValueError) as error:
            raise Broken(f"frame {frame.number} at {frame.start}") from error


def _bound(kind: FrameKind, number: int, prev: bytes) -> bytes:
    return HEAD.pack(MARK, kind, number, prev, 0)


@dataclass(frozen=True)
class Begin:
    """The first frame of a file: which life of which database it belongs to, and how its key is made."""

    life: str
    salt: bytes
    number: int
    machine: str

    def body(self) -> bytes:
        """As it is written."""
        return json.dumps({"life": self.life, "salt": self.salt.hex(), "machine": self.machine}).encode()

    @classmethod
    def of(cls, frame: Frame) -> Self:
        """As it is read."""
        if frame.kind != FrameKind.BEGIN:
            raise Broken("a file without its beginning")
        said: dict[str, Any] = json.loads(frame.body)
        return cls(said["life"], bytes.fromhex(said["salt"]), frame.number, said["machine"])


def frame_at(descriptor: int, start: int, size: int) -> Frame | None:
    """The frame that begins here; None where the file ends in the middle of it or is something else."""
    head = os.pread(descriptor, HEAD.size, start)
    if len(head) < HEAD.size:
        return None
    mark, kind, number, prev, length = HEAD.unpack(head)
    end = start + HEAD.size + length + TAIL.size
    if mark != MARK or length > MOST_BODY or end > size or kind not in FrameKind.__members__.values():
        return None
    body = os.pread(descriptor, length, start + HEAD.size)
    if len(body) < length or os.pread(descriptor, TAIL.size, end - TAIL.size) != TAIL.pack(end - start):
        return None
    named = hashlib.sha256(head)
    named.update(body)
    return Frame(FrameKind(kind), number, prev, body, start, end, named.digest())


def frame_again(path: Path, light: Frame) -> Frame:
    """The whole frame that was met before; raises Broken when it is another one by now."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        found = frame_at(descriptor, light.start, light.end)
    finally:
        os.close(descriptor)
    if found is None or found.hash != light.hash:
        raise Broken(f"{path.name}: entry {light.number} is not what it was")
    return found


def frame_before(descriptor: int, end: int) -> Frame | None:
    """The frame that ends here."""
    if end < HEAD.size + TAIL.size:
        return None
    (length,) = TAIL.unpack(os.pread(descriptor, TAIL.size, end - TAIL.size))
    start = end - length
    found = frame_at(descriptor, start, end) if 0 <= start < end else None
    return found if found and found.end == end else None


def frames(path: Path, start: int = 0) -> Iterator[Frame]:
    """Every whole frame of a file from here on; stops at a torn end, raises Broken at a gap in the middle."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        size = os.fstat(descriptor).st_size
        while start < size:
            found = frame_at(descriptor, start, size)
            if found is None:
                if _goes_on(descriptor, start, size):
                    raise Broken(f"{path.name}: unreadable at {start}")
                return
            yield found
            start = found.end
    finally:
        os.close(descriptor)


def _goes_on(descriptor: int, start: int, size: int) -> bool:
    """Is there a whole frame behind the unreadable place? Then it is no torn end."""
    return size > start + HEAD.size and frame_before(descriptor, size) is not None


def whole_length(descriptor: int, start: int) -> int:
    """Where the last whole frame ends, looking from `start` (the end of one) on."""
    size = os.fstat(descriptor).st_size
    while start < size and (found := frame_at(descriptor, start, size)) is not None:
        start = found.end
    return start
