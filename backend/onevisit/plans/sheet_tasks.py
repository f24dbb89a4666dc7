"""What does one task of the table say? Turns the rows of a task into its facts, doubts and provenance."""

import re
from typing import Any

from onevisit.plans import sheet_amounts as amounts
from onevisit.plans import sheet_cells as cells
from onevisit.plans.sheet_attribution import read_offices_and_items
from onevisit.plans.sheet_dates import read_window
from onevisit.plans.sheet_draft import Draft, Setting, Task
from onevisit.plans.sheet_grid import Cell
from onevisit.plans.sheet_items import split_items, tidy
from onevisit.plans.sheet_rows import RawTask


def read_task(raw: RawTask, setting: Setting) -> Task:
    """All keys of a task (shared vocabulary of the plan files)."""
    draft = Draft(raw, setting)
    draft.doubts.extend(raw.doubts)
    _put_back_shifted(draft)
    _names(draft)
    read_offices_and_items(draft)
    _name_from_items(draft)
    _scope(draft)
    _ratio_and_frequency(draft)
    _window(draft)
    _kinds(draft)
    for extra in (
        "plan_no",
        "executing_unit",
        "contact",
        "draw_window",
        "batches",
        "remark",
        "basis",
        "origin",
        "area",
    ):
        text = tidy(draft.take(extra, extra))
        if text:
            draft.facts.setdefault(extra, text)
    for name in ("field", "plan_name", "task_name", "subject_scope", "tier", "mode", *_FREE):
        draft.correct(name)
    return {**draft.facts, "problems": draft.doubts, "provenance": draft.provenance, "reading": draft}


# Facts that nothing else is read from: a correction may wait until all is read.
_FREE = ("frequency", "methods", "item_category", "targeting", "risk_policy", "cooperating_departments")


def _put_back_shifted(draft: Draft) -> None:
    """Where items are printed in two columns, the second shows whether the cells between have moved."""
    row = draft.raw.rows[0]
    texts = [split_items(c.text).texts for c in row.items]
    filled = [t for t in texts if t]
    if "scope" in row.cells and "category" in row.cells and len(filled) > 1 and filled[0] != filled[1]:
        scope, category = row.cells["scope"], row.cells["category"]
        if split_items(scope.text).texts in filled[1:] and cells.read_category(category.text).value is None:
            draft.doubt(
                "cells_shifted",
                f"检查对象一格是事项“{tidy(scope.text)}”，与另一“抽查事项”列相同；事项、对象、类别错位一列，"
                f"按对象“{tidy(category.text)}”读，类别缺失",
            )
            row.items = [scope]
            row.cells["scope"] = category
            row.cells["category"] = Cell("", category.row, category.column)
    category_cell = row.cells.get("category")
    if category_cell is None or not category_cell.text.strip():
        return
    if split_items(category_cell.text).texts in filled:
        draft.doubt("category_overwritten", f"事项类别一格写的是事项“{tidy(category_cell.text)}”，类别缺失")
        row.cells["category"] = Cell("", category_cell.row, category_cell.column)


_FACT_OF = {"scope": "subject_scope"}


def _names(draft: Draft) -> None:
    facts, setting = draft.facts, draft.setting
    facts["seq"] = draft.raw.seq
    first = draft.raw.rows[0]
    draft.trace(
        "seq",
        first.cells.get("seq") or (first.cells.get("plan_no") if facts["seq"] is not None else None),
        first.grid,
    )
    facts["region"] = tidy(draft.take("region", "region")) or setting.region
    if setting.region and setting.region.endswith(str(facts["region"])):
        facts["region"] = setting.region
    facts["field"] = tidy(draft.take("field", "field")) or None
    section = draft.raw.section
    if facts["field"] is None and section and not is_office_or_time(section, setting):
        facts["field"] = section
    plan_name = tidy(draft.take("plan_name", "plan_name"))
    task_name = tidy(draft.take("task_name", "task_name"))
    if not plan_name and task_name and "plan_name" not in draft.raw.rows[0].cells:
        plan_name = setting.title
    facts["plan_name"] = plan_name or task_name or setting.title
    facts["task_name"] = task_name or plan_name
    for name in ("field", "scope", "task_name", "plan_name"):
        raw = draft.raw.text(name)
        if "\n" in raw.strip():
            draft.doubt(
                "newline_in_cell", f"“{tidy(raw)}”的单元格里有换行，按一段读", _FACT_OF.get(name, name)
            )


def is_office_or_time(section: str, setting: Setting) -> bool:
    """Groups by office or by month say who or when, not in which field."""
    return setting.register.is_department(section, setting.region) or (
        len(section) <= 12 and read_window(section, setting.year or 2000) is not None
    )


def _name_from_items(draft: Draft) -> None:
    """A table without names still needs something to call a task by."""
    items = draft.facts["items"]
    if draft.facts["task_name"] or not items:
        return
    name = items[0]["text"] + (f"等{len(items)}项" if len(items) > 1 else "")
    draft.facts["task_name"] = name
    draft.facts["plan_name"] = draft.facts["plan_name"] or name
    draft.doubt("task_name_missing", f"表中没有任务名称，暂用事项“{name}”")


def _scope(draft: Draft) -> None:
    text = tidy(draft.take("subject_scope", "scope"))
    draft.facts["subject_scope"] = text or None
    if not text:
        draft.doubt("scope_missing", "没有写抽查对象范围，请填写")


def _ratio_and_frequency(draft: Draft) -> None:
    raw = draft.take("ratio", "ratio", "ratio_frequency")
    separate = draft.take("frequency", "frequency")
    reading = amounts.read_ratio(raw)
    number = draft.take("sample_size", "sample_size")
    if number.strip():
        sample = amounts.read_sample_size(number)
        if sample.value is None:
            draft.doubt("ratio_unreadable", f"抽查数量“{number.strip()}”没有读懂，请填写")
        elif "sample_size" in sample.value:
            draft.facts["sample_size"] = sample.value["sample_size"]
            draft.facts["sample_size_bound"] = sample.value["bound"]
        elif reading.value is None:
            reading = sample
    if reading.value is None and not reading.doubts and "sample_size" not in draft.facts:
        draft.doubt("ratio_missing", "没有写抽查比例，请填写")
    value = reading.value or {}
    if "sample_size" in value:
        draft.facts["sample_size"] = value.pop("sample_size")
        draft.provenance["sample_size"] = draft.provenance["ratio"]
        if "percent" not in value:
            draft.facts["sample_size_bound"] = value["bound"]
            reading.value = None
    if "by_class" in value:
        draft.facts["ratio_by_class"] = value.pop("by_class")
    draft.reading("ratio", reading)
    if draft.correct("ratio"):
        _corrected_ratio(draft)
    draft.facts["ratio_raw"] = raw.strip() or None
    frequency = amounts.read_frequency(separate or raw)
    in_window = amounts.read_frequency(draft.raw.text("window"))
    if separate.strip() and frequency.value is None and not frequency.doubts:
        frequency.doubts.append(("frequency_unreadable", f"频次“{separate.strip()}”没有读懂，请填写"))
    if in_window.value is not None:
        _frequency_in_window(draft, frequency, in_window)
    draft.reading("frequency", frequency)
    if not separate and raw and "frequency" not in draft.provenance and frequency.value is not None:
        draft.provenance.setdefault("frequency", draft.provenance["ratio"])
    _frequency_doubts(draft, frequency.value)


def _corrected_ratio(draft: Draft) -> None:
    """A correction may say a number of subjects instead of a share."""
    value = draft.facts["ratio"]
    if isinstance(value, dict) and "sample_size" in value:
        draft.facts["sample_size"], draft.facts["sample_size_bound"] = (
            value["sample_size"],
            value.get("bound"),
        )
        draft.facts["ratio"] = None


_RANK = {"year": 0, "half_year": 1, "quarter": 2, "month": 3}


def _frequency_in_window(draft: Draft, frequency: cells.Reading, other: cells.Reading) -> None:
    """The time cell holds a frequency (一季度一次): the finer of two readings is taken, and told."""
    words = tidy(draft.raw.text("window"))
    if frequency.value is not None and frequency.value != other.value:
        draft.doubt(
            "frequency_conflict",
            f"比例一格写“{draft.raw.text('ratio_frequency').strip() or draft.raw.text('frequency').strip()}”，"
            f"时间一格写“{words}”，按更具体的“{words}”读",
        )
    if re.search(r"^[一1]季度?(?:度)?[一1]次", words):
        draft.doubt("ambiguous_quarter", f"“{words}”按每季度一次读，也可能指第一季度查一次")
    coarse = frequency.value is None or _RANK[frequency.value["per"]] <= _RANK[other.value["per"]]
    if coarse:
        frequency.value = other.value
        draft.provenance["frequency"] = {}
        draft.take("frequency", "window")


def _frequency_doubts(draft: Draft, value: dict[str, Any] | None) -> None:
    if value is None:
        return
    if value["per"] == "year" and value["times"] > 1:
        draft.doubt("two_draws", f"每年 {value['times']} 次，要抽取 {value['times']} 次")
    if any(code == "frequency_conflict" for code, _ in draft.doubts):
        return
    per = {
        "quarter": ("quarterly", "季度", 4),
        "month": ("monthly", "月", 12),
        "half_year": ("half_yearly", "半年", 2),
    }
    if value["per"] in per:
        code, word, draws = per[value["per"]]
        draft.doubt(code, f"每{word}抽取一次，全年 {draws} 次；请确认比例是每次的还是全年的")


def _window(draft: Draft) -> None:
    raw = draft.take("window", "window") or _section_time(draft)
    draft.facts["window_raw"] = raw or None
    year = draft.setting.year or _year_in(raw)
    draft.facts["window"] = None
    if year is None:
        draft.doubt("window_unreadable", "不知道计划年度，无法确定抽查时间，请先填写年度")
        return
    if draft.correct("window"):
        draft.facts["window"] = _in_year(draft.facts["window"], year, raw)
        return
    window = read_window(raw, year) if raw.strip() else None
    if window is not None:
        draft.facts["window"] = window.as_json()
        if window.batches:
            draft.facts["batches"] = [
                {"start": a.isoformat(), "end": b.isoformat()} for a, b in window.batches
            ]
        for code, words in window.doubts:
            draft.doubt(code, words)
        return
    whole_year = {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    if not raw.strip():
        draft.facts["window"] = whole_year
        draft.doubt("window_missing", "没有写抽查时间，暂取计划全年，请核对")
    elif amounts.read_frequency(raw).value is not None:
        draft.facts["window"] = whole_year
        draft.doubt("window_missing", f"时间一格写的是频次“{tidy(raw)}”，没有月份，暂取计划全年，请核对")
    else:
        draft.doubt("window_unreadable", f"抽查时间“{tidy(raw)}”没有读懂，请填写")


def _in_year(window: Any, year: int, raw: str) -> Any:
    """A corrected window of a text without a year holds in every year."""
    if not window or _year_in(raw):
        return window
    first = int(window["start"][:4])
    return {side: f"{year + int(day[:4]) - first}{day[4:]}" for side, day in window.items()}


def _section_time(draft: Draft) -> str:
    """A table without a time column may be grouped by month, or have a sheet or a title for each."""
    if "window" in draft.raw.rows[0].cells:
        return ""
    in_title = re.search(r"20\d\d年(?:\d{1,2}月份?|第?[一二三四1-4]季度|[上下]半年)", draft.raw.title or "")
    for text in (draft.raw.section or "", draft.raw.rows[0].grid, in_title[0] if in_title else ""):
        if (
            1 < len(text) <= 12
            and re.search(r"[月季年]", text)
            and read_window(text, draft.setting.year or 2000)
        ):
            return text
    return ""


def _year_in(text: str) -> int | None:
    named = re.search(r"20\d\d", text)
    return int(named[0]) if named else None


def _kinds(draft: Draft) -> None:
    methods = draft.take("methods", "methods")
    kind = draft.take("targeting", "targeting")
    if not kind and re.search(r"定\s*向", methods) and not cells.read_methods(methods).value:
        # 抽查方式 is how to check in some tables and 定向/不定向 in others.
        methods, kind = "", draft.take("targeting", "methods")
        draft.provenance.pop("methods", None)
    draft.reading("methods", cells.read_methods(methods))
    draft.facts["methods_raw"] = tidy(methods) or None
    draft.reading("item_category", cells.read_category(draft.take("item_category", "category")))
    draft.reading("targeting", cells.read_targeting(kind))
    draft.facts["mode"] = cells.read_mode(draft.take("mode", "mode"))
    tier = cells.read_tier(draft.take("tier", "tier")) or cells.tier_of_mode(draft.facts["mode"])
    draft.facts["tier"] = tier or draft.setting.tier
    draft.reading("risk_policy", cells.read_risk(draft.take("risk_policy", "risk")))
