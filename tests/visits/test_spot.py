"""Items added on the spot, results without the checklist, checks from the desk: what the table says, and what the server holds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from onevisit.core.canonical import digest
from onevisit.visits.gaps import gaps, progress, signatures_needed
from onevisit.visits.manifest import manifest
from onevisit.visits.operations import parse_operation
from onevisit.visits.rules import Device, context_of, verdict
from tests.visits.make_cases import CASES, police
from tests.visits.make_spot_cases import add, method, spot_package
from tests.visits.phones import POLICE, folded

TABLE = json.loads((CASES / "spot_visit.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", TABLE["cases"], ids=lambda row: row["name"])
def test_spot(row: Any) -> None:
    package = spot_package(row["required"])
    state = folded(row["operations"])
    made = manifest(package, state, TABLE["at"])  # type: ignore[arg-type]
    assert gaps(state, package, POLICE) == row["expect"]["gaps"]
    assert progress(state, package) == row["expect"]["progress"]
    assert signatures_needed(state, package, POLICE) == row["expect"]["signatures"]
    assert made["header"]["methods"] == row["expect"]["methods"]
    assert [one["id"] for part in made["parts"] for one in part["items"]] == row["expect"]["items"]
    assert digest(made) == row["expect"]["digest"]


def said(operation: Any, required: bool = True, before: list[Any] | None = None) -> tuple[str, str | None]:
    context = context_of(spot_package(required), folded(before or []))
    found = verdict(parse_operation(operation), context, Device(operation["by"]))
    return str(found.kind), found.reason and str(found.reason)


def test_only_what_is_on_the_list_is_added() -> None:
    pin = {"id": "c-other", "version": 1, "hash": "aa" * 32}
    assert said(add(police(), item="other", checklist=pin)) == ("held", "not_on_list")
    assert said(add(police(), checklist=pin)) == ("held", "not_on_list")
    assert said(add(police(), checklist=None)) == ("held", "not_on_list")
    assert said(add(police())) == ("applied", None)


def test_an_added_item_is_answered_by_its_own_entries() -> None:
    li = police()
    add(li)
    assert said(li.answer("fire", "zz", "pass"), before=li.log[:1]) == ("held", "other_part")
    assert said(li.answer("fire", "f1", "3"), before=li.log[:1]) == ("refused", "wrong_answer")
    assert said(li.answer("fire", "f1", "pass"), before=li.log[:1]) == ("applied", None)


def test_a_check_from_the_desk_counts_only_where_it_may_be() -> None:
    assert said(method(police(), "online")) == ("held", "on_site_required")
    assert said(method(police(), "on_site", None)) == ("applied", None)
    assert said(method(police(), "document"), required=False) == ("applied", None)
    li = police()
    value = {"method": "online", "reason": None}
    amend = {"register": f"method/{POLICE}", "value": value, "reason": "改", "takes": []}
    assert said(li.write("amend", amend)) == ("held", "on_site_required")
