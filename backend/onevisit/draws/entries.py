"""What is frozen of a subject and of an inspector, and how is an entry written? (draw.md §1)"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any, Final, Generic, NamedTuple, Protocol, Self, TypeVar

from onevisit.core.canonical import canonical

SALT_BYTES: Final = 16
LEAF_BYTES: Final = 32
LEAF_HEX: Final = 2 * LEAF_BYTES


class Entry(Protocol):
    """What is frozen: a subject or an inspector."""

    @property
    def id(self) -> str: ...
    def canonical(self) -> bytes: ...
    def as_json(self) -> dict[str, Any]: ...
    def in_nfc(self) -> Self: ...
    def text(self) -> str: ...


class Subject(NamedTuple):
    """A subject of the pool; `risk` is "-" where the task uses no classes. A tuple, because there are millions."""

    id: str
    name: str
    region: str
    risk: str

    def as_json(self) -> dict[str, Any]:
        """The entry as it is hashed and kept."""
        return self._asdict()

    def canonical(self) -> bytes:
        """`canonical(self.as_json())`, written out because a province has a million of them."""
        return self.text().encode()

    def in_nfc(self) -> Self:
        """The same with its text in NFC."""
        return type(self)(*map(nfc, self))

    def text(self) -> str:
        """The text of `canonical`."""
        id_, name, region, risk = map(encode_basestring, self)
        return f'{{"id":{id_},"name":{name},"region":{region},"risk":{risk}}}'

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
            nfc(self.id),
            nfc(self.department),
            nfc(self.certificate),
            nfc(self.valid_to),
            tuple(sorted(map(nfc, self.specialities))),
            nfc(self.state),
            tuple(sorted(map(nfc, self.recusals))),
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


def leaf(salt: bytes, entry: Entry) -> str:
    """The hash that binds an entry without showing it."""
    return hashlib.sha256(b"\x00" + salt + entry.canonical()).hexdigest()


def nfc(text: str) -> str:
    """Unicode's composed form: the same words are the same bytes."""
    return unicodedata.normalize("NFC", text)
