"""Which words does a task know?"""

from enum import StrEnum


class TaskState(StrEnum):
    """How far a task has come."""

    OPEN = "open"
    DRAWN = "drawn"
    DISPATCHED = "dispatched"
    DONE = "done"


STATE_LABELS = {
    TaskState.OPEN: "待抽取",
    TaskState.DRAWN: "已抽取，待派发",
    TaskState.DISPATCHED: "已派发",
    TaskState.DONE: "已完成",
}


class DeadlineKey(StrEnum):
    """The days a task must keep, besides the limits that regions count in working days."""

    WINDOW_END = "window_end"
    COMPLETE_BY = "complete_by"


DEADLINE_LABELS = {DeadlineKey.WINDOW_END: "抽查时间截止", DeadlineKey.COMPLETE_BY: "计划完成时间"}
