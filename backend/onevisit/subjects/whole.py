"""What does an office need to know of one subject: who it is, who answers for it, what it was graded, what happened?"""

from typing import Any

from sqlalchemy import func, select

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.departments.queries import departments_of
from onevisit.subjects import belonging, changes, grades, importing
from onevisit.subjects.finding import subjects_page
from onevisit.subjects.models import Subject
from onevisit.subjects.parties import responsible_for
from onevisit.subjects.queries import checks_in_year, grade_names, history_of, shown
from onevisit.subjects.terms import KIND_LABELS, LEGAL_PERSONS, SubjectKind
from onevisit.subjects.words import spoken

Json = dict[str, Any]
MOST_THINGS = 20


def whole(subject: Subject) -> Json:
    """A subject with its departments, grades, responsible party, history of checks and of changes."""
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(subject.region_id)}
    checks = [
        {
            "visit_id": one.visit_id, "day": one.day, "task_name": one.task_name, "outcomes": one.outcomes,
            "department": names.get(one.department_id, {"id": one.department_id, "name": one.department_id}),
        }
        for one in history_of(subject.id)
    ]  # fmt: skip
    party = responsible_for(subject)
    things, count = _things_of(subject)
    return shown(subject) | {
        "unsuitable_hours": subject.unsuitable_hours,
        "updated_at": subject.updated_at,
        "departments": [names[one] for one in subject.departments if one in names],
        "belongings": belonging.shown(subject),
        "may_change": belonging.may_change(acting(), subject),
        "responsible": None if party is subject else {"id": party.id, "name": party.name, "credit_code": party.credit_code},
        "things": things,
        "thing_count": count,
        "grades": grades.grades_shown(subject),
        "history": checks,
        "changes": _with_imports(subject),
        "undo": _undoable(subject),
        "checks_this_year": checks_in_year(subject.id, clock.today().year),
    }  # fmt: skip


def _with_imports(subject: Subject) -> list[Json]:
    """Single edits and imports in one line of time."""
    own = changes.shown(changes.changes_of(subject.id))
    return sorted([*own, *_imports_of(subject)], key=lambda one: one["at"], reverse=True)


def _imports_of(subject: Subject) -> list[Json]:
    return [
        {
            "id": one["import_id"], "library": "subjects", "kind": "imported", "kind_label": f"导入 {one['filename']}",
            "object_id": subject.id, "object_name": subject.name, "department": None, "actor_name": one["actor_name"],
            "at": one["at"], "reason": None, "count": 1, "undone_at": None,
            "fields": changes.pairs_shown(_with_grades_named(one["fields"], subject.region_id)),
        }
        for one in importing.changes_of(subject.id)
    ]  # fmt: skip


def _with_grades_named(fields: Json, region_id: str) -> Json:
    """`scale:grade` as its department calls it."""
    if "grades" not in fields:
        return fields
    names = grade_names(region_id)
    return fields | {"grades": [[names.get(one, one) for one in side] for side in fields["grades"]]}


def _undoable(subject: Subject) -> str | None:
    """What the actor may take back with one key: the own last change, in words."""
    last = changes.last_change_of(subject.id)
    if last is None or last.account_id is None or last.account_id != acting().account_id:
        return None
    label: str = changes.shown([last])[0]["kind_label"]
    return label


def _things_of(subject: Subject) -> tuple[list[Json], int]:
    """The products, projects, sites and behaviours for which it is responsible."""
    rows = db.session.scalars(
        select(Subject).where(Subject.responsible_id == subject.id).order_by(Subject.name).limit(MOST_THINGS)
    )
    shown_ = [
        {"id": one.id, "name": one.name, "kind_label": KIND_LABELS[SubjectKind(one.kind)]} for one in rows
    ]
    if len(shown_) < MOST_THINGS:
        return shown_, len(shown_)
    total = db.session.scalar(
        select(func.count()).select_from(Subject).where(Subject.responsible_id == subject.id)
    )
    return shown_, total or 0


def parties(region_id: str, text: str) -> list[Json]:
    """Who can be a responsible party: legal persons whose name begins so, or with exactly this code."""
    wanted = text.strip()
    if len(wanted) < 2:
        return []
    rows, _ = subjects_page({"q": wanted, "limit": 40})
    legal = [one for one in rows if one.region_id == region_id and SubjectKind(one.kind) in LEGAL_PERSONS]
    return [
        {"id": one.id, "name": one.name, "credit_code": one.credit_code, "address": one.address}
        for one in legal[:20]
    ]


EXPORTED = (
    ("名称", "name"), ("统一社会信用代码", "credit_code"), ("对象种类", "kind"), ("行业领域", "fields"), ("标签", "tags"),
    ("地址", "address"), ("法定代表人", "legal_representative"), ("电话", "phone"), ("联系人", "contact"),
    ("联系人电话", "contact_phone"), ("不宜检查时间", "unsuitable_hours"), ("经营状态", "state"), ("信用风险", "risk"),
    ("风险分类单位", "risk_issuer"), ("风险分类日期", "risk_day"), ("许可", "licences"),
)  # fmt: skip


def exported(subject: Subject, names: dict[str, str]) -> list[Any]:
    """A row of the list as it leaves the house; the headings are those an import reads."""
    licences = "；".join(
        "|".join([one["name"], one.get("no") or "", one.get("valid_to") or ""]) for one in subject.licences
    )
    cells = [
        licences if name == "licences" else spoken(name, _plain(getattr(subject, name)))
        for _, name in EXPORTED
    ]
    position = f"{subject.lat_e7 / 1e7},{(subject.lon_e7 or 0) / 1e7}" if subject.lat_e7 is not None else ""
    return [*cells, "；".join(names.get(one, one) for one in subject.departments), position]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
