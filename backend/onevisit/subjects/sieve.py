"""Which rows may have the same number as another one, or the same name and place? Few are let through, and asked again.

Two megabytes of bits instead of a million texts. Two processes sift their own half each into bits that both see.
"""

import mmap
import re
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, compress, repeat
from typing import Any

from onevisit.subjects.lists import StagedLibrary

_SIEVE = 1 << 24
_SLOT = _SIEVE - 1
_NOTHING = _SIEVE  # the slot of who has no number: nobody's double
_SET = re.compile(rb"[^\0]")
Kept = tuple[bytes, set[int]]
Told = tuple[bytes, Kept | None, Kept]


class Sieve:
    """Slots that were met once, and those that were met again."""

    def __init__(self) -> None:
        self.bits = mmap.mmap(-1, (_SIEVE >> 3) + 1)
        self.slots = array("I")
        self.met: set[int] = set()

    def take(self, keys: Iterable[Any]) -> None:
        """The next keys; None is nobody's."""
        bits, met = self.bits, self.met
        slots = [hash(key) & _SLOT if key is not None else _NOTHING for key in keys]
        self.slots.extend(slots)
        for slot in slots:
            byte, bit = slot >> 3, 1 << (slot & 7)
            held = bits[byte]
            if held & bit:
                met.add(slot)
            else:
                bits[byte] = held | bit

    def join(self, other: "Sieve", kept: Kept) -> None:
        """The other half, whose bits we see and whose slots and doubles it told us."""
        self.slots.frombytes(kept[0])
        both = int.from_bytes(self.bits[:], "little") & int.from_bytes(other.bits[:], "little")
        common = both.to_bytes(len(self.bits), "little")
        self.met |= kept[1]
        for found in _SET.finditer(common):
            at, byte = found.start(), common[found.start()]
            self.met.update((at << 3) + bit for bit in range(8) if byte >> bit & 1)

    @property
    def kept(self) -> Kept:
        """What the other half has to be told."""
        return self.slots.tobytes(), self.met

    def doubled(self, rows: Sequence[int]) -> list[int]:
        """The rows whose slot was met more than once."""
        self.met.discard(_NOTHING)
        return list(compress(rows, map(self.met.__contains__, self.slots))) if self.met else []


class Sift:
    """The rows of a list by number, and by name and place."""

    def __init__(self, library: StagedLibrary, present: list[str]) -> None:
        numbered = library.number_column in present
        self._at_number = present.index(library.number_column) if numbered else None
        twins = [present.index(one) for one in library.twin_columns if one in present]
        self._at_name, self._at_place = twins[0], twins[1] if len(twins) > 1 else None
        self.numbers, self.twins = Sieve() if numbered else None, Sieve()
        self.rows = array("I")

    def take(self, columns: list[list[Any]], rows: range) -> None:
        """The next rows."""
        self.rows.extend(rows)
        if self.numbers is not None and self._at_number is not None:
            self.numbers.take(columns[self._at_number])
        names = columns[self._at_name]
        places = repeat("") if self._at_place is None else (one or "" for one in columns[self._at_place])
        self.twins.take(zip(names, places, strict=False))

    def told(self) -> Told:
        """What the other process has to know."""
        return self.rows.tobytes(), self.numbers.kept if self.numbers else None, self.twins.kept

    def join(self, other: "Sift", told: Told, shift: int) -> None:
        """The rows of the other half, whose numbers are to be moved."""
        theirs = array("I", told[0])
        self.rows = (
            array("I", chain(self.rows, (row + shift for row in theirs))) if shift else self.rows + theirs
        )
        if self.numbers and other.numbers and told[1]:
            self.numbers.join(other.numbers, told[1])
        self.twins.join(other.twins, told[2])

    def maybe(self) -> tuple[list[int], list[int]]:
        """The rows that may be doubles: by number, by name and place."""
        return self.numbers.doubled(self.rows) if self.numbers else [], self.twins.doubled(self.rows)
