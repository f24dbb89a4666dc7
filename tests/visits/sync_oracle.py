"""What does sync.md say must come of these bundles? Plain dicts, written from its sections 2 to 6 alone; imports nothing of ours.

Where the text leaves open which of several reasons is told, any of them is right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any
CONTENT = {"answer.set", "note.add", "part.ready", "part.reopen"}
KNOWN = CONTENT | {"adopt", "confirm", "amend"}


@dataclass
class Device:
    """A phone as the server should know it; `log` is what the phone wrote, whether it was sent or not."""

    owner: str
    log: list[Json] = field(default_factory=list)
    accepted_to: int = 0
    waiting: set[tuple[int, int]] = field(default_factory=set)
    revoked: bool = False


@dataclass
class Oracle:
    """One visit."""

    leader: str
    part_leaders: dict[str, str]
    teams: dict[str, set[str]]
    devices: dict[str, Device] = field(default_factory=dict)
    verdicts: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    operations: dict[str, Json] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    frozen: dict[str, set[str]] = field(default_factory=dict)

    # -- what arrives (section 3)

    def arrives(
        self, device: str, first: int, last: int
    ) -> tuple[str | None, list[tuple[str, set[str], bool]]]:
        """The code of the bundle's answer and (verdict, possible reasons, duplicate) of each operation."""
        phone = self.devices[device]
        if first > phone.accepted_to + 1:
            phone.waiting.add((first, last))
            return "sync.gap", []
        told = self._take(phone, first, last)
        while ready := [one for one in phone.waiting if one[0] <= phone.accepted_to + 1]:
            phone.waiting -= set(ready)
            for one in sorted(ready):
                self._take(phone, *one)
        return ("sync.device_revoked" if phone.revoked else None), told

    def _take(self, phone: Device, first: int, last: int) -> list[tuple[str, set[str], bool]]:
        told = []
        for seq in range(first, last + 1):
            operation = phone.log[seq - 1]
            again = operation["id"] in self.verdicts
            if not again:
                self._judge(phone, operation)
            phone.accepted_to = max(phone.accepted_to, seq)
            told.append((*self.verdicts[operation["id"]], again))
        return told

    def _judge(self, phone: Device, operation: Json) -> None:
        name = operation["id"]
        self.operations[name] = operation
        if operation.get("bad"):
            self.verdicts[name] = ("refused", {operation["bad"]})
            return
        if reasons := self._against(phone, operation):
            self.verdicts[name] = ("held", reasons)
            self.held.add(name)
            return
        self.verdicts[name] = ("applied", set())
        self.counted.add(name)
        if operation["kind"] == "adopt":
            taken = operation["body"]["operation"]
            if taken in self.held and self.operations[taken]["part"] == operation["part"]:
                self.held.discard(taken)
                self.counted.add(taken)
        if operation["kind"] == "confirm":
            for part in operation["parts"]:
                self.frozen[part] = {one for one in self.counted if self.operations[one]["part"] == part}

    def _against(self, phone: Device, operation: Json) -> set[str]:
        """Section 2: who may write what, and when."""
        by, part, kind = operation["by"], operation["part"], operation["kind"]
        everyone = set[str]().union(*self.teams.values())
        reasons = {
            "not_your_device": by != phone.owner,
            "device_revoked": phone.revoked,
            "unknown_kind": kind not in KNOWN,
            "not_on_team": by not in everyone,
            "other_part": part is not None and by not in self.teams[part],
            "locked": kind in CONTENT and part in self.frozen,
            "not_leader": (kind == "adopt" and by != self.part_leaders.get(part)) or (kind == "confirm" and by != self.leader),
        }  # fmt: skip
        return {name for name, holds in reasons.items() if holds}

    # -- what is so (sections 4 and 6)

    def content(self, part: str) -> list[Json]:
        """The operations that make the part's record: once signed only what was there, and what amends it."""
        own = [self.operations[one] for one in self.counted if self.operations[one]["part"] == part]
        if part in self.frozen:
            own = [one for one in own if one["id"] in self.frozen[part] or one["kind"] == "amend"]
        return own

    def values(self, part: str, register: str) -> list[Json]:
        """The values that no other counted operation saw, each once; order of arrival and clocks decide nothing."""
        setting = [one for one in self.content(part) if register_of(one) == register]
        seen = {id_ for one in setting for id_ in one["base"].get(register, ())}
        return sorted({value_of(one) for one in setting if one["id"] not in seen}, key=str)

    def heads(self, part: str, register: str) -> list[str]:
        """Who sees everything sees these."""
        setting = [one for one in self.content(part) if register_of(one) == register]
        seen = {id_ for one in setting for id_ in one["base"].get(register, ())}
        return sorted(one["id"] for one in setting if one["id"] not in seen)

    def registers(self, part: str) -> set[str]:
        """Answers that somebody gave."""
        return {
            name for one in self.content(part) if (name := register_of(one)) and name.startswith("answer/")
        }

    def state(self, part: str) -> str:
        """open → ready → locked; a part in conflict cannot be ready."""
        if part in self.frozen:
            return "locked"
        ready = self.values(part, f"ready/{part}")
        conflict = any(len(self.values(part, name)) > 1 for name in self.registers(part))
        return "ready" if ready == [True] and not conflict else "open"

    def notes(self, part: str) -> list[str]:
        """Sets only grow."""
        return sorted(one["body"]["text"] for one in self.content(part) if one["kind"] == "note.add")

    def version(self, part: str) -> int:
        """Every amendment after the signature makes a new one."""
        return 1 + sum(one["kind"] == "amend" for one in self.content(part))


def register_of(operation: Json) -> str | None:
    """The register of the table in section 1."""
    body = operation["body"]
    if operation["kind"] == "answer.set":
        return f"answer/{body['item']}/{body['entry']}"
    if operation["kind"] in ("part.ready", "part.reopen"):
        return f"ready/{operation['part']}"
    return str(body["register"]) if operation["kind"] == "amend" else None


def value_of(operation: Json) -> Json:
    """What it sets the register to."""
    body = operation["body"]
    if operation["kind"] == "answer.set":
        return body["value"]
    return body["value"]["value"] if operation["kind"] == "amend" else operation["kind"] == "part.ready"
