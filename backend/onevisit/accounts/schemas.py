"""What travels when somebody signs in or brings a device?"""

import marshmallow as ma

from onevisit.core.api import Strict


class LoginSchema(Strict):
    """A name and a password."""

    username = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))
    password = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))


class NamedSchema(ma.Schema):
    """A thing by id and name."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class AccountSchema(ma.Schema):
    """Who signed in."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    username = ma.fields.String(required=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    role_labels = ma.fields.List(ma.fields.String(), required=True)
    region = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    department = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    inspector_id = ma.fields.String(required=True, allow_none=True)


class EntranceSchema(ma.Schema):
    """A short access token; the refresh token goes in an HttpOnly cookie only."""

    access_token = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True)
    csrf = ma.fields.String(required=True)
    account = ma.fields.Nested(AccountSchema, required=True)


class NonceSchema(ma.Schema):
    """What a new device signs."""

    nonce = ma.fields.String(required=True)


class JwkSchema(Strict):
    """A public P-256 key as WebCrypto exports it."""

    class Meta:
        unknown = ma.EXCLUDE

    kty = ma.fields.String(required=True, validate=ma.validate.Equal("EC"))
    crv = ma.fields.String(required=True, validate=ma.validate.Equal("P-256"))
    x = ma.fields.String(required=True, validate=ma.validate.Length(43, 43))
    y = ma.fields.String(required=True, validate=ma.validate.Length(43, 43))


class EnrolmentSchema(Strict):
    """A device that proves its key."""

    nonce = ma.fields.String(required=True)
    public_key = ma.fields.Nested(JwkSchema, required=True)
    label = ma.fields.String(required=True, validate=ma.validate.Length(1, 120))
    signature = ma.fields.String(required=True)


class DeviceSchema(ma.Schema):
    """A device in the list."""

    id = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    enrolled_at = ma.fields.AwareDateTime(required=True)
    last_seen_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class EnrolledSchema(ma.Schema):
    """The new device, and the secret with which a forgotten PIN loses nothing (sync.md 7)."""

    device = ma.fields.Nested(DeviceSchema, required=True)
    recovery_secret = ma.fields.String(required=True)


class RecoverySchema(ma.Schema):
    """The secret again, after an online login."""

    recovery_secret = ma.fields.String(required=True)


class DeviceListSchema(ma.Schema):
    """All devices of the account."""

    items = ma.fields.List(ma.fields.Nested(DeviceSchema), required=True)
