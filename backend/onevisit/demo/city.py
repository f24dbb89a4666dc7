"""What lies above the demonstration county? A city (州) with a second county, for tasks drawn above and checked below."""

import json
from datetime import date
from importlib.resources import files

from sqlalchemy import insert, select
from stdnum.cn.uscc import calc_check_digit

from onevisit.accounts.actions import add_account
from onevisit.core import clock, trail
from onevisit.core.db import db, transaction
from onevisit.core.ids import new_id
from onevisit.core.problems import Problem
from onevisit.demo.load import PASSWORD
from onevisit.demo.subjects import REGION, made_up_person
from onevisit.departments.models import Department
from onevisit.inspectors.models import Inspector
from onevisit.items.actions import make_checklist
from onevisit.items.library import ItemLibrary
from onevisit.items.models import Item
from onevisit.plans.models import Plan, PlanEntry, PlanEntryItem
from onevisit.regions.models import Region
from onevisit.subjects.actions import attest
from onevisit.subjects.library import SubjectLibrary
from onevisit.subjects.terms import LibraryName

CITY, OTHER = "632500", "632521"
NAMES = {CITY: "海南州", OTHER: "共和县", REGION: "贵南县"}
OFFICES = {"ga": "公安局", "wj": "卫生健康委员会"}
ITEMS = {"ga": "旅馆业治安管理情况检查", "wj": "住宿场所卫生情况检查"}
SCOPE = {"all": [{"kind": "field", "any": ["旅馆业"]}], "none": []}
HOTELS = 18


def add_city() -> None:
    """The city, its second county and a published plan with both ways; refuses without the demonstration county."""
    with transaction():
        county = db.session.get(Region, REGION)
        if county is None or db.session.get(Region, CITY) is not None:
            raise Problem("demo.no_county", "要先装入演示地区，并且只装入一次上级地区。", 409)
        county.parent_id = _add_regions()
        _add_hotels()
        _add_inspectors()
        _add_plan(_add_items())
        for region, offices in ((OTHER, OFFICES), (REGION, OFFICES)):
            for slug in offices:
                for library in LibraryName:
                    attest(library.value, f"{region}-{slug}")
        _add_accounts()
        trail.record("demo.city_loaded", "region", CITY, region_id=CITY)


def _add_regions() -> str:
    for id_, tier, parent in ((CITY, "city", None), (OTHER, "county", CITY)):
        full = f"青海省海南藏族自治州{'' if id_ == CITY else NAMES[id_]}"
        profile = "guinan-2023" if id_ == CITY else None
        db.session.add(
            Region(
                id=id_,
                name=NAMES[id_],
                full_name=full,
                tier=tier,
                parent_id=parent,
                profile=profile,
                made_up=True,
            )
        )
        db.session.flush()
        for slug, name in {**OFFICES, "lxhy": "部门联席会议办公室"}.items():
            db.session.add(
                Department(
                    id=f"{id_}-{slug}", region_id=id_, name=f"{NAMES[id_]}{name}", short_name=name.removesuffix("部门"),
                    joint_office=slug == "lxhy",
                )
            )  # fmt: skip
    db.session.flush()
    return CITY


def _add_hotels() -> None:
    rows = []
    for at in range(1, HOTELS + 1):
        code = f"92{OTHER}MADEM{at:04d}"
        rows.append(
            {
                "credit_code": code + calc_check_digit(code), "name": f"示例青海湖旅馆{at}号", "kind": "sole_trader",
                "fields": ["旅馆业"], "departments": [f"{OTHER}-{slug}" for slug in OFFICES],
                "address": f"共和县恰卜恰镇示例路{at}号", "risk": "ABCD"[at % 4], "legal_representative": made_up_person(at),
                "phone": f"000-8{at:07d}",
            }
        )  # fmt: skip
    SubjectLibrary(OTHER, None, made_up=True).add(rows)


def _add_inspectors() -> None:
    rows = [
        {
            "id": new_id(), "region_id": OTHER, "department_id": f"{OTHER}-{slug}", "name": made_up_person(60 + at + 5 * which),
            "kind": "enforcement", "certificate_no": f"示例青9{which}{at:03d}", "valid_to": date(clock.today().year + 2, 12, 31),
            "specialities": [], "expert": False, "state": "active", "recusals": [], "phone": f"000-7{which}{at:06d}",
            "made_up": True, "revision": 1,
        }
        for which, slug in enumerate(OFFICES)
        for at in range(4)
    ]  # fmt: skip
    db.session.execute(insert(Inspector), rows)


def _add_items() -> list[Item]:
    rows = [
        {"code": f"{CITY}-{at:02d}", "name": name, "department_id": f"{CITY}-{slug}", "tier": "city", "legal_basis": "示例依据"}
        for at, (slug, name) in enumerate(ITEMS.items(), 1)
    ]  # fmt: skip
    ItemLibrary(CITY, None).add(rows)
    items = list(db.session.scalars(select(Item).where(Item.region_id == CITY).order_by(Item.code)))
    written = json.loads(files("onevisit.demo").joinpath("checklists.json").read_text("utf-8"))
    for item in items:
        own = next((one for one in written if item.department_id.endswith(f"-{one['department']}")), None)
        if own is not None:
            make_checklist(item.id, own["entries"])
    return items


def _add_plan(items: list[Item]) -> None:
    year, now = clock.today().year, clock.now()
    plan = Plan(
        region_id=CITY, year=year, name=f"海南州{year}年度部门联合“双随机、一公开”抽查计划", state="published", problems=[],
        made_at=now, published_at=now, version=1, revision=1, rows=[],
    )  # fmt: skip
    for order, (mode, name, ratio, size) in enumerate(
        (("市抽县查", "旅馆业治安与卫生联合抽查", {"percent": "20", "bound": "exact"}, None),
         ("县抽县查", "旅馆业卫生专项抽查", None, 8)), 1,
    ):  # fmt: skip
        plan.rows.append(
            PlanEntry(
                order=order, seq=order, name=name, task_name=name, field="宾馆、旅店", initiating_department_id=f"{CITY}-ga",
                cooperating_department_ids=[f"{CITY}-wj"], scope_text="全州宾馆、旅店", scope_filter=SCOPE,
                scope_confirmed_at=now, ratio=ratio, ratio_raw="20%" if ratio else "8户", sample_size=size,
                frequency={"times": 1, "per": "year"}, window_start=date(year, 4, 1), window_end=date(year, 11, 30),
                window_raw="4-11月", methods=["on_site"], tier="city", draw_mode=mode, problems=[], provenance={},
                items=[
                    PlanEntryItem(order=at, department_id=one.department_id, text=one.name, item_id=one.id, match="exact")
                    for at, one in enumerate(items)
                ],
            )
        )  # fmt: skip
    db.session.add(plan)
    db.session.flush()


def _add_accounts() -> None:
    for prefix, region in (("hn", CITY), ("gh", OTHER)):
        add_account(
            f"{prefix}-lxhy", PASSWORD, f"示例·{NAMES[region]}联办", ["joint_office"], region_id=region,
            department_id=f"{region}-lxhy",
        )  # fmt: skip
        for slug, name in OFFICES.items():
            add_account(
                f"{prefix}-{slug}", PASSWORD, f"示例·{NAMES[region]}{name[:2]}", ["desk"], region_id=region,
                department_id=f"{region}-{slug}",
            )  # fmt: skip
