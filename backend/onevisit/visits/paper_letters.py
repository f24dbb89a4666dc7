"""What do the letters of a visit say: measures, the transcript (现场笔录), evidence taken along, samples?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.departments.models import Department
from onevisit.papers import facts
from onevisit.papers.terms import PaperKind
from onevisit.regions.queries import profile_of, region_of
from onevisit.visits import paper_words as words
from onevisit.visits.paper import ROLES, masked_phone, subject_facts
from onevisit.visits.paper_source import Signed, pen
from onevisit.visits.remedies import own_remedies, usual_remedies
from onevisit.visits.terms import MeasureForm, MeasureKind

Json = dict[str, Any]
ON_PAPER = frozenset({MeasureForm.WRITTEN, MeasureForm.PRINTED, MeasureForm.ELECTRONIC})
OPENING = (
    ("我们是{department}执法人员，这是我们的执法证件，请核对。", "credentials_answer"),
    ("你有权陈述、申辩，也有权申请与你有直接利害关系的人员回避。是否清楚？", "rights_answer"),
)
READ_AND_RIGHT = "以上内容已由本人逐页阅看（或听读），与所述一致。"


def orders_of(signed: Signed) -> Iterator[tuple[Json, Json]]:
    """(part, measure) of every order to rectify that goes out on paper or electronically."""
    for part in signed.manifest["parts"]:
        for measure in part["record"]["measures"]:
            if measure["kind"] == MeasureKind.RECTIFICATION_ORDER and measure["form"] in ON_PAPER:
                yield part, measure


def order_facts(signed: Signed, part: Json, measure: Json, number: str, qr: str) -> facts.OrderFacts:
    """责令改正通知书 of one measure; the digest is set by whoever issues it."""
    body, header = signed.body, signed.manifest["header"]
    receiver = body["signer"] if body["refusal"] is None else None
    return {
        "authority": part["department"]["name"],
        "no": measure["number"] or number,
        "subject": subject_facts(header["subject"]),
        "visit_no": signed.manifest["visit"]["visit_no"],
        "day": _day(body["at"]),
        "officers": signed.officers(part),
        "facts": measure["facts"] or _found(signed, part, measure),
        "proofs": _proofs(signed, part, measure),
        "breached": measure["breached"],
        "applied": measure["applied"],
        "until": words.day_cn(date.fromisoformat(measure["due_day"])) if measure["due_day"] else None,
        "todo": measure["text"],
        "consequence": "本机关将依法作出处理。",
        "remedies": remedies(signed),
        "contact": _contact(part["department"]["id"]),
        "receiver": {"name": receiver["name"], "strokes": pen(body["marks"]["signature"])}
        if receiver
        else None,
        "received": words.moment_cn(body["at"]) if receiver else None,
        "copies": "本通知书一式二份，一份送达当事人，一份存档。",
        "by_hand": measure["form"] in (MeasureForm.WRITTEN, MeasureForm.PRINTED),
        "digest": "",
        "qr": qr,
    }


KIND_OF = {
    MeasureKind.ORDER_TO_STOP: PaperKind.STOP,
    MeasureKind.URGE_TO_RECTIFY: PaperKind.URGE,
    MeasureKind.ADVICE: PaperKind.ADVICE,
}


def letters_of(signed: Signed) -> Iterator[tuple[Json, Json]]:
    """(part, measure) of every other measure that goes out on paper or electronically."""
    for part in signed.manifest["parts"]:
        for measure in part["record"]["measures"]:
            if measure["kind"] in KIND_OF and measure["form"] in ON_PAPER:
                yield part, measure


def letter_facts(signed: Signed, part: Json, measure: Json, number: str, qr: str) -> facts.LetterFacts:
    """An order to stop, an urge or an advice; advice says only what was really noticed."""
    order = order_facts(signed, part, measure, number, qr)
    advice = measure["kind"] == MeasureKind.ADVICE
    noticed = words.sentence(measure["facts"]) if measure["facts"] else None
    return {
        "authority": order["authority"], "no": order["no"], "subject": order["subject"],
        "visit_no": order["visit_no"], "day": order["day"], "officers": order["officers"],
        "facts": noticed if advice else order["facts"], "proofs": order["proofs"], "breached": order["breached"],
        "applied": order["applied"], "until": order["until"], "todo": order["todo"], "ground": measure["ground"],
        "consequence": order["consequence"] or "", "remedies": order["remedies"], "contact": order["contact"],
        "receiver": order["receiver"], "received": order["received"], "copies": order["copies"],
        "by_hand": order["by_hand"], "digest": "", "qr": qr,
    }  # fmt: skip


def taken_of(signed: Signed) -> Iterator[Json]:
    """The parts that took evidence along."""
    return (part for part in signed.manifest["parts"] if part["record"]["evidence"])


def taken_facts(signed: Signed, part: Json, number: str, qr: str) -> facts.TakenFacts:
    """提取证据清单 of one department, at once the receipt."""
    known = {photo["id"] for photo in part["record"]["photos"]}
    return {
        "authority": part["department"]["name"], "no": number,
        "subject": subject_facts(signed.manifest["header"]["subject"]),
        "visit_no": signed.manifest["visit"]["visit_no"], "day": _day(signed.body["at"]),
        "officers": signed.officers(part),
        "things": [
            {
                "name": one["name"], "quantity": one["quantity"], "description": one["description"],
                "receipt": one["receipt"], "photos": len(known & set(one["photos"])),
            }
            for one in part["record"]["evidence"]
        ],
        "receiver": _receiver(signed), "received": _received(signed), "digest": "", "qr": qr,
    }  # fmt: skip


def samples_of(signed: Signed) -> Iterator[tuple[Json, Json]]:
    """(part, sample) of every sample."""
    return ((part, one) for part in signed.manifest["parts"] for one in part["record"]["samples"])


def sampling_facts(signed: Signed, part: Json, sample: Json, number: str, qr: str) -> facts.SamplingFacts:
    """抽样单 of one sample."""
    known = {photo["id"] for photo in part["record"]["photos"]}
    return {
        "authority": part["department"]["name"], "no": number,
        "subject": subject_facts(signed.manifest["header"]["subject"]),
        "visit_no": signed.manifest["visit"]["visit_no"], "day": _day(signed.body["at"]),
        "officers": signed.officers(part), "name": sample["name"], "number": sample["number"],
        "quantity": sample["quantity"], "laboratory": sample["laboratory"], "note": sample["note"],
        "photos": len(known & set(sample["photos"])), "receiver": _receiver(signed), "received": _received(signed), "digest": "", "qr": qr,
    }  # fmt: skip


def _receiver(signed: Signed) -> facts.Signature | None:
    """Who received it; nobody where the signature was refused."""
    body = signed.body
    if body["refusal"] is not None or body["signer"] is None:
        return None
    return {"name": body["signer"]["name"], "strokes": pen(body["marks"]["signature"])}


def _received(signed: Signed) -> str | None:
    return words.moment_cn(signed.body["at"]) if _receiver(signed) else None


def remedies(signed: Signed) -> str:
    """Rights against an order: in the region's own words where its profile has some."""
    region = region_of(signed.visit.region_id)
    return own_remedies(profile_of(region.id)) or usual_remedies(region.name)


def _found(signed: Signed, part: Json, measure: Json) -> str:
    """What the record says at the measure's entry; else at its item."""
    entry = part["record"]["answers"].get(measure["item"], {}).get(measure["entry"])
    there = signed.entries().get(f"{measure['item']}/{measure['entry']}")
    said = words.told(entry, (), ()) if entry else None
    return f"{there['text']}：{said or '不合格。'}" if there else said or "详见部门联合抽查情况记录表。"


def _proofs(signed: Signed, part: Json, measure: Json) -> str:
    photos = [
        one for one in part["record"]["photos"]
        if one["item"] == measure["item"] and measure["entry"] in (None, one["entry"])
    ]  # fmt: skip
    return (f"现场照片 {len(photos)} 张、" if photos else "") + "部门联合抽查情况记录表"


def _contact(department_id: str) -> facts.Contact:
    return {"name": None, "phone": None, "address": db.session.get_one(Department, department_id).name}


def _day(wall: str) -> str:
    return words.day_cn(clock.law_day(datetime.fromisoformat(wall)))


def transcripts_of(signed: Signed) -> Iterator[Json]:
    """The parts that have a transcript."""
    return (part for part in signed.manifest["parts"] if part["record"]["transcript"])


def transcript_facts(signed: Signed, part: Json, number: str, qr: str) -> facts.TranscriptFacts:
    """现场笔录 of one department; the digest is set by whoever issues it."""
    body, header, said = signed.body, signed.manifest["header"], part["record"]["transcript"]
    signer, refusal = body["signer"], body["refusal"]
    return {
        "authority": part["department"]["name"],
        "no": number,
        "visit_no": signed.manifest["visit"]["visit_no"],
        "subject": subject_facts(header["subject"]),
        "licence": None,
        "day": _day(header["from"] or body["at"]),
        "start": words.time_cn(header["from"]) if header["from"] else None,
        "end": words.time_cn(header["to"]) if header["to"] else None,
        "place": body["place"] or header["subject"]["address"],
        "officers": signed.officers(part),
        "recorder": None,
        "person": {
            "name": signer["name"] if signer else None,
            "role": _role(signer),
            "id_no": None,
            "phone": masked_phone(header["subject"]["contact_phone"] or header["subject"]["phone"]),
            "strokes": pen(body["marks"]["signature"]),
        },
        "opening": _opening(part["department"]["name"], said),
        "facts": [said["facts"]] if said["facts"] else [],
        "coercive": said["coercive"],
        "statement": said["statement"],
        "checked": READ_AND_RIGHT if pen(body["marks"]["signature"]) else None,
        "refusal": refusal["text"] or "拒绝签字" if refusal else None,
        "witness": None if body["witness"] is None else {
            "name": body["witness"]["name"],
            "strokes": pen(body["witness"]["signature"]),
        },
        "digest": "",
        "qr": qr,
    }  # fmt: skip


def _role(signer: Json | None) -> str | None:
    return ROLES[signer["role"]] if signer else None


def _opening(department: str, said: Json) -> list[facts.Turn]:
    first, rights = OPENING
    recusal = f"申请回避。{said['recusal_reason'] or ''}" if said["recusal"] == "asked" else "不申请回避。"
    return [
        {"ask": said["opening"] or first[0].format(department=department), "answer": said[first[1]]},
        {"ask": rights[0], "answer": said[rights[1]]},
        {"ask": "是否申请检查人员回避？", "answer": recusal},
    ]
