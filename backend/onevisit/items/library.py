"""What does a row of an item list mean, and how does it meet the list that is kept?"""

from collections.abc import Hashable
from types import MappingProxyType
from typing import Any

from sqlalchemy import insert, select

from onevisit.core import clock
from onevisit.core.canonical import digest
from onevisit.core.db import db
from onevisit.core.exports import as_written
from onevisit.core.ids import new_id
from onevisit.core.imports import Refused, Values
from onevisit.core.rows import Headings, listed
from onevisit.departments.queries import named_department
from onevisit.items.basis_uses import note_uses
from onevisit.items.history import change_of
from onevisit.items.keeping import ItemKeeping
from onevisit.items.models import Checklist, Item
from onevisit.items.rules import generic_entries
from onevisit.items.terms import (
    ITEM_CATEGORY_LABELS,
    ITEM_STATE_LABELS,
    ITEM_TIER_LABELS,
    ItemChangeKind,
)
from onevisit.subjects.terms import ImportedList


class ItemLibrary:
    """抽查事项清单 of a region; a department brings only its own items."""

    step = "items"
    library = ImportedList.ITEMS
    brings = ImportedList.ITEMS
    headings: Headings = MappingProxyType(
        {
            "code": ("事项编码", "编码", "序号", "事项编号"),
            "name": ("抽查事项", "事项名称", "名称", "检查事项", "抽查内容"),
            "department": ("部门", "实施部门", "抽查主体", "责任部门", "检查部门", "检查主体"),
            "inspecting_body": ("检查主体名称", "法定检查主体", "实施主体"),
            "superior_code": ("上级清单编码", "上级事项编码", "上级编码"),
            "speciality": ("专业要求", "专长要求", "所需专长"),
            "joint_with": ("联合部门", "配合部门", "联合检查部门"),
            "tier": ("层级", "检查层级"),
            "category": ("事项类别", "类别", "重点一般"),
            "legal_basis": ("法律依据", "抽查依据", "检查依据", "依据"),
            "joint": ("联合抽查", "是否联合"),
            "state": ("状态", "事项状态", "清单状态"),
            "subject_kinds": ("抽查对象", "对象种类", "检查对象"),
        }
    )
    required: tuple[str, ...] = ("code", "name")

    def __init__(self, region_id: str, own_department: str | None) -> None:
        self.region_id, self.own_department = region_id, own_department
        self.offices = named_department(region_id)
        self.written: list[
            tuple[str, int, dict[str, list[Any]]]
        ] = []  # id, revision, what differs; {} is new

    def keeping(self) -> ItemKeeping:
        """A list of items brings their checklists along."""
        return ItemKeeping(self)

    def parsed(self, cells: dict[str, str]) -> tuple[Values, list[str]]:
        """A row's values; an empty cell leaves what is kept."""
        cells = {name: as_written(text) for name, text in cells.items()}
        if not cells.get("code") or not cells.get("name"):
            raise Refused("事项编码和名称都要填写")
        if len(cells["code"]) > 40 or len(cells["name"]) > 300:
            raise Refused("事项编码超过 40 个字或名称超过 300 个字")
        values: Values = {
            "code": cells["code"],
            "name": cells["name"],
            "department_id": self._department(cells),
        }
        if cells.get("legal_basis"):
            values["legal_basis"] = cells["legal_basis"]
        if cells.get("subject_kinds"):
            values["subject_kinds"] = listed(cells["subject_kinds"])
        if text := cells.get("tier"):
            values["tier"] = _word(text.removesuffix("级"), ITEM_TIER_LABELS, "层级")
        if text := cells.get("category"):
            values["category"] = _word(text, ITEM_CATEGORY_LABELS, "事项类别")
        if text := cells.get("state"):
            values["state"] = _word(text, ITEM_STATE_LABELS, "状态")
        for name, most in (("inspecting_body", 200), ("superior_code", 60), ("speciality", 60)):
            if text := cells.get(name):
                if len(text) > most:
                    raise Refused(f"{self.headings[name][0]}超过 {most} 个字")
                values[name] = text
        if text := cells.get("joint"):
            values["joint"] = _yes(text)
        if text := cells.get("joint_with"):
            values["joint_with"] = sorted(
                {self._office(one) for one in listed(text)} - {values["department_id"]}
            )
            values.setdefault("joint", True)
        return values, [] if values.get("legal_basis") else ["没有写法律依据"]

    def _department(self, cells: dict[str, str]) -> str:
        written = cells.get("department", "")
        found = self.offices(written) if written else self.own_department
        if found is None:
            raise Refused(f"部门“{written}”不在本地区的部门名单里" if written else "没有写部门")
        if self.own_department and found != self.own_department:
            raise Refused(f"“{written}”不是您的部门，只能导入本部门的事项")
        return found

    def _office(self, written: str) -> str:
        found = self.offices(written)
        if found is None:
            raise Refused(f"联合部门“{written}”不在本地区的部门名单里")
        return found

    def key_of(self, values: Values) -> Hashable:
        """The code."""
        return str(values["code"])

    def name_of(self, values: Values) -> str:
        """The item's name."""
        return str(values["name"])

    def known(self, rows: list[Values]) -> dict[Hashable, Any]:
        """The items that the rows speak of."""
        codes = [one["code"] for one in rows]
        found = db.session.scalars(select(Item).where(Item.region_id == self.region_id, Item.code.in_(codes)))
        return {one.code: one for one in found}

    def differences(self, stored: Item, values: Values) -> dict[str, list[Any]]:
        """Field -> [old, new]; a code that another department holds is refused, in the preview already."""
        if self.own_department and stored.department_id != self.own_department:
            raise Refused(f"编码 {stored.code} 是别的部门的事项，不能改")
        return {
            name: [getattr(stored, name), value]
            for name, value in values.items()
            if getattr(stored, name) != value
        }

    def change(self, stored: Item, values: Values, fields: dict[str, list[Any]]) -> None:
        """Write what differs, into the item's history too."""
        for name in fields:
            setattr(stored, name, values[name])
        stored.revision += 1
        db.session.add(change_of(stored.id, fields))
        db.session.flush()
        self.written.append((stored.id, stored.revision, fields))
        note_uses([stored.id])

    def add(self, rows: list[Values]) -> None:
        """Keep new items; each begins with the generic checklist, so that none is ever without one."""
        if not rows:
            return
        empty: Values = {
            "region_id": self.region_id, "tier": "county", "category": None, "legal_basis": "", "joint": True,
            "state": "in_force", "subject_kinds": [], "revision": 1, "inspecting_body": "", "superior_code": "",
            "joint_with": [], "speciality": None,
        }  # fmt: skip
        whole = [empty | {"id": new_id()} | one for one in rows]
        db.session.execute(insert(Item), whole)
        db.session.execute(insert(Checklist), [_generic(one) for one in whole])
        db.session.add_all(change_of(one["id"], {}, ItemChangeKind.ADDED) for one in whole)
        db.session.flush()
        self.written += [(one["id"], 1, {}) for one in whole]
        note_uses([one["id"] for one in whole])


def _generic(item: Values) -> Values:
    entries = generic_entries(item["name"], item["legal_basis"])
    return {
        "id": new_id(), "item_id": item["id"], "version": 1, "hash": digest(entries), "entries": entries,
        "generic": True, "made_at": clock.now(), "made_by_name": "", "note": "",
    }  # fmt: skip


def _yes(text: str) -> bool:
    if text in ("是", "联合", "1", "√", "true", "跨部门联合"):
        return True
    if text in ("否", "单部门", "0", "×", "false", "不联合"):
        return False
    raise Refused(f"“是否联合”写的是“{text}”，应为：是、否")


def _word(text: str, labels: Any, column: str) -> str:
    for word, label in labels.items():
        if text == word.value or text in label:
            return str(word.value)
    raise Refused(f"{column}“{text}”不认识，应为：{'、'.join(labels.values())}")
