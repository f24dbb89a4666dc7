"""What becomes of a request on its way? Drawn by the step: delivered, dropped, doubled, delayed, its answer lost, broken off, or not reached."""

from __future__ import annotations

import base64
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from onevisit.core import clock
from onevisit.core.canonical import digest
from tests.simulation.server import Server, ServerKilled, Time
from tests.simulation.world import answered

Json = dict[str, Any]
FATES = (
    "dropped", "answer_lost", "doubled", "delayed", "broken_off", "captive_portal", "server_killed_before_journal",
    "server_killed_after_journal", "server_killed_journal_torn", "server_killed_after_commit", "page_killed_waiting",
    "strange_answer", "forged_on_the_way", "garbled_on_the_way",
)  # fmt: skip
MOMENTS = {
    "server_killed_before_journal": "before_journal", "server_killed_after_journal": "before_commit",
    "server_killed_journal_torn": "before_commit", "server_killed_after_commit": "after_commit",
}  # fmt: skip


@dataclass
class Late:
    """A request that is still on its way."""

    at: datetime
    asked: Json
    client: Any


@dataclass
class Network:
    """Between phones and server; tells what the server said to `judged`, and lets the phone work on `meanwhile`."""

    server: Server
    time: Time
    faults: Counter[str]
    judged: Callable[[Json, Json], None]
    clients: dict[str, Any] = field(default_factory=dict)
    late: list[Late] = field(default_factory=list)
    rng: random.Random = field(default_factory=random.Random)
    rate: float = 0.0
    kinds: frozenset[str] = frozenset()
    down_until: datetime | None = None
    meanwhile: Callable[[str], None] = lambda _phone: None
    page_dies: Callable[[str], None] = lambda _phone: None
    trace: list[str] = field(default_factory=list)
    forgeries: list[Json] = field(default_factory=list)

    def ask(self, asked: Json) -> Json:
        """The fate of one request."""
        phone = asked["phone"]
        fate = self._fate()
        self.trace.append(
            f"{phone} {asked['method']} {asked['path'].partition('?')[0]} {fate or 'delivered'}"
        )
        if self.down_until and self.time.now < self.down_until:
            self.faults["server_down"] += 1
            return {"error": "connection refused"}
        if fate:
            self.faults[fate] += 1
        self.time.go_on(timedelta(milliseconds=self.rng.randrange(5, 900)))
        told: Json = {"error": "the network was lost"}
        if fate == "captive_portal":
            told = _page(b"<html>please sign in</html>", 200, "text/html")
        elif fate == "strange_answer":
            problem = json.dumps(
                {"code": "sync.never_heard_of", "detail": "?", "retry": "perhaps", "status": 409}
            )
            told = _page(problem.encode(), 409, "application/problem+json")
        elif fate == "delayed":
            self._delay(asked)
        elif fate == "broken_off":
            self.deliver(asked, base64.b64decode(asked["body"])[: self.rng.randrange(0, 4000)])
        elif fate in MOMENTS:
            told = self._deliver_deadly(asked, fate)
        elif fate == "forged_on_the_way":
            self._forge(asked)
        elif fate == "garbled_on_the_way":
            self._garble(asked)
        elif fate != "dropped":
            told = self._deliver_well(asked, fate)
        if fate == "page_killed_waiting":
            self.page_dies(phone)
        self._bring_late(self.time.now)
        return told

    def _deliver_well(self, asked: Json, fate: str | None) -> Json:
        if self.rng.random() < 0.08 and self.rate:
            self.meanwhile(asked["phone"])
        told = self.deliver(asked)
        if fate == "doubled":
            self.deliver(asked)
        if fate == "answer_lost":
            return {"error": "the network was lost"}
        return told

    def _fate(self) -> str | None:
        if not self.kinds or self.rng.random() >= self.rate:
            return None
        return self.rng.choice(sorted(self.kinds))

    def _delay(self, asked: Json) -> None:
        by = self.rng.choice(
            [timedelta(seconds=20), timedelta(minutes=4), timedelta(hours=7), timedelta(days=3)]
        )
        self.late.append(Late(self.time.now + by, asked, self.clients[asked["phone"]]))

    def _bring_late(self, until: datetime) -> None:
        due = [one for one in self.late if one.at <= until]
        self.late = [one for one in self.late if one.at > until]
        for one in sorted(due, key=lambda one: one.at):
            self.faults["reordered"] += 1
            self.deliver(one.asked, client=one.client)

    def bring_all(self) -> None:
        """What is still on its way arrives."""
        self._bring_late(datetime.max.replace(tzinfo=self.time.now.tzinfo))

    def _deliver_deadly(self, asked: Json, fate: str) -> Json:
        """The server dies at one of the commits of this request."""
        left, moment = self.rng.randrange(0, 3), MOMENTS[fate]
        torn = self.rng.randrange(1, 400)

        def kill(now: str) -> bool:
            nonlocal left
            left -= now == moment
            return now == moment and left < 0

        self.server.kill = kill
        try:
            return self.deliver(asked)
        except ServerKilled:
            self.faults[f"(died: {fate})"] += 1
            self.server.kill = lambda _moment: False
            if fate == "server_killed_journal_torn":
                self.server.tear(torn)
            self.faults["(journal entries done again)"] += self.server.restart()
            return {"error": "connection reset by peer"}
        finally:
            self.server.kill = lambda _moment: False

    def _forge(self, asked: Json) -> None:
        """Somebody on the way changes what an inspector wrote, as well as he can without the key."""
        if asked["path"] != "/api/sync/bundles":
            return
        bundles = bundles_in(asked)
        last = bundles[-1]["operations"][-1]
        last["at"]["wall"] = "2026-11-09T00:00:00.000+08:00"
        bundles[-1]["hash"] = digest(last)
        told = self.deliver(asked, json.dumps({"bundles": bundles}).encode(), packed=False)
        self.forgeries.append(told)

    def _garble(self, asked: Json) -> None:
        """A byte of a file turns over."""
        body = bytearray(base64.b64decode(asked["body"]))
        if asked["path"].startswith("/api/evidence/") and len(body) > 20:
            body[-5] ^= 1
            self.deliver(asked, bytes(body))

    def deliver(
        self, asked: Json, body: bytes | None = None, client: Any = None, packed: bool = True
    ) -> Json:
        """To the server and back."""
        if not packed:
            headers = {name: value for name, value in asked["headers"].items() if name != "content-encoding"}
            asked = {**asked, "headers": headers}
        told = answered(client or self.clients[asked["phone"]], asked, body)
        if body is None:
            self.judged(asked, told)
        return told


def _page(body: bytes, status: int, kind: str) -> Json:
    headers = {"content-type": kind, "date": clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT")}
    return {"status": status, "headers": headers, "body": base64.b64encode(body).decode()}


def bundles_in(asked: Json) -> list[Json]:
    """What a phone sent."""
    body = base64.b64decode(asked["body"])
    content = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    sent: list[Json] = json.loads(content)["bundles"]
    return sent
