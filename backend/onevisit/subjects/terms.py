"""Which kinds, states and risk classes of subjects exist, and which labels does a scope filter speak of?"""

from enum import StrEnum


class SubjectKind(StrEnum):
    """对象种类 (process.md 1); products, projects, sites and behaviours name a responsible party."""

    ENTERPRISE = "enterprise"
    SOLE_TRADER = "sole_trader"
    COOPERATIVE = "cooperative"
    ORGANISATION = "organisation"
    PRODUCT = "product"
    PROJECT = "project"
    SITE = "site"
    BEHAVIOUR = "behaviour"


KIND_LABELS = {
    SubjectKind.ENTERPRISE: "企业",
    SubjectKind.SOLE_TRADER: "个体工商户",
    SubjectKind.COOPERATIVE: "农民专业合作社",
    SubjectKind.ORGANISATION: "其他组织",
    SubjectKind.PRODUCT: "产品",
    SubjectKind.PROJECT: "项目",
    SubjectKind.SITE: "场所",
    SubjectKind.BEHAVIOUR: "行为",
}
LEGAL_PERSONS = frozenset(
    {SubjectKind.ENTERPRISE, SubjectKind.SOLE_TRADER, SubjectKind.COOPERATIVE, SubjectKind.ORGANISATION}
)


class SubjectState(StrEnum):
    """经营状态."""

    OPERATING = "operating"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    DEREGISTERED = "deregistered"
    REVOKED = "revoked"
    ANNULLED = "annulled"
    MOVED_OUT = "moved_out"


STATE_LABELS = {
    SubjectState.OPERATING: "在营",
    SubjectState.SUSPENDED: "停业歇业",
    SubjectState.CLOSED: "关闭",
    SubjectState.DEREGISTERED: "注销",
    SubjectState.REVOKED: "吊销",
    SubjectState.ANNULLED: "撤销",
    SubjectState.MOVED_OUT: "迁出",
}


class Risk(StrEnum):
    """企业信用风险分类; "-" where nobody classed the subject."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    NONE = "-"


RISK_LABELS = {Risk.A: "A类", Risk.B: "B类", Risk.C: "C类", Risk.D: "D类", Risk.NONE: "未分类"}


class LabelKind(StrEnum):
    """What a scope filter may ask for."""

    FIELD = "field"
    TAG = "tag"
    LICENCE = "licence"
    DEPARTMENT = "department"
    SUBJECT_KIND = "subject_kind"
    STATE = "state"
    RISK = "risk"


LABEL_KIND_LABELS = {
    LabelKind.FIELD: "行业领域",
    LabelKind.TAG: "标签",
    LabelKind.LICENCE: "许可",
    LabelKind.DEPARTMENT: "监管部门",
    LabelKind.SUBJECT_KIND: "对象种类",
    LabelKind.STATE: "经营状态",
    LabelKind.RISK: "信用风险",
}


class LibraryName(StrEnum):
    """两库: what a department vouches for before a draw."""

    SUBJECTS = "subjects"
    INSPECTORS = "inspectors"


LIBRARY_LABELS = {LibraryName.SUBJECTS: "检查对象名录库", LibraryName.INSPECTORS: "执法检查人员名录库"}
