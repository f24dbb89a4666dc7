"""Was this desk request already carried out? A key is claimed inside the action's own transaction."""

import hashlib
from datetime import datetime
from typing import Any

from flask import Flask, Response, g, make_response, request
from sqlalchemy import String, Text, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import Model, db, transaction
from onevisit.core.problems import Problem


class IdempotencyKey(Model):
    """A key one account used, what for, and what was answered."""

    __tablename__ = "idempotency_keys"
    account_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime]


def answer_again() -> Response | None:
    """The answer that was given for this key before; None when the key is new. Called by the guard."""
    key = request.headers.get("Idempotency-Key", "")[:80]
    account = acting().account_id
    if request.method != "POST" or not key or account is None:
        return None
    known = db.session.get(IdempotencyKey, (account, key))
    if known is None:
        g.idempotency = (account, key, _fingerprint())
        return None
    if known.request_hash != _fingerprint():
        raise Problem("api.key_reused", "这个提交编号已用于别的操作，这次没有写入。请刷新页面再试。", 422)
    if known.status is None:
        raise Problem("api.already_done", "这一步已经做过了，没有重复执行。请刷新页面查看结果。", 409)
    response = make_response(known.body or "", known.status)
    response.mimetype = "application/json"
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _fingerprint() -> str:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()


def set_up_idempotency(app: Flask) -> None:
    """Claim the key with the action's own first commit; keep the answer after it."""
    app.after_request(_keep_answer)


@event.listens_for(Session, "before_commit")
def _claim_key(session: Session) -> None:
    claim: tuple[str, str, str] | None = g.pop("idempotency", None) if _in_request() else None
    if claim is None:
        return
    account, key, fingerprint = claim
    session.add(IdempotencyKey(account_id=account, key=key, request_hash=fingerprint, at=clock.now()))
    g.idempotency_claimed = (account, key)


def _in_request() -> bool:
    from flask import has_request_context

    return has_request_context()


def _keep_answer(response: Response) -> Response:
    claimed: tuple[str, str] | None = g.pop("idempotency_claimed", None)
    if claimed is not None and response.status_code < 400 and not response.direct_passthrough:
        with transaction():
            known: Any = db.session.get(IdempotencyKey, claimed)
            if known is not None:
                known.status, known.body = response.status_code, response.get_data(as_text=True)
    return response
