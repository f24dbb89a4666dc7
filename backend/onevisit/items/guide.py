"""What does the guide 随机抽查工作指引 of a department say? Its items with their grounds and how each is checked (S2 art. 18, S4)."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from onevisit.core import clock
from onevisit.core.canonical import canonical
from onevisit.core.clock import LAW_ZONE
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.models import Department
from onevisit.items.basis_queries import basis_flags
from onevisit.items.models import Checklist, Item
from onevisit.items.queries import checklists_of
from onevisit.items.sheets import condition_words
from onevisit.items.terms import (
    EVIDENCE_LABELS,
    ITEM_CATEGORY_LABELS,
    ITEM_TIER_LABELS,
    LIVE_STATES,
    AnswerType,
    Evidence,
    ItemCategory,
    ItemTier,
)
from onevisit.papers.facts import GuideEntry, GuideFacts, GuideItem
from onevisit.papers.render import TEMPLATES, Metadata, render_html, render_pdf
from onevisit.papers.rules import numeral
from onevisit.regions.models import Region

_FORMS = {AnswerType.TEXT: "填写情况", AnswerType.DATE: "填写日期"}


def guides(region_id: str = "") -> list[dict[str, Any]]:
    """Every department with items on the list has a guide."""
    rows = (
        select(Department, Region, func.count(Item.id)).join(Item, Item.department_id == Department.id)
        .join(Region, Region.id == Department.region_id).where(Item.state.in_(LIVE_STATES))
        .group_by(Department.id, Region.id).order_by(Region.id, Department.id)
    )  # fmt: skip
    if region_id:
        rows = rows.where(Department.region_id == region_id)
    found = db.session.execute(rows).all()
    return [
        {
            "department": {"id": one.id, "name": one.name}, "region": {"id": region.id, "name": region.name}, "items": count,
            "entries": sum(len(checklist.entries) for checklist in checklists_of(_listed(one.id)).values()),
        }
        for one, region, count in found
    ]  # fmt: skip


def _listed(department_id: str) -> list[str]:
    return list(
        db.session.scalars(
            select(Item.id).where(Item.department_id == department_id, Item.state.in_(LIVE_STATES))
        )
    )


def guide_facts(department_id: str) -> GuideFacts:
    """The whole guide; `day` is the day of its newest part, so that an unchanged guide stays the same file."""
    department = db.session.get(Department, department_id)
    rows = (
        select(Item)
        .where(Item.department_id == department_id, Item.state.in_(LIVE_STATES))
        .order_by(Item.code)
    )
    items = list(db.session.scalars(rows))
    if department is None or not items:
        raise not_found("工作指引")
    region = db.session.get_one(Region, department.region_id)
    lists, flags = checklists_of([one.id for one in items]), basis_flags([one.id for one in items])
    names = {
        one.id: one.short_name
        for one in db.session.scalars(select(Department).where(Department.region_id == region.id))
    }
    newest = max((one.made_at for one in lists.values()), default=clock.now()).astimezone(LAW_ZONE)
    return {
        "region": region.name, "department": department.name, "made_up": region.made_up, "count": len(items),
        "entries": sum(len(one.entries) for one in lists.values()), "day": f"{newest.year}年{newest.month}月{newest.day}日",
        "items": [_item(at, one, lists.get(one.id), flags.get(one.id, []), names) for at, one in enumerate(items, start=1)],
        "phone": department.contact_phone, "digest": "",
    }  # fmt: skip


def _item(
    at: int, item: Item, checklist: Checklist | None, flags: list[dict[str, Any]], names: dict[str, str]
) -> GuideItem:
    entries = checklist.entries if checklist else []
    numbers = {one["id"]: one["no"] for one in entries}
    return {
        "n": numeral(at) if at <= 99 else str(at), "anchor": f"i{at}", "code": item.code, "name": item.name,
        "body": item.inspecting_body or None, "tier": f"{ITEM_TIER_LABELS[ItemTier(item.tier)]}级",
        "category": ITEM_CATEGORY_LABELS[ItemCategory(item.category)] if item.category else None,
        "subjects": "、".join(item.subject_kinds) or None, "superior": item.superior_code or None, "speciality": item.speciality,
        "together": "、".join(names[one] for one in item.joint_with if one in names) or ("部门联合抽查" if item.joint else None),
        "basis": item.legal_basis or None, "version": checklist.version if checklist else 0,
        "warnings": sorted({f"{one['name']}{one['state_label']}" for one in flags}),
        "entries": [_entry(one, numbers) for one in entries],
    }  # fmt: skip


def _entry(one: dict[str, Any], numbers: dict[str, str]) -> GuideEntry:
    condition = condition_words(one["condition"], numbers)
    return {
        "no": one["no"], "text": one["text"], "content": one["content"], "method": one["method"], "basis": one["basis"],
        "form": _form(one), "evidence": None if one["evidence"] == Evidence.NONE else EVIDENCE_LABELS[Evidence(one["evidence"])],
        "condition": condition.replace("\n", "、") if condition else None,
    }  # fmt: skip


def _form(one: dict[str, Any]) -> str:
    """How it is answered, as the guide's reader needs to know."""
    if one["answer"] == AnswerType.CHOICE:
        return " / ".join(one["choices"])
    if one["answer"] != AnswerType.NUMBER:
        return _FORMS.get(AnswerType(one["answer"]), "合格 / 不合格")
    limits, unit = one.get("limits"), one["unit"] or ""
    if not limits:
        return f"填写数值{f'（{unit}）' if unit else ''}"
    low, high = limits["min"], limits["max"]
    if low is not None and high is not None:
        return f"{low}～{high} {unit}为合格".replace("  ", " ")
    return f"不小于 {low} {unit}为合格" if low is not None else f"不大于 {high} {unit}为合格"


@dataclass(frozen=True)
class Guide:
    """A guide as its content is now: where its pages lie once they are made."""

    title: str
    key: str
    facts: GuideFacts

    def pages(self) -> bytes:
        """Made anew: this costs seconds."""
        metadata = Metadata(
            self.title, self.facts["department"], clock.now(), self.facts["digest"], self.facts["day"]
        )
        return render_pdf("guide", {"facts": self.facts}, metadata=metadata)


def guide_now(department_id: str) -> Guide:
    """The guide of a department; its place follows from its content and its looks."""
    facts = guide_facts(department_id)
    facts["digest"] = hashlib.sha256(canonical(facts)).hexdigest()
    looks = render_html("guide", {"facts": facts}) + (TEMPLATES / "print.css").read_text("utf-8")
    key = f"guides/{hashlib.sha256(looks.encode()).hexdigest()}.pdf"
    return Guide(f"{facts['department']}随机抽查工作指引", key, facts)
