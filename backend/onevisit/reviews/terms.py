"""Which words does the review use?"""

from enum import StrEnum


class QueueState(StrEnum):
    """Where a part stands for its reviewer."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


QUEUE_STATE_LABELS = {
    QueueState.SUBMITTED: "待审核",
    QueueState.RETURNED: "已退回，等补正",
    QueueState.ACCEPTED: "已通过",
}
