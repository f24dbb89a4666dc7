"""What does a row of a list of grades mean: which subject, which grade, found by whom, when, until when?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.reading import Reader, Refused, plain, repeated
from onevisit.core.rows import Headings, day_of
from onevisit.core.staging import DAY, TEXT
from onevisit.departments.queries import departments_of
from onevisit.subjects import rules
from onevisit.subjects.grade_keeping import GradeKeeping
from onevisit.subjects.grades import risk_words, until_of
from onevisit.subjects.models import GradeScale
from onevisit.subjects.terms import ImportedList, LibraryName, Risk

RISK_WORD = "等级“{text}”不认识，应为：{known}"


@dataclass(frozen=True)
class GivenGrade:
    """One row, read."""

    row: int
    code: str | None
    name: str | None
    grade: str
    issuer: str
    day: date
    valid_to: date | None


class GradeList:
    """信用风险 of a region's subjects, or with a `scale` the grades of one department (S0, S3, S4: 部门、行业分级)."""

    step = "subjects"
    library = LibraryName.SUBJECTS
    stored = "subjects"
    title = "名称"
    headings: Headings = MappingProxyType(
        {
            "credit_code": ("统一社会信用代码", "信用代码", "社会信用代码", "统一代码"),
            "name": ("名称", "主体名称", "企业名称", "对象名称", "市场主体名称", "单位名称", "检查对象名称"),
            "grade": ("等级", "评定等级", "风险等级", "信用风险", "信用风险分类", "风险类别", "信用等级", "分级", "评级", "类别", "评定结果"),
            "issuer": ("评定单位", "评定机关", "分类单位", "评级单位", "评价单位", "风险分类单位"),
            "day": ("评定日期", "分类日期", "评级日期", "评价日期", "评定时间", "风险分类日期"),
            "valid_to": ("有效期至", "有效期", "有效期截止", "截止日期"),
        }
    )  # fmt: skip
    required: tuple[str, ...] = ("grade", "day")
    one_of: tuple[str, ...] = ("credit_code", "name")
    columns = MappingProxyType(
        {"credit_code": TEXT, "name": TEXT, "grade": TEXT, "issuer": TEXT, "day": DAY, "valid_to": DAY}
    )
    number_column = "credit_code"
    twin_columns: tuple[str, ...] = ("name",)
    party_column: str | None = None
    added_to: tuple[str, ...] = ()
    own_column: str | None = None

    def __init__(self, region_id: str, own_department: str | None, scale_id: str | None = None) -> None:
        self.region_id, self.own_department, self.scale_id = region_id, own_department, scale_id
        self.brings = ImportedList.GRADES if scale_id else ImportedList.RISK
        self.scale = db.session.get_one(GradeScale, scale_id) if scale_id else None
        self.offices = {one.id: one.name for one in departments_of(region_id)}
        self.own_name = self.offices.get(own_department or "")
        self._grade: Reader = repeated(self._grade_meant)
        self._day: Reader = repeated(_day)

    def keeping(self) -> GradeKeeping:
        """Grades meet subjects that are there; nothing new comes into the library."""
        return GradeKeeping(self)

    def reads(self, mapping: dict[int, str]) -> Callable[[int, Sequence[str]], tuple[GivenGrade, list[str]]]:
        """Reads a line, with its warnings; raises Refused."""
        places = {name: at for at, name in mapping.items()}
        issuer_of, name_of = plain("评定单位", 80), plain("名称", 200)

        def read(row: int, cells: Sequence[str]) -> tuple[GivenGrade, list[str]]:
            said = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
            code = said.get("credit_code", "").replace(" ", "").upper()
            name = name_of(said.get("name", ""))
            if not code and name is None:
                raise Refused("统一社会信用代码和名称都没有填写，不知道是哪一户")
            if code and (fault := rules.credit_code_fault(code)):
                raise Refused(fault)
            grade, day = self._grade(said["grade"]), self._day(said["day"])
            if day is None:
                raise Refused("评定日期没有填写")
            issuer, warnings = issuer_of(said.get("issuer", "")), list[str]()
            if issuer is None:
                if self.own_name is None:
                    raise Refused("评定单位没有填写")
                issuer = self.own_name
                warnings.append(f"没有写评定单位，按“{issuer}”记")
            until = self._until(said.get("valid_to", ""), day, warnings)
            return GivenGrade(row, code or None, name, grade, issuer, day, until), warnings

        return read

    def _until(self, text: str, day: date, warnings: list[str]) -> date | None:
        until: date | None = self._day(text) if text else None
        if until is None and self.scale is not None:
            until = until_of(day, self.scale.valid_months)
        if until is None:
            return None
        if until < day:
            raise Refused("有效期早于评定日期")
        if until < clock.today():
            warnings.append(f"有效期到 {until.isoformat()}，已经过了")
        return until

    def _grade_meant(self, text: str) -> str:
        if not text:
            raise Refused("等级没有填写")
        if self.scale is not None:
            if text not in self.scale.grades:
                raise Refused(
                    f"等级“{text}”不在等级表“{self.scale.name}”里，应为：{'、'.join(self.scale.grades)}"
                )
            return text
        words = risk_words(self.region_id)
        own = {label: value for value, label in words.items()}
        found = own.get(text) or rules.risk_of(text)
        if found is None:
            known = "、".join(dict.fromkeys(("A、B、C、D", *(words[one] for one in "ABCD"))))
            raise Refused(RISK_WORD.format(text=text, known=known))
        return str(Risk(found).value)


def _day(text: str) -> date | None:
    found = day_of(text) if text else None
    if text and found is None:
        raise Refused(f"“{text}”不是日期，应写成 2026-03-01")
    if found is not None and not 2000 <= found.year <= 2100:
        raise Refused(f"“{text}”的年份不像是评定或有效期的年份，请核对")
    return found
