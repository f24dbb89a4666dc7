"""How does the plan leave the house? As the annex of a notice: the table on paper, and a workbook that can be read in again."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Response
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from onevisit.core import clock, trail
from onevisit.core.db import transaction
from onevisit.core.exports import answer, answer_file, harmless
from onevisit.items.queries import items_of
from onevisit.papers.facts import AnnexFacts, AnnexPart, AnnexRow, ListedItem
from onevisit.papers.render import Metadata, render_pdf
from onevisit.papers.rules import facts_digest
from onevisit.plans.differences import day_words, frequency_words, ratio_per_words, ratio_words
from onevisit.plans.history import names_in
from onevisit.plans.life import ENTRY_ORIGIN_LABELS, EntryKind, EntryOrigin, EntryState, PlanState
from onevisit.plans.models import Plan, PlanEntry
from onevisit.plans.rules import month_span
from onevisit.plans.terms import ITEM_CATEGORY_LABELS, METHOD_LABELS, TARGETING_LABELS, Method
from onevisit.regions.queries import profile_of, region_of

# Lines of items that stay together on one page; a longer row is printed in pieces that say so.
PIECE = 18
HEADINGS = {
    "seq": ("序号", 6), "field": ("抽查领域", 14), "name": ("抽查计划名称", 30), "task_name": ("抽查任务名称", 30),
    "lead": ("发起部门", 18), "partner": ("配合部门", 18), "item": ("具体抽查事项", 40), "scope": ("抽查对象范围", 26),
    "ratio": ("抽查比例及频次", 16), "window": ("抽查时间", 20), "methods": ("抽查方式", 14), "category": ("事项类别", 14),
    "targeting": ("抽查类型", 10), "tier": ("检查主体", 10),
}  # fmt: skip
ITEM_HEADINGS = ("序号", "检查部门", "抽查事项", "检查依据", "所在计划序号")


def exported(plan: Plan, *, annex: str, format: str, purpose: str) -> Response:
    """The annex as a file; who took it, and what for, is on the trail before it leaves (S2 art. 25)."""
    rows = rows_of(plan, annex, withdrawn=False)
    name = title_of(plan, annex)
    with transaction():
        trail.record(
            "list.exported", "plan", plan.id, region_id=plan.region_id, what=f"plan.{annex}", format=format, rows=len(rows),
            version=plan.version, purpose=purpose,
        )  # fmt: skip
    if format == "pdf":
        return _as_pdf(name, annex_pdf(plan, annex))
    if annex == "items":
        return answer(name, format, ITEM_HEADINGS, _item_rows(plan))
    if format == "csv":
        return answer(name, format, *_flat(plan, rows, annex))
    return answer_file(f"{name}.xlsx", workbook(plan, annex, rows))


def rows_of(plan: Plan, annex: str, *, withdrawn: bool) -> list[PlanEntry]:
    """The rows of an annex; paper shows the withdrawn ones struck through, a file for reading in has none."""
    states = {EntryState.MERGED.value, *([EntryState.WITHDRAWN.value] if withdrawn else [])}
    wanted = {"joint": (EntryKind.JOINT,), "own": (EntryKind.OWN,), "items": tuple(EntryKind)}[annex]
    rows = [one for one in plan.rows if one.state in states and one.kind in wanted]
    return sorted(rows, key=lambda one: (one.kind, one.seq is None, one.seq or 0, one.order))


def title_of(plan: Plan, annex: str) -> str:
    """What stands over the table."""
    region = region_of(plan.region_id).name
    if annex == "own":
        return f"{region}{plan.year}年度各部门“双随机、一公开”抽查工作计划表"
    if annex == "items":
        return f"{region}{plan.year}年度抽查计划事项表"
    name = plan.name.removesuffix("的通知").strip("《》")
    return name if name.endswith("表") else f"{name}表"


def workbook(plan: Plan, annex: str, rows: Sequence[PlanEntry]) -> io.BufferedIOBase:
    """The table as the notices print it: title, one head, a department and its items to a line, the rest merged."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "联合抽查计划" if annex == "joint" else "本部门抽查计划"
    columns = [name for name in HEADINGS if annex == "joint" or name != "partner"]
    page.append([str(harmless(title_of(plan, annex)))])
    page.append([HEADINGS[name][0] for name in columns])
    names = names_in(plan.region_id)
    for entry in rows:
        _append(page, columns, entry, names, plan.year)
    _dress(page, columns)
    held = io.BytesIO()
    book.save(held)
    held.seek(0)
    return held  # type: ignore[return-value]


def _append(
    page: Worksheet, columns: Sequence[str], entry: PlanEntry, names: dict[str, str], year: int
) -> None:
    whole = _cells(entry, names, year)
    first = page.max_row + 1
    for part in parts_of(entry, names):
        for item in part["items"] or [""]:
            cells = {**whole, "partner": part["department"], "item": item}
            page.append([harmless(cells[name]) for name in columns])
    last = page.max_row
    if last > first:
        for at, name in enumerate(columns, start=1):
            if name not in ("partner", "item"):
                for row in range(first + 1, last + 1):
                    page.cell(row, at).value = None
                page.merge_cells(start_row=first, start_column=at, end_row=last, end_column=at)


def _cells(entry: PlanEntry, names: dict[str, str], year: int) -> dict[str, Any]:
    return {
        "seq": entry.seq or entry.order, "field": entry.field, "name": entry.name, "task_name": entry.task_name,
        "lead": names.get(entry.initiating_department_id or ""), "scope": entry.scope_text,
        "ratio": _ratio_cell(entry), "window": window_words(entry, year),
        "methods": "、".join(METHOD_LABELS[Method(one)] for one in entry.methods),
        "category": ITEM_CATEGORY_LABELS.get(entry.category or ""),  # type: ignore[call-overload]
        "targeting": TARGETING_LABELS.get(entry.targeting or ""),  # type: ignore[call-overload]
        "tier": entry.tier,
    }  # fmt: skip


def _ratio_cell(entry: PlanEntry) -> str:
    ratio = entry.ratio or {}
    size = entry.sample_size or ratio.get("sample_size")
    return "；".join(filter(None, (ratio_words(entry.ratio, size), frequency_words(entry.frequency))))


def window_words(entry: PlanEntry, year: int) -> str:
    """4-11月 where whole months of the plan's year are meant, else the days."""
    start, end = entry.window_start, entry.window_end
    if start is None or end is None:
        return entry.window_raw or ""
    return month_span(start, end, year) or f"{day_words(start)}至{day_words(end)}"


def _printed_window(entry: PlanEntry, year: int) -> str:
    """On paper the plan's year stands in the title: 4月1日至11月15日."""
    return window_words(entry, year).replace(f"{year}年", "")


def _item_rows(plan: Plan) -> list[tuple[Any, ...]]:
    return [
        (one["n"], one["department"], one["item"], one["legal_basis"], one["rows"]) for one in listed(plan)
    ]


def _dress(page: Worksheet, columns: Sequence[str]) -> None:
    """Readable when it is opened and when it is printed: widths, lines, the head on every page."""
    line = Side(style="thin")
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    page["A1"].font, page["A1"].alignment = (
        Font(bold=True, size=16), Alignment(horizontal="center", vertical="center", wrap_text=True),
    )  # fmt: skip
    page.row_dimensions[1].height = 34
    for at, name in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(at)].width = HEADINGS[name][1]
    middle = {"seq", "ratio", "window", "methods", "category", "targeting", "tier"}
    for row in page.iter_rows(min_row=2):
        for cell in row:
            head = cell.row == 2
            name = columns[(cell.column or 1) - 1]
            cell.border = Border(line, line, line, line)
            cell.font = Font(bold=head, size=10)
            cell.alignment = Alignment(
                wrap_text=True, vertical="center", horizontal="center" if head or name in middle else "left"
            )
    page.freeze_panes = "A3"
    page.print_title_rows = "1:2"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0
    page.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("第 &P 页　共 &N 页"))


def _flat(plan: Plan, rows: Sequence[PlanEntry], annex: str) -> tuple[list[str], list[list[Any]]]:
    """The same as plain lines: nothing merged, the row's facts only in its first line."""
    columns = [name for name in HEADINGS if annex == "joint" or name != "partner"]
    names, lines = names_in(plan.region_id), []
    for entry in rows:
        whole = _cells(entry, names, plan.year)
        for part in parts_of(entry, names):
            for item in part["items"] or [""]:
                cells = {**whole, "partner": part["department"], "item": item}
                lines.append([cells[name] for name in columns])
                whole = dict.fromkeys(whole, "")
    return [HEADINGS[name][0] for name in columns], lines


def parts_of(entry: PlanEntry, names: dict[str, str]) -> list[AnnexPart]:
    """The row by department, the initiating one first; a partner without an item of its own still stands there."""
    order = [entry.initiating_department_id, *entry.cooperating_department_ids]
    grouped: dict[str | None, list[str]] = {one: [] for one in order if one}
    for item in entry.items:
        known = item.department_id or entry.initiating_department_id
        grouped.setdefault(known, []).append(item.text)
    lead = entry.initiating_department_id
    if lead in grouped and not grouped[lead] and len(grouped) > 1:
        del grouped[lead]
    parts: list[AnnexPart] = [
        {"department": names.get(one or "", ""), "items": texts} for one, texts in grouped.items()
    ]
    return parts or [{"department": "", "items": []}]


def listed(plan: Plan) -> list[ListedItem]:
    """The plan's items by department, each with the rows that check it."""
    names, bases = names_in(plan.region_id), {one.id: one.legal_basis for one in items_of(plan.region_id)}
    found: dict[tuple[str, str], tuple[str | None, list[str]]] = {}
    for entry in rows_of(plan, "items", withdrawn=False):
        mark = "" if entry.kind == EntryKind.JOINT else "本部门 "
        for item in entry.items:
            department = names.get(item.department_id or entry.initiating_department_id or "", "未写部门")
            known = found.setdefault((department, item.text), (bases.get(item.item_id or ""), []))
            if (label := f"{mark}{entry.seq or entry.order}") not in known[1]:
                known[1].append(label)
    ordered = sorted(found.items(), key=lambda one: one[0][0])
    return [
        {"n": at, "department": key[0], "item": key[1], "legal_basis": basis, "rows": "、".join(rows)}
        for at, (key, (basis, rows)) in enumerate(ordered, start=1)
    ]


def annex_facts(plan: Plan, annex: str) -> AnnexFacts:
    """Everything that is printed."""
    names = names_in(plan.region_id)
    body = profile_of(plan.region_id).value("identity.body").value or {}
    issuer = str(
        body.get("name") or f"{region_of(plan.region_id).name}部门联合“双随机、一公开”监管联席会议办公室"
    )
    entries = [] if annex == "items" else rows_of(plan, annex, withdrawn=True)
    notes = []
    if plan.shifted_from:
        notes.append(f"注：本表由{plan.shifted_from}年度计划平移，仅供演示。")
    if any(one.state == EntryState.WITHDRAWN for one in entries):
        notes.append("注：加删除线的任务已撤销，不再执行。")
    facts: AnnexFacts = {
        "issuer": issuer, "document_no": plan.document_no, "label": {"own": "附件1", "joint": "附件2", "items": "附件3"}[annex],
        "title": title_of(plan, annex), "joint": annex == "joint",
        "rows": [piece for one in entries for piece in _pieces(one, names, plan.year)],
        "items": listed(plan) if annex == "items" else [], "notes": notes, "draft": plan.state != PlanState.PUBLISHED,
        "version": plan.version, "issued_by": str(body.get("signs_as") or issuer),
        "issued": _day(clock.law_day(plan.published_at)) if plan.published_at else None, "digest": "",
    }  # fmt: skip
    if annex != "own" and not any(one.kind == EntryKind.OWN for one in plan.entries):
        facts["label"] = {"joint": "附件1", "items": "附件2"}[annex]
    facts["digest"] = facts_digest(facts)
    return facts


def _day(day: date) -> str:
    return day_words(day)


def _pieces(entry: PlanEntry, names: dict[str, str], year: int) -> list[AnnexRow]:
    """A row of the plan; one with very many items in pieces, each a page can hold."""
    chunks: list[list[AnnexPart]] = [[]]
    room = PIECE
    for part in parts_of(entry, names):
        items = part["items"]
        while (len(items) > room and room < PIECE) or len(items) > PIECE:
            if room > 2:
                chunks[-1].append({"department": part["department"], "items": items[:room]})
                items = items[room:]
            chunks.append([])
            room = PIECE
        chunks[-1].append({"department": part["department"], "items": items})
        room -= max(1, len(items))
    ratio = "，".join(filter(None, (_ratio_cell(entry), ratio_per_words(entry.frequency))))
    origin = EntryOrigin(entry.origin)
    return [
        {
            "seq": entry.seq, "field": entry.field, "name": entry.name, "scope": entry.scope_text,
            "lead": names.get(entry.initiating_department_id or ""), "ratio": ratio,
            "window": _printed_window(entry, year), "parts": parts, "continued": at > 0,
            "methods": "、".join(METHOD_LABELS[Method(one)] for one in entry.methods),
            "origin": None if origin == EntryOrigin.ANNUAL_PLAN else _origin(entry),
            "struck": (entry.returned_reason or "见版本记录") if entry.state == EntryState.WITHDRAWN else None,
        }
        for at, parts in enumerate(one for one in chunks if one)
    ]  # fmt: skip


def _origin(entry: PlanEntry) -> str:
    label = ENTRY_ORIGIN_LABELS[EntryOrigin(entry.origin)]
    return f"{label}，{entry.record_no}" if entry.record_no else label


def annex_pdf(plan: Plan, annex: str) -> bytes:
    """The annex on paper."""
    facts = annex_facts(plan, annex)
    number = f"{plan.document_no or plan.name} {facts['label']} 第{plan.version}版"
    made = Metadata(facts["title"], facts["issued_by"], clock.now(), facts["digest"], number)
    return render_pdf("annex", facts, metadata=made)


def _as_pdf(name: str, pdf: bytes) -> Response:
    made = Response(pdf, mimetype="application/pdf")
    made.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.pdf')}"
    made.headers["Cache-Control"] = "no-store"
    return made
