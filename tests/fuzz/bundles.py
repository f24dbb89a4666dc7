"""Does any wrong bundle make the server fail, write what it must not, or stop the queue? One block of cases by one seed."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.core.ids import new_id
from onevisit.dispatches.models import Part, TeamMember, Visit
from onevisit.visits.checking import check_everything
from onevisit.visits.models import KeptBundle, Log, StoredOperation, VisitState
from tests.factories.desk import LEAD
from tests.factories.phone import SYNC_TYPE, RealPhone, make_phone
from tests.factories.visits import NUMBERS, Scene, make_scene
from tests.fuzz.mutations import BUNDLES, REQUESTS, Wrong, hash_of, sealed, text_of
from tests.fuzz.oracle import Oracle

CODE = re.compile(r"(sync|api|auth)\.[a-z_]+")
MOST_IN_A_VISIT = 60  # a longer record measures the fold
VERDICTS = {"applied", "duplicate", "held", "refused"}
TURNED = {
    "sync.unreadable", "sync.bad_range", "sync.broken_chain", "sync.not_canonical", "sync.too_large", "sync.unknown_device",
    "sync.bad_signature", "sync.unknown_visit", "sync.gap", "sync.log_forked",
}  # fmt: skip


class Fault(AssertionError):
    """What must never be."""


@dataclass
class Ground:
    """One visit after the other: a phone that only sends good bundles, and one that sends wrong ones."""

    client_for: Callable[..., Any]
    chance: random.Random
    scene: Scene = field(init=False)
    good: RealPhone = field(init=False)
    bad: RealPhone = field(init=False)
    oracle: Oracle = field(default_factory=Oracle)
    signed: set[str] = field(default_factory=set)
    taken: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.scene = make_scene()
        self.good = make_phone(self.scene, self.client_for, LEAD)
        self.bad = make_phone(self.scene, self.client_for, LEAD, 1)

    def another_visit(self) -> None:
        """The same people at another door."""
        self.check_state()
        old = self.scene.visit
        columns = {
            name.key: getattr(old, name.key)
            for name in Visit.__table__.columns
            if name.key not in ("id", "no")
        }
        visit = Visit(id=new_id(), no=f"示例-{next(NUMBERS)}", **columns)
        visit.parts = [
            Part(
                department_id=part.department_id, order=part.order, initiating=part.initiating, leader_id=part.leader_id,
                claim_due=part.claim_due,
            )
            for part in old.parts
        ]  # fmt: skip
        visit.team = [
            TeamMember(department_id=one.department_id, inspector_id=one.inspector_id, order=one.order)
            for one in old.team
        ]
        db.session.add(visit)
        db.session.commit()
        self.scene.visit = visit
        for phone in (self.good, self.bad):
            phone.visit, phone.log, phone.sent_to = visit.id, [], 0
        self.oracle, self.signed, self.taken = Oracle(), set(), 0

    # -- writing

    def write(self, phone: RealPhone) -> None:
        """A good operation."""
        item = self.scene.items[LEAD]
        kind = self.chance.randrange(4)
        if kind == 0:
            phone.write(
                "note.add", {"text": f"备注 {self.chance.randrange(10**6)}", "item": None, "entry": None}
            )
        elif kind == 1 and self.oracle.notes:
            target = self.chance.choice(sorted(self.oracle.notes))
            phone.write("note.withdraw", {"target": target, "reason": "写错"})
        elif kind == 2 and phone is self.bad:
            phone.shoot(self.chance.randbytes(30), item)
        else:
            register = f"answer/{item}/e1"
            seen = [
                id_ for id_ in self.oracle.values.get(register, {}) if id_ not in self.oracle.seen[register]
            ]
            phone.answer(item, "e1", self.chance.choice(["pass", "fail", None]), seen=seen[:100])

    def good_bundle(self) -> Json:
        """What must go through whatever stood beside it."""
        self.write(self.good)
        at = len(self.good.log)
        self.signed.add(hash_of(self.good.log[-1]))
        return sealed(self.good, self.good.log[-1:], at)

    def wrong(self) -> Wrong:
        """One wrong thing made of a good one."""
        start = len(self.bad.log)
        for _ in range(self.chance.randrange(1, 4)):
            self.write(self.bad)
        made, self.bad.log[start:] = self.bad.log[start:], []
        bundle = sealed(self.bad, made, start + 1)
        if self.chance.random() < 0.93:
            wrong = self.chance.choice(BUNDLES)(self.chance, bundle, self.bad)
            wrong.made = made
            return wrong
        wrong = self.chance.choice(REQUESTS)(self.chance, text_of({"bundles": [bundle]}))
        wrong.resigned = made
        return wrong

    # -- sending and judging

    def go(self, number: int) -> None:
        """So many wrong things."""
        left = number
        while left > 0:
            if self.taken >= MOST_IN_A_VISIT:
                self.another_visit()
            wrong = [self.wrong()]
            while wrong[-1].resigned is None and len(wrong) < min(left, 12):
                wrong.append(self.wrong())
            alone = [one for one in wrong if one.request is not None]
            for one in alone:
                self.send_request(one)
            if beside := [one for one in wrong if one.request is None]:
                self.send_bundles(beside)
            self.counts.update(one.kind for one in wrong)
            left -= len(wrong)
        self.send_bundles([])
        self.check_state()

    def send_request(self, wrong: Wrong) -> None:
        """A whole request; hardly ever it is good after all (a flipped bit in a space)."""
        answer = self.good.client.post(
            "/api/sync/bundles", data=wrong.request, content_type=wrong.content_type, headers=wrong.headers
        )
        told = self.read(answer, wrong.kind)
        if answer.status_code == 200:
            for one in told:
                self.hear(one, made_of(wrong), wrong.kind)
        self.stored_is_signed(wrong.kind)

    def send_bundles(self, wrong: list[Wrong]) -> None:
        """Wrong ones, and a good one behind them in the same request."""
        good = self.good_bundle()
        told = self.post([one.bundle for one in wrong] + [text_of(good)])
        if told is None:  # one of them made the whole unreadable: the good one goes alone, the queue goes on
            self.stored_is_signed(wrong[0].kind)
            told = self.post([text_of(good)])
            wrong = []
        if told is None or len(told) != len(wrong) + 1:
            raise Fault(f"{len(wrong) + 1} bundles, answered {told}")
        for one, answer in zip(wrong, told[:-1], strict=True):
            self.hear(answer, made_of(one), one.kind)
        last = told[-1]
        if last["code"] is not None or [one["verdict"] for one in last["verdicts"]] != ["applied"]:
            raise Fault(f"after {[one.kind for one in wrong]} a good bundle was answered {last}")
        self.oracle.counts(self.good.log[-1])
        self.taken += 1
        self.stored_is_signed(wrong[0].kind if wrong else "good")

    def post(self, texts: list[str]) -> list[Json] | None:
        """The answers; None where the request was refused whole."""
        body = ('{"bundles": [' + ", ".join(texts) + "]}").encode(errors="surrogatepass")
        packed = self.chance.random() < 0.5
        answer = self.good.client.post(
            "/api/sync/bundles", data=gzip.compress(body, 1) if packed else body, content_type=SYNC_TYPE,
            headers={"Content-Encoding": "gzip"} if packed else {},
        )  # fmt: skip
        told = self.read(answer, "bundles")
        return told if answer.status_code == 200 else None

    def read(self, answer: Any, kind: str) -> list[Json]:
        """What the server said, if it was said as it must be."""
        self.counts[f"→ {answer.status_code}"] += 1
        if answer.status_code >= 500:
            raise Fault(f"{kind}: {answer.status_code} {answer.text[:500]}")
        wanted = SYNC_TYPE if answer.status_code == 200 else "application/problem+json"
        if answer.mimetype != wanted:
            raise Fault(f"{kind}: {answer.status_code} {answer.mimetype} {answer.text[:200]}")
        told = json.loads(answer.data)
        if answer.status_code == 200:
            found: list[Json] = told["answers"]
            return found
        if not CODE.fullmatch(told["code"]) or told["retry"] not in ("now", "later", "after_login", "never"):
            raise Fault(f"{kind}: {told}")
        self.counts[f"→ {told['code']}"] += 1
        return []

    def hear(self, answer: Json, made: list[Json], kind: str) -> None:
        """One answer to a wrong bundle."""
        self.counts[f"→ {answer['code'] or 'taken'}"] += 1
        if answer["code"] is not None:
            if answer["code"] not in TURNED or answer["verdicts"]:
                raise Fault(f"{kind}: {answer}")
            return
        if not {one["verdict"] for one in answer["verdicts"]} <= VERDICTS:
            raise Fault(f"{kind}: {answer}")
        if len(answer["verdicts"]) != len(made):
            raise Fault(f"{kind}: {len(made)} operations, {answer}")
        for operation, one in zip(made, answer["verdicts"], strict=True):
            self.counts[f"→ {one['verdict']} {one['reason'] or ''}".rstrip()] += 1
            self.signed.add(hash_of(operation))
            if one["verdict"] == "applied" and not one["duplicate"]:
                self.oracle.counts(operation)
        self.bad.log += made
        self.taken += len(made)

    # -- what is kept

    def stored_is_signed(self, kind: str) -> None:
        """Nothing stands in the record that no phone signed, and the logs are as long as the phones think."""
        db.session.rollback()
        visit = self.scene.visit.id
        logs = dict(
            tuple(row)
            for row in db.session.execute(select(Log.device_id, Log.accepted_to).where(Log.visit_id == visit))
        )
        wanted = {phone.device: len(phone.log) for phone in (self.good, self.bad) if phone.log}
        if kind != "good" and logs.get(self.good.device, 0) == len(self.good.log) - 1:
            wanted = {
                **wanted,
                self.good.device: len(self.good.log) - 1,
            }  # the good one goes alone in a moment
        if logs != {device: to for device, to in wanted.items() if to}:
            raise Fault(f"{kind}: logs {logs}, phones {wanted}")

    def check_state(self) -> None:
        """The state is what the answers say, and what is kept folds to it."""
        db.session.rollback()
        visit = self.scene.visit.id
        stored = set(
            db.session.scalars(select(StoredOperation.hash).where(StoredOperation.visit_id == visit))
        )
        if stored != self.signed:
            raise Fault(
                f"stored {len(stored - self.signed)} that nobody signed, lost {len(self.signed - stored)}"
            )
        kept = db.session.scalars(select(VisitState.state).where(VisitState.visit_id == visit)).first()
        if kept and (differs := self.oracle.differs(json.loads(kept), LEAD)):
            raise Fault(differs)
        counted = select(KeptBundle.id).where(KeptBundle.visit_id == visit, KeptBundle.waiting.is_not(None))
        self.counts["waiting past a gap"] += len(db.session.scalars(counted).all())


def made_of(wrong: Wrong) -> list[Json]:
    """What was signed with it. Where a change changed nothing (null for null) the bundle is a good one and is taken in:
    had anything else come in its place, its hash would stand in the record and nobody would have signed it."""
    return wrong.resigned or wrong.made


Json = Any


def block(client_for: Callable[..., Any], seed: int, number: int, cases: int) -> Counter[str]:
    """A block of cases on a fresh database; the same seed and number make the same cases."""
    ground = Ground(client_for, random.Random(f"{seed}/{number}"))
    ground.go(cases)
    report = check_everything()
    if not report["ok"]:
        raise Fault(f"onevisit check: {report}")
    return ground.counts
