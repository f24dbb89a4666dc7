"""What travels of items and checklists?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery, Strict
from onevisit.items.terms import AnswerType, Evidence, ItemState


class ItemQuery(PageQuery):
    """Which items."""

    department_id = ma.fields.String()
    state = ma.fields.String(validate=ma.validate.OneOf([one.value for one in ItemState]))


class ChecklistBriefSchema(ma.Schema):
    """Which checklist is current."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    generic = ma.fields.Boolean(required=True)
    entry_count = ma.fields.Integer(required=True)


class ItemSchema(ma.Schema):
    """An item in a list."""

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    tier = ma.fields.String(required=True)
    tier_label = ma.fields.String(required=True)
    category = ma.fields.String(required=True, allow_none=True)
    category_label = ma.fields.String(required=True, allow_none=True)
    legal_basis = ma.fields.String(required=True)
    joint = ma.fields.Boolean(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    subject_kinds = ma.fields.List(ma.fields.String(), required=True)
    checklist = ma.fields.Nested(ChecklistBriefSchema, required=True, allow_none=True)
    revision = ma.fields.Integer(required=True)


class ItemPageSchema(ma.Schema):
    """A page of items."""

    items = ma.fields.List(ma.fields.Nested(ItemSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class EntryConditionSchema(Strict):
    """Only if that entry was answered so."""

    entry = ma.fields.String(required=True)
    is_ = ma.fields.Raw(required=True, attribute="is", data_key="is")


class ChecklistEntrySchema(Strict):
    """One 检查内容, as in the visit package."""

    id = ma.fields.String(validate=ma.validate.Length(1, 40))
    no = ma.fields.String(validate=ma.validate.Length(1, 20))
    text = ma.fields.String(required=True, validate=ma.validate.Length(1, 500))
    answer = ma.fields.String(
        load_default="pass_fail", validate=ma.validate.OneOf([one.value for one in AnswerType])
    )
    unit = ma.fields.String(load_default=None, allow_none=True)
    choices = ma.fields.List(ma.fields.String(), load_default=list)
    required = ma.fields.Boolean(load_default=True)
    content = ma.fields.String(load_default=None, allow_none=True)
    method = ma.fields.String(load_default=None, allow_none=True)
    basis = ma.fields.String(load_default=None, allow_none=True)
    evidence = ma.fields.String(
        load_default="none", validate=ma.validate.OneOf([one.value for one in Evidence])
    )
    phrases = ma.fields.List(ma.fields.String(), load_default=list)
    condition = ma.fields.Nested(EntryConditionSchema, load_default=None, allow_none=True)


class ChecklistMakingSchema(Strict):
    """A new version."""

    entries = ma.fields.List(ma.fields.Nested(ChecklistEntrySchema), required=True)


class ChecklistVersionSchema(ma.Schema):
    """A version; its content never changes."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    hash = ma.fields.String(required=True)
    generic = ma.fields.Boolean(required=True)
    made_at = ma.fields.AwareDateTime(required=True)
    entries = ma.fields.List(ma.fields.Nested(ChecklistEntrySchema), required=True)


class ItemDetailSchema(ItemSchema):
    """An item with its checklists, the newest first."""

    entries = ma.fields.List(ma.fields.Nested(ChecklistEntrySchema), required=True)
    versions = ma.fields.List(ma.fields.Nested(ChecklistVersionSchema), required=True)
