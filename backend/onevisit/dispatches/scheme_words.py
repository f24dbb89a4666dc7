"""What does a scheme say before anybody has written a word: the task's own facts as sentences. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

FIELDS = ("content", "times", "methods", "requirements")


@dataclass(frozen=True)
class SchemeWords:
    """The four things a scheme fixes: content, time, method, requirements (S2 art. 12, S3)."""

    content: str
    times: str
    methods: str
    requirements: str


@dataclass(frozen=True)
class SchemeFactsOf:
    """What the task and the region's rules say."""

    scope: str
    ratio: str | None
    departments: Sequence[tuple[str, Sequence[str]]]
    first: date
    last: date
    due: date
    methods: Sequence[str]
    per_part: int
    entry_days: int | None
    publication_days: int | None
    sensitive: bool = False


def proposed_words(facts: SchemeFactsOf) -> SchemeWords:
    """A scheme that could be sent as it stands; the initiating department writes on from here."""
    return SchemeWords(_content(facts), _times(facts), _methods(facts), _requirements(facts))


def _content(facts: SchemeFactsOf) -> str:
    drawn = f"，按{facts.ratio}随机抽取" if facts.ratio else "，随机抽取"
    lines = [f"检查对象：{facts.scope}{drawn}。", "检查事项："]
    for name, items in facts.departments:
        lines.append(f"{name}：{'；'.join(items) if items else '牵头组织，没有本部门事项'}。")
    return "\n".join(lines)


def _times(facts: SchemeFactsOf) -> str:
    return (
        f"{_day(facts.first)}至{_day(min(facts.last, facts.due))}。"
        "各部门同一天一次上门，日程由检查组长排定，避开检查对象不宜检查的时间。"
    )


def _methods(facts: SchemeFactsOf) -> str:
    joint = (
        "各部门联合上门，一次检查、各自记录、分别审核"
        if len(facts.departments) > 1
        else "按检查表逐项检查、当场记录"
    )
    return (
        f"{'、'.join(facts.methods) or '实地核查'}。{joint}。检查对象和检查人员随机抽取，名单抽定后不得更改。"
    )


def _requirements(facts: SchemeFactsOf) -> str:
    lines = [
        f"每个部门检查人员不少于 {facts.per_part} 人，出示执法证件，说明检查事项和依据。",
        "检查前预查比对对象信息，能合并的事项合并检查，不影响正常经营。",
        "检查情况如实填写记录表，当场交检查对象确认；发现问题的，由有权部门依法处理或移送。",
    ]
    if facts.entry_days is not None:
        lines.append(
            f"检查结束后 {facts.entry_days} 个工作日内录入检查结果。"
            if facts.entry_days
            else "检查结果当日录入。"
        )
    if facts.sensitive:
        lines.append("本任务涉及敏感事项，对象名单和检查情况不对外公开。")
    elif facts.publication_days is not None:
        lines.append(f"检查结果形成后 {facts.publication_days} 个工作日内依法公示。")
    lines.append("遵守廉洁纪律，与检查对象有利害关系的应当回避。")
    return "\n".join(f"{at}．{one}" for at, one in enumerate(lines, start=1))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
