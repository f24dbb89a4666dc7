"""Writes the JSON tables of the visit's rules into tests/cases: `python -m tests.visits.make_cases`.

Run once when the rules are meant to change; the difference is read before it is committed, since phones hold
themselves to these bytes.
"""

from __future__ import annotations

import json
import random
from copy import deepcopy
from pathlib import Path
from typing import Any

from onevisit.core.canonical import digest
from onevisit.visits import paper_words
from onevisit.visits.answers import answer_fits, asked_of, judged, propose_outcome
from onevisit.visits.fold import Held
from onevisit.visits.gaps import confirmation_gaps, gaps, progress, signing_gaps
from onevisit.visits.manifest import (
    differences,
    exactly,
    kept_manifest,
    manifest,
    short_code,
    supplement_manifest,
)
from onevisit.visits.operations import (
    BadOperation,
    operation_hash,
    parse_operation,
    register_of,
    value_of,
)
from onevisit.visits.rules import Device, context_of, verdict
from onevisit.visits.shapes import SHAPES
from tests.visits.histories import history
from tests.visits.phones import (
    HEALTH,
    POLICE,
    VISIT,
    Phone,
    confirmation,
    entry,
    folded,
    make_package,
    parsed,
)

Json = dict[str, Any]
CASES = Path(__file__).parent.parent / "cases"


def write(name: str, cases: Any) -> None:
    """One table, readable in a diff."""
    text = json.dumps(cases, ensure_ascii=False, indent=1, sort_keys=True)
    (CASES / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def fold_case(
    name: str, operations: list[Json], held: list[Json] | None = None, refused: list[Json] | None = None
) -> Json:
    """A fold with its state."""
    given = {"operations": deepcopy(operations), "held": deepcopy(held or []), "refused": refused or []}
    return {"name": name, **given, "expect": folded(**given)}


def checked(phone: Phone) -> None:
    """The whole police part, one failure with photo, note and order."""
    phone.arrive()
    phone.answer("licence", "a1", "pass")
    phone.answer("licence", "a2", "pass")
    phone.photo("licence", "a2", "许可证正本")
    phone.finding("licence", "no_problem")
    phone.answer("security", "b1", "pass")
    phone.answer("security", "b2", "fail", note="二层东走廊 1 路摄像头无画面", phrases=["摄像头无画面"])
    phone.photo("security", "b2", "录像回放，05 路中断")
    phone.order("security", "b2")
    phone.answer("security", "b3", "3")
    phone.answer("security", "b4", "二层东走廊")
    phone.finding("security", "rectification_ordered")
    phone.ready()


def hygiene(phone: Phone) -> None:
    """The whole health part, nothing found."""
    phone.arrive()
    phone.answer("hygiene", "h1", "pass")
    phone.finding("hygiene", "no_problem")
    phone.ready()


def police(place: int = 1, by: str = "li") -> Phone:
    return Phone(place, by, POLICE)


def health(place: int = 3, by: str = "cai") -> Phone:
    return Phone(place, by, HEALTH)


def register_cases() -> list[Json]:
    li, ma = police(), police(2, "ma")
    first = li.answer("security", "b1", "pass")
    second = ma.answer("security", "b1", "fail", note="未登记")
    conflict = fold_case("two phones answer without having seen each other: both stand", [*li.log, *ma.log])
    third = li.answer("security", "b1", "fail", seen=[first["id"]], note="未登记")
    agree = fold_case("the same value twice is no conflict and names both", [*li.log, *ma.log])
    value = {"value": "fail", "note": "未登记，已当场核对", "phrases": []}
    seen = {"answer/security/b1": [third["id"], second["id"]]}
    body = {"register": "answer/security/b1", "value": value, "reason": "两人一起核对"}
    li.write("settle", body, base=seen)
    settled = fold_case("a settlement has seen both and stands alone", [*li.log, *ma.log])
    li = police()
    one = li.answer("security", "b1", "pass")
    li.answer("security", "b1", None, seen=[one["id"]])
    cleared = fold_case("a cleared answer is no answer, the register remembers who cleared it", li.log)
    li, ma = police(), police(2, "ma")
    a = f"019fa0a1-{1:04x}-7000-8000-{1:012x}"
    b = f"019fa0a1-{2:04x}-7000-8000-{1:012x}"
    li.answer("security", "b1", "pass", seen=[b])
    ma.answer("security", "b1", "fail", seen=[a])
    forged = fold_case("two that claim to have seen each other: neither vanishes", [*li.log, *ma.log])
    li, ma = police(), police(2, "ma")
    li.write("schedule.set", {"day": "2026-11-11", "time": None, "reason": None}, part=None)
    ma.write("lead.take", {"reason": "组长手机没电"}, part=None)
    transcript = {
        "opening": "我们是贵南县公安局执法人员，这是我们的证件，请核对。",
        "credentials_answer": "已核对",
        "rights_answer": "知道了",
        "recusal": "not_asked",
        "recusal_reason": None,
        "facts": None,
        "coercive": None,
        "statement": None,
    }
    li.write("transcript.set", transcript)
    li.write("fact.differs", {"key": "rooms", "differs": True, "value": "48 间", "note": None})
    li.write("expert.add", {"expert": "e1", "name": "示例专家", "institution": "示例检测站", "opinion": None})
    added = {
        "item": "x1",
        "name": "消防设施",
        "code": None,
        "legal_basis": None,
        "checklist": None,
        "reason": "举报",
    }
    li.write("item.add", added)
    li.arrive()
    li.write("visit.leave", {"position": None, "accuracy_m": None})
    rest = fold_case(
        "schedule, lead, transcript, fact, expert, item, arrival and leaving", [*li.log, *ma.log]
    )
    li, ma = police(), police(2, "ma")
    li.ready()
    ma.write("part.reopen", {"reason": "还有一层没看"})
    both = fold_case(
        "ready and reopened at the same time is a conflict, the part is open", [*li.log, *ma.log]
    )
    return [conflict, agree, settled, cleared, forged, rest, both, fold_case("nothing yet", [])]


def set_cases() -> list[Json]:
    li, ma = police(), police(2, "ma")
    photo = li.photo("security", "b2", "画面中断")
    note = li.write("note.add", {"item": "security", "entry": "b2", "text": "11月6日起没有录像"})
    ma.write("photo.withdraw", {"target": photo["id"], "reason": "拍糊了"})
    li.write("photo.withdraw", {"target": note["id"], "reason": "另一种东西撤不掉"})
    gone = fold_case("withdrawing wins, and only among its own kind", [*li.log, *ma.log])
    li = police()
    li.write(
        "audio.add",
        {
            "hash": "a0" * 32,
            "size": 90000,
            "taken_at": "2026-11-10T10:30:00+08:00",
            "caption": None,
            "item": None,
            "entry": None,
            "mime": "audio/webm",
            "seconds": 61,
        },
    )
    li.write(
        "paper.add",
        {
            "item": "licence",
            "entry": None,
            "name": "特种行业许可证",
            "number": "T-1",
            "copies": 1,
            "kept": False,
            "note": None,
            "photos": [],
        },
    )
    li.write(
        "sample.add",
        {
            "item": None,
            "entry": None,
            "name": "毛巾",
            "number": "S-1",
            "quantity": "2 条",
            "laboratory": None,
            "note": None,
            "photos": [],
        },
    )
    li.write(
        "evidence.take",
        {
            "item": "security",
            "entry": "b2",
            "name": "录像机硬盘",
            "quantity": "1 块",
            "description": None,
            "receipt": "收据 1",
            "photos": [],
        },
    )
    li.order("security", "b2", None)
    shelves = fold_case("every kind of thing stands on its shelf", li.log)
    li = police()
    gathered(li)
    later = fold_case("shelves that came later stand only where something is on them", li.log)
    hai = health()
    hai.photo("hygiene")
    foreign = hai.write("note.add", {"item": "security", "entry": None, "text": "别的部门写的"}, part=POLICE)
    held = [{"operation": foreign, "reason": "other_part"}]
    out = fold_case("a foreign department's operation stays out", hai.log[:1], held)
    li = police()
    li.write("adopt", {"operation": foreign["id"], "reason": "情况属实"})
    adopted = fold_case("until the part's own leader adopts it", [*hai.log[:1], *li.log], held)
    wrong = health(4, "qi")
    wrong.write("adopt", {"operation": foreign["id"], "reason": "不是自己的部分"})
    not_adopted = fold_case("an adoption by another part does nothing", [*hai.log[:1], *wrong.log], held)
    li.write("drone.fly", {"height": "40"})
    strange = fold_case("an unknown kind changes nothing but keeps its place", [*li.log, *hai.log[:1]], [])
    hai.write("note.add", {"item": None, "entry": None, "text": "读不出来的一条"})
    hai.answer("hygiene", "h1", "pass")
    refused = [{"device": "phone-3", "seq": 3}]
    places = fold_case(
        "refused and held fill their places in the log", [hai.log[0], hai.log[3]], held, refused
    )
    gap = fold_case("a gap in a log: the frontier ends before it", [hai.log[0], hai.log[3]], held)
    return [gone, shelves, out, adopted, not_adopted, strange, places, gap, later]


def lock_cases() -> list[Json]:
    package = make_package()
    li, cai = police(), health()
    checked(li)
    hygiene(cai)
    confirmed = li.confirm(package, [*li.log, *cai.log])
    li.sign("li", confirmed, POLICE)
    li.sign("ma", confirmed, POLICE)
    whole = fold_case("what was signed is what is kept: both parts are locked", [*li.log, *cai.log])
    waiting = fold_case("operations of another phone are still missing", [*li.log, *cai.log[:2]])
    partly = police()
    checked(partly)
    partly.confirm(package, partly.log)
    first_part = fold_case(
        "only the part that was ready is locked, the other goes on", [*partly.log, *cai.log[:2]]
    )
    late = police(2, "ma")
    late.answer("security", "b1", "fail", note="补记")
    late.photo("security", "b1")
    before = fold_case(
        "a late answer that the signature has not seen changes nothing", [*li.log, *cai.log, *late.log]
    )
    held_late = [{"operation": operation, "reason": "locked"} for operation in late.log]
    held = fold_case("the same whether the server counted or held it", [*li.log, *cai.log], held_late)
    fault_li, fault_cai = police(), health()
    checked(fault_li)
    hygiene(fault_cai)
    fault_li.confirm(package, [*fault_li.log, *fault_cai.log])
    put_out = [{"operation": fault_cai.log[1], "reason": "not_on_team"}]
    rest = [fault_cai.log[0], *fault_cai.log[2:]]
    fault = fold_case(
        "the server held one of the signed operations: a fault, nothing locked",
        [*fault_li.log, *rest],
        put_out,
    )
    fault_cai2 = health(5, "qi")
    fault_cai2.write("adopt", {"operation": fault_cai.log[1]["id"], "reason": "当时仍在小组"})
    mended = fold_case(
        "its adoption makes both equal and locks", [*fault_li.log, *rest, *fault_cai2.log], put_out
    )
    again = police()
    checked(again)
    again.confirm(package, [*again.log, *cai.log])
    seen = [*again.log, *rest]
    state = folded(seen, put_out)
    made = manifest(package, state, "2026-11-10T12:00:00+08:00")
    again.write("confirm", confirmation(made), part=None)
    renewed = fold_case(
        "or a new confirmation does, and the old one is replaced", [*again.log, *rest], put_out
    )
    forged_li = police()
    checked(forged_li)
    forged = forged_li.confirm(package, forged_li.log)
    forged["body"] = deepcopy(forged["body"])
    forged["body"]["manifest"]["parts"][0]["record"]["answers"]["security"]["b2"]["value"] = "pass"
    forged["body"]["digest"] = digest(forged["body"]["manifest"])
    unequal = fold_case("signed other than recorded: nothing is locked", forged_li.log)
    two, qi = police(), health(3, "qi")
    checked(two)
    qi.arrive()
    first = two.confirm(package, [*two.log, *qi.log])
    qi.answer("hygiene", "h1", "pass")
    qi.finding("hygiene", "no_problem")
    qi.ready()
    qi.confirm(package, [*two.log, *qi.log])
    own = fold_case("a part that was not ready then has its own confirmation later", [*two.log, *qi.log])
    rival = Phone(4, "ma", POLICE)
    rival.write("lead.take", {"reason": "组长手机没电"}, part=None)
    rival.write("confirm", {**first["body"], "at": "2026-11-10T11:40:00+08:00"}, part=None)
    rivals = fold_case(
        "two confirmations that do not know each other both stand", [*two.log, *qi.log, *rival.log]
    )
    refusal = police()
    checked(refusal)
    no_mark = {"signature": None, "stamp": None, "no_stamp_reason": None}
    why = {"reason": "disagrees", "text": "称摄像头已报修"}
    witness = {"name": "示例见证人", "signature": None}
    refusal.confirm(
        package, refusal.log, marks=no_mark, signer=None, refusal=why, witness=witness, objection="已报修"
    )
    refused = fold_case("refused: the record is locked all the same", refusal.log)
    old, new = police(), police(9)
    checked(old)
    for operation in old.log:
        same = {name: operation[name] for name in ("id", "base", "at")}
        new.write(operation["kind"], operation["body"], **same)
    new.confirm(package, [*old.log[:5], *new.log])
    anew = fold_case(
        "chained anew on another phone: both places of a fact are filled", [*old.log[:5], *new.log]
    )
    return [
        *(whole, waiting, first_part, before, held, fault, mended, renewed, unequal, own, rivals, refused),
        anew,
    ]


def amended(package: Json) -> tuple[Phone, Phone, Phone]:
    """Locked, submitted, one item returned by the server's review."""
    li, cai = police(), health()
    checked(li)
    hygiene(cai)
    confirmed = li.confirm(package, [*li.log, *cai.log])
    li.sign("li", confirmed, POLICE)
    li.write("submit", {"note": None, "answers_to": []})
    server = Phone(8, "reviewer", POLICE, "server:1")
    server.write("send_back", {"item": "security", "reason": "请写明盲区范围"})
    return li, cai, server


def review_cases() -> list[Json]:
    package = make_package()
    li, cai, server = amended(package)
    every = lambda: [*li.log, *cai.log, *server.log]  # noqa: E731
    returned = fold_case("one item is sent back", every())
    old = next(op for op in li.log if op["kind"] == "answer.set" and op["body"]["entry"] == "b4")
    value = {"value": "二层东走廊至楼梯口约 6 米", "note": None, "phrases": []}
    change = {"register": "answer/security/b4", "value": value, "reason": "按审核意见补充", "takes": []}
    li.write("amend", change, base={"answer/security/b4": [old["id"]]})
    changed = fold_case("an amendment makes a new version, the old value stays beside it", every())
    li.supplement(package, every())
    signed = fold_case("the supplement is signed, its change no longer asks for it", every())
    li.write("submit", {"note": "已补充", "answers_to": [server.log[0]["id"]]})
    resubmitted = fold_case("submitted again", every())
    server.write("accept", {"item": "security"}, base={f"review/{POLICE}/security": [server.log[0]["id"]]})
    server.write("accept", {"item": "licence"})
    accepted = fold_case("every item accepted", every())
    late = police(2, "ma")
    photo = late.photo("security", "b2", "补拍")
    late.write("amend", {"register": None, "value": None, "reason": "补拍照片", "takes": [photo["id"]]})
    taken = fold_case(
        "a late photo comes in with an amendment", [*li.log[:-2], *cai.log, *server.log[:1], *late.log]
    )
    late_held = [{"operation": photo, "reason": "locked"}]
    held = fold_case(
        "also when the server held it", [*li.log[:-2], *cai.log, *server.log[:1], *late.log[1:]], late_held
    )
    part = health(6, "cai")
    part.write("submit", {"note": None, "answers_to": []})
    other = Phone(7, "reviewer", HEALTH, "server:2")
    other.write("accept", {"item": None})
    whole = fold_case(
        "a whole part accepted at once", [*li.log, *cai.log, *server.log, *part.log, *other.log]
    )
    return [returned, changed, signed, resubmitted, accepted, taken, held, whole]


def gathered(phone: Phone) -> None:
    """Everything that can be gathered on site beside answers, about an item and about the whole part."""
    page, scene = phone.photo("licence", None, "许可证第 1 页"), phone.photo(None, None, "门头")
    place = {"item": None, "entry": None}
    at = {"caption": None, "taken_at": "2026-11-10T10:30:00+08:00", **place}
    phone.write("audio.add", {**at, "hash": "a0" * 32, "size": 90_000, "mime": "audio/webm", "seconds": 45})
    sound = {"hash": "a1" * 32, "size": 900_000, "mime": "audio/mp4", "seconds": 125}
    phone.write("audio.add", {**at, **sound, "caption": "负责人说明", "item": "security", "entry": "b2"})
    clip = {"hash": "b0" * 32, "size": 4_000_000, "mime": "video/mp4", "seconds": 60}
    phone.write("clip.add", {**at, **clip, "caption": "走廊巡查", "position": None, "accuracy_m": None})
    recording = {
        **place, "recorder": "DSJ-0117", "name": "20261110_100102.mp4", "hash": "c0" * 32, "size": 1_288_490_189,
        "started_at": "2026-11-10T10:01:02+08:00", "note": "全程",
    }  # fmt: skip
    phone.write("recording.add", recording)
    phone.write(
        "recording.add", {**recording, "hash": "c1" * 32, "started_at": None, "note": None, "size": 1}
    )
    shapes = [
        {"kind": "box", "x1": 1000, "y1": 1000, "x2": 4000, "y2": 3000, "text": None},
        {"kind": "arrow", "x1": 8000, "y1": 8000, "x2": 4000, "y2": 3000, "text": None},
        {"kind": "text", "x1": 1000, "y1": 500, "x2": 1000, "y2": 500, "text": "已过期"},
    ]
    phone.write("marking.add", {"photo": page["body"]["hash"], "shapes": shapes[:2]})
    phone.write("marking.add", {"photo": page["body"]["hash"], "shapes": shapes[2:]})
    wrong = phone.write("marking.add", {"photo": scene["body"]["hash"], "shapes": shapes[:1]})
    phone.write("marking.withdraw", {"target": wrong["id"], "reason": "标错了"})
    paper = {
        "item": "licence", "entry": None, "name": "特种行业许可证", "number": "T-1", "copies": 1, "kept": True,
        "note": "正本", "photos": [page["id"]],
    }  # fmt: skip
    phone.write("paper.add", paper)
    phone.write(
        "paper.add", {**paper, "number": None, "copies": 2, "kept": False, "note": None, "photos": []}
    )
    sample = {
        **place, "name": "毛巾", "number": "CY-1", "quantity": "2 条", "laboratory": "示例检验所", "note": "备份样品封存",
        "photos": [scene["id"]],
    }  # fmt: skip
    phone.write("sample.add", sample)
    phone.write("evidence.take", {
        "item": "security", "entry": "b2", "name": "录像机硬盘", "quantity": "1 块", "description": "序列号 S1",
        "receipt": "收据 1", "photos": [],
    })  # fmt: skip
    phone.write("note.add", {**place, "text": "前台有两人值班"})
    phone.write("transcript.set", {
        "opening": "我们是县公安局执法人员，这是我们的证件，请核对。", "credentials_answer": "已核对", "rights_answer": "知道了",
        "recusal": "asked", "recusal_reason": "与检查人员是亲戚", "facts": "一层大堂。", "coercive": None,
        "statement": "会整改。",
    })  # fmt: skip
    phone.write("fact.differs", {"key": "rooms", "differs": True, "value": "48 间", "note": None})
    phone.write(
        "expert.add", {"expert": "e1", "name": "示例专家", "institution": "示例站", "opinion": "正常"}
    )


def word_cases() -> list[Json]:
    """What screen and paper say alike of a manifest, beside the words of their templates."""
    package = make_package()
    li, cai = police(), health()
    gathered(li)
    checked(li)
    hygiene(cai)
    made = manifest(package, folded([*li.log, *cai.log]), "2026-11-10T11:16:00+08:00")  # type: ignore[arg-type]
    return [{"name": "everything gathered", "manifest": made, "expect": said_of(made)}]


def said_of(made: Json) -> Json:
    """Lines by part and item, and of each photo what was drawn over it."""
    photos = [(part, photo) for part in made["parts"] for photo in part["record"]["photos"]]
    numbered = {photo["id"]: at for at, (_, photo) in enumerate(photos, start=1)}

    def loose(part: Json, item: str | None) -> list[int]:
        mine = [photo for where, photo in photos if where is part]
        return [numbered[one["id"]] for one in mine if one["item"] == item and one["entry"] is None]

    def lines(part: Json, item: str | None) -> list[str]:
        return paper_words.collected(part["record"], item, loose(part, item), numbered)

    return {
        "parts": [
            {
                "rest": lines(part, None), "items": {item["id"]: lines(part, item["id"]) for item in part["items"]},
                "transcript": paper_words.transcript_lines(part["record"]),
                "measures": [paper_words.measure_words(one) for one in part["record"]["measures"]],
            }
            for part in made["parts"]
        ],
        "marked": [
            paper_words.marking_words(part["record"].get("markings", []), photo["hash"]) for part, photo in photos
        ],
    }  # fmt: skip


def manifest_cases() -> Json:
    package = make_package()
    li, cai = police(), health()
    checked(li)
    hygiene(cai)
    everything = [*li.log, *cai.log]
    made = [
        _manifest_case("both parts", package, everything),
        _manifest_case("one part ready", package, li.log),
    ]
    gathering = police()
    gathered(gathering)
    checked(gathering)
    made.append(_manifest_case("everything gathered", package, gathering.log))
    signed_li, signed_cai, server = amended(package)
    old = next(op for op in signed_li.log if op["kind"] == "answer.set" and op["body"]["entry"] == "b4")
    value = {"value": "二层东走廊至楼梯口", "note": None, "phrases": []}
    change = {"register": "answer/security/b4", "value": value, "reason": "补充", "takes": []}
    signed_li.write("amend", change, base={"answer/security/b4": [old["id"]]})
    supplementary = [*signed_li.log, *signed_cai.log, *server.log]
    made.append(_manifest_case("supplement", package, supplementary, supplement=True))
    confirmed = li.confirm(package, everything)
    compared = []
    for name, counted, held in (
        ("equal", everything, []),
        ("equal although more came later", [*everything, *_later()], []),
        ("one operation held", [op for op in everything if op is not cai.log[1]], [cai.log[1]]),
    ):
        waiting = [{"operation": operation, "reason": "not_on_team"} for operation in held]
        compared.append(_compared(name, package, confirmed["body"]["manifest"], counted, waiting))
    renamed = make_package(subject={**package["subject"], "name": "示例改名酒店"})
    compared.append(
        _compared("the subject has another name now", renamed, confirmed["body"]["manifest"], everything, [])
    )
    return {"package": package, "made": made, "compared": compared}


def _later() -> list[Json]:
    later = police(2, "ma")
    later.answer("security", "b1", "fail")
    return later.log


def _manifest_case(name: str, package: Json, operations: list[Json], supplement: bool = False) -> Json:
    at = "2026-11-10T11:16:00+08:00"
    make = supplement_manifest if supplement else manifest
    made = make(package, folded(operations), at)  # type: ignore[arg-type]
    whole = digest(made)
    given = {"name": name, "operations": deepcopy(operations), "at": at, "supplement": supplement}
    return {**given, "expect": {"manifest": made, "digest": whole, "short_code": short_code(whole)}}


def _compared(name: str, package: Json, signed: Json, operations: list[Json], held: list[Json]) -> Json:
    waiting = [Held(parse_operation(each["operation"]), each["reason"]) for each in held]
    state = exactly(signed, False, parsed(operations), waiting)
    found = differences(signed, kept_manifest(package, signed, state))  # type: ignore[arg-type]
    given = {
        "name": name,
        "subject": package["subject"],
        "signed": signed,
        "operations": operations,
        "held": held,
    }
    return deepcopy({**given, "expect": found})


def gaps_cases() -> Json:
    package = make_package()
    states: list[tuple[str, list[Json]]] = [("nothing done", [])]
    li = police()
    checked(li)
    states.append(("police ready", li.log))
    ma = police(2, "ma")
    ma.answer("security", "b1", "fail")
    states.append(("two answers in conflict", [*li.log, *ma.log]))
    li = police()
    li.arrive()
    for name, value in (("b1", "fail"), ("b2", "fail"), ("b3", "3,5"), ("b5", "磁带")):
        li.answer("security", name, value)
    li.answer("licence", "a1", "not_checked")
    li.answer("licence", "a2", "pass")
    li.finding("security", "no_problem", "rectification_ordered")
    li.finding("licence", "conforming")
    states.append(("everything wrong at once", li.log))
    li = police()
    li.arrive()
    li.finding("licence", "not_found_at_address")
    li.finding("security", "seriously_uncooperative")
    states.append(("short paths without evidence", deepcopy(li.log)))
    li.photo(None, None, "门头")
    li.write("note.add", {"item": None, "entry": None, "text": "三次电话无人接听，邻居称已搬走"})
    states.append(("short paths with their evidence", li.log))
    li = police()
    li.arrive()
    li.finding("security", "seriously_uncooperative", reason="拒不开门，全程有执法记录仪")
    recording = {
        "item": None, "entry": None, "recorder": "DSJ-0117", "name": "1.mp4", "hash": "c0" * 32, "size": 5,
        "started_at": None, "note": None,
    }  # fmt: skip
    li.write("recording.add", recording)
    states.append(("obstructed, with a body-worn camera's file as evidence", li.log))
    li = police()
    li.arrive()
    li.answer("licence", "a1", "pass")
    li.answer("licence", "a2", "not_applicable")
    li.finding("licence", "pending_follow_up")
    li.finding("security", "activity_not_found", reason="歇业装修")
    added = {
        "item": "x1",
        "name": "增加的",
        "code": None,
        "legal_basis": None,
        "checklist": None,
        "reason": "举报",
    }
    li.write("item.add", added)
    states.append(("a result other than proposed needs its reason; an added item its result", li.log))
    cases = [_gaps_case(name, package, operations) for name, operations in states]
    optional = make_package(
        profile={**package["profile"], "check_on_site": {"required": False, "source": None}}
    )
    cases.append({**_gaps_case("no visit on site demanded", optional, []), "on_site": False})
    confirmed = _confirmation_cases(package)
    return {
        "package": package,
        "parts": cases,
        "confirmations": confirmed,
        "signing": _signing_cases(package),
    }


def _gaps_case(name: str, package: Json, operations: list[Json]) -> Json:
    state = folded(operations)
    expect = {"gaps": gaps(state, package), "progress": progress(state, package)}
    return {"name": name, "operations": deepcopy(operations), "on_site": True, "expect": expect}


def _confirmation_cases(package: Json) -> list[Json]:
    mark = {"strokes": [[[1, 1], [2, 2]]], "png_hash": "5f" * 32}
    signer = {"name": "示例王某", "role": "person_in_charge"}
    stamp = {"photo_hash": "e0" * 32}
    bodies = [
        ("all: signed and stamped", "all", (mark, stamp, None), signer, None),
        ("all: signed, no stamp at hand", "all", (mark, None, "公章不在现场"), signer, None),
        ("all: signed only", "all", (mark, None, None), signer, None),
        ("all: stamped only", "all", (None, stamp, None), signer, None),
        ("either: stamped only", "either", (None, stamp, None), signer, None),
        ("either: nothing", "either", (None, None, None), None, None),
        ("refused with reason", "all", (None, None, None), None, {"reason": "disagrees", "text": None}),
        ("refused for another reason", "all", (None, None, None), None, {"reason": "other", "text": None}),
    ]
    cases = []
    for name, combination, (signature, stamped, no_stamp), by, refusal in bodies:
        marks = {"signature": signature, "stamp": stamped, "no_stamp_reason": no_stamp}
        body = {"marks": marks, "signer": by, "refusal": refusal}
        rule = {**package["profile"]["subject_mark"], "combination": combination}
        asked = make_package(profile={**package["profile"], "subject_mark": rule})
        cases.append(
            {"name": name, "combination": combination, "body": body, "expect": confirmation_gaps(asked, body)}
        )
    return cases


def _signing_cases(package: Json) -> list[Json]:
    li, cai = police(), health()
    checked(li)
    hygiene(cai)
    confirmed = li.confirm(package, [*li.log, *cai.log])
    cases = []
    for name, who, part in (
        (None, None, None),
        ("li", "li", POLICE),
        ("ma", "ma", POLICE),
        ("cai", "cai", HEALTH),
        ("qi", "qi", HEALTH),
    ):
        if who and part:
            li.sign(who, confirmed, part)
        operations = [*li.log, *cai.log]
        found = signing_gaps(folded(operations), package, confirmed["id"])
        title = f"after {name}" if name else "nobody yet"
        cases.append(
            deepcopy(
                {"name": title, "operations": operations, "confirmation": confirmed["id"], "expect": found}
            )
        )
    return cases


def answer_cases() -> Json:
    kinds = {
        "pass_fail": ["pass", "fail", "not_applicable", "not_checked", "合格", ""],
        "number": ["0", "12", "-3.5", "007", "1e3", "3,5", "3.", "１２", "0.1234567"],
        "text": ["随便写", "x"],
        "choice": ["本地", "云端", "磁带"],
        "date": ["2026-02-28", "2026-02-29", "2024-02-29", "2026-13-01", "26-01-01", "2026-1-1"],
    }
    fits = []
    for kind, values in kinds.items():
        asked = entry("e", "1", "x", answer=kind, choices=["本地", "云端"])
        fits += [{"entry": asked, "value": value, "expect": answer_fits(asked, value)} for value in values]
    entries = [
        entry("a", "1", "x"),
        entry("b", "2", "y"),
        entry("c", "3", "z", condition={"entry": "a", "is": "fail"}),
    ]
    optional = [entry("n", "1", "人数", answer="number", required=False)]
    measured = [entry("t", "1", "室温", answer="number", limits={"min": None, "max": "26"})]
    given: list[tuple[list[Json], Json, list[Json]]] = [
        (entries, {}, []),
        (entries, {"a": "pass"}, []),
        (entries, {"a": "pass", "b": "pass"}, []),
        (entries, {"a": "pass", "b": "not_applicable"}, []),
        (entries, {"a": "not_applicable", "b": "not_applicable"}, []),
        (entries, {"a": "pass", "b": "not_checked"}, []),
        (entries, {"a": "fail"}, []),
        (entries, {"a": "fail"}, [{"kind": "rectification_order"}]),
        (entries, {"a": "fail"}, [{"kind": "advice"}]),
        (optional, {}, []),
        (measured, {"t": "26.1"}, []),
        (measured, {"t": "26"}, []),
        (measured, {"t": "26.1"}, [{"kind": "rectification_order"}]),
        ([], {}, []),
    ]
    proposals = []
    for asked, values, measures in given:
        answers = {name: {"value": value, "note": None, "phrases": []} for name, value in values.items()}
        expect = propose_outcome(asked, answers, measures)
        proposals.append({"entries": asked, "answers": answers, "measures": measures, "expect": expect})
    return {"fits": fits, "proposals": proposals, "judged": judged_cases(), "asked": asked_cases()}


def judged_cases() -> list[Json]:
    """Numbers at, just within and just beyond their limits, longer than any float; and what is never judged."""
    both = {"min": "18", "max": "26"}
    given: list[tuple[Json, list[str | None]]] = [
        (
            {"answer": "number", "limits": both},
            ["18", "26", "17.999999", "26.000001", "-18", "26.0", "abc", None],
        ),
        (
            {"answer": "number", "limits": {"min": None, "max": "0.000001"}},
            ["0", "0.000001", "0.000002", "-1"],
        ),
        ({"answer": "number", "limits": {"min": "-5.5", "max": None}}, ["-5.5", "-5.500001", "-5", "0"]),
        (
            {"answer": "number", "limits": {"min": None, "max": "999999999999999.999998"}},
            ["999999999999999.999998", "999999999999999.999999"],
        ),
        ({"answer": "number"}, ["1"]),
        ({"answer": "pass_fail"}, ["fail", "not_applicable", "maybe", None]),
        ({"answer": "text"}, ["fail"]),
        ({"answer": "choice", "choices": ["fail", "x"]}, ["fail"]),
    ]
    return [
        {"entry": asked, "value": value, "expect": judged(asked, value)}
        for over, values in given
        for asked in [entry("e", "1", "室温", **over)]
        for value in values
    ]


def asked_cases() -> list[Json]:
    """Conditions on a judgement, on a choice, on a measured number; what hangs on a hidden entry is hidden too."""
    entries = [
        entry("a", "1", "设施完好"),
        entry("b", "2", "已报修", condition={"entry": "a", "is": "fail"}),
        entry("c", "3", "报修记录完整", condition={"entry": "b", "is": ["pass", "fail"]}),
        entry("d", "4", "室温", answer="number", limits={"min": "18", "max": "26"}),
        entry("e", "5", "已采取降温措施", condition={"entry": "d", "is": "fail"}),
        entry("f", "6", "保存方式", answer="choice", choices=["本地", "云端"]),
        entry("g", "7", "本地硬盘上锁", condition={"entry": "f", "is": "本地"}),
    ]
    given: list[Json] = [
        {},
        {"a": "fail"},
        {"a": "fail", "b": "pass"},
        {"a": "pass", "b": "pass"},  # b was answered before a became 合格
        {"a": "not_checked", "b": "fail"},
        {"d": "26"},
        {"d": "26.1"},
        {"d": "fail"},
        {"f": "本地"},
        {"f": "云端"},
    ]
    tables = []
    for values in given:
        answers = {name: {"value": value, "note": None, "phrases": []} for name, value in values.items()}
        expect = [one["id"] for one in asked_of(entries, answers)]
        tables.append({"entries": entries, "answers": answers, "expect": expect})
    return tables


def operation_cases() -> tuple[list[Json], list[Json]]:
    package = make_package()
    li, cai, server = amended(package)
    li.write(
        "settle",
        {"register": "lead", "value": {"inspector": "li", "reason": "商定"}, "reason": None},
        part=None,
    )
    li.write("future.kind", {"anything": [1, "二", None, True]})
    gathered(li)
    li.write("lead.take", {"reason": "组长手机没电"}, part=None)
    good = []
    for operation in [*li.log, *cai.log[:1], *server.log]:
        read = parse_operation(deepcopy(operation))
        register = register_of(read) if read.known else None
        value = value_of(read) if register is not None else None
        expect = {
            "hash": operation_hash(operation),
            "known": read.known,
            "register": register,
            "value": value,
        }
        good.append(deepcopy({"operation": operation, "expect": expect}))
    return good, _bad_operations(li, package)


DRAWN: Json = {"kind": "box", "x1": 0, "y1": 0, "x2": 10000, "y2": 10000, "text": None}


def _clip(photo: Json) -> Json:
    sound = {"mime": "video/mp4", "seconds": 30}
    return {**_without(photo["body"], "width", "height", "reencoded_from"), **sound}


def _without(body: Json, *names: str) -> Json:
    return {name: value for name, value in body.items() if name not in names}


def _bad_operations(li: Phone, package: Json) -> list[Json]:
    def changed(source: Json, **over: Any) -> Json:
        return {**deepcopy(source), **over}

    answer = next(op for op in li.log if op["kind"] == "answer.set")
    photo = next(op for op in li.log if op["kind"] == "photo.add")
    ready = next(op for op in li.log if op["kind"] == "part.ready")
    confirm = next(op for op in li.log if op["kind"] == "confirm")
    amend = changed(answer, kind="amend", body={"register": None, "value": None, "reason": "x", "takes": []})
    no_mark = deepcopy(confirm["body"])
    no_mark["marks"]["signature"] = None
    refused_signed = {**deepcopy(confirm["body"]), "refusal": {"reason": "disagrees", "text": None}}
    wrong: list[tuple[str, Any]] = [
        ("not an object", [1, 2]),
        ("null", None),
        ("a float", changed(answer, body={**answer["body"], "value": 1.5})),
        ("a key that is not ASCII", changed(answer, body={**answer["body"], "备注": None})),
        ("a number too large", changed(answer, at={"wall": answer["at"]["wall"], "offset_ms": 2**60})),
        ("a missing member", {name: member for name, member in answer.items() if name != "base"}),
        ("a member too many", changed(answer, extra=1)),
        ("an id that is no UUIDv7", changed(answer, id="019fa0a1-0001-4000-8000-000000000002")),
        ("an id in capitals", changed(answer, id=answer["id"].upper())),
        ("seq 0", changed(answer, seq=0)),
        ("seq as text", changed(answer, seq="2")),
        ("seq true", changed(answer, seq=True)),
        ("first with prev", changed(answer, seq=1)),
        ("second without prev", changed(answer, prev=None)),
        (
            "a wall time without offset",
            changed(answer, at={"wall": "2026-11-10T10:00:00", "offset_ms": None}),
        ),
        (
            "a day that does not exist",
            changed(answer, at={"wall": "2026-02-29T10:00:00+08:00", "offset_ms": None}),
        ),
        ("base that is no list of ids", changed(answer, base={"answer/licence/a1": ["x"]})),
        ("an answer without part", changed(answer, part=None)),
        ("a confirmation with part", changed(confirm, part=POLICE)),
        ("a part with a slash", changed(answer, part="a/b")),
        (
            "an answer without its note",
            changed(answer, body={k: v for k, v in answer["body"].items() if k != "note"}),
        ),
        ("an unknown field", changed(answer, body={**answer["body"], "colour": "red"})),
        ("an answer as a number", changed(answer, body={**answer["body"], "value": 3})),
        ("a blank note", changed(answer, body={**answer["body"], "note": " \u3000\n"})),
        ("a note with NUL", changed(answer, body={**answer["body"], "note": "a\x00b"})),
        ("a note too long", changed(answer, body={**answer["body"], "note": "长" * 4001})),
        ("a phrase too many", changed(answer, body={**answer["body"], "phrases": ["x"] * 21})),
        ("an operation too large", changed(ready, kind="future.kind", body={"text": "大" * 22000})),
        ("a photo of another type", changed(photo, body={**photo["body"], "mime": "image/heic"})),
        ("a photo without size", changed(photo, body={**photo["body"], "size": 0})),
        (
            "a position off the earth",
            changed(photo, body={**photo["body"], "position": {"lat_e7": 900000001, "lon_e7": 0}}),
        ),
        (
            "a clip of another type",
            changed(photo, kind="clip.add", body={**_clip(photo), "mime": "video/quicktime"}),
        ),
        (
            "a clip without its length",
            changed(photo, kind="clip.add", body=_without(_clip(photo), "seconds")),
        ),
        (
            "a mark beside the photo",
            changed(photo, kind="marking.add", body={"photo": "a0" * 32, "shapes": [{**DRAWN, "x2": 10001}]}),
        ),
        (
            "a mark of a strange kind",
            changed(
                photo, kind="marking.add", body={"photo": "a0" * 32, "shapes": [{**DRAWN, "kind": "blur"}]}
            ),
        ),
        (
            "a recording without a hash",
            changed(
                photo, kind="recording.add", body={"item": None, "entry": None, "recorder": "R", "name": "n"}
            ),
        ),
        ("ready with a body", changed(ready, body={"really": True})),
        (
            "an outcome in Chinese",
            changed(
                answer, kind="finding.set", body={"item": "licence", "outcomes": ["合格"], "reason": None}
            ),
        ),
        (
            "a day without zeros",
            changed(
                answer,
                kind="schedule.set",
                part=None,
                body={"day": "2026-11-1", "time": None, "reason": None},
            ),
        ),
        (
            "hour 24",
            changed(
                answer,
                kind="schedule.set",
                part=None,
                body={"day": "2026-11-01", "time": "24:00", "reason": None},
            ),
        ),
        ("an amendment of nothing", amend),
        (
            "an amendment of an unknown register",
            changed(amend, body={**amend["body"], "register": "colour/x", "value": {}}),
        ),
        (
            "an amendment of another part's transcript",
            changed(amend, body={**amend["body"], "register": f"transcript/{HEALTH}", "value": {}}),
        ),
        (
            "an amendment with half a value",
            changed(amend, body={**amend["body"], "register": "finding/licence", "value": {"outcomes": []}}),
        ),
        (
            "a settled schedule inside a part",
            changed(
                amend,
                kind="settle",
                body={
                    "register": "schedule",
                    "value": {"day": "2026-11-01", "time": None, "reason": None},
                    "reason": None,
                },
            ),
        ),
        (
            "strokes without a point",
            changed(
                answer,
                kind="sign",
                body={"inspector": "li", "digest": "0" * 64, "strokes": [[]], "png_hash": "0" * 64},
            ),
        ),
        ("a confirmation of another visit", changed(confirm, visit=VISIT[:-1] + "2")),
        (
            "a digest that is not the manifest's",
            changed(confirm, body={**confirm["body"], "digest": "0" * 64}),
        ),
        ("a first confirmation as supplement", changed(confirm, kind="supplement")),
        (
            "a manifest of another format",
            changed(
                confirm, body={**confirm["body"], "manifest": {**confirm["body"]["manifest"], "format": "x"}}
            ),
        ),
        (
            "a manifest without parts",
            changed(
                confirm, body={**confirm["body"], "manifest": {**confirm["body"]["manifest"], "parts": []}}
            ),
        ),
        ("neither mark nor refusal", changed(confirm, body=no_mark)),
        ("signed and refused", changed(confirm, body=refused_signed)),
    ]
    cases = []
    for name, value in wrong:
        try:
            parse_operation(deepcopy(value))
        except BadOperation as found:
            expect = {"code": found.code, "field": found.field, "reason": str(found.reason)}
        else:
            raise AssertionError(f"taken for good: {name}")
        cases.append({"name": name, "operation": value, "expect": expect})
    return cases


def verdict_cases() -> Json:
    package = make_package()
    li, ma, cai = police(), police(2, "ma"), health()
    checked(li)
    hygiene(cai)
    open_state = folded([*li.log[:3]])
    confirm = li.confirm(package, [*li.log, *cai.log])
    locked = folded([*li.log, *cai.log])
    stranger = Phone(7, "zhao", POLICE)
    cases: list[tuple[str, Json, Json, Json]] = [
        ("a member writes his own part", ma.answer("security", "b1", "pass"), open_state, {}),
        ("nobody of the team", stranger.answer("security", "b1", "pass"), open_state, {}),
        (
            "another department's part",
            {**cai.answer("hygiene", "h1", "pass"), "part": POLICE},
            open_state,
            {},
        ),
        ("his part, another part's item", ma.answer("hygiene", "h1", "pass"), open_state, {}),
        ("an entry that is not on the list", ma.answer("security", "zz", "pass"), open_state, {}),
        ("an item added on site that nobody knows", ma.answer("x1", "y", "pass"), open_state, {}),
        ("a number where pass or fail is asked", ma.answer("security", "b1", "3"), open_state, {}),
        ("a cleared answer", ma.answer("security", "b1", None), open_state, {}),
        ("somebody else's phone", ma.answer("security", "b1", "pass"), open_state, {"owner": "li"}),
        ("a revoked phone", ma.answer("security", "b1", "pass"), open_state, {"revoked": True}),
        ("a kind of the future", ma.write("future.kind", {}), open_state, {}),
        ("a phone that reviews", ma.write("accept", {"item": None}), open_state, {}),
        (
            "the server reviews",
            Phone(9, "reviewer", POLICE, "server:1").write("accept", {"item": None}),
            open_state,
            {},
        ),
        (
            "the leader schedules",
            li.write("schedule.set", {"day": "2026-11-11", "time": None, "reason": None}, part=None),
            open_state,
            {},
        ),
        (
            "not the leader schedules",
            ma.write("schedule.set", {"day": "2026-11-11", "time": None, "reason": None}, part=None),
            open_state,
            {},
        ),
        (
            "the lead is taken within the initiating department",
            ma.write("lead.take", {"reason": "没电"}, part=None),
            open_state,
            {},
        ),
        (
            "the lead is taken from outside",
            cai.write("lead.take", {"reason": "没电"}, part=None),
            open_state,
            {},
        ),
        ("the leader confirms", confirm, open_state, {}),
        ("a member confirms", {**confirm, "by": "ma", "device": "phone-2"}, open_state, {}),
        ("confirmed once more", confirm, locked, {}),
        ("an answer after the confirmation", ma.answer("security", "b1", "fail"), locked, {}),
        (
            "leaving after the confirmation",
            li.write("visit.leave", {"position": None, "accuracy_m": None}),
            locked,
            {},
        ),
        ("signing after the confirmation", li.sign("ma", confirm, POLICE), locked, {}),
        ("a colleague of another department holds the phone", cai.sign("ma", confirm, POLICE), locked, {}),
        ("a stranger's signature", li.sign("zhao", confirm, POLICE), locked, {}),
        (
            "an amendment after the confirmation",
            ma.write(
                "amend",
                {
                    "register": "finding/licence",
                    "value": {"outcomes": ["no_problem"], "reason": "x"},
                    "reason": "x",
                    "takes": [],
                },
            ),
            locked,
            {},
        ),
        ("an amendment after acceptance", ma.log[-1], locked, {"part_states": {POLICE: "accepted"}}),
        (
            "an amendment with a wrong answer",
            ma.write(
                "amend",
                {
                    "register": "answer/security/b3",
                    "value": {"value": "三", "note": None, "phrases": []},
                    "reason": "x",
                    "takes": [],
                },
            ),
            locked,
            {},
        ),
        (
            "the part's leader adopts",
            cai.write("adopt", {"operation": ma.log[0]["id"], "reason": "属实"}),
            open_state,
            {"held_parts": {ma.log[0]["id"]: HEALTH}},
        ),
        (
            "the adopted one belongs to another part",
            cai.log[-1],
            open_state,
            {"held_parts": {ma.log[0]["id"]: POLICE}},
        ),
        (
            "a member adopts",
            ma.write("adopt", {"operation": cai.log[0]["id"], "reason": "属实"}),
            open_state,
            {},
        ),
        ("after the visit was closed", ma.log[0], open_state, {"closed": True}),
    ]
    made = []
    for name, operation, state, over in cases:
        read = parse_operation(deepcopy(operation))
        device = Device(over.get("owner", operation["by"]), over.get("revoked", False))
        context = context_of(
            package, state, over.get("part_states"), over.get("closed", False), over.get("held_parts")
        )
        said = verdict(read, context, device)
        given = {"owner": device.owner, "revoked": device.revoked, "closed": context.closed}
        known = {"part_states": over.get("part_states", {}), "held_parts": over.get("held_parts", {})}
        which = "locked" if state is locked else "open"
        expect = {"verdict": str(said.kind), "reason": said.reason and str(said.reason)}
        made.append(
            deepcopy(
                {"name": name, "operation": operation, "state": which, **given, **known, "expect": expect}
            )
        )
    return {"package": package, "states": {"open": open_state, "locked": locked}, "cases": made}


def random_cases() -> list[Json]:
    """Histories of three phones by chance: what nobody thought of must fold the same in both languages."""
    chance = random.Random(20261121)
    kinds = (
        "answer",
        "answer",
        "finding",
        "photo",
        "withdraw",
        "ready",
        "reopen",
        "settle",
        "amend",
        "confirm",
    )
    cases = []
    for number in range(12):
        steps = [
            (chance.choice(kinds), chance.randrange(3), chance.randrange(4), chance.random() < 0.6)
            for _ in range(chance.randrange(6, 16))
        ]
        closing = [("ready", 0, 0, True), ("confirm", 0, 0, True)] if number % 2 else []
        cases.append(fold_case(f"by chance {number}", history([*steps, *closing, *steps[:4]])))
    return cases


def main() -> None:
    """All tables."""
    write("fold_random", random_cases())
    write("fold_registers", register_cases())
    write("fold_sets", set_cases())
    write("fold_locks", lock_cases())
    write("fold_review", review_cases())
    write("manifest_visit", manifest_cases())
    write("record_words", word_cases())
    write("gaps_parts", gaps_cases())
    write("gaps_answers", answer_cases())
    valid, invalid = operation_cases()
    write("operations_valid", valid)
    write("operations_invalid", invalid)
    write("operations_shapes", SHAPES)
    write("verdict_visit", verdict_cases())


if __name__ == "__main__":
    main()
