"""Who is chosen for a part? Least load first, ties by ticket; whoever may not go there is out of the running (draw.md §5)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from onevisit.draws.entries import Frozen, Inspector
from onevisit.draws.lot import TICKET_BYTES, ManyTickets, many_tickets
from onevisit.draws.matched import MatchVisit, Need
from onevisit.draws.terms import Ineligibility

Leaf = bytes  # as hex: tickets are reckoned over it, and it stands behind its ticket where ties are broken


def choices(
    visits: Iterable[MatchVisit],
    inspectors: Sequence[Frozen[Inspector]],
    pools: Mapping[str, Sequence[str]],
    key: bytes,
    share: frozenset[str] | None,
) -> list[list[str]]:
    """The inspectors of each part in order, of the departments of one share (None: of all)."""
    kept_away, loads, holders = KeptAway(inspectors), _Loads(pools), holders_in(inspectors)
    chosen = []
    for visit in visits:
        tickets = many_tickets(key, f"match|{visit.leaf}|".encode())
        absent = {leaf.encode() for leaf in kept_away.reasons(visit)}
        for need in visit.needs:
            if share is None or need.department in share:
                team = _chosen(need, loads, absent, holders, tickets)
                chosen.append([leaf.decode() for leaf in team])
                absent.update(team)
                loads.add(team)
    return chosen


def holders_in(inspectors: Iterable[Frozen[Inspector]]) -> dict[str, set[Leaf]]:
    """Speciality -> who holds it."""
    holders: dict[str, set[Leaf]] = defaultdict(set)
    for frozen in inspectors:
        for speciality in frozen.entry.specialities:
            holders[speciality].add(frozen.leaf.encode())
    return holders


def _chosen(
    need: Need, loads: "_Loads", absent: set[Leaf], holders: Mapping[str, set[Leaf]], tickets: ManyTickets
) -> list[Leaf]:
    """A part's inspectors. A demanded speciality keeps one place, which stays empty if nobody holds it."""
    if need.speciality is None:
        return loads.least(need.department, need.number, absent, None, tickets)
    first = loads.least(need.department, 1, absent, holders[need.speciality], tickets)
    return first + loads.least(need.department, need.number - 1, absent | set(first), None, tickets)


class KeptAway:
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
        self._load: Counter[Leaf] = Counter()
        self._in: dict[Leaf, list[str]] = defaultdict(list)
        for department, leaves in pools.items():
            for leaf in leaves:
                self._in[leaf.encode()].append(department)
        self._levels = {one: {0: {leaf.encode() for leaf in leaves}} for one, leaves in pools.items()}

    def least(
        self,
        department: str,
        number: int,
        absent: set[Leaf],
        only: set[Leaf] | None,
        tickets: ManyTickets,
    ) -> list[Leaf]:
        """The `number` of least load, ties by ticket then leaf. Whoever is chosen is on the visit and out of
        the running, so the next choice is simply the next in this order."""
        chosen: list[Leaf] = []
        levels = self._levels.get(department, {})
        for load in sorted(levels):
            if len(chosen) >= number:
                break
            able = levels[load] - absent if only is None else (levels[load] & only) - absent
            found = sorted(tickets(able))
            chosen += [one[TICKET_BYTES:] for one in found[: number - len(chosen)]]
        return chosen

    def add(self, team: Iterable[Leaf]) -> None:
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
