"""What travels of items and checklists?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery, Strict
from onevisit.core.exporting import ExportQuery
from onevisit.items.terms import AnswerType, BasisState, Evidence, ItemCategory, ItemState, ItemTier


class ItemQuery(PageQuery):
    """Which items."""

    department_id = ma.fields.String()
    category = ma.fields.String(validate=ma.validate.OneOf([one.value for one in ItemCategory]))
    state = ma.fields.String(validate=ma.validate.OneOf(["listed", *(one.value for one in ItemState)]))
    basis = ma.fields.String(validate=ma.validate.OneOf(["amended", "repealed"]))
    joint = ma.fields.Boolean(load_default=None, allow_none=True)
    checklist = ma.fields.String(validate=ma.validate.OneOf(["generic"]))


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
    inspecting_body = ma.fields.String(required=True)
    superior_code = ma.fields.String(required=True)
    speciality = ma.fields.String(required=True, allow_none=True)
    joint_departments = ma.fields.List(ma.fields.Nested(NamedSchema), required=True)
    basis_state = ma.fields.String(required=True, allow_none=True)
    has_draft = ma.fields.Boolean(required=True)
    revision = ma.fields.Integer(required=True)


class ItemPageSchema(ma.Schema):
    """A page of items."""

    items = ma.fields.List(ma.fields.Nested(ItemSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    total = ma.fields.Integer(required=True)


class EntryConditionSchema(Strict):
    """Only if that entry was answered so."""

    entry = ma.fields.String(required=True)
    is_ = ma.fields.Raw(required=True, attribute="is", data_key="is")


class LimitsSchema(Strict):
    """Between which numbers a measured one is 合格."""

    min = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=24))
    max = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=24))


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
    limits = ma.fields.Nested(LimitsSchema)


class DraftEntrySchema(ChecklistEntrySchema):
    """An entry that is being written: may still be empty."""

    text = ma.fields.String(load_default="", validate=ma.validate.Length(max=500))


class ChecklistMakingSchema(Strict):
    """A new version; `from_version` is the one that was open, so that nobody's newer one is overwritten unseen."""

    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=300))
    from_version = ma.fields.Integer(load_default=None, allow_none=True)
    entries = ma.fields.List(ma.fields.Nested(ChecklistEntrySchema), required=True)


class ChecklistVersionSchema(ma.Schema):
    """A version; its content never changes."""

    id = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    hash = ma.fields.String(required=True)
    generic = ma.fields.Boolean(required=True)
    made_at = ma.fields.AwareDateTime(required=True)
    made_by_name = ma.fields.String(required=True)
    note = ma.fields.String(required=True)
    entries = ma.fields.List(ma.fields.Nested(ChecklistEntrySchema), required=True)


class BasisSchema(ma.Schema):
    """A law or an article of it."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    article = ma.fields.String(required=True)
    version = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    since = ma.fields.Date(required=True, allow_none=True)
    note = ma.fields.String(required=True)
    replaced_by = ma.fields.String(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)
    changed_by = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)


class BasisInListSchema(BasisSchema):
    """A basis in the register."""

    items = ma.fields.Integer(required=True)


class BasisPageSchema(ma.Schema):
    """A page of the register."""

    items = ma.fields.List(ma.fields.Nested(BasisInListSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class RestingSchema(ma.Schema):
    """An item that rests on a basis: its own ground, and entries of its checklist."""

    id = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    itself = ma.fields.Boolean(required=True)
    entries = ma.fields.List(ma.fields.String(), required=True)
    reviewed = ma.fields.String(required=True, allow_none=True)


class BasisDetailSchema(BasisSchema):
    """A basis with its articles and what rests on it."""

    articles = ma.fields.List(ma.fields.Nested(BasisSchema), required=True)
    rests = ma.fields.List(ma.fields.Nested(RestingSchema), required=True)


class BasisQuery(PageQuery):
    """Which bases; `articles` also those articles that are simply in force."""

    state = ma.fields.String(validate=ma.validate.OneOf([one.value for one in BasisState]))
    articles = ma.fields.Boolean(load_default=False)


class BasisEnteringSchema(Strict):
    """《旅馆业治安管理办法》 or 《旅馆业治安管理办法》第四条."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(2, 220))
    version = ma.fields.String(load_default="", validate=ma.validate.Length(max=80))
    since = ma.fields.Date(load_default=None, allow_none=True)
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=300))


class BasisChangeSchema(Strict):
    """What of it changes."""

    state = ma.fields.String(validate=ma.validate.OneOf([one.value for one in BasisState]))
    version = ma.fields.String(validate=ma.validate.Length(max=80))
    since = ma.fields.Date(allow_none=True)
    note = ma.fields.String(validate=ma.validate.Length(max=300))
    replaced_by = ma.fields.String(validate=ma.validate.Length(max=200))


class BasisReviewSchema(Strict):
    """Which amended basis was looked at, and what was found."""

    basis_id = ma.fields.String(required=True)
    note = ma.fields.String(required=True, validate=ma.validate.Length(2, 300))


class BasisFlagSchema(BasisSchema):
    """A basis that no longer simply holds; `entry` "" is the item's own, else the entry's id."""

    entry = ma.fields.String(required=True)


class ItemChangeSchema(ma.Schema):
    """A line of the history."""

    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)
    by = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    fields_ = ma.fields.Raw(required=True, attribute="fields", data_key="fields")


class ItemDetailSchema(ItemSchema):
    """An item with its checklists, the newest first."""

    entries = ma.fields.List(ma.fields.Nested(ChecklistEntrySchema), required=True)
    versions = ma.fields.List(ma.fields.Nested(ChecklistVersionSchema), required=True)
    flags = ma.fields.List(ma.fields.Nested(BasisFlagSchema), required=True)
    history = ma.fields.List(ma.fields.Nested(ItemChangeSchema), required=True)


_NAME = ma.validate.And(ma.validate.Length(1, 300), ma.validate.Regexp(r"\S"))


class ItemWords(Strict):
    """What is written of an item."""

    name = ma.fields.String(validate=_NAME)
    inspecting_body = ma.fields.String(validate=ma.validate.Length(max=200))
    tier = ma.fields.String(validate=ma.validate.OneOf([one.value for one in ItemTier]))
    category = ma.fields.String(
        allow_none=True, validate=ma.validate.OneOf([one.value for one in ItemCategory])
    )
    legal_basis = ma.fields.String(validate=ma.validate.Length(max=2000))
    superior_code = ma.fields.String(validate=ma.validate.Length(max=60))
    speciality = ma.fields.String(allow_none=True, validate=ma.validate.Length(max=60))
    subject_kinds = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 60)), validate=ma.validate.Length(max=40)
    )
    joint = ma.fields.Boolean()
    joint_with = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 40)), validate=ma.validate.Length(max=40)
    )


class ItemMakingSchema(ItemWords):
    """A new item; the joint office says whose it is."""

    code = ma.fields.String(
        required=True, validate=ma.validate.And(ma.validate.Length(1, 40), ma.validate.Regexp(r"^\S+$"))
    )
    name = ma.fields.String(required=True, validate=_NAME)
    department_id = ma.fields.String()


class ItemChangingSchema(ItemWords):
    """What changes, and why."""

    reason = ma.fields.String(load_default="", validate=ma.validate.Length(max=300))


class ReasonSchema(Strict):
    """Why."""

    reason = ma.fields.String(required=True, validate=ma.validate.Length(2, 300))


class DraftSavingSchema(Strict):
    """The draft as it stands."""

    entries = ma.fields.List(
        ma.fields.Nested(DraftEntrySchema), required=True, validate=ma.validate.Length(max=400)
    )
    from_version = ma.fields.Integer(required=True)


class FaultSchema(ma.Schema):
    """What stands in the way of publishing, at which entry (-1: the whole) and field."""

    at = ma.fields.Integer(required=True)
    field = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)


class DraftSchema(ma.Schema):
    """The editor's beginning."""

    entries = ma.fields.List(ma.fields.Nested(DraftEntrySchema), required=True)
    faults = ma.fields.List(ma.fields.Nested(FaultSchema), required=True)
    revision = ma.fields.Integer(required=True)
    from_version = ma.fields.Integer(required=True)
    newest = ma.fields.Integer(required=True)
    saved_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    saved_by = ma.fields.String(required=True, allow_none=True)
    drafted = ma.fields.Boolean(required=True)


class ComparisonQuery(ma.Schema):
    """Which two; without the second the draft."""

    class Meta:
        unknown = ma.EXCLUDE

    before = ma.fields.Integer(required=True, validate=ma.validate.Range(1))
    after = ma.fields.Integer(load_default=None, validate=ma.validate.Range(1, 2**31 - 1))


class EntryDifferenceSchema(ma.Schema):
    """One entry before and after."""

    kind = ma.fields.String(required=True)
    id = ma.fields.String(required=True)
    before = ma.fields.Nested(DraftEntrySchema, required=True, allow_none=True)
    after = ma.fields.Nested(DraftEntrySchema, required=True, allow_none=True)
    fields_ = ma.fields.List(ma.fields.String(), required=True, attribute="fields", data_key="fields")
    moved = ma.fields.Boolean(required=True)


class ComparisonSchema(ma.Schema):
    """What differs."""

    before = ma.fields.Integer(required=True)
    after = ma.fields.Integer(required=True, allow_none=True)
    differences = ma.fields.List(ma.fields.Nested(EntryDifferenceSchema), required=True)


class FormRemarkSchema(ma.Schema):
    """What of a form did not fit, by row."""

    sheet = ma.fields.String(required=True)
    row = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)


class FormReadSchema(ma.Schema):
    """An XLSForm as entries for the editor; nothing is kept yet."""

    title = ma.fields.String(required=True)
    entries = ma.fields.List(ma.fields.Nested(DraftEntrySchema), required=True)
    rows = ma.fields.List(ma.fields.Integer(), required=True)
    remarks = ma.fields.List(ma.fields.Nested(FormRemarkSchema), required=True)
    faults = ma.fields.List(ma.fields.Nested(FaultSchema), required=True)


class ItemExportQuery(ItemQuery, ExportQuery):  # type: ignore[misc]
    """The filters of the list, the form, and what for."""


class GuideSchema(ma.Schema):
    """The guide of one department."""

    department = ma.fields.Nested(NamedSchema, required=True)
    region = ma.fields.Nested(NamedSchema, required=True)
    items = ma.fields.Integer(required=True)
    entries = ma.fields.Integer(required=True)


class GuidesQuery(ma.Schema):
    """Of which region."""

    class Meta:
        unknown = ma.EXCLUDE

    region = ma.fields.String(load_default="")


class GuidesSchema(ma.Schema):
    """Which guides there are."""

    items = ma.fields.List(ma.fields.Nested(GuideSchema), required=True)
