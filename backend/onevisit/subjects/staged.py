"""How does a list come from its file to a preview? Read, staged, compared in sets: added, changed, unchanged, refused."""

import marshal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onevisit.core.lines import Lines, Unmet
from onevisit.core.spread import cores, stream_beside
from onevisit.core.staging import INTEGER, Area, Table
from onevisit.subjects import writing
from onevisit.subjects.comparison import Comparison, counts
from onevisit.subjects.hands import Hand, TwoHands
from onevisit.subjects.heads import Head
from onevisit.subjects.lists import (
    BITMAPS,
    CHANGES,
    DOUBLES,
    MATCHES,
    OUT,
    REFUSED,
    WARNED,
    Seen,
    StagedLibrary,
)
from onevisit.subjects.reads import Reads, Understood
from onevisit.subjects.sieve import Sift
from onevisit.subjects.terms import LibraryName

SHARED = 1 << 22  # bytes; a larger file is read by two processes


@dataclass
class Staging:
    """One reading of a file into its area."""

    library: StagedLibrary
    area: Area
    name: str
    path: Path
    head: Head
    seen: Seen

    def run(self) -> dict[str, Any]:
        """Read, compare, count."""
        self.present = self.library.present(self.head.mapping)
        columns = {name: self.library.columns[name] for name in self.present}
        self.table = Table("rows", {"row": INTEGER, "place": INTEGER, **columns})
        hand, filled = self._read()
        self.seen(hand.rows, self.path.stat().st_size)
        self.area.ready(self.table)
        self.area.load(REFUSED, hand.refused)
        self.area.load(WARNED, hand.warned)
        Comparison(self.library, self.area, self.present).run(*hand.sift.maybe())
        self.area.settle()
        found = counts(self.area, hand.rows)
        built = writing.built(self.library, self.area, found["added"], hand.place if filled else None)
        parts = writing.by_part(hand.touched) if built["built"] else None
        return found | {"lost_reasons": hand.lost, "touched": parts} | built

    def _make(self) -> None:
        self.area.drop()
        self.area.make([self.table, REFUSED, WARNED, MATCHES, CHANGES, DOUBLES, OUT, BITMAPS])

    def _read(self) -> tuple[Hand, bool]:
        """By two processes if there is much to read and it can be cut in two."""
        lines = Lines(self.library.step, self.name, self.path)
        shared = cores() > 1 and getattr(self.library, "whole", None) is not None and lines.size >= SHARED
        parts = lines.halves() if shared else None
        if parts:
            self._make()
            filled = self._first_of_all()
            hands = TwoHands(self.library, self.area, self.head, lines, self.table, self.seen, filled)
            try:
                return hands.run(parts), filled
            except Unmet:
                self.area.close()
        self._make()
        reads = Reads(self.library, self.head, lines)
        hand = Hand(self.library, self.area, self.table, Sift(self.library, self.present), self.seen)
        hand.run(self._beside(reads) if shared else reads.bundles())
        return hand, False

    def _beside(self, reads: Reads) -> Iterable[Understood]:
        """What cannot be cut is understood in a child while we keep it; its readers ask no database."""
        return map(marshal.loads, stream_beside(lambda: (marshal.dumps(one, 2) for one in reads.bundles())))

    def _first_of_all(self) -> bool:
        """Is nothing in the library yet, so that surely every row is a new subject?"""
        if self.library.library != LibraryName.SUBJECTS:
            return False
        asked = f"SELECT 1 FROM {{kept_{self.library.stored}}} WHERE region_id = :region LIMIT 1"
        return not self.area.one(asked, region=self.library.region_id)
