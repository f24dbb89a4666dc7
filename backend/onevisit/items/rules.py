"""Is a checklist well made, and what does an item without its own checklist ask? Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from onevisit.items.terms import AnswerType, Evidence

Entry = dict[str, Any]
MOST_ENTRIES = 300
_TEXTS = ("unit", "content", "method", "basis")


class WrongEntry(ValueError):
    """Which entry is wrong, and why."""


def checked_entries(given: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """The entries in the shape of the visit package, numbered and complete; WrongEntry names the first fault."""
    if not given:
        raise WrongEntry("检查表至少要有一条检查内容")
    if len(given) > MOST_ENTRIES:
        raise WrongEntry(f"检查表最多 {MOST_ENTRIES} 条，现有 {len(given)} 条")
    entries = [_entry(one, number) for number, one in enumerate(given, start=1)]
    answers: dict[str, Entry] = {}
    for number, one in enumerate(entries, start=1):
        if one["id"] in answers:
            raise WrongEntry(f"第 {number} 条的编号与前面的重复")
        _check_condition(one, number, answers)
        answers[one["id"]] = one
    return entries


def _entry(given: Mapping[str, Any], number: int) -> Entry:
    text = str(given.get("text") or "").strip()
    if not text:
        raise WrongEntry(f"第 {number} 条没有写检查内容")
    answer = AnswerType(given.get("answer") or AnswerType.PASS_FAIL)
    choices = [str(one) for one in given.get("choices") or ()]
    if answer == AnswerType.CHOICE and len(choices) < 2:
        raise WrongEntry(f"第 {number} 条是选择题，至少要有两个选项")
    if answer != AnswerType.CHOICE and choices:
        raise WrongEntry(f"第 {number} 条不是选择题，不应有选项")
    evidence = Evidence(given.get("evidence") or Evidence.NONE)
    if evidence == Evidence.PHOTO_ON_FAIL and answer != AnswerType.PASS_FAIL:
        raise WrongEntry(f"第 {number} 条不是合格/不合格，不能要求“不合格时拍照”")
    return {
        "id": str(given.get("id") or f"e{number}"),
        "no": str(given.get("no") or number),
        "text": text,
        "answer": answer.value,
        "choices": choices,
        "required": bool(given.get("required", True)),
        "evidence": evidence.value,
        "phrases": [str(one).strip() for one in given.get("phrases") or () if str(one).strip()],
        "condition": _condition(given.get("condition")),
        **{name: str(given[name]).strip() if given.get(name) else None for name in _TEXTS},
    }


def _condition(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {"entry": str(given["entry"]), "is": given["is"]} if given else None


def _check_condition(entry: Entry, number: int, earlier: Mapping[str, Entry]) -> None:
    """A condition looks back only, so that nothing waits for itself."""
    condition = entry["condition"]
    if condition is None:
        return
    other = earlier.get(condition["entry"])
    if other is None:
        raise WrongEntry(f"第 {number} 条的条件所指的检查内容不在它前面")
    wanted = condition["is"] if isinstance(condition["is"], list) else [condition["is"]]
    possible = (
        {"pass", "fail", "not_applicable"}
        if other["answer"] == AnswerType.PASS_FAIL
        else set(other["choices"])
    )
    if not wanted or not set(wanted) <= possible:
        raise WrongEntry(f"第 {number} 条的条件所要的答案不存在")


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
