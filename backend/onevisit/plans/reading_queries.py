"""What is so in a table that is being taken in: its rows as printed, what was understood, what is open?"""

from typing import Any

from sqlalchemy import func, or_, select

from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import not_found
from onevisit.departments.models import DepartmentAlias
from onevisit.departments.queries import departments_of, named_department
from onevisit.plans import reading as rules
from onevisit.plans.learnt import corrections_in_force
from onevisit.plans.queries import listed_items, published_plan
from onevisit.plans.reading_models import PlanReading, PlanReadingPage
from onevisit.plans.terms import DOUBT_LABELS, READING_STATE_LABELS, Doubt, ReadingState

OPEN_STATES = (ReadingState.WAITING, ReadingState.HEADINGS, ReadingState.OPEN, ReadingState.FAILED)
BRIEF = ("id", "file_name", "state", "stage", "rows_done", "rows_all", "year", "plan_id", "at", "by_name", "refusal",
         "revision")  # fmt: skip


def reading_seen(reading_id: str) -> PlanReading:
    """A table of my own hand: the joint office's, or my department's (S2 art. 7)."""
    found = db.session.get(PlanReading, reading_id)
    if found is None or found.region_id != acting().region_id or found.department_id != own_department():
        raise not_found("读表")
    return found


def own_department() -> str | None:
    """For whom somebody takes a table in: the joint office for all, a desk for its own department."""
    return None if acting().has("joint_office") else acting().department_id


def readings_open(region_id: str) -> list[dict[str, Any]]:
    """The tables that wait for me to go on with them, newest first."""
    rows = select(PlanReading).where(
        PlanReading.region_id == region_id,
        PlanReading.state.in_(OPEN_STATES),
        PlanReading.department_id.is_(None)
        if own_department() is None
        else PlanReading.department_id == own_department(),
    )
    return [brief(one) for one in db.session.scalars(rows.order_by(PlanReading.at.desc()).limit(20))]


def brief(reading: PlanReading) -> dict[str, Any]:
    """A table in a list."""
    doubts = rules.doubts_of(understood(reading), answers_of(reading)) if reading.said else []
    return {name: getattr(reading, name) for name in BRIEF} | {
        "state_label": READING_STATE_LABELS[ReadingState(reading.state)],
        "tasks_read": len(reading.said["tasks"]) if reading.said else 0,
        "open_doubts": sum(one.asks and not one.settled for one in doubts),
    }


def answers_of(reading: PlanReading) -> list[rules.Answer]:
    """What somebody decided about this table, as the rules see it."""
    return [rules.Answer(one.kind, one.anchor, one.fact, one.raw, one.value) for one in reading.answers]


def understood(reading: PlanReading) -> dict[str, Any]:
    """What the table says, with what somebody put right and a doubt for every office that nobody knows."""
    answers = answers_of(reading)
    offices = named_department(reading.region_id)
    said = rules.with_offices(rules.renamed(reading.said, answers), lambda name: offices(name) is not None)
    return rules.answered(said, answers)


def reading_shown(reading: PlanReading) -> dict[str, Any]:
    """The whole reading: facts with their cells, open doubts, what was answered; the table itself comes by pages."""
    answers = answers_of(reading)
    empty: dict[str, Any] = {"plan": {"problems": []}, "tasks": []}
    said = understood(reading) if reading.said else empty
    doubts = rules.doubts_of(said, answers) if reading.said else []
    names = rules.anchors(said["tasks"])
    return brief(reading) | {
        "plan": {
            name: said["plan"].get(name) for name in ("plan_name", "year", "document_no", "region", "tier")
        },
        "headings": said["plan"].get("headings", []),
        "rows_not_read": said["plan"].get("rows_not_read", []),
        "sheets": reading.sheets,
        "page_rows": rules.PAGE_ROWS,
        "tasks": [_task(one, name) for one, name in zip(said["tasks"], names, strict=True)],
        "doubts": [_doubt(one) for one in doubts],
        "answers": [_answer(one) for one in reading.answers],
        "items": _items(said["tasks"], reading.region_id),
        "published_plan_id": _published(reading),
    }


def _published(reading: PlanReading) -> str | None:
    plan = published_plan(reading.region_id, reading.year) if reading.year else None
    return plan.id if plan else None


def _task(task: dict[str, Any], anchor: str) -> dict[str, Any]:
    facts = {
        name: {
            "label": rules.fact_label(name),
            "value": task.get(name),
            "may_be_learnt": name in rules.MAY_BE_LEARNT and len(held["cells"]) == 1,
            **{key: held.get(key, []) for key in ("cells", "raw", "sure", "because", "strange")},
        }
        for name, held in task["facts"].items()
    }
    return {
        "anchor": anchor,
        "seq": task["seq"],
        "name": task["task_name"] or task["plan_name"],
        "facts": facts,
    }


def doubt_label(code: str) -> str:
    """A doubt's name for people."""
    return DOUBT_LABELS[Doubt(code)] if code in set(Doubt) else code


def _doubt(one: rules.DoubtOf) -> dict[str, Any]:
    return {
        "id": one.id, "task": one.task, "anchor": one.anchor, "fact": one.fact, "code": one.code,
        "label": doubt_label(one.code), "words": one.words, "asks": one.asks,
        "settled": one.settled, "cells": list(one.cells),
    }  # fmt: skip


def _answer(one: Any) -> dict[str, Any]:
    labels = {"heading": "表头", "department": "部门", "settled": "核对"}
    return {
        "id": one.id, "kind": one.kind, "anchor": one.anchor, "fact": one.fact, "raw": one.raw,
        "label": labels.get(one.kind) or rules.fact_label(one.fact),
        "words": "照此读法" if one.kind == "settled" else rules.words_of("heading" if one.kind == "heading" else one.fact, one.value),
        "learnt": one.correction_id is not None, "at": one.at, "by_name": one.by_name,
    }  # fmt: skip


def _items(tasks: list[dict[str, Any]], region_id: str) -> dict[str, int]:
    """How the items of the table meet the list: questions that wait on the plan's page."""
    listed, offices = listed_items(region_id), named_department(region_id)
    found = {"exact": 0, "near": 0, "missing": 0}
    for item in (item for task in tasks for item in task["items"]):
        department = offices(item["department"]) if item.get("department") else None
        kind = listed.match(item["text"], department).kind.value
        found[kind if kind in found else "exact"] += 1
    return found


def page_shown(reading: PlanReading, sheet: int, page: int) -> dict[str, Any]:
    """Some rows of one sheet as printed; `first` is the number of its first row."""
    found = db.session.scalars(
        select(PlanReadingPage).where(
            PlanReadingPage.plan_reading_id == reading.id,
            PlanReadingPage.sheet == sheet,
            PlanReadingPage.page == page,
        )
    ).first()
    if found is None:
        raise not_found("表格页")
    return {"sheet": sheet, "page": page, "first": page * rules.PAGE_ROWS + 1, "rows": found.rows}


def corrections_shown(region_id: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """Everything that is read so from now on: corrections and learnt names, newest first."""
    names = {one.id: one.name for one in departments_of(region_id)}
    rows: list[dict[str, Any]] = [
        {"id": one.id, "kind": one.kind, "label": _kind_label(one.kind, one.fact, names), "raw": one.raw,
         "words": one.value_words, "source": one.source, "at": one.at, "by_name": one.by_name}
        for one in corrections_in_force(region_id)
    ]  # fmt: skip
    aliases = db.session.scalars(select(DepartmentAlias).where(DepartmentAlias.region_id == region_id))
    rows += [
        {"id": one.id, "kind": "department", "label": "部门名称", "raw": one.name,
         "words": names.get(one.department_id, one.department_id), "source": None, "at": None, "by_name": None}
        for one in aliases
    ]  # fmt: skip
    text = wanted.get("q", "").strip()
    found = [one for one in rows if text in f"{one['raw']}{one['words']}{one['label']}"]
    found.sort(
        key=lambda one: (one["at"] is not None, one["at"].isoformat() if one["at"] else one["raw"]),
        reverse=True,
    )
    start = int(wanted["after"] or 0) if str(wanted.get("after") or "0").isdecimal() else 0
    page, more = found[start : start + wanted["limit"]], len(found) > start + wanted["limit"]
    return {"items": page, "next": str(start + wanted["limit"]) if more else None, "total": len(found)}


def _kind_label(kind: str, fact: str, names: dict[str, str]) -> str:
    if kind == "item":
        return f"事项 · {names.get(fact, '未写部门')}"
    return {"heading": "表头"}.get(kind) or rules.fact_label(fact)


def readings_of_file(region_id: str, sha256: str) -> PlanReading | None:
    """The same file, already being taken in by the same hand: gone on with, not begun anew."""
    same = select(PlanReading).where(
        PlanReading.region_id == region_id, PlanReading.sha256 == sha256,
        PlanReading.state.in_((ReadingState.OPEN, ReadingState.HEADINGS)),
        PlanReading.department_id.is_(None) if own_department() is None else PlanReading.department_id == own_department(),
    )  # fmt: skip
    return db.session.scalars(same.order_by(PlanReading.at.desc())).first()


def correction_count(region_id: str) -> int:
    """How much this office has taught the reader."""
    aliases = (
        select(func.count()).select_from(DepartmentAlias).where(or_(DepartmentAlias.region_id == region_id))
    )
    return len(corrections_in_force(region_id)) + (db.session.scalar(aliases) or 0)
