"""What does a tus client say, and may it? Pure (tus 1.0: core, creation, creation-with-upload, checksum, termination, expiration)."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from onevisit.core.texts import unstorable

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
CHECKSUMS = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}
OCTETS = "application/offset+octet-stream"
UNFINISHED_FOR = timedelta(days=7)
MOST_BYTES = 64 * 1024 * 1024
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def metadata_of(header: str) -> dict[str, str]:
    """Upload-Metadata: `name base64, name base64`; ValueError when it is none."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        if name in found:
            raise ValueError(name)
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except ValueError as error:  # no base64, no UTF-8
            raise ValueError(name) from error
    if unstorable(found):
        raise ValueError("text that no database keeps")
    return found


def is_hash(text: str) -> bool:
    """A SHA-256 in lower-case hex."""
    return _HASH.fullmatch(text) is not None


def whole_number(text: str | None) -> int | None:
    """A length or an offset; None when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a checksum says of a stretch, and the stretch as far as it came."""

    hasher: Any
    wanted: bytes

    def fits(self) -> bool:
        """Whether the bytes that came are the bytes that were sent."""
        return bool(self.hasher.digest() == self.wanted)


def proof_of(header: str) -> Proof | None:
    """Upload-Checksum `algorithm base64`; None when we do not know the algorithm or cannot read it."""
    name, _, value = header.partition(" ")
    if name not in CHECKSUMS:
        return None
    try:
        return Proof(CHECKSUMS[name](), base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return None
