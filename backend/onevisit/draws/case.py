"""What is a bundle under check, and which visits were to be matched in it? (draw.md §5, 7)"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from onevisit.core.canonical import digest
from onevisit.draws.entries import Frozen, Inspector
from onevisit.draws.lot import Hashing, Lot, lot_of
from onevisit.draws.match import MatchRules, MatchVisit, Shortfall, teams_of, visits_in_full, visits_short
from onevisit.draws.terms import DrawStatus
from onevisit.draws.verdict import Mismatch, Unchecked

CheckSignature = Callable[[str, bytes, str], bool]  # (kid, message, sig) -> was this key's owner the signer?
Bundle = Mapping[str, Any]


class Case:
    """A bundle under check. What one check recomputes from, the others take as stated: so each fault is named
    where it is, and not wherever it is felt."""

    def __init__(
        self, bundle: Bundle, public_key: CheckSignature | None, earlier: Sequence[Bundle], hashing: Hashing
    ) -> None:
        self.bundle, self.public_key, self.hashing = bundle, public_key, hashing
        self.given = earlier
        self._lot: Lot | None = None
        self._matched: tuple[list[dict[str, Any]], list[dict[str, Any]]] | None = None

    @property
    def commit(self) -> Mapping[str, Any]:
        commit: Mapping[str, Any] = self.bundle["commit"]
        return commit

    @property
    def earlier(self) -> dict[str, Bundle]:
        return {digest(one["commit"]): one for one in self.given}

    @property
    def voided(self) -> bool:
        return bool(self.bundle["status"] == DrawStatus.VOIDED)

    @property
    def leaves(self) -> list[str]:
        return [one["leaf"] for one in self.bundle["leaves"]]

    @property
    def row(self) -> bytes:
        return "".join(self.leaves).encode()

    @property
    def codes(self) -> bytes:
        return "".join(self.risks).encode()

    @property
    def risks(self) -> list[str]:
        return [one["risk"] for one in self.bundle["leaves"]]

    @property
    def strata(self) -> list[Mapping[str, Any]]:
        return list(self.commit["pool"]["strata"])

    def lot(self) -> Lot:
        """The draw by the stated key and quotas, computed once."""
        if self._lot is None:
            quota = {stratum["risk"]: stratum["quota"] for stratum in self.strata}
            self._lot = lot_of(self.row, self.codes, quota, bytes.fromhex(self.bundle["key"]), self.hashing)
        return self._lot

    def matched(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Teams and shortfalls by the stated key and pools, computed once."""
        if self._matched is None:
            visits, known = visits_of(self)
            if not known:
                visits = _with_stated_recusals(self, visits)
            key_ = bytes.fromhex(self.bundle["key"])
            teams, shortfalls = teams_of(visits, self.inspectors(), self.bundle["pools"], key_)
            self._matched = [team.as_json() for team in teams], [one.as_json() for one in shortfalls]
        return self._matched

    def inspectors(self) -> list[Frozen[Inspector]]:
        return [
            Frozen(one["leaf"], one["salt"], Inspector.from_json(one["entry"]))
            for one in self.bundle["inspectors"]
        ]


def _with_stated_recusals(case: Case, visits: Iterable[MatchVisit]) -> list[MatchVisit]:
    """Where the subjects are not known: who was kept away is taken from the bundle."""
    ids = {one.leaf: one.entry.id for one in case.inspectors()}
    away: dict[str, set[str]] = {}
    for one in case.bundle["ineligible"]:
        if one["visit"] is not None:
            away.setdefault(one["visit"], set()).add(ids[one["inspector"]])
    return [
        MatchVisit(visit.leaf, None, visit.needs, frozenset(away.get(visit.leaf, ()))) for visit in visits
    ]


def visits_of(case: Case) -> tuple[list[MatchVisit], bool]:
    """The visits to be matched, in order, and whether their subjects and earlier teams are known."""
    rules = MatchRules.from_json(case.commit["match"])
    if "subjects_draw" not in case.commit:
        subjects = {one["leaf"]: one["entry"]["id"] for one in case.bundle.get("entries", ())}
        order = case.lot().visit_order()
        return visits_in_full(order, subjects, rules), set(order) <= subjects.keys()
    before = _chain(case)
    if not before:
        stated = list(dict.fromkeys(team["visit"] for team in case.bundle["teams"]))
        return _as_stated(case, stated, rules), False
    first, last = before[-1], before[0]
    subjects = {one["leaf"]: one["entry"]["id"] for one in first.get("entries", ())}
    complete = "subjects_draw" not in first["commit"] and set(first["selected"]) <= subjects.keys()
    if not last["commit"]["inspectors"]["count"]:
        by_ticket = {one["leaf"]: (one["ticket"], one["leaf"]) for one in last["leaves"]}
        order = sorted(_visited_here(case, last), key=by_ticket.__getitem__)
        return visits_in_full(order, subjects, rules), complete
    already = _already(before)
    shortfalls = [Shortfall.from_json(one) for one in last["shortfalls"]]
    known = complete and all("teams" in one or not one["commit"]["inspectors"]["count"] for one in before)
    return visits_short(shortfalls, subjects, already, rules), known


def _visited_here(case: Case, last: Bundle) -> Iterable[str]:
    """All that was drawn; of a list that another region drew the part that lies here, as its teams say (市抽县查)."""
    if last["commit"]["region"] == case.commit["region"]:
        return [str(leaf_) for leaf_ in last["selected"]]
    here = dict.fromkeys(str(team["visit"]) for team in case.bundle["teams"])
    if not here.keys() <= set(last["selected"]):
        raise Mismatch("检查小组所去的对象，有的不在上级抽中的名单里。")
    return here


def _chain(case: Case) -> list[Bundle]:
    """The draws this one refers to, the nearest first."""
    chain: list[Bundle] = []
    earlier, refers = case.earlier, case.commit.get("subjects_draw")
    while refers in earlier and len(chain) < len(earlier):
        if earlier[refers]["status"] != DrawStatus.DRAWN:
            raise Mismatch("所依据的检查对象抽取已作废。")
        chain.append(earlier[refers])
        refers = chain[-1]["commit"].get("subjects_draw")
    if earlier and not chain:
        raise Mismatch("给出的文件不是本次所依据的检查对象抽取。")
    return chain


def _as_stated(case: Case, order: Iterable[str], rules: MatchRules) -> list[MatchVisit]:
    """Without the subjects' draw: visits as ordered in the bundle, if all their parts are matched in full."""
    missing = {(one["visit"], one["department"]): one["missing"] for one in case.bundle["shortfalls"]}
    for team in case.bundle["teams"]:
        if len(team["inspectors"]) + missing.get((team["visit"], team["department"]), 0) != rules.k:
            raise Unchecked("缺少检查对象抽取的文件，不知道每次检查缺几人，小组未重算。")
    return visits_in_full(order, {}, rules)


def _already(before: Iterable[Bundle]) -> dict[str, frozenset[str]]:
    """Visit -> ids of the inspectors that earlier draws put on it."""
    on_visit: dict[str, frozenset[str]] = {}
    for bundle in before:
        ids = {one["leaf"]: one["entry"]["id"] for one in bundle.get("inspectors", ())}
        for team in bundle.get("teams", ()):
            chosen = frozenset(ids[leaf_] for leaf_ in team["inspectors"])
            on_visit[team["visit"]] = on_visit.get(team["visit"], frozenset()) | chosen
    return on_visit
