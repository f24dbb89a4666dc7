"""How is a kept value said to people? For histories, exports and papers. Pure."""

from collections.abc import Mapping
from typing import Any

from onevisit.subjects.terms import (
    DUTY_LABELS,
    KIND_LABELS,
    LEVEL_LABELS,
    LICENCE_STATE_LABELS,
    RISK_LABELS,
    STATE_LABELS,
    Duty,
    Level,
    LicenceState,
    Risk,
    SubjectKind,
    SubjectState,
)

_CODES: dict[str, Mapping[str, str]] = {
    "kind": {one.value: KIND_LABELS[one] for one in SubjectKind},
    "state": {one.value: STATE_LABELS[one] for one in SubjectState},
    "risk": {one.value: RISK_LABELS[one] for one in Risk},
}


def spoken(name: str, value: Any) -> str:
    """A value of a field in words; an empty one is empty."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join(part for one in value if (part := _part(name, one)))
    if isinstance(value, Mapping):
        return "；".join(f"{key}：{part}" for key, part in value.items())
    return _CODES.get(name, {}).get(str(value), str(value))


def spoken_for(name: str, party: str | None) -> str:
    """示例电梯（责任主体：示例物业）: a thing with the party that answers for it."""
    return f"{name}（责任主体：{party}）" if party else name


def _part(name: str, one: Any) -> str:
    if name == "licences":
        return licence_words(one)
    if name == "belongings":
        return belonging_words(one)
    return str(one)


def licence_words(one: Mapping[str, Any]) -> str:
    """名称 编号 至有效期（状态）."""
    until = f"至{one['valid_to']}" if one.get("valid_to") else ""
    state = one.get("state")
    label = LICENCE_STATE_LABELS[LicenceState(state)] if state and state != LicenceState.VALID else ""
    return " ".join(filter(None, (one["name"], one.get("no"), until, f"（{label}）" if label else "")))


def belonging_words(one: Mapping[str, Any]) -> str:
    """部门（县级监管）."""
    level, duty = one.get("level"), one.get("duty")
    how = f"{LEVEL_LABELS[Level(level)] if level else ''}{DUTY_LABELS[Duty(duty)] if duty else ''}"
    return (
        f"{one.get('department') or one.get('department_id')}（{how}）" if how else str(one.get("department"))
    )
