"""Does the phone keep what was ticked when it dies, hide it from a finder, and can everybody use every screen of it?"""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import CHROMIUM, NOON, PHONE, Served
from tests.e2e.dispatched import Api, leader_of_first_visit, with_visits
from tests.e2e.field import Phone
from tests.e2e.handset import PIN, Handset, handset
from tests.e2e.reading import dumped, on_disk
from tests.e2e.screens import SMALL, faults, go, routes
from tests.e2e.typed import begin_everything, gather_everything

POINTS = 40
NOTE, CAPTION, QUERY = "示例说明：灭火器压力不足三号", "示例图注：二楼东侧楼梯口", "示例搜索词甲乙丙"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here."""
    with with_visits(tmp_path_factory.mktemp("region")) as served:
        yield served


@pytest.fixture(scope="module")
def leader(region: Served) -> str:
    """The account of who leads the first visit."""
    return leader_of_first_visit(region)


def at_work(phone: Handset, username: str) -> tuple[str, str]:
    """Signed in, arrived, the first checklist open: the visit and the item."""
    phone.open("/")
    phone.sign_in(username)
    visit = phone.first_visit()
    phone.whole()
    go(phone.page, f"/visits/{visit}")
    walk = Phone(phone)  # type: ignore[arg-type]
    walk.next.wait_for()
    if "已到达" in walk.next.inner_text():
        walk.arrive()
    else:
        walk.next.click()
    phone.page.wait_for_url("**/checklist/*")
    return visit, phone.page.url.rsplit("/", 1)[1].split("?")[0].split("#")[0]


def test_every_field_screen_serves_everybody(region: Served, chromium: Browser, leader: str) -> None:
    with handset(chromium, region.url) as phone:
        visit, item = at_work(phone, leader)
        Phone(phone).fail(1, NOTE, 1)  # type: ignore[arg-type]
        shot = phone.page.locator('a[href*="/photos/"]').first.get_attribute("href") or ""
        phone.page.set_viewport_size(SMALL)
        order = f"measure?item={item}"
        places = {
            "/unlock": None, "/login": None, "/pin": None,  # looked at below, before the phone is open
            "/": "/", "/scan": "/scan", "/outbox": "/outbox", "/phone": "/phone", "/devices": "/devices", "/rescue": "/rescue",
            "/reviews": "/reviews", "/reviews/:visit/:department": None,  # a desk's screen, by an accepted part
            "/swept/:device": phone.page.evaluate("() => '/swept/' + Object.values(JSON.parse(localStorage.onevisit_phones))[0]"),
            "/visits/:id/photos/:operation": shot, "/visits/:id/photos/:operation/mark": f"{shot.split('?')[0]}/mark",
            "/visits/:id/measures/:operation": None,  # the road prints it
            "/visits/:id/letters/:kind(sample)/:operation": None,  # as the transcript's, which is below
            "/visits/:id/letters/:kind(transcript|taken)": f"/visits/{visit}/letters/transcript",
            "/visits/:id/checklist/:item": f"/visits/{visit}/checklist/{item}", "/visits/:id/measure": f"/visits/{visit}/{order}",
            "/visits/:id/photo": f"/visits/{visit}/photo?item={item}", "/visits/:id/results/:part?": f"/visits/{visit}/results",
        }  # fmt: skip
        wrong: dict[str, list[str]] = {}
        for route in routes():
            place = places.get(route, route.replace(":id", visit))
            if place is None:
                continue
            if ":" in place:
                wrong[route] = ["say in `places` where it is looked at"]
                continue
            go(phone.page, place)
            phone.page.wait_for_timeout(250)
            for scheme in ("light", "dark"):
                phone.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                if found := faults(phone.page, everything=scheme == "light"):
                    wrong[f"{route} {scheme}"] = found
        phone.page.emulate_media(color_scheme="light")
        phone.page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
        for place in ("/", "/outbox", "/phone", f"/visits/{visit}", f"/visits/{visit}/checklist/{item}"):
            go(phone.page, place)
            if found := [one for one in faults(phone.page) if "wider" in one or "cut off" in one]:
                wrong[f"{place} at 200 %"] = found
        for place in ("/unlock", "/login", "/pin"):
            phone.open(place)
            phone.page.set_viewport_size(SMALL)
            phone.page.locator("main").wait_for()
            if found := faults(phone.page):
                wrong[place] = found
        assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_a_phone_that_dies_keeps_what_was_ticked(region: Served, chromium: Browser, leader: str) -> None:
    """Forty times: answer, wait for the tick, kill the page (every fourth while it still writes), open, unlock, look."""
    with handset(chromium, region.url) as phone:
        visit, item = at_work(phone, leader)
        place = f"/visits/{visit}/checklist/{item}"
        entries = judged_entries(phone.page)
        phone.context.set_offline(True)
        ticked: dict[str, str] = {}
        for point in range(POINTS):
            entry = entries[point % len(entries)]
            answer = ("合格", "不合格", "不适用")[(point // len(entries) + point) % 3]
            pressed = phone.page.get_by_role("region", name=entry, exact=True).get_by_role(
                "button", name=answer, exact=True
            )
            before = ticked.get(entry)
            pressed.click()
            if point % 4 == 3:
                phone.page.wait_for_timeout(point % 7)  # somewhere in the middle of the write
            else:
                expect(pressed).to_have_attribute("aria-pressed", "true")
            ticked[entry] = answer
            die(phone, point)
            phone.open(place)
            phone.page.get_by_text("输入本机口令").wait_for()
            phone.page.keyboard.type(PIN)
            phone.page.get_by_role("region", name=entries[0], exact=True).wait_for()
            there = answers(phone.page)
            if point % 4 == 3 and there.get(entry) in (before, answer):
                ticked = {name: value for name, value in {**ticked, entry: there.get(entry)}.items() if value}
            assert there == ticked, f"at point {point}"
        phone.context.set_offline(False)
        phone.page.reload()
        phone.page.get_by_text("输入本机口令").wait_for()
        phone.page.keyboard.type(PIN)
        phone.page.get_by_role("link", name="全部已收到").or_(
            phone.page.get_by_role("link", name="全部已存妥")
        ).first.wait_for(timeout=60_000)
    assert server_answers(region, visit, item) == len(ticked)
    assert region.ask("check").returncode == 0


def die(phone: Handset, point: int) -> None:
    """By a crash or by the system closing it; nothing is asked before."""
    page = phone.page
    if point % 2:
        phone.page = phone.context.new_page()
        page.close(run_before_unload=False)
        return
    session = phone.context.new_cdp_session(page)
    phone.page = phone.context.new_page()
    session.on("Inspector.targetCrashed", lambda *_: None)
    session.send(
        "Target.closeTarget", {"targetId": session.send("Target.getTargetInfo")["targetInfo"]["targetId"]}
    )


def judged_entries(page: Page) -> list[str]:
    """The names of the cards that are answered by three buttons."""
    page.get_by_role("region", name="第 1 条", exact=True).wait_for()
    return page.evaluate(
        """() => [...document.querySelectorAll('section.entry')].filter((one) => one.querySelector('.answers')).map((one) => one.getAttribute('aria-label'))"""
    )  # type: ignore[no-any-return]


def answers(page: Page) -> dict[str, str]:
    """What each card says."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('section.entry')].flatMap((one) => {
          const pressed = one.querySelector('.answers [aria-pressed="true"]')
          return pressed ? [[one.getAttribute('aria-label'), pressed.textContent.trim()]] : [] }))"""
    )  # type: ignore[no-any-return]


def server_answers(region: Served, visit: str, item: str) -> int:
    """How many entries of the item the server counts as answered."""
    with sqlite3.connect(region.var / "onevisit.db") as db:
        (state,) = db.execute("select state from visit_states where visit_id = ?", (visit,)).fetchone()
    parts = json.loads(state)["parts"].values()
    return sum(len(part["record"]["answers"].get(item, {})) for part in parts)


def test_a_finder_reads_nothing(region: Served, leader: str, tmp_path: Path, chromium: Browser) -> None:
    profile = tmp_path / "profile"
    context = chromium.browser_type.launch_persistent_context(
        str(profile), executable_path="/usr/bin/chromium", args=CHROMIUM, **PHONE, locale="zh-CN",  # type: ignore[arg-type]
        timezone_id="Asia/Shanghai", permissions=["geolocation", "camera", "microphone"],
        geolocation={"latitude": 35.5867, "longitude": 100.7473, "accuracy": 8},
    )  # fmt: skip
    context.set_default_timeout(20_000)
    context.clock.install(time=NOON)
    try:
        phone = Handset(context, region.url)
        visit, item = at_work(phone, leader)
        walk = Phone(phone)  # type: ignore[arg-type]
        walk.fail(1, NOTE, 1)
        expect(walk.entry(1).get_by_role("textbox").first).to_have_value(NOTE)
        typed = gather_everything(phone.page, visit, item, tmp_path) | begin_everything(
            phone.page, visit, item
        )
        go(phone.page, f"/visits/{visit}/photo?item={item}")
        phone.page.get_by_label("下一张的说明").fill(CAPTION)
        shutter = phone.page.get_by_role("button", name="拍照", exact=True)
        expect(shutter).to_be_enabled()
        shutter.click()
        phone.page.get_by_text("现场照片，").first.wait_for()
        go(phone.page, "/")
        phone.page.get_by_role("searchbox").fill(QUERY)
        go(phone.page, "/outbox")
        phone.page.wait_for_timeout(1500)
        typed |= {"note": NOTE, "caption": CAPTION, "query": QUERY}
        assert len(typed) >= 30
        planted = plaintexts(region, leader, visit) | typed
        assert len(planted) >= 60
        kept = dumped(phone.page)
        assert b"operations" in kept, "the dump must see the databases"
        assert b"EXTRACTABLE KEY" not in kept
        assert leaks(kept, planted) == []
    finally:
        context.close()
    found = {name: lost for name, content in on_disk(profile) if (lost := leaks(content, planted))}
    assert not found


def plaintexts(region: Served, leader: str, visit: str) -> dict[str, str]:
    """What stands in the visit, what was typed, and the secrets: by a name, so that a failure tells no more than needed."""
    phone = Api(region.url, leader)
    token = phone.token
    page = phone.ask("GET", "/sync/changes?limit=500", Accept="application/vnd.onevisit.sync+json")
    package = next(one for one in page["visits"] if one["id"] == visit)
    me = phone.ask("GET", "/accounts/me")
    subject, parts = package["subject"], package["parts"]
    named = {"subject": subject["name"], "code": subject["credit_code"], "address": subject["address"],
             "legal": subject["legal_representative"], "contact": subject["contact"], "phone": subject["phone"],
             "contact phone": subject["contact_phone"], "task": package["task"]["name"], "number": package["visit_no"],
             "note": NOTE, "query": QUERY, "pin": f'"{PIN}"', "token": token}  # fmt: skip
    for part in parts:
        for member in part["team"]:
            if member["id"] != me["inspector_id"]:
                named |= {
                    f"member {member['id']}": member["name"],
                    f"phone {member['id']}": member.get("phone"),
                }
                named |= {f"certificate {member['id']}": member["certificate"]}
        named |= {f"item {item['id']}": item["name"] for item in part["items"]}
    lists = page["checklists"] or [item["checklist"] for part in parts for item in part["items"]]
    for entry in [entry for one in lists for entry in one["entries"]][:20]:
        named |= {f"entry {entry['id']}": entry["text"]}
    devices = phone.ask("GET", "/accounts/devices")["items"]
    for one in devices:
        named |= {
            f"secret {one['id']}": phone.ask("GET", f"/accounts/devices/{one['id']}/recovery")[
                "recovery_secret"
            ]
        }
    return {
        name: text
        for name, text in named.items()
        if (text and len(text) > 3) or re.fullmatch(r"示例.+", text or "")
    }


def leaks(content: bytes, planted: dict[str, str]) -> list[str]:
    """Which of them stand there, in either way browsers write text."""
    return [
        name
        for name, text in planted.items()
        if text.encode() in content or text.encode("utf-16-le") in content
    ]


def test_wrong_pins_slow_down_and_two_people_share_one_phone(
    region: Served, chromium: Browser, leader: str
) -> None:
    other = next(
        name for name in (f"wj-{n}" for n in range(1, 9)) if name != leader and signs_in(region, name)
    )
    with handset(chromium, region.url) as phone:
        phone.open("/")
        phone.sign_in(leader)
        mine = phone.first_visit()
        page = phone.open("/")
        for _ in range(5):
            page.get_by_text("口令").first.wait_for()
            expect(page.get_by_role("button", name="1", exact=True)).to_be_enabled()
            page.keyboard.type("990817")
            expect(page.get_by_label("已输入 0 位，共 6 位")).to_be_visible()
        page.get_by_text("试错太多次").wait_for()
        page = phone.open("/")  # a reload is no free try
        page.get_by_role("button", name="1", exact=True).wait_for()
        page.keyboard.type(PIN)
        page.get_by_text("试错太多次").wait_for()
        page.get_by_role("link", name="忘了口令").click()
        page.get_by_label("账号").wait_for()
        phone.open("/login")
        phone.sign_in(other)
        kept = phone.page.evaluate("() => indexedDB.databases().then((all) => all.length)")
        assert kept == 3, "the roster and one database per account"
        go(phone.page, f"/visits/{mine}")
        if not on_team(region, other, mine):
            phone.page.get_by_text("这部手机上没有这次上门").wait_for()
        go(phone.page, "/phone")
        phone.page.get_by_role("button", name="把我从这部手机移除").click()
        phone.page.get_by_role("alertdialog").get_by_role("button", name="移除").click()
        phone.page.get_by_text("输入本机口令").or_(phone.page.get_by_text("试错太多次")).first.wait_for()
        kept = phone.page.evaluate("() => indexedDB.databases().then((all) => all.length)")
        assert kept == 2, "nothing of who left is kept, everything of who stays is"


def on_team(region: Served, username: str, visit: str) -> bool:
    """Whether this account's inspector is of the visit's team."""
    page = Api(region.url, username).ask(
        "GET", "/sync/changes?limit=1", Accept="application/vnd.onevisit.sync+json"
    )
    return any(one["id"] == visit for one in page["visits"])


def signs_in(region: Served, username: str) -> Any:
    """Whether there is such an account."""
    try:
        return Api(region.url, username).token
    except OSError:
        return None
