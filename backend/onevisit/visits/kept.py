"""What did the subject sign of each part, as it stands now: the manifest that locked it, or the last supplement?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.visits.models import SignedManifest
from onevisit.visits.queries import state_of_visit

Json = dict[str, Any]


def kept_row_of(visit_id: str, department_id: str) -> SignedManifest:
    """The confirmation that holds a part now."""
    there = state_of_visit(visit_id)["parts"].get(department_id)
    if there is None or there["lock"] is None:
        raise Problem(
            "visits.not_confirmed", "这一部分还没有当事人确认的记录，不能继续。请先完成当场确认。", 409
        )
    confirmation = there["lock"]["confirmation"]
    return db.session.scalars(select(SignedManifest).where(SignedManifest.operation_id == confirmation)).one()


def kept_manifest_of(visit_id: str, department_id: str) -> Json:
    """What was signed of a part last: the confirmation, or the supplement that took its place."""
    manifest: Json = json.loads(kept_row_of(visit_id, department_id).manifest)
    return manifest


def part_in(manifest: Mapping[str, Any], department_id: str) -> Json:
    """One department's part of a manifest."""
    part: Json = next(one for one in manifest["parts"] if one["department"]["id"] == department_id)
    return part


def items_signed(manifest: Mapping[str, Any], department_id: str) -> dict[str, str]:
    """Item -> its name: the planned ones of a part and those added on site."""
    part = part_in(manifest, department_id)
    names = {one["id"]: one["name"] for one in part["items"]}
    return names | {item: added["name"] for item, added in part["record"].get("items", {}).items()}
