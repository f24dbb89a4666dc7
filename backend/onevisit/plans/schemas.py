"""What travels of plans: the reading of a file, a plan, its rows?"""

from enum import StrEnum

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import Strict
from onevisit.plans.life import EntryKind, EntryOrigin
from onevisit.plans.terms import Bound, ItemCategory, Method, Period, Targeting, Tier
from onevisit.subjects.schemas import ScopeFilterSchema


class DoubtSchema(ma.Schema):
    """What a reading left open; `asks`: a clerk must decide."""

    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    asks = ma.fields.Boolean(required=True)


class PlanBriefSchema(ma.Schema):
    """A plan in a list."""

    id = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    document_no = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    shifted_from = ma.fields.Integer(required=True, allow_none=True)
    source_name = ma.fields.String(required=True, allow_none=True)
    complete_by = ma.fields.Date(required=True, allow_none=True)
    made_at = ma.fields.AwareDateTime(required=True)
    published_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    entry_count = ma.fields.Integer(required=True)
    scopes_confirmed = ma.fields.Integer(required=True)
    asked = ma.fields.Integer(required=True)
    problems = ma.fields.List(ma.fields.Nested(DoubtSchema), required=True)
    revision = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
    own_count = ma.fields.Integer(required=True)
    submit_by = ma.fields.Date(required=True, allow_none=True)
    publish_by = ma.fields.Date(required=True, allow_none=True)
    removed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class PlanListSchema(ma.Schema):
    """The region's plans: one or two a year, so no paging."""

    items = ma.fields.List(ma.fields.Nested(PlanBriefSchema), required=True)


class RatioSchema(Strict):
    """How many of them."""

    percent = ma.fields.Raw(
        required=True, validate=lambda value: isinstance(value, int | float) and 0 < value <= 100
    )
    bound = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in Bound]))
    percent_max = ma.fields.Raw()


class FrequencySchema(Strict):
    """How often; `ratio_per` says whether the ratio is meant per period or per year."""

    times = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 366))
    per = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in Period]))
    bound = ma.fields.String(validate=ma.validate.OneOf([one.value for one in Bound]))
    ratio_per = ma.fields.String(validate=ma.validate.OneOf(["period", "year"]))


class PlanEntryItemSchema(ma.Schema):
    """An item of a row, matched to the list or not; `suggestion` is a near one that a person must confirm."""

    id = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    match = ma.fields.String(required=True)
    match_label = ma.fields.String(required=True)
    item = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    suggestion = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    basis_state = ma.fields.String(required=True, allow_none=True)


class PeriodSchema(ma.Schema):
    """One carrying-out of a row with its own window."""

    number = ma.fields.Integer(required=True)
    start = ma.fields.Date(required=True)
    end = ma.fields.Date(required=True)


class PlanEntrySchema(ma.Schema):
    """A row of the plan."""

    id = ma.fields.String(required=True)
    plan_id = ma.fields.String(required=True)
    order = ma.fields.Integer(required=True)
    seq = ma.fields.Integer(required=True, allow_none=True)
    name = ma.fields.String(required=True)
    task_name = ma.fields.String(required=True)
    field = ma.fields.String(required=True, allow_none=True)
    initiating_department = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    cooperating_departments = ma.fields.List(ma.fields.Nested(NamedSchema), required=True)
    items = ma.fields.List(ma.fields.Nested(PlanEntryItemSchema), required=True)
    scope_text = ma.fields.String(required=True)
    scope_filter = ma.fields.Nested(ScopeFilterSchema, required=True)
    scope_confirmed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    ratio = ma.fields.Nested(RatioSchema, required=True, allow_none=True)
    ratio_raw = ma.fields.String(required=True, allow_none=True)
    sample_size = ma.fields.Integer(required=True, allow_none=True)
    frequency = ma.fields.Nested(FrequencySchema, required=True, allow_none=True)
    carryings_out = ma.fields.Integer(required=True)
    window_start = ma.fields.Date(required=True, allow_none=True)
    window_end = ma.fields.Date(required=True, allow_none=True)
    window_raw = ma.fields.String(required=True, allow_none=True)
    due = ma.fields.Date(required=True, allow_none=True)
    methods = ma.fields.List(ma.fields.String(), required=True)
    method_labels = ma.fields.List(ma.fields.String(), required=True)
    category = ma.fields.String(required=True, allow_none=True)
    targeting = ma.fields.String(required=True, allow_none=True)
    tier = ma.fields.String(required=True, allow_none=True)
    draw_mode = ma.fields.String(required=True, allow_none=True)
    risk_policy = ma.fields.Raw(required=True, allow_none=True)
    origin = ma.fields.String(required=True)
    origin_label = ma.fields.String(required=True)
    sensitive = ma.fields.Boolean(required=True)
    problems = ma.fields.List(ma.fields.Nested(DoubtSchema), required=True)
    provenance = ma.fields.Dict(keys=ma.fields.String(), required=True)
    revision = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    entry_state_label = ma.fields.String(required=True)
    in_force = ma.fields.Boolean(required=True)
    published_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    returned_reason = ma.fields.String(required=True, allow_none=True)
    record_no = ma.fields.String(required=True, allow_none=True)
    drafted_by = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    periods = ma.fields.List(ma.fields.Nested(PeriodSchema), required=True)
    ratio_per_open = ma.fields.Boolean(required=True)


class ChangeAskSchema(ma.Schema):
    """What a change of the published plan asks for: a report in advance, or a reason; and whose words that is."""

    report = ma.fields.Boolean(required=True)
    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)


class ChangeAsksSchema(ma.Schema):
    """For changes, and for ad-hoc tasks."""

    change = ma.fields.Nested(ChangeAskSchema, required=True)
    adhoc = ma.fields.Nested(ChangeAskSchema, required=True)


class DrawModeSchema(ma.Schema):
    """市抽县查 … as a row may say it."""

    mode = ma.fields.String(required=True)
    label = ma.fields.String(required=True)


class PlanSchema(PlanBriefSchema):
    """A plan with its rows."""

    entries = ma.fields.List(ma.fields.Nested(PlanEntrySchema), required=True)
    own_by_department = ma.fields.Boolean(required=True)
    asks = ma.fields.Nested(ChangeAsksSchema, required=True)
    draw_modes = ma.fields.List(ma.fields.Nested(DrawModeSchema), required=True)


class ItemChoiceSchema(Strict):
    """Which listed item a text of the row means; null: none."""

    id = ma.fields.String(required=True)
    item_id = ma.fields.String(required=True, allow_none=True)


def _word(words: type[StrEnum]) -> ma.fields.String:
    return ma.fields.String(allow_none=True, validate=ma.validate.OneOf([one.value for one in words]))


class ItemWrittenSchema(Strict):
    """An item as somebody typed or chose it; `id` where the row has it already."""

    id = ma.fields.String()
    text = ma.fields.String(required=True, validate=ma.validate.Length(1, 500))
    department_id = ma.fields.String(load_default=None, allow_none=True)
    item_id = ma.fields.String(load_default=None, allow_none=True)


class PlanEntryChangeSchema(Strict):
    """What of a row is put right; `settled` are codes of doubts that are decided with it."""

    name = ma.fields.String(validate=ma.validate.Length(1, 300))
    task_name = ma.fields.String(validate=ma.validate.Length(1, 300))
    field = ma.fields.String(allow_none=True, validate=ma.validate.Length(max=200))
    initiating_department_id = ma.fields.String(allow_none=True)
    cooperating_department_ids = ma.fields.List(ma.fields.String())
    scope_text = ma.fields.String(validate=ma.validate.Length(1, 2000))
    ratio = ma.fields.Nested(RatioSchema, allow_none=True)
    sample_size = ma.fields.Integer(allow_none=True, validate=ma.validate.Range(1))
    frequency = ma.fields.Nested(FrequencySchema, allow_none=True)
    window_start = ma.fields.Date(allow_none=True)
    window_end = ma.fields.Date(allow_none=True)
    methods = ma.fields.List(ma.fields.String(validate=ma.validate.OneOf([one.value for one in Method])))
    category = _word(ItemCategory)
    targeting = _word(Targeting)
    tier = _word(Tier)
    draw_mode = ma.fields.String(allow_none=True, validate=ma.validate.Length(max=20))
    kind = ma.fields.String(validate=ma.validate.OneOf([one.value for one in EntryKind]))
    origin = ma.fields.String(validate=ma.validate.OneOf([one.value for one in EntryOrigin]))
    sensitive = ma.fields.Boolean()
    item_list = ma.fields.List(ma.fields.Nested(ItemWrittenSchema), validate=ma.validate.Length(1, 200))
    items = ma.fields.List(ma.fields.Nested(ItemChoiceSchema))
    settled = ma.fields.List(ma.fields.String())
    reason = ma.fields.String(validate=ma.validate.Length(1, 500))
    report_no = ma.fields.String(validate=ma.validate.Length(1, 80))


class ScopeConfirmationSchema(Strict):
    """Whom the scope means."""

    filter = ma.fields.Nested(ScopeFilterSchema, required=True)


class ScopeSchema(ma.Schema):
    """The filter of a row, confirmed or proposed, with its live count."""

    scope_text = ma.fields.String(required=True)
    filter = ma.fields.Nested(ScopeFilterSchema, required=True)
    unknown_words = ma.fields.List(ma.fields.String(), required=True)
    confirmed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    named = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    count = ma.fields.Integer(required=True)
    by_risk = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    not_operating = ma.fields.Integer(required=True)
