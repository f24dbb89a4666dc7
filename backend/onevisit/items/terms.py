"""Which states, categories and answer types do items and checklists know?"""

from enum import StrEnum


class ItemState(StrEnum):
    """事项状态; an amended or repealed basis flags the item."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPEALED = "repealed"
    WITHDRAWN = "withdrawn"


ITEM_STATE_LABELS = {
    ItemState.IN_FORCE: "有效",
    ItemState.AMENDED: "依据已修订",
    ItemState.REPEALED: "已废止",
    ItemState.WITHDRAWN: "已取消",
}
LIVE_STATES = (ItemState.IN_FORCE, ItemState.AMENDED)


class ItemChangeKind(StrEnum):
    """What happened to an item in the list (抽查事项清单动态调整)."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


ITEM_CHANGE_LABELS = {
    ItemChangeKind.ADDED: "新增",
    ItemChangeKind.CHANGED: "调整",
    ItemChangeKind.WITHDRAWN: "取消",
    ItemChangeKind.RESTORED: "恢复",
}


class BasisState(StrEnum):
    """Does a law, or its article, still hold?"""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPEALED = "repealed"


BASIS_STATE_LABELS = {
    BasisState.IN_FORCE: "现行有效",
    BasisState.AMENDED: "已修订",
    BasisState.REPEALED: "已废止",
}
ITEM_FIELD_LABELS = {
    "code": "事项编码",
    "name": "抽查事项",
    "department_id": "部门",
    "inspecting_body": "检查主体",
    "tier": "层级",
    "category": "事项类别",
    "legal_basis": "法律依据",
    "superior_code": "上级清单编码",
    "speciality": "专业要求",
    "subject_kinds": "抽查对象",
    "joint": "联合抽查",
    "joint_with": "联合部门",
    "state": "状态",
}
ENTRY_FIELD_LABELS = {
    "no": "序号",
    "text": "检查内容",
    "answer": "填法",
    "unit": "单位",
    "limits": "合格范围",
    "choices": "选项",
    "required": "必填",
    "content": "内容说明",
    "method": "检查方法",
    "basis": "依据",
    "evidence": "证据",
    "phrases": "常用语",
    "condition": "条件",
}


class ItemCategory(StrEnum):
    """重点或一般检查事项."""

    KEY = "key"
    GENERAL = "general"


ITEM_CATEGORY_LABELS = {ItemCategory.KEY: "重点检查事项", ItemCategory.GENERAL: "一般检查事项"}


class ItemTier(StrEnum):
    """检查主体的层级."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


ITEM_TIER_LABELS = {
    ItemTier.NATIONAL: "国家",
    ItemTier.PROVINCE: "省",
    ItemTier.CITY: "市",
    ItemTier.COUNTY: "县",
}


class AnswerType(StrEnum):
    """How an entry of a checklist is answered."""

    PASS_FAIL = "pass_fail"  # noqa: S105
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"


ANSWER_LABELS = {
    AnswerType.PASS_FAIL: "合格 / 不合格",
    AnswerType.NUMBER: "数值",
    AnswerType.TEXT: "文字",
    AnswerType.CHOICE: "选择",
    AnswerType.DATE: "日期",
}


class Evidence(StrEnum):
    """Which evidence an entry demands."""

    NONE = "none"
    PHOTO_ON_FAIL = "photo_on_fail"
    PHOTO = "photo"


EVIDENCE_LABELS = {
    Evidence.NONE: "不要求",
    Evidence.PHOTO_ON_FAIL: "不合格时拍照",
    Evidence.PHOTO: "必须拍照",
}
