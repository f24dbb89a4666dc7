"""What travels of a planned visit, of the dispatch board, and of a task with all that became of it?"""

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.dispatches.scheme_schemas import SchemeBriefSchema
from onevisit.dispatches.terms import Compared, DeliveryWay
from onevisit.draws.schemas import DrawSchema
from onevisit.tasks.schemas import (
    DeadlineSchema,
    NamedDepartmentSchema,
    OfficeSchema,
    ShareSchema,
    TaskItemSchema,
    TaskSchema,
)


class TaskIdSchema(Strict):
    """Which task."""

    task_id = ma.fields.String(required=True)


class DispatchSchema(TaskIdSchema):
    """Which task; `moved`: what becomes of who moved to another region since the draw."""

    moved = ma.fields.String(load_default=None, validate=ma.validate.OneOf(["follow", "stay"]))


class BoardQuery(ma.Schema):
    """Of which task."""

    task_id = ma.fields.String(required=True)


class ClaimSchema(Strict):
    """What the comparison with the own records said."""

    compared = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in Compared]))
    note = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(0, 500))


class ScheduleSchema(Strict):
    """When all departments go together, and whether the subject is told."""

    day = ma.fields.Date(required=True)
    time = ma.fields.String(
        load_default=None, allow_none=True,
        validate=ma.validate.Regexp(r"^(上午|下午|全天|([01][0-9]|2[0-3]):[0-5][0-9])$"),
    )  # fmt: skip
    announced = ma.fields.Boolean(load_default=True)
    papers = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 120)), load_default=None, allow_none=True,
        validate=ma.validate.Length(0, 30),
    )  # fmt: skip
    unannounced = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 64)), load_default=None, allow_none=True,
        validate=ma.validate.Length(0, 200),
    )  # fmt: skip


class DeliverySchema(Strict):
    """How the notice was delivered, and to whom."""

    way = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in DeliveryWay]))
    receiver = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))


class DispatchedSchema(ma.Schema):
    """How many visits were made."""

    task_id = ma.fields.String(required=True)
    visits = ma.fields.Integer(required=True)


class ClaimedSchema(ma.Schema):
    """How many parts were claimed."""

    claimed = ma.fields.Integer(required=True)


class BoardSubjectSchema(ma.Schema):
    """A subject on the board."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True)
    risk = ma.fields.String(required=True)
    state = ma.fields.String(required=True)


class BoardMemberSchema(ma.Schema):
    """Somebody of the team, replaced ones with the reason."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    certificate = ma.fields.String(required=True, allow_none=True)
    leads = ma.fields.Boolean(required=True)
    removed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    removed_reason = ma.fields.String(required=True, allow_none=True)


class BoardPartSchema(ma.Schema):
    """A department's cell on the board."""

    department_id = ma.fields.String(required=True)
    initiating = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True)
    claim_state = ma.fields.String(required=True)
    claim_state_label = ma.fields.String(required=True)
    claim_due = ma.fields.Date(required=True)
    claimed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    compared = ma.fields.String(required=True, allow_none=True)
    compared_label = ma.fields.String(required=True, allow_none=True)
    compare_note = ma.fields.String(required=True, allow_none=True)
    team = ma.fields.List(ma.fields.Nested(BoardMemberSchema), required=True)


class CheckNoticeSchema(ma.Schema):
    """The check notice and its delivery."""

    no = ma.fields.String(required=True)
    papers = ma.fields.List(ma.fields.String(), required=True)
    issued_at = ma.fields.AwareDateTime(required=True)
    way = ma.fields.String(required=True, allow_none=True)
    way_label = ma.fields.String(required=True, allow_none=True)
    receiver = ma.fields.String(required=True, allow_none=True)
    delivered_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    version = ma.fields.Integer(required=True)
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    read_by = ma.fields.String(required=True, allow_none=True)


class MergedIntoSchema(ma.Schema):
    """The visit that is made for this one as well."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    task_id = ma.fields.String(required=True)
    scheduled_day = ma.fields.Date(required=True, allow_none=True)


class PlannedVisitSchema(ma.Schema):
    """A row of the board."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    order = ma.fields.Integer(required=True)
    revision = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    subject = ma.fields.Nested(BoardSubjectSchema, required=True)
    year_count = ma.fields.Integer(required=True)
    due = ma.fields.Date(required=True)
    parts = ma.fields.List(ma.fields.Nested(BoardPartSchema), required=True)
    scheduled_day = ma.fields.Date(required=True, allow_none=True)
    scheduled_time = ma.fields.String(required=True, allow_none=True)
    announced = ma.fields.Boolean(required=True)
    unannounced_items = ma.fields.List(ma.fields.String(), required=True)
    notice = ma.fields.Nested(CheckNoticeSchema, required=True, allow_none=True)
    schedulable = ma.fields.Boolean(required=True)
    begun_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    merged_into = ma.fields.Nested(MergedIntoSchema, required=True, allow_none=True)


class PartLimitSchema(DeadlineSchema):
    """A limit of one department's part."""

    department_id = ma.fields.String(required=True)


class InspectorLoadSchema(ma.Schema):
    """How many visits an inspector has in this task."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    visits = ma.fields.Integer(required=True)


class BoardDepartmentSchema(NamedDepartmentSchema):
    """A column of the board."""

    initiating = ma.fields.Boolean(required=True)
    total = ma.fields.Integer(required=True)
    claimed = ma.fields.Integer(required=True)
    people = ma.fields.List(ma.fields.Nested(InspectorLoadSchema), required=True)


class BoardCountsSchema(ma.Schema):
    """The board's filters."""

    all = ma.fields.Integer(required=True)
    to_claim = ma.fields.Integer(required=True)
    attention = ma.fields.Integer(required=True)
    schedulable = ma.fields.Integer(required=True)
    scheduled = ma.fields.Integer(required=True)


class BoardSchema(ma.Schema):
    """The dispatch board."""

    task = ma.fields.Nested(TaskSchema, required=True)
    draw = ma.fields.Nested(DrawSchema, required=True, allow_none=True)
    claim_limit = ma.fields.Nested(DeadlineSchema, required=True, allow_none=True)
    departments = ma.fields.List(ma.fields.Nested(BoardDepartmentSchema), required=True)
    counts = ma.fields.Nested(BoardCountsSchema, required=True)
    visits = ma.fields.List(ma.fields.Nested(PlannedVisitSchema), required=True)
    scheme = ma.fields.Nested(SchemeBriefSchema, required=True, allow_none=True)
    scheme_demanded = ma.fields.String(required=True, allow_none=True)


class VisitTaskSchema(ma.Schema):
    """The task of a visit."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    sensitive = ma.fields.Boolean(required=True)


class VisitViewSchema(PlannedVisitSchema):
    """One planned visit."""

    task = ma.fields.Nested(VisitTaskSchema, required=True)
    departments = ma.fields.List(ma.fields.Nested(NamedDepartmentSchema), required=True)
    cap = ma.fields.Integer(required=True, allow_none=True)
    items = ma.fields.List(ma.fields.Nested(TaskItemSchema), required=True)
    claim_limits = ma.fields.List(ma.fields.Nested(PartLimitSchema), required=True)
    papers_proposed = ma.fields.List(ma.fields.String(), required=True)
    unsuitable_hours = ma.fields.String(required=True, allow_none=True)
    unread_hours = ma.fields.List(ma.fields.String(), required=True)
    draw_id = ma.fields.String(required=True, allow_none=True)
    subject_leaf = ma.fields.String(required=True, allow_none=True)


class VisitCountsSchema(ma.Schema):
    """How many visits and parts are where."""

    total = ma.fields.Integer(required=True)
    by_state = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    parts_by_state = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    parts_unclaimed = ma.fields.Integer(required=True)


class RegionDepartmentSchema(ma.Schema):
    """How an office below stands with its part."""

    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    parts = ma.fields.Integer(required=True)
    claimed = ma.fields.Integer(required=True)
    formed = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    due = ma.fields.Date(required=True)
    due_text = ma.fields.String(required=True)


class TaskBelowSchema(ma.Schema):
    """A region's own task."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)


class TotalsBelowSchema(ma.Schema):
    """What the regions come to together; each visit once."""

    visits = ma.fields.Integer(required=True)
    parts = ma.fields.Integer(required=True)
    claimed = ma.fields.Integer(required=True)
    submitted = ma.fields.Integer(required=True)
    formed = ma.fields.Integer(required=True)
    found = ma.fields.Integer(required=True)


class RegionStandingSchema(TotalsBelowSchema):
    """How a region below is: its draw, its offices, its results, and what is to be asked about."""

    region = ma.fields.Nested(OfficeSchema, required=True)
    task = ma.fields.Nested(TaskBelowSchema, required=True)
    draw = ma.fields.Nested(DrawSchema, required=True, allow_none=True)
    public_no = ma.fields.String(required=True, allow_none=True)
    offices = ma.fields.List(ma.fields.Nested(RegionDepartmentSchema), required=True)
    outcomes = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    due = ma.fields.Date(required=True)
    due_text = ma.fields.String(required=True)
    findings = ma.fields.List(ma.fields.String(), required=True)


class RegionLeftOutSchema(OfficeSchema):
    """A region that takes no part, and why."""

    reason = ma.fields.String(required=True)


class RegionShareSchema(ShareSchema):
    """Its share of a fixed number."""

    name = ma.fields.String(required=True)


class BelowSchema(ma.Schema):
    """A task over several regions."""

    regions = ma.fields.List(ma.fields.Nested(RegionStandingSchema), required=True)
    without = ma.fields.List(ma.fields.Nested(OfficeSchema), required=True)
    left_out = ma.fields.List(ma.fields.Nested(RegionLeftOutSchema), required=True)
    shares = ma.fields.List(ma.fields.Nested(RegionShareSchema), required=True)
    totals = ma.fields.Nested(TotalsBelowSchema, required=True)


class TaskInFullSchema(TaskSchema):
    """A task with items, draw, visits and every deadline."""

    items = ma.fields.List(ma.fields.Nested(TaskItemSchema), required=True)
    scope_filter = ma.fields.Dict(required=True)
    draw = ma.fields.Nested(DrawSchema, required=True, allow_none=True)
    visits = ma.fields.Nested(VisitCountsSchema, required=True)
    below = ma.fields.Nested(BelowSchema, required=True, allow_none=True)
    scheme = ma.fields.Nested(SchemeBriefSchema, required=True, allow_none=True)
    scheme_demanded = ma.fields.String(required=True, allow_none=True)
