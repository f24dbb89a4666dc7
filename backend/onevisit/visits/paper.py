"""What does the record of a visit say on paper? Facts from the signed manifest, its marks, photos and later changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.dispatches.models import Visit
from onevisit.evidence.queries import file_of
from onevisit.papers import facts
from onevisit.papers.facts import Ticks
from onevisit.papers.rules import masked
from onevisit.plans.life import EntryOrigin
from onevisit.plans.models import PlanEntry
from onevisit.plans.terms import METHOD_LABELS
from onevisit.subjects.terms import KIND_LABELS, SubjectKind
from onevisit.subjects.words import spoken_for
from onevisit.tasks.models import Task
from onevisit.visits import paper_words as words
from onevisit.visits.answers import judged
from onevisit.visits.paper_changes import amendments
from onevisit.visits.paper_pictures import drawn_on, printed, why_absent
from onevisit.visits.paper_source import Signed, pen
from onevisit.visits.terms import Answer, MeasureKind, RefusalReason, SignerRole

Json = dict[str, Any]
ORIGINS = {
    "年度计划": {EntryOrigin.ANNUAL_PLAN},
    "临时": {EntryOrigin.ASSIGNED, EntryOrigin.SUDDEN_RISK},
    "专项": {EntryOrigin.CAMPAIGN},
}
ROLES = {one.value: one.label for one in SignerRole}
REFUSALS = {one.value: one.label for one in RefusalReason}


def record_facts(signed: Signed, number: str, qr: str) -> facts.RecordFacts:
    """部门联合抽查情况记录表 of one confirmation: all its parts, its marks, and what was changed since."""
    manifest, body = signed.manifest, signed.body
    header = manifest["header"]
    notice = signed.visit.notice
    return {
        "issuer": header["issuer"],
        "no": number,
        "notice_no": notice.no if notice and notice.delivered_at else None,
        "task": task_facts(header),
        "subject": subject_facts(header["subject"]),
        "visit": _visit(signed),
        "answers": [one.label for one in Answer],
        "departments": [_department(signed, part) for part in manifest["parts"]],
        "photos": [_photo(signed, at, part, photo) for at, part, photo in signed.photos()],
        "leader": signed.officer(signed.visit.leader_id or ""),
        "summary": _summary(signed),
        "confirm": _confirmation(signed),
        "witness": _witness(body),
        "amendments": list(amendments(signed)),
        "day": words.day_cn(clock.law_day(datetime.fromisoformat(body["at"]))),
        "digest": signed.row.digest,
        "qr": qr,
    }


def task_facts(header: Json) -> facts.Task:
    """The task as it was signed."""
    task = header["task"]
    return {"name": task["name"], "no": task["no"], "plan": task["plan_name"], "seq": task["seq"]}


def subject_facts(subject: Json) -> facts.Subject:
    """The subject; phone numbers masked, because the paper is handed on."""
    party = subject.get("responsible")
    return {
        "name": spoken_for(subject["name"], party["name"] if party else None),
        "code": subject["credit_code"] or (party["credit_code"] if party else None) or "", "address": subject["address"],
        "kind": KIND_LABELS[SubjectKind(subject["kind"])], "head": subject["legal_representative"],
        "head_phone": masked_phone(subject["phone"]), "contact": subject["contact"],
        "contact_phone": masked_phone(subject["contact_phone"]),
    }  # fmt: skip


def masked_phone(number: str | None) -> str | None:
    return masked(number) if number else None


def _visit(signed: Signed) -> facts.VisitFacts:
    header = signed.manifest["header"]
    transcripts = [one for part in signed.manifest["parts"] if (one := part["record"]["transcript"])]
    chosen = {method["code"] for method in header["methods"]}
    return {
        "no": signed.manifest["visit"]["visit_no"],
        "start": words.moment_cn(header["from"]) if header["from"] else None,
        "end": words.moment_cn(header["to"]) if header["to"] else None,
        "place": signed.body["place"] or header["subject"]["address"],
        "nth": header["year_count"],
        "cap": header["cap"],
        "kinds": _kinds(signed.visit),
        "methods": [(label, method in chosen) for method, label in METHOD_LABELS.items()],
        "officers": len(signed.people),
        "unannounced": not signed.visit.announced,
        # Only the transcript says so; without one the form has a stroke there, not an empty box.
        "credentials_shown": any(one["credentials_answer"] for one in transcripts) if transcripts else None,
        "rights_told": any(one["rights_answer"] for one in transcripts) if transcripts else None,
        "recusal_asked": any(one["recusal"] == "asked" for one in transcripts) if transcripts else None,
    }


def _kinds(visit: Visit) -> Ticks:
    task = db.session.get_one(Task, visit.task_id)
    origin = db.session.get_one(PlanEntry, task.plan_entry_id).origin
    return [(label, origin in origins) for label, origins in ORIGINS.items()]


def _department(signed: Signed, part: Json) -> facts.DepartmentPart:
    record = part["record"]
    planned = [_item(signed, part, item) for item in part["items"]]
    known = {item["id"] for item in part["items"]}
    added = [_added(signed, part, id_, item) for id_, item in record["items"].items() if id_ not in known]
    items = [*planned, *added]
    rest = [*_rest(signed, part), *words.transcript_lines(record)]
    if rest and items:
        last = items[-1]
        last["measure_text"] = "\n".join(filter(None, [last["measure_text"], *rest]))
    return {
        "name": part["department"]["name"], "initiating": part["initiating"], "items": items,
        "officers": signed.officers(part),
    }  # fmt: skip


def _rest(signed: Signed, part: Json) -> list[str]:
    """What belongs to the part and to none of its items."""
    record = part["record"]
    loose = [at for at, where, photo in signed.photos() if where is part and photo["item"] is None]
    measures = [words.measure_words(one) for one in record["measures"] if one["item"] is None]
    return [*measures, *words.collected(record, None, loose, signed.photo_numbers())]


def _item(signed: Signed, part: Json, item: Json) -> facts.ItemPart:
    entries = [_entry(signed, part, item, entry) for entry in item["entries"]]
    added = part["record"]["items"].get(item["id"])
    name = f"{item['name']}（现场增加：{added['reason']}）" if added else item["name"]
    return _shown_item(signed, part, item["id"], name, str(item["checklist"]["version"]), entries)


def _added(signed: Signed, part: Json, item_id: str, item: Json) -> facts.ItemPart:
    """An item added on site, with the reason."""
    version = str(item["checklist"]["version"]) if item["checklist"] else None
    return _shown_item(signed, part, item_id, f"{item['name']}（现场增加：{item['reason']}）", version, [])


def _shown_item(
    signed: Signed, part: Json, item_id: str, name: str, version: str | None, entries: list[facts.Entry]
) -> facts.ItemPart:
    record = part["record"]
    labels = {one["code"]: one["label"] for one in signed.manifest["header"]["outcomes"]}
    finding = record["findings"].get(item_id)
    measures = [one for one in record["measures"] if one["item"] == item_id]
    loose = [
        at for at, where, photo in signed.photos()
        if where is part and photo["item"] == item_id and photo["entry"] is None
    ]  # fmt: skip
    text = [
        *map(words.measure_words, measures),
        *words.collected(record, item_id, loose, signed.photo_numbers()),
    ]
    taken = any(one["item"] == item_id for one in record["evidence"])
    kinds = {one["kind"] for one in measures}
    ticks: Ticks = [(one.label, one in kinds) for one in MeasureKind]
    return {
        "name": name, "version": version, "entries": entries,
        "outcome": words.outcome_words(finding["outcomes"], labels) if finding else None,
        "outcome_more": finding["reason"] if finding else None,
        "measures": [*ticks, ("提取证据", taken), ("无", not kinds and not taken)],
        "measure_text": "\n".join(text) or None,
    }  # fmt: skip


def _entry(signed: Signed, part: Json, item: Json, entry: Json) -> facts.Entry:
    record, key = part["record"], f"{item['id']}/{entry['id']}"
    answer = record["answers"].get(item["id"], {}).get(entry["id"])
    value = answer["value"] if answer else None

    def here(thing: Json) -> bool:
        return bool(thing["item"] == item["id"] and thing["entry"] == entry["id"])

    notes = [note["text"] for note in record["notes"] if here(note)]
    photos = [at for at, where, photo in signed.photos() if where is part and here(photo)]
    return {
        "n": signed.entry_numbers()[key], "what": entry["text"], "method": entry["method"], "basis": entry["basis"],
        "answer": words.answer_words(entry, value), "found": words.told(answer, notes, photos),
        "bad": judged(entry, value) == Answer.FAIL,
    }  # fmt: skip


def _photo(signed: Signed, number: int, part: Json, photo: Json) -> facts.Photo:
    entry = signed.entry_numbers().get(f"{photo['item']}/{photo['entry']}")
    markings = part["record"].get("markings", [])
    picture = printed(signed.visit.id, photo["hash"], drawn_on(markings, photo["hash"]))
    by = signed.officer(photo["by"])["name"]
    said = [photo["caption"], words.marking_words(markings, photo["hash"])]
    return {
        "number": number, "entry": str(entry) if entry else None, "caption": "。".join(filter(None, said)) or None,
        "time": words.moment_cn(photo["taken_at"]), "place": _place(photo), "by": by, "hash": photo["hash"],
        "picture": picture,
        "absent": None if picture else why_absent(file_of(signed.visit.id, photo["hash"]), by),
    }  # fmt: skip


def _place(photo: Json) -> str | None:
    """Degrees as they were measured, with how sure they are."""
    if photo["position"] is None:
        return None
    lat, lon = (_degrees(photo["position"][name]) for name in ("lat_e7", "lon_e7"))
    return f"{lat}，{lon}" + (f"（±{photo['accuracy_m']} 米）" if photo["accuracy_m"] is not None else "")


def _degrees(e7: int) -> str:
    whole, rest = divmod(abs(e7), 10**7)
    return f"{'-' if e7 < 0 else ''}{whole}.{rest // 100:05d}°"


def _summary(signed: Signed) -> str:
    """How many entries were checked, with which answers, and by when what is to be put right."""
    counts: dict[str, int] = {}
    for part in signed.manifest["parts"]:
        for item in part["items"]:
            for entry in item["entries"]:
                answer = part["record"]["answers"].get(item["id"], {}).get(entry["id"])
                label = words.answer_words(entry, answer["value"] if answer else None)
                label = (
                    label if entry["answer"] == "pass_fail" or label == words.UNANSWERED else "记录数值或情况"
                )
                counts[label] = counts.get(label, 0) + 1
    orders = [
        words.day_cn(date.fromisoformat(one["due_day"])) if one["due_day"] else "当场"
        for part in signed.manifest["parts"] for one in part["record"]["measures"]
        if one["kind"] == MeasureKind.RECTIFICATION_ORDER
    ]  # fmt: skip
    said = "，".join(f"{label} {count} 条" for label, count in counts.items()) or "没有逐条作答"
    more = f"责令改正 {len(orders)} 项（{'、'.join(sorted(set(orders)))}）。" if orders else ""
    return f"{len(signed.manifest['parts'])} 个部门共 {sum(counts.values())} 条检查要点：{said}。{more}"


def _confirmation(signed: Signed) -> facts.Confirmation:
    body = signed.body
    marks, signer, refusal = body["marks"], body["signer"], body["refusal"]
    stamp = printed(signed.visit.id, marks["stamp"]["photo_hash"]) if marks["stamp"] else None
    coming = "印章已盖，照片尚未传到" if marks["stamp"] and stamp is None else None
    return {
        "name": signer["name"] if signer else "",
        "role": ROLES[signer["role"]] if signer else None,
        "time": words.moment_cn(body["at"]),
        "strokes": pen(marks["signature"]),
        "stamp": stamp,
        "stamp_absent": marks["no_stamp_reason"] or coming,
        "objection": body["objection"],
        "refusal": None if refusal is None else {
            "reason": "：".join(filter(None, (REFUSALS[refusal["reason"]], refusal["text"]))),
            "witness": _witness(body),
            "officers": [signed.officer(one) for one in signed.signs],
        },
        "own_phone": signed.operation.of_server,
        "taken": [],
    }  # fmt: skip


def _witness(body: Json) -> facts.Signature | None:
    witness = body["witness"]
    return {"name": witness["name"], "strokes": pen(witness["signature"])} if witness else None
