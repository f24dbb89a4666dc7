"""Which column holds what? Reads the heading rows of a plan table, in any order and wording."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from onevisit.plans.sheet_grid import Cell

# Order matters: the first rule that fits names the column, so the narrow words stand before the wide ones.
_RULES: tuple[tuple[str, str], ...] = (
    ("seq", r"^(?:序号|编号|序|号|No\.?|项次|任务序号|计划序号)$"),
    ("plan_no", r"(?:计划|任务|文件)编[号码]|^文号$"),
    ("remark", r"备注|说明$"),
    ("ratio_frequency", r"(?:比例|比率|抽查率|数量).*(?:频|次数|次)|频[次率].*(?:比例|比率)"),
    ("basis", r"依据"),
    ("origin", r"来源"),
    ("area", r"(?:抽查|检查|实施)(?:区域|地域|地区)"),
    ("total", r"总数|基数|库内?数"),
    (
        "sample_size",
        r"(?:抽取|抽查|检查|拟抽|拟查|计划|样本|对象|主体).*(?:数量?|户数|家数)$|^(?:户数|家数|数量)$",
    ),
    ("contact", r"联系人|联系电话|联系方式|联络员|电话"),
    ("risk", r"智慧监管|信用风险|风险分类|风险等级|信用分类|差异化"),
    (
        "category",
        r"事项类别|事项类型|事项性质|类别.*(?:重点|一般)|(?:重点|一般).*事项.*类|重点.?一般|^(?:抽查|检查)类别$",
    ),
    ("targeting", r"抽查类型|定向|检查类型|任务类型|计划类型"),
    ("mode", r"(?:抽查|检查|抽检|抽取).*模式|^模式$|县抽|市抽"),
    ("scope", r"被检|被抽|受检"),
    ("tier", r"检查主体|抽查层级|检查层级|主体层级|^层级$|实施层级|抽查主体"),
    ("frequency", r"频[次率]|抽查次数|检查次数|次数"),
    ("ratio", r"比例|比率|抽查率|覆盖面|百分比"),
    ("draw_window", r"(?:抽取|派发|抽签|摇号|匹配).*(?:时间|日期|时限)"),
    ("window", r"时间|时限|日期|期限|起止|月份|时段|完成时"),
    ("methods", r"方式|方法|手段|形式"),
    ("item_department", r"事项.*(?:责任|实施|所属)(?:部门|单位)"),
    (
        "lead",
        r"(?:发起|牵头|主办|主查|组织|主责|责任|牵头发起).*(?:部门|单位|科室|机构)?$|^(?:发起|牵头|主办)",
    ),
    (
        "cooperating",
        r"(?:配合|参与|参加|协同|联合|协办|会同|成员).*(?:部门|单位)|^(?:配合|参与|协同|协办|联合)$",
    ),
    ("executing_unit", r"(?:实施|执行|检查|抽查|承办).*(?:部门|单位|机构)"),
    ("scope", r"对象|主体范围|抽查范围|检查范围|市场主体|经营主体|企业类型|被检查"),
    ("field", r"领域|行业|监管类别|业务条线"),
    ("batches", r"批次"),
    ("task_name", r"任务名|抽查任务|检查任务|^任务$|联合任务|任务内容"),
    ("plan_name", r"计划名|抽查计划|检查计划|工作计划|^计划$|^名称$"),
    ("items", r"事项|检查内容|抽查内容|检查项目|抽查项目|监管内容|^内容$|^项目$"),
    ("region", r"^(?:地市|地区|区域|辖区|县区|县市区|市县|行政区划|所属地区|属地|区县|州市|盟市)$"),
    ("department", r"^(?:部门|单位|抽查部门|检查部门|部门名称|单位名称)$"),
)
_PLAIN = str.maketrans("", "", " \t\r\n\u3000\xa0*＊:：")
# What makes a table of headings a plan: it says what is checked and how or by whom.
_WHAT = {"items", "task_name", "plan_name", "scope", "field"}
_HOW = {
    "ratio_frequency",
    "ratio",
    "sample_size",
    "frequency",
    "window",
    "lead",
    "cooperating",
    "methods",
    "targeting",
}


@dataclass(frozen=True)
class Headings:
    """A heading row as understood: field -> columns (0-based), the words, and how many rows it took."""

    columns: dict[str, tuple[int, ...]]
    words: tuple[str, ...]
    height: int
    printed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = field(default=())

    def first(self, name: str) -> int | None:
        """The first column of a field."""
        return self.columns[name][0] if name in self.columns else None


def heading_field(words: str) -> str | None:
    """The field a heading names, or None."""
    text = unicodedata.normalize("NFKC", words).translate(_PLAIN)
    text = re.sub(r"\(?单位[:：]?[%个家户]+\)?", "", text)
    if not text or len(text) > 40:
        return None
    # 事项类别(重点/一般检查事项): what stands in brackets explains, the words before it name.
    bare = re.sub(r"[(].*?[)]", "", text) or text
    for candidate in (bare, text):
        for name, rule in _RULES:
            if re.search(rule, candidate):
                return name
    return None


def read_headings(rows: Sequence[Sequence[Cell]], at: int) -> Headings | None:
    """The headings that begin at this row, over one or two rows; None if this is no heading row."""
    one = _headings([_clean(c.text) for c in rows[at]], 1, rows[at])
    two = None
    if at + 1 < len(rows) and _may_be_second_row(rows[at], rows[at + 1]):
        tops = _spread(rows[at], rows[at + 1])
        lows = [_clean(low.text) for low in rows[at + 1]]
        joined = [top if top == low else top + low for top, low in zip(tops, lows, strict=True)]
        two = _headings(joined, 2, rows[at])
    if two is not None and (one is None or len(two.columns) >= len(one.columns)):
        return two
    return one


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_PLAIN)


def _spread(top: Sequence[Cell], low: Sequence[Cell]) -> list[str]:
    """The upper words; in a file without merged cells a group heading reaches over the blanks to its right."""
    words: list[str] = []
    for at, (upper, lower) in enumerate(zip(top, low, strict=True)):
        word = _clean(upper.text)
        if not word and at and lower.printed.strip() and low[at - 1].printed.strip():
            word = words[-1]
        words.append(word)
    return words


def _may_be_second_row(top: Sequence[Cell], low: Sequence[Cell]) -> bool:
    """The lower half of split headings: short words under a heading, and cells merged from above."""
    words = [c.printed.strip() for c in low if c.printed.strip()]
    if sum(1 for c in top if c.printed.strip()) < 3 or max(c.width for c in top) > len(top) // 2:
        return False
    if not words or any(len(w) > 14 or re.search(r"\d", w) for w in words):
        return False
    if not all(t for t, w in zip(_spread(top, low), low, strict=True) if w.printed.strip()):
        return False
    recognised = sum(
        1 for w in words if heading_field(w) or w in ("名称", "类型", "部门", "事项", "比例", "单位")
    )
    return recognised * 2 >= len(words)


def _headings(words: Sequence[str], height: int, row: Sequence[Cell]) -> Headings | None:
    columns: dict[str, list[int]] = {}
    unknown = []
    for number, text in enumerate(words):
        if number and text and text == words[number - 1] and not row[number].own:
            continue  # one heading merged over several columns
        name = heading_field(text)
        if name is not None:
            columns.setdefault(name, []).append(number)
        elif text:
            unknown.append(text)
    names = set(columns)
    filled = [w for w in words if w]
    if len(names) < 3 or not names & _WHAT or not names & _HOW or any(len(w) > 40 for w in filled):
        return None
    if len(unknown) > len(filled) // 2 or any(re.search(r"\d+%|\d月", w) for w in filled):
        return None
    _settle(columns)
    return Headings(
        {name: tuple(numbers) for name, numbers in columns.items()},
        tuple(words),
        height,
        tuple(c.text for c in row),
        tuple(unknown),
    )


def _settle(columns: dict[str, list[int]]) -> None:
    """Give words that fit two fields the one that is still free."""
    if "ratio_frequency" in columns and ("ratio" in columns or "frequency" in columns):
        columns.setdefault("ratio", []).extend(columns.pop("ratio_frequency"))
    if "lead" not in columns and "executing_unit" in columns:
        columns["lead"] = columns.pop("executing_unit")
    if "lead" not in columns and "department" in columns:
        columns["lead"] = columns.pop("department")
