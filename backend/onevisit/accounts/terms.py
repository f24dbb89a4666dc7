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
