"""What did the inspectors find otherwise than the library says? Once a part is accepted it is offered to the library (预查比对)."""

import re
from collections.abc import Mapping
from typing import Any

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry
from onevisit.departments.models import Department
from onevisit.dispatches.models import Part, Visit
from onevisit.subjects import corrections
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import CorrectionOrigin
from onevisit.visits.package import fact_of
from onevisit.visits.queries import state_of_visit

# Which column of the library a fact of the pre-check stands in; what is no column of its own is entered by the department.
COLUMNS = {
    "name": "name", "credit_code": "credit_code", "address": "address", "representative": "legal_representative",
    "state": "state", "tags": "tags",
}  # fmt: skip
# Grades are given by who grades, earlier checks have happened: nobody corrects these from a door.
NOT_OFFERED = re.compile(r"^(risk|year_count|rectification\.|check\.)")


def offer_found(entry: TrailEntry) -> None:
    """`review.accepted`: every "differs on site" of the part that counts now, with what was found instead."""
    visit = db.session.get_one(Visit, entry.object_id)
    part = db.session.get_one(Part, entry.facts["part"])
    subject = db.session.get_one(Subject, visit.subject_id)
    facts = state_of_visit(visit.id)["parts"][part.department_id]["record"]["facts"]
    name = db.session.get_one(Department, part.department_id).name
    offers = [
        _offer(key, found, subject, visit, part.department_id, name)
        for key, found in sorted(facts.items())
        if found["differs"] and not NOT_OFFERED.match(key)
    ]
    corrections.offer(subject, offers)


def _offer(
    key: str, found: Mapping[str, Any], subject: Subject, visit: Visit, department_id: str, name: str
) -> corrections.Offer:
    label, value = fact_of(subject, key)
    return corrections.Offer(
        origin=CorrectionOrigin.PRECHECK, source_id=visit.id, source=f"{name}，{visit.no}"[:200],
        department_id=department_id, key=key, column=COLUMNS.get(key) or ("licences" if key.startswith("licence.") else None),
        label=label, before=value, found=found["value"] or "", note=found["note"],
    )  # fmt: skip
