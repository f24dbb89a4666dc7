"""What is kept of those who sign in: accounts, their devices, their sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from onevisit.core.db import Model, WithId


class Account(WithId, Model):
    """An account; `inspector_id` ties it to the library of inspectors (a later step, so no foreign key)."""

    __tablename__ = "accounts"
    username: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(60))
    roles: Mapped[list[Any]]
    region_id: Mapped[str | None] = mapped_column(ForeignKey("regions.id"), index=True)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"))
    inspector_id: Mapped[str | None] = mapped_column(String(36), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Device(WithId, Model):
    """A phone or desk browser that proved a signing key of its own; `unsent` is what it said at its last contact."""

    __tablename__ = "devices"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    label: Mapped[str] = mapped_column(String(120))
    public_key: Mapped[dict[str, Any]]
    recovery_secret: Mapped[str] = mapped_column(String(64))
    enrolled_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(36))
    app_version: Mapped[str | None] = mapped_column(String(40))
    unsent: Mapped[int] = mapped_column(default=0, server_default="0")
    unsent_since: Mapped[datetime | None]


class DeviceNonce(WithId, Model):
    """A question a new device must answer with its key; short-lived and used once."""

    __tablename__ = "device_nonces"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RefreshToken(WithId, Model):
    """One link of a rotating session; only the hash is kept. `successor` serves the 60 s grace."""

    __tablename__ = "refresh_tokens"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    family: Mapped[str] = mapped_column(String(36), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginFailure(WithId, Model):
    """A wrong password, counted to slow down guessing."""

    __tablename__ = "login_failures"
    username: Mapped[str] = mapped_column(String(60), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
