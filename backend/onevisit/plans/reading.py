"""What is open in a table that was read, and what did a person answer? Doubts, answers, and the table's rows. Pure.

The reader's answer (sheet.py) stays as it is; a person's answers are laid over it, so that each can be taken back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from onevisit.plans.sheet_grid import Cell, Grid
from onevisit.plans.sheet_rows import NO_TASK
from onevisit.plans.terms import (
    BOUND_LABELS,
    DOUBTS_TO_DECIDE,
    FACT_LABELS,
    HEADING_LABELS,
    ITEM_CATEGORY_LABELS,
    METHOD_LABELS,
    PERIOD_LABELS,
    TARGETING_LABELS,
    Bound,
    Fact,
    Heading,
    ItemCategory,
    Method,
    Period,
    Targeting,
)

PAGE_ROWS = 200
Said = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What somebody decided: the value of a fact of one task, the meaning of a heading or a name, a doubt settled."""

    kind: str
    anchor: str
    fact: str
    raw: str
    value: Any = None


@dataclass(frozen=True)
class DoubtOf:
    """One open question of the table. `task` is None where it is about the whole table."""

    id: str
    task: int | None
    anchor: str
    fact: str
    code: str
    words: str
    asks: bool
    settled: bool
    cells: tuple[Mapping[str, Any], ...] = ()


def anchors(tasks: Sequence[Said]) -> list[str]:
    """A name for each task that holds when the table is read anew: sheet and row of its first cell."""
    found: dict[str, int] = {}
    names = []
    for task in tasks:
        cells = [cell for fact in task["facts"].values() for cell in fact["cells"]]
        nowhere: dict[str, Any] = {"sheet": "", "row": 0}
        first = min(cells, key=lambda cell: (cell["row"], cell["column"]), default=nowhere)
        name = f"{first['sheet'][:120]}|{first['row']}"
        found[name] = found.get(name, 0) + 1
        names.append(name if found[name] == 1 else f"{name}|{found[name]}")
    return names


def with_offices(said: Said, known: Callable[[str], bool]) -> Said:
    """The reading with a doubt for each office that this region's list of departments does not know."""
    there = deepcopy(said)
    for task in there["tasks"]:
        for fact, names in (
            ("lead_department", [task["lead_department"]]),
            ("cooperating_departments", task["cooperating_departments"]),
        ):
            strange = list(dict.fromkeys(name for name in names if name and not known(name)))
            if not strange:
                continue
            held = _fact(task, fact)
            held["strange"] = strange
            held["because"] = [one for one in held["because"] if one["code"] != "department_unknown"] + [
                {"code": "department_unknown", "words": f"“{name}”不在本地区的部门名单里，请选择是哪个部门"}
                for name in strange
            ]
            held["sure"] = "in_doubt"
    return there


def _fact(task: Said, name: str) -> dict[str, Any]:
    empty = {"cells": [], "raw": "", "sure": "absent", "because": []}
    found: dict[str, Any] = task["facts"].setdefault(name, empty)
    return found


def renamed(said: Said, answers: Iterable[Answer]) -> Said:
    """The reading with offices called as somebody said, for this table only."""
    names = {one.raw: one.value for one in answers if one.kind == "department"}
    if not names:
        return said
    there = deepcopy(said)
    for task in there["tasks"]:
        task["lead_department"] = names.get(task["lead_department"], task["lead_department"])
        task["cooperating_departments"] = list(
            dict.fromkeys(names.get(one, one) for one in task["cooperating_departments"])
        )
        for item in task["items"]:
            item["department"] = names.get(item["department"], item["department"])
    return there


def answered(said: Said, answers: Iterable[Answer]) -> Said:
    """The reading with the facts that somebody put right; a corrected fact loses its doubts."""
    by_task: dict[str, list[Answer]] = {}
    for one in answers:
        if one.kind == "fact":
            by_task.setdefault(one.anchor, []).append(one)
    if not by_task:
        return said
    there = deepcopy(said)
    for name, task in zip(anchors(said["tasks"]), there["tasks"], strict=True):
        for one in by_task.get(name, ()):
            _put(task, one.fact, one.value)
            _no_more_doubt(task, one.fact)
    return there


def _put(task: Said, fact: str, value: Any) -> None:
    if fact in ("ratio", "sample_size"):
        number = (
            value.get("sample_size") if isinstance(value, dict) else value if fact == "sample_size" else None
        )
        task["sample_size"] = number
        task["ratio"] = None if number is not None or value is None else value
        return
    task[fact] = value


def _no_more_doubt(task: Said, fact: str) -> None:
    held = _fact(task, fact)
    gone = {one["code"] for one in held["because"]}
    kept = {one["code"] for name, other in task["facts"].items() if name != fact for one in other["because"]}
    task["problems"] = [one for one in task["problems"] if one.partition(":")[0] not in gone - kept]
    held["because"], held["sure"] = [], "corrected"
    held.pop("strange", None)


def doubts_of(said: Said, answers: Sequence[Answer]) -> list[DoubtOf]:
    """Every doubt of the table in the order of its rows; what only wants to be known stands among them, quietly."""
    settled = {(one.anchor, one.fact, one.raw) for one in answers if one.kind == "settled"}
    found = [*_of_the_table(said, settled)]
    for at, (name, task) in enumerate(zip(anchors(said["tasks"]), said["tasks"], strict=True)):
        found += _of_a_task(at, name, task, settled)
    return found


Settled = set[tuple[str, str, str]]


def _of_the_table(said: Said, settled: Settled) -> list[DoubtOf]:
    found = []
    unknown = next((one for one in said["plan"]["problems"] if one.startswith("heading_unknown:")), "")
    for one in said["plan"].get("headings", ()):
        if one["field"] is None and one["text"].strip() and one["text"].strip() in unknown:
            words = f"表头“{one['text'].strip()}”没有认出，这一列没有读。请指定它是什么，或忽略这一列"
            found.append(
                _doubt(
                    None,
                    "",
                    f"heading:{one['text']}",
                    "heading_unknown",
                    words,
                    True,
                    settled,
                    [_cell_of(one)],
                )
            )
    for row in said["plan"].get("rows_not_read", ()):
        if row["why"] != NO_TASK:
            continue
        text = "｜".join(filter(None, (str(cell).strip() for cell in row["cells"])))
        cell = {"sheet": row["sheet"], "row": row["row"], "column": 1, "raw": text}
        found.append(
            _doubt(None, f"{row['sheet']}|{row['row']}", "row", "row_not_read", f"第 {row['row']} 行没有归入任何任务：{text[:120]}", True, settled, [cell])
        )  # fmt: skip
    told = {one.code for one in found}
    for text in said["plan"]["problems"]:
        code, _, words = text.partition(": ")
        if code not in told:
            found.append(_doubt(None, "", "plan", code, words, code in DOUBTS_TO_DECIDE, settled, []))
    return found


def _cell_of(heading: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sheet": heading["sheet"],
        "row": heading["row"],
        "column": heading["column"],
        "raw": heading["text"],
    }


def _of_a_task(at: int, name: str, task: Said, settled: Settled) -> list[DoubtOf]:
    found, told = [], set()
    for fact, held in task["facts"].items():
        for one in held["because"]:
            asks = held["sure"] == "in_doubt" and (
                one["code"] in DOUBTS_TO_DECIDE or len(held["because"]) == 1
            )
            told.add(one["code"])
            found.append(_doubt(at, name, fact, one["code"], one["words"], asks, settled, held["cells"]))
    for text in task["problems"]:
        code, _, words = text.partition(": ")
        if code not in told:
            found.append(_doubt(at, name, "", code, words, code in DOUBTS_TO_DECIDE, settled, []))
    return found


def _doubt(
    task: int | None, anchor: str, fact: str, code: str, words: str, asks: bool, settled: Settled, cells: Sequence[Mapping[str, Any]]
) -> DoubtOf:  # fmt: skip
    return DoubtOf(
        f"{anchor}|{fact}|{code}",
        task,
        anchor,
        fact,
        code,
        words,
        asks,
        (anchor, fact, code) in settled,
        tuple(cells),
    )


def for_the_plan(said: Said, answers: Sequence[Answer]) -> Said:
    """What becomes the draft: each task names the doubts that were settled here, so that they are not asked again."""
    there = deepcopy(said)
    codes: dict[str, set[str]] = {}
    for one in answers:
        if one.kind == "settled":
            codes.setdefault(one.anchor, set()).add(one.raw)
    for name, task in zip(anchors(said["tasks"]), there["tasks"], strict=True):
        task["settled"] = sorted(codes.get(name, ()))
    there["plan"]["problems"] = [
        one for one in there["plan"]["problems"] if one.partition(":")[0] not in codes.get("", set())
    ]
    return there


def pages_of(grid: Grid) -> list[list[list[Any]]]:
    """The rows as printed in pages: a text, or [text, columns, rows] of a merged cell, or null where one reaches into.

    A merged cell that goes on over a page is begun again there, so that every page stands for itself.
    """
    return [_page(grid.rows[at : at + PAGE_ROWS]) for at in range(0, len(grid.rows), PAGE_ROWS)]


def _page(rows: Sequence[Sequence[Cell]]) -> list[list[Any]]:
    taken: set[tuple[int, int]] = set()
    page: list[list[Any]] = []
    for at, row in enumerate(rows):
        line: list[Any] = []
        for column, cell in enumerate(row):
            if (at, column) in taken:
                line.append(None)
                continue
            wide, high = _reach(rows, at, column)
            taken |= {(at + down, column + right) for down in range(high) for right in range(wide)}
            line.append(cell.text if (wide, high) == (1, 1) else [cell.text, wide, high])
        while line and line[-1] == "":
            line.pop()
        page.append(line)
    return page


def _reach(rows: Sequence[Sequence[Cell]], at: int, column: int) -> tuple[int, int]:
    text, wide, high = rows[at][column].text, 1, 1
    if not text:
        return 1, 1

    def goes_on(row: int, place: int) -> bool:
        return place < len(rows[row]) and not rows[row][place].own and rows[row][place].text == text

    while goes_on(at, column + wide):
        wide += 1
    while at + high < len(rows) and all(goes_on(at + high, column + right) for right in range(wide)):
        high += 1
    return wide, high


class WrongValue(ValueError):
    """A value that no reading could have; the words say what is wrong."""


def checked_value(fact: str, value: Any) -> Any:
    """The value of a fact as typed, in the reader's own shape; WrongValue says what to change."""
    if value is None:
        return None
    check: Callable[[Any], Any] = _CHECKS.get(fact, _text)
    return check(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 2000:
        raise WrongValue("请填写文字，不超过 2000 字")
    return value.strip()


def _names(value: Any) -> list[str]:
    if (
        not isinstance(value, list)
        or len(value) > 60
        or not all(isinstance(one, str) and one.strip() for one in value)
    ):
        raise WrongValue("请逐个选择部门")
    return list(dict.fromkeys(one.strip() for one in value))


def _ratio(value: Any) -> dict[str, Any]:
    if isinstance(value, dict) and value.get("bound") in {one.value for one in Bound}:
        number = value.get("sample_size")
        if isinstance(number, int) and not isinstance(number, bool) and 0 < number <= 1_000_000:
            return {"sample_size": number, "bound": value["bound"]}
        percent: Any = value.get("percent")
        most: Any = value.get("percent_max")
        if _is_percent(percent) and value["bound"] != Bound.RANGE:
            return {"percent": percent, "bound": value["bound"]}
        if _is_percent(percent) and _is_percent(most) and percent < most:
            return {"percent": percent, "bound": value["bound"], "percent_max": most}
    raise WrongValue("抽查比例应在 0 至 100% 之间（区间的上限要大于下限），或填写户数")


def _is_percent(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 100


def _window(value: Any) -> dict[str, str]:
    try:
        start, end = date.fromisoformat(value["start"]), date.fromisoformat(value["end"])
    except (KeyError, TypeError, ValueError) as error:
        raise WrongValue("请填写开始和结束日期") from error
    if end < start or not 2000 <= start.year <= end.year <= 2100:
        raise WrongValue("抽查时间的结束早于开始，或年份不对，请核对")
    return {"start": start.isoformat(), "end": end.isoformat()}


def _frequency(value: Any) -> dict[str, Any]:
    times, per = (value.get("times"), value.get("per")) if isinstance(value, dict) else (None, None)
    if (
        not isinstance(times, int)
        or isinstance(times, bool)
        or not 1 <= times <= 366
        or per not in set(Period)
    ):
        raise WrongValue("请选择周期并填写次数（1 至 366）")
    bound = {"bound": value["bound"]} if value.get("bound") in {one.value for one in Bound} else {}
    return {"times": times, "per": per, **bound}


def _methods(value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not all(one in set(Method) for one in value):
        raise WrongValue("请至少选择一种检查方式")
    return list(dict.fromkeys(value))


def _items(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or len(value) > 300:
        raise WrongValue("请至少写一个抽查事项")
    found = []
    for one in value:
        text = one.get("text") if isinstance(one, dict) else None
        department = one.get("department") if isinstance(one, dict) else None
        if not isinstance(text, str) or not text.strip() or not isinstance(department, str | None):
            raise WrongValue("有一个抽查事项是空的，请填写或删除")
        found.append({"department": department, "text": text.strip()[:1000]})
    return found


def _one_of(words: Iterable[str]) -> Callable[[Any], Any]:
    allowed = set(words)

    def check(value: Any) -> Any:
        if value not in allowed:
            raise WrongValue("请从列表中选择")
        return value

    return check


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 1_000_000:
        raise WrongValue("请填写一个正整数")
    return value


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "seq": _number, "sample_size": _number, "ratio": _ratio, "window": _window, "frequency": _frequency,
    "methods": _methods, "items": _items, "cooperating_departments": _names,
    "item_category": _one_of(ItemCategory), "targeting": _one_of(Targeting),
}  # fmt: skip
MAY_BE_LEARNT = frozenset({
    "ratio", "sample_size", "window", "frequency", "methods", "item_category", "targeting", "tier", "mode",
    "subject_scope", "field", "lead_department", "cooperating_departments", "items",
})  # fmt: skip


def words_of(fact: str, value: Any) -> str:
    """A value as a person reads it: in the list of what is read so from now on."""
    if value is None:
        return "表中没有，不必填"
    if isinstance(value, dict):
        return _dict_words(value)
    if isinstance(value, list):
        return "、".join(_list_word(fact, one) for one in value)
    labels: dict[str, Mapping[Any, str]] = {
        "item_category": ITEM_CATEGORY_LABELS,
        "targeting": TARGETING_LABELS,
    }
    if fact in labels:
        return labels[fact][(ItemCategory if fact == "item_category" else Targeting)(value)]
    return HEADING_LABELS[Heading(value)] if fact == "heading" else str(value)


def _dict_words(value: Mapping[str, Any]) -> str:
    if "sample_size" in value:
        return f"{value['sample_size']} 户"
    if "percent_max" in value:
        return f"{value['percent']}%–{value['percent_max']}%"
    if "percent" in value:
        bound = Bound(value["bound"])
        return f"{'' if bound == Bound.EXACT else BOUND_LABELS[bound] + ' '}{value['percent']}%"
    if "times" in value:
        return f"{PERIOD_LABELS[Period(value['per'])]} {value['times']} 次"
    return f"{value.get('start')} 至 {value.get('end')}"


def _list_word(fact: str, one: Any) -> str:
    if isinstance(one, dict):
        return str(one["text"])
    return METHOD_LABELS[Method(one)] if fact == "methods" else str(one)


def fact_label(fact: str) -> str:
    """The fact's name for people."""
    return FACT_LABELS[Fact(fact)] if fact in set(Fact) else fact
