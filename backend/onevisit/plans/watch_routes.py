"""Who may watch a plan: its compliance, what other ratios would mean, its schemes, its item questions?"""

from typing import Any

from onevisit.core.api import Blueprint
from onevisit.core.auth import needs
from onevisit.plans import compliance_queries, item_matching, scheme_actions, scheme_queries, scoping
from onevisit.plans import watch_schemas as schemas
from onevisit.plans.queries import entry_of, plan_of
from onevisit.subjects.queries import region_meant

bp = Blueprint("plan_watch", "plan_watch", url_prefix="/api/plans")
OFFICE = ("desk", "joint_office", "deputy_head", "principal_head")


@bp.get("/<plan_id>/compliance")
@needs(*OFFICE)
@bp.response(200, schemas.WatchSchema)
def compliance(plan_id: str) -> dict[str, Any]:
    """Every figure of the year, its target, and what stands behind it."""
    return compliance_queries.compliance_shown(plan_of(plan_id))


@bp.post("/<plan_id>/suppose")
@needs(*OFFICE)
@bp.arguments(schemas.SupposeSchema)
@bp.response(200, schemas.SupposedSchema)
def suppose(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """What would other ratios mean? Nothing is stored."""
    return compliance_queries.supposed_shown(plan_of(plan_id), given)


@bp.get("/<plan_id>/schemes")
@needs(*OFFICE)
@bp.response(200, schemas.SchemesSchema)
def schemes(plan_id: str) -> dict[str, Any]:
    """Rows of different initiators over the same scope: offered, taken, refused."""
    return scheme_queries.schemes_shown(plan_of(plan_id))


@bp.post("/<plan_id>/schemes")
@needs("joint_office")
@bp.arguments(schemas.DecideSchema)
@bp.response(201, schemas.SchemesSchema)
def decide(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """Take them as one scheme, or say why not."""
    return scheme_queries.schemes_shown(scheme_actions.decide(plan_id, given))


@bp.get("/entries/<entry_id>/scheme")
@needs(*OFFICE)
@bp.response(200, schemas.EntrySchemeSchema)
def entry_scheme(entry_id: str) -> dict[str, Any]:
    """With which rows does this one go together?"""
    return {"scheme": scheme_queries.scheme_of_entry(entry_of(entry_id))}


@bp.delete("/schemes/<scheme_id>")
@needs("joint_office")
@bp.response(200, schemas.SchemesSchema)
def withdraw(scheme_id: str) -> dict[str, Any]:
    """Take a decision back."""
    return scheme_queries.schemes_shown(scheme_actions.withdraw(scheme_id))


@bp.get("/<plan_id>/item-questions")
@needs(*OFFICE)
@bp.response(200, schemas.QuestionsSchema)
def item_questions(plan_id: str) -> dict[str, Any]:
    """Which item texts are not exactly on the list?"""
    return item_matching.questions_shown(plan_of(plan_id))


@bp.post("/<plan_id>/item-questions")
@needs("desk", "joint_office")
@bp.arguments(schemas.QuestionAnsweredSchema)
@bp.response(200, schemas.QuestionsSchema)
def answer_question(given: dict[str, Any], plan_id: str) -> dict[str, Any]:
    """Say which listed item a text means, for all rows and for next time."""
    return item_matching.questions_shown(item_matching.answer_question(plan_id, given))


@bp.post("/<plan_id>/match-again")
@needs("joint_office")
@bp.response(200, schemas.QuestionsSchema)
def match_again(plan_id: str) -> dict[str, Any]:
    """Match what is open against the list as it is now."""
    return item_matching.questions_shown(item_matching.match_again(plan_id))


@bp.post("/scope-samples")
@needs(*OFFICE)
@bp.arguments(schemas.ScopeAskedSchema)
@bp.response(200, schemas.ScopeSampledSchema)
def scope_samples(given: dict[str, Any]) -> dict[str, Any]:
    """Whom would a scope mean: the count, and some of them."""
    return scoping.sampled(region_meant(), given["filter"], given["draw_mode"])
