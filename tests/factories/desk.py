"""What a task, a draw and a dispatch stand on: libraries, a published plan's row, parties with their chance. All made up."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onevisit.accounts.models import Account
from onevisit.core import clock
from onevisit.core.canonical import digest
from onevisit.core.db import db
from onevisit.draws.sources import commitment
from onevisit.inspectors.models import Inspector
from onevisit.items.models import Checklist, Item
from onevisit.plans.models import Plan, PlanEntry, PlanEntryItem
from onevisit.subjects.models import Attestation, Subject
from tests.factories.people import make_account, make_department, make_region

LEAD, PARTNER = "632525-ga", "632525-wjj"
ENTRY = {
    "id": "e1", "no": "1", "text": "特种行业许可证", "answer": "pass_fail", "unit": None, "choices": [], "required": True,
    "content": None, "method": "查看原件", "basis": "《旅馆业治安管理办法》第四条", "evidence": "photo_on_fail",
    "phrases": ["未悬挂许可证"], "condition": None,
}  # fmt: skip
HOTELS = {"all": [{"kind": "field", "any": ["宾馆、旅店"]}], "none": []}


def make_subject(number: int = 1, risk: str = "B", **over: Any) -> Subject:
    """A hotel of the county, in the scope of the row."""
    make_region()
    given: dict[str, Any] = {
        "region_id": "632525", "credit_code": f"92632525MA7{number:07d}", "name": f"示例旅馆{number}号", "kind": "sole_trader",
        "fields": ["宾馆、旅店"], "tags": [], "address": f"贵南县示例路{number}号", "risk": risk, "made_up": True,
        "legal_representative": "示例人", "phone": "000-0000", "licences": [{"name": "特种行业许可证", "no": f"示{number}", "valid_to": "2026-11-20"}],
    }  # fmt: skip
    subject = Subject(**{**given, **over})
    db.session.add(subject)
    db.session.commit()
    return subject


def make_inspector(department: str = LEAD, number: int = 1, **over: Any) -> Inspector:
    """An active inspector with a certificate that lasts."""
    make_department(department)
    given: dict[str, Any] = {
        "region_id": department.partition("-")[0], "department_id": department, "name": f"示例·{department[-2:]}{number}",
        "kind": "enforcement", "certificate_no": f"{department}-{number:03d}", "valid_to": date(2028, 1, 1),
        "specialities": [], "recusals": [], "phone": f"000-{number:04d}", "made_up": True,
    }  # fmt: skip
    inspector = Inspector(**{**given, **over})
    db.session.add(inspector)
    db.session.commit()
    return inspector


def make_item(department: str = LEAD, name: str = "特种行业许可证检查", checklist: bool = True) -> Item:
    """An item on the list, with its first checklist."""
    make_department(department)
    item = Item(
        region_id=department.partition("-")[0], department_id=department, code=f"{department}-{secrets.token_hex(3)}",
        name=name, tier="county", legal_basis="示例依据", subject_kinds=[],
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    if checklist:
        db.session.add(
            Checklist(item_id=item.id, version=1, hash=digest([ENTRY]), entries=[ENTRY], made_at=clock.now())
        )
    db.session.commit()
    return item


def make_entry(
    departments: tuple[str, ...] = (LEAD, PARTNER), items: list[Item] | None = None, **over: Any
) -> PlanEntry:
    """A row of a published plan whose scope is confirmed: the hotels, 50 %, once a year, April to November."""
    region = departments[0].partition("-")[0]
    items = items if items is not None else [make_item(one, f"{one} 的事项") for one in departments]
    plan = Plan(
        region_id=region, year=2026, name="2026年度示例抽查计划", state=over.pop("plan_state", "published"),
        complete_by=over.pop("complete_by", None), problems=[], made_at=clock.now(),
    )  # fmt: skip
    given: dict[str, Any] = {
        "plan": plan, "order": 26, "seq": 26, "name": "2026年旅馆业监督抽查", "task_name": "2026年旅馆业监督抽查", "field": "宾馆、旅店",
        "initiating_department_id": departments[0], "cooperating_department_ids": list(departments[1:]),
        "scope_text": "各类宾馆、旅店", "scope_filter": HOTELS, "scope_confirmed_at": clock.now(),
        "ratio": {"percent": 50, "bound": "exact"}, "ratio_raw": "50%:1次/年", "frequency": {"times": 1, "per": "year"},
        "window_start": date(2026, 4, 1), "window_end": date(2026, 11, 30), "window_raw": "4-11月", "methods": ["on_site"],
        "problems": [], "provenance": {},
    }  # fmt: skip
    entry = PlanEntry(**{**given, **over})
    entry.items = [
        PlanEntryItem(order=at, department_id=one.department_id, text=one.name, item_id=one.id, match="exact")
        for at, one in enumerate(items)
    ]
    db.session.add(entry)
    db.session.commit()
    return entry


def attest(*departments: str) -> None:
    """Every department vouches for its part of both libraries, now."""
    db.session.add_all(
        Attestation(
            region_id=one.partition("-")[0], department_id=one, library=library, at=clock.now(), count=0
        )
        for one in departments
        for library in ("subjects", "inspectors")
    )
    db.session.commit()


@dataclass
class Desk:
    """Two departments with their people, a row of the plan, and enough subjects and inspectors."""

    client_for: Callable[..., Any]
    entry: PlanEntry
    lead: Account
    partner: Account
    lead_deputy: Account
    partner_deputy: Account
    office: Account
    secrets: dict[str, str] = field(default_factory=dict)

    def post(self, who: Account | None, path: str, json: Any = None) -> Any:
        """What the server answers to this account."""
        return self.client_for(who).post(f"/api{path}", json=json or {})

    def get(self, who: Account | None, path: str) -> Any:
        """What this account sees."""
        return self.client_for(who).get(f"/api{path}")

    def task(self) -> dict[str, Any]:
        """The task opened by the initiating department."""
        return dict(self.post(self.lead, "/tasks", {"plan_entry_id": self.entry.id}).json)

    def sources(self) -> list[dict[str, Any]]:
        """Chance from both departments."""
        return [
            {"name": "公安局", "kind": "commit_reveal", "department_id": LEAD},
            {"name": "卫健局", "kind": "commit_reveal", "department_id": PARTNER},
        ]

    def prepared(self, **over: Any) -> dict[str, Any]:
        """A draw whose libraries are frozen."""
        attest(LEAD, PARTNER)
        given = {"task_id": self.task()["id"], "sources": self.sources(), **over}
        answer = self.post(self.lead, "/draws", given)
        assert answer.status_code == 201, answer.json
        return dict(answer.json)

    def committed(self, **over: Any) -> dict[str, Any]:
        """A draw whose commit hash is published."""
        draw = self.prepared(**over)
        for who, name in ((self.lead, "公安局"), (self.partner, "卫健局")):
            self.secrets[name] = secrets.token_hex(16)
            given = {"source": name, "commitment": commitment(draw["no"], name, self.secrets[name])}
            assert self.post(who, f"/draws/{draw['id']}/commitments", given).status_code == 200
        answer = self.post(self.lead, f"/draws/{draw['id']}/commit")
        assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def reveal(self, who: Account, draw: dict[str, Any], name: str) -> Any:
        """A party's value."""
        return self.post(who, f"/draws/{draw['id']}/reveals", {"source": name, "value": self.secrets[name]})

    def drawn(self, **over: Any) -> dict[str, Any]:
        """A draw that is done."""
        draw = self.committed(**over)
        self.reveal(self.lead, draw, "公安局")
        answer = self.reveal(self.partner, draw, "卫健局")
        assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def board(self, **over: Any) -> dict[str, Any]:
        """The board of a dispatched task."""
        draw = self.drawn(**over)
        answer = self.post(self.lead, "/dispatches", {"task_id": draw["task_id"]})
        assert answer.status_code == 201, answer.json
        return dict(self.get(self.lead, f"/dispatches/board?task_id={draw['task_id']}").json)


def make_desk(client_for: Callable[..., Any], subjects: int = 8, inspectors: int = 3, **over: Any) -> Desk:
    """Everything up to the opening of the task."""
    entry = make_entry(**over)
    for number in range(subjects):
        make_subject(number, "ABCD"[number % 4])
    for department in (LEAD, PARTNER):
        for number in range(inspectors):
            make_inspector(department, number)
    return Desk(
        client_for, entry, make_account(["desk"], LEAD), make_account(["desk"], PARTNER),
        make_account(["deputy_head"], LEAD), make_account(["deputy_head"], PARTNER),
        make_account(["joint_office"], "632525-scjg"),
    )  # fmt: skip
