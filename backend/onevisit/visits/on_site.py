"""Must somebody go there, or may this subject be checked online or by documents? And how many sign then (S0, S2, S3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.dispatches.models import Visit
from onevisit.regions.profiles import Profile
from onevisit.regions.queries import profile_of
from onevisit.subjects.models import Subject
from onevisit.subjects.terms import Risk
from onevisit.visits.gaps import off_site
from onevisit.visits.package_shape import OnSite

HIGH_RISK = frozenset({Risk.D})


def on_site_rule(profile: Profile, risk: str) -> OnSite:
    """The rule as it travels to the phone, each part with the notice's sentence; null says it is ours."""
    rule, signers = profile.value("check.on_site_required"), profile.value("record.online_min_signers")
    classes = profile.value("risk.class_rules").value or {}
    return {
        "required": must_be_on_site(rule.value, risk, classes),
        "source": rule.sentence,
        "signers": (signers.value or {}).get("n") or 2,
        "signers_source": signers.sentence,
    }


def must_be_on_site(rule: str | None, risk: str, classes: Mapping[str, Any]) -> bool:
    """S2 always; S0 where the risk is high; S3 by class: A never on one's own initiative, the others as usual."""
    if rule == "high_risk":
        return risk in HIGH_RISK
    if rule == "by_class":
        return (classes.get(risk) or {}).get("on_site") != "not_on_own_initiative"
    return rule == "always"


def visit_must_be_on_site(visit_id: str) -> bool:
    """Whether this visit's subject must be seen where it is."""
    columns = select(Visit.region_id, Subject.risk).join(Subject, Subject.id == Visit.subject_id)
    row = db.session.execute(columns.where(Visit.id == visit_id)).one()
    return on_site_rule(profile_of(row.region_id), row.risk)["required"]


def done_from_afar(state: Mapping[str, Any], department_id: str) -> bool:
    """Whether nobody of the department was there, as the record has it."""
    there = state["parts"].get(department_id)
    arrived = any(name.startswith(f"arrive/{department_id}/") for name in state["registers"])
    return not arrived or (there is not None and off_site(there["record"]))
