"""What does an office need to know of one inspector, and how does the list leave the house?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.departments.queries import departments_of
from onevisit.inspectors.models import Inspector
from onevisit.inspectors.queries import certificate_of, inspectors_page, shown
from onevisit.inspectors.rules import WARN_DAYS, why_not_drawn
from onevisit.inspectors.terms import (
    GONE,
    INSPECTOR_KIND_LABELS,
    INSPECTOR_STATE_LABELS,
    InspectorKind,
    InspectorState,
)
from onevisit.subjects import changes
from onevisit.subjects.hooks import open_teams_of
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import Finding

Json = dict[str, Any]
HEADINGS = ("姓名", "部门", "人员类别", "执法证号", "有效期至", "执法资格", "专长", "专家", "状态", "电话")


def whole(person: Inspector) -> Json:
    """A person with recusals and their reasons, the visits still open, and the history."""
    rows = db.session.execute(select(Subject.id, Subject.name).where(Subject.id.in_(person.recusals)))
    names = {row.id: row.name for row in rows}
    actor, last = acting(), changes.last_change_of(person.id)
    mine = last is not None and last.account_id is not None and last.account_id == actor.account_id
    return shown([person])[0] | {
        "qualification": person.qualification,
        "recusals": [
            {"id": one, "name": names.get(one, one), "reason": person.recusal_reasons.get(one, "")}
            for one in person.recusals
        ],
        "left_on": person.left_on,
        "left_reason": person.left_reason,
        "not_drawn": why_not_drawn(certificate_of(person), clock.today()),
        "updated_at": person.updated_at,
        "may_change": actor.has("joint_office") or actor.department_id == person.department_id,
        "open_visits": open_teams_of(person.id),
        "changes": changes.shown(changes.changes_of(person.id)),
        "undo": changes.shown([last])[0]["kind_label"] if last and mine else None,
        "revision": person.revision,
    }  # fmt: skip


def enrolled_in(region_id: str) -> dict[str, int]:
    """department -> how many people are enrolled; who left is history."""
    rows = db.session.execute(
        select(Inspector.department_id, func.count())
        .where(Inspector.region_id == region_id, Inspector.state.not_in([one.value for one in GONE]))
        .group_by(Inspector.department_id)
    )
    return {row[0]: row[1] for row in rows}


def health_of(finding: Finding, region_id: str, department_id: str | None) -> list[Json]:
    """Whose certificate ran out, or will within 90 days."""
    today = clock.today()
    rows = select(Inspector).where(
        Inspector.region_id == region_id, Inspector.state.not_in([one.value for one in GONE]),
        Inspector.valid_to.is_not(None),
    )  # fmt: skip
    if department_id:
        rows = rows.where(Inspector.department_id == department_id)
    soon = today + timedelta(days=WARN_DAYS[0])
    if finding == Finding.CERTIFICATE_EXPIRED:
        rows = rows.where(Inspector.valid_to < today)
    else:
        rows = rows.where(Inspector.valid_to.between(today, soon))
    return [
        {
            "id": one.id, "name": one.name, "code": one.certificate_no, "address": "",
            "state_label": INSPECTOR_STATE_LABELS[InspectorState(one.state)], "departments": [one.department_id],
            "updated_at": one.updated_at, "seen": f"有效期至 {one.valid_to}",
        }
        for one in db.session.scalars(rows)
    ]  # fmt: skip


def exported(wanted: Json) -> Iterator[list[Any]]:
    """The filtered list, page after page, under headings that an import reads."""
    names = {one.id: one.name for one in departments_of(acting().region_id or "")}
    place = 0
    while True:
        rows = inspectors_page(wanted | {"limit": 1000, "after": str(place)})
        for one in rows[:1000]:
            yield [
                one.name, names[one.department_id], INSPECTOR_KIND_LABELS[InspectorKind(one.kind)], one.certificate_no,
                one.valid_to.isoformat() if one.valid_to else "", one.qualification, "；".join(one.specialities),
                "是" if one.expert else "", INSPECTOR_STATE_LABELS[InspectorState(one.state)], one.phone,
            ]  # fmt: skip
        if len(rows) <= 1000:
            return
        place += 1000
