"""Does every frozen bundle come out the same, and is every change in it named?"""

import json
import os
import zlib
from dataclasses import replace

import pytest
from tests.draws.cases import BUNDLES, BY_NAME, EXAMPLES, cases, edited
from tests.draws.made import drawn, hashes

from onevisit.core.problems import Problem
from onevisit.draws import frozen as frozen_lists
from onevisit.draws.bundle import (
    Changes,
    Event,
    draw_key,
    full_bundle,
    make_commit,
    public_bundle,
    signed,
    verify,
    voided_bundle,
    with_event,
)
from onevisit.draws.lot import (
    FrozenPool,
    Inspector,
    Subject,
    differences,
    draw_subjects,
    freeze,
    pool_differences,
)
from onevisit.draws.match import (
    MatchRules,
    Shortfall,
    match_inspectors,
    visits_in_full,
    visits_short,
)
from onevisit.draws.quota import Rules
from onevisit.draws.signing import signature_checker
from onevisit.draws.sources import Reveal, Source

CHECK = signature_checker({kid: pem.encode() for kid, pem in BUNDLES["public_keys"].items()})
DRAWN = [
    case
    for case in BUNDLES["cases"]
    if "entries" in case["bundle"] and case["bundle"]["status"] == "drawn" and not case["failed"]
]


def named(case):
    return case["name"]


def earlier_of(case):
    return [BY_NAME[name]["bundle"] for name in case["earlier"]]


def pool_of(bundle):
    return FrozenPool.from_json({"excluded": [], "inspectors": [], **bundle})


def commit_again(bundle, pool):
    commit = bundle["commit"]
    return make_commit(
        draw=commit["draw"],
        task=commit["task"],
        region=commit["region"],
        scope=commit["scope"],
        pool=pool,
        rules=Rules.from_json(commit["rules"]),
        match=MatchRules.from_json(commit["match"]),
        sources=[Source.from_json(source) for source in commit["sources"]],
        closes_at=commit["closes_at"],
        changes=Changes(**commit["changes"]),
        subjects_draw=commit.get("subjects_draw"),
    )


def region_of(case):
    return case["bundle"]["commit"]["region"]


def test_a_county_goes_only_where_the_city_drew():
    case = BY_NAME["county_inspectors"]
    bundle, above = json.loads(json.dumps(case["bundle"])), BY_NAME["over_counties"]["bundle"]
    undrawn = next(one["leaf"] for one in above["leaves"] if one["leaf"] not in above["selected"])
    bundle["teams"][0]["visit"] = undrawn
    assert "teams" in verify(bundle, earlier=[above]).failed
    assert verify(case["bundle"], CHECK, earlier=[BY_NAME["over_counties_public"]["bundle"]]).ok


def visits_again(case, lot, pool, rules):
    if not case["earlier"]:
        return visits_in_full(lot.visit_order(), {one.leaf: one.entry.id for one in pool.subjects}, rules)
    first, last = BY_NAME[case["earlier"][0]]["bundle"], BY_NAME[case["earlier"][-1]]["bundle"]
    subjects = {one["leaf"]: one["entry"]["id"] for one in first["entries"]}
    if not last["commit"]["inspectors"]["count"]:
        ticket = {one["leaf"]: one["ticket"] for one in last["leaves"]}
        here = {team["visit"] for team in case["bundle"]["teams"]}
        drawn = [
            leaf for leaf in last["selected"] if last["commit"]["region"] == region_of(case) or leaf in here
        ]
        return visits_in_full(sorted(drawn, key=ticket.__getitem__), subjects, rules)
    ids = {one["leaf"]: one["entry"]["id"] for one in last["inspectors"]}
    on_visit = {leaf: set() for leaf in subjects}
    for team in last["teams"]:
        on_visit[team["visit"]] |= {ids[leaf] for leaf in team["inspectors"]}
    already = {leaf: frozenset(on) for leaf, on in on_visit.items()}
    return visits_short([Shortfall.from_json(one) for one in last["shortfalls"]], subjects, already, rules)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_the_specification_come_out_the_same(name):
    example = cases(name)
    pool = pool_of(example)
    commit = commit_again(example, pool)
    assert commit | {"match": example["commit"]["match"]} == example["commit"]
    reveals = [Reveal(**one) for one in example["sources"]]
    lot = draw_subjects(pool, Rules.from_json(commit["rules"]), draw_key(example["commit"], reveals))
    bundle = full_bundle(example["commit"], reveals, pool, lot)
    assert {member: bundle[member] for member in example} == example
    verification = verify(example)
    assert (verification.failed, verification.warned) == ([], ["signature"])


@pytest.mark.parametrize("case", DRAWN, ids=named)
def test_a_frozen_bundle_comes_out_the_same(case):
    bundle, rules = case["bundle"], MatchRules.from_json(case["bundle"]["commit"]["match"])
    if bundle["commit"].get("subjects_draw") and not case["earlier"]:
        case = BY_NAME[case["name"].removesuffix("_alone")]
    pool = pool_of(bundle)
    commit = commit_again(bundle, pool)
    reveals = [Reveal(**one) for one in bundle["sources"]]
    key = draw_key(commit, reveals)
    lot = draw_subjects(pool, Rules.from_json(commit["rules"]), key)
    matching = None
    if pool.inspectors:
        visits = visits_again(case, lot, pool, rules)
        window = case["match"] or {"window_end": rules.valid_through, "neighbours": rules.neighbours}
        matching = match_inspectors(visits, pool.inspectors, rules.departments, key, **window)
    again = full_bundle(commit, reveals, pool, lot, matching)
    assert again == {member: value for member, value in bundle.items() if member != "signature"}


@pytest.mark.parametrize("case", BUNDLES["cases"], ids=named)
def test_bundles_verify(case):
    verification = verify(case["bundle"], CHECK, earlier=earlier_of(case))
    assert (verification.failed, verification.warned) == (case["failed"], case["warned"])
    assert verification.ok == (not case["failed"])


@pytest.mark.parametrize("case", cases("tampering"), ids=lambda case: f"{case['base']}, {case['name']}")
def test_every_change_is_named(case):
    base = BY_NAME[case["base"]]
    tampered = edited(base["bundle"], case["edits"])
    verification = verify(tampered, CHECK, earlier=earlier_of(base))
    assert verification.failed == [*case["failed"], "signature"]
    del tampered["signature"]
    verification = verify(tampered, CHECK, earlier=earlier_of(base))
    assert verification.failed == case["failed"]
    assert all(check.detail for check in verification.checks if not check.ok)


def test_a_leaf_moved_to_another_class_is_noticed_by_anybody():
    """Tickets, selection, thresholds and even the server's signature are done anew: the class roots still stand."""
    moved, honest = BY_NAME["leaf_moved"]["bundle"], BY_NAME["batch_1_of_3"]["bundle"]
    assert moved["commit"] == honest["commit"]
    assert moved["selected"] != honest["selected"]
    found = next(check for check in verify(moved, CHECK).checks if not check.ok)
    assert found.code == "class_roots"
    assert "名单根不一致" in found.detail


def test_whom_the_year_drew_is_drawn_once():
    batches = [BY_NAME[f"batch_{number}_of_3"]["bundle"] for number in (1, 2, 3)]
    drawn = [
        one["entry"]["id"]
        for bundle in batches
        for one in bundle["entries"]
        if one["leaf"] in bundle["selected"]
    ]
    assert len(drawn) == len(set(drawn)) == 12  # 30 % of 40


def test_the_commit_says_who_could_be_matched():
    bundle = BY_NAME["valid_through"]["bundle"]
    expired = next(one for one in bundle["ineligible"] if one["reason"] == "certificate_expired")
    unsigned = {name: value for name, value in bundle.items() if name != "signature"}
    tampered = json.loads(json.dumps(unsigned))
    tampered["ineligible"] = [one for one in tampered["ineligible"] if one != expired]
    tampered["pools"]["632525-xf"] = sorted([*tampered["pools"]["632525-xf"], expired["inspector"]])
    assert "pools" in verify(tampered).failed
    older = json.loads(json.dumps(unsigned))
    del older["commit"]["match"]["valid_through"]
    assert verify(older).failed == ["commit_hash"]


def test_a_sensitive_draw_names_nobody_in_public():
    full, public = BY_NAME["sensitive"]["bundle"], BY_NAME["sensitive_public"]["bundle"]
    text = json.dumps(public, ensure_ascii=False)
    for one in (*full["entries"], *full["excluded"]):
        for secret in (one["entry"]["name"], one["entry"]["id"], one["salt"]):
            assert secret not in text
    assert verify(public, CHECK).failed == []


@pytest.mark.parametrize("wanted", [cases("seeded")], ids=lambda wanted: f"{wanted['count']} subjects")
def test_a_hundred_thousand_come_out_the_same(wanted):
    _, bundle = drawn(wanted["seed"], wanted["count"], Rules(wanted["ratio"]))
    assert {
        "seed": wanted["seed"],
        "count": wanted["count"],
        "ratio": wanted["ratio"],
        **hashes(bundle),
    } == wanted
    assert verify(public_bundle(bundle)).failed == []


def places(value, way=()):
    """Every leaf value of a JSON document with the way to it."""
    if isinstance(value, dict | list):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(member, (*way, key))
    else:
        yield way, value


def flipped(value):
    if isinstance(value, str):
        return ("1" if value[:1] == "0" else "0") + value[1:]
    return 1 if value is None else value + 1


def test_any_flipped_value_of_a_signed_bundle_fails():
    bundle = BY_NAME["neighbours"]["bundle"]
    for way, value in places({member: bundle[member] for member in bundle if member != "signature"}):
        tampered = json.loads(json.dumps(bundle))
        place = tampered
        for step in way[:-1]:
            place = place[step]
        place[way[-1]] = flipped(value)
        failed = verify(tampered, CHECK).failed
        assert failed[-1] == "signature"
        assert len(failed) > 1, f"only the signature noticed {way}"


@pytest.mark.parametrize("nonsense", [None, 7, "text", [], {}, {"commit": []}])
def test_nonsense_fails_and_does_not_raise(nonsense):
    assert not verify(nonsense).ok


def test_nonsense_beside_a_bundle_fails_and_does_not_raise():
    assert verify(BY_NAME["inspectors"]["bundle"], CHECK, earlier=[{"commit": 1.5}]).failed == [
        "ineligible",
        "teams",
        "shortfalls",
    ]


def test_bottomless_nesting_fails_and_does_not_raise():
    deep = []
    for _ in range(5000):
        deep = [deep]
    bundle = BY_NAME["together"]["bundle"]
    event = {"kind": "replaced", "at": "", "reason": "x", "by": ["a"], "detail": {"deep": deep}}
    assert verify({**bundle, "events": [event]}, CHECK).failed == ["signature"]


def test_signature_names_the_signer():
    bundle = BY_NAME["together"]["bundle"]
    stranger = edited(bundle, [{"path": "signature/kid", "value": "somebody"}])
    assert verify(stranger, CHECK).failed == ["signature"]
    assert verify(bundle).warned == ["signature"]
    broken = edited(bundle, [{"path": "signature/sig", "value": "***"}])
    assert verify(broken, CHECK).failed == ["signature"]


def test_the_public_bundle_shows_no_name_and_no_salt():
    full = BY_NAME["together"]["bundle"]
    public = json.dumps(public_bundle(full), ensure_ascii=False)
    for frozen in (*full["entries"], *full["excluded"]):
        assert frozen["salt"] not in public
        assert frozen["entry"]["name"] not in public
    for frozen in full["inspectors"]:
        assert frozen["leaf"] not in public


def test_an_event_takes_the_signature_away_until_it_is_signed_again():
    event = Event(
        "replaced", "2027-03-05T09:00:00+08:00", "公务冲突", ("0190-deputy",), {"part": "0190-part"}
    )
    changed = with_event(BY_NAME["together"]["bundle"], event)
    assert verify(changed, CHECK).warned == ["signature"]
    resigned = signed(changed, "k", lambda message: "sig")
    assert verify(resigned, lambda kid, message, sig: (kid, sig) == ("k", "sig")).ok


def test_an_empty_pool_is_refused():
    bundle = BY_NAME["no_classes"]["bundle"]
    with pytest.raises(Problem) as found:
        commit_again(bundle, freeze([], [], [], bytes))
    assert found.value.code == "draws.pool_empty"


def test_no_key_without_every_true_reveal():
    bundle = BY_NAME["no_classes"]["bundle"]
    first, second = (Reveal(**one) for one in bundle["sources"])
    for reveals, code in (
        ([first], "draws.reveal_missing"),
        ([second, first], "draws.reveals_disordered"),
        ([first, Reveal(second.id, "0" * 32)], "draws.reveal_mismatch"),
        ([first, Reveal(second.id, "F" * 32)], "draws.reveal_malformed"),
    ):
        with pytest.raises(Problem) as found:
            draw_key(bundle["commit"], reveals)
        assert found.value.code == code


def test_little_chance_is_no_chance():
    commit = BY_NAME["number"]["bundle"]["commit"]
    dice = {**commit, "sources": [{"id": one, "kind": "dice", "commitment": None} for one in "ab"]}
    with pytest.raises(Problem) as found:
        draw_key(dice, [Reveal("a", "1 2 3"), Reveal("b", "4 5 6")])
    assert found.value.code == "draws.chance_too_small"


@pytest.mark.parametrize(("reason", "by"), [("", ("a", "b")), ("揭示缺失", ("a",)), ("揭示缺失", ("a", "a"))])
def test_voiding_needs_a_reason_and_a_second_person(reason, by):
    bundle = BY_NAME["voided"]["bundle"]
    with pytest.raises(Problem) as found:
        voided_bundle(bundle["commit"], [], pool_of(bundle), [Event("voided", "2027", reason, by)])
    assert found.value.code == "draws.void_unfounded"


def test_a_kept_entry_that_was_edited_is_refused():
    bundle = edited(BY_NAME["together"]["bundle"], [{"path": "entries/0/entry/name", "value": "x"}])
    with pytest.raises(ValueError, match="does not fit"):
        pool_of(bundle)


def test_freezing_takes_fresh_salts_and_nobody_twice():
    subject = Subject("1", "示例e\u0301", "632525", "A")
    assert freeze([subject], [], [], bytes).subjects[0].entry.name == "示例\u00e9"
    other = Subject("2", "示例", "632525", "A")
    assert len({one.salt for one in freeze([subject, other], [], [], os.urandom).subjects}) == 2
    with pytest.raises(ValueError, match="16 random bytes"):
        freeze([subject], [], [], lambda number: bytes(number - 1))
    for again in ([subject, subject], [subject]):
        excluded = [] if len(again) == 2 else [(subject, "closed")]
        with pytest.raises(Problem) as found:
            freeze(again, excluded, [], os.urandom)
        assert found.value.code == "draws.entry_twice"
    with pytest.raises(Problem) as found:
        freeze([Subject("1", "示例", "632525", "E")], [], [], os.urandom)
    assert found.value.code == "draws.class_unknown"


@pytest.mark.parametrize("name", ["together", "voided", "inspectors"])
def test_what_is_kept_comes_back_the_same(name):
    pool = pool_of(BY_NAME[name]["bundle"])
    again = FrozenPool.of_blocks(pool.blocks())
    assert again.as_json() == pool.as_json()
    assert pool_differences(pool, again) == differences([], [])
    block = next(iter(pool.subjects.blocks or pool.inspectors.blocks))
    for damaged in (replace(block, codes=block.codes[:-1]), replace(block, pressed=block.pressed[:-1])):
        with pytest.raises(ValueError, match=r"incomplete|cannot be read"):
            damaged.texts()


@pytest.mark.parametrize("name", ["together", "inspectors"])
def test_a_kept_entry_that_was_edited_does_not_fit_its_leaf(name):
    pool = pool_of(BY_NAME[name]["bundle"])
    for part, blocks in pool.blocks().items():
        for block in blocks:
            first, *others = block.texts()
            texts = [first.replace(b'"id":"', b'"id":"1', 1), *others]
            edited = replace(block, pressed=zlib.compress(b"\n".join(texts)))
            with pytest.raises(ValueError, match="does not fit"):
                FrozenPool.of_blocks({**pool.blocks(), part: [edited]}).refuse_misfits()


def test_blocks_hold_together(monkeypatch):
    monkeypatch.setattr(frozen_lists, "BLOCK", 3)
    some = [Subject(f"S{at:03d}", f"示例{at}", "632525", "ABCD"[at % 4]) for at in range(50)]
    pool = freeze(some[:40], [(one, "closed") for one in some[40:]], [], os.urandom)
    lines = pool.subjects
    assert len(lines.blocks) > 5
    assert [lines[at] for at in range(40)] == list(lines) == lines[:]
    assert lines[-1] == list(lines)[-1]
    assert lines.leaves() == sorted(one.leaf for one in lines)
    wanted = [lines[at].leaf for at in (39, 0, 17)]
    assert lines.those([*wanted, "ff" * 32, "00" * 32]) == {
        leaf: one for one in lines for leaf in wanted if one.leaf == leaf
    }
    assert pool.excluded.reasons() == {"closed": 10}
    assert pool.counts() == dict.fromkeys("ABCD", 10)
    with pytest.raises(IndexError):
        lines[40]


def test_odd_text_is_frozen_line_by_line():
    odd = [
        Subject('7","name":"x\n\t', 'n"o\u0303\u2028\U00020bb7', "r\\", "-"),
        Subject("8", "\n\u0303", "", "D"),
    ]
    pool = freeze(odd, [(Subject("9", "\t", "", "A"), "closed")], [], os.urandom)
    assert FrozenPool.from_json(pool.as_json()).as_json() == pool.as_json()
    pool.refuse_misfits()
    assert {one.entry for one in pool.subjects} == {one.in_nfc() for one in odd}


def test_an_edited_library_shows():
    def person(id_, state="active"):
        return Inspector(id_, "632525-fg", "c", "2027-01-01", (), state, ())

    seen = differences(
        [person("1"), person("2"), person("3")], [person("2"), person("3", "left"), person("4")]
    )
    assert (seen.added, seen.removed, seen.changed) == (("4",), ("1",), ("3",))
