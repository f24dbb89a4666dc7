"""With which key does this server sign what it drew, and how does everybody check it?"""

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import current_app

from onevisit.core.canonical import sha256_hex
from onevisit.draws.signing import hash_signer, signature_checker, signer


@dataclass(frozen=True)
class DrawKey:
    """The server's key for draws: its published name, how it signs, its public half."""

    kid: str
    sign: Callable[[bytes], str]
    sign_hash: Callable[[bytes], str]
    public_pem: str
    public_jwk: dict[str, Any]

    def checker(self) -> Callable[[str, bytes, str], bool]:
        """Was this signature made with this key?"""
        return signature_checker({self.kid: self.public_pem.encode()})


def draw_key() -> DrawKey:
    """The key of this installation; made once, readable only by the server (0600)."""
    return _key_in(current_app.config["ONEVISIT"].var / "draw-key.pem")


@lru_cache
def _key_in(path: Path) -> DrawKey:
    if not path.exists():
        _make(path)
    pem = path.read_bytes()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} is no P-256 key")
    public = key.public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return DrawKey(
        sha256_hex(der)[:16], signer(pem), hash_signer(pem), public_pem_of(public), public_jwk_of(public)
    )


def _make(path: Path) -> None:
    """Written beside and linked into place: of several processes the first wins, and none reads half a key."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def public_pem_of(public: ec.EllipticCurvePublicKey) -> str:
    """The published form for the command line."""
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def public_jwk_of(public: ec.EllipticCurvePublicKey) -> dict[str, Any]:
    """The published form for browsers."""
    numbers = public.public_numbers()
    x, y = (
        base64.urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode() for n in (numbers.x, numbers.y)
    )
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}
