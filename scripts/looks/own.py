"""How does the page on the subject's own phone look, and every way in which its link may not open?"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page
from scripts.looks.screen import LONG, Looks, do_part, signed_in, teams
from tests.e2e.conftest import PHONE, Served
from tests.e2e.handset import handset
from tests.e2e.screens import go


def own(served: Served, browser: Browser, looks: Looks) -> None:
    """The subject's own phone, and every way in which its link may not open."""
    visit, named = teams(served)
    with handset(browser, served.url) as phone:
        signed_in(phone, named[0][0])
        page = phone.page
        do_part(phone, visit, failing=True)

        def shown() -> str:
            """The link, shown anew."""
            with page.expect_response(
                lambda one: one.url.endswith("/subject-link") and one.request.method == "POST"
            ) as told:
                if page.get_by_role("button", name="重新出示").count():
                    page.get_by_role("button", name="重新出示").click()
                else:
                    go(page, f"/visits/{visit}/own-phone")
            page.get_by_text("请当事人用手机扫这个码").wait_for()
            return str(told.value.json()["url"])

        link = shown()
        looks.take(page, "own-phone")
        with subject(browser, served) as light:
            light.goto(link.split("#")[0])
            light.wait_for_timeout(500)
            looks.take(light, "light-no-token")
            light.goto(link[:-4] + "AAAA")
            light.reload()
            light.get_by_role("button", name="开始核对").click()
            light.get_by_role("alert").wait_for()
            looks.take(light, "light-wrong-token")
        with subject(browser, served) as light:
            light.goto(link)
            light.get_by_role("button", name="开始核对").wait_for()
            looks.take(light, "light-start", large=True)
            light.context.set_offline(True)
            light.get_by_role("button", name="开始核对").click()
            light.get_by_role("alert").wait_for()
            looks.take(light, "light-no-network")
            light.context.set_offline(False)
            light.get_by_role("button", name="再试一次").click()
            light.get_by_text("您的意见").wait_for()
            looks.take(light, "light-read", large=True)
            page.get_by_text("他已打开，正在看").wait_for()
            looks.take(page, "own-phone-opened")
            with subject(browser, served) as other:
                other.goto(link)
                other.get_by_role("button", name="开始核对").click()
                other.get_by_text("已经在另一部手机").wait_for()
                looks.take(other, "light-other-browser")
            light.get_by_role("button", name="有异议").click()
            light.get_by_label("您不同意的地方").fill(LONG)
            looks.take(light, "light-objection")
            light.get_by_label("姓名").fill("")
            light.locator("#sign").click()
            light.wait_for_timeout(200)
            looks.take(light, "light-missing")
            light.get_by_label("姓名").fill("示例·多杰")
            stamp = light.get_by_label("本地要求签字并盖章")
            if stamp.count():
                stamp.fill("印章在总店")
            light.locator("#sign").click()
            light.get_by_label("签字处").wait_for()
            looks.take(light, "light-pad")
            with looks.step("withdrawn"):
                page.get_by_role("button", name="收回这个码").click()
                page.get_by_text("这个码已收回").wait_for()
                looks.take(page, "own-phone-withdrawn")
                drawn(light)
                light.get_by_role("button", name="签好了").click()
                light.get_by_role("alert").filter(has_text="收回").or_(
                    light.get_by_role("alert").filter(has_text="重新")
                ).first.wait_for()
                looks.take(light, "light-withdrawn")
        link = shown()
        with subject(browser, served) as light, looks.step("expired"):
            light.goto(link)
            with sqlite3.connect(served.var / "onevisit.db") as db:
                db.execute("update subject_links set expires_at = '2020-01-01 00:00:00'")
            light.get_by_role("button", name="开始核对").click()
            light.get_by_role("alert").wait_for()
            looks.take(light, "light-expired")
            page.wait_for_timeout(6000)
            looks.take(page, "own-phone-expired")
        go(page, f"/visits/{visit}")
        link = shown()
        with subject(browser, served) as light:
            light.goto(link)
            light.get_by_role("button", name="开始核对").click()
            light.get_by_text("您的意见").wait_for()
            stamp = light.get_by_label("本地要求签字并盖章")
            if stamp.count():
                stamp.fill("印章在总店")
            light.get_by_role("button", name="去签字").click()
            drawn(light)
            light.get_by_role("button", name="签好了").click()
            light.get_by_text("签好了，记录已保存").wait_for()
            looks.take(light, "light-done", large=True)
            page.get_by_text("当事人签好了").wait_for()
            looks.take(page, "own-phone-signed")
        with subject(browser, served) as light, looks.step("again"):
            light.goto(link)
            light.get_by_role("button", name="开始核对").click()
            light.wait_for_timeout(1500)
            looks.take(light, "light-after")


@contextmanager
def subject(browser: Browser, served: Served) -> Iterator[Page]:
    """A stranger's phone: no worker, no account."""
    context: BrowserContext = browser.new_context(
        **PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", service_workers="block"
    )
    context.set_default_timeout(15_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def drawn(light: Page) -> None:
    """A name by finger."""
    pad = light.get_by_label("签字处").bounding_box()
    assert pad
    light.mouse.move(pad["x"] + 60, pad["y"] + 60)
    light.mouse.down()
    for step in range(1, 12):
        light.mouse.move(pad["x"] + 60 + 14 * step, pad["y"] + 60 + (40 if step % 2 else 0))
    light.mouse.up()
