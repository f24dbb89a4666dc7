"""Writes tests/cases/draw_bundles_more.json and draw_seeded.json: `python -m tests.draws.make_cases`.

The cases are frozen: run this only to add one, and look at the difference. The bundles are signed by a key that is
thrown away, so all of them change together.
"""

import json
import os
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.draws.cases import FOLDER
from tests.draws.made import drawn, hashes, seeded

from onevisit.core.canonical import sha256_hex
from onevisit.draws.bundle import (
    draw_key,
    full_bundle,
    make_commit,
    public_bundle,
    signed,
)
from onevisit.draws.keys import public_pem_of
from onevisit.draws.lot import FrozenPool, Inspector, Subject, draw_subjects, freeze, lot_of
from onevisit.draws.match import (
    Matching,
    MatchRules,
    Shortfall,
    match_inspectors,
    visits_in_full,
    visits_short,
)
from onevisit.draws.quota import Batch, Rules
from onevisit.draws.signing import signer
from onevisit.draws.sources import Reveal, Source, commitment

LEAD, PARTNER, NEIGHBOUR = "632525-scjg", "632525-xf", "632521-xf"
CLASSES = "ABBBCD"


def people(count: int, classes: str = CLASSES) -> list[Subject]:
    return [
        Subject(f"S{at:03d}", f"示例{at}号𠮷铺", "632525", classes[at % len(classes)]) for at in range(count)
    ]


def inspectors() -> list[Inspector]:
    """Scarce specialities, recusals, an expiring certificate, one who left, one without a certificate."""
    found = []
    for at in range(9):
        found.append(
            Inspector(
                f"I{at}", (LEAD, PARTNER)[at % 2], "" if at == 4 else f"示例证{at}",
                "2027-03-01" if at == 5 else "2028-12-31", ("消防设施",) if at == 1 else (),
                "left" if at == 6 else "active", ("S001", "S007") if at in (0, 1) else (),
            )
        )  # fmt: skip
    return found + [
        Inspector(f"N{at}", NEIGHBOUR, f"示例邻{at}", "2028-12-31", ("消防设施",), "active", ())
        for at in range(3)
    ]


def a_draw(
    name: str,
    pool: FrozenPool,
    rules: Rules,
    match: MatchRules,
    scope: str = "示例范围",
    subjects_draw: str | None = None,
    matched: Any = None,
) -> dict[str, Any]:
    values = {party: sha256_hex(f"{name}|{party}".encode())[:32] for party in ("发起部门", "监督")}
    commit = make_commit(
        draw=name, task="示例任务", region="632525", scope=scope, pool=pool, rules=rules, match=match,
        sources=[Source(one, "commit_reveal", commitment(name, one, value)) for one, value in values.items()],
        closes_at="2027-01-31T10:00:00Z", subjects_draw=subjects_draw,
    )  # fmt: skip
    reveals = [Reveal(one, value) for one, value in values.items()]
    key = draw_key(commit, reveals)
    lot = draw_subjects(pool, rules, key)
    matching: Matching | None = None
    if pool.inspectors:
        given = {leaf: one.entry.id for leaf, one in pool.subjects.those(lot.selected).items()}
        visits = matched or visits_in_full(lot.visit_order(), given, match)
        matching = match_inspectors(
            visits, list(pool.inspectors), match.departments, key, match.valid_through or "", match.neighbours
        )
    return full_bundle(commit, reveals, pool, lot, matching)


def batches() -> list[dict[str, Any]]:
    """A yearly ratio in three batches: whoever was drawn before is left out of the next pool."""
    everybody, before, found = people(40), dict[str, Subject](), []
    for number in (1, 2, 3):
        counted: dict[str, int] = {}
        for subject in before.values():
            counted[subject.risk] = counted.get(subject.risk, 0) + 1
        rules = Rules("0.3", batch=Batch(number, 3, counted))
        pool = freeze(
            [one for one in everybody if one.id not in before],
            [(one, "drawn_earlier") for one in before.values()], [], seeded(f"batch{number}"),
        )  # fmt: skip
        bundle = a_draw(f"示例全年-{number}", pool, rules, MatchRules(LEAD, (LEAD,)))
        drawn_now = pool.subjects.those(bundle["selected"])
        before |= {one.entry.id: one.entry for one in drawn_now.values()}
        found.append(bundle)
    return found


def made() -> list[tuple[str, dict[str, Any], list[str]]]:
    cases: list[tuple[str, dict[str, Any], list[str]]] = []
    for number, bundle in enumerate(batches(), 1):
        cases.append((f"batch_{number}_of_3", bundle, []))
    through = MatchRules(LEAD, (LEAD, PARTNER), 2, {LEAD: None, PARTNER: "消防设施"}, "2027-06-30")
    own = [one for one in inspectors() if one.department != NEIGHBOUR]
    window = a_draw("示例期限", freeze(people(18), [], own, seeded("window")), Rules("0.34"), through)
    cases += [("valid_through", window, []), ("valid_through_public", public_bundle(window), [])]
    widened = MatchRules(LEAD, (PARTNER,), 2, {PARTNER: "消防设施"}, "2027-06-30", {PARTNER: (NEIGHBOUR,)})
    short = [one for one in window["shortfalls"] if one["department"] == PARTNER]
    ids = {one["leaf"]: one["entry"]["id"] for one in window["entries"]}
    of_leaf = {one["leaf"]: one["entry"]["id"] for one in window["inspectors"]}
    on_visit: dict[str, frozenset[str]] = {}
    for team in window["teams"]:
        chosen = {of_leaf[one] for one in team["inspectors"]}
        on_visit[team["visit"]] = on_visit.get(team["visit"], frozenset()) | chosen
    visits = visits_short([Shortfall.from_json(one) for one in short], ids, on_visit, widened)
    pool = freeze([], [], [one for one in inspectors() if one.department != LEAD], seeded("wide"))
    wide = a_draw("示例扩大", pool, Rules("0.34"), widened, "示例范围", window["commit_hash"], visits)
    cases.append(("widened", wide, ["valid_through"]))
    secret = freeze(
        people(12, "CD"),
        [(Subject("S900", "示例停业民爆库", "632525", "D"), "closed")],
        own,
        seeded("sensitive"),
    )
    match = MatchRules(LEAD, (LEAD,), 2, valid_through="2027-06-30")
    sensitive = a_draw(
        "示例涉密-1", secret, Rules("0.25"), match, "敏感领域检查对象，范围由发起部门和监督部门保存"
    )
    cases += [("sensitive", sensitive, []), ("sensitive_public", public_bundle(sensitive), [])]
    return cases


def main() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    sign = signer(pem)
    cases = [
        {
            "name": name,
            "earlier": earlier,
            "failed": [],
            "warned": [],
            "match": None,
            "bundle": signed(bundle, "more-key", sign),
        }
        for name, bundle, earlier in made()
    ]
    moved = moved_leaf(made()[0][1])
    cases.append(
        {"name": "leaf_moved", "earlier": [], "failed": ["class_roots"], "warned": [], "match": None,
         "bundle": signed(moved, "more-key", sign)}
    )  # fmt: skip
    small = next(one["bundle"] for one in cases if one["name"] == "sensitive_public")
    assert len(json.dumps(small)) < 8000
    _write("bundles_more", {"public_keys": {"more-key": public_pem_of(key.public_key())}, "cases": cases})
    rules = Rules("0.03")
    _, bundle = drawn("示例十万", 100_000, rules)
    _write("seeded", {"seed": "示例十万", "count": 100_000, "ratio": "0.03", **hashes(bundle)})


def moved_leaf(bundle: dict[str, Any]) -> dict[str, Any]:
    """The attack that class roots are for: after the key is known a leaf goes to another class, and everything that
    follows from it (counts aside, which change places with another leaf) is done anew and signed by the server."""
    leaves = [dict(one) for one in public_bundle(bundle)["leaves"]]
    friend = next(one for one in leaves if one["leaf"] in bundle["selected"] and one["risk"] == "D")
    other = next(one for one in leaves if one["leaf"] not in bundle["selected"] and one["risk"] == "A")
    friend["risk"], other["risk"] = "A", "D"
    quota = {one["risk"]: one["quota"] for one in bundle["commit"]["pool"]["strata"]}
    row, codes = "".join(one["leaf"] for one in leaves), "".join(one["risk"] for one in leaves)
    lot = lot_of(row.encode(), codes.encode(), quota, bytes.fromhex(bundle["key"]))
    return {**public_bundle(bundle), "leaves": leaves, "selected": lot.selected, "thresholds": lot.thresholds}


def _write(name: str, content: Any) -> None:
    path = FOLDER / f"draw_{name}.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(path, os.path.getsize(path))


if __name__ == "__main__":
    main()
