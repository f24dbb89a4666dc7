"""What travels of a task?"""

import marshmallow as ma

from onevisit.core.api import PageQuery, Strict
from onevisit.tasks.terms import TaskState


class CounterpartSchema(Strict):
    """Which office of a region below acts for one of the row's."""

    region_id = ma.fields.String(required=True)
    department_id = ma.fields.String(required=True)
    counterpart_id = ma.fields.String(required=True)


class LeftOutSchema(Strict):
    """A region that takes no part, and why."""

    region_id = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, validate=ma.validate.Length(1, 300))


class OpeningSchema(Strict):
    """Which row is carried out, and for which period (left out: the one that is due now)."""

    plan_entry_id = ma.fields.String(required=True)
    period = ma.fields.Integer(load_default=None, allow_none=True, validate=ma.validate.Range(1, 366))
    counterparts = ma.fields.List(ma.fields.Nested(CounterpartSchema), load_default=list)
    left_out = ma.fields.List(ma.fields.Nested(LeftOutSchema), load_default=list)


class OpeningQuery(ma.Schema):
    """Of which row."""

    plan_entry_id = ma.fields.String(required=True)


class OfficeSchema(ma.Schema):
    """An office by id and name."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class OfficeBelowSchema(ma.Schema):
    """An office of the row, and the one in the region below that does the same; null where none was found."""

    upper = ma.fields.Nested(OfficeSchema, required=True)
    department_id = ma.fields.String(required=True, allow_none=True)


class ShareSchema(ma.Schema):
    """A region's share of a fixed number, with the arithmetic: number · count / all, floored, largest remainders."""

    region_id = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    share = ma.fields.String(required=True)
    floor = ma.fields.Integer(required=True)
    number = ma.fields.Integer(required=True)


class RegionBelowSchema(OfficeSchema):
    """A region below: how many subjects the scope finds there, who would act, who could."""

    count = ma.fields.Integer(required=True)
    share = ma.fields.Nested(ShareSchema, required=True, allow_none=True)
    departments = ma.fields.List(ma.fields.Nested(OfficeBelowSchema), required=True)
    choices = ma.fields.List(ma.fields.Nested(OfficeSchema), required=True)


class OpeningShownSchema(ma.Schema):
    """What an opening would hand down."""

    handing = ma.fields.String(required=True)
    handing_label = ma.fields.String(required=True)
    draw_mode = ma.fields.String(required=True, allow_none=True)
    sample_size = ma.fields.Integer(required=True, allow_none=True)
    regions = ma.fields.List(ma.fields.Nested(RegionBelowSchema), required=True)


class TaskQuery(PageQuery):
    """Which tasks are wanted."""

    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf([one.value for one in TaskState]))
    plan_entry_id = ma.fields.String(load_default=None)


class NamedDepartmentSchema(ma.Schema):
    """A department by id and names."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    short_name = ma.fields.String(required=True)


class TakingPartSchema(NamedDepartmentSchema):
    """A department that takes part."""

    initiating = ma.fields.Boolean(required=True)


class TaskMethodSchema(ma.Schema):
    """A code with its Chinese label."""

    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class PlanOfTaskSchema(ma.Schema):
    """The plan a task comes from."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True)
    shifted_from = ma.fields.Integer(required=True, allow_none=True)


class TaskWindowSchema(ma.Schema):
    """抽查时间."""

    start = ma.fields.Date(required=True)
    end = ma.fields.Date(required=True)
    raw = ma.fields.String(required=True, allow_none=True)


class DeadlineSchema(ma.Schema):
    """A day to be kept, with the sentence it comes from; a limit in working days says since when it runs."""

    key = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    day = ma.fields.Date(required=True)
    working_days_left = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(["open", "soon", "overdue", "done"]))
    text = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)
    provisional = ma.fields.Boolean(required=True)
    started = ma.fields.Date()
    start_label = ma.fields.String()
    number = ma.fields.Integer()


class TaskRatioSchema(ma.Schema):
    """The plan's ratio as it was read; percent as text, because 2.5 is no float in a law."""

    percent = ma.fields.String(required=True)
    bound = ma.fields.String(required=True)
    percent_max = ma.fields.String()


class BatchSchema(ma.Schema):
    """Which of how many draws of one yearly ratio."""

    number = ma.fields.Integer(required=True)
    of = ma.fields.Integer(required=True)


class FromAboveSchema(ma.Schema):
    """By whom a task was handed down."""

    region = ma.fields.Nested(OfficeSchema, required=True)
    no = ma.fields.String(required=True)
    drawn_there = ma.fields.Boolean(required=True)


class TaskSchema(ma.Schema):
    """A task as lists show it."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)
    plan = ma.fields.Nested(PlanOfTaskSchema, required=True)
    plan_entry_id = ma.fields.String(required=True)
    seq = ma.fields.Integer(required=True, allow_none=True)
    field = ma.fields.String(required=True, allow_none=True)
    period = ma.fields.Integer(required=True)
    periods = ma.fields.Integer(required=True)
    initiating_department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    departments = ma.fields.List(ma.fields.Nested(TakingPartSchema), required=True)
    scope_text = ma.fields.String(required=True)
    ratio = ma.fields.Nested(TaskRatioSchema, required=True, allow_none=True)
    ratio_raw = ma.fields.String(required=True, allow_none=True)
    ratio_per = ma.fields.String(required=True, validate=ma.validate.OneOf(["period", "year"]))
    batch = ma.fields.Nested(BatchSchema, required=True, allow_none=True)
    origin = ma.fields.String(required=True)
    origin_label = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    sample_size = ma.fields.Integer(required=True, allow_none=True)
    methods = ma.fields.List(ma.fields.Nested(TaskMethodSchema), required=True)
    window = ma.fields.Nested(TaskWindowSchema, required=True)
    due = ma.fields.Date(required=True)
    sensitive = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    opened_at = ma.fields.AwareDateTime(required=True)
    handing = ma.fields.String(required=True)
    handing_label = ma.fields.String(required=True)
    from_above = ma.fields.Nested(FromAboveSchema, required=True, allow_none=True)
    deadlines = ma.fields.List(ma.fields.Nested(DeadlineSchema), required=True)


class TaskPageSchema(ma.Schema):
    """A page of tasks."""

    items = ma.fields.List(ma.fields.Nested(TaskSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class PinnedChecklistSchema(ma.Schema):
    """The version that the visits will use; `entries` counts them."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    hash = ma.fields.String(required=True)
    generic = ma.fields.Boolean(required=True)
    entries = ma.fields.Integer(required=True)


class TaskItemSchema(ma.Schema):
    """An item of a task."""

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    category = ma.fields.String(required=True, allow_none=True)
    legal_basis = ma.fields.String(required=True)
    department_id = ma.fields.String(required=True)
    checklist = ma.fields.Nested(PinnedChecklistSchema, required=True)
