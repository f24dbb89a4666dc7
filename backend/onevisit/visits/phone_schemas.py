"""What travels about phones themselves: rescue files, and the phones of a team?"""

import marshmallow as ma

from onevisit.core.api import Strict


class RescueKeySchema(ma.Schema):
    """To whom phones seal what they cannot send: a P-256 point, uncompressed, in hex."""

    kid = ma.fields.String(required=True)
    key = ma.fields.String(required=True)


class RescueQuery(Strict):
    """The number of the first record in the body."""

    first = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 2**31))


class RescuedSchema(ma.Schema):
    """What became of one record."""

    number = ma.fields.Integer(required=True)
    type = ma.fields.String(required=True)
    new = ma.fields.Integer()
    held = ma.fields.Integer()
    refused = ma.fields.Integer()
    known = ma.fields.Integer()
    state = ma.fields.String()
    records = ma.fields.Integer()
    code = ma.fields.String(allow_none=True)
    detail = ma.fields.String(allow_none=True)


class RescueAnswerSchema(ma.Schema):
    """What became of what was carried in."""

    taken = ma.fields.List(ma.fields.Nested(RescuedSchema), required=True)


class RevokeSchema(Strict):
    """Why a phone is taken off."""

    reason = ma.fields.String(required=True, validate=ma.validate.Length(2, 200))


class TeamPhoneSchema(ma.Schema):
    """One phone: when it was last heard of, what it named and has not brought."""

    id = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    enrolled_at = ma.fields.AwareDateTime(required=True)
    last_seen_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    missing = ma.fields.Integer(required=True)
    missing_since = ma.fields.AwareDateTime(required=True, allow_none=True)


class TeamMemberPhonesSchema(ma.Schema):
    """One member of a team."""

    inspector = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    department = ma.fields.String(required=True)
    may_revoke = ma.fields.Boolean(required=True)
    phones = ma.fields.List(ma.fields.Nested(TeamPhoneSchema), required=True)


class TeamPhonesSchema(ma.Schema):
    """The whole team."""

    items = ma.fields.List(ma.fields.Nested(TeamMemberPhonesSchema), required=True)
