"""How does the subject sign on a phone of his own? By a link bound to what he reads, to half an hour and to one browser (sync.md 6)."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import select, update

from onevisit.config import Config
from onevisit.core import clock, storage, trail
from onevisit.core.auth import Actor
from onevisit.core.canonical import canonical, sha256_hex
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.core.sealed import mac_text
from onevisit.dispatches.models import Visit
from onevisit.evidence.models import EvidenceFile
from onevisit.papers.issued import IssuedPaper, pdf_of
from onevisit.papers.terms import PaperKind
from onevisit.visits.actions import append_server_operation
from onevisit.visits.fold import frontier_of, parts_of
from onevisit.visits.gaps import confirmation_gaps
from onevisit.visits.link_models import SubjectLink
from onevisit.visits.manifest import manifest_digest, short_code
from onevisit.visits.package import build_package
from onevisit.visits.record import Json, Record, record_of, visit_row
from onevisit.visits.rules import may_confirm
from onevisit.visits.shapes import is_manifest
from onevisit.visits.terms import Combination, Kind, Mark, PartState, SignerRole

OPEN_FOR = timedelta(minutes=30)
PNG = b"\x89PNG\r\n\x1a\n"
MOST_PNG = 400 * 1024


def offer(actor: Actor, visit: Visit, given: Json) -> Json:
    """A link for what the leader's phone shows, once the server has all of it; an earlier one is withdrawn."""
    made, inspector = given["manifest"], actor.inspector_id or ""
    if not is_manifest(made) or made["visit"].get("id") != visit.id:
        raise Problem("visits.link_bad_manifest", "要核对的内容读不出来，没有出示。请返回汇总再试。", 422)
    token, at = secrets.token_urlsafe(32), clock.now()
    with transaction():
        one_at_a_time("operations")
        record = _record(visit.id)
        if not may_confirm(inspector, parts_of(made), record.context()):
            raise Problem("visits.link_not_leader", "由组长请当事人确认。这部手机不能出示。", 403)
        kind = Kind.SUPPLEMENT if made.get("supplement") else Kind.CONFIRM
        _must_be_current(record, made, kind)
        _withdraw(visit.id, at)
        link = SubjectLink(
            visit_id=visit.id, token_hash=sha256_hex(token.encode()), kind=kind.value, digest=manifest_digest(made),
            manifest=canonical(made).decode(), signer_name=given["signer"]["name"], signer_role=given["signer"]["role"],
            made_by=inspector, made_at=at, expires_at=at + OPEN_FOR,
        )  # fmt: skip
        db.session.add(link)
        db.session.flush()
        trail.record(
            "visit.link_offered", "visit", visit.id, region_id=visit.region_id, digest=link.digest, kind=kind
        )
    config: Config = current_app.config["ONEVISIT"]
    return state_of_link(link) | {"url": f"{config.public_url}/public/sign#{token}"}


def newest_of(visit_id: str) -> SubjectLink | None:
    """The link offered last."""
    query = select(SubjectLink).where(SubjectLink.visit_id == visit_id).order_by(SubjectLink.made_at.desc())
    return db.session.scalars(query.limit(1)).first()


def withdraw(visit: Visit) -> None:
    """The leader takes the code back."""
    with transaction():
        _withdraw(visit.id, clock.now())


def state_of_link(link: SubjectLink) -> Json:
    """How far it is, for the leader's screen."""
    return {
        "digest": link.digest, "state": _state(link, clock.now()), "expires_at": link.expires_at,
        "opened_at": link.opened_at, "signed_at": link.signed_at,
    }  # fmt: skip


def begin(token: str, browser: str) -> Json:
    """The subject opens it: from here on it is his browser's, for half an hour. Fetching the page is not opening."""
    at, mine = clock.now(), sha256_hex(browser.encode())
    with transaction():
        link = _link(token)
        if link.signed_at is not None and link.browser_hash == mine:
            return _signed(link)
        _must_be_open(link, at)
        if link.browser_hash is None:
            free = (SubjectLink.id == link.id, SubjectLink.browser_hash.is_(None))
            opened = {"browser_hash": mine, "opened_at": at, "expires_at": at + OPEN_FOR}
            db.session.execute(update(SubjectLink).where(*free).values(opened))
            db.session.refresh(link)
        _must_be_mine(link, mine)
        _must_be_current(_record(link.visit_id), json.loads(link.manifest), link.kind)
        return _to_read(link)


def sign(token: str, browser: str, given: Json) -> Json:
    """His signature, the one thing that uses the link up; written by the server into its own log."""
    at, png = clock.now(), _png(given["png"])
    with transaction():
        one_at_a_time("operations")
        link = _link(token)
        mine = sha256_hex(browser.encode())
        if link.signed_at is not None and link.browser_hash == mine:
            return _signed(link)
        _must_be_open(link, at)
        _must_be_mine(link, mine)
        made = json.loads(link.manifest)
        if given["digest"] != link.digest:
            raise _changed()
        record = _record(link.visit_id)
        _must_be_current(record, made, link.kind)
        body = _body(link, made, given, sha256_hex(png), at)
        visit = db.session.get_one(Visit, link.visit_id)
        if gaps := confirmation_gaps(build_package(visit, None), body):
            raise Problem("visits.link_incomplete", gaps[0]["detail"], 422)
        link.operation_id = append_server_operation(visit.id, link.kind, None, body, link.made_by)
        link.signed_at = at
        _keep_png(visit.id, png, at)
        db.session.flush()
        return _signed(link)


def record_pdf(link_id: str, key: str) -> bytes:
    """The record for keeping, as it was issued for what he signed."""
    link = db.session.get(SubjectLink, link_id)
    if link is None or link.signed_at is None or not hmac.compare_digest(key, _key(link)):
        raise Problem("visits.link_unknown", "没有找到这份记录。请向执法人员索取。", 404)
    paper = db.session.scalars(
        select(IssuedPaper)
        .where(
            IssuedPaper.kind == PaperKind.RECORD.value, IssuedPaper.subject_kind == "visit",
            IssuedPaper.subject_id == link.visit_id, IssuedPaper.digest == link.digest,
        )
        .order_by(IssuedPaper.issued_at.desc())
        .limit(1)
    ).first()  # fmt: skip
    if paper is None:
        raise Problem("visits.record_not_ready", "记录正在生成，请过一分钟再点一次。", 404, "later")
    return pdf_of(paper)


def _link(token: str) -> SubjectLink:
    query = select(SubjectLink).where(SubjectLink.token_hash == sha256_hex(token.encode()))
    link = db.session.scalars(query.with_for_update()).first()
    if link is None:
        raise Problem("visits.link_unknown", "这个二维码不对或不完整。请重新扫执法人员手机上的二维码。", 404)
    return link


def _state(link: SubjectLink, at: datetime) -> str:
    if link.signed_at is not None:
        return "signed"
    if link.withdrawn_at is not None:
        return "withdrawn"
    if link.expires_at <= at:
        return "expired"
    return "opened" if link.browser_hash else "waiting"


def _must_be_open(link: SubjectLink, at: datetime) -> None:
    refusals = {
        "signed": ("visits.link_used", "这份记录已经签过了，不用再签。", 409),
        "withdrawn": ("visits.link_withdrawn", "执法人员已收回这个二维码。请扫他手机上新的二维码。", 410),
        "expired": ("visits.link_expired", "已超过 30 分钟，这个二维码失效了。请执法人员重新出示。", 410),
    }
    if (state := _state(link, at)) in refusals:
        raise Problem(*refusals[state])


def _must_be_mine(link: SubjectLink, mine: str) -> None:
    if link.browser_hash is None:
        raise Problem("visits.link_not_begun", "请先打开并核对记录，再签字。", 409)
    if link.browser_hash != mine:
        raise Problem(
            "visits.link_other_browser",
            "已经在另一部手机或另一个浏览器里打开。请用那一个接着签，或请执法人员重新出示。",
            403,
        )


def _must_be_current(record: Record, made: Json, kind: str) -> None:
    """What he reads is exactly what would be locked now: every operation is here and says the same."""
    if record.stale:
        record.refold()
    there = {(place.device, place.seq): place.id for place in record.places}
    for device, (last, id_) in frontier_of(made).items():
        if any((device, seq) not in there for seq in range(1, last + 1)) or there[device, last] != id_:
            raise Problem(
                "visits.link_not_here",
                "记录还没有全部到服务器，不能在对方手机上签。请等传完再出示，或请对方在本机签。",
                409,
                "later",
            )
    for part in made["parts"]:
        kept = record.state["parts"].get(part["department"]["id"])
        if (
            kept is None
            or kept["state"] not in _signable(kind)
            or canonical(kept["record"]) != canonical(part["record"])
        ):
            raise _changed()


def _signable(kind: str) -> frozenset[str]:
    if kind == Kind.CONFIRM:
        return frozenset({PartState.READY})
    return frozenset({PartState.LOCKED, PartState.SUBMITTED, PartState.RETURNED})


def _changed() -> Problem:
    return Problem(
        "visits.link_changed",
        "记录在出示之后有改动，核对码已经换了，这一份不能签。请执法人员重新出示二维码。",
        409,
    )


def _to_read(link: SubjectLink) -> Json:
    """Everything the light page shows before the signature."""
    visit = db.session.get_one(Visit, link.visit_id)
    profile: Json = dict(build_package(visit, None)["profile"])
    rule, roles = profile["subject_mark"], profile["signers"]["roles"]
    known = [role for role in SignerRole if role in roles] or list(SignerRole)
    if SignerRole.OTHER_PERSON not in known:
        known.append(SignerRole.OTHER_PERSON)
    return {
        "state": "open", "manifest": json.loads(link.manifest), "digest": link.digest,
        "short_code": short_code(link.digest), "expires_at": link.expires_at,
        "signer": {"name": link.signer_name, "role": link.signer_role},
        "roles": [{"code": role.value, "label": role.label} for role in known],
        "stamp_reason": rule["combination"] == Combination.ALL and Mark.STAMP in rule["required"],
        "record_url": None,
    }  # fmt: skip


def _signed(link: SubjectLink) -> Json:
    return {
        "state": "signed", "manifest": None, "digest": link.digest, "short_code": short_code(link.digest),
        "expires_at": None, "signer": None, "roles": [], "stamp_reason": False,
        "record_url": f"/api/public/subject-links/{link.id}/{_key(link)}/record.pdf",
    }  # fmt: skip


def _key(link: SubjectLink) -> str:
    return mac_text("subject-record", [link.id, link.digest])


def _body(link: SubjectLink, made: Json, given: Json, png_hash: str, at: datetime) -> Json:
    address = made.get("header", {}).get("subject", {}).get("address")
    return {
        "digest": link.digest,
        "manifest": made,
        "marks": {
            "signature": {"strokes": given["strokes"], "png_hash": png_hash},
            "stamp": None,
            "no_stamp_reason": given["no_stamp_reason"],
        },
        "signer": {"name": given["signer"]["name"], "role": given["signer"]["role"]},
        "objection": given["objection"],
        "refusal": None,
        "witness": None,
        "place": address[:200] if address else None,
        "at": at.astimezone(clock.LAW_ZONE).isoformat(timespec="milliseconds"),
    }


def _png(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        content = b""
    if not content.startswith(PNG) or len(content) > MOST_PNG:
        raise Problem("visits.link_bad_signature", "签字没有传好，没有存上。请重写一次。", 422)
    return content


def _keep_png(visit_id: str, png: bytes, at: datetime) -> None:
    """The picture comes with the signature itself; it was announced a moment ago by the operation."""
    sha256 = storage.put_file(png)
    file = db.session.get_one(EvidenceFile, (visit_id, sha256))
    if file.stored_at is None:
        file.stored_at, file.stored_size = at, len(png)
        trail.record("file.stored", "file", sha256, visit=visit_id, bytes=len(png), kind=file.kind)


def _withdraw(visit_id: str, at: datetime) -> None:
    still_open = (
        SubjectLink.visit_id == visit_id, SubjectLink.signed_at.is_(None), SubjectLink.withdrawn_at.is_(None)
    )  # fmt: skip
    db.session.execute(update(SubjectLink).where(*still_open).values(withdrawn_at=at))


def _record(visit_id: str) -> Record:
    return record_of(cast(Any, visit_row(visit_id)))
