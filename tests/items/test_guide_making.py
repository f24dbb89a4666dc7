"""Does nobody wait for the pages of a guide, and are they made once for many who ask?"""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from tests.factories import make_account
from tests.factories.libraries import make_item

from onevisit.core.db import db
from onevisit.core.jobs import work_all
from onevisit.core.trail import OwedWork, TrailEntry
from onevisit.items import guide_making
from onevisit.items.guide import Guide

URL = "/api/public/guides/632525-xf"


def owed() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).where(OwedWork.handler == guide_making.HANDLER)).one()


def test_many_who_ask_first_are_told_to_come_back_and_one_work_is_owed(app: Flask) -> None:
    make_item("消防监督检查", code="XF-1")
    answers: list[Any] = []

    def ask() -> None:
        answers.append(app.test_client().get(URL))

    asking = [threading.Thread(target=ask) for _ in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert {one.status_code for one in answers} == {202}
    assert "正在生成" in answers[0].text
    assert answers[0].headers["Refresh"] == "5"
    assert owed() == 1
    work_all(app)
    done = app.test_client().get(URL)
    assert (done.status_code, done.mimetype, done.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert owed() == 1


def test_a_change_makes_the_pages_anew_and_the_last_ones_are_answered_meanwhile(
    app: Flask, client_for: Callable[..., Any], monkeypatch: Any
) -> None:
    item = make_item("消防监督检查", code="XF-1")
    guide_making.make_guide("632525-xf")
    before = client_for().get(URL).data
    desk = client_for(make_account(["desk"], "632525-xf"))
    for number, name in enumerate(("消防监督检查甲", "消防监督检查乙"), start=1):
        given = {"json": {"name": name}, "headers": {"If-Match": f'"{number}"'}}
        assert desk.patch(f"/api/items/{item.id}", **given).status_code == 200
    made: list[str] = []
    pages = Guide.pages
    monkeypatch.setattr(Guide, "pages", lambda self: (made.append(self.key), pages(self))[1])
    assert client_for().get(URL).data == before
    assert made == []
    work_all(app)
    assert len(made) == 1, "two changes in a row, pages once"
    after = client_for().get(URL)
    assert (after.status_code, after.data == before) == (200, False)
    assert db.session.scalars(select(TrailEntry).where(TrailEntry.event == guide_making.WANTED)).all() == []


def test_a_guide_that_nobody_ever_read_is_not_made_by_a_change(
    app: Flask, client_for: Callable[..., Any]
) -> None:
    item = make_item("消防监督检查", code="XF-1")
    desk = client_for(make_account(["desk"], "632525-xf"))
    given = {"json": {"name": "新名称"}, "headers": {"If-Match": '"1"'}}
    assert desk.patch(f"/api/items/{item.id}", **given).status_code == 200
    work_all(app)
    assert client_for().get(URL).status_code == 202
