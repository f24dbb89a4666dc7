"""Which words does a plan know? The codes of its facts and of the doubts a reading can raise, with labels."""

from enum import StrEnum


class Bound(StrEnum):
    """How a ratio or a frequency binds 比例的性质."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RANGE = "range"


BOUND_LABELS = {
    Bound.EXACT: "等于",
    Bound.AT_LEAST: "不低于",
    Bound.AT_MOST: "不超过",
    Bound.RANGE: "区间",
}


class Period(StrEnum):
    """What a frequency counts over 频次的周期."""

    YEAR = "year"
    HALF_YEAR = "half_year"
    QUARTER = "quarter"
    MONTH = "month"


PERIOD_LABELS = {
    Period.YEAR: "每年",
    Period.HALF_YEAR: "每半年",
    Period.QUARTER: "每季度",
    Period.MONTH: "每月",
}


class Method(StrEnum):
    """How a check is made 检查方式."""

    ON_SITE = "on_site"
    DOCUMENT = "document"
    ONLINE = "online"
    SAMPLING = "sampling"
    THIRD_PARTY = "third_party"
    DATA_REVIEW = "data_review"


METHOD_LABELS = {
    Method.ON_SITE: "现场检查",
    Method.DOCUMENT: "书面检查",
    Method.ONLINE: "网络检查",
    Method.SAMPLING: "抽样检测",
    Method.THIRD_PARTY: "专业机构核查",
    Method.DATA_REVIEW: "查阅资料",
}


class ItemCategory(StrEnum):
    """重点 or 一般 检查事项."""

    KEY = "key"
    GENERAL = "general"


ITEM_CATEGORY_LABELS = {
    ItemCategory.KEY: "重点检查事项",
    ItemCategory.GENERAL: "一般检查事项",
}


class Targeting(StrEnum):
    """定向 or 不定向 抽查."""

    DIRECTED = "directed"
    UNDIRECTED = "undirected"


TARGETING_LABELS = {
    Targeting.DIRECTED: "定向",
    Targeting.UNDIRECTED: "不定向",
}


class Tier(StrEnum):
    """检查主体 as the tables write it."""

    PROVINCE = "省"
    CITY = "市"
    COUNTY = "县"
    DISTRICT = "区"


TIER_LABELS = {
    Tier.PROVINCE: "省级",
    Tier.CITY: "市级",
    Tier.COUNTY: "县级",
    Tier.DISTRICT: "区级",
}


class Doubt(StrEnum):
    """What a reading of a plan table can leave open: the codes of `problems`."""

    # how the table is built
    SEQ_GAP = "seq_gap"
    SEQ_REPEATED = "seq_repeated"
    SEQ_MISSING = "seq_missing"
    REPEATED_HEADERS = "repeated_headers"
    HEADING_VARIES = "heading_varies"
    HEADER_CHANGES = "header_changes"
    PAGE_TITLE_DIFFERS = "page_title_differs"
    PAGE_SPLIT = "page_split"
    TWO_ROW_HEADER = "two_row_header"
    DUPLICATE_HEADING = "duplicate_heading"
    LEADING_BLANKS = "leading_blanks"
    HEADING_UNKNOWN = "heading_unknown"
    HIDDEN_SHEET = "hidden_sheet"
    MIXED_ENCODING = "mixed_encoding"
    GARBLED_TEXT = "garbled_text"
    QUOTE_NOT_CLOSED = "quote_not_closed"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    EXTERNAL_LINK = "external_link"
    ROW_NOT_READ = "row_not_read"
    SECTION_ROW = "section_row"
    TOTAL_ROW = "total_row"
    TABLE_LEFT_OUT = "table_left_out"
    COLUMNS_SHIFTED = "columns_shifted"
    CELLS_SHIFTED = "cells_shifted"
    CATEGORY_OVERWRITTEN = "category_overwritten"
    # missing columns and values
    FIELD_MISSING = "field_missing"
    METHOD_MISSING = "method_missing"
    FREQUENCY_MISSING = "frequency_missing"
    RATIO_MISSING = "ratio_missing"
    LEAD_MISSING = "lead_missing"
    LEAD_DERIVED = "lead_derived"
    TASK_NAME_MISSING = "task_name_missing"
    ITEMS_MISSING = "items_missing"
    SCOPE_MISSING = "scope_missing"
    ITEMS_NOT_ATTRIBUTED = "items_not_attributed"
    TIER_DERIVED = "tier_derived"
    YEAR_MISSING_IN_TITLE = "plan_year_missing"
    REGION_MISSING = "region_missing"
    # the notice around the table
    WINDOW_PAST_DEADLINE = "window_past_deadline"
    WINDOW_BEFORE_NOTICE = "window_before_notice"
    SIGNATORY_VARIES = "signatory_varies"
    PLAN_TITLE_VARIES = "plan_title_varies"
    FOOTNOTE_TYPO = "footnote_typo"
    RISK_TEXT_VARIES = "risk_text_varies"
    # ratio, frequency, window
    RATIO_UNREADABLE = "ratio_unreadable"
    RATIO_REPEATED = "ratio_repeated"
    RATIO_CONFLICT = "ratio_conflict"
    RATIO_SCALE = "ratio_scale"
    RATIO_BY_CLASS = "ratio_by_class"
    RATIO_ABOUT = "ratio_about"
    RATIO_SEPARATOR = "ratio_separator"
    FREQUENCY_UNREADABLE = "frequency_unreadable"
    FREQUENCY_CONFLICT = "frequency_conflict"
    FREQUENCY_WITHOUT_PERIOD = "frequency_without_period"
    TWO_DRAWS = "two_draws"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    HALF_YEARLY = "half_yearly"
    WINDOW_UNREADABLE = "window_unreadable"
    WINDOW_MISSING = "window_missing"
    AMBIGUOUS_WINDOW = "ambiguous_window"
    AMBIGUOUS_QUARTER = "ambiguous_quarter"
    WINDOW_END = "window_end"
    WINDOW_REVERSED = "window_reversed"
    YEAR_MISSING = "year_missing"
    YEAR_DIFFERS = "year_differs"
    DATE_STYLE = "date_style"
    MONTH_IN_NAME = "month_in_name"
    # departments
    LEAD_LISTED = "lead_listed_as_cooperating"
    MISSING_DEPARTMENT = "missing_department"
    DEPARTMENT_UNKNOWN = "department_unknown"
    DEPARTMENT_TWICE = "department_twice"
    TWO_DEPARTMENTS_ONE_CELL = "two_departments_one_cell"
    NUMBERED_DEPARTMENTS = "numbered_departments"
    COOPERATING_MISSING = "cooperating_missing"
    DEPARTMENTS_DISAGREE = "departments_disagree"
    PLAN_NAME_INCOMPLETE = "plan_name_incomplete"
    PLAN_NAME_GENERIC = "plan_name_generic"
    LEAD_NAME_INCONSISTENT = "lead_name_inconsistent"
    DEPARTMENT_NAME_INCONSISTENT = "department_name_inconsistent"
    NAME_WITHOUT_LEVEL = "name_without_level"
    LEAD_WITHOUT_AREA = "lead_without_area"
    DEPARTMENT_WITHOUT_AREA = "department_without_area"
    LEAD_NAME_PREFIX = "lead_name_prefix"
    LEAD_SECOND_NAME = "lead_name_with_second_name"
    DEPARTMENT_OTHER_REGION = "department_other_region"
    ITEM_WITHOUT_DEPARTMENT = "item_without_department"
    ATTRIBUTION_DOUBTFUL = "attribution_doubtful"
    # items
    ITEMS_REPEATED = "items_repeated"
    ITEM_OF_OTHER_TASK = "item_of_other_task"
    ITEMS_OF_OTHER_TASK = "items_of_other_task"
    ITEMS_LOST_TO_NEXT = "items_lost_to_next"
    SAME_ITEM_TWO_DEPARTMENTS = "same_item_two_departments"
    TWO_ITEMS_ONE_CELL = "two_items_one_cell"
    NUMBERED_ITEMS = "numbered_items_in_cell"
    ITEMS_BY_COMMA = "items_by_comma"
    ITEMS_RUN_TOGETHER = "items_run_together"
    NUMBER_MISSING = "number_missing"
    SEPARATOR_IN_NAME = "separator_in_name"
    TRAILING_SEPARATOR = "trailing_separator"
    LEADING_BLANK = "leading_blank"
    BLANK_IN_CELL = "blank_in_cell"
    NEWLINE_IN_CELL = "newline_in_cell"
    # fields that do not fit one another
    FIELD_MISMATCH = "field_mismatch"
    FIELD_IS_SCOPE = "field_is_scope"
    SCOPE_MISMATCH = "scope_mismatch"
    SCOPE_VAGUE = "scope_vague"
    SCOPE_WIDER = "scope_wider"
    SCOPE_NOT_AN_ENTITY = "scope_not_an_entity"
    BLANK_IN_SCOPE = "blank_in_scope"
    PLAN_NAME_MISMATCH = "plan_name_mismatch"
    PLAN_AND_TASK_NAME_DIFFER = "plan_and_task_name_differ"
    TASK_NAME_EQUALS_ITEM = "task_name_equals_item"
    CATEGORY_SHORT = "category_short"
    CATEGORY_UNREADABLE = "category_unreadable"
    TARGETING_UNREADABLE = "targeting_unreadable"
    METHOD_UNREADABLE = "method_unreadable"
    TYPO = "typo"
    TRUNCATED = "truncated"
    PUNCTUATION = "punctuation"
    # tasks among one another
    REPEATED_TASK_NAME = "repeated_task_name"
    REPEATED_OF_ROW = "repeated_of_row"
    SAME_LEAD_AND_SCOPE = "same_lead_and_scope"
    SAME_SCOPE_SAME_WINDOW = "same_scope_same_window"
    OVERLAPPING_SCOPE = "overlapping_scope"
    OVERLAP = "overlap"


DOUBT_LABELS = {
    # how the table is built
    Doubt.SEQ_GAP: "序号不连续",
    Doubt.SEQ_REPEATED: "序号重复",
    Doubt.SEQ_MISSING: "缺少序号",
    Doubt.REPEATED_HEADERS: "标题和表头逐页重复",
    Doubt.HEADING_VARIES: "表头写法不一",
    Doubt.HEADER_CHANGES: "表头从此页起改变",
    Doubt.PAGE_TITLE_DIFFERS: "本页标题与其他页不同",
    Doubt.PAGE_SPLIT: "表格按页拆开，只有首页有表头",
    Doubt.TWO_ROW_HEADER: "表头分两行",
    Doubt.DUPLICATE_HEADING: "同名表头出现两次",
    Doubt.LEADING_BLANKS: "表头前有空格",
    Doubt.HEADING_UNKNOWN: "有不认识的表头",
    Doubt.HIDDEN_SHEET: "有隐藏的工作表未读取",
    Doubt.MIXED_ENCODING: "文件里混有两种文字编码",
    Doubt.GARBLED_TEXT: "有乱码",
    Doubt.QUOTE_NOT_CLOSED: "引号没有成对",
    Doubt.FORMULA_WITHOUT_VALUE: "有没有算出结果的公式",
    Doubt.EXTERNAL_LINK: "有的单元格取自其他文件",
    Doubt.ROW_NOT_READ: "有一行没有读懂",
    Doubt.SECTION_ROW: "分组标题行",
    Doubt.TOTAL_ROW: "合计行不作为任务",
    Doubt.TABLE_LEFT_OUT: "有表格不是抽查计划，未读取",
    Doubt.COLUMNS_SHIFTED: "内容滑入了其他列",
    Doubt.CELLS_SHIFTED: "单元格错位一列",
    Doubt.CATEGORY_OVERWRITTEN: "事项类别被其他内容覆盖",
    # missing columns and values
    Doubt.FIELD_MISSING: "没有抽查领域一列",
    Doubt.METHOD_MISSING: "没有检查方式一列",
    Doubt.FREQUENCY_MISSING: "没有抽查频次",
    Doubt.RATIO_MISSING: "没有抽查比例",
    Doubt.LEAD_MISSING: "没有发起部门",
    Doubt.LEAD_DERIVED: "发起部门由标题或分组推得",
    Doubt.TASK_NAME_MISSING: "没有任务名称",
    Doubt.ITEMS_MISSING: "没有抽查事项",
    Doubt.SCOPE_MISSING: "没有抽查对象范围",
    Doubt.ITEMS_NOT_ATTRIBUTED: "抽查事项没有分到部门",
    Doubt.TIER_DERIVED: "检查层级由抽查模式推得",
    Doubt.YEAR_MISSING_IN_TITLE: "标题没有年份",
    Doubt.REGION_MISSING: "标题没有行政区划",
    # the notice around the table
    Doubt.WINDOW_PAST_DEADLINE: "抽查时间晚于通知要求的完成时间",
    Doubt.WINDOW_BEFORE_NOTICE: "抽查时间早于通知印发日期",
    Doubt.SIGNATORY_VARIES: "文头与落款的机构名称不同",
    Doubt.PLAN_TITLE_VARIES: "计划名称前后写法不一",
    Doubt.FOOTNOTE_TYPO: "填表说明疑似错字",
    Doubt.RISK_TEXT_VARIES: "风险分类要求的标点不一",
    # ratio, frequency, window
    Doubt.RATIO_UNREADABLE: "抽查比例没有读懂",
    Doubt.RATIO_REPEATED: "同一任务逐行重复比例",
    Doubt.RATIO_CONFLICT: "同一任务的比例前后不同",
    Doubt.RATIO_SCALE: "比例没有百分号",
    Doubt.RATIO_BY_CLASS: "按风险分类写了几个比例",
    Doubt.RATIO_ABOUT: "比例写的是约数",
    Doubt.RATIO_SEPARATOR: "比例与频次之间的分隔符不一",
    Doubt.FREQUENCY_UNREADABLE: "抽查频次没有读懂",
    Doubt.FREQUENCY_CONFLICT: "抽查频次前后矛盾",
    Doubt.FREQUENCY_WITHOUT_PERIOD: "频次没有写周期",
    Doubt.TWO_DRAWS: "一年抽取两次以上",
    Doubt.QUARTERLY: "每季度抽取",
    Doubt.MONTHLY: "每月抽取",
    Doubt.HALF_YEARLY: "每半年抽取",
    Doubt.WINDOW_UNREADABLE: "抽查时间没有读懂",
    Doubt.WINDOW_MISSING: "没有写抽查时间",
    Doubt.AMBIGUOUS_WINDOW: "抽查时间有两种读法",
    Doubt.AMBIGUOUS_QUARTER: "“一季度一次”有两种读法",
    Doubt.WINDOW_END: "结束日不是月末",
    Doubt.WINDOW_REVERSED: "结束早于开始",
    Doubt.YEAR_MISSING: "时间没有写年份",
    Doubt.YEAR_DIFFERS: "时间的年份不是计划年度",
    Doubt.DATE_STYLE: "日期写法不规范",
    Doubt.MONTH_IN_NAME: "任务名称里的月份与抽查时间不同",
    # departments
    Doubt.LEAD_LISTED: "配合部门一列里也写了发起部门",
    Doubt.MISSING_DEPARTMENT: "事项没有写部门",
    Doubt.DEPARTMENT_UNKNOWN: "部门名称不认识",
    Doubt.DEPARTMENT_TWICE: "同一部门不连续地出现两次",
    Doubt.TWO_DEPARTMENTS_ONE_CELL: "一格写了两个部门",
    Doubt.NUMBERED_DEPARTMENTS: "一格内编号写多个部门",
    Doubt.COOPERATING_MISSING: "计划名称里的部门没有抽查事项",
    Doubt.DEPARTMENTS_DISAGREE: "计划名称与配合部门不一致",
    Doubt.PLAN_NAME_INCOMPLETE: "计划名称没有写全部门",
    Doubt.PLAN_NAME_GENERIC: "计划名称只写“相关部门”",
    Doubt.LEAD_NAME_INCONSISTENT: "发起部门名称写法不一",
    Doubt.DEPARTMENT_NAME_INCONSISTENT: "部门名称写法不一",
    Doubt.NAME_WITHOUT_LEVEL: "部门名称没有写层级",
    Doubt.LEAD_WITHOUT_AREA: "发起部门没有写区域",
    Doubt.DEPARTMENT_WITHOUT_AREA: "配合部门没有写区域",
    Doubt.LEAD_NAME_PREFIX: "发起部门名称前另有省份",
    Doubt.LEAD_SECOND_NAME: "发起部门写了两个名称",
    Doubt.DEPARTMENT_OTHER_REGION: "配合部门是上级的派出机构",
    Doubt.ITEM_WITHOUT_DEPARTMENT: "事项涉及的部门没有参加",
    Doubt.ATTRIBUTION_DOUBTFUL: "重复事项的归属不明",
    # items
    Doubt.ITEMS_REPEATED: "事项重复",
    Doubt.ITEM_OF_OTHER_TASK: "事项与相邻任务的相同",
    Doubt.ITEMS_OF_OTHER_TASK: "事项像是上一任务的",
    Doubt.ITEMS_LOST_TO_NEXT: "部分事项可能印到了下一任务",
    Doubt.SAME_ITEM_TWO_DEPARTMENTS: "两个部门的事项文字相同",
    Doubt.TWO_ITEMS_ONE_CELL: "一格写了两个事项",
    Doubt.NUMBERED_ITEMS: "一格内编号写多个事项",
    Doubt.ITEMS_BY_COMMA: "一格内用逗号写多个事项",
    Doubt.ITEMS_RUN_TOGETHER: "编号事项之间没有分隔",
    Doubt.NUMBER_MISSING: "编号事项缺少编号",
    Doubt.SEPARATOR_IN_NAME: "事项名称内有顿号，未拆分",
    Doubt.TRAILING_SEPARATOR: "事项末尾有多余的分隔符",
    Doubt.LEADING_BLANK: "单元格以空格开头",
    Doubt.BLANK_IN_CELL: "单元格内的空格是换行，不是分隔",
    Doubt.NEWLINE_IN_CELL: "单元格内有换行",
    # fields that do not fit one another
    Doubt.FIELD_MISMATCH: "抽查领域与任务内容不符",
    Doubt.FIELD_IS_SCOPE: "抽查领域写的是对象范围",
    Doubt.SCOPE_MISMATCH: "抽查对象范围与任务内容不符",
    Doubt.SCOPE_VAGUE: "抽查对象范围不明确",
    Doubt.SCOPE_WIDER: "抽查对象范围比任务名称宽",
    Doubt.SCOPE_NOT_AN_ENTITY: "抽查对象范围不是一类对象",
    Doubt.BLANK_IN_SCOPE: "抽查对象范围用空格分开两类",
    Doubt.PLAN_NAME_MISMATCH: "计划名称与抽查领域不符",
    Doubt.PLAN_AND_TASK_NAME_DIFFER: "计划名称与任务名称不同",
    Doubt.TASK_NAME_EQUALS_ITEM: "任务名称与事项相同",
    Doubt.CATEGORY_SHORT: "事项类别写法简略",
    Doubt.CATEGORY_UNREADABLE: "事项类别没有读懂",
    Doubt.TARGETING_UNREADABLE: "抽查类型没有读懂",
    Doubt.METHOD_UNREADABLE: "检查方式没有读懂",
    Doubt.TYPO: "疑似错字",
    Doubt.TRUNCATED: "文字不完整",
    Doubt.PUNCTUATION: "标点不规范",
    # tasks among one another
    Doubt.REPEATED_TASK_NAME: "任务名称重复",
    Doubt.REPEATED_OF_ROW: "与另一行只有时间不同",
    Doubt.SAME_LEAD_AND_SCOPE: "同部门同对象，可合并",
    Doubt.SAME_SCOPE_SAME_WINDOW: "同一时间检查同一批对象",
    Doubt.OVERLAPPING_SCOPE: "对象范围互有包含",
    Doubt.OVERLAP: "不同部门对同一对象重复检查",
}
# What somebody must decide before the task is drawn; the others are only to be seen.
DOUBTS_TO_DECIDE = frozenset(
    {
        Doubt.SEQ_GAP,
        Doubt.SEQ_REPEATED,
        Doubt.HEADING_UNKNOWN,
        Doubt.HIDDEN_SHEET,
        Doubt.MIXED_ENCODING,
        Doubt.GARBLED_TEXT,
        Doubt.QUOTE_NOT_CLOSED,
        Doubt.FORMULA_WITHOUT_VALUE,
        Doubt.ROW_NOT_READ,
        Doubt.COLUMNS_SHIFTED,
        Doubt.CELLS_SHIFTED,
        Doubt.CATEGORY_OVERWRITTEN,
        Doubt.RATIO_MISSING,
        Doubt.LEAD_MISSING,
        Doubt.ITEMS_MISSING,
        Doubt.SCOPE_MISSING,
        Doubt.YEAR_MISSING_IN_TITLE,
        Doubt.REGION_MISSING,
        Doubt.WINDOW_PAST_DEADLINE,
        Doubt.RATIO_UNREADABLE,
        Doubt.RATIO_CONFLICT,
        Doubt.RATIO_SCALE,
        Doubt.RATIO_BY_CLASS,
        Doubt.RATIO_ABOUT,
        Doubt.FREQUENCY_UNREADABLE,
        Doubt.FREQUENCY_CONFLICT,
        Doubt.QUARTERLY,
        Doubt.MONTHLY,
        Doubt.HALF_YEARLY,
        Doubt.WINDOW_UNREADABLE,
        Doubt.WINDOW_MISSING,
        Doubt.AMBIGUOUS_WINDOW,
        Doubt.AMBIGUOUS_QUARTER,
        Doubt.WINDOW_REVERSED,
        Doubt.YEAR_DIFFERS,
        Doubt.MONTH_IN_NAME,
        Doubt.MISSING_DEPARTMENT,
        Doubt.DEPARTMENT_UNKNOWN,
        Doubt.TWO_DEPARTMENTS_ONE_CELL,
        Doubt.COOPERATING_MISSING,
        Doubt.DEPARTMENTS_DISAGREE,
        Doubt.ITEM_WITHOUT_DEPARTMENT,
        Doubt.ATTRIBUTION_DOUBTFUL,
        Doubt.ITEM_OF_OTHER_TASK,
        Doubt.ITEMS_OF_OTHER_TASK,
        Doubt.ITEMS_LOST_TO_NEXT,
        Doubt.TWO_ITEMS_ONE_CELL,
        Doubt.FIELD_MISMATCH,
        Doubt.SCOPE_MISMATCH,
        Doubt.SCOPE_VAGUE,
        Doubt.SCOPE_WIDER,
        Doubt.SCOPE_NOT_AN_ENTITY,
        Doubt.BLANK_IN_SCOPE,
        Doubt.PLAN_NAME_MISMATCH,
        Doubt.CATEGORY_UNREADABLE,
        Doubt.TARGETING_UNREADABLE,
        Doubt.METHOD_UNREADABLE,
        Doubt.OVERLAP,
    }
)


class Fact(StrEnum):
    """What a row of the table says: the keys of a reading's `facts`."""

    SEQ = "seq"
    REGION = "region"
    FIELD = "field"
    PLAN_NAME = "plan_name"
    TASK_NAME = "task_name"
    LEAD_DEPARTMENT = "lead_department"
    COOPERATING_DEPARTMENTS = "cooperating_departments"
    ITEMS = "items"
    SUBJECT_SCOPE = "subject_scope"
    RATIO = "ratio"
    SAMPLE_SIZE = "sample_size"
    FREQUENCY = "frequency"
    WINDOW = "window"
    METHODS = "methods"
    ITEM_CATEGORY = "item_category"
    TARGETING = "targeting"
    TIER = "tier"
    MODE = "mode"
    RISK_POLICY = "risk_policy"
    PLAN_NO = "plan_no"
    EXECUTING_UNIT = "executing_unit"
    CONTACT = "contact"
    DRAW_WINDOW = "draw_window"
    REMARK = "remark"
    BASIS = "basis"
    ORIGIN = "origin"
    AREA = "area"


FACT_LABELS = {
    Fact.SEQ: "序号",
    Fact.REGION: "地区",
    Fact.FIELD: "抽查领域",
    Fact.PLAN_NAME: "计划名称",
    Fact.TASK_NAME: "任务名称",
    Fact.LEAD_DEPARTMENT: "发起部门",
    Fact.COOPERATING_DEPARTMENTS: "配合部门",
    Fact.ITEMS: "抽查事项",
    Fact.SUBJECT_SCOPE: "对象范围",
    Fact.RATIO: "抽查比例",
    Fact.SAMPLE_SIZE: "抽查户数",
    Fact.FREQUENCY: "抽查频次",
    Fact.WINDOW: "抽查时间",
    Fact.METHODS: "检查方式",
    Fact.ITEM_CATEGORY: "事项类别",
    Fact.TARGETING: "抽查类型",
    Fact.TIER: "检查主体",
    Fact.MODE: "抽查模式",
    Fact.RISK_POLICY: "信用风险分类要求",
    Fact.PLAN_NO: "计划编号",
    Fact.EXECUTING_UNIT: "实施单位",
    Fact.CONTACT: "联系人",
    Fact.DRAW_WINDOW: "抽取时间",
    Fact.REMARK: "备注",
    Fact.BASIS: "依据",
    Fact.ORIGIN: "来源",
    Fact.AREA: "抽查区域",
}


class ReadingState(StrEnum):
    """How far a table is that is being taken in."""

    WAITING = "waiting"
    HEADINGS = "headings"
    OPEN = "open"
    FAILED = "failed"
    DRAFTED = "drafted"
    DROPPED = "dropped"


READING_STATE_LABELS = {
    ReadingState.WAITING: "正在读取",
    ReadingState.HEADINGS: "待指定表头",
    ReadingState.OPEN: "待核对",
    ReadingState.FAILED: "没有读成",
    ReadingState.DRAFTED: "已生成草稿",
    ReadingState.DROPPED: "已放弃",
}


class SchemeGround(StrEnum):
    """Why rows of different initiators are offered as one scheme."""

    SAME = "same"
    OVERLAP = "overlap"
    WORDS = "words"


SCHEME_GROUND_LABELS = {
    SchemeGround.SAME: "对象范围相同",
    SchemeGround.OVERLAP: "对象范围重叠",
    SchemeGround.WORDS: "对象范围写法相近",
}


class SchemeState(StrEnum):
    """What was decided about an offered scheme."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


SCHEME_STATE_LABELS = {
    SchemeState.ACCEPTED: "已统筹",
    SchemeState.REFUSED: "不统筹",
    SchemeState.WITHDRAWN: "已取消决定",
}


class Indicator(StrEnum):
    """What a plan is watched for (process.md 2)."""

    BALANCE = "balance"
    FOURTH_QUARTER = "fourth_quarter"
    PAST_END = "past_end"
    ITEM_COVERAGE = "item_coverage"
    JOINT_ITEMS = "joint_items"
    DEPARTMENT_COVERAGE = "department_coverage"
    SUBJECT_KINDS = "subject_kinds"
    DUTY_TO_INITIATE = "duty_to_initiate"
    DUTY_TO_JOIN = "duty_to_join"
    RISK_USE = "risk_use"
    JOINT_SHARE = "joint_share"
    ENTRIES_SAVED = "entries_saved"
    UNIFORM = "uniform"
    NOT_ON_LIST = "not_on_list"
    SCOPE_OPEN = "scope_open"
    ASKED = "asked"
    RATIO_OPEN = "ratio_open"


INDICATOR_LABELS = {
    Indicator.BALANCE: "按月均衡",
    Indicator.FOURTH_QUARTER: "四季度占比",
    Indicator.PAST_END: "排在完成时间之后",
    Indicator.ITEM_COVERAGE: "抽查事项覆盖",
    Indicator.JOINT_ITEMS: "联合抽查事项覆盖",
    Indicator.DEPARTMENT_COVERAGE: "参与部门覆盖",
    Indicator.SUBJECT_KINDS: "对象种类覆盖",
    Indicator.DUTY_TO_INITIATE: "每年至少发起一次",
    Indicator.DUTY_TO_JOIN: "每年至少发起或参与一次",
    Indicator.RISK_USE: "信用风险分类运用",
    Indicator.JOINT_SHARE: "部门联合抽查占比",
    Indicator.ENTRIES_SAVED: "少进门次数",
    Indicator.UNIFORM: "同一任务层级或方式不一",
    Indicator.NOT_ON_LIST: "事项不在清单或待确认",
    Indicator.SCOPE_OPEN: "对象范围未确认",
    Indicator.ASKED: "存疑待核对",
    Indicator.RATIO_OPEN: "比例或时间未写明",
}


class Verdict(StrEnum):
    """How a figure stands against the notice."""

    MET = "met"
    MISSED = "missed"
    REFERENCE = "reference"


VERDICT_LABELS = {Verdict.MET: "达到", Verdict.MISSED: "没有达到", Verdict.REFERENCE: "仅作参考"}


class Sure(StrEnum):
    """How sure a reading is of a fact."""

    CERTAIN = "certain"
    READ_LOOSELY = "read_loosely"
    IN_DOUBT = "in_doubt"
    CORRECTED = "corrected"
    ABSENT = "absent"


SURE_LABELS = {
    Sure.CERTAIN: "读准",
    Sure.READ_LOOSELY: "按惯例读",
    Sure.IN_DOUBT: "存疑，请核对",
    Sure.CORRECTED: "按已存更正",
    Sure.ABSENT: "表中没有",
}


class Heading(StrEnum):
    """What a column of a plan table holds; `ignore`: it is left out in silence."""

    SEQ = "seq"
    PLAN_NO = "plan_no"
    REGION = "region"
    FIELD = "field"
    PLAN_NAME = "plan_name"
    TASK_NAME = "task_name"
    ITEMS = "items"
    ITEM_DEPARTMENT = "item_department"
    SCOPE = "scope"
    LEAD = "lead"
    COOPERATING = "cooperating"
    EXECUTING_UNIT = "executing_unit"
    DEPARTMENT = "department"
    RATIO = "ratio"
    FREQUENCY = "frequency"
    RATIO_FREQUENCY = "ratio_frequency"
    SAMPLE_SIZE = "sample_size"
    WINDOW = "window"
    DRAW_WINDOW = "draw_window"
    METHODS = "methods"
    CATEGORY = "category"
    TARGETING = "targeting"
    TIER = "tier"
    MODE = "mode"
    RISK = "risk"
    BATCHES = "batches"
    REMARK = "remark"
    BASIS = "basis"
    ORIGIN = "origin"
    AREA = "area"
    CONTACT = "contact"
    TOTAL = "total"
    IGNORE = "ignore"


HEADING_LABELS = {
    Heading.SEQ: "序号",
    Heading.PLAN_NO: "计划编号",
    Heading.REGION: "地区",
    Heading.FIELD: "抽查领域",
    Heading.PLAN_NAME: "计划名称",
    Heading.TASK_NAME: "任务名称",
    Heading.ITEMS: "抽查事项",
    Heading.ITEM_DEPARTMENT: "事项的责任部门",
    Heading.SCOPE: "抽查对象范围",
    Heading.LEAD: "发起部门",
    Heading.COOPERATING: "配合部门",
    Heading.EXECUTING_UNIT: "实施单位",
    Heading.DEPARTMENT: "部门",
    Heading.RATIO: "抽查比例",
    Heading.FREQUENCY: "抽查频次",
    Heading.RATIO_FREQUENCY: "抽查比例及频次",
    Heading.SAMPLE_SIZE: "抽查户数",
    Heading.WINDOW: "抽查时间",
    Heading.DRAW_WINDOW: "抽取时间",
    Heading.METHODS: "检查方式",
    Heading.CATEGORY: "事项类别",
    Heading.TARGETING: "抽查类型（定向、不定向）",
    Heading.TIER: "检查主体层级",
    Heading.MODE: "抽查模式",
    Heading.RISK: "信用风险分类要求",
    Heading.BATCHES: "批次",
    Heading.REMARK: "备注",
    Heading.BASIS: "依据",
    Heading.ORIGIN: "来源",
    Heading.AREA: "抽查区域",
    Heading.CONTACT: "联系人",
    Heading.TOTAL: "对象总数",
    Heading.IGNORE: "不读这一列",
}
