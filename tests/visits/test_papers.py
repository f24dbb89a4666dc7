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
from onevisit.papers.texts import blocks_of_html, plain, surplus, text_of_pdf, unsaid
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


def gather_all(journey: Journey) -> dict[str, str]:
    """Whatever may be gathered on site, and every kind of measure; the hashes of the files."""
    lead, item = journey.lead, journey.scene.items[LEAD]
    shot = journey.shoot(picture("red"), entry="e1", caption="门头")
    place = {"item": item, "entry": None}
    when = {"taken_at": "2026-11-09T10:30:00+08:00", "caption": None, **place}
    hashes = {"audio": "a0" * 32, "clip": "b0" * 32, "recording": "c0" * 32, "photo": shot["body"]["hash"]}
    lead.write("audio.add", {**when, "hash": hashes["audio"], "size": 9, "mime": "audio/webm", "seconds": 45})
    clip = {
        "hash": hashes["clip"],
        "size": 9,
        "mime": "video/mp4",
        "seconds": 60,
        "position": None,
        "accuracy_m": None,
    }
    lead.write("clip.add", {**when, **clip})
    recording = {
        "recorder": "DSJ-0117",
        "name": "1001.mp4",
        "hash": hashes["recording"],
        "size": 5_000_000_000,
    }
    lead.write("recording.add", {**place, **recording, "started_at": None, "note": "全程"})
    box = {"kind": "box", "x1": 1000, "y1": 1000, "x2": 9000, "y2": 9000, "text": None}
    said = {"kind": "text", "x1": 500, "y1": 500, "x2": 500, "y2": 500, "text": "已过期"}
    lead.write("marking.add", {"photo": hashes["photo"], "shapes": [box, said]})
    pages = {**place, "photos": [shot["id"]]}
    lead.write(
        "paper.add", {**pages, "name": "营业执照", "number": "T-1", "copies": 1, "kept": True, "note": "正本"}
    )
    sample = {
        "name": "散装白酒",
        "number": "样1",
        "quantity": "2 瓶",
        "laboratory": "示例检验所",
        "note": None,
    }
    lead.write("sample.add", {**pages, **sample})
    plain = {
        "form": "electronic",
        "due_day": None,
        "number": None,
        "facts": None,
        "breached": None,
        "applied": None,
    }
    for kind, text, ground in (
        ("order_to_stop", "停用二层电梯", None), ("urge_to_rectify", "补齐台账", None), ("advice", "注意续期", "提醒预防"),
    ):  # fmt: skip
        lead.write("measure.issue", {**place, **plain, "kind": kind, "text": text, "ground": ground})
    return hashes


def test_all_that_was_gathered_is_in_the_record_and_has_its_paper(journey: Journey, app: Flask) -> None:
    hashes = gather_all(journey)
    fail_and_order(journey)
    journey.confirm()
    journey.submit()
    worked(app)
    record = papers(journey)[-1]
    signed = signed_of(db.session.scalars(select(SignedManifest)).one())
    html = render_html("record", record_facts(signed, record.number, "x"))
    assert unsaid(blocks_of_html(html), pdf_of(record)) == []
    said = plain("".join(blocks_of_html(html)))  # a page may end within any of these words
    for words in (
        "录音45秒", "录像1分00秒", "执法记录仪DSJ-0117：1001.mp4，4768.4MB，全程", "营业执照T-1，1份，已留存，正本（照片1）",
        "散装白酒，样1，2瓶，送示例检验所检验（照片1）", "标注：方框1处、“已过期”", hashes["clip"][:8], hashes["audio"][-8:],
    ):  # fmt: skip
        assert words in said, words
    expected = {
        "stop": "停用二层电梯",
        "urge": "补齐台账",
        "advice": "提醒预防",
        "taken": "登记簿复印件",
        "sampling": "示例检验所",
    }
    for kind, words in expected.items():
        one = papers(journey, kind)[-1]
        said = text_of_pdf(pdf_of(one))
        assert words in said, kind
        assert signed.manifest["header"]["subject"]["name"] in said
        assert find_by_code(one.short_code).id == one.id
        assert current_sealer().verify(pdf_of(one)).untouched
    assert papers(journey, "sampling")[-1].number == "样1"
    journey.bring()
    worked(app)
    assert all(len({one.number for one in papers(journey, kind)}) == 1 for kind in expected)


def test_a_clip_is_expected_like_a_recording_and_a_named_file_is_not(journey: Journey) -> None:
    from onevisit.evidence.queries import files_of_visit

    hashes = gather_all(journey)
    journey.lead.send()
    expected = {file.hash: file.kind for file in files_of_visit(journey.visit_id)}
    assert expected[hashes["clip"]] == "clip"
    assert expected[hashes["audio"]] == "audio"
    assert hashes["recording"] not in expected


def test_marks_are_drawn_on_a_copy_only() -> None:
    from onevisit.visits.paper_pictures import reduced

    original = picture("blue")
    box = {"kind": "box", "x1": 1000, "y1": 1000, "x2": 9000, "y2": 9000, "text": None}
    arrow = {"kind": "arrow", "x1": 0, "y1": 10000, "x2": 5000, "y2": 5000, "text": None}
    said = {"kind": "text", "x1": 9900, "y1": 9900, "x2": 0, "y2": 0, "text": "已过期，须更换"}
    marked = reduced(original, [box, arrow, said])
    assert marked != reduced(original)
    assert reduced(original) == reduced(original, [])
    assert original == picture("blue")


def test_a_copy_of_a_photo_says_when_where_who_and_what(journey: Journey, client_for: Clients) -> None:
    from onevisit.core import storage

    shot = journey.shoot(picture("blue"), caption="门头")
    box = {"kind": "box", "x1": 1000, "y1": 1000, "x2": 5000, "y2": 5000, "text": None}
    journey.lead.write("marking.add", {"photo": shot["body"]["hash"], "shapes": [box]})
    journey.lead.send()
    url = f"/api/visits/{journey.visit_id}/photos/{shot['id']}/copy.jpg"
    assert client_for(journey.desk).get(url).json["code"] == "evidence.not_here_yet"
    journey.bring()
    answer = client_for(journey.desk).get(url)
    assert (answer.status_code, answer.mimetype, answer.data[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert storage.get(storage.key_of(shot["body"]["hash"])) == picture("blue")
    assert client_for(make_account(["desk"], "632525-hb")).get(url).status_code == 403
    assert client_for(journey.desk).get(url.replace(shot["id"], "x")).status_code == 404


def test_the_foot_of_a_copy_is_the_phones() -> None:
    from onevisit.visits.photo_copies import foot_lines

    photo = {
        "taken_at": "2026-11-10T10:21:07+08:00", "position": {"lat_e7": 355_800_000, "lon_e7": -1_007_500_000},
        "accuracy_m": 6, "caption": "门头", "hash": "ab" * 32,
    }  # fmt: skip
    assert foot_lines(photo, "示例李", "示例酒店", "特种行业许可") == [
        "2026-11-10 10:21:07　示例李", "北纬 35.58000°，西经 100.75000°（±6 米）", "示例酒店　特种行业许可", "门头",
        "原图 abababababababab",
    ]  # fmt: skip
