"""What travels of plans, items and offices that anybody may read?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery


class RegionQuery(ma.Schema):
    """Of which region."""

    region = ma.fields.String(load_default="")


class PublicPlanSchema(ma.Schema):
    """A published plan in the list."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True)
    document_no = ma.fields.String(required=True, allow_none=True)
    region = ma.fields.Nested(NamedSchema)
    published_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    shifted_from = ma.fields.Integer(required=True, allow_none=True)
    made_up = ma.fields.Boolean()
    entries = ma.fields.Integer(required=True)


class PublicPlanListSchema(ma.Schema):
    """All published plans."""

    items = ma.fields.List(ma.fields.Nested(PublicPlanSchema), required=True)


class PublicPlanItemSchema(ma.Schema):
    """An item in a plan's row."""

    department = ma.fields.String(required=True, allow_none=True)
    text = ma.fields.String(required=True)


class PublicEntrySchema(ma.Schema):
    """A row of a published plan."""

    seq = ma.fields.Integer(required=True, allow_none=True)
    field = ma.fields.String(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    initiating_department = ma.fields.String(required=True, allow_none=True)
    cooperating_departments = ma.fields.List(ma.fields.String(), required=True)
    items = ma.fields.List(ma.fields.Nested(PublicPlanItemSchema), required=True)
    scope = ma.fields.String(required=True)
    ratio = ma.fields.String(required=True, allow_none=True)
    window_start = ma.fields.String(required=True, allow_none=True)
    window_end = ma.fields.String(required=True, allow_none=True)


class PublicPlanDetailSchema(ma.Schema):
    """A published plan with its rows."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True)
    document_no = ma.fields.String(required=True, allow_none=True)
    region = ma.fields.Nested(NamedSchema, required=True)
    shifted_from = ma.fields.Integer(required=True, allow_none=True)
    published_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    entries = ma.fields.List(ma.fields.Nested(PublicEntrySchema), required=True)


class PublicItemsQuery(PageQuery):
    """Of which region."""

    region = ma.fields.String(load_default="")


class PublicEntryTextSchema(ma.Schema):
    """One thing that is looked at, and how."""

    no = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    method = ma.fields.String(required=True, allow_none=True)
    basis = ma.fields.String(required=True, allow_none=True)


class PublicListItemSchema(ma.Schema):
    """An item of the public list."""

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    basis_state = ma.fields.String(required=True, allow_none=True)
    body = ma.fields.String(required=True)
    subject_kinds = ma.fields.List(ma.fields.String(), required=True)
    together = ma.fields.List(ma.fields.String(), required=True)
    legal_basis = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    region = ma.fields.Nested(NamedSchema, required=True)
    tier_label = ma.fields.String(required=True)
    category_label = ma.fields.String(required=True, allow_none=True)
    state_label = ma.fields.String(required=True)
    checklist_version = ma.fields.Integer(required=True, allow_none=True)
    entries = ma.fields.List(ma.fields.Nested(PublicEntryTextSchema), required=True)


class PublicItemsSchema(ma.Schema):
    """A page of the public item list."""

    items = ma.fields.List(ma.fields.Nested(PublicListItemSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class PublicOfficeSchema(ma.Schema):
    """An office that answers questions and objections: its own number, never a person's name."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    joint_office = ma.fields.Boolean(required=True)
    contact_title = ma.fields.String(required=True, allow_none=True)
    contact_phone = ma.fields.String(required=True, allow_none=True)


class PublicRegionSchema(ma.Schema):
    """A region whose checks are published here."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    made_up = ma.fields.Boolean(required=True)
    departments = ma.fields.List(ma.fields.Nested(PublicOfficeSchema), required=True)


class PublicRegionListSchema(ma.Schema):
    """All regions that have departments here: few, so no paging."""

    items = ma.fields.List(ma.fields.Nested(PublicRegionSchema), required=True)
