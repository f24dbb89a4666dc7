"""How is a bundle of a million written and signed without holding it? From its outline and the frozen lists, in pieces.

An outline is a bundle with null for the long lists. The text is that of the whole bundle to the last byte, and so is
what is signed; a bundle that an earlier version kept whole has no null there and is written as it stands.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from onevisit.core.canonical import canonical
from onevisit.draws.frozen import ENTRY_AT, LEAF_HEX, FrozenPool, Lines, Subject

LEAVES: Final = "leaves"
LONG: Final = (LEAVES, "entries", "excluded", "inspectors")
CHUNK: Final = 1 << 12  # so many members of a list are written at a time
LARGE: Final = 1 << 15  # a piece that is worth a second core
SIGNATURE: Final = "signature"
Outline = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lists:
    """The long lists: leaves (hex) and classes one behind the other, their tickets (None: voided), and the pool."""

    row: bytes
    codes: bytes
    tickets: bytes | None
    pool: FrozenPool | None = None

    def written(self, name: str, in_order: bool) -> Iterator[bytes]:
        """A list's members, some at a time; `in_order` sorts their keys as canonical JSON does."""
        if name == LEAVES:
            return self._leaves()
        if self.pool is None:
            raise ValueError("the public bundle has no entries")
        if name == "inspectors":
            return _objects([one.as_json() for one in self.pool.inspectors], in_order)
        return _entries(self.pool.subjects if name == "entries" else self.pool.excluded, in_order)

    def _leaves(self) -> Iterator[bytes]:
        row, codes = self.row, self.codes
        for begin in range(0, len(codes), CHUNK):
            some = range(begin, min(begin + CHUNK, len(codes)))
            if self.tickets is None:
                yield b",".join(
                    [b'{"leaf":"%b","risk":"%c","ticket":null}' % (row[at * 64 : at * 64 + 64], codes[at]) for at in some]
                )  # fmt: skip
                continue
            hashed = self.tickets[begin * 32 : (begin + CHUNK) * 32].hex().encode()
            yield b",".join(
                [
                    b'{"leaf":"%b","risk":"%c","ticket":"%b"}'
                    % (row[at * 64 : at * 64 + 64], codes[at], hashed[(at - begin) * 64 : (at - begin) * 64 + 64])
                    for at in some
                ]
            )  # fmt: skip


def _entries(lines: Lines[Subject], in_order: bool) -> Iterator[bytes]:
    """Entries stand in the lines as they are hashed: nothing is made an object."""
    for begin in range(0, len(lines), CHUNK):
        some, reasons = lines.lines[begin : begin + CHUNK], lines.reasons
        parts = [
            (line[:LEAF_HEX], line[LEAF_HEX:ENTRY_AT], line[ENTRY_AT:], _reason(reasons, line))
            for line in some
        ]
        if in_order:
            yield b",".join(
                [b'{"entry":%b,"leaf":"%b"%b,"salt":"%b"}' % (entry, leaf, why, salt) for leaf, salt, entry, why in parts]
            )  # fmt: skip
        else:
            yield b",".join(
                [b'{"leaf":"%b","salt":"%b","entry":%b%b}' % (leaf, salt, entry, why) for leaf, salt, entry, why in parts]
            )  # fmt: skip


def _reason(reasons: Mapping[bytes, str], line: bytes) -> bytes:
    return b',"reason":' + compact(reasons[line[:LEAF_HEX]]).encode() if reasons else b""


def _objects(given: list[dict[str, Any]], in_order: bool) -> Iterator[bytes]:
    for at in range(0, len(given), CHUNK):
        some = given[at : at + CHUNK]
        yield (canonical(some) if in_order else compact(some).encode())[1:-1]


def written(outline: Outline, lists: Lists) -> Iterator[bytes]:
    """The whole bundle as it is downloaded."""
    for at, (name, value) in enumerate(outline.items()):
        yield b"%b%b:" % (b"," if at else b"{", json.dumps(name).encode())
        yield from _value(name, value, lists, in_order=False)
    yield b"}"


@dataclass(frozen=True, slots=True)
class Hashed:
    """The hash of a bundle's canonical text, once without and once with its signature; the text is made only once."""

    before: Any  # the hash of everything that stands before the signature
    behind: bytes

    def unsigned(self) -> bytes:
        """What is signed."""
        return self._with(b"")

    def signed(self, signature: Mapping[str, Any]) -> bytes:
        """What the trail keeps."""
        return self._with(b',"signature":' + canonical(signature))

    def _with(self, more: bytes) -> bytes:
        whole = self.before.copy()
        whole.update(more + self.behind)
        found: bytes = whole.digest()
        return found


def hashed(outlines: Sequence[Outline], lists: Lists) -> list[Hashed]:
    """Of several whole bundles of one draw at once: the leaves stand in all of them and are written once."""
    with ThreadPoolExecutor(len(outlines)) as beside:
        hashing = [_Hashing(outline, lists, beside) for outline in outlines]
        for one in hashing:
            one.take(lambda name: name < LEAVES)
            one.begin(LEAVES)
        for piece in _value(LEAVES, outlines[0][LEAVES], lists, in_order=True):
            for one in hashing:
                one.put(piece)
        for one in hashing:
            one.take(lambda name: name > LEAVES)
        return [one.done() for one in hashing]


class _Hashing:
    """Every key is followed by its value, the keys in order; a piece is hashed while the next one is written."""

    def __init__(self, outline: Outline, lists: Lists, beside: ThreadPoolExecutor) -> None:
        self._outline, self._lists, self._beside = outline, lists, beside
        self._before, self._behind, self._mark = hashlib.sha256(), [b""], b"{"
        self._late = False
        self._waiting: Future[None] | None = None

    def take(self, those: Callable[[str], bool]) -> None:
        """Some members with their values."""
        for name in sorted(filter(those, set(self._outline) - {SIGNATURE})):
            self.begin(name)
            for piece in _value(name, self._outline[name], self._lists, in_order=True):
                self.put(piece)

    def begin(self, name: str) -> None:
        """A key."""
        self._late = name > SIGNATURE
        self.put(self._mark + canonical(name) + b":")
        self._mark = b","

    def put(self, piece: bytes) -> None:
        """The next bytes."""
        if self._late:
            self._behind.append(piece)
            return
        self._wait()
        self._waiting = self._beside.submit(self._before.update, piece) if len(piece) > LARGE else None
        if self._waiting is None:
            self._before.update(piece)

    def done(self) -> Hashed:
        """When every member was taken."""
        self._wait()
        return Hashed(self._before, b"".join([*self._behind, b"}"]))

    def _wait(self) -> None:
        if self._waiting is not None:
            self._waiting.result()


def _value(name: str, value: Any, lists: Lists, in_order: bool) -> Iterator[bytes]:
    if value is not None or name not in LONG:
        yield canonical(value) if in_order else compact(value).encode()
        return
    yield b"["
    for at, piece in enumerate(lists.written(name, in_order)):
        yield b"," + piece if at else piece
    yield b"]"


def compact(value: Any) -> str:
    """JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
