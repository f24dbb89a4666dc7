"""How does the phone look before any visit: signing in, the PIN, my tasks and their empty shelves, its own screens?"""

from playwright.sync_api import Browser
from scripts.looks.screen import Looks, teams
from tests.e2e.conftest import Served
from tests.e2e.dispatched import Api, leader_of_first_visit
from tests.e2e.handset import handset
from tests.e2e.screens import go


def entrance(served: Served, browser: Browser, looks: Looks) -> None:
    """Signing in, the PIN, my tasks and their empty shelves, the phone's own screens."""
    with handset(browser, served.url) as phone:
        page = phone.open("/")
        page.get_by_label("账号").wait_for()
        looks.take(page, "login", large=True)
        page.get_by_label("账号").fill("ga-1")
        page.get_by_label("密码").fill("不是这个")
        page.get_by_role("button", name="登录").click()
        page.get_by_role("alert").first.wait_for()
        looks.take(page, "login-wrong")
        page.get_by_label("账号").fill(leader_of_first_visit(served))
        page.get_by_label("密码").fill("onevisit-demo")
        page.get_by_role("button", name="登录").click()
        page.get_by_text("六位数字").wait_for()
        looks.take(page, "pin-set")
        phone.type_pin()
        page.get_by_text("再输一遍").wait_for()
        phone.type_pin()
        page.get_by_role("heading", name="我的任务").wait_for()
        visit = phone.first_visit()
        for word in ("今天", "本周", "退回", "逾期", "以后", "已完成"):
            tab = page.get_by_role("tab", name=word)
            if tab.count():
                tab.first.click()
                looks.take(page, f"tasks-{word}", large=word == "本周")
            else:
                looks.wrong.append(f"no tab {word}: {page.get_by_role('tab').all_inner_texts()}")
        page.get_by_role("searchbox").fill("没有这一家")
        looks.take(page, "tasks-search-none")
        page.get_by_role("searchbox").fill("")
        phone.whole()
        for name, path in {"scan": "/scan", "outbox-empty": "/outbox", "phone": "/phone", "devices": "/devices", "rescue-empty": "/rescue",
                           "reviews-empty": "/reviews", "not-found": "/nowhere", "not-here": "/not-here?to=/office", "visit-gone": "/visits/00000000-0000-7000-8000-000000000000"}.items():  # fmt: skip
            with looks.step(name):
                go(page, path)
                page.wait_for_timeout(700)
                looks.take(page, name, large=name == "phone")
        for name, words in (("leave-out", "退出登录"), ("leave-off", "把我从这部手机移除")):
            with looks.step(name):
                go(page, "/phone")
                page.get_by_role("button", name=words).first.click()
                looks.take(page, name)
        with looks.step("offline"):
            phone.context.set_offline(True)
            go(page, f"/visits/{visit}/phones")
            page.get_by_role("alert").first.wait_for()
            looks.take(page, "team-phones-offline")
            go(page, "/devices")
            page.get_by_role("alert").first.wait_for()
            looks.take(page, "devices-offline")
            phone.context.set_offline(False)
        page = phone.open("/")
        page.get_by_text("输入本机口令").wait_for()
        looks.take(page, "unlock", large=True)
        page.keyboard.type("990817")
        page.wait_for_timeout(1500)
        looks.take(page, "unlock-wrong")
        page.get_by_role("button", name="换人登录").click()
        looks.take(page, "unlock-people")
        page.get_by_role("link", name="用别的账号登录").click()
        page.get_by_label("账号").wait_for()
        looks.take(page, "login-another")
    with handset(browser, served.url) as phone, looks.step("no visits"):
        phone.open("/")
        phone.sign_in("lxhy-1" if "lxhy-1" in served.told else idle(served))
        page = phone.page
        page.wait_for_timeout(2500)
        looks.take(page, "tasks-none")


def idle(served: Served) -> str:
    """An account of an inspector whom no visit names."""
    _, named = teams(served)
    busy = {one for team in named for one in team}
    for line in served.told.splitlines():
        name = line.split()[0] if line.split() else ""
        if name[-1:].isdigit() and name not in busy:
            page = Api(served.url, name).ask(
                "GET", "/sync/changes?limit=1", Accept="application/vnd.onevisit.sync+json"
            )
            if not page["visits"]:
                return name
    return next(iter(busy))
