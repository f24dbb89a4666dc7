"""A rescue file in Python, sealed as the phone does it."""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from onevisit.visits.rescue import INFO, MAGIC, raw_public

Piece = tuple[dict[str, Any], bytes]


def sealed(public: dict[str, str], records: list[Piece], first: int = 0, ended: bool = True) -> bytes:
    """The file, or the part of it that begins with record `first` under a header of its own."""
    own = ec.generate_private_key(ec.SECP256R1())
    epk, theirs = raw_public(own.public_key()), bytes.fromhex(public["key"])
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    key = AESGCM(HKDF(hashes.SHA256(), 32, epk + theirs, INFO).derive(shared))
    said = {"kid": public["kid"], "epk": base64.urlsafe_b64encode(epk).rstrip(b"=").decode()}
    header = MAGIC + json.dumps(said).encode() + b"\n"
    binding = hashlib.sha256(header).digest()
    whole = [*records, ({"type": "end", "records": len(records)}, b"")] if ended else records
    content = header
    for number, (facts, payload) in enumerate(whole[first:], first):
        told = json.dumps(facts).encode()
        record = key.encrypt(number.to_bytes(12), len(told).to_bytes(4) + told + payload, binding)
        content += len(record).to_bytes(4) + record
    return content


def file_record(visit: str, hash_: str, content: bytes, start: int = 0, size: int | None = None) -> Piece:
    """A stretch of a file."""
    facts = {"type": "file", "visit": visit, "hash": hash_, "start": start, "size": size or len(content)}
    return facts, content
