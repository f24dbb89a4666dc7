"""What happens to a plan: a table comes in, rows are put right, scopes are confirmed, the plan is published."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from onevisit.core import clock, storage, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem, stale
from onevisit.departments.queries import named_department
from onevisit.items.models import Item
from onevisit.plans import rules
from onevisit.plans.life import ItemMatch, PlanState
from onevisit.plans.models import Plan, PlanEntry, PlanEntryItem
from onevisit.plans.queries import listed_items, proposal_of, published_plan, reading_of
from onevisit.regions.queries import profile_of
from onevisit.subjects.queries import read_filter, region_meant, scope_count, vocabulary
from onevisit.subjects.scope import Vocabulary, proposed_filter


def import_plan(
    filename: str,
    content: bytes,
    *,
    year: int | None = None,
    region_id: str | None = None,
    shift_to: int | None = None,
) -> Plan:
    """A table becomes a draft plan, whole; a draft of the same year is replaced, a published plan is not.

    `shift_to` moves the plan to another year, for demonstrations; the plan says so (`shifted_from`).
    """
    region = region_meant(region_id)
    reading = reading_of(filename, content, year, region)
    if reading["plan"]["year"] is None:
        raise Problem("plans.year_missing", "表里没有写年份，没有导入。请选择计划年度后再导入。")
    from_year = None
    if shift_to is not None and shift_to != reading["plan"]["year"]:
        from_year, reading = reading["plan"]["year"], rules.shifted(reading, shift_to)
    file_hash = storage.put_file(content)
    with transaction():
        one_at_a_time(f"plan|{region}|{reading['plan']['year']}")
        replaced = _replace_draft(region, reading["plan"]["year"])
        plan = _plan_of(reading, region, filename, file_hash, from_year)
        db.session.add(plan)
        db.session.flush()
        trail.record(
            "plan.imported", "plan", plan.id, region_id=region, year=plan.year, entries=len(plan.entries),
            file=filename, sha256=hashlib.sha256(content).hexdigest(), replaced=replaced, shifted_from=from_year,
        )  # fmt: skip
    return plan


def _replace_draft(region_id: str, year: int) -> list[str]:
    """Take away drafts of the year; no task can rest on a draft."""
    if published_plan(region_id, year) is not None:
        raise Problem(
            "plans.already_published",
            f"{year} 年的计划已经公布，没有导入。需要调整请在计划里逐条修改，并写明理由。", 409,
        )  # fmt: skip
    drafts = db.session.scalars(
        select(Plan).where(Plan.region_id == region_id, Plan.year == year, Plan.state == PlanState.DRAFT)
    ).all()
    for one in drafts:
        db.session.delete(one)
    return [one.id for one in drafts]


def _plan_of(
    reading: dict[str, Any], region_id: str, filename: str, file_hash: str, from_year: int | None
) -> Plan:
    said = reading["plan"]
    known = Known(named_department(region_id), listed_items(region_id), vocabulary(region_id))
    return Plan(
        region_id=region_id, year=said["year"], name=said["plan_name"] or f"{said['year']}年度抽查计划",
        document_no=said.get("document_no"), shifted_from=from_year, source_name=filename, source_hash=file_hash,
        complete_by=_complete_by(said, region_id), problems=said["problems"], made_at=clock.now(),
        rows=[_entry_of(one, order, known) for order, one in enumerate(reading["tasks"], start=1)],
    )  # fmt: skip


def _complete_by(said: dict[str, Any], region_id: str) -> date | None:
    """The notice's own day, else the profile's (15 Nov S0, 30 Nov S3)."""
    if said.get("deadline_for_whole_plan"):
        return date.fromisoformat(said["deadline_for_whole_plan"])
    rule = profile_of(region_id).value("plan.complete_by").value
    return (
        date(said["year"], rule["month"], rule["day"]) if isinstance(rule, dict) and "month" in rule else None
    )


@dataclass(frozen=True)
class Known:
    """What the rows of one table are matched with, fetched once."""

    offices: Callable[[str], str | None]
    listed: list[rules.Listed]
    words: Vocabulary


def _entry_of(task: dict[str, Any], order: int, known: Known) -> PlanEntry:
    offices = known.offices
    lead = offices(task["lead_department"]) if task["lead_department"] else None
    written = [
        *([task["lead_department"]] if task["lead_department"] else []),
        *task["cooperating_departments"],
    ]
    unknown = [name for name in written if offices(name) is None]
    problems = [
        *task["problems"],
        *(f"department_unknown: “{name}”不在本地区的部门名单里" for name in unknown),
    ]
    proposal = proposed_filter(task["subject_scope"] or "", known.words)
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
    """Only an exact match is taken without asking; a near one is proposed, not stored."""
    department = known.offices(item["department"]) if item.get("department") else None
    match = rules.match_item(item["text"], department, known.listed)
    exact = match.item_id if match.kind == ItemMatch.EXACT else None
    return PlanEntryItem(
        order=order, department_id=department, text=item["text"], item_id=exact, match=match.kind.value
    )


def change_entry(entry_id: str, given: dict[str, Any], revision: int | None = None) -> PlanEntry:
    """Put a row right. After publication a change needs a reason or a report in advance, as the profile says.

    `revision` is what the writer saw: asked again under the lock, else two at once would both overwrite it.
    """
    reason, report_no = given.pop("reason", None), given.pop("report_no", None)
    settled, items = set(given.pop("settled", ())), given.pop("items", None)
    with transaction():
        entry = db.session.get_one(PlanEntry, entry_id, with_for_update={"of": PlanEntry})
        if revision is not None and entry.revision != revision:
            raise stale()
        changed = {
            name: [_plain(getattr(entry, name)), _plain(new)]
            for name, new in given.items()
            if getattr(entry, name) != new
        }
        _refuse_unreasoned(entry, [*changed, *(["items"] if items else [])], reason, report_no)
        for name in changed:
            setattr(entry, name, given[name])
        if "scope_text" in changed:
            _reset_scope(entry)
        if entry.window_start and entry.window_end and entry.window_end < entry.window_start:
            raise Problem("plans.window_reversed", "抽查时间的结束早于开始，没有保存。请核对起止日期。")
        mapped = _map_items(entry, items or [])
        entry.problems = [one for one in entry.problems if one.partition(":")[0] not in settled]
        entry.revision += 1
        trail.record(
            "plan_entry.changed", "plan_entry", entry.id, region_id=entry.plan.region_id,
            changed={name: [str(old), str(new)] for name, (old, new) in changed.items()}, items=mapped,
            settled=sorted(settled), reason=reason, report_no=report_no,
        )  # fmt: skip
    return entry


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _refuse_unreasoned(
    entry: PlanEntry, changed: list[str], reason: str | None, report_no: str | None
) -> None:
    rule = profile_of(entry.plan.region_id).value("plan.changes")
    needs = rules.reason_needed(entry.plan.state, rule.value, changed)
    if needs == "report_in_advance" and not report_no:
        raise Problem(
            "plans.report_needed",
            f"计划已公布，这项调整要先报备，没有保存。请填写报备文号和理由。依据：{rule.sentence or '按默认'}",
        )
    if needs and not reason:
        raise Problem("plans.reason_needed", "计划已公布，调整要写明理由，没有保存。请填写理由。")


def _reset_scope(entry: PlanEntry) -> None:
    """Other words, another scope: what was confirmed no longer holds."""
    entry.scope_filter = proposal_of(entry.plan.region_id, entry.scope_text).filter.as_json()
    entry.scope_confirmed_at = entry.scope_confirmed_by = None


def _map_items(entry: PlanEntry, wanted: list[dict[str, Any]]) -> list[list[str | None]]:
    """A person says which listed item a text means."""
    rows = {one.id: one for one in entry.items}
    mapped: list[list[str | None]] = []
    for one in wanted:
        row = rows.get(one["id"])
        item = db.session.get(Item, one["item_id"]) if one["item_id"] else None
        if row is None or (one["item_id"] and (item is None or item.region_id != entry.plan.region_id)):
            raise Problem("plans.item_unknown", "要对应的事项不在清单上，没有保存。请刷新后重新选择。")
        row.item_id, row.match = one["item_id"], (ItemMatch.CONFIRMED if item else ItemMatch.MISSING).value
        if item is not None:
            row.department_id = item.department_id
        mapped.append([row.text, row.item_id])
    return mapped


def confirm_scope(entry_id: str, given: dict[str, Any]) -> tuple[PlanEntry, dict[str, Any]]:
    """The initiating department says whom the scope means; a scope that finds nobody is refused."""
    wanted = read_filter(given)
    if wanted.empty:
        raise Problem("plans.scope_open", "没有选条件就是整个名录库，没有确认。请至少选一个条件。")
    with transaction():
        entry = db.session.get_one(PlanEntry, entry_id)
        count = scope_count(entry.plan.region_id, wanted)
        if count["count"] == 0:
            raise Problem(
                "plans.scope_empty",
                "按这个条件在名录库里找不到在营的对象，没有确认。请放宽条件或先补充名录库。",
            )
        entry.scope_filter = wanted.as_json()
        entry.scope_confirmed_at, entry.scope_confirmed_by = clock.now(), acting().account_id
        entry.revision += 1
        trail.record(
            "scope.confirmed", "plan_entry", entry.id, region_id=entry.plan.region_id,
            department_id=entry.initiating_department_id, filter=entry.scope_filter, count=count["count"],
        )  # fmt: skip
    return entry, count


def publish_plan(plan_id: str) -> Plan:
    """The office publishes the one plan of the year (S2 art. 7); rows that cannot be carried out hold it back."""
    with transaction():
        plan = db.session.get_one(Plan, plan_id)
        one_at_a_time(f"plan|{plan.region_id}|{plan.year}")
        if plan.state == PlanState.PUBLISHED or published_plan(plan.region_id, plan.year):
            raise Problem("plans.already_published", f"{plan.year} 年的计划已经公布过了，没有重复公布。", 409)
        if lacking := _lacking(plan):
            raise Problem(
                "plans.not_complete",
                f"计划还不能公布：{'；'.join(lacking)}。请在计划里补齐后再公布。",
                rows=lacking,
            )
        plan.state, plan.published_at, plan.published_by = (
            PlanState.PUBLISHED.value,
            clock.now(),
            acting().account_id,
        )
        plan.revision += 1
        trail.record(
            "plan.published",
            "plan",
            plan.id,
            region_id=plan.region_id,
            year=plan.year,
            entries=len(plan.entries),
        )
    return plan


def _lacking(plan: Plan) -> list[str]:
    """What no task could be opened without."""
    found = []
    for one in plan.entries:
        missing = [
            word
            for word, there in (
                ("发起部门", one.initiating_department_id), ("抽查时间", one.window_start and one.window_end),
                ("抽查比例", one.ratio or one.sample_size), ("抽查事项", one.items), ("对象范围", one.scope_text),
            )
            if not there
        ]  # fmt: skip
        if missing:
            found.append(f"第 {one.seq or one.order} 项缺{'、'.join(missing)}")
    return found if plan.entries else ["计划里没有任务"]
