"""Does a year's plan meet what the region's rules ask? Each figure names its target, whose words it is, and its rows. Pure.

What no notice asks is told all the same, for reference only: it is never missed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from onevisit.plans.rules import by_month
from onevisit.plans.terms import Indicator, Verdict

# Ours, not the notices': they ask for balance and against a rush without a number. Even months have 1.0 and a
# quarter has 25 %; twice the mean, and four tenths in the last quarter, are what a reader of the chart calls a peak.
PEAK_TIMES = 2.0
FOURTH_PERCENT = 40
_SECTORS = {
    "市场监管": r"市场监|工商", "生态环境": r"生态环境|环保|环境保护", "交通运输": r"交通|交运", "农业农村": r"农业|农牧|农村",
    "文化和旅游": r"文.{0,4}旅", "发展改革": r"发展?和?改革?", "教育": r"教育|教体|教科", "公安": r"公安", "商务": r"商务",
    "人力资源社会保障": r"人力资源|人社", "住房城乡建设": r"住房|住建", "卫生健康": r"卫生|卫健|卫计", "应急": r"应急",
    "税务": r"税务",
}  # fmt: skip


class Carrying(NamedTuple):
    """One carrying-out of a row and how many visits it will make."""

    start: date
    end: date
    visits: int


@dataclass(frozen=True)
class Row:
    """A row of the plan as far as its compliance goes."""

    id: str
    no: str
    name: str
    lead: str | None
    cooperating: tuple[str, ...] = ()
    carryings: tuple[Carrying, ...] = ()
    task_name: str = ""
    tier: str | None = None
    methods: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()
    unlisted: int = 0
    near: int = 0
    risk: str = "none"
    kinds: frozenset[str] = frozenset()
    scope_open: bool = False
    asked: bool = False
    window_open: bool = False
    ratio_open: bool = False

    @property
    def visits(self) -> int:
        """Visits of the year."""
        return sum(one.visits for one in self.carryings)

    @property
    def joint(self) -> bool:
        """Do several departments go?"""
        return bool(self.cooperating)


class ListedItem(NamedTuple):
    """An item in force."""

    id: str
    name: str
    department: str
    joint: bool


class Rule(NamedTuple):
    """A value of the region's profile with its sentence."""

    value: Any = None
    sentence: str | None = None
    from_notice: bool = False


@dataclass(frozen=True)
class Year:
    """The plan and what it is held against."""

    rows: tuple[Row, ...]
    rules: Mapping[str, Rule]
    year: int
    complete_by: date | None = None
    items: tuple[ListedItem, ...] = ()
    departments: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    kind_labels: Mapping[str, str] = field(default_factory=dict)
    earlier_joint_percent: int | None = None

    def rule(self, key: str) -> Rule:
        """The region's rule, or nothing."""
        return self.rules.get(key, Rule())


class Behind(NamedTuple):
    """What stands behind a figure: a row of the plan, an item, a department, a kind of subject."""

    kind: str
    id: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure: `value` of `of` (None: a plain number), against its target, and what stands behind it."""

    indicator: Indicator
    value: int
    of: int | None
    verdict: Verdict
    target: str = ""
    sentence: str | None = None
    from_notice: bool = False
    note: str = ""
    behind: tuple[Behind, ...] = ()
    ours: bool = False  # the number of the target is this system's, no notice's

    @property
    def percent(self) -> int | None:
        """The share, rounded down: 79.9 % is not 80."""
        return self.value * 100 // self.of if self.of else None


def figures(year: Year) -> list[Figure]:
    """Every figure of the page, in its order."""
    return [one for make in _FIGURES for one in make(year)]


def months(year: Year) -> list[dict[str, Any]]:
    """Visits of each month of the year, and how many carryings-out end in it."""
    there = {f"{year.year}-{month:02d}": [0, 0] for month in range(1, 13)}
    for row in year.rows:
        for one in row.carryings:
            for month, count in by_month(one.visits, one.start, one.end).items():
                there.setdefault(month, [0, 0])[0] += count
            there.setdefault(f"{one.end.year}-{one.end.month:02d}", [0, 0])[1] += 1
    return [
        {"month": name, "visits": visits, "tasks": tasks} for name, (visits, tasks) in sorted(there.items())
    ]


def _judged(met: bool, rule: Rule, asked: bool = True) -> Verdict:
    """Only a notice's own rule can be missed."""
    if not rule.from_notice or not asked:
        return Verdict.REFERENCE
    return Verdict.MET if met else Verdict.MISSED


def _balance(year: Year) -> Iterable[Figure]:
    rule = year.rule("plan.monthly_balance")
    there = months(year)
    total, last = sum(one["visits"] for one in there), (year.complete_by.month if year.complete_by else 12)
    busiest = max(there, key=lambda one: one["visits"], default=None)
    if not total or busiest is None:
        yield Figure(
            Indicator.BALANCE,
            0,
            None,
            Verdict.REFERENCE,
            sentence=rule.sentence,
            note="还没有可推算的上门次数",
        )
        return
    times = round(busiest["visits"] * last / total, 1)
    month = int(busiest["month"][5:])
    behind = _in_months(year, {busiest["month"]})
    yield Figure(
        Indicator.BALANCE, busiest["visits"], None, _judged(times <= PEAK_TIMES, rule, bool(rule.value)),
        f"最多的月份不超过月均的 {PEAK_TIMES:g} 倍", rule.sentence, rule.from_notice,
        f"{month} 月最多，{busiest['visits']} 次，是月均 {round(total / last)} 次的 {times:g} 倍", behind, ours=True,
    )  # fmt: skip


def _in_months(year: Year, wanted: set[str]) -> tuple[Behind, ...]:
    found = []
    for row in year.rows:
        count = sum(
            visits
            for one in row.carryings
            for month, visits in by_month(one.visits, one.start, one.end).items()
            if month in wanted
        )
        if count:
            found.append((count, Behind("entry", row.id, _named(row), f"{count} 次")))
    return tuple(one for _, one in sorted(found, key=lambda pair: -pair[0]))


def _named(row: Row) -> str:
    return f"{row.no}　{row.name}"


def _fourth(year: Year) -> Iterable[Figure]:
    rule = year.rule("plan.no_fourth_quarter_rush")
    there = months(year)
    total = sum(one["visits"] for one in there)
    late = {f"{year.year}-{month}" for month in (10, 11, 12)}
    fourth = sum(one["visits"] for one in there if one["month"] in late)
    met = fourth * 100 <= FOURTH_PERCENT * total
    yield Figure(
        Indicator.FOURTH_QUARTER, fourth, total, _judged(met, rule, bool(rule.value)), f"不超过 {FOURTH_PERCENT}%",
        rule.sentence, rule.from_notice, "", _in_months(year, late), ours=True,
    )  # fmt: skip


def _past_end(year: Year) -> Iterable[Figure]:
    rule = year.rule("plan.complete_by")
    end = year.complete_by
    late = [row for row in year.rows if end and any(one.end > end for one in row.carryings)]
    behind = tuple(
        Behind("entry", row.id, _named(row), f"排到 {max(one.end for one in row.carryings):%-m月%-d日}")
        for row in late
    )
    target = f"{end:%-m月%-d日}前全部结束" if end else "通知没有规定完成时间"
    yield Figure(
        Indicator.PAST_END, len(late), None, _judged(not late, rule, end is not None), target, rule.sentence,
        rule.from_notice, "", behind,
    )  # fmt: skip


def _coverage(
    indicator: Indicator, missing: Sequence[Behind], whole: int, rule: Rule, least: int | None, note: str = ""
) -> Figure:
    have = whole - len(missing)
    met = least is not None and have * 100 >= least * whole
    target = f"不低于 {least}%" if least is not None and least < 100 else "全部" if least else ""
    return Figure(
        indicator, have, whole, _judged(met, rule, least is not None and whole > 0), target, rule.sentence,
        rule.from_notice and least is not None, note, tuple(missing),
    )  # fmt: skip


def _items(year: Year) -> Iterable[Figure]:
    planned = {one for row in year.rows for one in row.item_ids}
    joint = [one for one in year.items if one.joint]

    def lacking(listed: Iterable[ListedItem]) -> list[Behind]:
        return [
            Behind("item", one.id, one.name, year.departments.get(one.department, ""))
            for one in listed
            if one.id not in planned
        ]

    rule = year.rule("kpis.item_coverage_min_percent")
    yield _coverage(Indicator.ITEM_COVERAGE, lacking(year.items), len(year.items), rule, rule.value)
    rule = year.rule("kpis.department_coverage")
    together = {one for row in year.rows if row.joint for one in row.item_ids}
    missing = [
        Behind("item", one.id, one.name, year.departments.get(one.department, ""))
        for one in joint
        if one.id not in together
    ]
    yield _coverage(
        Indicator.JOINT_ITEMS, missing, len(joint), rule, (rule.value or {}).get("joint_items_percent")
    )


def _departments(year: Year) -> Iterable[Figure]:
    rule = year.rule("kpis.department_coverage")
    taking_part = {one for row in year.rows for one in (row.lead, *row.cooperating)}
    missing = [
        Behind("department", ident, name, "没有发起，也没有配合")
        for ident, name in year.departments.items()
        if ident not in taking_part
    ]
    least = (rule.value or {}).get("departments_percent")
    yield _coverage(Indicator.DEPARTMENT_COVERAGE, missing, len(year.departments), rule, least)
    reached = frozenset().union(*(row.kinds for row in year.rows)) if year.rows else frozenset()
    kinds = [
        Behind("subject_kind", kind, year.kind_labels.get(kind, kind), f"名录库有 {count} 户")
        for kind, count in year.kinds.items()
        if kind not in reached
    ]
    every = 100 if (rule.value or {}).get("subject_kinds") == "all" else None
    yield _coverage(Indicator.SUBJECT_KINDS, kinds, len(year.kinds), rule, every)


def of_sector(department: str, sector: str) -> bool:
    """Is 县文体旅游广电局 the office of 文化和旅游? By what the words of a sector have in common in office names."""
    return bool(re.search(_SECTORS.get(sector, re.escape(sector)), department))


def _duties(year: Year) -> Iterable[Figure]:
    """S2 art. 9: five kinds of departments initiate a joint check every year, nine initiate or join one."""
    rule = year.rule("plan.duty_to_initiate")
    leads = {row.lead for row in year.rows if row.joint}
    joins = leads | {one for row in year.rows if row.joint for one in row.cooperating}
    for indicator, key, done in (
        (Indicator.DUTY_TO_INITIATE, "initiate_at_least_once", leads),
        (Indicator.DUTY_TO_JOIN, "initiate_or_join_at_least_once", joins),
    ):
        sectors = (rule.value or {}).get(key) or ()
        bound = {
            ident: name
            for ident, name in year.departments.items()
            if any(of_sector(name, one) for one in sectors)
        }
        missing = [Behind("department", ident, name) for ident, name in bound.items() if ident not in done]
        without = [
            one for one in sectors if not any(of_sector(name, one) for name in year.departments.values())
        ]
        note = f"本地区没有{'、'.join(without)}部门" if without and sectors else ""
        if sectors:
            yield _coverage(indicator, missing, len(bound), rule, 100, note)
    if not rule.value:
        missing = [
            Behind("department", ident, name)
            for ident, name in year.departments.items()
            if ident not in leads
        ]
        yield _coverage(Indicator.DUTY_TO_INITIATE, missing, len(year.departments), rule, None)


def _risk(year: Year) -> Iterable[Figure]:
    """S3: rows that say 不涉及 are left out of the base."""
    rule = year.rule("kpis.risk_use_min_percent")
    base = [row for row in year.rows if row.risk != "not_concerned"]
    missing = [Behind("entry", row.id, _named(row)) for row in base if row.risk != "used"]
    left_out = len(year.rows) - len(base)
    yield _coverage(
        Indicator.RISK_USE,
        missing,
        len(base),
        rule,
        rule.value,
        f"{left_out} 项“不涉及”未计入" if left_out else "",
    )


def _joint(year: Year) -> Iterable[Figure]:
    rule = year.rule("kpis.joint_share")
    joint = [row for row in year.rows if row.joint]
    alone = tuple(Behind("entry", row.id, _named(row), "没有配合部门") for row in year.rows if not row.joint)
    before = year.earlier_joint_percent
    percent = len(joint) * 100 // len(year.rows) if year.rows else 0
    yield Figure(
        Indicator.JOINT_SHARE, len(joint), len(year.rows),
        _judged(before is not None and percent >= before, rule, before is not None and rule.value == "rising"),
        f"高于上年的 {before}%" if before is not None else "逐年提高", rule.sentence, rule.from_notice,
        "" if before is not None else "没有上年的计划可比", alone,
    )  # fmt: skip
    visits = sum(row.visits for row in year.rows)
    parts = sum(row.visits * (1 + len(row.cooperating)) for row in year.rows)
    saved = tuple(
        Behind(
            "entry",
            row.id,
            _named(row),
            f"{row.visits} 次上门，{row.visits * (1 + len(row.cooperating))} 个部门部分",
        )
        for row in sorted(year.rows, key=lambda row: -row.visits * len(row.cooperating))
        if row.visits and row.cooperating
    )
    yield Figure(
        Indicator.ENTRIES_SAVED, parts - visits, None, Verdict.REFERENCE,
        note=f"{parts} 个部门部分并成 {visits} 次上门", behind=saved,
    )  # fmt: skip


def _uniform(year: Year) -> Iterable[Figure]:
    """Rows of one task: 检查主体层级、检查方式基本一致 (S4)."""
    rule = year.rule("plan.same_tier_and_method")
    by_task: dict[str, list[Row]] = {}
    for row in year.rows:
        by_task.setdefault(row.task_name or row.name, []).append(row)
    behind: list[Behind] = []
    unlike = 0
    for rows in by_task.values():
        tiers = {row.tier for row in rows if row.tier}
        methods = {row.methods for row in rows if row.methods}
        if len(rows) < 2 or (len(tiers) < 2 and len(methods) < 2):
            continue
        unlike += 1
        words = "层级不同" if len(tiers) > 1 else ""
        words += ("，" if words else "") + "方式不同" if len(methods) > 1 else ""
        behind += [Behind("entry", row.id, _named(row), words) for row in rows]
    yield Figure(
        Indicator.UNIFORM, unlike, None, _judged(not unlike, rule, bool(rule.value)), "同一任务层级、方式基本一致",
        rule.sentence, rule.from_notice, "", tuple(behind),
    )  # fmt: skip


def lists_bind(rules: Mapping[str, Rule]) -> bool:
    """Must an item stand on the public list before it is planned (S2 art. 2, S4)?"""
    public = rules.get("items.public", Rule())
    return public.from_notice and bool(
        (public.value or {}).get("own_list") or (public.value or {}).get("joint_list")
    )


def _open(year: Year) -> Iterable[Figure]:
    rule = year.rule("items.public")
    off = [row for row in year.rows if row.unlisted or row.near]
    behind = tuple(
        Behind("entry", row.id, _named(row), "，".join(filter(None, (
            f"{row.unlisted} 项不在清单" if row.unlisted else "", f"{row.near} 项相近待确认" if row.near else ""))))
        for row in off
    )  # fmt: skip
    count = sum(row.unlisted + row.near for row in off)
    yield Figure(
        Indicator.NOT_ON_LIST, count, None, _judged(not off, rule, lists_bind(year.rules)), "计划的事项都在清单上",
        rule.sentence, rule.from_notice and lists_bind(year.rules), "", behind,
    )  # fmt: skip
    for indicator, holds in _OPEN:
        rows = [row for row in year.rows if holds(row)]
        yield Figure(
            indicator, len(rows), None, Verdict.REFERENCE,
            behind=tuple(Behind("entry", row.id, _named(row)) for row in rows),
        )  # fmt: skip


_OPEN: tuple[tuple[Indicator, Callable[[Row], bool]], ...] = (
    (Indicator.SCOPE_OPEN, lambda row: row.scope_open),
    (Indicator.ASKED, lambda row: row.asked),
    (Indicator.RATIO_OPEN, lambda row: row.ratio_open or row.window_open),
)
_FIGURES: tuple[Callable[[Year], Iterable[Figure]], ...] = (
    _balance, _fourth, _past_end, _items, _departments, _duties, _risk, _joint, _uniform, _open,
)  # fmt: skip
