"""Which items of a plan wait for somebody to say what they mean, and what was said? One question per text and office."""

from typing import Any

from onevisit.core import trail
from onevisit.core.auth import acting, mine
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem, forbidden
from onevisit.departments.queries import departments_of
from onevisit.items.models import Item
from onevisit.items.queries import items_of
from onevisit.items.terms import LIVE_STATES
from onevisit.plans.life import ITEM_MATCH_LABELS, ItemMatch
from onevisit.plans.matching import ItemList, difference, letters
from onevisit.plans.models import Plan, PlanEntry, PlanEntryItem
from onevisit.plans.queries import listed_items, plan_of
from onevisit.plans.reading_actions import teach

Question = tuple[str, str]


def questions_shown(plan: Plan) -> dict[str, Any]:
    """Every text of the plan that is not exactly on the list, once for each office, with what it may mean."""
    listed = listed_items(plan.region_id)
    items = {one.id: one for one in items_of(plan.region_id)}
    names = {one.id: one.name for one in departments_of(plan.region_id)}
    asked = _asked(plan)
    counts = dict.fromkeys(ItemMatch, 0)
    for row in (row for entry in plan.entries for row in entry.items):
        counts[ItemMatch(row.match)] += 1
    shown = [_question(key, rows, listed, items, names) for key, rows in asked.items()]
    order = {"near": 0, "missing": 1, "confirmed": 2}
    shown.sort(
        key=lambda one: (
            order[one["match"]],
            one["department"]["name"] if one["department"] else "",
            one["text"],
        )
    )
    return {
        "plan": {"id": plan.id, "name": plan.name, "year": plan.year, "state": plan.state},
        "questions": shown,
        "counts": [{"match": kind.value, "label": ITEM_MATCH_LABELS[kind], "count": count} for kind, count in counts.items()],
    }  # fmt: skip


def _asked(plan: Plan) -> dict[Question, list[tuple[PlanEntry, PlanEntryItem]]]:
    found: dict[Question, list[tuple[PlanEntry, PlanEntryItem]]] = {}
    for entry in plan.entries:
        for row in entry.items:
            if row.match != ItemMatch.EXACT:
                found.setdefault((letters(row.text), row.department_id or ""), []).append((entry, row))
    return found


def _question(
    key: Question, rows: list[tuple[PlanEntry, PlanEntryItem]], listed: ItemList, items: dict[str, Item], names: dict[str, str]
) -> dict[str, Any]:  # fmt: skip
    text, department = rows[0][1].text, key[1]
    chosen = items.get(rows[0][1].item_id or "")
    found = listed.match(text, department or None).candidates
    return {
        "key": key[0], "text": text, "department": {"id": department, "name": names[department]} if department in names else None,
        "match": rows[0][1].match, "match_label": ITEM_MATCH_LABELS[ItemMatch(rows[0][1].match)],
        "item": _item(chosen, names) if chosen else None,
        "candidates": [
            _item(item, names) | {
                "percent": int(one.likeness * 100), "other": one.other,
                "difference": [{"where": piece.where, "text": piece.text} for piece in difference(text, item.name)],
            }
            for one in found
            if (item := items.get(one.item_id))
        ],
        "rows": [{"id": entry.id, "no": str(entry.seq or entry.order), "name": entry.field or entry.name} for entry, _ in rows],
    }  # fmt: skip


def _item(item: Item, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": item.id, "name": item.name, "code": item.code, "department_name": names.get(item.department_id, ""),
        "legal_basis": item.legal_basis, "state": item.state,
    }  # fmt: skip


def answer_question(plan_id: str, given: dict[str, Any]) -> Plan:
    """Somebody says which listed item a text means, or that none does: for every row of the plan, and for next time."""
    with transaction():
        plan = plan_of(plan_id)
        department, item_id = given["department_id"] or "", given["item_id"]
        if not mine(plan.region_id, department or None):
            raise forbidden("这个部门的事项由该部门或联席会议办公室确认。需要修改请联系他们。")
        rows = _asked(plan).get((given["key"], department))
        if not rows:
            raise Problem("plans.question_gone", "这个事项已经不在计划里，没有保存。请刷新后再看。", 409)
        item = db.session.get(Item, item_id) if item_id else None
        if item_id and (item is None or item.region_id != plan.region_id or item.state not in LIVE_STATES):
            raise Problem("plans.item_unknown", "要对应的事项不在清单上，没有保存。请刷新后重新选择。")
        for entry, row in rows:
            row.item_id, row.match = item_id, (ItemMatch.CONFIRMED if item else ItemMatch.MISSING).value
            entry.revision += 1
        text = rows[0][1].text
        teach(
            plan.region_id, "item", department, text, item_id, item.name if item else "不在清单上", source=plan.name,
            key=given["key"],
        )  # fmt: skip
        trail.record(
            "plan_item.answered", "plan", plan.id, region_id=plan.region_id, department_id=department or None, text=text,
            item=item_id, rows=[entry.id for entry, _ in rows], by_role=sorted(acting().roles),
        )  # fmt: skip
    return plan


def match_again(plan_id: str) -> Plan:
    """The item list has changed meanwhile: what stands on it word for word now is taken, nothing answered is touched."""
    with transaction():
        plan = plan_of(plan_id)
        listed = listed_items(plan.region_id)
        taken = 0
        for entry in plan.entries:
            for row in entry.items:
                if row.item_id is not None:
                    continue
                found = listed.match(row.text, row.department_id)
                if found.kind == ItemMatch.EXACT:
                    row.item_id, taken = found.item_id, taken + 1
                if row.match != ItemMatch.MISSING or found.kind == ItemMatch.EXACT:
                    row.match = found.kind.value
        trail.record("plan_item.matched_again", "plan", plan.id, region_id=plan.region_id, taken=taken)
    return plan
