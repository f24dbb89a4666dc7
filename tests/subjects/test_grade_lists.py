"""Does a list of grades reach the subjects it speaks of, whole or not at all, and back? Refusals first."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.factories import make_account, make_department
from tests.factories.libraries import make_subject
from tests.factories.lists import bring_list, confirm_list, list_rows, read_list, take_list

from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.demo.subjects import credit_code
from onevisit.subjects import finding
from onevisit.subjects.changes import changes_page
from onevisit.subjects.models import GradeScale, Subject, SubjectGrade
from onevisit.subjects.terms import SubjectKind

CODES = [credit_code(number, 1, SubjectKind.ENTERPRISE) for number in range(1, 9)]
HEAD = "企业名称,统一社会信用代码,消防安全等级,评定单位,评定日期,有效期至\n"


def a_list(*rows: str, head: str = HEAD) -> bytes:
    return (head + "\n".join(rows) + "\n").encode()


@pytest.fixture
def fire(app: Flask, client_for: Callable[..., Any]) -> Any:
    """The fire brigade's desk, five subjects of its library, one that is not, and its scale."""
    make_department("632525-ga")
    make_department("632525-xf", name="贵南县消防救援大队", short_name="县消防")
    for at in range(5):
        make_subject(f"示例{at}号宾馆", credit_code=CODES[at], departments=["632525-xf"])
    make_subject("示例他局公司", credit_code=CODES[5], departments=["632525-ga"])
    desk = client_for(make_account(["desk"], "632525-xf"))
    made = desk.post(
        "/api/libraries/scales",
        json={"name": "消防安全等级", "grades": ["一般", "较高", "重大"], "valid_months": 12},
    )
    assert made.status_code == 201, made.json
    return desk


def scale_id() -> str:
    return db.session.scalars(select(GradeScale.id)).one()


def read(desk: Any, content: bytes) -> dict[str, Any]:
    """The desk says once what 消防安全等级 is; every list after knows."""
    made = bring_list(desk, "grades", content, scale=scale_id()).json
    meant = {one["at"]: one["meaning"] for one in made["columns"] if one["meaning"]} | {2: "grade"}
    answer = desk.put(f"/api/library-imports/{made['id']}/mapping", json={"mapping": meant})
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def subject(at: int) -> Subject:
    db.session.expire_all()
    return db.session.scalars(select(Subject).where(Subject.credit_code == CODES[at])).one()


def graded(label: str) -> int:
    return finding.found("632525", {"grade": label, "q": ""}).total


BAD = (
    (f"示例0号宾馆,{CODES[0]},特大,消防,2026-03-01,", "不在等级表"),
    (f"示例0号宾馆,{CODES[0]},,消防,2026-03-01,", "等级没有填写"),
    (f"示例0号宾馆,{CODES[0]},一般,消防,,", "评定日期没有填写"),
    (f"示例0号宾馆,{CODES[0]},一般,消防,明年,", "不是日期"),
    (f"示例0号宾馆,{CODES[0]},一般,消防,2026-03-01,2026-02-01", "早于评定日期"),
    (f"没有这户,{CODES[7]},一般,消防,2026-03-01,", "不在检查对象名录库"),
    ("没有这户,,一般,消防,2026-03-01,", "不在检查对象名录库"),
    (",,一般,消防,2026-03-01,", "不知道是哪一户"),
    (f"示例他局公司,{CODES[5]},一般,消防,2026-03-01,", "不在本部门名录"),
    ("示例0号宾馆,123,一般,消防,2026-03-01,", "18 位"),
)


def test_rows_that_cannot_go_in_are_refused_with_their_reason(fire: Any) -> None:
    ready = read(fire, a_list(*(one for one, _ in BAD)))
    refused = list_rows(fire, ready["id"], "refused")
    assert [one["row"] for one in refused] == list(range(2, 2 + len(BAD)))
    for one, (_, words) in zip(refused, BAD, strict=True):
        assert words in one["reason"], one
    assert ready["counts"]["added"] == ready["counts"]["changed"] == 0


def test_only_the_own_scale_and_only_with_a_grade_column(fire: Any, client_for: Callable[..., Any]) -> None:
    other, office = (
        client_for(make_account(["desk"], "632525-ga")),
        client_for(make_account(["joint_office"])),
    )
    for stranger in (other, office):
        assert bring_list(stranger, "grades", a_list(), scale=scale_id()).status_code == 403
    assert bring_list(fire, "grades", a_list(), scale="none").status_code == 404
    assert bring_list(fire, "grades", a_list()).status_code == 404
    made = bring_list(fire, "grades", a_list(BAD[0][0]), scale=scale_id()).json
    url = f"/api/library-imports/{made['id']}/mapping"
    for mapping in ({0: "name", 4: "day"}, {2: "grade", 4: "day"}):
        answer = fire.put(url, json={"mapping": mapping})
        assert answer.json["code"] == "subjects.column_missing", answer.json
    fire.post(f"/api/libraries/scales/{scale_id()}/end")
    assert bring_list(fire, "grades", a_list(), scale=scale_id()).json["code"] == "subjects.scale_ended"


def test_nobody_else_carries_on_a_list_of_a_departments_grades(
    fire: Any, client_for: Callable[..., Any]
) -> None:
    first = read(fire, a_list(f"示例0号宾馆,{CODES[0]},一般,县消防,2026-03-01,2027-02-28"))
    office, url = client_for(make_account(["joint_office"])), f"/api/library-imports/{first['id']}"
    assert office.get(url).status_code == 200
    for answer in (
        office.put(f"{url}/mapping", json={"mapping": {0: "name", 2: "grade", 4: "day"}}), confirm_list(office, first["id"]),
        office.post(f"{url}/decisions", json={"rows": {}, "all": "same"}), office.delete(url), office.post(f"{url}/undo"),
    ):  # fmt: skip
        assert (answer.status_code, answer.json["code"]) == (403, "auth.forbidden")
    assert confirm_list(fire, first["id"]).json["state"] == "done"
    assert fire.post(f"{url}/undo").json["state"] == "undone"


def test_a_scale_has_a_name(fire: Any) -> None:
    answer = fire.post("/api/libraries/scales", json={"name": " ", "grades": ["一般", "重大"]})
    assert (answer.status_code, answer.json["code"]) == (422, "subjects.scale_unnamed")


def test_a_scale_the_whole_way_and_back(fire: Any) -> None:
    first = read(fire, a_list(
        f"示例0号宾馆,{CODES[0]},一般,县消防,2026-03-01,2027-02-28", f"改了名,{CODES[1]},较高,,2026-03-01,", "示例2号宾馆,,重大,县消防,2025-01-01,",
        f"示例0号宾馆,{CODES[0]},较高,县消防,2026-04-01,",
    ))  # fmt: skip
    counts = first["counts"]
    assert (counts["added"], counts["refused"], counts["warned"]) == (3, 1, 3), counts
    added = list_rows(fire, first["id"], "added")
    assert [one["name"] for one in added] == ["示例0号宾馆", "示例1号宾馆", "示例2号宾馆"]
    assert {one["label"]: one["after"] for one in added[1]["fields"]} == {
        "部门分级": "较高", "评定单位": "贵南县消防救援大队", "评定日期": "2026-03-01", "有效期至": "2027-03-01",
    }  # fmt: skip
    assert subject(0).grades == []
    assert confirm_list(fire, first["id"]).json["state"] == "done"
    assert subject(0).grades == [f"{scale_id()}:一般"]
    assert graded(f"{scale_id()}:一般") == 1
    assert "grade" not in {one.kind for one in changes_page("632525", {"limit": 5})}
    again = read(fire, a_list(
        f"示例0号宾馆,{CODES[0]},重大,县消防,2026-05-01,", f"示例1号宾馆,{CODES[1]},较高,贵南县消防救援大队,2026-03-01,2027-03-01",
        f"示例2号宾馆,{CODES[2]},一般,县消防,2024-01-01,", f"示例3号宾馆,{CODES[3]},一般,县消防,2026-05-01,",
    ))  # fmt: skip
    assert {one: again["counts"][one] for one in ("added", "changed", "unchanged")} == {
        "added": 1, "changed": 2, "unchanged": 1,
    }  # fmt: skip
    [changed, _] = list_rows(fire, again["id"], "changed")
    assert {"name": "grade", "label": "部门分级", "before": "一般", "after": "重大"} in changed["fields"]
    assert confirm_list(fire, again["id"]).status_code == 200
    assert subject(0).grades == [f"{scale_id()}:重大"]
    assert subject(2).grades == [f"{scale_id()}:重大"], "an older grade is history only"
    shown = fire.get(f"/api/subjects/{subject(0).id}").json
    assert [one["grade"] for one in shown["grades"]] == ["重大", "一般"]
    assert shown["changes"][0]["fields"][0]["after"] == "消防安全等级 重大"
    undone = fire.post(f"/api/library-imports/{again['id']}/undo")
    assert undone.json["state"] == "undone", undone.json
    assert (subject(0).grades, subject(3).grades) == ([f"{scale_id()}:一般"], [])
    assert db.session.query(SubjectGrade).count() == 3
    assert (graded(f"{scale_id()}:重大"), graded(f"{scale_id()}:一般")) == (1, 1)


def test_what_was_graded_since_is_not_overwritten_and_holds_back_the_undo(fire: Any) -> None:
    ready = read(fire, a_list(f"示例0号宾馆,{CODES[0]},一般,县消防,2026-03-01,"))
    by_hand = {
        "scale_id": scale_id(),
        "grade": "重大",
        "issuer": "县消防",
        "day": "2026-04-01",
        "valid_to": None,
    }
    assert fire.post(f"/api/subjects/{subject(0).id}/grades", json=by_hand).status_code == 201
    assert confirm_list(fire, ready["id"]).json["code"] == "subjects.library_changed"
    done = read(fire, a_list(f"示例1号宾馆,{CODES[1]},一般,县消防,2026-03-01,"))
    assert confirm_list(fire, done["id"]).status_code == 200
    assert fire.post(f"/api/subjects/{subject(1).id}/grades", json=by_hand).status_code == 201
    answer = fire.post(f"/api/library-imports/{done['id']}/undo")
    assert (answer.status_code, answer.json["code"]) == (409, "subjects.import_in_use")
    fire.post(f"/api/libraries/scales/{scale_id()}/end")
    late = read_again(fire, ready["id"])
    assert confirm_list(fire, late).json["code"] == "subjects.scale_ended"


def read_again(desk: Any, import_id: str) -> str:
    shown = desk.get(f"/api/library-imports/{import_id}").json
    mapping = {one["at"]: one["meaning"] for one in shown["columns"] if one["meaning"]}
    desk.put(f"/api/library-imports/{import_id}/mapping", json={"mapping": mapping})
    return import_id


def test_credit_risk_of_a_region(fire: Any, client_for: Callable[..., Any]) -> None:
    office = client_for(make_account(["joint_office"], "632525-lxhy"))
    content = a_list(
        f"示例0号宾馆,{CODES[0]},C,县市场监管局,2026-03-01,2027-03-01", f"示例他局公司,{CODES[5]},高风险,县市场监管局,2026-03-01,",
        f"示例1号宾馆,{CODES[1]},Z,县市场监管局,2026-03-01,", head=HEAD.replace("消防安全等级", "信用风险分类"),
    )  # fmt: skip
    ready = read_list(office, "risk", content)
    assert (ready["counts"]["added"], ready["counts"]["refused"]) == (2, 1), ready["counts"]
    assert confirm_list(office, ready["id"]).status_code == 200
    assert (subject(0).risk, subject(0).risk_issuer, subject(5).risk) == ("C", "县市场监管局", "D")
    assert finding.found("632525", {"risk": "D", "q": ""}).total == 1
    older = read_list(office, "risk", content.replace(b"2026-03-01", b"2025-03-01"))
    assert older["counts"]["refused"] == 3, "an older class never takes the place of a newer one"
    own = read_list(fire, "risk", content.replace(b"2026-03-01", b"2026-06-01"))
    assert "不在本部门名录" in list_rows(fire, own["id"], "refused")[0]["reason"]
    assert office.post(f"/api/library-imports/{ready['id']}/undo").json["state"] == "undone"
    assert (
        subject(0).risk,
        subject(0).risk_issuer,
        finding.found("632525", {"risk": "D", "q": ""}).total,
    ) == ("-", None, 0)
    listed = office.get("/api/library-imports?library=risk").json["items"]
    assert [one["state"] for one in listed] == ["ready", "ready", "undone"]


def test_the_command_line_brings_grades_by_the_name_of_the_scale(fire: Any) -> None:
    content = a_list(
        f"示例0号宾馆,{CODES[0]},一般,县消防,2026-03-01,", head=HEAD.replace("消防安全等级", "等级")
    )
    with pytest.raises(Problem, match="没有叫"):
        take_list("grades", "评级.csv", content, region_id="632525", scale="食品等级")
    told = take_list("grades", "评级.csv", content, region_id="632525", scale="消防安全等级", dry_run=True)
    assert (told["added"], told["written"], subject(0).grades) == (1, False, [])
    assert take_list("grades", "评级.csv", content, region_id="632525", scale="消防安全等级")["written"]
    assert subject(0).grades == [f"{scale_id()}:一般"]
