"""What happens in one seed? Steps are drawn one by one, each with chance of its own, so that any of them can be left out again."""

from __future__ import annotations

import base64
import gc
import hashlib
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from onevisit.core.db import db, transaction
from onevisit.dispatches.models import TeamMember, Visit
from tests.simulation.network import FATES, Network, bundles_in
from tests.simulation.phones import PhoneFault, Phones, bundle
from tests.simulation.server import START, Server, Time
from tests.simulation.world import SHAPES, Person, World, build, pictures, sign_in, template

Json = dict[str, Any]
# Faults of phones and people, beside those of the network.
PHONE_FAULTS = (
    "page_killed", "quota", "no_room", "evicted", "cloned", "phone_dead", "clock_off", "token_expired", "app_restarted",
    "stale_screen",
)  # fmt: skip
PEOPLE_FAULTS = (
    "member_removed", "checklist_revised", "device_revoked", "leader_phone_dead", "server_down", "restored_older_backup",
    "journal_lost_too", "same_ids", "relay_forged",
)  # fmt: skip
FAULTS = (*FATES, *PHONE_FAULTS, *PEOPLE_FAULTS)
ACTS = {
    "arrive": 4, "answer": 26, "rest": 5, "finding": 8, "transcript": 3, "note": 8, "photo": 7, "measure": 4, "withdraw": 5,
    "take": 4, "ready": 12, "reopen": 2, "submit": 5, "settle": 8, "lead": 3, "schedule": 3, "adopt": 6, "foreign": 4,
    "confirm": 12, "sign": 6,
}  # fmt: skip
DEEDS = {
    "act": 46, "round": 26, "relay": 6, "rescue": 3, "carry": 3, "review": 5, "wait": 4, "world": 7, "backup": 4,
    "usurp": 1,
}  # fmt: skip


class Violation(AssertionError):
    """A property of sync.md 9 that does not hold."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name, self.detail = name, detail


@dataclass(frozen=True)
class Script:
    """A seed, and what is left out of it while shrinking."""

    seed: int
    without_steps: frozenset[int] = frozenset()
    without_faults: frozenset[str] = frozenset()
    length: int | None = None


@dataclass
class Handset:
    """What the driver knows of a phone."""

    name: str
    person: Person
    running: bool = True
    gone: bool = False
    lost_device: bool = False
    skew: int = 0


@dataclass
class Run:
    """One seed as it went: what is owed, what was shown, what happened."""

    script: Script
    world: World
    server: Server
    phones: Phones
    time: Time
    network: Network
    faults: Counter[str]
    handsets: dict[str, Handset] = field(default_factory=dict)
    saved: dict[str, Json] = field(default_factory=dict)
    written: dict[str, Json] = field(default_factory=dict)
    unrecoverable: set[str] = field(default_factory=set)
    lost_files: set[str] = field(default_factory=set)
    shown: dict[tuple[str, str, int], tuple[str, str | None, int]] = field(default_factory=dict)
    requests: list[Json] = field(default_factory=list)
    rescues: list[Json] = field(default_factory=list)
    members: dict[str, set[str]] = field(default_factory=dict)
    locks: dict[tuple[str, str], str] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    backups: list[Path] = field(default_factory=list)
    twins: dict[str, list[Json]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    diverged: bool = False
    outside: list[str] = field(default_factory=list)

    @property
    def trace_hash(self) -> str:
        """The same for the same seed and code."""
        return hashlib.sha256("\n".join([*self.steps, *self.network.trace]).encode()).hexdigest()[:16]


class Theatre:
    """One pair of processes in which seed after seed is played."""

    def __init__(self, folder: Path, kept: Path, tree: Path | None = None) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.time = Time()
        self.time.install()
        self.server = Server(folder)
        self.folder = folder
        self.phones = Phones(bundle(kept, tree) if tree else bundle(kept))
        self.phones.now = lambda: self.time.millis
        self.empty = template(self.server, kept)
        self.phones.told(
            "pictures", **{name: base64.b64encode(made).decode() for name, made in pictures().items()}
        )
        self.worlds: dict[str, World] = {}
        self.run: Run | None = None
        self.kinds: frozenset[str] = frozenset()
        self.length = 0

    def close(self) -> None:
        """End both."""
        self.phones.close()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def play(self, script: Script) -> Run:
        """The seed, healed, drained; the run to be checked. Raises Violation where something is wrong on the way."""
        rng = random.Random(f"onevisit {script.seed}")
        self.run = None
        run = self.run = self._begin(script, rng)
        try:
            length = rng.choice([12, 20, 30, 45])
            self.length = script.length or length
            self._draw_faults(run, rng)
            for number in range(self.length):
                if number not in script.without_steps:
                    self._step(run, number)
            run.network.rate = 0.0
            run.network.kinds = frozenset()
            Healing(run, random.Random(f"healing {script.seed}")).heal()
        except PhoneFault as fault:
            raise Violation("code", str(fault)) from fault
        return run

    def _begin(self, script: Script, rng: random.Random) -> Run:
        shape = rng.choice(list(SHAPES))
        self.time.now = START
        if shape not in self.worlds:
            self.worlds[shape] = build(shape, self.server, self.phones, self.time, self.empty)
            gc.collect()
            gc.freeze()  # the application itself is looked through once, not with every seed
            gc.set_threshold(50_000, 20, 20)
        world = self.worlds[shape]
        self.time.now = START + timedelta(hours=1)
        for old in self.folder.glob("seed-*"):
            old.unlink()
        self.server.stop()
        for old in (*self.folder.glob("life*"), *self.folder.glob("backup*")):
            old.unlink()
        file = self.folder / f"seed-{script.seed}.db"
        shutil.copy(world.database, file)
        shutil.rmtree(self.folder / "journal", ignore_errors=True)
        self.server.boot(file, journalled=True)
        self.time.chance(random.Random(f"ids {script.seed}"))
        faults: Counter[str] = Counter()
        network = Network(self.server, self.time, faults, lambda asked, told: judged(run, asked, told))
        run = Run(script, world, self.server, self.phones, self.time, network, faults)
        self.phones.answer = network.ask
        network.page_dies = self.phones.die
        self.phones.told("forget")
        for person in world.people:
            self._hand_over(run, person)
        run.members = {
            part: {one.inspector for one in world.people if one.department == part} for part in world.items
        }
        return run

    def _hand_over(self, run: Run, person: Person) -> None:
        name = person.phone
        said = {
            "id": person.account,
            "name": person.name,
            "place": person.department,
            "inspector": person.inspector,
        }
        self.phones.told("make", name, person=said, **{"from": f"{run.world.shape}/{name}"})
        run.handsets[name] = Handset(name, person)
        give_session(run, name, run.world.sessions[name])
        self.phones.told("unlock", name, seed=f"unlock {name}")

    def _draw_faults(self, run: Run, rng: random.Random) -> None:
        """Each seed has some kinds of faults and not others: what only happens without them happens too."""
        kinds = {kind for kind in FAULTS if rng.random() < rng.choice([0.15, 0.5])}
        if rng.random() < 0.1:
            kinds = set()
        kinds -= run.script.without_faults
        run.network.kinds = frozenset(kinds & set(FATES))
        run.network.rate = rng.choice([0.05, 0.15, 0.35])
        run.network.meanwhile = lambda phone: deeds(
            run, random.Random(f"meanwhile {run.script.seed} {len(run.network.trace)} {len(run.saved)}")
        ).meanwhile(phone)
        self.kinds = frozenset(kinds)
        if "clock_off" in kinds:
            for handset in run.handsets.values():
                handset.skew = rng.randrange(-86_400_000, 86_400_000)
                self.phones.told("set", handset.name, given={"skew": handset.skew})
                run.faults["clock_off"] += 1

    def _step(self, run: Run, number: int) -> None:
        rng = random.Random(f"{run.script.seed}/{number}")
        run.network.rng = rng
        self.time.go_on(timedelta(seconds=rng.choice([2, 8, 40, 300, 300, 1800, 14_000, 90_000])))
        doing = deeds(run, rng, f"{run.script.seed}/{number}", self.kinds)
        answered = len(run.requests)
        said = doing.draw()
        if len(run.requests) > answered:
            note_locks(run)
        run.steps.append(f"{number:3} {run.time.now:%m-%d %H:%M:%S} {said}")


def give_session(run: Run, phone: str, session: tuple[str, str]) -> None:
    """A browser that is signed in."""
    client = run.server.client()
    client.set_cookie("onevisit_refresh", session[0], path="/api/accounts")
    client.set_cookie("onevisit_csrf", session[1], path="/")
    run.network.clients[phone] = client
    run.phones.told("set", phone, given={"csrf": session[1]})


def judged(run: Run, asked: Json, told: Json) -> None:
    """What the server said of operations is remembered: it must never say otherwise (R1)."""
    if asked["path"] != "/api/sync/bundles" or told["status"] != 200:
        return
    run.requests.append(asked)
    answers = json.loads(base64.b64decode(told["body"]))["answers"]
    for sent, answer in zip(bundles_in(asked), answers, strict=True):
        for operation, verdict in zip(sent["operations"], answer["verdicts"], strict=False):
            place = (sent["visit"], sent["device"], operation["seq"])
            now = (verdict["verdict"], verdict["reason"], verdict["position"])
            if run.shown.setdefault(place, now) != now:
                raise Violation("R1", f"{place} was {run.shown[place]}, is now {now}")


def note_locks(run: Run) -> None:
    """Which confirmation holds each part: once signed, a part stays signed (E1)."""
    from sqlalchemy import select

    from onevisit.visits.models import VisitState

    with run.server.at_work():
        for row in db.session.execute(select(VisitState.visit_id, VisitState.state)):
            for part, there in json.loads(row.state)["parts"].items():
                if there["lock"]:
                    run.locks.setdefault((row.visit_id, part), there["lock"]["chain"][0])


def deeds(run: Run, rng: random.Random, seed: str = "", kinds: frozenset[str] = frozenset()) -> Deeds:
    """What may be done in one step."""
    return Deeds(run, rng, seed or f"{rng.random()}", kinds)


@dataclass
class Deeds:
    """One step: who does what, and what goes wrong with it on the phone."""

    run: Run
    rng: random.Random
    seed: str
    kinds: frozenset[str]
    count: int = 0

    def draw(self) -> str:
        """Do one thing; how it is told."""
        deed = self.rng.choices(list(DEEDS), list(DEEDS.values()))[0]
        return str(getattr(self, f"_{deed}")())

    # -- phones

    def _some(self) -> Handset | None:
        there = [one for one in self.run.handsets.values() if not one.gone]
        return self.rng.choice(there) if there else None

    def _odds(self, fault: str, probability: float) -> bool:
        """Whether this fault happens now; counted where it does."""
        return self.rng.random() < probability and fault in self.kinds

    def _faulty(self) -> Json:
        more: Json = {}
        if self._odds("page_killed", 0.2):
            more["kill"] = self.rng.randrange(1, 14)
        elif self._odds("quota", 0.12):
            more["full"] = self.rng.randrange(1, 6)
        return more

    def awake(self, handset: Handset) -> bool:
        """The application is open and enrolled; opens it where it is not."""
        run = self.run
        if handset.gone:
            return False
        if handset.running:
            return True
        run.faults["app_restarted"] += 1
        ended = run.phones.tell("unlock", handset.name, f"{self.seed}/unlock")
        if ended.get("killed") or "problem" in ended:
            return False
        if ended["result"] is None:
            return self.enrol(handset)
        handset.running = True
        return True

    def enrol(self, handset: Handset) -> bool:
        """An emptied phone is set up anew."""
        ended = self.told("enrol", handset)
        handset.running = "result" in ended and not ended.get("killed")
        return handset.running

    def told(self, do: str, handset: Handset, **more: Any) -> Json:
        """Have it done on a phone, and keep account of how it ended."""
        self.count += 1
        ended = self.run.phones.tell(do, handset.name, f"{self.seed}/{self.count}", **more)
        for fault in ended.get("happened", ()):
            self.run.faults[fault] += 1
        if ended.get("killed"):
            handset.running = False
        if ended.get("problem", {}).get("retry") == "after_login":
            self.sign_in(handset)
        return ended

    def sign_in(self, handset: Handset) -> None:
        """One login continues it."""
        client = self.run.server.client()
        give_session(self.run, handset.name, sign_in(client, handset.person.username))

    def _act(self) -> str:
        handset = self._some()
        if handset is None or not self.awake(handset):
            return "nobody"
        name = self.rng.choices(list(ACTS), list(ACTS.values()))[0]
        more = self._faulty()
        if name == "photo" and self._odds("no_room", 0.3):
            more["free"] = 1000
        if self._odds("stale_screen", 0.25):
            more["stale"] = True
            self.run.faults["stale_screen"] += 1
        said = self.act(handset, name, **more)
        for _ in range(self.rng.choice([0, 0, 1, 3])):
            if handset.running:
                more = self.rng.choices(list(ACTS), list(ACTS.values()))[0]
                said += f"; {self.act(handset, more, **self._faulty())}"
        return said

    def act(self, handset: Handset, name: str, **more: Any) -> str:
        """Something is recorded; what is told as saved is owed from now on."""
        run = self.run
        visit = self.rng.choice(run.world.visits)
        watched = "full" in more or "free" in more
        before = run.phones.told("there", handset.name) if watched else None
        ended = self.told("act", handset, visit=visit, name=name, **more)
        for one in ended.get("result") or []:
            self._owe(one["operation"])
        if "quota" in ended.get("happened", ()) and ended.get("result") == []:
            raise Violation("Q1", f"{name} met a full storage and said nothing")
        if watched and "problem" in ended:
            self._check_storage_error(handset, name, before, ended)
        elif ended.get("problem", {}).get("code") == "phone.not_saved" and not ended.get("happened"):
            raise Violation("L1", f"{handset.name} cannot write any more: {ended['problem']}")
        elif "problem" in ended:
            run.outside.append(f"{name}: {ended['problem']}")
        count = len(ended.get("result") or [])
        told = "killed" if ended.get("killed") else ended.get("problem", {}).get("code", f"{count} saved")
        return f"{handset.name} {name} in {visit[-4:]} {more or ''}: {told}"

    def _owe(self, operation: Json) -> None:
        """It was told as saved. Two phones with one chance may give two facts one name: then one is refused, and kept."""
        before = self.run.saved.get(operation["id"])
        if before is not None:
            self.run.twins.setdefault(operation["id"], [before]).append(operation)
        else:
            self.run.saved[operation["id"]] = operation

    def _check_storage_error(self, handset: Handset, name: str, before: Any, ended: Json) -> None:
        """Q1: on a storage error no tick, nothing half-written, an alarm with a sentence."""
        code = ended["problem"]["code"]
        if code not in ("phone.not_saved", "phone.no_room") or "fault" in ended:
            raise Violation("Q1", f"{name} ended as {ended}")
        self.run.faults["no_room"] += code == "phone.no_room"
        after = self.run.phones.told("there", handset.name)
        if after != before:
            raise Violation("Q1", f"{name} said {code} and changed what is kept")

    def meanwhile(self, phone: str) -> None:
        """Somebody goes on recording while a request is under way."""
        handset = self.run.handsets.get(phone)
        if handset is not None and handset.running and handset.name in self.run.network.clients:
            self.run.faults["(recorded while sending)"] += 1
            self.act(handset, self.rng.choice(["answer", "note", "finding"]))

    def _round(self) -> str:
        handset = self._some()
        if handset is None or not self.awake(handset):
            return "nobody"
        return self.round(handset, **self._faulty())

    def round(self, handset: Handset, **more: Any) -> str:
        """One contact with the server."""
        ended = self.told("round", handset, **more)
        result = ended.get("result") or {}
        handset.lost_device = result.get("deviceLost", handset.lost_device)
        if handset.lost_device and self.rng.random() < 0.7:
            dies = "page_killed" in self.kinds and self.rng.random() < 0.5
            self.replace(handset, **({"kill": self.rng.randrange(1, 14)} if dies else {}))
        told = "killed" if ended.get("killed") else ended.get("problem", {}).get("code", result)
        return f"{handset.name} round {more or ''}: {told}"

    def replace(self, handset: Handset, **more: Any) -> None:
        """A new device key; unsent work is chained anew."""
        self.run.faults["(device replaced)"] += 1
        ended = self.told("replace", handset, **more)
        if "result" in ended:
            handset.lost_device = False

    def _relay(self) -> str:
        giving, taking = self._some(), self._some()
        if (
            giving is None
            or taking is None
            or giving is taking
            or not self.awake(giving)
            or not self.awake(taking)
        ):
            return "nobody relays"
        visit, way = self.rng.choice(self.run.world.visits), self.rng.choice(["film", "file"])
        forged = self._odds("relay_forged", 0.3)
        packed = self.told("pack", giving, visit=visit, way=way, forged=forged)
        if "result" not in packed:
            return f"{giving.name} has nothing to hand over"
        ended = self.told("take", taking, message=packed["result"]["message"], **self._faulty())
        self.run.faults["relay_forged" if forged else f"(relayed by {way})"] += 1
        if forged and any(one["fresh"] for one in ended.get("result") or []):
            raise Violation("I5", f"{taking.name} took in what nobody signed: {ended['result']}")
        self._check_foreign(taking, visit)
        return f"{giving.name} -> {taking.name} {way}: {ended.get('result') or ended.get('problem')}"

    def _check_foreign(self, handset: Handset, visit: str) -> None:
        """I5, on the phone too: what another phone handed over is judged as the server will judge it."""
        ended = self.run.phones.tell("state", handset.name, self.seed, visit=visit)
        for part, there in ended.get("result", {}).get("parts", {}).items():
            for register in there["registers"].values():
                for head in (head for value in register["values"] for head in value["heads"]):
                    known = head["id"] in self.run.saved and not self.run.saved[head["id"]][
                        "device"
                    ].startswith("server:")
                    if (
                        known
                        and head["by"] not in self.run.members[part]
                        and head["id"] not in ended["result"]["adopted"]
                    ):
                        own = self.run.saved[head["id"]]["by"] == handset.person.inspector
                        if not own:
                            raise Violation("I5", f"{head} counts in {part} on {handset.name}")

    def _rescue(self) -> str:
        handset = self._some()
        if handset is None or not self.awake(handset):
            return "nobody"
        ended = self.told("rescue", handset)
        if "result" not in ended:
            return f"{handset.name} rescue: {ended.get('problem')}"
        self.run.rescues.append(ended["result"])
        self.run.faults["(rescue file made)"] += 1
        return f"{handset.name} rescue: {ended['result']['operations']} operations"

    def _carry(self) -> str:
        handset = self._some()
        if handset is None or not self.run.rescues or not self.awake(handset):
            return "nothing to carry in"
        file = self.rng.choice(self.run.rescues)
        ended = self.told("carry", handset, file=file["file"])
        return f"{handset.name} carries in: {ended.get('problem') or [one.get('code') for one in ended.get('result', [])]}"

    # -- the world around

    def _wait(self) -> str:
        by = self.rng.choice([timedelta(hours=5), timedelta(days=1), timedelta(days=4)])
        self.run.time.go_on(by)
        return f"{by} pass"

    def _review(self) -> str:
        part = self.rng.choice(sorted(self.run.world.items))
        visit = self.rng.choice(self.run.world.visits)
        client = self.run.server.client()
        token = self._token(self.run.world.desks[part])
        path = f"/api/reviews/{visit}/parts/{part}/"
        if self.rng.random() < 0.5:
            body = {"item": self.run.world.items[part][0], "reason": "照片不清楚，请重拍"}
            answer = client.post(f"{path}send-back", json=body, headers=token)
        else:
            answer = client.post(f"{path}accept", headers=token)
        return f"desk of {part} reviews: {answer.status_code}"

    def _token(self, username: str) -> dict[str, str]:
        from flask_jwt_extended import create_access_token
        from sqlalchemy import select

        from onevisit.accounts.models import Account

        with self.run.server.at_work():
            account = db.session.scalars(select(Account.id).where(Account.username == username)).one()
            return {"Authorization": f"Bearer {create_access_token(account)}"}

    def _world(self) -> str:
        turns = [
            kind
            for kind in (
                "evicted", "cloned", "phone_dead", "leader_phone_dead", "token_expired", "app_restarted", "member_removed",
                "checklist_revised", "device_revoked", "server_down", "restored_older_backup", "journal_lost_too",
            )
            if kind in self.kinds
        ]  # fmt: skip
        if not turns:
            return "the world is quiet"
        turn = self.rng.choice(turns)
        said = str(getattr(self, f"_{turn}")())
        if not said.startswith("no"):
            self.run.faults[turn] += turn != "app_restarted"
        return said

    def _evicted(self) -> str:
        handset = self._some()
        if handset is None or not self.awake(handset):
            return "nobody"
        destroy(self.run, handset)
        self.run.phones.told("evict", handset.name)
        handset.running = False
        return f"{handset.name} lost its storage"

    def _phone_dead(self) -> str:
        handset = self._some()
        if (
            handset is None
            or len([one for one in self.run.handsets.values() if not one.gone]) < 2
            or not self.awake(handset)
        ):
            return "nobody"
        destroy(self.run, handset)
        handset.gone, handset.running = True, False
        return f"{handset.name} is dead for good"

    def _leader_phone_dead(self) -> str:
        leading = [one for one in self.run.handsets.values() if one.person.leads and not one.gone]
        if (
            not leading
            or len([one for one in self.run.handsets.values() if not one.gone]) < 2
            or not self.awake(leading[0])
        ):
            return "nobody"
        destroy(self.run, leading[0])
        leading[0].gone, leading[0].running = True, False
        return f"{leading[0].name}, the leader's, is dead for good"

    def _cloned(self) -> str:
        handset = self._some()
        if handset is None or len(self.run.handsets) > 7 or not handset.running:
            return "nobody"
        name = f"{handset.name}c{len(self.run.handsets)}"
        self.run.phones.told("clone", handset.name, **{"as": name})
        clone = self.run.handsets[name] = Handset(name, handset.person, running=False, skew=handset.skew)
        self.sign_in(clone)
        if "same_ids" in self.kinds and self.awake(clone):
            self.run.faults["same_ids"] += 1
            twin = Deeds(self.run, random.Random(self.seed), f"{self.seed}/twin", frozenset())
            twin.act(handset, "note")
            other = Deeds(self.run, random.Random(self.seed), f"{self.seed}/twin", frozenset())
            other.act(clone, self.rng.choice(["note", "arrive", "finding"]))
        return f"{handset.name} is cloned as {name}"

    def _token_expired(self) -> str:
        handset = self._some()
        if handset is None:
            return "nobody"
        if self.rng.random() < 0.3:
            self.run.time.go_on(timedelta(days=31))
            return "every session expires"
        give_session(self.run, handset.name, ("gone", "gone"))
        return f"{handset.name}'s session ends"

    def _app_restarted(self) -> str:
        handset = self._some()
        if handset is None:
            return "nobody"
        handset.running = False
        return f"{handset.name} is closed"

    def _backup(self) -> str:
        run = self.run
        file = run.server.folder / f"backup{len(run.backups)}-{run.script.seed}.db"
        run.server.back_up(file)
        run.backups.append(file)
        return "a backup is finished"

    def _usurp(self) -> str:
        handset = self._some()
        if handset is None or not self.awake(handset):
            return "nobody"
        other = self.rng.choice([one for one in self.run.world.people if one is not handset.person])
        visit = self.rng.choice(self.run.world.visits)
        ended = self.told("usurp", handset, visit=visit, inspector=other.inspector)
        for one in ended.get("result") or []:
            self._owe(one["operation"])
        self.run.faults["(written in another's name)"] += bool(ended.get("result"))
        return f"{handset.name} writes as {other.phone}: {ended.get('problem') or 'saved'}"

    def _restored_older_backup(self) -> str:
        if not self.run.backups:
            return "no backup yet"
        done = self.run.server.restore(self.rng.choice(self.run.backups), with_journal=True)
        self.run.faults["(journal entries done again)"] += done
        return f"an older backup and the journal take the database's place: {done} entries"

    def _journal_lost_too(self) -> str:
        """Beyond what the protocol promises for the whole record: phones must offer again all that they hold."""
        run = self.run
        if not run.backups:
            return "no backup yet"
        others, files = _on_phones(run)
        before, before_files = stored_ids(run), stored_files(run)
        run.server.restore(self.rng.choice(run.backups), with_journal=False)
        run.unrecoverable |= before - others - stored_ids(run)
        run.lost_files |= before_files - files - stored_files(run)
        run.shown.clear(), run.locks.clear(), run.requests.clear()
        run.diverged = True
        for later in [one for one in run.backups if one != run.backups[0]]:
            run.backups.remove(later)
        for handset in run.handsets.values():
            if not handset.gone:
                self.sign_in(handset)
        return "an older backup takes the database's place, and the journal is lost"

    def _server_down(self) -> str:
        by = self.rng.choice([timedelta(minutes=2), timedelta(hours=3)])
        self.run.network.down_until = self.run.time.now + by
        return f"the server is down for {by}"

    def _member_removed(self) -> str:
        from onevisit.core.problems import Problem
        from onevisit.dispatches.teams import _replace_on

        run = self.run
        part = self.rng.choice(sorted(run.world.items))
        visit_id = self.rng.choice(run.world.visits)
        with run.server.at_work():
            from sqlalchemy import select

            team = select(TeamMember.inspector_id).where(
                TeamMember.visit_id == visit_id,
                TeamMember.department_id == part,
                TeamMember.removed_at.is_(None),
            )
            there = sorted(db.session.scalars(team))
            every = [one.inspector for one in run.world.people if one.department == part] + [
                run.world.spare[part]
            ]
            out, coming = self.rng.choice(there), self.rng.choice([one for one in every if one not in there])
            db.session.rollback()
            try:
                with transaction():
                    _replace_on(db.session.get_one(Visit, visit_id), part, out, coming, "调离")
            except Problem as problem:
                return f"no: {problem.code}"
        run.members[part].add(coming)
        return f"{part}: {out[-4:]} is replaced by {coming[-4:]}"

    def _checklist_revised(self) -> str:
        run = self.run
        part = self.rng.choice(sorted(run.world.items))
        item = self.rng.choice(run.world.items[part])
        text = f"改过的一条 {self.rng.randrange(10**6)}"
        entry = {
            "id": "e1", "no": "1", "text": text, "answer": "pass_fail", "unit": None, "choices": [], "required": True,
            "content": None, "method": "实地查看", "basis": "示例", "evidence": "none", "phrases": [], "condition": None,
        }  # fmt: skip
        answer = run.server.client().post(
            f"/api/items/{item}/checklists",
            json={"entries": [entry]},
            headers=self._token(run.world.desks[part]),
        )
        return (
            f"{part} revises a checklist: {answer.status_code}"
            if answer.status_code == 201
            else f"no: {answer.text}"
        )

    def _device_revoked(self) -> str:
        from sqlalchemy import select

        from onevisit.accounts.models import Device

        run = self.run
        handset = self._some()
        if handset is None:
            return "nobody"
        with run.server.at_work():
            wanted = select(Device.id).where(
                Device.account_id == handset.person.account, Device.revoked_at.is_(None)
            )
            devices = sorted(db.session.scalars(wanted))
        if not devices:
            return "nobody"
        answer = run.server.client().delete(
            f"/api/accounts/devices/{devices[-1]}", headers=self._token(handset.person.username)
        )
        return f"{handset.name}'s device is revoked: {answer.status_code}"


def destroy(run: Run, handset: Handset) -> None:
    """What nobody else has is lost with this storage; everything else is owed as before."""
    there = run.phones.told("there", handset.name)
    others, files = _on_phones(run, but=handset)
    run.unrecoverable |= ids_of(there["operations"]) - others - stored_ids(run)
    run.lost_files |= {one["hash"] for one in there["blobs"]} - files - stored_files(run)


def _on_phones(run: Run, but: Handset | None = None) -> tuple[set[str], set[str]]:
    """Operations and files that a phone or a rescue file could still bring to the server."""
    operations: set[str] = set()
    files: set[str] = set()
    for other in run.handsets.values():
        if other is but or other.gone or not Deeds(run, random.Random(0), "awake", frozenset()).awake(other):
            continue
        kept = run.phones.told("there", other.name)
        stretches = [
            (one["device"], one["visit"], one["from"], one["to"])
            for one in kept["carried"]
            if not one.get("refused")
        ]
        operations |= ids_of(one for one in kept["operations"] if one["own"] or _within(one, stretches))
        files |= {one["hash"] for one in kept["blobs"]}
    for file in run.rescues:
        kept = file["there"]
        operations |= ids_of(
            one
            for one in kept["operations"]
            if one["own"] and one["state"] == "here" and one["device"] == file["device"]
        )
        files |= {one["hash"] for one in kept["blobs"] if one["state"] == "here"}
    return operations, files


def _within(row: Json, stretches: list[tuple[str, str, int, int]]) -> bool:
    """Whether a stretch that is carried holds this place."""
    return any(
        row["device"] == device and row["visit"] == visit and first <= row["seq"] <= last
        for device, visit, first, last in stretches
    )


def ids_of(rows: Iterable[Json]) -> set[str]:
    """Which operations these are."""
    return {one["id"] for one in rows}


def stored_ids(run: Run) -> set[str]:
    """What the server has."""
    from sqlalchemy import select

    from onevisit.visits.models import StoredOperation

    with run.server.at_work():
        return set(db.session.scalars(select(StoredOperation.id)))


def stored_files(run: Run) -> set[str]:
    """Files the server has whole."""
    from sqlalchemy import select

    from onevisit.evidence.models import EvidenceFile

    with run.server.at_work():
        return set(db.session.scalars(select(EvidenceFile.hash).where(EvidenceFile.stored_at.is_not(None))))


@dataclass
class Healing:
    """The network is good, phones are open, everybody is signed in: now every queue must drain (L1)."""

    run: Run
    rng: random.Random

    def heal(self) -> None:
        """Until nothing waits, or for as many rounds as nobody should need."""
        run = self.run
        run.network.rng = self.rng
        run.network.down_until = None
        run.network.bring_all()
        doing = Deeds(run, self.rng, f"heal {run.script.seed}", frozenset())
        for turn in range(14):
            run.time.go_on(timedelta(minutes=6) if turn < 3 else timedelta(hours=7))
            doing.seed = f"heal {run.script.seed}/{turn}"
            before = self._position()
            for handset in list(run.handsets.values()):
                if doing.awake(handset):
                    run.steps.append(f"heal {doing.round(handset)}")
                    if handset.lost_device:
                        doing.replace(handset)
            if turn == 0:
                self._carry_in(doing)
            if (
                turn
                and before == self._position()
                and not any(self._waits(one) for one in run.handsets.values())
            ):
                return

    def _position(self) -> int:
        from onevisit.visits.intake import next_position

        with self.run.server.at_work():
            return next_position()

    def _carry_in(self, doing: Deeds) -> None:
        there = [one for one in self.run.handsets.values() if one.running]
        for file in self.run.rescues:
            doing.told("carry", there[0], file=file["file"])

    def _waits(self, handset: Handset) -> bool:
        if handset.gone or not handset.running:
            return not handset.gone
        kept = self.run.phones.told("there", handset.name)
        return bool(waiting(self.run, kept))


def waiting(run: Run, kept: Json) -> list[Json]:
    """What a phone still owes the server."""
    operations = [one for one in kept["operations"] if one["own"] and one["state"] == "here"]
    # What the server never takes from a carrier waits for a person there, and comes from its own phone.
    carried = [one for one in kept["carried"] if not one.get("refused")]
    return [*operations, *carried, *(one for one in kept["blobs"] if one["state"] == "here")]
