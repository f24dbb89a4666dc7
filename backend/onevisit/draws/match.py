"""Who goes where? Frozen inspectors matched to the drawn visits (draw.md §5)."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from onevisit.core.spread import at_once, cores
from onevisit.draws.choosing import KeptAway, choices, holders_in
from onevisit.draws.entries import Frozen, Inspector
from onevisit.draws.matched import Ineligible as Ineligible
from onevisit.draws.matched import Matching as Matching
from onevisit.draws.matched import MatchRules as MatchRules
from onevisit.draws.matched import MatchVisit as MatchVisit
from onevisit.draws.matched import Need as Need
from onevisit.draws.matched import Shortfall as Shortfall
from onevisit.draws.matched import Team as Team
from onevisit.draws.terms import Ineligibility

ACTIVE: Final = "active"
MANY_PARTS: Final = 2_000  # from here on a second process pays


def visits_in_full(order: Iterable[str], subjects: Mapping[str, str], rules: MatchRules) -> list[MatchVisit]:
    """Visits that need every department's whole part; `subjects` gives the subject id of a leaf."""
    needs = tuple(
        Need(department, rules.k, rules.specialities.get(department)) for department in rules.departments
    )
    return [MatchVisit(leaf, subjects.get(leaf), needs) for leaf in order]


def visits_short(
    shortfalls: Iterable[Shortfall],
    subjects: Mapping[str, str],
    already: Mapping[str, frozenset[str]],
    rules: MatchRules,
) -> list[MatchVisit]:
    """Visits of an earlier draw whose missing inspectors are to be matched by a draw of their own (S1)."""
    needs: dict[str, list[Need]] = defaultdict(list)
    for short in shortfalls:
        if short.department in rules.departments:
            needs[short.visit].append(Need(short.department, short.missing, short.speciality))
    return [
        MatchVisit(leaf, subjects.get(leaf), tuple(parts), already.get(leaf, frozenset()))
        for leaf, parts in needs.items()
    ]


def match_inspectors(
    visits: Sequence[MatchVisit],
    inspectors: Sequence[Frozen[Inspector]],
    departments: Sequence[str],
    key: bytes,
    window_end: str,
    neighbours: Mapping[str, Sequence[str]] | None = None,
) -> Matching:
    """The whole matching; certificates must be valid through `window_end` (YYYY-MM-DD).

    `neighbours` gives, for a department, the declared neighbours' departments whose library widens its pool.
    """
    inspectors = list(inspectors)  # a frozen list is unpacked whenever it is gone through
    pools, out = pools_of(inspectors, departments, window_end, neighbours or {})
    teams, shortfalls = teams_of(visits, inspectors, pools, key)
    return Matching(pools, (*out, *barred_from(visits, inspectors, pools)), teams, shortfalls)


def pools_of(
    inspectors: Iterable[Frozen[Inspector]],
    departments: Sequence[str],
    window_end: str,
    neighbours: Mapping[str, Sequence[str]],
) -> tuple[dict[str, tuple[str, ...]], tuple[Ineligible, ...]]:
    """Each department's choosable inspectors, and who of the frozen library is in no pool and why."""
    serving: dict[str, list[str]] = defaultdict(list)
    for department in departments:
        for home in (department, *neighbours.get(department, ())):
            serving[home].append(department)
    pools: dict[str, list[str]] = {department: [] for department in departments}
    out = []
    for frozen in sorted(inspectors, key=lambda one: one.leaf):
        reason = _why_in_no_pool(frozen.entry, serving, window_end)
        if reason:
            out.append(Ineligible(None, frozen.leaf, reason))
        for department in () if reason else serving[frozen.entry.department]:
            pools[department].append(frozen.leaf)
    return {department: tuple(leaves) for department, leaves in pools.items()}, tuple(out)


def barred_from(
    visits: Iterable[MatchVisit],
    inspectors: Iterable[Frozen[Inspector]],
    pools: Mapping[str, Sequence[str]],
) -> Iterator[Ineligible]:
    """Who of the pools may not go on which visit: recusals, and who is on it from an earlier draw."""
    in_pool = {department: set(leaves) for department, leaves in pools.items()}
    kept_away = KeptAway(inspectors)
    for visit in visits:
        concerned = set().union(*(in_pool.get(need.department, set()) for need in visit.needs))
        reasons = kept_away.reasons(visit)
        for leaf in sorted(reasons.keys() & concerned):
            yield Ineligible(visit.leaf, leaf, reasons[leaf])


def teams_of(
    visits: Iterable[MatchVisit],
    inspectors: Sequence[Frozen[Inspector]],
    pools: Mapping[str, Sequence[str]],
    key: bytes,
) -> tuple[tuple[Team, ...], tuple[Shortfall, ...]]:
    """The choice itself: least load first, ties by ticket; who is missing is a shortfall.

    Departments that share nobody do not touch each other's choices, so many visits are matched by several processes.
    """
    visits, holders = list(visits), holders_in(inspectors)
    shares = _shares(pools) if sum(len(visit.needs) for visit in visits) >= MANY_PARTS else []
    if len(shares) < 2:
        chosen = choices(visits, inspectors, pools, key, None)
    else:
        jobs = [partial(_choices_text, visits, inspectors, pools, key, share) for share in shares]
        by_share = [json.loads(text) for text in at_once(jobs)]
        turn: dict[str, Iterator[list[str]]] = {}
        for share, some in zip(shares, by_share, strict=True):
            turn |= dict.fromkeys(share, iter(some))  # one turn for all departments of a share
        chosen = [next(turn[need.department]) for visit in visits for need in visit.needs]
    teams, shortfalls, at = [], [], iter(chosen)
    for visit in visits:
        for need in visit.needs:
            team = next(at)
            teams.append(Team(visit.leaf, need.department, tuple(team)))
            if len(team) < need.number:
                unmet = (
                    need.speciality
                    if need.speciality and not holders[need.speciality] & {leaf.encode() for leaf in team}
                    else None
                )
                shortfalls.append(Shortfall(visit.leaf, need.department, need.number - len(team), unmet))
    return tuple(teams), tuple(shortfalls)


def _shares(pools: Mapping[str, Sequence[str]]) -> list[frozenset[str]]:
    """The departments dealt out to the cores; nothing where two of them have somebody in common."""
    everybody = [leaf for pool in pools.values() for leaf in pool]
    number = min(cores(), len(pools))
    if number < 2 or len(set(everybody)) < len(everybody):
        return []
    by_size = sorted(pools, key=lambda department: -len(pools[department]))
    return [frozenset(by_size[at::number]) for at in reversed(range(number))]


def _choices_text(
    visits: Sequence[MatchVisit],
    inspectors: Sequence[Frozen[Inspector]],
    pools: Mapping[str, Sequence[str]],
    key: bytes,
    share: frozenset[str],
) -> bytes:
    return json.dumps(choices(visits, inspectors, pools, key, share)).encode()


def _why_in_no_pool(
    inspector: Inspector, serving: Mapping[str, Sequence[str]], window_end: str
) -> str | None:
    if inspector.department not in serving:
        return Ineligibility.OTHER_DEPARTMENT.value
    if inspector.state != ACTIVE:
        return Ineligibility.NOT_ACTIVE.value
    if not inspector.certificate:
        return Ineligibility.NO_CERTIFICATE.value
    if inspector.valid_to < window_end:
        return Ineligibility.CERTIFICATE_EXPIRED.value
    return None
