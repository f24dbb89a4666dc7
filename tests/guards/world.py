"""What do the guards ask about? One real object of every kind, and a good request for each of them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from tests.factories import make_account
from tests.factories.desk import LEAD, make_desk, make_inspector
from tests.factories.journey import make_journey, tus_headers
from tests.factories.visits import NUMBERS, picture
from tests.guards.permissions import INSPECTOR, RULES, Rule
from werkzeug.routing import Rule as Route

from onevisit.accounts.models import Account
from onevisit.core import clock
from onevisit.core.db import db, transaction
from onevisit.dispatches.models import ScheduleBatch, VisitMerge
from onevisit.draws.models import CapOverride, Neighbour, Replacement
from onevisit.papers import issued
from onevisit.papers.terms import PaperKind
from onevisit.publications.models import PublicationRequest
from onevisit.subjects.correction_models import SubjectCorrection
from onevisit.subjects.models import LibraryImport, Subject

HEADERS = {"Tus-Resumable": "1.0.0", "If-Match": '"1"'}


def routes(app: Flask) -> Iterator[tuple[Route, str, Rule]]:
    """Every route with its method and its row of the matrix."""
    for route in app.url_map.iter_rules():
        if route.endpoint in RULES:
            methods = set(route.methods or ())
            # A HEAD beside a GET is the same view, or another one that is in the matrix by itself.
            for method in sorted(methods - {"OPTIONS"} - ({"HEAD"} if "GET" in methods else set())):
                yield route, method, RULES[route.endpoint]


def make_world(client_for: Callable[..., Any]) -> dict[str, str]:
    """One real object of every kind, all of the police of 贵南."""
    for _ in range(50):
        next(NUMBERS)  # subjects and inspectors of the desk's draw have the first numbers
    desk = make_desk(client_for)
    draw = desk.prepared()
    journey = make_journey(client_for)
    shot = journey.shoot(picture("blue"))["body"]
    journey.walk()
    assert journey.accept().status_code == 200
    with transaction():
        paper = issued.issue(
            PaperKind.RECORD, "visit", journey.visit_id, number="示例〔2026〕0001号", digest="ab" * 32, pdf=b"%PDF-",
            sealed=False, token=issued.new_token(),
        )  # fmt: skip
        paper_id = paper.id
    late = picture("green")
    hash_ = journey.shoot(late)["body"]["hash"]
    journey.lead.send()
    headers = {**tus_headers(journey.visit_id, hash_, late), "Content-Type": "text/plain"}
    begun = journey.lead.client.post("/api/evidence/files/", headers=headers)
    assert begun.status_code == 201, begun.text
    db.session.get_one(Subject, journey.scene.visit.subject_id).departments = [LEAD]
    merge = VisitMerge(
        region_id="632525", into_id=journey.visit_id, from_id=journey.visit_id, proposed_at=clock.now()
    )
    listed = LibraryImport(
        region_id="632525", library="subjects", department_id=LEAD, actor_name="示例", filename="示例.csv", sha256="0" * 64,
        size=1, state="received", made_at=clock.now(), seen_at=clock.now(), headings=["名称"], mapping={"line": 1},
        sample=[], counts={},
    )  # fmt: skip
    inspector = journey.scene.inspectors[LEAD][0].id
    replacement = Replacement(
        draw_id=draw["id"], leaf="ab" * 32, department_id=LEAD, out_id=inspector, in_id=inspector, cause="health",
        asked_at=clock.now(),
    )  # fmt: skip
    override = CapOverride(
        task_id=draw["task_id"], cap="joint_cap", department_id=LEAD, reason="示例", asked_at=clock.now()
    )
    neighbour = Neighbour(department_id=LEAD, neighbour_id=LEAD, ground="示例协议", declared_at=clock.now())
    correction = SubjectCorrection(
        region_id="632525", subject_id=journey.scene.visit.subject_id, origin="precheck", source_id=journey.visit_id, source="示例",
        key="state", label="登记状态", column="state", before="在营", found="已停业", offered_at=clock.now(),
    )  # fmt: skip
    batch = ScheduleBatch(
        region_id="632525", accepted_at=clock.now(),
        lines=[{"visit_id": journey.visit_id, "before": [None, None, True], "after": [None, None, True]}],
    )  # fmt: skip
    request = PublicationRequest(
        publication_id=journey.publication().id,
        kind="correct",
        asked_by_name="检查对象",
        asked_at=clock.now(),
        reason="示例：结果写错了",
    )
    db.session.add_all([request, batch, correction, merge, listed, replacement, override, neighbour])
    db.session.commit()
    return {
        "request": request.id, "merge": merge.id, "batch": batch.id, "replacement": replacement.id, "override": override.id, "neighbour": neighbour.id, "import": listed.id,
        "correction": correction.id, "entry": desk.entry.id, "plan": desk.entry.plan_id, "task": draw["task_id"], "draw": draw["id"],
        "visit": journey.visit_id, "item": journey.scene.items[LEAD], "subject": journey.scene.visit.subject_id,
        "publication": journey.publication().id, "paper": paper_id, "file": shot["hash"],
        "upload": begun.headers["Location"].rsplit("/", 1)[1], "device": journey.lead.device,
        "inspector": journey.scene.inspectors[LEAD][0].id, "department": LEAD,
    }  # fmt: skip


def url_of(route: Route, world: dict[str, str]) -> str:
    """The address of the world's object."""
    names = {"hash_": "file", "no": "draw", "token": "visit", "code_or_token": "paper"}
    given = {name: world.get(names.get(name, name.removesuffix("_id")), "x" * 64) for name in route.arguments}
    if "upload_id" in given and not world:
        given["upload_id"] = "019fa0a0-0000-7000-8000-000000000001"
    built = route.build(given)
    assert built is not None
    return str(built[1])


def filled(value: Any, world: dict[str, str]) -> Any:
    """$names become the world's ids."""
    if isinstance(value, str) and value.startswith("$"):
        return world[value[1:]]
    if isinstance(value, dict):
        return {name: filled(member, world) for name, member in value.items()}
    if isinstance(value, list):
        return [filled(member, world) for member in value]
    return value


def asked(client: Any, route: Route, method: str, rule: Rule, world: dict[str, str]) -> Any:
    """A good request for the world's object."""
    # Written with escapes, so that half a character can be sent too.
    body = json.dumps(filled(rule.body, world))
    content: dict[str, Any] = {"data": body, "content_type": "application/json"}
    if route.endpoint == "evidence.go_on":
        content = {"data": b"x", "content_type": "application/offset+octet-stream"}
    return client.open(
        url_of(route, world), method=method, headers={**HEADERS, "Upload-Offset": "0"},
        query_string=filled(rule.query, world), **content,
    )  # fmt: skip


def account(role: str, department: str) -> Account:
    """Somebody with this role there; an inspector is one of the library."""
    over = {"inspector_id": make_inspector(department, next(NUMBERS)).id} if role == INSPECTOR else {}
    return make_account([role], department, **over)
