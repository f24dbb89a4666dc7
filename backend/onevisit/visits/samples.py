"""Which samples wait for their laboratory, and what did it find? A part waits with them (process.md 7)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem, forbidden, not_found
from onevisit.dispatches.models import Visit
from onevisit.visits.models import SampleResult, VisitState

Json = dict[str, Any]


def samples_of(visit_id: str, department_id: str) -> list[Json]:
    """Every sample of a part with its result; `waiting` while a laboratory is named and has not answered."""
    there = _state(visit_id)["parts"].get(department_id)
    rows = select(SampleResult).where(
        SampleResult.visit_id == visit_id, SampleResult.department_id == department_id
    )
    results = {row.operation_id: row for row in db.session.scalars(rows)}
    samples = sorted(there["record"]["samples"], key=lambda one: (one["number"], one["id"])) if there else []
    return [_shown(sample, results.get(sample["id"])) for sample in samples]


def _state(visit_id: str) -> Json:
    kept = db.session.scalars(select(VisitState.state).where(VisitState.visit_id == visit_id)).first()
    found: Json = json.loads(kept) if kept else {"parts": {}}
    return found


def _shown(sample: Json, result: SampleResult | None) -> Json:
    named = ("id", "name", "number", "quantity", "laboratory")
    found = ("report_no", "verdict", "formed_on", "note")
    return {
        **{name: sample[name] for name in named}, "waiting": result is None and sample["laboratory"] is not None,
        "result": {name: getattr(result, name) for name in found} if result else None,
    }  # fmt: skip


def waiting_samples(visit_id: str, department_id: str) -> list[Json]:
    """Those that hold their part up."""
    return [one for one in samples_of(visit_id, department_id) if one["waiting"]]


def formed_on(visit_id: str, department_id: str) -> date | None:
    """The day the last result was formed; None while one is waited for, or where nothing was sent away."""
    samples = samples_of(visit_id, department_id)
    days = [one["result"]["formed_on"] for one in samples if one["result"]]
    return max(days) if days and not any(one["waiting"] for one in samples) else None


def enter_result(visit: Visit, department_id: str, operation_id: str, given: Json) -> list[Json]:
    """What the laboratory says about one sample, once; by the department that took it."""
    if acting().department_id != department_id:
        raise forbidden("只有抽样的部门能登记检验结果。")
    with transaction():
        one_at_a_time(f"sample:{visit.id}:{operation_id}")
        sample = next((one for one in samples_of(visit.id, department_id) if one["id"] == operation_id), None)
        if sample is None:
            raise not_found("样品")
        _refuse_result(sample, given)
        row = SampleResult(
            visit_id=visit.id, operation_id=operation_id, department_id=department_id, **given,
            entered_by=acting().account_id, entered_at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        trail.record(
            "sample.result_entered", "visit", visit.id, region_id=visit.region_id, department_id=department_id,
            sample=operation_id, number=sample["number"], verdict=given["verdict"],
            formed_on=given["formed_on"].isoformat(),
        )  # fmt: skip
    return samples_of(visit.id, department_id)


def _refuse_result(sample: Json, given: Json) -> None:
    if sample["result"] is not None:
        raise Problem("visits.sample_result_known", "这个样品的检验结果已经登记过，没有再改。", 409)
    if given["formed_on"] > clock.today():
        raise Problem("visits.sample_result_in_future", "结果形成的日期不能晚于今天，请核对检验报告。", 422)
