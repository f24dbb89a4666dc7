"""Do the offices of a task fit its plan name, and is each office written in one way?"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from onevisit.departments.register import Mention, has_place, plain
from onevisit.plans.sheet_draft import Setting, Task

# A word in an item that one kind of office answers for; such an office should take part.
_ANSWERS_FOR = (
    (r"消防", "消防", "消防救援"),
    (r"涉税|纳税", "税务", "税务"),
)


def doubt_offices(tasks: Sequence[Task], setting: Setting) -> None:
    """Offices in the plan name against the column, and one office's spellings against each other."""
    spelled: dict[str, Counter[str]] = {}
    for task in tasks:
        for name in column_names(task):
            spelled.setdefault(setting.canonical(name), Counter())[plain(name)] += 1
    _lead_listed(tasks)
    met: dict[str, list[str]] = {}
    for task in tasks:
        _against_plan_name(task, setting)
        _spellings(task, setting, spelled, met)
        _places(task, setting)
        _answering_offices(task, setting)


def column_names(task: Task) -> list[str]:
    """The offices of the columns, each once."""
    names = [task["lead_department"], *task["cooperating_departments"]]
    return list(dict.fromkeys(n for n in names if n))


def _lead_listed(tasks: Sequence[Task]) -> None:
    """Said once where the whole table does it, else at each task."""
    listed = [t for t in tasks if t["lead_listed"]]
    everywhere = len(listed) * 2 > len(tasks)
    for task in listed[:1] if everywhere else listed:
        scope = "（本表每个任务都如此）" if everywhere else ""
        task["problems"].append(
            (
                "lead_listed_as_cooperating",
                f"“配合部门”一列也写了发起部门{task['lead_department']}{scope}，不计入配合部门",
            )
        )


def _mentions(task: Task, setting: Setting) -> tuple[Mention, ...]:
    name = task["plan_name"]
    if not name or name == setting.title:
        return ()
    return setting.register.mentions(name, setting.region)


def _against_plan_name(task: Task, setting: Setting) -> None:
    mentions = _mentions(task, setting)
    if not mentions:
        return
    doubts = task["problems"]
    lead = setting.canonical(task["lead_department"] or "")
    listed = {setting.canonical(n): n for n in task["cooperating_departments"]}
    only = {m.canonical: m.written for m in mentions if m.canonical != lead and m.canonical not in listed}
    task["departments_only_in_plan_name"] = list(only.values())
    absent = [n for c, n in listed.items() if c not in {m.canonical for m in mentions}]
    name = task["plan_name"]
    last = mentions[-1]
    # 示范区住建局建筑领域综合检查 only says whose check it is; a list of partners goes on with 、与和 or 关于.
    lists = len(mentions) > 1 or re.match(r"[、和与及]|关于|跨部门", name[last.start + len(last.written) :])
    if only and not listed:
        doubts.append(
            ("cooperating_missing", f"计划名称还写了{'、'.join(only.values())}，表中没有它们的事项，请核对")
        )
    elif only:
        extra = f"，配合部门里的{'、'.join(absent)}不在计划名称里" if absent else ""
        doubts.append(("departments_disagree", f"计划名称里的{'、'.join(only.values())}没有事项{extra}"))
    elif absent and re.search(r"(?<![局委队会院])(?:相关|有关|各)部门", name):
        doubts.append(("plan_name_generic", f"计划名称只写“相关部门”，表中是{'、'.join(absent)}"))
    elif absent and lists:
        doubts.append(("plan_name_incomplete", f"{'、'.join(absent)}有事项，但不在计划名称里"))
    _written_otherwise(task, setting, mentions, lead, listed)


def _written_otherwise(
    task: Task, setting: Setting, mentions: Iterable[Mention], lead: str, listed: dict[str, str]
) -> None:
    for mention in mentions:
        if mention.canonical == lead:
            column = task["lead_department"]
        elif mention.canonical in listed:
            column = listed[mention.canonical]
        else:
            continue
        if plain(mention.written) == plain(column):
            continue
        words = f"计划名称写“{mention.written}”，表中写“{column}”"
        if mention.canonical == lead:
            code = "lead_name_inconsistent"
        elif _without_level(mention.written) == _without_level(column):
            code = "name_without_level"
        else:
            code = "department_name_inconsistent"
        task["problems"].append((code, words))


def _without_level(name: str) -> str:
    return re.sub(r"^(?:县|区|市(?!场)|州|省|旗)", "", plain(name))


def _spellings(
    task: Task, setting: Setting, spelled: dict[str, Counter[str]], met: dict[str, list[str]]
) -> None:
    """A spelling that is rare beside the usual one, or the third spelling of one office."""
    for name in column_names(task):
        canonical, written = setting.canonical(name), plain(name)
        usual, times = spelled[canonical].most_common(1)[0]
        known = met.setdefault(canonical, [])
        is_new = written not in known
        if is_new:
            known.append(written)
        if written != usual and times >= 3 and spelled[canonical][written] * 4 <= times:
            task["problems"].append(
                ("department_name_inconsistent", f"此处写“{name}”，别处写“{usual}”，是同一部门")
            )
        elif is_new and len(known) > 2:
            task["problems"].append(
                ("department_name_inconsistent", f"“{'”“'.join(known)}”是同一部门的不同写法")
            )


def _places(task: Task, setting: Setting) -> None:
    doubts, region = task["problems"], setting.region
    lead = task["lead_department"]
    if lead:
        if not has_place(lead, region):
            doubts.append(("lead_without_area", f"发起部门“{lead}”没有写所在区域"))
        prefix = re.match(r"[\u4e00-\u9fff]{2,7}?(?:省|自治区)(?=.)", plain(lead))
        if prefix and region and region in lead and not region.startswith(prefix[0]):
            doubts.append(("lead_name_prefix", f"“{lead}”前有“{prefix[0]}”，按{setting.canonical(lead)}读"))
        if re.search(r"[（(].+[）)]", lead):
            doubts.append(("lead_name_with_second_name", f"“{lead}”写了两个名称，按第一个读"))
    levelled = any(code == "name_without_level" for code, _ in doubts)
    for name in task["cooperating_departments"]:
        if not has_place(name, region) and not levelled:
            doubts.append(
                ("department_without_area", f"“{name}”没有写所在区域，按{setting.canonical(name)}读")
            )
        if region and setting.register.is_branch_from_above(name, region):
            doubts.append(("department_other_region", f"“{name}”是上级部门的派出机构"))
    for name in column_names(task):
        if not setting.register.is_department(name, region):
            doubts.append(("department_unknown", f"不认识部门“{name}”，请选择是哪个部门"))


def _answering_offices(task: Task, setting: Setting) -> None:
    taking_part = "".join(column_names(task))
    for rule, word, sector in _ANSWERS_FOR:
        item = next((i["text"] for i in task["items"] if re.search(rule, i["text"])), None)
        if item and word not in taking_part and _not_by_building(item):
            task["problems"].append(
                ("item_without_department", f"事项“{item}”涉及{sector}，但没有{sector}部门参加")
            )


def _not_by_building(item: str) -> bool:
    """建筑消防设计审查 is the building department's own; so is the site's fire safety."""
    return not re.search(r"设计审查|施工|台账|制度", item)
