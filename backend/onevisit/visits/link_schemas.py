"""What travels between the light page of the subject, the leader's phone and us?"""

import marshmallow as ma

from onevisit.visits.shapes import is_strokes
from onevisit.visits.terms import SignerRole

_TEXT = ma.validate.Length(1, 2000)


class SignerSchema(ma.Schema):
    """Who signs, and as whom."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 50))
    role = ma.fields.String(required=True, validate=ma.validate.OneOf([role.value for role in SignerRole]))


class SubjectOfferSchema(ma.Schema):
    """What the leader's phone shows."""

    manifest = ma.fields.Dict(required=True)
    signer = ma.fields.Nested(SignerSchema, required=True)


class LinkStateSchema(ma.Schema):
    """How far the subject is."""

    digest = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    opened_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    signed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class OfferedSchema(LinkStateSchema):
    """The link itself, told once."""

    url = ma.fields.String(required=True)


class NewestLinkSchema(ma.Schema):
    """The link offered last, if any."""

    link = ma.fields.Nested(LinkStateSchema, required=True, allow_none=True)


class BeginSchema(ma.Schema):
    """The token of the fragment, and a name the browser gave itself."""

    token = ma.fields.String(required=True, validate=ma.validate.Length(20, 100))
    browser = ma.fields.String(required=True, validate=ma.validate.Length(20, 100))


class SubjectSignSchema(BeginSchema):
    """The signature with all that belongs to it."""

    digest = ma.fields.String(required=True, validate=ma.validate.Length(equal=64))
    signer = ma.fields.Nested(SignerSchema, required=True)
    objection = ma.fields.String(required=True, allow_none=True, validate=_TEXT)
    no_stamp_reason = ma.fields.String(required=True, allow_none=True, validate=ma.validate.Length(1, 200))
    strokes = ma.fields.Raw(required=True, validate=is_strokes)
    png = ma.fields.String(required=True, validate=ma.validate.Length(20, 600_000))


class RoleSchema(ma.Schema):
    """As whom one may sign here."""

    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class ToReadSchema(ma.Schema):
    """What the light page shows: the record to sign, or the record that was signed."""

    state = ma.fields.String(required=True)
    manifest = ma.fields.Dict(required=True, allow_none=True)
    digest = ma.fields.String(required=True)
    short_code = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    signer = ma.fields.Nested(SignerSchema, required=True, allow_none=True)
    roles = ma.fields.List(ma.fields.Nested(RoleSchema), required=True)
    stamp_reason = ma.fields.Boolean(required=True)
    record_url = ma.fields.String(required=True, allow_none=True)
