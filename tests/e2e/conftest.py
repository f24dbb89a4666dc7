"""What does the road need? The demonstration served for real, Chromium, phones and a desk."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.faults import Line
from tests.postgres import free_port

CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]  # fmt: skip
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK = {"viewport": {"width": 1440, "height": 900}}
DAY = "2026-11-09"
STARTING = 60  # seconds that a busy machine may take to start a server, or to stop one
NOON = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)  # ten in the morning there; browsers live on the same day


class Served:
    """A running server with a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var, self.port = var, free_port()
        self.environment = {
            **os.environ, "ONEVISIT_VAR": str(var), "ONEVISIT_TODAY": DAY, "ONEVISIT_PUBLIC_URL": self.url,
        }  # fmt: skip

    @property
    def url(self) -> str:
        """Its own address, without a line in between."""
        return f"http://127.0.0.1:{self.port}"

    told: str = ""

    def username(self, name: str) -> str:
        """The account of a person as the command told it."""
        return next(line.split()[0] for line in self.told.splitlines() if line.rstrip().endswith(name))

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One `onevisit` command on the same folder."""
        command = [str(Path(sys.executable).parent / "onevisit"), *arguments]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )

    def start(self) -> None:
        """Serve, and wait until it answers."""
        command = [str(Path(sys.executable).parent / "onevisit"), "serve", "--port", str(self.port)]
        self.log = (self.var / "server.log").open("w")
        self.process = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log)
        until = time.monotonic() + STARTING
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=1)
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError((self.var / "server.log").read_text())

    def stop(self) -> None:
        """Stop as an administrator would."""
        self.process.terminate()
        self.process.wait(STARTING)
        self.log.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration region, loaded by the command that users run."""
    served = Served(tmp_path_factory.mktemp("var"))
    loaded = served.ask("demo")
    assert loaded.returncode == 0, loaded.stderr
    served.told = loaded.stdout + loaded.stderr
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium with a camera that shows a test picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


class Seat:
    """A browser context of one person: on a phone or at a desk, with a line of its own."""

    def __init__(self, context: BrowserContext, line: Line) -> None:
        self.context, self.line = context, line
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path: str) -> None:
        """Go there."""
        self.page.goto(self.line.url + path)

    def picture(self, name: str) -> None:
        """A picture for README (make pictures), or nothing."""
        if folder := os.environ.get("ONEVISIT_PICTURES"):
            self.page.wait_for_timeout(400)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"))


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Remember that a test failed, so that its screens are kept."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def sit(served: Served, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Seat]]:
    """`sit(phone=True)`: a new person with a new device. A failed test leaves its screens in test-results/."""
    seats: list[Seat] = []
    with ExitStack() as stack:

        def make(*, phone: bool) -> Seat:
            line = stack.enter_context(Line(served.url))
            kind: dict[str, Any] = PHONE if phone else DESK
            context = chromium.new_context(
                **kind, locale="zh-CN", timezone_id="Asia/Shanghai", permissions=["camera", "geolocation"],
                geolocation={"latitude": 35.5867, "longitude": 100.7473, "accuracy": 8}, accept_downloads=True,
            )  # fmt: skip
            context.set_default_timeout(20_000)
            context.clock.install(time=NOON)
            stack.callback(context.close)
            seats.append(Seat(context, line))
            return seats[-1]

        yield make
        if request.node.stash.get(FAILED, False):
            for number, seat in enumerate(seats):
                seat.page.screenshot(path=f"test-results/{request.node.name}-{number}.png")
                print(seat.page.url, seat.errors, seat.page.inner_text("body"), sep="\n")
