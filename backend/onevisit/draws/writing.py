"""How is a bundle of a million written and signed without holding it? From its outline and the frozen lists, in pieces.

An outline is a bundle with null for the long lists. The text is that of the whole bundle to the last byte, and so is
what is signed; a bundle that an earlier version kept whole has no null there and is written as it stands.
"""

import hashlib
import json
import re
from binascii import hexlify
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

from onevisit.core.canonical import canonical
from onevisit.draws.entries import LEAF_HEX, SALT_BYTES, Subject
from onevisit.draws.frozen import FrozenPool, Lines

LEAVES: Final = "leaves"
LONG: Final = (LEAVES, "entries", "excluded", "inspectors")
CHUNK: Final = 1 << 12  # so many members of a list are written at a time
SIGNATURE: Final = "signature"
Outline = Mapping[str, Any]
Tickets = Callable[[int, int], bytes]  # of the leaves from … to …, one behind the other
_LEAVES: Final = re.compile(b".{%d}" % LEAF_HEX)
_SALTS: Final = re.compile(b".{%d}" % (2 * SALT_BYTES))


@dataclass(frozen=True, slots=True)
class Lists:
    """The long lists: leaves (hex) and classes one behind the other, their tickets (None: voided), and the pool."""

    row: bytes
    codes: bytes
    tickets: Tickets | None
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
        for begin in range(0, len(self.codes), CHUNK):
            end = min(begin + CHUNK, len(self.codes))
            leaves = _LEAVES.findall(self.row[begin * LEAF_HEX : end * LEAF_HEX])
            if self.tickets is None:
                form, rows = (
                    b'{"leaf":"%b","risk":"%c","ticket":null}',
                    zip(leaves, self.codes[begin:end], strict=True),
                )
                yield b",".join(map(form.__mod__, rows))
                continue
            tickets = _LEAVES.findall(hexlify(self.tickets(begin, end)))
            yield b",".join(
                map(b'{"leaf":"%b","risk":"%c","ticket":"%b"}'.__mod__, zip(leaves, self.codes[begin:end], tickets, strict=True))
            )  # fmt: skip


def ready(tickets: bytes, width: int = 32) -> Tickets:
    """Tickets that were reckoned before."""
    return lambda begin, end: tickets[begin * width : end * width]


def _entries(lines: Lines[Subject], in_order: bool) -> Iterator[bytes]:
    """Entries stand in the blocks as they were hashed: nothing is made an object."""
    for block in lines.blocks:
        texts = block.texts()
        whys: Iterable[bytes] = repeat(b"")
        if b"\t" in texts[0]:
            parts = [text.partition(b"\t") for text in texts]
            texts, whys = [part[0] for part in parts], [_reason(part[2]) for part in parts]
        leaves, salts = _LEAVES.findall(hexlify(block.hashes)), _SALTS.findall(hexlify(block.salts))
        if in_order:
            form, rows = (
                b'{"entry":%b,"leaf":"%b"%b,"salt":"%b"}',
                zip(texts, leaves, whys, salts, strict=False),
            )
        else:
            form, rows = (
                b'{"leaf":"%b","salt":"%b","entry":%b%b}',
                zip(leaves, salts, texts, whys, strict=False),
            )
        yield b",".join(map(form.__mod__, rows))


def _reason(why: bytes) -> bytes:
    return b',"reason":' + compact(why.decode()).encode()


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


def hashed(outline: Outline, lists: Lists) -> Hashed:
    """Of a whole bundle: every key is followed by its value, the keys in order."""
    before, behind = hashlib.sha256(), bytearray()
    for at, name in enumerate(sorted(set(outline) - {SIGNATURE})):
        take = behind.extend if name > SIGNATURE else before.update
        take((b"," if at else b"{") + canonical(name) + b":")
        for piece in _value(name, outline[name], lists, in_order=True):
            take(piece)
    return Hashed(before, bytes(behind + b"}"))


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
