"""Which words does a publication use?"""

from enum import StrEnum


class PublicationState(StrEnum):
    """Where a result stands on its way to the public."""

    WAITING = "waiting"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    CORRECTED = "corrected"


PUBLICATION_STATE_LABELS = {
    PublicationState.WAITING: "待公示",
    PublicationState.PUBLISHED: "已公示",
    PublicationState.WITHHELD: "不予公示",
    PublicationState.CORRECTED: "已被更正",
}


class RequestKind(StrEnum):
    """What somebody asks about a result: that it stays unpublished, or that what was published is put right."""

    WITHHOLD = "withhold"
    CORRECT = "correct"


REQUEST_KIND_LABELS = {RequestKind.WITHHOLD: "申请不予公示", RequestKind.CORRECT: "申请更正"}


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


REQUEST_STATE_LABELS = {
    RequestState.OPEN: "待批",
    RequestState.GRANTED: "已同意",
    RequestState.REFUSED: "未同意",
    RequestState.WITHDRAWN: "已撤回",
}
# The field set in which check results are handed to 国家企业信用信息公示系统: column name, and where it stands
# in the published facts.
NATIONAL_FIELDS = (
    ("统一社会信用代码", ("subject", "credit_code")),
    ("市场主体名称", ("subject", "name")),
    ("抽查计划名称", ("plan", "name")),
    ("抽查计划文号", ("plan", "document_no")),
    ("抽查任务编号", ("task", "no")),
    ("抽查任务名称", ("task", "name")),
    ("抽查类型", ("task", "targeting")),
    ("抽查机关", ("department", "name")),
    ("抽查事项", ("items",)),
    ("检查方式", ("methods",)),
    ("检查日期", ("day",)),
    ("检查结果", ("outcomes",)),
    ("公示日期", ("published",)),
)
TARGETING_LABELS = {"directed": "定向抽查", "undirected": "不定向抽查"}
