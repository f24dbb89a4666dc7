"""In which states may a plan and an item of a row be, and where does a row come from?"""

from enum import StrEnum


class PlanState(StrEnum):
    """计划状态."""

    DRAFT = "draft"
    PUBLISHED = "published"


PLAN_STATE_LABELS = {PlanState.DRAFT: "草稿", PlanState.PUBLISHED: "已公布"}


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
