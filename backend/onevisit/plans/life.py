"""In which states may a plan, a row, a submission and a report be, and where does a row come from?"""

from enum import StrEnum


class PlanState(StrEnum):
    """计划状态."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ASSIGNED = "assigned"


PLAN_STATE_LABELS = {PlanState.DRAFT: "草稿", PlanState.PUBLISHED: "已公布", PlanState.ASSIGNED: "上级下派"}


class ItemMatch(StrEnum):
    """How an item of the table meets the item list."""

    EXACT = "exact"
    NEAR = "near"
    CONFIRMED = "confirmed"
    MISSING = "missing"


ITEM_MATCH_LABELS = {
    ItemMatch.EXACT: "与清单一致",
    ItemMatch.NEAR: "与清单相近，待确认",
    ItemMatch.CONFIRMED: "已确认",
    ItemMatch.MISSING: "不在清单上",
}


class EntryOrigin(StrEnum):
    """任务来源."""

    ANNUAL_PLAN = "annual_plan"
    ASSIGNED = "assigned"
    SUDDEN_RISK = "sudden_risk"
    CAMPAIGN = "campaign"


ENTRY_ORIGIN_LABELS = {
    EntryOrigin.ANNUAL_PLAN: "年度计划",
    EntryOrigin.ASSIGNED: "上级交办",
    EntryOrigin.SUDDEN_RISK: "突发风险",
    EntryOrigin.CAMPAIGN: "专项整治",
}


class EntryKind(StrEnum):
    """Joint checks, or a department's own ones: the two annexes of a notice (S1)."""

    JOINT = "joint"
    OWN = "own"


ENTRY_KIND_LABELS = {EntryKind.JOINT: "部门联合抽查", EntryKind.OWN: "本部门抽查"}


class EntryState(StrEnum):
    """Where a row stands on its way into the plan and out of it."""

    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


ENTRY_STATE_LABELS = {
    EntryState.DRAFTED: "部门起草中",
    EntryState.SUBMITTED: "已报送，待汇总",
    EntryState.RETURNED: "已退回",
    EntryState.MERGED: "已列入计划",
    EntryState.WITHDRAWN: "已撤销",
    EntryState.REMOVED: "已删除",
}


class SubmissionState(StrEnum):
    """How far a department is with its rows 报送情况."""

    WAITING = "waiting"
    DRAFTING = "drafting"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    MERGED = "merged"
    NONE = "none"


SUBMISSION_STATE_LABELS = {
    SubmissionState.WAITING: "未报送",
    SubmissionState.DRAFTING: "起草中，未报送",
    SubmissionState.SUBMITTED: "已报送，待汇总",
    SubmissionState.RETURNED: "有退回待修改",
    SubmissionState.MERGED: "已汇总",
    SubmissionState.NONE: "本年度不发起",
}


class ChangeKind(StrEnum):
    """What a version of the plan did."""

    PUBLISHED = "published"
    CHANGED = "changed"
    ADDED = "added"
    WITHDRAWN = "withdrawn"


CHANGE_KIND_LABELS = {
    ChangeKind.PUBLISHED: "公布",
    ChangeKind.CHANGED: "调整",
    ChangeKind.ADDED: "增加",
    ChangeKind.WITHDRAWN: "撤销",
}


class ReportKind(StrEnum):
    """What is reported: a change of a row, a new one, a withdrawal (S0 报备), or an ad-hoc task (S2 art. 8 备案)."""

    CHANGE = "change"
    NEW = "new"
    ADHOC = "adhoc"
    WITHDRAWAL = "withdrawal"


REPORT_KIND_LABELS = {
    ReportKind.CHANGE: "调整报备",
    ReportKind.NEW: "新增报备",
    ReportKind.ADHOC: "临时任务备案",
    ReportKind.WITHDRAWAL: "撤销报备",
}


class ReportState(StrEnum):
    """What the joint office has said to a report."""

    FILED = "filed"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"


REPORT_STATE_LABELS = {
    ReportState.FILED: "待联席办确认",
    ReportState.ACKNOWLEDGED: "已确认，已生效",
    ReportState.DECLINED: "已退回",
}
# The facts of a row whose change is told, in the order of the notices' tables.
FIELD_LABELS = {
    "kind": "计划类别", "name": "计划名称", "task_name": "任务名称", "field": "抽查领域", "initiating_department_id": "发起部门",
    "cooperating_department_ids": "配合部门", "items": "抽查事项", "scope_text": "抽查对象范围", "ratio": "抽查比例",
    "sample_size": "抽查户数", "frequency": "抽查频次", "window_start": "抽查开始", "window_end": "抽查结束", "methods": "抽查方式",
    "category": "事项类别", "targeting": "抽查类型", "tier": "检查主体",
    "draw_mode": "抽查模式", "origin": "任务来源", "sensitive": "敏感任务",
}  # fmt: skip
