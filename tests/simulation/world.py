"""What does a simulation begin with? Visits of two to four departments, each inspector with an enrolled phone that has its task."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from PIL import Image
from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.canonical import digest
from onevisit.core.db import db, transaction
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.items.models import Checklist, Item
from onevisit.tasks.models import Task, TaskItem
from tests.factories.desk import ENTRY, make_entry, make_inspector, make_subject
from tests.factories.people import PASSWORD, make_account, make_department, make_region
from tests.simulation.phones import Phones
from tests.simulation.server import Server, Time

Json = dict[str, Any]
DEPARTMENTS = ("632525-ga", "632525-wjj", "632525-xf", "632525-scjg")
# How many members each department sends, and how many visits they make together.
SHAPES: dict[str, tuple[tuple[int, ...], int]] = {
    "two": ((1, 1), 1),
    "same": ((2, 1), 1),
    "four": ((2, 2), 1),
    "three": ((2, 1, 1), 2),
    "six": ((2, 2, 1, 1), 1),
}


@dataclass
class Person:
    """An inspector with an account and a phone."""

    phone: str
    inspector: str
    account: str
    username: str
    department: str
    name: str
    leads: bool = False


@dataclass
class World:
    """One shape of visit, ready to be begun from again and again."""

    shape: str
    database: Path
    people: list[Person]
    spare: dict[str, str]
    desks: dict[str, str]
    items: dict[str, list[str]]
    visits: list[str]
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)


def pictures() -> dict[str, bytes]:
    """The smallest real pictures."""
    made = {}
    for kind, name in (("JPEG", "jpeg"), ("PNG", "png")):
        kept = io.BytesIO()
        Image.new("RGB", (16, 16), "red").save(kept, kind)
        made[name] = kept.getvalue()
    return made


def template(server: Server, kept: Path) -> Path:
    """A database at head with the calendar; made once per set of migrations."""
    import hashlib

    from onevisit.regions.actions import seed_calendar

    steps = sorted(Path(server.config.migrations).rglob("versions/*.py"))
    named = hashlib.sha256(b"".join(step.read_bytes() for step in steps)).hexdigest()[:16]
    file = kept / f"template-{named}.db"
    if not file.exists():
        kept.mkdir(parents=True, exist_ok=True)
        server.boot(server.folder / "template.db")
        with server.at_work():
            upgrade()
            seed_calendar()
        made = file.with_suffix(f".{server.folder.name}.tmp")
        server.whole(made)
        made.rename(file)
    return file


def build(shape: str, server: Server, phones: Phones, time: Time, empty: Path) -> World:
    """Everything up to the moment the team has its task on its phones."""
    import shutil

    rng = random.Random(f"world {shape}")
    time.chance(rng)
    at = server.folder / f"{shape}-building.db"
    shutil.copy(empty, at)
    server.boot(at)
    with server.at_work():
        world = _people(shape)
    _bring_phones(world, server, phones)
    world.database = server.folder / f"{shape}.db"
    server.whole(world.database)
    return world


def _people(shape: str) -> World:
    members, count = SHAPES[shape]
    parts = DEPARTMENTS[: len(members)]
    make_region()
    for part in parts:
        make_department(part)
    items = {part: [_item(part, n) for n in range(2 if part == parts[0] else 1)] for part in parts}
    task = _task(parts, [item for part in parts for item in items[part]])
    people, spare, number = [], {}, 0
    for part, size in zip(parts, members, strict=True):
        for place in range(size + 1):
            number += 1
            inspector = make_inspector(part, number)
            account = make_account(
                ["inspector"], part, inspector_id=inspector.id, name=inspector.name, username=f"sim-{number}"
            )
            if place == size:
                spare[part] = inspector.id
                continue
            people.append(
                Person(
                    f"p{len(people)}",
                    inspector.id,
                    account.id,
                    account.username,
                    part,
                    account.name,
                    place == 0,
                )
            )
    desks = {part: make_account(["desk"], part, username=f"desk-{part}").username for part in parts}
    visits = [_visit(task, parts, people, n) for n in range(count)]
    return World(
        shape, Path(), people, spare, desks, {part: [one.id for one in items[part]] for part in parts}, visits
    )


def _item(part: str, number: int) -> Item:
    entries = [
        {**ENTRY, "id": f"e{n}", "no": str(n), "evidence": "none", "required": n < 3} for n in (1, 2, 3)
    ]
    item = Item(
        region_id="632525", department_id=part, code=f"{part}-{number}", name=f"示例事项{number}", tier="county",
        legal_basis="示例依据", subject_kinds=[],
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    db.session.add(
        Checklist(item_id=item.id, version=1, hash=digest(entries), entries=entries, made_at=clock.now())
    )
    db.session.commit()
    return item


def _task(parts: tuple[str, ...], items: list[Item]) -> Task:
    entry = make_entry(parts, items)
    task = Task(
        region_id="632525", plan_entry_id=entry.id, no="632525-2026-26", name=entry.task_name,
        initiating_department_id=parts[0], scope_text=entry.scope_text, scope_filter=entry.scope_filter,
        methods=["on_site"], window_start=date(2026, 4, 1), window_end=date(2026, 11, 30), due=date(2026, 11, 30),
        state="dispatched", opened_at=clock.now(),
    )  # fmt: skip
    for at, item in enumerate(items):
        pinned = db.session.scalars(select(Checklist).where(Checklist.item_id == item.id)).one()
        task.items.append(
            TaskItem(order=at, department_id=item.department_id, item_id=item.id, checklist_id=pinned.id)
        )
    db.session.add(task)
    db.session.commit()
    return task


def _visit(task: Task, parts: tuple[str, ...], people: list[Person], number: int) -> str:
    first = {part: next(one.inspector for one in people if one.department == part) for part in parts}
    subject = make_subject(number + 1)
    with transaction():
        visit = Visit(
            region_id="632525", task_id=task.id, subject_id=subject.id, no=f"{task.no}-{number:03d}", order=1,
            leader_id=first[parts[0]], dispatched_at=clock.now(), due=task.due,
            parts=[
                Part(department_id=part, order=at, initiating=at == 0, leader_id=first[part], claim_due=date(2026, 11, 16))
                for at, part in enumerate(parts)
            ],
            team=[TeamMember(department_id=one.department, inspector_id=one.inspector, order=at) for at, one in enumerate(people)],
        )  # fmt: skip
        db.session.add(visit)
        db.session.flush()
        trail.record("task.dispatched", "task", task.id, region_id="632525", visits=1)
    return visit.id


def _bring_phones(world: World, server: Server, phones: Phones) -> None:
    """Each signs in, is enrolled and fetches its task, all by the shipped roads."""
    clients = {}
    for one in world.people:
        client = clients[one.phone] = server.client()
        world.sessions[one.phone] = sign_in(client, one.username)
    phones.answer = lambda asked: answered(clients[asked["phone"]], asked)
    for one in world.people:
        person = {"id": one.account, "name": one.name, "place": one.department, "inspector": one.inspector}
        phones.told("make", one.phone, person=person)
        phones.told("set", one.phone, given={"csrf": world.sessions[one.phone][1]})
        world.devices[one.phone] = phones.told("enrol", one.phone, seed=f"enrol {one.phone}")
    for _ in range(2):  # the second time everybody hears of the others' phones
        for one in world.people:
            phones.told("round", one.phone, seed=f"begin {one.phone}")
    for one in world.people:
        phones.told("press", one.phone, **{"as": f"{world.shape}/{one.phone}"})
        clients[one.phone].get("/healthz")
        world.sessions[one.phone] = cookies_of(clients[one.phone])
    phones.told("forget")


def cookies_of(client: Any) -> tuple[str, str]:
    """The refresh cookie and the CSRF cookie a browser holds."""
    kept = {cookie.key: cookie.value for cookie in client._cookies.values()}
    return kept["onevisit_refresh"], kept["onevisit_csrf"]


def sign_in(client: Any, username: str) -> tuple[str, str]:
    """By name and password, as on the login page."""
    answer = client.post("/api/accounts/login", json={"username": username, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return cookies_of(client)


def answered(client: Any, asked: Json, body: bytes | None = None) -> Json:
    """A request of a phone, carried to the server and its answer carried back."""
    import base64

    given = base64.b64decode(asked["body"]) if body is None else body
    answer = client.open(
        asked["path"], method=asked["method"], headers=list(asked["headers"].items()), data=given or None
    )
    headers = {name.lower(): value for name, value in answer.headers}
    if "date" not in headers:
        headers["date"] = clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT")
    return {"status": answer.status_code, "headers": headers, "body": base64.b64encode(answer.data).decode()}
