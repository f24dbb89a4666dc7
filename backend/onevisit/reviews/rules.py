"""Who may review a part, and what must be there before it is accepted? Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from onevisit.visits.gaps import SENTENCES

REVIEWED = frozenset({"submitted"})


@dataclass(frozen=True)
class Reviewer:
    """What of the one who asks decides."""

    roles: frozenset[str]
    department_id: str | None
    inspector_id: str | None


@dataclass(frozen=True)
class ReviewedPart:
    """What of the part decides."""

    department_id: str
    leader_id: str | None
    state: str
    recorders: frozenset[str]
    missing_photos: int
    from_afar: bool = False
    """Nobody went there, though the region's rules say that somebody must (S0, S2)."""


def recorders_of(part: Mapping[str, Any]) -> frozenset[str]:
    """The inspectors who wrote the answers and findings that stand in a part of the folded state."""
    return frozenset(
        head["by"]
        for name, register in part["registers"].items()
        if name.startswith(("answer/", "finding/"))
        for value in register["values"]
        for head in value["heads"]
    )


def may_review(reviewer: Reviewer, part: ReviewedPart) -> bool:
    """Only the part's own department: its desk or deputy head, or the part's own leader (S2 art. 4)."""
    if reviewer.department_id != part.department_id:
        return False
    leads = reviewer.inspector_id is not None and reviewer.inspector_id == part.leader_id
    return leads or bool(reviewer.roles & {"desk", "deputy_head"})


def refusal(reviewer: Reviewer, part: ReviewedPart, *, accepting: bool) -> tuple[str, str] | None:
    """Why this review may not happen now: code and sentence; None when it may."""
    if part.state not in REVIEWED:
        return "reviews.not_submitted", "这一部分现在不在待审核状态，可能刚被别人处理过。请刷新后再看。"
    if accepting and part.recorders == {reviewer.inspector_id}:
        return "reviews.own_work", "这一部分的检查内容全由您一人记录，不能由您自己通过。请本部门其他人审核。"
    if accepting and part.from_afar:
        return "visits.on_site_required", SENTENCES["visits.on_site_required"]
    if accepting and part.missing_photos:
        return (
            "reviews.photos_missing",
            f"还缺 {part.missing_photos} 张原图没有传到，暂时不能通过。请提醒检查人员打开应用联网上传。",
        )
    return None


def unknown_items(asked: Iterable[str], known: Iterable[str]) -> list[str]:
    """Items asked about that are not in the part."""
    return sorted(set(asked) - set(known))
