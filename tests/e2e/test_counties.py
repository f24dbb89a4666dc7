"""Does a list drawn by the city reach the counties, and does the city see them? Walked by the API, looked at in a browser."""

import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from onevisit.draws.sources import commitment
from tests.e2e.conftest import DESK, Served
from tests.e2e.dispatched import Api
from tests.e2e.office import PASSWORD

PICTURES = os.environ.get("ONEVISIT_PICTURES")
OFFICES = (("ga", "公安局"), ("wj", "卫生健康委员会"))


@pytest.fixture
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration county under its city, with a second county."""
    served = Served(tmp_path_factory.mktemp("city"))
    assert served.ask("demo", "--city").returncode == 0
    served.start()
    yield served
    served.stop()


def picture(page: Page, name: str) -> None:
    """Kept only where somebody wants to look."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def drawn(desks: dict[str, Api], path: str, given: dict[str, Any], region: str) -> Any:
    """Frozen, committed to by both offices, revealed."""
    sources = [
        {"name": name, "kind": "commit_reveal", "department_id": f"{region}-{slug}"} for slug, name in OFFICES
    ]
    room = desks["ga"].ask("POST", path, {**given, "sources": sources})
    values = {name: secrets.token_hex(16) for _, name in OFFICES}
    for slug, name in OFFICES:
        body = {"source": name, "commitment": commitment(room["no"], name, values[name])}
        desks[slug].ask("POST", f"/draws/{room['id']}/commitments", body)
    desks["ga"].ask("POST", f"/draws/{room['id']}/commit", {})
    for slug, name in OFFICES:
        room = desks[slug].ask(
            "POST", f"/draws/{room['id']}/reveals", {"source": name, "value": values[name]}
        )
    return room


def signed_in(browser: Browser, url: str, username: str) -> Page:
    """A desk in the browser."""
    page = browser.new_context(**DESK).new_page()  # type: ignore[arg-type]
    page.goto(f"{url}/login")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("link", name="抽查任务").first).to_be_visible()
    return page


def test_a_city_draws_and_its_counties_check(city: Served, chromium: Browser) -> None:
    above = {slug: Api(city.url, f"hn-{slug}") for slug, _ in OFFICES}
    plan = above["ga"].ask("GET", "/plans")["items"][0]["id"]
    row = next(
        one for one in above["ga"].ask("GET", f"/plans/{plan}")["entries"] if one["draw_mode"] == "市抽县查"
    )
    desk = signed_in(chromium, city.url, "hn-ga")
    desk.goto(f"{city.url}/office/plans/{plan}?entry={row['id']}")
    desk.get_by_role("button", name="开任务", exact=True).click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_text("共和县公安局")).to_be_visible()
    expect(dialog.get_by_text("贵南县卫生健康局")).to_be_visible()
    picture(desk, "below-opening")
    dialog.get_by_role("button", name="开任务").click()
    expect(desk.get_by_text("还没有派到下级地区")).to_be_visible()
    task = above["ga"].ask("GET", "/tasks")["items"][0]["id"]
    room = drawn(above, "/draws", {"task_id": task}, "632500")
    assert sum(one["drawn"] for one in room["regions"]) == room["drawn_count"]
    desk.reload()
    desk.get_by_role("button", name="派发").click()
    dialog.get_by_role("textbox").fill(room["task"]["no"])
    dialog.get_by_role("button", name="派发").click()
    expect(desk.get_by_role("cell", name="共和县").first).to_be_visible()
    below = {slug: Api(city.url, f"gh-{slug}") for slug, _ in OFFICES}
    (own,) = below["ga"].ask("GET", "/tasks")["items"]
    for slug, _ in OFFICES:
        assert below[slug].ask("POST", "/dispatches/claim-all", {"task_id": own["id"]})["claimed"]
    handed = below["ga"].ask("GET", f"/tasks/{own['id']}")["draw"]
    people = drawn(
        below,
        f"/draws/{handed['id']}/inspectors",
        {"departments": [f"632521-{one}" for one, _ in OFFICES]},
        "632521",
    )
    assert people["commit"]["subjects_draw"] == room["commit_hash"]
    told = above["ga"].ask("GET", f"/tasks/{task}")["below"]
    gonghe = next(one for one in told["regions"] if one["region"]["name"] == "共和县")
    assert gonghe["claimed"] == gonghe["parts"] == 2 * gonghe["visits"]
    desk.reload()
    expect(desk.get_by_text(f"{gonghe['claimed']}/{gonghe['parts']}").first).to_be_visible()
    picture(desk, "below-task")
    desk.goto(f"{city.url}/office/dispatches/ledger")
    expect(desk.get_by_role("columnheader", name="地区")).to_be_visible()
    picture(desk, "below-ledger")
    desk.goto(f"{city.url}/public/draws/{room['no']}")
    expect(desk.get_by_text("由各地区的部门检查")).to_be_visible()
    picture(desk, "below-public")
