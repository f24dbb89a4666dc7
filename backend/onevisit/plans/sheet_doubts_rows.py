"""Do the tasks of a plan overlap or repeat one another? Compares their items, scopes, leads and windows."""

import re
from collections.abc import Callable, Hashable, Sequence
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from typing import Any

from onevisit.plans.sheet_draft import Setting, Task


def doubt_neighbours(tasks: Sequence[Task], setting: Setting) -> None:
    """Items that are printed twice or at the wrong task, rows that repeat, and scopes that overlap."""
    for one, other in pairwise(tasks):
        _slipped_items(one, other)
    for task in tasks:
        _own_items(task, setting)
    _repeated_rows(tasks, setting)
    _same_scope(tasks, setting)
    _overlaps(tasks, setting)
    _wide_scopes(tasks)


def _slipped_items(one: Task, other: Task) -> None:
    mine, theirs = ([(i["department"], i["text"]) for i in t["items"]] for t in (one, other))
    if len(mine) > 1 and theirs and mine[-1] == theirs[0] and mine != theirs:
        one["problems"].append(
            ("item_of_other_task", f"最后一项“{mine[-1][1]}”与下一任务的第一项相同，可能印错了行")
        )
    if not one["subject_scope"] or not other["subject_scope"]:
        return
    foreign = [
        text
        for _, text in theirs
        if _common(text, one["subject_scope"]) >= 8 and _common(text, other["subject_scope"]) < 4
    ]
    if foreign:
        shown = "；".join(f"“{t}”" for t in foreign)
        one["problems"].append(("items_lost_to_next", f"下一任务里的{shown}像是本任务的事项，请核对"))
        other["problems"].append(
            ("items_of_other_task", f"{shown}像是上一任务的事项，按原表保留，抽取前请发起部门确认")
        )


def _common(one: str, other: str) -> int:
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size


def _own_items(task: Task, setting: Setting) -> None:
    doubts = task["problems"]
    pairs = [(setting.canonical(i["department"] or ""), i["text"]) for i in task["items"]]
    twice = list(dict.fromkeys(text for office, text in pairs if pairs.count((office, text)) > 1))
    offices = [setting.canonical(r["department"] or "") for r in task["items_raw"]]
    if twice:
        doubts.append(("items_repeated", f"{'、'.join(twice)}出现不止一次，都保留"))
        if len(set(offices)) > 1:
            doubts.append(
                ("attribution_doubtful", "重复的事项都印在同一部门名下，后一组可能属于其他部门，请核对")
            )
    shared = [t for t in dict.fromkeys(t for _, t in pairs) if len({o for o, x in pairs if x == t}) > 1]
    if shared and not twice:
        doubts.append(("same_item_two_departments", f"“{'”“'.join(shared)}”两个部门都有，各算一项"))
    runs = [o for at, o in enumerate(offices) if at == 0 or offices[at - 1] != o]
    again = [o for o in dict.fromkeys(runs) if runs.count(o) > 1]
    if again and not any(code == "item_of_other_task" for code, _ in doubts):
        doubts.append(("department_twice", f"{'、'.join(again)}的事项不连续地出现两次"))


def _groups(tasks: Sequence[Task], key: Callable[[Task], Hashable]) -> list[list[Task]]:
    groups: dict[Hashable, list[Task]] = {}
    for task in tasks:
        groups.setdefault(key(task), []).append(task)
    return [g for g in groups.values() if len(g) > 1]


def _items(task: Task) -> tuple[str, ...]:
    return tuple(i["text"] for i in task["items"])


def _span(task: Task) -> tuple[str, str] | None:
    window: dict[str, Any] | None = task["window"]
    return (window["start"], window["end"]) if window else None


def _rows(tasks: Sequence[Task]) -> str:
    return "、".join(str(t["seq"]) if t["seq"] is not None else "？" for t in tasks)


def _repeated_rows(tasks: Sequence[Task], setting: Setting) -> None:
    def lead(task: Task) -> str:
        return setting.canonical(task["lead_department"] or "")

    for group in _groups(tasks, lambda t: (t["task_name"], lead(t), t["subject_scope"], _span(t))):
        for task in group:
            task["problems"].append(
                ("repeated_task_name", f"序号 {_rows(group)} 的名称、对象、部门和时间相同，各按一个任务读")
            )
    for group in _groups(tasks, lambda t: (_items(t), lead(t), t["subject_scope"])):
        if len({_span(t) for t in group}) == len(group) and group[0]["items"]:
            for task in group:
                task["problems"].append(("repeated_of_row", f"序号 {_rows(group)} 只有时间不同"))


def _same_scope(tasks: Sequence[Task], setting: Setting) -> None:
    """One lead, one scope, one window, several tasks: the same doors are opened several times."""
    spans = [s for t in tasks if (s := _span(t))]
    widest = (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else None

    def key(task: Task) -> Hashable:
        partners = tuple(sorted(setting.canonical(n) for n in task["cooperating_departments"]))
        return setting.canonical(task["lead_department"] or ""), partners, task["subject_scope"], _span(task)

    for group in _groups(tasks, key):
        if not group[0]["subject_scope"] or len({t["task_name"] for t in group}) == 1:
            continue
        if _span(group[0]) == widest:
            for task in group:
                task["problems"].append(
                    ("same_lead_and_scope", f"序号 {_rows(group)} 部门与对象相同，可以合并抽取，只进一次门")
                )
        else:
            for task in group[1:]:
                task["problems"].append(
                    ("same_scope_same_window", f"与序号 {group[0]['seq']} 同一时间检查同一批对象")
                )


def _core(scope: str | None) -> str:
    """The kind of subject without area and body words: 辖区二手车交易市场 = 二手车交易市场企业."""
    text = re.sub(r"^(?:辖区内?|全[省市县区州]|示范区|本[县市区])", "", scope or "")
    text = re.sub(r"^(?:各类|所有|全部|的)", "", text)
    return re.sub(r"(?:经营)?(?:企业|单位|主体|者|户)$", "", re.sub(r"[\s、，,]", "", text))


def _overlaps(tasks: Sequence[Task], setting: Setting) -> None:
    alike = [
        g
        for g in _groups(tasks, lambda t: _core(t["subject_scope"]))
        if len(_core(g[0]["subject_scope"])) > 2
    ]
    for one, other in (pair for group in alike for pair in combinations(group, 2)):
        first, second = _span(one), _span(other)
        if not first or not second:
            continue
        leads = {setting.canonical(t["lead_department"] or "") for t in (one, other)}
        if len(leads) == 2 and first[0] <= second[1] and second[0] <= first[1]:
            for task, peer in ((one, other), (other, one)):
                task["problems"].append(
                    (
                        "overlap",
                        f"与序号 {peer['seq']}（{peer['lead_department']}，{peer['ratio_raw'] or '无比例'}）"
                        "对象相同、时间重叠，同一对象可能被抽两次，建议合并",
                    )
                )


def _wide_scopes(tasks: Sequence[Task]) -> None:
    """各类学校 takes in what other rows draw on: 中小学校, 市直公办学校."""
    for task in tasks:
        wide = re.match(r"(?:辖区|全[县区市])?(?:各类|所有|全部)(.{2,})$", task["subject_scope"] or "")
        if wide is None:
            continue
        inside = [
            t
            for t in tasks
            if t is not task
            and t["subject_scope"] != task["subject_scope"]
            and (t["subject_scope"] or "").endswith(wide[1])
        ]
        if len({t["subject_scope"] for t in inside}) > 1:
            task["problems"].append(
                ("overlapping_scope", f"对象范围“{task['subject_scope']}”包含序号 {_rows(inside)} 的对象")
            )
