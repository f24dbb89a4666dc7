"""How do phones write operations in tests? Plain, chained and with ids that never change between runs."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, cast

from onevisit.visits.fold import Held, fold
from onevisit.visits.manifest import manifest, manifest_digest, supplement_manifest
from onevisit.visits.operations import Operation, operation_hash, parse_operation
from onevisit.visits.package_shape import VisitPackage

Json = dict[str, Any]

VISIT = "019fa0a0-0000-7000-8000-000000000001"
POLICE, HEALTH = "632525-ga", "632525-wj"
STROKES = [[[10, 10], [40, 12, 80], [60, 30, 160]]]
PNG = "5f" * 32


@dataclass
class Phone:
    """One device of one inspector; `place` makes its ids its own, `shift_s` moves its clock."""

    place: int
    by: str
    part: str | None
    device: str = ""
    shift_s: int = 0
    log: list[Json] = field(default_factory=list)

    def write(self, kind: str, body: Json | None = None, **over: Any) -> Json:
        """Appends an operation to the log; `over` replaces members of it (base, part, id, …)."""
        seq = len(self.log) + 1
        minute, second = divmod(seq + self.shift_s, 60)
        operation = {
            "id": f"019fa0a1-{self.place:04x}-7000-8000-{seq:012x}",
            "device": self.device or f"phone-{self.place}",
            "visit": VISIT,
            "seq": seq,
            "prev": operation_hash(self.log[-1]) if self.log else None,
            "part": self.part,
            "kind": kind,
            "body": body or {},
            "base": {},
            "by": self.by,
            "at": {"wall": f"2026-11-10T10:{minute % 60:02d}:{second:02d}+08:00", "offset_ms": None},
            **over,
        }
        self.log.append(operation)
        return operation

    def answer(self, item: str, entry: str, value: str | None, seen: Iterable[str] = (), **more: Any) -> Json:
        """answer.set, naming what was seen."""
        body = {"item": item, "entry": entry, "value": value, "note": None, "phrases": [], **more}
        return self.write("answer.set", body, base=based(f"answer/{item}/{entry}", seen))

    def finding(self, item: str, *outcomes: str, seen: Iterable[str] = (), reason: str | None = None) -> Json:
        """finding.set."""
        body = {"item": item, "outcomes": list(outcomes), "reason": reason}
        return self.write("finding.set", body, base=based(f"finding/{item}", seen))

    def photo(self, item: str | None, entry: str | None = None, caption: str | None = None) -> Json:
        """photo.add of a picture of its own."""
        body = {
            "hash": f"{self.place:08x}{len(self.log):08x}" * 4,
            "size": 481_223,
            "taken_at": "2026-11-10T10:21:07+08:00",
            "caption": caption,
            "item": item,
            "entry": entry,
            "position": {"lat_e7": 355_800_000, "lon_e7": 1_007_500_000},
            "accuracy_m": 6,
            "width": 3000,
            "height": 4000,
            "mime": "image/jpeg",
            "reencoded_from": None,
        }
        return self.write("photo.add", body)

    def order(self, item: str, entry: str, due_day: str | None = "2026-11-17") -> Json:
        """measure.issue of a rectification order."""
        body = {
            "item": item,
            "entry": entry,
            "kind": "rectification_order",
            "form": "electronic",
            "text": "修复二层东走廊摄像头，恢复录像，保存不少于 30 天。",
            "due_day": due_day,
            "number": "26-003-1",
            "facts": "二层东走廊 1 路摄像头无画面。",
            "breached": "《旅馆业治安管理办法》第三条",
            "applied": None,
            "ground": None,
        }
        return self.write("measure.issue", body)

    def arrive(self) -> Json:
        """visit.arrive with a position."""
        where = {"position": {"lat_e7": 355_800_000, "lon_e7": 1_007_500_000}, "accuracy_m": 8}
        return self.write("visit.arrive", where)

    def ready(self, seen: Iterable[str] = ()) -> Json:
        """part.ready."""
        return self.write("part.ready", {}, base=based(f"ready/{self.part}", seen))

    def confirm(self, package: Json, operations: list[Json], **over: Any) -> Json:
        """confirm of everything that is ready in these operations; a signed one unless `over` refuses."""
        made = manifest(cast(VisitPackage, package), folded(operations), "2026-11-10T11:16:00+08:00")
        return self.write("confirm", confirmation(made, **over), part=None)

    def supplement(self, package: Json, operations: list[Json], **over: Any) -> Json:
        """supplement over what changed after locking."""
        made = supplement_manifest(
            cast(VisitPackage, package), folded(operations), "2026-11-12T09:00:00+08:00"
        )
        return self.write("supplement", confirmation(made, **over), part=None)

    def sign(self, inspector: str, confirmed: Json, part: str) -> Json:
        """An inspector's signature for a confirmation."""
        body = {
            "inspector": inspector,
            "digest": confirmed["body"]["digest"],
            "strokes": STROKES,
            "png_hash": PNG,
        }
        return self.write("sign", body, part=part)


def based(register: str, seen: Iterable[str]) -> Json:
    """The base of an operation that saw these."""
    ids = list(seen)
    return {register: ids} if ids else {}


def confirmation(made: Json, **over: Any) -> Json:
    """A signed confirmation's body."""
    return {
        "digest": manifest_digest(made),
        "manifest": made,
        "marks": {
            "signature": {"strokes": STROKES, "png_hash": PNG},
            "stamp": None,
            "no_stamp_reason": "公章不在现场",
        },
        "signer": {"name": "示例王某", "role": "person_in_charge"},
        "objection": None,
        "refusal": None,
        "witness": None,
        "place": "一层前台",
        "at": "2026-11-10T11:20:00+08:00",
        **over,
    }


def parsed(operations: Iterable[Json]) -> list[Operation]:
    """Through the door that the server uses, so that tests never fold what could not arrive."""
    return [parse_operation(deepcopy(operation)) for operation in operations]


def folded(operations: Iterable[Json], held: Iterable[Json] = (), refused: Iterable[Json] = ()) -> Json:
    """The state of operations given as JSON."""
    waiting = [Held(parse_operation(entry["operation"]), entry["reason"]) for entry in held]
    return fold(parsed(operations), waiting, [(place["device"], place["seq"]) for place in refused])


def entry(name: str, no: str, text: str, **over: Any) -> Json:
    """A checklist entry."""
    return {
        "id": name,
        "no": no,
        "text": text,
        "answer": "pass_fail",
        "unit": None,
        "choices": [],
        "required": True,
        "content": None,
        "method": "实地查看",
        "basis": "《旅馆业治安管理办法》",
        "evidence": "none",
        "phrases": [],
        "condition": None,
        **over,
    }


def item(name: str, title: str, *entries: Json) -> Json:
    """An item with its pinned checklist."""
    checklist = {"id": f"c-{name}", "version": 3, "hash": "c1" * 32, "entries": list(entries)}
    return {"id": name, "code": None, "name": title, "legal_basis": None, "checklist": checklist}


def member(name: str, chinese: str, certificate: str, department: str) -> Json:
    """An inspector of the team (made up)."""
    return {"id": name, "name": chinese, "certificate": certificate, "department": department, "phone": None}


def make_package(**over: Any) -> Json:
    """A hotel visited by two departments; everything in it is made up."""
    return {**deepcopy(_PACKAGE), **over}


_OUTCOMES = [
    ("no_problem", "未发现问题"),
    ("not_found_at_address", "通过登记的住所（经营场所）无法联系"),
    ("rectification_ordered", "发现问题已责令改正"),
    ("seriously_uncooperative", "不配合检查情节严重"),
    ("activity_not_found", "未发现开展本次抽查涉及的经营活动"),
    ("pending_follow_up", "发现问题待后续处理"),
]
_PACKAGE: Json = {
    "id": VISIT,
    "visit_no": "GN2026-26-003",
    "task": {
        "id": "task-26",
        "no": "632525-2026-26",
        "name": "宾馆、旅店监督抽查",
        "plan_name": "2026年旅馆业监督抽查（示例）",
        "seq": 26,
        "sensitive": False,
    },
    "region": {"id": "632525", "name": "贵南县"},
    "issuer": "贵南县市场监管领域部门联合“双随机、一公开”监管工作联席会议办公室",
    "subject": {
        "id": "subject-1",
        "name": "示例雪域晨曦商务酒店",
        "credit_code": "91632525MA0000Y11K",
        "kind": "enterprise",
        "address": "茫曲镇团结路 18 号（示例）",
        "legal_representative": "示例王某",
        "phone": None,
        "contact": "示例王某",
        "contact_phone": None,
        "risk": "C",
        "position": {"lat_e7": 355_800_000, "lon_e7": 1_007_500_000},
        "licences": [{"name": "特种行业许可证", "no": "T-1", "valid_to": "2027-08-31"}],
    },
    "methods": [{"code": "on_site", "label": "现场"}],
    "year_count": 1,
    "cap": 2,
    "history": [],
    "precheck": [{"key": "rooms", "label": "客房", "value": "46 间", "warn": None}],
    "parts": [
        {
            "department": {"id": POLICE, "name": "县公安局"},
            "initiating": True,
            "leader": "li",
            "team": [
                member("li", "示例李", "63252500126", POLICE),
                member("ma", "示例马", "63252500131", POLICE),
            ],
            "items": [
                item(
                    "licence",
                    "特种行业许可证领取及年审",
                    entry("a1", "1", "已取得特种行业许可证，且在有效期内"),
                    entry("a2", "2", "许可证载明事项与实际一致", evidence="photo"),
                ),
                item(
                    "security",
                    "治安风险管控要素",
                    entry("b1", "1", "前台逐人查验身份证件，如实登记"),
                    entry(
                        "b2", "2", "视频监控能回放 30 天", evidence="photo_on_fail", phrases=["摄像头无画面"]
                    ),
                    entry("b3", "3", "保卫人员数", answer="number", unit="人"),
                    entry("b4", "4", "盲区位置", answer="text", condition={"entry": "b2", "is": ["fail"]}),
                    entry("b5", "5", "录像方式", answer="choice", choices=["本地", "云端"], required=False),
                ),
            ],
        },
        {
            "department": {"id": HEALTH, "name": "县卫健局"},
            "initiating": False,
            "leader": "cai",
            "team": [
                member("cai", "示例才", "63252500417", HEALTH),
                member("qi", "示例祁", "63252500422", HEALTH),
            ],
            "items": [item("hygiene", "公共场所卫生许可", entry("h1", "1", "卫生许可证在有效期内"))],
        },
    ],
    "leader": "li",
    "window": {"start": "2026-11-01", "end": "2026-11-30"},
    "due": {"day": "2026-11-15", "working_days_left": 3, "state": "open"},
    "scheduled": {"day": "2026-11-10", "time": "10:00"},
    "profile": {
        "subject_mark": {"required": ["signature", "stamp"], "combination": "all", "source": "签字盖章"},
        "signers": {"roles": ["legal_representative", "person_in_charge"], "source": None},
        "inspectors_mark": {"min_per_department": 2, "source": None},
        "check_on_site": {"required": True, "source": None},
        "outcomes": {"codes": [{"code": code, "label": label} for code, label in _OUTCOMES], "source": None},
    },
    "notice": None,
    "todos": [],
}
