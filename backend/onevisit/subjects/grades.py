"""Which grades does a department give by its own scale, and which holds? (S0, S3, S4: 部门、行业分级)"""

from calendar import monthrange
from datetime import date
from typing import Any

from sqlalchemy import func, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem, forbidden, not_found
from onevisit.departments.queries import departments_of
from onevisit.regions.queries import profile_of
from onevisit.subjects.changes import note_change
from onevisit.subjects.models import GradeScale, LibraryChange, Subject, SubjectGrade
from onevisit.subjects.queries import subject_of
from onevisit.subjects.terms import RISK_LABELS, ChangeKind, LibraryName, Risk

Json = dict[str, Any]


def scales_of(region_id: str, ended: bool = False) -> list[GradeScale]:
    """The scales of a region's departments."""
    rows = select(GradeScale).where(GradeScale.region_id == region_id)
    if not ended:
        rows = rows.where(GradeScale.ended_at.is_(None))
    return list(db.session.scalars(rows.order_by(GradeScale.department_id, GradeScale.name)))


def scales_shown(region_id: str) -> list[Json]:
    """Every scale with how many subjects stand on it now."""
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(region_id)}
    counted: dict[str, int] = {
        row[0]: row[1]
        for row in db.session.execute(
            select(SubjectGrade.scale_id, func.count(func.distinct(SubjectGrade.subject_id))).group_by(
                SubjectGrade.scale_id
            )
        )
    }
    return [
        {
            "id": one.id, "department": names[one.department_id], "name": one.name, "grades": one.grades,
            "valid_months": one.valid_months, "ended_at": one.ended_at, "revision": one.revision,
            "count": counted.get(one.id, 0),
        }
        for one in scales_of(region_id, ended=True)
    ]  # fmt: skip


def scale_of(scale_id: str) -> GradeScale:
    """A scale of the own region."""
    scale = db.session.get(GradeScale, scale_id)
    if scale is None or scale.region_id != acting().region_id:
        raise not_found("等级表")
    return scale


def scale_meant(region_id: str, name: str) -> GradeScale:
    """The scale in use with this name, as the command line says it; two departments may have the same name."""
    found = [one for one in scales_of(region_id) if name in (one.name, one.id)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Problem("subjects.scale_twice", f"有 {len(found)} 个部门的等级表都叫“{name}”，请写等级表编号。")
    known = "、".join(one.name for one in scales_of(region_id)) or "（一张也没有）"
    raise Problem("subjects.scale_unknown", f"没有叫“{name}”的等级表，在用的有：{known}。")


def keep_scale(given: Json, scale_id: str | None = None) -> GradeScale:
    """A department's own scale, from the least to the most risky grade."""
    with transaction():
        department = acting().department_id
        if department is None:
            raise Problem("subjects.no_department", "您的账号没有所属部门，不能定等级表。", 403)
        scale = own_scale(scale_id, False) if scale_id else None
        name = given["name"].strip()
        if not name:
            raise Problem("subjects.scale_unnamed", "请给等级表起一个名称。")
        grades = list(dict.fromkeys(one.strip() for one in given["grades"] if one.strip()))
        if len(grades) < 2:
            raise Problem("subjects.scale_short", "等级表至少要有两个等级，从低风险排到高风险。")
        _refuse_twin(department, name, scale_id)
        if scale is None:
            scale = GradeScale(region_id=department.partition("-")[0], department_id=department, revision=0)
            db.session.add(scale)
        elif gone := sorted(_grades_in_use(scale.id) - set(grades)):
            raise Problem(
                "subjects.grade_in_use", f"已有对象评为“{'、'.join(gone)}”，不能从等级表里去掉。", 409
            )
        scale.name, scale.grades, scale.valid_months = name, grades, given["valid_months"]
        scale.ended_at, scale.revision = None, scale.revision + 1
        db.session.flush()
        trail.record(
            "grade_scale.kept", "grade_scale", scale.id, region_id=scale.region_id, department_id=department,
            name=scale.name, grades=grades,
        )  # fmt: skip
    return scale


def end_scale(scale_id: str) -> GradeScale:
    """No new grades on this scale; those given stay in the history."""
    with transaction():
        scale = own_scale(scale_id, False)
        if scale.ended_at is not None:
            raise Problem("subjects.scale_ended", "这张等级表已经停用。", 409)
        scale.ended_at, scale.revision = clock.now(), scale.revision + 1
        trail.record(
            "grade_scale.ended",
            "grade_scale",
            scale.id,
            region_id=scale.region_id,
            department_id=scale.department_id,
        )
    return scale


def grade(subject_id: str, given: Json) -> Subject:
    """A department gives a subject a grade of its own scale, with issuer, day and validity."""
    with transaction():
        subject, scale = subject_of(subject_id), own_scale(given["scale_id"], False)
        if scale.department_id not in subject.departments:
            raise Problem("subjects.not_in", "这个对象不在本部门名录里，不能评级。请先纳入本部门名录。", 409)
        if scale.ended_at is not None:
            raise Problem("subjects.scale_ended", "这张等级表已经停用，请选在用的等级表。", 409)
        if given["grade"] not in scale.grades:
            raise Problem(
                "subjects.grade_unknown", f"“{given['grade']}”不在等级表里，应为：{'、'.join(scale.grades)}。"
            )
        day: date = given["day"]
        if day > clock.today():
            raise Problem("subjects.grade_day", "评定日期不能晚于今天。")
        until = given.get("valid_to") or until_of(day, scale.valid_months)
        if until is not None and until < day:
            raise Problem("subjects.grade_day", "有效期不能早于评定日期。")
        before = current_of(subject.id).get(scale.id)
        row = SubjectGrade(
            subject_id=subject.id, scale_id=scale.id, grade=given["grade"], issuer=given["issuer"].strip(), day=day,
            valid_to=until, at=clock.now(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        put_in_step(subject)
        subject.revision += 1
        fields = {
            "grade": [f"{scale.name} {before.grade}" if before else None, f"{scale.name} {row.grade}"],
            "row": row.id,
        }
        thing = (subject.region_id, subject.id, subject.name)
        note_change(
            LibraryName.SUBJECTS, ChangeKind.GRADED, thing, fields, [scale.department_id], given.get("reason")
        )
        trail.record(
            "subject.graded", "subject", subject.id, region_id=subject.region_id, department_id=scale.department_id,
            scale=scale.name, grade=row.grade, day=day.isoformat(),
        )  # fmt: skip
    return subject


def take_back(subject: Subject, change: LibraryChange) -> None:
    """A grade given by mistake goes away; the one before holds again."""
    row = db.session.get(SubjectGrade, change.fields["row"])
    if row is not None:
        db.session.delete(row)
        db.session.flush()
    put_in_step(subject)


def put_in_step(subject: Subject) -> None:
    """What filters ask for: `scale:grade` of every scale that is in use."""
    held = current_of(subject.id)
    subject.grades = sorted(f"{scale}:{row.grade}" for scale, row in held.items())


def current_of(subject_id: str) -> dict[str, SubjectGrade]:
    """scale -> the newest grade of a subject."""
    rows = db.session.scalars(
        select(SubjectGrade)
        .where(SubjectGrade.subject_id == subject_id)
        .order_by(SubjectGrade.day, SubjectGrade.at, SubjectGrade.id)
    )
    return {row.scale_id: row for row in rows}


def grades_shown(subject: Subject) -> list[Json]:
    """Every grade of a subject, newest first; one of each scale holds."""
    rows = list(
        db.session.scalars(
            select(SubjectGrade)
            .where(SubjectGrade.subject_id == subject.id)
            .order_by(SubjectGrade.day.desc(), SubjectGrade.at.desc(), SubjectGrade.id.desc())
        )
    )
    scales = {one.id: one for one in scales_of(subject.region_id, ended=True)}
    names = {one.id: {"id": one.id, "name": one.name} for one in departments_of(subject.region_id)}
    holding = {row.scale_id: row.id for row in reversed(rows)}
    return [
        {
            "id": row.id, "scale": {"id": row.scale_id, "name": scales[row.scale_id].name},
            "department": names[scales[row.scale_id].department_id], "grade": row.grade, "issuer": row.issuer,
            "day": row.day, "valid_to": row.valid_to, "holds": holding[row.scale_id] == row.id,
            "expired": row.valid_to is not None and row.valid_to < clock.today(),
        }
        for row in rows
    ]  # fmt: skip


def risk_words(region_id: str) -> dict[str, str]:
    """The risk classes in the region's words (S3: 低、一般、较高、高风险)."""
    own = profile_of(region_id).value("risk.labels").value or {}
    return {risk.value: own.get(risk.value, RISK_LABELS[risk]) for risk in Risk}


def own_scale(scale_id: str, used: bool = True) -> GradeScale:
    """A scale of the actor's own department; one that is `used` for new grades has not ended."""
    scale = scale_of(scale_id)
    if scale.department_id != acting().department_id:
        raise forbidden("这是别的部门的等级表，只能由该部门使用和修改。")
    if scale.ended_at is not None and used:
        raise Problem("subjects.scale_ended", "这张等级表已经停用，请选在用的等级表。", 409)
    return scale


def _refuse_twin(department: str, name: str, but: str | None) -> None:
    twin = db.session.scalars(
        select(GradeScale).where(GradeScale.department_id == department, GradeScale.name == name)
    ).first()
    if twin is not None and twin.id != but:
        raise Problem("subjects.scale_taken", f"本部门已有名为“{name}”的等级表，请改用或另起名称。", 409)


def _grades_in_use(scale_id: str) -> set[str]:
    return set(
        db.session.scalars(select(SubjectGrade.grade).where(SubjectGrade.scale_id == scale_id).distinct())
    )


def until_of(day: date, months: int | None) -> date | None:
    """The last day of a grade that is good for so many months."""
    if months is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
