"""Is a checklist well made, and what does an item without its own checklist ask? Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from onevisit.items.terms import AnswerType, Evidence

Entry = dict[str, Any]
MOST_ENTRIES = 300
_TEXTS = ("unit", "content", "method", "basis")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?", re.ASCII)
_JUDGEMENTS = {"pass": "合格", "fail": "不合格", "not_applicable": "不适用"}


class WrongEntry(ValueError):
    """Which entry is wrong, and why."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with the entry at this place (-1: with the checklist), at which field, as a person reads it."""

    at: int
    field: str
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """As it travels."""
        return asdict(self)


def checked_entries(given: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """The entries in the shape of the visit package, numbered and complete; WrongEntry names the first fault."""
    if wrong := faults(given):
        raise WrongEntry(wrong[0].sentence)
    return [_entry(one, number) for number, one in enumerate(given, start=1)]


def faults(given: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Everything that stands between this checklist and a version, in the order of the entries."""
    if not given:
        return [Fault(-1, "entries", "检查表至少要有一条检查内容")]
    found: list[Fault] = []
    if len(given) > MOST_ENTRIES:
        found.append(Fault(-1, "entries", f"检查表最多 {MOST_ENTRIES} 条，现有 {len(given)} 条"))
    places = {str(one.get("id") or f"e{at + 1}"): at for at, one in reversed(list(enumerate(given)))}
    numbers: dict[str, int] = {}
    for at, one in enumerate(given):
        number, no = at + 1, str(one.get("no") or at + 1)
        found += [Fault(at, field, f"第 {number} 条{why}") for field, why in _own_faults(one)]
        if places[str(one.get("id") or f"e{number}")] != at:
            found.append(Fault(at, "id", f"第 {number} 条的编号与前面的重复"))
        if no in numbers:
            found.append(Fault(at, "no", f"第 {number} 条的序号“{no}”与第 {numbers[no]} 条重复"))
        numbers.setdefault(no, number)
        if why := _condition_fault(one.get("condition"), at, given, places):
            found.append(Fault(at, "condition", f"第 {number} 条{why}"))
    return found


def _own_faults(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    answer, evidence = _answer(one), Evidence(one.get("evidence") or Evidence.NONE)
    choices = [str(choice).strip() for choice in one.get("choices") or ()]
    found = []
    if not str(one.get("text") or "").strip():
        found.append(("text", "没有写检查内容"))
    if answer == AnswerType.CHOICE:
        if len(choices) < 2:
            found.append(("choices", "是选择题，至少要有两个选项"))
        elif len(set(choices)) < len(choices) or "" in choices:
            found.append(("choices", "的选项有空白或重复的"))
    elif choices:
        found.append(("choices", "不是选择题，不应有选项"))
    if why := _limits_fault(one.get("limits"), answer):
        found.append(("limits", why))
    if evidence == Evidence.PHOTO_ON_FAIL and not judges(one):
        found.append(("evidence", "不判定合格/不合格，不能要求“不合格时拍照”"))
    return found


def _limits_fault(limits: Mapping[str, Any] | None, answer: AnswerType) -> str | None:
    low, high = _limit(limits, "min"), _limit(limits, "max")
    if low is None and high is None:
        return None
    if answer != AnswerType.NUMBER:
        return "不填数值，不应有合格范围"
    if any(one is not None and not _DECIMAL.fullmatch(one) for one in (low, high)):
        return "的合格范围要写成数字，例如 18 或 26.5（小数最多 6 位）"
    if low is not None and high is not None and Decimal(low) > Decimal(high):
        return f"的合格范围上下颠倒：下限 {low} 大于上限 {high}"
    return None


def _condition_fault(
    condition: Mapping[str, Any] | None,
    at: int,
    given: Sequence[Mapping[str, Any]],
    places: Mapping[str, int],
) -> str | None:
    """A condition looks back only, so that nothing waits for itself."""
    if not condition:
        return None
    where = places.get(str(condition.get("entry")))
    if where is None:
        return "的条件所指的检查内容不在它前面（已删去）"
    if where >= at:
        return f"的条件所指的第 {where + 1} 条不在它前面"
    possible = conditions_of(given[where])
    if not possible:
        return f"的条件所指的第 {where + 1} 条不是合格判定、选择或有合格范围的数值，不能作条件"
    wanted = _wanted(condition)
    if not wanted or not set(wanted) <= set(possible):
        return f"的条件所要的答案不存在，第 {where + 1} 条可以是：{'、'.join(_JUDGEMENTS.get(one, one) for one in possible)}"
    return None


def conditions_of(entry: Mapping[str, Any]) -> list[str]:
    """Which answers or judgements of an entry another one may hang on."""
    answer = _answer(entry)
    if answer == AnswerType.PASS_FAIL:
        return list(_JUDGEMENTS)
    if answer == AnswerType.CHOICE:
        return [str(one).strip() for one in entry.get("choices") or ()]
    return ["pass", "fail"] if judges(entry) else []


def judges(entry: Mapping[str, Any]) -> bool:
    """Does an answer say 合格 or 不合格? A number does by its limits."""
    answer, limits = _answer(entry), entry.get("limits")
    if answer == AnswerType.NUMBER:
        return _limit(limits, "min") is not None or _limit(limits, "max") is not None
    return answer == AnswerType.PASS_FAIL


def _answer(entry: Mapping[str, Any]) -> AnswerType:
    return AnswerType(entry.get("answer") or AnswerType.PASS_FAIL)


def _limit(limits: Mapping[str, Any] | None, side: str) -> str | None:
    return str((limits or {}).get(side) or "").strip() or None


def _wanted(condition: Mapping[str, Any]) -> list[str]:
    given = condition.get("is")
    return [str(one) for one in given] if isinstance(given, list) else [str(given)] if given else []


def _entry(given: Mapping[str, Any], number: int) -> Entry:
    """The one form in which equal checklists have equal digests; `limits` only where there are some."""
    condition = given.get("condition")
    wanted = _wanted(condition) if condition else []
    limits = {side: _limit(given.get("limits"), side) for side in ("min", "max")}
    return {
        "id": str(given.get("id") or f"e{number}"),
        "no": str(given.get("no") or number),
        "text": str(given["text"]).strip(),
        "answer": _answer(given).value,
        "choices": [str(one).strip() for one in given.get("choices") or ()],
        "required": bool(given.get("required", True)),
        "evidence": Evidence(given.get("evidence") or Evidence.NONE).value,
        "phrases": [str(one).strip() for one in given.get("phrases") or () if str(one).strip()],
        "condition": {"entry": str(condition["entry"]), "is": wanted[0] if len(wanted) == 1 else wanted} if condition else None,
        **{name: (str(given.get(name) or "").strip() or None) for name in _TEXTS},
        **({"limits": limits} if any(limits.values()) else {}),
    }  # fmt: skip


def generic_entries(item_name: str, legal_basis: str) -> list[Entry]:
    """What every item can ask until its department has written a checklist of its own."""
    basis = legal_basis or None
    return checked_entries(
        [
            {"text": "主体资格：营业执照、许可（备案）证件齐全、有效并与实际相符", "content": f"对照“{item_name}”所需证照，逐一查验",
             "method": "查验证照原件，与登记、许可信息比对", "basis": basis, "evidence": "photo_on_fail",
             "phrases": ["未取得许可（备案）从事经营", "许可证件已过有效期", "登记事项变更后未办理变更手续", "证照未在显著位置公示"]},
            {"text": f"{item_name}：是否符合规定", "content": "按本事项的法定要求检查现场和资料",
             "method": "现场查看，询问负责人和从业人员，抽查记录", "basis": basis, "evidence": "photo_on_fail",
             "phrases": ["不符合规定，责令限期改正", "现场与申报情况不一致", "存在安全隐患", "从业人员不了解有关规定"]},
            {"text": "管理制度建立并落实，记录完整、真实", "content": "制度文本、台账、记录",
             "method": "抽查近三个月的制度和台账", "basis": basis, "evidence": "photo_on_fail",
             "phrases": ["未建立管理制度", "有制度未落实", "台账记录不完整", "记录与实际不符"]},
            {"text": "以往检查发现的问题已整改", "method": "对照上次检查结果核实", "basis": basis, "evidence": "photo_on_fail",
             "phrases": ["上次问题未整改", "整改不彻底", "问题反复出现"]},
            {"text": "其他需要记录的情况", "answer": "text", "required": False},
        ]
    )  # fmt: skip
