"""What travels of a proposal to go once?"""

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.dispatches.terms import MergeState
from onevisit.draws.schemas import REASON

STATES = ma.validate.OneOf([one.value for one in MergeState])


class MergesQuery(ma.Schema):
    """Which proposals."""

    state = ma.fields.String(load_default=None, validate=STATES)
    visit_id = ma.fields.String(load_default=None)


class MergeReasonSchema(Strict):
    """Why the subject is visited twice after all, or why a decision is taken back."""

    reason = ma.fields.String(required=True, validate=REASON)


class MergeTaskSchema(ma.Schema):
    """The task of one of the two visits."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class MergeSideSchema(ma.Schema):
    """One of the two visits."""

    visit_id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    due = ma.fields.Date(required=True)
    scheduled_day = ma.fields.Date(required=True, allow_none=True)
    task = ma.fields.Nested(MergeTaskSchema, required=True)
    initiating_department_id = ma.fields.String(required=True)
    departments = ma.fields.List(ma.fields.String(), required=True)


class MergeSubjectSchema(ma.Schema):
    """Who would be visited twice."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    address = ma.fields.String(required=True)


class MergeLinkSchema(ma.Schema):
    """The plan's accepted scheme that links both tasks."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    plan_id = ma.fields.String(required=True)


class MergeSchema(ma.Schema):
    """A proposal and what was decided."""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=STATES)
    state_label = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    proposed_at = ma.fields.AwareDateTime(required=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    subject = ma.fields.Nested(MergeSubjectSchema, required=True)
    into = ma.fields.Nested(MergeSideSchema, required=True)
    leaving = ma.fields.Nested(MergeSideSchema, required=True)
    scheme = ma.fields.Nested(MergeLinkSchema, required=True, allow_none=True)
    undoable = ma.fields.Boolean(required=True)


class MergesSchema(ma.Schema):
    """The proposals, those that wait first."""

    items = ma.fields.List(ma.fields.Nested(MergeSchema), required=True)
