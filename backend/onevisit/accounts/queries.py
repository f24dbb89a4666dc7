"""Who is this account, which devices and failures has it?"""

from datetime import datetime

from sqlalchemy import bindparam, select

from onevisit.accounts.models import Account, Device, LoginFailure, RefreshToken
from onevisit.accounts.rules import FAILURE_WINDOW, token_hash
from onevisit.accounts.terms import ROLE_LABELS, Role
from onevisit.core import clock
from onevisit.core.auth import Actor
from onevisit.core.db import db, running
from onevisit.core.problems import not_found
from onevisit.departments.models import Department
from onevisit.regions.models import Region

_ACCOUNTS = Account.__table__.c
ACTOR = select(
    _ACCOUNTS.id, _ACCOUNTS.name, _ACCOUNTS.roles, _ACCOUNTS.region_id, _ACCOUNTS.department_id,
    _ACCOUNTS.inspector_id, _ACCOUNTS.active,
).where(_ACCOUNTS.id == bindparam("account"))  # fmt: skip


def actor_of(account_id: str) -> Actor | None:
    """The actor an access token stands for; None when the account is closed."""
    account = running().execute(ACTOR, {"account": account_id}).first()
    if account is None or not account.active:
        return None
    return Actor(
        account.id, account.name, frozenset(account.roles), account.region_id, account.department_id,
        account.inspector_id,
    )  # fmt: skip


def account_named(username: str) -> Account | None:
    """The account that signs in with this name."""
    return db.session.scalars(select(Account).where(Account.username == username)).first()


def recent_failures(username: str) -> list[datetime]:
    """When this name was tried with a wrong password lately."""
    since = clock.now() - FAILURE_WINDOW
    return list(
        db.session.scalars(
            select(LoginFailure.at).where(LoginFailure.username == username, LoginFailure.at > since)
        )
    )


def session_of(token: str) -> RefreshToken | None:
    """The session link that this refresh token names."""
    return db.session.scalars(
        select(RefreshToken).where(RefreshToken.token_hash == token_hash(token))
    ).first()


def devices_of(account_id: str) -> list[Device]:
    """The devices of an account, newest first."""
    return list(
        db.session.scalars(
            select(Device).where(Device.account_id == account_id).order_by(Device.enrolled_at.desc())
        )
    )


def device_of(account_id: str, device_id: str) -> Device:
    """One of the account's own devices."""
    device = db.session.get(Device, device_id)
    if device is None or device.account_id != account_id:
        raise not_found("设备")
    return device


def profile_of_account(account: Account) -> dict[str, object]:
    """What the screens show of the one who signed in."""
    region = db.session.get(Region, account.region_id) if account.region_id else None
    department = db.session.get(Department, account.department_id) if account.department_id else None
    return {
        "id": account.id,
        "name": account.name,
        "username": account.username,
        "roles": account.roles,
        "role_labels": [ROLE_LABELS[Role(role)] for role in account.roles],
        "region": {"id": region.id, "name": region.name} if region else None,
        "department": {"id": department.id, "name": department.name} if department else None,
        "inspector_id": account.inspector_id,
    }
