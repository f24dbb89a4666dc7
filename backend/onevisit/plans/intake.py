"""What happens when a table comes in: its rows become the office's, or one department's, part of the year's draft plan."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onevisit.core import clock, storage, trail
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.ids import new_id
from onevisit.core.problems import Problem
from onevisit.departments.queries import department_of, named_department, names_of
from onevisit.plans import rules
from onevisit.plans.below import vocabulary_over
from onevisit.plans.learnt import answered_items
from onevisit.plans.life import EntryKind, EntryState, PlanState
from onevisit.plans.matching import ItemList
from onevisit.plans.models import Plan, PlanEntry, PlanEntryItem
from onevisit.plans.queries import draft_of, listed_items, published_plan, reading_of
from onevisit.regions.queries import profile_of
from onevisit.subjects.queries import region_meant
from onevisit.subjects.scope import Vocabulary, proposed_filter

IN_HANDS = (EntryState.DRAFTED, EntryState.RETURNED)


def import_plan(
    filename: str,
    content: bytes,
    *,
    year: int | None = None,
    region_id: str | None = None,
    shift_to: int | None = None,
    as_department: str | None = None,
) -> Plan:
    """A table becomes rows of the year's draft plan, whole or not at all; a published plan takes no table.

    `shift_to` moves the plan to another year, for demonstrations; the plan says so (`shifted_from`).
    """
    region = region_meant(region_id)
    reading = reading_of(filename, content, year, region)
    if reading["plan"]["year"] is None:
        raise Problem("plans.year_missing", "表里没有写年份，没有导入。请选择计划年度后再导入。")
    from_year = None
    if shift_to is not None and shift_to != reading["plan"]["year"]:
        from_year, reading = reading["plan"]["year"], rules.shifted(reading, shift_to)
    return keep_reading(
        reading, region_id=region, filename=filename, file_hash=storage.put_file(content),
        sha256=hashlib.sha256(content).hexdigest(), from_year=from_year, as_department=as_department,
    )  # fmt: skip


def keep_reading(
    reading: dict[str, Any],
    *,
    region_id: str,
    filename: str,
    file_hash: str,
    sha256: str,
    from_year: int | None = None,
    as_department: str | None = None,
) -> Plan:
    """What was read, and put right, joins the draft of its year. Rows of an earlier table by the same hand give way.

    They are kept and come back when the import is undone; what departments drafted by hand or submitted stays.
    """
    year = reading["plan"]["year"]
    with transaction():
        one_at_a_time(f"plan|{region_id}|{year}")
        _refuse_published(region_id, year)
        _refuse_others_rows(reading["tasks"], region_id, as_department)
        plan, intake = draft_of(region_id, year) or _new_plan(reading["plan"], region_id), new_id()
        kind = _kind_of(reading)
        replaced = _set_aside(plan, kind, as_department, intake)
        if as_department is None:
            _take_head(plan, reading["plan"], filename, file_hash, from_year)
        rows = _rows_of(reading, plan, kind, as_department, intake)
        plan.rows.extend(rows)
        plan.revision += 1
        db.session.add(plan)
        db.session.flush()
        db.session.expire(plan, ["entries"])
        trail.record(
            "plan.imported", "plan", plan.id, region_id=region_id, year=year, entries=len(rows), file=filename,
            sha256=sha256, replaced=replaced, shifted_from=from_year, intake=intake, kind=kind.value,
            department=as_department,
        )  # fmt: skip
    return plan


def undo_import(plan_id: str, as_department: str | None = None) -> Plan:
    """The last table goes, the rows that it replaced come back as they were."""
    with transaction():
        plan = db.session.get_one(Plan, plan_id)
        one_at_a_time(f"plan|{plan.region_id}|{plan.year}")
        came = [one for one in plan.rows if one.intake and one.drafted_by == as_department]
        held = [one for one in came if one.state != EntryState.REMOVED]
        last = max((one.intake for one in held if one.intake), default=None)
        if last is None or plan.state == PlanState.PUBLISHED:
            raise Problem("plans.nothing_to_undo", "没有可以撤销的导入。计划公布后不能撤销导入。", 409)
        rows = [one for one in held if one.intake == last]
        if any(one.state == EntryState.SUBMITTED for one in rows):
            raise Problem(
                "plans.already_submitted", "这次导入的任务已经报送，没有撤销。请联系联席办退回。", 409
            )
        back = [one for one in plan.rows if one.removed_with == last]
        for one in rows:
            one.state_before, one.state, one.removed_with = one.state, EntryState.REMOVED.value, last
            one.revision += 1
        for one in back:
            one.state, one.removed_with = one.state_before or EntryState.MERGED.value, None
        plan.revision += 1
        db.session.flush()
        db.session.expire(plan, ["entries"])
        trail.record(
            "plan.import_undone", "plan", plan.id, region_id=plan.region_id, intake=last, removed=len(rows),
            restored=len(back),
        )  # fmt: skip
    return plan


def _refuse_published(region_id: str, year: int) -> None:
    if published_plan(region_id, year) is not None:
        raise Problem(
            "plans.already_published",
            f"{year} 年的计划已经公布，没有导入。需要调整请在计划里逐条修改，并写明理由。", 409,
        )  # fmt: skip


def _refuse_others_rows(tasks: Sequence[dict[str, Any]], region_id: str, department_id: str | None) -> None:
    """A department hands in rows that it initiates itself; nobody plans for another (S2 art. 7)."""
    if department_id is None:
        return
    offices = named_department(region_id)
    foreign = [
        f"{one['seq'] or at}（{one['lead_department']}）"
        for at, one in enumerate(tasks, start=1)
        if one["lead_department"] and offices(one["lead_department"]) != department_id
    ]
    if foreign:
        own = department_of(department_id).name
        raise Problem(
            "plans.other_initiator",
            f"表里有不是{own}发起的任务，什么都没有导入：第 {'、'.join(foreign[:8])} 项。请只留下本部门发起的任务。",
            rows=foreign,
        )


def _new_plan(said: dict[str, Any], region_id: str) -> Plan:
    return Plan(
        region_id=region_id, year=said["year"], name=rules.plan_name(None, said["year"]), problems=[],
        made_at=clock.now(), complete_by=complete_by(region_id, said["year"]), rows=[], revision=0, version=0,
    )  # fmt: skip


def _take_head(
    plan: Plan, said: dict[str, Any], filename: str, file_hash: str, from_year: int | None
) -> None:
    """The office's table also names the plan, its document and its end."""
    plan.name = rules.plan_name(said["plan_name"], plan.year)
    plan.document_no, plan.shifted_from = said.get("document_no") or plan.document_no, from_year
    plan.source_name, plan.source_hash, plan.problems = filename, file_hash, said["problems"]
    if said.get("deadline_for_whole_plan"):
        plan.complete_by = date.fromisoformat(said["deadline_for_whole_plan"])


def complete_by(region_id: str, year: int) -> date | None:
    """By when the profile wants the whole plan done (15 Nov S0, 30 Nov S3)."""
    rule = profile_of(region_id).value("plan.complete_by").value
    return date(year, rule["month"], rule["day"]) if isinstance(rule, dict) and "month" in rule else None


def _kind_of(reading: dict[str, Any]) -> EntryKind:
    """A table without any cooperating department that does not call itself joint holds departments' own checks."""
    joint = any(one["cooperating_departments"] for one in reading["tasks"])
    return EntryKind.JOINT if joint or "联合" in (reading["plan"]["plan_name"] or "") else EntryKind.OWN


def _set_aside(plan: Plan, kind: EntryKind, as_department: str | None, intake: str) -> list[str]:
    """The rows of the earlier table of the same kind and hand: removed, not deleted."""
    given_way = [
        one
        for one in plan.rows
        if one.intake and one.drafted_by == as_department and one.kind == kind
        and one.state in ((*IN_HANDS,) if as_department else (EntryState.MERGED,))
    ]  # fmt: skip
    for one in given_way:
        one.state_before, one.state, one.removed_with = one.state, EntryState.REMOVED.value, intake
        one.revision += 1
    return [one.id for one in given_way]


def _rows_of(
    reading: dict[str, Any], plan: Plan, kind: EntryKind, as_department: str | None, intake: str
) -> list[PlanEntry]:
    region = plan.region_id
    known = Known(
        named_department(region),
        listed_items(region),
        answered_items(region),
        vocabulary_over(region),
        names_of(region),
    )
    first = next_order(plan)
    rows = [_entry_of(one, order, known) for order, one in enumerate(reading["tasks"], start=first)]
    for one in rows:
        one.kind, one.intake, one.drafted_by = kind.value, intake, as_department
        one.state = (EntryState.DRAFTED if as_department else EntryState.MERGED).value
        one.initiating_department_id = one.initiating_department_id or as_department
        one.name, one.task_name = (
            rules.for_year(text, plan.year) or "" for text in (one.name, one.task_name)
        )
    return rows


def next_order(plan: Plan) -> int:
    """The place behind all rows there ever were."""
    return max((one.order for one in plan.rows), default=0) + 1


@dataclass(frozen=True)
class Known:
    """What the rows of one table are matched with, fetched once."""

    offices: Callable[[str], str | None]
    listed: ItemList
    answered: dict[tuple[str, str], str | None]
    words: Vocabulary
    names: dict[str, str]


def _entry_of(task: dict[str, Any], order: int, known: Known) -> PlanEntry:
    offices = known.offices
    lead = offices(task["lead_department"]) if task["lead_department"] else None
    written = [
        *([task["lead_department"]] if task["lead_department"] else []),
        *task["cooperating_departments"],
    ]
    unknown = [name for name in written if offices(name) is None]
    settled = set(task.get("settled") or ())
    problems = [
        *(one for one in task["problems"] if one.partition(":")[0] not in settled),
        *(f"department_unknown: “{name}”不在本地区的部门名单里" for name in unknown),
    ]
    proposal = proposed_filter(task["subject_scope"] or "", known.words, known.names)
    window = task["window"] or {}
    texts = [task["field"], task["plan_name"], task["subject_scope"]]
    return PlanEntry(
        order=order, seq=task["seq"], name=task["plan_name"] or task["task_name"] or "", field=task["field"],
        task_name=task["task_name"] or task["plan_name"] or "", initiating_department_id=lead,
        cooperating_department_ids=_once([offices(one) for one in task["cooperating_departments"]], lead),
        scope_text=task["subject_scope"] or "", scope_filter=proposal.filter.as_json(),
        ratio=task["ratio"], ratio_raw=task["ratio_raw"], sample_size=task.get("sample_size"),
        frequency=task["frequency"], window_start=_day(window.get("start")), window_end=_day(window.get("end")),
        window_raw=task["window_raw"], methods=task["methods"], category=task["item_category"],
        targeting=task["targeting"], tier=task["tier"], draw_mode=task["mode"], risk_policy=task["risk_policy"],
        sensitive=rules.is_sensitive(texts), problems=problems, provenance=task.get("provenance") or {},
        items=[_item_of(one, at, known) for at, one in enumerate(task["items"])],
    )  # fmt: skip


def _once(ids: list[str | None], lead: str | None) -> list[str]:
    return list(dict.fromkeys(one for one in ids if one and one != lead))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _item_of(item: dict[str, Any], order: int, known: Known) -> PlanEntryItem:
    """An exact match and what was answered before are taken without asking; a near one is proposed, not stored."""
    department = known.offices(item["department"]) if item.get("department") else None
    match = known.listed.match(item["text"], department, known.answered)
    return PlanEntryItem(
        order=order,
        department_id=department,
        text=item["text"],
        item_id=match.item_id,
        match=match.kind.value,
    )
