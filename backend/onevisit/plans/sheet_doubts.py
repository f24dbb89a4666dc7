"""What about the table as a whole, and each task against the others, should somebody look at?"""

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from onevisit.plans.sheet_doubts_offices import doubt_offices
from onevisit.plans.sheet_doubts_rows import doubt_neighbours
from onevisit.plans.sheet_doubts_words import doubt_words
from onevisit.plans.sheet_draft import Setting, Task
from onevisit.plans.sheet_notice import Notice
from onevisit.plans.sheet_rows import Gathered

Doubts = list[tuple[str, str]]


def doubts_of_plan(gathered: Gathered, tasks: Sequence[Task], notice: Notice, setting: Setting) -> Doubts:
    """Doubts that hold for the whole file."""
    doubts: Doubts = [*gathered.doubts, *notice.doubts]
    doubts += _headings(gathered)
    doubts += _numbers(tasks)
    doubts += _columns(gathered, tasks)
    doubts += _against_notice(tasks, notice)
    if setting.year is None:
        doubts.append(("plan_year_missing", "标题和文件名都没有年份，请先选择计划年度"))
    if setting.region is None:
        doubts.append(("region_missing", "标题没有行政区划，请先选择地区"))
    if gathered.footnote and "不定项" in gathered.footnote:
        doubts.append(("footnote_typo", "填表说明里“不定项”疑为“不定向”"))
    return doubts


def doubts_of_tasks(tasks: Sequence[Task], gathered: Gathered, setting: Setting) -> None:
    """Add to each task what shows only beside its plan name, its neighbours and the whole table."""
    doubt_offices(tasks, setting)
    doubt_words(tasks, setting)
    doubt_neighbours(tasks, setting)
    _first_number(tasks)
    _separators(tasks)
    _years(tasks)


def _headings(gathered: Gathered) -> Doubts:
    headings = gathered.headings
    if headings is None:
        return []
    doubts: Doubts = []
    if headings.height == 2:
        doubts.append(("two_row_header", "表头分成上下两行，已合起来读"))
    twice = [words for words, n in Counter(headings.words).items() if words and n > 1]
    if twice:
        doubts.append(("duplicate_heading", f"表头“{'、'.join(twice)}”出现两次，两列互相核对"))
    blank = [w.strip() for w in headings.printed if w[:1].isspace() and w.strip()]
    if blank:
        doubts.append(("leading_blanks", f"表头“{'、'.join(blank)}”前有空格"))
    if headings.unknown:
        doubts.append(("heading_unknown", f"不认识的表头：{'、'.join(headings.unknown)}；这些列没有读入"))
    return doubts


def _runs(tasks: Sequence[Task]) -> list[list[int]]:
    """The numbers of the tasks; a further sheet or table that begins at 1 again counts by itself."""
    runs: list[list[int]] = [[]]
    sheet = None
    for task in tasks:
        if task["seq"] is None:
            continue
        here = task["provenance"]["seq"]["sheet"]
        if runs[-1] and here != sheet and task["seq"] == 1:
            runs.append([])
        runs[-1].append(task["seq"])
        sheet = here
    return [run for run in runs if run]


def _numbers(tasks: Sequence[Task]) -> Doubts:
    doubts: Doubts = []
    for numbers in _runs(tasks):
        missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
        if missing:
            doubts.append(("seq_gap", f"表从序号 {numbers[0]} 开始或中间有缺，缺 {_ranges(missing)}"))
        twice = sorted(n for n, times in Counter(numbers).items() if times > 1)
        if twice:
            doubts.append(("seq_repeated", f"序号 {_ranges(twice)} 出现不止一次，请核对"))
    return doubts


def _ranges(numbers: Sequence[int]) -> str:
    """1-4、7."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return "、".join(str(a) if a == b else f"{a}-{b}" for a, b in runs)


def _columns(gathered: Gathered, tasks: Sequence[Task]) -> Doubts:
    columns = gathered.headings.columns if gathered.headings else {}
    doubts: Doubts = []
    if "field" not in columns and not any(t["field"] for t in tasks):
        doubts.append(("field_missing", "没有“抽查领域”一列"))
    if "methods" not in columns:
        doubts.append(("method_missing", "没有“检查方式”一列"))
    if not any(t["frequency"] for t in tasks):
        doubts.append(("frequency_missing", "没有写抽查频次；每行在其时间内抽取一次"))
    attributed = any(
        item["department"] not in (t["lead_department"], None) or t["lead_listed"]
        for t in tasks
        for item in t["items"]
    )
    if not attributed and any(t["cooperating_departments"] for t in tasks):
        doubts.append(("items_not_attributed", "事项没有分到部门，都先记在发起部门名下，请在派发前分配"))
    if "tier" not in columns and any(t["mode"] for t in tasks):
        doubts.append(("tier_derived", f"没有“检查主体”一列，由抽查模式推得层级“{tasks[0]['tier']}”"))
    separators = {mark for t in tasks if (mark := _separator(t, fold=False))}
    if len(separators) > 1:
        shown = "、".join(f"“{s}”" for s in sorted(separators))
        doubts.append(("ratio_separator", f"比例与频次之间的分隔符有 {len(separators)} 种：{shown}"))
    risks = {raw.text("risk").strip() for raw in gathered.tasks} - {""}
    plain = {re.sub(r"[\s,，]", "", r) for r in risks}
    if len(risks) > len(plain):
        doubts.append(("risk_text_varies", f"同一句风险分类要求有 {len(risks)} 种标点写法"))
    return doubts


def _against_notice(tasks: Sequence[Task], notice: Notice) -> Doubts:
    windows = [t["window"] for t in tasks if t["window"]]
    doubts: Doubts = []
    if notice.deadline and windows:
        late = max(w["end"] for w in windows)
        if late > notice.deadline.isoformat():
            words = f"抽查时间最晚到 {late}，通知要求 {notice.deadline.isoformat()} 前完成"
            doubts.append(("window_past_deadline", f"{words}；以较早者为准"))
    if notice.issued and windows:
        early = min(w["start"] for w in windows)
        if dt.date.fromisoformat(early) < notice.issued:
            doubts.append(
                (
                    "window_before_notice",
                    f"抽查时间最早从 {early} 起，通知 {notice.issued.isoformat()} 才印发",
                )
            )
    return doubts


def _first_number(tasks: Sequence[Task]) -> None:
    first = tasks[0]
    if first["seq"] is not None and first["seq"] > 1:
        first["problems"].append(("seq_gap", f"表从序号 {first['seq']} 开始，没有 1-{first['seq'] - 1}"))


def _separator(task: Task, fold: bool = True) -> str | None:
    """What stands between 5% and 1次/年; folded to one width where only the kind counts."""
    found = re.search(r"%[^\d%]*?([:：;；,，、/]|\s)\s*(?:抽查)?\d+\s*次?", task["ratio_raw"] or "")
    if found is None:
        return None
    return unicodedata.normalize("NFKC", found[1]) if fold else found[1]


def _separators(tasks: Sequence[Task]) -> None:
    """Tell a new kind of separator where it first shows."""
    seen: set[str] = set()
    for task in tasks:
        mark = _separator(task)
        if mark and mark not in seen:
            if seen:
                shown = "空格" if mark.isspace() else f"“{mark}”"
                task["problems"].append(("ratio_separator", f"比例与频次之间用{shown}，与前面不同"))
            seen.add(mark)


def _years(tasks: Sequence[Task]) -> None:
    """A month without its year stands out only where other rows write the year."""
    named = [bool(re.search(r"20\d\d", t["window_raw"] or "")) for t in tasks]
    if sum(named) * 2 < len(tasks):
        return
    for task, has_year in zip(tasks, named, strict=True):
        if not has_year and task["window_raw"] and task["window"]:
            raw = task["window_raw"].strip()
            task["problems"].append(("year_missing", f"“{raw}”没有写年份，按计划年度读"))
