"""Is everything that is gathered on site still there after the page was killed, and does it reach the server? Real Chromium, no network."""

import json
import sqlite3
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import NOON, PHONE, Served
from tests.e2e.dispatched import leader_of_first_visit, with_visits
from tests.e2e.handset import Handset


@pytest.fixture
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here."""
    with with_visits(tmp_path_factory.mktemp("region")) as served:
        yield served


@pytest.fixture
def phone(region: Served, chromium: Browser) -> Iterator[Handset]:
    """A leader's phone with the whole app on it, and then without a network."""
    context = chromium.new_context(
        **PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", permissions=["geolocation", "camera", "microphone"],
        geolocation={"latitude": 35.5867, "longitude": 100.7473, "accuracy": 8},
    )  # fmt: skip
    context.set_default_timeout(20_000)
    context.clock.install(time=NOON)
    handset = Handset(context, region.url)
    handset.open("/login")
    handset.sign_in(leader_of_first_visit(region))
    handset.whole()
    context.set_offline(True)
    yield handset
    context.close()


def again(phone: Handset, path: str) -> Page:
    """The page is gone without a word; the app is opened anew where it was."""
    page = phone.open(path)
    phone.unlock()
    return page


def at_hub(page: Page) -> None:
    page.get_by_role("heading", name="证据与文书").wait_for()


def test_what_is_gathered_survives_a_killed_page_and_arrives(phone: Handset, region: Served) -> None:
    visit = phone.first_visit()
    hub = f"/visits/{visit}/evidence"
    page = again(phone, f"{hub}/audio")
    page.get_by_role("button", name="开始录音").click()
    page.get_by_role("button", name="停", exact=True).wait_for()
    page.wait_for_timeout(4500)
    page = again(phone, f"{hub}/audio")
    page.get_by_text("找回了").wait_for()
    page.get_by_label("录的是什么").fill("负责人说明")
    page.get_by_role("button", name="存下这段录音").click()
    at_hub(page)
    expect(page.get_by_text("负责人说明")).to_be_visible()

    page = paper_with_a_page(phone, page, f"{hub}/paper")
    expect(page.get_by_text("1 份，1 页")).to_be_visible()
    mark_the_photo(page)

    page = again(phone, f"{hub}/transcript")
    page.get_by_role("button", name="已核对，没有疑问。").click()
    page.get_by_label("现场情况").fill("一层大堂有两人值班。")
    page.wait_for_timeout(1600)
    page = again(phone, f"{hub}/transcript")
    expect(page.get_by_label("现场情况")).to_have_value("一层大堂有两人值班。")
    expect(page.get_by_label("答", exact=True).first).to_have_value("已核对，没有疑问。")

    phone.context.set_offline(False)
    page = again(phone, hub)
    arrived(region, visit)
    assert [said for said in phone.said if "ERR_INTERNET_DISCONNECTED" not in said] == []


def paper_with_a_page(phone: Handset, page: Page, path: str) -> Page:
    """A paper half written, its page photographed, the page killed in between: all of it comes back."""
    page.get_by_role("link", name="查阅材料").click()
    page.get_by_role("button", name="营业执照").click()
    page.get_by_role("link", name="拍照").click()
    shutter = page.get_by_role("button", name="拍照", exact=True)
    expect(shutter).to_be_enabled()
    shutter.click()
    page.get_by_text("现场照片，1 张").first.wait_for()
    page = again(phone, path)
    page.get_by_text("一页页拍下来，1 张").wait_for()
    expect(page.get_by_label("材料名称")).to_have_value("营业执照")
    page.get_by_role("button", name="存下这份材料").click()
    at_hub(page)
    return page


def mark_the_photo(page: Page) -> None:
    """A box over a copy; the photo's own bytes stay."""
    page.locator('a[href*="/photos/"]').first.click()
    # The page of a paper keeps its entry: no new words, or the paper would lose its page.
    page.get_by_role("link", name="标注").wait_for()
    expect(page.get_by_label("说明", exact=True)).to_have_count(0)
    page.get_by_role("link", name="标注").click()
    page.get_by_label("照片，已标注 0 处").wait_for()
    page.get_by_role("button", name="放在中间").click()
    page.get_by_role("button", name="存下标注").click()
    page.get_by_role("button", name="看原图").wait_for()


def arrived(region: Served, visit: str) -> None:
    """The server's own state and files, read without the app's code."""
    until = time.monotonic() + 30
    while True:
        with sqlite3.connect(f"file:{region.var / 'onevisit.db'}?mode=ro", uri=True) as database:
            states = database.execute(
                "select state from visit_states where visit_id = ?", (visit,)
            ).fetchall()
            files = database.execute(
                "select kind, stored_at from evidence_files where visit_id = ?", (visit,)
            ).fetchall()
        parts = json.loads(states[0][0])["parts"].values() if states else []
        record = next((part["record"] for part in parts if part["record"]["papers"]), None)
        if record and {kind for kind, _ in files} == {"audio", "photo"} and all(at for _, at in files):
            break
        assert time.monotonic() < until, (states, files)
        time.sleep(0.5)
    assert record["audio"][0]["caption"] == "负责人说明"
    assert record["audio"][0]["seconds"] >= 3
    assert record["papers"][0]["photos"] == [record["photos"][0]["id"]]
    assert record["markings"][0]["photo"] == record["photos"][0]["hash"]
    assert record["transcript"]["facts"] == "一层大堂有两人值班。"
