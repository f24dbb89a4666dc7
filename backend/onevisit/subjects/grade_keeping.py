"""How do grades of a list reach the subjects they speak of, and how do they leave them again? In parcels, all or nothing."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select

from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.core.lines import Lines
from onevisit.core.problems import Problem
from onevisit.core.reading import Refused
from onevisit.core.staging import DAY, INTEGER, JSON, TEXT, Area, Beside, Table
from onevisit.core.texts import unstorable
from onevisit.subjects import writing
from onevisit.subjects.heads import Head
from onevisit.subjects.lists import CHANGES, DOUBLES, MATCHES, MOST_REASONS, OUT, REFUSED, WARNED, Seen
from onevisit.subjects.models import GradeScale, LibraryImport, Subject, SubjectGrade
from onevisit.subjects.terms import Risk

if TYPE_CHECKING:
    from onevisit.subjects.grade_lists import GivenGrade, GradeList

PARCEL = 1000
GIVEN = Table(
    "given",
    {"row": INTEGER, "object_id": TEXT, "name": TEXT, "fresh": INTEGER, "said": JSON, "grade": TEXT, "issuer": TEXT,
     "day": DAY, "valid_to": DAY},
)  # fmt: skip


class GradeKeeping:
    """The way of a list of grades: a row meets exactly one subject of the library, or is refused."""

    def __init__(self, library: "GradeList") -> None:
        self.library = library

    def stage(self, area: Area, name: str, path: Path, head: Head, seen: Seen) -> dict[str, Any]:
        """Read and compare, parcel after parcel."""
        area.drop()
        area.make([GIVEN, REFUSED, WARNED, MATCHES, CHANGES, DOUBLES, OUT])
        run = _Run(self.library, area)
        lines = Lines(self.library.step, name, path)
        given = run.read(lines, head, seen)
        while parcel := list(islice(given, PARCEL)):
            run.compare(parcel)
        run.settle()
        return run.counts()

    def rows(
        self, area: Area, imported: LibraryImport, kind: str, after: int
    ) -> Iterator[dict[str, Any]] | None:
        """A first grade is new, another one a change; both say what they say."""
        if kind == "doubles":
            return iter(())
        if kind not in ("added", "changed"):
            return None
        asked = area.ask(
            "SELECT row, name, said FROM {given} WHERE fresh = :fresh AND row > :after ORDER BY row",
            fresh=int(kind == "added"),
            after=after,
        )
        return (
            {"row": row, "name": name, "fields": json.loads(said) if isinstance(said, str) else said}
            for row, name, said in asked
        )

    def refused(self, area: Area, imported: LibraryImport) -> None:
        """As they stand in the source."""
        return None

    def prepare(self, area: Area, imported: LibraryImport) -> int | None:
        """Nothing: no new subjects."""
        return None

    def touched(self, area: Area, imported: LibraryImport) -> dict[str, int]:
        """A scale's grades touch its department's part; a risk class every part that holds the subject."""
        if self.library.scale is not None:
            return {self.library.scale.department_id: int(area.one("SELECT count(*) FROM {given}") or 0)}
        asked = "SELECT s.departments FROM {changes} c JOIN {kept_subjects} s ON s.id = c.object_id"
        found: Counter[str] = Counter()
        for (departments,) in area.ask(asked):
            held = json.loads(departments) if isinstance(departments, str) else departments
            found.update(one for one in held if one in self.library.offices)
        return dict(found)

    def write(self, area: Area, imported: LibraryImport, at: datetime) -> None:
        """The subjects take their grade; of a scale it is kept with issuer, day and validity."""
        scale = self.library.scale
        if scale is not None:
            _refuse_ended(scale.id)
        with area.beside(db.session()) as beside:
            writing.refuse_changed(self.library.stored, beside)
            writing.change(self.library.stored, beside, imported, at)
            if scale is not None:
                _keep_grades(beside, scale.id, imported.id, at)

    def what_depends(self, imported: LibraryImport) -> str | None:
        """A subject that was edited since keeps its grade."""
        return writing.what_depends(self.library.stored, imported)

    def take_back(self, imported: LibraryImport, at: datetime) -> None:
        """What held before holds again."""
        writing.take_back(self.library.stored, imported, at)
        db.session.execute(delete(SubjectGrade).where(SubjectGrade.import_id == imported.id))
        db.session.expire_all()


def _refuse_ended(scale_id: str) -> None:
    scale = db.session.get(GradeScale, scale_id, with_for_update=True, populate_existing=True)
    if scale is None or scale.ended_at is not None:
        raise Problem("subjects.scale_ended", "这张等级表已经停用，这次导入什么都没有写入。", 409)


def _keep_grades(beside: Beside, scale_id: str, import_id: str, at: datetime) -> None:
    postgres = db.session.get_bind().dialect.name == "postgresql"
    hexed = "lpad(to_hex(g.row), 12, '0')" if postgres else "printf('%012x', g.row)"
    moment = "CAST(:moment AS timestamptz)" if postgres else ":moment"
    beside.run(
        "INSERT INTO {kept_subject_grades} (id, subject_id, scale_id, grade, issuer, day, valid_to, at, import_id)"
        f" SELECT :prefix || {hexed}, g.object_id, :scale, g.grade, g.issuer, g.day, g.valid_to, {moment}, :import"
        " FROM {given} g",
        **{
            "prefix": new_id()[:24], "scale": scale_id, "import": import_id,
            "moment": at if postgres else at.replace(tzinfo=None).isoformat(" ", "microseconds"),
        },
    )  # fmt: skip


@dataclass(frozen=True)
class _Met:
    """A subject as it is kept, with its grade on the scale."""

    id: str
    revision: int
    code: str | None
    name: str
    departments: Sequence[str]
    grades: Sequence[str]
    held: Sequence[Any]  # grade, issuer, day, valid_to; empty where there is none
    known: Sequence[Sequence[Any]]  # all that were ever given


class _Run:
    """One reading of a list of grades."""

    def __init__(self, library: "GradeList", area: Area) -> None:
        self.library, self.area = library, area
        self.sums: Counter[str] = Counter()
        self.refused: list[tuple[int, str]] = []
        self.warned: list[tuple[int, str]] = []
        self.first: dict[str, int] = {}

    def read(self, lines: Lines, head: Head, seen: Seen) -> Iterator["GivenGrade"]:
        """The rows that can be read; the others are refused with their reasons."""
        read = self.library.reads(head.mapping)
        for number, cells in enumerate(lines, start=1):
            if number <= head.line or not any(map(str.strip, cells)):
                continue
            self.sums["rows"] += 1
            if not self.sums["rows"] % PARCEL:
                seen(self.sums["rows"], lines.at())
            try:
                if not lines.clean and unstorable(list(cells)):
                    raise Refused("这一行里有不能保存的字符，请删去后再上传")
                given, warnings = read(number, cells)
            except Refused as why:
                self._refuse(number, str(why))
                continue
            self.warned += [(number, one) for one in warnings]
            yield given
        seen(self.sums["rows"], lines.size)

    def _refuse(self, row: int, why: str) -> None:
        self.sums["refused"] += 1
        if len(self.refused) < MOST_REASONS:
            self.refused.append((row, why))

    def compare(self, parcel: Sequence["GivenGrade"]) -> None:
        """Each row against its subject and the grade that holds."""
        by_code, by_name = self._subjects(parcel)
        given_rows, change_rows = list[tuple[Any, ...]](), list[tuple[Any, ...]]()
        for one in parcel:
            try:
                met = self._met(one, by_code, by_name)
            except Refused as why:
                self._refuse(one.row, str(why))
                continue
            new = (one.grade, one.issuer, one.day, one.valid_to)
            said, fields = self._differs(met, new)
            if not said or new in met.known:
                self.sums["unchanged"] += 1
                continue
            fresh = not met.held or met.held[0] == Risk.NONE
            self.sums["added" if fresh else "changed"] += 1
            told = json.dumps(said, ensure_ascii=False)
            given_rows.append((one.row, met.id, met.name, int(fresh), told, *map(_plain, new)))
            change_rows.append((one.row, met.id, met.revision, json.dumps(fields, ensure_ascii=False)))
        self.area.load(GIVEN, given_rows, more=True)
        self.area.load(CHANGES, change_rows, more=True)

    def _subjects(
        self, parcel: Sequence["GivenGrade"]
    ) -> tuple[dict[str, _Met], defaultdict[str, list[_Met]]]:
        codes = {one.code for one in parcel if one.code}
        names = {one.name for one in parcel if not one.code and one.name}
        columns = (
            Subject.id, Subject.revision, Subject.credit_code, Subject.name, Subject.departments, Subject.grades,
            Subject.risk, Subject.risk_issuer, Subject.risk_day,
        )  # fmt: skip
        found = db.session.execute(
            select(*columns).where(
                Subject.region_id == self.library.region_id,
                or_(Subject.credit_code.in_(codes), Subject.name.in_(names)),
            )
        ).all()
        held, known = self._held([one.id for one in found])
        by_code, by_name = dict[str, _Met](), defaultdict[str, list[_Met]](list)
        for one in found:
            graded = held.get(one.id, ())
            if self.library.scale is None:
                graded = (one.risk, one.risk_issuer, one.risk_day, None)
            met = _Met(
                one.id, one.revision, one.credit_code, one.name, one.departments, one.grades, graded,
                known.get(one.id, [graded]),
            )  # fmt: skip
            if one.credit_code:
                by_code[one.credit_code] = met
            by_name[one.name].append(met)
        return by_code, by_name

    def _held(
        self, ids: Sequence[str]
    ) -> tuple[dict[str, tuple[Any, ...]], dict[str, list[tuple[Any, ...]]]]:
        """The grades that hold, and all that were ever given."""
        if self.library.scale is None:
            return {}, {}
        rows = db.session.execute(
            select(
                SubjectGrade.subject_id, SubjectGrade.grade, SubjectGrade.issuer, SubjectGrade.day, SubjectGrade.valid_to
            )
            .where(SubjectGrade.scale_id == self.library.scale.id, SubjectGrade.subject_id.in_(ids))
            .order_by(SubjectGrade.day, SubjectGrade.at, SubjectGrade.id)
        )  # fmt: skip
        known = defaultdict[str, list[tuple[Any, ...]]](list)
        for row in rows:
            known[row[0]].append(tuple(row[1:]))
        return {one: given[-1] for one, given in known.items()}, known

    def _met(self, one: "GivenGrade", by_code: dict[str, _Met], by_name: dict[str, list[_Met]]) -> _Met:
        same = by_name.get(one.name or "", []) if not one.code else []
        if len(same) > 1:
            raise Refused(f"名录库里有 {len(same)} 个“{one.name}”，请写统一社会信用代码")
        met = by_code.get(one.code) if one.code else (same[0] if same else None)
        if met is None:
            raise Refused(f"“{one.name or one.code}”不在检查对象名录库里，请先导入名录或核对代码")
        own = self.library.own_department
        if self.library.scale is not None and self.library.scale.department_id not in met.departments:
            raise Refused(f"“{met.name}”不在本部门名录里，不能评级。请先纳入本部门名录")
        if self.library.scale is None and own and met.departments and own not in met.departments:
            raise Refused(f"“{met.name}”不在本部门名录里，请由监管部门或联席会议办公室导入")
        if met.id in self.first:
            raise Refused(f"与第 {self.first[met.id]} 行是同一户，请只保留一行")
        self.first[met.id] = one.row
        if one.code and one.name and one.name != met.name:
            self.warned.append((one.row, f"名录库里这个代码是“{met.name}”，按代码导入"))
        if met.held and met.held[2] and met.held[2] > one.day:
            if self.library.scale is None:
                raise Refused(f"名录库里的分类日期是 {met.held[2].isoformat()}，比这一行新，没有改回旧的")
            self.warned.append((one.row, f"已有 {met.held[2].isoformat()} 的评定，这一行只进历史"))
        return met

    def _differs(
        self, met: _Met, new: tuple[str, str, date, date | None]
    ) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
        """What people read of it, and what changes in the subject."""
        names = ("grade", "issuer", "day", "valid_to")
        if self.library.scale is None:
            names, new = ("risk", "risk_issuer", "risk_day", "until"), (*new[:3], None)
        before, after = [_plain(one) for one in met.held or (None,) * 4], [_plain(one) for one in new]
        said = {name: [was, to] for name, was, to in zip(names, before, after, strict=True) if was != to}
        if not said or self.library.scale is None:
            return said, said
        label, scale = f"{self.library.scale.id}:", self.library.scale.id
        holds = not met.held or met.held[2] <= new[2]
        graded = sorted([*(one for one in met.grades if not one.startswith(label)), f"{scale}:{new[0]}"])
        return said, {"grades": [list(met.grades), graded if holds else list(met.grades)]}

    def settle(self) -> None:
        """The words of refusals and warnings; the rest stays."""
        self.area.load(REFUSED, sorted(self.refused))
        self.area.load(WARNED, sorted(self.warned))
        self.area.settle()

    def counts(self) -> dict[str, Any]:
        """How many of each kind."""
        kinds = ("rows", "added", "changed", "unchanged", "refused")
        return {one: self.sums[one] for one in kinds} | {
            "warned": len(self.warned), "doubles": 0, "undecided": 0,
            "lost_reasons": self.sums["refused"] - len(self.refused),
        }  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
