"""What is a rescue file, and what stands in it? Everything a phone has not sent, sealed to this installation (sync.md 7).

`onevisit-rescue/1`, a line with `kid` and `epk`, then records: four bytes of length, then AES-256-GCM under a number of
its own. A record is four bytes of length, JSON, and bytes. Records open one by one, so a carrier may bring some at a time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MAGIC: Final = b"onevisit-rescue/1\n"
INFO: Final = b"onevisit-rescue/1"
MOST_HEADER: Final = 1024
MOST_RECORD: Final = 16 * 1024 * 1024
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class BadRescue(ValueError):
    """Why a file is none of ours, or not whole; `code` continues `sync.rescue_`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Header:
    """To whom a file is sealed, and the bytes that every record is bound to."""

    kid: str
    epk: bytes
    binding: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was rescued."""

    number: int
    facts: dict[str, Any]
    content: bytes


def rescue_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The installation's key, made of its secret: every web process has it, and no file must be kept for it."""
    made = HKDF(hashes.SHA256(), 48, None, INFO).derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(made) % (_ORDER - 1) + 1, ec.SECP256R1())


def raw_public(key: ec.EllipticCurvePublicKey) -> bytes:
    """The 65 bytes WebCrypto calls raw."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def kid_of(public: bytes) -> str:
    """A short name of a key."""
    return hashlib.sha256(public).hexdigest()[:16]


def file_key(key: ec.EllipticCurvePrivateKey, header: Header) -> AESGCM:
    """The key of one file; BadRescue when it was sealed to another installation."""
    public = raw_public(key.public_key())
    if header.kid != kid_of(public):
        raise BadRescue(
            "other_server", "这份救援文件是给另一套系统的，这里打不开。请交给记录所属地区的系统。"
        )
    try:
        shared = key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), header.epk)
        )
    except ValueError as error:
        raise _broken() from error
    return AESGCM(HKDF(hashes.SHA256(), 32, header.epk + public, INFO).derive(shared))


def read_header(stream: IO[bytes]) -> Header:
    """The first two lines."""
    magic = stream.read(len(MAGIC))
    if magic != MAGIC:
        raise BadRescue("not_one", "这不是救援文件。请选手机“待传”里存下的那个文件。")
    line = stream.readline(MOST_HEADER)
    try:
        said = json.loads(line)
        kid, epk = said["kid"], said["epk"]
        point = base64.b64decode(epk.encode("ascii") + b"=" * (-len(epk) % 4), b"-_", validate=True)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise _broken() from error
    if not line.endswith(b"\n") or not isinstance(kid, str) or len(kid) > 64:
        raise _broken()
    return Header(kid, point, hashlib.sha256(MAGIC + line).digest())


def read_records(stream: IO[bytes], header: Header, key: AESGCM, first: int = 0) -> Iterator[Record]:
    """What follows, opened one by one; BadRescue at the first that was changed or cut off."""
    number = first
    while length := stream.read(4):
        size = int.from_bytes(length)
        if len(length) < 4 or not 20 <= size <= MOST_RECORD:
            raise _broken()
        sealed = stream.read(size)
        if len(sealed) < size:
            raise _broken()
        try:
            plain = key.decrypt(number.to_bytes(12), sealed, header.binding)
        except InvalidTag as error:
            raise _broken() from error
        yield _record(number, plain)
        number += 1


def _record(number: int, plain: bytes) -> Record:
    size = int.from_bytes(plain[:4])
    try:
        facts = json.loads(plain[4 : 4 + size])
    except (ValueError, RecursionError) as error:
        raise _broken() from error
    if len(plain) < 4 + size or not isinstance(facts, dict):
        raise _broken()
    return Record(number, facts, plain[4 + size :])


def _broken() -> BadRescue:
    return BadRescue(
        "broken", "救援文件不完整或被改动过。前面完整的部分已收下；请从原手机再存一份，原手机里的记录都在。"
    )
