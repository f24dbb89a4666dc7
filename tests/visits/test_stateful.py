"""Do the server's HTTP answers and records agree with sync.md, whatever phones do in whatever order?

Hypothesis drives several phones of two departments and a stranger; the oracle is plain dicts (sync_oracle.py).
`ONEVISIT_EXAMPLES=500 pytest tests/visits/test_stateful.py` walks longer.
"""

import json
import os
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from onevisit.core.db import db
from onevisit.visits.checking import check_everything
from onevisit.visits.manifest import manifest
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER, make_inspector
from tests.factories.phone import RealPhone, make_phone
from tests.factories.visits import NUMBERS, make_scene
from tests.visits.phones import confirmation, folded
from tests.visits.sync_oracle import Device, Oracle, register_of

PARTS = (LEAD, PARTNER)
THEN = st.sampled_from([True, True, True, False])
PHONES = st.integers(
    0, 6
)  # leader (two phones), colleague, partner's leader, partner's colleague, stranger, leader's third
MINE = st.sampled_from([True, True, True, True, False])
Json = Any


def machine_of(client_for: Callable[..., Any]) -> type[RuleBasedStateMachine]:
    """The machine over one application."""

    class Phones(RuleBasedStateMachine):
        """One visit; a step is something a person does, or the network."""

        def __init__(self) -> None:
            super().__init__()
            self.scene = make_scene()
            who = [(LEAD, 0), (LEAD, 0), (LEAD, 1), (PARTNER, 0), (PARTNER, 1)]
            self.phones: list[RealPhone] = [
                make_phone(self.scene, client_for, part, one) for part, one in who
            ]
            stranger = make_account(["inspector"], LEAD, inspector_id=make_inspector(LEAD, next(NUMBERS)).id)
            self.phones.append(make_phone(self.scene, client_for, LEAD, account=stranger))
            self.phones.append(make_phone(self.scene, client_for, LEAD, 0))
            teams = {part: {one.id for one in self.scene.inspectors[part]} for part in PARTS}
            leaders = {part: self.scene.inspectors[part][0].id for part in PARTS}
            self.oracle = Oracle(leaders[LEAD], leaders, teams)
            for phone in self.phones:
                self.oracle.devices[phone.device] = Device(phone.by)

        # -- somebody writes

        def wrote(self, phone: RealPhone, operation: Json, **more: Any) -> None:
            self.oracle.devices[phone.device].log.append({**deepcopy(operation), **more})

        def base(self, phone: RealPhone, part: str, register: str, sees_all: bool) -> dict[str, list[str]]:
            own = [one["id"] for one in phone.log if register_of(one) == register]
            seen = self.oracle.heads(part, register) if sees_all else own[-1:]
            return {register: seen} if seen else {}

        @rule(
            at=PHONES,
            value=st.sampled_from(["pass", "fail", "not_applicable"]),
            mine=MINE,
            sees_all=st.booleans(),
            then=THEN,
        )
        def answers(self, at: int, value: str, mine: bool, sees_all: bool, then: bool) -> None:
            """In the own part, or by mistake in the other one."""
            phone = self.phones[at]
            part = phone.part if mine else next(one for one in PARTS if one != phone.part)
            item = self.scene.items[part or ""]
            base = self.base(phone, part or "", f"answer/{item}/e1", sees_all)
            body = {"item": item, "entry": "e1", "value": value, "note": None, "phrases": []}
            self.wrote(phone, phone.write("answer.set", body, base=base, part=part))
            self.sends(at) if then else None

        @rule(at=PHONES, number=st.integers(0, 9), mine=MINE, then=THEN)
        def notes(self, at: int, number: int, mine: bool, then: bool) -> None:
            phone = self.phones[at]
            part = phone.part if mine else next(one for one in PARTS if one != phone.part)
            body = {"text": f"备注 {number}", "item": None, "entry": None}
            self.wrote(phone, phone.write("note.add", body, part=part))
            self.sends(at) if then else None

        @rule(
            at=PHONES,
            ready=st.sampled_from([True, True, False]),
            sees_all=st.sampled_from([True, True, False]),
        )
        def says_ready(self, at: int, ready: bool, sees_all: bool) -> None:
            phone = self.phones[at]
            base = self.base(phone, phone.part or "", f"ready/{phone.part}", sees_all)
            body = {} if ready else {"reason": "还没查完"}
            self.wrote(phone, phone.write("part.ready" if ready else "part.reopen", body, base=base))

        @rule(part=st.sampled_from(PARTS))
        def finishes(self, part: str) -> None:
            """A leader of a part sees everything that came, gives the answer that stands, and is ready."""
            at = 0 if part == LEAD else 3
            phone, item = self.phones[at], self.scene.items[part]
            self.sends(at)
            register = f"answer/{item}/e1"
            body = {"item": item, "entry": "e1", "value": "pass", "note": None, "phrases": []}
            self.wrote(
                phone, phone.write("answer.set", body, base={register: self.oracle.heads(part, register)})
            )
            steps = {f"ready/{part}": self.oracle.heads(part, f"ready/{part}")}
            self.wrote(phone, phone.write("part.ready", {}, base=steps))
            self.sends(at)

        @rule(at=PHONES, wrong=st.sampled_from(["unknown", "body", "answer", "by"]))
        def writes_nonsense(self, at: int, wrong: str) -> None:
            """From a later version, unreadable, of another type, in another's name."""
            phone = self.phones[at]
            item = self.scene.items[phone.part or ""]
            if wrong == "unknown":
                self.wrote(phone, phone.write("from.the.future", {"anything": [1]}))
            elif wrong == "body":
                self.wrote(phone, phone.write("note.add", {"text": 5}), bad="bad_body")
            elif wrong == "by":
                other = self.phones[(at + 2) % 5].by
                body = {"text": "备注 0", "item": None, "entry": None}
                self.wrote(phone, phone.write("note.add", body, by=other))
            else:
                body = {"text": "x" * 70_000, "item": item, "entry": None}
                self.wrote(phone, phone.write("note.add", body), bad="too_large")

        @rule(chained=st.sampled_from([(0, 1), (1, 0), (0, 6)]), back=st.integers(0, 5))
        def chains_anew(self, chained: tuple[int, int], back: int) -> None:
            """A cloned storage: the same fact stands in another log of the same person, and counts once."""
            source, target = (self.phones[one] for one in chained)
            if back < len(source.log):
                at = len(source.log) - 1 - back
                kept = {name: source.log[at][name] for name in ("id", "base", "at", "by", "part")}
                there = {entry["id"] for entry in target.log}
                if kept["id"] not in there:
                    told = self.oracle.devices[source.device].log[at]
                    more = {name: told[name] for name in ("bad", "parts") if name in told}
                    self.wrote(
                        target, target.write(source.log[at]["kind"], source.log[at]["body"], **kept), **more
                    )

        # -- the network

        def sent(self, phone: RealPhone, first: int, last: int) -> None:
            answer = phone.post([phone.bundle(first, last)])
            assert answer.status_code == 200, answer.text
            told = json.loads(answer.data)["answers"][0]
            code, verdicts = self.oracle.arrives(phone.device, first, last)
            assert told["code"] == code, (told, code)
            assert told["accepted_to"] == self.oracle.devices[phone.device].accepted_to
            assert told["expected"] == told["accepted_to"] + 1
            assert len(told["verdicts"]) == len(verdicts)
            for one, (verdict, reasons, again) in zip(told["verdicts"], verdicts, strict=True):
                assert (one["verdict"], one["duplicate"]) == (verdict, again), (one, verdict, reasons, again)
                assert one["reason"] in (reasons or {None}), (one, reasons)

        @rule(at=PHONES)
        def sends(self, at: int) -> None:
            """What is not acknowledged."""
            phone = self.phones[at]
            first = self.oracle.devices[phone.device].accepted_to + 1
            if first <= len(phone.log):
                self.sent(phone, first, len(phone.log))

        @rule(at=PHONES, first=st.integers(1, 12), length=st.integers(1, 6))
        def sends_a_stretch(self, at: int, first: int, length: int) -> None:
            """Again, past a gap, in another order."""
            phone = self.phones[at]
            if first <= len(phone.log):
                self.sent(phone, first, min(len(phone.log), first + length - 1))

        # -- leaders

        @precondition(lambda self: len(self.oracle.verdicts) > 6)
        @rule(at=st.sampled_from([1, 2, 4, 6]))
        def revokes(self, at: int) -> None:
            """A lost phone: what comes from it from now on is held."""
            phone, leader = self.phones[at], self.phones[0]
            url = f"/api/visits/{self.scene.visit.id}/phones/{phone.device}/revoke"
            answer = (leader if phone.part == LEAD else self.phones[3]).client.post(
                url, json={"reason": "示例：丢失"}
            )
            if answer.status_code == 200:
                self.oracle.devices[phone.device].revoked = True
            else:
                assert answer.status_code in (403, 404, 409, 422), answer.text

        @precondition(lambda self: self.oracle.held)
        @rule(which=st.integers(0, 50), right=MINE)
        def adopts(self, which: int, right: bool) -> None:
            """The leader of the part takes in what was held; another's leader cannot."""
            open_ = [
                one
                for one in sorted(self.oracle.held)
                if self.oracle.operations[one]["part"] not in self.oracle.frozen
            ]
            known = [
                one
                for one in open_
                if self.oracle.operations[one]["kind"] in ("answer.set", "note.add", "part.ready")
            ]
            if not known:
                return
            name = known[which % len(known)]
            part = self.oracle.operations[name]["part"]
            phone = self.phones[0 if part == LEAD else 3] if right else self.phones[2 if part == LEAD else 4]
            self.wrote(phone, phone.write("adopt", {"operation": name, "reason": "采纳"}, part=part))
            self.sends(self.phones.index(phone))

        @precondition(lambda self: any(self.oracle.state(part) == "ready" for part in PARTS))
        @rule()
        def confirms(self) -> None:
            """The leader has everything, the subject signs, what is ready is locked at once."""
            phone = self.phones[0]
            self.sends(0)
            known = phone.changes()["operations"]
            counted = [one["operation"] for one in known if one["verdict"] == "applied"]
            held = [
                {"operation": one["operation"], "reason": one["reason"]}
                for one in known
                if one["verdict"] == "held"
            ]
            places = [(one["operation"]["device"], one["operation"]["seq"]) for one in known]
            filled = [
                place
                for place, one in zip(places, known, strict=True)
                if one["verdict"] in ("refused", "duplicate")
            ]
            made = manifest(
                phone.package(),
                folded(counted, held, [{"device": d, "seq": s} for d, s in filled]),
                "2026-11-10T11:16:00+08:00",
            )
            signed = phone.write("confirm", confirmation(made), part=None)
            ready = [part for part in PARTS if self.oracle.state(part) == "ready"]
            assert sorted(part["department"]["id"] for part in made["parts"]) == sorted(ready)
            self.wrote(phone, signed, parts=ready)
            self.sends(0)

        @precondition(lambda self: self.oracle.frozen)
        @rule(at=PHONES, part=st.sampled_from(PARTS), value=st.sampled_from(["pass", "fail"]))
        def amends(self, at: int, part: str, value: str) -> None:
            """After the signature a change is an amendment: a new version, the old one kept."""
            phone = self.phones[at]
            if part not in self.oracle.frozen:
                return
            register = f"answer/{self.scene.items[part]}/e1"
            body = {
                "register": register,
                "value": {"value": value, "note": None, "phrases": []},
                "reason": "笔误",
                "takes": [],
            }
            base = {register: seen} if (seen := self.oracle.heads(part, register)) else {}
            self.wrote(phone, phone.write("amend", body, base=base, part=part))
            self.sends(at)

        # -- what is so

        @invariant()
        def the_record_is_what_the_oracle_says(self) -> None:
            """As the leader's screen gets it."""
            if not self.oracle.verdicts:
                return
            db.session.rollback()
            shown = self.phones[0].client.get(f"/api/visits/{self.scene.visit.id}").json
            for part in PARTS:
                there = shown["record"]["parts"].get(
                    part, {"state": "open", "registers": {}, "record": {"notes": []}, "version": 1}
                )
                assert there["state"] == self.oracle.state(part), part
                found = {
                    name: sorted((one["value"]["value"] for one in register["values"]), key=str)
                    for name, register in there["registers"].items() if name.startswith("answer/")
                }  # fmt: skip
                assert found == {name: self.oracle.values(part, name) for name in self.oracle.registers(part)}
                assert sorted(note["text"] for note in there["record"]["notes"]) == self.oracle.notes(part)
                assert there["version"] == self.oracle.version(part)
            assert {one["id"] for one in shown["held"]} == self.oracle.held
            logs = {one["device"]: one["accepted_to"] for one in shown["logs"]}
            assert logs == {
                name: one.accepted_to for name, one in self.oracle.devices.items() if one.accepted_to
            }

        def teardown(self) -> None:
            """Everything that waits is sent: nothing is lost, nothing is there twice, and what is kept fits together."""
            for at in range(len(self.phones)):
                self.sends(at)
            self.the_record_is_what_the_oracle_says()
            report = check_everything()
            assert report["ok"], report

    return Phones


EXAMPLES = {"sqlite": 12, "postgresql": 4}


def test_phones_and_server_agree_with_the_protocol(app: Flask, client_for: Callable[..., Any]) -> None:
    kind = "sqlite" if app.config["ONEVISIT"].sqlite else "postgresql"
    walked = settings(
        max_examples=int(os.environ.get("ONEVISIT_EXAMPLES", EXAMPLES[kind])), stateful_step_count=30, deadline=None,
        suppress_health_check=list(HealthCheck), database=None, print_blob=True,
        phases=[Phase.explicit, Phase.generate, Phase.shrink], derandomize="ONEVISIT_EXAMPLES" not in os.environ,
    )  # fmt: skip
    run_state_machine_as_test(machine_of(client_for), settings=walked)
