"""Does a body of wrong types, or a strange question, get a refusal from every route and from every role, never a failure?"""

import json
import os
import random
from typing import Any

import pytest
from tests.factories.desk import LEAD
from tests.fuzz.mutations import changed, places, strange, text_of
from tests.guards.conftest import Standing
from tests.guards.permissions import ANY, INSPECTOR, PUBLIC, Rule
from tests.guards.test_strange_text import parameters
from tests.guards.world import HEADERS, account, filled, routes, url_of

TURNS = int(os.environ.get("ONEVISIT_TURNS", "1"))  # of every role at every route; more by hand
QUESTIONS = (
    "", "0", "-1", "1e9", "10" * 20, "NaN", "null", "true", "[]", "{}", "2026-02-30", "9999-99-99", "~", "2026-01-01~", "x~y~z",
    "\x00", "%", "' or 1=1 --", "019fa0a0-0000-7000-8000-000000000001", "长" * 300,
)  # fmt: skip


def strange_body(chance: random.Random, body: Any) -> bytes:
    """A good body with something wrong in it, or something else altogether."""
    if body and chance.random() < 0.7 and list(places(body)):
        for _ in range(chance.randrange(1, 4)):
            if list(places(body)):
                body = changed(chance, body)
        return text_of(body).encode()
    whole = [
        b"",
        b"null",
        b"[]",
        b"[[]]",
        b"0",
        b'"x"',
        b"{",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"NaN",
        b"\xff\xfe",
        b"1" * 5000,
    ]
    return chance.choice(whole) if chance.random() < 0.5 else text_of(strange(chance)).encode()


def roles_of(rule: Rule) -> list[str]:
    """Everybody who gets past the guard of a route."""
    return [""] if rule.may == PUBLIC else [INSPECTOR] if rule.may == ANY else sorted(rule.may)


@pytest.mark.parametrize("seed", [1])
def test_no_wrong_type_fails(standing: Standing, seed: int) -> None:
    chance = random.Random(seed)
    clients = {"": standing.client_for()}
    for route, method, rule in routes(standing.app):
        if method not in ("POST", "PUT", "PATCH") or route.endpoint.startswith("evidence."):
            continue
        for role in roles_of(rule):
            client = clients.setdefault(
                role, standing.client_for(account(role, LEAD)) if role else clients[""]
            )
            for _ in range(TURNS):
                body = strange_body(chance, filled(rule.body, standing.world))
                kind = chance.choice(
                    ["application/json"] * 6 + ["text/plain", "application/vnd.onevisit.sync+json"]
                )
                answer = client.open(
                    url_of(route, standing.world), method=method, data=body, content_type=kind, headers=HEADERS,
                    query_string=filled(rule.query, standing.world),
                )  # fmt: skip
                assert answer.status_code < 500, (
                    seed,
                    method,
                    str(route),
                    role,
                    body[:300],
                    answer.text[:300],
                )
                if answer.status_code >= 400:
                    assert answer.mimetype == "application/problem+json"
                    assert "." in json.loads(answer.data)["code"]


def test_no_strange_question_of_any_kind_fails(standing: Standing) -> None:
    asked_for: dict[str, set[str]] = {}
    for path, method, name in parameters(standing.app, "query"):
        if method == "get":
            asked_for.setdefault(path, set()).add(name)
    chance = random.Random(1)
    clients = {"": standing.client_for()}
    for route, method, rule in routes(standing.app):
        names = asked_for.get(str(route).replace("<", "{").replace(">", "}"), set())
        if method != "GET" or not names:
            continue
        role = roles_of(rule)[0]
        client = clients.setdefault(role, standing.client_for(account(role, LEAD)) if role else clients[""])
        for name in sorted(names):
            for text in chance.sample(QUESTIONS, min(len(QUESTIONS), 1 + TURNS)):
                answer = client.get(
                    url_of(route, standing.world),
                    query_string={**filled(rule.query, standing.world), name: text},
                )
                assert answer.status_code < 500, (str(route), name, text[:50], answer.text[:300])
                answer.close()
