"""How does a part stand before the visit, what may a subject be asked to prepare, how are papers numbered? Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onevisit.dispatches.terms import ClaimState, Compared, SchemeStanding, Standing

OPEN_PARTS = frozenset({"open", "ready", "returned"})
NOTHING_FOUND = frozenset({"no_problem", "conforming", "activity_not_found"})
FORMED_PARTS = frozenset({"accepted", "final", "published", "withheld", "archived"})


@dataclass(frozen=True)
class PartCounts:
    """How many parts of a task a department has, and how far they are."""

    parts: int
    claimed: int
    begun: int
    submitted: int
    formed: int


def standing(counts: PartCounts, claim_due: date, due: date, today: date) -> Standing:
    """The most pressing first: a claim that is late, a task that is late, then how far the work is."""
    if counts.formed == counts.parts:
        return Standing.DONE
    if counts.claimed < counts.parts:
        return Standing.CLAIM_OVERDUE if claim_due < today else Standing.TO_CLAIM
    if counts.submitted + counts.formed == counts.parts:
        return Standing.REVIEWING
    if due < today:
        return Standing.OVERDUE
    return Standing.CHECKING if counts.begun else Standing.PREPARING


def claim_state(compared: str | None, due: date, today: date) -> ClaimState:
    """A claim that found something asks for attention; it never takes the subject off the list."""
    if compared is None:
        return ClaimState.OVERDUE if due < today else ClaimState.WAITING
    return ClaimState.AGREED if compared == Compared.AGREED else ClaimState.ATTENTION


def scheme_standing(agrees: bool | None, replied: bool, due: date, today: date) -> SchemeStanding:
    """Silence is no consent: a partner that has not answered is waited for, and after the day it is late."""
    if agrees is None:
        return SchemeStanding.OVERDUE if due < today else SchemeStanding.WAITING
    if agrees:
        return SchemeStanding.AGREED
    return SchemeStanding.REPLIED if replied else SchemeStanding.OBJECTED


def scheme_settled(standings: Iterable[SchemeStanding]) -> bool:
    """Everybody has agreed, or its objection was answered and stays on record (S2 art. 12: 会同参与部门)."""
    return all(one in (SchemeStanding.AGREED, SchemeStanding.REPLIED) for one in standings)


def visit_no(task_no: str, order: int, of: int) -> str:
    """任务编号-次序, as many digits as the draw needs, two at least."""
    return f"{task_no}-{order:0{max(2, len(str(of)))}d}"


def paper_no(place: str, kind: str, year: int, number: str) -> str:
    """贵南双随告〔2026〕26-1-03号."""
    short = place.rstrip("县市区旗") if len(place) > 2 else place
    return f"{short}双随{kind}〔{year}〕{number}号"


def running_number(no: str) -> str:
    """What of a task's or visit's number is not region and year: 632525-2026-26-1-03 → 26-1-03."""
    return no.split("-", 2)[2]


def papers_proposed(licences: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the subject has by the library: its licences; the leader adds what the items need."""
    return ["营业执照", *dict.fromkeys(str(one["name"]) for one in licences if one.get("name") != "营业执照")]
