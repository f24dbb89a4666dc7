"""What travels of a list on its way into a library?"""

import marshmallow as ma

from onevisit.core.api import PageQuery, Strict
from onevisit.subjects.terms import ImportedList, ImportState


class ImportsQuery(PageQuery):
    """The imports of which lists; of grades, of which scale."""

    library = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in ImportedList]))
    scale = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=36))


class ImportReceiveQuery(ma.Schema):
    """Of which scale the grades are."""

    class Meta:
        unknown = ma.EXCLUDE

    scale = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=36))


class MeaningSchema(ma.Schema):
    """Something that a column can mean."""

    name = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    required = ma.fields.Boolean(required=True)


class ImportColumnSchema(ma.Schema):
    """A column of the file: its heading, some of its cells, what it means."""

    at = ma.fields.Integer(required=True)
    heading = ma.fields.String(required=True)
    cells = ma.fields.List(ma.fields.String(), required=True)
    meaning = ma.fields.String(required=True, allow_none=True)
    remembered = ma.fields.Boolean(required=True)


class ImportCountsSchema(ma.Schema):
    """How many rows of each kind."""

    rows = ma.fields.Integer(load_default=0)
    added = ma.fields.Integer(load_default=0)
    changed = ma.fields.Integer(load_default=0)
    unchanged = ma.fields.Integer(load_default=0)
    refused = ma.fields.Integer(load_default=0)
    warned = ma.fields.Integer(load_default=0)
    doubles = ma.fields.Integer(load_default=0)
    undecided = ma.fields.Integer(load_default=0)
    versions = ma.fields.Integer(load_default=0)


class LibraryImportSchema(ma.Schema):
    """An import in a list."""

    id = ma.fields.String(required=True)
    library = ma.fields.String(required=True)
    scale_id = ma.fields.String(required=True, allow_none=True)
    filename = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf([one.value for one in ImportState]))
    state_label = ma.fields.String(required=True)
    actor_name = ma.fields.String(required=True)
    department_id = ma.fields.String(required=True, allow_none=True)
    made_at = ma.fields.AwareDateTime(required=True)
    confirmed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    confirmed_by = ma.fields.String(required=True, allow_none=True)
    undone_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    undone_by = ma.fields.String(required=True, allow_none=True)
    purpose = ma.fields.String(required=True, allow_none=True)
    rows_read = ma.fields.Integer(required=True)
    share = ma.fields.Integer(required=True, metadata={"description": "percent of the file that was read"})
    counts = ma.fields.Nested(ImportCountsSchema, required=True)
    fault = ma.fields.String(required=True, allow_none=True)
    revision = ma.fields.Integer(required=True)


class LibraryImportDetailSchema(LibraryImportSchema):
    """An import with what its columns mean."""

    columns = ma.fields.List(ma.fields.Nested(ImportColumnSchema), required=True)
    meanings = ma.fields.List(ma.fields.Nested(MeaningSchema), required=True)
    one_of = ma.fields.List(ma.fields.String(), required=True)
    ignored_columns = ma.fields.List(ma.fields.String(), required=True)


class LibraryImportPageSchema(ma.Schema):
    """A page of imports."""

    items = ma.fields.List(ma.fields.Nested(LibraryImportSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ImportMappingSchema(Strict):
    """Column -> meaning; a column that is not named is left out."""

    mapping = ma.fields.Dict(
        keys=ma.fields.Integer(validate=ma.validate.Range(0, 500)), values=ma.fields.String(validate=ma.validate.Length(1, 40)),
        required=True,
    )  # fmt: skip


class ImportRowsQuery(ma.Schema):
    """Which part of the preview, from which row on."""

    class Meta:
        unknown = ma.EXCLUDE

    kind = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(["added", "changed", "refused", "warned", "doubles", "versions"]),
    )
    after = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 2**31 - 1))
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, 200))


class ImportFieldSchema(ma.Schema):
    """One field that changes."""

    name = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    before = ma.fields.String(required=True)
    after = ma.fields.String(required=True)


class ImportPreviewRowSchema(ma.Schema):
    """A row of the preview; which members it has depends on its part."""

    row = ma.fields.Integer(required=True)
    sheet = ma.fields.String()
    name = ma.fields.String()
    reason = ma.fields.String()
    fields_ = ma.fields.List(ma.fields.Nested(ImportFieldSchema), attribute="fields", data_key="fields")
    kind = ma.fields.String()
    kind_label = ma.fields.String()
    decision = ma.fields.String(allow_none=True)
    number = ma.fields.String(allow_none=True)
    place = ma.fields.String(allow_none=True)
    other_row = ma.fields.Integer(allow_none=True)
    other_name = ma.fields.String(allow_none=True)
    other_number = ma.fields.String(allow_none=True)
    other_place = ma.fields.String(allow_none=True)


class ImportRowsSchema(ma.Schema):
    """A page of a part of the preview."""

    items = ma.fields.List(ma.fields.Nested(ImportPreviewRowSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


DECISIONS = ma.validate.OneOf(["same", "both", "this"])
FOR_ALL = ma.validate.OneOf(["same", "both"])


class ImportDecisionsSchema(Strict):
    """Likely doubles: the same one, or both; of two rows with one number this one; by row, or `all` that are open."""

    rows = ma.fields.Dict(
        keys=ma.fields.Integer(), values=ma.fields.String(validate=DECISIONS), load_default=dict
    )
    all = ma.fields.String(validate=FOR_ALL, load_default=None, allow_none=True)


class ImportConfirmSchema(Strict):
    """What for (S2 art. 25)."""

    purpose = ma.fields.String(required=True, validate=ma.validate.Length(1, 200))
