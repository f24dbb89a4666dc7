"""What happens when somebody asks that a result be withheld or put right, and when that is decided?"""

from typing import Any

from sqlalchemy import select

from onevisit.accounts.actions import sign_at_desk
from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem, forbidden, not_found
from onevisit.publications.actions import set_part, show
from onevisit.publications.errata import BadChange, corrected, may_ask, refusal_to_decide
from onevisit.publications.models import Publication, PublicationRequest
from onevisit.publications.public_results import published_row
from onevisit.publications.queries import asked_of, decider, open_request, publication_of
from onevisit.publications.rules import labels_of
from onevisit.publications.search import make_unfindable
from onevisit.publications.terms import RequestKind, RequestState
from onevisit.visits.kept import kept_manifest_of, kept_row_of
from onevisit.visits.manifest import short_code

Json = dict[str, Any]
STATE_ASKED = {RequestKind.WITHHOLD: "waiting", RequestKind.CORRECT: "published"}
_WRONG_STATE = {
    RequestKind.WITHHOLD: "这条结果已经公示或已决定不予公示。已公示的有错，请申请更正。",
    RequestKind.CORRECT: "只有正在公示的结果能更正；这条还没有公示，或者已经被更正过。请刷新后再看。",
}


def ask(
    publication_id: str, kind: RequestKind, reason: str, changes: Json | None = None
) -> PublicationRequest:
    """The department asks for itself; somebody else of it decides."""
    with transaction():
        publication = _locked(publication_of(publication_id))
        if not may_ask(kind, acting().roles, acting().department_id, publication.department_id):
            raise forbidden("谁检查、谁公开：请由检查部门的经办人或负责人申请。")
        facts = _facts(publication, changes or {}) if kind == RequestKind.CORRECT else None
        asked = _write(publication, kind, reason, asked_by=acting().account_id, asked_by_name=acting().name)
        if facts is not None:
            asked.facts, asked.erratum, asked.changed_by = facts, reason, acting().account_id
    return asked


def ask_as_subject(publication_id: str, code: str, text: str, contact: str | None) -> PublicationRequest:
    """The subject asks from the result's page; who has the record's code has the record in his hands."""
    with transaction():
        publication = _locked(_subjects_own(publication_id, code))
        return _write(
            publication, RequestKind.CORRECT, text, asked_by=None, asked_by_name="检查对象", contact=contact
        )


def answers_to_subject(publication_id: str, code: str) -> list[PublicationRequest]:
    """What became of the subject's requests, for who has the record."""
    publication = _subjects_own(publication_id, code)
    rows = select(PublicationRequest).where(
        PublicationRequest.publication_id == publication.id, PublicationRequest.asked_by.is_(None)
    )
    return list(db.session.scalars(rows.order_by(PublicationRequest.asked_at.desc())))


def fill_in(request_id: str, changes: Json, erratum: str) -> PublicationRequest:
    """The desk says what a subject's request would change; the principal head signs or refuses it."""
    with transaction():
        asked, publication = _open(request_id)
        if not may_ask(
            RequestKind.CORRECT, acting().roles, acting().department_id, publication.department_id
        ):
            raise forbidden("请由检查部门的经办人填写更正内容。")
        if asked.kind != RequestKind.CORRECT:
            raise Problem("publications.nothing_to_fill", "这是不予公示的申请，不用填写更正内容。", 409)
        asked.facts, asked.changed_by = _facts(publication, changes), acting().account_id
        asked.erratum = erratum
        trail.record(
            "publication.correction_drafted", "publication", publication.id,
            department_id=publication.department_id, request=asked.id,
        )  # fmt: skip
    return asked


def withdraw(request_id: str) -> PublicationRequest:
    """Who asked thinks better of it."""
    with transaction():
        asked, publication = _open(request_id)
        if asked.asked_by is None or asked.asked_by != acting().account_id:
            raise forbidden("只有提出申请的人能撤回。")
        _decide(asked, RequestState.WITHDRAWN, None)
        trail.record(
            "publication.request_withdrawn", "publication", publication.id,
            department_id=publication.department_id, request=asked.id,
        )  # fmt: skip
    return asked


def refuse(request_id: str, answer: str) -> PublicationRequest:
    """No, with the reason that the asker reads."""
    with transaction():
        asked, publication = _decidable(request_id, grant=False)
        _decide(asked, RequestState.REFUSED, answer)
        trail.record(
            "publication.request_refused", "publication", publication.id,
            department_id=publication.department_id, request=asked.id, kind=asked.kind,
        )  # fmt: skip
    return asked


def grant(request_id: str, password: str | None, answer: str | None) -> PublicationRequest:
    """Yes. What is published changes only by the principal head's signature: his password, given again (S2 art. 22)."""
    asked, publication = _decidable(request_id, grant=True)
    if asked.kind == RequestKind.CORRECT:
        sign_at_desk(password or "")
    with transaction():
        asked, publication = _decidable(request_id, grant=True)
        _decide(asked, RequestState.GRANTED, answer)
        if asked.kind == RequestKind.WITHHOLD:
            _withhold(publication, asked)
        else:
            _correct(publication, asked)
    return asked


def _withhold(publication: Publication, asked: PublicationRequest) -> None:
    publication.state, publication.withheld_ground = "withheld", asked.reason
    publication.published_by = acting().account_id
    publication.revision += 1
    set_part(publication, "withheld")
    trail.record(
        "publication.withheld", "publication", publication.id, department_id=publication.department_id,
        ground=asked.reason, request=asked.id,
    )  # fmt: skip


def _correct(old: Publication, asked: PublicationRequest) -> None:
    """The new version takes the old one's place; the old one stays to be read, marked as corrected.

    Beside it stands the department's own statement: what a subject wrote in its request is never public.
    """
    facts = asked.facts or {}
    new = Publication(
        region_id=old.region_id, visit_id=old.visit_id, department_id=old.department_id, version=old.version + 1,
        state="published", due=old.due, subject_name=facts["subject"]["name"] or old.subject_name,
        credit_code=facts["subject"]["credit_code"] or old.credit_code, facts=facts, published_at=clock.now(),
        published_by=acting().account_id, shown_until=old.shown_until, corrects_id=old.id, erratum=asked.erratum,
    )  # fmt: skip
    old.state = "corrected"
    old.revision += 1
    make_unfindable(old)
    db.session.add(new)
    show(new)
    db.session.flush()
    trail.record(
        "publication.corrected", "publication", new.id, department_id=old.department_id, corrects=old.id,
        request=asked.id,
    )  # fmt: skip


def _write(publication: Publication, kind: RequestKind, reason: str, **more: Any) -> PublicationRequest:
    if publication.state != STATE_ASKED[kind]:
        raise Problem("publications.not_askable", _WRONG_STATE[kind], 409)
    if open_request(publication.id) is not None:
        raise Problem(
            "publications.request_open", "这条结果已有一个申请在等待决定，没有重复提交。请等它有了结果。", 409
        )
    asked = PublicationRequest(
        publication_id=publication.id, kind=kind.value, asked_at=clock.now(), reason=reason, **more
    )
    db.session.add(asked)
    db.session.flush()
    trail.record(
        "publication.requested", "publication", publication.id, region_id=publication.region_id,
        department_id=publication.department_id, request=asked.id, kind=kind.value,
        from_subject=asked.asked_by is None,
    )  # fmt: skip
    return asked


def _decide(asked: PublicationRequest, state: RequestState, answer: str | None) -> None:
    asked.state, asked.answer = state.value, answer
    asked.decided_at, asked.decided_by, asked.decided_by_name = (
        clock.now(),
        acting().account_id,
        acting().name,
    )


def _facts(publication: Publication, changes: Json) -> Json:
    header = kept_manifest_of(publication.visit_id, publication.department_id)["header"]
    try:
        return corrected(publication.facts, changes, labels_of(header))
    except BadChange as found:
        raise Problem("publications.bad_change", str(found), 422) from found


def _locked(publication: Publication) -> Publication:
    db.session.refresh(publication, with_for_update=True)
    return publication


def _open(request_id: str) -> tuple[PublicationRequest, Publication]:
    asked = db.session.get(PublicationRequest, request_id)
    if asked is None:
        raise not_found("申请")
    publication = _locked(publication_of(asked.publication_id))
    db.session.refresh(asked, with_for_update=True)
    if asked.state != RequestState.OPEN:
        raise Problem("publications.already_decided", "这个申请已经有了决定，没有重复执行。请刷新查看。", 409)
    return asked, publication


def _decidable(request_id: str, *, grant: bool) -> tuple[PublicationRequest, Publication]:
    asked, publication = _open(request_id)
    if (why := refusal_to_decide(asked_of(asked, publication), decider(), grant=grant)) is not None:
        raise Problem(*why)
    return asked, publication


def _subjects_own(publication_id: str, code: str) -> Publication:
    publication = published_row(publication_id)
    given = "".join(code.lower().split())
    digest = kept_row_of(publication.visit_id, publication.department_id).digest
    if given not in (digest, "".join(short_code(digest).split())):
        raise Problem(
            "publications.wrong_code",
            "记录编码对不上。请照检查记录最后一页二维码旁的八组字母数字填写；没有记录的，请联系公示机关。",
            403,
        )
    return publication
