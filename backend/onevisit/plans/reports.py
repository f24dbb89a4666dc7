"""What happens to a report: a change of the published plan is reported with its reason, the office answers (S0, S2 art. 8)."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.plans.actions import (
    add_entry,
    change_entry,
    differences_of,
    enters_public,
    withdraw_entry,
)
from onevisit.plans.differences import NOTHING, written
from onevisit.plans.history import names_in, overtaken, plain
from onevisit.plans.life import FIELD_LABELS, ReportKind, ReportState
from onevisit.plans.models import Plan, PlanChange, PlanEntry, PlanReport
from onevisit.plans.queries import ask_of

DAYS = ("window_start", "window_end")


def file_change(entry_id: str, given: dict[str, Any], revision: int, reason: str) -> PlanReport:
    """A department reports what it wants to change in its public row, and why; nothing changes yet."""
    with transaction():
        entry = db.session.get_one(PlanEntry, entry_id)
        if not entry.in_force:
            raise Problem("plans.not_public", "这一行还没有公布，不用报备。请直接修改。", 409)
        if entry.revision != revision:
            raise overtaken(entry, revision, set(given))
        _refuse_second(entry)
        told = differences_of(entry, given)
        if not told:
            raise Problem("plans.nothing_changed", "没有改动任何内容，没有报备。请先修改再报备。")
        start = given.get("window_start", entry.window_start)
        end = given.get("window_end", entry.window_end)
        if start and end and end < start:
            raise Problem("plans.window_reversed", "抽查时间的结束早于开始，没有报备。请核对起止日期。")
        report = _filed(entry.plan, ReportKind.CHANGE, reason, given, told, entry)
    return report


def file_withdrawal(entry_id: str, reason: str) -> PlanReport:
    """A department reports that its public row shall leave the plan."""
    with transaction():
        entry = db.session.get_one(PlanEntry, entry_id)
        if not entry.in_force:
            raise Problem("plans.not_public", "这一行还没有公布，不用报备。请直接删除。", 409)
        _refuse_second(entry)
        told = [{"field": "state", "label": "状态", "from": "已列入计划", "to": "撤销"}]
        report = _filed(entry.plan, ReportKind.WITHDRAWAL, reason, {}, told, entry)
    return report


def withdraw_or_report(
    entry_id: str, reason: str, report_no: str | None
) -> tuple[PlanEntry | None, PlanReport | None]:
    """The office withdraws at once, a department where the rules leave it free; else it reports."""
    entry = db.session.get_one(PlanEntry, entry_id)
    free = acting().has("joint_office") or not ask_of(entry.plan.region_id)["report"]
    if free or not entry.in_force:
        return withdraw_entry(entry_id, reason, report_no), None
    return None, file_withdrawal(entry_id, reason)


def add_or_report(plan_id: str, given: dict[str, Any]) -> tuple[PlanEntry | None, PlanReport | None]:
    """A new row: at once where the rules leave it free, else as a report that waits for the office."""
    plan = db.session.get_one(Plan, plan_id)
    office = acting().has("joint_office")
    adhoc = given.get("origin", "annual_plan") != "annual_plan"
    if office or not enters_public(plan, given) or not ask_of(plan.region_id, adhoc=adhoc)["report"]:
        return add_entry(plan_id, given), None
    facts = {key: value for key, value in given.items() if key not in ("reason", "report_no")}
    if not given.get("reason"):
        raise Problem("plans.reason_needed", "计划已公布，增加任务要写明理由，没有提交。请填写理由。")
    with transaction():
        plan = db.session.get_one(Plan, plan_id)
        if lacking := _lacking(facts):
            raise Problem("plans.not_complete", f"还不能提交：缺{'、'.join(lacking)}。请补齐后再提交。")
        names = names_in(plan.region_id)
        told = [
            {"field": name, "label": label, "from": "", "to": _told(name, facts[name], names)}
            for name, label in FIELD_LABELS.items() if facts.get(name) not in (None, "", [], False)
        ]  # fmt: skip
        if items := facts.get("item_list"):
            words = "；".join(one["text"] for one in items)
            told.append({"field": "items", "label": FIELD_LABELS["items"], "from": "", "to": words})
        report = _filed(
            plan, ReportKind.ADHOC if adhoc else ReportKind.NEW, given["reason"], facts, told, None
        )
    return None, report


def _told(name: str, value: Any, names: dict[str, str]) -> str:
    said = written(name, value, names)
    return "" if said == NOTHING else said


def _lacking(facts: dict[str, Any]) -> list[str]:
    needed = (
        ("名称", facts.get("name")), ("对象范围", facts.get("scope_text")), ("抽查事项", facts.get("item_list")),
        ("抽查比例", facts.get("ratio") or facts.get("sample_size")),
        ("抽查时间", facts.get("window_start") and facts.get("window_end")),
    )  # fmt: skip
    return [word for word, there in needed if not there]


def acknowledge(report_id: str, note: str | None = None) -> PlanReport:
    """The office has seen it and says yes: the change takes effect, as a version with the report's number."""
    with transaction():
        report = _open(report_id)
        report.state, report.decision = ReportState.ACKNOWLEDGED.value, note
        _decided(report)
        given = _read(report.proposed)
        if report.kind == ReportKind.CHANGE:
            _refuse_outdated(report, given)
            change_entry(
                _entry_id(report),
                {**given, "reason": report.reason, "report_no": report.no},
                report_id=report.id,
            )
        elif report.kind == ReportKind.WITHDRAWAL:
            withdraw_entry(_entry_id(report), report.reason, report.no, report_id=report.id)
        else:
            given = {**given, "reason": report.reason, "report_no": report.no}
            entry = add_entry(report.plan_id, given, report_id=report.id, record_no=report.no)
            entry.drafted_by = report.department_id
            report.plan_entry_id = entry.id
        for change in db.session.scalars(select(PlanChange).where(PlanChange.report_id == report.id)):
            # The version is its who wanted it; who acknowledged it stands in the report.
            change.by, change.by_name = report.filed_by, report.filed_by_name
            change.department_id = report.department_id
        trail.record(
            "plan_report.acknowledged", "plan_report", report.id, no=report.no, kind=report.kind, plan=report.plan_id,
            plan_entry=report.plan_entry_id, note=note,
        )  # fmt: skip
    return report


def decline(report_id: str, reason: str) -> PlanReport:
    """The office says no, and why; the plan stays as it is."""
    with transaction():
        report = _open(report_id)
        report.state, report.decision = ReportState.DECLINED.value, reason
        _decided(report)
        trail.record(
            "plan_report.declined", "plan_report", report.id, no=report.no, plan=report.plan_id, reason=reason
        )
    return report


def _filed(
    plan: Plan, kind: ReportKind, reason: str, given: dict[str, Any], told: list[dict[str, str]],
    entry: PlanEntry | None,
) -> PlanReport:  # fmt: skip
    one_at_a_time(f"plan|{plan.region_id}|{plan.year}")
    count = db.session.scalar(
        select(func.count()).select_from(PlanReport).where(PlanReport.plan_id == plan.id)
    )
    word, who = "备案" if kind == ReportKind.ADHOC else "报备", acting()
    report = PlanReport(
        plan_id=plan.id, plan_entry_id=entry.id if entry else None, kind=kind.value, reason=reason,
        no=f"{word}〔{plan.year}〕{(count or 0) + 1}号", base=entry.revision if entry else plan.revision,
        proposed={"facts": {key: _kept(value) for key, value in given.items()}, "differences": told},
        department_id=who.department_id, filed_at=clock.now(), filed_by=who.account_id, filed_by_name=who.name,
    )  # fmt: skip
    db.session.add(report)
    db.session.flush()
    trail.record(
        "plan_report.filed", "plan_report", report.id, region_id=plan.region_id, plan=plan.id, no=report.no,
        kind=kind.value, plan_entry=report.plan_entry_id, reason=reason,
    )  # fmt: skip
    return report


def _kept(value: Any) -> Any:
    return plain(value)


def _read(proposed: dict[str, Any]) -> dict[str, Any]:
    return {
        key: date.fromisoformat(value) if key in DAYS and value else value
        for key, value in proposed["facts"].items()
    }


def _refuse_second(entry: PlanEntry) -> None:
    open_one = db.session.scalars(
        select(PlanReport).where(PlanReport.plan_entry_id == entry.id, PlanReport.state == ReportState.FILED)
    ).first()
    if open_one is not None:
        raise Problem("plans.report_open", f"这一行的{open_one.no}还在等联席办确认，没有再报。", 409)


def _refuse_outdated(report: PlanReport, given: dict[str, Any]) -> None:
    """What the department saw is no longer there: it must say again what it wants."""
    entry = db.session.get_one(PlanEntry, report.plan_entry_id)
    if entry.revision == report.base:
        return
    problem = overtaken(entry, report.base, set(given))
    if problem.extra["both"]:
        raise Problem(
            "plans.report_outdated",
            f"报备之后，{'、'.join(problem.extra['both'])}又改过，没有确认。请退回，由部门按最新内容再报。", 409,
        )  # fmt: skip


def _open(report_id: str) -> PlanReport:
    """A report that waits, and is not the asker's own: an approver is never the requester."""
    report = db.session.get_one(PlanReport, report_id, with_for_update={"of": PlanReport})
    if report.state != ReportState.FILED:
        raise Problem("plans.report_decided", f"{report.no}已经办过，没有再办。请刷新后查看。", 409)
    if report.filed_by is not None and report.filed_by == acting().account_id:
        raise Problem("plans.own_report", "不能确认自己提交的报备。请由联席办另一位工作人员办理。", 403)
    return report


def _decided(report: PlanReport) -> None:
    who = acting()
    report.decided_at, report.decided_by, report.decided_by_name = clock.now(), who.account_id, who.name


def _entry_id(report: PlanReport) -> str:
    assert report.plan_entry_id is not None
    return report.plan_entry_id
