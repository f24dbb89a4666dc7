"""Which column holds what? Reads the heading rows of a plan table, in any order and wording."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from onevisit.plans.sheet_cells import is_method
from onevisit.plans.sheet_grid import Cell

MOST_ROWS = 4
# Order matters: the first rule that fits names the column, so the narrow words stand before the wide ones.
_RULES: tuple[tuple[str, str], ...] = (
    ("seq", r"^(?:序号|编号|序|号|No\.?|项次|任务序号|计划序号)$"),
    ("plan_no", r"(?:计划|任务|文件)编[号码]|^文号$"),
    ("remark", r"备注|说明$"),
    ("ratio_frequency", r"(?:比例|比率|抽查率|数量).*(?:频|次数|次)|频[次率].*(?:比例|比率)"),
    # Written as it is spoken: 查谁、查什么、抽多少、怎么查、什么时候查.
    ("scope", r"^(?:抽|检)?查(?:谁|哪些(?:单位|企业|对象|主体))$|^范围$"),
    ("lead", r"^(?:由?谁|哪家)(?:来|去)?(?:查|牵头|发起)$"),
    ("items", r"^(?:抽|检)?查(?:什么|啥|哪些)(?:内容|事项)?$"),
    ("ratio", r"^(?:抽|查|抽查)多少$"),
    ("frequency", r"^(?:一年|全年)?(?:抽|查|抽查)?几[次回]$"),
    ("methods", r"^(?:怎么|如何|怎样)(?:抽|检)?查$"),
    ("window", r"^(?:什么|啥)时[候间]?(?:抽|检)?查?$|^何时(?:抽|检)?查?$"),
    ("items", r"^(?:抽查|检查|监管)?(?:事项|内容|项目)[及和与、/](?:法律|法规|执法|检查)?依据$"),
    ("basis", r"依据"),
    ("origin", r"来源"),
    ("area", r"(?:抽查|检查|实施)(?:区域|地域|地区)"),
    ("total", r"总数|基数|库内?数|^(?:计划)?年[度份]$|计划年[度份]"),
    (
        "sample_size",
        r"(?:抽取|抽查|检查|拟抽|拟查|计划|样本|对象|主体).*(?:(?<!次)数量?|户数|家数)$|^(?:户数|家数|数量)$",
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
        r"(?:发起|牵头|主办|主查|组织|主责|责任|牵头发起).*(?:部门|单位|科室|机构|分工)?$|^(?:发起|牵头|主办)|分工$",
    ),
    (
        "cooperating",
        r"(?:配合|参与|参加|协同|联合|协办|会同|成员).*(?:部门|单位)|^(?:配合|参与|协同|协办|联合)$",
    ),
    ("executing_unit", r"(?:实施|执行|检查|抽查|承办).*(?:部门|单位|机构)"),
    ("scope", r"对象|主体范围|抽查范围|检查范围|市场主体|经营主体|企业类型|被检查"),
    ("field", r"领域|行业|监管类别|业务条线"),
    ("batches", r"批次"),
    ("task_name", r"任务名|抽查任务|检查任务|^任务$|联合任务|任务内容|^(?:抽查|检查)(?:工作)?名称$"),
    ("plan_name", r"计划名|抽查计划|检查计划|工作计划|^计划$|^名称$"),
    ("items", r"事项|检查内容|抽查内容|检查项目|抽查项目|监管内容|^内容$|^项目$"),
    ("region", r"^(?:地市|地区|区域|辖区|县区|县市区|市县|行政区划|所属地区|属地|区县|州市|盟市)$"),
    ("department", r"^(?:部门|单位|抽查部门|检查部门|部门名称|单位名称)$"),
)
_PLAIN = str.maketrans("", "", " \t\r\n\u3000\xa0*＊:：①②③④⑤⑥⑦⑧⑨")
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
# A table that names none of these lists items or subjects: it says what may be checked, not what will be.
_PLANNED = _HOW - {"methods", "targeting"}
# Under a group heading these words say nothing alone: 任务 over 名称.
_GENERIC = {"名称", "类型", "部门", "单位", "比例", "数量", "时间", "类别", "项目", "内容", "性质", "范围"}
_MONTH = re.compile(r"(\d{1,2})月份?")
_QUARTER = re.compile(r"第?[一二三四1-4]季度")

IsOffice = Callable[[str], bool]
Learnt = Mapping[str, str]


@dataclass(frozen=True)
class Headings:
    """A heading row as understood: field -> columns (0-based), the words, and how many rows it took.

    `ticks` are columns whose heading is itself the answer, ticked below: a month, a method, an office.
    """

    columns: dict[str, tuple[int, ...]]
    words: tuple[str, ...]
    height: int
    printed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = field(default=())
    ticks: dict[int, tuple[str, str]] = field(default_factory=dict)

    def first(self, name: str) -> int | None:
        """The first column of a field."""
        return self.columns[name][0] if name in self.columns else None

    def field_at(self, column: int) -> str | None:
        """What a column holds."""
        if column in self.ticks:
            return {"office": "cooperating"}.get(self.ticks[column][0], self.ticks[column][0])
        return next((name for name, columns in self.columns.items() if column in columns), None)

    @property
    def plans(self) -> bool:
        """Whether the table says how much, when or by whom."""
        return bool(set(self.columns) & _PLANNED or self.ticks)


def heading_key(words: str) -> str:
    """A heading in one width, without blanks, marks of obligation and footnote signs."""
    return unicodedata.normalize("NFKC", words.translate(_PLAIN)).translate(_PLAIN)


def heading_field(words: str, learnt: Learnt | None = None) -> str | None:
    """The field a heading names, or None; what an office has taught goes before the rules."""
    text = heading_key(words)
    if learnt and text in learnt:
        return learnt[text]
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


def read_headings(
    rows: Sequence[Sequence[Cell]],
    at: int,
    *,
    learnt: Learnt | None = None,
    is_office: IsOffice | None = None,
) -> Headings | None:
    """The headings that begin at this row, over one to four rows; None if this is no heading row."""
    is_office = is_office or (lambda _: False)
    best = _headings([(heading_key(c.text),) for c in rows[at]], 1, rows[at], learnt, is_office)
    # Under a row that is a title or a task no heading goes on.
    stacked = [[heading_key(c.text)] if heading_key(c.text) else [] for c in rows[at]]
    for height in range(2, min(MOST_ROWS, len(rows) - at) + 1):
        upper, lower = rows[at : at + height - 1], rows[at + height - 1]
        if not _may_go_on(upper, lower, learnt, is_office):
            break
        _stack(stacked, upper[-1], lower)
        more = _headings([tuple(words) for words in stacked], height, rows[at], learnt, is_office)
        if more is not None and (best is None or _weight(more) >= _weight(best)):
            best = more
    return best


def _weight(headings: Headings) -> int:
    return len(headings.columns) + len(headings.ticks)


def _stack(stacked: list[list[str]], above: Sequence[Cell], lower: Sequence[Cell]) -> None:
    """Put the lower words under the upper; a group heading reaches over the blanks to its right."""
    spread = _spread(above, lower)
    for at, (words, low) in enumerate(zip(stacked, lower, strict=True)):
        if not words and spread[at]:
            words.append(spread[at])
        low_words = heading_key(low.text)
        if low_words and (not words or words[-1] != low_words):
            words.append(low_words)


def _spread(top: Sequence[Cell], low: Sequence[Cell]) -> list[str]:
    words: list[str] = []
    for at, (upper, lower) in enumerate(zip(top, low, strict=True)):
        word = heading_key(upper.text)
        if not word and at and lower.printed.strip() and low[at - 1].printed.strip():
            word = words[-1]
        words.append(word)
    return words


def _may_go_on(
    upper: Sequence[Sequence[Cell]], low: Sequence[Cell], learnt: Learnt | None, is_office: IsOffice
) -> bool:
    """The lower part of split headings: short words under a heading, and cells merged from above."""
    top = upper[0]
    words = [c.printed.strip() for c in low if c.printed.strip()]
    plain = [heading_key(w) for w in words]
    if sum(1 for c in top if c.printed.strip()) < 3 or len(words) < 2:
        return False
    if any(re.match(r"[(]?[一二三四五六七八九十]{1,3}[)、.]", w) for w in plain):
        return False  # a group of tasks
    answers = [_answer(w, is_office) for w in plain]
    kinds = [answer[0] for answer in answers if answer]
    answers = [answer if answer and kinds.count(answer[0]) > 1 else None for answer in answers]
    if not words or any(
        len(w) > 14 or (re.search(r"\d", w) and not answer) for w, answer in zip(plain, answers, strict=True)
    ):
        return False
    if len(upper) == 1 and not all(
        t for t, c in zip(_spread(top, low), low, strict=True) if c.printed.strip()
    ):
        return False
    known = sum(
        1
        for w, answer in zip(plain, answers, strict=True)
        if answer or heading_field(w, learnt) or w in _GENERIC or re.search(r"^(?:开始|结束|起|止)$", w)
    )
    return known * 2 >= len(words) and not (len(plain) < 3 and any(map(is_office, plain)))


def _answer(word: str, is_office: IsOffice) -> tuple[str, str] | None:
    """A heading that is itself an answer: a month, a quarter, a method, an office."""
    if _MONTH.fullmatch(word) or _QUARTER.fullmatch(word):
        return "window", word
    if is_method(word):
        return "methods", word
    if len(word) > 2 and is_office(word):
        return "office", word
    return None


def _ticks(
    stacked: Sequence[tuple[str, ...]], learnt: Learnt | None, is_office: IsOffice
) -> dict[int, tuple[str, str]]:
    """Months, quarters, methods and offices that head columns of their own: two of a kind at least."""
    found: dict[int, tuple[str, str]] = {}
    for at, words in enumerate(stacked):
        if not words or heading_key(words[-1]) in (learnt or {}):
            continue
        answer = _answer(words[-1], is_office)
        if answer is None or (answer[0] == "methods" and heading_field(words[0], learnt) != "methods"):
            continue
        if answer[0] == "methods" and len(words) < 2:
            continue
        found[at] = answer
    kinds = [kind for kind, _ in found.values()]
    return {at: answer for at, answer in found.items() if kinds.count(answer[0]) > 1}


def _field_of(words: tuple[str, ...], learnt: Learnt | None) -> str | None:
    """The lowest word names the column; where it says nothing alone, with the words above it."""
    if not words:
        return None
    low = words[-1]
    if len(words) > 1 and low not in _GENERIC:
        name = heading_field(low, learnt)
        if name is not None:
            return name
    for start in range(len(words) - 1, -1, -1):
        name = heading_field("".join(words[start:]), learnt)
        if name is not None and not (len(words) - start == 1 and low in _GENERIC and len(words) > 1):
            return name
    return None


def _headings(
    stacked: Sequence[tuple[str, ...]],
    height: int,
    row: Sequence[Cell],
    learnt: Learnt | None,
    is_office: IsOffice,
) -> Headings | None:
    columns: dict[str, list[int]] = {}
    unknown = []
    ticks = _ticks(stacked, learnt, is_office)
    joined = ["".join(words) for words in stacked]
    for number, text in enumerate(joined):
        if number in ticks:
            continue
        if number and text and text == joined[number - 1] and not row[number].own:
            continue  # one heading merged over several columns
        name = _field_of(stacked[number], learnt)
        if name is not None:
            columns.setdefault(name, []).append(number)
        elif text:
            unknown.append(text)
    columns.pop("ignore", None)
    names = set(columns) | {
        "methods" if k == "methods" else "window" for k, _ in ticks.values() if k != "office"
    }
    filled = [w for at, w in enumerate(joined) if w and at not in ticks]
    if len(names) < 3 or not names & _WHAT or not names & _HOW or any(len(w) > 40 for w in filled):
        return None
    if len(unknown) > len(filled) // 2 or any(re.search(r"\d+%|\d月", w) for w in filled):
        return None
    _settle(columns, ticks)
    return Headings(
        {name: tuple(numbers) for name, numbers in columns.items()},
        tuple(joined),
        height,
        tuple(c.text for c in row),
        tuple(unknown),
        ticks,
    )


def _settle(columns: dict[str, list[int]], ticks: dict[int, tuple[str, str]]) -> None:
    """Give words that fit two fields the one that is still free."""
    if "ratio_frequency" in columns and ("ratio" in columns or "frequency" in columns):
        columns.setdefault("ratio", []).extend(columns.pop("ratio_frequency"))
    if any(kind == "office" for kind, _ in ticks.values()):
        return
    for name in ("executing_unit", "department"):
        if name not in columns or "item_department" in columns:
            continue
        # With no column for those who take part, a column of offices says who checks the row's item.
        if "lead" not in columns:
            columns["lead"] = columns.pop(name)
            if "cooperating" not in columns:
                columns["item_department"] = columns["lead"]
        elif "cooperating" not in columns:
            columns["item_department"] = columns.pop(name)


def heading_cells(
    headings: Headings, rows: Sequence[Sequence[Cell]], at: int
) -> Iterator[tuple[Cell, str | None]]:
    """Every printed cell of the heading rows with the field of its column; group headings have none below."""
    for depth in range(headings.height):
        for column, cell in enumerate(rows[at + depth]):
            if cell.printed.strip() and cell.width <= max(1, len(rows[at]) // 2):
                yield cell, headings.field_at(column)
