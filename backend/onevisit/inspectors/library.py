"""What does a row of an inspector list mean, and how does it meet the library?"""

import json
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from sqlalchemy import or_, select

from onevisit.core.db import db
from onevisit.core.reading import Reader, Refused, plain, repeated
from onevisit.core.rows import Headings, day_of, listed
from onevisit.core.staging import DAY, JSON, TEXT, TRUTH
from onevisit.departments.queries import named_department
from onevisit.inspectors.terms import INSPECTOR_KIND_LABELS, INSPECTOR_STATE_LABELS
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import ImportedList, LibraryName


class InspectorLibrary:
    """执法检查人员名录库 of a region; a department brings only its own people."""

    step = "inspectors"
    library = LibraryName.INSPECTORS
    brings = ImportedList.INSPECTORS
    stored = "inspectors"
    title = "姓名"
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
    columns = MappingProxyType(
        {
            "certificate_no": TEXT, "name": TEXT, "department_id": TEXT, "kind": TEXT, "valid_to": DAY,
            "specialities": JSON, "expert": TRUTH, "state": TEXT, "recusals": JSON, "phone": TEXT,
        }
    )  # fmt: skip
    number_column = "certificate_no"
    twin_columns: tuple[str, ...] = ("name", "department_id")
    party_column: str | None = None
    added_to: tuple[str, ...] = ()
    own_column: str | None = "department_id"

    def __init__(self, region_id: str, own_department: str | None, made_up: bool = False) -> None:
        self.region_id, self.own_department, self.made_up = region_id, own_department, made_up
        self.offices = named_department(region_id)
        self._readers: dict[str, Reader] = {
            "name": plain("姓名", 60), "certificate_no": plain("执法证号", 40), "phone": plain("电话", 40),
            "kind": repeated(_words_of(INSPECTOR_KIND_LABELS, "人员类别")),
            "state": repeated(_words_of(INSPECTOR_STATE_LABELS, "状态")),
            "valid_to": repeated(_day), "specialities": repeated(_specialities), "expert": repeated(_expert),
            "recusals": repeated(self._recusals), "department_id": repeated(self._department),
        }  # fmt: skip

    def present(self, mapping: dict[int, str]) -> list[str]:
        """The staged columns that such a file fills; everybody has a department and a kind."""
        names = {"department_id" if one == "department" else one for one in mapping.values()}
        return [name for name in self.columns if name in names | {"department_id", "kind"}]

    def reader(self, mapping: dict[int, str]) -> Callable[[list[str]], tuple[list[Any], list[str]]]:
        """Reads a line; raises Refused."""
        places = {"department_id" if name == "department" else name: at for at, name in mapping.items()}
        order, width = self.present(mapping), max(mapping) + 1
        slots = {name: order.index(name) for name in order}

        def read(cells: list[str]) -> tuple[list[Any], list[str]]:
            cells = cells + [""] * (width - len(cells))
            values = [self._readers[name](cells[places[name]]) if name in places else None for name in order]
            if values[slots["name"]] is None:
                raise Refused("姓名没有填写")
            department = values[slots["department_id"]] or self._own()
            values[slots["department_id"]] = department
            if values[slots["certificate_no"]] is not None:
                return values, []
            values[slots["kind"]] = values[slots["kind"]] or "supervision"
            return values, ["没有执法证号，入库但不参加抽取"]

        return read

    def _own(self) -> str:
        if self.own_department is None:
            raise Refused("没有写部门")
        return self.own_department

    def _department(self, written: str) -> str | None:
        if not written:
            return None
        found = self.offices(written)
        if found is None:
            raise Refused(f"部门“{written}”不在本地区的部门名单里")
        if self.own_department and found != self.own_department:
            raise Refused(f"“{written}”不是您的部门，只能导入本部门的人员")
        return found

    def _recusals(self, text: str) -> str | None:
        """Subjects by credit code or name -> their ids; a draw keeps the inspector away from them."""
        written = listed(text)
        if not written:
            return None
        rows = db.session.execute(
            select(Subject.id, Subject.credit_code, Subject.name).where(
                Subject.region_id == self.region_id,
                or_(Subject.credit_code.in_(written), Subject.name.in_(written)),
            )
        ).all()
        known = {code: ident for ident, code, _ in rows} | {name: ident for ident, _, name in rows}
        if unknown := [one for one in written if one not in known]:
            raise Refused(f"回避对象“{'、'.join(unknown)}”不在检查对象名录库里")
        return json.dumps(sorted({known[one] for one in written}))

    def defaults(self) -> dict[str, Any]:
        """What a new inspector is where the list says nothing."""
        return {
            "kind": "enforcement", "state": "active", "specialities": [], "recusals": [], "expert": False,
            "made_up": self.made_up, "recusal_reasons": {},
        }  # fmt: skip


def _day(text: str) -> str | None:
    found = day_of(text) if text else None
    if text and found is None:
        raise Refused(f"有效期“{text}”不是日期，应写成 2027-12-31")
    return found.isoformat() if found else None


def _specialities(text: str) -> str | None:
    return json.dumps(sorted(listed(text)), ensure_ascii=False) if text else None


def _expert(text: str) -> bool | None:
    return text in ("是", "专家", "1", "√", "true") if text else None


def _words_of(labels: Any, column: str) -> Reader:
    def read(text: str) -> str | None:
        if not text:
            return None
        for word, label in labels.items():
            if text == word.value or text in label:
                return str(word.value)
        raise Refused(f"{column}“{text}”不认识，应为：{'、'.join(labels.values())}")

    return read
