"""With which key do we seal, and which seals do we know? Configured, or made by this installation once."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIFETIME = timedelta(days=366 * 30)
CA_NAME = "OneVisit 文书封存自建 CA"
SEAL_NAME = "OneVisit 文书完整性封存"


@dataclass(frozen=True)
class SealKey:
    """Key, certificate and chain, whose seals we believe, and where timestamp certificates are pinned."""

    key: Path
    certificate: Path
    chain: tuple[Path, ...]
    roots: tuple[Path, ...]
    pinned: Path

    @property
    def stamp_roots(self) -> tuple[Path, ...]:
        """The certificates of the timestamp services that we ourselves asked."""
        return tuple(sorted(self.pinned.glob("*.pem")))


def seal_key(folder: Path, key: Path | None = None, certificate: Path | None = None) -> SealKey:
    """The configured key, else the one in `folder`, made by the first process that asks.

    Papers sealed with the own key before another one was configured are still ours.
    """
    own = own_key(folder)
    if key is None and certificate is None:
        return own
    if key is None or certificate is None:
        raise ValueError("a seal needs both, the key and its certificate")
    return SealKey(key, certificate, (certificate,), (certificate, *own.roots), own.pinned)


def own_key(folder: Path) -> SealKey:
    """The self-made CA and seal of this installation; files are 0600 in a folder 0700."""
    if not (folder / "seal.key").exists():
        _make(folder)
    ca = folder / "ca.pem"
    return SealKey(folder / "seal.key", folder / "seal.pem", (ca,), (ca,), folder / "timestamps")


def _make(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        for name, content in _fresh(datetime.now(UTC)).items():
            handle = os.open(unfinished / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        # A whole folder appears at once, or another process was first and ours is thrown away.
        unfinished.rename(folder)
    except OSError:
        if not (folder / "seal.key").exists():
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _fresh(now: datetime) -> dict[str, bytes]:
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca = _certificate(CA_NAME, ca_key.public_key(), CA_NAME, ca_key, now, is_ca=True)
    seal = _certificate(SEAL_NAME, key.public_key(), CA_NAME, ca_key, now, is_ca=False)
    return {
        "ca.key": _private(ca_key),
        "ca.pem": ca.public_bytes(serialization.Encoding.PEM),
        "seal.key": _private(key),
        "seal.pem": seal.public_bytes(serialization.Encoding.PEM),
    }


def _certificate(
    name: str,
    public: ec.EllipticCurvePublicKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    is_ca: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_ca, content_commitment=not is_ca, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=is_ca, crl_sign=is_ca,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        # Seals are dated by the machine, not by a demonstration's clock; a little drift is forgiven.
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=0 if is_ca else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )


def _name(called: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)])


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
