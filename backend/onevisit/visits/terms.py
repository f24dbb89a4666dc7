"""Which words does the record of a visit use? Codes travel, Chinese labels stand here and nowhere else."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A code with its Chinese label."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        term = str.__new__(cls, code)
        term._value_ = code
        term.label = label
        return term


class Kind(Term):
    """The kinds of operations of onevisit-sync/1."""

    VISIT_ARRIVE = "visit.arrive", "到达"
    VISIT_LEAVE = "visit.leave", "离开"
    SCHEDULE_SET = "schedule.set", "约定时间"
    LEAD_TAKE = "lead.take", "接任组长"
    ANSWER_SET = "answer.set", "检查内容作答"
    FINDING_SET = "finding.set", "检查结果"
    TRANSCRIPT_SET = "transcript.set", "现场笔录"
    ITEM_ADD = "item.add", "增加事项"
    FACT_DIFFERS = "fact.differs", "预查不符"
    EXPERT_ADD = "expert.add", "专业人员"
    METHOD_SET = "method.set", "检查方式"
    NOTE_ADD = "note.add", "备注"
    NOTE_WITHDRAW = "note.withdraw", "撤回备注"
    PHOTO_ADD = "photo.add", "照片"
    PHOTO_WITHDRAW = "photo.withdraw", "撤回照片"
    AUDIO_ADD = "audio.add", "录音"
    AUDIO_WITHDRAW = "audio.withdraw", "撤回录音"
    CLIP_ADD = "clip.add", "录像"
    CLIP_WITHDRAW = "clip.withdraw", "撤回录像"
    RECORDING_ADD = "recording.add", "执法记录仪文件"
    RECORDING_WITHDRAW = "recording.withdraw", "撤回执法记录仪文件"
    MARKING_ADD = "marking.add", "照片标注"
    MARKING_WITHDRAW = "marking.withdraw", "撤回照片标注"
    PAPER_ADD = "paper.add", "查阅材料"
    PAPER_WITHDRAW = "paper.withdraw", "撤回材料"
    SAMPLE_ADD = "sample.add", "抽样"
    SAMPLE_WITHDRAW = "sample.withdraw", "撤回抽样"
    EVIDENCE_TAKE = "evidence.take", "提取证据"
    EVIDENCE_WITHDRAW = "evidence.withdraw", "撤回证据"
    MEASURE_ISSUE = "measure.issue", "现场措施"
    MEASURE_WITHDRAW = "measure.withdraw", "撤回措施"
    PART_READY = "part.ready", "本部门查完"
    PART_REOPEN = "part.reopen", "重新打开"
    CONFIRM = "confirm", "当场确认"
    SIGN = "sign", "执法人员签字"
    SUPPLEMENT = "supplement", "补充确认"
    SUBMIT = "submit", "提交审核"
    SETTLE = "settle", "裁定分歧"
    AMEND = "amend", "更改"
    ADOPT = "adopt", "采纳"
    SEND_BACK = "send_back", "退回"
    ACCEPT = "accept", "通过"


class VerdictKind(Term):
    """What the server says about an operation that arrived (sync.md 3)."""

    APPLIED = "applied", "已收到"
    DUPLICATE = "duplicate", "已收到过"
    HELD = "held", "暂不计入"
    REFUSED = "refused", "不能接收"


class HoldReason(Term):
    """Why an operation is kept but does not count now."""

    NOT_ON_TEAM = "not_on_team", "不在检查小组"
    OTHER_PART = "other_part", "不是本部门的部分"
    NOT_LEADER = "not_leader", "不是组长"
    NOT_ON_LIST = "not_on_list", "不在本部门公布的事项清单里"
    ON_SITE_REQUIRED = "on_site_required", "按规定必须到现场检查"
    NOT_YOUR_DEVICE = "not_your_device", "不是本人的手机"
    LOCKED = "locked", "当事人确认之后的改动"
    VISIT_CLOSED = "visit_closed", "任务已结束"
    UNKNOWN_KIND = "unknown_kind", "服务器还不认识的操作"
    DEVICE_REVOKED = "device_revoked", "手机已停用"


class RefuseReason(Term):
    """Why an operation inside a good signature cannot be taken at all."""

    UNREADABLE = "unreadable", "读不出来"
    BAD_BODY = "bad_body", "内容不合要求"
    TOO_LARGE = "too_large", "内容太大"
    ID_REUSED = "id_reused", "编号已用于别的内容"
    DIGEST_MISMATCH = "digest_mismatch", "核对码与记录不一致"
    WRONG_ANSWER = "wrong_answer", "答案类型不对"
    SERVER_ONLY = "server_only", "只能在审核中作出"


class Answer(Term):
    """The answers of a pass/fail entry, in the order of the screen."""

    PASS = "pass", "合格"
    FAIL = "fail", "不合格"
    NOT_APPLICABLE = "not_applicable", "不适用"
    NOT_CHECKED = "not_checked", "未检查"


class AnswerType(Term):
    """How an entry of a checklist is answered."""

    PASS_FAIL = "pass_fail", "合格判定"
    NUMBER = "number", "数字"
    TEXT = "text", "文字"
    CHOICE = "choice", "选项"
    DATE = "date", "日期"


class EvidenceRule(Term):
    """Which evidence an entry asks for."""

    NONE = "none", "不要求"
    PHOTO_ON_FAIL = "photo_on_fail", "不合格须拍照"
    PHOTO = "photo", "须拍照"


class Outcome(Term):
    """Result codes of S2 art. 20; the regional list extends them in the rule profile."""

    NO_PROBLEM = "no_problem", "未发现问题"
    DISCLOSURE_MISSING = "disclosure_missing", "未按规定公示应当公示的信息"
    DISCLOSURE_FALSE = "disclosure_false", "公示信息隐瞒真实情况弄虚作假"
    NOT_FOUND_AT_ADDRESS = "not_found_at_address", "通过登记的住所（经营场所）无法联系"
    RECTIFICATION_ORDERED = "rectification_ordered", "发现问题已责令改正"
    SERIOUSLY_UNCOOPERATIVE = "seriously_uncooperative", "不配合检查情节严重"
    ACTIVITY_NOT_FOUND = "activity_not_found", "未发现开展本次抽查涉及的经营活动"
    PENDING_FOLLOW_UP = "pending_follow_up", "发现问题待后续处理"
    CONFORMING = "conforming", "合格"
    NONCONFORMING = "nonconforming", "不合格"
    RECTIFIED_AFTER_ORDER = "rectified_after_order", "责令改正后已改正"
    DEREGISTERED = "deregistered", "已注销"
    REVOKED = "revoked", "已吊销"
    ANNULLED = "annulled", "已撤销登记"
    MOVED_OUT = "moved_out", "已迁出"
    SUSPENDED = "suspended", "歇业"
    CLOSED = "closed", "已关闭"


# S2 art. 21: the result stands without the checklist, but not without its evidence. A subject that is gone
# cannot be checked entry by entry either.
SHORT_PATHS = frozenset({Outcome.NOT_FOUND_AT_ADDRESS, Outcome.SERIOUSLY_UNCOOPERATIVE})
GONE = frozenset(
    {
        Outcome.DEREGISTERED,
        Outcome.REVOKED,
        Outcome.ANNULLED,
        Outcome.MOVED_OUT,
        Outcome.SUSPENDED,
        Outcome.CLOSED,
    }
)
# Results that say nothing is wrong: they never stand beside a problem.
CLEAN = frozenset({Outcome.NO_PROBLEM, Outcome.CONFORMING})


class CheckMethod(Term):
    """How a part was checked when it was not the usual way; the codes of plans/terms.py (S0: 书面, 网络)."""

    ON_SITE = "on_site", "现场检查"
    ONLINE = "online", "网络检查"
    DOCUMENT = "document", "书面检查"


class MeasureKind(Term):
    """Measures taken on the spot (S2; advice is 柔性执法, policy S1)."""

    RECTIFICATION_ORDER = "rectification_order", "责令改正"
    ORDER_TO_STOP = "order_to_stop", "责令停止"
    URGE_TO_RECTIFY = "urge_to_rectify", "督促整改"
    ADVICE = "advice", "提醒建议"
    POLICY_EXPLAINED = "policy_explained", "政策宣讲"


class MeasureForm(Term):
    """How a measure reaches the subject."""

    WRITTEN = "written", "书面送达"
    PRINTED = "printed", "当场打印"
    ELECTRONIC = "electronic", "电子送达"
    ORAL = "oral", "口头"


class PartState(Term):
    """The life of a part; what comes after `accepted` is written by later steps, not by the fold."""

    OPEN = "open", "检查中"
    READY = "ready", "已查完"
    LOCKED = "locked", "已确认"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    ACCEPTED = "accepted", "已通过"
    FINAL = "final", "结果已形成"
    PUBLISHED = "published", "已公示"
    WITHHELD = "withheld", "不予公示"
    ARCHIVED = "archived", "已归档"


class ConfirmationState(Term):
    """Whether what was signed is what is kept."""

    LOCKED = "locked", "与当事人签字时一致"
    WAITING = "waiting", "还缺其他手机的记录"
    UNEQUAL = "unequal", "与当事人签字时不一致"
    REPLACED = "replaced", "已由后来的确认代替"


class Mark(Term):
    """How a subject confirms."""

    SIGNATURE = "signature", "签字"
    STAMP = "stamp", "盖章"


class Combination(Term):
    """Whether every demanded mark is needed or one of them."""

    ALL = "all", "签字并盖章"
    EITHER = "either", "签字或盖章"


class RefusalReason(Term):
    """Why a subject did not sign (拒绝签字)."""

    DISAGREES = "disagrees", "认为与事实不符"
    PERSON_ABSENT = "person_absent", "负责人不在场"
    NO_REASON_GIVEN = "no_reason_given", "没有说明理由"
    OTHER = "other", "其他"


class SignerRole(Term):
    """As whom the subject's side signs."""

    LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
    PERSON_IN_CHARGE = "person_in_charge", "负责人"
    AUTHORISED_PERSON_ON_SITE = "authorised_person_on_site", "现场受委托人"
    OTHER_PERSON = "other_person", "其他在场人员"


class Recusal(Term):
    """Whether the subject asked an inspector to step aside (申请回避)."""

    NOT_ASKED = "not_asked", "不申请回避"
    ASKED = "asked", "申请回避"


class SampleVerdict(Term):
    """What a laboratory says about a sample."""

    CONFORMING = "conforming", "合格"
    NONCONFORMING = "nonconforming", "不合格"
    UNDETERMINED = "undetermined", "未作判定"
