"""Does every route refuse exactly whom the matrix says: other roles, other departments, other regions?"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_account
from tests.factories.desk import LEAD, make_desk, make_inspector
from tests.factories.journey import make_journey, tus_headers
from tests.factories.visits import NUMBERS, picture
from tests.guards.permissions import ANY, INSPECTOR, JOINT, PUBLIC, ROLES, RULES, Rule
from werkzeug.routing import Rule as Route

from onevisit.accounts.models import Account
from onevisit.core.db import db, transaction
from onevisit.papers import issued
from onevisit.papers.terms import PaperKind

Clients = Callable[..., Any]
OURS = frozenset({"api-docs.openapi_json"})
HOME = {JOINT: "632525-scjg"}
UNINVOLVED, ELSEWHERE = "632525-hb", "630103-ga"
HEADERS = {"Tus-Resumable": "1.0.0", "If-Match": '"1"'}


def routes(app: Flask) -> Iterator[tuple[Route, str, Rule]]:
    """Every route with its method and its row of the matrix."""
    for route in app.url_map.iter_rules():
        if route.endpoint in RULES:
            methods = set(route.methods or ())
            # A HEAD beside a GET is the same view, or another one that is in the matrix by itself.
            for method in sorted(methods - {"OPTIONS"} - ({"HEAD"} if "GET" in methods else set())):
                yield route, method, RULES[route.endpoint]


def test_the_matrix_knows_every_route_and_no_other(app: Flask) -> None:
    there = {route.endpoint for route in app.url_map.iter_rules()} - OURS
    assert (there - RULES.keys(), RULES.keys() - there) == (set(), set())


def test_every_route_names_exactly_the_roles_of_the_matrix(app: Flask) -> None:
    said = {name: app.view_functions[name].__who__ for name in RULES}  # type: ignore[attr-defined]
    assert {name: sorted(who) for name, who in said.items()} == {
        name: sorted(rule.may) for name, rule in RULES.items()
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_is_not_named_is_refused_everywhere(app: Flask, client_for: Clients, role: str) -> None:
    client = client_for(make_account([role], HOME.get(role, LEAD)))
    for route, method, rule in routes(app):
        if role in rule.may or rule.may in (PUBLIC, ANY):
            continue
        answer = client.open(url_of(route, {}), method=method, headers=HEADERS)
        assert answer.status_code == 403, (role, method, str(route), answer.status_code)
        assert method == "HEAD" or answer.json["code"] == "auth.forbidden", (role, str(route))


@pytest.fixture
def world(app: Flask, client_for: Clients) -> dict[str, str]:
    """One real object of every kind, all of the police of 贵南."""
    for _ in range(50):
        next(NUMBERS)  # subjects and inspectors of the desk's draw have the first numbers
    desk = make_desk(client_for)
    draw = desk.prepared()
    journey = make_journey(client_for)
    shot = journey.shoot(picture("blue"))["body"]
    journey.walk()
    assert journey.accept().status_code == 200
    with transaction():
        paper = issued.issue(
            PaperKind.RECORD, "visit", journey.visit_id, number="示例〔2026〕0001号", digest="ab" * 32, pdf=b"%PDF-",
            sealed=False, token=issued.new_token(),
        )  # fmt: skip
        paper_id = paper.id
    late = picture("green")
    hash_ = journey.shoot(late)["body"]["hash"]
    journey.lead.send()
    headers = {**tus_headers(journey.visit_id, hash_, late), "Content-Type": "text/plain"}
    begun = journey.lead.client.post("/api/evidence/files/", headers=headers)
    assert begun.status_code == 201, begun.text
    db.session.rollback()
    return {
        "entry": desk.entry.id, "plan": desk.entry.plan_id, "task": draw["task_id"], "draw": draw["id"],
        "visit": journey.visit_id, "item": journey.scene.items[LEAD], "subject": journey.scene.visit.subject_id,
        "publication": journey.publication().id, "paper": paper_id, "file": shot["hash"],
        "upload": begun.headers["Location"].rsplit("/", 1)[1], "device": journey.lead.device,
        "inspector": journey.scene.inspectors[LEAD][0].id, "department": LEAD,
    }  # fmt: skip


def url_of(route: Route, world: dict[str, str]) -> str:
    """The address of the world's object."""
    names = {"hash_": "file", "no": "draw", "token": "visit", "code_or_token": "paper"}
    given = {name: world.get(names.get(name, name.removesuffix("_id")), "x" * 64) for name in route.arguments}
    if "upload_id" in given and not world:
        given["upload_id"] = "019fa0a0-0000-7000-8000-000000000001"
    built = route.build(given)
    assert built is not None
    return str(built[1])


def filled(value: Any, world: dict[str, str]) -> Any:
    """$names become the world's ids."""
    if isinstance(value, str) and value.startswith("$"):
        return world[value[1:]]
    if isinstance(value, dict):
        return {name: filled(member, world) for name, member in value.items()}
    return value


def asked(client: Any, route: Route, method: str, rule: Rule, world: dict[str, str]) -> Any:
    """A good request for the world's object."""
    content: dict[str, Any] = {"json": filled(rule.body, world)}
    if route.endpoint == "evidence.go_on":
        content = {"data": b"x", "content_type": "application/offset+octet-stream"}
    return client.open(
        url_of(route, world), method=method, headers={**HEADERS, "Upload-Offset": "0"},
        query_string=filled(rule.query, world), **content,
    )  # fmt: skip


def account(role: str, department: str) -> Account:
    """Somebody with this role there; an inspector is one of the library."""
    over = {"inspector_id": make_inspector(department, next(NUMBERS)).id} if role == INSPECTOR else {}
    return make_account([role], department, **over)


@pytest.mark.parametrize("role", ROLES)
def test_things_of_another_region_are_not_there(
    app: Flask, client_for: Clients, world: dict[str, str], role: str
) -> None:
    client = client_for(account(role, ELSEWHERE))
    wrong = [
        (method, str(route), answer.status_code)
        for route, method, rule in routes(app)
        if rule.thing and (role in rule.may or rule.may == ANY)
        if (answer := asked(client, route, method, rule, world)).status_code != 404
    ]
    assert wrong == []


@pytest.mark.parametrize("role", [one for one in ROLES if one != JOINT])
def test_a_department_without_a_part_in_it_is_refused(
    app: Flask, client_for: Clients, world: dict[str, str], role: str
) -> None:
    client = client_for(account(role, UNINVOLVED))
    wrong = [
        (method, str(route), answer.status_code, rule.outside)
        for route, method, rule in routes(app)
        if rule.thing and (role in rule.may or rule.may == ANY)
        if (answer := asked(client, route, method, rule, world)).status_code != rule.outside
    ]
    assert wrong == []


def test_nothing_was_changed_by_all_who_were_refused(
    app: Flask, client_for: Clients, world: dict[str, str]
) -> None:
    """The thing's own department still finds everything as it was."""
    from onevisit.core.trail import TrailEntry

    before = db.session.query(TrailEntry).count()
    for role in ROLES:
        for place in (UNINVOLVED, ELSEWHERE):
            if (role, place) == (JOINT, UNINVOLVED):
                continue
            client = client_for(account(role, place))
            for route, method, rule in routes(app):
                if rule.thing and method != "GET":
                    asked(client, route, method, rule, world)
    db.session.rollback()
    assert db.session.query(TrailEntry).count() == before


INSIDE = {
    "desk": (
        "plans.entry",
        "tasks.tasks",
        "draws.room",
        "dispatches.visit",
        "visits.visit",
        "publications.publish",
    ),
    "deputy_head": ("draws.room", "visits.visit", "publications.withhold"),
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


@pytest.mark.parametrize("role", INSIDE)
def test_who_takes_part_is_let_in(app: Flask, client_for: Clients, world: dict[str, str], role: str) -> None:
    client = client_for(account(role, HOME.get(role, LEAD)))
    for route, method, rule in routes(app):
        if route.endpoint in INSIDE[role]:
            answer = asked(client, route, method, rule, world)
            assert answer.status_code == 200, (route.endpoint, answer.get_data(as_text=True)[:300])
