"""Does this bundle prove itself: an unbroken stretch of one log, signed by its device? (sync.md 1, 3)"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from onevisit.core.canonical import canonical, sha256_hex
from onevisit.visits.operations import BadOperation, Operation, parse_operation
from onevisit.visits.shapes import is_device, is_hash, is_int, is_uuid7

FORMAT: Final = "onevisit-bundle/1"
MOST_OPERATIONS: Final = 500
MOST_SEQ: Final = 2**31 - 1  # what a column holds
FIELDS: Final = frozenset({"format", "device", "visit", "from", "to", "hash", "signature", "operations"})
_HALF: Final = 32  # bytes of r and of s


class BadBundle(ValueError):
    """Why the whole bundle is refused: nothing in it can be believed."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = f"bundle.{code}", detail


@dataclass(frozen=True, slots=True)
class Link:
    """One place of the log: the value as it came, the bytes under its hash, and the operation or why it is none."""

    seq: int
    hash: str
    value: Mapping[str, Any]
    raw: bytes
    operation: Operation | None
    refusal: BadOperation | None


@dataclass(frozen=True, slots=True)
class Bundle:
    """A stretch of one log with one signature over its last hash; `prev` is the hash before its first."""

    device: str
    visit: str
    first: int
    last: int
    prev: str | None
    hash: str
    signature: str
    links: tuple[Link, ...]


def signed_text(device: str, visit: str, first: int, last: int, last_hash: str) -> str:
    """The ASCII text under a bundle's signature."""
    return f"{FORMAT}|{device}|{visit}|{first}|{last}|{last_hash}"


def parse_bundle(value: object) -> Bundle:
    """Reads a bundle and recomputes its chain; a single unreadable operation does not stop the others."""
    if not isinstance(value, dict) or value.keys() != FIELDS or value["format"] != FORMAT:
        raise BadBundle("unreadable", "不是一个传送包")
    first, last, operations = value["from"], value["to"], value["operations"]
    good = is_device(value["device"]) and is_uuid7(value["visit"]) and is_hash(value["hash"])
    if not good or not is_int(first, 1, MOST_SEQ) or not is_int(last, 1, MOST_SEQ):
        raise BadBundle("unreadable", "传送包的字段不对")
    if not isinstance(operations, list) or not isinstance(value["signature"], str):
        raise BadBundle("unreadable", "传送包的字段不对")
    if not 1 <= len(operations) <= MOST_OPERATIONS or len(operations) != last - first + 1:
        raise BadBundle("bad_range", f"一包最多 {MOST_OPERATIONS} 条，条数要与起止一致")
    links = tuple(_link(value, first + n, operation) for n, operation in enumerate(operations))
    _check_chain(links, value["hash"])
    prev = links[0].value["prev"]
    return Bundle(
        value["device"], value["visit"], first, last, prev, value["hash"], value["signature"], links
    )


def is_signed(bundle: Bundle, public_key_spki: bytes) -> bool:
    """Whether the device's key signed this bundle's last hash; the chain covers the rest."""
    text = signed_text(bundle.device, bundle.visit, bundle.first, bundle.last, bundle.hash)
    return verify_p1363(public_key_spki, text.encode(), bundle.signature)


def verify_p1363(public_key_spki: bytes, message: bytes, signature: str) -> bool:
    """ECDSA P-256/SHA-256 as WebCrypto writes it: r and s one after the other (IEEE P1363), base64url."""
    try:
        key = _key_of(public_key_spki)
        raw = base64.b64decode(signature.encode("ascii") + b"=" * (-len(signature) % 4), b"-_", validate=True)
    except (ValueError, UnsupportedAlgorithm, binascii.Error):
        return False
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return False
    if len(raw) != 2 * _HALF:
        return False
    pair = (int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:]))
    try:
        key.verify(encode_dss_signature(*pair), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=1024)
def _key_of(public_key_spki: bytes) -> Any:
    """Reading a key takes half as long as verifying with it, and a phone sends many bundles with one key."""
    return load_der_public_key(public_key_spki)


def _link(bundle: Mapping[str, Any], seq: int, value: object) -> Link:
    """Where it stands must be readable, or the chain proves nothing; what it says may be unreadable."""
    if not isinstance(value, dict):
        raise BadBundle("broken_chain", "操作的顺序不连贯")
    places = (value.get("device"), value.get("visit"), value.get("seq"))
    if places != (bundle["device"], bundle["visit"], seq) or "prev" not in value:
        raise BadBundle("broken_chain", "操作的顺序不连贯")
    try:
        raw = canonical(value)
    except (ValueError, TypeError) as found:
        raise BadBundle("not_canonical", "操作不能规范化") from found
    hashed = sha256_hex(raw)
    try:
        return Link(seq, hashed, value, raw, parse_operation(value, raw), None)
    except BadOperation as refusal:
        return Link(seq, hashed, value, raw, None, refusal)


def _check_chain(links: tuple[Link, ...], last_hash: str) -> None:
    for earlier, later in pairwise(links):
        if later.value["prev"] != earlier.hash:
            raise BadBundle("broken_chain", "操作的顺序不连贯")
    if links[-1].hash != last_hash:
        raise BadBundle("broken_chain", "最后一条与传送包的摘要不一致")
