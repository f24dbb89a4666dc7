"""Was the lot drawn as its bundle says? Commit, chance, key, tickets, selection: what everybody can recompute (draw.md §7)."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from onevisit.core.canonical import canonical, digest
from onevisit.draws import merkle
from onevisit.draws.case import Case
from onevisit.draws.lot import key, roots
from onevisit.draws.quota import CLASSES, Rules, quotas
from onevisit.draws.shape import misfit
from onevisit.draws.sources import (
    Reveal,
    Source,
    refuse_bad_reveal,
    refuse_weak_reveals,
    refuse_weak_sources,
)
from onevisit.draws.terms import CheckCode, EventKind, ExclusionReason
from onevisit.draws.verdict import Mismatch, Unchecked, known, same


def _form(case: Case) -> int:
    where = misfit(case.bundle)
    if where is not None:
        raise Mismatch(f"{where} 缺少、多余或写法不对。")
    together = [name in case.bundle for name in ("inspectors", "pools", "ineligible", "teams")]
    if case.bundle["commit"]["inspectors"]["count"] and not case.voided and any(together) != all(together):
        raise Mismatch("执法人员名单、可匹配人员、不可匹配记录和检查小组应当齐全。")
    return 1


def _commit_hash(case: Case) -> int:
    same("承诺值", digest(case.commit), case.bundle["commit_hash"])
    return 1


def _sources(case: Case) -> int:
    sources = [Source.from_json(source) for source in case.commit["sources"]]
    refuse_weak_sources(sources)
    reveals = [Reveal(one["id"], one["value"]) for one in case.bundle["sources"]]
    if not case.voided:
        refuse_weak_reveals(sources, reveals)
        return len(sources)
    order = [source.id for source in sources]
    revealed = [reveal.id for reveal in reveals]
    same("来源", [id_ for id_ in order if id_ in revealed], revealed)
    return len(reveals)


def _reveals(case: Case) -> int:
    sources = {source["id"]: Source.from_json(source) for source in case.commit["sources"]}
    for reveal in case.bundle["sources"]:
        if reveal["id"] not in sources:
            raise Mismatch(f"{reveal['id']}不在承诺的随机来源中。")
        refuse_bad_reveal(case.commit["draw"], sources[reveal["id"]], reveal["value"])
    return len(case.bundle["sources"])


def _key(case: Case) -> int:
    reveals = [(one["id"], one["value"]) for one in case.bundle["sources"]]
    expected = None if case.voided else key(case.bundle["commit_hash"], reveals).hex()
    same("密钥", expected, case.bundle["key"])
    return 1


def _counts(case: Case) -> int:
    pool, leaves = case.commit["pool"], case.leaves
    if leaves != sorted(set(leaves)):
        raise Mismatch("名单没有按叶值排列，或有重复。")
    same("名单总数", pool["count"], len(leaves))
    counted = Counter(case.risks)
    same(
        "各类数量",
        [(risk, counted[risk]) for risk in CLASSES if counted[risk]],
        [(stratum["risk"], stratum["count"]) for stratum in case.strata],
    )
    if not leaves and "subjects_draw" not in case.commit:
        raise Mismatch("没有可抽取的检查对象。")
    if leaves and "subjects_draw" in case.commit:
        raise Mismatch("单独抽取执法人员时不应有检查对象。")
    reasons = case.commit["excluded"]["reasons"]
    same("排除总数", case.commit["excluded"]["count"], sum(one["count"] for one in reasons))
    known("排除原因", (one["reason"] for one in reasons), ExclusionReason)
    return len(leaves)


def _class_roots(case: Case) -> int:
    found = roots(case.row, case.codes)
    for stratum in case.strata:
        same(f"{stratum['risk']}类名单根", found.get(stratum["risk"]), stratum["root"])
    same("分类", list(found), [stratum["risk"] for stratum in case.strata])
    return len(found)


def _pool_root(case: Case) -> int:
    same("总名单根", merkle.root(case.leaves), case.commit["pool"]["root"])
    return 1


def _quotas(case: Case) -> int:
    rules = Rules.from_json(case.commit["rules"])
    same("取整方式", rules.rounding, case.commit["rules"]["rounding"])
    expected = quotas(rules, {stratum["risk"]: stratum["count"] for stratum in case.strata})
    for stratum in case.strata:
        same(f"{stratum['risk']}类抽取数", expected.get(stratum["risk"]), stratum["quota"])
    return len(expected)


def _tickets(case: Case) -> int:
    stated = [one["ticket"] for one in case.bundle["leaves"]]
    expected = [None] * len(stated) if case.voided else case.lot().ticket_texts()
    for at, (ours, theirs) in enumerate(zip(expected, stated, strict=True)):
        if ours != theirs:
            raise Mismatch(f"第{at + 1}个名单叶 {case.bundle['leaves'][at]['leaf'][:12]}… 的抽取号不对。")
    return len(stated)


def _selection(case: Case) -> int:
    expected = [] if case.voided else case.lot().selected
    stated = case.bundle["selected"]
    for ours, theirs in zip(expected, stated, strict=False):
        if ours != theirs:
            raise Mismatch(f"应抽中 {ours[:12]}…，文件写的是 {theirs[:12]}…。")
    same("抽中数", len(expected), len(stated))
    return len(expected)


def _thresholds(case: Case) -> int:
    expected = {} if case.voided else case.lot().thresholds
    same("抽中线", expected, case.bundle["thresholds"])
    return len(expected)


def _events(case: Case) -> int:
    events = case.bundle["events"]
    known("事件", (event["kind"] for event in events), EventKind)
    for event in events:
        if not event["reason"].strip() or not event["by"]:
            raise Mismatch("后续事件缺少理由或批准人。")
    voidings = [event for event in events if event["kind"] == EventKind.VOIDED]
    if case.voided and not any(len(set(event["by"])) > 1 for event in voidings):
        raise Mismatch("已作废，但没有两人确认的作废记录。")
    if voidings and not case.voided:
        raise Mismatch("有作废记录，但状态不是已作废。")
    return len(events)


def _signature(case: Case) -> int:
    signature = case.bundle.get("signature")
    if signature is None:
        raise Unchecked("文件没有平台签名：内容可以重算，但不能证明由谁发布。")
    if case.public_key is None:
        raise Unchecked("没有提供平台公钥，签名未核对。")
    unsigned = {member: value for member, value in case.bundle.items() if member != "signature"}
    if not case.public_key(signature["kid"], canonical(unsigned), signature["sig"]):
        raise Mismatch("平台签名与内容不符，内容在签名后被改动过，或签名不是平台所作。")
    return 1


LOOKS: Final[dict[str, Callable[[Case], int]]] = {
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
    CheckCode.SIGNATURE.value: _signature,
}
