"""May an inspector be drawn, how long does the certificate last, and is an entry whole? Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onevisit.inspectors.terms import GONE, InspectorKind, InspectorState

WARN_DAYS = (90, 30)


@dataclass(frozen=True)
class Certificate:
    """What of an inspector decides."""

    no: str | None
    valid_to: date | None
    state: str
    kind: str = InspectorKind.ENFORCEMENT


def why_not_drawn(one: Certificate, window_end: date) -> str | None:
    """The reason why this person stays out of a draw; None when nothing stands against it."""
    if one.state != InspectorState.ACTIVE:
        return "不在岗"
    if one.kind == InspectorKind.SUPERVISION:
        return "监管工作人员不参加抽取"
    if not one.no:
        return "没有执法证"
    if one.valid_to is None:
        return "执法证没有有效期"
    return "执法证在抽查期内到期" if one.valid_to < window_end else None


def expiry_warning(one: Certificate, today: date) -> str | None:
    """A word about a certificate that has run out or soon will: from 90 days before, urgently from 30."""
    if one.valid_to is None or not one.no or one.state in GONE:
        return None
    left = (one.valid_to - today).days
    if left < 0:
        return f"执法证已于 {one.valid_to.isoformat()} 到期，不参加抽取"
    return f"执法证还有 {left} 天到期" if left <= WARN_DAYS[0] else None


def urgent(one: Certificate, today: date) -> bool:
    """Is it run out, or will it within 30 days?"""
    return (
        expiry_warning(one, today) is not None
        and one.valid_to is not None
        and (one.valid_to - today).days <= WARN_DAYS[1]
    )


def faults(values: Mapping[str, Any]) -> dict[str, str]:
    """Field -> why an entered inspector cannot stay so."""
    found: dict[str, str] = {}
    if not values["name"]:
        found["name"] = "请填写姓名"
    certified = values["kind"] != InspectorKind.SUPERVISION
    if certified and not values["certificate_no"]:
        found["certificate_no"] = "请填写执法证号；没有执法证的请改为监管工作人员，入库但不参加抽取"
    if not certified and values["certificate_no"]:
        found["kind"] = "有执法证号的请改为公务员执法人员或持证执法人员"
    if values["certificate_no"] and values["valid_to"] is None:
        found["valid_to"] = "请填写执法证有效期至，没有有效期的不参加抽取"
    if silent := [
        one for one in values["recusals"] if not (values["recusal_reasons"].get(one) or "").strip()
    ]:
        found["recusals"] = f"还有 {len(silent)} 个回避对象没有写理由"
    return found
