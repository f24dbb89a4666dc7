"""What happens to a table on its way to a plan: it is read, put right cell by cell, remembered, made a draft."""

import hashlib
from typing import Any

from sqlalchemy import delete, select

from onevisit.core import clock, storage, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem, not_found
from onevisit.core.trail import TrailEntry
from onevisit.departments.models import DepartmentAlias
from onevisit.departments.queries import departments_of
from onevisit.plans import intake, sheet_rows
from onevisit.plans import reading as rules
from onevisit.plans.learnt import corrections_in_force, key_of
from onevisit.plans.models import Plan
from onevisit.plans.queries import published_plan, reading_of
from onevisit.plans.reading_models import PlanAnswer, PlanCorrection, PlanReading, PlanReadingPage
from onevisit.plans.reading_queries import (
    answers_of,
    doubt_label,
    own_department,
    reading_seen,
    readings_of_file,
    understood,
)
from onevisit.plans.sheet_items import tidy
from onevisit.plans.sheet_tables import read_source
from onevisit.plans.terms import Heading, ReadingState
from onevisit.subjects.queries import region_meant

AT_ONCE = 400_000  # bytes; a larger file is read by the worker and tells how far it is


def take_in(
    filename: str,
    content: bytes,
    year: int | None = None,
    region_id: str | None = None,
    *,
    at_once: bool = False,
) -> PlanReading:
    """A table is read beside itself and kept; the same file again is gone on with. A large one is read by the worker."""
    region = region_meant(region_id)
    sha256 = hashlib.sha256(content).hexdigest()
    if (there := readings_of_file(region, sha256)) is not None and year in (None, there.year):
        return there
    with transaction():
        reading = PlanReading(
            region_id=region, department_id=own_department(), file_name=(filename or "未命名文件")[-200:], sha256=sha256,
            state=ReadingState.WAITING.value, stage="file", year=year, sheets=[], at=clock.now(),
            by=acting().account_id, by_name=acting().name, answers=[],
        )  # fmt: skip
        db.session.add(reading)
        db.session.flush()
        if at_once or len(content) <= AT_ONCE:
            _keep_pages(reading, content)
            _read_or_ask(reading, content, ask=not at_once)
        storage.put_file(content)
        trail.record(
            "plan_reading.received", "plan_reading", reading.id, region_id=region,
            department_id=reading.department_id, file=reading.file_name, sha256=sha256, size=len(content),
        )  # fmt: skip
    return reading


def read_waiting(entry: TrailEntry) -> None:
    """A large table is read in the background, in steps that say how far it is; dropped meanwhile, it is left alone."""
    reading = db.session.get(PlanReading, entry.object_id)
    if reading is None or reading.state != ReadingState.WAITING:
        return
    content = storage.get(storage.key_of(reading.sha256))
    try:
        with transaction():
            _keep_pages(_waiting(entry.object_id), content)
        with transaction():
            reading = _waiting(entry.object_id)
            _read_or_ask(reading, content, ask=True)
            reading.revision += 1
            trail.record("plan_reading.read", "plan_reading", reading.id, region_id=reading.region_id)
    except Problem as problem:
        with transaction():
            failed = db.session.get_one(PlanReading, entry.object_id)
            if failed.state == ReadingState.WAITING:
                failed.state, failed.refusal = ReadingState.FAILED.value, problem.as_json()


def _waiting(reading_id: str) -> PlanReading:
    reading = db.session.get(PlanReading, reading_id, with_for_update={"of": PlanReading})
    if reading is None or reading.state != ReadingState.WAITING:
        raise Problem("plans.reading_dropped", "这份表已放弃读取。需要时请重新上传。", 409)
    return reading


def _keep_pages(reading: PlanReading, content: bytes) -> None:
    """The rows as printed, in pages; done anew when the worker died in between."""
    db.session.execute(delete(PlanReadingPage).where(PlanReadingPage.plan_reading_id == reading.id))
    grids = read_source(reading.file_name, content).grids
    for sheet, grid in enumerate(grids):
        for page, rows in enumerate(rules.pages_of(grid)):
            db.session.add(PlanReadingPage(plan_reading_id=reading.id, sheet=sheet, page=page, rows=rows))
    reading.sheets = [
        {"name": grid.name, "rows": len(grid.rows), "columns": max(map(len, grid.rows), default=0)}
        for grid in grids
    ]
    reading.stage = "facts"
    reading.rows_all = reading.rows_done = sum(len(grid.rows) for grid in grids)
    db.session.flush()


def _read(reading: PlanReading, content: bytes) -> None:
    """What the table says, with everything this office has taught; a year already published is refused here."""
    reading.said = reading_of(reading.file_name, content, reading.year, reading.region_id)
    reading.year = reading.said["plan"]["year"]
    reading.stage = "done"
    _refuse_published(reading)


def _read_or_ask(reading: PlanReading, content: bytes, *, ask: bool) -> None:
    """Read; a table whose headings nobody knows waits until somebody says what its columns are."""
    try:
        _read(reading, content)
    except Problem as problem:
        if not ask or not problem.extra.get("nameable"):
            raise
        reading.state, reading.stage = ReadingState.HEADINGS.value, "headings"
    else:
        reading.state = ReadingState.OPEN.value


def name_columns(reading_id: str, sheet: int, row: int, columns: dict[int, str]) -> PlanReading:
    """What the columns of an unknown table are: remembered by their headings, and the table is read."""
    with transaction():
        reading_seen(reading_id)
        reading = db.session.get_one(PlanReading, reading_id, with_for_update={"of": PlanReading})
        if reading.state != ReadingState.HEADINGS:
            raise Problem("plans.reading_closed", "这份表的表头已经指定过了，请刷新后再看。", 409)
        content = storage.get(storage.key_of(reading.sha256))
        for heading, field in _columns_named(reading, content, sheet, row, columns).items():
            _teach(reading, "heading", "heading", heading, field, rules.words_of("heading", field))
        try:
            _read(reading, content)
        except Problem as problem:
            if problem.code != "plans.no_table_found":
                raise
            raise Problem(
                "plans.headings_short",
                "按这些列还读不出任务，没有保存。请至少指定三列：抽查事项或任务名称，以及抽查比例、抽查时间、发起部门中的几项；"
                "并确认选的是表头那一行。",
            ) from problem
        reading.state, reading.revision = ReadingState.OPEN.value, reading.revision + 1
        trail.record(
            "plan_reading.columns_named", "plan_reading", reading.id, region_id=reading.region_id, row=row,
            columns={str(at): field for at, field in columns.items()},
        )  # fmt: skip
    return reading


def _columns_named(
    reading: PlanReading, content: bytes, sheet: int, row: int, columns: dict[int, str]
) -> dict[str, str]:
    """Heading -> field; columns that were not named are left out from now on."""
    grids = read_source(reading.file_name, content).grids
    if (
        sheet >= len(grids)
        or not 0 < row <= len(grids[sheet].rows)
        or not set(columns.values()) <= set(Heading)
    ):
        raise Problem("plans.heading_unknown", "没有找到这个表头，没有保存。请刷新后重新选择。")
    found: dict[str, str] = {}
    for at, cell in enumerate(grids[sheet].rows[row - 1]):
        text = tidy(cell.text)
        field = columns.get(at, Heading.IGNORE.value)
        if not text:
            if at in columns:
                raise Problem(
                    "plans.heading_empty",
                    f"第 {at + 1} 列在这一行没有文字，记不住它是什么。请选表头所在的行，或在文件里补上表头。",
                )
            continue
        if found.get(text, field) != field and Heading.IGNORE not in (found[text], field):
            raise Problem(
                "plans.heading_twice",
                f"有两列的表头都是“{text}”，却指定成了不同的内容。请在文件里把表头改得不同。",
            )
        if found.get(text, Heading.IGNORE) == Heading.IGNORE:
            found[text] = field
    return found


def _refuse_published(reading: PlanReading) -> None:
    plan = published_plan(reading.region_id, reading.year) if reading.year else None
    if plan is not None:
        raise Problem(
            "plans.already_published",
            f"{reading.year} 年的计划已经公布，这张表没有读入。要调整，请打开已公布的计划逐条修改并写明理由；"
            "要增加任务，请在计划里新增临时任务；如果是别的年度，请先选定年度再上传。",
            409, plan_id=plan.id,
        )  # fmt: skip


def _open(reading_id: str) -> PlanReading:
    """The reading under its lock, while it may still be changed."""
    reading_seen(reading_id)
    reading = db.session.get_one(PlanReading, reading_id, with_for_update={"of": PlanReading})
    if reading.state != ReadingState.OPEN:
        raise Problem(
            "plans.reading_closed", "这份表已生成草稿或已放弃，不能再改。请在计划里修改，或重新上传。", 409
        )
    return reading


def _again(reading: PlanReading) -> None:
    content = storage.get(storage.key_of(reading.sha256))
    _read(reading, content)


def answer(reading_id: str, given: dict[str, Any]) -> PlanReading:
    """Somebody puts a cell right, names a heading or an office, or settles a doubt; `always` teaches the reader."""
    with transaction():
        reading = _open(reading_id)
        kind = given["kind"]
        made = {"fact": _put_right, "heading": _name_heading, "department": _name_office, "settled": _settle}[
            kind
        ](reading, given)
        reading.revision += 1
        trail.record(
            "plan_reading.answered", "plan_reading", reading.id, region_id=reading.region_id, kind=kind,
            anchor=made.anchor, fact=made.fact, raw=made.raw, value=_without_floats(made.value),
            learnt=made.correction_id,
        )  # fmt: skip
    return reading


def _without_floats(value: Any) -> Any:
    """The trail holds no floats (canonical JSON): 0.5 % is told as text."""
    if isinstance(value, float):
        return str(value)
    if isinstance(value, dict):
        return {name: _without_floats(one) for name, one in value.items()}
    return [_without_floats(one) for one in value] if isinstance(value, list) else value


def _put_right(reading: PlanReading, given: dict[str, Any]) -> PlanAnswer:
    task = _task(reading, given["anchor"])
    held = task["facts"].get(given["fact"])
    if held is None and given["fact"] not in task:
        raise Problem("plans.fact_unknown", "表里没有这一项，没有保存。请刷新后重试。")
    try:
        value = rules.checked_value(given["fact"], given["value"])
    except rules.WrongValue as wrong:
        raise Problem("plans.value_wrong", f"{wrong}，没有保存。") from wrong
    raw, cells = (held or {}).get("raw", ""), (held or {}).get("cells", [])
    learnt = None
    if given["always"] and raw.strip() and len(cells) == 1 and given["fact"] in rules.MAY_BE_LEARNT:
        taught = [one["text"] for one in value] if given["fact"] == "items" and value else value
        learnt = _teach(reading, "fact", given["fact"], raw, taught, rules.words_of(given["fact"], value))
    made = _note(reading, "fact", given["anchor"], given["fact"], raw, value, learnt)
    if learnt:
        _again(reading)
    return made


def _name_heading(reading: PlanReading, given: dict[str, Any]) -> PlanAnswer:
    """A column is something else than was read: the whole table is read anew."""
    printed = {one["text"] for one in reading.said["plan"].get("headings", ())}
    if given["raw"] not in printed or given["value"] not in set(Heading):
        raise Problem("plans.heading_unknown", "没有找到这个表头，没有保存。请刷新后重新选择。")
    learnt = _teach(
        reading, "heading", "heading", given["raw"], given["value"], rules.words_of("heading", given["value"])
    )
    made = _note(reading, "heading", "", "heading", given["raw"], given["value"], learnt)
    _again(reading)
    return made


def _name_office(reading: PlanReading, given: dict[str, Any]) -> PlanAnswer:
    """A name nobody knew is one of the region's offices: for this table, or as an alias for good."""
    offices = {one.id: one.name for one in departments_of(reading.region_id)}
    written = given["raw"].strip()
    if given["value"] not in offices or not written or len(written) > 120:
        raise Problem("plans.department_unknown", "没有这个部门，没有保存。请从部门名单里选择。")
    name, learnt = offices[given["value"]], None
    if given["always"]:
        alias = db.session.scalars(
            select(DepartmentAlias).where(
                DepartmentAlias.region_id == reading.region_id, DepartmentAlias.name == written
            )
        ).first()
        if alias is None:
            alias = DepartmentAlias(region_id=reading.region_id, name=written)
            db.session.add(alias)
        alias.department_id = given["value"]
        db.session.flush()
        learnt = alias.id
        trail.record(
            "department.alias_learnt", "department", given["value"], region_id=reading.region_id, name=written, alias=alias.id
        )  # fmt: skip
    made = _note(reading, "department", "", "department", written, name, learnt)
    if learnt:
        _again(reading)
    return made


def _settle(reading: PlanReading, given: dict[str, Any]) -> PlanAnswer:
    """The reading of a doubt holds: somebody looked."""
    wanted = (given["anchor"], given["fact"], given["raw"])
    open_ones = {
        (one.anchor, one.fact, one.code) for one in rules.doubts_of(understood(reading), answers_of(reading))
    }
    if wanted not in open_ones:
        raise Problem("plans.doubt_unknown", "这处存疑已经不在了，没有保存。请刷新后再看。")
    return _note(reading, "settled", *wanted, None, None)


def _task(reading: PlanReading, anchor: str) -> dict[str, Any]:
    names = rules.anchors(reading.said["tasks"])
    if anchor not in names:
        raise Problem("plans.task_unknown", "表里没有这一项任务，没有保存。请刷新后重试。")
    task: dict[str, Any] = understood(reading)["tasks"][names.index(anchor)]
    return task


def _note(
    reading: PlanReading, kind: str, anchor: str, fact: str, raw: str, value: Any, learnt: str | None
) -> PlanAnswer:
    """The newest answer to a question stands; an earlier one to the same gives way."""
    for earlier in list(reading.answers):
        if (earlier.kind, earlier.anchor, earlier.fact) == (kind, anchor, fact) and (
            kind == "fact" or earlier.raw == raw
        ):
            reading.answers.remove(earlier)
    made = PlanAnswer(
        kind=kind, anchor=anchor, fact=fact, raw=raw, value=value, correction_id=learnt, at=clock.now(),
        by_name=acting().name,
    )  # fmt: skip
    reading.answers.append(made)
    db.session.flush()
    return made


def _teach(reading: PlanReading, kind: str, fact: str, raw: str, value: Any, words: str) -> str:
    """以后都这样读: the newest word on the same cell replaces an older one."""
    return teach(reading.region_id, kind, fact, raw, value, words, source=reading.file_name)


def teach(
    region_id: str, kind: str, fact: str, raw: str, value: Any, words: str, *, source: str | None = None, key: str | None = None
) -> str:  # fmt: skip
    """Remember one correction of this region's office, in the running transaction; its id."""
    wanted = key if key is not None else key_of(raw)
    for earlier in corrections_in_force(region_id, kind):
        if (earlier.fact, earlier.key) == (fact, wanted):
            earlier.revoked_at, earlier.revoked_by = clock.now(), acting().account_id
    made = PlanCorrection(
        region_id=region_id, kind=kind, fact=fact, key=wanted, raw=raw, value=value, value_words=words, source=source,
        at=clock.now(), by=acting().account_id, by_name=acting().name,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def take_back(reading_id: str, answer_id: str) -> PlanReading:
    """Undo one answer, and what it taught."""
    with transaction():
        reading = _open(reading_id)
        found = next((one for one in reading.answers if one.id == answer_id), None)
        if found is None:
            raise not_found("更正")
        reading.answers.remove(found)
        if found.correction_id:
            _forget(reading.region_id, found.correction_id)
            _again(reading)
        reading.revision += 1
        trail.record(
            "plan_reading.answer_taken_back", "plan_reading", reading.id, region_id=reading.region_id,
            kind=found.kind, fact=found.fact, raw=found.raw,
        )  # fmt: skip
    return reading


def choose_year(reading_id: str, year: int) -> PlanReading:
    """The table is another year's, or says none: it is read anew for this year."""
    with transaction():
        reading = _open(reading_id)
        reading.year = year
        _again(reading)
        reading.revision += 1
        trail.record(
            "plan_reading.year_chosen", "plan_reading", reading.id, region_id=reading.region_id, year=year
        )
    return reading


def make_draft(reading_id: str) -> Plan:
    """One click: the rows join the draft of their year; doubts that nobody settled go along and are asked there."""
    with transaction():
        reading = _open(reading_id)
        plan = draft_from(reading)
    return plan


def draft_from(reading: PlanReading) -> Plan:
    """The draft of a reading, in the running transaction."""
    if reading.year is None:
        raise Problem("plans.year_missing", "表里没有写年份，没有生成草稿。请先选定计划年度。")
    _refuse_published(reading)
    said = rules.for_the_plan(understood(reading), answers_of(reading))
    plan = intake.keep_reading(
        said, region_id=reading.region_id, filename=reading.file_name, file_hash=reading.sha256,
        sha256=reading.sha256, as_department=reading.department_id,
    )  # fmt: skip
    reading.state, reading.plan_id, reading.revision = (
        ReadingState.DRAFTED.value,
        plan.id,
        reading.revision + 1,
    )
    db.session.execute(delete(PlanReadingPage).where(PlanReadingPage.plan_reading_id == reading.id))
    return plan


def import_at_once(
    filename: str, content: bytes, year: int | None, region_id: str | None, *, without_refused: bool = False
) -> dict[str, Any]:
    """The table becomes a draft without a screen (the command line); a row that cannot be read holds it back.

    What is open is told; the reading stays, so that somebody can go on with it on the screen.
    """
    with transaction():
        reading = take_in(filename, content, year, region_id, at_once=True)
        doubts = [
            one
            for one in rules.doubts_of(understood(reading), answers_of(reading))
            if one.asks and not one.settled
        ]
        refused = [
            one for one in reading.said["plan"].get("rows_not_read", ()) if one["why"] == sheet_rows.NO_TASK
        ]
        plan = None if refused and not without_refused else draft_from(reading)
        told = {
            "reading": reading.id, "plan": plan.id if plan else None, "name": plan.name if plan else None,
            "entries": len(reading.said["tasks"]),
            "doubts": [_told(one) for one in doubts],
            "refused": [
                {"sheet": one["sheet"], "row": one["row"], "text": "｜".join(filter(None, map(str, one["cells"])))}
                for one in refused
            ],
        }  # fmt: skip
    return told


def _told(one: rules.DoubtOf) -> dict[str, Any]:
    cell = one.cells[0] if one.cells else None
    place = f"{cell['sheet']} 第 {cell['row']} 行第 {cell['column']} 列" if cell else "全表"
    return {"place": place, "code": one.code, "label": doubt_label(one.code), "words": one.words}


def drop(reading_id: str) -> None:
    """Give a table up, also while it is still being read; nothing of it stays but the fact."""
    with transaction():
        reading = reading_seen(reading_id)
        if reading.state == ReadingState.DRAFTED:
            raise Problem("plans.reading_closed", "这份表已生成草稿，不能放弃。请在计划里撤销这次导入。", 409)
        reading.state, reading.said, reading.revision = ReadingState.DROPPED.value, None, reading.revision + 1
        reading.answers.clear()
        db.session.execute(delete(PlanReadingPage).where(PlanReadingPage.plan_reading_id == reading.id))
        trail.record("plan_reading.dropped", "plan_reading", reading.id, region_id=reading.region_id)


def revoke(correction_id: str) -> None:
    """不再这样读: the next table is read as if it had never been said; tables already read stay as they are."""
    region = region_meant()
    with transaction():
        if not _forget(region, correction_id):
            raise not_found("更正")


def _forget(region_id: str, correction_id: str) -> bool:
    correction = db.session.get(PlanCorrection, correction_id)
    if correction is not None and correction.region_id == region_id and correction.revoked_at is None:
        correction.revoked_at, correction.revoked_by = clock.now(), acting().account_id
        trail.record(
            "plan_correction.revoked", "plan_correction", correction.id, region_id=region_id, kind=correction.kind,
            fact=correction.fact, raw=correction.raw,
        )  # fmt: skip
        db.session.flush()
        return True
    alias = db.session.get(DepartmentAlias, correction_id)
    if alias is not None and alias.region_id == region_id:
        trail.record(
            "department.alias_forgotten", "department", alias.department_id, region_id=region_id, name=alias.name
        )  # fmt: skip
        db.session.delete(alias)
        db.session.flush()
        return True
    return False
