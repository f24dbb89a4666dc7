"""Which files does the record name? Written with the operations that name them, before any byte comes (sync.md 5)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select

from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.evidence.models import EvidenceFile, EvidenceUse
from onevisit.evidence.terms import FileKind


@dataclass(frozen=True, slots=True)
class Announced:
    """A file as an operation names it; size and kind of bytes are known only of what the operation says."""

    hash: str
    kind: FileKind
    mime: str
    size: int | None
    part: str | None
    operation_id: str
    device_id: str
    by: str
    account_id: str | None


def announce(visit_id: str, files: Sequence[Announced], at: datetime) -> None:
    """Note that these files are expected; in the transaction of the operations that name them."""
    if not files:
        return
    known = _known(visit_id, {file.hash for file in files})
    first = {file.hash: file for file in reversed(files) if file.hash not in known}
    if first:
        rows = [_file(visit_id, file, at) for file in first.values()]
        db.session.execute(insert(EvidenceFile), rows)
    db.session.execute(insert(EvidenceUse), [_use(visit_id, file) for file in files])


def _known(visit_id: str, hashes: Iterable[str]) -> set[str]:
    found = select(EvidenceFile.hash).where(EvidenceFile.visit_id == visit_id, EvidenceFile.hash.in_(hashes))
    return set(db.session.scalars(found))


def _file(visit_id: str, file: Announced, at: datetime) -> dict[str, object]:
    plain = asdict(file)
    kept = ("hash", "kind", "mime", "size", "part", "device_id", "by")
    return {"visit_id": visit_id, "announced_at": at, **{name: plain[name] for name in kept}}


def _use(visit_id: str, file: Announced) -> dict[str, object]:
    return {
        "id": new_id(), "visit_id": visit_id, "hash": file.hash, "part": file.part,
        "operation_id": file.operation_id, "account_id": file.account_id,
    }  # fmt: skip
