"""What travels of a draw?"""

import marshmallow as ma

from onevisit.core.api import PageQuery, Strict
from onevisit.draws.quota import CLASSES
from onevisit.draws.states import DrawOrder
from onevisit.draws.terms import SourceKind
from onevisit.tasks.schemas import NamedDepartmentSchema

HEX64 = ma.validate.Regexp(r"^[0-9a-f]{64}$")
LEAF = ma.validate.Regexp(r"^([0-9a-f]{64}|taken-over-[0-9]{6,})$")
DECIMAL = ma.validate.Regexp(r"^(0|1|0\.[0-9]{1,6})$")
REASON = ma.validate.Length(2, 500)


class DrawSourceGivenSchema(Strict):
    """A source of chance and the department that answers for it."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(1, 60))
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in SourceKind]))
    department_id = ma.fields.String(load_default=None, allow_none=True)


class PreparingSchema(Strict):
    """A draw to be prepared; class ratios as decimals ("0.25")."""

    task_id = ma.fields.String(required=True)
    sources = ma.fields.List(
        ma.fields.Nested(DrawSourceGivenSchema), required=True, validate=ma.validate.Length(1, 8)
    )
    class_ratios = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.OneOf(CLASSES)), values=ma.fields.String(validate=DECIMAL),
        load_default=None, allow_none=True,
    )  # fmt: skip
    above_plan_reason = ma.fields.String(load_default=None, allow_none=True, validate=REASON)
    order = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.OneOf([one.value for one in DrawOrder])
    )


class CommitmentSchema(Strict):
    """H(draw no ‖ 0x1f ‖ source name ‖ 0x1f ‖ r), made in the party's own browser."""

    source = ma.fields.String(required=True)
    commitment = ma.fields.String(required=True, validate=HEX64)


class CommitSchema(Strict):
    """Until when the parties reveal."""

    closes_at = ma.fields.AwareDateTime(load_default=None, allow_none=True)


class RevealSchema(Strict):
    """The value behind the commitment, or a public result as typed."""

    source = ma.fields.String(required=True)
    value = ma.fields.String(required=True, validate=ma.validate.Length(1, 500))


class DrawReasonSchema(Strict):
    """Why."""

    reason = ma.fields.String(required=True, validate=REASON)


class AppointmentSchema(DrawReasonSchema):
    """Who fills a shortfall, where."""

    leaf = ma.fields.String(required=True, validate=LEAF)
    inspector_id = ma.fields.String(required=True)


class DrawQuery(PageQuery):
    """Which draws are wanted."""

    task_id = ma.fields.String(load_default=None)


class RoomQuery(ma.Schema):
    """Names only when asked for: the room may be public."""

    class Meta:
        unknown = ma.EXCLUDE

    names = ma.fields.Boolean(load_default=False)


class ReadinessQuery(ma.Schema):
    """Of which task."""

    task_id = ma.fields.String(required=True)


class FreezingSchema(ma.Schema):
    """How far a freeze is: hashing what is read, then keeping what is hashed."""

    under_way = ma.fields.Boolean(required=True)
    stage = ma.fields.String(required=True, allow_none=True)
    done = ma.fields.Integer(required=True)
    of = ma.fields.Integer(required=True)


class PublicQuery(PageQuery):
    """Of which region, of which task."""

    region = ma.fields.String(load_default=None)
    task = ma.fields.String(load_default=None)


class DrawSchema(ma.Schema):
    """A draw in a list; one that was drawn elsewhere cannot be checked here."""

    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    order = ma.fields.String(required=True)
    order_label = ma.fields.String(required=True)
    checkable = ma.fields.Boolean(required=True)
    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    task_id = ma.fields.String(required=True)
    task_name = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    made_at = ma.fields.AwareDateTime(required=True)
    committed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    closes_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    drawn_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    voided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    void_reason = ma.fields.String(required=True, allow_none=True)
    commit_hash = ma.fields.String(required=True, allow_none=True)
    pool_count = ma.fields.Integer(required=True)
    drawn_count = ma.fields.Integer(required=True)
    excluded_count = ma.fields.Integer(required=True)


class DrawPageSchema(ma.Schema):
    """A page of draws."""

    items = ma.fields.List(ma.fields.Nested(DrawSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class CountedReasonSchema(ma.Schema):
    """How many were left out for a reason."""

    reason = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)


class CountedDepartmentSchema(NamedDepartmentSchema):
    """How many inspectors a department has in the drum."""

    count = ma.fields.Integer(required=True)


class DrawPoolSchema(ma.Schema):
    """How many subjects are in the drum."""

    count = ma.fields.Integer(required=True)
    by_risk = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class QuotaStepSchema(ma.Schema):
    """One line of the arithmetic; numbers as text, because they are shown and not reckoned with."""

    risk = ma.fields.String(required=True)
    risk_label = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    multiplier = ma.fields.String(required=True)
    ratio = ma.fields.String(required=True, allow_none=True)
    capped = ma.fields.Boolean(required=True)
    weight = ma.fields.String(required=True)
    share = ma.fields.String(required=True)
    quota = ma.fields.Integer(required=True)


class ArithmeticSchema(ma.Schema):
    """How the quotas come about."""

    classes = ma.fields.List(ma.fields.Nested(QuotaStepSchema), required=True)
    count = ma.fields.Integer(required=True)
    weight = ma.fields.String(required=True)
    share = ma.fields.String(required=True)
    quota = ma.fields.Integer(required=True)
    planned = ma.fields.String(required=True)
    planned_ratio = ma.fields.String(required=True, allow_none=True)
    resulting_ratio = ma.fields.String(required=True)


class DrawSourceSchema(ma.Schema):
    """A source of chance and how far it has come."""

    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedDepartmentSchema, required=True, allow_none=True)
    commitment = ma.fields.String(required=True, allow_none=True)
    value = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    committed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    revealed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class TicketSchema(ma.Schema):
    """A ticket on the projector; the name only where it was asked for."""

    order = ma.fields.Integer(required=True)
    leaf = ma.fields.String(required=True)
    ticket = ma.fields.String(required=True)
    drawn = ma.fields.Boolean(required=True)
    name = ma.fields.String(required=True, allow_none=True)


class DrawClassSchema(ma.Schema):
    """A class's tickets, smallest first."""

    risk = ma.fields.String(required=True)
    risk_label = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    quota = ma.fields.Integer(required=True)
    threshold = ma.fields.String(required=True, allow_none=True)
    not_shown = ma.fields.Integer(required=True)
    tickets = ma.fields.List(ma.fields.Nested(TicketSchema), required=True)


class ShortVisitSchema(ma.Schema):
    """A visit on which somebody is missing."""

    leaf = ma.fields.String(required=True)
    order = ma.fields.Integer(required=True, allow_none=True)
    left = ma.fields.Integer(required=True)
    speciality = ma.fields.String(required=True, allow_none=True)


class ShortfallSchema(ma.Schema):
    """Whom the lot could not find, by department; `left` of them are still missing."""

    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    missing = ma.fields.Integer(required=True)
    left = ma.fields.Integer(required=True)
    neighbours = ma.fields.List(ma.fields.String(), required=True)
    visits = ma.fields.List(ma.fields.Nested(ShortVisitSchema), required=True)


class DrawEventSchema(ma.Schema):
    """What was appended after the commit."""

    kind = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    at = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    by = ma.fields.List(ma.fields.String(), required=True)
    detail = ma.fields.Dict(required=True)


class VoidedDrawSchema(ma.Schema):
    """An earlier draw that was given up."""

    no = ma.fields.String(required=True)
    voided_at = ma.fields.AwareDateTime(required=True)
    reason = ma.fields.String(required=True)


class DrawChangesSchema(ma.Schema):
    """How much the libraries changed since the row's previous draw."""

    since = ma.fields.String(required=True, allow_none=True)
    added = ma.fields.Integer(required=True)
    removed = ma.fields.Integer(required=True)
    changed = ma.fields.Integer(required=True)


class DrawTaskSchema(ma.Schema):
    """The task in the head of the room."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    sensitive = ma.fields.Boolean(required=True)
    scope_text = ma.fields.String(required=True)
    state = ma.fields.String(required=True)


class DrawRemarksSchema(ma.Schema):
    """Reasons given when the draw was prepared."""

    above_plan = ma.fields.String(required=True, allow_none=True)
    over_cap = ma.fields.String(required=True, allow_none=True)


class DemandedSpecialitySchema(ma.Schema):
    """What one of a department's inspectors must master."""

    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    speciality = ma.fields.String(required=True)


class DrawOriginSchema(ma.Schema):
    """Where a list was drawn that was taken over."""

    platform = ma.fields.String(required=True)
    task_no = ma.fields.String(required=True)
    drawn_on = ma.fields.String(required=True)
    file = ma.fields.String()
    sha256 = ma.fields.String()


class RestsOnSchema(ma.Schema):
    """The draw whose visits an inspectors' draw fills."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    commit_hash = ma.fields.String(required=True, allow_none=True)
    subjects = ma.fields.Boolean(required=True)


class InspectorDrawSchema(ma.Schema):
    """A draw of inspectors, in a few words."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)


class DepartmentDrawSchema(ma.Schema):
    """A department's own draw of inspectors, made or to be made; `open`: it may be made now."""

    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    open = ma.fields.Boolean(required=True)
    draw = ma.fields.Nested(InspectorDrawSchema, required=True, allow_none=True)


class RegionCountedSchema(ma.Schema):
    """A region of a draw over several: its part of the pool."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)


class RegionDrawnSchema(RegionCountedSchema):
    """And of the list."""

    drawn = ma.fields.Integer(required=True)


class RoomSchema(DrawSchema):
    """The draw room."""

    task = ma.fields.Nested(DrawTaskSchema, required=True)
    initiating_department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    departments = ma.fields.List(ma.fields.Nested(NamedDepartmentSchema), required=True)
    regions = ma.fields.List(ma.fields.Nested(RegionDrawnSchema), required=True)
    inspectors_per_part = ma.fields.Integer(required=True)
    pool = ma.fields.Nested(DrawPoolSchema, required=True)
    excluded = ma.fields.List(ma.fields.Nested(CountedReasonSchema), required=True)
    inspectors = ma.fields.List(ma.fields.Nested(CountedDepartmentSchema), required=True)
    changes = ma.fields.Nested(DrawChangesSchema, required=True)
    arithmetic = ma.fields.Nested(ArithmeticSchema, required=True, allow_none=True)
    specialities = ma.fields.List(ma.fields.Nested(DemandedSpecialitySchema), required=True)
    origin = ma.fields.Nested(DrawOriginSchema, required=True, allow_none=True)
    inspector_draws = ma.fields.List(ma.fields.Nested(DepartmentDrawSchema), required=True)
    rests_on = ma.fields.Nested(RestsOnSchema, required=True, allow_none=True)
    certificate = ma.fields.Boolean(required=True)
    rules = ma.fields.Dict(required=True)
    remarks = ma.fields.Nested(DrawRemarksSchema, required=True)
    commit = ma.fields.Dict(required=True, allow_none=True)
    key = ma.fields.String(required=True, allow_none=True)
    sources = ma.fields.List(ma.fields.Nested(DrawSourceSchema), required=True)
    classes = ma.fields.List(ma.fields.Nested(DrawClassSchema), required=True)
    shortfalls = ma.fields.List(ma.fields.Nested(ShortfallSchema), required=True)
    events = ma.fields.List(ma.fields.Nested(DrawEventSchema), required=True)
    voided_before = ma.fields.List(ma.fields.Nested(VoidedDrawSchema), required=True)
    names_shown = ma.fields.Boolean(required=True)


class AttestationStateSchema(ma.Schema):
    """Has a department confirmed its part of a library for this draw?"""

    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    library = ma.fields.String(required=True)
    library_label = ma.fields.String(required=True)
    confirmed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    fresh = ma.fields.Boolean(required=True)


class AbleDepartmentSchema(CountedDepartmentSchema):
    """How many inspectors a department has, and how many of them could be drawn."""

    able = ma.fields.Integer(required=True)


class OfferedOrderSchema(ma.Schema):
    """When the inspectors may be drawn."""

    order = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class BatchStandingSchema(ma.Schema):
    """Which batch of a yearly ratio this is, and how many earlier ones drew."""

    number = ma.fields.Integer(required=True)
    of = ma.fields.Integer(required=True)
    drawn = ma.fields.Integer(required=True)
    by_risk = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class OverrideSchema(ma.Schema):
    """How far a wish to draw over a cap has come."""

    id = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    asked_at = ma.fields.AwareDateTime(required=True)
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    approved = ma.fields.Boolean(required=True, allow_none=True)
    answer = ma.fields.String(required=True, allow_none=True)


class TaskCapSchema(ma.Schema):
    """A cap that holds for a task."""

    cap = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedDepartmentSchema, required=True)
    most = ma.fields.Integer(required=True)
    sentence = ma.fields.String(required=True, allow_none=True)
    reached = ma.fields.Integer(required=True)
    override = ma.fields.Nested(OverrideSchema, required=True, allow_none=True)


class ReadinessSchema(ma.Schema):
    """What a draw would find."""

    task_id = ma.fields.String(required=True)
    orders = ma.fields.List(ma.fields.Nested(OfferedOrderSchema), required=True)
    regions = ma.fields.List(ma.fields.Nested(RegionCountedSchema), required=True)
    batch = ma.fields.Nested(BatchStandingSchema, required=True, allow_none=True)
    caps = ma.fields.List(ma.fields.Nested(TaskCapSchema), required=True)
    specialities = ma.fields.List(ma.fields.Nested(DemandedSpecialitySchema), required=True)
    attestations = ma.fields.List(ma.fields.Nested(AttestationStateSchema), required=True)
    pool = ma.fields.Nested(DrawPoolSchema, required=True)
    excluded = ma.fields.List(ma.fields.Nested(CountedReasonSchema), required=True)
    inspectors = ma.fields.List(ma.fields.Nested(AbleDepartmentSchema), required=True)
    arithmetic = ma.fields.Nested(ArithmeticSchema, required=True, allow_none=True)


class DrawProofSchema(ma.Schema):
    """A subject's own proof."""

    subject_id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    leaf = ma.fields.String(required=True)
    risk = ma.fields.String(required=True)
    proof = ma.fields.String(required=True)


class ProofListSchema(ma.Schema):
    """All proofs of a draw."""

    items = ma.fields.List(ma.fields.Nested(DrawProofSchema), required=True)


class PublicDrawSchema(ma.Schema):
    """A draw as everybody sees it."""

    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    checkable = ma.fields.Boolean(required=True)
    regions = ma.fields.List(ma.fields.Nested(RegionDrawnSchema), required=True)
    origin = ma.fields.Nested(DrawOriginSchema, required=True, allow_none=True)
    rests_on = ma.fields.String(required=True, allow_none=True)
    no = ma.fields.String(required=True)
    region_id = ma.fields.String(required=True)
    task_no = ma.fields.String(required=True)
    task_name = ma.fields.String(required=True)
    departments = ma.fields.List(ma.fields.String(), required=True)
    scope = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    commit_hash = ma.fields.String(required=True, allow_none=True)
    committed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    closes_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    drawn_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    voided_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    void_reason = ma.fields.String(required=True, allow_none=True)
    pool_count = ma.fields.Integer(required=True)
    excluded_count = ma.fields.Integer(required=True)
    drawn_count = ma.fields.Integer(required=True)
    has_bundle = ma.fields.Boolean(required=True)


class PublicDrawPageSchema(ma.Schema):
    """A page of public draws."""

    items = ma.fields.List(ma.fields.Nested(PublicDrawSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class DrawKeySchema(ma.Schema):
    """With which key this server signs its bundles."""

    kid = ma.fields.String(required=True)
    pem = ma.fields.String(required=True)
    jwk = ma.fields.Dict(required=True)
