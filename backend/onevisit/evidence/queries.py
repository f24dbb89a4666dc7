"""Which files does the record name, which of them are here, and who may bring or see them?"""

from collections.abc import Sequence

from sqlalchemy import select

from onevisit.core import clock, storage
from onevisit.core.auth import Actor
from onevisit.core.db import db
from onevisit.core.problems import Problem, forbidden, not_found
from onevisit.dispatches.queries import takes_part, visit_in
from onevisit.evidence.models import EvidenceFile, EvidenceUse, Upload, UploadPiece


def files_of_visit(visit_id: str) -> Sequence[EvidenceFile]:
    """Every file the record of a visit names."""
    return db.session.scalars(
        select(EvidenceFile)
        .where(EvidenceFile.visit_id == visit_id)
        .order_by(EvidenceFile.announced_at, EvidenceFile.hash)
    ).all()


def uses_of_visit(visit_id: str) -> Sequence[EvidenceUse]:
    """By which operations, for which parts."""
    return db.session.scalars(select(EvidenceUse).where(EvidenceUse.visit_id == visit_id)).all()


def file_of(visit_id: str, hash_: str) -> EvidenceFile | None:
    """A named file, whether it is here or not."""
    return db.session.get(EvidenceFile, (visit_id, hash_))


def file_to_bring(account_id: str, visit_id: str, hash_: str) -> EvidenceFile:
    """The named file, if this account's own device named it and it is not here yet."""
    named = select(EvidenceUse.account_id).where(EvidenceUse.visit_id == visit_id, EvidenceUse.hash == hash_)
    owners = set(db.session.scalars(named))
    if not owners:
        raise Problem(
            "evidence.not_announced",
            "服务器还没有收到提到这个文件的记录。会先传记录，再传文件。",
            409,
            "later",
        )
    if account_id not in owners:
        raise forbidden("只有拍摄的人能上传这个文件。")
    file = db.session.get_one(EvidenceFile, (visit_id, hash_))
    if file.stored_at is not None:
        raise Problem("evidence.already_stored", "这个文件服务器已经有了。", 409, "never")
    return file


def upload_of(account_id: str | None, upload_id: str) -> Upload:
    """An upload of one's own that may go on."""
    upload = db.session.get(Upload, upload_id)
    if upload is None or upload.account_id != account_id:
        raise Problem("evidence.upload_gone", "这次上传已不存在，会从头再传。", 404, "now")
    if upload.finished_at is None and upload.expires_at <= clock.now():
        raise Problem("evidence.upload_expired", "这次上传放得太久，已经清除，会从头再传。", 410, "now")
    return upload


def pieces_of(upload_id: str) -> Sequence[UploadPiece]:
    """The pieces in order."""
    return db.session.scalars(
        select(UploadPiece).where(UploadPiece.upload_id == upload_id).order_by(UploadPiece.start)
    ).all()


def file_to_see(actor: Actor, visit_id: str, hash_: str) -> EvidenceFile:
    """A stored file of a visit the actor takes part in."""
    visit = visit_in(actor.region_id, visit_id)
    if not takes_part(actor, visit):
        raise forbidden("这次检查不在您的范围内。")
    file = file_of(visit_id, hash_)
    if file is None:
        raise not_found("文件")
    if file.stored_at is None:
        raise Problem("evidence.not_here_yet", "原图还在执法人员的手机里，没有传到服务器。", 404, "later")
    return file


def is_intact(file: EvidenceFile) -> bool:
    """Whether the stored bytes still have the hash the record names."""
    from onevisit.core.canonical import sha256_hex

    try:
        return sha256_hex(storage.get(storage.key_of(file.hash))) == file.hash
    except FileNotFoundError:
        return False
