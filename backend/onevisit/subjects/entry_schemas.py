"""What travels of single entry, belongings, grades, histories and the health of the libraries?"""

from typing import Any

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import PageQuery, Strict
from onevisit.core.exporting import ExportQuery
from onevisit.subjects.schemas import AttestationSchema, SubjectDetailSchema, SubjectQuery
from onevisit.subjects.terms import (
    ChangeKind,
    Duty,
    Finding,
    Level,
    LibraryName,
    LicenceState,
    Risk,
    SubjectKind,
    SubjectState,
)


def one_of(words: Any) -> ma.validate.OneOf:
    """Only these words."""
    return ma.validate.OneOf([word.value for word in words])


def text(most: int, **over: Any) -> ma.fields.String:
    """A text of at most so many characters; nothing is allowed."""
    return ma.fields.String(
        **{"load_default": None, "allow_none": True, "validate": ma.validate.Length(max=most), **over}
    )


class LicenceEntrySchema(Strict):
    """A licence as it is typed."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 100))
    no = text(80)
    valid_to = ma.fields.Date(load_default=None, allow_none=True)
    state = ma.fields.String(load_default=LicenceState.VALID.value, validate=one_of(LicenceState))

    @ma.post_load
    def _as_kept(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        return given | {"valid_to": given["valid_to"].isoformat() if given["valid_to"] else None}


class BelongingEntrySchema(Strict):
    """How a department answers for a subject; no department named: the own one."""

    department_id = text(40)
    duties = ma.fields.List(
        ma.fields.String(validate=one_of(Duty)), required=True, validate=ma.validate.Length(1, 3)
    )
    level = ma.fields.String(required=True, validate=one_of(Level))


class SubjectEntrySchema(Strict):
    """A subject as a clerk types it."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))
    credit_code = text(40)
    kind = ma.fields.String(required=True, validate=one_of(SubjectKind))
    fields_ = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 100)), load_default=list, attribute="fields", data_key="fields",
        validate=ma.validate.Length(max=50),
    )  # fmt: skip
    tags = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 100)),
        load_default=list,
        validate=ma.validate.Length(max=50),
    )
    address = ma.fields.String(load_default="", validate=ma.validate.Length(max=300))
    lat_e7 = ma.fields.Integer(
        load_default=None, allow_none=True, validate=ma.validate.Range(-900000000, 900000000)
    )
    lon_e7 = ma.fields.Integer(
        load_default=None, allow_none=True, validate=ma.validate.Range(-1800000000, 1800000000)
    )
    legal_representative = text(60)
    phone = text(40)
    contact = text(60)
    contact_phone = text(40)
    unsuitable_hours = text(200)
    licences = ma.fields.List(
        ma.fields.Nested(LicenceEntrySchema), load_default=list, validate=ma.validate.Length(max=50)
    )
    state = ma.fields.String(load_default=SubjectState.OPERATING.value, validate=one_of(SubjectState))
    risk = ma.fields.String(load_default=Risk.NONE.value, validate=one_of(Risk))
    risk_issuer = text(80)
    risk_day = ma.fields.Date(load_default=None, allow_none=True)
    responsible_id = text(36)
    keep_code = ma.fields.Boolean(load_default=False)
    although_similar = ma.fields.Boolean(load_default=False)
    reason = text(200)


class NewSubjectSchema(SubjectEntrySchema):
    """A new one, with the library it goes into."""

    belonging = ma.fields.Nested(BelongingEntrySchema, load_default=None, allow_none=True)


class TakeInSchema(BelongingEntrySchema):
    """Into a library."""

    reason = text(200)


class LetGoSchema(Strict):
    """Out of a library, never without a reason."""

    department_id = text(40)
    reason = ma.fields.String(required=True, validate=ma.validate.Length(2, 200))


class GradeSchema(Strict):
    """A grade of the own scale."""

    scale_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 36))
    grade = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    issuer = ma.fields.String(required=True, validate=ma.validate.Length(1, 80))
    day = ma.fields.Date(required=True)
    valid_to = ma.fields.Date(load_default=None, allow_none=True)
    reason = text(200)


class ScaleEntrySchema(Strict):
    """A department's scale, from the least to the most risky."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))
    grades = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 40)),
        required=True,
        validate=ma.validate.Length(2, 12),
    )
    valid_months = ma.fields.Integer(load_default=None, allow_none=True, validate=ma.validate.Range(1, 120))


class ScaleSchema(ma.Schema):
    """A scale, and how many subjects stand on it."""

    id = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    name = ma.fields.String(required=True)
    grades = ma.fields.List(ma.fields.String(), required=True)
    valid_months = ma.fields.Integer(required=True, allow_none=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    count = ma.fields.Integer(required=True)
    revision = ma.fields.Integer(required=True)


class ScaleListSchema(ma.Schema):
    """All scales of the region, and the risk classes in the region's own words."""

    items = ma.fields.List(ma.fields.Nested(ScaleSchema), required=True)
    risk_words = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class BelongingSchema(ma.Schema):
    """Whose library, in which way; null where a list brought it and nobody said how."""

    department = ma.fields.Nested(NamedSchema, required=True)
    duty = ma.fields.String(required=True, allow_none=True)
    duty_label = ma.fields.String(required=True, allow_none=True)
    level = ma.fields.String(required=True, allow_none=True)
    level_label = ma.fields.String(required=True, allow_none=True)
    since = ma.fields.Date(required=True, allow_none=True)


class PartySchema(ma.Schema):
    """A responsible party."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String()


class PartyListSchema(ma.Schema):
    """Who can be one."""

    items = ma.fields.List(ma.fields.Nested(PartySchema), required=True)


class ThingSchema(ma.Schema):
    """A thing somebody is responsible for."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)


class SubjectGradeSchema(ma.Schema):
    """A grade; `holds` is the newest of its scale."""

    id = ma.fields.String(required=True)
    scale = ma.fields.Nested(NamedSchema, required=True)
    department = ma.fields.Nested(NamedSchema, required=True)
    grade = ma.fields.String(required=True)
    issuer = ma.fields.String(required=True)
    day = ma.fields.Date(required=True)
    valid_to = ma.fields.Date(required=True, allow_none=True)
    holds = ma.fields.Boolean(required=True)
    expired = ma.fields.Boolean(required=True)


class ChangedFieldSchema(ma.Schema):
    """From what to what, in words."""

    name = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    before = ma.fields.String(required=True)
    after = ma.fields.String(required=True)


class LibraryChangeSchema(ma.Schema):
    """Who changed what, when."""

    id = ma.fields.String(required=True)
    library = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    object_id = ma.fields.String(required=True)
    object_name = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    actor_name = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    count = ma.fields.Integer(required=True)
    undone_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    fields_ = ma.fields.List(
        ma.fields.Nested(ChangedFieldSchema), required=True, attribute="fields", data_key="fields"
    )


class LibraryChangePageSchema(ma.Schema):
    """A page of the history."""

    items = ma.fields.List(ma.fields.Nested(LibraryChangeSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ChangeQuery(PageQuery):
    """Which changes."""

    library = ma.fields.String(validate=one_of(LibraryName))
    kind = ma.fields.String(validate=one_of(ChangeKind))
    department = ma.fields.String()
    object_id = ma.fields.String()
    since = ma.fields.Date()
    until = ma.fields.Date()


class WholeSubjectSchema(SubjectDetailSchema):
    """A subject with all that stands about it."""

    unsuitable_hours = ma.fields.String(required=True, allow_none=True)
    updated_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    belongings = ma.fields.List(ma.fields.Nested(BelongingSchema), required=True)
    may_change = ma.fields.Boolean(required=True)
    responsible = ma.fields.Nested(PartySchema, required=True, allow_none=True)
    things = ma.fields.List(ma.fields.Nested(ThingSchema), required=True)
    thing_count = ma.fields.Integer(required=True)
    grades = ma.fields.List(ma.fields.Nested(SubjectGradeSchema), required=True)
    changes = ma.fields.List(ma.fields.Nested(LibraryChangeSchema), required=True)
    undo = ma.fields.String(required=True, allow_none=True)


class UndoneSchema(ma.Schema):
    """The thing as it is again; null when its entry was taken back."""

    subject = ma.fields.Nested(WholeSubjectSchema, required=True, allow_none=True)


class SubjectExportQuery(ExportQuery, SubjectQuery):
    """The filtered list, and what for."""


class PartQuery(ma.Schema):
    """The whole region, or one department's part."""

    department = ma.fields.String(load_default=None)


class FoundQuery(PageQuery, PartQuery):
    """Who is meant by a finding."""

    finding = ma.fields.String(required=True, validate=one_of(Finding))


class FoundExportQuery(ExportQuery, PartQuery):
    """All of a finding, and what for."""

    finding = ma.fields.String(required=True, validate=one_of(Finding))


class FindingSchema(ma.Schema):
    """One line of the health report."""

    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    why = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    people = ma.fields.Boolean(required=True)


class HealthSchema(ma.Schema):
    """The health report of a day."""

    day = ma.fields.Date(required=True)
    subjects = ma.fields.Integer(required=True)
    months = ma.fields.Integer(required=True)
    findings = ma.fields.List(ma.fields.Nested(FindingSchema), required=True)


class FoundSchema(ma.Schema):
    """One of those a finding speaks of."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    code = ma.fields.String(required=True, allow_none=True)
    address = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    departments = ma.fields.List(ma.fields.String(), required=True)
    updated_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    seen = ma.fields.String(required=True, allow_none=True)


class FoundPageSchema(ma.Schema):
    """A page of them."""

    items = ma.fields.List(ma.fields.Nested(FoundSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class StaffSchema(Strict):
    """How many should be enrolled."""

    expected = ma.fields.Integer(required=True, validate=ma.validate.Range(0, 100000))


class StaffEnrolledSchema(ma.Schema):
    """One department's enrolment."""

    department = ma.fields.Nested(NamedSchema, required=True)
    expected = ma.fields.Integer(required=True, allow_none=True)
    enrolled = ma.fields.Integer(required=True)
    noted_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    percent = ma.fields.Integer(required=True, allow_none=True)


class StaffEnrolmentSchema(ma.Schema):
    """入库率 of the region, against the notice's target."""

    target_percent = ma.fields.Integer(required=True, allow_none=True)
    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)
    departments = ma.fields.List(ma.fields.Nested(StaffEnrolledSchema), required=True)
    silent = ma.fields.Integer(required=True)
    percent = ma.fields.Integer(required=True, allow_none=True)


class ClosedVisitSchema(ma.Schema):
    """An open visit to a subject that does not operate any more."""

    visit_id = ma.fields.String(required=True)
    visit_no = ma.fields.String(required=True)
    task_id = ma.fields.String(required=True)
    task_name = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)


class LibrariesWaitingSchema(ma.Schema):
    """What of the libraries waits for me."""

    attest = ma.fields.List(ma.fields.Nested(AttestationSchema), required=True)
    certificates_expired = ma.fields.Integer(required=True)
    certificates_ending = ma.fields.Integer(required=True)
    closed = ma.fields.List(ma.fields.Nested(ClosedVisitSchema), required=True)
    staff_unsaid = ma.fields.Boolean(required=True)
