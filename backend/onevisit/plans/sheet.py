"""What does a plan file say? Reads the table of a notice, Excel, Word or CSV, into a plan and its tasks.

Nothing is dropped and nothing is guessed in silence: what is open is a problem `code: explanation` of the
plan or of its task (codes are `terms.Doubt`), and every fact names the cell it was read from.
"""

import re
from typing import Any

from onevisit.core.problems import Problem
from onevisit.departments.register import DepartmentRegister, last_place
from onevisit.plans.sheet_cells import read_mode, read_tier, tier_of_mode
from onevisit.plans.sheet_doubts import doubts_of_plan, doubts_of_tasks
from onevisit.plans.sheet_draft import Setting, Task
from onevisit.plans.sheet_grid import Source
from onevisit.plans.sheet_items import tidy
from onevisit.plans.sheet_learnt import NOTHING_LEARNT, Learnt
from onevisit.plans.sheet_notice import Notice, read_notice
from onevisit.plans.sheet_rows import Gathered
from onevisit.plans.sheet_sure import facts_with_sureness
from onevisit.plans.sheet_tables import read_source
from onevisit.plans.sheet_tasks import read_task
from onevisit.plans.sheet_walk import gather


def read_plan(
    file_name: str,
    content: bytes,
    *,
    year: int | None,
    region: str | None,
    register: DepartmentRegister,
    learnt: Learnt = NOTHING_LEARNT,
) -> dict[str, Any]:
    """{"plan": {..., "problems"}, "tasks": [{..., "problems", "provenance", "facts"}]} of a plan file.

    `region` is a region's name; without it (or given as a code) and without `year` both are read from the title.
    """
    if region is not None and region.isdecimal():
        region = None
    source = read_source(file_name, content)
    register = learnt.register(register, region)
    gathered = gather(source, register, region, learnt)
    if gathered.headings is None or not gathered.tasks:
        words = _nothing_found(file_name, source, gathered)
        problem = Problem("plans.no_table_found", words)
        if gathered.headings is None and _is_table(source):
            problem.extra["nameable"] = True
        raise problem
    if not gathered.titles:
        _title_in_column(gathered, register)
    region = region or gathered.region or _region_in_column(gathered, register)
    printed_year = _year(file_name, source, gathered)
    year = year or printed_year
    title = gathered.titles[0] if gathered.titles else ""
    register = learnt.register(register, region)
    setting = Setting(register, region, year, title, _tier(region), learnt)
    notice = read_notice(source.paragraphs, year)
    tasks = [read_task(raw, setting) for raw in gathered.tasks]
    plan = _plan(gathered, setting, notice, source)
    plan_doubts = doubts_of_plan(gathered, tasks, notice, setting)
    doubts_of_tasks(tasks, gathered, setting)
    for task in tasks:
        task.pop("lead_listed")
        task["facts"] = facts_with_sureness(task)
        task.pop("reading")
        task["problems"] = _said(task["problems"])
    if printed_year is not None and printed_year != year:
        plan_doubts.append(("year_differs", f"文件写的是 {printed_year} 年，按选定的 {year} 年读"))
    plan["headings"] = gathered.heading_cells
    plan["rows_not_read"] = gathered.not_read
    plan["problems"] = _said([*plan_doubts, *_hidden(source), *source.odd])
    return {"plan": plan, "tasks": tasks}


def _said(doubts: list[tuple[str, str]]) -> list[str]:
    """One sentence per code: several findings of a kind are joined."""
    by_code: dict[str, list[str]] = {}
    for code, words in doubts:
        if words not in by_code.setdefault(code, []):
            by_code[code].append(words)
    return [f"{code}: {'；'.join(words)}" for code, words in by_code.items()]


def _hidden(source: Source) -> list[tuple[str, str]]:
    return [("hidden_sheet", f"隐藏的工作表“{name}”没有读取") for name in source.hidden]


def _nothing_found(file_name: str, source: Source, gathered: Gathered) -> str:
    if not source.grids or not any(grid.rows for grid in source.grids):
        return (
            f"文件“{file_name}”里没有表格（可能贴的是图片，或只有正文）。"
            "请上传含计划表的 Excel、Word（表格不是图片）或 CSV 文件。"
        )
    if gathered.headings is not None:
        return f"文件“{file_name}”的计划表只有表头，没有任务行。请填写后再上传。"
    return (
        f"文件“{file_name}”里没有找到计划表的表头。表头应有抽查事项或任务名称，"
        "以及抽查比例、抽查时间或发起部门等列；请检查后再上传。"
    )


def _is_table(source: Source) -> bool:
    """Rows of three cells at least, below one another: somebody could say what the columns are."""
    return any(
        sum(1 for row in grid.rows if sum(bool(cell.printed.strip()) for cell in row) >= 3) >= 2
        for grid in source.grids
    )


def _plan(gathered: Gathered, setting: Setting, notice: Notice, source: Source) -> Task:
    return {
        "plan_name": setting.title or None,
        "subtitle": gathered.subtitle,
        "region": setting.region,
        "year": setting.year,
        "tier": _tier_of_table(gathered, setting),
        "document_no": notice.document_no,
        "issued": notice.issued.isoformat() if notice.issued else None,
        "issuer": notice.issuer,
        "deadline_for_whole_plan": notice.deadline.isoformat() if notice.deadline else None,
        "footnote": gathered.footnote,
        "file_kind": source.kind,
    }


def _year(file_name: str, source: Source, gathered: Gathered) -> int | None:
    """The year of the title; else of the notice's head, the file's name, the time cells."""
    places = [*gathered.titles[:1], *source.paragraphs[:6], file_name]
    places += [task.text("window") for task in gathered.tasks]
    for text in places:
        named = re.search(r"(?<!\d)(20\d\d)(?!\d)", text.translate(_HALF_WIDTH))
        if named is not None:
            return int(named[1])
    return None


_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def _title_in_column(gathered: Gathered, register: DepartmentRegister) -> None:
    """An export has no title line but the plan's name on every row."""
    names = {tidy(task.text("plan_name")) for task in gathered.tasks}
    if len(names) == 1 and (name := names.pop()):
        gathered.titles.append(name)
        gathered.region = gathered.region or register.region_in(name)


def _region_in_column(gathered: Gathered, register: DepartmentRegister) -> str | None:
    names = {task.text("region").strip() for task in gathered.tasks} - {""}
    return register.region_in(names.pop()) if len(names) == 1 else None


def _tier(region: str | None) -> str | None:
    """贵南县 is a county, 示范区 a district, by the last word of the name."""
    last = last_place(region)[-1:] if region else ""
    return {"旗": "县", "州": "市", "盟": "市"}.get(last, last if last in "省市县区" and last else None)


def _tier_of_table(gathered: Gathered, setting: Setting) -> str | None:
    tiers = {read_tier(t.text("tier")) or tier_of_mode(read_mode(t.text("mode"))) for t in gathered.tasks}
    tiers.discard(None)
    return tiers.pop() if len(tiers) == 1 else setting.tier
