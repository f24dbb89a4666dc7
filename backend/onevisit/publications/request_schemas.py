"""What travels when somebody asks that a result be withheld or put right?"""

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.publications.terms import RequestKind

LONG_ENOUGH = ma.validate.Length(5, 1000)


class CorrectedItemSchema(Strict):
    """What came of one item, put right; `at` is its place in the result."""

    at = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0, 500))
    outcomes = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 60)),
        required=True,
        validate=ma.validate.Length(1, 20),
    )
    measures = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 60)),
        load_default=list,
        validate=ma.validate.Length(0, 20),
    )


class CorrectedSubjectSchema(Strict):
    """Under whose name the result should stand."""

    name = ma.fields.String(validate=ma.validate.Length(2, 200))
    credit_code = ma.fields.String(validate=ma.validate.Regexp(r"^[0-9A-Z]{18}$"), allow_none=True)


class CorrectionChangesSchema(Strict):
    """What is to be put right: only what the public reads."""

    items = ma.fields.List(
        ma.fields.Nested(CorrectedItemSchema), load_default=list, validate=ma.validate.Length(0, 500)
    )
    day = ma.fields.String(allow_none=True, load_default=None, validate=ma.validate.Length(0, 10))
    subject = ma.fields.Nested(CorrectedSubjectSchema, allow_none=True, load_default=None)


class FilledInSchema(CorrectionChangesSchema):
    """What a subject's request would change, and the department's own statement for the public."""

    erratum = ma.fields.String(required=True, validate=LONG_ENOUGH)


class AskSchema(Strict):
    """A department's request: the legal ground to withhold, or why and what to correct."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(list(RequestKind)))
    reason = ma.fields.String(required=True, validate=LONG_ENOUGH)
    changes = ma.fields.Nested(CorrectionChangesSchema, allow_none=True, load_default=None)


class SubjectAskSchema(Strict):
    """A subject's request: the code on its record, what is wrong, how to be reached."""

    code = ma.fields.String(required=True, validate=ma.validate.Length(1, 100))
    text = ma.fields.String(required=True, validate=LONG_ENOUGH)
    contact = ma.fields.String(allow_none=True, load_default=None, validate=ma.validate.Length(0, 60))


class SubjectCodeSchema(Strict):
    """The code on the record."""

    code = ma.fields.String(required=True, validate=ma.validate.Length(1, 100))


class GrantSchema(Strict):
    """Yes; for a correction with the principal head's password, which is his signature."""

    password = ma.fields.String(allow_none=True, load_default=None, validate=ma.validate.Length(0, 200))
    answer = ma.fields.String(allow_none=True, load_default=None, validate=ma.validate.Length(0, 1000))


class RefuseSchema(Strict):
    """No, and why."""

    answer = ma.fields.String(required=True, validate=LONG_ENOUGH)


class SubjectAnswerSchema(ma.Schema):
    """What a subject reads of its own request."""

    asked_at = ma.fields.AwareDateTime(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    answer = ma.fields.String(required=True, allow_none=True)


class SubjectAnswersSchema(ma.Schema):
    """All requests of the subject about a result."""

    items = ma.fields.List(ma.fields.Nested(SubjectAnswerSchema), required=True)
