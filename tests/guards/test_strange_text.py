"""Does text that no database keeps, or far too much of it, get a refusal everywhere and never a failure?"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from tests.factories.desk import LEAD
from tests.factories.journey import tus_headers
from tests.guards.conftest import Standing
from tests.guards.permissions import ANY, INSPECTOR, PUBLIC, Rule
from tests.guards.world import account, asked, routes, url_of

REFUSED = {400, 403, 404, 405, 409, 413, 415, 422, 428}
NUL, HALF, LONG = "a\x00b", "\ud800", "长" * 1200


def parameters(app: Flask, place: str) -> Iterator[tuple[str, str, str]]:
    """path, method and name of every parameter in this place, as the OpenAPI document has them."""
    for path, methods in app.test_client().get("/api/openapi.json").json["paths"].items():
        for method, said in methods.items():
            shared = methods.get("parameters", []) if isinstance(methods, dict) else []
            if method == "parameters":
                continue
            for one in [*shared, *said.get("parameters", [])]:
                if one["in"] == place:
                    yield path, method, one["name"]


def with_text(value: Any, text: str) -> Any:
    """The same shape, with another text in every place for one."""
    if isinstance(value, str):
        return text
    if isinstance(value, dict):
        return {name: with_text(member, text) for name, member in value.items()}
    return [with_text(member, text) for member in value] if isinstance(value, list) else value


def who_may(standing: Standing, rule: Rule) -> Any:
    """A client that gets past the guard of a route."""
    if rule.may == PUBLIC:
        return standing.client_for()
    role = INSPECTOR if rule.may == ANY else sorted(rule.may)[0]
    return standing.client_for(account(role, LEAD))


@pytest.mark.parametrize(
    "text", ["%00", "a%00b", "%ED%A0%80", "a" * 3000], ids=["nul", "inside", "half", "long"]
)
def test_no_strange_address_fails(standing: Standing, text: str) -> None:
    for route, method, rule in routes(standing.app):
        if not route.arguments:
            continue
        url = url_of(route, {}).replace("x" * 64, text)
        answer = who_may(standing, rule).open(url, method=method, json=rule.body or {})
        genuine = route.endpoint == "papers.look_up" and "%00" not in text
        assert answer.status_code in ({200} if genuine else REFUSED | {412}), (
            method,
            url[:80],
            answer.text[:300],
        )


@pytest.mark.parametrize("text", [NUL, LONG, "', --", "%"], ids=["nul", "long", "quote", "wildcard"])
def test_no_strange_question_fails(standing: Standing, text: str) -> None:
    asked_for: dict[str, dict[str, str]] = {}
    for path, method, name in parameters(standing.app, "query"):
        if method == "get":
            asked_for.setdefault(path, {})[name] = text
    assert {"q", "region", "task"} <= asked_for["/api/public/results"].keys()
    for route, method, rule in routes(standing.app):
        names = asked_for.get(str(route).replace("<", "{").replace(">", "}"), {})
        client = who_may(standing, rule) if names else None
        for name in names if method == "GET" else ():
            answer = client.get(url_of(route, standing.world), query_string={name: text})
            assert answer.status_code in REFUSED | {200}, (str(route), name, answer.text[:300])
            assert text != NUL or answer.status_code in REFUSED, (str(route), name)


@pytest.mark.parametrize("text", [NUL, HALF, LONG * 4], ids=["nul", "half", "long"])
def test_no_strange_content_fails(standing: Standing, text: str) -> None:
    for route, method, rule in routes(standing.app):
        if rule.body:
            strange = Rule(rule.may, body=with_text(rule.body, text))
            answer = asked(who_may(standing, rule), route, method, strange, standing.world)
            assert answer.status_code in REFUSED, (str(route), answer.status_code, answer.text[:300])
    secret = json.dumps({"username": text, "password": text})
    answer = standing.client_for().post("/api/accounts/login", data=secret, content_type="application/json")
    assert answer.status_code in REFUSED | {401}, answer.text[:300]


@pytest.mark.parametrize("text", [NUL, LONG], ids=["nul", "long"])
def test_no_strange_upload_fails(standing: Standing, text: str) -> None:
    client = standing.client_for(account(INSPECTOR, LEAD))
    answer = client.post("/api/evidence/files/", headers=tus_headers(text, "ab" * 32, b"x"), data=b"x")
    assert answer.status_code in REFUSED, answer.text[:300]
