"""What is a paper about a confirmation made of? The signed manifest, its marks, the signatures under it, the state since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.dispatches.models import Visit
from onevisit.inspectors.models import Inspector
from onevisit.papers import facts
from onevisit.papers.strokes import Strokes
from onevisit.visits.models import SignedManifest, StoredOperation
from onevisit.visits.operations import Operation
from onevisit.visits.queries import state_of_visit
from onevisit.visits.record import read_again
from onevisit.visits.terms import Kind, VerdictKind

Json = dict[str, Any]


@dataclass(frozen=True)
class Signed:
    """A confirmation with everything that a paper about it draws on."""

    visit: Visit
    row: SignedManifest
    manifest: Json
    operation: Operation
    state: Json
    signs: Mapping[str, Operation]  # inspector -> his signature under this digest

    @property
    def body(self) -> Json:
        """The confirmation itself."""
        return dict(self.operation.body)

    @property
    def people(self) -> dict[str, Json]:
        """Inspector -> name and certificate as signed."""
        return {one["id"]: one for part in self.manifest["parts"] for one in part["inspectors"]}

    def officer(self, inspector_id: str) -> facts.Officer:
        """An inspector, with the signature where there is one."""
        person = self.people.get(inspector_id) or named(inspector_id)
        sign = self.signs.get(inspector_id)
        return {
            "name": person["name"], "certificate": person["certificate"],
            "strokes": sign.body["strokes"] if sign else None,
        }  # fmt: skip

    def officers(self, part: Json) -> list[facts.Officer]:
        """A department's inspectors."""
        return [self.officer(one["id"]) for one in part["inspectors"]]

    def photos(self) -> list[tuple[int, Json, Json]]:
        """Number through the record, part, photo."""
        found = [(part, photo) for part in self.manifest["parts"] for photo in part["record"]["photos"]]
        return [(at, part, photo) for at, (part, photo) in enumerate(found, start=1)]

    def photo_numbers(self) -> dict[str, int]:
        """Photo -> its number through the record."""
        return {photo["id"]: at for at, _, photo in self.photos()}

    def entry_numbers(self) -> dict[str, int]:
        """`item/entry` -> its number through the record."""
        keys = [
            f"{item['id']}/{entry['id']}"
            for part in self.manifest["parts"] for item in part["items"] for entry in item["entries"]
        ]  # fmt: skip
        return {key: at for at, key in enumerate(keys, start=1)}

    def entries(self) -> dict[str, Json]:
        """`item/entry` -> the entry."""
        return {
            f"{item['id']}/{entry['id']}": entry
            for part in self.manifest["parts"] for item in part["items"] for entry in item["entries"]
        }  # fmt: skip


def named(inspector_id: str) -> Json:
    """An inspector of another part, by the library."""
    person = db.session.get(Inspector, inspector_id)
    return {
        "name": person.name if person else inspector_id,
        "certificate": person.certificate_no if person else None,
    }


def signed_of(row: SignedManifest) -> Signed:
    """The confirmation of this row."""
    state = state_of_visit(row.visit_id)
    entry = next(one for one in state["confirmations"] if one["id"] == row.operation_id)
    operations = operations_named(row.visit_id, [row.operation_id, *(one["id"] for one in entry["signs"])])
    signs = {one.body["inspector"]: one for one in operations.values() if one.kind == Kind.SIGN}
    visit = db.session.get_one(Visit, row.visit_id)
    return Signed(visit, row, json.loads(row.manifest), operations[row.operation_id], state, signs)


def operations_named(visit_id: str, ids: list[str]) -> dict[str, Operation]:
    """Counted operations by id."""
    rows = db.session.execute(
        select(StoredOperation.id, StoredOperation.raw).where(
            StoredOperation.visit_id == visit_id, StoredOperation.id.in_(ids),
            StoredOperation.verdict.in_((VerdictKind.APPLIED, VerdictKind.HELD)),
        )
    )  # fmt: skip
    return {row.id: read_again(row.raw) for row in rows}


def pen(mark: Json | None) -> Strokes | None:
    """The strokes of a signature."""
    return mark["strokes"] if mark else None
