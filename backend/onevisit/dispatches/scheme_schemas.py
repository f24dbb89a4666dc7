"""What travels of a scheme 抽查方案?"""

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.dispatches.terms import SchemeStanding, TaskSchemeState
from onevisit.tasks.schemas import NamedDepartmentSchema

WORDS = ma.validate.Length(1, 4000)
STATES = ma.validate.OneOf([one.value for one in TaskSchemeState])


class SchemeTextSchema(Strict):
    """The four texts, none of them empty."""

    content = ma.fields.String(required=True, validate=WORDS)
    times = ma.fields.String(required=True, validate=WORDS)
    methods = ma.fields.String(required=True, validate=WORDS)
    requirements = ma.fields.String(required=True, validate=WORDS)

    @ma.validates_schema
    def said(self, given: dict[str, str], **_: object) -> None:
        """Blanks are no words."""
        for name, text in given.items():
            if isinstance(text, str) and not text.strip():
                raise ma.ValidationError("请写明这一项。", name)


class WriteSchemeSchema(Strict):
    """The words, and which revision the writer had before him."""

    words = ma.fields.Nested(SchemeTextSchema, required=True)
    revision = ma.fields.Integer(required=True, validate=ma.validate.Range(0, 10**6))


class SendSchemeSchema(WriteSchemeSchema):
    """The words go out: how many working days the partners have, what was changed."""

    answer_days = ma.fields.Integer(load_default=5, validate=ma.validate.Range(1, 30))
    note = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(0, 300))


class AnswerSchemeSchema(Strict):
    """Agreed, or why not."""

    version = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 10**6))
    agrees = ma.fields.Boolean(required=True)
    reason = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(0, 500))


class OverrulingSchema(Strict):
    """Why a task goes out over an objection."""

    reason = ma.fields.String(required=True, validate=ma.validate.Length(2, 500))


class ReplySchema(Strict):
    """What the initiating department answers to an objection."""

    version = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 10**6))
    department_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 40))
    words = ma.fields.String(
        required=True, validate=[ma.validate.Length(2, 500), ma.validate.Regexp(r"(?s).*\S.*\S")]
    )


class SchemeBriefSchema(ma.Schema):
    """How far the scheme is, as other pages say it."""

    state = ma.fields.String(required=True, validate=STATES)
    state_label = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    waiting = ma.fields.Integer(required=True)
    objected = ma.fields.Integer(required=True)


class SchemeAnswerSchema(ma.Schema):
    """A partner's standing to a version."""

    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    standing = ma.fields.String(
        required=True, validate=ma.validate.OneOf([one.value for one in SchemeStanding])
    )
    standing_label = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    answered_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    reply = ma.fields.String(required=True, allow_none=True)
    replied_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class SchemeWordsSchema(ma.Schema):
    """The four texts as they are kept."""

    content = ma.fields.String(required=True)
    times = ma.fields.String(required=True)
    methods = ma.fields.String(required=True)
    requirements = ma.fields.String(required=True)


class SchemeVersionSchema(ma.Schema):
    """An earlier version."""

    version = ma.fields.Integer(required=True)
    sent_at = ma.fields.AwareDateTime(required=True)
    note = ma.fields.String(required=True, allow_none=True)
    words = ma.fields.Nested(SchemeWordsSchema, required=True)
    answers = ma.fields.List(ma.fields.Nested(SchemeAnswerSchema), required=True)


class SchemeTaskSchema(ma.Schema):
    """The task of a scheme."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class LinkedTaskSchema(SchemeTaskSchema):
    """A task that the plan's scheme links with this one."""

    scheme = ma.fields.Nested(SchemeBriefSchema, required=True, allow_none=True)


class SchemeDueSchema(ma.Schema):
    """By when the partners answer."""

    day = ma.fields.Date(required=True)
    text = ma.fields.String(required=True)
    state = ma.fields.String(required=True)


class SchemeBasisSchema(ma.Schema):
    """The sentence that asks for a scheme."""

    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)


class OverruledSchema(ma.Schema):
    """The joint office let the task go out over these departments' objections."""

    reason = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)
    departments = ma.fields.List(ma.fields.String(), required=True)


class TaskSchemeSchema(ma.Schema):
    """The page of a scheme; `held`: an open objection keeps the task from being dispatched."""

    task = ma.fields.Nested(SchemeTaskSchema, required=True)
    initiating_department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    state = ma.fields.String(required=True, allow_none=True, validate=STATES)
    state_label = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
    words = ma.fields.Nested(SchemeWordsSchema, required=True)
    shown = ma.fields.Boolean(required=True)
    changed = ma.fields.Boolean(required=True)
    partners = ma.fields.Integer(required=True)
    writes = ma.fields.Boolean(required=True)
    answers_now = ma.fields.Boolean(required=True)
    answer_days = ma.fields.Integer(required=True)
    settled_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    answer_due = ma.fields.Nested(SchemeDueSchema, required=True, allow_none=True)
    answers = ma.fields.List(ma.fields.Nested(SchemeAnswerSchema), required=True)
    earlier = ma.fields.List(ma.fields.Nested(SchemeVersionSchema), required=True)
    note = ma.fields.String(required=True, allow_none=True)
    linked = ma.fields.List(ma.fields.Nested(LinkedTaskSchema), required=True)
    basis = ma.fields.Nested(SchemeBasisSchema, required=True)
    held = ma.fields.Boolean(required=True)
    may_overrule = ma.fields.Boolean(required=True)
    overruled = ma.fields.Nested(OverruledSchema, required=True, allow_none=True)
