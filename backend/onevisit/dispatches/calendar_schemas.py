"""What travels of a calendar of visits?"""

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.dispatches.scheduling import MOST_PER_DAY, PER_DAY
from onevisit.dispatches.terms import Unplaced, Warned

TIME = ma.validate.Regexp(r"^(上午|下午|全天|([01][0-9]|2[0-3]):[0-5][0-9])$")


class CalendarQuery(ma.Schema):
    """Of which task; left out: all visits that this account leads."""

    task_id = ma.fields.String(load_default=None)


class ChosenSchema(Strict):
    """A visit on a day."""

    visit_id = ma.fields.String(required=True, validate=ma.validate.Length(1, 36))
    day = ma.fields.Date(required=True)
    time = ma.fields.String(load_default=None, allow_none=True, validate=TIME)


class ProposalQuerySchema(Strict):
    """For which visits days are wanted, and which are chosen already."""

    task_id = ma.fields.String(load_default=None, allow_none=True)
    per_day = ma.fields.Integer(load_default=PER_DAY, validate=ma.validate.Range(1, MOST_PER_DAY))
    wanted = ma.fields.List(ma.fields.String(), load_default=[], validate=ma.validate.Length(0, 1000))
    kept = ma.fields.List(
        ma.fields.Nested(ChosenSchema), load_default=[], validate=ma.validate.Length(0, 1000)
    )


class PlacedSchema(ma.Schema):
    """A day that the program proposes."""

    visit_id = ma.fields.String(required=True)
    day = ma.fields.Date(required=True)
    time = ma.fields.String(required=True)


class UnplacedSchema(ma.Schema):
    """A visit without a day, and why."""

    visit_id = ma.fields.String(required=True)
    why = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in Unplaced]))
    why_label = ma.fields.String(required=True)


class WarningSchema(ma.Schema):
    """What stands against a chosen day; `words` are the subject's own."""

    visit_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in Warned]))
    label = ma.fields.String(required=True)
    words = ma.fields.String(required=True, allow_none=True)


class CalendarProposalSchema(ma.Schema):
    """The program's proposal and its doubts."""

    placed = ma.fields.List(ma.fields.Nested(PlacedSchema), required=True)
    unplaced = ma.fields.List(ma.fields.Nested(UnplacedSchema), required=True)
    warnings = ma.fields.List(ma.fields.Nested(WarningSchema), required=True)


class LineSchema(ChosenSchema):
    """One visit of the calendar that is accepted."""

    revision = ma.fields.Integer(required=True)
    announced = ma.fields.Boolean(required=True)


class AcceptanceSchema(Strict):
    """The calendar as a whole."""

    per_day = ma.fields.Integer(load_default=PER_DAY, validate=ma.validate.Range(1, MOST_PER_DAY))
    lines = ma.fields.List(ma.fields.Nested(LineSchema), required=True, validate=ma.validate.Length(1, 1000))

    @ma.validates_schema
    def each_once(self, given: dict[str, list[dict[str, str]]], **_: object) -> None:
        """No visit has two days."""
        ids = [one["visit_id"] for one in given.get("lines", [])]
        if len(set(ids)) != len(ids):
            raise ma.ValidationError("同一次上门不能排两次。", "lines")


class AcceptedSchema(ma.Schema):
    """What was accepted or taken back."""

    id = ma.fields.String(required=True)
    visits = ma.fields.Integer(required=True)


class CalendarDaySchema(ma.Schema):
    """A day: working or not, with the holiday's name; `due`: something must be done by then."""

    day = ma.fields.Date(required=True)
    working = ma.fields.Boolean(required=True)
    makeup = ma.fields.Boolean(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    due = ma.fields.Boolean(required=True)


class CalendarTaskSchema(ma.Schema):
    """The task of the calendar."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class CalendarDepartmentSchema(ma.Schema):
    """Whose people go."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    short_name = ma.fields.String(required=True)


class CalendarPersonSchema(ma.Schema):
    """Somebody who goes."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    department_id = ma.fields.String(required=True)


class CalendarVisitSchema(ma.Schema):
    """A visit on the calendar, or waiting beside it."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    order = ma.fields.Integer(required=True)
    revision = ma.fields.Integer(required=True)
    task_id = ma.fields.String(required=True)
    task = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    place = ma.fields.String(required=True, allow_none=True)
    unsuitable_hours = ma.fields.String(required=True, allow_none=True)
    unread_hours = ma.fields.List(ma.fields.String(), required=True)
    first = ma.fields.Date(required=True)
    due = ma.fields.Date(required=True)
    day = ma.fields.Date(required=True, allow_none=True)
    time = ma.fields.String(required=True, allow_none=True)
    announced = ma.fields.Boolean(required=True)
    people = ma.fields.List(ma.fields.String(), required=True)
    movable = ma.fields.Boolean(required=True)
    why_not = ma.fields.String(required=True, allow_none=True)
    claimed = ma.fields.Boolean(required=True)


class ElsewhereSchema(ma.Schema):
    """Where these people are in other visits."""

    day = ma.fields.Date(required=True)
    time = ma.fields.String(required=True, allow_none=True)
    people = ma.fields.List(ma.fields.String(), required=True)


class UndoableSchema(ma.Schema):
    """The last accepted calendar, while it can be taken back."""

    id = ma.fields.String(required=True)
    accepted_at = ma.fields.AwareDateTime(required=True)
    visits = ma.fields.Integer(required=True)


class CalendarSchema(ma.Schema):
    """Days, visits, people."""

    task = ma.fields.Nested(CalendarTaskSchema, required=True, allow_none=True)
    today = ma.fields.Date(required=True)
    days = ma.fields.List(ma.fields.Nested(CalendarDaySchema), required=True)
    known = ma.fields.Boolean(required=True)
    per_day = ma.fields.Integer(required=True)
    most_per_day = ma.fields.Integer(required=True)
    departments = ma.fields.List(ma.fields.Nested(CalendarDepartmentSchema), required=True)
    people = ma.fields.List(ma.fields.Nested(CalendarPersonSchema), required=True)
    visits = ma.fields.List(ma.fields.Nested(CalendarVisitSchema), required=True)
    elsewhere = ma.fields.List(ma.fields.Nested(ElsewhereSchema), required=True)
    undoable = ma.fields.Nested(UndoableSchema, required=True, allow_none=True)
