"""What must hold after every run? sync.md 9, one function per property, each by its name there."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select

from onevisit.accounts.models import Account, Device
from onevisit.core import storage
from onevisit.core.canonical import canonical, digest, sha256_hex
from onevisit.core.db import db
from onevisit.evidence.models import EvidenceFile
from onevisit.visits.checking import check_everything
from onevisit.visits.fold import Held, fold
from onevisit.visits.intake import files_of
from onevisit.visits.models import KeptBundle, Log, SignedManifest, StoredOperation, VisitState
from onevisit.visits.operations import Operation, register_of
from onevisit.visits.record import places_of, read_again, state_of
from tests.simulation.play import Run, Violation, waiting

Json = dict[str, Any]
CONFIRMS = ("confirm", "supplement")


class Stored:
    """What the server has after the run, read once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        columns = (
            StoredOperation.position, StoredOperation.id, StoredOperation.visit_id, StoredOperation.device_id,
            StoredOperation.seq, StoredOperation.hash, StoredOperation.verdict, StoredOperation.reason, StoredOperation.raw,
            StoredOperation.received_at,
        )  # fmt: skip
        self.rows = db.session.execute(select(*columns).order_by(StoredOperation.position)).all()
        self.values = {row.position: json.loads(row.raw) for row in self.rows}
        self.states = {
            row.visit_id: json.loads(row.state)
            for row in db.session.execute(select(VisitState.visit_id, VisitState.state))
        }
        self.places = {visit: places_of(visit) for visit in run.world.visits}

    def of(self, visit: str) -> list[Any]:
        """The places of one visit, in the order of arrival."""
        return [row for row in self.rows if row.visit_id == visit]


def check(run: Run) -> None:
    """Every property; the first that does not hold is raised."""
    with run.server.at_work():
        db.session.rollback()
        stored = Stored(run)
        for name, holds in PROPERTIES.items():
            for broken in holds(run, stored):
                raise Violation(name, broken)


def _i1(run: Run, stored: Stored) -> Iterable[str]:
    """A saved operation is in the server log exactly once."""
    count = Counter(row.id for row in stored.rows if row.verdict != "duplicate")
    content = {row.id: stored.values[row.position] for row in stored.rows if row.verdict != "duplicate"}
    refused = {row.id: row.reason for row in stored.rows if row.verdict == "refused"}
    for row in stored.rows:
        if row.verdict == "duplicate" and _content(stored.values[row.position]) != _content(content[row.id]):
            yield f"{row.id} was taken for what it is not"
    for name, operation in run.saved.items():
        if (count[name] == 0 and name in run.unrecoverable) or name in run.twins:
            continue
        if name in refused:
            yield f"{operation['kind']} {name} was saved and is refused: {refused[name]}"
        if count[name] != 1:
            yield f"{operation['kind']} {name} of {operation['device']} was saved and is {count[name]} times in the log"
        elif _content(content[name]) != _content(operation):
            yield f"{operation['kind']} {name} is kept as something else"

    for name, both in run.twins.items():
        kept = [_content(stored.values[row.position]) for row in stored.rows if row.id == name]
        if name not in run.unrecoverable and any(_content(one) not in kept for one in both):
            yield f"one of the two facts named {name} is not kept"


def _content(operation: Json) -> Json:
    return {name: value for name, value in operation.items() if name not in ("device", "seq", "prev")}


def _i2(run: Run, stored: Stored) -> Iterable[str]:
    """Replaying any prefix twice gives the same state."""
    rng = random.Random(f"I2 {run.script.seed}")
    for visit, places in stored.places.items():
        prefix = places[: rng.randrange(len(places) + 1)]
        twice = [*prefix, *[place for place in prefix if place.verdict != "duplicate"]]
        if canonical(state_of(prefix)) != canonical(state_of(twice)):
            yield f"a prefix of {len(prefix)} of {visit} twice is another state"
    before = (len(stored.rows), {visit: canonical(state) for visit, state in stored.states.items()})
    for asked in rng.sample(run.requests, min(6, len(run.requests))):
        run.network.deliver(asked)
    db.session.rollback()
    after = Stored(run)
    if (len(after.rows), {visit: canonical(state) for visit, state in after.states.items()}) != before:
        yield "requests that came once more changed the record"


def _i3(run: Run, stored: Stored) -> Iterable[str]:
    """Phones and server converge when queues are empty."""
    if run.diverged:  # without the journal, what the server alone wrote or had is gone: docs/simulation.md
        return
    for handset in run.handsets.values():
        if handset.gone:
            continue
        mine = run.phones.told("visits", handset.name)["open"]
        for visit in mine:
            here = run.phones.told("state", handset.name, visit=visit)
            there = stored.states.get(visit)
            if there is None and not stored.places[visit]:
                there = state_of([])
            if here["hash"] != digest(there):
                yield f"{handset.name} has another state of {visit}: {_difference(here, there)}"


def _difference(here: Any, there: Any, path: str = "") -> str:
    if isinstance(here, dict) and isinstance(there, dict):
        for name in sorted({*here, *there} - {"hash"}):
            if here.get(name) != there.get(name):
                return _difference(here.get(name), there.get(name), f"{path}/{name}")
    return f"{path}: phone {json.dumps(here, ensure_ascii=False)[:300]} / server {json.dumps(there, ensure_ascii=False)[:300]}"


def _i4(run: Run, stored: Stored) -> Iterable[str]:
    """No gap in a log, and each place names the one before it."""
    logs: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in stored.rows:
        logs[row.visit_id, row.device_id].append(row)
    heads = {
        (row.visit_id, row.device_id): (row.accepted_to, row.head) for row in db.session.scalars(select(Log))
    }
    for place, rows in logs.items():
        before = None
        for seq, row in enumerate(sorted(rows, key=lambda row: row.seq), 1):
            if row.seq != seq or stored.values[row.position]["prev"] != before:
                yield f"log {place} breaks at {row.seq}"
            if digest(stored.values[row.position]) != row.hash:
                yield f"the bytes of {place} {seq} have another hash"
            before = row.hash
        if heads[place] != (len(rows), before):
            yield f"the head of {place} is {heads[place]}, the log ends at {len(rows)}"
    for handset in run.handsets.values():
        if handset.gone:
            continue
        own: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in run.phones.told("there", handset.name)["operations"]:
            own[row["visit"], row["device"]].append(row["seq"])
        for place, seqs in own.items():
            if sorted(seqs) != list(range(1, len(seqs) + 1)):
                yield f"{handset.name} has gaps in {place}: {sorted(seqs)}"


def _i5(run: Run, stored: Stored) -> Iterable[str]:
    """No foreign department's operation changes a part unless that part's own leader adopted it; `by` owns the device."""
    owners = dict(
        db.session.execute(
            select(Device.id, Account.inspector_id).join(Account, Account.id == Device.account_id)
        ).all()
    )
    revoked = dict(db.session.execute(select(Device.id, Device.revoked_at)).all())
    for row in stored.rows:
        if row.verdict == "applied" and not row.device_id.startswith("server:"):
            by = stored.values[row.position]["by"]
            if owners.get(row.device_id) != by:
                yield f"{row.id} counts as {by}'s and was written on another's phone"
            if revoked.get(row.device_id) and revoked[row.device_id] < row.received_at:
                yield f"{row.id} counts and came from a phone that was stopped before"
    for visit, state in stored.states.items():
        by_id = {row.id: stored.values[row.position] for row in stored.of(visit)}
        adopters = {
            value["body"]["operation"]: value
            for row in stored.of(visit)
            if row.verdict == "applied" and (value := stored.values[row.position])["kind"] == "adopt"
        }
        for part, there in state["parts"].items():
            members = run.members.get(part, set())
            for name, by in _writers(there):
                operation = by_id[name]
                if operation["device"].startswith("server:") or by in members:
                    continue
                adopt = adopters.get(name)
                if adopt is None or adopt["part"] != part or adopt["by"] not in members:
                    yield f"{operation['kind']} {name} of {by} stands in {part} of {visit}"
        for name in state["adopted"]:
            adopt = adopters.get(name)
            if adopt is None or adopt["part"] != by_id[name]["part"]:
                yield f"{name} counts as adopted and nobody of its part adopted it"


def _writers(part: Json) -> Iterable[tuple[str, str]]:
    for register in part["registers"].values():
        for value in register["values"]:
            for head in value["heads"]:
                yield head["id"], head["by"]
    for shelf in part["record"].values():
        if isinstance(shelf, list):
            yield from ((one["id"], one["by"]) for one in shelf)


def _i6(run: Run, stored: Stored) -> Iterable[str]:
    """No concurrent value vanishes: what nobody who saw it replaced stands; what nobody withdrew is there."""
    for visit, state in stored.states.items():
        counted = {
            row.id: stored.values[row.position]
            for row in stored.of(visit)
            if row.verdict == "applied" or row.id in state["adopted"]
        }
        registers: dict[tuple[str | None, str], dict[str, Json]] = defaultdict(dict)
        for name, operation in counted.items():
            register = _register(operation)
            if register is not None and not register.startswith("review/"):
                registers[_shelf(operation, register), register][name] = operation
        for (part, register), there in registers.items():
            if part is not None and state["parts"].get(part, {}).get("lock"):
                continue
            named = {seen for operation in there.values() for seen in operation["base"].get(register, [])}
            expected = set(there) - named
            shelf = state["registers"] if part is None else state["parts"].get(part, {}).get("registers", {})
            values = shelf.get(register, {"values": []})["values"]
            if expected != {head["id"] for value in values for head in value["heads"]}:
                yield f"{register} of {visit} should stand by {sorted(expected)}, stands by {values}"
        yield from _sets(visit, state, counted)


def _shelf(operation: Json, register: str) -> str | None:
    """Whose register it is: a part's, or the visit's own."""
    return (
        None
        if register in ("lead", "schedule") or register.startswith(("arrive/", "leave/"))
        else operation["part"]
    )


def _sets(visit: str, state: Json, counted: dict[str, Json]) -> Iterable[str]:
    withdrawn = {one["body"]["target"] for one in counted.values() if one["kind"].endswith(".withdraw")}
    for name, operation in counted.items():
        part = operation["part"]
        if operation["kind"] not in ("note.add", "photo.add", "measure.issue") or state["parts"].get(
            part, {}
        ).get("lock"):
            continue
        record = state["parts"][part]["record"]
        there = any(
            one["id"] == name for shelf in record.values() if isinstance(shelf, list) for one in shelf
        )
        if there == (name in withdrawn):
            yield f"{operation['kind']} {name} of {visit} is {'' if there else 'not '}there and {'' if name in withdrawn else 'not '}withdrawn"


def _register(operation: Json) -> str | None:
    return register_of(read_again(json.dumps(operation).encode()))


def _given(places: Iterable[Any]) -> tuple[list[Json], list[tuple[Json, str]], list[tuple[str, int]]]:
    """What the fold is given of places, as plain values."""
    places = list(places)
    first = {place.id: place for place in reversed(places) if place.verdict != "duplicate"}
    counted, held, filled = [], [], []
    for place in places:
        verdict = first[place.id].verdict if place.verdict == "duplicate" else place.verdict
        if place.verdict in ("duplicate", "refused") or place.operation is None:
            filled.append((place.device, place.seq))
        if place.operation is not None and verdict == "applied":
            counted.append(place)
        elif place.operation is not None and verdict == "held":
            held.append((place, str(first[place.id].reason)))
    return counted, held, filled


def _in_any_order(
    run: Run, stored: Stored, visit: str, change: Callable[[Json], Json], salt: str
) -> tuple[str, str]:
    """The fold of a visit in Python and in TypeScript, each with the operations in an order of its own."""
    by_place = {(row.device_id, row.seq): stored.values[row.position] for row in stored.of(visit)}
    counted, held, filled = _given(stored.places[visit])
    values = [change(by_place[place.device, place.seq]) for place in counted]
    kept = [(change(by_place[place.device, place.seq]), reason) for place, reason in held]
    rng = random.Random(f"{salt} {run.script.seed}")
    rng.shuffle(values), rng.shuffle(kept)
    here = fold([_read(one) for one in values], [Held(_read(one), reason) for one, reason in kept], filled)
    rng.shuffle(values), rng.shuffle(kept)
    there = run.phones.told(
        "folded", operations=values, held=[{"operation": one, "reason": reason} for one, reason in kept],
        refused=[{"device": device, "seq": seq} for device, seq in filled],
    )  # fmt: skip
    return here, there


def _read(value: Json) -> Operation:
    return read_again(json.dumps(value).encode())


def _i7(run: Run, stored: Stored) -> Iterable[str]:
    """state = fold(log), byte for byte, in Python and TypeScript, in any order of arrival."""
    for visit, state in stored.states.items():
        here, there = _in_any_order(run, stored, visit, lambda one: one, "I7")
        if canonical(here) != canonical(state):
            yield f"the kept state of {visit} is not the fold: {_difference(state, here)}"
        if digest(here) != there:
            yield f"Python and TypeScript fold {visit} differently"


def _i8(run: Run, stored: Stored) -> Iterable[str]:
    """Other clocks, same state."""
    rng = random.Random(f"I8 {run.script.seed}")
    days = {
        row.device_id: rng.choice(["2026-11-08", "2026-11-10", "2025-01-01", "2031-12-31"])
        for row in stored.rows
    }

    def moved(operation: Json) -> Json:
        wall = days[operation["device"]] + operation["at"]["wall"][10:]
        return {**operation, "at": {"wall": wall, "offset_ms": rng.randrange(-86_400_000, 86_400_000)}}

    for visit, state in stored.states.items():
        here, _ = _in_any_order(run, stored, visit, moved, "I8")
        if canonical(_timeless(here)) != canonical(_timeless(state)):
            yield f"other clocks make another state of {visit}: {_difference(_timeless(state), _timeless(here))}"


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _timeless(member) for name, member in value.items() if name != "at"}
    return [_timeless(member) for member in value] if isinstance(value, list) else value


def _e1(run: Run, stored: Stored) -> Iterable[str]:
    """Locked values never change without an amend; each signature verifies for its manifest."""
    fits = check_everything()
    for name in ("logs_broken", "signatures_false", "manifests_changed", "states_differ"):
        if fits[name]:
            yield f"{name}: {fits[name]}"
    manifests = {
        row.operation_id: json.loads(row.manifest) for row in db.session.scalars(select(SignedManifest))
    }
    for visit, state in stored.states.items():
        by_id = {row.id: stored.values[row.position] for row in stored.of(visit)}
        for part, there in state["parts"].items():
            if not there["lock"]:
                continue
            yield from _as_signed(visit, part, there, manifests, by_id)
        yield from _locked_where_equal(visit, stored, state)
        for entry in state["confirmations"]:
            if entry["digest"] != digest(by_id[entry["id"]]["body"]["manifest"]):
                yield f"the confirmation {entry['id']} has another digest than its manifest"
    for (visit, part), root in run.locks.items():
        lock = stored.states[visit]["parts"][part]["lock"]
        if lock is None or lock["chain"][0] != root:
            yield f"{part} of {visit} was locked by {root} and is not any more: {lock}"


def _locked_where_equal(visit: str, stored: Stored, state: Json) -> Iterable[str]:
    """What was signed over exactly what is kept is no fault."""
    counted = [
        stored.values[row.position]
        for row in stored.of(visit)
        if row.verdict == "applied" or (row.verdict == "held" and row.id in state["adopted"])
    ]
    by_id = {one["id"]: one for one in counted}
    for entry in state["confirmations"]:
        if entry["kind"] != "confirm" or entry["state"] != "unequal":
            continue
        manifest = by_id[entry["id"]]["body"]["manifest"]
        frontier = {log["device"]: log["seq"] for log in manifest["frontier"]}
        within = [
            _read(one)
            for one in counted
            if one["seq"] <= frontier.get(one["device"], 0) and one["kind"] not in CONFIRMS
        ]
        parts = fold(within)["parts"]
        signed = {part["department"]["id"]: part["record"] for part in manifest["parts"]}
        if all(
            part in parts and canonical(parts[part]["record"]) == canonical(signed[part]) for part in signed
        ):
            yield f"{entry['id']} of {visit} was signed over what is kept, and is called unequal"


def _as_signed(visit: str, part: str, there: Json, manifests: Json, by_id: Json) -> Iterable[str]:
    root = there["lock"]["chain"][0]
    signed = next(one for one in manifests[root]["parts"] if one["department"]["id"] == part)["record"]
    allowed, taken = set(), set()
    for amend in there["amendments"]:
        if by_id[amend["id"]]["kind"] != "amend":
            yield f"{amend['id']} amends {part} of {visit} and is no amend"
        allowed.add(amend["register"])
        taken |= set(amend["takes"])
    targets = {by_id[name]["body"].get("target") for name in taken if name in by_id}
    registers = {_register(by_id[name]) for name in taken if name in by_id} | allowed
    for path, before, after in _changes(signed, there["record"]):
        if isinstance(before, list) or isinstance(after, list):
            ids = {one["id"] for one in [*(before or []), *(after or [])]}
            moved = {name for name in ids if _one(before, name) != _one(after, name)}
            if not moved <= taken | targets:
                yield f"{path} of {part} in {visit} changed after the signature: {moved}"
        elif not any(register and path.startswith(_path_of(register)) for register in registers):
            yield f"{path} of {part} in {visit} changed after the signature from {before} to {after}"


def _one(shelf: list[Json] | None, name: str) -> Json | None:
    return next((one for one in shelf or [] if one["id"] == name), None)


def _path_of(register: str) -> str:
    prefix, *names = register.split("/")
    if prefix == "answer":
        return f"/answers/{names[0]}/{names[1]}"
    if prefix == "finding":
        return f"/findings/{names[0]}"
    return f"/{prefix}" if prefix in ("transcript", "method") else f"/{prefix}s/{names[-1]}"


def _changes(before: Any, after: Any, path: str = "") -> Iterable[tuple[str, Any, Any]]:
    deep = path.count("/") < (3 if path.startswith("/answers") else 2)
    if deep and isinstance(before or after, dict) and path not in ("/transcript", "/method"):
        for name in sorted({*(before or {}), *(after or {})}):
            yield from _changes((before or {}).get(name), (after or {}).get(name), f"{path}/{name}")
    elif before != after:
        yield path, before, after


def _e2(run: Run, stored: Stored) -> Iterable[str]:
    """Late or stale work is kept and visible."""
    for visit, state in stored.states.items():
        shown = {one["id"] for one in state["held"]} | set(state["adopted"])
        shown |= {
            name
            for part in state["parts"].values()
            for amend in part["amendments"]
            for name in amend["takes"]
        }
        for row in stored.of(visit):
            if row.verdict == "held" and row.id not in shown:
                yield f"{stored.values[row.position]['kind']} {row.id} is held ({row.reason}) and nobody sees it"


def _r1(run: Run, stored: Stored) -> Iterable[str]:
    """No acknowledged verdict changes after a crash or restore."""
    rows = {(row.visit_id, row.device_id, row.seq): row for row in stored.rows}
    firsts = {row.id: row for row in reversed(stored.rows) if row.verdict != "duplicate"}
    for place, (verdict, reason, position) in run.shown.items():
        row = rows.get(place)
        if row is None:
            yield f"{place} was acknowledged as {verdict} and is gone"
            continue
        first = firsts[row.id] if row.verdict == "duplicate" else row
        if (first.verdict, first.reason, first.position) != (verdict, reason, position):
            yield f"{place} was shown as {verdict, reason, position}, is {first.verdict, first.reason, first.position}"


def _l1(run: Run, stored: Stored) -> Iterable[str]:
    """After healing every queue drains."""
    for handset in run.handsets.values():
        if handset.gone:
            continue
        if not handset.running:
            yield f"{handset.name} cannot be opened any more"
            continue
        left = [
            one
            for one in waiting(run, run.phones.told("there", handset.name))
            if one.get("hash") not in run.lost_files
        ]
        if left:
            yield f"{handset.name} still waits with {left[:3]}"
    gaps = {place.id for places in stored.places.values() for place in places}
    for row in db.session.scalars(select(KeptBundle).where(KeptBundle.waiting.is_not(None))):
        waits = [one["id"] for one in json.loads(row.waiting or b"{}")["operations"]]
        if not set(waits) <= gaps and not run.unrecoverable:
            yield f"a bundle of {row.device_id} waits for a gap to close for ever"


def _b1(run: Run, stored: Stored) -> Iterable[str]:
    """A complete part has every blob; every file that somebody still has is there, whole."""
    files = {(row.visit_id, row.hash): row for row in db.session.scalars(select(EvidenceFile))}
    for row in stored.rows:
        if row.verdict not in ("applied", "held"):
            continue
        for named in files_of(_read(stored.values[row.position]), None):
            file = files.get((row.visit_id, named.hash))
            if named.hash in run.lost_files or row.id in run.unrecoverable:
                continue
            if file is None or file.stored_at is None:
                yield f"the file {named.hash[:12]} of {named.operation_id} is not there"
            elif _kept(named.hash) != named.hash:
                yield f"the file {named.hash[:12]} is kept as something else"


def _kept(name: str) -> str | None:
    try:
        return sha256_hex(storage.get(storage.key_of(name)))
    except FileNotFoundError:
        return None


PROPERTIES: dict[str, Callable[[Run, Stored], Iterable[str]]] = {
    "L1": _l1, "I1": _i1, "I4": _i4, "R1": _r1, "I3": _i3, "I5": _i5, "I6": _i6, "I7": _i7, "I8": _i8, "E1": _e1, "E2": _e2,
    "B1": _b1, "I2": _i2,
}  # fmt: skip
