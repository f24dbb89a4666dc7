"""What travels of a region?"""

import marshmallow as ma


class RuleSchema(ma.Schema):
    """A rule with where it comes from."""

    key = ma.fields.String(required=True)
    group = ma.fields.String(required=True)
    group_label = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True, allow_none=True)
    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)


class LimitSchema(ma.Schema):
    """A limit in working days, with the day it is counted from."""

    key = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True, allow_none=True)
    start_label = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)


class RegionSchema(ma.Schema):
    """A region with its rules."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    full_name = ma.fields.String(required=True)
    tier = ma.fields.String(required=True)
    profile = ma.fields.String(required=True, allow_none=True)
    made_up = ma.fields.Boolean(required=True)
    today = ma.fields.Date(required=True)
    rules = ma.fields.List(ma.fields.Nested(RuleSchema), required=True)
    limits = ma.fields.List(ma.fields.Nested(LimitSchema), required=True)
