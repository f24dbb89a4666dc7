"""What travels of a plan's watching: figures and what stands behind them, suppositions, schemes, item questions?"""

import marshmallow as ma

from onevisit.accounts.schemas import NamedSchema
from onevisit.core.api import Strict
from onevisit.plans.terms import SchemeState
from onevisit.subjects.schemas import ScopeFilterSchema

PERCENT = ma.validate.Range(0, 100)


class PlanNamedSchema(ma.Schema):
    """Which plan it is about."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)


class WatchedPlanSchema(PlanNamedSchema):
    """The plan with what its figures rest on."""

    version = ma.fields.Integer(required=True)
    complete_by = ma.fields.Date(required=True, allow_none=True)
    document_no = ma.fields.String(required=True, allow_none=True)


class MonthOfPlanSchema(ma.Schema):
    """Planned visits of a month, and how many carryings-out end in it."""

    month = ma.fields.String(required=True)
    visits = ma.fields.Integer(required=True)
    tasks = ma.fields.Integer(required=True)


class BehindSchema(ma.Schema):
    """A row of the plan, an item, a department or a kind of subject behind a figure."""

    kind = ma.fields.String(required=True)
    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    note = ma.fields.String(required=True)


class FigureSchema(ma.Schema):
    """One figure, its target, whose words that is, and what stands behind it."""

    indicator = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    value = ma.fields.Integer(required=True)
    of = ma.fields.Integer(required=True, allow_none=True)
    percent = ma.fields.Integer(required=True, allow_none=True)
    verdict = ma.fields.String(required=True)
    verdict_label = ma.fields.String(required=True)
    target = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)
    ours = ma.fields.Boolean(required=True)
    note = ma.fields.String(required=True)
    behind = ma.fields.List(ma.fields.Nested(BehindSchema), required=True)


class WatchSchema(ma.Schema):
    """The compliance page: every list is what stands behind a figure."""

    plan = ma.fields.Nested(WatchedPlanSchema, required=True)
    months = ma.fields.List(ma.fields.Nested(MonthOfPlanSchema), required=True)
    tasks = ma.fields.Integer(required=True)
    entries = ma.fields.Integer(required=True)
    visits = ma.fields.Integer(required=True)
    parts = ma.fields.Integer(required=True)
    counted_open = ma.fields.Integer(required=True)
    figures = ma.fields.List(ma.fields.Nested(FigureSchema), required=True)
    missed = ma.fields.Integer(required=True)
    met = ma.fields.Integer(required=True)


class ClassRatiosSchema(Strict):
    """Percent of each risk class, typed or left out."""

    A = ma.fields.Decimal(validate=PERCENT, allow_none=True, allow_nan=False)
    B = ma.fields.Decimal(validate=PERCENT, allow_none=True, allow_nan=False)
    C = ma.fields.Decimal(validate=PERCENT, allow_none=True, allow_nan=False)
    D = ma.fields.Decimal(validate=PERCENT, allow_none=True, allow_nan=False)
    none = ma.fields.Decimal(data_key="-", attribute="-", validate=PERCENT, allow_none=True, allow_nan=False)


class SupposeSchema(Strict):
    """What if these were the ratios, in percent?"""

    base = ma.fields.Decimal(load_default=None, allow_none=True, validate=PERCENT, allow_nan=False)
    classes = ma.fields.Nested(ClassRatiosSchema, load_default=dict)


class SupposedClassSchema(ma.Schema):
    """One risk class."""

    risk = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    subjects = ma.fields.Integer(required=True)
    visits = ma.fields.Integer(required=True)


class SupposedRowSchema(ma.Schema):
    """One row, before and after."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    subjects = ma.fields.Integer(required=True)
    visits = ma.fields.Integer(required=True)
    visits_now = ma.fields.Integer(required=True)


class BurdenSchema(ma.Schema):
    """What a department's inspectors would have to do; null where nobody can be drawn."""

    department_id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    parts = ma.fields.Integer(required=True)
    inspectors = ma.fields.Integer(required=True)
    months = ma.fields.Integer(required=True)
    per_inspector_month = ma.fields.String(required=True, allow_none=True)
    busiest_month = ma.fields.String(required=True)
    busiest_per_inspector = ma.fields.String(required=True, allow_none=True)


class SupposedSchema(ma.Schema):
    """What the typed ratios mean."""

    visits = ma.fields.Integer(required=True)
    visits_now = ma.fields.Integer(required=True)
    parts = ma.fields.Integer(required=True)
    per_part = ma.fields.Integer(required=True)
    per_inspector_month = ma.fields.String(required=True, allow_none=True)
    by_class = ma.fields.List(ma.fields.Nested(SupposedClassSchema), required=True)
    rows = ma.fields.List(ma.fields.Nested(SupposedRowSchema), required=True)
    departments = ma.fields.List(ma.fields.Nested(BurdenSchema), required=True)


class SchemeRowSchema(ma.Schema):
    """A row in an offer or a scheme; `changed`: its scope is another since it was decided."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    field = ma.fields.String(required=True, allow_none=True)
    scope_text = ma.fields.String(required=True)
    initiator = ma.fields.String(required=True)
    cooperating = ma.fields.List(ma.fields.String(), required=True)
    window_start = ma.fields.Date(required=True, allow_none=True)
    window_end = ma.fields.Date(required=True, allow_none=True)
    count = ma.fields.Integer(required=True)
    confirmed = ma.fields.Boolean(required=True)
    changed = ma.fields.Boolean(required=True)


class PairSchema(ma.Schema):
    """Two rows: how many subjects both find, and what part of each that is."""

    one = ma.fields.String(required=True)
    other = ma.fields.String(required=True)
    common = ma.fields.Integer(required=True)
    of_one = ma.fields.Integer(required=True)
    of_other = ma.fields.Integer(required=True)


class OfferSchema(ma.Schema):
    """Rows of different initiators over the same scope."""

    ground = ma.fields.String(required=True)
    ground_label = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    months = ma.fields.List(ma.fields.Integer(), required=True)
    rows = ma.fields.List(ma.fields.Nested(SchemeRowSchema), required=True)
    pairs = ma.fields.List(ma.fields.Nested(PairSchema), required=True)
    visits_saved = ma.fields.Integer(required=True)


class SchemeDecidedSchema(ma.Schema):
    """What was decided."""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    ground_label = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    at = ma.fields.AwareDateTime(required=True)
    by_name = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)
    rows = ma.fields.List(ma.fields.Nested(SchemeRowSchema), required=True)


class SchemeRuleSchema(ma.Schema):
    """Whose words ask for schemes."""

    sentence = ma.fields.String(required=True, allow_none=True)
    from_notice = ma.fields.Boolean(required=True)


class SchemesSchema(ma.Schema):
    """Offers, and what was decided."""

    plan = ma.fields.Nested(PlanNamedSchema, required=True)
    offers = ma.fields.List(ma.fields.Nested(OfferSchema), required=True)
    decided = ma.fields.List(ma.fields.Nested(SchemeDecidedSchema), required=True)
    rule = ma.fields.Nested(SchemeRuleSchema, required=True)


class LinkedRowSchema(ma.Schema):
    """A row of the same scheme."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    initiator = ma.fields.String(required=True)


class LinkedSchemeSchema(ma.Schema):
    """The accepted scheme of a row, and the others in it."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    plan_id = ma.fields.String(required=True)
    rows = ma.fields.List(ma.fields.Nested(LinkedRowSchema), required=True)


class EntrySchemeSchema(ma.Schema):
    """Null where the row stands alone."""

    scheme = ma.fields.Nested(LinkedSchemeSchema, required=True, allow_none=True)


class DecideSchema(Strict):
    """Take rows as one scheme, or say why not."""

    entry_ids = ma.fields.List(ma.fields.String(), required=True, validate=ma.validate.Length(2, 60))
    state = ma.fields.String(
        required=True, validate=ma.validate.OneOf([SchemeState.ACCEPTED.value, SchemeState.REFUSED.value])
    )
    name = ma.fields.String(validate=ma.validate.Length(1, 200))
    reason = ma.fields.String(validate=ma.validate.Length(max=500), allow_none=True)


class StretchSchema(ma.Schema):
    """A stretch: in both, only in the table, only on the list."""

    where = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class ListedItemSchema(ma.Schema):
    """An item of the list."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    department_name = ma.fields.String(required=True)
    legal_basis = ma.fields.String(required=True)
    state = ma.fields.String(required=True)


class CandidateSchema(ListedItemSchema):
    """An item that may be meant."""

    percent = ma.fields.Integer(required=True)
    other = ma.fields.Boolean(required=True)
    difference = ma.fields.List(ma.fields.Nested(StretchSchema), required=True)


class QuestionRowSchema(ma.Schema):
    """A row of the plan that holds the text."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class QuestionSchema(ma.Schema):
    """One text of one office, asked once."""

    key = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    department = ma.fields.Nested(NamedSchema, required=True, allow_none=True)
    match = ma.fields.String(required=True)
    match_label = ma.fields.String(required=True)
    item = ma.fields.Nested(ListedItemSchema, required=True, allow_none=True)
    candidates = ma.fields.List(ma.fields.Nested(CandidateSchema), required=True)
    rows = ma.fields.List(ma.fields.Nested(QuestionRowSchema), required=True)


class MatchCountSchema(ma.Schema):
    """How many item texts of the plan meet the list how."""

    match = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)


class QuestionsSchema(ma.Schema):
    """The item questions of a plan: a plan has some dozens, so no paging."""

    plan = ma.fields.Nested(PlanNamedSchema, required=True)
    questions = ma.fields.List(ma.fields.Nested(QuestionSchema), required=True)
    counts = ma.fields.List(ma.fields.Nested(MatchCountSchema), required=True)


class QuestionAnsweredSchema(Strict):
    """Which listed item a text means; null: none."""

    key = ma.fields.String(required=True, validate=ma.validate.Length(max=2000))
    department_id = ma.fields.String(required=True, allow_none=True)
    item_id = ma.fields.String(required=True, allow_none=True)


class ScopeAskedSchema(Strict):
    """Whom would this filter mean?"""

    filter = ma.fields.Nested(ScopeFilterSchema, required=True)
    draw_mode = ma.fields.String(load_default=None, allow_none=True)


class ScopeSampleSchema(ma.Schema):
    """One of those it finds."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    risk = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    operating = ma.fields.Boolean(required=True)


class ScopeSampledSchema(ma.Schema):
    """The count, and some of them."""

    count = ma.fields.Integer(required=True)
    by_risk = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    not_operating = ma.fields.Integer(required=True)
    samples = ma.fields.List(ma.fields.Nested(ScopeSampleSchema), required=True)
