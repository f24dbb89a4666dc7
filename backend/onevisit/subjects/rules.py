"""Is a credit code right, what does a library row say, and whom does a scope filter mean? Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stdnum.cn.uscc import calc_check_digit

from onevisit.subjects.terms import LabelKind, Risk, SubjectKind, SubjectState

# Digits 1-2 may be letters (N1 农村经济组织, A1 …), which the library's own check refuses; 3-8 are the region.
_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
# After the county (or where the address begins): 茫曲镇, 过马营镇, 森多乡, 渠东街道; not 新乡市, not 乡镇企业局, not 乡村.
_PLACE = re.compile(
    r"(?:^|[省市县区旗州盟])"
    r"((?!乡镇)[^\W\d_省市县区旗州盟路街巷号]{1,8}?(?:镇(?![市县区旗])|乡(?![市县区旗镇村])|苏木)"
    r"|[^\W\d_省市县区旗州盟号]{1,8}?(?:街道|示范区|工业园区|园区|开发区))"
)
IN_OPERATION = frozenset({SubjectState.OPERATING})


def credit_code_fault(code: str) -> str | None:
    """Why this cannot be a credit code at all; None when its shape is right."""
    if len(code) != 18:
        return f"统一社会信用代码应为 18 位，现为 {len(code)} 位"
    return None if _SHAPE.fullmatch(code) else "统一社会信用代码里有不允许的字符（不用 I、O、S、V、Z）"


def check_digit_warning(code: str) -> str | None:
    """A warning that a person may overrule: the last digit does not follow from the others (GB 32100)."""
    right = calc_check_digit(code[:17])
    return (
        None
        if code[17] == right
        else f"统一社会信用代码 {code} 的校验位不符（按前 17 位应为 {right}），请核对"
    )


@dataclass(frozen=True)
class Condition:
    """One clause of a filter: the subject has one of these values of this kind."""

    kind: LabelKind
    any: tuple[str, ...]


@dataclass(frozen=True)
class ScopeFilter:
    """抽查对象范围 as a filter over the library: all of `all`, and nothing of `none`."""

    all: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The shape that travels and is stored."""
        return {
            side: [{"kind": one.kind.value, "any": list(one.any)} for one in getattr(self, side)]
            for side in ("all", "none")
        }

    @property
    def empty(self) -> bool:
        """Does it ask for nothing, so that it would mean the whole library?"""
        return not self.all and not self.none


def scope_filter(given: Mapping[str, Any] | None) -> ScopeFilter:
    """The filter of its JSON; ValueError says which clause is wrong."""
    sides = {
        side: tuple(_condition(one) for one in (given or {}).get(side) or ()) for side in ("all", "none")
    }
    return ScopeFilter(**sides)


def _condition(given: Mapping[str, Any]) -> Condition:
    values = tuple(str(value) for value in given.get("any") or ())
    if not values:
        raise ValueError("每个条件至少要选一个值")
    return Condition(LabelKind(given["kind"]), values)


def fits(wanted: ScopeFilter, labels: Iterable[tuple[str, str]]) -> bool:
    """Does a subject with these (kind, value) labels lie in the scope?"""
    held = set(labels)

    def meets(one: Condition) -> bool:
        return any((one.kind.value, value) in held for value in one.any)

    return all(map(meets, wanted.all)) and not any(map(meets, wanted.none))


def labels_of(values: Mapping[str, Any], unlisted: bool = True) -> list[tuple[str, str]]:
    """The labels by which a subject is found, in order and once each; `department` "" means: in no library.

    `unlisted` false: the values are only some columns, and departments that are not among them say nothing.
    """
    licences = [one["name"] for one in values.get("licences") or ()]
    columns = ((LabelKind.SUBJECT_KIND, "kind"), (LabelKind.STATE, "state"), (LabelKind.RISK, "risk"))
    found = [
        *((LabelKind.FIELD, one) for one in values.get("fields") or ()),
        *((LabelKind.TAG, one) for one in values.get("tags") or ()),
        *((LabelKind.LICENCE, one) for one in licences),
        *((LabelKind.DEPARTMENT, one) for one in values.get("departments") or (("",) if unlisted else ())),
        *((LabelKind.GRADE, one) for one in values.get("grades") or ()),
        *((LabelKind.PLACE, one) for one in (place_of(values.get("address") or ""),) if one),
        *((kind, values[name]) for kind, name in columns if values.get(name)),
    ]
    return list(dict.fromkeys((kind.value, value) for kind, value in found))


def place_of(address: str) -> str | None:
    """The township, town or street office an address names (乡镇、街道); None where it names none."""
    for mark in "镇乡":
        if (at := address.find(mark)) > 0 and (place := _begun(address[: at + 2])):
            return place
    return _place_in(address) if any(map(address.__contains__, ("镇", "乡", "街道", "区", "苏木"))) else None


def places_of(addresses: Iterable[str | None]) -> list[str | None]:
    """`place_of` for many: what an address begins with, up to its township, is understood once."""
    found = []
    for address in addresses:
        end = address.find("镇") if address else 0
        place = _begun(address[: end + 2]) if end > 0 else None  # type: ignore[index]
        found.append(place or (place_of(address) if address else None))
    return found


@lru_cache(8192)
def _begun(beginning: str) -> str | None:
    """A million addresses begin in a few hundred ways."""
    return _place_in(beginning)


def _place_in(address: str) -> str | None:
    found = _PLACE.search("".join(unicodedata.normalize("NFKC", address).split()))
    return found.group(1) if found else None


def kind_of(text: str, labels: Mapping[SubjectKind, str]) -> SubjectKind | None:
    """The kind an office means by a word."""
    for kind, label in labels.items():
        if text in (kind.value, label) or (len(text) >= 2 and text in label):
            return kind
    return {
        "个体": SubjectKind.SOLE_TRADER,
        "公司": SubjectKind.ENTERPRISE,
        "机构": SubjectKind.ORGANISATION,
    }.get(text)


def state_of(text: str, labels: Mapping[SubjectState, str]) -> SubjectState | None:
    """The state an office means: 存续 and 开业 are operating; 已注销 is 注销."""
    word = text.removeprefix("已").removesuffix("企业")
    for state, label in labels.items():
        if word in (state.value, label) or (len(word) >= 2 and word in label):
            return state
    if word.startswith(("存续", "在业", "开业", "正常", "在册", "营业")):
        return SubjectState.OPERATING
    return {"停业": SubjectState.SUSPENDED, "歇业": SubjectState.SUSPENDED}.get(word)


def risk_of(text: str) -> Risk | None:
    """A, B, C, D however it is written (A类, 低风险 …); "-" for nothing."""
    word = text.strip().upper().removesuffix("类").removesuffix("级")
    if word in ("", "-", "无", "未分类", "不涉及"):
        return Risk.NONE
    spoken = {"低": Risk.A, "低风险": Risk.A, "一般": Risk.B, "一般风险": Risk.B, "较高": Risk.C, "较高风险": Risk.C,
              "高": Risk.D, "高风险": Risk.D}  # fmt: skip
    return spoken.get(word) or (Risk(word) if word in "ABCD" and len(word) == 1 else None)
