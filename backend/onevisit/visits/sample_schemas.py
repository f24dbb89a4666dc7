"""What travels of samples and their results?"""

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.visits.terms import SampleVerdict


class SampleResultSchema(Strict):
    """What the laboratory's report says."""

    report_no = ma.fields.String(required=True, validate=ma.validate.Length(1, 100))
    verdict = ma.fields.String(
        required=True, validate=ma.validate.OneOf([one.value for one in SampleVerdict])
    )
    formed_on = ma.fields.Date(required=True)
    note = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=1000))


class SampleSchema(ma.Schema):
    """A sample of a part, and its result once there is one."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    number = ma.fields.String(required=True)
    quantity = ma.fields.String(required=True)
    laboratory = ma.fields.String(required=True, allow_none=True)
    waiting = ma.fields.Boolean(required=True)
    result = ma.fields.Nested(SampleResultSchema, required=True, allow_none=True)


class SamplesSchema(ma.Schema):
    """All samples of a part."""

    items = ma.fields.List(ma.fields.Nested(SampleSchema), required=True)
