"""Is a merged visit told of once, whole, with both tasks; and who is addressed where a thing was drawn, not a person?"""

import io
from collections.abc import Callable
from typing import Any

import pdfplumber
from tests.dispatches.test_merging import FIRE, decide, proposals, two_scenes
from tests.factories import make_account
from tests.factories.desk import LEAD, make_subject
from tests.factories.visits import Scene, make_scene

from onevisit.core.db import db
from onevisit.dispatches.models import Visit
from onevisit.dispatches.notices import link_of
from onevisit.dispatches.paper import notice_facts
from onevisit.items.models import Item
from onevisit.tasks.models import Task

Clients = Callable[..., Any]


def named(scene: Scene, name: str) -> Task:
    """A scene's task under a name of its own."""
    task = db.session.get_one(Task, scene.visit.task_id)
    task.name = name
    db.session.commit()
    return task


def plan(client_for: Clients, visit: Visit, **over: Any) -> Any:
    """The initiating desk sets the day."""
    body = {"day": "2030-01-07", "time": "上午", **over}
    return client_for(make_account(["desk"], LEAD)).post(
        f"/api/dispatches/visits/{visit.id}/schedule", json=body
    )


def token_of(visit: Visit) -> str:
    """What stands behind the notice's QR code."""
    db.session.expire_all()
    link = link_of(visit)
    assert link
    return link.rsplit("/", 1)[1]


def read(client_for: Clients, token: str) -> Any:
    """The page that the subject reads."""
    return client_for(None).get(f"/api/public/notices/{token}")


def paper(client_for: Clients, token: str) -> str:
    """All words of the PDF, in one line; a cell's words follow each other."""
    answer = client_for(None).get(f"/api/public/notices/{token}/notice.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    with pdfplumber.open(io.BytesIO(answer.data)) as document:
        words = [page.extract_text() or "" for page in document.pages]
        tables = [table for page in document.pages for table in page.extract_tables()]
    words += [cell for table in tables for row in table for cell in row if cell]
    return "".join("".join(words).split())


def merged(client_for: Clients) -> tuple[Visit, Visit, Task, Task]:
    """Two tasks, one visit."""
    first, second = two_scenes()
    tasks = named(first, "旅馆业抽查甲"), named(second, "旅馆业抽查乙")
    tasks[1].methods = ["document"]
    db.session.commit()
    assert decide(client_for, "accept").status_code == 200
    return db.session.get_one(Visit, first.visit.id), db.session.get_one(Visit, second.visit.id), *tasks


def test_one_notice_names_every_department_and_both_tasks_and_counts_once(client_for: Clients) -> None:
    into, gone, one, other = merged(client_for)
    assert plan(client_for, into).status_code == 200
    token = token_of(into)
    page, text = read(client_for, token).json, paper(client_for, token)
    assert len(page["departments"]) == len({part["name"] for part in page["departments"]}) == 3
    assert [task["name"] for task in page["tasks"]] == ["旅馆业抽查甲", "旅馆业抽查乙"]
    assert [part["initiating"] for part in page["departments"]] == [True, False, False]
    assert (page["nth"], notice_facts(into)["nth"]) == (1, 1)
    assert "三个部门将一次上门、合并检查" in text
    for told in (one.name, one.no, other.name, other.no, "消防安全检查", "年度第1次"):
        assert told in text
    for part in page["departments"]:
        assert all("".join(words.split()) in text for words in (part["name"], *part["items"]))
        assert all(officer["certificate"] in text for officer in part["officers"])
    assert len(page["methods"]) == 2
    assert (gone.notice, gone.scheduled_day) == (None, None)


def test_who_was_told_before_the_merge_reads_what_changed_and_the_other_notice_is_taken_back(
    client_for: Clients,
) -> None:
    first, second = two_scenes()
    named(first, "旅馆业抽查甲"), named(second, "旅馆业抽查乙")
    assert decide(client_for, "refuse", "示例理由").status_code == 200
    for scene in (first, second):
        assert plan(client_for, scene.visit).status_code == 200
    tokens = [token_of(one.visit) for one in (first, second)]
    assert decide(client_for, "undo", "合并更方便").status_code == 200
    assert decide(client_for, "accept").status_code == 200
    page = read(client_for, tokens[0]).json
    fire = next(one["name"] for one in page["departments"] if "消防安全检查" in one["items"])
    assert page["version"] == 2
    assert {"抽查任务增加：旅馆业抽查乙", f"增加{fire}"} <= set(page["changes"])
    assert not any("无换为" in words for words in page["changes"])
    assert any("的检查人员增加" in words for words in page["changes"])
    back = read(client_for, tokens[1])
    assert (back.status_code, back.json["code"]) == (410, "dispatches.notice_taken_back")


def test_a_task_whose_items_are_all_kept_back_is_not_named_anywhere(client_for: Clients) -> None:
    into, _, one, other = merged(client_for)
    hidden = [item.item_id for item in other.items]
    assert plan(client_for, into, unannounced=hidden).status_code == 200
    token = token_of(into)
    page, text = read(client_for, token), paper(client_for, token)
    for secret in (other.name, other.no, "消防安全检查"):
        assert secret not in page.text
        assert secret not in text
    assert [task["no"] for task in page.json["tasks"]] == [one.no]
    assert FIRE not in page.text
    assert db.session.get_one(Item, hidden[0]).name


def test_each_task_has_its_own_proof(client_for: Clients) -> None:
    """Drawn twice, so each draw answers for itself; without a draw here the page of draws says so."""
    into, _, _, _ = merged(client_for)
    plan(client_for, into)
    page = read(client_for, token_of(into)).json
    assert all("/public/draws" in task["proof"] for task in page["tasks"])
    assert proposals(client_for)[0]["state"] == "accepted"


def test_a_thing_is_told_of_to_the_party_that_answers_for_it(client_for: Clients) -> None:
    """process.md 1: products, projects, sites and behaviours name a responsible party who is notified."""
    party = make_subject(
        9001, name="示例物业服务公司", kind="enterprise", legal_representative="示例法人", phone="000-1234"
    )
    thing = make_subject(
        9002, name="示例小区三号电梯", kind="project", credit_code=None, responsible_id=party.id, address="",
        legal_representative=None, phone=None, fields=[], licences=[],
    )  # fmt: skip
    scene = make_scene(subject_id=thing.id)
    assert plan(client_for, scene.visit).status_code == 200
    token = token_of(scene.visit)
    page, text = read(client_for, token).json, paper(client_for, token)
    assert (page["subject"], page["thing"]) == (party.name, thing.name)
    assert (page["credit_code"], page["address"]) == (party.credit_code, party.address)
    assert f"{party.name}（统一社会信用代码：{party.credit_code}）：" in text
    assert f"你单位负责的“{thing.name}”被确定为" in text
    assert f"本次为“{thing.name}”" in text
    assert thing.id not in text
    assert "000-1234" not in page.__str__()
