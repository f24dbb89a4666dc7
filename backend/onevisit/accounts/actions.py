"""What happens when somebody signs in, goes on, leaves, or brings a device?"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import current_app
from flask_jwt_extended import create_access_token
from sqlalchemy import or_, select, update

from onevisit.accounts import rules
from onevisit.accounts.models import Account, Device, DeviceNonce, LoginFailure, RefreshToken
from onevisit.accounts.queries import account_named, device_of, recent_failures, session_of
from onevisit.config import Config
from onevisit.core import clock, trail
from onevisit.core.auth import Actor, acting
from onevisit.core.db import db, transaction
from onevisit.core.ids import new_id
from onevisit.core.problems import Problem

hasher = PasswordHasher()
NOBODY = hasher.hash(secrets.token_hex(16))


@dataclass(frozen=True)
class Entrance:
    """What the browser gets: a short access token, and the link it goes on with."""

    account: Account
    access_token: str
    expires_in: int
    refresh_token: str
    csrf: str


def add_account(
    username: str, password: str, name: str, roles: list[str], *,
    region_id: str | None, department_id: str | None = None, inspector_id: str | None = None,
) -> Account:  # fmt: skip
    """A new account; the three administrators are separate people (process.md)."""
    if clash := rules.clashing_roles(roles):
        raise Problem("accounts.roles_clash", f"管理员角色不能与其他角色同时给一个账号：{'、'.join(clash)}。")
    if len(password) < 8:
        raise Problem("accounts.password_too_short", "密码至少 8 位。请换一个更长的密码。")
    with transaction():
        if account_named(username):
            raise Problem("accounts.name_taken", f"账号“{username}”已经有人用了，请换一个。", 409)
        account = Account(
            username=username, password_hash=hasher.hash(password), name=name, roles=roles,
            region_id=region_id, department_id=department_id, inspector_id=inspector_id, created_at=clock.now(),
        )  # fmt: skip
        db.session.add(account)
        db.session.flush()
        trail.record(
            "account.added",
            "account",
            account.id,
            region_id=region_id,
            department_id=department_id,
            roles=roles,
        )
    return account


def log_in(username: str, password: str) -> Entrance:
    """Check the password, slow down guessing, and open a session of its own family."""
    pause = rules.wait_after(recent_failures(username), clock.now())
    if pause:
        seconds = int(pause.total_seconds()) + 1
        raise Problem(
            "accounts.too_many_failures", f"密码输错次数太多，请 {seconds} 秒后再试。手机里的记录不受影响。",
            429, "later", retry_after=seconds,
        )  # fmt: skip
    account = account_named(username)
    if not _password_fits(account, password) or account is None or not account.active:
        with transaction():
            db.session.add(LoginFailure(username=username, at=clock.now()))
        raise Problem(
            "accounts.wrong_password",
            "账号或密码不对，请核对后重新输入。忘记密码请联系本单位管理员。",
            401,
            "after_login",
        )
    with transaction():
        account = db.session.get_one(Account, account.id)
        trail.record("account.logged_in", "account", account.id, actor=actor_for(account))
        return _enter(account, new_id())


def sign_at_desk(password: str) -> None:
    """Who acts proves that it is him, by his password given again: what counts as a signature at a desk.

    Guessing is slowed down as at the door; a wrong one ends nobody's session.
    """
    account = db.session.get_one(Account, acting().account_id)
    if pause := rules.wait_after(recent_failures(account.username), clock.now()):
        seconds = int(pause.total_seconds()) + 1
        raise Problem(
            "accounts.too_many_failures", f"密码输错次数太多，请 {seconds} 秒后再试。什么都没有改变。",
            429, "later", retry_after=seconds,
        )  # fmt: skip
    if not _password_fits(account, password):
        with transaction():
            db.session.add(LoginFailure(username=account.username, at=clock.now()))
        raise Problem(
            "accounts.signature_failed", "密码不对，没有签字，什么都没有改变。请重新输入您的登录密码。", 422
        )


def actor_for(account: Account) -> Actor:
    """The account as the one who acts."""
    return Actor(account.id, account.name, frozenset(account.roles), account.region_id, account.department_id)


def _password_fits(account: Account | None, password: str) -> bool:
    """Take the same time for unknown names, so that names cannot be found out."""
    try:
        return hasher.verify(account.password_hash if account else NOBODY, password)
    except VerificationError:
        return False


def _enter(account: Account, family: str, token: str | None = None, csrf: str | None = None) -> Entrance:
    config: Config = current_app.config["ONEVISIT"]
    token, csrf = token or secrets.token_urlsafe(32), csrf or secrets.token_urlsafe(24)
    db.session.add(
        RefreshToken(
            account_id=account.id, family=family, token_hash=rules.token_hash(token), csrf=csrf,
            made_at=clock.now(), expires_at=clock.now() + timedelta(days=config.refresh_days),
        )
    )  # fmt: skip
    return _entrance(account, token, csrf)


def _entrance(account: Account, token: str, csrf: str) -> Entrance:
    config: Config = current_app.config["ONEVISIT"]
    life = timedelta(minutes=config.access_minutes)
    access = create_access_token(account.id, expires_delta=life)
    return Entrance(account, access, int(life.total_seconds()), token, csrf)


def _successor(token: str) -> str:
    """The next token, computed from this one: within the grace the same question gets the same answer,
    and no readable token is ever kept."""
    config: Config = current_app.config["ONEVISIT"]
    made = hmac.digest(config.secret.encode(), b"refresh|" + token.encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def go_on(token: str, csrf: str) -> Entrance:
    """Rotate the refresh token; a used one that comes back after the grace ends the whole family."""
    session = session_of(token)
    if session is None:
        raise _login_needed()
    if not hmac.compare_digest(session.csrf.encode(), csrf.encode()):
        raise Problem("accounts.csrf", "页面已过期，请刷新后再试。您的内容没有丢。", 403, "after_login")
    with transaction():
        session = session_of(token)
        verdict = rules.refresh_verdict(
            rules.Session(session.used_at, session.revoked_at, session.expires_at), clock.now()
        ) if session else "ended"  # fmt: skip
        account = db.session.get(Account, session.account_id) if session else None
        if session is not None and account is not None and account.active and verdict != "ended":
            if verdict == "rotate":
                session.used_at = clock.now()
                return _enter(account, session.family, _successor(token), session.csrf)
            if verdict == "repeat":
                return _entrance(account, _successor(token), session.csrf)
            _end_family(session.family)
            trail.record("account.token_reused", "account", account.id, actor=actor_for(account))
    raise _login_needed()


def _login_needed() -> Problem:
    return Problem(
        "auth.login_needed", "登录已过期，请重新登录。手机里的记录都在，登录后接着传。", 401, "after_login"
    )


def log_out(token: str | None) -> None:
    """End the session this token belongs to; nothing happens when there is none."""
    session = session_of(token) if token else None
    if session is not None:
        family = session.family
        with transaction():
            _end_family(family)


def _end_family(family: str) -> None:
    db.session.execute(
        update(RefreshToken)
        .where(RefreshToken.family == family, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


def ask_device() -> DeviceNonce:
    """A question that the new device must sign within five minutes."""
    with transaction():
        nonce = DeviceNonce(account_id=acting().account_id or "", made_at=clock.now())
        db.session.add(nonce)
    return nonce


def enrol_device(nonce: str, public_key: dict[str, Any], label: str, signature: str) -> Device:
    """Take in a device that proves its key (sync.md 1: proof of possession over a server nonce)."""
    account_id = acting().account_id or ""
    with transaction():
        asked = db.session.scalars(
            select(DeviceNonce).where(DeviceNonce.id == nonce).with_for_update()
        ).first()
        if (
            asked is None
            or asked.account_id != account_id
            or asked.used_at
            or clock.now() - asked.made_at > rules.NONCE_LIFE
        ):
            raise Problem("accounts.nonce_expired", "登记设备超时了，请重新登录后再登记一次。", 422, "now")
        if not rules.proves(public_key, signature, f"onevisit-device/1|{nonce}".encode()):
            raise Problem(
                "accounts.device_not_proven", "这台设备没能证明自己的密钥，未登记。请重新打开应用再试。", 422
            )
        asked.used_at = clock.now()
        device = Device(
            account_id=account_id, label=label, public_key=public_key, enrolled_at=clock.now(),
            recovery_secret=secrets.token_urlsafe(32),
        )  # fmt: skip
        db.session.add(device)
        db.session.flush()
        trail.record("device.enrolled", "device", device.id, label=label)
    return device


def revoke_device(device_id: str) -> Device:
    """Take a device of one's own off."""
    return take_right_away(device_of(acting().account_id or "", device_id))


def take_right_away(device: Device, **why: Any) -> Device:
    """Take a device's right to write away; what it sends later is held, not lost (sync.md 3)."""
    device_id = device.id
    with transaction():
        device = db.session.get_one(Device, device_id)
        if device.revoked_at is None:
            device.revoked_at, device.revoked_by = clock.now(), acting().account_id
            trail.record("device.revoked", "device", device.id, **why)
    return device


def note_contact(device_id: str, said: rules.Said) -> None:
    """A phone of mine was heard of, and what it said of itself; kept every few minutes or when it says something new,
    so that asking for news costs no write each time."""
    now = clock.now()
    mine = (Device.id == device_id, Device.account_id == acting().account_id)
    told: dict[str, Any] = {} if said.version is None else {"app_version": said.version}
    if said.unsent is not None:
        told |= {"unsent": said.unsent, "unsent_since": now - said.waited if said.unsent else None}
    new = [
        getattr(Device, name).is_distinct_from(told[name])
        for name in ("app_version", "unsent")
        if name in told
    ]
    quiet = or_(Device.last_seen_at.is_(None), Device.last_seen_at < now - rules.CONTACT_STEP, *new)
    if db.session.scalars(select(Device.id).where(*mine, quiet)).first() is not None:
        with transaction():
            db.session.execute(update(Device).where(*mine).values(last_seen_at=now, **told))
