"""Which one hash stands for a whole list, and how does one leaf show that it is in it? (RFC 6962 shape)"""

import hashlib
from binascii import unhexlify
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final, Self

EMPTY: Final = hashlib.sha256(b"").hexdigest()
HASH: Final = 32
Hex = str | bytes
_NODE: Final = hashlib.sha256(b"\x01").copy


class Tree:
    """The Merkle tree over leaf hashes sorted by hex; keeps its levels, so that many paths are cheap.

    A level is one row of bytes: a million objects would need three times as much memory.
    """

    def __init__(self, leaves: Iterable[Hex]) -> None:
        self._grow(_row(leaves))

    @classmethod
    def of_row(cls, row: bytes) -> Self:
        """Over 32-byte leaf hashes that stand sorted one behind the other."""
        tree = cls.__new__(cls)
        tree._grow(row)
        return tree

    def _grow(self, row: bytes) -> None:
        self._levels = [row]
        while len(self._levels[-1]) > HASH:
            self._levels.append(_level_above(self._levels[-1]))

    @property
    def leaves(self) -> list[str]:
        """The leaves in the order of the tree."""
        text = self._levels[0].hex()
        return [text[at : at + 2 * HASH] for at in range(0, len(text), 2 * HASH)]

    @property
    def root(self) -> str:
        """The tree hash as hex."""
        return self._levels[-1].hex() or EMPTY

    def index(self, leaf: str) -> int:
        """Where a leaf stands; ValueError where it does not."""
        row, wanted = self._levels[0], bytes.fromhex(leaf)
        at = bisect_left(range(len(row) // HASH), wanted, key=lambda i: _at(row, i))
        if _at(row, at) != wanted:
            raise ValueError("not a leaf of this tree")
        return at

    def path(self, index: int) -> list[str]:
        """The hashes beside the way from a leaf up to the root."""
        beside = []
        for level in self._levels[:-1]:
            if (index ^ 1) * HASH < len(level):
                beside.append(_at(level, index ^ 1).hex())
            index >>= 1
        return beside


def root(leaves: Iterable[Hex]) -> str:
    """The tree hash of leaf hashes, given in any order."""
    return _top(_row(leaves)).hex()


def root_of_row(row: bytes) -> str:
    """The tree hash of 32-byte leaf hashes that stand sorted one behind the other."""
    return _top(row).hex()


def tree_hash(hashes: Sequence[bytes]) -> bytes:
    """The tree hash of leaf hashes in the order given."""
    return _top(b"".join(hashes))


def root_by_path(leaf: str, index: int, count: int, path: Sequence[str]) -> str:
    """The root to which a path leads from leaf `index` of `count`; refuses a path of another length."""
    if not 0 <= index < count:
        raise ValueError("leaf index outside the list")
    here, last, rest = bytes.fromhex(leaf), count - 1, list(path)
    while last:
        if index & 1 or index < last:  # a last node without a sibling goes up as it is
            beside = bytes.fromhex(rest.pop(0))
            here = hashlib.sha256(b"\x01" + (beside + here if index & 1 else here + beside)).digest()
        index, last = index >> 1, last >> 1
    if rest:
        raise ValueError("path too long for the list")
    return here.hex()


def _row(leaves: Iterable[Hex]) -> bytes:
    row = unhexlify(b"".join(sorted(leaf if isinstance(leaf, bytes) else leaf.encode() for leaf in leaves)))
    if len(row) % HASH:
        raise ValueError("leaf hashes have 32 bytes")
    return row


def _top(level: bytes) -> bytes:
    while len(level) > HASH:
        level = _level_above(level)
    return level or bytes.fromhex(EMPTY)


def _level_above(level: bytes) -> bytes:
    pairs = len(level) // (2 * HASH) * 2 * HASH
    above = bytearray()
    for at in range(0, pairs, 2 * HASH):
        node = _NODE()
        node.update(level[at : at + 2 * HASH])
        above += node.digest()
    return bytes(above) + level[pairs:]  # a last node without a sibling goes up as it is


def _at(level: bytes, index: int) -> bytes:
    return level[index * HASH : (index + 1) * HASH]
