"""A visit that is dispatched: task, subject, two departments with their teams, without the draw before it. All made up."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import Image
from sqlalchemy import select

from onevisit.accounts.models import Account
from onevisit.core import clock, trail
from onevisit.core.db import db, transaction
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.inspectors.models import Inspector
from onevisit.items.models import Checklist
from onevisit.tasks.models import Task, TaskItem
from tests.factories.desk import LEAD, PARTNER, make_entry, make_inspector, make_subject
from tests.factories.people import make_account

NUMBERS = iter(range(1, 10**6))


@dataclass
class Scene:
    """A visit with the accounts of its inspectors, in the order of the team; the first leads."""

    visit: Visit
    people: dict[str, list[Account]]
    inspectors: dict[str, list[Inspector]]
    items: dict[str, str]


def make_task(**over: Any) -> Task:
    """A dispatched task over both departments' items."""
    entry = make_entry(order=next(NUMBERS))
    given: dict[str, Any] = {
        "region_id": "632525", "plan_entry_id": entry.id, "no": f"632525-2026-{next(NUMBERS)}", "name": entry.task_name,
        "initiating_department_id": LEAD, "scope_text": entry.scope_text, "scope_filter": entry.scope_filter,
        "methods": ["on_site"], "window_start": date(2026, 4, 1), "window_end": date(2026, 11, 30),
        "due": date(2026, 11, 30), "state": "dispatched", "opened_at": clock.now(),
    }  # fmt: skip
    task = Task(**{**given, **over})
    for at, item in enumerate(entry.items):
        pinned = db.session.scalars(select(Checklist).where(Checklist.item_id == item.item_id)).one()
        task.items.append(
            TaskItem(order=at, department_id=item.department_id, item_id=item.item_id, checklist_id=pinned.id)
        )
    db.session.add(task)
    db.session.commit()
    return task


def make_scene(task: Task | None = None, **over: Any) -> Scene:
    """A visit to one more hotel, two inspectors of each department with accounts of their own."""
    task = task or make_task()
    inspectors = {part: [make_inspector(part, next(NUMBERS)) for _ in range(2)] for part in (LEAD, PARTNER)}
    people = {
        part: [make_account(["inspector"], part, inspector_id=one.id, name=one.name) for one in team]
        for part, team in inspectors.items()
    }
    given: dict[str, Any] = {
        "region_id": "632525", "task_id": task.id, "subject_id": make_subject(next(NUMBERS)).id,
        "no": f"{task.no}-{next(NUMBERS):03d}", "order": 1, "leader_id": inspectors[LEAD][0].id,
        "dispatched_at": clock.now(), "due": task.due,
        "parts": [
            Part(
                department_id=part, order=at, initiating=part == LEAD, leader_id=inspectors[part][0].id,
                claim_due=date(2026, 11, 16),
            )
            for at, part in enumerate((LEAD, PARTNER))
        ],
        "team": [
            TeamMember(department_id=part, inspector_id=one.id, order=at)
            for part in (LEAD, PARTNER) for at, one in enumerate(inspectors[part])
        ],
    }  # fmt: skip
    with transaction():
        visit = Visit(**{**given, **over})
        db.session.add(visit)
        db.session.flush()
        trail.record("task.dispatched", "task", task.id, region_id="632525", visits=1)
    items = {item.department_id: item.item_id for item in task.items}
    return Scene(visit, people, inspectors, items)


def picture(colour: str = "red", size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    """The bytes of a real picture."""
    kept = io.BytesIO()
    Image.new("RGB", size, colour).save(kept, kind)
    return kept.getvalue()
