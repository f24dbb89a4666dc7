"""How is a large list read on both cores? Each process reads half of the file, keeps its rows, and gathers their bitmaps."""

import mmap
import os
import pickle
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from onevisit.core.lines import Lines, Part
from onevisit.core.spread import helped
from onevisit.core.staging import Area, Table
from onevisit.subjects import bitmaps
from onevisit.subjects.blocks import Filling
from onevisit.subjects.heads import Head
from onevisit.subjects.lists import BITMAPS, MOST_REASONS, Seen, StagedLibrary
from onevisit.subjects.reads import Reads, Understood
from onevisit.subjects.sieve import Sift

_FAR = struct.Struct("=QQ")  # rows, bytes


@dataclass
class Hand:
    """One process's part of the reading: rows that can go in take places in order, from `place` on."""

    library: StagedLibrary
    area: Area
    table: Table
    sift: Sift
    seen: Seen
    place: int = 0
    filling: Filling | None = None
    refused: list[tuple[int, str]] = field(default_factory=list)
    warned: list[tuple[int, str]] = field(default_factory=list)
    rows: int = 0
    lost: int = 0
    touched: Counter[Any] = field(default_factory=Counter)  # what the rows say of their departments

    def run(self, understood: Iterable[Understood]) -> None:
        """Keep all rows; of a subject library that is empty their bitmaps too, one block after the other."""
        parcels = self._parcels(understood)
        if self.filling is None:
            self.area.load_columns(self.table, parcels)
            return
        for first in parcels:
            self.area.load_columns(self.table, self._block(first, parcels))
            self.area.load(BITMAPS, self.filling.rows(), more=True)

    def told(self) -> tuple[Any, ...]:
        """What the other process has to know."""
        return self.refused, self.warned, self.touched, self.rows, self.lost, self.place, self.sift.told()

    def _block(self, columns: list[Any], rest: Iterator[list[Any]]) -> Iterator[list[Any]]:
        """The parcels of one block; they end where it does."""
        assert self.filling
        at = [list(self.table.columns).index(one) for one in self.filling.columns]
        while True:
            self.filling.take([columns[one] for one in at])
            yield columns
            if not self.filling.room or (following := next(rest, None)) is None:
                return
            columns = following

    def _parcels(self, understood: Iterable[Understood]) -> Iterator[list[Any]]:
        names = list(self.table.columns)[2:]
        at_part = next((names.index(one) for one in ("departments", "department_id") if one in names), None)
        for rows, refused, warned, many, at in understood:
            self.rows += many
            room = MOST_REASONS - len(self.refused)
            self.refused += refused[:room]
            self.lost += max(0, len(refused) - room)
            if len(self.warned) < MOST_REASONS:
                self.warned += warned
            for number, count, columns in rows:
                numbers = range(number, number + count)
                self.sift.take(columns, numbers)
                if at_part is not None:
                    self.touched.update(columns[at_part])
                border = bitmaps.BLOCK - self.place % bitmaps.BLOCK
                places = range(self.place, self.place + count)
                self.place += count
                if count <= border:
                    yield [numbers, places, *columns]
                else:
                    whole = [numbers, places, *columns]
                    yield [one[:border] for one in whole]
                    yield [one[border:] for one in whole]
            self.seen(self.rows, at)


@dataclass
class TwoHands:
    """Both parts of a file that can be cut where a line ends."""

    library: StagedLibrary
    area: Area
    head: Head
    lines: Lines
    table: Table
    seen: Seen
    filled: bool  # do the bitmaps grow along?

    def run(self, parts: tuple[Part, Part]) -> Hand:
        """All that both read, as if one had; Unmet where the border was none."""
        present = [one for one in self.table.columns if one not in ("row", "place")]
        sift, other = Sift(self.library, present), Sift(self.library, present)
        block, far = -(-parts[1].before // bitmaps.BLOCK), mmap.mmap(-1, _FAR.size)

        def ours(rows: int, at: int) -> None:
            theirs, more = _FAR.unpack_from(far)
            self.seen(rows + theirs, at + more)

        mine = self._hand(self.area, sift, 0, ours)
        with helped(lambda: self._other(parts[1], other, block, far)) as answer:
            reads = Reads(self.library, self.head, self.lines.of(parts[0]))
            mine.run(reads.bundles())
            self.area.settle()
            told = answer(lambda: ours(mine.rows, parts[0].stop))
        shift = reads.ended - 1 - parts[1].before  # cells of several lines make fewer rows than lines
        if told:
            self.area.join([self.table, BITMAPS], shift, block * bitmaps.BLOCK)
            refused, warned, touched, *counted, sifted = pickle.loads(told)  # noqa: S301, from our own child
        else:
            part, shift = replace(parts[1], before=reads.ended - 1), 0
            self.area.run("DELETE FROM {rows} WHERE place >= :first", first=block * bitmaps.BLOCK)
            self.area.run("DELETE FROM {bitmaps} WHERE block >= :first", first=block)
            far, other = mmap.mmap(-1, _FAR.size), Sift(self.library, present)
            again = self._second(self.area, part, other, block, lambda rows, at: ours(mine.rows + rows, at))
            refused, warned, touched, *counted, sifted = again.told()
        self.area.settle()
        mine.refused += [(row + shift, why) for row, why in refused]
        mine.warned += [(row + shift, why) for row, why in warned]
        mine.sift.join(other, sifted, shift)
        mine.touched += touched
        rows, lost, mine.place = counted
        mine.rows, mine.lost = mine.rows + rows, mine.lost + lost
        return mine

    def _hand(self, area: Area, sift: Sift, block: int, seen: Seen) -> Hand:
        filling = Filling(self.library, list(self.table.columns), block) if self.filled else None
        return Hand(self.library, area, self.table, sift, seen, block * bitmaps.BLOCK, filling)

    def _second(self, area: Area, part: Part, sift: Sift, block: int, seen: Seen) -> Hand:
        hand = self._hand(area, sift, block, seen)
        hand.run(Reads(self.library, self.head, self.lines.of(part)).bundles())
        area.settle()
        return hand

    def _other(self, part: Part, sift: Sift, block: int, far: mmap.mmap) -> bytes:
        """In the child: it ends when nobody waits for it any more."""
        parent, area = os.getppid(), self.area.other_hand()

        def seen(rows: int, at: int) -> None:
            if os.getppid() != parent:
                os._exit(1)
            _FAR.pack_into(far, 0, rows, at - part.start)

        if area.alone:
            area.make([self.table, BITMAPS])
        told = pickle.dumps(self._second(area, part, sift, block, seen).told())
        area.close()
        return told
