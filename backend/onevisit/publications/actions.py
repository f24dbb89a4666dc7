"""What happens when a result goes to the public?"""

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem, forbidden
from onevisit.core.trail import TrailEntry
from onevisit.dispatches.merges import task_of_part
from onevisit.dispatches.models import Part, Visit
from onevisit.publications.errata import until
from onevisit.publications.models import Publication
from onevisit.publications.queries import open_request, plan_words, publication_of
from onevisit.publications.rules import may_publish, public_facts
from onevisit.publications.search import make_findable, next_number, plain
from onevisit.publications.terms import RequestKind
from onevisit.regions.queries import profile_of
from onevisit.subjects.models import Subject
from onevisit.subjects.parties import responsible_for
from onevisit.visits.kept import kept_manifest_of
from onevisit.visits.queries import missing_files


def prepare(entry: TrailEntry) -> None:
    """An accepted part becomes a result that waits to be published (follows `review.accepted` at once)."""
    visit = db.session.get_one(Visit, entry.object_id)
    part = db.session.get_one(Part, entry.facts["part"])
    task = task_of_part(visit, part.department_id)
    manifest = kept_manifest_of(visit.id, part.department_id)
    facts = public_facts(manifest, part.department_id, plan_words(task), task.no)
    subject = responsible_for(db.session.get_one(Subject, visit.subject_id))
    db.session.add(
        Publication(
            region_id=visit.region_id, visit_id=visit.id, department_id=part.department_id, due=part.publication_due,
            subject_name=subject.name, credit_code=subject.credit_code, facts=facts,
        )
    )  # fmt: skip


def publish(publication_id: str) -> Publication:
    """Show the result to the public; its facts are frozen from here on."""
    with transaction():
        publication = _waiting(publication_id)
        if not may_publish(acting().roles, acting().department_id, publication.department_id):
            raise forbidden("谁检查、谁公开：请由检查部门的经办人或负责人公示。")
        if missing := missing_files(publication.visit_id, publication.department_id):
            raise Problem(
                "publications.photos_missing",
                f"还缺 {len(missing)} 张原图，暂不能公示。请提醒检查人员联网上传后再来。", 409,
            )  # fmt: skip
        asked = open_request(publication.id)
        if asked is not None and asked.kind == RequestKind.WITHHOLD:
            raise Problem(
                "publications.request_open",
                "这条结果有不予公示的申请在等分管负责人决定，暂不能公示。请等决定，或由申请人撤回。", 409,
            )  # fmt: skip
        term = profile_of(publication.region_id).value("publication.term").value or {}
        publication.shown_until = until(clock.today(), term.get("months"))
        publication.state, publication.published_at = "published", clock.now()
        show(publication)
        publication.published_by = acting().account_id
        publication.revision += 1
        set_part(publication, "published")
        trail.record(
            "publication.published", "publication", publication.id, department_id=publication.department_id
        )
    return publication


def _waiting(publication_id: str) -> Publication:
    publication = publication_of(publication_id)
    db.session.refresh(publication, with_for_update=True)
    if publication.state != "waiting":
        raise Problem(
            "publications.already_decided", "这条结果已经公示或决定不予公示，没有重复执行。请刷新查看。", 409
        )
    return publication


def show(publication: Publication) -> None:
    """It takes its place at the head of the public's list and is found by its name; in the running transaction."""
    one_at_a_time("publications")
    publication.number, publication.searched = (
        next_number(),
        plain(publication.facts["subject"]["name"] or ""),
    )
    make_findable(publication)


def set_part(publication: Publication, state: str) -> None:
    """The part of the visit follows what became of its result."""
    part = (
        db.session.query(Part)
        .filter_by(visit_id=publication.visit_id, department_id=publication.department_id)
        .one()
    )
    part.state = state
    part.revision += 1
