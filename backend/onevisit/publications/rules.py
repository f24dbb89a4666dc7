"""Which facts may the public read, and who may publish them? Pure.

The public facts are built field by field from the signed manifest: what is not named here cannot leak,
whatever is added to the record later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onevisit.core.clock import law_day
from onevisit.publications.terms import NATIONAL_FIELDS, TARGETING_LABELS
from onevisit.visits.terms import MeasureKind, Outcome

Json = dict[str, Any]
SHOWN_MEASURES = (MeasureKind.RECTIFICATION_ORDER, MeasureKind.ORDER_TO_STOP)


@dataclass(frozen=True)
class PlanWords:
    """What of the plan stands beside a result."""

    name: str
    document_no: str | None
    targeting: str | None


def public_facts(
    manifest: Mapping[str, Any], department_id: str, plan: PlanWords, task_no: str | None = None
) -> Json:
    """The allow-listed facts of one department's part, from what the subject signed.

    No person, phone, address, answer, note, photo or risk class; for sensitive tasks (arms, explosives,
    poisons) no subject either, and of a visit merged with one neither. `task_no` is the task the department came for.
    """
    header = manifest["header"]
    signed = header.get("tasks") or [header["task"]]
    task = next((one for one in signed if one["no"] == task_no), header["task"])
    part = next(one for one in manifest["parts"] if one["department"]["id"] == department_id)
    sensitive = any(one["sensitive"] for one in signed)
    return {
        "subject": _subject(header["subject"], sensitive),
        "plan": {"name": plan.name, "document_no": plan.document_no},
        "task": {
            "no": task["no"],
            "name": task["name"],
            "targeting": TARGETING_LABELS.get(plan.targeting or "", None),
        },
        "department": {"id": part["department"]["id"], "name": part["department"]["name"]},
        "methods": [method["label"] for method in header["methods"]],
        "day": law_day(datetime.fromisoformat(header["to"])).isoformat() if header["to"] else "",
        "items": [_item(id_, name, part["record"], labels_of(header)) for id_, name in _items(part)],
    }


def _subject(signed: Mapping[str, Any], sensitive: bool) -> Json:
    """Under whose name the result stands: the responsible party's, where the checked thing is no legal person."""
    if sensitive:
        return {"name": None, "credit_code": None}
    party = signed.get("responsible")
    if party is None:
        return {"name": signed["name"], "credit_code": signed["credit_code"]}
    return {"name": party["name"], "credit_code": party["credit_code"], "thing": signed["name"]}


def _items(part: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The planned items, then those added on site."""
    added = part["record"].get("items", {})
    planned = {item["id"]: item["name"] for item in part["items"]}
    return [*planned.items(), *((id_, one["name"]) for id_, one in added.items() if id_ not in planned)]


def labels_of(header: Mapping[str, Any]) -> dict[str, str]:
    """The region's own words for the outcomes, over the general ones."""
    return {word.value: word.label for word in Outcome} | {
        one["code"]: one["label"] for one in header["outcomes"]
    }


def _item(item_id: str, name: str, record: Mapping[str, Any], labels: Mapping[str, str]) -> Json:
    codes = record["findings"].get(item_id, {}).get("outcomes", [])
    kinds = {one["kind"] for one in record["measures"] if one["item"] == item_id}
    return {
        "name": name,
        "outcomes": [{"code": code, "label": labels[code]} for code in codes],
        "measures": [measure.label for measure in SHOWN_MEASURES if measure in kinds],
    }


def may_publish(roles: frozenset[str], department_id: str | None, of: str) -> bool:
    """Who checked, publishes: the desk or a head of the part's own department."""
    return department_id == of and bool(roles & {"desk", "deputy_head", "principal_head"})


def national_row(facts: Mapping[str, Any], published: str) -> dict[str, str]:
    """One result in the national field set."""
    flat = {
        **facts,
        "items": "；".join(item["name"] for item in facts["items"]),
        "methods": "、".join(facts["methods"]),
        "outcomes": "；".join(
            f"{item['name']}：{'、'.join(one['label'] for one in item['outcomes'])}"
            for item in facts["items"]
        ),
        "published": published,
    }
    return {column: _at(flat, path) for column, path in NATIONAL_FIELDS}


def _at(facts: Any, path: tuple[str, ...]) -> str:
    for name in path:
        facts = facts[name]
    return "" if facts is None else str(facts)
