"""Which histories can three phones of one department write? For property tests and the table of chance."""

from __future__ import annotations

from typing import Any

from onevisit.visits.operations import register_of
from tests.visits.phones import POLICE, Phone, folded, make_package, parsed

VALUES = ("pass", "fail", "not_applicable", None)


def history(steps: list[tuple[str, int, int, bool]]) -> list[Any]:
    """What three phones of one department may write; each sees either everything before or only its own."""
    phones = [Phone(1, "li", POLICE), Phone(2, "ma", POLICE), Phone(3, "li", POLICE)]
    for kind, who, what, sees_all in steps:
        phone = phones[who]
        known = [op for each in (phones if sees_all else [phone]) for op in each.log]
        act(phone, kind, what, known)
    return [operation for phone in phones for operation in phone.log]


def act(phone: Phone, kind: str, what: int, known: list[Any]) -> None:
    register = f"answer/security/b{what % 2}"
    seen = [op.id for op in parsed(known) if register_of(op) == register]
    if kind == "answer":
        phone.answer("security", f"b{what % 2}", VALUES[what], seen=seen)
    elif kind == "finding":
        phone.finding("security", "no_problem" if what % 2 else "pending_follow_up")
    elif kind == "photo":
        phone.photo("security", f"b{what % 2}")
    elif kind == "withdraw":
        for target in [op for op in known if op["kind"] == "photo.add"][:1]:
            phone.write("photo.withdraw", {"target": target["id"], "reason": "重拍"})
    elif kind in ("ready", "reopen"):
        body = {} if kind == "ready" else {"reason": "还没查完"}
        seen = [op["id"] for op in known if op["kind"] in ("part.ready", "part.reopen")]
        phone.write(f"part.{kind}", body, base={f"ready/{POLICE}": seen})
    elif kind in ("settle", "amend"):
        value = {"value": VALUES[what], "note": "商定", "phrases": []}
        takes = {"takes": [op["id"] for op in known if op["kind"] == "photo.add"]} if kind == "amend" else {}
        phone.write(
            kind, {"register": register, "value": value, "reason": "商定", **takes}, base={register: seen}
        )
    elif folded(known)["parts"].get(POLICE, {}).get("state") == "ready":
        phone.confirm(make_package(), known)
