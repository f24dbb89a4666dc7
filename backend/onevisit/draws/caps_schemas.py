"""What travels of caps, neighbours, lists drawn elsewhere, and the use of risk classes?"""

import marshmallow as ma

from onevisit.core.api import Strict
from onevisit.draws.schemas import REASON
from onevisit.subjects.schemas import UPLOADED
from onevisit.tasks.schemas import NamedDepartmentSchema


class CapGivenSchema(Strict):
    """At most so many checks of a subject in a year; null lifts the cap."""

    most = ma.fields.Integer(required=True, allow_none=True, validate=ma.validate.Range(1, 366))
    ground = ma.fields.String(required=True, validate=REASON)


class OwnCapSchema(ma.Schema):
    """The department's own cap."""

    most = ma.fields.Integer(required=True, allow_none=True)
    ground = ma.fields.String(required=True, allow_none=True)
    set_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class OverrideGivenSchema(Strict):
    """Which cap this task should draw over, and why."""

    task_id = ma.fields.String(required=True)
    cap = ma.fields.String(required=True, validate=ma.validate.OneOf(["joint_cap", "department_cap"]))
    department_id = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, validate=REASON)


class NeighbourGivenSchema(Strict):
    """Whose inspectors may help whom, by which agreement."""

    department_id = ma.fields.String(required=True)
    neighbour_id = ma.fields.String(required=True)
    ground = ma.fields.String(required=True, validate=REASON)


class NeighbourSchema(ma.Schema):
    """A declared neighbour."""

    id = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    neighbour = ma.fields.Nested(NamedDepartmentSchema, required=True)
    ground = ma.fields.String(required=True)
    declared_at = ma.fields.AwareDateTime(required=True)


class NeighbourCandidateSchema(ma.Schema):
    """A department elsewhere that has inspectors enrolled."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    inspectors = ma.fields.Integer(required=True)


class NeighbourListSchema(ma.Schema):
    """The declared neighbours, and who else could be declared."""

    items = ma.fields.List(ma.fields.Nested(NeighbourSchema), required=True)
    candidates = ma.fields.List(ma.fields.Nested(NeighbourCandidateSchema), required=True)


class RiskUseQuery(ma.Schema):
    """Of which year."""

    class Meta:
        unknown = ma.EXCLUDE

    year = ma.fields.Integer(required=True, validate=ma.validate.Range(2000, 2100))


class RiskUseSchema(ma.Schema):
    """How many draws used the risk classes; those without classes to use are not counted."""

    drawn = ma.fields.Integer(required=True)
    with_classes = ma.fields.Integer(required=True)
    not_concerned = ma.fields.Integer(required=True)
    percent = ma.fields.Float(required=True, allow_none=True)
    target = ma.fields.Integer(required=True, allow_none=True)
    sentence = ma.fields.String(required=True, allow_none=True)


class TakeoverQuery(ma.Schema):
    """Of which task, drawn where and when; dry_run=1 shows what is understood and keeps nothing."""

    class Meta:
        unknown = ma.EXCLUDE

    task_id = ma.fields.String(required=True)
    platform = ma.fields.String(load_default="省级平台", validate=ma.validate.Length(1, 80))
    task_no = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(1, 80))
    drawn_on = ma.fields.Date(load_default=None, allow_none=True)
    dry_run = ma.fields.Boolean(load_default=False)


class TakeoverFileSchema(ma.Schema):
    """The list as the platform gives it."""

    file = ma.fields.Raw(required=True, metadata=UPLOADED)


class TakeoverRefusedSchema(ma.Schema):
    """A row that is not understood, or that needs a look."""

    row = ma.fields.Integer(required=True)
    reason = ma.fields.String(required=True)


class TakeoverTeamSchema(ma.Schema):
    """A department's team as understood, the leader first."""

    department = ma.fields.String(required=True)
    people = ma.fields.List(ma.fields.String(), required=True)


class TakeoverRowSchema(ma.Schema):
    """A subject as understood."""

    order = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)
    teams = ma.fields.List(ma.fields.Nested(TakeoverTeamSchema), required=True)


class TakeoverPreviewSchema(ma.Schema):
    """What the file says; `draw_id` once it is taken over."""

    subjects = ma.fields.Integer(required=True)
    teams = ma.fields.Integer(required=True)
    refused = ma.fields.List(ma.fields.Nested(TakeoverRefusedSchema), required=True)
    refused_count = ma.fields.Integer(required=True)
    warnings = ma.fields.List(ma.fields.Nested(TakeoverRefusedSchema), required=True)
    sha256 = ma.fields.String(required=True)
    rows = ma.fields.List(ma.fields.Nested(TakeoverRowSchema), required=True)
    draw_id = ma.fields.String(required=True, allow_none=True)
