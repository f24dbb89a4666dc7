"""Is an entered subject whole and likely a new one, and what does an edit change? Pure."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from onevisit.subjects.rules import check_digit_warning, credit_code_fault
from onevisit.subjects.terms import LEGAL_PERSONS, SubjectKind

ENTERED = (
    "name", "credit_code", "kind", "fields", "tags", "address", "lat_e7", "lon_e7", "legal_representative", "phone",
    "contact", "contact_phone", "unsuitable_hours", "licences", "state", "risk", "risk_issuer", "risk_day", "responsible_id",
)  # fmt: skip
_TEXTS = (
    "credit_code", "legal_representative", "phone", "contact", "contact_phone", "unsuitable_hours", "risk_issuer",
    "responsible_id",
)  # fmt: skip


def tidied(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a clerk typed as it is kept: no blanks around, nothing for an empty field, a code in capitals."""
    values = {name: given[name] for name in ENTERED if name in given}
    for name in ("name", "address"):
        values[name] = str(values.get(name) or "").strip()
    for name in _TEXTS:
        values[name] = str(values.get(name) or "").strip() or None
    for name in ("fields", "tags"):
        parts = (str(one).strip() for one in values.get(name) or ())
        values[name] = list(dict.fromkeys(one for one in parts if one))
    if values["credit_code"]:
        values["credit_code"] = re.sub(
            r"\s", "", unicodedata.normalize("NFKC", values["credit_code"])
        ).upper()
    return values


def faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Field -> why it cannot stay so."""
    found: dict[str, str] = {}
    code, kind = values["credit_code"], SubjectKind(values["kind"])
    if not values["name"]:
        found["name"] = "请填写名称"
    if code and (fault := credit_code_fault(code)):
        found["credit_code"] = fault
    if kind in LEGAL_PERSONS:
        if not code:
            found["credit_code"] = "请填写统一社会信用代码；产品、项目、场所、行为请改对象种类"
        if values["responsible_id"]:
            found["responsible_id"] = "它自己就是责任主体，不用另填"
    elif not values["responsible_id"]:
        found["responsible_id"] = "请选一个责任主体：通知、签字和公示都落在它名下"
    if (values.get("lat_e7") is None) != (values.get("lon_e7") is None):
        found["position"] = "坐标要么都填，要么都不填"
    if values.get("risk", "-") != "-" and not (values.get("risk_issuer") and values.get("risk_day")):
        found["risk"] = "请写明信用风险由哪个单位在哪一天分类"
    return found


def code_doubt(code: str | None) -> str | None:
    """A wrong check digit, which the user may keep."""
    return check_digit_warning(code) if code and credit_code_fault(code) is None else None


def plain(text: str) -> str:
    """A name or address without what people write now so, now so: brackets, blanks, marks, 有限责任公司 for 有限公司."""
    bare = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()
    return bare.replace("有限责任公司", "有限公司")


def likely_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Two entries that are probably the same: names alike, and addresses alike or one of them missing."""
    if plain(one["name"]) != plain(other["name"]):
        return False
    here, there = plain(one["address"]), plain(other["address"])
    return not here or not there or here in there or there in here


def differences(kept: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field -> [from, to], as the history shows it."""
    return {
        name: [as_kept(kept[name]), as_kept(value)]
        for name, value in values.items()
        if as_kept(kept[name]) != as_kept(value)
    }


def as_kept(value: Any) -> Any:
    """A value as the history keeps it: days as text."""
    return value.isoformat() if hasattr(value, "isoformat") else value
