"""Do the notice and the certificate say what was drawn and planned, and can they be printed?"""

import json
from collections.abc import Callable
from typing import Any

from flask import Flask
from tests.factories.desk import make_desk

from onevisit.core.db import db
from onevisit.core.jobs import work_all
from onevisit.dispatches.models import Visit
from onevisit.dispatches.paper import notice_facts
from onevisit.draws.models import Draw
from onevisit.draws.paper import certificate_facts
from onevisit.draws.proof import Proof, check_proof
from onevisit.papers.issued import IssuedPaper, find_by_file
from onevisit.papers.render import render_html
from onevisit.papers.seal import current_sealer

Clients = Callable[..., Any]


def test_the_notice_names_items_inspectors_papers_and_proves_the_draw(
    client_for: Clients, app: Flask
) -> None:
    desk = make_desk(client_for)
    board = desk.board()
    row = board["visits"][0]
    desk.post(desk.lead, f"/dispatches/visits/{row['id']}/schedule", {"day": "2026-11-12", "time": "上午"})
    facts = notice_facts(db.session.get_one(Visit, row["id"]))
    assert (facts["no"], facts["when"]) == ("贵南双随告〔2026〕26-1-01号", "2026年11月12日（星期四）上午")
    assert facts["departments"][0]["officers"][0]["name"] == row["parts"][0]["team"][0]["name"]
    assert all(one["certificate"] for part in facts["departments"] for one in part["officers"])
    assert (facts["nth"], facts["cap"]) == (1, None)
    link, proof = facts["qr"].split("#proof=")
    assert link.endswith(f"/public/draws/{board['draw']['no']}")
    public = desk.get(None, f"/public/draws/{board['draw']['no']}/bundle").json
    assert check_proof(Proof.from_text(proof), public).ok
    html = render_html("notice", facts)
    assert row["subject"]["name"] in html
    assert "营业执照" in html


def test_the_certificate_shows_how_it_came_about_without_a_name(client_for: Clients, app: Flask) -> None:
    desk = make_desk(client_for)
    room = desk.drawn()
    facts = certificate_facts(db.session.get_one(Draw, room["id"]))
    assert facts["no"] == "贵南双随抽〔2026〕26-1-1号"
    assert (facts["ratio"], facts["resulting"], facts["total"]) == ("50%", "50%", 4)
    assert [one["value"] for one in facts["sources"]] == list(desk.secrets.values())
    assert facts["matching"] == "4 次上门 × 2 部门 × 2 人，缺员 0"
    assert "示例旅馆" not in json.dumps(facts, ensure_ascii=False)
    assert facts["commit_hash"][:8] in render_html("certificate", facts)


def test_the_certificate_is_made_by_the_job_runner_once_and_is_genuine(
    client_for: Clients, app: Flask
) -> None:
    desk = make_desk(client_for)
    room = desk.drawn()
    path = f"/draws/{room['id']}/certificate.pdf"
    early = desk.get(desk.lead, path)
    assert (early.status_code, early.json["code"], early.json["retry"]) == (
        404,
        "draws.certificate_not_ready",
        "later",
    )
    work_all(app)
    work_all(app)
    db.session.rollback()  # the test's own session still stands before the work
    answer = desk.get(desk.partner, path)
    assert answer.mimetype == "application/pdf"
    verdict = current_sealer().verify(answer.data)
    assert verdict.untouched
    assert find_by_file(answer.data).number == "贵南双随抽〔2026〕26-1-1号"
    assert db.session.query(IssuedPaper).count() == 1
