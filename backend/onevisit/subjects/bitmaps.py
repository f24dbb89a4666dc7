"""Which subjects carry a term? Bitmaps by block of 65,536 numbers, kept by every flush of a Subject.

A million subjects with four labels each would be four million rows; as bitmaps they are some thousand, the
count of any combination is exact and takes milliseconds, and both databases keep them alike. A term is a label
(`field=旅馆业`), `*` for everybody, or a piece of a name: `~雪莲` two neighbouring characters, `~莲` with the
end mark behind the last one, `^示例` the first two.
"""

from array import array
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Any

from sqlalchemy import delete, event, func, insert, select, tuple_
from sqlalchemy.orm import Session, attributes

from onevisit.core.db import db, one_at_a_time
from onevisit.subjects.models import Subject, SubjectBitmap
from onevisit.subjects.rules import labels_of

BLOCK = 1 << 16
FIRST_IMPORT_BLOCK = 1 << 14  # single entries count below, whole imports have blocks of their own above
SPARSE = 2048
END = "\x03"
_APART = "\0"  # stands in no name: no database keeps it
_MANY, _FEW_VALUES = 256, 256
_NONE, _ONE = b"0" * BLOCK, ord("1")
EVERYBODY = "*"
WATCHED = ("name", "kind", "state", "risk", "fields", "tags", "licences", "departments", "grades", "address")
Bits = dict[int, int]  # block -> 65,536 bits


def label_term(kind: str, value: str) -> str:
    """The term of a label; an empty department means: in no library."""
    return f"{kind}={value}"[:160]


def name_terms(name: str) -> set[str]:
    """The pieces of a name by which it is searched."""
    return {*map("~{}{}".format, name, name[1:] + END), "^" + name[:2]}


def terms_of(values: Mapping[str, Any]) -> set[str]:
    """Every term that a subject carries."""
    return {
        EVERYBODY,
        *name_terms(values["name"]),
        *(label_term(kind, value) for kind, value in labels_of(values)),
    }


def packed(positions: Iterable[int]) -> tuple[int, bytes]:
    """Positions within a block as (how many, bytes): a list while it is short, else all 65,536 bits."""
    short = sorted(set(positions))
    if len(short) <= SPARSE:
        return len(short), array("H", short).tobytes()
    bits = bytearray(BLOCK >> 3)
    for at in short:
        bits[at >> 3] |= 1 << (at & 7)
    return len(short), bytes(bits)


def unpacked(stored: bytes) -> int:
    """The bits as one number."""
    if len(stored) == BLOCK >> 3:
        return int.from_bytes(stored, "little")
    bits = bytearray(BLOCK >> 3)
    for at in array("H", stored):
        bits[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(bits, "little")


def positions(bits: int) -> Iterator[int]:
    """The positions that are set, in order."""
    for at, byte in enumerate(_whole(bits)):
        while byte:
            low = byte & -byte
            yield (at << 3) + low.bit_length() - 1
            byte ^= low


def carriers(region_id: str, terms: Sequence[str]) -> dict[str, Bits]:
    """term -> who carries it."""
    found: dict[str, Bits] = {one: {} for one in terms}
    asked = select(SubjectBitmap.term, SubjectBitmap.block, SubjectBitmap.bits).where(
        SubjectBitmap.region_id == region_id, SubjectBitmap.term.in_(list(found))
    )
    for term, block, bits in db.session.execute(asked):
        found[term][block] = unpacked(bits)
    return found


def starting_with(region_id: str, beginning: str) -> Bits:
    """Who carries any term that begins so."""
    rows = select(SubjectBitmap.block, SubjectBitmap.bits).where(
        SubjectBitmap.region_id == region_id,
        SubjectBitmap.term >= beginning,
        SubjectBitmap.term < beginning + "\U0010ffff",
    )
    found: Bits = {}
    for block, bits in db.session.execute(rows):
        found[block] = found.get(block, 0) | unpacked(bits)
    return found


def both(one: Bits, other: Bits) -> Bits:
    """Who is in both."""
    return {block: bits for block in one.keys() & other.keys() if (bits := one[block] & other[block])}


def either(sets: Iterable[Bits]) -> Bits:
    """Who is in any of them."""
    found: Bits = {}
    for one in sets:
        for block, bits in one.items():
            found[block] = found.get(block, 0) | bits
    return found


def without(one: Bits, other: Bits) -> Bits:
    """Who is in the first and not in the other."""
    return {block: left for block, bits in one.items() if (left := bits & ~other.get(block, 0))}


def count(one: Bits) -> int:
    """How many."""
    return sum(bits.bit_count() for bits in one.values())


def numbers(one: Bits) -> list[int]:
    """Their numbers."""
    return [(block << 16) + at for block in sorted(one) for at in positions(one[block])]


def holds(one: Bits, number: int) -> bool:
    """Is this subject in it?"""
    return bool(one.get(number >> 16, 0) >> (number & 0xFFFF) & 1)


Deltas = dict[tuple[str, str, int], tuple[set[int], set[int]]]  # (region, term, block) -> set, clear


def note(deltas: Deltas, region_id: str, number: int, old: set[str], new: set[str]) -> None:
    """What changes when a subject that carried `old` carries `new`."""
    block, at = number >> 16, number & 0xFFFF
    for term in old - new:
        setting, clearing = deltas.setdefault((region_id, term, block), (set(), set()))
        clearing.add(at)
        setting.discard(at)
    for term in new - old:
        setting, clearing = deltas.setdefault((region_id, term, block), (set(), set()))
        setting.add(at)
        clearing.discard(at)


def apply(session: Session, deltas: Deltas) -> None:
    """Write the changes; under the trail's lock, so that two who edit at once wait for each other in one order."""
    one_at_a_time("trail")
    connection, table = session.connection(), SubjectBitmap.__table__
    keys = sorted(deltas)
    for start in range(0, len(keys), 300):
        some = keys[start : start + 300]
        place = tuple_(table.c.region_id, table.c.term, table.c.block)
        there = {
            (region, term, block): unpacked(bits)
            for region, term, block, bits in connection.execute(
                select(table.c.region_id, table.c.term, table.c.block, table.c.bits).where(place.in_(some))
            )
        }
        connection.execute(delete(SubjectBitmap).where(place.in_(list(there)))) if there else None
        rows = [_row(key, there.get(key, 0), *deltas[key]) for key in some]
        if kept := [row for row in rows if row["held"]]:
            connection.execute(insert(SubjectBitmap), kept)


def _row(key: tuple[str, str, int], bits: int, setting: set[int], clearing: set[int]) -> dict[str, Any]:
    for at in setting:
        bits |= 1 << at
    for at in clearing:
        bits &= ~(1 << at)
    held, stored = packed(positions(bits)) if bits.bit_count() <= SPARSE else (
        bits.bit_count(), bits.to_bytes(BLOCK >> 3, "little")
    )  # fmt: skip
    return {"region_id": key[0], "term": key[1], "block": key[2], "held": held, "bits": stored}


def _packed_bits(bits: int) -> tuple[int, bytes]:
    """Bits as (how many, bytes), in the same two shapes as `packed`."""
    held = bits.bit_count()
    return (held, array("H", positions(bits)).tobytes()) if held <= SPARSE else (held, _whole(bits))


def _whole(bits: int) -> bytes:
    return bits.to_bytes(BLOCK >> 3, "little")


def _bits_at(places: Sequence[int]) -> int:
    """Bits from their places; many of them by way of one character each, which C reads quicker than we can shift."""
    if len(places) < _MANY:
        bits = bytearray(BLOCK >> 3)
        for at in places:
            bits[at >> 3] |= 1 << (at & 7)
        return int.from_bytes(bits, "little")
    marks = bytearray(_NONE)
    for at in places:
        marks[at] = _ONE
    marks.reverse()
    return int(marks, 2)


class Grouped:
    """A column of a block: which places hold the same value? Few rows come at a time, and only their codes stay."""

    def __init__(self) -> None:
        self._known: defaultdict[Any, int] = defaultdict()
        self._known.default_factory = self._known.__len__
        self._codes = array("H")

    def add(self, values: Iterable[Any]) -> None:
        """The next values, in order of their places."""
        self._codes.extend(map(self._known.__getitem__, values))

    def __iter__(self) -> Iterator[tuple[Any, "list[int] | int"]]:
        """Every value with its places, or with their bits where they are many or the values few."""
        if len(self._known) > _FEW_VALUES:
            held: list[list[int]] = [[] for _ in self._known]
            _drain(map(list.append, map(held.__getitem__, self._codes), range(len(self._codes))))
            for value, places in zip(self._known, held, strict=True):
                yield value, places if len(places) < _MANY else _bits_at(places)
            return
        coded = bytes(reversed(self._codes))
        for value, code in self._known.items():
            table = bytearray(b"0" * 256)
            table[code] = _ONE
            yield value, int(coded.translate(table), 2)


def _drain(steps: Iterable[Any]) -> None:
    deque(steps, maxlen=0)


Said = Callable[[Any], Iterable[tuple[str, str]]]


class BlockBuilder:
    """The bitmaps of one block of new subjects, some rows after the other; per column what its values say as labels.

    Names begin and end alike (the county, 有限公司): their ends are gathered whole, only the middle pair by pair.
    """

    def __init__(self, columns: Sequence[Said]) -> None:
        self._said = columns
        self._columns = [Grouped() for _ in columns]
        self._heads, self._tails = Grouped(), Grouped()
        self._middles: defaultdict[str, list[int]] = defaultdict(list)
        self._bits: defaultdict[str, int] = defaultdict(int)
        self._few: defaultdict[str, list[int]] = defaultdict(list)
        self.held = 0

    def add(self, names: Sequence[str], columns: Sequence[Iterable[Any]]) -> None:
        """The next subjects of the block."""
        for column, values in zip(self._columns, columns, strict=True):
            column.add(values)
        self._heads.add([name[:4] if len(name) > 3 else "" for name in names])
        self._tails.add([name[3:][-5:] if len(name) > 3 else _APART + name for name in names])
        middles = [name[3:-4] for name in names]
        text = _APART.join(middles) + _APART
        here = range(self.held, self.held + len(names))
        places = chain.from_iterable(map(repeat, here, [len(one) + 1 for one in middles]))
        pairs = map(str.__add__, text, text[1:] + _APART)
        _drain(map(list.append, map(self._middles.__getitem__, pairs), places))
        self.held = here.stop

    def _add_pairs(self, piece: str, who: "list[int] | int") -> None:
        for pair in map(str.__add__, piece, piece[1:]):
            self._note("~" + pair, who)

    def _note(self, term: str, who: "list[int] | int") -> None:
        if isinstance(who, int):
            self._bits[term] |= who
        else:
            self._few[term] += who

    def _gather(self) -> None:
        self._note(EVERYBODY, (1 << self.held) - 1)
        for head, who in self._heads:
            if head:
                self._note("^" + head[:2], who)
            self._add_pairs(head, who)
        for tail, who in self._tails:
            if tail[:1] == _APART:  # a short name, whole
                tail = tail[1:]
                self._note("^" + tail[:2], who)
            self._add_pairs(tail + END, who)
        for column, said in zip(self._columns, self._said, strict=True):
            for value, who in column:
                for kind, label in said(value):
                    self._note(label_term(kind, label), who)
        while self._middles:  # moved, not copied: two processes hold a block each
            pair, places = self._middles.popitem()
            if _APART not in pair:
                term = "~" + pair
                self._few[term] = self._few[term] + places if term in self._few else places

    def rows(self) -> Iterator[tuple[str, int, bytes]]:
        """(term, held, bits), in order; the block is done."""
        self._gather()
        found: dict[str, tuple[int, bytes]] = {}
        while self._few:
            term, places = self._few.popitem()
            if term in self._bits or len(places) > SPARSE:
                self._bits[term] |= _bits_at(places)
            else:
                found[term] = packed(places)
        while self._bits:
            term, bits = self._bits.popitem()
            if bits:
                found[term] = _packed_bits(bits)
        yield from ((term, *found[term]) for term in sorted(found))


def rebuild(region_id: str) -> None:
    """All bitmaps of a region anew, from what is kept; inside the caller's transaction."""
    one_at_a_time("trail")
    db.session.execute(delete(SubjectBitmap).where(SubjectBitmap.region_id == region_id))
    columns = [getattr(Subject, name) for name in ("number", *WATCHED)]
    rows = select(*columns).where(Subject.region_id == region_id).order_by(Subject.number)
    parcel: list[Any] = []
    for row in db.session.execute(rows.execution_options(yield_per=5000)).mappings():
        if parcel and parcel[-1]["number"] >> 16 != row["number"] >> 16:
            _write_block(region_id, parcel)
            parcel = []
        parcel.append(row)
    if parcel:
        _write_block(region_id, parcel)


def _write_block(region_id: str, parcel: list[Any]) -> None:
    held: defaultdict[str, set[int]] = defaultdict(set)
    for row in parcel:
        for term in terms_of(row):
            held[term].add(row["number"] & 0xFFFF)
    block = parcel[0]["number"] >> 16
    packs = ((term, *packed(places)) for term, places in sorted(held.items()))
    rows = [
        {"region_id": region_id, "term": term, "block": block, "held": many, "bits": bits}
        for term, many, bits in packs
    ]
    for start in range(0, len(rows), 2000):
        db.session.connection().execute(insert(SubjectBitmap), rows[start : start + 2000])


def regions_without() -> list[str]:
    """Regions whose subjects came before there were bitmaps, or before these knew townships."""
    places = SubjectBitmap.term.between("place=", "place=\U0010ffff")
    there = select(SubjectBitmap.region_id).where(places)
    return list(
        db.session.scalars(select(Subject.region_id).where(Subject.region_id.not_in(there)).distinct())
    )


@event.listens_for(Session, "before_flush")
def _watch(session: Session, _context: Any, _some: Any) -> None:
    """Gather what the flush will change, and give new subjects their numbers."""
    deltas: Deltas = session.info.setdefault("subject_bitmaps", {})
    fresh = [one for one in session.new if isinstance(one, Subject)]
    unnumbered = [one for one in fresh if one.number is None]
    if unnumbered:
        one_at_a_time("trail")
        following = following_number(session)
        for at, one in enumerate(unnumbered):
            one.number = following + at
    for one in fresh:
        note(deltas, one.region_id, one.number, set(), terms_of(_now(one)))
    for one in session.dirty:
        if isinstance(one, Subject) and session.is_modified(one):
            note(deltas, one.region_id, one.number, terms_of(_before(one)), terms_of(_now(one)))
    for one in session.deleted:
        if isinstance(one, Subject):
            note(deltas, one.region_id, one.number, terms_of(_before(one)), set())


@event.listens_for(Session, "after_flush")
def _write_watched(session: Session, _context: Any) -> None:
    if deltas := session.info.pop("subject_bitmaps", None):
        apply(session, deltas)


def following_number(session: Session) -> int:
    highest = select(func.max(Subject.number)).where(Subject.number < FIRST_IMPORT_BLOCK * BLOCK)
    with session.no_autoflush:
        last = session.connection().execute(highest).scalar()
    return 0 if last is None else last + 1


_DEFAULTS = {"state": "operating", "risk": "-"}


def _now(one: Subject) -> dict[str, Any]:
    return {
        name: value if (value := getattr(one, name)) is not None else _DEFAULTS.get(name) for name in WATCHED
    }


def _before(one: Subject) -> dict[str, Any]:
    found = {}
    for name in WATCHED:
        history = attributes.get_history(one, name)
        found[name] = history.deleted[0] if history.deleted else getattr(one, name)
    return found
