"""What is missing before a part is ready, before the subject may sign, and before the record goes to review?

Each gap is {code, part, item, entry, detail}: a stable code and a Chinese sentence that says what to do.
Twin: pwa/src/rules/gaps.ts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onevisit.visits.added import only_added, with_added
from onevisit.visits.answers import answer_fits, answer_value, asked_of, judged, propose_outcome
from onevisit.visits.terms import (
    CLEAN,
    GONE,
    SHORT_PATHS,
    Answer,
    CheckMethod,
    Combination,
    EvidenceRule,
    Mark,
    MeasureKind,
    Outcome,
)

Json = dict[str, Any]

SENTENCES = {
    "part.not_arrived": "还没有记录到达，请先点“到达”。",
    "visits.on_site_required": "按规定必须到现场检查，不能只做网络或书面检查。请到现场后记录到达。",
    "part.conflict": "两部手机填的不一样，请选定一个。",
    "part.empty": "这个部门没有检查事项。",
    "entry.unanswered": "这一条还没有作答。",
    "entry.wrong_kind": "答案的形式不对，请重新填写。",
    "entry.not_checked_without_note": "未检查的，请写明原因。",
    "entry.failure_unexplained": "不合格的，请写明发现了什么，或拍照。",
    "entry.photo_missing": "这一条须拍照。",
    "finding.missing": "还没有选定检查结果。",
    "finding.unknown_outcome": "本地区没有这种检查结果，请重选。",
    "finding.contradictory": "“未发现问题”“合格”不能与其他结果同时选。",
    "finding.reason_missing": "检查结果与作答不一致，请写明理由。",
    "finding.measure_missing": "结果是“发现问题已责令改正”，请开出责令改正通知书。",
    "finding.photo_missing": "请拍门头照片 1 张。",
    "finding.account_missing": "请写明经过。",
    "finding.evidence_missing": "请附照片或录音。",
    "finding.proof_missing": "请附照片或查阅的材料（登记查询结果、注销证明、现场照片）。",
    "confirm.signature_missing": "请当事人签字。",
    "confirm.stamp_missing": "请盖章并拍下印章；没有带章的，请写明。",
    "confirm.mark_missing": "请当事人签字或盖章。",
    "confirm.signer_missing": "请写明签字人姓名和身份。",
    "confirm.refusal_text_missing": "请写明拒绝签字的理由。",
    "sign.too_few": "签字的执法人员不够，请补签。",
}


def gaps(state: Mapping[str, Any], package: Any, part: str | None = None) -> list[Json]:
    """What is missing before `part.ready`, for one part or for all, in the order of the screen."""
    package = with_added(package, state)
    parts = [planned for planned in package["parts"] if part in (None, planned["department"]["id"])]
    return [gap for planned in parts for gap in _part_gaps(state, package, planned)]


def confirmation_gaps(package: Any, body: Mapping[str, Any]) -> list[Json]:
    """What a confirmation lacks by the region's profile: marks, signer, or the reason of a refusal."""
    if body["refusal"] is not None:
        vague = body["refusal"]["reason"] == "other" and body["refusal"]["text"] is None
        return [_gap("confirm.refusal_text_missing")] if vague else []
    marks, rule = body["marks"], package["profile"]["subject_mark"]
    signed, stamped = marks["signature"] is not None, marks["stamp"] is not None
    found = []
    if rule["combination"] == Combination.ALL:
        if Mark.SIGNATURE in rule["required"] and not signed:
            found.append(_gap("confirm.signature_missing"))
        # No stamp at hand is a stated reason, not a refusal (process.md 5).
        if Mark.STAMP in rule["required"] and not stamped and marks["no_stamp_reason"] is None:
            found.append(_gap("confirm.stamp_missing"))
    elif not signed and not stamped:
        found.append(_gap("confirm.mark_missing"))
    if body["signer"] is None:
        found.append(_gap("confirm.signer_missing"))
    return found


def signing_gaps(state: Mapping[str, Any], package: Any, confirmation: str) -> list[Json]:
    """Which confirmed parts have too few inspectors' signatures (two of each department, S0, S2)."""
    found = next(entry for entry in state["confirmations"] if entry["id"] == confirmation)
    planned = {part["department"]["id"]: part for part in package["parts"]}
    lacking = []
    for part in [name for name in planned if name in found["parts"]]:
        team = {member["id"] for member in planned[part]["team"]}
        signed = {sign["inspector"] for sign in found["signs"] if sign["part"] == part}
        if len(signed & team) < min(signatures_needed(state, package, part), len(team)):
            lacking.append(_gap("sign.too_few", part))
    return lacking


def signatures_needed(state: Mapping[str, Any], package: Any, part: str) -> int:
    """How many inspectors sign for a part: as the profile says, and two where nobody went there (S0)."""
    profile = package["profile"]
    least: int = profile["inspectors_mark"]["min_per_department"]
    return max(least, profile["check_on_site"].get("signers", 2)) if off_site(_record(state, part)) else least


def off_site(record: Mapping[str, Any]) -> bool:
    """Whether a part was checked online or by documents, without going there."""
    method: str = (record.get("method") or {}).get("method", CheckMethod.ON_SITE)
    return method != CheckMethod.ON_SITE


def progress(state: Mapping[str, Any], package: Any) -> list[Json]:
    """n of m per part and item; computed, never sent."""
    package = with_added(package, state)
    return [
        _part_progress(planned, state["parts"].get(planned["department"]["id"]))
        for planned in package["parts"]
    ]


def proposed(state: Mapping[str, Any], planned_item: Mapping[str, Any], part: str) -> list[str]:
    """The outcome that the answers of an item propose now."""
    record = _record(state, part)
    item = planned_item["id"]
    measures = [measure for measure in record.get("measures", []) if measure["item"] == item]
    return propose_outcome(planned_item["checklist"]["entries"], _answers(record, item), measures)


def _part_gaps(state: Mapping[str, Any], package: Any, planned: Any) -> Iterator[Json]:
    part = planned["department"]["id"]
    there, record = state["parts"].get(part), _record(state, part)
    arrived = any(name.startswith(f"arrive/{part}/") for name in state["registers"])
    if off_site(record):
        if package["profile"]["check_on_site"]["required"]:
            yield _gap("visits.on_site_required", part)
    elif not arrived:
        yield _gap("part.not_arrived", part)
    for register in there["conflicts"] if there else []:
        item, entry = _place(register)
        yield _gap("part.conflict", part, item, entry)
    if not planned["items"] and not record.get("items"):
        yield _gap("part.empty", part)
    for item in planned["items"]:
        yield from _item_gaps(state, package, item, part)
    for item in only_added(planned, record):
        yield from _item_gaps(state, package, {"id": item, "checklist": {"entries": []}}, part)


def _item_gaps(state: Mapping[str, Any], package: Any, item: Any, part: str) -> Iterator[Json]:
    record, name = _record(state, part), item["id"]
    finding = record.get("findings", {}).get(name)
    outcomes = set(finding["outcomes"]) if finding else set()
    conflicts = (state["parts"].get(part) or {}).get("conflicts", [])
    # S2 art. 21: where nobody is found or the check is obstructed, evidence stands instead of the checklist.
    if not _is_short(state, item, part, finding):
        answers = _answers(record, name)
        for entry in asked_of(item["checklist"]["entries"], answers):
            if f"answer/{name}/{entry['id']}" in conflicts:
                continue
            if (code := _entry_gap(entry, answers, record, name)) is not None:
                yield _gap(code, part, name, entry["id"])
    if f"finding/{name}" in conflicts:
        return
    if not outcomes:
        yield _gap("finding.missing", part, name)
    else:
        for code in _finding_gaps(state, package, item, part, finding):
            yield _gap(code, part, name)


def _entry_gap(entry: Any, answers: Any, record: Mapping[str, Any], item: str) -> str | None:
    """The first thing missing at an entry: one sentence at a time is read, a list is not."""
    name = entry["id"]
    value = answer_value(answers, name)
    if value is None:
        return "entry.unanswered" if entry["required"] else None
    if not answer_fits(entry, value):
        return "entry.wrong_kind"
    photos = _at(record.get("photos", []), item, name)
    explained = answers[name]["note"] or answers[name]["phrases"] or _at(record.get("notes", []), item, name)
    judgement = judged(entry, value)
    if judgement == Answer.NOT_CHECKED:
        return None if explained else "entry.not_checked_without_note"
    failed, absent = judgement == Answer.FAIL, judgement == Answer.NOT_APPLICABLE
    if failed and not explained and not photos:
        return "entry.failure_unexplained"
    asked = entry["evidence"] == EvidenceRule.PHOTO and not absent
    if not photos and (asked or (failed and entry["evidence"] == EvidenceRule.PHOTO_ON_FAIL)):
        return "entry.photo_missing"
    return None


def _finding_gaps(
    state: Mapping[str, Any], package: Any, item: Any, part: str, finding: Mapping[str, Any]
) -> Iterator[str]:
    record, name = _record(state, part), item["id"]
    outcomes = set(finding["outcomes"])
    if outcomes - {code["code"] for code in package["profile"]["outcomes"]["codes"]}:
        yield "finding.unknown_outcome"
    if outcomes & CLEAN and len(outcomes) > 1:
        yield "finding.contradictory"
    wished = proposed(state, item, part)
    short = _is_short(state, item, part, finding)
    if wished and set(wished) != outcomes and not short and finding["reason"] is None:
        yield "finding.reason_missing"
    ordered = any(
        measure["kind"] == MeasureKind.RECTIFICATION_ORDER
        for measure in _of_item(record.get("measures", []), name)
    )
    if Outcome.RECTIFICATION_ORDERED in outcomes and not ordered:
        yield "finding.measure_missing"
    if short:
        yield from _short_path_gaps(record, name, outcomes, finding)


def _short_path_gaps(
    record: Mapping[str, Any], item: str, outcomes: set[str], finding: Mapping[str, Any]
) -> Iterator[str]:
    """Not found: the door's photo and how one tried; obstructed: the account, photo or sound (art. 21).

    Nothing done of what is checked, or gone: the account, and a photo or the paper that shows it.
    """
    photos = _of_item(record.get("photos", []), item)
    told = finding["reason"] is not None or _of_item(record.get("notes", []), item)
    if not told:
        yield "finding.account_missing"
    if Outcome.NOT_FOUND_AT_ADDRESS in outcomes and not photos:
        yield "finding.photo_missing"
    heard = any(_of_item(record.get(shelf, []), item) for shelf in ("audio", "clips", "recordings"))
    if Outcome.SERIOUSLY_UNCOOPERATIVE in outcomes and not photos and not heard:
        yield "finding.evidence_missing"
    shown = photos or _of_item(record.get("papers", []), item)
    if outcomes & (GONE | {Outcome.ACTIVITY_NOT_FOUND}) and not shown:
        yield "finding.proof_missing"


def _is_short(state: Mapping[str, Any], item: Any, part: str, finding: Mapping[str, Any] | None) -> bool:
    """Whether the result stands without the checklist: not found, obstructed, gone, or nothing of it is done there.

    The last one also follows from answers that are all 不适用; then it is no short path.
    """
    outcomes = set(finding["outcomes"]) if finding else set()
    if outcomes & (SHORT_PATHS | GONE):
        return True
    told = finding is not None and finding["reason"] is not None
    idle = Outcome.ACTIVITY_NOT_FOUND in outcomes and told
    return idle and set(proposed(state, item, part)) != outcomes


def _part_progress(planned: Any, there: Mapping[str, Any] | None) -> Json:
    record = there["record"] if there else {}
    items = [_item_progress(item, record) for item in planned["items"]]
    return {
        "part": planned["department"]["id"],
        "state": there["state"] if there else "open",
        "entries": sum(item["entries"] for item in items),
        "answered": sum(item["answered"] for item in items),
        "failed": sum(item["failed"] for item in items),
        "photos": len(record.get("photos", [])),
        "measures": len(record.get("measures", [])),
        "items": items,
    }


def _item_progress(item: Any, record: Mapping[str, Any]) -> Json:
    answers = _answers(record, item["id"])
    asked = asked_of(item["checklist"]["entries"], answers)
    given = [answer_value(answers, entry["id"]) for entry in asked]
    finding = record.get("findings", {}).get(item["id"])
    return {
        "item": item["id"],
        "entries": len(asked),
        "answered": sum(value is not None for value in given),
        "failed": sum(judged(entry, value) == Answer.FAIL for entry, value in zip(asked, given, strict=True)),
        "outcomes": finding["outcomes"] if finding else [],
    }


def _gap(code: str, part: str | None = None, item: str | None = None, entry: str | None = None) -> Json:
    return {"code": code, "part": part, "item": item, "entry": entry, "detail": SENTENCES[code]}


def _place(register: str) -> tuple[str | None, str | None]:
    prefix, *names = register.split("/")
    if prefix == "answer":
        return names[0], names[1]
    return (names[0], None) if prefix == "finding" else (None, None)


def _record(state: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    there = state["parts"].get(part)
    record: Mapping[str, Any] = there["record"] if there else {}
    return record


def _answers(record: Mapping[str, Any], item: str) -> Mapping[str, Mapping[str, Any]]:
    answers: Mapping[str, Mapping[str, Any]] = record.get("answers", {}).get(item, {})
    return answers


def _at(things: Sequence[Mapping[str, Any]], item: str, entry: str) -> bool:
    return any(thing["item"] == item and thing["entry"] == entry for thing in things)


def _of_item(things: Sequence[Mapping[str, Any]], item: str) -> list[Mapping[str, Any]]:
    """What belongs to the item, or to the whole part: a photo of the closed door counts for every item."""
    return [thing for thing in things if thing["item"] in (None, item)]
