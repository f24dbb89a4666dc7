"""Which kinds, states and risk classes of subjects exist, and which labels does a scope filter speak of?"""

from enum import StrEnum


class SubjectKind(StrEnum):
    """对象种类 (process.md 1); products, projects, sites and behaviours name a responsible party."""

    ENTERPRISE = "enterprise"
    SOLE_TRADER = "sole_trader"
    COOPERATIVE = "cooperative"
    ORGANISATION = "organisation"
    PRODUCT = "product"
    PROJECT = "project"
    SITE = "site"
    BEHAVIOUR = "behaviour"


KIND_LABELS = {
    SubjectKind.ENTERPRISE: "企业",
    SubjectKind.SOLE_TRADER: "个体工商户",
    SubjectKind.COOPERATIVE: "农民专业合作社",
    SubjectKind.ORGANISATION: "其他组织",
    SubjectKind.PRODUCT: "产品",
    SubjectKind.PROJECT: "项目",
    SubjectKind.SITE: "场所",
    SubjectKind.BEHAVIOUR: "行为",
}
LEGAL_PERSONS = frozenset(
    {SubjectKind.ENTERPRISE, SubjectKind.SOLE_TRADER, SubjectKind.COOPERATIVE, SubjectKind.ORGANISATION}
)


class SubjectState(StrEnum):
    """经营状态."""

    OPERATING = "operating"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    DEREGISTERED = "deregistered"
    REVOKED = "revoked"
    ANNULLED = "annulled"
    MOVED_OUT = "moved_out"


STATE_LABELS = {
    SubjectState.OPERATING: "在营",
    SubjectState.SUSPENDED: "停业歇业",
    SubjectState.CLOSED: "关闭",
    SubjectState.DEREGISTERED: "注销",
    SubjectState.REVOKED: "吊销",
    SubjectState.ANNULLED: "撤销",
    SubjectState.MOVED_OUT: "迁出",
}


class Risk(StrEnum):
    """企业信用风险分类; "-" where nobody classed the subject."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    NONE = "-"


RISK_LABELS = {Risk.A: "A类", Risk.B: "B类", Risk.C: "C类", Risk.D: "D类", Risk.NONE: "未分类"}


class LabelKind(StrEnum):
    """What a scope filter may ask for."""

    FIELD = "field"
    TAG = "tag"
    LICENCE = "licence"
    DEPARTMENT = "department"
    SUBJECT_KIND = "subject_kind"
    STATE = "state"
    RISK = "risk"
    GRADE = "grade"
    PLACE = "place"
    SUBJECT = "subject"


LABEL_KIND_LABELS = {
    LabelKind.FIELD: "行业领域",
    LabelKind.TAG: "标签",
    LabelKind.LICENCE: "许可",
    LabelKind.DEPARTMENT: "监管部门",
    LabelKind.SUBJECT_KIND: "对象种类",
    LabelKind.STATE: "经营状态",
    LabelKind.RISK: "信用风险",
    LabelKind.GRADE: "部门分级",
    LabelKind.PLACE: "所在乡镇街道",
    LabelKind.SUBJECT: "定向名单",
}


class LibraryName(StrEnum):
    """两库: what a department vouches for before a draw."""

    SUBJECTS = "subjects"
    INSPECTORS = "inspectors"


LIBRARY_LABELS = {LibraryName.SUBJECTS: "检查对象名录库", LibraryName.INSPECTORS: "执法检查人员名录库"}


class ImportedList(StrEnum):
    """What a list brings: rows of a library, or one thing about subjects that are there."""

    SUBJECTS = "subjects"
    INSPECTORS = "inspectors"
    ITEMS = "items"
    RISK = "risk"
    GRADES = "grades"


IMPORTED_LIST_LABELS = {
    ImportedList.SUBJECTS: "检查对象名录",
    ImportedList.INSPECTORS: "执法检查人员名录",
    ImportedList.ITEMS: "抽查事项清单",
    ImportedList.RISK: "信用风险分类名单",
    ImportedList.GRADES: "部门评级名单",
}


class LicenceState(StrEnum):
    """许可状态."""

    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CANCELLED = "cancelled"


LICENCE_STATE_LABELS = {
    LicenceState.VALID: "有效",
    LicenceState.SUSPENDED: "暂扣",
    LicenceState.EXPIRED: "过期",
    LicenceState.REVOKED: "吊销",
    LicenceState.CANCELLED: "注销",
}


class Duty(StrEnum):
    """谁审批、谁监管，谁主管、谁监管: why a subject is in a department's library."""

    APPROVES = "approves"
    SUPERVISES = "supervises"
    IN_CHARGE = "in_charge"


DUTY_LABELS = {Duty.APPROVES: "审批", Duty.SUPERVISES: "监管", Duty.IN_CHARGE: "主管"}


class Level(StrEnum):
    """At which level a department answers for a subject (S1: 分级分类)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


LEVEL_LABELS = {Level.PROVINCE: "省级", Level.CITY: "市级", Level.COUNTY: "县级", Level.TOWNSHIP: "乡级"}


class ChangeKind(StrEnum):
    """What happened to an entry of a library."""

    ADDED = "added"
    CHANGED = "changed"
    TAKEN_IN = "taken_in"
    LET_GO = "let_go"
    GRADED = "graded"
    LEFT = "left"
    IMPORTED = "imported"
    UNDONE = "undone"


CHANGE_KIND_LABELS = {
    ChangeKind.ADDED: "新增",
    ChangeKind.CHANGED: "修改",
    ChangeKind.TAKEN_IN: "纳入名录",
    ChangeKind.LET_GO: "移出名录",
    ChangeKind.GRADED: "部门分级",
    ChangeKind.LEFT: "离岗调离",
    ChangeKind.IMPORTED: "批量导入",
    ChangeKind.UNDONE: "撤销",
}


class Finding(StrEnum):
    """What the health report looks for in the libraries."""

    UNLISTED = "unlisted"
    STALE = "stale"
    FOUND_CLOSED = "found_closed"
    DUPLICATE = "duplicate"
    NO_CODE = "no_code"
    WRONG_CODE = "wrong_code"
    NO_ADDRESS = "no_address"
    NO_RESPONSIBLE = "no_responsible"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_ENDING = "certificate_ending"


FINDING_LABELS = {
    Finding.UNLISTED: "不在任何部门名录",
    Finding.STALE: "长期没有更新",
    Finding.FOUND_CLOSED: "检查发现已停业，名录仍在营",
    Finding.DUPLICATE: "疑似重复",
    Finding.NO_CODE: "没有统一社会信用代码",
    Finding.WRONG_CODE: "信用代码校验位不符",
    Finding.NO_ADDRESS: "没有地址",
    Finding.NO_RESPONSIBLE: "没有责任主体",
    Finding.CERTIFICATE_EXPIRED: "执法证已到期",
    Finding.CERTIFICATE_ENDING: "执法证九十日内到期",
}
COLUMN_LABELS = {
    "name": "名称", "credit_code": "统一社会信用代码", "kind": "对象种类", "fields": "行业领域", "tags": "标签",
    "address": "地址", "position": "坐标", "lat_e7": "纬度", "lon_e7": "经度", "legal_representative": "法定代表人（负责人）",
    "phone": "电话", "contact": "联系人", "contact_phone": "联系人电话", "unsuitable_hours": "不宜检查的时间",
    "licences": "许可", "state": "状态", "risk": "信用风险", "risk_issuer": "分类单位", "risk_day": "分类日期",
    "responsible_id": "责任主体", "belongings": "审批监管", "departments": "监管部门", "grade": "部门分级", "grades": "部门分级", "region_id": "地区",
    "department_id": "部门", "certificate_no": "执法证号", "valid_to": "有效期至", "qualification": "执法资格",
    "specialities": "专长", "expert": "专业人员", "recusals": "回避对象", "recusal_reasons": "回避理由", "left_on": "离岗日期",
    "left_reason": "离岗原因", "staff_expected": "应入库人数",
}  # fmt: skip


class ImportState(StrEnum):
    """How far a list is on its way into a library; one that was let go leaves nothing behind."""

    RECEIVED = "received"
    READING = "reading"
    READY = "ready"
    WRITING = "writing"
    DONE = "done"
    UNDONE = "undone"
    FAILED = "failed"


IMPORT_STATE_LABELS = {
    ImportState.RECEIVED: "待核对表头",
    ImportState.READING: "读取中",
    ImportState.READY: "待确认",
    ImportState.WRITING: "写入中",
    ImportState.DONE: "已导入",
    ImportState.UNDONE: "已撤销",
    ImportState.FAILED: "读取失败",
}


class DoubleKind(StrEnum):
    """Why two rows may be one thing: the same number, or the same name and address in the file or in the library."""

    NUMBER = "number"
    TWIN = "twin"
    KEPT = "kept"


DOUBLE_KIND_LABELS = {
    DoubleKind.NUMBER: "文件中代码重复",
    DoubleKind.TWIN: "文件中名称地址相同",
    DoubleKind.KEPT: "与库中名称地址相同",
}


class CorrectionOrigin(StrEnum):
    """Where a correction offered to the library comes from."""

    PRECHECK = "precheck"
    SUBJECT = "subject"


CORRECTION_ORIGIN_LABELS = {
    CorrectionOrigin.PRECHECK: "现场核查不符",
    CorrectionOrigin.SUBJECT: "检查对象自述",
}


class CorrectionState(StrEnum):
    """What became of a correction that was offered."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


CORRECTION_STATE_LABELS = {
    CorrectionState.OFFERED: "待确认",
    CorrectionState.CONFIRMED: "已改正",
    CorrectionState.REFUSED: "不改",
}
