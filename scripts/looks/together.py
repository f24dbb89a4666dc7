"""How does it look when two departments come together, the subject reads, refuses and signs, and what follows after?"""

from typing import Any

from playwright.sync_api import Browser
from scripts.looks.screen import LONG, Looks, do_part, opened, signed_in, stamped, teams, walking
from tests.e2e.conftest import Served
from tests.e2e.dispatched import Api, leader_of_first_visit
from tests.e2e.handset import Handset, handset
from tests.e2e.lens import film, with_lens
from tests.e2e.screens import go


def together(served: Served, browser: Browser, looks: Looks) -> None:
    """Two departments come together without a network; the subject reads, refuses, signs; what follows after."""
    visit, named = teams(served)
    with handset(browser, served.url) as phone, handset(browser, served.url) as other:
        with_lens(other.context)
        signed_in(other, named[1][0])
        signed_in(phone, named[0][0])
        page, walk, partner = phone.page, walking(phone), walking(other)
        phone.context.set_offline(True)
        go(page, f"/visits/{visit}/gather")
        page.wait_for_timeout(500)
        looks.take(page, "gather-not-done")
        go(page, f"/visits/{visit}/confirm")
        page.wait_for_timeout(500)
        looks.take(page, "confirm-nothing")
        go(page, f"/visits/{visit}/sealed")
        page.wait_for_timeout(500)
        looks.take(page, "sealed-nothing")
        do_part(phone, visit, failing=True)
        looks.take(page, "gather-waiting", large=True)
        go(page, f"/visits/{visit}/results")
        page.wait_for_timeout(500)
        looks.take(page, "results-ready")
        go(page, f"/visits/{visit}/own-phone")
        page.wait_for_timeout(2500)
        looks.take(page, "own-phone-offline")
        go(page, f"/visits/{visit}/take")
        page.wait_for_timeout(800)
        looks.take(page, "take-camera")
        go(page, f"/visits/{visit}/hand")
        page.get_by_label("正在播放的记录").wait_for()
        looks.take(page, "hand-film")
        page.get_by_role("button", name="传文件").click()
        looks.take(page, "hand-file")
        page.get_by_role("button", name="让对方拍").click()
        do_part(other, visit)
        looks.take(other.page, "gather-member")
        with looks.step("film"):
            go(other.page, f"/visits/{visit}/take")
            film(walk, partner)
            looks.take(other.page, "take-done")
        for one in (phone, other):
            one.context.set_offline(False)
        go(page, f"/visits/{visit}/gather")
        for _ in range(20):
            if page.get_by_text("到齐两个").or_(page.get_by_text("都到齐")).count():
                break
            page.get_by_role("button", name="现在收一次别人的").click(timeout=3000)
            page.wait_for_timeout(800)
        looks.take(page, "gather-two")
        confirmed(looks, phone, visit)
        after_signing(looks, phone, visit, served)


def confirmed(looks: Looks, phone: Handset, visit: str) -> None:
    """The subject's screens: reading, an objection, no stamp, refusing, signing; the PIN that gives the phone back."""
    page, walk = phone.page, walking(phone)
    go(page, f"/visits/{visit}/confirm")
    page.get_by_text("您看到的就是要保存的").wait_for()
    looks.take(page, "confirm", large=True)
    with looks.step("gate"):
        page.get_by_role("button", name="收回手机").click()
        page.wait_for_timeout(300)
        looks.take(page, "confirm-gate", whole=False)
        page.get_by_role("button", name="接着看").click()
    page.get_by_role("button", name="有异议", exact=True).click()
    page.get_by_label("异议内容").fill(LONG)
    with looks.step("stamp"):
        stamped(page)
    looks.take(page, "confirm-objection")
    with looks.step("refuse"):
        page.get_by_role("link", name="拒绝签字").click()
        page.get_by_role("heading", name="拒绝签字").wait_for()
        page.locator(".chips button").first.click()
        page.get_by_label("理由说明").fill("示例：他说要等老板回来")
        page.get_by_role("group", name="见证人").get_by_role("button", name="有", exact=True).click()
        page.get_by_label("见证人姓名和身份").fill("示例社区网格员　卓玛")
        looks.take(page, "refuse")
        page.get_by_role("button", name="回到核对记录").click()
        page.get_by_text("您看到的就是要保存的").wait_for()
    if page.get_by_role("button", name="有异议", exact=True).get_attribute("aria-pressed") != "true":
        page.get_by_role("button", name="有异议", exact=True).click()
    walk.next.click()
    page.get_by_role("button", name="签好了").wait_for()
    looks.take(page, "sign")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_timeout(300)
    looks.keep(page, "sign-landscape", 844, 390)
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    signers = 0
    while page.get_by_role("button", name="签好了").count() and signers < 8:
        walk.sign()
        signers += 1
        if signers == 1:
            looks.take(page, "sign-inspector")
        page.wait_for_timeout(300)
    page.get_by_role("heading", name="确认").wait_for()
    page.wait_for_timeout(1500)
    looks.take(page, "sealed", large=True)
    with looks.step("kept record"):
        page.locator("summary").first.click()
        looks.take(page, "sealed-record")


def after_signing(looks: Looks, phone: Handset, visit: str, served: Served) -> None:
    """A late change, its supplement, handing in, a return, and the review on the phone."""
    page, walk = phone.page, walking(phone)
    with looks.step("locked list"):
        go(page, f"/visits/{visit}")
        page.wait_for_timeout(800)
        looks.take(page, "visit-signed")
        page.locator('a[href*="/checklist/"], a[href*="/results"]').first.click()
        page.wait_for_timeout(600)
        looks.take(page, "checklist-locked")
    go(page, f"/visits/{visit}/sealed")
    page.get_by_text("离开，结束上门").last.wait_for(timeout=60_000)
    walk.next.click()
    page.get_by_role("heading", name="我的任务").wait_for()
    looks.take(page, "tasks-after")
    desk = Api(served.url, "ga-desk")
    row: dict[str, Any] | None = None
    for _ in range(40):
        rows = desk.ask("GET", "/reviews")["items"]
        row = next((one for one in rows if one["visit_id"] == visit and one["mine"]), None)
        if row:
            break
        page.wait_for_timeout(700)
    assert row, "nothing to review"
    package = Api(served.url, leader_of_first_visit(served)).ask(
        "GET", "/sync/changes?limit=500", Accept="application/vnd.onevisit.sync+json"
    )
    part = next(
        one
        for one in next(v for v in package["visits"] if v["id"] == visit)["parts"]
        if one["department"]["id"] == row["department"]["id"]
    )
    with looks.step("review"):
        go(page, "/reviews")
        page.wait_for_timeout(1500)
        looks.take(page, "reviews")
        go(page, f"/reviews/{visit}/{row['department']['id']}")
        page.wait_for_timeout(1500)
        looks.take(page, "review")
    desk.ask(
        "POST",
        f"/reviews/{visit}/parts/{row['department']['id']}/send-back",
        {"item": part["items"][0]["id"], "reason": "示例：第 1 条请写明原件现在放在何处，并补一张照片"},
    )
    page = opened(phone, "/")
    page.get_by_text("请写明原件").first.wait_for(timeout=60_000)
    looks.take(page, "tasks-returned", large=True)
    page.locator("a").filter(has_text="请写明原件").first.click()
    page.get_by_text("为什么改").wait_for()
    looks.take(page, "checklist-returned")
    with looks.step("amend"):
        walk.amend(1, "示例：原件在会计处，已补拍。", reason="示例：补充原件去向")
        looks.take(page, "checklist-amended")
        go(page, f"/visits/{visit}")
        page.wait_for_timeout(500)
        looks.take(page, "visit-returned")
        go(page, f"/visits/{visit}/gather")
        page.wait_for_timeout(500)
        looks.take(page, "gather-supplement")
        walk.next.click()
        page.get_by_text("您看到的就是要保存的").wait_for()
        looks.take(page, "confirm-supplement")
