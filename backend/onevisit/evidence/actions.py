"""What happens while a file travels? Pieces go to the store first, then one short transaction says so."""

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import delete, select

from onevisit.config import Config
from onevisit.core import clock, storage, trail
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.core.trail import TrailEntry
from onevisit.evidence import rules
from onevisit.evidence.models import EvidenceFile, Upload, UploadPiece
from onevisit.evidence.pictures import NotAPicture, kind_of_picture, thumb_of
from onevisit.evidence.queries import pieces_of, upload_of
from onevisit.evidence.terms import PICTURES

log = logging.getLogger(__name__)


def most_bytes(kind: str) -> int:
    """How large a file of this kind may be."""
    config: Config = current_app.config["ONEVISIT"]
    return config.max_photo_bytes if kind in PICTURES else rules.MOST_BYTES


def begin_upload(file: EvidenceFile, account_id: str, size: int) -> Upload:
    """Expect `size` bytes; the announced size is part of what was signed, so another one is another file."""
    if size > most_bytes(file.kind):
        raise Problem(
            "evidence.too_large", f"文件超过 {most_bytes(file.kind) // 1024 // 1024} MB，没有接收。", 413
        )
    if size == 0 or (file.size is not None and file.size != size):
        raise Problem("evidence.wrong_size", "文件大小与记录不一致，没有接收。", 422)
    visit_id, hash_, now = file.visit_id, file.hash, clock.now()
    expire_uploads()
    with transaction():
        upload = Upload(
            visit_id=visit_id, hash=hash_, size=size, account_id=account_id, made_at=now,
            expires_at=now + rules.UNFINISHED_FOR,
        )  # fmt: skip
        db.session.add(upload)
    return upload


def receive(
    account_id: str | None, upload_id: str, start: int, stretches: Iterable[bytes], proof: rules.Proof | None
) -> Upload:
    """Keep what comes, stretch by stretch; the last one makes the file whole.

    With a checksum nothing counts before all of it proved right, without one each stretch counts as it comes.
    """
    _check_start(upload_of(account_id, upload_id), start, 0)
    put: list[Piece] = []
    try:
        for content in stretches:
            put.append(_put(upload_id, start, content))
            start += len(content)
            if proof is None:
                _count(account_id, upload_id, put)
                put = []
            else:
                proof.hasher.update(content)
        if proof is not None and not proof.fits():
            raise Problem("evidence.checksum_differs", "这一段在路上传坏了，会重传。", 460, "now")
        _count(account_id, upload_id, put)
    except BaseException:
        for piece in put:
            storage.delete(piece.key)
        raise
    return go_on_from(account_id, upload_id)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that lies in the store and does not count yet."""

    start: int
    length: int
    key: str


def _put(upload_id: str, start: int, content: bytes) -> Piece:
    key = f"{_folder(upload_id)}/{start:012d}-{secrets.token_hex(4)}"
    storage.put(key, content)
    return Piece(start, len(content), key)


def _folder(upload_id: str) -> str:
    return f"uploads/{upload_id}"


def _count(account_id: str | None, upload_id: str, put: list[Piece]) -> None:
    """From now on these are part of the upload; of two who send the same stretch one was first, whichever process."""
    if not put:
        return
    with transaction():
        db.session.execute(select(Upload.id).where(Upload.id == upload_id).with_for_update())
        length = sum(piece.length for piece in put)
        upload = _check_start(upload_of(account_id, upload_id), put[0].start, length)
        rows = [
            UploadPiece(upload_id=upload_id, start=piece.start, length=piece.length, key=piece.key)
            for piece in put
        ]
        db.session.add_all(rows)
        upload.offset += length
        upload.expires_at = clock.now() + rules.UNFINISHED_FOR


def go_on_from(account_id: str | None, upload_id: str) -> Upload:
    """Where an upload stands; one whose last piece came before we died is made whole now, or it never would be."""
    upload = upload_of(account_id, upload_id)
    if upload.offset == upload.size and upload.finished_at is None:
        try:
            _finish(upload)
        except FileNotFoundError:  # another process made it whole meanwhile and cleared the pieces
            db.session.rollback()
            log.info("upload %s was finished elsewhere", upload_id)
    return upload_of(account_id, upload_id)


def _check_start(upload: Upload, start: int, length: int) -> Upload:
    if start != upload.offset:
        raise Problem("evidence.wrong_offset", "续传的位置不对，会从服务器已有的位置接着传。", 409, "now")
    if start + length > upload.size:
        raise Problem("evidence.too_much", "传来的内容比文件还长，没有接收。", 413, "now")
    return upload


def _finish(upload: Upload) -> None:
    """Check the whole: hash first, then that a picture is one (sync.md 5)."""
    upload_id, visit_id, hash_, size = upload.id, upload.visit_id, upload.hash, upload.size
    pieces = pieces_of(upload_id)
    if sum(piece.length for piece in pieces) != size:
        return  # finished elsewhere, a moment ago
    keys = [piece.key for piece in pieces]
    if not _has_hash(keys, hash_):
        detail = "传来的文件与记录里的不是同一个，已丢弃，会从头再传。"
        return _refuse(upload_id, None, Problem("evidence.hash_differs", detail, 460, "now"))
    file = db.session.get_one(EvidenceFile, (visit_id, hash_))
    kind, mime = file.kind, file.mime
    if kind in PICTURES:
        try:
            mime = kind_of_picture(b"".join(map(storage.get, keys)))
        except NotAPicture:
            detail = "这个文件不是 JPEG、PNG 或 WebP 照片，没有存入。请重新拍照，并撤回这一张。"
            code = "evidence.not_an_image"
            return _refuse(upload_id, code, Problem(code, detail, 422))
    storage.put_in_turn(storage.key_of(hash_), map(storage.get, keys))
    _link(upload_id, visit_id, hash_, mime, size)
    _drop_pieces(upload_id, keep_upload=True)


def _has_hash(keys: Iterable[str], hash_: str) -> bool:
    whole = hashlib.sha256()
    for key in keys:
        whole.update(storage.get(key))
    return whole.hexdigest() == hash_


def _link(upload_id: str, visit_id: str, hash_: str, mime: str, size: int) -> None:
    """The record's file is here; said once, also where two brought it at the same moment."""
    with transaction():
        here = (EvidenceFile.visit_id == visit_id, EvidenceFile.hash == hash_)
        file = db.session.scalars(select(EvidenceFile).where(*here).with_for_update()).one()
        if (upload := db.session.get(Upload, upload_id)) is not None:
            upload.finished_at = clock.now()
        if file.stored_at is None:
            file.stored_at, file.mime, file.stored_size, file.problem = clock.now(), mime, size, None
            trail.record("file.stored", "file", hash_, visit=visit_id, bytes=size, kind=file.kind)


def _refuse(upload_id: str, code: str | None, problem: Problem) -> None:
    """Discard what came, and note why where trying again cannot help; unless another process did so already."""
    upload = db.session.get(Upload, upload_id, populate_existing=True)
    if upload is None or upload.finished_at is not None:
        return
    place = (upload.visit_id, upload.hash)
    if code is not None:
        with transaction():
            db.session.get_one(EvidenceFile, place).problem = code
            trail.record("file.refused", "file", place[1], visit=place[0], reason=code)
    _drop_pieces(upload_id)
    raise problem


def end_upload(account_id: str | None, upload_id: str) -> None:
    """The client does not want it any more."""
    _drop_pieces(upload_of(account_id, upload_id).id)


def expire_uploads(most: int = 20) -> int:
    """Clear unfinished uploads nobody went on with for a week; how many."""
    old = select(Upload.id).where(Upload.expires_at <= clock.now()).order_by(Upload.expires_at).limit(most)
    expired = list(db.session.scalars(old))
    for upload_id in expired:
        _drop_pieces(upload_id)
    return len(expired)


def _drop_pieces(upload_id: str, keep_upload: bool = False) -> None:
    """First forget, then delete: a piece without a row harms nobody, a row without a piece would.

    With the upload goes everything of it, also what a process that died had put there without counting it.
    """
    keys = [piece.key for piece in pieces_of(upload_id)]
    with transaction():
        db.session.execute(delete(UploadPiece).where(UploadPiece.upload_id == upload_id))
        if not keep_upload:
            db.session.execute(delete(Upload).where(Upload.id == upload_id))
    for key in keys if keep_upload else storage.keys_under(_folder(upload_id)):
        storage.delete(key)


def thumb_key(hash_: str) -> str:
    """Where the small picture lies."""
    return f"thumbs/{hash_[:2]}/{hash_}.jpg"


def make_thumb(entry: TrailEntry) -> None:
    """`file.stored`, later: the small picture, outside of the upload request."""
    if entry.facts["kind"] in PICTURES:
        thumb(entry.object_id)


def thumb(hash_: str) -> bytes:
    """The small picture; made now when the worker was not there yet."""
    return _made_once(thumb_key(hash_), lambda: thumb_of(storage.get(storage.key_of(hash_))))


def _made_once(key: str, make: Callable[[], bytes]) -> bytes:
    try:
        return storage.get(key)
    except FileNotFoundError:
        content = make()
        storage.put(key, content)
        return content
