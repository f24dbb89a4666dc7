"""Is this file still what we issued? Sets and judges PAdES seals; another sealer can be plugged in.

pyHanko (15 MB) is loaded by the first seal that is set or judged, not by every web process.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from asn1crypto import parser, pem, x509  # type: ignore[import-untyped]
from flask import current_app

from onevisit.core.problems import Problem
from onevisit.papers.seal_keys import SealKey, seal_key

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign import signers
    from pyhanko.sign.validation import EmbeddedPdfSignature
    from pyhanko.sign.validation.status import PdfSignatureStatus

    from onevisit.papers.timestamps import PinningTimeStamper

log = logging.getLogger(__name__)
FIELD = "OneVisitSeal"
REASON = "文书完整性封存（不代替公章）"
UNTOUCHED = "本文件自封存后没有改动。"
CHANGED = "本文件在封存之后被改动过，内容不可信。请以平台留存的原件为准。"
STRANGE = "本文件没有改动，但封存者不是本平台，无法确认来源。"
UNSEALED = "本文件没有本平台的封存，无法判断是否改动过。"
UNREADABLE = "这不是可以读取的 PDF 文件，请选择平台发出的原文件。"


@dataclass(frozen=True)
class Verdict:
    """What can be said about a file; `digest` is what it says of itself, to compare with the kept one."""

    sealed: bool
    untouched: bool
    reason: str
    sha256: str
    signed_by: str | None = None
    signed_at: datetime | None = None
    timestamped: bool = False
    digest: str | None = None


class Sealer(Protocol):
    """Whoever can set a seal on a PDF and judge it: ours, or an official seal's service (OFD, SM2)."""

    def seal(self, pdf: bytes) -> bytes:
        """The same paper, sealed."""

    def verify(self, pdf: bytes) -> Verdict:
        """Untouched or changed, and by whom it was sealed."""


class PadesSealer:
    """An integrity seal with a key of this installation (PAdES B-B, with a timestamp B-T)."""

    def __init__(self, key: SealKey, timestamp_url: str | None = None) -> None:
        self.key, self.stamper = key, _stamper(timestamp_url, key.pinned) if timestamp_url else None

    def seal(self, pdf: bytes) -> bytes:
        """The PDF with an invisible certifying signature that allows no change at all."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers

        from onevisit.papers.timestamps import TimestampUnreachable

        wanted = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=REASON,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )
        out = io.BytesIO()
        try:
            paper = IncrementalPdfFileWriter(io.BytesIO(pdf))
            signers.sign_pdf(paper, wanted, self._signer(), timestamper=self.stamper, output=out)
        except TimestampUnreachable as error:
            sentence = "时间戳服务没有应答，文书稍后会自动重新封存，不需要您操作。"
            raise Problem("papers.timestamp_unreachable", sentence, 503, "later") from error
        return out.getvalue()

    def _signer(self) -> signers.SimpleSigner:
        """The key of now; read at every seal, so that a renewed one needs no restart."""
        from pyhanko.keys import load_private_key_from_pemder
        from pyhanko.sign import signers
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        known = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        try:
            known.register_multiple(certificates(self.key.chain))
            private = load_private_key_from_pemder(str(self.key.key), passphrase=None)
            return signers.SimpleSigner(certificates([self.key.certificate])[0], private, known)
        except (OSError, ValueError, TypeError, IndexError) as error:
            sentence = "封存用的密钥或证书无法读取，请管理员检查 ONEVISIT_SEAL_KEY 等设置。"
            raise Problem("papers.seal_key_unreadable", sentence, 500) from error

    def verify(self, pdf: bytes) -> Verdict:
        """Judged by the bottom line of all checks: a changed file is `valid` and not `intact`."""
        from pyhanko.pdf_utils.reader import PdfFileReader

        sha256 = hashlib.sha256(pdf).hexdigest()
        try:
            reader = PdfFileReader(io.BytesIO(pdf), strict=False)
            digest = _digest_in(reader)
            seals = reader.embedded_regular_signatures
            if not seals:
                return Verdict(False, False, UNSEALED, sha256, digest=digest)
            status, padded = self._status(seals[-1]), _blank_after_seal(pdf, seals[-1])
        # Whatever a stranger's or a broken file makes the parser raise: it is no paper of ours.
        except Exception as error:
            log.info("unreadable paper %s: %r", sha256, error)
            sealed_once = b"/ByteRange" in pdf
            return Verdict(sealed_once, False, CHANGED if sealed_once else UNREADABLE, sha256)
        return self._verdict(status, padded, sha256, digest)

    def _status(self, seal: EmbeddedPdfSignature) -> PdfSignatureStatus:
        """The checks, as of the time of sealing: a paper outlives the certificate it was sealed with."""
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext

        moment = seal.self_reported_timestamp
        roots, stamp_roots = certificates(self.key.roots), certificates(self.key.stamp_roots)
        return validate_pdf_signature(
            seal,
            signer_validation_context=ValidationContext(trust_roots=roots, moment=moment),
            ts_validation_context=ValidationContext(trust_roots=stamp_roots, moment=moment),
        )

    def _verdict(self, status: PdfSignatureStatus, padded: bool, sha256: str, digest: str | None) -> Verdict:
        from pyhanko.sign.validation.status import SignatureCoverageLevel

        whole = padded and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        same = status.intact and status.valid and whole
        untouched = status.bottom_line and whole
        stamp = status.timestamp_validity
        return Verdict(
            sealed=True,
            untouched=untouched,
            reason=UNTOUCHED if untouched else STRANGE if same else CHANGED,
            sha256=sha256,
            signed_by=_common_name(status.signing_cert),
            signed_at=stamp.timestamp if stamp else status.signer_reported_dt,
            timestamped=bool(stamp and stamp.valid and stamp.intact and stamp.trusted),
            digest=digest,
        )


def _stamper(url: str, pinned: Path) -> PinningTimeStamper:
    from onevisit.papers.timestamps import PinningTimeStamper

    return PinningTimeStamper(url, pinned)


def current_sealer() -> Sealer:
    """The sealer of the running application, with the configured key or its own."""
    config = current_app.config["ONEVISIT"]
    key = seal_key(config.var / "seal", config.seal_key, config.seal_certificate)
    return PadesSealer(key, config.timestamp_url)


def certificates(files: Sequence[Path]) -> list[x509.Certificate]:
    """Every certificate of these PEM files."""
    return [
        x509.Certificate.load(der)
        for file in files
        for _, _, der in pem.unarmor(file.read_bytes(), multiple=True)
    ]


def _blank_after_seal(pdf: bytes, seal: EmbeddedPdfSignature) -> bool:
    """Is the room reserved for the seal empty behind it? It is the one place that no signature covers."""
    start, length, after, _ = map(int, seal.byte_range)
    room = pdf[start + length : after]
    used = 2 * int(parser.peek(bytes.fromhex(room[1:-1].decode("ascii"))))
    return room[:1] == b"<" and room[-1:] == b">" and not room[1 + used : -1].strip(b"0")


def _digest_in(reader: PdfFileReader) -> str | None:
    """The digest that the paper carries in its keywords."""
    described = reader.trailer["/Info"] if "/Info" in reader.trailer else {}  # noqa: SIM401 (has no get)
    found = re.search(r"onevisit-digest:([0-9a-f]{64})", str(described.get("/Keywords", "")))
    return found[1] if found else None


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.native.get("common_name") or certificate.subject.human_friendly)
