"""Does the app open without any network after one visit with it? Start, deep links, the PIN, every field screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Served
from tests.e2e.dispatched import leader_of_first_visit, with_visits
from tests.e2e.handset import Handset, handset


@pytest.fixture
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here; the test stops the server."""
    with with_visits(tmp_path_factory.mktemp("region")) as served:
        yield served


def test_everything_opens_without_a_network(region: Served, chromium: Browser) -> None:
    username = leader_of_first_visit(region)
    with handset(chromium, region.url) as phone:
        phone.open("/")
        phone.sign_in(username)
        visit = phone.first_visit()
        phone.whole()
        phone.context.set_offline(True)
        region.stop()

        page = phone.open("/")
        phone.unlock()
        assert phone.first_visit() == visit
        page.locator(f'#visits a[href="/visits/{visit}"]').first.click()
        item = page.locator('a[href*="/checklist/"]').first.get_attribute("href")
        assert item

        page = phone.open(item)
        phone.unlock()
        page.wait_for_url(f"**{item}")
        expect(page.get_by_role("region", name="第 1 条")).to_be_visible()
        every_screen(phone, visit, item)
        assert not phone.said


def every_screen(phone: Handset, visit: str, item: str) -> None:
    """Each screen of the field app is there, whichever comes next on site."""
    item_id = item.rsplit("/", 1)[1]
    for path, title in {
        f"/visits/{visit}": "上门",
        f"/visits/{visit}/code": "亮码",
        f"/visits/{visit}/photo?item={item_id}": "拍照",
        f"/visits/{visit}/results": "结果",
        f"/visits/{visit}/gather": "汇总",
        f"/visits/{visit}/hand": "交给别的手机",
        f"/visits/{visit}/take": "收别人的记录",
        f"/visits/{visit}/own-phone": "当事人自己的手机",
        "/outbox": "待传",
        "/reviews": "审核",
    }.items():
        page = phone.open(path)
        phone.unlock()
        page.wait_for_url(f"**{path}")
        expect(page).to_have_title(f"{title} · 一次查")
    expect(phone.page.get_by_text("审核要联网")).to_be_visible()


def test_a_screen_that_is_not_kept_says_that_it_needs_the_network(region: Served, chromium: Browser) -> None:
    with handset(chromium, region.url) as phone:
        phone.context.route("**/assets/field-*", lambda route: route.abort())
        phone.open("/")
        phone.sign_in(leader_of_first_visit(region))
        phone.first_visit()
        phone.context.set_offline(True)
        region.stop()
        phone.page.get_by_role("link", name="待传").or_(phone.page.locator('a[href="/outbox"]')).first.click()
        expect(phone.page.get_by_text("打开这一页要联网")).to_be_visible()
        phone.page.get_by_role("link", name="回到我的任务").click()
        expect(phone.page.get_by_role("heading", name="我的任务")).to_be_visible()
