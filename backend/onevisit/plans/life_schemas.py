"""What travels of a plan's life: new rows, submissions, versions, reports, exports?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import Strict
from onevisit.plans.life import EntryKind, EntryOrigin
from onevisit.plans.schemas import PlanEntryChangeSchema, PlanEntrySchema

TEXT = ma.validate.Length(1, 500)


class OpeningPlanSchema(Strict):
    """A new year: are departments asked for their rows, and by when?"""

    year = ma.fields.Integer(required=True, validate=ma.validate.Range(2000, 2100))
    collecting = ma.fields.Boolean(load_default=True)
    submit_by = ma.fields.Date(load_default=None, allow_none=True)


class PlanChangeSchema(Strict):
    """The plan's name, document and days."""

    name = ma.fields.String(validate=ma.validate.Length(1, 200))
    document_no = ma.fields.String(allow_none=True, validate=ma.validate.Length(1, 80))
    submit_by = ma.fields.Date(allow_none=True)
    publish_by = ma.fields.Date(allow_none=True)
    complete_by = ma.fields.Date(allow_none=True)


class NewEntrySchema(PlanEntryChangeSchema):
    """A row as somebody types it."""

    class Meta(Strict.Meta):
        exclude = ("items", "settled")

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 300))
    kind = ma.fields.String(
        load_default="joint", validate=ma.validate.OneOf([one.value for one in EntryKind])
    )
    origin = ma.fields.String(
        load_default="annual_plan", validate=ma.validate.OneOf([one.value for one in EntryOrigin])
    )


class PlanReasonSchema(Strict):
    """Why."""

    reason = ma.fields.String(required=True, validate=TEXT)
    report_no = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(1, 80))


class NoteSchema(Strict):
    """A word to go with it."""

    note = ma.fields.String(load_default=None, allow_none=True, validate=TEXT)


class DepartmentsSchema(Strict):
    """Whom to remind."""

    department_ids = ma.fields.List(ma.fields.String(), required=True, validate=ma.validate.Length(1, 200))


class RowsSchema(Strict):
    """Which rows; null: all that wait."""

    entry_ids = ma.fields.List(
        ma.fields.String(), load_default=None, allow_none=True, validate=ma.validate.Length(1, 1000)
    )


class ChangeReportSchema(Strict):
    """What a department wants to change in its public row, and why."""

    change = ma.fields.Nested(PlanEntryChangeSchema, required=True)
    reason = ma.fields.String(required=True, validate=TEXT)


class PlanDueSchema(ma.Schema):
    """A day to be kept, with the sentence it comes from."""

    day = ma.fields.Date(required=True)
    working_days_left = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    provisional = ma.fields.Boolean(required=True)
    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)


class SubmissionSchema(ma.Schema):
    """How far a department is."""

    department = ma.fields.Nested(NamedSchema, required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    drafted = ma.fields.Integer(required=True)
    submitted = ma.fields.Integer(required=True)
    returned = ma.fields.Integer(required=True)
    merged = ma.fields.Integer(required=True)
    submitted_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    reminded_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    reminders = ma.fields.Integer(required=True)
    note = ma.fields.String(required=True, allow_none=True)


class SubmissionsSchema(ma.Schema):
    """Who has submitted and who has not: one line per department of the region, so no paging."""

    collecting = ma.fields.Boolean(required=True)
    submit_due = ma.fields.Nested(PlanDueSchema, required=True)
    publish_due = ma.fields.Nested(PlanDueSchema, required=True)
    items = ma.fields.List(ma.fields.Nested(SubmissionSchema), required=True)


# One fact: from what to what ("from" is a word of Python, so no class body can say it).
DifferenceSchema = ma.Schema.from_dict(
    {name: ma.fields.String(required=True) for name in ("field", "label", "from", "to")},
    name="DifferenceSchema",
)


class EntryNamedSchema(ma.Schema):
    """A row by number and name."""

    id = ma.fields.String(required=True)
    seq = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)


class VersionSchema(ma.Schema):
    """A change: of the public plan with its version, of a draft without."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True, allow_none=True)
    revision = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)
    by_name = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    entry = ma.fields.Nested(EntryNamedSchema, required=True, allow_none=True)
    differences = ma.fields.List(ma.fields.Nested(DifferenceSchema), required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    report_no = ma.fields.String(required=True, allow_none=True)
    report_id = ma.fields.String(required=True, allow_none=True)


class VersionPageSchema(ma.Schema):
    """A page of versions, newest first."""

    items = ma.fields.List(ma.fields.Nested(VersionSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class EntryChangesSchema(ma.Schema):
    """Everything that was changed in a row."""

    items = ma.fields.List(ma.fields.Nested(VersionSchema), required=True)


class ReportSchema(ma.Schema):
    """A report 报备 or 备案 with the office's answer."""

    id = ma.fields.String(required=True)
    plan_id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    entry = ma.fields.Nested(EntryNamedSchema, required=True, allow_none=True)
    differences = ma.fields.List(ma.fields.Nested(DifferenceSchema), required=True)
    outdated = ma.fields.Boolean(required=True)
    filed_at = ma.fields.AwareDateTime(required=True)
    filed_by_name = ma.fields.String(required=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    decided_by_name = ma.fields.String(required=True, allow_none=True)
    decision = ma.fields.String(required=True, allow_none=True)


class ReportListSchema(ma.Schema):
    """The reports of a plan: a few a year, so no paging."""

    items = ma.fields.List(ma.fields.Nested(ReportSchema), required=True)


class AddedSchema(ma.Schema):
    """The new row, or the report that waits for the office."""

    entry = ma.fields.Nested(PlanEntrySchema, required=True, allow_none=True)
    report = ma.fields.Nested(ReportSchema, required=True, allow_none=True)


class WaitingSchema(ma.Schema):
    """Something of the plans that waits for me."""

    kind = ma.fields.String(required=True)
    plan_id = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    about = ma.fields.String(required=True)
    beside = ma.fields.String(required=True)
    due = ma.fields.Nested(PlanDueSchema, required=True, allow_none=True)
    to = ma.fields.String(required=True)


class WaitingListSchema(ma.Schema):
    """What waits: a few of every plan."""

    items = ma.fields.List(ma.fields.Nested(WaitingSchema), required=True)


class PlanExportSchema(ma.Schema):
    """Which annex, in which form, and what for: every export is on the trail with its purpose (S2 art. 25)."""

    class Meta:
        unknown = ma.EXCLUDE

    annex = ma.fields.String(required=True, validate=ma.validate.OneOf(["joint", "own", "items"]))
    format = ma.fields.String(required=True, validate=ma.validate.OneOf(["xlsx", "csv", "pdf"]))
    purpose = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))
