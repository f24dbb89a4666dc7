"""When may an account sign in, which roles go together, when is a session still good? Pure."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from onevisit.accounts.terms import ADMINISTRATORS, Role

FREE_FAILURES = 5
FAILURE_WINDOW = timedelta(minutes=15)
GRACE = timedelta(seconds=60)
NONCE_LIFE = timedelta(minutes=5)
CONTACT_STEP = timedelta(minutes=5)
MOST_UNSENT, LONGEST_WAIT = 1_000_000, timedelta(days=366)


@dataclass(frozen=True)
class Said:
    """What a phone says of itself at a contact: its build, how many records it could not send, how long the oldest waits.

    How long, not since when: its clock may be a day off. None is a phone of before.
    """

    version: str | None = None
    unsent: int | None = None
    waited: timedelta = timedelta()


def said_by(version: str | None, unsent: int | None, waited: int) -> Said:
    """Cut to what can be kept: nothing a phone says of itself may stop its records."""
    cut = None if unsent is None else min(max(unsent, 0), MOST_UNSENT)
    wait = timedelta(minutes=min(max(waited, 0), LONGEST_WAIT // timedelta(minutes=1)))
    return Said(version and version[:40], cut, wait)


def wait_after(failures: list[datetime], now: datetime) -> timedelta:
    """How long the next try must wait: nothing for five failures, then doubling to a quarter of an hour."""
    recent = sorted(at for at in failures if now - at < FAILURE_WINDOW)
    if len(recent) < FREE_FAILURES:
        return timedelta(0)
    pause = min(timedelta(seconds=15 * 2 ** (len(recent) - FREE_FAILURES)), FAILURE_WINDOW)
    return max(recent[-1] + pause - now, timedelta(0))


def clashing_roles(roles: list[str]) -> list[str]:
    """Roles that one account may not hold together: an administrator is nothing else (process.md)."""
    chosen = {Role(role) for role in roles}
    return sorted(chosen) if chosen & ADMINISTRATORS and len(chosen) > 1 else []


@dataclass(frozen=True)
class Session:
    """What of a refresh token decides."""

    used_at: datetime | None
    revoked_at: datetime | None
    expires_at: datetime


def refresh_verdict(session: Session, now: datetime) -> str:
    """`rotate` a fresh one, `repeat` within the grace, `stolen` when a used one comes back later."""
    if session.revoked_at or session.expires_at <= now:
        return "ended"
    if session.used_at is None:
        return "rotate"
    return "repeat" if now - session.used_at <= GRACE else "stolen"


def token_hash(token: str) -> str:
    """What is kept of a refresh token."""
    return hashlib.sha256(token.encode()).hexdigest()


def unpadded(text: str) -> bytes:
    """base64url without padding, as WebCrypto and JWK write it."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def public_key_of(jwk: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    """The P-256 key of a JWK; ValueError when it is none."""
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise ValueError("not a P-256 key")
    x, y = (int.from_bytes(unpadded(str(jwk[part])), "big") for part in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def proves(jwk: dict[str, Any], signature: str, message: bytes) -> bool:
    """Did the holder of this key sign `message` (ECDSA P-256/SHA-256, IEEE P1363, base64url)?"""
    try:
        raw = unpadded(signature)
        if len(raw) != 64:
            return False
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        public_key_of(jwk).verify(der, message, ec.ECDSA(hashes.SHA256()))
    except (ValueError, KeyError, InvalidSignature):
        return False
    return True
