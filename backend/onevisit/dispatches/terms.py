"""Which words does a dispatch know?"""

from enum import StrEnum


class VisitState(StrEnum):
    """A visit as planned; what happens on site is said by the record (visits)."""

    DISPATCHED = "dispatched"
    SCHEDULED = "scheduled"
    ENDED = "ended"
    MERGED = "merged"


VISIT_STATE_LABELS = {
    VisitState.DISPATCHED: "已派发",
    VisitState.SCHEDULED: "已排日程",
    VisitState.ENDED: "检查结束",
    VisitState.MERGED: "已合并上门",
}


class MergeState(StrEnum):
    """What became of the proposal to go once for two tasks (进一次门，查多项事)."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"


MERGE_STATE_LABELS = {
    MergeState.PROPOSED: "建议合并上门",
    MergeState.ACCEPTED: "已合并上门",
    MergeState.REFUSED: "分开上门",
    MergeState.LAPSED: "已开始检查，未合并",
}


class Compared(StrEnum):
    """What a department found when it compared the subject with its own records; none takes it off the list."""

    AGREED = "agreed"
    DIFFERS = "differs"
    NOT_IN_OUR_REMIT = "not_in_our_remit"
    NO_LONGER_OPERATING = "no_longer_operating"


COMPARED_LABELS = {
    Compared.AGREED: "信息一致",
    Compared.DIFFERS: "信息不一致",
    Compared.NOT_IN_OUR_REMIT: "不属于本部门监管",
    Compared.NO_LONGER_OPERATING: "已不再经营",
}


class ClaimState(StrEnum):
    """How far a department's part has come before the visit."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    AGREED = "agreed"
    ATTENTION = "attention"


CLAIM_STATE_LABELS = {
    ClaimState.WAITING: "待认领",
    ClaimState.OVERDUE: "逾期未认领",
    ClaimState.AGREED: "已确认",
    ClaimState.ATTENTION: "已认领，需处理",
}


class Standing(StrEnum):
    """How far a department is with a task, as the ledger 工作任务台账 says it (S4)."""

    TO_DRAW = "to_draw"
    CLAIM_OVERDUE = "claim_overdue"
    TO_CLAIM = "to_claim"
    OVERDUE = "overdue"
    PREPARING = "preparing"
    CHECKING = "checking"
    REVIEWING = "reviewing"
    DONE = "done"


STANDING_LABELS = {
    Standing.TO_DRAW: "待抽取派发",
    Standing.CLAIM_OVERDUE: "逾期未认领",
    Standing.TO_CLAIM: "待认领",
    Standing.OVERDUE: "逾期未完成",
    Standing.PREPARING: "待上门",
    Standing.CHECKING: "检查中",
    Standing.REVIEWING: "待审核",
    Standing.DONE: "已完成",
}


class DeliveryWay(StrEnum):
    """How a check notice reaches the subject."""

    PAPER = "paper"
    PHONE = "phone"
    FAX = "fax"
    LINK = "link"


DELIVERY_LABELS = {
    DeliveryWay.PAPER: "书面送达",
    DeliveryWay.PHONE: "电话告知",
    DeliveryWay.FAX: "传真",
    DeliveryWay.LINK: "电子送达",
}


class ProposalState(StrEnum):
    """What became of the other time that a subject proposed."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    OVERTAKEN = "overtaken"


PROPOSAL_STATE_LABELS = {
    ProposalState.PROPOSED: "待组长答复",
    ProposalState.ACCEPTED: "已同意",
    ProposalState.DECLINED: "没有同意",
    ProposalState.OVERTAKEN: "已另行安排",
}

RIGHTS = (
    "检查人员少于两人或者不出示执法证件的，有权拒绝检查",
    "认为检查人员与你单位有直接利害关系的，有权申请回避",
    "对检查情况有权陈述、申辩，有异议的可以写入记录表",
    "应当如实提供情况和材料，不得拒绝、阻挠依法检查",
)


class Unplaced(StrEnum):
    """Why a visit found no day in the proposed calendar."""

    NO_DAY = "no_day"
    HOURS = "hours"
    PEOPLE = "people"


UNPLACED_LABELS = {
    Unplaced.NO_DAY: "抽查时间内没有剩下的工作日",
    Unplaced.HOURS: "剩下的时段都在对象不宜检查的时间内",
    Unplaced.PEOPLE: "检查人员在剩下的工作日都已排满",
}


class Warned(StrEnum):
    """What stands against a day that somebody chose; all but a person in two places may be chosen all the same."""

    PERSON_TWICE = "person_twice"
    TOO_MANY = "too_many"
    HOURS = "hours"
    HOLIDAY = "holiday"
    LATE = "late"
    BEFORE_WINDOW = "before_window"


WARNED_LABELS = {
    Warned.PERSON_TWICE: "检查人员同一时间另有上门",
    Warned.TOO_MANY: "检查人员当天的上门超过每天的户数",
    Warned.HOURS: "对象不宜检查的时间",
    Warned.HOLIDAY: "不是工作日",
    Warned.LATE: "晚于完成期限",
    Warned.BEFORE_WINDOW: "早于抽查时间",
}


class TaskSchemeState(StrEnum):
    """How far a task's scheme 抽查方案 is."""

    DRAFTED = "drafted"
    SENT = "sent"
    SETTLED = "settled"


TASK_SCHEME_STATE_LABELS = {
    TaskSchemeState.DRAFTED: "起草中",
    TaskSchemeState.SENT: "征求意见中",
    TaskSchemeState.SETTLED: "已定稿",
}


class SchemeStanding(StrEnum):
    """What a partner has said about the version before it."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    AGREED = "agreed"
    OBJECTED = "objected"
    REPLIED = "replied"


SCHEME_STANDING_LABELS = {
    SchemeStanding.WAITING: "待答复",
    SchemeStanding.OVERDUE: "逾期未答复",
    SchemeStanding.AGREED: "同意",
    SchemeStanding.OBJECTED: "有异议，待发起部门答复",
    SchemeStanding.REPLIED: "有异议，已答复并留存",
}


class DispatchWork(StrEnum):
    """What waits for an account in the dispatches."""

    CLAIM = "claim"
    SCHEDULE = "schedule"
    MERGE = "merge"
    OTHER_TIME = "other_time"
    SCHEME_ANSWER = "scheme_answer"
    SCHEME_OBJECTION = "scheme_objection"


DISPATCH_WORK_LABELS = {
    DispatchWork.CLAIM: "认领",
    DispatchWork.SCHEDULE: "排日程",
    DispatchWork.MERGE: "定合并",
    DispatchWork.OTHER_TIME: "答复改期",
    DispatchWork.SCHEME_ANSWER: "答复方案",
    DispatchWork.SCHEME_OBJECTION: "答复异议",
}
