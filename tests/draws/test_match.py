"""Is the matching that of draw.md §5? Held against a plain reading of it, one step at a time."""

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onevisit.draws.lot import Frozen, Inspector
from onevisit.draws.match import MatchVisit, Need, Shortfall, Team, match_inspectors

DEPARTMENTS = ("632525-fg", "632525-sj")
NEIGHBOURS = {"632525-fg": ["632521-fg"], "632525-sj": ["632521-fg"]}
SUBJECTS = [f"S{number}" for number in range(6)]
KEY = bytes(range(32))


def leaf(text):
    return hashlib.sha256(text.encode()).hexdigest()


people = st.builds(
    lambda department, certificate, valid_to, skills, state, recusals: Inspector(
        "", department, certificate, valid_to, tuple(sorted(skills)), state, tuple(sorted(recusals))
    ),
    st.sampled_from([*DEPARTMENTS, "632521-fg", "632525-ga"]),
    st.sampled_from(["示例证", "示例证", "示例证", ""]),
    st.sampled_from(["2027-06-30", "2028-01-01", "2027-06-29"]),
    st.sets(st.sampled_from(["消防", "特种设备"])),
    st.sampled_from(["active", "active", "active", "left"]),
    st.sets(st.sampled_from(SUBJECTS), max_size=2),
)
libraries = st.lists(people, max_size=12).map(
    lambda some: [
        Frozen(
            leaf(f"i{at}"), "", Inspector(f"I{at}", *[getattr(one, name) for name in Inspector.__slots__[1:]])
        )
        for at, one in enumerate(some)
    ]
)
needs_ = st.tuples(
    *(
        st.builds(Need, st.just(department), st.integers(1, 3), st.sampled_from([None, "消防"]))
        for department in DEPARTMENTS
    )
)
visits_ = st.lists(st.tuples(needs_, st.sets(st.sampled_from(["I0", "I1"]))), max_size=6).map(
    lambda some: [
        MatchVisit(leaf(SUBJECTS[at]), SUBJECTS[at], needs, frozenset(already))
        for at, (needs, already) in enumerate(some)
    ]
)


def plainly(visits, inspectors, neighbours):
    """§5 word for word: one inspector at a time, the whole library looked through each time."""
    load = {one.leaf: 0 for one in inspectors}
    teams, shortfalls = [], []
    for visit in visits:
        on_visit = {one.leaf for one in inspectors if one.entry.id in visit.already}
        for need in visit.needs:
            homes = {need.department, *neighbours.get(need.department, ())}
            chosen, open_places = [], need.number
            for place in range(need.number):
                able = [
                    one
                    for one in inspectors
                    if one.entry.department in homes
                    and one.entry.state == "active"
                    and one.entry.certificate
                    and one.entry.valid_to >= "2027-06-30"
                    and visit.subject not in one.entry.recusals
                    and one.leaf not in on_visit
                ]
                if place == 0 and need.speciality:
                    able = [one for one in able if need.speciality in one.entry.specialities]
                if able:

                    def order(one, visit=visit):
                        message = f"match|{visit.leaf}|{one.leaf}".encode()
                        return load[one.leaf], hmac.digest(KEY, message, "sha256"), one.leaf

                    best = min(able, key=order)
                    chosen.append(best)
                    on_visit.add(best.leaf)
                    open_places -= 1
            for one in chosen:
                load[one.leaf] += 1
            teams.append(Team(visit.leaf, need.department, tuple(one.leaf for one in chosen)))
            if open_places:
                held = any(need.speciality in one.entry.specialities for one in chosen)
                shortfalls.append(
                    Shortfall(visit.leaf, need.department, open_places, None if held else need.speciality)
                )
    return teams, shortfalls


@settings(max_examples=300)
@given(visits_, libraries, st.sampled_from([{}, NEIGHBOURS]))
def test_matching_is_the_plain_reading_of_the_specification(visits, inspectors, neighbours):
    matching = match_inspectors(visits, inspectors, DEPARTMENTS, KEY, "2027-06-30", neighbours)
    teams, shortfalls = plainly(visits, inspectors, neighbours)
    assert list(matching.teams) == teams
    assert list(matching.shortfalls) == shortfalls
    assert all(team.leader == (team.inspectors[0] if team.inspectors else None) for team in matching.teams)


@given(visits_, libraries)
def test_everybody_is_in_a_pool_or_listed_with_a_reason(visits, inspectors):
    matching = match_inspectors(visits, inspectors, DEPARTMENTS, KEY, "2027-06-30", NEIGHBOURS)
    pooled = set().union(*matching.pools.values())
    left_out = {one.inspector for one in matching.ineligible if one.visit is None}
    assert pooled | left_out == {one.leaf for one in inspectors}
    assert not pooled & left_out


def test_work_is_spread_evenly():
    inspectors = [
        Frozen(leaf(f"i{at}"), "", Inspector(f"I{at}", DEPARTMENTS[0], "c", "2028-01-01", (), "active", ()))
        for at in range(7)
    ]
    visits = [MatchVisit(leaf(f"v{at}"), None, (Need(DEPARTMENTS[0], 2),)) for at in range(50)]
    chosen = [
        one
        for team in match_inspectors(visits, inspectors, DEPARTMENTS, KEY, "2027").teams
        for one in team.inspectors
    ]
    loads = sorted(chosen.count(one.leaf) for one in inspectors)
    assert loads[-1] - loads[0] <= 1


@pytest.mark.parametrize(
    ("shared", "departments"),
    [(False, DEPARTMENTS), (False, (*DEPARTMENTS, "632521-fg")), (True, DEPARTMENTS)],
    ids=["apart", "two departments in one share", "with a neighbour's people in both"],
)
def test_several_processes_choose_what_one_chooses(monkeypatch, shared, departments):
    inspectors = [
        Frozen(
            leaf(f"i{at}"), "",
            Inspector(
                f"I{at}", (*DEPARTMENTS, "632521-fg")[at % 3], "c", "2028-01-01", ("消防",) if at % 4 == 0 else (), "active",
                (f"S{at % 6}",),
            ),
        )
        for at in range(21)
    ]  # fmt: skip
    needs = (
        Need(DEPARTMENTS[0], 2),
        Need(DEPARTMENTS[1], 2, "消防"),
        *(Need(one, 1) for one in departments[2:]),
    )
    visits = [MatchVisit(leaf(f"v{at}"), f"S{at % 6}", needs) for at in range(300)]
    given = (visits, inspectors, departments, KEY, "2027-06-30", NEIGHBOURS if shared else {})
    alone = match_inspectors(*given)
    monkeypatch.setattr("onevisit.draws.match.MANY_PARTS", 10)
    monkeypatch.setattr("onevisit.draws.match.cores", lambda: 2)
    assert match_inspectors(*given) == alone
