"""How does the server write into a record? In a log of its own, signed with a key derived from the installation's secret."""

import base64
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from onevisit.core import clock
from onevisit.core.ids import new_id
from onevisit.visits.bundles import FORMAT, Bundle, parse_bundle, signed_text
from onevisit.visits.operations import operation_hash

_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def server_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The same key in every process of the installation, without a file that could be forgotten."""
    stretched = HKDF(hashes.SHA256(), 48, salt=None, info=b"onevisit-server-log/1").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(stretched, "big") % (_P256_ORDER - 1) + 1, ec.SECP256R1())


def server_spki(secret: str) -> bytes:
    """The public half, for whoever checks the server's log."""
    return server_key(secret).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def server_device(region_id: str) -> str:
    """The name of the server's log in the visits of a region."""
    return f"server:{region_id}"


def server_bundle(
    secret: str, device: str, visit_id: str, head: tuple[int, str | None], written: dict[str, Any]
) -> Bundle:
    """One operation of the server as a bundle that proves itself; `written` is kind, part, body, base and by."""
    seq = head[0] + 1
    wall = clock.now().astimezone(clock.LAW_ZONE).isoformat(timespec="milliseconds")
    operation = {
        "id": new_id(), "device": device, "visit": visit_id, "seq": seq, "prev": head[1],
        "at": {"wall": wall, "offset_ms": 0}, **written,
    }  # fmt: skip
    hashed = operation_hash(operation)
    return parse_bundle(
        {
            "format": FORMAT, "device": device, "visit": visit_id, "from": seq, "to": seq, "hash": hashed,
            "signature": sign(secret, signed_text(device, visit_id, seq, seq, hashed)), "operations": [operation],
        }
    )  # fmt: skip


def server_public(secret: str) -> dict[str, str]:
    """The two halves of the public key, as a browser takes them."""
    numbers = server_key(secret).public_key().public_numbers()
    return {"x": _base64url(numbers.x), "y": _base64url(numbers.y)}


@lru_cache(4096)
def sign(secret: str, text: str) -> str:
    """The server's word for a text (P1363, base64url); the same text has one signature in a process."""
    r, s = decode_dss_signature(server_key(secret).sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return _base64url((r << 256) + s, 64)


def _base64url(number: int, size: int = 32) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(size, "big")).rstrip(b"=").decode()
