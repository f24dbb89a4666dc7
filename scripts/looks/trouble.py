"""How does the phone look when things go wrong: what waits and why, a lost phone, held work, rescue, an update?"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser
from scripts.looks.screen import LONG, Looks, opened, signed_in, teams, walking
from tests.e2e.conftest import NOON, Served
from tests.e2e.handset import Handset, handset
from tests.e2e.screens import go


def trouble(served: Served, browser: Browser, looks: Looks) -> None:
    """What waits and why, held things, a lost phone, rescue, an update: the phone when things go wrong."""
    visit, named = teams(served)
    lead, member = named[0][0], named[0][1]
    with handset(browser, served.url) as phone, handset(browser, served.url) as other:
        signed_in(other, member)
        signed_in(phone, lead)
        page = phone.page
        phone.context.set_offline(True)
        other.context.set_offline(True)
        go(page, f"/visits/{visit}")
        walking(phone).next.wait_for()
        walking(phone).arrive()
        walking(phone).fail(1, LONG, 3)
        go(page, "/outbox")
        page.wait_for_timeout(800)
        looks.take(page, "outbox-waiting", large=True)
        with looks.step("rescue"):
            go(page, "/rescue")
            page.get_by_role("button", name="做一份救援文件").click()
            page.get_by_text("存到手机").wait_for()
            looks.take(page, "rescue-made")
        with looks.step("late"):
            for hours, name in ((30, "late"), (80, "over")):
                phone.context.clock.set_system_time(NOON.timestamp() + hours * 3600)
                page = opened(phone, "/outbox")
                page.wait_for_timeout(1500)
                looks.take(page, f"outbox-{name}")
            go(page, "/")
            page.wait_for_timeout(500)
            looks.take(page, "tasks-over")
            phone.context.clock.set_system_time(NOON)
        with looks.step("leave with work"):
            page = opened(phone, "/phone")
            for name, words in (("leave-out-work", "退出登录"), ("leave-off-work", "把我从这部手机移除")):
                page.get_by_role("button", name=words).first.click()
                page.wait_for_timeout(200)
                looks.take(page, name)
        with looks.step("failing"):
            phone.context.set_offline(False)
            phone.context.route(
                "**/api/sync/bundles",
                lambda route: route.fulfill(
                    status=503,
                    content_type="application/problem+json",
                    body='{"status": 503, "code": "core.busy", "title": "忙", "detail": "服务器正忙，稍后会再传。", "retry": "later"}',
                ),
            )
            page = opened(phone, "/outbox")
            page.wait_for_timeout(2500)
            looks.take(page, "outbox-failing")
            phone.context.unroute("**/api/sync/bundles")
        with looks.step("expired login"):
            phone.context.route(
                "**/api/sync/**",
                lambda route: route.fulfill(
                    status=401,
                    content_type="application/problem+json",
                    body='{"status": 401, "code": "accounts.login_needed", "title": "请登录", "detail": "登录已过期，请重新登录。", "retry": "after_login"}',
                ),
            )
            phone.context.route(
                "**/api/accounts/refresh",
                lambda route: route.fulfill(
                    status=401,
                    content_type="application/problem+json",
                    body='{"status": 401, "code": "accounts.login_needed", "title": "请登录", "detail": "登录已过期，请重新登录。", "retry": "after_login"}',
                ),
            )
            page = opened(phone, "/outbox")
            page.wait_for_timeout(2500)
            looks.take(page, "outbox-login")
            go(page, "/")
            page.wait_for_timeout(500)
            looks.take(page, "tasks-login")
            phone.context.unroute("**/api/sync/**")
            phone.context.unroute("**/api/accounts/refresh")
        held(looks, phone, other, visit)
        update(looks, phone, served)


def held(looks: Looks, phone: Handset, other: Handset, visit: str) -> None:
    """The member's phone is lost: stopped by the leader, its late work held, adopted."""
    page = opened(phone, f"/visits/{visit}/phones")
    page.get_by_role("button", name="停用").first.wait_for()
    looks.take(page, "team-phones")
    page.get_by_role("button", name="停用").last.click()
    page.get_by_label("为什么停用").fill("示例：11月9日丢失")
    looks.take(page, "team-phones-stop")
    page.get_by_role("button", name="确定停用").click()
    page.get_by_text("已停用").wait_for()
    go(other.page, f"/visits/{visit}")
    walking(other).next.wait_for()
    if "已到达" in walking(other).next.inner_text():
        walking(other).arrive()
    else:
        walking(other).next.click()
    walking(other).fail(3, "示例：手机丢之前写的", 1)
    other.context.set_offline(False)
    with looks.step("revoked phone"):
        there = opened(other, "/outbox")
        there.get_by_text("要重新登记").or_(there.get_by_text("已停用")).first.wait_for(timeout=30_000)
        looks.take(there, "outbox-revoked")
    for _ in range(20):
        page = opened(phone, f"/visits/{visit}/held")
        page.wait_for_timeout(2500)
        if page.get_by_role("button", name="采纳", exact=True).count():
            break
    page.get_by_label("采纳的理由").fill("示例：问过本人")
    looks.take(page, "held", large=True)
    go(page, f"/visits/{visit}")
    page.wait_for_timeout(400)
    looks.take(page, "visit-held")
    go(page, f"/visits/{visit}/held")
    page.get_by_label("采纳的理由").fill("示例：问过本人")
    whole = page.get_by_role("button", name="采纳全部")
    (whole if whole.count() else page.get_by_role("button", name="采纳", exact=True)).first.click()
    page.get_by_text("没有待采纳的").wait_for()
    looks.take(page, "held-none")


def update(looks: Looks, phone: Handset, served: Served) -> None:
    """Another build on the server: the banner asks."""
    with tempfile.TemporaryDirectory() as folder, looks.step("update"):
        dist = Path(served.environment.get("ONEVISIT_PWA") or Path(__file__).parents[2] / "pwa" / "dist")
        shutil.copytree(dist, folder, dirs_exist_ok=True)
        worker = Path(folder) / "sw.js"
        worker.write_text(worker.read_text() + "\n// another version\n")
        for packed in ("sw.js.br", "sw.js.gz"):
            (Path(folder) / packed).unlink(missing_ok=True)
        page = opened(phone, "/")
        phone.controlled()
        served.stop()
        served.environment["ONEVISIT_PWA"] = folder
        served.start()
        page.evaluate(
            "async () => { const there = await navigator.serviceWorker.ready; await there.update() }"
        )
        page.get_by_text("有新版本").wait_for(timeout=30_000)
        looks.take(page, "tasks-update")
