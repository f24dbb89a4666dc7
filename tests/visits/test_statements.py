"""Does taking in stay cheap? How many statements a bundle costs, and that writers queue; never how long it takes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, event

from onevisit.core.db import db
from onevisit.core.turns import turn_to_write
from onevisit.visits.wire import _deeper_than
from tests.factories.desk import LEAD
from tests.factories.phone import check_part, make_phone, server_state
from tests.factories.visits import make_scene

Clients = Callable[..., Any]
MOST = 27  # of a first bundle, with BEGIN, who asks, and the epoch; the tests keep no journal
MOST_LOCKS = 2  # on PostgreSQL alone: operations, trail


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_first_bundle_costs_few_statements(app: Flask, client_for: Clients) -> None:
    scene = make_scene()
    phone = make_phone(scene, client_for, LEAD)
    check_part(phone, scene)
    with counted() as seen:
        told = phone.send()
    assert {one["verdict"] for one in told["verdicts"]} == {"applied"}
    asked = [one for one in seen if not one.startswith("BEGIN") and "pg_advisory" not in one]
    assert len(asked) <= MOST, "\n".join(asked)
    assert sum("pg_advisory" in one for one in seen) <= MOST_LOCKS


def test_more_operations_cost_no_more_statements(app: Flask, client_for: Clients) -> None:
    scene = make_scene()
    phone = make_phone(scene, client_for, LEAD)
    counts = []
    for some in (1, 5, 60):
        for _ in range(some):
            phone.write("note.add", {"item": None, "entry": None, "text": "正常"})
        with counted() as seen:
            phone.send()
        counts.append(len(seen))
    assert counts[1] == counts[2] <= counts[0]


def test_what_needs_the_published_list_still_asks_for_it(app: Flask, client_for: Clients) -> None:
    scene = make_scene()
    phone = make_phone(scene, client_for, LEAD)
    phone.arrive()
    body = {
        "item": "strange",
        "name": "没有公布的事项",
        "code": None,
        "legal_basis": None,
        "checklist": None,
        "reason": "现场",
    }
    phone.write("item.add", body)
    assert phone.verdicts(phone.send()) == [("applied", None), ("held", "not_on_list")]
    db.session.rollback()
    assert server_state(scene.visit.id)["held"][0]["reason"] == "not_on_list"


@pytest.mark.parametrize(
    ("value", "deeper"), [(1, False), ([], False), ([[1]], False), ([[[]]], True), ({"a": {"b": []}}, True)]
)
def test_depth_is_that_of_brackets(value: Any, deeper: bool) -> None:
    assert _deeper_than(value, 2) is deeper


def test_only_one_writes_and_the_others_wait_their_turn(tmp_path: Path) -> None:
    engine, inside, most = create_engine(f"sqlite:///{tmp_path / 'some.db'}"), [0], [0]

    def write() -> None:
        for _ in range(50):
            with turn_to_write(engine):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
