"""Does the subject's own phone check a visit code with the network off, once it had the page? Real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served
from tests.e2e.dispatched import Api, with_visits
from tests.e2e.handset import CONTROLLED

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here; the test stops the server."""
    with with_visits(tmp_path_factory.mktemp("region")) as served:
        yield served


def kept(page: Page) -> None:
    """The page has laid its files and the key aside, and the worker has it in hand.

    Asked in pieces: the site's own policy lets no page evaluate a waiting text.
    """
    page.evaluate(CONTROLLED)
    for _ in range(60):
        if page.evaluate(
            "caches.open('onevisit-door').then((cache) => cache.keys()).then((all) => all.length)"
        ):
            return
        page.wait_for_timeout(500)
    raise AssertionError("nothing was laid aside")


def test_a_code_is_checked_without_a_network(region: Served, chromium: Browser) -> None:
    """One code online, the next one offline; a changed one is refused."""
    codes = visit_codes(region)
    context = chromium.new_context(**PHONE, service_workers="allow")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(codes[0])
    expect(page.get_by_role("heading", name="来检查")).to_be_visible()
    kept(page)
    context.set_offline(True)
    region.stop()
    page.goto(codes[1])
    expect(page.get_by_text("没有网络，但签名核对无误")).to_be_visible()
    expect(page.get_by_text("执法证号").first).to_be_visible()
    where, _, said = codes[1].partition("#")
    page.goto("about:blank")
    page.goto(f"{where}#{said[:-30]}{'A' if said[-30] != 'A' else 'B'}{said[-29:]}")
    expect(page.get_by_text("二维码里的内容与签名不符")).to_be_visible()
    expect(page.get_by_text("执法证号")).to_have_count(0)
    context.close()


def visit_codes(region: Served) -> list[str]:
    """What two leaders would hold out at two doors: the codes of the packages, at the address served here."""
    desk = Api(region.url, "ga-desk")
    task = desk.ask("GET", "/tasks")["items"][0]["id"]
    codes: dict[str, str] = {}
    for row in desk.ask("GET", f"/dispatches/board?task_id={task}")["visits"]:
        leader = next(
            one["name"] for part in row["parts"] if part["initiating"] for one in part["team"] if one["leads"]
        )
        phone = Api(region.url, region.username(leader))
        codes |= {one["id"]: one["code_url"] for one in phone.ask("GET", "/sync/changes")["visits"]}
        if len(codes) > 1:
            break
    return [f"{region.url}/public/visits/{code.partition('/public/visits/')[2]}" for code in codes.values()]
