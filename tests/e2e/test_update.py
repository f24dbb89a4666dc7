"""Does a new version ask before it comes in, stay out of a visit, and lose nothing?"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.dispatched import leader_of_first_visit, with_visits
from tests.e2e.handset import Handset, handset

PWA = Path(__file__).resolve().parents[2] / "pwa"
BANNER = "有新版本"
NOTE = "示例：前台没有登记簿"
FETCHED = """async () => {
  const registration = await navigator.serviceWorker.ready
  await registration.update()
  while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50))
}"""


@pytest.fixture
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here."""
    with with_visits(tmp_path_factory.mktemp("region")) as served:
        yield served


@pytest.fixture(scope="module")
def next_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same sources, built as another version."""
    folder = tmp_path_factory.mktemp("next")
    settings = {**os.environ, "ONEVISIT_PWA": str(folder), "ONEVISIT_VERSION": "next"}
    built = subprocess.run(
        ["npm", "run", "build"], cwd=PWA, env=settings, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_an_update_waits_for_the_user(region: Served, next_build: Path, chromium: Browser) -> None:
    with handset(chromium, region.url) as phone:
        page = phone.open("/")
        phone.sign_in(leader_of_first_visit(region))
        visit = phone.first_visit()
        phone.whole()
        phone.context.route("**/api/sync/**", lambda route: route.abort())
        work(phone, visit)
        before = version(page)

        region.stop()
        region.environment["ONEVISIT_PWA"] = str(next_build)
        region.start()
        page.evaluate(FETCHED)
        page.wait_for_timeout(500)
        expect(page.get_by_text(BANNER)).to_have_count(0)
        assert version(page) == before

        page.locator(f'a[href="/visits/{visit}"]').first.click()
        page.locator('header a[href="/"]').click()
        expect(page.get_by_text(BANNER)).to_be_visible()
        waiting = page.locator("a.badge").inner_text()
        assert waiting.startswith("待传")

        other = phone.context.new_page()
        other.goto(f"{region.url}/visits/{visit}")
        other.get_by_text("输入本机口令").wait_for()
        unlock(other)
        other.get_by_role("heading", name="上门").wait_for()
        page.get_by_role("button", name="更新").click()
        expect(page.get_by_text("正在上门或正在保存")).to_be_visible()
        assert version(page) == before
        other.close()

        loads: list[str] = []
        page.on("load", lambda _: loads.append(page.url))
        page.get_by_role("button", name="再试").click()
        page.get_by_text("输入本机口令").wait_for()
        page.wait_for_timeout(1500)
        assert len(loads) == 1
        assert version(page) == "next"
        expect(page.get_by_text(BANNER)).to_have_count(0)

        phone.unlock()
        expect(page.locator("a.badge")).to_have_text(waiting)
        page.goto(f"{region.url}/visits/{visit}")
        phone.unlock()
        page.locator('a[href*="/checklist/"]').first.click()
        expect(page.get_by_role("region", name="第 1 条").get_by_role("textbox").first).to_have_value(NOTE)
        phone.context.unroute("**/api/sync/**")
        page.goto(f"{region.url}/outbox")
        phone.unlock()
        expect(page.get_by_text("没有待传的")).to_be_visible(timeout=30_000)
        assert not phone.said


def test_the_new_version_needs_no_network_either(region: Served, next_build: Path, chromium: Browser) -> None:
    with handset(chromium, region.url) as phone:
        page = phone.open("/")
        phone.sign_in(leader_of_first_visit(region))
        visit = phone.first_visit()
        phone.whole()
        region.stop()
        region.environment["ONEVISIT_PWA"] = str(next_build)
        region.start()
        page.evaluate(FETCHED)
        region.stop()
        phone.context.set_offline(True)
        page.get_by_role("button", name="更新").click()
        page.get_by_text("输入本机口令").wait_for()
        assert version(page) == "next"
        phone.open(f"/visits/{visit}/results")
        phone.unlock()
        expect(phone.page).to_have_title("结果 · 一次查")
        assert not phone.said


def work(phone: Handset, visit: str) -> None:
    """Arrive, find a failure, write a note: all of it still on the phone."""
    page = phone.page
    page.locator(f'#visits a[href="/visits/{visit}"]').first.click()
    page.get_by_role("button", name="已到达").click()
    page.get_by_text("已出示证件，开始检查").click()
    first = page.get_by_role("region", name="第 1 条")
    first.get_by_role("button", name="不合格").click()
    first.get_by_role("textbox").first.fill(NOTE)


def version(page: Page) -> str:
    """Which build runs in this page?"""
    return str(page.evaluate("document.documentElement.dataset.version"))


def unlock(page: Page) -> None:
    """The PIN, by keyboard."""
    page.keyboard.type("135790")
