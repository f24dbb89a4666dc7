"""Does work reach the server whose own phone cannot bring it: in a rescue file, or from a phone that was stopped?"""

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.dispatched import Api, with_visits
from tests.e2e.evidence import Kept
from tests.e2e.field import Phone
from tests.e2e.handset import PIN, Handset, handset
from tests.e2e.screens import go

FIRST, SECOND, LATE = "示例：登记簿缺三页", "示例：灭火器压力不足", "示例：手机丢之前写的"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here."""
    with with_visits(tmp_path_factory.mktemp("region")) as served:
        yield served


@pytest.fixture(scope="module")
def visits(region: Served) -> list[tuple[str, list[list[str]]]]:
    """Each visit with the accounts of its teams: the initiating department first, each one's leader first."""
    desk = Api(region.url, "ga-desk")
    task = desk.ask("GET", "/tasks")["items"][0]["id"]
    found = []
    for visit in desk.ask("GET", f"/dispatches/board?task_id={task}")["visits"][:2]:
        parts = desk.ask("GET", f"/dispatches/visits/{visit['id']}")["parts"]
        parts.sort(key=lambda part: not part["initiating"])
        teams = [sorted(part["team"], key=lambda one: not one["leads"]) for part in parts]
        found.append((visit["id"], [[region.username(one["name"]) for one in team] for team in teams]))
    return found


def at_the_list(phone: Handset, username: str, visit: str) -> Phone:
    """Signed in, without a network from here on, at the first checklist."""
    phone.open("/")
    phone.sign_in(username)
    phone.whole()
    phone.context.set_offline(True)
    walk = Phone(phone)  # type: ignore[arg-type]
    go(phone.page, f"/visits/{visit}")
    walk.arrive()
    return walk


def again(phone: Handset, path: str) -> Page:
    """The app opened anew at a place."""
    page = phone.open(path)
    page.get_by_text("输入本机口令").wait_for()
    page.keyboard.type(PIN)
    return page


def rescued(page: Page, to: Path) -> Path:
    """Everything that waits on this phone, as a file."""
    go(page, "/rescue")
    page.get_by_role("button", name="做一份救援文件").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="存到手机").click()
    coming.value.save_as(to)
    return to


def notes(region: Served, visit: str) -> set[str]:
    """What the server's own state of the visit says was found."""
    with sqlite3.connect(f"file:{region.var / 'onevisit.db'}?mode=ro", uri=True) as database:
        row = database.execute("select state from visit_states where visit_id = ?", (visit,)).fetchone()
    parts = json.loads(row[0])["parts"].values() if row else []
    records = [part["record"]["answers"] for part in parts]
    return {answer["note"] for record in records for item in record.values() for answer in item.values() if answer["note"]}  # fmt: skip


def files(region: Served, visit: str) -> list[Any]:
    """When each file of the visit was stored, or None."""
    with sqlite3.connect(f"file:{region.var / 'onevisit.db'}?mode=ro", uri=True) as database:
        return [
            at
            for (at,) in database.execute("select stored_at from evidence_files where visit_id = ?", (visit,))
        ]


def test_a_rescue_file_is_carried_in_by_another_phone_and_by_the_command(
    region: Served, visits: list[tuple[str, list[list[str]]]], chromium: Browser, tmp_path: Path
) -> None:
    visit, teams = visits[0]
    with handset(chromium, region.url) as lone, handset(chromium, region.url) as other:
        walk = at_the_list(lone, teams[0][0], visit)
        checklist = lone.page.url.removeprefix(lone.url)
        walk.fail(1, FIRST, 1)
        file = rescued(lone.page, tmp_path / "first.txt")
        for said in (FIRST, teams[0][0]):
            assert said.encode() not in file.read_bytes()

        other.open("/")
        other.sign_in(teams[1][0])
        go(other.page, "/rescue")
        other.page.locator("input[type=file]").set_input_files(file)
        other.page.get_by_text("整份都收下了").wait_for()
        assert notes(region, visit) == {FIRST}
        stored = files(region, visit)
        assert (len(stored), all(stored)) == (1, True)
        expect(other.page.locator("main")).not_to_contain_text(FIRST)  # who carries reads nothing

        go(lone.page, checklist)
        walk.fail(2, SECOND, 1)
        file = rescued(lone.page, tmp_path / "second.txt")
        told = region.ask("rescue", str(file), "--json")
        assert told.returncode == 0, told.stderr
        assert json.loads(told.stdout)["whole"] is True
        assert notes(region, visit) == {FIRST, SECOND}
        before = Kept(region.var).operations()

        lone.context.set_offline(False)
        page = again(lone, "/outbox")
        page.get_by_text("没有待传的").wait_for(timeout=60_000)
        after = Kept(region.var).operations()
    assert {one["id"] for one in after} == {one["id"] for one in before}, "what came twice counts once"
    assert len(after) == len(before)
    assert all(files(region, visit))
    broken = tmp_path / "broken.txt"
    broken.write_bytes(file.read_bytes()[:-40])
    assert region.ask("rescue", str(broken)).returncode == 1
    assert region.ask("check").returncode == 0


def test_a_leader_adopts_what_a_stopped_phone_brought_late(
    region: Served, visits: list[tuple[str, list[list[str]]]], chromium: Browser
) -> None:
    visit, teams = visits[1]
    lead, member = teams[0][:2]
    with handset(chromium, region.url) as leading, handset(chromium, region.url) as lost:
        at_the_list(lost, member, visit).fail(3, LATE, 1)
        leading.open("/")
        leading.sign_in(lead)
        page = again(leading, f"/visits/{visit}/phones")
        page.get_by_role("button", name=f"停用{name_of(region, member)}").first.click()
        page.get_by_label("为什么停用").fill("示例：11月9日丢失")
        page.get_by_role("button", name="确定停用").click()
        page.get_by_text("已停用").wait_for()

        lost.context.set_offline(False)
        again(lost, "/outbox").get_by_role("link", name="重新登记").wait_for(timeout=60_000)
        assert LATE not in notes(region, visit), "held until somebody answers for it"

        page = again(leading, f"/visits/{visit}/held")
        page.get_by_label("采纳的理由").fill("示例：问过本人，手机当天丢失")
        page.get_by_role("button", name="采纳全部").click()
        page.get_by_text("没有待采纳的").wait_for()
        until = time.monotonic() + 60
        while LATE not in notes(region, visit):
            assert time.monotonic() < until, "the adopted note never counted"
            time.sleep(0.5)
    adopted = [
        one for one in Kept(region.var).operations() if one["kind"] == "adopt" and one["visit"] == visit
    ]
    assert {one["body"]["reason"] for one in adopted} == {"示例：问过本人，手机当天丢失"}
    with sqlite3.connect(f"file:{region.var / 'onevisit.db'}?mode=ro", uri=True) as database:
        state = json.loads(
            database.execute("select state from visit_states where visit_id = ?", (visit,)).fetchone()[0]
        )
    assert state["held"] == []
    assert region.ask("check").returncode == 0


def name_of(region: Served, username: str) -> str:
    """The person behind an account."""
    line = next(one for one in region.told.splitlines() if one.split()[:1] == [username])
    return line.split()[-1]
