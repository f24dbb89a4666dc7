"""What travels of a region's phones?"""

import marshmallow as ma

from onevisit.accounts.terms import FleetState, Lateness
from onevisit.core.api import Strict
from onevisit.core.exporting import ExportQuery
from onevisit.tasks.schemas import NamedDepartmentSchema

STATES = ma.validate.OneOf([one.value for one in FleetState])
LATENESSES = ma.validate.OneOf([one.value for one in Lateness])


class FleetWanted(ma.Schema):
    """Which rows."""

    class Meta:
        unknown = ma.EXCLUDE

    state = ma.fields.String(load_default=None, validate=STATES)
    lateness = ma.fields.String(load_default=None, validate=LATENESSES)
    department_id = ma.fields.String(load_default=None)
    q = ma.fields.String(
        load_default="",
        validate=ma.validate.Length(0, 80),
        metadata={"description": "Name, department or phone"},
    )


class FleetQuery(FleetWanted):
    """Which rows, page by page."""

    after = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 10**6))
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 250))


class FleetExportQuery(ExportQuery, FleetWanted):
    """Which rows leave the house, in which form, and what for (S2 art. 25)."""


class FleetPhoneSchema(ma.Schema):
    """The phone itself."""

    id = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    version = ma.fields.String(required=True, allow_none=True)
    enrolled_at = ma.fields.AwareDateTime(required=True)
    last_seen_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class FleetRowSchema(ma.Schema):
    """One person with one phone; `phone` is null where none was enrolled."""

    account = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    phone = ma.fields.Nested(FleetPhoneSchema, required=True, allow_none=True)
    visits_open = ma.fields.Integer(required=True)
    acknowledged = ma.fields.Integer(required=True)
    last_received_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    photos = ma.fields.Integer(required=True)
    files = ma.fields.Integer(required=True)
    gaps = ma.fields.Integer(required=True)
    unsent = ma.fields.Integer(required=True)
    sentence = ma.fields.String(required=True)
    since = ma.fields.AwareDateTime(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=STATES)
    lateness = ma.fields.String(required=True, validate=LATENESSES)


class FleetSchema(ma.Schema):
    """A page of the fleet, and how many rows are in which state."""

    items = ma.fields.List(ma.fields.Nested(FleetRowSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    total = ma.fields.Integer(required=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    late = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class FleetVisitSchema(ma.Schema):
    """What of a visit came from this phone; `gap`: the stretch that the phone still has."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    task_id = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    acknowledged = ma.fields.Integer(required=True)
    last_received_at = ma.fields.AwareDateTime(required=True)
    missing = ma.fields.Integer(required=True)
    gap = ma.fields.List(ma.fields.Integer(), required=True, allow_none=True)


class FleetOneSchema(FleetRowSchema):
    """One phone with its visits."""

    visits = ma.fields.List(ma.fields.Nested(FleetVisitSchema), required=True)


class FleetRevokeSchema(Strict):
    """Why a phone is taken off."""

    reason = ma.fields.String(
        required=True, validate=[ma.validate.Length(2, 200), ma.validate.Regexp(r"\s*\S.*\S\s*$")]
    )
