"""What may be put right in a published result, and by whose word? Pure.

A correction touches published facts only: the signed record stays as it was signed (S2 art. 22).
"""

from calendar import monthrange
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from onevisit.publications.rules import SHOWN_MEASURES
from onevisit.publications.terms import RequestKind

Json = dict[str, Any]
Refusal = tuple[str, str, int]
ASKERS = frozenset({"desk", "deputy_head", "principal_head"})
_MEASURES = tuple(measure.label for measure in SHOWN_MEASURES)


@dataclass(frozen=True)
class Asked:
    """What of a request decides who may answer it."""

    kind: RequestKind
    department_id: str
    asked_by: str | None
    """None: the subject asked, from the public page."""
    changed_by: str | None
    has_facts: bool


@dataclass(frozen=True)
class Decider:
    """What of the one who decides counts."""

    account_id: str | None
    department_id: str | None
    roles: frozenset[str]


class BadChange(ValueError):
    """A change that cannot stand among public facts; the message is for people."""


def corrected(facts: Mapping[str, Any], changes: Mapping[str, Any], labels: Mapping[str, str]) -> Json:
    """The public facts with `changes` made: results and measures of items by their place, day, name and code.

    `labels`: the region's outcomes by code. Raises BadChange; nothing outside the allow-list can be brought in.
    """
    found = deepcopy(dict(facts))
    for change in changes.get("items", ()):
        _correct_item(found["items"], change, labels)
    if (day := changes.get("day")) is not None:
        found["day"] = _day(day)
    if subject := changes.get("subject"):
        if facts["subject"]["name"] is None:
            raise BadChange("这条结果依法不公开检查对象，不能补上名称或代码。")
        found["subject"] |= {name: subject[name] for name in ("name", "credit_code") if name in subject}
    if found == dict(facts):
        raise BadChange("填写的内容与已公示的一样，没有需要更正的地方。")
    return found


def _correct_item(items: list[Json], change: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    if not 0 <= change["at"] < len(items):
        raise BadChange("要更正的事项不在这条结果里，请刷新后再选。")
    if unknown := [code for code in change["outcomes"] if code not in labels]:
        raise BadChange(f"“{unknown[0]}”不是本地区的检查结果种类，请从列表里选。")
    if unknown := [label for label in change["measures"] if label not in _MEASURES]:
        raise BadChange(f"“{unknown[0]}”不是公示的处理措施，请从列表里选。")
    items[change["at"]] = {
        **items[change["at"]],
        "outcomes": [{"code": code, "label": labels[code]} for code in dict.fromkeys(change["outcomes"])],
        "measures": [label for label in _MEASURES if label in change["measures"]],
    }


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise BadChange("检查日期写成“2026-11-10”这样的日期。") from error


def may_ask(kind: RequestKind, roles: frozenset[str], department_id: str | None, of: str) -> bool:
    """Only the department that checked asks for itself; the subject asks from the public page."""
    return department_id == of and bool(roles & ASKERS)


def refusal_to_decide(asked: Asked, who: Decider, *, grant: bool) -> Refusal | None:
    """Why he may not decide this: code, sentence, status; None when he may.

    Withholding is the deputy head's; a correction is granted by the principal head alone (S2 art. 22), but a
    subject's request may be answered with a reasoned no by anybody of the department who answers for the result.
    """
    if who.department_id != asked.department_id:
        return "auth.forbidden", "谁检查、谁负责：请由检查部门的负责人决定。", 403
    if asked.kind == RequestKind.WITHHOLD and "deputy_head" not in who.roles:
        return "auth.forbidden", "不予公示须由本部门分管负责人批准。", 403
    subjects = asked.kind == RequestKind.CORRECT and asked.asked_by is None
    if asked.kind == RequestKind.CORRECT and "principal_head" not in who.roles and (grant or not subjects):
        return (
            "publications.principal_head_only",
            "更正已公示的结果须由本部门主要负责人签字确认，分管负责人和经办人都不能代签。",
            403,
        )
    if who.account_id in {asked.asked_by, asked.changed_by} - {None} and (grant or not subjects):
        return "publications.own_request", "这是您自己提出的申请，不能由您自己批准。请另一位负责人决定。", 409
    if grant and asked.kind == RequestKind.CORRECT and not asked.has_facts:
        return (
            "publications.no_changes",
            "还没有填写更正成什么，不能签字。请经办人先填好更正内容，或者写明理由不予更正。",
            409,
        )
    return None


def until(published: date, months: int | None) -> date | None:
    """The last day a result is shown; None where the region sets no term."""
    if months is None:
        return None
    year, month = divmod(published.year * 12 + published.month - 1 + months, 12)
    return date(year, month + 1, min(published.day, monthrange(year, month + 1)[1]))
