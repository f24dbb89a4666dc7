"""Which words does a draw use? Every code that stands in a commit, a bundle or a form, with its Chinese label."""

from enum import StrEnum


class Risk(StrEnum):
    """Credit risk classes, in the order of the commit."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    NONE = "-"


RISK_LABELS = {
    Risk.A: "A类（信用风险低）",
    Risk.B: "B类（信用风险一般）",
    Risk.C: "C类（信用风险较高）",
    Risk.D: "D类（信用风险高）",
    Risk.NONE: "未分类",
}


class Bound(StrEnum):
    """How a ratio of the plan is meant."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


BOUND_LABELS = {
    Bound.EXACT: "按比例",
    Bound.AT_LEAST: "不低于",
    Bound.AT_MOST: "不高于",
}


class SourceKind(StrEnum):
    """Where chance comes from."""

    COMMIT_REVEAL = "commit_reveal"
    LOTTERY = "lottery"
    BEACON = "beacon"
    DICE = "dice"


SOURCE_KIND_LABELS = {
    SourceKind.COMMIT_REVEAL: "先承诺后揭示",
    SourceKind.LOTTERY: "公开开奖结果",
    SourceKind.BEACON: "公共随机信标",
    SourceKind.DICE: "现场掷骰",
}


class ExclusionReason(StrEnum):
    """Why a subject in scope is not in the pool; class A is no reason."""

    JOINT_CAP = "joint_cap"
    DEPARTMENT_CAP = "department_cap"
    CLOSED = "closed"
    DRAWN_EARLIER = "drawn_earlier"
    MUTUAL_RECOGNITION = "mutual_recognition"
    NOT_ATTESTED = "not_attested"
    EXEMPT = "exempt"
    LISTED_TWICE = "listed_twice"


EXCLUSION_LABELS = {
    ExclusionReason.JOINT_CAP: "已达年度联合检查次数上限",
    ExclusionReason.DEPARTMENT_CAP: "已达部门自定的年度检查次数上限",
    ExclusionReason.CLOSED: "已注销、吊销或停业",
    ExclusionReason.DRAWN_EARLIER: "本年度本任务已抽中",
    ExclusionReason.MUTUAL_RECOGNITION: "检查结果互认",
    ExclusionReason.NOT_ATTESTED: "名录信息未经部门确认",
    ExclusionReason.EXEMPT: "依法免予检查",
    ExclusionReason.LISTED_TWICE: "两个地区的名录里都有，只列一次",
}


class DrawStatus(StrEnum):
    """What became of a draw, as its bundle says it."""

    DRAWN = "drawn"
    VOIDED = "voided"


DRAW_STATUS_LABELS = {
    DrawStatus.DRAWN: "已抽取",
    DrawStatus.VOIDED: "已作废",
}


class EventKind(StrEnum):
    """What was appended to a bundle after its commit."""

    VOIDED = "voided"
    APPOINTED = "appointed"
    REPLACED = "replaced"
    WAIVED = "waived"
    ASSISTED = "assisted"


EVENT_LABELS = {
    EventKind.VOIDED: "作废",
    EventKind.APPOINTED: "指定补足",
    EventKind.REPLACED: "更换",
    EventKind.WAIVED: "免予上门",
    EventKind.ASSISTED: "专业人员协助",
}


class ReplacementCause(StrEnum):
    """Why a drawn inspector cannot go (S2 art. 16); 等特殊情况 leaves the list open."""

    NEW_POST = "new_post"
    CONFLICT = "conflict"
    HEALTH = "health"
    RECUSAL = "recusal"
    OTHER = "other"


REPLACEMENT_CAUSE_LABELS = {
    ReplacementCause.NEW_POST: "岗位调整",
    ReplacementCause.CONFLICT: "工作冲突",
    ReplacementCause.HEALTH: "健康状况",
    ReplacementCause.RECUSAL: "执法回避",
    ReplacementCause.OTHER: "其他特殊情况",
}


class AssistantKind(StrEnum):
    """Who assists and guides where the drawn inspectors cannot do a specialised item alone (S1); never counted as one."""

    EXPERT = "expert"
    INSTITUTION = "institution"


ASSISTANT_KIND_LABELS = {AssistantKind.EXPERT: "专业人员", AssistantKind.INSTITUTION: "专业机构"}


class Ineligibility(StrEnum):
    """Why an inspector of the frozen library could not be chosen."""

    OTHER_DEPARTMENT = "other_department"
    NOT_ACTIVE = "not_active"
    NO_CERTIFICATE = "no_certificate"
    CERTIFICATE_EXPIRED = "certificate_expired"
    RECUSED = "recused"
    ALREADY_ON_VISIT = "already_on_visit"


INELIGIBILITY_LABELS = {
    Ineligibility.OTHER_DEPARTMENT: "不属于参与部门",
    Ineligibility.NOT_ACTIVE: "不在岗",
    Ineligibility.NO_CERTIFICATE: "没有执法证件",
    Ineligibility.CERTIFICATE_EXPIRED: "执法证件在抽查期内到期",
    Ineligibility.RECUSED: "应当回避",
    Ineligibility.ALREADY_ON_VISIT: "已在本次检查中",
}


class CheckCode(StrEnum):
    """What the check of a bundle looks at, in its order."""

    FORM = "form"
    COMMIT_HASH = "commit_hash"
    SOURCES = "sources"
    REVEALS = "reveals"
    KEY = "key"
    COUNTS = "counts"
    CLASS_ROOTS = "class_roots"
    POOL_ROOT = "pool_root"
    QUOTAS = "quotas"
    TICKETS = "tickets"
    SELECTION = "selection"
    THRESHOLDS = "thresholds"
    EVENTS = "events"
    ENTRIES = "entries"
    EXCLUDED = "excluded"
    INSPECTORS = "inspectors"
    POOLS = "pools"
    INELIGIBLE = "ineligible"
    TEAMS = "teams"
    SHORTFALLS = "shortfalls"
    SIGNATURE = "signature"


CHECK_LABELS = {
    CheckCode.FORM: "文件格式",
    CheckCode.COMMIT_HASH: "承诺值",
    CheckCode.SOURCES: "随机来源",
    CheckCode.REVEALS: "揭示与承诺一致",
    CheckCode.KEY: "抽取密钥",
    CheckCode.COUNTS: "数量",
    CheckCode.CLASS_ROOTS: "各类名单根",
    CheckCode.POOL_ROOT: "总名单根",
    CheckCode.QUOTAS: "各类抽取数",
    CheckCode.TICKETS: "抽取号",
    CheckCode.SELECTION: "抽中名单",
    CheckCode.THRESHOLDS: "抽中线",
    CheckCode.EVENTS: "后续事件",
    CheckCode.ENTRIES: "名单条目",
    CheckCode.EXCLUDED: "排除名单",
    CheckCode.INSPECTORS: "执法人员名单",
    CheckCode.POOLS: "各部门可匹配人员",
    CheckCode.INELIGIBLE: "不可匹配记录",
    CheckCode.TEAMS: "检查小组匹配",
    CheckCode.SHORTFALLS: "人员缺额",
    CheckCode.SIGNATURE: "平台签名",
}


class ProofCheckCode(StrEnum):
    """What the check of one subject's draw proof looks at."""

    COMMIT_HASH = "commit_hash"
    IN_POOL = "in_pool"
    TICKET = "ticket"
    DRAWN = "drawn"


PROOF_CHECK_LABELS = {
    ProofCheckCode.COMMIT_HASH: "承诺值",
    ProofCheckCode.IN_POOL: "在抽取名单中",
    ProofCheckCode.TICKET: "抽取号",
    ProofCheckCode.DRAWN: "低于抽中线",
}
