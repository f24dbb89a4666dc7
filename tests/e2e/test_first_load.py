"""How much does a phone fetch until 我的任务 is usable? Weighed on the line between real Chromium and the real server."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Served
from tests.e2e.dispatched import leader_of_first_visit, with_visits
from tests.e2e.faults import Line
from tests.e2e.handset import handset
from tests.e2e.weighing import before_usable, kept_files

LIMIT = 190 * 1024
FONT = re.compile(r"\.(woff2?|ttf|otf|eot)\b")
INSTALLING = ("/manifest.webmanifest", "/icons/icon-192.png", "/icons/icon-512.png")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here."""
    with with_visits(tmp_path_factory.mktemp("region")) as served:
        yield served


def test_my_tasks_are_usable_after_190_kib(region: Served, chromium: Browser) -> None:
    start, rest = kept_files(region.url)
    with Line(region.url) as line, handset(chromium, line.url) as phone:
        asked: list[str] = []
        phone.context.on("request", lambda request: asked.append(request.url))
        phone.open("/")
        phone.controlled()
        # Headless Chromium does not ask for what a phone asks for before it offers to install.
        phone.page.evaluate("paths => Promise.all(paths.map(path => fetch(path)))", INSTALLING)
        phone.sign_in(leader_of_first_visit(region))
        phone.first_visit()
        until_usable = list(line.weighed)
        phone.whole()
        said = list(phone.said)

    contact, before = before_usable(until_usable, rest)
    print_table(before)
    assert sum(weight for _, weight in before) <= LIMIT
    assert not rest & {path for path, _ in line.weighed[:contact]}, "the rest waits for the first contact"
    assert rest <= {path for path, _ in line.weighed}
    built = {path for path, _ in line.weighed if path.startswith("/assets/")}
    assert built <= start | rest, "nothing of the office travels to a phone"
    assert not [url for url in asked if FONT.search(url)]
    assert not [url for url in asked if not url.startswith((line.url, "blob:", "data:"))]
    assert not said


def print_table(rows: list[tuple[str, int]]) -> None:
    """Heaviest first."""
    for path, weight in sorted(rows, key=lambda row: -row[1]):
        print(f"{weight / 1024:9.1f} KiB  {Path(path).name if path.startswith('/assets/') else path}")
    print(f"{sum(weight for _, weight in rows) / 1024:9.1f} KiB  in all; limit {LIMIT / 1024:.0f} KiB")
