"""What does a row of an inspector list mean, and how does it meet the library?"""

from collections.abc import Hashable
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, insert, or_, select

from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.core.imports import Refused, Values
from onevisit.core.rows import Headings, day_of, listed
from onevisit.departments.queries import named_department
from onevisit.inspectors.models import Inspector
from onevisit.inspectors.terms import INSPECTOR_KIND_LABELS, INSPECTOR_STATE_LABELS, InspectorKind
from onevisit.subjects.models import Subject


class InspectorLibrary:
    """执法检查人员名录库 of a region; a department brings only its own people."""

    step = "inspectors"
    headings: Headings = MappingProxyType(
        {
            "name": ("姓名", "人员姓名", "执法人员"),
            "department": ("部门", "单位", "所属部门", "执法部门"),
            "kind": ("人员类别", "类别"),
            "certificate_no": ("执法证号", "证号", "执法证件号", "证件编号"),
            "valid_to": ("有效期至", "证件有效期", "有效期"),
            "specialities": ("专长", "专业领域", "业务专长"),
            "expert": ("专家", "是否专家"),
            "state": ("状态", "在岗状态"),
            "recusals": ("回避对象", "应回避对象"),
            "phone": ("电话", "联系电话", "手机"),
        }
    )
    required: tuple[str, ...] = ("name", "certificate_no")

    def __init__(self, region_id: str, own_department: str | None, made_up: bool = False) -> None:
        self.region_id, self.own_department, self.made_up = region_id, own_department, made_up
        self.offices = named_department(region_id)

    def parsed(self, cells: dict[str, str]) -> tuple[Values, list[str]]:
        """A row's values; an empty cell leaves what is kept."""
        if not cells.get("name"):
            raise Refused("姓名没有填写")
        values: Values = {
            "name": cells["name"], "certificate_no": cells.get("certificate_no") or None,
            "department_id": self._department(cells),
        }  # fmt: skip
        if len(values["name"]) > 60 or len(values["certificate_no"] or "") > 40:
            raise Refused("姓名超过 60 个字或执法证号超过 40 个字")
        if text := cells.get("kind"):
            values["kind"] = _word(text, INSPECTOR_KIND_LABELS, "人员类别")
        if text := cells.get("state"):
            values["state"] = _word(text, INSPECTOR_STATE_LABELS, "状态")
        if text := cells.get("valid_to"):
            values["valid_to"] = day_of(text)
            if values["valid_to"] is None:
                raise Refused(f"有效期“{text}”不是日期，应写成 2027-12-31")
        if cells.get("specialities"):
            values["specialities"] = sorted(listed(cells["specialities"]))
        if text := cells.get("expert"):
            values["expert"] = text in ("是", "专家", "1", "√", "true")
        if cells.get("phone"):
            values["phone"] = cells["phone"]
        if cells.get("recusals"):
            values["recusals"] = self._recusals(listed(cells["recusals"]))
        warnings = ["没有执法证号，入库但不参加抽取"] if values["certificate_no"] is None else []
        return values, warnings

    def _department(self, cells: dict[str, str]) -> str:
        written = cells.get("department", "")
        found = self.offices(written) if written else self.own_department
        if found is None:
            raise Refused(f"部门“{written}”不在本地区的部门名单里" if written else "没有写部门")
        if self.own_department and found != self.own_department:
            raise Refused(f"“{written}”不是您的部门，只能导入本部门的人员")
        return found

    def _recusals(self, written: list[str]) -> list[str]:
        """Subjects by credit code or name -> their ids; a draw keeps the inspector away from them."""
        rows = db.session.execute(
            select(Subject.id, Subject.credit_code, Subject.name).where(
                Subject.region_id == self.region_id,
                or_(Subject.credit_code.in_(written), Subject.name.in_(written)),
            )
        ).all()
        known = {code: ident for ident, code, _ in rows} | {name: ident for ident, _, name in rows}
        if unknown := [one for one in written if one not in known]:
            raise Refused(f"回避对象“{'、'.join(unknown)}”不在检查对象名录库里")
        return sorted({known[one] for one in written})

    def key_of(self, values: Values) -> Hashable:
        """The certificate; staff without one by department and name."""
        return values["certificate_no"] or (values["department_id"], values["name"])

    def name_of(self, values: Values) -> str:
        """The inspector's name."""
        return str(values["name"])

    def known(self, rows: list[Values]) -> dict[Hashable, Any]:
        """The inspectors that the rows speak of."""
        numbers = [one["certificate_no"] for one in rows if one["certificate_no"]]
        names = [one["name"] for one in rows if not one["certificate_no"]]
        found = db.session.scalars(
            select(Inspector).where(
                Inspector.region_id == self.region_id,
                or_(
                    Inspector.certificate_no.in_(numbers),
                    and_(Inspector.certificate_no.is_(None), Inspector.name.in_(names)),
                ),
            )
        )
        return {one.certificate_no or (one.department_id, one.name): one for one in found}

    def differences(self, stored: Inspector, values: Values) -> dict[str, list[Any]]:
        """Field -> [old, new]; another department's person is refused, in the preview already."""
        if self.own_department and stored.department_id != self.own_department:
            raise Refused(f"执法证 {stored.certificate_no} 登记在别的部门，请由该部门先办理调离")
        return {
            name: [_plain(getattr(stored, name)), _plain(value)]
            for name, value in values.items()
            if getattr(stored, name) != value
        }

    def change(self, stored: Inspector, values: Values, fields: dict[str, list[Any]]) -> None:
        """Write what differs."""
        for name in fields:
            setattr(stored, name, values[name])
        stored.revision += 1

    def add(self, rows: list[Values]) -> None:
        """Keep new inspectors."""
        if rows:
            db.session.execute(insert(Inspector), [self._whole(one) for one in rows])

    def _whole(self, values: Values) -> Values:
        kind = InspectorKind.ENFORCEMENT if values["certificate_no"] else InspectorKind.SUPERVISION
        empty: Values = {
            "id": new_id(), "region_id": self.region_id, "kind": kind.value, "valid_to": None, "specialities": [],
            "expert": False, "state": "active", "recusals": [], "phone": None, "made_up": self.made_up, "revision": 1,
        }  # fmt: skip
        return empty | values


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _word(text: str, labels: Any, column: str) -> str:
    for word, label in labels.items():
        if text == word.value or text in label:
            return str(word.value)
    raise Refused(f"{column}“{text}”不认识，应为：{'、'.join(labels.values())}")
