"""Do the names in one task fit one another? Offices against the plan name, field and scope against the task."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from onevisit.departments.register import DepartmentRegister, Mention, has_place, plain
from onevisit.plans.sheet_tasks import Setting, Task

# Words that say nothing about the trade: they never make two texts agree.
_EMPTY_WORDS = re.compile(
    r"20\d\d年?度?|全?(?:省|市|县|区)(?=[^场])|辖区内?|示范区|开展|关于|针对|各类|所有|全部|有关|相关|部门|领域|行业"
    r"|规模以上|四上|市场主体|经营主体|经营性|经营|生产|销售|企业|单位|场所|机构|公司|主体|对象|用户|个体工商户|工商户"
    r"|联合|跨部门|监督|监管|检查|抽查|任务|执法|综合|双随机|情况|管理|质量|安全|使用|配置|服务|市场|信息|从业"
    r"|大型|城区|乡镇|门店|商户|商店|商场|市直|重点|一般|对|的|和|与|等|及|[、，,；;（）()\s“”·]"
)
_VAGUE = re.compile(r"等(?:单位|企业|场所|主体|对象)$")
_NOT_AN_ENTITY = re.compile(r"(?:信息|情况|行为|事项|数据|记录)$")
# A word in an item that one kind of office answers for; such an office should take part.
_ANSWERS_FOR = (
    (r"消防", "消防", "消防救援"),
    (r"涉税|纳税", "税务", "税务"),
)


def words_of(text: str | None) -> str:
    """The trade words of a text, empty words and punctuation left out."""
    return _EMPTY_WORDS.sub("", text or "")


def doubt_offices(tasks: Sequence[Task], setting: Setting) -> None:
    """Offices in the plan name against the column, and one office's spellings against each other."""
    spelled: dict[str, Counter[str]] = {}
    for task in tasks:
        for name in _column_names(task):
            spelled.setdefault(setting.canonical(name), Counter())[plain(name)] += 1
    _lead_listed(tasks)
    met: dict[str, list[str]] = {}
    for task in tasks:
        _against_plan_name(task, setting)
        _spellings(task, setting, spelled, met)
        _places(task, setting)
        _answering_offices(task, setting)


def _column_names(task: Task) -> list[str]:
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
        doubts.append(
            ("plan_name_generic", f"计划名称只写“相关部门”，表中是{'、'.join(absent)}")
        )
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
    for name in _column_names(task):
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
    for name in _column_names(task):
        if not setting.register.is_department(name, region):
            doubts.append(("department_unknown", f"不认识部门“{name}”，请选择是哪个部门"))


def _answering_offices(task: Task, setting: Setting) -> None:
    taking_part = "".join(_column_names(task))
    for rule, word, sector in _ANSWERS_FOR:
        item = next((i["text"] for i in task["items"] if re.search(rule, i["text"])), None)
        if item and word not in taking_part and _not_by_building(item):
            task["problems"].append(
                ("item_without_department", f"事项“{item}”涉及{sector}，但没有{sector}部门参加")
            )


def _not_by_building(item: str) -> bool:
    """建筑消防设计审查 is the building department's own; so is the site's fire safety."""
    return not re.search(r"设计审查|施工|台账|制度", item)


def doubt_words(tasks: Sequence[Task], setting: Setting) -> None:
    """Field, scope, names and items of each task against one another."""
    topics = Counter(_topic(t) for t in tasks)
    for task in tasks:
        _field(task, setting)
        _scope(task, setting)
        _names(task, topics)
        _typos(task, setting.register)


def _topic(task: Task) -> str | None:
    after = re.search(r"关于(.+)$", task["plan_name"] or "")
    return after[1] if after else None


def _without_offices(text: str | None, setting: Setting) -> str:
    text = text or ""
    for mention in setting.register.mentions(text, setting.region):
        text = text.replace(mention.written, "")
    return text


def _field(task: Task, setting: Setting) -> None:
    field_text, doubts = task["field"], task["problems"]
    if not field_text or "field" not in task["provenance"]:
        return
    if re.match(r"辖区|全(?:区|县|市|省|州)", field_text) and not re.search(r"(?:领域|行业|工程|业)$", field_text):
        doubts.append(("field_is_scope", f"抽查领域写的是对象范围“{field_text}”"))
    trade = words_of(field_text)
    first = task["items"][0]["text"] if task["items"] else ""
    others = words_of(_without_offices(task["plan_name"], setting)) + words_of(task["subject_scope"]) + words_of(first)
    if len(trade) >= 4 and others and not set(trade) & set(others):
        doubts.append(
            ("field_mismatch", f"抽查领域“{field_text}”与计划名称、对象范围“{task['subject_scope']}”不符，请核对")
        )


def _scope(task: Task, setting: Setting) -> None:
    scope, doubts = task["subject_scope"], task["problems"]
    if not scope:
        return
    names = task["field"] or ""
    for name in {task["plan_name"], task["task_name"]} - {setting.title}:
        names += _without_offices(name, setting)
    items = "".join(i["text"] for i in task["items"])
    trade = words_of(scope)
    if _VAGUE.search(scope) or (not trade and re.search(r"城区|乡镇|门店|商户", scope)):
        doubts.append(("scope_vague", f"对象范围“{scope}”不明确，请写清是哪一类对象"))
    elif _NOT_AN_ENTITY.search(scope):
        doubts.append(("scope_not_an_entity", f"对象范围“{scope}”不是一类检查对象，请写清抽哪些主体"))
    elif task["field"] and len(trade) >= 4 and words_of(names) and not set(trade) & set(words_of(names + items)):
        doubts.append(("scope_mismatch", f"对象范围“{scope}”与领域“{task['field']}”、事项不符，请发起部门核对"))
    if re.search(r"[\u4e00-\u9fff] [\u4e00-\u9fff]", scope):
        doubts.append(("blank_in_scope", f"对象范围“{scope}”用空格分开，像是两类对象"))
    wide = re.match(r"(?:辖区|全[县区市])?(?:各类|所有|全部)(.{2,})$", scope)
    if wide is not None:
        narrower = re.search(rf"([\u4e00-\u9fff]{{2}}){re.escape(wide[1])}", task["task_name"] or "")
        if narrower and not re.search(r"[对查的]$|各类|辖区", narrower[1]):
            doubts.append(("scope_wider", f"对象范围“{scope}”比任务名称“{narrower[0]}”宽"))


def _names(task: Task, topics: Counter[str | None]) -> None:
    doubts = task["problems"]
    plan_name, task_name = task["plan_name"], task["task_name"]
    if "task_name" in task["provenance"] and "plan_name" in task["provenance"] and plan_name != task_name:
        doubts.append(("plan_and_task_name_differ", f"计划名称“{plan_name}”，任务名称“{task_name}”"))
    if "task_name" in task["provenance"] and [i["text"] for i in task["items"]] == [task_name]:
        doubts.append(("task_name_equals_item", "任务名称与事项文字相同"))
    topic = _topic(task)
    if topic and task["field"] and topics[topic] > 1 and not _shares_run(words_of(task["field"]), words_of(topic)):
        doubts.append(
            ("plan_name_mismatch", f"计划名称写“{topic}”，与另一任务相同，领域却是“{task['field']}”")
        )
    month = re.search(r"(\d{1,2})月份?", task_name or "")
    if month and task["window"] and 1 <= int(month[1]) <= 12:
        window = (task["window"]["start"][5:7], task["window"]["end"][5:7])
        if window != (f"{int(month[1]):02d}",) * 2:
            doubts.append(("month_in_name", f"任务名称写 {month[1]} 月，时间是“{task['window_raw']}”，按时间一格"))


def _shares_run(one: str, other: str, length: int = 2) -> bool:
    return any(one[i : i + length] in other for i in range(len(one) - length + 1))


def _typos(task: Task, register: DepartmentRegister) -> None:
    scope = task["subject_scope"] or ""
    doubts = task["problems"]
    hit = re.search(r"^全(?![县市区省州国旗镇乡村部体面年辖域社员科天球民日])[\u4e00-\u9fff]{2,}", scope)
    if hit:
        doubts.append(("typo", f"对象范围“{scope}”的“全”字后疑缺“县”“区”等字"))
    name = re.sub(r"(?:的)?(?:监督|联合)?(?:抽查|检查)$", "", task["task_name"] or "")
    for text in (name, task["field"] or ""):
        if _slips(text, scope):
            doubts.append(("typo", f"对象范围“{scope}”疑为“{text}”"))
            break
    repeated = _repeated_insert(task["field"] or "", scope)
    if repeated:
        doubts.append(("typo", f"对象范围“{scope}”里“{repeated}”疑似重复"))
    for office in filter(None, (register.sector_of(n) for n in _column_names(task))):
        sector = office[0]
        for at in range(1, len(sector) - 1):
            cut = sector[:at] + sector[at + 1 :]
            if len(sector) >= 4 and cut in scope and sector not in scope:
                doubts.append(("typo", f"对象范围“{scope}”里“{cut}”疑为“{sector}”，缺“{sector[at]}”字"))


def _slips(right: str, written: str) -> bool:
    """Same length, one or two characters differ before the end: 保安行业相关单位, 办案行业相关单位."""
    if len(right) != len(written) or len(right) < 6 or re.match(r"各类|所有|全", written):
        return False
    differ = [(at, a + b) for at, (a, b) in enumerate(zip(right, written, strict=True)) if a != b]
    words_only = all(re.fullmatch(r"[\u4e00-\u9fff]{2}", both) for _, both in differ)
    return 0 < len(differ) <= 2 and words_only and differ[-1][0] < len(right) - 2


def _repeated_insert(right: str, written: str) -> str | None:
    """What the scope has more than the field, if the field has it already."""
    steps = [s for s in SequenceMatcher(None, right, written, autojunk=False).get_opcodes() if s[0] != "equal"]
    if len(steps) != 1 or steps[0][0] != "insert" or len(right) < 8:
        return None
    extra = written[steps[0][3] : steps[0][4]].strip("、，及和与")
    return extra if len(extra) >= 2 and extra in right else None
