"""Does every route refuse exactly whom the matrix says: other roles, other departments, other regions?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account
from tests.factories.desk import LEAD
from tests.guards.conftest import Standing
from tests.guards.permissions import ANY, JOINT, PUBLIC, ROLES, RULES
from tests.guards.world import HEADERS, account, asked, make_world, routes, url_of

from onevisit.core.db import db
from onevisit.core.trail import TrailEntry

OURS = frozenset({"api-docs.openapi_json"})
HOME = {JOINT: "632525-scjg"}
UNINVOLVED, ELSEWHERE = "632525-hb", "630103-ga"


@contextmanager
def nothing_happens() -> Iterator[None]:
    """Whoever is refused leaves no trace in the trail, which every action writes."""
    before = db.session.query(TrailEntry).count()
    yield
    db.session.rollback()
    assert db.session.query(TrailEntry).count() == before


def test_the_matrix_knows_every_route_and_no_other(standing: Standing) -> None:
    there = {route.endpoint for route in standing.app.url_map.iter_rules()} - OURS
    assert (there - RULES.keys(), RULES.keys() - there) == (set(), set())


def test_every_route_names_exactly_the_roles_of_the_matrix(standing: Standing) -> None:
    said = {name: standing.app.view_functions[name].__who__ for name in RULES}  # type: ignore[attr-defined]
    assert {name: sorted(who) for name, who in said.items()} == {
        name: sorted(rule.may) for name, rule in RULES.items()
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_is_not_named_is_refused_everywhere(standing: Standing, role: str) -> None:
    client = standing.client_for(make_account([role], HOME.get(role, LEAD)))
    with nothing_happens():
        for route, method, rule in routes(standing.app):
            if role in rule.may or rule.may in (PUBLIC, ANY):
                continue
            answer = client.open(url_of(route, {}), method=method, headers=HEADERS)
            assert answer.status_code == 403, (role, method, str(route), answer.status_code)
            assert method == "HEAD" or answer.json["code"] == "auth.forbidden", (role, str(route))


@pytest.mark.parametrize("role", ROLES)
def test_things_of_another_region_are_not_there(standing: Standing, role: str) -> None:
    client = standing.client_for(account(role, ELSEWHERE))
    with nothing_happens():
        wrong = [
            (method, str(route), answer.status_code)
            for route, method, rule in routes(standing.app)
            if rule.thing and (role in rule.may or rule.may == ANY)
            if (answer := asked(client, route, method, rule, standing.world)).status_code != 404
        ]
    assert wrong == []


@pytest.mark.parametrize("role", [one for one in ROLES if one != JOINT])
def test_a_department_without_a_part_in_it_is_refused(standing: Standing, role: str) -> None:
    client = standing.client_for(account(role, UNINVOLVED))
    with nothing_happens():
        wrong = [
            (method, str(route), answer.status_code, rule.outside)
            for route, method, rule in routes(standing.app)
            if rule.thing and (role in rule.may or rule.may == ANY)
            if role not in rule.whole
            if (answer := asked(client, route, method, rule, standing.world)).status_code != rule.outside
        ]
    assert wrong == []


INSIDE = {
    "desk": (
        "plans.entry",
        "tasks.tasks",
        "draws.room",
        "dispatches.visit",
        "visits.visit",
        "publications.publish",
    ),
    "deputy_head": ("draws.room", "visits.visit", "publication_requests.refuse"),
    "principal_head": ("dispatches.task", "visit_papers.papers"),
    JOINT: (
        "plans.plan",
        "draws.room",
        "dispatches.board",
        "visits.visit",
        "visit_papers.file",
        "evidence.file",
    ),
}


# Who publishes and who answers a request take each a world of their own: each is decided once.
@pytest.mark.parametrize(
    "together", [("desk", "principal_head", JOINT), ("deputy_head",)], ids=["desk", "deputy"]
)
def test_who_takes_part_is_let_in(
    app: Flask, client_for: Callable[..., Any], together: tuple[str, ...]
) -> None:
    world = make_world(client_for)
    for role in together:
        client = client_for(make_account([role], HOME.get(role, LEAD)))
        for route, method, rule in routes(app):
            if route.endpoint in INSIDE[role]:
                answer = asked(client, route, method, rule, world)
                assert answer.status_code == 200, (route.endpoint, answer.get_data(as_text=True)[:300])
