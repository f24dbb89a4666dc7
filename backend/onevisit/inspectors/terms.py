"""Which kinds and states of inspectors exist?"""

from enum import StrEnum


class InspectorKind(StrEnum):
    """人员类别; supervision staff have no certificate: enrolled, never drawn."""

    CIVIL_SERVANT = "civil_servant"
    ENFORCEMENT = "enforcement"
    SUPERVISION = "supervision"


INSPECTOR_KIND_LABELS = {
    InspectorKind.CIVIL_SERVANT: "公务员执法人员",
    InspectorKind.ENFORCEMENT: "持证执法人员",
    InspectorKind.SUPERVISION: "监管工作人员",
}


class InspectorState(StrEnum):
    """在岗状态."""

    ACTIVE = "active"
    ON_LEAVE = "on_leave"
    TRANSFERRED = "transferred"
    LEFT = "left"


INSPECTOR_STATE_LABELS = {
    InspectorState.ACTIVE: "在岗",
    InspectorState.ON_LEAVE: "休假离岗",
    InspectorState.TRANSFERRED: "调离",
    InspectorState.LEFT: "退休离职",
}
GONE = frozenset({InspectorState.TRANSFERRED, InspectorState.LEFT})
