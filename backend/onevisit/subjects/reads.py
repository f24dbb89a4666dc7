"""How do lines become rows? Many at once while they are ordinary, one by one where one of them is not."""

from collections.abc import Iterator
from typing import Any

from onevisit.core.lines import Line, Lines
from onevisit.core.reading import Odd, Refused
from onevisit.core.texts import unstorable
from onevisit.subjects.heads import Head
from onevisit.subjects.lists import StagedLibrary

# So few lines at once that they stay in the nearest memory, and where one of them is odd.
PARCEL, LEAST = 64, 9
BUNDLE = 16  # parcels handed on at once
# (number of the first row, how many, their columns) of rows that follow each other; who is refused and why; warnings;
# lines that say something; how far the file is read
Rows = tuple[int, int, list[list[Any]]]
Understood = tuple[list[Rows], list[tuple[int, str]], list[tuple[int, str]], int, int]


class Reads:
    """Lines into rows: many at once while they are ordinary, one by one where one of them is not."""

    def __init__(self, library: StagedLibrary, head: Head, lines: Lines) -> None:
        self.lines, self.first = lines, head.line + 1
        self.one = library.reader(head.mapping)
        whole = getattr(library, "whole", None)
        self.whole = whole(head.mapping) if whole else None
        self.ended = 0  # the number of the line behind the last one
        self._start_anew()

    def _start_anew(self) -> None:
        self.understood: list[Rows] = []
        self.refused: list[tuple[int, str]] = []
        self.warned: list[tuple[int, str]] = []
        self.rows = 0

    def bundles(self) -> Iterator[Understood]:
        """What the file says, some parcels of lines at a time."""
        self._start_anew()
        number = self.lines.part.before + 1 if self.lines.part else 1
        for parcel in self.lines.parcels(PARCEL):
            start = max(0, self.first - number)
            self.take(parcel[start:] if start else parcel, number + start)
            number += len(parcel)
            if len(self.understood) >= BUNDLE:
                yield self._bundle(self.lines.at())
        self.ended = number
        yield self._bundle(self.lines.part.stop if self.lines.part else self.lines.size)

    def _bundle(self, at: int) -> Understood:
        done = (self.understood, self.refused, self.warned, self.rows, at)
        self._start_anew()
        return done

    def take(self, lines: list[Line], number: int) -> None:
        """Understand these lines, the first of which has this number in the file."""
        if not lines:
            return
        if self.whole is None or len(lines) < LEAST:
            self._one_by_one(lines, number)
            return
        try:
            if not self.lines.clean and unstorable("".join(map("".join, lines))):
                raise Odd
            columns, warned = self.whole(lines)
        except (Odd, Refused, KeyError, ValueError):
            step = max(LEAST - 1, len(lines) // 8)
            for start in range(0, len(lines), step):
                self.take(lines[start : start + step], number + start)
            return
        self.rows += len(lines)
        self.warned += [(number + at, reason) for at, reasons in warned for reason in reasons]
        self.understood.append((number, len(lines), columns))

    def _one_by_one(self, lines: list[Line], first: int) -> None:
        for number, cells in enumerate(lines, start=first):
            try:
                values, warnings = self.one(cells)
                if not self.lines.clean and unstorable(cells):
                    raise Refused("这一行里有不能保存的字符，请删去后再上传")
            except Refused as why:
                if any(map(str.strip, cells)):
                    self.rows += 1
                    self.refused.append((number, str(why)))
                continue
            self.rows += 1
            self.warned += [(number, reason) for reason in warnings]
            self.understood.append((number, 1, [[one] for one in values]))
