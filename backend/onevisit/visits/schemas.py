"""What travels of a visit? Operations and packages have shapes of their own (shapes.py, package_shape.py)."""

import marshmallow as ma

from onevisit.core.api import PageQuery


class ChangesQuery(ma.Schema):
    """Where the phone stands, and how many operations a page may have."""

    class Meta:
        unknown = ma.EXCLUDE

    after = ma.fields.String(load_default=None)
    limit = ma.fields.Integer(load_default=200, validate=ma.validate.Range(1, 500))
    device = ma.fields.String(load_default=None, validate=ma.validate.Length(1, 60))
    version = ma.fields.String(load_default=None, metadata={"description": "The phone's build"})
    unsent = ma.fields.Integer(load_default=None, metadata={"description": "Records it could not send"})
    waited = ma.fields.Integer(load_default=0, metadata={"description": "Minutes the oldest of them waits"})


class VerdictSchema(ma.Schema):
    """What became of one operation; `duplicate`: it was there already, this is its first verdict again."""

    id = ma.fields.String(required=True, allow_none=True)
    verdict = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    position = ma.fields.Integer(required=True)
    duplicate = ma.fields.Boolean(required=True)


class BundleAnswerSchema(ma.Schema):
    """What became of a bundle; `code` null when it was taken in."""

    device = ma.fields.String(required=True, allow_none=True)
    visit = ma.fields.String(required=True, allow_none=True)
    accepted_to = ma.fields.Integer(required=True)
    expected = ma.fields.Integer(required=True, allow_none=True)
    code = ma.fields.String(required=True, allow_none=True)
    detail = ma.fields.String(required=True, allow_none=True)
    retry = ma.fields.String(required=True, allow_none=True)
    verdicts = ma.fields.List(ma.fields.Nested(VerdictSchema), required=True)


class BundlesAnswerSchema(ma.Schema):
    """One answer per bundle, and which life of the server gave it."""

    epoch = ma.fields.String(required=True)
    answers = ma.fields.List(ma.fields.Nested(BundleAnswerSchema), required=True)


class ArrivedSchema(ma.Schema):
    """An operation with its verdict."""

    operation = ma.fields.Dict(required=True)
    verdict = ma.fields.String(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    position = ma.fields.Integer(required=True)


class AcknowledgedSchema(ma.Schema):
    """What lies in a finished backup."""

    safe_to = ma.fields.Integer(required=True, allow_none=True)
    safe_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class ChangesSchema(ma.Schema):
    """One page of what is new."""

    epoch = ma.fields.String(required=True)
    cursor = ma.fields.String(required=True)
    more = ma.fields.Boolean(required=True)
    visits = ma.fields.List(ma.fields.Dict(), required=True)
    checklists = ma.fields.List(ma.fields.Dict(), required=True)
    operations = ma.fields.List(ma.fields.Nested(ArrivedSchema), required=True)
    removed = ma.fields.List(ma.fields.String(), required=True)
    acknowledged = ma.fields.Nested(AcknowledgedSchema, required=True)


class ChecklistsQuery(ma.Schema):
    """Which checklists: hashes as packages name them, with commas between."""

    hashes = ma.fields.String(
        required=True, validate=ma.validate.Regexp(r"^[0-9a-f]{64}(,[0-9a-f]{64}){0,39}$")
    )


class ChecklistsSchema(ma.Schema):
    """Pinned versions with their entries."""

    checklists = ma.fields.List(ma.fields.Dict(), required=True)


class AddableSchema(ma.Schema):
    """Department -> what is on its published list."""

    addable = ma.fields.Dict(required=True)


class VisitsQuery(PageQuery):
    """How the desk filters its table; `state` of a visit or of a part."""

    state = ma.fields.String(load_default="")
    department = ma.fields.String(load_default="")
    task_id = ma.fields.String(load_default="")
    overdue = ma.fields.Boolean(load_default=False)


class SubjectNameSchema(ma.Schema):
    """Whom the visit is to."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)


class TaskNameSchema(ma.Schema):
    """Of which task."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class DepartmentNameSchema(ma.Schema):
    """Whose part."""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    short_name = ma.fields.String(required=True)


class PartRowSchema(ma.Schema):
    """How a department's part stands."""

    department = ma.fields.Nested(DepartmentNameSchema, required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    initiating = ma.fields.Boolean(required=True)
    entry_due = ma.fields.Date(required=True, allow_none=True)
    publication_due = ma.fields.Date(required=True, allow_none=True)
    missing_files = ma.fields.Integer(required=True)


class VisitRowSchema(ma.Schema):
    """A visit in the desk's table."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    subject = ma.fields.Nested(SubjectNameSchema, required=True)
    task = ma.fields.Nested(TaskNameSchema, required=True)
    scheduled_day = ma.fields.Date(required=True, allow_none=True)
    scheduled_time = ma.fields.String(required=True, allow_none=True)
    due = ma.fields.Date(required=True)
    due_text = ma.fields.String(required=True, allow_none=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    last_heard_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    parts = ma.fields.List(ma.fields.Nested(PartRowSchema), required=True)


class VisitsSchema(ma.Schema):
    """A page of visits."""

    items = ma.fields.List(ma.fields.Nested(VisitRowSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
    total = ma.fields.Integer(required=True)


class MissingFileSchema(ma.Schema):
    """A file that the record names and that is not here."""

    hash = ma.fields.String(required=True)
    part = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    operation = ma.fields.String(required=True)
    problem = ma.fields.String(required=True, allow_none=True)


class PartInFullSchema(ma.Schema):
    """A part: how it stands, what it lacks, by when."""

    department_id = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    to_sign_again = ma.fields.Boolean(required=True)
    complete = ma.fields.Boolean(required=True)
    missing_files = ma.fields.List(ma.fields.Nested(MissingFileSchema), required=True)
    limits = ma.fields.List(ma.fields.Dict(), required=True)
    ended_at = ma.fields.String(required=True, allow_none=True)
    received_at = ma.fields.String(required=True, allow_none=True)
    more_than_a_day_apart = ma.fields.Boolean(required=True)


class ManifestSchema(ma.Schema):
    """Something that was signed, and whether it is what is kept."""

    operation = ma.fields.String(required=True)
    digest = ma.fields.String(required=True)
    short_code = ma.fields.String(required=True)
    parts = ma.fields.List(ma.fields.String(), required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    differs = ma.fields.List(ma.fields.Dict(), required=True)
    confirmed_at = ma.fields.AwareDateTime(required=True)
    locked_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class HeldSchema(ma.Schema):
    """An operation that is kept and does not count."""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    kind_label = ma.fields.String(required=True)
    part = ma.fields.String(required=True, allow_none=True)
    by = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    reason_label = ma.fields.String(required=True)
    body = ma.fields.Dict(required=True)
    received_at = ma.fields.AwareDateTime(required=True)


class LogSchema(ma.Schema):
    """How far a phone's log is here."""

    device = ma.fields.String(required=True)
    label = ma.fields.String(required=True)
    name = ma.fields.String(required=True, allow_none=True)
    inspector = ma.fields.String(required=True, allow_none=True)
    accepted_to = ma.fields.Integer(required=True)
    last_received_at = ma.fields.AwareDateTime(required=True)


class TodoSchema(ma.Schema):
    """Something that is owed."""

    id = ma.fields.String(required=True)
    department_id = ma.fields.String(required=True)
    inspector_id = ma.fields.String(required=True, allow_none=True)
    kind = ma.fields.String(required=True)
    item_id = ma.fields.String(required=True, allow_none=True)
    operation_id = ma.fields.String(required=True, allow_none=True)
    text = ma.fields.String(required=True)
    due = ma.fields.Date(required=True, allow_none=True)
    made_at = ma.fields.AwareDateTime(required=True)


class VisitSchema(ma.Schema):
    """Everything of one visit; `package` and `record` as the phone knows them."""

    id = ma.fields.String(required=True)
    no = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    state_label = ma.fields.String(required=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    package = ma.fields.Dict(required=True)
    record = ma.fields.Dict(required=True)
    progress = ma.fields.List(ma.fields.Dict(), required=True)
    gaps = ma.fields.List(ma.fields.Dict(), required=True)
    parts = ma.fields.List(ma.fields.Nested(PartInFullSchema), required=True)
    manifests = ma.fields.List(ma.fields.Nested(ManifestSchema), required=True)
    held = ma.fields.List(ma.fields.Nested(HeldSchema), required=True)
    logs = ma.fields.List(ma.fields.Nested(LogSchema), required=True)
    people = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    todos = ma.fields.List(ma.fields.Nested(TodoSchema), required=True)


class OfficerSchema(ma.Schema):
    """An inspector at the door."""

    name = ma.fields.String(required=True)
    certificate = ma.fields.String(required=True, allow_none=True)
    leads = ma.fields.Boolean(required=True)


class PartAtTheDoorSchema(ma.Schema):
    """A department at the door."""

    department = ma.fields.String(required=True)
    initiating = ma.fields.Boolean(required=True)
    inspectors = ma.fields.List(ma.fields.Nested(OfficerSchema), required=True)
    items = ma.fields.List(ma.fields.String(), required=True)


class WindowSchema(ma.Schema):
    """抽查时间."""

    start = ma.fields.String(required=True)
    end = ma.fields.String(required=True)


class SubjectAtTheDoorSchema(ma.Schema):
    """Whom they visit."""

    name = ma.fields.String(required=True)
    credit_code = ma.fields.String(required=True, allow_none=True)


class CodeSchema(ma.Schema):
    """What the visit code tells."""

    visit_no = ma.fields.String(required=True)
    task = ma.fields.String(required=True)
    plan = ma.fields.String(required=True)
    region = ma.fields.String(required=True)
    issuer = ma.fields.String(required=True)
    subject = ma.fields.Nested(SubjectAtTheDoorSchema, required=True)
    year_count = ma.fields.Integer(required=True)
    cap = ma.fields.Integer(required=True, allow_none=True)
    window = ma.fields.Nested(WindowSchema, required=True)
    parts = ma.fields.List(ma.fields.Nested(PartAtTheDoorSchema), required=True)
