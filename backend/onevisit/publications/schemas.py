"""What travels of a publication?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery
from onevisit.publications.terms import PublicationState


class PublicationQuery(PageQuery):
    """Which state."""

    state = ma.fields.String(load_default="waiting", validate=ma.validate.OneOf([*PublicationState, "asked"]))


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
    erratum = ma.fields.String(required=True, allow_none=True)


class PublicVersionSchema(ma.Schema):
    """Which version took the place of this one."""

    id = ma.fields.String(required=True)
    published = ma.fields.String(required=True, allow_none=True)


class PublicVersionsSchema(PublicResultSchema):
    """A published result and the versions before it; `corrected_by` when it is itself no longer the last one."""

    corrected_by = ma.fields.Nested(PublicVersionSchema, required=True, allow_none=True)
    earlier = ma.fields.List(ma.fields.Nested(PublicResultSchema), required=True)


class PublicResultPageSchema(ma.Schema):
    """A page of published results."""

    items = ma.fields.List(ma.fields.Nested(PublicResultSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ResultQuery(PageQuery):
    """By name or code, region, task."""

    region = ma.fields.String(load_default="")
    task = ma.fields.String(load_default="")


class RequestSchema(ma.Schema):
    """What somebody asks about a result, and what the reader may do about it."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    asked_by_name = ma.fields.String(required=True)
    from_subject = ma.fields.Boolean(required=True)
    asked_at = ma.fields.AwareDateTime(required=True)
    reason = ma.fields.String(required=True)
    contact = ma.fields.String(required=True, allow_none=True)
    facts = ma.fields.Nested(PublicFactsSchema, required=True, allow_none=True)
    erratum = ma.fields.String(required=True, allow_none=True)
    answer = ma.fields.String(required=True, allow_none=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    decided_by_name = ma.fields.String(required=True, allow_none=True)
    may_grant = ma.fields.Boolean(required=True)
    may_refuse = ma.fields.Boolean(required=True)
    may_withdraw = ma.fields.Boolean(required=True)


class OpenQuery(PageQuery):
    """Of which region, and how many at once."""

    region = ma.fields.String(load_default="", validate=ma.validate.Length(0, 12))
    limit = ma.fields.Integer(load_default=1000, validate=ma.validate.Range(1, 5000))


class OpenResultsSchema(ma.Schema):
    """A page of open data: the columns, the rows under them, where it goes on."""

    fields_ = ma.fields.List(ma.fields.String(), required=True, data_key="fields", attribute="fields")
    rows = ma.fields.List(ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String()), required=True)
    next = ma.fields.String(required=True, allow_none=True)


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
    shown_until = ma.fields.String(required=True, allow_none=True)
    erratum = ma.fields.String(required=True, allow_none=True)
    corrects = ma.fields.String(required=True, allow_none=True)
    request = ma.fields.Nested(RequestSchema, required=True, allow_none=True)
    revision = ma.fields.Integer(required=True)


class PublicationPageSchema(ma.Schema):
    """A page of publications, and how many there are in each state."""

    items = ma.fields.List(ma.fields.Nested(PublicationSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    counts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
