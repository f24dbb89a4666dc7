"""Does the visit code prove itself without the server, and does it keep quiet where it must?"""

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from onevisit.core.db import db
from onevisit.draws.keys import draw_key
from onevisit.draws.signing import signature_checker, signer
from onevisit.tasks.models import Task
from onevisit.visits.code import code_url
from onevisit.visits.signed_code import LONGEST, code_text
from tests.factories.desk import LEAD
from tests.factories.visits import make_scene

CASES = json.loads(Path("tests/cases/visit_code.json").read_text(encoding="utf-8"))
Clients = Callable[..., Any]


def facts_in(text: str) -> dict[str, Any]:
    """What stands in the second last place."""
    body = text.split(".")[2]
    packed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    return dict(json.loads(zlib.decompress(packed, -15)))


def door(parts: int = 2, items: int = 2) -> dict[str, Any]:
    """What is said at the door, all made up."""
    return {
        "visit_no": "632525-2026-26-1-03", "task": "2026年旅馆业监督抽查", "issuer": "示例县市场监管领域部门联合监管",
        "subject": {"name": "示例旅馆7号", "credit_code": "92632525MA70000007"}, "year_count": 1, "cap": 2,
        "window": {"start": "2026-04-01", "end": "2026-11-30"},
        "parts": [
            {
                "department": f"示例县第{part}局", "initiating": part == 0,
                "inspectors": [
                    {"name": f"示例·{part}{one}", "certificate": f"示{part}{one:03d}", "leads": one == 0} for one in (1, 2)
                ],
                "items": [f"第{part}部门的第{one}个检查事项（示例）" for one in range(items)],
            }
            for part in range(parts)
        ],
    }  # fmt: skip


def test_the_code_on_the_phone_carries_the_door_signed(client_for: Clients) -> None:
    """Anybody with the published key checks it; one other sign and it is nobody's."""
    scene = make_scene()
    where, _, said = code_url(scene.visit.id).partition("#")
    assert len(where) + 1 + len(said) <= LONGEST
    key = client_for(None).get("/api/public/draws/key").json
    check = signature_checker({key["kid"]: key["pem"].encode()})
    head, _, signature = said.rpartition(".")
    assert check(key["kid"], head.encode(), signature)
    assert not check(key["kid"], head[:-1].encode() + (b"A" if head[-1] != "A" else b"B"), signature)
    told = facts_in(said)
    assert told["p"][0][1][0] == [scene.inspectors[LEAD][0].name, scene.inspectors[LEAD][0].certificate_no, 1]
    assert code_url(scene.visit.id) == f"{where}#{said}"


def test_a_sensitive_visit_says_nothing_behind_the_address(client_for: Clients) -> None:
    scene = make_scene()
    db.session.get_one(Task, scene.visit.task_id).sensitive = True
    db.session.commit()
    assert "#" not in code_url(scene.visit.id)


@pytest.mark.parametrize(("items", "names"), [(3, True), (120, False)])
def test_item_names_give_way_before_the_code_gets_too_dense(
    client_for: Clients, items: int, names: bool
) -> None:
    text = code_text(door(3, items), "2026-11-09", "k", draw_key().sign, LONGEST - 60)
    assert text is not None
    told = facts_in(text)["p"][0][2]
    assert (told == items) is not names
    assert len(text) <= LONGEST - 60


def test_where_not_even_that_has_room_nothing_is_said(client_for: Clients) -> None:
    assert code_text(door(40), "2026-11-09", "k", draw_key().sign, 300) is None


def test_the_frozen_codes_are_made_the_same() -> None:
    """The browser reads these very texts (pwa/src/rules/visitCode.test.ts)."""
    made_up = ec.derive_private_key(CASES["private_number"], ec.SECP256R1())
    plain = serialization.NoEncryption()
    sign = signer(made_up.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    for case in CASES["good"]:
        assert code_text(case["door"], case["issued"], CASES["kid"], sign, case["room"]) == case["text"]
