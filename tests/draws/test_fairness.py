"""Has everybody the same chance, and is the work spread as the rules say? Measured over thousands of draws."""

import hashlib
from collections import Counter
from itertools import combinations
from random import Random

from onevisit.draws.frozen import Frozen, Inspector
from onevisit.draws.lot import lot_of
from onevisit.draws.match import Matching, MatchRules, match_inspectors, visits_in_full

DRAWS, POOL, DRAWN = 20_000, 50, 10
WINDOW_END = "2027-06-30"


def test_everybody_and_every_pair_has_the_same_chance(capsys) -> None:  # type: ignore[no-untyped-def]
    """20,000 seeded draws of 10 out of 50. χ² as for sampling without repetition: the inclusions of a draw hang
    together, so that Σ (seen − expected)² / expected is spread like (1 − n/N)·N/(N−1) times χ²(N − 1)."""
    leaves = [hashlib.sha256(f"leaf{at}".encode()).hexdigest() for at in range(POOL)]
    row, codes = "".join(leaves).encode(), b"-" * POOL
    place = {leaf: at for at, leaf in enumerate(leaves)}
    once, pairs = Counter[int](), Counter[tuple[int, int]]()
    for seed in range(DRAWS):
        lot = lot_of(row, codes, {"-": DRAWN}, hashlib.sha256(b"fair%d" % seed).digest())
        drawn = sorted(place[leaf] for leaf in lot.selected)
        once.update(drawn)
        pairs.update(combinations(drawn, 2))
    expected = DRAWS * DRAWN / POOL
    inclusion = sum((once[at] - expected) ** 2 for at in range(POOL)) / expected
    inclusion /= (1 - DRAWN / POOL) * POOL / (POOL - 1)
    number = POOL * (POOL - 1) // 2
    share = DRAWN * (DRAWN - 1) / (POOL * (POOL - 1))
    each = DRAWS * share
    pair = sum((pairs[both] - each) ** 2 for both in combinations(range(POOL), 2)) / each
    freedom, wide = POOL - 1, number - 1
    with capsys.disabled():
        print(
            f"\n{DRAWS} draws of {DRAWN} out of {POOL}: inclusion χ² {inclusion:.1f} (freedom {freedom}, "
            f"within 23.98 … 85.35 in 998 of 1000), {min(once.values())} … {max(once.values())} times, expected "
            f"{expected:.0f}; pairs χ² {pair:.0f} of {wide}, {min(pairs.values())} … {max(pairs.values())} times, "
            f"expected {each:.0f}"
        )
    assert 23.98 < inclusion < 85.35  # χ²(49), 0.1 % on each side
    # Pairs of one draw hang together too: the mean is 1225 · (1 − share), and draws by the standard library's own
    # sample() have a standard deviation of about 57.
    assert abs(pair - number * (1 - share)) < 5 * 57
    assert len(pairs) == number


def test_a_thousand_random_pools_break_no_rule(capsys) -> None:  # type: ignore[no-untyped-def]
    """Recusals, scarce specialities, expiring certificates: no rule is broken, and where a rule allows, loads are even."""
    spreads, shortfalls, parts = Counter[int](), 0, 0
    for seed in range(1000):
        random = Random(seed)
        rules, people, subjects = _random_pool(random)
        order = sorted(subjects)
        matching = match_inspectors(
            visits_in_full(order, subjects, rules),
            people,
            rules.departments,
            random.randbytes(32),
            WINDOW_END,
        )
        _refuse_broken_rules(matching, rules, people, subjects)
        parts += len(matching.teams)
        shortfalls += sum(one.missing for one in matching.shortfalls)
        for department, pool in matching.pools.items():
            plain = {
                one.leaf
                for one in people
                if one.leaf in pool and not one.entry.recusals and not one.entry.specialities
            }
            if len(plain) > 1 and not rules.specialities.get(department):
                loads = Counter(leaf for team in matching.teams for leaf in team.inspectors)
                spreads[max(loads[leaf] for leaf in plain) - min(loads[leaf] for leaf in plain)] += 1
    with capsys.disabled():
        print(
            f"\n1000 random pools, {parts} parts, {shortfalls} inspectors missing; difference of load between "
            f"inspectors whom nothing keeps away: {dict(sorted(spreads.items()))}"
        )
    assert max(spreads) <= 1


def _random_pool(random: Random) -> tuple[MatchRules, list[Frozen[Inspector]], dict[str, str]]:
    departments = tuple(f"dep{at}" for at in range(random.randint(1, 3)))
    skills = {one: random.choice([None, None, "消防"]) for one in departments}
    subjects = {
        hashlib.sha256(f"s{at}".encode()).hexdigest(): f"S{at}" for at in range(random.randint(1, 25))
    }
    people = []
    for at in range(random.randint(0, 60)):
        entry = Inspector(
            f"I{at}", random.choice([*departments, "elsewhere"]), random.choice(["c", "c", "c", ""]),
            random.choice(["2028-01-01", WINDOW_END, "2027-06-29"]),
            ("消防",) if random.random() < 0.2 else (), random.choice(["active", "active", "active", "left"]),
            tuple(sorted({f"S{random.randrange(25)}" for _ in range(random.choice([0, 0, 1, 3]))})),
        )  # fmt: skip
        people.append(Frozen(hashlib.sha256(f"i{at}".encode()).hexdigest(), "", entry))
    return MatchRules(departments[0], departments, random.randint(1, 3), skills), people, subjects


def _refuse_broken_rules(
    matching: Matching, rules: MatchRules, people: list[Frozen[Inspector]], subjects: dict[str, str]
) -> None:
    entries = {one.leaf: one.entry for one in people}
    missing = {(one.visit, one.department): one for one in matching.shortfalls}
    on_visit: dict[str, list[str]] = {}
    for team in matching.teams:
        on_visit.setdefault(team.visit, []).extend(team.inspectors)
        short = missing.get((team.visit, team.department))
        assert len(team.inspectors) + (short.missing if short else 0) == rules.k
        for leaf in team.inspectors:
            one = entries[leaf]
            assert (one.department, one.state) == (team.department, "active")
            assert one.certificate
            assert one.valid_to >= WINDOW_END
            assert subjects[team.visit] not in one.recusals
        skill = rules.specialities.get(team.department)
        if skill and (team.inspectors or short):
            held = any(skill in entries[leaf].specialities for leaf in team.inspectors)
            assert held or (short and short.speciality == skill)
        able = [
            leaf for leaf in matching.pools[team.department]
            if subjects[team.visit] not in entries[leaf].recusals and leaf not in team.inspectors
        ]  # fmt: skip
        if short and not short.speciality:
            assert not [leaf for leaf in able if leaf not in on_visit[team.visit]]
    assert all(len(set(chosen)) == len(chosen) for chosen in on_visit.values())
