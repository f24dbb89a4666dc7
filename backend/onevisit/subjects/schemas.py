"""What travels of subjects, of lists that come in, and of attestations?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery, Strict
from onevisit.subjects.terms import LabelKind, LibraryName, Risk, SubjectKind, SubjectState

UPLOADED = {"type": "string", "format": "binary"}


class ListFileSchema(ma.Schema):
    """A list file."""

    file = ma.fields.Raw(required=True, metadata=UPLOADED)


class SubjectQuery(PageQuery):
    """Which subjects."""

    kind = ma.fields.String(validate=ma.validate.OneOf([one.value for one in SubjectKind]))
    field = ma.fields.String()
    tag = ma.fields.String()
    licence = ma.fields.String()
    department = ma.fields.String()
    grade = ma.fields.String()
    place = ma.fields.String()
    unlisted = ma.fields.Boolean(load_default=False)
    sort = ma.fields.String(
        validate=ma.validate.OneOf(["name", "credit_code", "kind", "risk", "state", "updated_at"]), load_default="name"
    )  # fmt: skip
    desc = ma.fields.Boolean(load_default=False)
    risk = ma.fields.String(validate=ma.validate.OneOf([one.value for one in Risk]))
    state = ma.fields.String(validate=ma.validate.OneOf([one.value for one in SubjectState]))


class LicenceSchema(ma.Schema):
    """A licence of a subject."""

    name = ma.fields.String(required=True)
    no = ma.fields.String(required=True, allow_none=True)
    valid_to = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String()


class SubjectSchema(ma.Schema):
    """A subject in a list: nothing of persons."""

    id = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)
    credit_code_warning = ma.fields.String(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    fields_ = ma.fields.List(ma.fields.String(), required=True, attribute="fields", data_key="fields")
    tags = ma.fields.List(ma.fields.String(), required=True)
    address = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    risk = ma.fields.String(required=True)
    risk_label = ma.fields.String(required=True)
    made_up = ma.fields.Boolean(required=True)
    updated_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class SubjectHistorySchema(ma.Schema):
    """A past check."""

    visit_id = ma.fields.String(required=True)
    day = ma.fields.Date(required=True)
    task_name = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    outcomes = ma.fields.List(ma.fields.String(), required=True)


class SubjectDetailSchema(SubjectSchema):
    """A subject with what the department needs to find it and to know it."""

    lat_e7 = ma.fields.Integer(required=True, allow_none=True)
    lon_e7 = ma.fields.Integer(required=True, allow_none=True)
    legal_representative = ma.fields.String(required=True, allow_none=True)
    phone = ma.fields.String(required=True, allow_none=True)
    contact = ma.fields.String(required=True, allow_none=True)
    contact_phone = ma.fields.String(required=True, allow_none=True)
    risk_issuer = ma.fields.String(required=True, allow_none=True)
    risk_day = ma.fields.Date(required=True, allow_none=True)
    licences = ma.fields.List(ma.fields.Nested(LicenceSchema), required=True)
    departments = ma.fields.List(ma.fields.Nested(NamedSchema), required=True)
    history = ma.fields.List(ma.fields.Nested(SubjectHistorySchema), required=True)
    checks_this_year = ma.fields.Integer(required=True)
    revision = ma.fields.Integer(required=True)


class SubjectPageSchema(ma.Schema):
    """A page of subjects; where `total_exact` is false, `total` counts names in which the word's pieces may stand apart."""

    items = ma.fields.List(ma.fields.Nested(SubjectSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    total = ma.fields.Integer(required=True)
    total_exact = ma.fields.Boolean(required=True)


class ScopeConditionSchema(Strict):
    """One of these values of this kind."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in LabelKind]))
    any = ma.fields.List(ma.fields.String(), required=True, validate=ma.validate.Length(1, 2000))


class ScopeFilterSchema(Strict):
    """All of `all`, nothing of `none`."""

    all = ma.fields.List(ma.fields.Nested(ScopeConditionSchema), load_default=list)
    none = ma.fields.List(ma.fields.Nested(ScopeConditionSchema), load_default=list)


class ScopeCountQuerySchema(Strict):
    """Whom would this filter find?"""

    filter = ma.fields.Nested(ScopeFilterSchema, required=True)


class ScopeCountSchema(ma.Schema):
    """How many can be drawn, by class; `not_operating` lie in the scope but stay out of the pool."""

    count = ma.fields.Integer(required=True)
    by_risk = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    not_operating = ma.fields.Integer(required=True)


class SubjectLabelSchema(ma.Schema):
    """A label and how many subjects carry it."""

    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    value = ma.fields.String(required=True)
    value_label = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)


class SubjectLabelListSchema(ma.Schema):
    """All labels of the region's library."""

    items = ma.fields.List(ma.fields.Nested(SubjectLabelSchema), required=True)


class AttestSchema(Strict):
    """Which library is up to date."""

    library = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in LibraryName]))


class AttestationSchema(ma.Schema):
    """Who vouched for what, when; `at` null: nobody yet."""

    department = ma.fields.Nested(NamedSchema, required=True)
    library = ma.fields.String(required=True)
    library_label = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True, allow_none=True)
    count = ma.fields.Integer(required=True, allow_none=True)
    count_now = ma.fields.Integer(required=True)
    changed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    changes = ma.fields.Integer(required=True)
    holds = ma.fields.Boolean(required=True)


class AttestationListSchema(ma.Schema):
    """Every department with both libraries."""

    items = ma.fields.List(ma.fields.Nested(AttestationSchema), required=True)
