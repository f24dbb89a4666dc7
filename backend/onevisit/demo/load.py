"""How does the demonstration region come into an empty database? By the program's own importers, all or nothing."""

import csv
import io
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from onevisit.accounts.actions import add_account
from onevisit.core import clock, trail
from onevisit.core.db import db, transaction
from onevisit.core.ids import new_id
from onevisit.core.problems import Problem
from onevisit.demo.subjects import REGION, made_up_person, made_up_subjects
from onevisit.departments.models import Department
from onevisit.departments.queries import named_department
from onevisit.inspectors.models import Inspector
from onevisit.items.actions import make_checklist
from onevisit.items.models import Item
from onevisit.plans.actions import confirm_scope, import_plan
from onevisit.plans.matching import letters
from onevisit.plans.models import PlanEntry
from onevisit.plans.queries import reading_of
from onevisit.regions.actions import seed_calendar
from onevisit.regions.models import Region
from onevisit.subjects.actions import attest
from onevisit.subjects.import_actions import import_text
from onevisit.subjects.importing import take_in
from onevisit.subjects.library import SubjectLibrary
from onevisit.subjects.queries import read_filter, scope_count
from onevisit.subjects.terms import LibraryName

PASSWORD = "onevisit-demo"  # noqa: S105  printed by `make run`: everything behind it is made up
PLAN_FILE, PLAN_YEAR = "guinan-2023.xlsx", 2023
CHUNK = 5000
LISTED = (
    "name", "credit_code", "kind", "fields", "tags", "address", "position", "legal_representative", "phone", "contact",
    "contact_phone", "state", "risk", "risk_issuer", "risk_day", "licences", "departments",
)  # fmt: skip
Progress = Callable[[int, int], None]


@dataclass
class Loaded:
    """What there is to try."""

    region: str
    plan_id: str
    subjects: int
    inspectors: int
    password: str = PASSWORD
    accounts: list[dict[str, str]] = field(default_factory=list)


def load(subjects: int = 300, seed: int = 632525, progress: Progress | None = None) -> Loaded:
    """Fill the database with 贵南县; refuses when the region is there already."""
    if subjects < 1:
        raise Problem("demo.too_few", "演示对象至少要有一户。")
    seed_calendar()
    with transaction():
        if db.session.get(Region, REGION) is not None:
            raise Problem(
                "demo.already_there", "演示地区已经有了，没有重复装入。要重新开始请换一个空的数据库。", 409
            )
        _add_region()
        _add_subjects(subjects, seed, progress or _show_progress)
        inspectors = _add_inspectors()
        _add_items()
        plan_id = _add_plan()
        _attest_all()
        loaded = Loaded(REGION, plan_id, subjects, len(inspectors), accounts=_add_accounts(inspectors))
        trail.record("demo.loaded", "region", REGION, region_id=REGION, subjects=subjects, seed=seed)
    return loaded


def _show_progress(done: int, of: int) -> None:
    """Long work says how far it is, on stderr."""
    if of > CHUNK:
        print(f"\r检查对象 {done:,} / {of:,}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _text(name: str) -> str:
    return files("onevisit.demo").joinpath(name).read_text("utf-8")


@cache
def _departments() -> list[dict[str, str]]:
    return list(csv.DictReader(_text("departments.csv").splitlines()))


def _add_region() -> None:
    db.session.add(
        Region(
            id=REGION,
            name="贵南县",
            full_name="青海省海南藏族自治州贵南县",
            tier="county",
            profile="guinan-2023",
            made_up=True,
        )
    )
    db.session.flush()
    for one in _departments():
        office = one["id"].endswith("-lxhy")
        db.session.add(
            Department(
                id=one["id"],
                region_id=REGION,
                name=one["name"],
                short_name=one["short_name"],
                joint_office=office,
            )
        )
    db.session.flush()


def _add_subjects(total: int, seed: int, progress: Progress) -> None:
    library = SubjectLibrary(REGION, None, made_up=True)
    rows: Iterator[dict[str, Any]] = made_up_subjects(total, seed, clock.today())
    if total > CHUNK:
        _import_subjects(library, rows, total, progress)
        return
    library.add(list(rows))
    trail.record(
        "library.imported", "library", f"{REGION}:subjects", region_id=REGION,
        library=LibraryName.SUBJECTS.value, added=total, changed=0, unchanged=0, made_up=True,
    )  # fmt: skip


def _import_subjects(
    library: SubjectLibrary, rows: Iterator[dict[str, Any]], total: int, progress: Progress
) -> None:
    """Very many walk the way of every list: as a file through the library's import."""
    names = {one["id"]: one["name"] for one in _departments()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "示例检查对象名录.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(library.headings[name][0] for name in LISTED)
            for row in rows:
                out.writerow(_as_cell(name, row, names) for name in LISTED)
        report = take_in(library, path.name, path, False, lambda done, _: progress(done, total), shown=0)
    if report["refused"]:
        raise RuntimeError(f"the demonstration's own subjects were refused: {report['refused'][:3]}")
    progress(total, total)


def _as_cell(name: str, row: dict[str, Any], names: dict[str, str]) -> str:
    if name == "position":
        return f"{row['lat_e7'] / 1e7:.7f},{row['lon_e7'] / 1e7:.7f}"
    value = row[name]
    if name == "departments":
        return "；".join(names[one] for one in value)
    if name == "licences":
        return "；".join(f"{one['name']}|{one['no']}|{one['valid_to']}" for one in value)
    return "；".join(value) if isinstance(value, list) else str(value or "")


def _add_inspectors() -> list[dict[str, Any]]:
    """Forty people; one of 市场监管局 has no certificate: enrolled, never drawn."""
    rows: list[dict[str, Any]] = []
    until = date(clock.today().year + 2, 12, 31)
    for department in _departments():
        count = int(department["inspectors"])
        for at in range(1, count + 1):
            certified = not (department["id"].endswith("-scjg") and at == count)
            rows.append(
                {
                    "id": new_id(),
                    "region_id": REGION,
                    "department_id": department["id"],
                    "name": made_up_person(len(rows)),
                    "kind": "enforcement" if certified else "supervision",
                    "certificate_no": f"示例青{len(rows) + 1:05d}" if certified else None,
                    "valid_to": until if certified else None,
                    "specialities": [],
                    "expert": False,
                    "state": "active",
                    "recusals": [],
                    "phone": f"000-9{len(rows) + 1:07d}",
                    "made_up": True,
                    "revision": 1,
                }
            )
    db.session.execute(insert(Inspector), rows)
    trail.record(
        "library.imported", "library", f"{REGION}:inspectors", region_id=REGION,
        library=LibraryName.INSPECTORS.value, added=len(rows), changed=0, unchanged=0, made_up=True,
    )  # fmt: skip
    return rows


def _plan_content() -> bytes:
    return files("onevisit.demo").joinpath(PLAN_FILE).read_bytes()


def _written_items() -> dict[tuple[str, str], dict[str, Any]]:
    """(department, item) -> legal basis and checklist, for the items that have their own."""
    written: list[dict[str, Any]] = json.loads(_text("checklists.json"))
    return {(f"{REGION}-{one['department']}", letters(item)): one for one in written for item in one["items"]}


def _add_items() -> None:
    """Every item row of the table becomes an item of its department, by the item list's own importer."""
    reading, offices = reading_of(PLAN_FILE, _plan_content(), PLAN_YEAR, REGION), named_department(REGION)
    bases: dict[str, str] = json.loads(_text("bases.json"))
    written, seen = _written_items(), set[tuple[str, str]]()
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["事项编码", "抽查事项", "部门", "层级", "法律依据", "是否联合"])
    names = {one["id"]: one["name"] for one in _departments()}
    for task in reading["tasks"]:
        for item in task["items"]:
            department = offices(item["department"]) or offices(task["lead_department"]) or ""
            key = (department, letters(item["text"]))
            if key in seen:
                continue
            seen.add(key)
            slug = department.partition("-")[2]
            code = f"{REGION}-{slug}-{sum(one == department for one, _ in seen):02d}"
            basis = written[key]["legal_basis"] if key in written else bases[slug]
            rows.writerow([code, item["text"], names[department], "县", basis, "是"])
    report = import_text("items", "贵南县抽查事项清单.csv", table.getvalue(), REGION)
    if report["refused"]:
        raise RuntimeError(f"the demonstration's own items were refused: {report['refused']}")
    for stored in list(db.session.scalars(select(Item).where(Item.region_id == REGION))):
        if own := written.get((stored.department_id, letters(stored.name))):
            make_checklist(stored.id, own["entries"])


def _add_plan() -> str:
    """The real table of 2023 moved to this year; scopes that find somebody are confirmed, the plan stays a draft."""
    plan = import_plan(
        PLAN_FILE, _plan_content(), year=PLAN_YEAR, region_id=REGION, shift_to=clock.today().year
    )
    plan_id = plan.id
    for entry in list(db.session.scalars(select(PlanEntry).where(PlanEntry.plan_id == plan_id))):
        if entry.scope_filter["all"] and scope_count(REGION, read_filter(entry.scope_filter))["count"]:
            confirm_scope(entry.id, entry.scope_filter)
    return plan_id


def _attest_all() -> None:
    for department in _departments():
        if not department["id"].endswith("-lxhy"):
            for library in LibraryName:
                attest(library.value, department["id"])


def _add_accounts(inspectors: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The office, the three departments of the hotels' task with their people, three administrators."""
    names = {one["id"]: one["short_name"] for one in _departments()}
    made: list[dict[str, str]] = []

    def add(
        username: str, name: str, roles: list[str], department: str | None, inspector: str | None = None
    ) -> None:
        add_account(
            username,
            PASSWORD,
            name,
            roles,
            region_id=REGION,
            department_id=department,
            inspector_id=inspector,
        )
        made.append(
            {
                "username": username,
                "name": name,
                "role": roles[0],
                "department": names.get(department or "", ""),
            }
        )

    add("lxhy", "示例·联办经办", ["joint_office"], f"{REGION}-lxhy")
    add("ga-desk", "示例·公安经办", ["desk"], f"{REGION}-ga")
    add("ga-deputy", "示例·公安分管", ["deputy_head"], f"{REGION}-ga")
    add("ga-head", "示例·公安主要", ["principal_head"], f"{REGION}-ga")
    add("wj-desk", "示例·卫健经办", ["desk"], f"{REGION}-wj")
    add("xf-desk", "示例·消防经办", ["desk"], f"{REGION}-xf")
    for slug in ("ga", "wj", "xf"):
        own = [one for one in inspectors if one["department_id"] == f"{REGION}-{slug}"]
        for at, one in enumerate(own, start=1):
            add(f"{slug}-{at}", one["name"], ["inspector"], one["department_id"], one["id"])
    for role, name in (("system_admin", "系统"), ("security_admin", "安全"), ("audit_admin", "审计")):
        add(role.replace("_", "-"), f"示例·{name}管理", [role], None)
    return made
