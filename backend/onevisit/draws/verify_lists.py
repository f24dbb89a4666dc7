"""Are the lists and teams of a full bundle right? Entries, exclusions, inspectors and who was sent where (draw.md §5, 7)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from onevisit.draws import merkle
from onevisit.draws.case import Case, visits_of
from onevisit.draws.entries import Inspector, Subject
from onevisit.draws.match import MatchRules, barred_from, pools_of
from onevisit.draws.terms import CheckCode, Ineligibility
from onevisit.draws.verdict import Mismatch, Unchecked, each_once, known, same, same_leaf


def _entries(case: Case) -> int:
    entries = case.bundle["entries"]
    each_once(one["entry"]["id"] for one in entries)
    for one, stated in zip(entries, case.bundle["leaves"], strict=False):
        same_leaf(one, Subject.from_json(one["entry"]))
        same("名单叶", stated["leaf"], one["leaf"])
        if one["entry"]["risk"] != stated["risk"]:
            raise Mismatch(f"{one['entry']['name']}的类别与公开名单不一致。")
    same("条目数", case.commit["pool"]["count"], len(entries))
    return len(entries)


def _excluded(case: Case) -> int:
    excluded = case.bundle["excluded"]
    for one in excluded:
        same_leaf(one, Subject.from_json(one["entry"]))
    same("排除总数", case.commit["excluded"]["count"], len(excluded))
    same("排除名单根", case.commit["excluded"]["root"], merkle.root(one["leaf"] for one in excluded))
    same(
        "排除原因",
        sorted((one["reason"], one["count"]) for one in case.commit["excluded"]["reasons"]),
        sorted(Counter(one["reason"] for one in excluded).items()),
    )
    each_once(one["entry"]["id"] for one in (*excluded, *case.bundle.get("entries", ())))
    return len(excluded)


def _inspectors(case: Case) -> int:
    inspectors = case.bundle["inspectors"]
    for one in inspectors:
        same_leaf(one, Inspector.from_json(one["entry"]))
        for list_ in (one["entry"]["specialities"], one["entry"]["recusals"]):
            same("执法人员条目的排列", sorted(list_), list_)
    each_once(one["entry"]["id"] for one in inspectors)
    same("执法人员总数", case.commit["inspectors"]["count"], len(inspectors))
    same("执法人员名单根", case.commit["inspectors"]["root"], merkle.root(one["leaf"] for one in inspectors))
    return len(inspectors)


def _pools(case: Case) -> int:
    """Pools hold exactly the able ones. The window's end is not in the bundle, but each certificate in a pool
    must outlast every one left out as expired; neighbours' departments count whole or not at all."""
    entries = {one.leaf: one.entry for one in case.inspectors()}
    pools, rules = case.bundle["pools"], MatchRules.from_json(case.commit["match"])
    if not case.voided:
        same("部门", sorted(rules.departments), sorted(pools))
    out = {one["inspector"]: one["reason"] for one in case.bundle["ineligible"] if one["visit"] is None}
    same("未入池人员", len(out), sum(one["visit"] is None for one in case.bundle["ineligible"]))
    known("不可匹配原因", out.values(), Ineligibility)
    able: dict[str, list[str]] = {}
    for leaf_ in sorted(entries.keys() - out.keys()):
        able.setdefault(entries[leaf_].department, []).append(leaf_)
    for department, stated in pools.items():
        homes = {entries[leaf_].department for leaf_ in stated} | {department}
        if homes & set(rules.departments) != {department}:
            raise Mismatch(f"{department}的可匹配人员里有其他参与部门的人。")
        same(
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


def _pools_recomputed(case: Case, rules: MatchRules, out: Mapping[str, str]) -> None:
    """The commit says through which day certificates must be valid and who may help: nothing is left to be stated."""
    pools, ineligible = pools_of(
        case.inspectors(), rules.departments, rules.valid_through or "", rules.neighbours
    )
    for department, expected in pools.items():
        same(f"{department}的可匹配人员", list(expected), case.bundle["pools"][department])
    same("未入池的人员和原因", {one.inspector: str(one.reason) for one in ineligible}, out)


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


def _ineligible(case: Case) -> int:
    if case.voided:
        return 0
    visits, known = visits_of(case)
    stated = [one for one in case.bundle["ineligible"] if one["visit"] is not None]
    if not known:
        raise Unchecked("缺少检查对象抽取的完整文件，回避情况按本文件所写。")
    expected = [one.as_json() for one in barred_from(visits, case.inspectors(), case.bundle["pools"])]
    same("逐次不可匹配记录", expected, stated)
    return len(stated)


def _teams(case: Case) -> int:
    if case.voided:
        same("检查小组", [], case.bundle["teams"])
        return 0
    teams, _ = case.matched()
    for ours, theirs in zip(teams, case.bundle["teams"], strict=False):
        if ours != theirs:
            raise Mismatch(f"检查 {ours['visit'][:12]}… {ours['department']} 的小组与重算结果不一致。")
    same("小组数", len(teams), len(case.bundle["teams"]))
    if "subjects_draw" in case.commit and not case.given:
        raise Unchecked("缺少检查对象抽取的文件，上门次序按本文件所写。")
    return len(teams)


def _shortfalls(case: Case) -> int:
    stated = case.bundle["shortfalls"]
    if "teams" in case.bundle and not case.voided:
        _, expected = case.matched()
        same("人员缺额", expected, stated)
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


LOOKS: Final[dict[str, Callable[[Case], int]]] = {
    CheckCode.ENTRIES.value: _entries,
    CheckCode.EXCLUDED.value: _excluded,
    CheckCode.INSPECTORS.value: _inspectors,
    CheckCode.POOLS.value: _pools,
    CheckCode.INELIGIBLE.value: _ineligible,
    CheckCode.TEAMS.value: _teams,
    CheckCode.SHORTFALLS.value: _shortfalls,
}
NEEDS: Final = {
    CheckCode.ENTRIES.value: "entries",
    CheckCode.EXCLUDED.value: "excluded",
    CheckCode.INSPECTORS.value: "inspectors",
    CheckCode.POOLS.value: "pools",
    CheckCode.INELIGIBLE.value: "ineligible",
    CheckCode.TEAMS.value: "teams",
}
