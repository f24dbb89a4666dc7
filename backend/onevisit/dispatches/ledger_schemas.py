"""What travels of the ledger?"""

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.core.exporting import ExportQuery
from onevisit.dispatches.terms import DispatchWork, Standing
from onevisit.tasks.schemas import NamedDepartmentSchema, OfficeSchema

STANDINGS = ma.validate.OneOf([one.value for one in Standing])


class LedgerQuery(ma.Schema):
    """Which rows of the ledger."""

    region_id = ma.fields.String(load_default=None)
    department_id = ma.fields.String(load_default=None)
    task_id = ma.fields.String(load_default=None)
    state = ma.fields.String(load_default=None, validate=STANDINGS)
    words = ma.fields.String(load_default=None, validate=ma.validate.Length(0, 80))


class LedgerExportQuery(ExportQuery, LedgerQuery):
    """Which rows leave the house, in which form, and what for (S2 art. 25)."""


class ContactSchema(Strict):
    """Who answers for the task in the own department; revision 0 names the first."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    phone = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(0, 40))
    responsible = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(0, 40))
    revision = ma.fields.Integer(load_default=0)


class LedgerTaskSchema(ma.Schema):
    """The task of a row."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class TaskContactSchema(ma.Schema):
    """Who answers."""

    name = ma.fields.String(required=True)
    phone = ma.fields.String(required=True, allow_none=True)
    responsible = ma.fields.String(required=True, allow_none=True)
    revision = ma.fields.Integer(required=True)


class LedgerRowSchema(ma.Schema):
    """One task in one department."""

    task = ma.fields.Nested(LedgerTaskSchema, required=True)
    region = ma.fields.Nested(OfficeSchema, required=True)
    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    initiating = ma.fields.Boolean(required=True)
    contact = ma.fields.Nested(TaskContactSchema, required=True, allow_none=True)
    parts = ma.fields.Integer(required=True)
    claimed = ma.fields.Integer(required=True)
    submitted = ma.fields.Integer(required=True)
    formed = ma.fields.Integer(required=True)
    due = ma.fields.Date(required=True)
    due_text = ma.fields.String(required=True)
    working_days_left = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True, validate=STANDINGS)
    state_label = ma.fields.String(required=True)


class LedgerSchema(ma.Schema):
    """The ledger and how many rows are in which state."""

    rows = ma.fields.List(ma.fields.Nested(LedgerRowSchema), required=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class DispatchWorkSchema(ma.Schema):
    """One piece of work that waits in a task; `visit_id` where it begins with a certain visit."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in DispatchWork]))
    task_id = ma.fields.String(required=True)
    task_no = ma.fields.String(required=True)
    task_name = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    visit_id = ma.fields.String(required=True, allow_none=True)
    due = ma.fields.Date(required=True, allow_none=True)
    due_text = ma.fields.String(required=True, allow_none=True)
    due_state = ma.fields.String(required=True, allow_none=True)
    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)


class DispatchesWaitingSchema(ma.Schema):
    """Everything that waits."""

    items = ma.fields.List(ma.fields.Nested(DispatchWorkSchema), required=True)
