"""What does a row of a subject list mean, in the columns of the library?"""

import json
from collections.abc import Callable
from itertools import compress
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from onevisit.core.db import db
from onevisit.core.reading import Odd, Reader, Refused, column_of, plain, plain_column, repeated
from onevisit.core.rows import Headings, day_of, listed
from onevisit.core.staging import DAY, INTEGER, JSON, TEXT, TRUTH
from onevisit.departments.queries import named_department
from onevisit.subjects import rules
from onevisit.subjects.code_reader import doubtful
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import (
    KIND_LABELS,
    LEGAL_PERSONS,
    STATE_LABELS,
    ImportedList,
    LibraryName,
    SubjectKind,
)

Line = list[str]
Columns = Callable[[list[str]], list[Any]]
Warned = list[tuple[int, list[str]]]
_LENGTHS = {"name": 200, "address": 300, "legal_representative": 60, "phone": 40, "contact": 60,
            "contact_phone": 40, "risk_issuer": 80, "responsible": 200}  # fmt: skip


class SubjectLibrary:
    """检查对象名录库 of a region; rows without 监管部门 belong to `own_department`, who brought the file."""

    step = "subjects"
    library = LibraryName.SUBJECTS
    brings = ImportedList.SUBJECTS
    stored = "subjects"
    title = "名称"
    headings: Headings = MappingProxyType(
        {
            "name": ("名称", "主体名称", "企业名称", "对象名称", "市场主体名称", "单位名称", "检查对象名称"),
            "credit_code": ("统一社会信用代码", "信用代码", "社会信用代码", "统一代码"),
            "kind": ("对象种类", "主体类型", "对象类型", "类型", "企业类型"),
            "fields": ("行业领域", "行业", "领域", "经营类别"),
            "tags": ("标签", "分类标签"),
            "address": ("地址", "住所", "经营场所", "经营地址", "生产经营地址"),
            "legal_representative": ("法定代表人", "法人代表", "负责人", "经营者", "法人"),
            "phone": ("电话", "联系电话", "单位电话"),
            "contact": ("联系人", "联络员"),
            "contact_phone": ("联系人电话", "手机", "手机号", "联络员电话"),
            "state": ("经营状态", "状态", "登记状态"),
            "risk": ("信用风险", "风险等级", "信用风险分类", "风险类别"),
            "risk_issuer": ("风险分类单位", "分类单位"),
            "risk_day": ("风险分类日期", "分类日期"),
            "licences": ("许可", "许可证", "行政许可", "许可证件"),
            "departments": ("监管部门", "主管部门", "所属部门", "审批部门"),
            "responsible": ("责任主体", "责任单位", "责任方"),
            "position": ("坐标", "经纬度"),
        }
    )
    required: tuple[str, ...] = ("name", "credit_code")
    # Staged column -> kind; the order in which a row is written. `row` and `doubtful` come with every row.
    columns = MappingProxyType(
        {
            "credit_code": TEXT, "name": TEXT, "kind": TEXT, "fields": JSON, "tags": JSON, "address": TEXT,
            "lat_e7": INTEGER, "lon_e7": INTEGER, "legal_representative": TEXT, "phone": TEXT, "contact": TEXT,
            "contact_phone": TEXT, "state": TEXT, "risk": TEXT, "risk_issuer": TEXT, "risk_day": DAY,
            "licences": JSON, "departments": JSON, "responsible_id": TEXT, "code_doubtful": TRUTH,
        }
    )  # fmt: skip
    number_column = "credit_code"
    twin_columns: tuple[str, ...] = ("name", "address")
    party_column: str | None = "responsible_id"
    added_to: tuple[str, ...] = ("departments",)
    own_column: str | None = None

    def __init__(self, region_id: str, own_department: str | None, made_up: bool = False) -> None:
        self.region_id, self.own_department, self.made_up = region_id, own_department, made_up
        self.offices = named_department(region_id)
        self._readers: dict[str, Reader] = {
            **{name: plain(self.headings[name][0], most) for name, most in _LENGTHS.items()},
            "kind": repeated(self._kind), "state": repeated(self._state), "risk": repeated(self._risk),
            "risk_day": repeated(_day), "fields": repeated(_words), "tags": repeated(_words),
            "licences": repeated(_licences), "departments": repeated(self._departments), "position": _position,
        }  # fmt: skip

    def present(self, mapping: dict[int, str]) -> list[str]:
        """The staged columns that a file with this mapping fills."""
        names = set(mapping.values())
        also = {"position": ("lat_e7", "lon_e7"), "responsible": ("responsible_id",)}
        found = {column for name in names for column in also.get(name, (name,))} | {"code_doubtful"}
        if self.own_department:
            found.add("departments")
        return [name for name in self.columns if name in found]

    def reader(self, mapping: dict[int, str]) -> Callable[[Line], tuple[list[Any], list[str]]]:
        """Reads a line into the present columns, with its warnings; raises Refused."""
        places = {name: at for at, name in mapping.items()}
        at_name, at_code, at_position = places["name"], places["credit_code"], places.get("position")
        read_name = self._readers["name"]
        rest: list[tuple[str, int, Reader]] = []
        for column in self.present(mapping):
            source = "responsible" if column == "responsible_id" else column
            if source in self._readers and source in places and source not in ("name", "position"):
                rest.append((column, places[source], self._readers[source]))
        order = self.present(mapping)
        own = json.dumps([self.own_department]) if self.own_department else None
        at_departments = order.index("departments") if "departments" in order else None
        fixed = [(order.index(column), at, read) for column, at, read in rest]
        at_kind = order.index("kind") if "kind" in order else None
        slots = {name: order.index(name) for name in ("name", "credit_code", "code_doubtful")}
        slot_name, slot_code, slot_doubt = slots["name"], slots["credit_code"], slots["code_doubtful"]
        at_lat = order.index("lat_e7") if at_position is not None else 0
        width, empty = max(mapping) + 1, [None] * len(order)
        none: list[str] = []

        def read(cells: Line) -> tuple[list[Any], list[str]]:
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            values: list[Any] = empty[:]
            values[slot_name] = read_name(cells[at_name])
            if values[slot_name] is None:
                raise Refused("名称没有填写")
            for slot, at, reading in fixed:
                if text := cells[at]:
                    values[slot] = reading(text)
            if at_position is not None and cells[at_position].strip():
                values[at_lat], values[at_lat + 1] = _position(cells[at_position].strip())
            if at_departments is not None and values[at_departments] is None:
                values[at_departments] = own
            code = cells[at_code]
            try:
                [odd] = doubtful([code])
            except KeyError:
                code = code.replace(" ", "").strip().upper()
                if not code:
                    kind = values[at_kind] if at_kind is not None else None
                    if (kind or SubjectKind.ENTERPRISE) in LEGAL_PERSONS:
                        raise Refused(
                            "没有统一社会信用代码；产品、项目、场所、行为请在“对象种类”一列写明"
                        ) from None
                    values[slot_doubt] = False
                    return values, none
                if fault := rules.credit_code_fault(code):
                    raise Refused(fault) from None
                [odd] = doubtful([code])
            values[slot_doubt] = odd
            values[slot_code] = code
            if not odd:
                return values, none
            if fault := rules.credit_code_fault(code):
                raise Refused(fault)
            return values, [rules.check_digit_warning(code) or ""]

        return read

    def whole(self, mapping: dict[int, str]) -> Callable[[list[Line]], tuple[list[list[Any]], Warned]]:
        """Reads many lines at once, column after column, as `reader` does line by line.

        Raises Odd, Refused, KeyError or ValueError where one of them wants a look of its own.
        """
        places = {name: at for at, name in mapping.items()}
        order, width = self.present(mapping), max(mapping) + 1
        own = json.dumps([self.own_department]) if self.own_department else None
        sources = {"responsible_id": "responsible", "lat_e7": "position", "lon_e7": "position"}
        reads: list[tuple[str, int | None, Columns]] = []
        for column in order:
            source = sources.get(column, column)
            most = _LENGTHS.get(source)
            reads.append((column, places.get(source), plain_column(most) if most else self._column(source)))

        def read(lines: list[Line]) -> tuple[list[list[Any]], Warned]:
            if min(map(len, lines)) < width:
                raise Odd
            found: dict[str, list[Any]] = {}
            for column, at, reading in reads:
                cells = list(map(itemgetter(at), lines)) if at is not None else None
                found[column] = reading(cells) if cells is not None else [None] * len(lines)
            if None in found["name"]:
                raise Odd
            codes = found["credit_code"]
            found["code_doubtful"] = odd = doubtful(codes)
            if own is not None:
                found["departments"] = [own if one is None else one for one in found["departments"]]
            if "lat_e7" in found:
                pairs = found["lat_e7"]
                found["lat_e7"], found["lon_e7"] = ([pair[side] for pair in pairs] for side in (0, 1))
            return [found[column] for column in order], _doubts(codes, odd) if True in odd else []

        return read

    def _column(self, source: str) -> Columns:
        if source == "credit_code":
            return list
        if source == "position":
            return column_of(lambda text: _position(text.strip()) if text.strip() else (None, None))
        return column_of(self._readers[source]) if source in self._readers else list

    def _kind(self, text: str) -> str | None:
        found = rules.kind_of(text, KIND_LABELS) if text else None
        if text and found is None:
            raise Refused(f"对象种类“{text}”不认识，应为：{'、'.join(KIND_LABELS.values())}")
        return found.value if found else None

    def _state(self, text: str) -> str | None:
        found = rules.state_of(text, STATE_LABELS) if text else None
        if text and found is None:
            raise Refused(f"经营状态“{text}”不认识，应为：{'、'.join(STATE_LABELS.values())}")
        return found.value if found else None

    def _risk(self, text: str) -> str | None:
        found = rules.risk_of(text) if text else None
        if text and found is None:
            raise Refused(f"信用风险“{text}”不认识，应为 A、B、C、D 或空")
        return found.value if found else None

    def _departments(self, text: str) -> str | None:
        names = listed(text)
        found = {name: self.offices(name) for name in names}
        if unknown := [name for name, ident in found.items() if ident is None]:
            raise Refused(f"监管部门“{'、'.join(unknown)}”不在本地区的部门名单里")
        return json.dumps(sorted({ident for ident in found.values() if ident})) if names else None

    def defaults(self) -> dict[str, Any]:
        """What a new subject is where the list says nothing."""
        return {
            "kind": SubjectKind.ENTERPRISE.value, "state": "operating", "risk": "-", "address": "", "fields": [],
            "tags": [], "licences": [], "departments": [], "grades": [], "made_up": self.made_up,
            "code_doubtful": False,
        }  # fmt: skip

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Keep some subjects that need no reading."""
        own = {"departments": [self.own_department] if self.own_department else []}
        new = self.defaults() | {"region_id": self.region_id} | own
        db.session.add_all(Subject(**(new | one)) for one in rows)
        db.session.flush()


def _doubts(codes: list[str], odd: list[bool]) -> Warned:
    """Which rows are warned of their check digit; Odd where a code is none at all."""
    found: Warned = []
    for at in compress(range(len(codes)), odd):
        if rules.credit_code_fault(codes[at]):
            raise Odd
        found.append((at, [rules.check_digit_warning(codes[at]) or ""]))
    return found


def _words(text: str) -> str | None:
    found = listed(text)
    if any(len(one) > 120 for one in found):
        raise Refused("行业领域或标签中有超过 120 个字的词，请用分号分开")
    return json.dumps(found, ensure_ascii=False) if found else None


def _day(text: str) -> str | None:
    found = day_of(text) if text else None
    if text and found is None:
        raise Refused(f"风险分类日期“{text}”不是日期，应写成 2026-03-01")
    return found.isoformat() if found else None


def _licences(text: str) -> str | None:
    found = [_licence(one) for one in listed(text)]
    return json.dumps(found, ensure_ascii=False) if found else None


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
    except (ValueError, OverflowError) as error:
        raise Refused(f"坐标“{text}”读不懂，应写成：35.5865,100.7473") from error
    if not (-900_000_000 <= lat <= 900_000_000 and -1_800_000_000 <= lon <= 1_800_000_000):
        raise Refused(f"坐标“{text}”超出范围，应先写纬度再写经度")
    return lat, lon
