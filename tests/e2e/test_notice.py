"""Does the subject read its notice on its own phone, receive it, ask for another time and find the answer; is the code fit to scan?"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DESK, NOON, Served
from tests.e2e.dispatched import Api, leader_of_first_visit, with_visits
from tests.e2e.handset import handset
from tests.e2e.office import PASSWORD

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
PICTURES = os.environ.get("ONEVISIT_PICTURES")


@pytest.fixture
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here."""
    with with_visits(tmp_path_factory.mktemp("region"), pages()) as served:
        yield served


def pages() -> Path | None:
    """Other pages than the usual build, where the environment names some."""
    given = os.environ.get("ONEVISIT_PWA")
    return Path(given) if given else None


def picture(page: Page, name: str, whole: bool = True) -> None:
    """Kept only where somebody wants to look."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=whole)


def first_visit(desk: Api) -> Any:
    """The visit that the leader leads, and its task."""
    task = desk.ask("GET", "/tasks")["items"][0]["id"]
    return task, desk.ask("GET", f"/dispatches/board?task_id={task}")["visits"][0]


def test_a_notice_is_read_received_and_answered(region: Served, chromium: Browser) -> None:
    desk = Api(region.url, "ga-desk")
    task, row = first_visit(desk)
    path = f"/dispatches/visits/{row['id']}"
    desk.ask("POST", f"{path}/schedule", {"day": "2026-11-12", "time": "上午"})
    link = desk.ask("GET", f"{path}/notice")["link"]
    subject = chromium.new_context(**PHONE, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()  # type: ignore[arg-type]
    subject.goto(link)
    expect(subject.get_by_role("heading", name="部门联合检查告知书")).to_be_visible()
    expect(subject.get_by_text("2026年11月12日（周四）上午")).to_be_visible()
    wide = subject.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    picture(subject, "notice-new")
    assert desk.ask("GET", f"{path}/notice")["read_at"] is None
    subject.get_by_label("您的姓名").first.fill("示例人")
    subject.get_by_role("button", name="我已收到").click()
    expect(subject.get_by_text("已登记收到")).to_be_visible()
    subject.get_by_role("button", name="约改时间").click()
    subject.get_by_label("希望改到").select_option("2026-11-12|下午")
    subject.get_by_label("或者").select_option("2026-11-13|上午")
    subject.get_by_label("原因").fill("上午盘点，负责人不在")
    picture(subject, "notice-propose")
    subject.get_by_role("button", name="提交给组长").click()
    expect(subject.get_by_text("待组长答复")).to_be_visible()

    office = chromium.new_context(
        **DESK, locale="zh-CN", timezone_id="Asia/Shanghai", permissions=["clipboard-write"]
    ).new_page()  # type: ignore[arg-type]
    office.clock.install(time=NOON)
    office.goto(f"{region.url}/login?to=/office")
    office.get_by_label("账号").fill("ga-desk")
    office.get_by_label("密码").fill(PASSWORD)
    office.get_by_role("button", name="登录").click()
    office.get_by_role("link", name="派发").first.wait_for()
    office.goto(f"{region.url}/office/dispatches/{task}?visit={row['id']}")
    expect(office.get_by_text("对象请求改期")).to_be_visible()
    picture(office, "desk-proposal")
    office.get_by_role("button", name="改到11月13日上午").click()
    expect(office.get_by_text("改期请求：已同意")).to_be_visible()
    picture(office, "desk-accepted")
    subject.reload()
    expect(subject.get_by_text("内容有改动")).to_be_visible()
    expect(subject.get_by_text("检查时间由11月12日上午改为11月13日上午")).to_be_visible()
    expect(subject.get_by_text("已同意：11月13日上午")).to_be_visible()
    picture(subject, "notice-changed")


@pytest.mark.parametrize("width", [390, 320])
def test_the_code_is_coarse_enough_to_scan_and_waits_for_the_arrival(
    region: Served, chromium: Browser, width: int
) -> None:
    with handset(chromium, region.url) as phone:
        phone.page.set_viewport_size({"width": width, "height": 844})
        page = phone.open("/")
        page.set_viewport_size({"width": width, "height": 844})
        phone.sign_in(leader_of_first_visit(region))
        visit = phone.first_visit()
        page.locator(f'#visits a[href="/visits/{visit}"]').first.click()
        picture(page, f"visit-{width}")
        page.get_by_role("button", name="已到达，亮码").click()
        code = page.locator("svg.qr")
        code.wait_for()
        box, modules = code.bounding_box(), int((code.get_attribute("viewBox") or "").split()[2])
        picture(page, f"code-{width}", whole=False)
        assert box
        assert box["width"] / modules >= 3, (box, modules)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
