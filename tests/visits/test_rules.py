"""Do verdict, gaps, answers and manifest say what the tables say?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from onevisit.core.canonical import canonical, digest
from onevisit.visits.answers import answer_fits, asked_of, judged, propose_outcome
from onevisit.visits.fold import Held
from onevisit.visits.gaps import SENTENCES, confirmation_gaps, gaps, progress, signing_gaps
from onevisit.visits.manifest import (
    differences,
    exactly,
    kept_manifest,
    manifest,
    short_code,
    supplement_manifest,
)
from onevisit.visits.operations import parse_operation
from onevisit.visits.rules import Device, context_of, verdict, verdict_of_known
from onevisit.visits.terms import HoldReason, Kind, RefuseReason
from tests.visits.make_cases import CASES, checked, police
from tests.visits.phones import folded, parsed


def table(name: str) -> Any:
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


GAPS, ANSWERS, MANIFESTS, VERDICTS = (
    table(name) for name in ("gaps_parts", "gaps_answers", "manifest_visit", "verdict_visit")
)


def named(row: Any) -> str:
    return str(row.get("name") or row.get("value"))


@pytest.mark.parametrize("row", VERDICTS["cases"], ids=named)
def test_verdict(row: Any) -> None:
    context = context_of(
        VERDICTS["package"],
        VERDICTS["states"][row["state"]],
        row["part_states"],
        row["closed"],
        row["held_parts"],
    )
    said = verdict(parse_operation(row["operation"]), context, Device(row["owner"], row["revoked"]))
    assert {"verdict": said.kind, "reason": said.reason} == row["expect"]


def test_verdict_of_a_known_id() -> None:
    phone = police()
    one = parse_operation(phone.arrive())
    other = parse_operation({**phone.log[0], "body": {"position": None, "accuracy_m": None}})
    assert verdict_of_known(one, one).kind == "duplicate"
    assert verdict_of_known(other, one).reason == RefuseReason.ID_REUSED


@pytest.mark.parametrize("row", GAPS["parts"], ids=named)
def test_gaps_and_progress(row: Any) -> None:
    package = json.loads(json.dumps(GAPS["package"]))
    package["profile"]["check_on_site"]["required"] = row["on_site"]
    state = folded(row["operations"])
    assert gaps(state, package) == row["expect"]["gaps"]
    assert progress(state, package) == row["expect"]["progress"]


@pytest.mark.parametrize("row", GAPS["confirmations"], ids=named)
def test_what_a_confirmation_lacks(row: Any) -> None:
    rule = {**GAPS["package"]["profile"]["subject_mark"], "combination": row["combination"]}
    package = {**GAPS["package"], "profile": {**GAPS["package"]["profile"], "subject_mark": rule}}
    assert confirmation_gaps(package, row["body"]) == row["expect"]


@pytest.mark.parametrize("row", GAPS["signing"], ids=named)
def test_who_has_not_signed(row: Any) -> None:
    assert signing_gaps(folded(row["operations"]), GAPS["package"], row["confirmation"]) == row["expect"]


@pytest.mark.parametrize("row", ANSWERS["fits"], ids=named)
def test_an_answer_is_of_its_kind(row: Any) -> None:
    assert answer_fits(row["entry"], row["value"]) is row["expect"]


@pytest.mark.parametrize("row", ANSWERS["judged"], ids=named)
def test_a_measured_number_is_judged_by_its_limits(row: Any) -> None:
    assert judged(row["entry"], row["value"]) == row["expect"]


@pytest.mark.parametrize("row", ANSWERS["asked"])
def test_which_entries_are_asked(row: Any) -> None:
    assert [one["id"] for one in asked_of(row["entries"], row["answers"])] == row["expect"]


@pytest.mark.parametrize("row", ANSWERS["proposals"])
def test_the_outcome_that_is_proposed(row: Any) -> None:
    assert propose_outcome(row["entries"], row["answers"], row["measures"]) == row["expect"]


@pytest.mark.parametrize("row", MANIFESTS["made"], ids=named)
def test_manifest(row: Any) -> None:
    make = supplement_manifest if row["supplement"] else manifest
    made = make(MANIFESTS["package"], folded(row["operations"]), row["at"])
    expect = row["expect"]
    assert canonical(made) == canonical(expect["manifest"])
    assert digest(made) == expect["digest"]
    assert short_code(digest(made)) == expect["short_code"]


@pytest.mark.parametrize("row", MANIFESTS["compared"], ids=named)
def test_what_differs_from_the_signed_manifest(row: Any) -> None:
    held = [Held(parse_operation(entry["operation"]), entry["reason"]) for entry in row["held"]]
    state = exactly(row["signed"], False, parsed(row["operations"]), held)
    package = {**MANIFESTS["package"], "subject": row["subject"]}
    assert differences(row["signed"], kept_manifest(package, row["signed"], state)) == row["expect"]  # type: ignore[arg-type]


def test_every_reason_and_kind_has_a_chinese_label() -> None:
    for term in (*Kind, *HoldReason, *RefuseReason):
        assert any("一" <= character <= "鿿" for character in term.label)
    assert all(sentence.endswith("。") for sentence in SENTENCES.values())


def test_a_checked_part_is_without_gaps() -> None:
    phone = police()
    checked(phone)
    state = folded(phone.log)
    assert gaps(state, GAPS["package"], "632525-ga") == []
