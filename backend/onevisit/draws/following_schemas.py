"""What travels of a draw's long lists, its visits, and what follows the lot?"""

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.draws.lists import CHANGES, PARTS
from onevisit.draws.schemas import LEAF, REASON, DrawSourceGivenSchema
from onevisit.draws.states import WaiverException
from onevisit.draws.terms import AssistantKind, ReplacementCause

SOURCES = ma.validate.Length(1, 8)


class ListQuery(ma.Schema):
    """Which list, from which row on."""

    class Meta:
        unknown = ma.EXCLUDE

    part = ma.fields.String(required=True, validate=ma.validate.OneOf([*PARTS, *CHANGES]))
    reason = ma.fields.String(load_default=None)
    q = ma.fields.String(load_default="", validate=ma.validate.Length(0, 60))
    after = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 2**31 - 1))
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 200))


class CandidateQuery(ListQuery):
    """The same for a task that is not frozen yet."""

    task_id = ma.fields.String(required=True)


class ListRowSchema(ma.Schema):
    """One row of a list."""

    number = ma.fields.Integer(required=True)
    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    risk = ma.fields.String(required=True, allow_none=True)
    leaf = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True)
    note = ma.fields.String(required=True, allow_none=True)


class ListPageSchema(ma.Schema):
    """A page of a list."""

    items = ma.fields.List(ma.fields.Nested(ListRowSchema), required=True)
    next = ma.fields.Integer(required=True, allow_none=True)


class VisitPageQuery(ma.Schema):
    """From which visit on."""

    class Meta:
        unknown = ma.EXCLUDE

    after = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 2**31 - 1))
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 200))


class DrawnTeamMemberSchema(ma.Schema):
    """Who was matched, appointed, or stands in for somebody."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    department_id = ma.fields.String(required=True)
    leads = ma.fields.Boolean(required=True)
    appointed_reason = ma.fields.String(required=True, allow_none=True)
    replaced = ma.fields.Boolean(required=True)
    from_elsewhere = ma.fields.Boolean(required=True)
    replacement_asked = ma.fields.Boolean(required=True)


class DrawnAssistantSchema(ma.Schema):
    """Who assists and guides."""

    kind_label = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    unit = ma.fields.String(required=True, allow_none=True)
    speciality = ma.fields.String(required=True, allow_none=True)
    department_id = ma.fields.String(required=True)


class DrawnSubjectNamedSchema(ma.Schema):
    """A drawn subject."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True)


class DrawnVisitSchema(ma.Schema):
    """A drawn subject with its team."""

    order = ma.fields.Integer(required=True)
    leaf = ma.fields.String(required=True)
    ticket = ma.fields.String(required=True)
    risk = ma.fields.String(required=True)
    visit_id = ma.fields.String(required=True, allow_none=True)
    subject = ma.fields.Nested(DrawnSubjectNamedSchema, required=True)
    team = ma.fields.List(ma.fields.Nested(DrawnTeamMemberSchema), required=True)
    assistants = ma.fields.List(ma.fields.Nested(DrawnAssistantSchema), required=True)
    waived_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    waived_reason = ma.fields.String(required=True, allow_none=True)


class WaiverExceptionSchema(ma.Schema):
    """When a subject of low risk must be gone to all the same."""

    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class DrawnVisitPageSchema(ma.Schema):
    """A page of drawn visits; `waivable`: the exceptions of class A, null where going there may not be waived."""

    items = ma.fields.List(ma.fields.Nested(DrawnVisitSchema), required=True)
    next = ma.fields.Integer(required=True, allow_none=True)
    waivable = ma.fields.List(ma.fields.Nested(WaiverExceptionSchema), required=True, allow_none=True)


class InspectorDrawGivenSchema(Strict):
    """Whose inspectors are to be drawn, and who brings chance; no departments: my own."""

    departments = ma.fields.List(ma.fields.String(), load_default=list, validate=ma.validate.Length(0, 40))
    sources = ma.fields.List(ma.fields.Nested(DrawSourceGivenSchema), required=True, validate=SOURCES)


class WidenedDrawGivenSchema(Strict):
    """Who brings chance to the draw over the wider pool."""

    sources = ma.fields.List(ma.fields.Nested(DrawSourceGivenSchema), required=True, validate=SOURCES)


class AssistantGivenSchema(Strict):
    """An expert or institution, where, and why."""

    leaf = ma.fields.String(required=True, validate=LEAF)
    kind = ma.fields.Enum(AssistantKind, by_value=True, required=True)
    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 80))
    unit = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(1, 120))
    speciality = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(1, 60))
    reason = ma.fields.String(required=True, validate=REASON)


class WaiverGivenSchema(Strict):
    """Why nobody goes there, and which exceptions were looked at and do not hold."""

    leaf = ma.fields.String(required=True, validate=LEAF)
    reason = ma.fields.String(required=True, validate=REASON)
    none_holds = ma.fields.List(
        ma.fields.String(validate=ma.validate.OneOf([one.value for one in WaiverException])), required=True,
        validate=ma.validate.Length(0, 20),
    )  # fmt: skip


class ReplacementGivenSchema(Strict):
    """Who goes instead of whom, where, and why."""

    leaf = ma.fields.String(required=True, validate=LEAF)
    out_id = ma.fields.String(required=True)
    in_id = ma.fields.String(required=True)
    cause = ma.fields.Enum(ReplacementCause, by_value=True, required=True)
    note = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(0, 500))


class DecisionSchema(Strict):
    """Yes, or no and why."""

    approved = ma.fields.Boolean(required=True)
    answer = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(0, 500))


class DrawReplacementSchema(ma.Schema):
    """A replacement asked for."""

    id = ma.fields.String(required=True)
    leaf = ma.fields.String(required=True)
    order = ma.fields.Integer(required=True)
    subject = ma.fields.String(required=True)
    department_id = ma.fields.String(required=True)
    out = ma.fields.String(required=True)
    into = ma.fields.String(required=True)
    cause = ma.fields.String(required=True)
    cause_label = ma.fields.String(required=True)
    note = ma.fields.String(required=True, allow_none=True)
    asked_at = ma.fields.AwareDateTime(required=True)
    asked_by = ma.fields.String(required=True, allow_none=True)
    mine = ma.fields.Boolean(required=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    decided_by = ma.fields.String(required=True, allow_none=True)
    approved = ma.fields.Boolean(required=True, allow_none=True)
    answer = ma.fields.String(required=True, allow_none=True)


class DrawReplacementListSchema(ma.Schema):
    """All replacements of a draw."""

    items = ma.fields.List(ma.fields.Nested(DrawReplacementSchema), required=True)
