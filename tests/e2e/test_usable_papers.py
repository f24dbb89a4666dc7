"""Can everybody use the screens that show real work: evidence, papers, what the subject signs, the review? By axe, light and dark, at 320."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.dispatched import leader_of_first_visit, with_visits
from tests.e2e.field import Phone
from tests.e2e.handset import Handset, handset
from tests.e2e.screens import SMALL, faults, go
from tests.e2e.typed import gather_everything

NOTE = "示例：前台登记簿只有当天的，九月以前的锁在办公室。"


@pytest.fixture
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here."""
    with with_visits(tmp_path_factory.mktemp("region")) as served:
        yield served


class Eye:
    """Looks at the open screen in both themes and remembers what is wrong."""

    def __init__(self, phone: Handset) -> None:
        self.phone, self.wrong, self.seen = phone, dict[str, list[str]](), 0

    def look(self, name: str) -> None:
        """As it stands, small, light and dark."""
        page = self.phone.page
        page.set_viewport_size(SMALL)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if found := faults(page, everything=scheme == "light"):
                self.wrong[f"{name} {scheme}"] = found
        self.seen += 1

    def at(self, path: str, there: str) -> None:
        """A screen of the app, once this stands there."""
        go(self.phone.page, path)
        self.phone.page.get_by_text(there).first.wait_for()
        self.look(path)


def test_real_work_serves_everybody(region: Served, chromium: Browser, tmp_path: Path) -> None:
    with handset(chromium, region.url) as phone:
        phone.context.grant_permissions(["geolocation", "camera", "microphone"])
        phone.open("/")
        phone.sign_in(leader_of_first_visit(region))
        visit = phone.first_visit()
        phone.whole()
        page, walk, eye = phone.page, Phone(phone), Eye(phone)  # type: ignore[arg-type]
        go(page, f"/visits/{visit}")
        walk.arrive()
        item = page.url.rsplit("/", 1)[1].split("?")[0].split("#")[0]
        walk.fail(1, NOTE, 1)
        new_words(page)
        said = gather_everything(page, visit, item, tmp_path)
        papers(eye, visit, said)
        go(page, f"/visits/{visit}/checklist/{item}")
        finish(walk)
        signing(eye, walk, tmp_path)
        go(page, "/reviews")
        page.locator('a[href^="/reviews/"]').first.click()
        page.get_by_text(NOTE).first.wait_for()
        eye.look("review")
        assert eye.seen >= 12
        assert not eye.wrong, json.dumps(eye.wrong, ensure_ascii=False, indent=1)


def new_words(page: Page) -> None:
    """A photo under new words is the same photo, still on the screen."""
    page.locator('a[href*="/photos/"]').first.click()
    page.get_by_label("说明", exact=True).fill("示例：前台登记簿")
    page.get_by_role("button", name="存下说明").click()
    page.get_by_role("button", name="存下说明").wait_for(state="detached")
    expect(page.get_by_role("img", name="示例：前台登记簿")).to_be_visible()


def papers(eye: Eye, visit: str, said: dict[str, str]) -> None:
    """The shelf of evidence, and every paper that follows from it."""
    page, hub = eye.phone.page, f"/visits/{visit}/evidence"
    eye.at(hub, said["材料名称"])
    links = page.locator('a[href*="/letters/"], a[href*="/measures/"]').evaluate_all(
        "all => all.map((one) => one.getAttribute('href'))"
    )
    assert len(links) == 4, links  # the sample, the list taken along, the transcript, the order
    for link in links:
        eye.at(link, "打印在")
        for roll in ("80 毫米", "58 毫米"):
            assert pages_on(page, roll) == 1, f"{link} on {roll} is cut in two"
    eye.at(f"{hub}/transcript", "问：是否申请检查人员回避？")


def pages_on(page: Page, roll: str) -> int:
    """How many pages the paper that is open has on this roll, as a printer gets it."""
    page.evaluate("() => { window.print = () => undefined }")
    page.get_by_role("button", name=roll, exact=True).click()
    page.get_by_role("button", name="打印", exact=True).click()
    pdf = page.pdf(prefer_css_page_size=True)
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def finish(walk: Phone) -> None:
    """The rest of the part."""
    walk.page.set_viewport_size({"width": 390, "height": 844})
    walk.pass_the_rest()
    while "下一项" in walk.next.inner_text():
        walk.go("下一项")
        walk.pass_the_rest()
    walk.hand_in_part()


def signing(eye: Eye, walk: Phone, tmp_path: Path) -> None:
    """What the subject reads, refuses, signs; what stands there after."""
    page = eye.phone.page
    eye.look("gather")
    page.get_by_text("不等了").click()
    page.get_by_text("您看到的就是要保存的").wait_for()
    eye.look("confirm")
    page.get_by_role("link", name="拒绝签字").click()
    page.get_by_role("group", name="见证人").get_by_role("button", name="有", exact=True).click()
    eye.look("refuse")
    page.get_by_role("button", name="回到核对记录").click()
    page.get_by_role("button", name="有异议", exact=True).click()
    page.get_by_label("异议内容").fill("示例：第三条已当场改正")
    eye.look("confirm, objected")
    page.set_viewport_size({"width": 390, "height": 844})
    picture = tmp_path / "stamp.jpg"
    Image.new("RGB", (640, 640), (200, 30, 30)).save(picture)
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_text("印章已拍下").wait_for()
    walk.next.click()
    page.get_by_role("button", name="签好了").wait_for()
    eye.look("sign")
    page.set_viewport_size({"width": 390, "height": 844})
    for _ in range(3):
        page.get_by_role("button", name="签好了").wait_for()
        walk.sign()
    page.get_by_role("heading", name="确认").wait_for()
    eye.look("sealed")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(walk.next).to_contain_text("离开，结束上门", timeout=60_000)
    walk.next.click()
    page.get_by_role("heading", name="我的任务").wait_for()
    expect(page.locator("a.badge")).to_contain_text("已", timeout=60_000)
