"""What travels of a publication?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery, Strict
from onevisit.publications.terms import PublicationState


class PublicationQuery(PageQuery):
    """Which state."""

    state = ma.fields.String(load_default="waiting", validate=ma.validate.OneOf(list(PublicationState)))


class OutcomeSchema(ma.Schema):
    """A result with the region's own word for it."""

    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class PublicItemSchema(ma.Schema):
    """An item as the public reads it."""

    name = ma.fields.String(required=True)
    outcomes = ma.fields.List(ma.fields.Nested(OutcomeSchema), required=True)
    measures = ma.fields.List(ma.fields.String(), required=True)


class PublicSubjectSchema(ma.Schema):
    """Under whose name the result stands; nobody for sensitive tasks."""

    name = ma.fields.String(required=True, allow_none=True)
    credit_code = ma.fields.String(required=True, allow_none=True)
    thing = ma.fields.String()


class PublicPlanWordsSchema(ma.Schema):
    """The plan."""

    name = ma.fields.String(required=True)
    document_no = ma.fields.String(required=True, allow_none=True)


class PublicTaskWordsSchema(ma.Schema):
    """The task."""

    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    targeting = ma.fields.String(required=True, allow_none=True)


class PublicFactsSchema(ma.Schema):
    """The allow-list: nothing else of a record ever reaches the public."""

    subject = ma.fields.Nested(PublicSubjectSchema, required=True)
    plan = ma.fields.Nested(PublicPlanWordsSchema, required=True)
    task = ma.fields.Nested(PublicTaskWordsSchema, required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    methods = ma.fields.List(ma.fields.String(), required=True)
    day = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(PublicItemSchema), required=True)


class PublicResultSchema(PublicFactsSchema):
    """A published result."""

    id = ma.fields.String(required=True)
    region = ma.fields.String(required=True)
    published = ma.fields.String(required=True, allow_none=True)


class PublicResultPageSchema(ma.Schema):
    """A page of published results."""

    items = ma.fields.List(ma.fields.Nested(PublicResultSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ResultQuery(PageQuery):
    """By name or code, region, task."""

    region = ma.fields.String(load_default="")
    task = ma.fields.String(load_default="")


class PublicationSchema(ma.Schema):
    """A publication as the desk sees it."""

    id = ma.fields.String(required=True)
    visit_id = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    subject = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    due = ma.fields.String(required=True, allow_none=True)
    due_text = ma.fields.String(required=True, allow_none=True)
    facts = ma.fields.Nested(PublicFactsSchema, required=True)
    published_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    withheld_ground = ma.fields.String(required=True, allow_none=True)
    revision = ma.fields.Integer(required=True)


class PublicationPageSchema(ma.Schema):
    """A page of publications, and how many there are in each state."""

    items = ma.fields.List(ma.fields.Nested(PublicationSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class WithholdSchema(Strict):
    """The legal ground on which a result is not published."""

    ground = ma.fields.String(required=True, validate=ma.validate.Length(5, 500))


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
