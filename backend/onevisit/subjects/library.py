"""What does a row of a subject list mean, and how does it meet the library?"""

from collections.abc import Hashable
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select

from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.core.imports import Refused, Values
from onevisit.core.rows import Headings, day_of, listed
from onevisit.departments.queries import named_department
from onevisit.subjects import rules
from onevisit.subjects.models import Subject, SubjectLabel
from onevisit.subjects.queries import departments_over
from onevisit.subjects.terms import KIND_LABELS, LEGAL_PERSONS, STATE_LABELS, SubjectKind

_PLAIN = ("address", "legal_representative", "phone", "contact", "contact_phone", "risk_issuer")
_LENGTHS = {"name": 200, "address": 300, "legal_representative": 60, "phone": 40, "contact": 60,
            "contact_phone": 40, "risk_issuer": 80}  # fmt: skip


class SubjectLibrary:
    """检查对象名录库 of a region; rows without 监管部门 belong to `own_department`, who brought the file."""

    step = "subjects"
    headings: Headings = MappingProxyType(
        {
            "name": ("名称", "主体名称", "企业名称", "对象名称", "市场主体名称", "单位名称", "检查对象名称"),
            "credit_code": ("统一社会信用代码", "信用代码", "社会信用代码", "统一代码"),
            "kind": ("对象种类", "主体类型", "对象类型", "类型", "企业类型"),
            "fields": ("行业领域", "行业", "领域", "经营类别"),
            "tags": ("标签", "分类标签"),
            "address": ("地址", "住所", "经营场所", "经营地址", "生产经营地址"),
            "legal_representative": ("法定代表人", "负责人", "经营者", "法人"),
            "phone": ("电话", "联系电话", "单位电话"),
            "contact": ("联系人", "联络员"),
            "contact_phone": ("联系人电话", "手机", "手机号", "联络员电话"),
            "state": ("经营状态", "状态", "登记状态"),
            "risk": ("信用风险", "风险等级", "信用风险分类", "风险类别"),
            "risk_issuer": ("风险分类单位", "分类单位"),
            "risk_day": ("风险分类日期", "分类日期"),
            "licences": ("许可", "许可证", "行政许可", "许可证件"),
            "departments": ("监管部门", "主管部门", "所属部门"),
            "position": ("坐标", "经纬度"),
        }
    )
    required: tuple[str, ...] = ("name", "credit_code")

    def __init__(self, region_id: str, own_department: str | None, made_up: bool = False) -> None:
        self.region_id, self.own_department, self.made_up = region_id, own_department, made_up
        self.offices = named_department(region_id)

    def parsed(self, cells: dict[str, str]) -> tuple[Values, list[str]]:
        """A row's values; an empty cell says nothing and leaves what is kept."""
        if not cells.get("name"):
            raise Refused("名称没有填写")
        code = cells.get("credit_code", "").replace(" ", "").upper() or None
        if code and (fault := rules.credit_code_fault(code)):
            raise Refused(fault)
        values: Values = {"name": cells["name"], "credit_code": code}
        values |= {name: cells[name] for name in _PLAIN if cells.get(name)}
        values |= {name: listed(cells[name]) for name in ("fields", "tags") if cells.get(name)}
        self._read_words(cells, values)
        self._read_departments(cells, values)
        if cells.get("licences"):
            values["licences"] = [_licence(one) for one in listed(cells["licences"])]
        for name, most in _LENGTHS.items():
            if len(values.get(name) or "") > most:
                raise Refused(f"“{self.headings[name][0]}”超过 {most} 个字")
        if code is None and values.get("kind", SubjectKind.ENTERPRISE) in LEGAL_PERSONS:
            raise Refused("没有统一社会信用代码；产品、项目、场所、行为请在“对象种类”一列写明")
        warning = rules.check_digit_warning(code) if code else None
        return values, [warning] if warning else []

    def _read_words(self, cells: dict[str, str], values: Values) -> None:
        if text := cells.get("kind"):
            values["kind"] = rules.kind_of(text, KIND_LABELS)
            if values["kind"] is None:
                raise Refused(f"对象种类“{text}”不认识，应为：{'、'.join(KIND_LABELS.values())}")
        if text := cells.get("state"):
            values["state"] = rules.state_of(text, STATE_LABELS)
            if values["state"] is None:
                raise Refused(f"经营状态“{text}”不认识，应为：{'、'.join(STATE_LABELS.values())}")
        if text := cells.get("risk"):
            values["risk"] = rules.risk_of(text)
            if values["risk"] is None:
                raise Refused(f"信用风险“{text}”不认识，应为 A、B、C、D 或空")
        if text := cells.get("risk_day"):
            values["risk_day"] = day_of(text)
            if values["risk_day"] is None:
                raise Refused(f"风险分类日期“{text}”不是日期，应写成 2026-03-01")
        if text := cells.get("position"):
            values["lat_e7"], values["lon_e7"] = _position(text)

    def _read_departments(self, cells: dict[str, str], values: Values) -> None:
        if names := listed(cells.get("departments", "")):
            found = {name: self.offices(name) for name in names}
            if unknown := [name for name, ident in found.items() if ident is None]:
                raise Refused(f"监管部门“{'、'.join(unknown)}”不在本地区的部门名单里")
            values["departments"] = sorted({ident for ident in found.values() if ident})

    def key_of(self, values: Values) -> Hashable:
        """The credit code; a thing without one is known by name and address."""
        return values["credit_code"] or (values["name"], values.get("address", ""))

    def name_of(self, values: Values) -> str:
        """The subject's name."""
        return str(values["name"])

    def known(self, rows: list[Values]) -> dict[Hashable, Any]:
        """The subjects of this region that the rows speak of, each with its departments."""
        codes = [one["credit_code"] for one in rows if one["credit_code"]]
        names = [one["name"] for one in rows if not one["credit_code"]]
        found = db.session.scalars(
            select(Subject).where(
                Subject.region_id == self.region_id,
                or_(
                    Subject.credit_code.in_(codes),
                    and_(Subject.credit_code.is_(None), Subject.name.in_(names)),
                ),
            )
        )
        subjects: dict[Hashable, Any] = {one.credit_code or (one.name, one.address): one for one in found}
        self._departments = departments_over([one.id for one in subjects.values()])
        return subjects

    def differences(self, stored: Subject, values: Values) -> dict[str, list[Any]]:
        """Field -> [old, new]; a department is added to those over the subject, never taken away by a list."""
        old = {name: getattr(stored, name) for name in values if name != "departments"}
        new = {name: value for name, value in values.items() if name != "departments"}
        found = {
            name: [_plain(old[name]), _plain(value)] for name, value in new.items() if old[name] != value
        }
        over = self._departments.get(stored.id, [])
        wanted = sorted({*over, *values.get("departments", self._own())})
        return found | ({"departments": [over, wanted]} if wanted != over else {})

    def _own(self) -> list[str]:
        return [self.own_department] if self.own_department else []

    def change(self, stored: Subject, values: Values, fields: dict[str, list[Any]]) -> None:
        """Write what differs and bring the labels along."""
        for name in fields:
            if name != "departments":
                setattr(stored, name, values[name])
        stored.revision += 1
        over = fields["departments"][1] if "departments" in fields else self._departments.get(stored.id, [])
        held = {
            "fields": stored.fields,
            "tags": stored.tags,
            "licences": stored.licences,
            "departments": over,
        }
        db.session.execute(delete(SubjectLabel).where(SubjectLabel.subject_id == stored.id))
        self._add_labels([(stored.id, held)])

    def add(self, rows: list[Values]) -> None:
        """Keep new subjects with their labels, in bulk."""
        if not rows:
            return
        whole = [self._whole(one) for one in rows]
        db.session.execute(
            insert(Subject), [{k: v for k, v in one.items() if k != "departments"} for one in whole]
        )
        self._add_labels([(one["id"], one) for one in whole])

    def _whole(self, values: Values) -> Values:
        empty: Values = {
            "id": new_id(), "region_id": self.region_id, "kind": SubjectKind.ENTERPRISE.value, "fields": [], "tags": [],
            "address": "", "lat_e7": None, "lon_e7": None, "legal_representative": None, "phone": None, "contact": None,
            "contact_phone": None, "state": "operating", "risk": "-", "risk_issuer": None, "risk_day": None,
            "licences": [], "departments": self._own(), "made_up": self.made_up, "revision": 1,
        }  # fmt: skip
        return empty | values

    def _add_labels(self, held: list[tuple[str, Values]]) -> None:
        labels = [
            {"id": new_id(), "subject_id": ident, "kind": kind, "value": value}
            for ident, values in held
            for kind, value in rules.labels_of(values)
        ]
        if labels:
            db.session.execute(insert(SubjectLabel), labels)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _licence(text: str) -> dict[str, str | None]:
    """名称|编号|有效期至, the later two may be missing."""
    name, number, until = [*(part.strip() for part in text.split("|")), "", ""][:3]
    day = day_of(until) if until else None
    if not name or (until and day is None):
        raise Refused(f"许可“{text}”读不懂，应写成：名称|编号|2027-12-31")
    return {"name": name, "no": number or None, "valid_to": day.isoformat() if day else None}


def _position(text: str) -> tuple[int, int]:
    """纬度,经度 in degrees -> degrees x 10^7."""
    try:
        lat, lon = (round(float(part) * 10_000_000) for part in text.replace("，", ",").split(","))
    except ValueError as error:
        raise Refused(f"坐标“{text}”读不懂，应写成：35.5865,100.7473") from error
    if not (-900_000_000 <= lat <= 900_000_000 and -1_800_000_000 <= lon <= 1_800_000_000):
        raise Refused(f"坐标“{text}”超出范围，应先写纬度再写经度")
    return lat, lon
