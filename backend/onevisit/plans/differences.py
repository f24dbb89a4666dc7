"""What differs between a row before and after, and how is a fact of a row written? Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from onevisit.plans.life import ENTRY_KIND_LABELS, ENTRY_ORIGIN_LABELS, FIELD_LABELS
from onevisit.plans.terms import ITEM_CATEGORY_LABELS, METHOD_LABELS, TARGETING_LABELS, TIER_LABELS

Names = Mapping[str, str]
Difference = dict[str, str]
_LABELS: dict[str, Mapping[Any, str]] = {
    "kind": ENTRY_KIND_LABELS, "origin": ENTRY_ORIGIN_LABELS, "category": ITEM_CATEGORY_LABELS,
    "targeting": TARGETING_LABELS, "tier": TIER_LABELS,
}  # fmt: skip
_PER = {"year": "年", "half_year": "半年", "quarter": "季度", "month": "月"}
_BOUND = {"exact": "", "at_least": "不低于", "at_most": "不超过"}
NOTHING = "（空）"


def ratio_words(ratio: Mapping[str, Any] | None, sample_size: int | None = None) -> str:
    """5%、不低于5%、5%-10%，或者10户, as the notices write it and as the reader reads it."""
    if sample_size is not None:
        return f"{sample_size}户"
    if not ratio:
        return ""
    percent = _number(ratio["percent"])
    if ratio.get("bound") == "range":
        return f"{percent}%-{_number(ratio.get('percent_max', ratio['percent']))}%"
    return f"{_BOUND.get(str(ratio.get('bound')), '')}{percent}%"


def frequency_words(frequency: Mapping[str, Any] | None) -> str:
    """1次/年, 1次/季度."""
    return f"{frequency['times']}次/{_PER[str(frequency['per'])]}" if frequency else ""


def ratio_per_words(frequency: Mapping[str, Any] | None) -> str:
    """Whether the ratio counts each time or over the year, where that was said."""
    said = (frequency or {}).get("ratio_per")
    return {"period": "比例按每次计", "year": "比例按全年计，分批抽取"}.get(str(said), "")


def day_words(day: date | str | None) -> str:
    """2026年4月1日."""
    if not day:
        return ""
    there = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{there.year}年{there.month}月{there.day}日"


def written(field: str, value: Any, names: Names) -> str:
    """A fact as a person reads it; an empty one says so."""
    if value is None or value == [] or value == "":
        return NOTHING
    if field == "ratio":
        return ratio_words(value)
    if field == "frequency":
        return "，".join(filter(None, (frequency_words(value), ratio_per_words(value))))
    if field in ("window_start", "window_end"):
        return day_words(value)
    if field == "methods":
        return "、".join(METHOD_LABELS[one] for one in value)
    if field == "initiating_department_id":
        return names.get(value, str(value))
    if field == "cooperating_department_ids":
        return "、".join(names.get(one, str(one)) for one in value)
    if field == "sensitive":
        return "是" if value else "否"
    if field == "sample_size":
        return f"{value}户"
    return _LABELS.get(field, {}).get(value, str(value))


def differences(before: Mapping[str, Any], after: Mapping[str, Any], names: Names) -> list[Difference]:
    """Field, its name, from what, to what; only what differs, in the order of the tables."""
    found = []
    for field, label in FIELD_LABELS.items():
        old, new = before.get(field), after.get(field)
        if field in before and field in after and old != new:
            old_words, new_words = (
                _items_apart(old or [], new or [], names)
                if field == "items"
                else (written(field, old, names), written(field, new, names))
            )
            found.append({"field": field, "label": label, "from": old_words, "to": new_words})
    return found


def _items_apart(old: Sequence[Any], new: Sequence[Any], names: Names) -> tuple[str, str]:
    """Of the items only those that left and those that came."""
    gone = [item_words(one, names) for one in old if one not in new]
    came = [item_words(one, names) for one in new if one not in old]
    return "；".join(gone) or NOTHING, "；".join(came) or NOTHING


def item_words(item: Sequence[str | None], names: Names) -> str:
    """部门：事项."""
    department, text = names.get(item[0] or ""), item[1] or ""
    return f"{department}：{text}" if department else text


def whole(facts: Mapping[str, Any], names: Names) -> list[Difference]:
    """A new row as differences from nothing."""
    empty = dict.fromkeys(FIELD_LABELS)
    twice = "task_name" if facts.get("task_name") == facts.get("name") else ""
    told = differences(empty, facts, names)
    return [one for one in told if one["to"] not in (NOTHING, "否") and one["field"] != twice]


def _number(value: Any) -> str:
    return f"{float(value):g}" if not isinstance(value, str) else value
