"""Is the state the fold of its operations, in any order, with nothing lost? (sync.md 9: I2, I3, I5-I8, E1, E2)"""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onevisit.core.canonical import canonical
from onevisit.visits.operations import register_of, value_of
from tests.visits.histories import act, history
from tests.visits.make_cases import CASES, checked, health, hygiene, police
from tests.visits.phones import HEALTH, POLICE, Phone, folded, make_package, parsed

TABLES = ("fold_registers", "fold_sets", "fold_locks", "fold_review", "fold_random")
ROWS = [
    pytest.param(row, id=f"{table}: {row['name']}")
    for table in TABLES
    for row in json.loads((CASES / f"{table}.json").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("row", ROWS)
def test_state_is_that_of_the_table(row: Any) -> None:
    assert canonical(folded(row["operations"], row["held"], row["refused"])) == canonical(row["expect"])


@pytest.mark.parametrize("row", ROWS)
def test_order_of_arrival_never_matters(row: Any) -> None:
    chance = random.Random(row["name"])
    for _ in range(5):
        mixed = chance.sample(row["operations"], len(row["operations"]))
        held = chance.sample(row["held"], len(row["held"]))
        assert canonical(folded(mixed, held, row["refused"])) == canonical(row["expect"])


@pytest.mark.parametrize("row", ROWS)
def test_what_comes_twice_counts_once(row: Any) -> None:
    twice = [*row["operations"], *deepcopy(row["operations"])]
    assert canonical(folded(twice, row["held"] * 2, row["refused"] * 2)) == canonical(row["expect"])


def test_counted_or_held_late_work_gives_the_same_state() -> None:
    rows = {row.values[0]["name"]: row.values[0]["expect"] for row in ROWS}  # type: ignore[index]
    counted = rows["a late answer that the signature has not seen changes nothing"]
    held = rows["the same whether the server counted or held it"]
    assert canonical(counted) == canonical(held)


def test_a_locked_record_is_untouched_by_anything_later() -> None:
    """E1 and E2: later work is listed, never mixed in."""
    li, cai, ma = police(), health(), police(2, "ma")
    checked(li)
    hygiene(cai)
    li.confirm(make_package(), [*li.log, *cai.log])
    locked = folded([*li.log, *cai.log])["parts"]
    ma.answer("security", "b1", "fail")
    ma.finding("licence", "pending_follow_up")
    ma.photo("security", "b2")
    ma.write("photo.withdraw", {"target": li.log[3]["id"], "reason": "晚了"})
    later = folded([*li.log, *cai.log, *ma.log])["parts"]
    assert later[POLICE]["record"] == locked[POLICE]["record"]
    assert later[POLICE]["late"] == [operation["id"] for operation in ma.log]
    assert later[HEALTH] == locked[HEALTH]


def test_clocks_decide_nothing() -> None:
    """I8: with clocks off by a day the values, conflicts and states are the same."""
    states = []
    for shift in (0, 1800):
        li, ma = Phone(1, "li", POLICE, shift_s=shift), Phone(2, "ma", POLICE)
        first = li.answer("security", "b1", "pass")
        ma.answer("security", "b1", "fail", seen=[first["id"]])
        ma.answer("security", "b2", "pass")
        li.answer("security", "b2", "fail")
        part = folded([*li.log, *ma.log])["parts"][POLICE]
        states.append((part["record"], part["conflicts"], part["state"]))
    assert states[0] == states[1]


def test_a_rechained_copy_is_the_same_fact() -> None:
    """A phone that took a new device id sends its operations again under it."""
    li, new = police(), Phone(1, "li", POLICE, "phone-1b")
    li.answer("security", "b1", "pass")
    new.answer("security", "b1", "pass")
    one, other = folded([*li.log, *new.log]), folded([*new.log, *li.log])
    assert canonical(one) == canonical(other)
    assert len(one["parts"][POLICE]["registers"]["answer/security/b1"]["values"][0]["heads"]) == 1


# -- any history at all

STEP = st.tuples(
    st.sampled_from(
        ["answer", "finding", "photo", "withdraw", "ready", "reopen", "settle", "amend", "confirm"]
    ),
    st.integers(0, 2),
    st.integers(0, 3),
    st.booleans(),
)


@settings(max_examples=60)
@given(st.lists(STEP, max_size=24), st.randoms(use_true_random=False))
def test_any_history_folds_the_same_in_any_order(steps: list[Any], chance: random.Random) -> None:
    """I3 and I7, and I2: a prefix replayed twice changes nothing."""
    operations = history(steps)
    expect = canonical(folded(operations))
    mixed = chance.sample(operations, len(operations))
    assert canonical(folded([*mixed, *operations[: len(operations) // 2]])) == expect


@settings(max_examples=60)
@given(st.lists(STEP, max_size=24))
def test_no_concurrent_value_vanishes(steps: list[Any]) -> None:
    """I6: every value that nobody has seen stands in its register, or in the list of what came late."""
    operations = parsed(history(steps))
    part = folded([op.as_json() for op in operations])["parts"].get(POLICE)
    seen = {(register, name) for op in operations for register, names in op.base.items() for name in names}
    for op in operations:
        register = register_of(op)
        if part is None or register is None or (register, op.id) in seen or op.kind == "confirm":
            continue
        values = part["registers"].get(register, {"values": []})["values"]
        heads = {head["id"] for value in values for head in value["heads"] if value["value"] == value_of(op)}
        assert op.id in heads or op.id in part["late"]


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=16), st.lists(STEP, max_size=8))
def test_a_locked_value_never_changes_without_an_amendment(before: list[Any], after: list[Any]) -> None:
    """E1 for any later history without amend and without a new confirmation."""
    operations = history([*before, ("ready", 0, 0, True), ("confirm", 0, 0, True)])
    locked = folded(operations)["parts"].get(POLICE)
    if locked is None or locked["lock"] is None:
        return
    phone = Phone(9, "ma", POLICE)
    for kind, _, what, _ in after:
        if kind not in ("amend", "confirm"):
            act(phone, kind, what, [*operations, *phone.log])
    assert folded([*operations, *phone.log])["parts"][POLICE]["record"] == locked["record"]
