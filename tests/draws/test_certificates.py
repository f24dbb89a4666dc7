"""Does each order's certificate say what was drawn, by whom, and on what it rests? Voided and foreign draws have none."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.draws.test_orders import S1, S2, desk_in, finish, refused
from tests.factories.desk import LEAD, PARTNER, attest

from onevisit.core.db import db
from onevisit.draws.models import Draw
from onevisit.draws.paper import certificate_facts
from onevisit.papers.facts import CertificateFacts
from onevisit.papers.render import Metadata, render_html, render_pdf

Clients = Callable[..., Any]
MADE = Metadata("抽取证明", "示例", datetime(2026, 11, 9, 2, tzinfo=UTC), "0" * 64, "示例")


def facts_of(draw: dict[str, Any], name: str) -> CertificateFacts:
    """The facts; `ONEVISIT_PICTURES` keeps the printed certificate there to be looked at."""
    facts = certificate_facts(db.session.get_one(Draw, draw["id"]))
    if folder := os.environ.get("ONEVISIT_PICTURES"):
        Path(folder, f"certificate-{name}.pdf").write_bytes(render_pdf("certificate", facts, metadata=MADE))
    return facts


def test_subjects_and_inspectors_together(client_for: Clients) -> None:
    desk = desk_in(None, client_for)
    facts = facts_of(desk.drawn(), "together")
    assert (facts["of"], facts["rests_on"], facts["teams"]) == ("", None, [])
    assert facts["how"] == "总数 8 × 50% = 4 户，按权数分配，余数大的先进"
    assert facts["inspectors"] is not None
    assert facts["matching"] == "4 次上门 × 2 部门 × 2 人，缺员 0"


@pytest.mark.parametrize(
    ("profile", "order", "words"),
    [(S2, "by_department", "由各部门另行抽取"), (S1, None, "在派发认领之后另行抽取")],
)
def test_subjects_first(client_for: Clients, profile: str, order: str | None, words: str) -> None:
    desk = desk_in(profile, client_for)
    facts = facts_of(desk.drawn(order=order) if order else desk.drawn(), f"subjects-{profile}")
    assert (facts["of"], facts["inspectors"], facts["matching"]) == ("抽取检查对象", None, None)
    html = render_html("certificate", facts)
    assert f"执法检查人员不在本次抽取，{words}" in html
    assert "人员匹配" not in html


def test_a_department_that_draws_its_own_inspectors_issues_it(client_for: Clients) -> None:
    desk = desk_in(S2, client_for)
    base = desk.drawn(order="by_department")
    attest(LEAD, PARTNER)
    given = {"sources": desk.sources()}
    own = finish(desk, desk.post(desk.partner, f"/draws/{base['id']}/inspectors", given), desk.partner)
    facts = facts_of(own, "inspectors-of-one")
    assert (facts["of"], facts["issued_by"], facts["pool"]) == ("抽取执法人员", facts["host"]["of"], None)
    assert facts["issued_by"] == own["departments"][0]["name"]
    assert facts["rests_on"] == {"no": base["no"], "commit": base["commit_hash"], "visits": 4}
    assert [len(one["inspectors"]) for one in facts["teams"]] == [2] * 4
    assert facts["matching"] == "4 次上门 × 1 部门 × 2 人，缺员 0"
    html = render_html("certificate", facts)
    assert "对象名单不变" in html
    assert "各类应抽数量" not in html
    assert "对象范围" not in html


def test_after_the_claim_the_initiating_department_issues_it(client_for: Clients) -> None:
    desk = desk_in(S1, client_for)
    base = desk.drawn()
    assert desk.post(desk.lead, "/dispatches", {"task_id": base["task_id"]}).status_code == 201
    for who in (desk.lead, desk.partner):
        assert desk.post(who, "/dispatches/claim-all", {"task_id": base["task_id"]}).status_code == 200
    attest(LEAD, PARTNER)
    given = {"sources": desk.sources(), "departments": [LEAD, PARTNER]}
    drawn = finish(desk, desk.post(desk.lead, f"/draws/{base['id']}/inspectors", given), desk.lead)
    facts = facts_of(drawn, "inspectors-after-claim")
    assert facts["issued_by"] == drawn["initiating_department"]["name"]
    assert len(facts["teams"]) == 8


def test_a_draw_given_up_has_no_certificate(client_for: Clients) -> None:
    desk = desk_in(None, client_for)
    draw = desk.prepared()
    refused(desk.get(desk.lead, f"/draws/{draw['id']}/certificate.pdf"), 404, "draws.not_drawn")
    assert desk.post(desk.office, f"/draws/{draw['id']}/void", {"reason": "参数填错"}).status_code == 200
    refused(desk.get(desk.lead, f"/draws/{draw['id']}/certificate.pdf"), 404, "draws.not_drawn")
