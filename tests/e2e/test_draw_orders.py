"""Do two parties in two browsers draw in every order that the rules name, while witnesses watch the projector?"""

import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from onevisit.core.canonical import sha256_hex
from tests.e2e.conftest import DESK, NOON, Seat, Served
from tests.e2e.dispatched import HOTELS, Api
from tests.e2e.faults import Line
from tests.e2e.office import Desk

PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}
TASK_NO = "632525-2026-26-1"
S1, S2 = "xining-chengzhong-2023", "pingdingshan-2020"


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with its plan published and the hotels' task opened, to be copied for each order."""
    folder = tmp_path_factory.mktemp("planned")
    served = Served(folder)
    assert served.ask("demo").returncode == 0
    served.start()
    office, ga = Api(served.url, "lxhy"), Api(served.url, "ga-desk")
    plan = office.ask("GET", f"/plans/{office.ask('GET', '/plans')['items'][0]['id']}")
    if plan["state"] != "published":
        office.ask("POST", f"/plans/{plan['id']}/publish", {}, If_Match=f'"{plan["revision"]}"')
    ga.ask("POST", "/tasks", {"plan_entry_id": next(x["id"] for x in plan["entries"] if x["seq"] == HOTELS)})
    served.stop()
    return folder


@pytest.fixture
def room(planned: Path, tmp_path: Path, chromium: Browser) -> Iterator[Callable[..., Any]]:
    """`room(profile)`: that region's server, and desks and a projector that sit down at it."""
    with ExitStack() as stack:

        def serve(profile: str | None) -> tuple[Served, Callable[..., Desk]]:
            var = tmp_path / "var"
            shutil.copytree(planned, var)
            if profile:
                with sqlite3.connect(var / "onevisit.db") as connection:
                    connection.execute("UPDATE regions SET profile = ? WHERE id = '632525'", (profile,))
            served = Served(var)
            served.start()
            stack.callback(served.stop)
            line = stack.enter_context(Line(served.url))

            def sit(username: str, size: dict[str, Any] = DESK, **more: Any) -> Desk:
                context = chromium.new_context(**size, locale="zh-CN", timezone_id="Asia/Shanghai", **more)
                context.set_default_timeout(20_000)
                context.clock.install(time=NOON)
                stack.callback(context.close)
                return Desk(Seat(context, line)).sign_in(username)

            return served, sit

        yield serve


def task_of(served: Served) -> str:
    return str(Api(served.url, "ga-desk").ask("GET", "/tasks")["items"][0]["id"])


def draw_by_two(lead: Desk, partner: Desk, path: str) -> None:
    """Commitments, commit, reveals: each party in a browser of its own."""
    lead.promise()
    partner.seat.open(path)
    partner.promise()
    lead.seat.open(path)
    lead.fix_commit()
    lead.reveal(TASK_NO)
    partner.seat.open(path)
    partner.reveal(TASK_NO)
    lead.seat.open(path)
    lead.page.get_by_text("抽取完成").first.wait_for()


def drawn_by_api(served: Served, order: str | None) -> str:
    """The subjects' draw, so that only the inspectors' remains for the browser."""
    ga, wj = Api(served.url, "ga-desk"), Api(served.url, "wj-desk")
    sources = [{"name": x, "kind": "commit_reveal", "department_id": f"632525-{x}"} for x in ("ga", "wj")]
    draw = ga.ask("POST", "/draws", {"task_id": task_of(served), "sources": sources, "order": order})
    values = {"ga": (ga, secrets.token_hex(16)), "wj": (wj, secrets.token_hex(16))}
    for name, (who, value) in values.items():
        given = {"source": name, "commitment": sha256_hex(f"{draw['no']}\x1f{name}\x1f{value}".encode())}
        who.ask("POST", f"/draws/{draw['id']}/commitments", given)
    ga.ask("POST", f"/draws/{draw['id']}/commit", {})
    for name, (who, value) in values.items():
        who.ask("POST", f"/draws/{draw['id']}/reveals", {"source": name, "value": value})
    return str(draw["id"])


def whole(page: Page) -> None:
    """Nothing hangs over the edge of the projector."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_subjects_and_inspectors_together_before_witnesses(room: Callable[..., Any]) -> None:
    served, sit = room(None)
    lead, partner, screen = sit("ga-desk"), sit("wj-desk"), sit("lxhy", PROJECTOR)
    lead.seat.open(f"/office/tasks/{task_of(served)}")
    lead.page.get_by_role("link", name="去抽取").first.click()
    lead.page.get_by_role("button", name="户在名录内").click()
    lead.page.get_by_role("dialog").get_by_role("row").nth(3).wait_for()
    lead.seat.picture("draw-list")
    lead.page.get_by_role("button", name="关闭").click()
    lead.seat.picture("draw-prepare")
    lead.page.get_by_role("button", name="冻结名单，进抽取室").click()
    lead.page.wait_for_url(lambda url: "/office/draws/" in url and "new" not in url)
    path = f"/office/draws/{lead.page.url.rsplit('/', 1)[1]}"
    screen.seat.open(f"{path}?show=1")
    screen.page.get_by_text("承诺值：各方交齐承诺后公布").wait_for()
    screen.seat.picture("projector-preparing")
    lead.promise()
    partner.seat.open(path)
    partner.promise()
    lead.seat.open(path)
    lead.seat.picture("draw-promised")
    lead.fix_commit()
    lead.seat.picture("draw-committed")
    lead.reveal(TASK_NO)
    screen.page.clock.run_for(3500)
    screen.page.get_by_text("揭示与承诺相符").wait_for()
    screen.seat.picture("projector-revealing")
    partner.seat.open(path)
    partner.reveal(TASK_NO)
    screen.page.clock.run_for(3500)
    screen.page.get_by_text("抽取完成").wait_for()
    screen.page.clock.run_for(900)
    screen.seat.picture("projector-falling")
    screen.page.keyboard.press(" ")
    screen.page.get_by_role("button", name="逐张落票").wait_for()
    fallen = screen.page.locator(".columns li:not(.cut)").count()
    screen.page.clock.run_for(1500)
    assert screen.page.locator(".columns li:not(.cut)").count() == fallen > 0
    screen.page.keyboard.press(" ")
    screen.page.clock.run_for(30_000)
    screen.page.get_by_text("取前").or_(screen.page.get_by_text("全部抽中")).first.wait_for()
    whole(screen.page)
    screen.seat.picture("projector-drawn")
    lead.seat.open(path)
    first = lead.page.locator(".columns li .mono").first
    first.wait_for()
    assert first.evaluate("e => e.scrollWidth <= e.clientWidth"), "a ticket's eight digits are cut on a desk"
    lead.seat.picture("draw-fallen")
    lead.check_draw()
    lead.page.get_by_label("显示名称").check()
    lead.page.get_by_text("组长").first.wait_for()
    lead.seat.picture("draw-drawn")
    assert [one.seat.errors for one in (lead, partner, screen)] == [[], [], []]


def test_each_department_draws_its_own_inspectors(room: Callable[..., Any]) -> None:
    served, sit = room(S2)
    base = drawn_by_api(served, "by_department")
    for name in ("ga", "wj", "xf"):
        Api(served.url, f"{name}-desk").ask("POST", "/subjects/attest", {"library": "inspectors"})
    lead, partner = sit("ga-desk"), sit("wj-desk")
    partner.seat.open(f"/office/draws/{base}")
    partner.seat.picture("draw-subjects-only")
    partner.page.get_by_role("link", name="抽取本部门人员").click()
    partner.page.get_by_role("button", name="冻结人员名单，进抽取室").wait_for()
    partner.seat.picture("draw-inspectors-prepare")
    partner.page.get_by_role("button", name="冻结人员名单，进抽取室").click()
    partner.page.wait_for_url(lambda url: url.rsplit("/", 1)[1] not in (base, "") and "inspectors" not in url)
    path = f"/office/draws/{partner.page.url.rsplit('/', 1)[1]}"
    lead.seat.open(path)
    draw_by_two(partner, lead, path)
    partner.check_draw()
    partner.seat.picture("draw-inspectors-drawn")
    partner.seat.open(f"/office/draws/{base}")
    expect(partner.page.locator("tr").filter(has_text="卫生健康")).to_contain_text("抽取完成")
    assert [one.seat.errors for one in (lead, partner)] == [[], []]


def test_inspectors_are_drawn_after_the_claim(room: Callable[..., Any]) -> None:
    served, sit = room(S1)
    base = drawn_by_api(served, None)
    lead, partner = sit("ga-desk"), sit("wj-desk")
    task = task_of(served)
    lead.seat.open(f"/office/draws/{base}")
    lead.page.get_by_text("还没有部门").or_(lead.page.get_by_text("还有部门没有认领完")).first.wait_for()
    Api(served.url, "ga-desk").ask("POST", "/dispatches", {"task_id": task})
    for name in ("ga", "wj", "xf"):
        desk = Api(served.url, f"{name}-desk")
        desk.ask("POST", "/dispatches/claim-all", {"task_id": task})
        desk.ask("POST", "/subjects/attest", {"library": "inspectors"})
    lead.seat.open(f"/office/draws/{base}")
    lead.seat.picture("draw-after-claim")
    lead.page.get_by_role("link", name="统一抽取").click()
    lead.page.get_by_role("button", name="冻结人员名单，进抽取室").click()
    lead.page.wait_for_url(lambda url: url.rsplit("/", 1)[1] not in (base, "") and "inspectors" not in url)
    draw_by_two(lead, partner, f"/office/draws/{lead.page.url.rsplit('/', 1)[1]}")
    lead.check_draw()
    board = Api(served.url, "ga-desk").ask("GET", f"/dispatches/board?task_id={task}")
    visit = Api(served.url, "ga-desk").ask("GET", f"/dispatches/visits/{board['visits'][0]['id']}")
    assert all(len(part["team"]) == 2 for part in visit["parts"])
    assert [one.seat.errors for one in (lead, partner)] == [[], []]


def test_a_draw_given_up_stays_to_be_seen_and_a_list_from_elsewhere_says_so(room: Callable[..., Any]) -> None:
    served, sit = room(None)
    ga, office, task = Api(served.url, "ga-desk"), Api(served.url, "lxhy"), task_of(served)
    sources = [{"name": x, "kind": "commit_reveal", "department_id": f"632525-{x}"} for x in ("ga", "wj")]
    draw = ga.ask("POST", "/draws", {"task_id": task, "sources": sources})
    office.ask("POST", f"/draws/{draw['id']}/void", {"reason": "示例：卫健局代表缺席，改日再抽"})
    lead = sit("ga-desk")
    lead.seat.open(f"/office/draws/{draw['id']}")
    lead.page.get_by_text("作废的抽取永久列在公示里").wait_for()
    lead.seat.picture("draw-voided")
    names = [one["name"] for one in ga.ask("GET", f"/draws/{draw['id']}/list?part=pool&limit=3")["items"]]
    text = "检查对象名称,检查部门,执法人员\n" + "".join(f"{name},,\n" for name in [*names, "查无此户"])
    file = {"name": "名单.csv", "mimeType": "text/csv", "buffer": text.encode()}
    lead.seat.open(f"/office/draws/take-over?task={task}")
    lead.page.locator("input[type=file]").set_input_files(file)
    lead.page.get_by_text("1 行读不懂").wait_for()
    lead.seat.picture("draw-takeover-refused")
    lead.page.get_by_role("button", name="换一个文件").click()
    good = {**file, "buffer": text.replace("查无此户,,\n", "").encode()}
    lead.page.locator("input[type=file]").set_input_files(good)
    lead.page.get_by_label("平台任务编号").fill("示例-2026-0001")
    lead.page.get_by_label("抽取日期").fill("2026-11-02")
    lead.page.get_by_role("button", name="接收 3 户").click()
    lead.page.get_by_text("本平台不可验算。").wait_for()
    lead.seat.picture("draw-taken-over")
    lead.seat.open("/office/draws")
    lead.page.get_by_text("本平台不可验算").first.wait_for()
    lead.seat.picture("draws")
    assert lead.seat.errors == []
