"""A list drawn on a provincial platform: what does its file say, and what is taken over? Nobody can recompute it here.

Only a list of which every row is understood is taken over: leaving rows out would be another list (S2 art. 15).
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.bulk import keep_many
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem
from onevisit.core.rows import ListFile, listed
from onevisit.core.texts import unstorable
from onevisit.departments.queries import named_department
from onevisit.draws.models import Draw, DrawnInspector, DrawnSubject
from onevisit.draws.pool import match_rules_of
from onevisit.draws.preparing import keep_new, refuse_second
from onevisit.draws.states import DrawKind, DrawOrder, DrawState
from onevisit.inspectors.models import Inspector
from onevisit.subjects.models import Subject
from onevisit.tasks.models import Task
from onevisit.tasks.queries import departments_of_task, named_departments

HEADINGS: Final = {
    "code": ("统一社会信用代码", "信用代码", "社会信用代码"),
    "name": ("检查对象名称", "检查对象", "企业名称", "单位名称", "名称", "主体名称"),
    "department": ("检查部门", "部门", "实施部门", "执法部门"),
    "people": ("执法人员", "检查人员", "执法检查人员", "检查组成员"),
}
SHOWN: Final = 200
LEAF: Final = "taken-over-{:06d}"  # names a row; it is no hash, and nobody should take it for one


@dataclass
class Taken:
    """What the file says: the subjects in its order, their teams, and every row that is not understood."""

    subjects: list[tuple[str, str, str | None, str]] = field(default_factory=list)  # id, name, code, risk
    teams: dict[tuple[str, str], list[str]] = field(
        default_factory=dict
    )  # (subject, department) -> inspectors
    refused: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    sha256: str = ""


def read_list(task: Task, filename: str, content: bytes) -> Taken:
    """The whole file; several rows may speak of the same subject, one for each department."""
    file = ListFile("draws", filename, content, HEADINGS, ("name",))
    rows = [(row.number, row.cells) for row in file.rows()]
    taken = Taken(sha256=hashlib.sha256(content).hexdigest())
    find = _Finder(task, [cells for _, cells in rows])
    seen: dict[str, None] = {}
    for number, cells in rows:
        try:
            if unstorable(cells):
                raise _RowRefused("这一行里有不能保存的字符，请删去后再上传")
            subject = find.subject(cells)
            team = find.team(cells, subject)
            if team is not None and (subject[0], team[0]) in taken.teams:
                raise _RowRefused("这一户的这个部门已经出现过，请只保留一行")
            if team is None and subject[0] in seen:
                raise _RowRefused("这一户已经出现过，请只保留一行")
        except _RowRefused as why:
            taken.refused.append({"row": number, "reason": str(why)})
            continue
        if subject[0] not in seen:
            seen[subject[0]] = None
            taken.subjects.append(subject)
        if team is not None:
            taken.teams[subject[0], team[0]] = team[1]
            taken.warnings += [{"row": number, "reason": one} for one in team[2]]
    return taken


class _RowRefused(Exception):
    """A row that is not understood, with the reason as a person can act on it."""


class _Finder:
    """Whom the rows mean: the region's subjects and the task's inspectors, read once."""

    def __init__(self, task: Task, rows: Sequence[Mapping[str, str]]) -> None:
        self._task = task
        self._departments = departments_of_task(task)
        self._names = named_departments(self._departments)
        self._read: Callable[[str], str | None] = named_department(task.region_id)
        self._by_code = self._subjects("credit_code", {one.get("code", "").upper() for one in rows})
        self._by_name = self._subjects("name", {one.get("name", "") for one in rows if not one.get("code")})
        people = db.session.scalars(select(Inspector).where(Inspector.department_id.in_(self._departments)))
        self._people = list(people)

    def _subjects(self, column: str, wanted: set[str]) -> dict[str, list[tuple[str, str, str | None, str]]]:
        found: dict[str, list[tuple[str, str, str | None, str]]] = {}
        given = sorted(wanted - {""})
        for at in range(0, len(given), 500):
            rows = db.session.execute(
                select(Subject.id, Subject.name, Subject.credit_code, Subject.risk).where(
                    Subject.region_id == self._task.region_id,
                    getattr(Subject, column).in_(given[at : at + 500]),
                )
            )
            for id_, name, code, risk in rows:
                found.setdefault((code or "") if column == "credit_code" else name, []).append(
                    (id_, name, code, risk)
                )
        return found

    def subject(self, cells: Mapping[str, str]) -> tuple[str, str, str | None, str]:
        code, name = cells.get("code", "").upper(), cells.get("name", "")
        found = self._by_code.get(code, []) if code else self._by_name.get(name, [])
        if not found:
            raise _RowRefused(f"检查对象名录库里没有“{name or code}”（{code or '无代码'}），请先录入名录库")
        if len(found) > 1:
            raise _RowRefused(f"名录库里有 {len(found)} 户叫“{name}”，请在表里补上统一社会信用代码")
        if code and name and found[0][1] != name:
            raise _RowRefused(f"代码 {code} 在名录库里是“{found[0][1]}”，表里写的是“{name}”，请核对")
        return found[0]

    def team(
        self, cells: Mapping[str, str], subject: tuple[str, str, str | None, str]
    ) -> tuple[str, list[str], list[str]] | None:
        """Department, inspectors with the leader first, warnings; None where the row names no team."""
        people = listed(cells.get("people", ""))
        if not people:
            return None
        department = self._department(cells.get("department", ""))
        found = [self._person(department, one) for one in people]
        if len({one.id for one in found}) < len(found):
            raise _RowRefused("同一个人在这一行写了两次")
        for one in found:
            if {subject[0], subject[2]} & set(one.recusals):
                raise _RowRefused(f"{one.name}与这个检查对象有回避关系，不能列在检查小组里")
        late = [one.name for one in found if one.valid_to is None or one.valid_to < self._task.window_end]
        warnings = [f"{'、'.join(late)}的执法证件在抽查期内到期或没有登记，派发前请更换"] if late else []
        return department, [one.id for one in found], warnings

    def _department(self, written: str) -> str:
        if not written and len(self._departments) == 1:
            return self._departments[0]
        department = self._read(written) if written else None
        if department not in self._departments:
            names = "、".join(one["short_name"] for one in self._names.values())
            raise _RowRefused(f"部门“{written or '（空）'}”没有参加这个任务，应是：{names}")
        return str(department)

    def _person(self, department: str, written: str) -> Inspector:
        own = [one for one in self._people if one.department_id == department]
        found = [one for one in own if written in (one.certificate_no, one.name)]
        whose = self._names[department]["short_name"]
        if not found:
            raise _RowRefused(f"{whose}的执法人员名录库里没有“{written}”，请核对姓名或证件号")
        if len(found) > 1:
            raise _RowRefused(f"{whose}有 {len(found)} 个“{written}”，请改写执法证件号")
        return found[0]


def preview_json(task: Task, taken: Taken) -> dict[str, Any]:
    """What taking the file over would do; the first rows as they are understood."""
    names = named_departments(departments_of_task(task))
    people = {
        one.id: one.name
        for one in db.session.scalars(select(Inspector).where(Inspector.department_id.in_(names)))
    }
    return {
        "subjects": len(taken.subjects), "teams": len(taken.teams), "refused": taken.refused[:SHOWN],
        "refused_count": len(taken.refused), "warnings": taken.warnings[:SHOWN], "sha256": taken.sha256,
        "rows": [
            {
                "order": at, "name": name, "credit_code": code,
                "teams": [
                    {"department": names[one]["short_name"], "people": [people[x] for x in taken.teams[id_, one]]}
                    for one in names if (id_, one) in taken.teams
                ],
            }
            for at, (id_, name, code, _) in enumerate(taken.subjects[:SHOWN], 1)
        ],
    }  # fmt: skip


def take_over(
    task_id: str, platform: str, task_no: str, drawn_on: date, filename: str, content: bytes
) -> Draw:
    """Subjects, teams and the platform's task number become the task's list; it is marked as not verifiable here."""
    task = db.session.get_one(Task, task_id)
    if drawn_on > clock.today():
        raise Problem("draws.drawn_on_wrong", "抽取日期不能晚于今天。请重新填写。")
    taken = read_list(task, filename, content)
    if taken.refused:
        raise Problem(
            "draws.rows_refused", f"有 {len(taken.refused)} 行读不懂，什么都没有接收：名单不能只收一部分。请改好后重新上传。", 409,
            refused=taken.refused[:SHOWN],
        )  # fmt: skip
    if not taken.subjects:
        raise Problem("draws.list_empty", "表里没有检查对象，什么都没有接收。请核对文件。", 409)
    with transaction():
        one_at_a_time(f"draws:{task_id}")
        task = db.session.get_one(Task, task_id)
        refuse_second(task)
        _refuse_known(task, platform, task_no)
        draw = _draw_of(task, taken, {"platform": platform, "task_no": task_no, "drawn_on": drawn_on.isoformat(),
                                      "file": filename, "sha256": taken.sha256})  # fmt: skip
        keep_new(draw)
        _keep(task, draw, taken, drawn_on)
        trail.record(
            "draw.taken_over", "draw", draw.id, region_id=task.region_id, department_id=task.initiating_department_id,
            task=task.id, no=draw.no, platform=platform, task_no=task_no, file=filename, sha256=taken.sha256,
            subjects=len(taken.subjects), teams=len(taken.teams),
        )  # fmt: skip
    return draw


def _refuse_known(task: Task, platform: str, task_no: str) -> None:
    known = select(Draw).where(
        Draw.region_id == task.region_id, Draw.kind == DrawKind.TAKEN_OVER, Draw.state != DrawState.VOIDED
    )
    for one in db.session.scalars(known):
        if (one.origin["platform"], one.origin["task_no"]) == (platform, task_no):
            raise Problem(
                "draws.platform_no_taken", f"“{platform}”的任务 {task_no} 已经接收过（{one.no}）。请打开它，或核对任务编号。", 409,
                draw_id=one.id,
            )  # fmt: skip


def _draw_of(task: Task, taken: Taken, origin: dict[str, Any]) -> Draw:
    rules, now = match_rules_of(task), clock.now()
    leaves = {subject[0]: LEAF.format(at) for at, subject in enumerate(taken.subjects, 1)}
    short = [
        {"visit": leaves[id_], "department": one, "missing": missing, "speciality": None}
        for id_, *_ in taken.subjects
        for one in rules.departments
        if (missing := rules.k - len(taken.teams.get((id_, one), ()))) > 0
    ]
    return Draw(
        task_id=task.id, region_id=task.region_id, kind=DrawKind.TAKEN_OVER.value, order=DrawOrder.TOGETHER.value,
        state=DrawState.DRAWN.value, rules={}, match=rules.as_json(), origin=origin,
        counts={"risk": {}, "excluded": {}, "inspectors": {}, "drawn": len(taken.subjects)},
        changes={"since": None, "added": [], "removed": [], "changed": []},
        remarks={"above_plan": None, "over_cap": None}, shown={"classes": [], "shortfalls": short, "events": []},
        made_at=now, made_by=acting().account_id, drawn_at=now,
    )  # fmt: skip


def _keep(task: Task, draw: Draw, taken: Taken, drawn_on: date) -> None:
    joint = len(departments_of_task(task)) > 1
    subjects, people = [], []
    for at, (id_, _, _, risk) in enumerate(taken.subjects, 1):
        leaf = LEAF.format(at)
        subjects.append(
            {"draw_id": draw.id, "subject_id": id_, "order": at, "risk": risk, "leaf": leaf, "ticket": "",
             "joint": joint, "drawn_on": drawn_on}
        )  # fmt: skip
        people += [
            {
                "draw_id": draw.id,
                "leaf": leaf,
                "department_id": department,
                "inspector_id": person,
                "order": order,
            }
            for department in departments_of_task(task)
            for order, person in enumerate(taken.teams.get((id_, department), ()))
        ]
    keep_many(DrawnSubject, subjects)
    keep_many(DrawnInspector, people)
