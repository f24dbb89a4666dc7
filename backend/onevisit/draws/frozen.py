"""What is frozen before a draw, and how is a million of it held? Entries, salts and leaves of draw.md §1.

A frozen entry is one line `leaf salt entry` of bytes: an object for each would fill a small server's memory.
"""

import hashlib
import json
import unicodedata
import zlib
from binascii import hexlify, unhexlify
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, islice
from json.encoder import encode_basestring
from typing import Any, Final, Generic, Protocol, Self, TypeVar, overload

from onevisit.core.canonical import canonical
from onevisit.core.problems import Problem
from onevisit.draws.quota import CLASSES

SALT_BYTES: Final = 16
LEAF_BYTES: Final = 32
LEAF_HEX: Final = 2 * LEAF_BYTES
ENTRY_AT: Final = LEAF_HEX + 2 * SALT_BYTES
RISK_AT: Final = -3  # an entry ends with "risk":"X"}
CHUNK: Final = 1 << 12  # so many salts are fetched at a time
Fresh = Callable[[int], bytes]  # so many random bytes


class Entry(Protocol):
    """What is frozen: a subject or an inspector."""

    @property
    def id(self) -> str: ...
    def canonical(self) -> bytes: ...
    def as_json(self) -> dict[str, Any]: ...
    def in_nfc(self) -> Self: ...
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the pool; `risk` is "-" where the task uses no classes."""

    id: str
    name: str
    region: str
    risk: str

    def as_json(self) -> dict[str, Any]:
        """The entry as it is hashed and kept."""
        return {"id": self.id, "name": self.name, "region": self.region, "risk": self.risk}

    def canonical(self) -> bytes:
        """`canonical(self.as_json())`, written out because a province has a million of them."""
        return self.text().encode()

    def __post_init__(self) -> None:
        if len(self.risk) != 1:
            raise Problem("draws.class_unknown", f"没有“{self.risk}”这种信用风险类别。")

    def in_nfc(self) -> Self:
        """The same with its text in NFC."""
        return type(self)(_nfc(self.id), _nfc(self.name), _nfc(self.region), _nfc(self.risk))

    def text(self) -> str:
        """The text of `canonical`."""
        text = encode_basestring
        return (
            f'{{"id":{text(self.id)},"name":{text(self.name)},'
            f'"region":{text(self.region)},"risk":{text(self.risk)}}}'
        )

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Rebuilt from a kept entry."""
        return cls(entry["id"], entry["name"], entry["region"], entry["risk"])


@dataclass(frozen=True, slots=True)
class Inspector:
    """An inspector of the frozen library; empty text where there is no certificate or no date on it."""

    id: str
    department: str
    certificate: str
    valid_to: str
    specialities: tuple[str, ...]
    state: str
    recusals: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The entry as it is hashed and kept."""
        return {
            "id": self.id,
            "department": self.department,
            "certificate": self.certificate,
            "valid_to": self.valid_to,
            "specialities": sorted(self.specialities),
            "state": self.state,
            "recusals": sorted(self.recusals),
        }

    def canonical(self) -> bytes:
        """The bytes that are hashed."""
        return canonical(self.as_json())

    def text(self) -> str:
        """The text of `canonical`."""
        return self.canonical().decode()

    def in_nfc(self) -> Self:
        """The same with its text in NFC."""
        return type(self)(
            _nfc(self.id),
            _nfc(self.department),
            _nfc(self.certificate),
            _nfc(self.valid_to),
            tuple(sorted(map(_nfc, self.specialities))),
            _nfc(self.state),
            tuple(sorted(map(_nfc, self.recusals))),
        )

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Rebuilt from a kept entry."""
        return cls(
            entry["id"],
            entry["department"],
            entry["certificate"],
            entry["valid_to"],
            tuple(entry["specialities"]),
            entry["state"],
            tuple(entry["recusals"]),
        )


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Frozen(Generic[E]):
    """An entry with the salt that hides it and the leaf that binds it; `reason` only where it is excluded."""

    leaf: str
    salt: str
    entry: E
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As it stands in a full bundle."""
        kept = {"leaf": self.leaf, "salt": self.salt, "entry": self.entry.as_json()}
        return kept if self.reason is None else {**kept, "reason": str(self.reason)}


class Lines(Sequence[Frozen[E]]):
    """Frozen entries as lines sorted by leaf; each is made an object only when it is asked for.

    `row` has the leaves (hex) one behind the other and `codes` the class of each: every pass over them alone is
    several times faster than over lines that lie scattered in memory.
    """

    __slots__ = ("_thaw", "codes", "lines", "reasons", "row")

    def __init__(
        self,
        lines: Iterable[bytes],
        thaw: Callable[[Mapping[str, Any]], E],
        reasons: Mapping[bytes, str] | None = None,
    ) -> None:
        self._thaw, self.reasons = thaw, {} if reasons is None else reasons
        self.lines: list[bytes] = []
        row, codes = bytearray(), bytearray()
        for some in _sorted_apart(lines):
            self.lines += some
            row += b"".join([line[:LEAF_HEX] for line in some])
            codes += bytes([line[RISK_AT] for line in some])
        self.row, self.codes = bytes(row), bytes(codes)

    @classmethod
    def of(cls, frozen: Iterable[Frozen[E]], thaw: Callable[[Mapping[str, Any]], E]) -> Self:
        """From objects."""
        lines, reasons = [], {}
        for one in frozen:
            leaf_ = one.leaf.encode()
            lines.append(leaf_ + one.salt.encode() + one.entry.canonical())
            if one.reason is not None:
                reasons[leaf_] = str(one.reason)
        return cls(lines, thaw, reasons)

    @overload
    def __getitem__(self, at: int) -> Frozen[E]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Frozen[E]]: ...
    def __getitem__(self, at: int | slice) -> Frozen[E] | Sequence[Frozen[E]]:
        if isinstance(at, slice):
            return [self._thawed(line) for line in self.lines[at]]
        return self._thawed(self.lines[at])

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Frozen[E]]:
        return map(self._thawed, self.lines)

    def leaves(self) -> list[str]:
        """The leaves as hex."""
        text = self.row.decode()
        return [text[at : at + LEAF_HEX] for at in range(0, len(text), LEAF_HEX)]

    def those(self, leaves: Iterable[str]) -> dict[str, Frozen[E]]:
        """Leaf -> entry, of the given leaves only."""
        found = {}
        for leaf_ in leaves:
            wanted = leaf_.encode()
            at = bisect_left(self.lines, wanted)
            if at < len(self.lines) and self.lines[at].startswith(wanted):
                found[leaf_] = self._thawed(self.lines[at])
        return found

    def packed(self) -> list[bytes]:
        """As kept: leaves, salts, classes, then the entries (with the reason behind a tab) pressed together."""
        salts = b"".join([line[LEAF_HEX:ENTRY_AT] for line in self.lines])
        press = zlib.compressobj(1)  # a third of the text; more would take longer than writing it
        entries = [
            press.compress(b"".join(map(self._kept_entry, self.lines[at : at + CHUNK])))
            for at in range(0, len(self), CHUNK)
        ]
        return [unhexlify(self.row), unhexlify(salts), self.codes, *entries, press.flush()]

    def _kept_entry(self, line: bytes) -> bytes:
        """No entry holds a line break or a tab unescaped."""
        if not self.reasons:
            return line[ENTRY_AT:] + b"\n"
        return line[ENTRY_AT:] + b"\t" + self.reasons[line[:LEAF_HEX]].encode() + b"\n"

    def refuse_misfits(self) -> None:
        """A kept entry that was edited does not fit its leaf any more."""
        sha256, fromhex = hashlib.sha256, bytes.fromhex
        for line in self.lines:
            salt = fromhex(line[LEAF_HEX:ENTRY_AT].decode())
            if sha256(b"\x00" + salt + line[ENTRY_AT:]).hexdigest().encode() != line[:LEAF_HEX]:
                raise ValueError(f"entry does not fit its leaf {line[:LEAF_HEX].decode()}")

    def _thawed(self, line: bytes) -> Frozen[E]:
        leaf_ = line[:LEAF_HEX]
        entry = self._thaw(json.loads(line[ENTRY_AT:].decode()))
        return Frozen(leaf_.decode(), line[LEAF_HEX:ENTRY_AT].decode(), entry, self.reasons.get(leaf_))


@dataclass(frozen=True, slots=True)
class FrozenPool:
    """Everything frozen before the commit: pool, exclusions and inspectors, each sorted by leaf."""

    subjects: Lines[Subject]
    excluded: Lines[Subject] = field(default_factory=lambda: Lines([], Subject.from_json))
    inspectors: Lines[Inspector] = field(default_factory=lambda: Lines([], Inspector.from_json))

    def counts(self) -> dict[str, int]:
        """How many subjects each class has."""
        codes = self.subjects.codes
        return {risk: count for risk in CLASSES if (count := codes.count(risk.encode()))}

    def row_of(self, risk: str) -> bytes:
        """The leaves (hex) of one class one behind the other."""
        return row_of_class(self.subjects.row, self.subjects.codes, risk, LEAF_HEX)

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

    def as_kept(self) -> bytes:
        """As it is kept: a line of counts and lengths, then the three lists packed."""
        packed = [self.subjects.packed(), self.excluded.packed(), self.inspectors.packed()]
        counts = len(self.subjects), len(self.excluded), len(self.inspectors)
        sizes = [[count, sum(map(len, part))] for count, part in zip(counts, packed, strict=True)]
        return b"".join([json.dumps(sizes).encode(), b"\n", *(piece for part in packed for piece in part)])

    @classmethod
    def from_kept(cls, kept: bytes, checked: bool = True) -> Self:
        """Rebuilt from what was kept; a leaf that does not fit its entry is refused (unless it is only shown)."""
        if kept[:1] == b"{":  # as the first version kept it
            return cls.from_json(json.loads(kept))
        subjects, excluded, inspectors = kept_parts(kept)
        reasons: dict[bytes, str] = {}
        found = cls(
            Lines(subjects.lines(), Subject.from_json),
            Lines(excluded.lines(reasons), Subject.from_json, reasons),
            Lines(inspectors.lines(), Inspector.from_json),
        )
        for part in (found.subjects, found.excluded, found.inspectors) if checked else ():
            part.refuse_misfits()
        return found


@dataclass(frozen=True, slots=True)
class KeptPart:
    """One packed list: what needs only leaves, classes or a few entries does not make lines of all."""

    kept: memoryview
    count: int

    @property
    def hashes(self) -> bytes:
        """The leaves, 32 bytes each, sorted."""
        return bytes(self.kept[: self.count * LEAF_BYTES])

    @property
    def codes(self) -> bytes:
        """The class of each."""
        begin = self.count * (LEAF_BYTES + SALT_BYTES)
        return bytes(self.kept[begin : begin + self.count])

    def lines(self, reasons: dict[bytes, str] | None = None) -> Iterator[bytes]:
        """The lines; `reasons` takes in what stands behind a tab."""
        row, salts = hexlify(self.kept[: self.count * LEAF_BYTES]), hexlify(self._salts())
        for at, entry in enumerate(self._entries()):
            leaf_ = row[at * LEAF_HEX : (at + 1) * LEAF_HEX]
            if reasons is not None:
                entry, _, reason = entry.partition(b"\t")
                reasons[leaf_] = reason.decode()
            yield leaf_ + salts[at * 2 * SALT_BYTES : (at + 1) * 2 * SALT_BYTES] + entry

    def subjects_at(self, places: Iterable[int]) -> dict[int, Frozen[Subject]]:
        """Some subjects by their place among the leaves."""
        wanted, hashes, salts, found = set(places), self.hashes, self._salts(), {}
        for at, entry in enumerate(self._entries()):
            if at in wanted:
                found[at] = Frozen(
                    hashes[at * LEAF_BYTES : (at + 1) * LEAF_BYTES].hex(),
                    salts[at * SALT_BYTES : (at + 1) * SALT_BYTES].hex(),
                    Subject.from_json(json.loads(entry)),
                )
        return found

    def _salts(self) -> bytes:
        return bytes(self.kept[self.count * LEAF_BYTES : self.count * (LEAF_BYTES + SALT_BYTES)])

    def _entries(self) -> Iterator[bytes]:
        unpack, rest, number = zlib.decompressobj(), b"", 0
        packed = self.kept[self.count * (LEAF_BYTES + SALT_BYTES + 1) :]
        try:
            for at in range(0, len(packed), 1 << 16):
                *some, rest = (rest + unpack.decompress(packed[at : at + (1 << 16)])).split(b"\n")
                number += len(some)
                yield from some
        except zlib.error as found:
            raise ValueError("frozen entries cannot be read") from found
        if rest or number != self.count:
            raise ValueError("frozen lists are incomplete")


def kept_parts(kept: bytes) -> tuple[KeptPart, KeptPart, KeptPart]:
    """Pool, exclusions and inspectors as packed."""
    head = kept.index(b"\n") + 1
    (n, first), (m, second), (k, third) = json.loads(kept[:head])
    if len(kept) != head + first + second + third:
        raise ValueError("frozen lists are incomplete")
    view = memoryview(kept)[head:]
    return (
        KeptPart(view[:first], n),
        KeptPart(view[first : first + second], m),
        KeptPart(view[first + second :], k),
    )


def row_of_class(row: bytes, codes: bytes, risk: str, width: int) -> bytes:
    """Of a row of things `width` bytes wide those whose code is the class's."""
    if codes.count(risk.encode()) == len(codes):
        return row
    places = compress(range(0, len(row), width), map(ord(risk).__eq__, codes))
    return b"".join([row[at : at + width] for at in places])


def leaf(salt: bytes, entry: Entry) -> str:
    """The hash that binds an entry without showing it."""
    return hashlib.sha256(b"\x00" + salt + entry.canonical()).hexdigest()


def freeze(
    subjects: Iterable[Subject],
    excluded: Iterable[tuple[Subject, str]],
    inspectors: Iterable[Inspector],
    fresh: Fresh,
) -> FrozenPool:
    """The frozen lists; `fresh` gives random bytes, 16 for every entry. The entries are read once and not kept."""
    ids: set[str] = set()
    reason_of: dict[str, str] = {}
    pool = Lines(_lines(subjects, fresh, ids), Subject.from_json)
    out = Lines(_lines(_noting(excluded, reason_of), fresh, ids), Subject.from_json)
    if len(ids) < len(pool) + len(out):
        raise _twice([*pool.lines, *out.lines], "检查对象")
    ids.clear()
    people = Lines(_lines(inspectors, fresh, ids), Inspector.from_json)
    if len(ids) < len(people):
        raise _twice(people.lines, "执法人员")
    out.reasons = {line[:LEAF_HEX]: reason_of[_id_in(line)] for line in out.lines}
    unknown = (set(pool.codes) | set(out.codes)) - set("".join(CLASSES).encode())
    if unknown:
        raise Problem("draws.class_unknown", f"名单里有未知的信用风险类别：{bytes(unknown).decode()}。")
    return FrozenPool(pool, out, people)


def _twice(lines: Iterable[bytes], what: str) -> Problem:
    twice = [id_ for id_, number in Counter(map(_id_in, lines)).items() if number > 1]
    return Problem("draws.entry_twice", f"{what}在名单中重复：{'、'.join(sorted(twice)[:5])}。")


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed in a library since the previous draw: ids, for supervision to look at."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def differences(before: Iterable[Entry], now: Iterable[Entry]) -> Differences:
    """What an edited pool would show: editing it is the attack that remains."""
    old = {entry.id: entry.canonical() for entry in before}
    new = {entry.id: entry.canonical() for entry in now}
    return _compared(old, new)


def pool_differences(before: FrozenPool, now: FrozenPool) -> Differences:
    """The same between two frozen pools, whoever was in the drum or excluded; no entry is made an object."""
    return _compared(_entry_texts(before), _entry_texts(now))


def _compared(old: Mapping[Any, bytes], new: Mapping[Any, bytes]) -> Differences:
    return Differences(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(old.keys() - new.keys())),
        tuple(sorted(id_ for id_ in old.keys() & new.keys() if old[id_] != new[id_])),
    )


def _entry_texts(pool: FrozenPool) -> dict[str, bytes]:
    parts = (pool.subjects.lines, pool.excluded.lines, pool.inspectors.lines)
    return {_id_in(line): line[ENTRY_AT:] for part in parts for line in part}


def _sorted_apart(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Sorted, in lists by their first two digits: what fits a processor's cache is sorted in half the time."""
    apart: dict[bytes, list[bytes]] = {}
    for line in lines:
        head = line[:2]
        if head in apart:
            apart[head].append(line)
        else:
            apart[head] = [line]
    for head in sorted(apart):
        some = apart.pop(head)
        some.sort()
        yield some


def _lines(entries: Iterable[E], fresh: Fresh, ids: set[str]) -> Iterator[bytes]:
    """The line of every entry. One process: a fork for entries that come one by one costs more than it saves."""
    sha256, waiting = hashlib.sha256, iter(entries)
    while chunk := list(islice(waiting, CHUNK)):
        salts = fresh(SALT_BYTES * len(chunk))
        if len(salts) != SALT_BYTES * len(chunk):
            raise ValueError("16 random bytes are needed for every entry")
        ids.update([entry.id for entry in chunk])
        for at, text in enumerate(_texts(chunk)):
            salt = salts[SALT_BYTES * at : SALT_BYTES * (at + 1)]
            yield hexlify(sha256(b"\x00" + salt + text).digest() + salt) + text


def _texts(entries: Sequence[Entry]) -> list[bytes]:
    """The entries' canonical bytes in NFC. A part of a text in NFC is in NFC, so one look at all of them is enough."""
    whole = "\n".join([entry.text() for entry in entries])
    if not unicodedata.is_normalized("NFC", whole):
        whole = "\n".join([entry.in_nfc().text() for entry in entries])
    return whole.encode().split(b"\n")  # no entry holds a line break unescaped


def _noting(excluded: Iterable[tuple[Subject, str]], reason_of: dict[str, str]) -> Iterator[Subject]:
    for subject, reason in excluded:
        reason_of[_nfc(subject.id)] = str(reason)
        yield subject


def _id_in(line: bytes) -> str:
    """The id of an entry; a subject's stands first, an inspector's is found by reading it."""
    entry = line[ENTRY_AT:]
    if entry.startswith(b'{"id":"'):
        end = entry.find(b'","name":')
        text = entry[7:end]
        if b"\\" not in text and b'"' not in text:
            return text.decode()
    return str(json.loads(entry)["id"])


def _thawed_lines(kept: Iterable[Mapping[str, Any]], thaw: Callable[[Mapping[str, Any]], E]) -> Lines[E]:
    lines = Lines.of(
        (Frozen(one["leaf"], one["salt"], thaw(one["entry"]), one.get("reason")) for one in kept), thaw
    )
    lines.refuse_misfits()
    return lines


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
