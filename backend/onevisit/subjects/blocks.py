"""Which bitmaps do many new subjects bring? Block after block, in the order of their places."""

import json
from collections.abc import Sequence
from functools import partial
from itertools import repeat
from typing import Any

from onevisit.subjects import bitmaps
from onevisit.subjects.lists import StagedLibrary
from onevisit.subjects.rules import labels_of, places_of

BitmapRow = tuple[str, int, int, bytes]  # term, block, held, bits


class Filling:
    """Subjects whose columns come some at a time; a value that many have is understood once per block."""

    def __init__(self, library: StagedLibrary, present: Sequence[str], block: int) -> None:
        defaults = library.defaults()
        self.columns = [one for one in bitmaps.WATCHED if one in present]
        said: list[bitmaps.Said] = [
            partial(_labels, name, defaults.get(name)) for name in self.columns if name != "name"
        ]
        fixed = {
            name: value for name, value in defaults.items()
            if name in bitmaps.WATCHED and name not in self.columns
        }  # fmt: skip
        self._said = [*said, lambda _: labels_of(fixed, False)]
        self._at_name = self.columns.index("name")
        self._at_address = self.columns.index("address") if "address" in self.columns else None
        self.block = block
        self._builder = bitmaps.BlockBuilder(self._said)

    @property
    def room(self) -> int:
        """How many more the block holds."""
        return bitmaps.BLOCK - self._builder.held

    def take(self, columns: Sequence[Sequence[Any]]) -> None:
        """The next subjects, no more than there is room for."""
        others: list[Any] = list(columns)
        if self._at_address is not None:  # addresses differ, their townships do not
            others[self._at_address] = places_of(others[self._at_address])
        names = others.pop(self._at_name)
        self._builder.add(names, [*others, repeat(None, len(names))])

    def rows(self) -> list[BitmapRow]:
        """The bitmaps of the block, and the next one begins."""
        builder, block = self._builder, self.block
        self._builder, self.block = bitmaps.BlockBuilder(self._said), block + 1
        return [(term, block, held, bits) for term, held, bits in builder.rows()] if builder.held else []


def _labels(name: str, default: Any, value: Any) -> list[tuple[str, str]]:
    return labels_of({name: default if value is None else plain(value)}, name == "departments")


def plain(value: Any) -> Any:
    """A staged value; lists are written as JSON."""
    return json.loads(value) if isinstance(value, str) and value[:1] == "[" else value
