"""Whatever the network does, is every saved operation at the server exactly once, and is the state the same? (I1–I4)"""

import random
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from onevisit.core.db import db
from onevisit.visits.checking import check_everything
from onevisit.visits.fold import fold
from onevisit.visits.models import StoredOperation
from tests.factories.desk import LEAD, PARTNER
from tests.factories.phone import RealPhone, make_phone, server_state
from tests.factories.visits import Scene, make_scene
from tests.visits.phones import parsed

Clients = Callable[..., Any]


def work(phone: RealPhone, scene: Scene, chance: random.Random) -> None:
    """Something an inspector may do, having seen what his own phone knows."""
    item = scene.items[phone.part or ""]
    act = chance.randrange(4)
    if act == 0:
        seen = (
            [one["id"] for one in phone.log if one["kind"] == "answer.set"][-1:]
            if chance.random() < 0.7
            else []
        )
        phone.answer(item, "e1", chance.choice(["pass", "fail", None]), seen=seen)
    elif act == 1:
        phone.write("note.add", {"text": f"第 {len(phone.log)} 条", "item": item, "entry": None})
    elif act == 2:
        phone.finding(item, chance.choice(["no_problem", "pending_follow_up"]))
    else:
        phone.arrive()


def deliver(phone: RealPhone, chance: random.Random) -> None:
    """A stretch of the log travels: perhaps an old one, perhaps past a gap, perhaps twice, perhaps unanswered."""
    first = chance.randint(1, len(phone.log))
    last = chance.randint(first, len(phone.log))
    for _ in range(chance.choice([1, 1, 2])):
        phone.post([phone.bundle(first, last)])


@pytest.mark.parametrize("seed", range(4))
def test_drop_double_reorder_and_heal(app: Flask, client_for: Clients, seed: int) -> None:
    chance, scene = random.Random(seed), make_scene()
    phones = [make_phone(scene, client_for, part, n) for part in (LEAD, PARTNER) for n in range(2)]
    for _ in range(40):
        phone = chance.choice(phones)
        work(phone, scene, chance)
        if chance.random() < 0.5:
            deliver(phone, chance)
    for phone in phones:
        if phone.log:
            phone.send(1, len(phone.log))
    written = [operation for phone in phones for operation in phone.log]
    assert db.session.scalars(select(func.count()).select_from(StoredOperation)).one() == len(written)
    assert server_state(scene.visit.id) == fold(parsed(written))
    assert check_everything()["ok"]
    read: list[Any] = []
    cursor, more = None, True
    while more:
        page = phones[0].changes(cursor, limit=7)
        read += [one["operation"] for one in page["operations"]]
        cursor, more = page["cursor"], page["more"]
    assert fold(parsed(read)) == server_state(scene.visit.id)
