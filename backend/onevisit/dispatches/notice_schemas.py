"""What travels of a check notice: to the subject by its link, to the desk, and back?"""

from typing import Any

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.dispatches.announcing import HALVES
from onevisit.dispatches.schemas import VisitViewSchema


def typed(least: int, most: int) -> ma.fields.String:
    """A text somebody typed: blanks around it do not count."""
    return TypedText(required=True, validate=ma.validate.Length(least, most))


class TypedText(ma.fields.String):
    """Without the blanks around."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return str(super()._deserialize(value, attr, data, **kwargs)).strip()


class ReceiptSchema(Strict):
    """我已收到: which version was read, by whom."""

    version = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(1, 1000))
    name = typed(2, 30)


class SlotSchema(Strict):
    """A half day."""

    day = ma.fields.Date(required=True)
    half = ma.fields.String(required=True, validate=ma.validate.OneOf(HALVES))


class ProposeSchema(Strict):
    """Another time, and why."""

    name = typed(2, 30)
    reason = typed(2, 200)
    slots = ma.fields.List(ma.fields.Nested(SlotSchema), required=True, validate=ma.validate.Length(1, 10))


class HoursSchema(Strict):
    """When a check does not suit."""

    name = typed(2, 30)
    hours = typed(2, 200)


class AcceptProposalSchema(Strict):
    """The first or the second of the two."""

    slot = ma.fields.Integer(required=True, strict=True, validate=ma.validate.OneOf([0, 1]))


class DeclineProposalSchema(Strict):
    """Never without a reason, which the subject reads."""

    reason = typed(2, 200)


class NoticeOfficerSchema(ma.Schema):
    """Who comes."""

    name = ma.fields.String(required=True)
    certificate = ma.fields.String(required=True, allow_none=True)


class NoticeDepartmentSchema(ma.Schema):
    """A department that comes, with what it checks."""

    name = ma.fields.String(required=True)
    initiating = ma.fields.Boolean(required=True)
    items = ma.fields.List(ma.fields.String(), required=True)
    officers = ma.fields.List(ma.fields.Nested(NoticeOfficerSchema), required=True)


class NoticeContactSchema(ma.Schema):
    """Whom to ask."""

    name = ma.fields.String(required=True, allow_none=True)
    phone = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True, allow_none=True)


class NoticeVersionSchema(ma.Schema):
    """A version that was replaced."""

    version = ma.fields.Integer(required=True)
    issued_at = ma.fields.String(required=True)
    when = ma.fields.String(required=True)
    way_label = ma.fields.String(required=True, allow_none=True)
    receiver = ma.fields.String(required=True, allow_none=True)
    delivered_at = ma.fields.String(required=True, allow_none=True)
    read_at = ma.fields.String(required=True, allow_none=True)
    read_by = ma.fields.String(required=True, allow_none=True)


class SubjectVersionSchema(ma.Schema):
    """The same as the subject sees it."""

    version = ma.fields.Integer(required=True)
    issued_at = ma.fields.String(required=True)
    when = ma.fields.String(required=True)


class ProposalSchema(ma.Schema):
    """Another time that was proposed, and the answer."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    slots = ma.fields.List(ma.fields.String(), required=True)
    made_at = ma.fields.AwareDateTime(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    answer = ma.fields.String(required=True, allow_none=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class HalfDaysSchema(ma.Schema):
    """A working day that may be chosen."""

    day = ma.fields.Date(required=True)
    halves = ma.fields.List(ma.fields.String(), required=True)


class NoticeTaskSchema(ma.Schema):
    """A task that the visit carries out, with the subject's own proof of having been drawn in it."""

    name = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    proof = ma.fields.String(required=True)


class NoticePageSchema(ma.Schema):
    """The notice as the subject reads it on its phone."""

    no = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    issued = ma.fields.AwareDateTime(required=True)
    issuer = ma.fields.String(required=True)
    issued_by = ma.fields.String(required=True)
    made_up = ma.fields.Boolean(required=True)
    subject = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True)
    address = ma.fields.String(required=True, allow_none=True)
    thing = ma.fields.String(required=True, allow_none=True)
    tasks = ma.fields.List(ma.fields.Nested(NoticeTaskSchema), required=True)
    plan = ma.fields.String(required=True, allow_none=True)
    visit_no = ma.fields.String(required=True)
    day = ma.fields.Date(required=True, allow_none=True)
    time = ma.fields.String(required=True, allow_none=True)
    methods = ma.fields.List(ma.fields.String(), required=True)
    departments = ma.fields.List(ma.fields.Nested(NoticeDepartmentSchema), required=True)
    papers = ma.fields.List(ma.fields.String(), required=True)
    rights = ma.fields.List(ma.fields.String(), required=True)
    year = ma.fields.Integer(required=True)
    nth = ma.fields.Integer(required=True, allow_none=True)
    cap = ma.fields.Integer(required=True, allow_none=True)
    contact = ma.fields.Nested(NoticeContactSchema, required=True)
    changes = ma.fields.List(ma.fields.String(), required=True)
    earlier = ma.fields.List(ma.fields.Nested(SubjectVersionSchema), required=True)
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    read_by = ma.fields.String(required=True, allow_none=True)
    begun = ma.fields.Boolean(required=True)
    proposals = ma.fields.List(ma.fields.Nested(ProposalSchema), required=True)
    why_not = ma.fields.String(required=True, allow_none=True)
    half_days = ma.fields.List(ma.fields.Nested(HalfDaysSchema), required=True)
    hours = ma.fields.String(required=True, allow_none=True)


class DeskNoticeSchema(ma.Schema):
    """The notice at the desk: link, versions, receipt, proposals; with the visit as it stands."""

    visit = ma.fields.Nested(VisitViewSchema, required=True)
    unannounced_items = ma.fields.List(ma.fields.String(), required=True)
    sensitive = ma.fields.Boolean(required=True)
    link = ma.fields.String(required=True, allow_none=True)
    version = ma.fields.Integer(required=True, allow_none=True)
    changes = ma.fields.List(ma.fields.String(), required=True)
    earlier = ma.fields.List(ma.fields.Nested(NoticeVersionSchema), required=True)
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    read_by = ma.fields.String(required=True, allow_none=True)
    reached = ma.fields.Boolean(required=True)
    proposals = ma.fields.List(ma.fields.Nested(ProposalSchema), required=True)
    today = ma.fields.Date(required=True)
