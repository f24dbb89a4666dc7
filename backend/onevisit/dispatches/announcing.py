"""What of a visit is told beforehand, what changed since it was told, and may a subject ask for another time? Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from onevisit.core.calendar import Calendar

HALVES = ("上午", "下午")
SLOTS = 2
MOST_PROPOSALS = 3


def day_words(day: str) -> str:
    """11月12日."""
    kept = date.fromisoformat(day)
    return f"{kept.month}月{kept.day}日"


def slot_words(slot: Mapping[str, Any]) -> str:
    """11月12日上午."""
    return f"{day_words(slot['day'])}{slot['half']}"


def when_words(content: Mapping[str, Any]) -> str:
    """When a version of the notice says the visit is."""
    return f"{day_words(content['day'])}{content['time'] or ''}"


def told_parts(parts: Sequence[Mapping[str, Any]], unannounced: Sequence[str]) -> list[dict[str, Any]]:
    """The parts with what is told of them: an item not to be announced is missing, and a department whose items all are.

    Items come as (id, name); their names are what a subject reads.
    """
    hidden = set(unannounced)
    told = []
    for part in parts:
        items = [name for id_, name in part["items"] if id_ not in hidden]
        if items or not part["items"]:
            told.append({**part, "items": items})
    return told


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What a new version of a notice says otherwise, in sentences for the subject."""
    found = []
    if (before["day"], before["time"]) != (after["day"], after["time"]):
        years = [
            "" if before["day"][:4] == after["day"][:4] else f"{one['day'][:4]}年" for one in (before, after)
        ]
        found.append(f"检查时间由{years[0]}{when_words(before)}改为{years[1]}{when_words(after)}")
    found += _listed("请准备的材料", before["papers"], after["papers"])
    found += _listed("抽查任务", *_tasks(before, after))
    earlier = {one["name"]: one for one in before["departments"]}
    later = {one["name"]: one for one in after["departments"]}
    found += [f"增加{name}" for name in later if name not in earlier]
    found += [f"{name}不再参加" for name in earlier if name not in later]
    for name in [one for one in later if one in earlier]:
        found += _listed(f"{name}的检查事项", earlier[name]["items"], later[name]["items"])
        found += _people(name, earlier[name]["officers"], later[name]["officers"])
    return found


def _tasks(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[str]]:
    """The tasks' names, where both versions were kept with them."""
    both = "tasks" in before and "tasks" in after
    return (before["tasks"], after["tasks"]) if both else ((), ())


def _listed(what: str, before: Sequence[str], after: Sequence[str]) -> list[str]:
    more = [one for one in after if one not in before]
    gone = [one for one in before if one not in after]
    return [f"{what}增加：{'、'.join(more)}"] * bool(more) + [f"{what}减少：{'、'.join(gone)}"] * bool(gone)


def _people(name: str, before: Sequence[Sequence[Any]], after: Sequence[Sequence[Any]]) -> list[str]:
    came = [str(one[0]) for one in after if list(one) not in [list(each) for each in before]]
    left = [str(one[0]) for one in before if list(one) not in [list(each) for each in after]]
    if not came and not left:
        return []
    if not left:
        return [f"{name}的检查人员增加{'、'.join(came)}"]
    return [f"{name}的检查人员{'、'.join(left)}换为{'、'.join(came) or '另行确定'}"]


def slot_faults(
    slots: Sequence[Mapping[str, Any]],
    planned: tuple[date, str | None],
    first: date,
    last: date,
    days: Calendar,
) -> list[str]:
    """Why these half days cannot be proposed; empty where they can. `first` and `last` bound what is possible."""
    if len(slots) != SLOTS:
        return ["请提出两个半天，方便组长安排"]
    keys = [(one["day"], one["half"]) for one in slots]
    if len(set(keys)) < len(keys):
        return ["两个半天不能相同"]
    if last < first:
        return ["检查期限内已经没有可以改的日子，请拨打联系电话商量"]
    found = []
    for day, half in keys:
        words = f"{day.month}月{day.day}日"
        if not first <= day <= last:
            found.append(
                f"{words}不在可选的日子里（{first.month}月{first.day}日至{last.month}月{last.day}日）"
            )
        elif not days.is_working_day(day):
            found.append(f"{words}不是工作日")
        elif day == planned[0] and (planned[1] in (half, "全天", None)):
            found.append(f"{words}{half}就是现在的时间")
    return found
