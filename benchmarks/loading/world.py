"""On which county does the load fall? Inspectors with phones, a task, many open visits; and, if asked, years of visits stored.

Filling takes minutes the first time, therefore a filled database is kept under /var/tmp/onevisit-bench and copied.
"""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, text

from benchmarks.loading import phones
from benchmarks.loading.phones import (
    INSPECTORS,
    LEAD,
    OPERATIONS,
    PARTNER,
    REGION,
    device,
    inspector,
    name,
    owner,
)
from onevisit.core.db import Model, db

KEPT = Path("/var/tmp/onevisit-bench")
AT = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
SUBJECTS = 1000


def fill(app: Flask, open_visits: int, stored: int) -> None:
    """Visits 0 … open_visits-1 wait for their bundle; those from there on were taken in before."""
    _libraries()
    _plan(open_visits + stored)
    db.session.commit()
    if stored:
        _store(app, open_visits, stored)
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def version() -> str:
    """What a kept database depends on: the migrations and these files."""
    root = Path(__file__).resolve().parents[2]
    files = [*sorted((root / "migrations/versions").glob("*.py")), Path(__file__), Path(phones.__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _libraries() -> None:
    """Departments, their lists, forty inspectors with accounts and phones, a thousand hotels, one open task."""
    from tests.factories.desk import ENTRY, make_inspector, make_item
    from tests.factories.people import HASHED, make_department
    from tests.factories.visits import make_task

    from onevisit.accounts.models import Account, Device
    from onevisit.core.canonical import digest
    from onevisit.items.models import Checklist, Item

    for department in (LEAD, PARTNER):
        make_department(department)
        for n in range(12):  # what else stands on its list
            make_item(department, f"示例事项{n}")
    task = make_task(no=f"{REGION}-2026-1")
    for number in range(INSPECTORS):
        part = LEAD if number < INSPECTORS // 2 else PARTNER
        make_inspector(part, number, id=inspector(number))
    db.session.execute(insert(Account), [
        {
            "id": inspector(n), "username": f"bench{n}", "password_hash": HASHED, "name": f"示例·{n}", "roles": ["inspector"],
            "region_id": REGION, "department_id": LEAD if n < INSPECTORS // 2 else PARTNER, "inspector_id": inspector(n),
            "active": True, "created_at": AT,
        }
        for n in range(INSPECTORS)
    ])  # fmt: skip
    db.session.execute(insert(Device), [
        {
            "id": device(n), "account_id": inspector(n), "label": "示例手机", "public_key": phones.jwk(n),
            "recovery_secret": "示例", "enrolled_at": AT,
        }
        for n in range(INSPECTORS)
    ])  # fmt: skip
    entries = [
        {**ENTRY, "id": f"e{n}", "no": str(n), "text": f"{ENTRY['text']}{n}"}
        for n in range(1, phones.ENTRIES + 1)
    ]
    for at, id_ in enumerate(phones.items()):
        item = Item(id=id_, region_id=REGION, department_id=LEAD, code=f"bench-{at}", name=f"示例事项·{at}", tier="county",
                    legal_basis="示例依据", subject_kinds=[])  # fmt: skip
        db.session.add(item)
        db.session.flush()
        checklist = Checklist(item_id=id_, version=1, hash=digest(entries), entries=entries, made_at=AT)
        db.session.add(checklist)
        db.session.flush()
        _task_item(task, at, id_, checklist.id)
    db.session.commit()


def _task_item(task: Any, at: int, item: str, checklist: str) -> None:
    from onevisit.tasks.models import TaskItem

    row = {
        "task_id": task.id,
        "order": 10 + at,
        "department_id": LEAD,
        "item_id": item,
        "checklist_id": checklist,
    }
    db.session.add(TaskItem(**row))


def _plan(visits: int) -> None:
    from onevisit.dispatches.models import Part, TeamMember, Visit
    from onevisit.subjects.models import Subject
    from onevisit.tasks.models import Task

    task = db.session.scalars(select(Task)).one()
    db.session.add_all(
        Subject(
            id=f"019fa002-{n:04x}-7000-8000-{n:012x}", region_id=REGION, credit_code=f"92632525MA7{n:07d}", kind="sole_trader",
            name=f"示例旅馆{n}号", address=f"贵南县示例路{n}号", fields=["宾馆、旅店"], tags=[], risk="B", made_up=True, licences=[],
        )
        for n in range(SUBJECTS)
    )  # fmt: skip
    db.session.flush()
    due = date(2026, 11, 30)
    many = range(visits)
    _copy(Visit, ((
        name(n), REGION, task.id, f"019fa002-{n % SUBJECTS:04x}-7000-8000-{n % SUBJECTS:012x}", f"{task.no}-{n:06d}", n,
        inspector(owner(n)), "dispatched", AT, due, True, [], 1,
    ) for n in many), "id region_id task_id subject_id no order leader_id state dispatched_at due announced unannounced_items revision")  # fmt: skip
    _copy(Part, ((
        f"{0x02000000 + n:08x}-{at:04x}-7000-8000-{n:012x}", name(n), department, at, at == 0,
        inspector(owner(n) + at * INSPECTORS // 2), date(2026, 11, 16), False, "open", 1,
    ) for n in many for at, department in enumerate((LEAD, PARTNER))),
        "id visit_id department_id order initiating leader_id claim_due claim_provisional state revision")  # fmt: skip
    _copy(TeamMember, ((
        f"{0x03000000 + n:08x}-{at:04x}-7000-8000-{n:012x}", name(n), LEAD if at < 2 else PARTNER,
        inspector((owner(n) + at % 2) % (INSPECTORS // 2) + at // 2 * INSPECTORS // 2), at % 2,
    ) for n in many for at in range(4)), "id visit_id department_id inspector_id order")  # fmt: skip


def _copy(model: type[Model], rows: Iterator[Sequence[Any]], columns: str) -> None:
    """Many rows with these columns, quickly, whichever database."""
    names = columns.split()
    connection = db.session.connection()
    quote = connection.dialect.identifier_preparer.quote
    kinds = [model.__table__.columns[one].type.dialect_impl(connection.dialect) for one in names]
    binds = [kind.bind_processor(connection.dialect) for kind in kinds]
    bound = ([bind(value) if bind else value for bind, value in zip(binds, row, strict=True)] for row in rows)
    place = f"{quote(model.__tablename__)} ({', '.join(map(quote, names))})"
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {place} FROM STDIN") as copy:
            for row in bound:
                copy.write_row(row)
    else:
        driver.executemany(f"INSERT INTO {place} VALUES ({','.join('?' * len(names))})", bound)


# -- what was taken in before: one visit goes the real way, the others are copied from what it left, with chains of their own


def _store(app: Flask, first: int, count: int) -> None:
    from flask_jwt_extended import create_access_token

    from onevisit.visits.models import KeptBundle, Log, StoredOperation
    from onevisit.visits.models import VisitState as Kept

    token = create_access_token(inspector(owner(first)))
    answer = app.test_client().post(
        "/api/sync/bundles", data=phones.body_of(first), content_type="application/vnd.onevisit.sync+json",
        headers={"Authorization": f"Bearer {token}", "Content-Encoding": "gzip"},
    )  # fmt: skip
    assert answer.data.count(b'"applied"') == OPERATIONS, answer.text
    kept = db.session.execute(select(Kept.state, Kept.position).where(Kept.visit_id == name(first))).one()
    operations = (
        db.session.execute(select(StoredOperation).order_by(StoredOperation.position)).scalars().all()
    )
    shapes = [(one.part, one.kind, one.verdict, one.received_at) for one in operations]
    db.session.rollback()
    rest = range(first + 1, first + count)
    ends: dict[int, tuple[str, str]] = {}

    def places() -> Iterator[Sequence[Any]]:
        position = OPERATIONS
        for n in rest:
            _, raw, hashed, signature = phones.log_of(n)
            ends[n] = hashed[-1], signature
            for at, (part, kind, verdict, received) in enumerate(shapes):
                position += 1
                yield (
                    position, name(n, at + 1), name(n), device(owner(n)), at + 1, hashed[at], part, kind,
                    inspector(owner(n)), raw[at], verdict, received,
                )  # fmt: skip

    _copy(
        StoredOperation,
        places(),
        "position id visit_id device_id seq hash part kind by raw verdict received_at",
    )
    _copy(Log, ((name(n), device(owner(n)), OPERATIONS, ends[n][0], AT) for n in rest),
          "visit_id device_id accepted_to head last_received_at")  # fmt: skip
    _copy(KeptBundle, ((f"{0x04000000 + n:08x}-0000-7000-8000-{n:012x}", name(n), device(owner(n)), 1, OPERATIONS,
                        *ends[n], AT) for n in rest),
          "id visit_id device_id first last last_hash signature received_at")  # fmt: skip
    _copy(
        Kept,
        ((name(n), _as_of(kept.state, first, n), OPERATIONS * (n - first + 1)) for n in rest),
        "visit_id state position",
    )
    _trail(first, rest)
    state = text("UPDATE parts SET state = 'ready' WHERE department_id = :part AND visit_id >= :first")
    db.session.execute(state, {"part": LEAD, "first": name(first)})
    db.session.execute(
        text("UPDATE visits SET begun_at = dispatched_at WHERE id >= :first"), {"first": name(first)}
    )


def _as_of(told: str, one: int, other: int) -> str:
    """What was said of one visit, of another; device and inspector follow from the number."""
    return (
        told.replace(f"{0x01000000 + one:08x}-", f"{0x01000000 + other:08x}-").replace(f"-8000-{one:012x}", f"-8000-{other:012x}")
        .replace(device(owner(one)), device(owner(other))).replace(inspector(owner(one)), inspector(owner(other)))
    )  # fmt: skip


def _trail(first: int, rest: range) -> None:
    from onevisit.core.trail import TrailEntry

    entries = db.session.scalars(select(TrailEntry).order_by(TrailEntry.position)).all()
    mine = [one for one in entries if one.object_id == name(first)]
    columns = [
        "id",
        "position",
        "at",
        "actor",
        "actor_name",
        "region_id",
        "department_id",
        "event",
        "object_kind",
        "object_id",
        "facts",
        "request_id",
        "prev",
        "hash",
    ]
    shapes = [
        json.dumps({one: getattr(entry, one) for one in columns if one != "at"}, ensure_ascii=False)
        for entry in mine
    ]
    last = entries[-1]
    position, prev = last.position, last.hash

    def rows() -> Iterator[Sequence[Any]]:
        nonlocal position, prev
        for n in rest:
            for at, shape in enumerate(shapes):
                position += 1
                given = json.loads(_as_of(shape, first, n))
                given |= {
                    "id": f"{0x05000000 + n:08x}-{at:04x}-7000-8000-{n:012x}",
                    "at": AT,
                    "position": position,
                    "prev": prev,
                }
                given["hash"] = prev = TrailEntry(
                    **{k: v for k, v in given.items() if k != "hash"}
                ).computed_hash()
                yield [given[one] for one in columns]

    _copy(TrailEntry, rows(), " ".join(columns))


def kept_copy(source: Path, target: Path) -> None:
    """A file or folder as it lies in the cache, copied as cheaply as the disk can."""
    if target.is_dir():
        shutil.rmtree(target)
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)
