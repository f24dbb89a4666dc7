"""What travels of inspectors?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery
from onevisit.inspectors.terms import InspectorKind, InspectorState


class InspectorQuery(PageQuery):
    """Which inspectors."""

    department_id = ma.fields.String()
    state = ma.fields.String(validate=ma.validate.OneOf([one.value for one in InspectorState]))
    kind = ma.fields.String(validate=ma.validate.OneOf([one.value for one in InspectorKind]))
    ending = ma.fields.Integer(validate=ma.validate.Range(0, 365))
    sort = ma.fields.String(
        load_default="department_id",
        validate=ma.validate.OneOf(["department_id", "name", "kind", "certificate_no", "valid_to", "state"]),
    )
    desc = ma.fields.Boolean(load_default=False)


class InspectorSchema(ma.Schema):
    """An inspector, for the offices of the region."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    certificate_no = ma.fields.String(required=True, allow_none=True)
    valid_to = ma.fields.Date(required=True, allow_none=True)
    warning = ma.fields.String(required=True, allow_none=True)
    urgent = ma.fields.Boolean(required=True)
    specialities = ma.fields.List(ma.fields.String(), required=True)
    expert = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    recusal_count = ma.fields.Integer(required=True)
    phone = ma.fields.String(required=True, allow_none=True)
    made_up = ma.fields.Boolean(required=True)


class InspectorPageSchema(ma.Schema):
    """A page of inspectors."""

    items = ma.fields.List(ma.fields.Nested(InspectorSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    total = ma.fields.Integer(required=True)
