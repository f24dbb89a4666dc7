"""How do items and checklists stand in a workbook? Rows out and, of the checklists, rows in again without a loss."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onevisit.core.exports import Cell, as_written
from onevisit.items.rules import Entry
from onevisit.items.terms import (
    ANSWER_LABELS,
    BASIS_STATE_LABELS,
    EVIDENCE_LABELS,
    ITEM_CATEGORY_LABELS,
    ITEM_STATE_LABELS,
    ITEM_TIER_LABELS,
    AnswerType,
    BasisState,
    Evidence,
    ItemCategory,
    ItemState,
    ItemTier,
)

LIST_SHEET, CHECKLIST_SHEET, BASES_SHEET = "抽查事项", "检查表", "法律依据"
LIST_HEADINGS = (
    "事项编码", "抽查事项", "部门", "法定检查主体", "层级", "事项类别", "法律依据", "依据状态（仅供查看）", "上级清单编码", "专业要求", "抽查对象", "是否联合", "联合部门",
    "状态",
)  # fmt: skip
CHECKLIST_HEADINGS = (
    "事项编码", "抽查事项", "序号", "检查内容", "填法", "选项", "单位", "合格下限", "合格上限", "必填", "证据", "内容说明", "检查方法", "依据", "常用语",
    "条件", "条目编号",
)  # fmt: skip
BASES_HEADINGS = ("法律法规", "条", "版本", "状态", "施行日期", "由何替代", "说明", "引用事项数")
_JUDGEMENTS = {"pass": "合格", "fail": "不合格", "not_applicable": "不适用"}
_CONDITION = re.compile(r"第\s*(.+?)\s*条\s*[:：为是=]?\s*(.+)", re.DOTALL)


def list_row(item: Mapping[str, Any], names: Mapping[str, str]) -> list[Cell]:
    """An item as a row; `names` are the departments'."""
    return [
        item["code"], item["name"], item["department"]["name"], item["inspecting_body"], ITEM_TIER_LABELS[ItemTier(item["tier"])],
        ITEM_CATEGORY_LABELS[ItemCategory(item["category"])] if item["category"] else None, item["legal_basis"],
        BASIS_STATE_LABELS[BasisState(item["basis_state"])] if item["basis_state"] else None, item["superior_code"],
        item["speciality"], "；".join(item["subject_kinds"]), "是" if item["joint"] else "否", "；".join(names[one] for one in item["joint_with"] if one in names),
        ITEM_STATE_LABELS[ItemState(item["state"])],
    ]  # fmt: skip


def checklist_rows(code: str, name: str, entries: Sequence[Entry]) -> Iterator[list[Cell]]:
    """The entries of a checklist, one row each."""
    numbers = {one["id"]: one["no"] for one in entries}
    for one in entries:
        limits = one.get("limits") or {"min": None, "max": None}
        yield [
            code, name, one["no"], one["text"], ANSWER_LABELS[AnswerType(one["answer"])], _lines(one["choices"]), one["unit"],
            limits["min"], limits["max"], "是" if one["required"] else "否", EVIDENCE_LABELS[Evidence(one["evidence"])], one["content"],
            one["method"], one["basis"], _lines(one["phrases"]), condition_words(one["condition"], numbers), one["id"],
        ]  # fmt: skip


def condition_words(condition: Mapping[str, Any] | None, numbers: Mapping[str, str]) -> str | None:
    """第3条 不合格."""
    if condition is None:
        return None
    wanted = condition["is"] if isinstance(condition["is"], list) else [condition["is"]]
    return f"第{numbers.get(condition['entry'], '?')}条 {_lines([str(_JUDGEMENTS.get(one, one)) for one in wanted])}"


def _lines(parts: Iterable[str]) -> str | None:
    """Several in a cell stand on lines of their own: a semicolon may be part of a phrase."""
    found = list(parts)
    if len(found) == 1 and re.search("[；;]", found[0]):
        return f'"{found[0]}"'
    return "\n".join(found) or None


@dataclass
class ReadChecklist:
    """The rows of one item; `wrong` names rows that cannot be read."""

    code: str
    entries: list[Entry] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)


def read_checklists(rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[ReadChecklist]:
    """Entries by item, in the order of the sheet; a row without a code belongs to the item above."""
    found: dict[str, ReadChecklist] = {}
    code = ""
    for number, written in rows:
        cells = {name: as_written(text) for name, text in written.items()}
        code = cells.get("code") or code
        one = found.setdefault(code, ReadChecklist(code))
        if not code:
            one.wrong.append((number, "没有写事项编码"))
            continue
        entry, wrong = _entry(cells, len(one.entries) + 1)
        one.entries.append(entry)
        one.rows.append(number)
        one.wrong += [(number, why) for why in wrong]
    for one in found.values():
        _point_conditions(one)
    return list(found.values())


CHECKLIST_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("事项编码", "编码", "事项编号"), "no": ("序号", "条目序号"), "text": ("检查内容", "检查要点", "检查项目"), "answer": ("填法", "答案类型"),
    "choices": ("选项",), "unit": ("单位", "计量单位"), "min": ("合格下限", "下限"), "max": ("合格上限", "上限"), "required": ("必填", "是否必填"),
    "evidence": ("证据", "证据要求"), "content": ("内容说明", "说明"), "method": ("检查方法", "方法"), "basis": ("依据", "检查依据", "法律依据"),
    "phrases": ("常用语", "问题描述"), "condition": ("条件", "显示条件"), "id": ("条目编号",),
}  # fmt: skip


def _entry(cells: Mapping[str, str], number: int) -> tuple[Entry, list[str]]:
    wrong: list[str] = []

    def word(name: str, labels: Mapping[Any, str], default: Any) -> Any:
        text = cells.get(name, "")
        for one, label in labels.items():
            if text.replace(" ", "") in (label.replace(" ", ""), one.value):
                return one.value
        if text:
            wrong.append(f"“{text}”不认识，应为：{'、'.join(labels.values())}")
        return default.value

    entry: Entry = {
        "id": cells.get("id") or None, "no": cells.get("no") or str(number), "text": cells.get("text", ""),
        "answer": word("answer", ANSWER_LABELS, AnswerType.PASS_FAIL), "evidence": word("evidence", EVIDENCE_LABELS, Evidence.NONE),
        "choices": _parts(cells.get("choices", "")), "phrases": _parts(cells.get("phrases", "")),
        "required": cells.get("required", "是") not in ("否", "0", "选填", "false"), "condition": cells.get("condition") or None,
        **{name: cells.get(name) or None for name in ("unit", "content", "method", "basis")},
    }  # fmt: skip
    if cells.get("min") or cells.get("max"):
        entry["limits"] = {"min": cells.get("min") or None, "max": cells.get("max") or None}
    return entry, wrong


def _parts(text: str) -> list[str]:
    if len(text) > 2 and text[0] == text[-1] == '"' and "\n" not in text:
        return [text[1:-1]]
    return [
        part.strip()
        for part in (text.split("\n") if "\n" in text else re.split("[；;]", text))
        if part.strip()
    ]


def _point_conditions(read: ReadChecklist) -> None:
    """第3条 不合格 -> the id of entry 3; ids first, so that conditions can name rows that have none."""
    taken = {one["id"] for one in read.entries if one["id"]}
    for number, one in enumerate(read.entries, start=1):
        if not one["id"]:
            one["id"] = next(
                name
                for name in (f"e{number}", *(f"e{number}-{n}" for n in range(1, 400)))
                if name not in taken
            )
            taken.add(one["id"])
    ids = {one["no"]: one["id"] for one in reversed(read.entries)}
    by_label = {label: judgement for judgement, label in _JUDGEMENTS.items()}
    for number, one in zip(read.rows, read.entries, strict=True):
        if one["condition"] is None:
            continue
        found = _CONDITION.fullmatch(one["condition"].strip())
        if found is None or found[1] not in ids:
            read.wrong.append((number, f"条件“{one['condition']}”看不懂，请写成：第3条 不合格"))
            one["condition"] = None
            continue
        wanted = [by_label.get(part, part) for part in _parts(found[2])]
        one["condition"] = {"entry": ids[found[1]], "is": wanted[0] if len(wanted) == 1 else wanted}
