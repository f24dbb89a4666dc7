"""What travels of corrections offered to the library?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery, Strict
from onevisit.subjects.terms import CorrectionState


class CorrectionQuery(PageQuery):
    """In which state."""

    state = ma.fields.String(
        load_default=CorrectionState.OFFERED.value,
        validate=ma.validate.OneOf([one.value for one in CorrectionState]),
    )


class ConfirmCorrectionSchema(Strict):
    """The value to be written, where it can be typed; nothing: as it was found."""

    value = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=300))


class RefuseCorrectionSchema(Strict):
    """Never without a reason."""

    reason = ma.fields.String(required=True, validate=ma.validate.Length(2, 200))


class SubjectCorrectionSchema(ma.Schema):
    """One offered correction."""

    id = ma.fields.String(required=True)
    subject = ma.fields.Nested(NamedSchema, required=True)
    label = ma.fields.String(required=True)
    before = ma.fields.String(required=True)
    found = ma.fields.String(required=True)
    note = ma.fields.String(required=True, allow_none=True)
    now = ma.fields.String(required=True, allow_none=True)
    origin_label = ma.fields.String(required=True)
    source = ma.fields.String(required=True)
    department = ma.fields.String(required=True, allow_none=True)
    typed = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    offered_at = ma.fields.AwareDateTime(required=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    decided_by = ma.fields.String(required=True, allow_none=True)
    answer = ma.fields.String(required=True, allow_none=True)
    may_decide = ma.fields.Boolean(required=True)


class SubjectCorrectionPageSchema(ma.Schema):
    """A page of them, and how many wait."""

    items = ma.fields.List(ma.fields.Nested(SubjectCorrectionSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    waiting = ma.fields.Integer(required=True)
