"""Who published a bundle? ECDSA P-256 with SHA-256, the signature as IEEE-P1363 in base64url."""

import base64
import binascii
from collections.abc import Callable, Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

_SHA256 = ec.ECDSA(hashes.SHA256())
# RFC 6979: the same text is signed the same, so that a package with a signed code does not change by itself.
_SIGNING = ec.ECDSA(Prehashed(hashes.SHA256()), deterministic_signing=True)


def signer(private_pem: bytes) -> Callable[[bytes], str]:
    """Signs with the server's key (PKCS 8 PEM)."""
    sign = hash_signer(private_pem)
    return lambda message: sign(sha256(message).digest())


def hash_signer(private_pem: bytes) -> Callable[[bytes], str]:
    """The same where only the message's SHA-256 is given: a large bundle is hashed in pieces."""
    key = serialization.load_pem_private_key(private_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 key")

    def sign(hashed: bytes) -> str:
        r, s = decode_dss_signature(key.sign(hashed, _SIGNING))
        return base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).rstrip(b"=").decode()

    return sign


def signature_checker(public_pems: Mapping[str, bytes]) -> Callable[[str, bytes, str], bool]:
    """Checks against the published keys (kid -> SubjectPublicKeyInfo PEM); an unknown kid is nobody's."""
    keys = {kid: serialization.load_pem_public_key(pem) for kid, pem in public_pems.items()}

    def check(kid: str, message: bytes, sig: str) -> bool:
        key = keys.get(kid)
        try:
            raw = base64.b64decode(sig + "=" * (-len(sig) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return False
        if not isinstance(key, ec.EllipticCurvePublicKey) or len(raw) != 64:
            return False
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        try:
            key.verify(der, message, _SHA256)
        except InvalidSignature:
            return False
        return True

    return check
