"""Which one hash stands for a whole list, and how does one leaf show that it is in it? (RFC 6962 shape)"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

EMPTY: Final = hashlib.sha256(b"").hexdigest()


class Tree:
    """The Merkle tree over leaf hashes sorted by hex; keeps its levels, so that many paths are cheap."""

    def __init__(self, leaves: Iterable[str]) -> None:
        self.leaves = sorted(leaves)
        self._levels = [[bytes.fromhex(leaf) for leaf in self.leaves]]
        while len(self._levels[-1]) > 1:
            self._levels.append(_level_above(self._levels[-1]))

    @property
    def root(self) -> str:
        """The tree hash as hex."""
        return self._levels[-1][0].hex() if self.leaves else EMPTY

    def path(self, index: int) -> list[str]:
        """The hashes beside the way from a leaf up to the root."""
        beside = []
        for level in self._levels[:-1]:
            if index ^ 1 < len(level):
                beside.append(level[index ^ 1].hex())
            index >>= 1
        return beside


def root(leaves: Iterable[str]) -> str:
    """The tree hash of leaf hashes, given in any order."""
    return tree_hash(sorted(map(bytes.fromhex, leaves))).hex()


def tree_hash(hashes: Sequence[bytes]) -> bytes:
    """The tree hash of leaf hashes in the order given."""
    level = hashes
    while len(level) > 1:
        level = _level_above(level)
    return level[0] if level else bytes.fromhex(EMPTY)


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


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    sha256 = hashlib.sha256
    above = [
        sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
    ]
    if len(level) % 2:
        above.append(level[-1])
    return above
