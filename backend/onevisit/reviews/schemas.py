"""What travels of a review?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery, Strict
from onevisit.reviews.terms import QueueState


class QueueQuery(PageQuery):
    """Which part of the queue."""

    state = ma.fields.String(load_default="submitted", validate=ma.validate.OneOf(list(QueueState)))


class QueueRowSchema(ma.Schema):
    """A part that waits, was returned, or is accepted."""

    id = ma.fields.String(required=True)
    visit_id = ma.fields.String(required=True)
    visit_no = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    task = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    due = ma.fields.String(required=True, allow_none=True)
    due_text = ma.fields.String(required=True, allow_none=True)
    mine = ma.fields.Boolean(required=True)
    missing_photos = ma.fields.Integer(required=True)


class QueueSchema(ma.Schema):
    """A page of the queue, and how many there are in each state."""

    items = ma.fields.List(ma.fields.Nested(QueueRowSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class SendBackSchema(Strict):
    """One item, and what is to be put right."""

    item = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, validate=ma.validate.Length(2, 500))


class ReviewedSchema(ma.Schema):
    """The part after the review."""

    visit_id = ma.fields.String(required=True)
    department_id = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
