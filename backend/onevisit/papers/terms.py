"""Which papers exist? Their Chinese titles are what stands on top of the sheet."""

from enum import StrEnum


class PaperKind(StrEnum):
    """A kind of paper; the value is also the name of its template."""

    RECORD = "record"
    NOTICE = "notice"
    ORDER = "order"
    STOP = "stop"
    URGE = "urge"
    ADVICE = "advice"
    TRANSCRIPT = "transcript"
    TAKEN = "taken"
    SAMPLING = "sampling"
    CERTIFICATE = "certificate"
    DISPATCH = "dispatch"
    ANNOUNCEMENT = "announcement"


PAPER_LABELS = {
    PaperKind.RECORD: "部门联合抽查情况记录表",
    PaperKind.NOTICE: "部门联合检查告知书",
    PaperKind.ORDER: "责令改正通知书",
    PaperKind.STOP: "责令停止违法行为通知书",
    PaperKind.URGE: "督促整改通知书",
    PaperKind.ADVICE: "行政提醒建议书",
    PaperKind.TRANSCRIPT: "现场笔录",
    PaperKind.TAKEN: "提取证据清单（收据）",
    PaperKind.SAMPLING: "抽样单",
    PaperKind.CERTIFICATE: "抽取证明",
    PaperKind.DISPATCH: "抽查任务派发单",
    PaperKind.ANNOUNCEMENT: "抽查结果公告",
}


class Finding(StrEnum):
    """What can be said about a file that somebody brings."""

    UNTOUCHED = "untouched"
    CHANGED = "changed"
    UNKNOWN = "unknown"


FINDING_LABELS = {
    Finding.UNTOUCHED: "与本平台封存的原件一致",
    Finding.CHANGED: "封存之后被改动过",
    Finding.UNKNOWN: "无法确认是本平台发出的文书",
}
