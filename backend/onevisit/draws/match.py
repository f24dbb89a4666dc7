"""Who goes where? Frozen inspectors matched to the drawn visits (draw.md §5)."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import nsmallest
from typing import Any, Final, Self

from onevisit.core.problems import Problem
from onevisit.draws.lot import Frozen, Inspector, ManyTickets, many_tickets
from onevisit.draws.spread import at_once, cores
from onevisit.draws.terms import Ineligibility

ACTIVE: Final = "active"
MANY_PARTS: Final = 2_000  # from here on a second process pays


@dataclass(frozen=True, slots=True)
class MatchRules:
    """What the commit says of matching: departments in order, the initiating one first.

    `valid_through` (the window's end, through which a certificate must be valid) and `neighbours` (department ->
    departments whose people may help) are optional keys of a commit: with them everybody can recompute who was in a
    department's pool, and without them (older bundles) only that the stated pools agree with themselves.
    """

    lead: str
    departments: tuple[str, ...]
    k: int = 2
    specialities: Mapping[str, str | None] = field(default_factory=dict)
    valid_through: str | None = None
    neighbours: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.k < 1 or len(set(self.departments)) < len(self.departments):
            raise Problem("draws.match_impossible", "匹配规则不对：每部门至少1人，部门不能重复。")
        if not set(self.specialities) <= set(self.departments):
            raise Problem("draws.match_impossible", "专业要求写给了不参与本次抽取的部门。")
        if not set(self.neighbours) <= set(self.departments):
            raise Problem("draws.match_impossible", "协助人员写给了不参与本次抽取的部门。")

    def as_json(self) -> dict[str, Any]:
        """The `match` of a commit."""
        rules: dict[str, Any] = {
            "lead": self.lead,
            "departments": list(self.departments),
            "k": self.k,
            "specialities": dict(self.specialities),
        }
        if self.valid_through is not None:
            rules["valid_through"] = self.valid_through
        if self.neighbours:
            rules["neighbours"] = {one: list(homes) for one, homes in self.neighbours.items()}
        return rules

    @classmethod
    def from_json(cls, match: Mapping[str, Any]) -> Self:
        """Rebuilt from a commit."""
        return cls(
            match["lead"],
            tuple(match["departments"]),
            match["k"],
            match["specialities"],
            match.get("valid_through"),
            match.get("neighbours", {}),
        )


@dataclass(frozen=True, slots=True)
class Need:
    """How many inspectors a department still owes to a visit; one of them holds the speciality."""

    department: str
    number: int
    speciality: str | None = None


@dataclass(frozen=True, slots=True)
class MatchVisit:
    """A drawn subject's visit; `already` are the inspectors (ids) an earlier draw put on it."""

    leaf: str
    subject: str | None
    needs: tuple[Need, ...]
    already: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Team:
    """The inspectors of one department on one visit, in the order chosen; the first leads."""

    visit: str
    department: str
    inspectors: tuple[str, ...]

    @property
    def leader(self) -> str | None:
        """Leader of the visit in the initiating department's team, part leader in another."""
        return self.inspectors[0] if self.inspectors else None

    def as_json(self) -> dict[str, Any]:
        """As it stands in a full bundle."""
        return {
            "visit": self.visit,
            "department": self.department,
            "inspectors": list(self.inspectors),
            "leader": self.leader,
        }


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Inspectors that could not be found; with `speciality`, one of the missing must hold it."""

    visit: str
    department: str
    missing: int
    speciality: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As it stands in a bundle."""
        return {
            "visit": self.visit,
            "department": self.department,
            "missing": self.missing,
            "speciality": self.speciality,
        }

    @classmethod
    def from_json(cls, shortfall: Mapping[str, Any]) -> Self:
        """Rebuilt from a bundle."""
        return cls(shortfall["visit"], shortfall["department"], shortfall["missing"], shortfall["speciality"])


@dataclass(frozen=True, slots=True)
class Ineligible:
    """An inspector who could not be chosen, for one visit or (visit None) for the whole draw."""

    visit: str | None
    inspector: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """As it stands in a full bundle."""
        return {"visit": self.visit, "inspector": self.inspector, "reason": str(self.reason)}


@dataclass(frozen=True, slots=True)
class Matching:
    """The outcome: who could be chosen, who not and why, who was, and who is missing."""

    pools: Mapping[str, tuple[str, ...]]
    ineligible: tuple[Ineligible, ...]
    teams: tuple[Team, ...]
    shortfalls: tuple[Shortfall, ...]

    def as_json(self) -> dict[str, Any]:
        """The keys of a full bundle that come from matching."""
        return {
            "pools": {department: list(leaves) for department, leaves in self.pools.items()},
            "ineligible": [one.as_json() for one in self.ineligible],
            "teams": [team.as_json() for team in self.teams],
            "shortfalls": [shortfall.as_json() for shortfall in self.shortfalls],
        }


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
    kept_away = _KeptAway(inspectors)
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
    visits, holders = list(visits), _holders(inspectors)
    shares = _shares(pools) if sum(len(visit.needs) for visit in visits) >= MANY_PARTS else []
    if len(shares) < 2:
        chosen = _choices(visits, inspectors, pools, key, None)
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
                    need.speciality if need.speciality and not holders[need.speciality] & set(team) else None
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
    return json.dumps(_choices(visits, inspectors, pools, key, share)).encode()


def _choices(
    visits: Iterable[MatchVisit],
    inspectors: Sequence[Frozen[Inspector]],
    pools: Mapping[str, Sequence[str]],
    key: bytes,
    share: frozenset[str] | None,
) -> list[list[str]]:
    """The inspectors of each part in order, of the departments of one share (None: of all)."""
    kept_away, loads, holders = _KeptAway(inspectors), _Loads(pools), _holders(inspectors)
    choices = []
    for visit in visits:
        ticket = many_tickets(key, f"match|{visit.leaf}|".encode())
        absent = set(kept_away.reasons(visit))
        for need in visit.needs:
            if share is None or need.department in share:
                team = _chosen(need, loads, absent, holders, ticket)
                choices.append(team)
                absent.update(team)
                loads.add(team)
    return choices


def _holders(inspectors: Iterable[Frozen[Inspector]]) -> dict[str, set[str]]:
    """Speciality -> who holds it."""
    holders: dict[str, set[str]] = defaultdict(set)
    for frozen in inspectors:
        for speciality in frozen.entry.specialities:
            holders[speciality].add(frozen.leaf)
    return holders


def _chosen(
    need: Need, loads: "_Loads", absent: set[str], holders: Mapping[str, set[str]], ticket: ManyTickets
) -> list[str]:
    """A part's inspectors. A demanded speciality keeps one place, which stays empty if nobody holds it."""
    if need.speciality is None:
        return loads.least(need.department, need.number, absent, None, ticket)
    first = loads.least(need.department, 1, absent, holders[need.speciality], ticket)
    return first + loads.least(need.department, need.number - 1, absent | set(first), None, ticket)


class _KeptAway:
    """Which inspectors may not go on a visit, found by the subject and not by walking the library."""

    def __init__(self, inspectors: Iterable[Frozen[Inspector]]) -> None:
        self._recused: dict[str, list[str]] = defaultdict(list)
        self._leaf_of: dict[str, str] = {}
        for frozen in inspectors:
            self._leaf_of[frozen.entry.id] = frozen.leaf
            for subject in frozen.entry.recusals:
                self._recused[subject].append(frozen.leaf)

    def reasons(self, visit: MatchVisit) -> dict[str, str]:
        """Leaf -> why not on this visit."""
        on_it = {self._leaf_of[id_] for id_ in visit.already if id_ in self._leaf_of}
        away = dict.fromkeys(on_it, Ineligibility.ALREADY_ON_VISIT.value)
        recused = self._recused.get(visit.subject, ()) if visit.subject is not None else ()
        return away | dict.fromkeys(recused, Ineligibility.RECUSED.value)


class _Loads:
    """Each pool's inspectors by how many parts they have in this draw so far."""

    def __init__(self, pools: Mapping[str, Sequence[str]]) -> None:
        self._load: Counter[str] = Counter()
        self._levels = {department: {0: set(leaves)} for department, leaves in pools.items()}
        self._in: dict[str, list[str]] = defaultdict(list)
        for department, leaves in pools.items():
            for leaf in leaves:
                self._in[leaf].append(department)

    def least(
        self,
        department: str,
        number: int,
        absent: set[str],
        only: set[str] | None,
        ticket: ManyTickets,
    ) -> list[str]:
        """The `number` of least load, ties by ticket then leaf. Whoever is chosen is on the visit and out of
        the running, so the next choice is simply the next in this order."""
        chosen: list[str] = []
        levels = self._levels.get(department, {})
        for load in sorted(levels):
            able = levels[load] - absent if only is None else (levels[load] & only) - absent
            chosen += [leaf for _, leaf in nsmallest(number - len(chosen), ticket(able))]
            if len(chosen) >= number:
                break
        return chosen

    def add(self, team: Iterable[str]) -> None:
        """One more part for each of them."""
        for leaf in team:
            load = self._load[leaf]
            self._load[leaf] = load + 1
            for department in self._in[leaf]:
                levels = self._levels[department]
                levels[load].discard(leaf)
                levels.setdefault(load + 1, set()).add(leaf)
                if not levels[load]:
                    del levels[load]


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
