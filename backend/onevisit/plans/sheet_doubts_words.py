"""Do the words of a task fit one another? Field, scope and names against its items, and slips of the pen."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet_doubts_offices import column_names
from onevisit.plans.sheet_draft import Setting, Task

# Words that say nothing about the trade: they never make two texts agree.
_EMPTY_WORDS = re.compile(
    r"20\d\d年?度?|全?(?:省|市|县|区)(?=[^场])|辖区内?|示范区|开展|关于|针对|各类|所有|全部|有关|相关|部门|领域|行业"
    r"|规模以上|四上|市场主体|经营主体|经营性|经营|生产|销售|企业|单位|场所|机构|公司|主体|对象|用户|个体工商户|工商户"
    r"|联合|跨部门|监督|监管|检查|抽查|任务|执法|综合|双随机|情况|管理|质量|安全|使用|配置|服务|市场|信息|从业"
    r"|大型|城区|乡镇|门店|商户|商店|商场|市直|重点|一般|对|的|和|与|等|及|[、，,；;（）()\s“”·]"
)
_VAGUE = re.compile(r"等(?:单位|企业|场所|主体|对象)$")
_NOT_AN_ENTITY = re.compile(r"(?:信息|情况|行为|事项|数据|记录)$")


def words_of(text: str | None) -> str:
    """The trade words of a text, empty words and punctuation left out."""
    return _EMPTY_WORDS.sub("", text or "")


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
    if re.match(r"辖区|全(?:区|县|市|省|州)", field_text) and not re.search(
        r"(?:领域|行业|工程|业)$", field_text
    ):
        doubts.append(("field_is_scope", f"抽查领域写的是对象范围“{field_text}”"))
    trade = words_of(field_text)
    first = task["items"][0]["text"] if task["items"] else ""
    others = (
        words_of(_without_offices(task["plan_name"], setting))
        + words_of(task["subject_scope"])
        + words_of(first)
    )
    lead = setting.register.sector_of(task["lead_department"] or "")
    if lead is not None and _shares_run(trade, words_of(lead[0])):
        return  # 农业农村 of the 农业农村局: the field is the office's, whatever it checks there
    if len(trade) >= 4 and others and not set(trade) & set(others):
        doubts.append(
            (
                "field_mismatch",
                f"抽查领域“{field_text}”与计划名称、对象范围“{task['subject_scope']}”不符，请核对",
            )
        )


def _scope(task: Task, setting: Setting) -> None:
    scope, doubts = task["subject_scope"], task["problems"]
    if not scope:
        return
    names = task["field"] or ""
    lead = setting.register.sector_of(task["lead_department"] or "")
    whole_office = lead is not None and _shares_run(words_of(names), words_of(lead[0]))
    for name in {task["plan_name"], task["task_name"]} - {setting.title}:
        names += _without_offices(name, setting)
    items = "".join(i["text"] for i in task["items"])
    trade = words_of(scope)
    if _VAGUE.search(scope) or (not trade and re.search(r"城区|乡镇|门店|商户", scope)):
        doubts.append(("scope_vague", f"对象范围“{scope}”不明确，请写清是哪一类对象"))
    elif _NOT_AN_ENTITY.search(scope):
        doubts.append(("scope_not_an_entity", f"对象范围“{scope}”不是一类检查对象，请写清抽哪些主体"))
    elif (
        task["field"]
        and not whole_office
        and len(trade) >= 4
        and words_of(names)
        and not set(trade) & set(words_of(names + items))
    ):
        doubts.append(
            ("scope_mismatch", f"对象范围“{scope}”与领域“{task['field']}”、事项不符，请发起部门核对")
        )
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
    if (
        topic
        and task["field"]
        and topics[topic] > 1
        and not _shares_run(words_of(task["field"]), words_of(topic))
    ):
        doubts.append(
            ("plan_name_mismatch", f"计划名称写“{topic}”，与另一任务相同，领域却是“{task['field']}”")
        )
    month = re.search(r"(\d{1,2})月份?", task_name or "")
    if month and task["window"] and 1 <= int(month[1]) <= 12:
        window = (task["window"]["start"][5:7], task["window"]["end"][5:7])
        if window != (f"{int(month[1]):02d}",) * 2:
            doubts.append(
                ("month_in_name", f"任务名称写 {month[1]} 月，时间是“{task['window_raw']}”，按时间一格")
            )


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
    for office in filter(None, (register.sector_of(n) for n in column_names(task))):
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
    steps = [
        s for s in SequenceMatcher(None, right, written, autojunk=False).get_opcodes() if s[0] != "equal"
    ]
    if len(steps) != 1 or steps[0][0] != "insert" or len(right) < 8:
        return None
    extra = written[steps[0][3] : steps[0][4]].strip("、，及和与")
    return extra if len(extra) >= 2 and extra in right else None
