"""Which papers did we issue? Digests, short codes and links, for the page "is this document genuine"."""

import secrets
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core import clock, storage
from onevisit.core.canonical import sha256_hex
from onevisit.core.db import Model, WithId, db, one_at_a_time
from onevisit.papers.rules import document_number, read_code, short_code
from onevisit.papers.terms import PaperKind


class IssuedPaper(WithId, Model):
    """A paper that left the house: its bytes lie in the storage under `storage_key` and never change.

    `subject_kind` and `subject_id` name what it is about ("visit", its id). Several papers may share a digest
    and so a short code (a sealed record and its masked copy); the token of the QR names exactly one.
    """

    __tablename__ = "issued_papers"
    __table_args__ = (
        UniqueConstraint("token"),
        Index("ix_issued_papers_subject", "subject_kind", "subject_id", "kind"),
    )
    kind: Mapped[str] = mapped_column(String(20))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    pdf_sha256: Mapped[str] = mapped_column(String(64), index=True)
    short_code: Mapped[str] = mapped_column(String(39), index=True)
    token: Mapped[str] = mapped_column(String(43))
    issuer: Mapped[str] = mapped_column(String(200), default="")
    issued_at: Mapped[datetime]
    sealed: Mapped[bool]
    storage_key: Mapped[str] = mapped_column(String(200))


class PaperNumber(WithId, Model):
    """The last number used under a prefix in a year, so that no number is given twice or left out."""

    __tablename__ = "paper_numbers"
    __table_args__ = (UniqueConstraint("prefix", "year"),)
    prefix: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]
    last: Mapped[int]


def new_token() -> str:
    """What the QR of a paper will say; drawn before rendering, because the QR is part of the paper."""
    return secrets.token_urlsafe(32)


def genuine_url(public_url: str, token: str) -> str:
    """Where the QR of a paper leads."""
    return f"{public_url}/public/genuine/{token}"


def next_number(prefix: str) -> str:
    """The next 〔year〕号 under `prefix` (南双随记), taken in the running transaction."""
    one_at_a_time(f"paper-number:{prefix}")
    year = clock.today().year
    found = select(PaperNumber).where(PaperNumber.prefix == prefix, PaperNumber.year == year)
    counter = db.session.scalars(found).first()
    if counter is None:
        counter = PaperNumber(prefix=prefix, year=year, last=0)
        db.session.add(counter)
    counter.last += 1
    db.session.flush()
    return document_number(prefix, year, counter.last)


def issue(
    kind: PaperKind,
    subject_kind: str,
    subject_id: str,
    *,
    number: str,
    digest: str,
    pdf: bytes,
    sealed: bool,
    token: str,
    issuer: str = "",
) -> IssuedPaper:
    """Keep the file and enter it in the register, in the running transaction; once for every token."""
    known = find_by_token(token)
    if known:
        return known
    sha256 = sha256_hex(pdf)
    # Apart from evidence, whose unreferenced files expire.
    key = f"papers/{sha256[:2]}/{sha256}.pdf"
    storage.put(key, pdf)
    paper = IssuedPaper(
        kind=kind.value,
        subject_kind=subject_kind,
        subject_id=subject_id,
        number=number,
        digest=digest,
        pdf_sha256=sha256,
        short_code=short_code(digest),
        token=token,
        issuer=issuer,
        issued_at=clock.now(),
        sealed=sealed,
        storage_key=key,
    )
    db.session.add(paper)
    db.session.flush()
    return paper


def find_by_code(typed: str) -> IssuedPaper | None:
    """The newest paper with this short code (or whole digest), however it was typed."""
    code = read_code(typed)
    return _newest(IssuedPaper.short_code == code) if code else None


def find_by_token(token: str) -> IssuedPaper | None:
    """The paper whose QR was scanned."""
    return _newest(IssuedPaper.token == token)


def find_by_file(pdf: bytes) -> IssuedPaper | None:
    """The paper that is this file, byte for byte."""
    return _newest(IssuedPaper.pdf_sha256 == sha256_hex(pdf))


def latest_of(kind: PaperKind, subject_kind: str, subject_id: str) -> IssuedPaper | None:
    """The newest paper of this kind about this thing."""
    return _newest(
        IssuedPaper.kind == kind.value,
        IssuedPaper.subject_kind == subject_kind,
        IssuedPaper.subject_id == subject_id,
    )


def pdf_of(paper: IssuedPaper) -> bytes:
    """The file as it was issued."""
    return storage.get(paper.storage_key)


def _newest(*conditions: object) -> IssuedPaper | None:
    order = (IssuedPaper.issued_at.desc(), IssuedPaper.id.desc())
    return db.session.scalars(select(IssuedPaper).where(*conditions).order_by(*order).limit(1)).first()  # type: ignore[arg-type]
