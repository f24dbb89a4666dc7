"""Who is drawn? Freezing, key, tickets and selection of `onevisit-draw/1` (draw.md §1, 3, 4).

Pure: random salts are passed in, and every citizen can recompute each step from the published bundle.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from math import isqrt
from typing import Any, Final, Generic, Protocol, Self, TypeVar

from onevisit.core.canonical import canonical
from onevisit.core.problems import Problem
from onevisit.draws import merkle
from onevisit.draws.quota import CLASSES, RISKIEST_FIRST, Rules, quotas

FORMAT: Final = "onevisit-draw/1"
SALT_BYTES: Final = 16
SUBJECT_PREFIX: Final = b"subject|"
Hashing = Callable[[bytes, Sequence[str]], list[bytes]]


class Entry(Protocol):
    """What is frozen: a subject or an inspector."""

    @property
    def id(self) -> str: ...
    def canonical(self) -> bytes: ...
    def as_json(self) -> dict[str, Any]: ...
    def in_nfc(self) -> Self: ...


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
        text = encode_basestring
        return (
            f'{{"id":{text(self.id)},"name":{text(self.name)},'
            f'"region":{text(self.region)},"risk":{text(self.risk)}}}'
        ).encode()

    def in_nfc(self) -> Self:
        """The same with its text in NFC."""
        return type(self)(_nfc(self.id), _nfc(self.name), _nfc(self.region), _nfc(self.risk))

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


@dataclass(frozen=True, slots=True)
class FrozenPool:
    """Everything frozen before the commit: pool, exclusions and inspectors, each sorted by leaf."""

    subjects: tuple[Frozen[Subject], ...]
    excluded: tuple[Frozen[Subject], ...] = ()
    inspectors: tuple[Frozen[Inspector], ...] = ()

    def counts(self) -> dict[str, int]:
        """How many subjects each class has."""
        counted = Counter(frozen.entry.risk for frozen in self.subjects)
        return {risk: counted[risk] for risk in CLASSES if counted[risk]}

    def of_class(self, risk: str) -> list[str]:
        """The leaves of one class."""
        return [frozen.leaf for frozen in self.subjects if frozen.entry.risk == risk]

    def as_json(self) -> dict[str, Any]:
        """The three lists of a full bundle; they hold the salts and are never public."""
        return {
            "entries": [frozen.as_json() for frozen in self.subjects],
            "excluded": [frozen.as_json() for frozen in self.excluded],
            "inspectors": [frozen.as_json() for frozen in self.inspectors],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Rebuilt from the kept lists; a leaf that does not fit its entry is refused."""
        return cls(
            tuple(_thawed(one, Subject.from_json(one["entry"])) for one in kept["entries"]),
            tuple(_thawed(one, Subject.from_json(one["entry"])) for one in kept["excluded"]),
            tuple(_thawed(one, Inspector.from_json(one["entry"])) for one in kept["inspectors"]),
        )


def leaf(salt: bytes, entry: Entry) -> str:
    """The hash that binds an entry without showing it."""
    return hashlib.sha256(b"\x00" + salt + entry.canonical()).hexdigest()


def freeze(
    subjects: Sequence[Subject],
    excluded: Sequence[tuple[Subject, str]],
    inspectors: Sequence[Inspector],
    salts: bytes,
) -> FrozenPool:
    """The frozen lists; `salts` are 16 fresh random bytes for each entry, in the order of the arguments."""
    if len(salts) != SALT_BYTES * (len(subjects) + len(excluded) + len(inspectors)):
        raise ValueError("16 random bytes are needed for every entry")
    unknown = {subject.risk for subject in subjects} - set(CLASSES)
    if unknown:
        raise Problem("draws.class_unknown", f"名单里有未知的信用风险类别：{'、'.join(sorted(unknown))}。")
    _each_once([*subjects, *(subject for subject, _ in excluded)], "检查对象")
    _each_once(inspectors, "执法人员")
    first, second = SALT_BYTES * len(subjects), SALT_BYTES * (len(subjects) + len(excluded))
    reasons = [str(reason) for _, reason in excluded]
    return FrozenPool(
        _frozen(subjects, salts[:first]),
        _frozen([subject for subject, _ in excluded], salts[first:second], reasons),
        _frozen(inspectors, salts[second:]),
    )


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
    return Differences(
        tuple(sorted(new.keys() - old.keys())),
        tuple(sorted(old.keys() - new.keys())),
        tuple(sorted(id_ for id_ in old.keys() & new.keys() if old[id_] != new[id_])),
    )


def key(commit_hash: str, reveals: Iterable[tuple[str, str]]) -> bytes:
    """The draw's key from the commit and every revealed (source id, value), in commit order."""
    message = b"".join(
        len(part).to_bytes(4, "big") + part
        for id_, value in reveals
        for part in (id_.encode(), value.encode())
    )
    return ticketer(bytes.fromhex(commit_hash), b"")(message)


def ticketer(key: bytes, prefix: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA-256 of `prefix` + message under a key of at most 64 bytes, with both pads hashed only once."""
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key.ljust(64, b"\0")) + prefix)
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key.ljust(64, b"\0")))

    def ticket(message: bytes) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()

    return ticket


def tickets(key: bytes, leaves: Sequence[str]) -> list[bytes]:
    """The ticket of every subject leaf: a tight loop, because a province has a million."""
    ticket = ticketer(key, SUBJECT_PREFIX)
    return [ticket(leaf.encode()) for leaf in leaves]


@dataclass(frozen=True, slots=True)
class Lot:
    """A draw's outcome: leaves with their class and ticket, and who is drawn."""

    leaves: tuple[str, ...]
    risks: tuple[str, ...]
    tickets: tuple[bytes, ...]
    quota: Mapping[str, int]
    drawn: tuple[tuple[str, str, bytes], ...]  # (class, leaf, ticket) by class D C B - A, then ticket

    @property
    def selected(self) -> list[str]:
        """The drawn leaves in the published order."""
        return [leaf for _, leaf, _ in self.drawn]

    @property
    def thresholds(self) -> dict[str, str]:
        """The largest drawn ticket of each class: who lies at or below it was drawn."""
        return {risk: ticket.hex() for risk, _, ticket in self.drawn}

    def visit_order(self) -> list[str]:
        """The drawn leaves by ticket, across the classes: the order in which inspectors are matched."""
        return [leaf for _, leaf, _ in sorted(self.drawn, key=lambda one: (one[2], one[1]))]

    def leaves_json(self) -> list[dict[str, str]]:
        """The `leaves` of a bundle."""
        return [
            {"leaf": leaf, "risk": risk, "ticket": ticket.hex()}
            for leaf, risk, ticket in zip(self.leaves, self.risks, self.tickets, strict=True)
        ]


def draw_subjects(pool: FrozenPool, rules: Rules, key: bytes, hashing: Hashing = tickets) -> Lot:
    """The whole draw of the subjects; `hashing` may spread the tickets over several processes."""
    leaves = [frozen.leaf for frozen in pool.subjects]
    risks = [frozen.entry.risk for frozen in pool.subjects]
    return lot_of(leaves, risks, quotas(rules, pool.counts()), key, hashing)


def lot_of(
    leaves: Sequence[str],
    risks: Sequence[str],
    quota: Mapping[str, int],
    key: bytes,
    hashing: Hashing = tickets,
) -> Lot:
    """The outcome from leaves and classes alone, as everybody can recompute it."""
    hashed = hashing(key, leaves)
    of_class: dict[str, list[tuple[bytes, str]]] = {risk: [] for risk in RISKIEST_FIRST}
    for pair, risk in zip(zip(hashed, leaves, strict=True), risks, strict=True):
        of_class[risk].append(pair)
    drawn = tuple(
        (risk, leaf, ticket)
        for risk in RISKIEST_FIRST
        for ticket, leaf in smallest(of_class[risk], quota.get(risk, 0))
    )
    return Lot(tuple(leaves), tuple(risks), tuple(hashed), quota, drawn)


def smallest(pairs: Sequence[tuple[bytes, str]], number: int) -> list[tuple[bytes, str]]:
    """The `number` smallest tickets, ties by leaf; sorts only those that can be among them."""
    if number <= 0:
        return []
    generous = number + 8 * isqrt(number) + 16  # tickets are uniform: far more than 8 standard deviations
    if generous < len(pairs):
        line = ((generous << 256) // len(pairs)).to_bytes(32, "big")
        below = [pair for pair in pairs if pair[0] <= line]
        if len(below) >= number:
            return sorted(below)[:number]
    return sorted(pairs)[:number]


def roots(leaves: Iterable[str], risks: Iterable[str]) -> dict[str, str]:
    """The Merkle root of each class that has leaves, in commit order."""
    of_class: dict[str, list[str]] = {risk: [] for risk in CLASSES}
    for leaf_, risk in zip(leaves, risks, strict=True):
        of_class[risk].append(leaf_)
    return {risk: merkle.root(members) for risk, members in of_class.items() if members}


def _frozen(
    entries: Sequence[E], salts: bytes, reasons: Sequence[str | None] | None = None
) -> tuple[Frozen[E], ...]:
    frozen = []
    for at, entry in enumerate(entries):
        salt, in_nfc = salts[SALT_BYTES * at : SALT_BYTES * (at + 1)], entry.in_nfc()
        reason = reasons[at] if reasons else None
        frozen.append(Frozen(leaf(salt, in_nfc), salt.hex(), in_nfc, reason))
    return tuple(sorted(frozen, key=lambda one: one.leaf))


def _thawed(kept: Mapping[str, Any], entry: E) -> Frozen[E]:
    if leaf(bytes.fromhex(kept["salt"]), entry) != kept["leaf"]:
        raise ValueError(f"entry does not fit its leaf {kept['leaf']}")
    return Frozen(kept["leaf"], kept["salt"], entry, kept.get("reason"))


def _each_once(entries: Sequence[Entry], what: str) -> None:
    seen = Counter(entry.id for entry in entries)
    twice = [id_ for id_, number in seen.items() if number > 1]
    if twice:
        raise Problem("draws.entry_twice", f"{what}在名单中重复：{'、'.join(sorted(twice)[:5])}。")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
