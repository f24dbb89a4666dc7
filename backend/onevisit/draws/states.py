"""How far has a draw come on the desk? (What a bundle says of it stands in terms.py.)"""

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
