"""What travels of a table being taken in: its rows, facts with their cells, doubts, answers, corrections?"""

import marshmallow as ma

from onevisit.core.api import PageQuery, Strict
from onevisit.plans.terms import Heading
from onevisit.subjects.schemas import UPLOADED


class TableFileSchema(ma.Schema):
    """A plan table: Excel, Word or CSV."""

    file = ma.fields.Raw(required=True, metadata=UPLOADED)


class TableFormSchema(ma.Schema):
    """The year, where the table does not say it or another is meant."""

    class Meta:
        unknown = ma.EXCLUDE

    year = ma.fields.Integer(load_default=None, allow_none=True, validate=ma.validate.Range(2000, 2100))


class YearSchema(Strict):
    """Which year the table is for."""

    year = ma.fields.Integer(required=True, validate=ma.validate.Range(2000, 2100))


class ColumnsSchema(Strict):
    """Column (from 0) -> what it holds, by the headings in this row (from 1) of this sheet."""

    sheet = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 10_000))
    row = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 1_000_000))
    columns = ma.fields.Dict(
        keys=ma.fields.Integer(validate=ma.validate.Range(0, 500)), required=True,
        values=ma.fields.String(validate=ma.validate.OneOf([one.value for one in Heading])),
    )  # fmt: skip


class RowsQuery(ma.Schema):
    """Which rows of which sheet."""

    class Meta:
        unknown = ma.EXCLUDE

    sheet = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 10_000))
    page = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 1_000_000))


class TableRowsSchema(ma.Schema):
    """Rows as printed: a cell is a text, [text, columns, rows] where it is merged, null where one reaches into."""

    sheet = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    first = ma.fields.Integer(required=True)
    rows = ma.fields.List(ma.fields.List(ma.fields.Raw(allow_none=True)), required=True)


class AnswerGivenSchema(Strict):
    """A fact put right, a heading or an office named, a doubt settled; `always`: read so from now on."""

    kind = ma.fields.String(
        required=True, validate=ma.validate.OneOf(["fact", "heading", "department", "settled"])
    )
    anchor = ma.fields.String(load_default="", validate=ma.validate.Length(max=160))
    fact = ma.fields.String(load_default="", validate=ma.validate.Length(max=300))
    raw = ma.fields.String(load_default="", validate=ma.validate.Length(max=5000))
    value = ma.fields.Raw(load_default=None, allow_none=True)
    always = ma.fields.Boolean(load_default=False)


class TableCellSchema(ma.Schema):
    """One cell of the table."""

    sheet = ma.fields.String(required=True)
    row = ma.fields.Integer(required=True)
    column = ma.fields.Integer(required=True)
    raw = ma.fields.String(required=True)


class BecauseSchema(ma.Schema):
    """Why a fact is in doubt."""

    code = ma.fields.String(required=True)
    words = ma.fields.String(required=True)


class ReadFactSchema(ma.Schema):
    """What was understood, from which cells, how surely; `strange` are names that no department has."""

    label = ma.fields.String(required=True)
    value = ma.fields.Raw(required=True, allow_none=True)
    may_be_learnt = ma.fields.Boolean(required=True)
    cells = ma.fields.List(ma.fields.Nested(TableCellSchema), required=True)
    raw = ma.fields.String(required=True)
    sure = ma.fields.String(required=True)
    because = ma.fields.List(ma.fields.Nested(BecauseSchema), required=True)
    strange = ma.fields.List(ma.fields.String(), required=True)


class ReadTaskSchema(ma.Schema):
    """One task of the table."""

    anchor = ma.fields.String(required=True)
    seq = ma.fields.Integer(required=True, allow_none=True)
    name = ma.fields.String(required=True, allow_none=True)
    facts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(ReadFactSchema), required=True)


class ReadDoubtSchema(ma.Schema):
    """An open question, or one that only wants to be known (`asks` false)."""

    id = ma.fields.String(required=True)
    task = ma.fields.Integer(required=True, allow_none=True)
    anchor = ma.fields.String(required=True)
    fact = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    words = ma.fields.String(required=True)
    asks = ma.fields.Boolean(required=True)
    settled = ma.fields.Boolean(required=True)
    cells = ma.fields.List(ma.fields.Nested(TableCellSchema), required=True)


class ReadAnswerSchema(ma.Schema):
    """What somebody decided about this table; `learnt`: it is read so from now on."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    anchor = ma.fields.String(required=True)
    fact = ma.fields.String(required=True)
    raw = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    words = ma.fields.String(required=True)
    learnt = ma.fields.Boolean(required=True)
    at = ma.fields.AwareDateTime(required=True)
    by_name = ma.fields.String(required=True)


class ReadHeadingSchema(ma.Schema):
    """A heading cell and the column it names; null: not understood, the column was not read."""

    sheet = ma.fields.String(required=True)
    row = ma.fields.Integer(required=True)
    column = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)
    field = ma.fields.String(required=True, allow_none=True)


class RowNotReadSchema(ma.Schema):
    """A row that went into no task, and why."""

    sheet = ma.fields.String(required=True)
    row = ma.fields.Integer(required=True)
    cells = ma.fields.List(ma.fields.String(), required=True)
    why = ma.fields.String(required=True)


class SheetSchema(ma.Schema):
    """A sheet of the file."""

    name = ma.fields.String(required=True)
    rows = ma.fields.Integer(required=True)
    columns = ma.fields.Integer(required=True)


class ReadPlanSchema(ma.Schema):
    """What the table says of the whole plan."""

    plan_name = ma.fields.String(required=True, allow_none=True)
    year = ma.fields.Integer(required=True, allow_none=True)
    document_no = ma.fields.String(required=True, allow_none=True)
    region = ma.fields.String(required=True, allow_none=True)
    tier = ma.fields.String(required=True, allow_none=True)


class RefusalSchema(ma.Schema):
    """Why a file was not read, and what to do."""

    class Meta:
        unknown = ma.EXCLUDE

    code = ma.fields.String(required=True)
    detail = ma.fields.String(required=True)


class TableBriefSchema(ma.Schema):
    """A table being taken in, in a list."""

    id = ma.fields.String(required=True)
    file_name = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    stage = ma.fields.String(required=True)
    rows_done = ma.fields.Integer(required=True)
    rows_all = ma.fields.Integer(required=True)
    year = ma.fields.Integer(required=True, allow_none=True)
    plan_id = ma.fields.String(required=True, allow_none=True)
    tasks_read = ma.fields.Integer(required=True)
    open_doubts = ma.fields.Integer(required=True)
    refusal = ma.fields.Nested(RefusalSchema, required=True, allow_none=True)
    at = ma.fields.AwareDateTime(required=True)
    by_name = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)


class TableListSchema(ma.Schema):
    """The tables that wait for me: few, so no paging."""

    items = ma.fields.List(ma.fields.Nested(TableBriefSchema), required=True)
    corrections = ma.fields.Integer(required=True)


class ItemsMetSchema(ma.Schema):
    """How the table's items meet the item list."""

    exact = ma.fields.Integer(required=True)
    near = ma.fields.Integer(required=True)
    missing = ma.fields.Integer(required=True)


class TableReadingSchema(TableBriefSchema):
    """The whole reading."""

    plan = ma.fields.Nested(ReadPlanSchema, required=True)
    headings = ma.fields.List(ma.fields.Nested(ReadHeadingSchema), required=True)
    rows_not_read = ma.fields.List(ma.fields.Nested(RowNotReadSchema), required=True)
    sheets = ma.fields.List(ma.fields.Nested(SheetSchema), required=True)
    page_rows = ma.fields.Integer(required=True)
    tasks = ma.fields.List(ma.fields.Nested(ReadTaskSchema), required=True)
    doubts = ma.fields.List(ma.fields.Nested(ReadDoubtSchema), required=True)
    answers = ma.fields.List(ma.fields.Nested(ReadAnswerSchema), required=True)
    items = ma.fields.Nested(ItemsMetSchema, required=True)
    published_plan_id = ma.fields.String(required=True, allow_none=True)


class DraftMadeSchema(ma.Schema):
    """The draft that the table became part of."""

    plan_id = ma.fields.String(required=True)
    year = ma.fields.Integer(required=True)
    entries = ma.fields.Integer(required=True)


class CorrectionQuery(PageQuery):
    """Which corrections."""


class CorrectionSchema(ma.Schema):
    """One thing that is read so from now on."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    raw = ma.fields.String(required=True)
    words = ma.fields.String(required=True)
    source = ma.fields.String(required=True, allow_none=True)
    at = ma.fields.AwareDateTime(required=True, allow_none=True)
    by_name = ma.fields.String(required=True, allow_none=True)


class CorrectionPageSchema(ma.Schema):
    """A page of them."""

    items = ma.fields.List(ma.fields.Nested(CorrectionSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    total = ma.fields.Integer(required=True)
