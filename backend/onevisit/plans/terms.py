"""Which words does a plan know? Enums with their Chinese labels, and the doubts a reading can raise."""

from enum import StrEnum


class Labelled(StrEnum):
    """A word with its Chinese label."""

    label: str

    def __new__(cls, value: str, label: str) -> "Labelled":
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word


class Bound(Labelled):
    """How a ratio or a frequency binds 比例的性质."""

    EXACT = "exact", "等于"
    AT_LEAST = "at_least", "不低于"
    AT_MOST = "at_most", "不超过"
    RANGE = "range", "区间"


class Period(Labelled):
    """What a frequency counts over 频次的周期."""

    YEAR = "year", "每年"
    HALF_YEAR = "half_year", "每半年"
    QUARTER = "quarter", "每季度"
    MONTH = "month", "每月"


class Method(Labelled):
    """How a check is made 检查方式."""

    ON_SITE = "on_site", "现场检查"
    DOCUMENT = "document", "书面检查"
    ONLINE = "online", "网络检查"
    SAMPLING = "sampling", "抽样检测"
    THIRD_PARTY = "third_party", "专业机构核查"
    DATA_REVIEW = "data_review", "查阅资料"


class ItemCategory(Labelled):
    """重点 or 一般 检查事项."""

    KEY = "key", "重点检查事项"
    GENERAL = "general", "一般检查事项"


class Targeting(Labelled):
    """定向 or 不定向 抽查."""

    DIRECTED = "directed", "定向"
    UNDIRECTED = "undirected", "不定向"


class Tier(Labelled):
    """检查主体 as the tables write it."""

    PROVINCE = "省", "省级"
    CITY = "市", "市级"
    COUNTY = "县", "县级"
    DISTRICT = "区", "区级"


class Doubt(Labelled):
    """What a reading of a table can leave open. `asks` marks those a clerk must decide before the draw."""

    asks: bool

    def __new__(cls, value: str, label: str, asks: bool = False) -> "Doubt":
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        word.asks = asks
        return word

    # how the table is built
    SEQ_GAP = "seq_gap", "序号不连续", True
    SEQ_REPEATED = "seq_repeated", "序号重复", True
    SEQ_MISSING = "seq_missing", "缺少序号"
    REPEATED_HEADERS = "repeated_headers", "标题和表头逐页重复"
    HEADING_VARIES = "heading_varies", "表头写法不一"
    HEADER_CHANGES = "header_changes", "表头从此页起改变"
    PAGE_TITLE_DIFFERS = "page_title_differs", "本页标题与其他页不同"
    PAGE_SPLIT = "page_split", "表格按页拆开，只有首页有表头"
    TWO_ROW_HEADER = "two_row_header", "表头分两行"
    DUPLICATE_HEADING = "duplicate_heading", "同名表头出现两次"
    LEADING_BLANKS = "leading_blanks", "表头前有空格"
    HEADING_UNKNOWN = "heading_unknown", "有不认识的表头", True
    HIDDEN_SHEET = "hidden_sheet", "有隐藏的工作表未读取", True
    ROW_NOT_READ = "row_not_read", "有一行没有读懂", True
    SECTION_ROW = "section_row", "分组标题行"
    TOTAL_ROW = "total_row", "合计行不作为任务"
    COLUMNS_SHIFTED = "columns_shifted", "内容滑入了其他列", True
    CELLS_SHIFTED = "cells_shifted", "单元格错位一列", True
    CATEGORY_OVERWRITTEN = "category_overwritten", "事项类别被其他内容覆盖", True
    # missing columns and values
    FIELD_MISSING = "field_missing", "没有抽查领域一列"
    METHOD_MISSING = "method_missing", "没有检查方式一列"
    FREQUENCY_MISSING = "frequency_missing", "没有抽查频次"
    RATIO_MISSING = "ratio_missing", "没有抽查比例", True
    LEAD_MISSING = "lead_missing", "没有发起部门", True
    TASK_NAME_MISSING = "task_name_missing", "没有任务名称"
    ITEMS_MISSING = "items_missing", "没有抽查事项", True
    SCOPE_MISSING = "scope_missing", "没有抽查对象范围", True
    ITEMS_NOT_ATTRIBUTED = "items_not_attributed", "抽查事项没有分到部门"
    TIER_DERIVED = "tier_derived", "检查层级由抽查模式推得"
    YEAR_MISSING_IN_TITLE = "plan_year_missing", "标题没有年份", True
    REGION_MISSING = "region_missing", "标题没有行政区划", True
    # the notice around the table
    WINDOW_PAST_DEADLINE = "window_past_deadline", "抽查时间晚于通知要求的完成时间", True
    WINDOW_BEFORE_NOTICE = "window_before_notice", "抽查时间早于通知印发日期"
    SIGNATORY_VARIES = "signatory_varies", "文头与落款的机构名称不同"
    PLAN_TITLE_VARIES = "plan_title_varies", "计划名称前后写法不一"
    FOOTNOTE_TYPO = "footnote_typo", "填表说明疑似错字"
    RISK_TEXT_VARIES = "risk_text_varies", "风险分类要求的标点不一"
    # ratio, frequency, window
    RATIO_UNREADABLE = "ratio_unreadable", "抽查比例没有读懂", True
    RATIO_REPEATED = "ratio_repeated", "同一任务逐行重复比例"
    RATIO_CONFLICT = "ratio_conflict", "同一任务的比例前后不同", True
    RATIO_SCALE = "ratio_scale", "比例没有百分号", True
    RATIO_SEPARATOR = "ratio_separator", "比例与频次之间的分隔符不一"
    FREQUENCY_UNREADABLE = "frequency_unreadable", "抽查频次没有读懂", True
    FREQUENCY_CONFLICT = "frequency_conflict", "抽查频次前后矛盾", True
    FREQUENCY_WITHOUT_PERIOD = "frequency_without_period", "频次没有写周期"
    TWO_DRAWS = "two_draws", "一年抽取两次以上"
    QUARTERLY = "quarterly", "每季度抽取", True
    MONTHLY = "monthly", "每月抽取", True
    HALF_YEARLY = "half_yearly", "每半年抽取", True
    WINDOW_UNREADABLE = "window_unreadable", "抽查时间没有读懂", True
    WINDOW_MISSING = "window_missing", "没有写抽查时间", True
    AMBIGUOUS_WINDOW = "ambiguous_window", "抽查时间有两种读法", True
    AMBIGUOUS_QUARTER = "ambiguous_quarter", "“一季度一次”有两种读法", True
    WINDOW_END = "window_end", "结束日不是月末"
    WINDOW_REVERSED = "window_reversed", "结束早于开始", True
    YEAR_MISSING = "year_missing", "时间没有写年份"
    YEAR_DIFFERS = "year_differs", "时间的年份不是计划年度", True
    DATE_STYLE = "date_style", "日期写法不规范"
    MONTH_IN_NAME = "month_in_name", "任务名称里的月份与抽查时间不同", True
    # departments
    LEAD_LISTED = "lead_listed_as_cooperating", "配合部门一列里也写了发起部门"
    MISSING_DEPARTMENT = "missing_department", "事项没有写部门", True
    DEPARTMENT_UNKNOWN = "department_unknown", "部门名称不认识", True
    DEPARTMENT_TWICE = "department_twice", "同一部门不连续地出现两次"
    TWO_DEPARTMENTS_ONE_CELL = "two_departments_one_cell", "一格写了两个部门", True
    NUMBERED_DEPARTMENTS = "numbered_departments", "一格内编号写多个部门"
    COOPERATING_MISSING = "cooperating_missing", "计划名称里的部门没有抽查事项", True
    DEPARTMENTS_DISAGREE = "departments_disagree", "计划名称与配合部门不一致", True
    PLAN_NAME_INCOMPLETE = "plan_name_incomplete", "计划名称没有写全部门"
    PLAN_NAME_GENERIC = "plan_name_generic", "计划名称只写“相关部门”"
    LEAD_NAME_INCONSISTENT = "lead_name_inconsistent", "发起部门名称写法不一"
    DEPARTMENT_NAME_INCONSISTENT = "department_name_inconsistent", "部门名称写法不一"
    NAME_WITHOUT_LEVEL = "name_without_level", "部门名称没有写层级"
    LEAD_WITHOUT_AREA = "lead_without_area", "发起部门没有写区域"
    DEPARTMENT_WITHOUT_AREA = "department_without_area", "配合部门没有写区域"
    LEAD_NAME_PREFIX = "lead_name_prefix", "发起部门名称前另有省份"
    LEAD_SECOND_NAME = "lead_name_with_second_name", "发起部门写了两个名称"
    DEPARTMENT_OTHER_REGION = "department_other_region", "配合部门是上级的派出机构"
    ITEM_WITHOUT_DEPARTMENT = "item_without_department", "事项涉及的部门没有参加", True
    ATTRIBUTION_DOUBTFUL = "attribution_doubtful", "重复事项的归属不明", True
    # items
    ITEMS_REPEATED = "items_repeated", "事项重复"
    ITEM_OF_OTHER_TASK = "item_of_other_task", "事项与相邻任务的相同", True
    ITEMS_OF_OTHER_TASK = "items_of_other_task", "事项像是上一任务的", True
    ITEMS_LOST_TO_NEXT = "items_lost_to_next", "部分事项可能印到了下一任务", True
    SAME_ITEM_TWO_DEPARTMENTS = "same_item_two_departments", "两个部门的事项文字相同"
    TWO_ITEMS_ONE_CELL = "two_items_one_cell", "一格写了两个事项", True
    NUMBERED_ITEMS = "numbered_items_in_cell", "一格内编号写多个事项"
    ITEMS_RUN_TOGETHER = "items_run_together", "编号事项之间没有分隔"
    NUMBER_MISSING = "number_missing", "编号事项缺少编号"
    SEPARATOR_IN_NAME = "separator_in_name", "事项名称内有顿号，未拆分"
    TRAILING_SEPARATOR = "trailing_separator", "事项末尾有多余的分隔符"
    LEADING_BLANK = "leading_blank", "单元格以空格开头"
    BLANK_IN_CELL = "blank_in_cell", "单元格内的空格是换行，不是分隔"
    NEWLINE_IN_CELL = "newline_in_cell", "单元格内有换行"
    # fields that do not fit one another
    FIELD_MISMATCH = "field_mismatch", "抽查领域与任务内容不符", True
    FIELD_IS_SCOPE = "field_is_scope", "抽查领域写的是对象范围"
    SCOPE_MISMATCH = "scope_mismatch", "抽查对象范围与任务内容不符", True
    SCOPE_VAGUE = "scope_vague", "抽查对象范围不明确", True
    SCOPE_WIDER = "scope_wider", "抽查对象范围比任务名称宽", True
    SCOPE_NOT_AN_ENTITY = "scope_not_an_entity", "抽查对象范围不是一类对象", True
    BLANK_IN_SCOPE = "blank_in_scope", "抽查对象范围用空格分开两类", True
    PLAN_NAME_MISMATCH = "plan_name_mismatch", "计划名称与抽查领域不符", True
    PLAN_AND_TASK_NAME_DIFFER = "plan_and_task_name_differ", "计划名称与任务名称不同"
    TASK_NAME_EQUALS_ITEM = "task_name_equals_item", "任务名称与事项相同"
    CATEGORY_SHORT = "category_short", "事项类别写法简略"
    CATEGORY_UNREADABLE = "category_unreadable", "事项类别没有读懂", True
    TARGETING_UNREADABLE = "targeting_unreadable", "抽查类型没有读懂", True
    METHOD_UNREADABLE = "method_unreadable", "检查方式没有读懂", True
    TYPO = "typo", "疑似错字"
    TRUNCATED = "truncated", "文字不完整"
    PUNCTUATION = "punctuation", "标点不规范"
    # tasks among one another
    REPEATED_TASK_NAME = "repeated_task_name", "任务名称重复"
    REPEATED_OF_ROW = "repeated_of_row", "与另一行只有时间不同"
    SAME_LEAD_AND_SCOPE = "same_lead_and_scope", "同部门同对象，可合并"
    SAME_SCOPE_SAME_WINDOW = "same_scope_same_window", "同一时间检查同一批对象"
    OVERLAPPING_SCOPE = "overlapping_scope", "对象范围互有包含"
    OVERLAP = "overlap", "不同部门对同一对象重复检查", True
