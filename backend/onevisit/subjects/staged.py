"""How does a list come from its file to a preview? Read, staged, compared in sets: added, changed, unchanged, refused."""

import json
import marshal
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from pathlib import Path
from typing import Any, Protocol

from onevisit.core.lines import Line, Lines
from onevisit.core.problems import Problem
from onevisit.core.reading import Odd, Refused, guessed
from onevisit.core.rows import HEADING_ROWS, Headings
from onevisit.core.spread import stream_beside
from onevisit.core.staging import INTEGER, JSON, TEXT, Area, Table
from onevisit.core.texts import unstorable

MOST_REASONS = (
    200_000  # beyond that a list is a wrong list: it is said, and reading goes on without the words
)
_SIEVE = 1 << 26
_SLOT = _SIEVE - 1
PARCEL, LEAST = (
    64,
    9,
)  # lines read at once (so few that they stay in the nearest memory), and where one is odd
BUNDLE = 16  # parcels handed on at once
SHARED = 1 << 22  # bytes; a larger file is read in a child
Seen = Callable[[int, int], None]
REFUSED = Table("refused", {"row": INTEGER, "reason": TEXT}, keyed=False)
WARNED = Table("warned", {"row": INTEGER, "reason": TEXT}, keyed=False)
MATCHES = Table("matches", {"row": INTEGER, "object_id": TEXT, "differs": INTEGER})
CHANGES = Table("changes", {"row": INTEGER, "object_id": TEXT, "revision": INTEGER, "fields": JSON})
# kind: number = the same code twice in the file, twin = same name and address in the file, kept = in the library
DOUBLES = Table(
    "doubles", {"row": INTEGER, "kind": TEXT, "other_row": INTEGER, "object_id": TEXT, "decision": TEXT}
)
OUT = Table("out", {"row": INTEGER})


class ListLibrary(Protocol):
    """What is known of every list that comes in, however its rows are kept."""

    step: str
    library: Any
    brings: Any
    headings: Headings
    required: tuple[str, ...]
    region_id: str
    own_department: str | None


class StagedLibrary(ListLibrary, Protocol):
    """What a library knows of its own rows; the rest is the same for all of them."""

    stored: str
    title: str
    columns: Any
    number_column: str
    twin_columns: tuple[str, ...]
    party_column: str | None
    added_to: tuple[str, ...]
    own_column: str | None

    def present(self, mapping: dict[int, str]) -> list[str]:
        """The staged columns that such a file fills."""

    def reader(self, mapping: dict[int, str]) -> Callable[[Line], tuple[list[Any], list[str]]]:
        """Reads a line into these columns, with warnings; raises Refused."""

    def defaults(self) -> dict[str, Any]:
        """What a new thing is where the list says nothing."""


@dataclass(frozen=True)
class Head:
    """Where the headings stand and what they mean."""

    line: int
    headings: list[str]
    mapping: dict[int, str]
    sample: list[list[str]]


def head_of(library: ListLibrary, name: str, path: Path, learnt: dict[str, str]) -> Head:
    """The line of headings among the first ones: the one whose words say most; with some rows below it."""
    lines = [
        [_storable(cell) for cell in line]
        for line in islice(Lines(library.step, name, path), HEADING_ROWS + 5)
    ]
    best, found = -1, dict[int, str]()
    for at, cells in enumerate(lines[:HEADING_ROWS]):
        mapping = guessed(cells, library.headings, learnt)
        if len(mapping) > len(found):
            best, found = at, mapping
    if best < 0:
        best = _widest(lines[:HEADING_ROWS])
    if best < 0:
        raise no_headings(library, name)
    headings = lines[best]
    return Head(best + 1, headings, found, [line for line in lines[best + 1 :] if any(line)][:5])


def _widest(lines: list[list[str]]) -> int:
    """Headings that nobody knows yet: the first of the widest lines that is words and no figures; -1 where there is no table."""
    widths = [sum(bool(cell) and not cell.replace(".", "").isdigit() for cell in line) for line in lines]
    most = max(widths, default=0)
    return widths.index(most) if most > 1 else -1


def _storable(cell: str) -> str:
    return "".join(one for one in cell if not unstorable(one))[:400] if unstorable(cell) else cell[:400]


def no_headings(library: ListLibrary, name: str) -> Problem:
    """The file says nothing that this library knows."""
    wanted = "、".join(
        library.headings[one][0] for one in (*library.required, *getattr(library, "one_of", ())[:1])
    )
    return Problem(
        f"{library.step}.headings_missing",
        f"文件“{name}”前 {HEADING_ROWS} 行里没有找到表头，什么都没有导入。表头至少要有：{wanted}。",
    )


@dataclass
class Sieve:
    """Has this come by already? Eight megabytes instead of a million texts; who is let through is asked again."""

    bits: bytearray = field(default_factory=lambda: bytearray(_SIEVE >> 3))

    def met(self, keys: Iterable[Any]) -> list[int]:
        """Which of these were perhaps met before, by their places; who is not named surely was not."""
        bits, found = self.bits, list[int]()
        for at, key in enumerate(map(hash, keys)):
            slot = key & _SLOT
            byte, bit = slot >> 3, 1 << (slot & 7)
            held = bits[byte]
            if held & bit:
                found.append(at)
            else:
                bits[byte] = held | bit
        return found


@dataclass
class Staging:
    """One reading of a file into its area."""

    library: StagedLibrary
    area: Area
    name: str
    path: Path
    head: Head
    seen: Seen
    refused: list[tuple[int, str]] = field(default_factory=list)
    warned: list[tuple[int, str]] = field(default_factory=list)
    maybe_number: list[str] = field(default_factory=list)
    maybe_twin: "array[int]" = field(default_factory=lambda: array("Q"))
    rows: int = 0
    lost: int = 0

    def run(self) -> dict[str, Any]:
        """Read, compare, count."""
        present = self.library.present(self.head.mapping)
        rows = Table(
            "rows",
            {"row": INTEGER, "place": INTEGER, **{name: self.library.columns[name] for name in present}},
        )
        self.area.drop()
        self.area.make([rows, REFUSED, WARNED, MATCHES, CHANGES, DOUBLES, OUT])
        self.area.load(rows, self._read())
        self._keep_words()
        compared = Comparison(self.library, self.area, present)
        compared.run(self.maybe_number, self.maybe_twin)
        self.area.settle()
        return counts(self.area, self.rows) | {"lost_reasons": self.lost}

    def _read(self) -> Iterator[Sequence[Any]]:
        sift = _Sift(self.library, self.library.present(self.head.mapping))
        place = 0  # the how manieth row that can go in
        for understood, refused, warned, rows, at in self._understood():
            self.rows += rows
            for one in refused:
                self.refuse(*one)
            self.warn(warned)
            for number, many, columns in understood:
                numbers = range(number, number + many)
                sift.take(columns, numbers)
                yield from zip(numbers, range(place, place + many), *columns, strict=True)
                place += many
            self.seen(self.rows, at)
        self.maybe_number, self.maybe_twin = sift.maybe_number, sift.maybe_twin
        self.seen(self.rows, self.path.stat().st_size)

    def _understood(self) -> Iterable["Understood"]:
        """A large file is read in a child, while we write what it understood; its readers ask no database."""
        reads = _Reads(self.library, self.head, self.name, self.path)
        if reads.whole is None or self.path.stat().st_size < SHARED:
            return reads.bundles()
        return map(marshal.loads, stream_beside(lambda: (marshal.dumps(one, 2) for one in reads.bundles())))

    def refuse(self, number: int, reason: str) -> None:
        """This row cannot go in."""
        if len(self.refused) < MOST_REASONS:
            self.refused.append((number, reason))
        else:
            self.lost += 1

    def warn(self, warned: list[tuple[int, str]]) -> None:
        """These rows go in with a warning."""
        if len(self.warned) < MOST_REASONS:
            self.warned += warned

    def _keep_words(self) -> None:
        self.area.load(REFUSED, self.refused)
        self.area.load(WARNED, self.warned)
        self.refused, self.warned = [], []


# (number of the first row, how many, their columns) of rows that follow each other; who is refused and why; warnings;
# lines that say something; how far the file is read
Rows = tuple[int, int, list[list[Any]]]
Understood = tuple[list[Rows], list[tuple[int, str]], list[tuple[int, str]], int, int]


class _Reads:
    """Lines into rows: many at once while they are ordinary, one by one where one of them is not."""

    def __init__(self, library: StagedLibrary, head: Head, name: str, path: Path) -> None:
        self.lines = Lines(library.step, name, path)
        self.first = head.line + 1
        self.one = library.reader(head.mapping)
        whole = getattr(library, "whole", None)
        self.whole = whole(head.mapping) if whole else None
        self._start_anew()

    def _start_anew(self) -> None:
        self.understood: list[Rows] = []
        self.refused: list[tuple[int, str]] = []
        self.warned: list[tuple[int, str]] = []
        self.rows = 0

    def bundles(self) -> Iterator[Understood]:
        """What the file says, some parcels of lines at a time."""
        self._start_anew()
        number = 1
        for parcel in self.lines.parcels(PARCEL):
            start = max(0, self.first - number)
            self.take(parcel[start:] if start else parcel, number + start)
            number += len(parcel)
            if len(self.understood) >= BUNDLE:
                yield self._bundle(self.lines.at())
        yield self._bundle(self.lines.size)

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


class _Sift:
    """Which rows were perhaps met before, by number or by name and place?"""

    def __init__(self, library: StagedLibrary, present: list[str]) -> None:
        numbered = library.number_column in present
        self.numbered = present.index(library.number_column) if numbered else None
        twins = [present.index(one) for one in library.twin_columns if one in present]
        self.at_name, self.at_place = twins[0], twins[1] if len(twins) > 1 else None
        self.numbers, self.doubles = Sieve(), Sieve()
        self.maybe_number: list[str] = []
        self.maybe_twin = array("Q")

    def take(self, columns: list[list[Any]], numbers: range) -> None:
        """The next rows."""
        if self.numbered is not None:
            codes = columns[self.numbered]
            met = self.numbers.met(codes)
            self.maybe_number += [code for at in met if (code := codes[at]) is not None]
        names = columns[self.at_name]
        places = columns[self.at_place] if self.at_place is not None else repeat("")
        twins = [place or "" for place in places] if self.at_place is not None else places
        self.maybe_twin.extend(numbers[at] for at in self.doubles.met(zip(names, twins, strict=False)))


@dataclass
class Comparison:
    """The staged rows against themselves and against the library, in sets."""

    library: StagedLibrary
    area: Area
    present: list[str]

    def __post_init__(self) -> None:
        self.kept = "{kept_" + self.library.stored + "}"
        self.number = self.library.number_column
        self.postgres = type(self.area).__name__ == "PostgresArea"
        self.differs = "IS DISTINCT FROM" if self.postgres else "IS NOT"

    def run(self, maybe_number: list[str], maybe_twin: "array[int]") -> None:
        """Doubles in the file, parties, matches with what differs, twins."""
        self._doubled_numbers(sorted(set(maybe_number)))
        self._parties()
        self._match()
        self._twins_in_file(maybe_twin)
        self._twins_in_library()
        self.write_changes("SELECT row FROM {matches} WHERE differs = 1")

    def _doubled_numbers(self, maybe: list[str]) -> None:
        if not maybe:
            return
        self.area.make([Table("maybe", {"number": TEXT})])
        self.area.load(Table("maybe", {"number": TEXT}), ((one,) for one in maybe))
        self.area.run(
            "INSERT INTO {doubles} (row, kind, other_row) SELECT r.row, 'number', f.first FROM {rows} r JOIN"
            f" (SELECT r.{self.number} AS number, min(r.row) AS first FROM {{rows}} r JOIN {{maybe}} m"
            f" ON m.number = r.{self.number} GROUP BY r.{self.number} HAVING count(*) > 1) f"
            f" ON f.number = r.{self.number} AND r.row <> f.first"
        )
        self._leave_out("SELECT row FROM {doubles} WHERE kind = 'number'")

    def choose_numbers(self) -> None:
        """Of the rows with one number only the chosen one counts: the first, or the one that somebody said."""
        if not self.area.one("SELECT 1 FROM {doubles} WHERE kind = 'number' LIMIT 1"):
            return
        one = "SELECT other_row FROM {doubles} WHERE kind = 'number'"
        said = f"{one} AND decision = 'this'"
        group = f"SELECT row FROM {{doubles}} WHERE kind = 'number' UNION {one}"
        chosen = (
            "SELECT row FROM {doubles} WHERE kind = 'number' AND decision = 'this'"
            f" UNION {one} AND other_row NOT IN ({said})"
        )
        self.area.run(
            f"DELETE FROM {{out}} WHERE row IN ({group}) AND row NOT IN (SELECT row FROM {{refused}})"
            " AND row NOT IN (SELECT row FROM {doubles} WHERE kind = 'twin' AND decision = 'same')"
        )
        self._leave_out(f"SELECT row FROM ({group}) g WHERE row NOT IN ({chosen})")
        apart = "row NOT IN (SELECT row FROM {doubles} WHERE kind = 'kept')"
        for table in ("{matches}", "{changes}"):
            self.area.run(f"DELETE FROM {table} WHERE row IN ({group}) AND {apart}")
        self._match(f"r.row IN ({chosen}) AND r.{apart}")
        self.write_changes(f"SELECT row FROM {{matches}} WHERE row IN ({chosen}) AND {apart} AND differs = 1")

    def _leave_out(self, rows: str, **values: Any) -> None:
        self.area.run(
            f"INSERT INTO {{out}} (row) SELECT row FROM ({rows}) t WHERE row NOT IN (SELECT row FROM {{out}})",
            **values,
        )

    def _parties(self) -> None:
        """A responsible party is named by code or name, in the library or in the file itself (process.md 1)."""
        column = self.library.party_column
        if column is None or column not in self.present:
            return
        self.area.make([Table("parties", {"row": INTEGER, "object_id": TEXT})])
        region = self.library.region_id
        for match in (
            f"SELECT r.row, min(s.id) FROM {{rows}} r JOIN {self.kept} s ON s.region_id = :region AND"
            f" s.{self.number} = r.{column} WHERE r.{column} IS NOT NULL GROUP BY r.row",
            f"SELECT r.row, min(s.id) FROM {{rows}} r JOIN {self.kept} s ON s.region_id = :region AND"
            f" s.name = r.{column} WHERE r.{column} IS NOT NULL AND r.row NOT IN (SELECT row FROM {{parties}})"
            " GROUP BY r.row HAVING count(*) = 1",
        ):
            self.area.run(f"INSERT INTO {{parties}} (row, object_id) {match}", region=region)
        self.area.run(
            "INSERT INTO {refused} (row, reason) SELECT row, '责任主体“' || "
            f"{column} || '”不在名录库里，请先导入责任主体' FROM {{rows}} WHERE {column} IS NOT NULL"
            " AND row NOT IN (SELECT row FROM {parties})"
        )
        self._leave_out("SELECT row FROM {refused} WHERE row IN (SELECT row FROM {rows})")
        self.area.run(
            f"UPDATE {{rows}} SET {column} = (SELECT object_id FROM {{parties}} p WHERE p.row = {{rows}}.row)"
            f" WHERE {column} IS NOT NULL"
        )

    def _same(self, columns: list[str]) -> str:
        tests = [f"(r.{one} IS NOT NULL AND r.{one} {self.differs} s.{one})" for one in columns]
        return f"CASE WHEN {' OR '.join(tests) or '1 = 0'} THEN 1 ELSE 0 END"

    def _match(self, among: str = "1 = 1") -> None:
        """By number; a thing without one by name and address."""
        region = self.library.region_id
        if not self.area.one(f"SELECT 1 FROM {self.kept} WHERE region_id = :region LIMIT 1", region=region):
            return
        differs = self._same([one for one in self.present if one != self.number])
        insert = "INSERT INTO {matches} (row, object_id, differs)"
        out = f"r.row NOT IN (SELECT row FROM {{out}}) AND {among}"
        self.area.run(
            f"{insert} SELECT r.row, s.id, {differs} FROM {{rows}} r JOIN {self.kept} s ON s.region_id = :region"
            f" AND s.{self.number} = r.{self.number} WHERE {out}",
            region=region,
        )
        twins = " AND ".join(
            f"s.{one} = COALESCE(r.{one}, '')" if one in self.present else f"s.{one} = ''"
            for one in self.library.twin_columns
        )
        self.area.run(
            f"{insert} SELECT r.row, min(s.id), max({differs}) FROM {{rows}} r JOIN {self.kept} s"
            f" ON s.region_id = :region AND {twins} AND s.{self.number} IS NULL"
            f" WHERE r.{self.number} IS NULL AND {out} GROUP BY r.row",
            region=region,
        )

        self._refuse_others()

    def _refuse_others(self) -> None:
        """What belongs to another department is not this department's to change, and the preview says so."""
        column = self.library.own_column
        if column is None or self.library.own_department is None:
            return
        foreign = f"SELECT m.row FROM {{matches}} m JOIN {self.kept} s ON s.id = m.object_id WHERE s.{column} <> :own"
        self.area.run(
            "INSERT INTO {refused} (row, reason) SELECT t.row, '这一行登记在别的部门，请由该部门先办理调离'"
            f" FROM ({foreign}) t WHERE t.row NOT IN (SELECT row FROM {{refused}})",
            own=self.library.own_department,
        )
        self._leave_out(foreign, own=self.library.own_department)
        self.area.run("DELETE FROM {matches} WHERE row IN (SELECT row FROM {out})")

    def _twins_in_file(self, maybe: "array[int]") -> None:
        """The same name and address under two numbers: perhaps one thing, a person decides."""
        if not maybe or self.library.twin_columns[1] not in self.present:
            return
        self.area.make([Table("maybe_twins", {"row": INTEGER})])
        self.area.load(Table("maybe_twins", {"row": INTEGER}), ((one,) for one in sorted(set(maybe))))
        name, place = self.library.twin_columns[:2]
        self.area.make([Table("twin_names", {"row": INTEGER, "name": TEXT, "place": TEXT}, keyed=False)])
        self.area.run(
            f"INSERT INTO {{twin_names}} (row, name, place) SELECT min(r.row), r.{name}, COALESCE(r.{place}, '')"
            f" FROM {{rows}} r WHERE r.{name} IN (SELECT r.{name} FROM {{rows}} r JOIN {{maybe_twins}} m ON m.row = r.row)"
            f" AND r.row NOT IN (SELECT row FROM {{out}}) GROUP BY r.{name}, COALESCE(r.{place}, '') HAVING count(*) > 1"
        )
        self.area.run(
            "INSERT INTO {doubles} (row, kind, other_row) SELECT r.row, 'twin', t.row FROM {rows} r"
            f" JOIN {{maybe_twins}} m ON m.row = r.row JOIN {{twin_names}} t ON t.name = r.{name}"
            f" AND t.place = COALESCE(r.{place}, '') AND t.row <> r.row"
            " WHERE r.row NOT IN (SELECT row FROM {out}) AND r.row NOT IN (SELECT row FROM {doubles})"
            " AND r.row NOT IN (SELECT row FROM {matches})"
        )
        # Things without a number that are alike in name and address are the same thing: the later row is refused.
        self.area.run(
            "UPDATE {doubles} SET kind = 'number' WHERE kind = 'twin' AND row IN"
            f" (SELECT r.row FROM {{rows}} r WHERE r.{self.number} IS NULL)"
        )
        self._leave_out("SELECT row FROM {doubles} WHERE kind = 'number'")

    def _twins_in_library(self) -> None:
        region = self.library.region_id
        if self.library.twin_columns[1] not in self.present or not self.area.one(
            f"SELECT 1 FROM {self.kept} WHERE region_id = :region LIMIT 1", region=region
        ):
            return
        name, place = self.library.twin_columns[:2]
        self.area.run(
            f"INSERT INTO {{doubles}} (row, kind, object_id) SELECT r.row, 'kept', min(s.id) FROM {{rows}} r"
            f" JOIN {self.kept} s ON s.region_id = :region AND s.{name} = r.{name}"
            f" AND (s.{place} = COALESCE(r.{place}, '') OR s.{place} = '' OR r.{place} IS NULL)"
            " WHERE r.row NOT IN (SELECT row FROM {matches}) AND r.row NOT IN (SELECT row FROM {out})"
            " AND r.row NOT IN (SELECT row FROM {doubles}) AND s.id NOT IN (SELECT object_id FROM {matches})"
            " GROUP BY r.row",
            region=region,
        )

    def write_changes(self, rows: str, also_number: bool = False) -> None:
        """What exactly differs, field by field; what only looked different (the order of a list) is unchanged."""
        columns = [one for one in self.present if also_number or one != self.number]
        staged, stored = (", ".join(f"{side}.{one}" for one in columns) for side in "rs")
        asked = (
            f"SELECT m.row, s.id, s.revision, {staged}, {stored} FROM {{matches}} m JOIN {{rows}} r ON r.row = m.row"
            f" JOIN {self.kept} s ON s.id = m.object_id WHERE m.row > :after AND m.row IN ({rows})"
            " ORDER BY m.row LIMIT 5000"
        )
        same, after = list[int](), 0
        while parcel := list(self.area.ask(asked, after=after)):
            after, wider = parcel[-1][0], list[tuple[Any, ...]]()
            for row, object_id, revision, *both in parcel:
                fields = self._fields(columns, both[: len(columns)], both[len(columns) :])
                if fields:
                    wider.append((row, object_id, revision, json.dumps(fields, ensure_ascii=False)))
                else:
                    same.append(row)
            self.area.load(CHANGES, wider, more=True)
        if same:
            self.area.make([Table("same", {"row": INTEGER})])
            self.area.load(Table("same", {"row": INTEGER}), ((one,) for one in same))
            self.area.run("UPDATE {matches} SET differs = 0 WHERE row IN (SELECT row FROM {same})")

    def _fields(self, columns: list[str], new: list[Any], old: list[Any]) -> dict[str, list[Any]]:
        found = {}
        for column, to, was in zip(columns, new, old, strict=True):
            if to is None:
                continue
            kind = self.library.columns[column]
            before, after = value_of(kind, was), value_of(kind, to)
            if column in self.library.added_to:
                after = sorted({*(before or ()), *after})
                before = sorted(before or ())
            if before != after:
                found[column] = [before, after]
        return found


def value_of(kind: str, stored: Any) -> Any:
    """A staged or stored value as JSON has it."""
    if stored is None:
        return None
    if kind == JSON:
        return json.loads(stored) if isinstance(stored, str) else stored
    if kind == "truth":
        return bool(stored)
    return stored.isoformat() if hasattr(stored, "isoformat") else stored


def counts(area: Area, rows: int) -> dict[str, Any]:
    """How many of each kind the preview shows."""
    out = area.one("SELECT count(*) FROM {out}") or 0
    staged = area.one("SELECT count(*) FROM {rows}") or 0
    matched = area.one("SELECT count(*) FROM {matches} WHERE row NOT IN (SELECT row FROM {out})") or 0
    changed = (
        area.one("SELECT count(*) FROM {matches} WHERE differs = 1 AND row NOT IN (SELECT row FROM {out})")
        or 0
    )
    refused_rows = rows - staged + out
    doubled = dict(area.ask("SELECT kind, count(*) FROM {doubles} GROUP BY kind"))
    open_ = area.one("SELECT count(*) FROM {doubles} WHERE decision IS NULL") or 0
    return {
        "rows": rows, "added": staged - out - matched, "changed": changed, "unchanged": matched - changed,
        "refused": refused_rows, "warned": area.one("SELECT count(*) FROM {warned}") or 0,
        "doubles": sum(doubled.values()), "undecided": open_,
    }  # fmt: skip
