"""What happens to a plan's rows: written, put right, scopes confirmed, published, withdrawn?"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.departments.queries import departments_of
from onevisit.items.models import Item
from onevisit.plans import rules
from onevisit.plans.below import modes_of, total_of_row
from onevisit.plans.compliance_queries import unlisted_hold_back
from onevisit.plans.differences import differences
from onevisit.plans.history import facts_of, names_in, note_change, note_publication, overtaken
from onevisit.plans.intake import import_plan, keep_reading, next_order, undo_import
from onevisit.plans.life import ChangeKind, EntryKind, EntryState, ItemMatch, PlanState
from onevisit.plans.models import Plan, PlanEntry, PlanEntryItem
from onevisit.plans.queries import listed_items, own_by_department, proposal_of, published_plan
from onevisit.regions.queries import profile_of
from onevisit.subjects.queries import read_filter

__all__ = ["add_entry", "change_entry", "confirm_scope", "import_plan", "keep_reading", "publish_own", "publish_plan",
           "undo_import", "withdraw_entry"]  # fmt: skip
GONE = (EntryState.WITHDRAWN, EntryState.REMOVED)


def add_entry(
    plan_id: str, given: dict[str, Any], *, report_id: str | None = None, record_no: str | None = None
) -> PlanEntry:
    """A new row: in a draft plan as somebody's draft, in a published one as a version with its reason.

    `report_id` is the report whose acknowledgement brings it (S0; S2 art. 8), `record_no` its number.
    """
    given = dict(given)
    reason, report_no = given.pop("reason", None), given.pop("report_no", None)
    with transaction():
        plan = _locked(plan_id)
        _refuse_strangers(plan, given)
        _refuse_mode(plan, given)
        public = enters_public(plan, given)
        if public and report_id is None:
            _refuse_unreasoned(plan.region_id, True, [], reason, report_no, new=True)
        entry = _new_row(plan, given)
        if public:
            entry.state, entry.published_at, entry.record_no = EntryState.MERGED.value, clock.now(), record_no
            entry.seq = _next_seq(plan, entry.kind)
            _refuse_lacking([entry])
        plan.rows.append(entry)
        db.session.flush()
        db.session.expire(plan, ["entries"])
        note_change(
            entry,
            ChangeKind.ADDED,
            None,
            public=public,
            reason=reason,
            report_no=report_no,
            report_id=report_id,
        )
        trail.record(
            "plan_entry.added", "plan_entry", entry.id, region_id=plan.region_id, plan=plan.id, state=entry.state,
            department=entry.initiating_department_id, origin=entry.origin, reason=reason, report=report_id,
        )  # fmt: skip
    return entry


def enters_public(plan: Plan, given: Mapping[str, Any]) -> bool:
    """Is this new row public at once? In a published plan yes; a department's own one only after its own publication."""
    if given.get("kind") == EntryKind.OWN and own_by_department(plan.region_id):
        mine = given.get("initiating_department_id")
        return any(
            one.kind == EntryKind.OWN and one.published_at and one.initiating_department_id == mine
            for one in plan.entries
        )
    return plan.state == PlanState.PUBLISHED


def _new_row(plan: Plan, given: Mapping[str, Any]) -> PlanEntry:
    """A row as somebody typed it. A desk's row is its department's draft, the office's own is in the plan."""
    facts = {key: value for key, value in given.items() if key not in ("item_list", "settled", "items")}
    office = acting().has("joint_office") or acting().department_id is None
    scope = given.get("scope_text") or ""
    filled: dict[str, Any] = {
        "kind": EntryKind.JOINT.value, "task_name": given["name"], "cooperating_department_ids": [], "methods": [],
        "scope_text": scope, "origin": "annual_plan", **facts,
    }  # fmt: skip
    if not filled.get("task_name"):
        filled["task_name"] = given["name"]
    return PlanEntry(
        order=next_order(plan), problems=[], provenance={}, revision=1,
        state=(EntryState.MERGED if office else EntryState.DRAFTED).value,
        drafted_by=None if office else acting().department_id,
        scope_filter=proposal_of(plan.region_id, scope).filter.as_json(),
        items=_listed_rows(plan.region_id, given.get("item_list") or []),
        **{**filled, "sensitive": bool(filled.get("sensitive"))
           or rules.is_sensitive([filled.get("field"), filled["name"], scope])},
    )  # fmt: skip


def change_entry(
    entry_id: str, given: dict[str, Any], revision: int | None = None, *, report_id: str | None = None
) -> PlanEntry:
    """Put a row right. Once it is public a change needs a reason or a report in advance, as the profile says.

    `revision` is what the writer saw: asked again under the lock, else two at once would both overwrite it.
    `report_id` is the acknowledged report that brings the change.
    """
    given = dict(given)
    reason, report_no = given.pop("reason", None), given.pop("report_no", None)
    settled, mapping = set(given.pop("settled", ())), given.pop("items", None)
    written = given.pop("item_list", None)
    with transaction():
        entry = db.session.get_one(PlanEntry, entry_id, with_for_update={"of": PlanEntry})
        _locked(entry.plan_id)
        if revision is not None and entry.revision != revision:
            raise overtaken(entry, revision, {*given, *(["items"] if written is not None else [])})
        if entry.state in GONE:
            raise Problem("plans.entry_gone", "这一行已经撤销或删除，没有保存。需要时请先恢复。", 409)
        _refuse_strangers(entry.plan, given)
        _refuse_mode(entry.plan, given)
        before, public = facts_of(entry), entry.in_force
        wanted = {name: new for name, new in given.items() if getattr(entry, name) != new}
        for name, new in wanted.items():
            setattr(entry, name, new)
        if "scope_text" in wanted or "draw_mode" in wanted:
            _reset_scope(entry)
        if entry.window_start and entry.window_end and entry.window_end < entry.window_start:
            raise Problem("plans.window_reversed", "抽查时间的结束早于开始，没有保存。请核对起止日期。")
        if written is not None:
            _write_items(entry, written)
        told = differences(before, facts_of(entry), {})
        if report_id is None:
            _refuse_unreasoned(
                entry.plan.region_id, public, [one["field"] for one in told], reason, report_no
            )
        mapped = _map_items(entry, mapping or [])
        entry.problems = [one for one in entry.problems if one.partition(":")[0] not in settled]
        entry.revision += 1
        if told:
            note_change(
                entry, ChangeKind.CHANGED, before, public=public, reason=reason, report_no=report_no,
                report_id=report_id,
            )  # fmt: skip
        trail.record(
            "plan_entry.changed", "plan_entry", entry.id, region_id=entry.plan.region_id,
            changed={one["field"]: [one["from"], one["to"]] for one in told}, items=mapped, settled=sorted(settled),
            reason=reason, report_no=report_no, report=report_id,
        )  # fmt: skip
    return entry


def differences_of(entry: PlanEntry, given: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a change would change, without making it: what a report in advance shows."""
    names = names_in(entry.plan.region_id)
    before = facts_of(entry)
    after = before | {
        name: new.isoformat() if isinstance(new, date) else new
        for name, new in given.items() if name in before and name != "items"
    }  # fmt: skip
    if (written := given.get("item_list")) is not None:
        after["items"] = [[one.get("department_id"), one["text"]] for one in written]
    return differences(before, after, names)


def withdraw_entry(
    entry_id: str, reason: str, report_no: str | None = None, *, report_id: str | None = None
) -> PlanEntry:
    """A public row leaves the plan: it stays to be seen, struck through, with its reason."""
    with transaction():
        entry = db.session.get_one(PlanEntry, entry_id, with_for_update={"of": PlanEntry})
        plan = _locked(entry.plan_id)
        if not entry.in_force:
            raise Problem("plans.not_public", "这一行还没有公布，不用撤销。不需要时请直接删除。", 409)
        if report_id is None:
            _refuse_unreasoned(plan.region_id, True, [], reason, report_no, new=True)
        entry.state, entry.returned_reason, entry.revision = (
            EntryState.WITHDRAWN.value, reason, entry.revision + 1,
        )  # fmt: skip
        db.session.flush()
        db.session.expire(plan, ["entries"])
        change = note_change(
            entry, ChangeKind.WITHDRAWN, facts_of(entry), public=True, reason=reason, report_no=report_no,
            report_id=report_id,
        )  # fmt: skip
        change.differences = [{"field": "state", "label": "状态", "from": "已列入计划", "to": "已撤销"}]
        trail.record(
            "plan_entry.withdrawn", "plan_entry", entry.id, region_id=plan.region_id, plan=plan.id, reason=reason,
            report=report_id,
        )  # fmt: skip
    return entry


def _locked(plan_id: str) -> Plan:
    """The plan, with nobody else at it until the transaction ends."""
    plan = db.session.get_one(Plan, plan_id)
    one_at_a_time(f"plan|{plan.region_id}|{plan.year}")
    db.session.refresh(plan, ["version", "state"])
    if plan.state == PlanState.ASSIGNED:
        raise Problem("plans.assigned", "这是上级下派的任务，不能在这里改。请与上级发起部门联系。", 409)
    return plan


def _refuse_strangers(plan: Plan, given: Mapping[str, Any]) -> None:
    """Departments of this region only."""
    named = [given.get("initiating_department_id"), *(given.get("cooperating_department_ids") or [])]
    named += [one.get("department_id") for one in given.get("item_list") or []]
    known = {one.id for one in departments_of(plan.region_id)}
    if any(one and one not in known for one in named):
        raise Problem("plans.department_unknown", "有部门不在本地区的名单里，没有保存。请刷新后重新选择。")


def _refuse_mode(plan: Plan, given: Mapping[str, Any]) -> None:
    """Who draws and who checks: what the region's profile leaves open, and there must be somebody below."""
    wanted = given.get("draw_mode")
    if wanted and wanted not in {one.words for one in modes_of(plan.region_id)}:
        rule = profile_of(plan.region_id).value("draw.tier_modes")
        raise Problem(
            "plans.draw_mode_not_offered",
            f"本地区不能用“{wanted}”，没有保存。请从列出的抽查模式里选择。"
            + (f"依据：{rule.sentence}" if rule.sentence else ""),
        )


def _refuse_unreasoned(
    region_id: str,
    public: bool,
    changed: Sequence[str],
    reason: str | None,
    report_no: str | None,
    *,
    new: bool = False,
) -> None:
    rule = profile_of(region_id).value("plan.changes")
    needs = rules.reason_needed(public, rule.value, changed, new=new)
    if needs == "report_in_advance" and not report_no:
        raise Problem(
            "plans.report_needed",
            f"计划已公布，这项调整要先报备，没有保存。请填写报备文号和理由，或向联席办报备。依据：{rule.sentence or '按默认'}",
        )
    if needs and not reason:
        raise Problem("plans.reason_needed", "计划已公布，调整要写明理由，没有保存。请填写理由。")


def _reset_scope(entry: PlanEntry) -> None:
    """Other words, another scope: what was confirmed no longer holds."""
    entry.scope_filter = proposal_of(entry.plan.region_id, entry.scope_text).filter.as_json()
    entry.scope_confirmed_at = entry.scope_confirmed_by = None


def _listed_rows(region_id: str, written: Sequence[Mapping[str, Any]]) -> list[PlanEntryItem]:
    """The items as typed or chosen, in their order; typed ones are matched with the list."""
    listed = listed_items(region_id)
    rows = []
    for at, one in enumerate(written):
        item = _item_in(region_id, one.get("item_id"))
        department = item.department_id if item else one.get("department_id")
        found = listed.match(one["text"], department)
        rows.append(
            PlanEntryItem(
                order=at,
                department_id=department,
                text=one["text"],
                item_id=item.id if item else found.item_id,
                match=(ItemMatch.CONFIRMED if item else found.kind).value,
            )
        )
    return rows


def _item_in(region_id: str, item_id: str | None) -> Item | None:
    item = db.session.get(Item, item_id) if item_id else None
    if item_id and (item is None or item.region_id != region_id):
        raise Problem("plans.item_unknown", "要对应的事项不在清单上，没有保存。请刷新后重新选择。")
    return item


def _write_items(entry: PlanEntry, written: Sequence[Mapping[str, Any]]) -> None:
    """The whole list anew: what stays keeps its match, what is not named goes."""
    kept = {one.id: one for one in entry.items}
    rows = []
    for at, (given, fresh) in enumerate(
        zip(written, _listed_rows(entry.plan.region_id, written), strict=True)
    ):
        row = kept.get(given.get("id") or "")
        same = row is not None and (row.text, row.department_id) == (fresh.text, fresh.department_id)
        keeps = same and fresh.match != ItemMatch.CONFIRMED
        chosen = row if keeps and row is not None else fresh
        chosen.order = at
        rows.append(chosen)
    entry.items = rows


def _map_items(entry: PlanEntry, wanted: list[dict[str, Any]]) -> list[list[str | None]]:
    """A person says which listed item a text means: the published words stay, so this needs no reason."""
    rows = {one.id: one for one in entry.items}
    mapped: list[list[str | None]] = []
    for one in wanted:
        row, item = rows.get(one["id"]), _item_in(entry.plan.region_id, one["item_id"])
        if row is None:
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
        count = total_of_row(entry, wanted)
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
        plan = _locked(plan_id)
        if plan.state == PlanState.PUBLISHED or published_plan(plan.region_id, plan.year):
            raise Problem("plans.already_published", f"{plan.year} 年的计划已经公布过了，没有重复公布。", 409)
        waiting = [one for one in plan.rows if one.state == EntryState.SUBMITTED]
        if waiting:
            raise Problem(
                "plans.rows_waiting",
                f"还有 {len(waiting)} 项已报送、没有汇总，计划没有公布。请先汇总或退回。", 409, rows=[one.id for one in waiting],
            )  # fmt: skip
        by_department = own_by_department(plan.region_id)
        rows = [one for one in plan.entries if one.kind == EntryKind.JOINT or not by_department]
        _refuse_lacking(rows, unlisted_hold_back(plan))
        plan.state, plan.published_at, plan.published_by = (
            PlanState.PUBLISHED.value, clock.now(), acting().account_id,
        )  # fmt: skip
        _make_public(plan, rows)
        plan.revision += 1
        note_publication(plan, rows)
        trail.record(
            "plan.published", "plan", plan.id, region_id=plan.region_id, year=plan.year, entries=len(rows)
        )
    return plan


def publish_own(plan_id: str, department_id: str) -> Plan:
    """A department publishes the checks it makes alone, where the profile has that (S1, 部门网站)."""
    with transaction():
        plan = _locked(plan_id)
        if not own_by_department(plan.region_id):
            raise Problem(
                "plans.own_by_office", "本地区的计划由联席会议办公室统一公布，没有公布。请报送给联席办。", 409
            )
        rows = [
            one for one in plan.rows
            if one.kind == EntryKind.OWN and one.initiating_department_id == department_id and not one.published_at
            and one.state in (EntryState.DRAFTED, EntryState.RETURNED, EntryState.MERGED)
        ]  # fmt: skip
        _refuse_lacking(rows)
        for one in rows:
            one.state, one.revision = EntryState.MERGED.value, one.revision + 1
        _make_public(plan, rows)
        db.session.flush()
        db.session.expire(plan, ["entries"])
        note_publication(plan, rows, department_id)
        trail.record(
            "plan.own_published", "plan", plan.id, region_id=plan.region_id, department_id=department_id,
            entries=len(rows),
        )  # fmt: skip
    return plan


def _make_public(plan: Plan, rows: Sequence[PlanEntry]) -> None:
    """Rows without a number of the table's own get the next one of their annex."""
    for one in rows:
        one.seq = one.seq if one.seq is not None else _next_seq(plan, one.kind)
        one.published_at = clock.now()


def _next_seq(plan: Plan, kind: str) -> int:
    taken = (one.seq for one in plan.rows if one.kind == kind and one.seq and one.state != EntryState.REMOVED)
    return max(taken, default=0) + 1


def _refuse_lacking(rows: Sequence[PlanEntry], unlisted: Sequence[str] = ()) -> None:
    """`unlisted`: rows with items that are on no list, where the rules want them there (S2 art. 2)."""
    if lacking := [*lacking_in(rows), *unlisted]:
        raise Problem(
            "plans.not_complete",
            f"计划还不能公布：{'；'.join(lacking)}。请在计划里补齐后再公布。",
            rows=lacking,
        )


def lacking_in(rows: Sequence[PlanEntry]) -> list[str]:
    """What no task could be opened without."""
    found = []
    for one in rows:
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
    return found if rows else ["计划里没有任务"]
