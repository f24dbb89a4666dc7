"""How is a frozen list of a million entries held? In blocks: leaves, classes and salts in rows of bytes, entries pressed.

An object for each entry would fill a small server's memory; so a block's entries are unpacked only where somebody
asks for one of them, and whoever needs leaves alone reads leaves alone.
"""

import hashlib
import json
import zlib
from binascii import hexlify
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate, compress
from struct import Struct
from typing import Any, Final, Self, overload

from onevisit.draws.entries import LEAF_BYTES, LEAF_HEX, SALT_BYTES, E, Frozen, Inspector, Subject
from onevisit.draws.quota import CLASSES

BLOCK: Final = 12_000  # at least so many entries are packed together, but for the last ones
TEXT_AT: Final = LEAF_BYTES + SALT_BYTES
RISK_AT: Final = -3  # a subject's entry ends with "risk":"X"}
_HEADS: Final = Struct(f"{LEAF_BYTES}s{SALT_BYTES}s")
PARTS: Final = ("subjects", "excluded", "inspectors")
Thaw = Callable[[Mapping[str, Any]], E]


@dataclass(frozen=True, slots=True)
class Block:
    """Some entries in the order of their leaves; `pressed` has a line for each, with the reason behind a tab."""

    hashes: bytes
    codes: bytes
    salts: bytes
    pressed: bytes

    def texts(self) -> list[bytes]:
        """The entries as they were hashed (an excluded one with its reason); none has a line break or tab in it."""
        try:
            found = zlib.decompress(self.pressed).split(b"\n")
        except zlib.error as error:
            raise ValueError("frozen entries cannot be read") from error
        if not len(found) * LEAF_BYTES == len(self.codes) * LEAF_BYTES == len(self.hashes):
            raise ValueError("frozen lists are incomplete")
        return found

    def refuse_misfits(self) -> None:
        """A kept entry that was edited does not fit its leaf any more, one that was moved not its class."""
        begin, hashes, salts = hashlib.sha256(b"\x00").copy, self.hashes, self.salts
        entries = [text.partition(b"\t")[0] for text in self.texts()]
        for at, entry in enumerate(entries):
            one = begin()
            one.update(salts[at * SALT_BYTES : (at + 1) * SALT_BYTES] + entry)
            if one.digest() != (wanted := hashes[at * LEAF_BYTES : (at + 1) * LEAF_BYTES]):
                raise ValueError(f"entry does not fit its leaf {wanted.hex()}")
        if bytes([entry[RISK_AT] for entry in entries]) != self.codes:
            raise ValueError("an entry stands in another class than its own")


class Lines(Sequence[Frozen[E]]):
    """Frozen entries sorted by leaf, in blocks; each is made an object only when it is asked for."""

    __slots__ = ("_begins", "_thaw", "_unpacked", "blocks")

    def __init__(self, blocks: Iterable[Block], thaw: Thaw[E]) -> None:
        self.blocks, self._thaw = list(blocks), thaw
        self._begins = [0, *accumulate(len(one.codes) for one in self.blocks)]
        self._unpacked: tuple[int, list[bytes]] = (-1, [])

    @classmethod
    def of(cls, frozen: Iterable[Frozen[E]], thaw: Thaw[E]) -> Self:
        """From objects; a leaf that does not fit its entry is refused."""
        lines = [_line(one) for one in frozen]
        found = cls(packed(sorted_apart(lines)), thaw)
        found.refuse_misfits()
        return found

    @property
    def hashes(self) -> bytes:
        """The leaves, 32 bytes each, one behind the other."""
        return b"".join([one.hashes for one in self.blocks])

    @property
    def row(self) -> bytes:
        """The leaves as hex, one behind the other."""
        return hexlify(self.hashes)

    @property
    def codes(self) -> bytes:
        """The class of each."""
        return b"".join([one.codes for one in self.blocks])

    @overload
    def __getitem__(self, at: int) -> Frozen[E]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Frozen[E]]: ...
    def __getitem__(self, at: int | slice) -> Frozen[E] | Sequence[Frozen[E]]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError("no such entry")
        number = bisect_right(self._begins, at % len(self)) - 1
        inside = at % len(self) - self._begins[number]
        return self._thawed(number, inside, self._texts(number)[inside])

    def __len__(self) -> int:
        return self._begins[-1]

    def __iter__(self) -> Iterator[Frozen[E]]:
        for number, block in enumerate(self.blocks):
            for inside, text in enumerate(block.texts()):
                yield self._thawed(number, inside, text)

    def leaves(self) -> list[str]:
        """The leaves as hex."""
        text = self.row.decode()
        return [text[at : at + LEAF_HEX] for at in range(0, len(text), LEAF_HEX)]

    def those(self, leaves: Iterable[str]) -> dict[str, Frozen[E]]:
        """Leaf -> entry, of the given leaves that are here; every block is unpacked once at most."""
        wanted: dict[int, list[tuple[int, str]]] = {}
        order = list(leaves)
        last = [one.hashes[-LEAF_BYTES:] for one in self.blocks]
        for leaf_ in order:
            hash_ = bytes.fromhex(leaf_)
            number = bisect_left(last, hash_)
            if number < len(last) and (inside := place_of(hash_, self.blocks[number].hashes)) is not None:
                wanted.setdefault(number, []).append((inside, leaf_))
        found = {}
        for number, places in wanted.items():
            texts = self._texts(number)
            found.update({leaf_: self._thawed(number, inside, texts[inside]) for inside, leaf_ in places})
        return {leaf_: found[leaf_] for leaf_ in order if leaf_ in found}

    def reasons(self) -> Counter[str]:
        """How many were left out for which reason."""
        found = Counter(text.partition(b"\t")[2] for one in self.blocks for text in one.texts())
        return Counter({reason.decode(): count for reason, count in found.items()})

    def refuse_misfits(self) -> None:
        """A kept entry that was edited does not fit its leaf any more."""
        for one in self.blocks:
            one.refuse_misfits()

    def _texts(self, number: int) -> list[bytes]:
        if self._unpacked[0] != number:
            self._unpacked = number, self.blocks[number].texts()
        return self._unpacked[1]

    def _thawed(self, number: int, inside: int, text: bytes) -> Frozen[E]:
        block, (entry, _, reason) = self.blocks[number], text.partition(b"\t")
        return Frozen(
            block.hashes[inside * LEAF_BYTES : (inside + 1) * LEAF_BYTES].hex(),
            block.salts[inside * SALT_BYTES : (inside + 1) * SALT_BYTES].hex(),
            self._thaw(json.loads(entry)),
            reason.decode() or None,
        )


def none_of(thaw: Thaw[E]) -> Lines[E]:
    """An empty list."""
    return Lines([], thaw)


@dataclass(frozen=True, slots=True)
class FrozenPool:
    """Everything frozen before the commit: pool, exclusions and inspectors, each sorted by leaf."""

    subjects: Lines[Subject]
    excluded: Lines[Subject]
    inspectors: Lines[Inspector]

    @classmethod
    def of_blocks(cls, blocks: Mapping[str, Iterable[Block]]) -> Self:
        """From the blocks of each of the three parts."""
        return cls(
            Lines(blocks.get("subjects", ()), Subject.from_json),
            Lines(blocks.get("excluded", ()), Subject.from_json),
            Lines(blocks.get("inspectors", ()), Inspector.from_json),
        )

    def blocks(self) -> dict[str, list[Block]]:
        """As they are kept."""
        return {
            "subjects": self.subjects.blocks,
            "excluded": self.excluded.blocks,
            "inspectors": self.inspectors.blocks,
        }

    def refuse_misfits(self) -> None:
        """No entry of the three lists was edited after it was frozen."""
        for part in (self.subjects, self.excluded, self.inspectors):
            part.refuse_misfits()

    def counts(self) -> dict[str, int]:
        """How many subjects each class has."""
        return counts_of(self.subjects.codes)

    def as_json(self) -> dict[str, Any]:
        """The three lists of a full bundle; they hold the salts and are never public."""
        return {
            "entries": [frozen.as_json() for frozen in self.subjects],
            "excluded": [frozen.as_json() for frozen in self.excluded],
            "inspectors": [frozen.as_json() for frozen in self.inspectors],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Rebuilt from the lists of a full bundle; a leaf that does not fit its entry is refused."""
        return cls(
            _thawed_lines(kept["entries"], Subject.from_json),
            _thawed_lines(kept["excluded"], Subject.from_json),
            _thawed_lines(kept["inspectors"], Inspector.from_json),
        )


def counts_of(codes: bytes) -> dict[str, int]:
    """How many of each class, in commit order."""
    return {risk: count for risk in CLASSES if (count := codes.count(risk.encode()))}


def row_of_class(row: bytes, codes: bytes, risk: str, width: int) -> bytes:
    """Of a row of things `width` bytes wide those whose code is the class's."""
    if codes.count(risk.encode()) == len(codes):
        return row
    places = compress(range(0, len(row), width), map(ord(risk).__eq__, codes))
    return b"".join([row[at : at + width] for at in places])


def place_of(hash_: bytes, hashes: bytes) -> int | None:
    """Where a leaf stands in a sorted row of leaves."""
    low, high = 0, len(hashes) // LEAF_BYTES
    while low < high:
        middle = (low + high) // 2
        if hashes[middle * LEAF_BYTES : (middle + 1) * LEAF_BYTES] < hash_:
            low = middle + 1
        else:
            high = middle
    return low if hashes[low * LEAF_BYTES : (low + 1) * LEAF_BYTES] == hash_ else None


def sorted_apart(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Sorted, in lists by their first byte: what fits a processor's cache is sorted in half the time."""
    apart: list[list[bytes]] = [[] for _ in range(256)]
    for line in lines:
        apart[line[0]].append(line)
    return in_order(apart)


def in_order(apart: list[list[bytes]]) -> Iterator[list[bytes]]:
    """Lists by first byte, each sorted when its turn comes, and let go."""
    for at in range(len(apart)):
        some, apart[at] = apart[at], []
        some.sort()
        yield some


def packed(in_turn: Iterable[list[bytes]], told: Callable[[int], None] | None = None) -> list[Block]:
    """Lines (leaf, salt, entry, reason behind a tab) that come sorted, in blocks; pressed beside the sorting."""
    with ThreadPoolExecutor(1) as beside:
        made: list[tuple[list[bytes], Future[bytes]]] = []
        open_: list[tuple[bytes, bytes, bytes, bytes]] = []
        count = done = 0
        for some in filter(None, in_turn):
            open_.append(_rows(some))
            count, done = count + len(some), done + len(some)
            if count >= BLOCK:
                made.append(_closed(open_, beside))
                open_, count = [], 0
                if told:
                    told(done)
        if open_:
            made.append(_closed(open_, beside))
        return [Block(rows[0], rows[1], rows[2], pressed.result()) for rows, pressed in made]


def _rows(lines: Sequence[bytes]) -> tuple[bytes, bytes, bytes, bytes]:
    """Leaves, classes, salts and entries of some lines."""
    text = b"\n".join([line[TEXT_AT:] for line in lines])
    heads = b"".join([line[:TEXT_AT] for line in lines])
    leaves, salts = zip(*_HEADS.iter_unpack(heads), strict=True)
    return b"".join(leaves), _codes(lines, b"\t" in text), b"".join(salts), text


def _closed(
    some: Sequence[tuple[bytes, ...]], beside: ThreadPoolExecutor
) -> tuple[list[bytes], Future[bytes]]:
    """The three rows of a block, and its entries on their way to be pressed."""
    *rows, texts = zip(*some, strict=True)
    pressed = beside.submit(
        zlib.compress, b"\n".join(texts), 1
    )  # a third of the text; more would take longer
    return [b"".join(row) for row in rows], pressed


def _codes(lines: Sequence[bytes], with_reasons: bool) -> bytes:
    """The class of each; an inspector's entry has none, and what stands in its place is asked by nobody."""
    if with_reasons:
        return bytes([line[line.index(b"\t", TEXT_AT) + RISK_AT] for line in lines])
    return bytes([line[RISK_AT] for line in lines])


def _line(one: Frozen[E]) -> bytes:
    why = b"" if one.reason is None else b"\t" + str(one.reason).encode()
    return bytes.fromhex(one.leaf + one.salt) + one.entry.canonical() + why


def _thawed_lines(kept: Iterable[Mapping[str, Any]], thaw: Thaw[E]) -> Lines[E]:
    return Lines.of(
        (Frozen(one["leaf"], one["salt"], thaw(one["entry"]), one.get("reason")) for one in kept), thaw
    )
