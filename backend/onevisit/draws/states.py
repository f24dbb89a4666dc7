"""How far has a draw come on the desk, and which kind of draw is it? (What a bundle says of it stands in terms.py.)"""

from enum import StrEnum


class DrawState(StrEnum):
    """The life of a draw."""

    PREPARING = "preparing"
    COMMITTED = "committed"
    DRAWN = "drawn"
    VOIDED = "voided"


STATE_LABELS = {
    DrawState.PREPARING: "待交承诺",
    DrawState.COMMITTED: "已公布承诺，待揭示",
    DrawState.DRAWN: "抽取完成",
    DrawState.VOIDED: "已作废",
}


class SourceState(StrEnum):
    """How far a source of chance has come."""

    WAITING = "waiting"
    COMMITTED = "committed"
    TYPED_ONCE = "typed_once"
    REVEALED = "revealed"


SOURCE_STATE_LABELS = {
    SourceState.WAITING: "待交承诺",
    SourceState.COMMITTED: "已交承诺，待揭示",
    SourceState.TYPED_ONCE: "一人已录入，待第二人",
    SourceState.REVEALED: "已揭示",
}


class DrawKind(StrEnum):
    """What a draw draws."""

    TOGETHER = "together"
    SUBJECTS = "subjects"
    INSPECTORS = "inspectors"
    TAKEN_OVER = "taken_over"
    HANDED_DOWN = "handed_down"


KIND_LABELS = {
    DrawKind.TOGETHER: "对象和人员一并抽取",
    DrawKind.SUBJECTS: "抽取检查对象",
    DrawKind.INSPECTORS: "抽取执法人员",
    DrawKind.TAKEN_OVER: "平台外抽取，本平台不可验算",
    DrawKind.HANDED_DOWN: "上级抽取，下派到本地区",
}
# A list that came from elsewhere has no pool of its own: nothing of it can be certified here.
NOT_DRAWN_HERE = frozenset({DrawKind.TAKEN_OVER, DrawKind.HANDED_DOWN})
# Lists of subjects whose inspectors are drawn by draws of their own (S1; S2 art. 15).
LISTS_WITHOUT_TEAMS = frozenset({DrawKind.SUBJECTS, DrawKind.HANDED_DOWN})


class DrawOrder(StrEnum):
    """When the inspectors are drawn: the notices differ (S1 art. 3, S2 art. 15)."""

    TOGETHER = "together"
    BY_DEPARTMENT = "by_department"
    AFTER_CLAIM = "after_claim"


ORDER_LABELS = {
    DrawOrder.TOGETHER: "对象和执法人员一并抽取",
    DrawOrder.BY_DEPARTMENT: "先抽对象，各部门分别抽取执法人员",
    DrawOrder.AFTER_CLAIM: "先抽对象并派发，认领后抽取执法人员",
}


class WaiverException(StrEnum):
    """When somebody of class A must be gone to all the same (S3)."""

    COMPLAINT_OR_REPORT = "complaint_or_report"
    BIG_DATA_FINDING = "big_data_finding"
    ASSIGNED_OR_TRANSFERRED_LEAD = "assigned_or_transferred_lead"
    LAW_SAYS_OTHERWISE = "law_says_otherwise"


WAIVER_EXCEPTION_LABELS = {
    WaiverException.COMPLAINT_OR_REPORT: "有投诉举报",
    WaiverException.BIG_DATA_FINDING: "大数据监测发现问题",
    WaiverException.ASSIGNED_OR_TRANSFERRED_LEAD: "有转办交办的案件线索",
    WaiverException.LAW_SAYS_OTHERWISE: "法律法规另有规定",
}
