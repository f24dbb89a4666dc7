"""What waits to be published, what is public, what is kept from the public; and what is asked about it?"""

from typing import Any

from sqlalchemy import Select, func, select

from onevisit.core import clock
from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.paging import after_day, by_day, day_cursor
from onevisit.core.problems import not_found
from onevisit.plans.models import Plan, PlanEntry
from onevisit.publications.errata import Asked, Decider, refusal_to_decide
from onevisit.publications.models import Publication, PublicationRequest
from onevisit.publications.rules import PlanWords
from onevisit.publications.terms import (
    PUBLICATION_STATE_LABELS,
    REQUEST_KIND_LABELS,
    REQUEST_STATE_LABELS,
    PublicationState,
    RequestKind,
    RequestState,
)
from onevisit.regions.limits import due_text
from onevisit.regions.queries import calendar
from onevisit.tasks.models import Task

ASKED = "asked"
"""The filter of results about which something waits to be decided, beside the states."""


def plan_words(task: Task) -> PlanWords:
    """The plan a task carries out."""
    plan, entry = db.session.execute(
        select(Plan, PlanEntry)
        .join(PlanEntry, PlanEntry.plan_id == Plan.id)
        .where(PlanEntry.id == task.plan_entry_id)
    ).one()
    return PlanWords(plan.name, plan.document_no, entry.targeting)


def _readable() -> Select[Publication]:
    actor = acting()
    rows = select(Publication).where(Publication.region_id == actor.region_id)
    return rows if actor.has("joint_office") else rows.where(Publication.department_id == actor.department_id)


def publication_of(publication_id: str) -> Publication:
    """A publication of one's own department (the joint office reads its region's)."""
    found = db.session.scalars(_readable().where(Publication.id == publication_id)).first()
    if found is None:
        raise not_found("公示")
    return found


def publications(state: str, limit: int, after: str | None) -> list[dict[str, Any]]:
    """The publications in a state (or with a request that waits), the most urgent first; one more than the limit."""
    chosen = Publication.id.in_(_asked_about()) if state == ASKED else Publication.state == state
    rows = _readable().where(chosen).order_by(*by_day(Publication.due, Publication.id)).limit(limit + 1)
    if after:
        rows = rows.where(after_day(Publication.due, Publication.id, after))
    found = list(db.session.scalars(rows))
    waiting = _open_requests([row.id for row in found])
    return [shown(row, waiting.get(row.id)) for row in found]


def _asked_about() -> Select[str]:
    return select(PublicationRequest.publication_id).where(PublicationRequest.state == RequestState.OPEN)


def _open_requests(ids: list[str]) -> dict[str, PublicationRequest]:
    rows = select(PublicationRequest).where(
        PublicationRequest.publication_id.in_(ids), PublicationRequest.state == RequestState.OPEN
    )
    return {one.publication_id: one for one in db.session.scalars(rows)}


def open_request(publication_id: str) -> PublicationRequest | None:
    """The request that waits for a decision."""
    return _open_requests([publication_id]).get(publication_id)


def counts() -> dict[str, int]:
    """How many publications stand in each state, and about how many something is asked."""
    mine = _readable().subquery()
    rows = select(mine.c.state, func.count()).group_by(mine.c.state)
    asked = select(func.count()).select_from(mine).where(mine.c.id.in_(_asked_about()))
    found = {row[0]: row[1] for row in db.session.execute(rows)}
    return {
        **{state.value: found.get(state.value, 0) for state in PublicationState},
        ASKED: db.session.scalars(asked).one(),
    }


def decider() -> Decider:
    """The one who asks, as the rules of deciding see him."""
    return Decider(acting().account_id, acting().department_id, acting().roles)


def asked_of(request: PublicationRequest, publication: Publication) -> Asked:
    """A request as the rules of deciding see it."""
    return Asked(
        RequestKind(request.kind), publication.department_id, request.asked_by, request.changed_by,
        bool(request.facts),
    )  # fmt: skip


def request_shown(request: PublicationRequest, publication: Publication) -> dict[str, Any]:
    """A request as the desk sees it, with what this reader may do about it."""
    asked, who, waits = asked_of(request, publication), decider(), request.state == RequestState.OPEN
    return {
        "id": request.id, "kind": request.kind, "kind_label": REQUEST_KIND_LABELS[RequestKind(request.kind)],
        "state": request.state, "state_label": REQUEST_STATE_LABELS[RequestState(request.state)],
        "asked_by_name": request.asked_by_name, "from_subject": request.asked_by is None,
        "asked_at": request.asked_at, "reason": request.reason, "contact": request.contact,
        "facts": request.facts or None, "erratum": request.erratum, "answer": request.answer, "decided_at": request.decided_at,
        "decided_by_name": request.decided_by_name,
        "may_grant": waits and refusal_to_decide(asked, who, grant=True) is None,
        "may_refuse": waits and refusal_to_decide(asked, who, grant=False) is None,
        "may_withdraw": waits and request.asked_by is not None and request.asked_by == acting().account_id,
    }  # fmt: skip


def shown(publication: Publication, request: PublicationRequest | None = None) -> dict[str, Any]:
    """A publication as the desk sees it."""
    due = publication.due
    return {
        "id": publication.id,
        "visit_id": publication.visit_id,
        "department": {"id": publication.department_id, "name": publication.facts["department"]["name"]},
        "subject": publication.subject_name,
        "state": publication.state,
        "state_label": PUBLICATION_STATE_LABELS[PublicationState(publication.state)],
        "due": due.isoformat() if due else None,
        "due_text": due_text(due, clock.today(), calendar())
        if due and publication.state == "waiting"
        else None,
        "facts": publication.facts,
        "published_at": publication.published_at,
        "withheld_ground": publication.withheld_ground,
        "shown_until": publication.shown_until.isoformat() if publication.shown_until else None,
        "erratum": publication.erratum,
        "corrects": publication.corrects_id,
        "request": request_shown(request, publication) if request else None,
        "revision": publication.revision,
        "cursor": day_cursor(due, publication.id),
    }
