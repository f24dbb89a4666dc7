"""Is a draw what its bundle says? Recomputes everything in it and names what fails (draw.md §7)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from onevisit.core.canonical import canonical, digest
from onevisit.core.problems import Problem
from onevisit.draws import merkle
from onevisit.draws.lot import Frozen, Hashing, Inspector, Lot, Subject, key, leaf, lot_of, roots, tickets
from onevisit.draws.match import (
    MatchRules,
    MatchVisit,
    Shortfall,
    barred_from,
    pools_of,
    teams_of,
    visits_in_full,
    visits_short,
)
from onevisit.draws.quota import CLASSES, Rules, quotas
from onevisit.draws.shape import misfit
from onevisit.draws.sources import (
    Reveal,
    Source,
    refuse_bad_reveal,
    refuse_weak_reveals,
    refuse_weak_sources,
)
from onevisit.draws.terms import (
    CHECK_LABELS,
    CheckCode,
    DrawStatus,
    EventKind,
    ExclusionReason,
    Ineligibility,
)

CheckSignature = Callable[[str, bytes, str], bool]  # (kid, message, sig) -> was this key's owner the signer?
Bundle = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: how many values were compared, and what was wrong or could not be compared."""

    code: str
    label_zh: str
    ok: bool
    compared: int
    detail: str = ""
    warning: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the command and the API say it."""
        return {
            "code": self.code,
            "label": self.label_zh,
            "ok": self.ok,
            "warning": self.warning,
            "compared": self.compared,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer: ok only if nothing failed; warnings name what could not be checked."""

    ok: bool
    checks: tuple[Check, ...]

    @property
    def failed(self) -> list[str]:
        """The codes of what failed."""
        return [check.code for check in self.checks if not check.ok]

    @property
    def warned(self) -> list[str]:
        """The codes of what could not be checked in full."""
        return [check.code for check in self.checks if check.warning]

    def as_json(self) -> dict[str, Any]:
        """As the command and the API say it."""
        return {"ok": self.ok, "checks": [check.as_json() for check in self.checks]}


class Mismatch(Exception):
    """What a check found to be wrong, as a sentence."""


class Unchecked(Exception):
    """What a check could not look at, as a sentence: a warning, no failure."""


def verify(
    bundle: Bundle,
    public_key: CheckSignature | None = None,
    *,
    earlier: Sequence[Bundle] = (),
    hashing: Hashing = tickets,
) -> Verification:
    """Every check that the bundle's content allows, in the order of `CheckCode`.

    `public_key` says whether a signature is by the named key. `earlier` are the bundles of the draws that
    an inspectors' draw refers to (`subjects_draw`); without them the visits are taken as stated: a warning.
    """
    case = _Case(bundle, public_key, earlier, hashing)
    checks = tuple(_looked_at(code, look, case) for code, look in _LOOKS.items() if _applies(code, bundle))
    return Verification(all(check.ok for check in checks), checks)


class _Case:
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
            visits, known = _visits(self)
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


def _applies(code: str, bundle: Any) -> bool:
    needed = _NEEDS.get(code)
    return needed is None or (isinstance(bundle, Mapping) and needed in bundle)


def _looked_at(code: str, look: Callable[[_Case], int], case: _Case) -> Check:
    label = CHECK_LABELS[CheckCode(code)]
    try:
        return Check(code, label, True, look(case))
    except Mismatch as found:
        return Check(code, label, False, 0, str(found))
    except Unchecked as found:
        return Check(code, label, True, 0, str(found), warning=True)
    except Problem as found:
        return Check(code, label, False, 0, found.detail)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as found:
        return Check(code, label, False, 0, f"缺少内容或读不懂：{found!r}")


def _form(case: _Case) -> int:
    where = misfit(case.bundle)
    if where is not None:
        raise Mismatch(f"{where} 缺少、多余或写法不对。")
    together = [name in case.bundle for name in ("inspectors", "pools", "ineligible", "teams")]
    if case.bundle["commit"]["inspectors"]["count"] and not case.voided and any(together) != all(together):
        raise Mismatch("执法人员名单、可匹配人员、不可匹配记录和检查小组应当齐全。")
    return 1


def _commit_hash(case: _Case) -> int:
    _same("承诺值", digest(case.commit), case.bundle["commit_hash"])
    return 1


def _sources(case: _Case) -> int:
    sources = [Source.from_json(source) for source in case.commit["sources"]]
    refuse_weak_sources(sources)
    reveals = [Reveal(one["id"], one["value"]) for one in case.bundle["sources"]]
    if not case.voided:
        refuse_weak_reveals(sources, reveals)
        return len(sources)
    order = [source.id for source in sources]
    revealed = [reveal.id for reveal in reveals]
    _same("来源", [id_ for id_ in order if id_ in revealed], revealed)
    return len(reveals)


def _reveals(case: _Case) -> int:
    sources = {source["id"]: Source.from_json(source) for source in case.commit["sources"]}
    for reveal in case.bundle["sources"]:
        if reveal["id"] not in sources:
            raise Mismatch(f"{reveal['id']}不在承诺的随机来源中。")
        refuse_bad_reveal(case.commit["draw"], sources[reveal["id"]], reveal["value"])
    return len(case.bundle["sources"])


def _key(case: _Case) -> int:
    reveals = [(one["id"], one["value"]) for one in case.bundle["sources"]]
    expected = None if case.voided else key(case.bundle["commit_hash"], reveals).hex()
    _same("密钥", expected, case.bundle["key"])
    return 1


def _counts(case: _Case) -> int:
    pool, leaves = case.commit["pool"], case.leaves
    if leaves != sorted(set(leaves)):
        raise Mismatch("名单没有按叶值排列，或有重复。")
    _same("名单总数", pool["count"], len(leaves))
    counted = Counter(case.risks)
    _same(
        "各类数量",
        [(risk, counted[risk]) for risk in CLASSES if counted[risk]],
        [(stratum["risk"], stratum["count"]) for stratum in case.strata],
    )
    if not leaves and "subjects_draw" not in case.commit:
        raise Mismatch("没有可抽取的检查对象。")
    if leaves and "subjects_draw" in case.commit:
        raise Mismatch("单独抽取执法人员时不应有检查对象。")
    reasons = case.commit["excluded"]["reasons"]
    _same("排除总数", case.commit["excluded"]["count"], sum(one["count"] for one in reasons))
    _known("排除原因", (one["reason"] for one in reasons), ExclusionReason)
    return len(leaves)


def _class_roots(case: _Case) -> int:
    found = roots(case.row, case.codes)
    for stratum in case.strata:
        _same(f"{stratum['risk']}类名单根", found.get(stratum["risk"]), stratum["root"])
    _same("分类", list(found), [stratum["risk"] for stratum in case.strata])
    return len(found)


def _pool_root(case: _Case) -> int:
    _same("总名单根", merkle.root(case.leaves), case.commit["pool"]["root"])
    return 1


def _quotas(case: _Case) -> int:
    rules = Rules.from_json(case.commit["rules"])
    _same("取整方式", rules.rounding, case.commit["rules"]["rounding"])
    expected = quotas(rules, {stratum["risk"]: stratum["count"] for stratum in case.strata})
    for stratum in case.strata:
        _same(f"{stratum['risk']}类抽取数", expected.get(stratum["risk"]), stratum["quota"])
    return len(expected)


def _tickets(case: _Case) -> int:
    stated = [one["ticket"] for one in case.bundle["leaves"]]
    expected = [None] * len(stated) if case.voided else case.lot().ticket_texts()
    for at, (ours, theirs) in enumerate(zip(expected, stated, strict=True)):
        if ours != theirs:
            raise Mismatch(f"第{at + 1}个名单叶 {case.bundle['leaves'][at]['leaf'][:12]}… 的抽取号不对。")
    return len(stated)


def _selection(case: _Case) -> int:
    expected = [] if case.voided else case.lot().selected
    stated = case.bundle["selected"]
    for ours, theirs in zip(expected, stated, strict=False):
        if ours != theirs:
            raise Mismatch(f"应抽中 {ours[:12]}…，文件写的是 {theirs[:12]}…。")
    _same("抽中数", len(expected), len(stated))
    return len(expected)


def _thresholds(case: _Case) -> int:
    expected = {} if case.voided else case.lot().thresholds
    _same("抽中线", expected, case.bundle["thresholds"])
    return len(expected)


def _events(case: _Case) -> int:
    events = case.bundle["events"]
    _known("事件", (event["kind"] for event in events), EventKind)
    for event in events:
        if not event["reason"].strip() or not event["by"]:
            raise Mismatch("后续事件缺少理由或批准人。")
    voidings = [event for event in events if event["kind"] == EventKind.VOIDED]
    if case.voided and not any(len(set(event["by"])) > 1 for event in voidings):
        raise Mismatch("已作废，但没有两人确认的作废记录。")
    if voidings and not case.voided:
        raise Mismatch("有作废记录，但状态不是已作废。")
    return len(events)


def _entries(case: _Case) -> int:
    entries = case.bundle["entries"]
    _each_once(one["entry"]["id"] for one in entries)
    for one, stated in zip(entries, case.bundle["leaves"], strict=False):
        _same_leaf(one, Subject.from_json(one["entry"]))
        _same("名单叶", stated["leaf"], one["leaf"])
        if one["entry"]["risk"] != stated["risk"]:
            raise Mismatch(f"{one['entry']['name']}的类别与公开名单不一致。")
    _same("条目数", case.commit["pool"]["count"], len(entries))
    return len(entries)


def _excluded(case: _Case) -> int:
    excluded = case.bundle["excluded"]
    for one in excluded:
        _same_leaf(one, Subject.from_json(one["entry"]))
    _same("排除总数", case.commit["excluded"]["count"], len(excluded))
    _same("排除名单根", case.commit["excluded"]["root"], merkle.root(one["leaf"] for one in excluded))
    _same(
        "排除原因",
        sorted((one["reason"], one["count"]) for one in case.commit["excluded"]["reasons"]),
        sorted(Counter(one["reason"] for one in excluded).items()),
    )
    _each_once(one["entry"]["id"] for one in (*excluded, *case.bundle.get("entries", ())))
    return len(excluded)


def _inspectors(case: _Case) -> int:
    inspectors = case.bundle["inspectors"]
    for one in inspectors:
        _same_leaf(one, Inspector.from_json(one["entry"]))
        for list_ in (one["entry"]["specialities"], one["entry"]["recusals"]):
            _same("执法人员条目的排列", sorted(list_), list_)
    _each_once(one["entry"]["id"] for one in inspectors)
    _same("执法人员总数", case.commit["inspectors"]["count"], len(inspectors))
    _same("执法人员名单根", case.commit["inspectors"]["root"], merkle.root(one["leaf"] for one in inspectors))
    return len(inspectors)


def _pools(case: _Case) -> int:
    """Pools hold exactly the able ones. The window's end is not in the bundle, but each certificate in a pool
    must outlast every one left out as expired; neighbours' departments count whole or not at all."""
    entries = {one.leaf: one.entry for one in case.inspectors()}
    pools, rules = case.bundle["pools"], MatchRules.from_json(case.commit["match"])
    if not case.voided:
        _same("部门", sorted(rules.departments), sorted(pools))
    out = {one["inspector"]: one["reason"] for one in case.bundle["ineligible"] if one["visit"] is None}
    _same("未入池人员", len(out), sum(one["visit"] is None for one in case.bundle["ineligible"]))
    _known("不可匹配原因", out.values(), Ineligibility)
    able: dict[str, list[str]] = {}
    for leaf_ in sorted(entries.keys() - out.keys()):
        able.setdefault(entries[leaf_].department, []).append(leaf_)
    for department, stated in pools.items():
        homes = {entries[leaf_].department for leaf_ in stated} | {department}
        if homes & set(rules.departments) != {department}:
            raise Mismatch(f"{department}的可匹配人员里有其他参与部门的人。")
        _same(
            f"{department}的可匹配人员",
            sorted(leaf_ for home in homes for leaf_ in able.get(home, [])),
            stated,
        )
    unused = entries.keys() - out.keys() - set().union(*map(set, pools.values()))
    if unused:
        raise Mismatch(f"有{len(unused)}名执法人员既未入池也没有说明原因。")
    if rules.valid_through is not None and not case.voided:
        _pools_recomputed(case, rules, out)
    _certificates_told_apart(entries, out, {home for pool in pools.values() for home in pool})
    homes_used = {entries[leaf_].department for pool in pools.values() for leaf_ in pool} | set(pools)
    for leaf_, reason in out.items():
        if (reason == Ineligibility.OTHER_DEPARTMENT) == (entries[leaf_].department in homes_used):
            raise Mismatch(f"执法人员 {leaf_[:12]}… 未入池的原因与其部门不符。")
    return len(entries)


def _pools_recomputed(case: _Case, rules: MatchRules, out: Mapping[str, str]) -> None:
    """The commit says through which day certificates must be valid and who may help: nothing is left to be stated."""
    pools, ineligible = pools_of(
        case.inspectors(), rules.departments, rules.valid_through or "", rules.neighbours
    )
    for department, expected in pools.items():
        _same(f"{department}的可匹配人员", list(expected), case.bundle["pools"][department])
    _same("未入池的人员和原因", {one.inspector: str(one.reason) for one in ineligible}, out)


def _certificates_told_apart(
    entries: Mapping[str, Inspector], out: Mapping[str, str], pooled: Iterable[str]
) -> None:
    kept = [entries[leaf_] for leaf_ in pooled]
    if any(one.state != "active" or not one.certificate for one in kept):
        raise Mismatch("可匹配人员里有不在岗或没有执法证件的人。")
    first_kept = min((one.valid_to for one in kept), default=None)
    for leaf_, reason in out.items():
        one = entries[leaf_]
        true_reason = {
            Ineligibility.NOT_ACTIVE.value: one.state != "active",
            Ineligibility.NO_CERTIFICATE.value: not one.certificate,
            Ineligibility.CERTIFICATE_EXPIRED.value: first_kept is None or one.valid_to < first_kept,
            Ineligibility.OTHER_DEPARTMENT.value: True,  # held against the pools' departments by the caller
        }
        if not true_reason.get(reason, False):
            raise Mismatch(f"执法人员 {leaf_[:12]}… 未入池的原因与其条目不符。")


def _ineligible(case: _Case) -> int:
    if case.voided:
        return 0
    visits, known = _visits(case)
    stated = [one for one in case.bundle["ineligible"] if one["visit"] is not None]
    if not known:
        raise Unchecked("缺少检查对象抽取的完整文件，回避情况按本文件所写。")
    expected = [one.as_json() for one in barred_from(visits, case.inspectors(), case.bundle["pools"])]
    _same("逐次不可匹配记录", expected, stated)
    return len(stated)


def _teams(case: _Case) -> int:
    if case.voided:
        _same("检查小组", [], case.bundle["teams"])
        return 0
    teams, _ = case.matched()
    for ours, theirs in zip(teams, case.bundle["teams"], strict=False):
        if ours != theirs:
            raise Mismatch(f"检查 {ours['visit'][:12]}… {ours['department']} 的小组与重算结果不一致。")
    _same("小组数", len(teams), len(case.bundle["teams"]))
    if "subjects_draw" in case.commit and not case.given:
        raise Unchecked("缺少检查对象抽取的文件，上门次序按本文件所写。")
    return len(teams)


def _shortfalls(case: _Case) -> int:
    stated = case.bundle["shortfalls"]
    if "teams" in case.bundle and not case.voided:
        _, expected = case.matched()
        _same("人员缺额", expected, stated)
        return len(stated)
    if stated and (case.voided or not case.commit["inspectors"]["count"]):
        raise Mismatch("本次没有匹配执法人员，不应有缺额。")
    match = case.commit["match"]
    for one in stated:
        if one["department"] not in match["departments"] or not 1 <= one["missing"] <= match["k"]:
            raise Mismatch(f"检查 {one['visit'][:12]}… 的缺额与匹配规则不符。")
        if "subjects_draw" not in case.commit and one["visit"] not in case.bundle["selected"]:
            raise Mismatch(f"缺额所指的检查 {one['visit'][:12]}… 没有抽中。")
    return len(stated)


def _signature(case: _Case) -> int:
    signature = case.bundle.get("signature")
    if signature is None:
        raise Unchecked("文件没有平台签名：内容可以重算，但不能证明由谁发布。")
    if case.public_key is None:
        raise Unchecked("没有提供平台公钥，签名未核对。")
    unsigned = {member: value for member, value in case.bundle.items() if member != "signature"}
    if not case.public_key(signature["kid"], canonical(unsigned), signature["sig"]):
        raise Mismatch("平台签名与内容不符，内容在签名后被改动过，或签名不是平台所作。")
    return 1


def _with_stated_recusals(case: _Case, visits: Iterable[MatchVisit]) -> list[MatchVisit]:
    """Where the subjects are not known: who was kept away is taken from the bundle."""
    ids = {one.leaf: one.entry.id for one in case.inspectors()}
    away: dict[str, set[str]] = {}
    for one in case.bundle["ineligible"]:
        if one["visit"] is not None:
            away.setdefault(one["visit"], set()).add(ids[one["inspector"]])
    return [
        MatchVisit(visit.leaf, None, visit.needs, frozenset(away.get(visit.leaf, ()))) for visit in visits
    ]


def _visits(case: _Case) -> tuple[list[MatchVisit], bool]:
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
        return visits_in_full(sorted(last["selected"], key=by_ticket.__getitem__), subjects, rules), complete
    already = _already(before)
    shortfalls = [Shortfall.from_json(one) for one in last["shortfalls"]]
    known = complete and all("teams" in one or not one["commit"]["inspectors"]["count"] for one in before)
    return visits_short(shortfalls, subjects, already, rules), known


def _chain(case: _Case) -> list[Bundle]:
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


def _as_stated(case: _Case, order: Iterable[str], rules: MatchRules) -> list[MatchVisit]:
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


def _same(what: str, ours: Any, theirs: Any) -> None:
    if ours != theirs:
        raise Mismatch(f"{what}不一致：重算为 {_short(ours)}，文件写的是 {_short(theirs)}。")


def _short(value: Any) -> str:
    text = "无" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _same_leaf(stated: Mapping[str, Any], entry: Subject | Inspector) -> None:
    if leaf(bytes.fromhex(stated["salt"]), entry) != stated["leaf"]:
        raise Mismatch(f"条目 {entry.id} 与叶值 {stated['leaf'][:12]}… 不符。")


def _each_once(ids: Iterable[str]) -> None:
    twice = [id_ for id_, number in Counter(ids).items() if number > 1]
    if twice:
        raise Mismatch(f"{twice[0]}在名单中重复。")


def _known(what: str, codes: Iterable[str], known: type[StrEnum]) -> None:
    unknown = [code for code in codes if code not in set(known)]
    if unknown:
        raise Mismatch(f"没有“{unknown[0]}”这种{what}。")


_LOOKS: Final[dict[str, Callable[[_Case], int]]] = {
    CheckCode.FORM.value: _form,
    CheckCode.COMMIT_HASH.value: _commit_hash,
    CheckCode.SOURCES.value: _sources,
    CheckCode.REVEALS.value: _reveals,
    CheckCode.KEY.value: _key,
    CheckCode.COUNTS.value: _counts,
    CheckCode.CLASS_ROOTS.value: _class_roots,
    CheckCode.POOL_ROOT.value: _pool_root,
    CheckCode.QUOTAS.value: _quotas,
    CheckCode.TICKETS.value: _tickets,
    CheckCode.SELECTION.value: _selection,
    CheckCode.THRESHOLDS.value: _thresholds,
    CheckCode.EVENTS.value: _events,
    CheckCode.ENTRIES.value: _entries,
    CheckCode.EXCLUDED.value: _excluded,
    CheckCode.INSPECTORS.value: _inspectors,
    CheckCode.POOLS.value: _pools,
    CheckCode.INELIGIBLE.value: _ineligible,
    CheckCode.TEAMS.value: _teams,
    CheckCode.SHORTFALLS.value: _shortfalls,
    CheckCode.SIGNATURE.value: _signature,
}
_NEEDS: Final = {
    CheckCode.ENTRIES.value: "entries",
    CheckCode.EXCLUDED.value: "excluded",
    CheckCode.INSPECTORS.value: "inspectors",
    CheckCode.POOLS.value: "pools",
    CheckCode.INELIGIBLE.value: "ineligible",
    CheckCode.TEAMS.value: "teams",
}
