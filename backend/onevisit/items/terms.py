"""Which states, categories and answer types do items and checklists know?"""

from enum import StrEnum


class ItemState(StrEnum):
    """事项状态; an amended or repealed basis flags the item."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPEALED = "repealed"


ITEM_STATE_LABELS = {
    ItemState.IN_FORCE: "有效",
    ItemState.AMENDED: "依据已修订",
    ItemState.REPEALED: "已废止",
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
