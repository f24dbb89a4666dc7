"""Who may ask what? The whole matrix on one page; a route that is not here fails the guard.

`may`: the roles (ANY: every signed-in account, PUBLIC: anybody). `thing`: the object the request is about.
`outside`: what a department of the same region gets that has no part in the thing; another region always gets 404.
`own`: the thing is the account's own, so everybody else gets 404.
`whole`: roles that see the whole region besides the joint office, whatever their own department.
"""

from dataclasses import dataclass, field
from typing import Any

JOINT, DESK, DEPUTY, PRINCIPAL = "joint_office", "desk", "deputy_head", "principal_head"
INSPECTOR = "inspector"
ADMINS = ("system_admin", "security_admin", "audit_admin")
ROLES = (JOINT, DESK, DEPUTY, PRINCIPAL, INSPECTOR, *ADMINS)
ANY, PUBLIC = frozenset({"any_account"}), frozenset({"public"})
OFFICES = frozenset({JOINT, DESK, DEPUTY, PRINCIPAL})
FIELD = OFFICES | {INSPECTOR}
ADMINISTER = frozenset({"system_admin", "security_admin"})
FLEET = OFFICES | ADMINISTER
HEX = "ab" * 32


@dataclass(frozen=True)
class Rule:
    """One endpoint. `body` and `query` are what a good request carries; $names stand for the world's ids."""

    may: frozenset[str]
    thing: str | None = None
    outside: int | None = None
    own: bool = False
    whole: frozenset[str] = frozenset()
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)


def roles(*names: str) -> frozenset[str]:
    """These roles."""
    return frozenset(names)


ENTRY = {
    "id": "e1", "no": "1", "text": "示例", "answer": "pass_fail", "required": True, "evidence": "none",
    "phrases": [], "choices": [],
}  # fmt: skip
SCOPE = {"filter": {"all": [{"kind": "field", "any": ["宾馆、旅店"]}], "none": []}}
SOURCES = [{"name": "公安局", "kind": "commit_reveal", "department_id": "632525-ga"}]

SCHEME = {"content": "示例", "times": "示例", "methods": "示例", "requirements": "示例"}
ENTERED_SUBJECT = {"name": "示例旅馆", "kind": "sole_trader", "credit_code": "92632525MA7000001X"}
ENTERED_INSPECTOR = {
    "name": "示例·张一",
    "kind": "enforcement",
    "certificate_no": "示例1",
    "valid_to": "2028-01-01",
}

RULES: dict[str, Rule] = {
    # accounts, departments, regions
    "accounts.log_in": Rule(PUBLIC),
    "accounts.go_on": Rule(PUBLIC),
    "accounts.log_out": Rule(PUBLIC),
    "accounts.me": Rule(ANY),
    "accounts.ask_device": Rule(ANY),
    "accounts.enrol_device": Rule(ANY),
    "accounts.devices": Rule(ANY),
    "accounts.revoke_device": Rule(ANY, "device", 404, own=True),
    "accounts.recovery": Rule(ANY, "device", 404, own=True),
    "departments.departments": Rule(ANY),
    "regions.mine": Rule(ANY),
    # the list and the libraries: the whole region reads them, its own part each department keeps
    "subjects.subjects": Rule(OFFICES),
    "subjects.labels": Rule(OFFICES),
    "subjects.count": Rule(OFFICES),
    "library_imports.imports": Rule(roles(JOINT, DESK)),
    "library_imports.receive": Rule(roles(JOINT, DESK)),
    "library_imports.one": Rule(roles(JOINT, DESK), "import", 404),
    "library_imports.mapping": Rule(
        roles(JOINT, DESK), "import", 404, body={"mapping": {"0": "name", "1": "credit_code"}}
    ),
    "library_imports.rows": Rule(roles(JOINT, DESK), "import", 404, query={"kind": "added"}),
    "library_imports.decisions": Rule(roles(JOINT, DESK), "import", 404, body={"all": "both"}),
    "library_imports.confirm": Rule(roles(JOINT, DESK), "import", 404, body={"purpose": "示例"}),
    "library_imports.undo": Rule(roles(JOINT, DESK), "import", 404, body={}),
    "library_imports.cancel": Rule(roles(JOINT, DESK), "import", 404),
    "library_imports.refused": Rule(roles(JOINT, DESK), "import", 404),
    "subjects.attest": Rule(roles(DESK, DEPUTY, PRINCIPAL)),
    "subjects.attestations": Rule(OFFICES),
    # single entry: the own part; everybody of the region may take a subject into the own library
    "subject_entry.subject": Rule(OFFICES, "subject", 200),
    "subject_entry.add": Rule(roles(JOINT, DESK)),
    "subject_entry.change": Rule(roles(JOINT, DESK), "subject", 403, body=ENTERED_SUBJECT),
    "subject_entry.undo": Rule(roles(JOINT, DESK), "subject", 409),
    # Every department may take in, which leaves a trace: tests/subjects/test_belonging.py asks for other regions.
    "subject_entry.take_in": Rule(roles(JOINT, DESK)),
    "subject_entry.let_go": Rule(
        roles(JOINT, DESK), "subject", 409, body={"reason": "示例：不再由本部门监管"}
    ),
    "subject_entry.grade": Rule(
        roles(DESK),
        "subject",
        404,
        body={"scale_id": "x", "grade": "示例", "issuer": "示例", "day": "2026-11-01"},
    ),
    "subject_entry.parties": Rule(OFFICES),
    "subject_entry.export": Rule(OFFICES),
    "libraries.history": Rule(OFFICES),
    "libraries.report": Rule(OFFICES),
    "libraries.found": Rule(OFFICES),
    "libraries.export_found": Rule(OFFICES),
    "libraries.enrolment": Rule(OFFICES),
    "libraries.staff": Rule(roles(DESK)),
    "libraries.scales": Rule(OFFICES),
    "libraries.add_scale": Rule(roles(DESK)),
    "libraries.change_scale": Rule(roles(DESK)),
    "libraries.end_scale": Rule(roles(DESK)),
    "libraries.waiting": Rule(OFFICES),
    "inspector_entry.inspector": Rule(OFFICES, "inspector", 200),
    "inspector_entry.add": Rule(roles(JOINT, DESK)),
    "inspector_entry.change": Rule(roles(JOINT, DESK), "inspector", 403, body=ENTERED_INSPECTOR),
    "inspector_entry.leave": Rule(
        roles(JOINT, DESK),
        "inspector",
        403,
        body={"state": "transferred", "day": "2026-11-01", "reason": "示例：调离"},
    ),
    "inspector_entry.undo": Rule(roles(JOINT, DESK), "inspector", 403),
    "inspector_entry.export": Rule(OFFICES),
    "items.items": Rule(ANY),
    "items.item": Rule(ANY, "item", 200),
    "items.make_checklist": Rule(roles(DESK, DEPUTY), "item", 403, body={"entries": [ENTRY]}),
    "items.register": Rule(roles(JOINT, DESK)),
    "items.export": Rule(OFFICES),
    "items.bases": Rule(OFFICES),
    "items.enter_basis": Rule(roles(JOINT, DESK)),
    "items.basis": Rule(OFFICES),
    "items.change_basis": Rule(roles(JOINT, DESK)),
    "items.change_item": Rule(roles(JOINT, DESK), "item", 403, body={"name": "示例"}),
    "items.withdraw": Rule(roles(JOINT, DESK), "item", 403, body={"reason": "示例"}),
    "items.restore": Rule(roles(JOINT, DESK), "item", 403, body={"reason": "示例"}),
    "items.review_basis": Rule(roles(DESK, DEPUTY), "item", 403, body={"basis_id": "x", "note": "示例"}),
    "items.draft": Rule(roles(DESK, DEPUTY), "item", 403),
    "items.save_draft": Rule(roles(DESK, DEPUTY), "item", 403, body={"entries": [ENTRY], "from_version": 1}),
    "items.drop_draft": Rule(roles(DESK, DEPUTY), "item", 403),
    "items.comparison": Rule(ANY, "item", 200, query={"before": "1", "after": "1"}),
    "items.read_xlsform": Rule(roles(DESK, DEPUTY)),
    "items.change_version": Rule(roles(DESK, DEPUTY), "item", 403),
    "guides.guides": Rule(PUBLIC),
    "guides.guide_paper": Rule(PUBLIC),
    "inspectors.inspectors": Rule(OFFICES),
    # plans
    "plans.plans": Rule(OFFICES),
    "plans.plan": Rule(OFFICES, "plan", 200),
    "plan_watch.compliance": Rule(OFFICES, "plan", 200),
    "plan_watch.suppose": Rule(OFFICES, "plan", 200, body={"base": "5", "classes": {"C": "20"}}),
    "plan_watch.scope_samples": Rule(OFFICES, body=SCOPE),
    "plan_watch.schemes": Rule(OFFICES, "plan", 200),
    "plan_watch.entry_scheme": Rule(OFFICES, "entry", 200),
    "plan_watch.decide": Rule(roles(JOINT), "plan", body={"entry_ids": ["x", "y"], "state": "accepted"}),
    "plan_watch.withdraw": Rule(roles(JOINT)),
    "plan_watch.item_questions": Rule(OFFICES, "plan", 200),
    "plan_watch.answer_question": Rule(
        roles(JOINT, DESK), "plan", 403, body={"key": "示例", "department_id": "632525-ga", "item_id": None}
    ),
    "plan_watch.match_again": Rule(roles(JOINT), "plan"),
    # a table being taken in is one hand's own: the office's, or one department's
    "plan_readings.take_in": Rule(roles(JOINT, DESK)),
    "plan_readings.readings": Rule(roles(JOINT, DESK)),
    "plan_readings.reading": Rule(roles(JOINT, DESK)),
    "plan_readings.rows": Rule(roles(JOINT, DESK)),
    "plan_readings.answer": Rule(roles(JOINT, DESK), body={"kind": "settled"}),
    "plan_readings.name_columns": Rule(roles(JOINT, DESK), body={"row": 1, "columns": {"0": "items"}}),
    "plan_readings.take_back": Rule(roles(JOINT, DESK)),
    "plan_readings.choose_year": Rule(roles(JOINT, DESK), body={"year": 2027}),
    "plan_readings.make_draft": Rule(roles(JOINT, DESK)),
    "plan_readings.drop": Rule(roles(JOINT, DESK)),
    "plan_readings.corrections": Rule(roles(JOINT, DESK)),
    "plan_readings.revoke": Rule(roles(JOINT)),
    "plans.entry": Rule(OFFICES, "entry", 200),
    "plans.scope": Rule(OFFICES, "entry", 200),
    "plans.publish": Rule(roles(JOINT), "plan"),
    "plans.change_entry": Rule(roles(JOINT, DESK), "entry", 403, body={"name": "示例"}),
    "plans.confirm_scope": Rule(roles(DESK, DEPUTY), "entry", 403, body=SCOPE),
    "plan_life.open_plan": Rule(roles(JOINT, DESK)),
    "plan_life.change_plan": Rule(roles(JOINT), "plan", body={"document_no": "示例〔2026〕1号"}),
    "plan_life.remove_plan": Rule(roles(JOINT), "plan"),
    "plan_life.restore_plan": Rule(roles(JOINT), "plan"),
    "plan_life.undo_import": Rule(roles(JOINT, DESK), "plan", 409),
    "plan_life.submissions": Rule(OFFICES, "plan", 200),
    "plan_life.submit": Rule(roles(DESK), "plan", 409),
    "plan_life.declare_none": Rule(roles(DESK), "plan", 409, body={"reason": "示例"}),
    "plan_life.remind": Rule(roles(JOINT), "plan", body={"department_ids": ["632525-ga"]}),
    "plan_life.merge": Rule(roles(JOINT), "plan", body={}),
    "plan_life.unmerge": Rule(roles(JOINT), "plan", body={"entry_ids": ["$entry"]}),
    "plan_life.publish_own": Rule(roles(DESK, DEPUTY), "plan", 409),
    "plan_life.versions": Rule(OFFICES, "plan", 200),
    "plan_life.plan_reports": Rule(OFFICES, "plan", 200),
    # Whoever exports leaves a trace, so no guard asks: tests/plans/test_annex.py does.
    "plan_life.export": Rule(OFFICES),
    "plan_life.add_entry": Rule(roles(JOINT, DESK), "plan", 422, body={"name": "示例"}),
    "plan_life.remove_entry": Rule(roles(JOINT, DESK), "entry", 403),
    "plan_life.restore_entry": Rule(roles(JOINT, DESK), "entry", 403),
    "plan_life.return_entry": Rule(roles(JOINT), "entry", body={"reason": "示例"}),
    "plan_life.withdraw_entry": Rule(roles(JOINT, DESK), "entry", 403, body={"reason": "示例"}),
    "plan_life.entry_changes": Rule(OFFICES, "entry", 200),
    "plan_life.file_change": Rule(
        roles(JOINT, DESK), "entry", 403, body={"change": {"name": "示例"}, "reason": "示例"}
    ),
    "plan_life.acknowledge": Rule(roles(JOINT), "report", body={}),
    "plan_life.decline": Rule(roles(JOINT), "report", body={"reason": "示例"}),
    "plan_life.waiting": Rule(ANY),
    # tasks, draws, dispatches
    "tasks.tasks": Rule(OFFICES),
    "tasks.opening": Rule(roles(DESK), "entry", 200, query={"plan_entry_id": "$entry"}),
    "tasks.open_task": Rule(roles(DESK), "entry", 403, body={"plan_entry_id": "$entry"}),
    "draws.draws": Rule(OFFICES),
    "draws.readiness": Rule(OFFICES, "task", 200, query={"task_id": "$task"}),
    "draws.freezing": Rule(OFFICES, "task", 200, query={"task_id": "$task"}),
    "draws.give_up_freezing": Rule(roles(DESK), "task", 403, query={"task_id": "$task"}),
    "draws.prepare": Rule(roles(DESK), "task", 403, body={"task_id": "$task", "sources": SOURCES}),
    "draws.room": Rule(OFFICES, "draw", 403),
    "draws.give_commitment": Rule(
        roles(DESK, DEPUTY), "draw", 403, body={"source": "公安局", "commitment": HEX}
    ),
    "draws.commit": Rule(roles(DESK, DEPUTY), "draw", 403, body={}),
    "draws.reveal": Rule(roles(DESK, DEPUTY, JOINT), "draw", 403, body={"source": "公安局", "value": "示例"}),
    "draws.void": Rule(roles(DEPUTY, JOINT), "draw", 403, body={"reason": "示例：系统故障，重新抽取"}),
    "draws.appoint": Rule(
        roles(DEPUTY),
        "draw",
        403,
        body={"reason": "示例：人员不足", "leaf": HEX, "inspector_id": "$inspector"},
    ),
    "draws.proofs": Rule(roles(DESK, DEPUTY, JOINT), "draw", 403),
    "draws.full_bundle": Rule(roles(DESK, DEPUTY, JOINT), "draw", 403),
    "draws.certificate": Rule(OFFICES, "draw", 403),
    "draw_rooms.candidate_list": Rule(OFFICES, "task", 403, query={"task_id": "$task", "part": "pool"}),
    "draw_rooms.frozen_list": Rule(OFFICES, "draw", 403, query={"part": "pool"}),
    "draw_rooms.visits": Rule(OFFICES, "draw", 403),
    "draw_rooms.draw_inspectors": Rule(roles(DESK), "draw", 403, body={"sources": SOURCES}),
    "draw_rooms.widen": Rule(roles(DESK), "draw", 403, body={"sources": SOURCES}),
    "draw_rooms.assist": Rule(
        roles(DESK, DEPUTY),
        "draw",
        403,
        body={"leaf": HEX, "kind": "expert", "name": "示例·专业人员", "reason": "示例：特种设备"},
    ),
    "draw_rooms.waive": Rule(
        roles(DEPUTY), "draw", 403, body={"leaf": HEX, "reason": "示例：低风险", "none_holds": []}
    ),
    "draw_rooms.replacements": Rule(OFFICES, "draw", 403),
    "draw_rooms.ask_replacement": Rule(
        roles(DESK, DEPUTY),
        "draw",
        403,
        body={"leaf": HEX, "out_id": "$inspector", "in_id": "$inspector", "cause": "health"},
    ),
    "draw_rooms.decide_replacement": Rule(roles(DEPUTY), "replacement", 403, body={"approved": True}),
    "draw_rules.cap": Rule(OFFICES),
    "draw_rules.set_cap": Rule(roles(DEPUTY), body={"most": 3, "ground": "示例：本部门规定"}),
    "draw_rules.ask_override": Rule(
        roles(DESK, DEPUTY),
        "task",
        403,
        body={
            "task_id": "$task",
            "cap": "joint_cap",
            "department_id": "$department",
            "reason": "示例：有投诉举报",
        },
    ),
    "draw_rules.decide_override": Rule(
        roles(DEPUTY), "override", 403, body={"approved": True, "answer": "示例"}
    ),
    "draw_rules.neighbours": Rule(OFFICES),
    "draw_rules.declare": Rule(
        roles(JOINT),
        body={"department_id": "632525-ga", "neighbour_id": "630103-ga", "ground": "示例：协作协议"},
    ),
    "draw_rules.end": Rule(roles(JOINT), "neighbour"),
    "draw_rules.risk_use": Rule(OFFICES, query={"year": "2026"}),
    "draw_rules.take_over": Rule(roles(DESK)),
    "draws.public_draws": Rule(PUBLIC),
    "draws.public_draw": Rule(PUBLIC),
    "draws.public_bundle": Rule(PUBLIC),
    "draws.public_key": Rule(PUBLIC),
    "dispatches.dispatch": Rule(roles(DESK), "task", 403, body={"task_id": "$task"}),
    "dispatches.board": Rule(OFFICES, "task", 403, query={"task_id": "$task"}),
    "dispatches.task": Rule(OFFICES, "task", 403),
    "dispatches.visit": Rule(FIELD, "visit", 403),
    "ledger.rows": Rule(OFFICES),
    "ledger.waiting_work": Rule(OFFICES),
    "calendars.calendar": Rule(FIELD, "task", 403, query={"task_id": "$task"}),
    "calendars.proposal": Rule(roles(DESK, INSPECTOR), "task", 403, body={"task_id": "$task"}),
    "calendars.accept": Rule(
        roles(DESK, INSPECTOR),
        "visit",
        403,
        body={
            "lines": [
                {"visit_id": "$visit", "revision": 1, "day": "2026-11-12", "time": "09:00", "announced": True}
            ]
        },
    ),
    "calendars.undo": Rule(roles(DESK, INSPECTOR), "batch", 403),
    "calendars.ics": Rule(FIELD),
    "task_schemes.scheme": Rule(OFFICES, "task", 403),
    "task_schemes.paper": Rule(OFFICES, "task", 403),
    "task_schemes.overrule": Rule(roles(JOINT), "task", 403, body={"reason": "示例"}),
    "task_schemes.write": Rule(roles(DESK), "task", 403, body={"words": SCHEME, "revision": 0}),
    "task_schemes.send": Rule(roles(DESK), "task", 403, body={"words": SCHEME, "revision": 0}),
    "task_schemes.answer": Rule(roles(DESK, DEPUTY), "task", 403, body={"version": 1, "agrees": True}),
    "task_schemes.reply": Rule(
        roles(DESK), "task", 403, body={"version": 1, "department_id": "632525-wjj", "words": "示例答复"}
    ),
    "ledger.export": Rule(OFFICES, query={"purpose": "示例"}),
    "merges.proposals": Rule(OFFICES),
    "merges.accept": Rule(roles(DESK, JOINT), "merge", 403),
    "merges.refuse": Rule(roles(DESK, JOINT), "merge", 403, body={"reason": "示例理由"}),
    "merges.undo": Rule(roles(DESK, JOINT), "merge", 403, body={"reason": "示例理由"}),
    "ledger.contact": Rule(roles(DESK), "task", 403, body={"name": "示例"}),
    "dispatches.claim": Rule(roles(DESK, INSPECTOR), "visit", 403, body={"compared": "agreed", "note": None}),
    "dispatches.claim_all": Rule(roles(DESK), "task", 403, body={"task_id": "$task"}),
    "dispatches.schedule": Rule(roles(DESK, INSPECTOR), "visit", 403, body={"day": "2026-11-12"}),
    "dispatches.deliver": Rule(
        roles(DESK, INSPECTOR), "visit", 403, body={"way": "paper", "receiver": "示例"}
    ),
    "notices.notice": Rule(PUBLIC),
    "notices.receipt": Rule(PUBLIC),
    "notices.propose": Rule(PUBLIC),
    "notices.hours": Rule(PUBLIC),
    "notices.subject_pdf": Rule(PUBLIC),
    "notices.desk_pdf": Rule(FIELD, "visit", 403),
    "notices.desk_notice": Rule(FIELD, "visit", 403),
    "notices.accept": Rule(roles(DESK, INSPECTOR), "visit", 403, body={"slot": 0}),
    "notices.decline": Rule(roles(DESK, INSPECTOR), "visit", 403, body={"reason": "示例理由"}),
    "corrections.page": Rule(OFFICES),
    "corrections.confirm": Rule(roles(DESK, JOINT), "correction", 403, body={"value": "示例"}),
    "corrections.refuse": Rule(roles(DESK, JOINT), "correction", 403, body={"reason": "示例理由"}),
    # the record and its files
    "visits.bundles": Rule(roles(DESK, INSPECTOR)),
    "visits.changes": Rule(roles(INSPECTOR)),
    "visits.checklists": Rule(roles(INSPECTOR)),
    "visits.addable": Rule(roles(INSPECTOR)),
    "visits.visits": Rule(FIELD),
    "visits.visit": Rule(FIELD, "visit", 403),
    "visits.code": Rule(PUBLIC),
    "subject_links.offer": Rule(
        roles(INSPECTOR),
        "visit",
        403,
        body={"manifest": {}, "signer": {"name": "示例", "role": "other_person"}},
    ),
    "subject_links.newest": Rule(roles(INSPECTOR), "visit", 403),
    "subject_links.withdraw": Rule(roles(INSPECTOR), "visit", 403),
    "subject_links.begin": Rule(PUBLIC),
    "subject_links.sign": Rule(PUBLIC),
    "subject_links.record": Rule(PUBLIC),
    "phones.rescue_key": Rule(roles(DESK, INSPECTOR)),
    "phones.rescue": Rule(roles(DESK, INSPECTOR)),
    "phones.mine": Rule(roles(INSPECTOR), "device", 404, own=True),
    "phones.phones": Rule(roles(INSPECTOR), "visit", 403),
    "phones.revoke": Rule(roles(INSPECTOR), "visit", 403, body={"reason": "示例：遗失"}),
    # the fleet: a department sees its own people, the joint office and the administrators the region
    "fleet.phones": Rule(FLEET),
    "fleet.export": Rule(FLEET),
    "fleet.phone": Rule(FLEET, "device", 404, whole=ADMINISTER),
    "fleet.revoke": Rule(
        FLEET - {DEPUTY, PRINCIPAL}, "device", 404, whole=ADMINISTER, body={"reason": "示例：遗失"}
    ),
    "samples.samples_of_part": Rule(FIELD, "visit", 403),
    "samples.result": Rule(
        roles(DESK, DEPUTY, INSPECTOR),
        "visit",
        403,
        body={"report_no": "示例1号", "verdict": "conforming", "formed_on": "2026-11-09"},
    ),
    "visit_papers.papers": Rule(FIELD, "visit", 403),
    "visit_papers.file": Rule(FIELD, "paper", 403),
    "visit_papers.photo_copy": Rule(FIELD, "visit", 403),
    "evidence.options": Rule(PUBLIC),
    "evidence.create": Rule(roles(INSPECTOR)),
    "evidence.look": Rule(roles(INSPECTOR), "upload", 404, own=True),
    "evidence.go_on": Rule(roles(INSPECTOR), "upload", 404, own=True),
    "evidence.end": Rule(roles(INSPECTOR), "upload", 404, own=True),
    "evidence.as_named": Rule(roles(INSPECTOR), "upload", 404, own=True),
    "evidence.file": Rule(FIELD, "file", 403, query={"visit": "$visit", "size": "full"}),
    # review and publication: who checks, answers for it and publishes
    "reviews.queue": Rule(FIELD),
    "reviews.accept": Rule(roles(DESK, DEPUTY, INSPECTOR), "visit", 404),
    "reviews.send_back": Rule(
        roles(DESK, DEPUTY, INSPECTOR), "visit", 404, body={"item": "$item", "reason": "请核对（示例）"}
    ),
    "publications.publications": Rule(OFFICES),
    "publications.publish": Rule(roles(DESK, DEPUTY, PRINCIPAL), "publication", 404),
    "publication_requests.ask": Rule(
        roles(DESK, DEPUTY, PRINCIPAL),
        "publication",
        404,
        body={"kind": "withhold", "reason": "示例：依法不予公开"},
    ),
    "publication_requests.fill_in": Rule(
        roles(DESK, DEPUTY, PRINCIPAL),
        "request",
        404,
        body={"day": "2026-11-11", "erratum": "示例：日期写错了"},
    ),
    "publication_requests.grant": Rule(roles(DEPUTY, PRINCIPAL), "request", 404, body={"password": "示例"}),
    "publication_requests.refuse": Rule(
        roles(DESK, DEPUTY, PRINCIPAL), "request", 404, body={"answer": "示例：结果无误"}
    ),
    "publication_requests.withdraw": Rule(roles(DESK, DEPUTY, PRINCIPAL), "request", 404),
    "publication_requests.ask_as_subject": Rule(PUBLIC),
    "publication_requests.answers": Rule(PUBLIC),
    "publications.export_csv": Rule(OFFICES),
    "publications.export_json": Rule(OFFICES),
    "public_lists.regions": Rule(PUBLIC),
    "public_lists.plans": Rule(PUBLIC),
    "public_lists.plan": Rule(PUBLIC),
    "public_lists.items": Rule(PUBLIC),
    "publications.results": Rule(PUBLIC),
    "publications.result": Rule(PUBLIC),
    "publications.open_json": Rule(PUBLIC),
    "publications.open_csv": Rule(PUBLIC),
    "papers.look_up": Rule(PUBLIC),
    "papers.check": Rule(PUBLIC),
    # the front
    "authority": Rule(PUBLIC),
    "healthz": Rule(PUBLIC),
    "readyz": Rule(PUBLIC),
    "index": Rule(PUBLIC),
    "subject_page": Rule(PUBLIC),
}
