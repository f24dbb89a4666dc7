"""What happens when somebody carries in a rescue file? What is in it goes the way it would have gone from its own phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

from flask import current_app
from sqlalchemy import select

from onevisit.config import Config
from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.evidence import actions as evidence
from onevisit.evidence.models import EvidenceFile, Upload
from onevisit.evidence.queries import file_of
from onevisit.visits.actions import take_bundles
from onevisit.visits.rescue import (
    BadRescue,
    Record,
    file_key,
    kid_of,
    raw_public,
    read_header,
    read_records,
    rescue_key,
)
from onevisit.visits.shapes import is_hash, is_int

Json = dict[str, Any]
CARRIER = "rescue"  # who brings a file that nobody signed in for (the command line)


def public_key() -> Json:
    """To whom phones seal what they cannot send."""
    config: Config = current_app.config["ONEVISIT"]
    public = raw_public(rescue_key(config.secret).public_key())
    return {"kid": kid_of(public), "key": public.hex()}


def carry_in(stream: IO[bytes], first: int = 0, said: Callable[[Json], None] = lambda _: None) -> list[Json]:
    """Take in the records from `first` on; what became of each. What was taken stays taken when a later one is broken."""
    config: Config = current_app.config["ONEVISIT"]
    taken: list[Json] = []
    try:
        header = read_header(stream)
        for record in read_records(stream, header, file_key(rescue_key(config.secret), header), first):
            taken.append({"number": record.number, **_take(record)})
            said(taken[-1])
    except BadRescue as bad:
        raise Problem(f"sync.rescue_{bad.code}", bad.detail, 422, taken=taken) from bad
    finally:
        _note(taken)
    return taken


def is_whole(taken: list[Json]) -> bool:
    """Whether all of a file came, to its end, and nothing of it was left."""
    ended = bool(taken) and taken[-1]["type"] == "end" and taken[-1]["records"] == len(taken) - 1
    return ended and not any(one.get("code") or one["type"] == "unknown" for one in taken)


def in_words(taken: list[Json]) -> str:
    """What a person carries away."""
    count = {name: sum(one.get(name, 0) for one in taken) for name in ("new", "held", "known", "refused")}
    files = [one["state"] for one in taken if one["type"] == "file"]
    lines = [
        f"记录：新收下 {count['new']} 条，待组长采纳 {count['held']} 条，服务器已有 {count['known']} 条，拒收 {count['refused']} 条。",
        f"照片和签字：新收下 {files.count('stored')} 个，服务器已有 {files.count('known')} 个，没有收下 {files.count('left')} 个。",
    ]
    lines += [f"没有收下：{one['detail']}" for one in taken if one.get("detail")]
    whole = is_whole(taken)
    return "\n".join([*lines, "整份都收下了。" if whole else "没有全部收下，请留着这个文件。"])


def _note(taken: list[Json]) -> None:
    fresh = [one for one in taken if one.get("new") or one.get("held") or one.get("state") == "stored"]
    if fresh:
        with transaction():
            trail.record("rescue.carried_in", "account", acting().account_id or CARRIER, records=len(fresh))


def _take(record: Record) -> Json:
    kind = record.facts.get("type")
    if kind == "bundle":
        return _take_bundle(record.facts.get("bundle"))
    if kind == "file":
        return _take_file(record)
    if kind == "end" and is_int(record.facts.get("records"), 0, 2**31):
        return {"type": "end", "records": record.facts["records"]}
    return {"type": "unknown"}


def _take_bundle(value: Any) -> Json:
    (answer,) = take_bundles([value])
    fresh = [one for one in answer["verdicts"] if not one["duplicate"]]
    count = {kind: sum(one["verdict"] == kind for one in fresh) for kind in ("applied", "held", "refused")}
    refused = answer["code"] is not None and not answer["verdicts"]
    return {
        "type": "bundle", "new": count["applied"], "held": count["held"], "refused": count["refused"],
        "known": len(answer["verdicts"]) - len(fresh), "code": answer["code"] if refused else None,
        "detail": answer["detail"] if refused else None,
    }  # fmt: skip


def _take_file(record: Record) -> Json:
    """A stretch of a photo; large ones come in several, one after the other."""
    visit, hash_, start, size = (record.facts.get(name) for name in ("visit", "hash", "start", "size"))
    good = isinstance(visit, str) and len(visit) <= 36 and is_hash(hash_)
    if not good or not is_int(start, 0, 2**31) or not is_int(size, 1, 2**31):
        return _not_taken("sync.rescue_unreadable", "这个文件的说明读不懂，没有收下。")
    file = file_of(str(visit), str(hash_))
    if file is None:
        return _not_taken("evidence.not_announced", "提到这个文件的记录还没有收下，文件先留在救援文件里。")
    if file.stored_at is not None:
        return {"type": "file", "state": "known"}
    try:
        return {"type": "file", "state": _bring(file, int(start or 0), int(size or 0), record.content)}
    except Problem as problem:
        return _not_taken(problem.code, problem.detail)


def _bring(file: EvidenceFile, start: int, size: int, content: bytes) -> str:
    account, visit_id, hash_ = acting().account_id or CARRIER, file.visit_id, file.hash
    upload = _begun(account, visit_id, hash_)
    if upload is None:
        upload = evidence.begin_upload(file, account, size)
    if start + len(content) > upload.offset:
        upload = evidence.receive(account, upload.id, start, [content], None)
    return "stored" if upload.finished_at else "part"


def _begun(account: str, visit_id: str, hash_: str) -> Upload | None:
    mine = (Upload.account_id == account, Upload.visit_id == visit_id, Upload.hash == hash_)
    open_ = (Upload.finished_at.is_(None), Upload.expires_at > clock.now())
    return db.session.scalars(
        select(Upload).where(*mine, *open_).order_by(Upload.made_at.desc()).limit(1)
    ).first()


def _not_taken(code: str, detail: str) -> Json:
    return {"type": "file", "state": "left", "code": code, "detail": detail}
