"""What does the draw certificate 抽取证明 say?"""

import json
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from onevisit.accounts.models import Account
from onevisit.core.clock import LAW_ZONE
from onevisit.core.db import db
from onevisit.departments.models import Department
from onevisit.draws.lot import FORMAT
from onevisit.draws.models import Draw, DrawnSubject, DrawSource
from onevisit.draws.queries import drawn_count
from onevisit.draws.room_queries import room_of
from onevisit.draws.states import KIND_LABELS, DrawKind, DrawOrder
from onevisit.papers.facts import CertificateFacts, Chosen, Host, Pool, Quota, RestsOn, Selected, Source
from onevisit.papers.rules import facts_digest
from onevisit.plans.models import PlanEntry
from onevisit.regions.queries import profile_of, region_of
from onevisit.tasks.models import Task

LATER = {
    DrawOrder.TOGETHER: "",
    DrawOrder.BY_DEPARTMENT: "由各部门另行抽取",
    DrawOrder.AFTER_CLAIM: "在派发认领之后另行抽取",
}


def certificate_facts(draw: Draw) -> CertificateFacts:
    """Everything of a finished draw that may be printed: leaves and tickets, never a name of the list."""
    task, room = db.session.get_one(Task, draw.task_id), room_of(draw, names=False)
    entry, commit = db.session.get_one(PlanEntry, task.plan_entry_id), draw.commit
    steps, lead = room["arithmetic"], _host_department(draw, task)
    subjects, people = draw.kind != DrawKind.INSPECTORS, draw.kind != DrawKind.SUBJECTS
    facts: CertificateFacts = {
        "issuer": issuing_body(draw.region_id),
        "no": certificate_no(draw),
        "task": {"name": task.name, "no": task.no, "plan": entry.plan.name, "seq": entry.seq},
        "draw": draw.no,
        "of": "" if subjects and people else KIND_LABELS[DrawKind(draw.kind)],
        "rests_on": None if subjects else _rests_on(draw),
        "when": f"{_moment(draw.committed_at)}至{_moment(draw.drawn_at)}",
        "where": None,
        "scope": task.scope_text,
        "ratio_raw": entry.ratio_raw or "",
        "ratio": str(steps["planned_ratio"] or f"{steps['planned']} 户") if steps else "",
        "how": _how(draw, steps) if steps else "",
        "resulting": steps["resulting_ratio"] if steps else None,
        "pool": _frozen(commit["pool"]) if subjects else None,
        "excluded": _frozen(commit["excluded"]) if subjects else None,
        "excluded_why": "，".join(f"{one['label']} {one['count']} 户" for one in room["excluded"]) or None,
        "inspectors": _frozen(commit["inspectors"]) if people else None,
        "changes": _changes(room["changes"]) if subjects else None,
        "commit_hash": draw.commit_hash or "",
        "committed": _moment(draw.committed_at),
        "closes": _moment(draw.closes_at),
        "sources": [_source(one, lead.id) for one in draw.sources],
        "key": draw.key or "",
        "quotas": [_quota(step) for step in steps["classes"]] if steps else [],
        "weights": steps["weight"] if steps else "",
        "total": steps["quota"] if steps else 0,
        "selected": _selected(draw),
        "thresholds": list(json.loads(draw.public_bundle or '{"thresholds": {}}')["thresholds"].items()),
        "matching": _matching(draw, room) if people else None,
        "teams": [] if subjects else _teams(draw, room),
        "people": LATER[DrawOrder(draw.order)],
        "rule": FORMAT,
        "voided": len(room["voided_before"]),
        "host": _person(draw.made_by, lead.name),
        "parties": [_person(one.by, one.name) for one in draw.sources],
        "issued_by": lead.name,
        "issued": _day(draw.drawn_at),
        "digest": "",
        "qr": f"{current_app.config['ONEVISIT'].public_url}/public/draws/{draw.no}",
    }
    facts["digest"] = facts_digest(facts)
    return facts


def _host_department(draw: Draw, task: Task) -> Department:
    """A department that draws its own inspectors issues the certificate of that; else the initiating one."""
    own = draw.match["departments"]
    alone = draw.kind == DrawKind.INSPECTORS and len(own) == 1
    return db.session.get_one(Department, own[0] if alone else task.initiating_department_id)


def _frozen(listed: dict[str, Any]) -> Pool:
    return {"count": listed["count"], "root": listed["root"]}


def _how(draw: Draw, steps: dict[str, Any]) -> str:
    """How many in all, in words: by the plan, by typed ratios, by a number, or one batch of the year's."""
    rules, total = draw.rules, steps["quota"]
    if rules["class_ratios"]:
        return f"各类按填写的比例，共 {total} 户"
    if not steps["planned_ratio"]:
        return f"按户数抽取 {total} 户，按权数分配，余数大的先进"
    whole = f"总数 {steps['count']} × {steps['planned_ratio']}"
    if batch := rules["batch"]:
        return f"{whole}，本年分 {batch['of']} 批，本次第 {batch['number']} 批 {total} 户，按权数分配"
    return f"{whole} = {total} 户，按权数分配，余数大的先进"


def _rests_on(draw: Draw) -> RestsOn:
    base = db.session.get_one(Draw, draw.subjects_draw_id)
    return {"no": base.no, "commit": base.commit_hash or "", "visits": drawn_count(base)}


def _teams(draw: Draw, room: dict[str, Any]) -> list[Chosen]:
    """Visit by visit as the lot left them; who was appointed or replaced later stands in the events, not here."""
    names = {one["id"]: one["short_name"] for one in room["departments"]}
    return [
        {"leaf": one["visit"], "department": names[one["department"]], "inspectors": one["inspectors"]}
        for one in json.loads(draw.bundle or '{"teams": []}')["teams"]
    ]


def issuing_body(region_id: str) -> str:
    """The heading of the papers: the body that issued the notice, without its office."""
    body = (profile_of(region_id).value("identity.body").value or {}).get("name")
    body = str(body or f"{region_of(region_id).full_name}部门联合“双随机、一公开”监管")
    for office in ("工作联席会议办公室", "联席会议办公室", "工作领导小组办公室", "工作领导小组"):
        body = body.removesuffix(office)
    return body


def certificate_no(draw: Draw) -> str:
    """贵南双随抽〔2026〕26-1-1号: derived from the draw's number, which is used once."""
    place = region_of(draw.region_id).name
    short = place.rstrip("县市区旗") if len(place) > 2 else place
    _, year, number = draw.no.split("-", 2)
    return f"{short}双随抽〔{year}〕{number}号"


def _moment(at: datetime | None) -> str:
    return f"{_day(at)} {at.astimezone(LAW_ZONE):%H时%M分}" if at else ""


def _day(at: datetime | None) -> str:
    here = at.astimezone(LAW_ZONE) if at else None
    return f"{here.year}年{here.month}月{here.day}日" if here else ""


def _changes(changes: dict[str, Any]) -> str | None:
    if changes["since"] is None:
        return None
    return f"新增 {changes['added']}，移除 {changes['removed']}，变更 {changes['changed']}"


def _source(source: DrawSource, lead: str) -> Source:
    who = f"{source.name}（发起）" if source.department_id == lead else source.name
    return {"who": who, "value": source.value or "", "commitment": source.commitment}


def _quota(step: dict[str, Any]) -> Quota:
    return {
        "risk": step["risk"], "count": step["count"], "multiplier": step["multiplier"], "ratio": step["ratio"] or "",
        "weight": step["weight"], "share": step["share"], "quota": step["quota"],
    }  # fmt: skip


def _selected(draw: Draw) -> list[Selected]:
    rows = db.session.scalars(
        select(DrawnSubject).where(DrawnSubject.draw_id == draw.id).order_by(DrawnSubject.order)
    )
    by_leaf = {row.leaf: row for row in rows}
    order = json.loads(draw.public_bundle or '{"selected": []}')["selected"]
    return [
        {"risk": by_leaf[leaf].risk, "leaf": leaf, "ticket": by_leaf[leaf].ticket, "visit_no": None}
        for leaf in order
    ]


def _matching(draw: Draw, room: dict[str, Any]) -> str:
    missing = sum(one["missing"] for one in room["shortfalls"])
    return f"{room['drawn_count']} 次上门 × {len(room['departments'])} 部门 × {draw.match['k']} 人，缺员 {missing}"


def _person(account_id: str | None, of: str) -> Host:
    account = db.session.get(Account, account_id) if account_id else None
    return {"name": account.name if account else "", "of": of, "strokes": None}
