"""Which roles exist?"""

from enum import StrEnum


class Role(StrEnum):
    """What an account may be; the three administrators are never one person's role together."""

    JOINT_OFFICE = "joint_office"
    DESK = "desk"
    DEPUTY_HEAD = "deputy_head"
    PRINCIPAL_HEAD = "principal_head"
    INSPECTOR = "inspector"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ROLE_LABELS = {
    Role.JOINT_OFFICE: "联席会议办公室",
    Role.DESK: "部门经办",
    Role.DEPUTY_HEAD: "分管负责人",
    Role.PRINCIPAL_HEAD: "主要负责人",
    Role.INSPECTOR: "执法检查人员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDIT_ADMIN: "审计管理员",
}
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


class FleetState(StrEnum):
    """How a phone stands, for those who answer for it (sync.md 7)."""

    OWES = "owes"
    SILENT = "silent"
    NO_PHONE = "no_phone"
    REVOKED = "revoked"
    FINE = "fine"


FLEET_STATE_LABELS = {
    FleetState.OWES: "有缺",
    FleetState.SILENT: "久未联系",
    FleetState.NO_PHONE: "没有登记手机",
    FleetState.REVOKED: "已停用",
    FleetState.FINE: "正常",
}


class Lateness(StrEnum):
    """How long something stays unsent: nobody need ask, ask, act."""

    NONE = "none"
    AMBER = "amber"
    RED = "red"


LATENESS_LABELS = {
    Lateness.NONE: "不到 24 小时",
    Lateness.AMBER: "24 小时以上",
    Lateness.RED: "72 小时以上",
}
