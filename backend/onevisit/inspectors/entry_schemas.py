"""What travels of a single inspector?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import Strict
from onevisit.core.exporting import ExportQuery
from onevisit.inspectors.schemas import InspectorQuery, InspectorSchema
from onevisit.inspectors.terms import GONE, InspectorKind, InspectorState
from onevisit.subjects.entry_schemas import LibraryChangeSchema, one_of, text


class InspectorEntrySchema(Strict):
    """A person as a clerk types it."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))
    kind = ma.fields.String(required=True, validate=one_of(InspectorKind))
    certificate_no = text(40)
    valid_to = ma.fields.Date(load_default=None, allow_none=True)
    qualification = text(120)
    specialities = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 40)),
        load_default=list,
        validate=ma.validate.Length(max=20),
    )
    expert = ma.fields.Boolean(load_default=False)
    state = ma.fields.String(load_default=InspectorState.ACTIVE.value, validate=one_of(InspectorState))
    phone = text(40)
    recusals = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 36)),
        load_default=list,
        validate=ma.validate.Length(max=200),
    )
    recusal_reasons = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.Length(1, 36)),
        values=ma.fields.String(validate=ma.validate.Length(max=120)), load_default=dict,
    )  # fmt: skip


class NewInspectorSchema(InspectorEntrySchema):
    """A new person; no department named: the own one."""

    department_id = text(40)


class LeaveSchema(Strict):
    """Transferred or left, never without a reason."""

    state = ma.fields.String(required=True, validate=ma.validate.OneOf(sorted(one.value for one in GONE)))
    day = ma.fields.Date(required=True)
    reason = ma.fields.String(required=True, validate=ma.validate.Length(2, 200))


class RecusalSchema(ma.Schema):
    """Whom one keeps away from, and why."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)


class TeamSchema(ma.Schema):
    """An open visit on whose team the person is."""

    visit_id = ma.fields.String(required=True)
    visit_no = ma.fields.String(required=True)
    task_id = ma.fields.String(required=True)
    task_name = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)


class WholeInspectorSchema(InspectorSchema):
    """A person with recusals, open visits and history."""

    qualification = ma.fields.String(required=True, allow_none=True)
    recusals = ma.fields.List(ma.fields.Nested(RecusalSchema), required=True)
    left_on = ma.fields.Date(required=True, allow_none=True)
    left_reason = ma.fields.String(required=True, allow_none=True)
    not_drawn = ma.fields.String(required=True, allow_none=True)
    updated_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    may_change = ma.fields.Boolean(required=True)
    open_visits = ma.fields.List(ma.fields.Nested(TeamSchema), required=True)
    changes = ma.fields.List(ma.fields.Nested(LibraryChangeSchema), required=True)
    undo = ma.fields.String(required=True, allow_none=True)
    revision = ma.fields.Integer(required=True)


class UndonePersonSchema(ma.Schema):
    """The person as before; null when the enrolment was taken back."""

    inspector = ma.fields.Nested(WholeInspectorSchema, required=True, allow_none=True)


class InspectorExportQuery(ExportQuery, InspectorQuery):
    """The filtered list, and what for."""


class InspectorDepartmentSchema(NamedSchema):
    """A department in a list of people."""
