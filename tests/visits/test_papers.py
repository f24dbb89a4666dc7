"""Does the printed record say what was signed; is it printed once for each state, and read only by who may?"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from onevisit.core import clock
from onevisit.core.db import db
from onevisit.core.jobs import work_all
from onevisit.core.trail import OwedWork
from onevisit.papers.issued import IssuedPaper, find_by_code, pdf_of
from onevisit.papers.render import render_html
from onevisit.papers.seal import current_sealer
from onevisit.papers.texts import blocks_of_html, surplus, text_of_pdf, unsaid
from onevisit.visits.models import SignedManifest, Todo
from onevisit.visits.paper import record_facts
from onevisit.visits.paper_source import signed_of
from tests.factories import make_account
from tests.factories.desk import LEAD, PARTNER
from tests.factories.journey import PEN_HASH, Journey, make_journey
from tests.factories.visits import picture
from tests.visits.phones import STROKES

Clients = Callable[..., Any]


@pytest.fixture
def journey(app: Flask, client_for: Clients) -> Journey:
    return make_journey(client_for)


def worked(app: Flask) -> None:
    """Everything owed is done, and nothing failed."""
    work_all(app)
    db.session.rollback()
    assert db.session.scalars(select(OwedWork.last_error).where(OwedWork.state != "done")).all() == []


def papers(journey: Journey, kind: str = "record") -> list[IssuedPaper]:
    db.session.expire_all()
    rows = select(IssuedPaper).where(IssuedPaper.subject_id == journey.visit_id, IssuedPaper.kind == kind)
    return list(db.session.scalars(rows.order_by(IssuedPaper.issued_at)))


def fail_and_order(journey: Journey, form: str = "electronic") -> None:
    """The leading department finds something and orders it to be put right."""
    lead, item = journey.lead, journey.scene.items[LEAD]
    lead.arrive()
    lead.answer(item, "e1", "fail", note="许可证未悬挂", phrases=["未悬挂许可证"])
    shot = journey.shoot(picture("blue"), entry="e1", caption="大堂墙面")
    body = {
        "item": item, "entry": "e1", "kind": "rectification_order", "form": form, "text": "将许可证悬挂在大堂明显处。",
        "due_day": "2026-11-17", "number": None, "facts": "大堂未悬挂特种行业许可证。",
        "breached": "《旅馆业治安管理办法》第四条", "applied": "《旅馆业治安管理办法》第十五条", "ground": None,
    }  # fmt: skip
    lead.write("measure.issue", body)
    lead.write("note.add", {"item": item, "entry": "e1", "text": "当场已告知负责人"})
    lead.write("evidence.take", {
        "item": item, "entry": None, "name": "登记簿复印件", "quantity": "2 页", "description": None, "receipt": "示-1",
        "photos": [shot["id"]],
    })  # fmt: skip
    lead.write("transcript.set", {
        "opening": None, "credentials_answer": "已核对，无疑问。", "rights_answer": "清楚。", "recusal": "not_asked",
        "recusal_reason": None, "facts": "现场查看大堂。", "coercive": None, "statement": "马上整改。",
    })  # fmt: skip
    lead.finding(item, "rectification_ordered")
    lead.ready()
    from tests.factories.phone import check_part

    check_part(journey.partner, journey.scene)
    journey.partner.send()


def test_a_locked_record_is_printed_sealed_and_registered(journey: Journey, app: Flask) -> None:
    journey.walk()
    worked(app)
    digest = db.session.scalars(select(SignedManifest.digest)).one()
    last = papers(journey)[-1]
    assert (last.digest, last.number[:6], last.sealed) == (digest, "贵南双随记〔", True)
    assert find_by_code(last.short_code).id == last.id
    verdict = current_sealer().verify(pdf_of(last))
    assert (verdict.untouched, verdict.digest) == (True, digest)


def test_screen_and_paper_say_the_same(journey: Journey, app: Flask) -> None:
    """Every block of the page stands in the PDF and nothing else does."""
    fail_and_order(journey)
    journey.confirm(objection="其他没有意见")
    journey.submit()
    journey.bring()
    worked(app)
    paper = papers(journey)[-1]
    signed = signed_of(db.session.scalars(select(SignedManifest)).one())
    html = render_html("record", record_facts(signed, paper.number, "x"))
    pdf = pdf_of(paper)
    assert unsaid(blocks_of_html(html), pdf) == []
    assert surplus(blocks_of_html(html), pdf) == ""
    said = text_of_pdf(pdf)
    for words in (
        "许可证未悬挂", "当场已告知负责人", "大堂墙面", "登记簿复印件", "责令改正", "2026年11月17日", "示例王某", "其他没有意见",
        "公章不在现场", "已核对，无疑问", "马上整改", "发现问题已责令改正", "未发现问题",
    ):  # fmt: skip
        assert words.replace(" ", "") in said, words
    people = [one for team in journey.scene.inspectors.values() for one in team]
    assert all(person.certificate_no in said for person in people)


def test_work_done_again_prints_nothing_new(journey: Journey, app: Flask) -> None:
    journey.walk()
    worked(app)
    before = [one.id for one in papers(journey)]
    for work in db.session.scalars(select(OwedWork)):
        work.state, work.not_before = "owed", clock.now()
    db.session.commit()
    worked(app)
    assert [one.id for one in papers(journey)] == before


def test_a_late_photo_prints_the_record_again_under_its_number(journey: Journey, app: Flask) -> None:
    journey.shoot(picture("blue"), caption="大堂")
    journey.walk(photos=False)
    worked(app)
    without = papers(journey)[-1]
    assert "尚未传到" in text_of_pdf(pdf_of(without))
    journey.bring()
    worked(app)
    withal = papers(journey)[-1]
    assert withal.id != without.id
    assert (withal.number, withal.digest) == (without.number, without.digest)
    assert "尚未传到" not in text_of_pdf(pdf_of(withal))
    assert len(pdf_of(withal)) > len(pdf_of(without))
    listed = journey.client_for(journey.desk).get(f"/api/visits/{journey.visit_id}/papers").json["items"]
    assert [one["current"] for one in listed] == [True] + [False] * (len(listed) - 1)


def test_a_refusal_is_printed_with_reason_witness_and_both_inspectors(journey: Journey, app: Flask) -> None:
    journey.check()
    marks = {"signature": None, "stamp": None, "no_stamp_reason": None}
    witness = {"name": "示例社区干部", "signature": {"strokes": STROKES, "png_hash": PEN_HASH}}
    journey.confirm(
        marks=marks, signer=None, refusal={"reason": "disagrees", "text": "认为没有问题"}, witness=witness
    )
    journey.submit()
    worked(app)
    said = text_of_pdf(pdf_of(papers(journey)[-1]))
    assert "认为与事实不符：认为没有问题" in said
    assert "示例社区干部" in said


def test_an_order_and_a_transcript_are_letters_of_their_own(journey: Journey, app: Flask) -> None:
    fail_and_order(journey)
    journey.confirm()
    journey.submit()
    worked(app)
    order, transcript = papers(journey, "order")[-1], papers(journey, "transcript")[-1]
    said = text_of_pdf(pdf_of(order))
    for words in (
        "大堂未悬挂特种行业许可证",
        "《旅馆业治安管理办法》第十五条",
        "2026年11月17日",
        "六十日内向贵南县人民政府申请行政复议",
    ):
        assert words in said, words
    assert order.number.startswith("贵南双随责改〔2026〕")
    assert "马上整改" in text_of_pdf(pdf_of(transcript))
    assert len({one.number for one in papers(journey, "order")}) == 1


def test_an_oral_order_is_no_letter(journey: Journey, app: Flask) -> None:
    fail_and_order(journey, form="oral")
    journey.confirm()
    journey.submit()
    worked(app)
    assert papers(journey, "order") == []


def test_a_supplement_keeps_the_old_wording_beside_the_new(journey: Journey, app: Flask) -> None:
    journey.walk()
    item = journey.scene.items[LEAD]
    journey.send_back(item)
    returned = db.session.scalars(select(Todo.operation_id).where(Todo.kind == "returned")).one()
    register = f"finding/{item}"
    seen = [one["id"] for one in journey.lead.log if one["kind"] == "finding.set"]
    value = {"outcomes": ["pending_follow_up"], "reason": "许可证过期"}
    body = {"register": register, "value": value, "reason": "核对后更正", "takes": []}
    journey.lead.write("amend", body, base={register: seen})
    journey.lead.send()
    journey.supplement()
    journey.lead.write("submit", {"note": None, "answers_to": [returned]})
    journey.lead.send()
    worked(app)
    first, *_, last = papers(journey)
    said = text_of_pdf(pdf_of(last))
    assert "未发现问题" in said
    assert "发现问题待后续处理（许可证过期）" in said
    assert "核对后更正" in said
    assert (last.number, last.digest == first.digest) == (first.number, False)


def test_only_who_takes_part_reads_the_papers(journey: Journey, app: Flask, client_for: Clients) -> None:
    journey.walk()
    worked(app)
    url = papers(journey)[-1]
    file, listed = f"/api/papers/files/{url.id}.pdf", f"/api/visits/{journey.visit_id}/papers"
    may = [
        journey.desk, make_account(["desk"], PARTNER), make_account(["joint_office"], "632525-scjg"),
        journey.scene.people[PARTNER][1],
    ]  # fmt: skip
    for who in may:
        assert client_for(who).get(listed).status_code == 200
        answer = client_for(who).get(file)
        assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    for who, status in (
        (make_account(["desk"], "632525-hb"), 403),
        (make_account(["desk"], "630103-ga"), 404),
    ):
        assert (client_for(who).get(listed).status_code, client_for(who).get(file).status_code) == (
            status,
            status,
        )
    for role in ("system_admin", "security_admin", "audit_admin"):
        assert client_for(make_account([role], LEAD)).get(file).status_code == 403
    assert client_for().get(file).status_code == 401
    assert client_for(journey.desk).get("/api/papers/files/x.pdf").status_code == 404


def test_a_letter_that_was_handed_over_stays_as_it_was(journey: Journey, app: Flask) -> None:
    """A supplement dates and signs only the record anew, never an order that the subject holds already."""
    fail_and_order(journey)
    journey.confirm()
    journey.submit()
    item = journey.scene.items[LEAD]
    journey.send_back(item)
    returned = db.session.scalars(select(Todo.operation_id).where(Todo.kind == "returned")).one()
    register = f"answer/{item}/e1"
    seen = [one["id"] for one in journey.lead.log if one["kind"] == "answer.set"]
    value = {"value": "fail", "note": "许可证未悬挂，当场补挂", "phrases": []}
    journey.lead.write(
        "amend",
        {"register": register, "value": value, "reason": "核对后补充", "takes": []},
        base={register: seen},
    )
    journey.lead.send()
    journey.supplement()
    journey.lead.write("submit", {"note": None, "answers_to": [returned]})
    journey.lead.send()
    worked(app)
    assert [len(papers(journey, kind)) for kind in ("order", "transcript")] == [1, 1]
