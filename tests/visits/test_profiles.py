"""Do the five notices rule the same visit differently, each in its own words, and the product's default where one is silent?

One visit from dispatch to publication under every profile: nothing in the code asks which region it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from onevisit.regions.profiles import profile_names
from onevisit.visits.gaps import confirmation_gaps
from tests.factories import make_region
from tests.factories.desk import LEAD
from tests.factories.journey import PEN_HASH, Journey, make_journey
from tests.visits.phones import STROKES, confirmation

Clients = Callable[..., Any]
OURS = None  # the notice is silent: the product's default, which has no sentence
CHECKED, ACCEPTED = "2026-11-10", "2026-11-09"  # the end of the check as signed; the demonstration's today
SEVEN, TEN, TWENTY = "2026-11-19", "2026-11-24", "2026-12-08"  # working days after the end of the check
SEVEN_FROM_RESULT = "2026-11-18"
BOTH, EITHER = "all", "either"
PEN = {"strokes": STROKES, "png_hash": PEN_HASH}


@dataclass(frozen=True)
class Expected:
    """What a notice says; a pair is the value and a piece of its sentence (None: our default)."""

    marks: tuple[str, str | None]
    signers: tuple[int, str | None]
    inspectors: tuple[int, str | None]
    on_site: tuple[bool, str | None]
    cap: int | None
    claim: tuple[int, str | None]
    entry: tuple[int, str, str, str | None]
    publication: tuple[int, str, str, str | None]
    referral: tuple[int, str | None]
    report: tuple[str, str] | None
    replacement: str | None


TASK_DONE, CHECK_DONE, TASK_ENDED, ENTERED = (
    "抽查任务完成之日",
    "检查结束之日",
    "检查任务结束之日",
    "结果录入之日",
)
NOTICES = {
    "guinan-2023": Expected(
        (BOTH, "由被检查对象和执法检查人员签字盖章确认"), (3, OURS), (2, "执法检查人员签字盖章确认"), (False, "高风险企业"), None,
        (5, OURS), (7, TASK_DONE, SEVEN, "抽查任务完成后的7个工作日内"), (20, CHECK_DONE, TWENTY, "检查结束后的20个工作日内"),
        (7, OURS), None, OURS,
    ),
    "xining-chengzhong-2023": Expected(
        (BOTH, "法定代表人或负责人签字盖章确认"), (2, "法定代表人或负责人"), (2, OURS), (False, OURS), None,
        (5, "五个工作日内完成认领、比对和确认"), (7, CHECK_DONE, SEVEN, "检查完毕的7个工作日内"),
        (0, ENTERED, ACCEPTED, "推送至国家企业信用信息公示系统"), (7, "及时移送司法机关"), (TEN, "10 个工作日内"), OURS,
    ),
    "pingdingshan-2020": Expected(
        (EITHER, "签字或盖章"), (3, OURS), (2, "签字确认"), (True, "实地检查"), 2,
        (5, OURS), (20, CHECK_DONE, TWENTY, "检查结束之日起 20 个工作日内"),
        (20, CHECK_DONE, TWENTY, "检查结束之日起 20 个工作日内"), (7, "7 个工作日内移送"), None, "分管负责人",
    ),
    "yuanping-2024": Expected(
        (EITHER, OURS), (3, OURS), (2, OURS), (True, "现场检查"), None,
        (5, OURS), (20, TASK_ENDED, TWENTY, "检查任务结束之日起20个工作日内"),
        (20, TASK_ENDED, TWENTY, "检查任务结束之日起20个工作日内"), (7, OURS), None, OURS,
    ),
    "jiaozuo-sfq-2023": Expected(
        (EITHER, OURS), (3, OURS), (2, OURS), (False, OURS), None,
        (5, OURS), (7, CHECK_DONE, SEVEN, "及时上传"), (20, CHECK_DONE, TWENTY, "及时上传"), (7, OURS), None, OURS,
    ),
}  # fmt: skip


def test_every_notice_is_here() -> None:
    assert set(NOTICES) == set(profile_names())


def says(sentence: str | None, piece: str | None) -> bool:
    """The notice's words, or none at all."""
    return sentence is None if piece is None else piece in (sentence or "")


@pytest.fixture(params=sorted(NOTICES))
def ruled(request: pytest.FixtureRequest, app: Flask, client_for: Clients) -> tuple[Journey, Expected]:
    """The same county under another notice."""
    make_region(profile=request.param)
    return make_journey(client_for), NOTICES[request.param]


def test_one_visit_from_dispatch_to_publication(ruled: tuple[Journey, Expected], client_for: Clients) -> None:
    journey, expected = ruled
    _dispatched(journey, expected)
    _at_the_door(journey, expected)
    _marked(journey, expected)
    journey.walk()
    _counted(journey, expected)
    assert journey.accept().status_code == 200
    _approved(journey, expected)
    due = journey.publication().due
    assert due is not None
    assert due.isoformat() == expected.publication[2]
    assert journey.publish().json["state"] == "published"
    assert len(client_for().get("/api/public/results").json["items"]) == 1


def _dispatched(journey: Journey, expected: Expected) -> None:
    view = journey.client_for(journey.desk).get(f"/api/dispatches/visits/{journey.visit_id}").json
    limit = view["claim_limits"][0]
    assert (limit["number"], view["cap"]) == (expected.claim[0], expected.cap)
    assert says(limit["sentence"], expected.claim[1]), limit
    assert limit["from_notice"] == (expected.claim[1] is not None)
    _approvers(journey, expected)


def _approvers(journey: Journey, expected: Expected) -> None:
    """Who approves a replacement and a correction, under every notice (S2 art. 16, 22, elsewhere our default)."""
    rules = journey.client_for(journey.desk).get("/api/regions/mine").json["rules"]
    rule = next(one for one in rules if one["key"] == "draw.replacement")
    assert rule["value"]["approved_by"] == "deputy_head"
    assert says(rule["sentence"], expected.replacement), rule
    correction = next(one for one in rules if one["key"] == "publication.correction")
    assert correction["value"]["approved_by"] == "principal_head"


def _at_the_door(journey: Journey, expected: Expected) -> None:
    package = journey.lead.package()
    profile = package["profile"]
    given = {
        "marks": (profile["subject_mark"]["combination"], profile["subject_mark"]["source"]),
        "signers": (len(profile["signers"]["roles"]), profile["signers"]["source"]),
        "inspectors": (
            profile["inspectors_mark"]["min_per_department"],
            profile["inspectors_mark"]["source"],
        ),
        "on_site": (profile["check_on_site"]["required"], profile["check_on_site"]["source"]),
    }
    for name, (value, sentence) in given.items():
        wanted, piece = getattr(expected, name)
        assert value == wanted, (name, value)
        assert says(sentence, piece), (name, sentence)
    assert package["cap"] == expected.cap


def _marked(journey: Journey, expected: Expected) -> None:
    """What the subject has to set under the record; no stamp at hand is a stated reason, not a refusal."""
    package = journey.lead.package()

    def lacking(signature: bool, stamp: bool, why: str | None = None) -> list[str]:
        marks = {
            "signature": PEN if signature else None, "stamp": {"photo_hash": "ab" * 32} if stamp else None,
            "no_stamp_reason": why,
        }  # fmt: skip
        return [gap["code"] for gap in confirmation_gaps(package, confirmation({"parts": []}, marks=marks))]

    assert lacking(True, True) == []
    assert lacking(True, False, "公章不在现场") == []
    both = expected.marks[0] == BOTH
    assert lacking(True, False) == (["confirm.stamp_missing"] if both else [])
    assert lacking(False, True) == (["confirm.signature_missing"] if both else [])
    assert lacking(False, False) == (
        ["confirm.signature_missing", "confirm.stamp_missing"] if both else ["confirm.mark_missing"]
    )


def _limits(journey: Journey) -> dict[str, dict[str, Any]]:
    shown = journey.client_for(journey.desk).get(f"/api/visits/{journey.visit_id}").json
    part = next(one for one in shown["parts"] if one["department_id"] == LEAD)
    return {one["key"]: one for one in part["limits"]}


def _counted(journey: Journey, expected: Expected) -> None:
    """What runs when the record is locked: from its own end, not from its arrival."""
    limits = _limits(journey)
    _is(limits["entry"], expected.entry, from_notice="及时" not in (expected.entry[3] or ""))
    if expected.publication[1] == ENTERED:
        assert "publication" not in limits
    else:
        _is(
            limits["publication"],
            expected.publication,
            from_notice="及时" not in (expected.publication[3] or ""),
        )
    report = limits.get("check_report")
    assert (report["day"] if report else None) == (expected.report[0] if expected.report else None)
    assert report is None or says(report["sentence"], expected.report[1] if expected.report else None)
    assert "referral" not in limits  # begins with the result


def _is(limit: dict[str, Any], expected: tuple[int, str, str, str | None], *, from_notice: bool) -> None:
    number, start, day, piece = expected
    assert (limit["number"], limit["start_label"], limit["day"]) == (number, start, day)
    assert limit["started"] in (CHECKED, ACCEPTED)
    assert says(limit["sentence"], piece), limit
    assert limit["from_notice"] == from_notice


def _approved(journey: Journey, expected: Expected) -> None:
    """With the result other limits begin: publication on entry (S1), referral in seven days (S2, our default elsewhere)."""
    limits = _limits(journey)
    if expected.publication[1] == ENTERED:
        _is(limits["publication"], expected.publication, from_notice=True)
    assert (limits["referral"]["number"], limits["referral"]["day"]) == (
        expected.referral[0],
        SEVEN_FROM_RESULT,
    )
    assert says(limits["referral"]["sentence"], expected.referral[1]), limits["referral"]
    withhold = {"kind": "withhold", "reason": "示例：依法不予公开"}
    desk, url = journey.client_for(journey.desk), f"/api/publications/{journey.publication().id}/requests"
    asked = desk.post(url, json=withhold).json["request"]
    granted = desk.post(f"/api/publications/requests/{asked['id']}/grant", json={})
    assert granted.status_code == 403
    assert desk.post(f"/api/publications/requests/{asked['id']}/withdraw").status_code == 200
