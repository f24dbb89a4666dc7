"""What does the shell of the app do on a phone? Signing in, waiting until all of it is kept, reading what the browser says."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.e2e.conftest import NOON, PHONE
from tests.e2e.office import PASSWORD

PIN = "135790"
CONTROLLED = """() => new Promise((resolve) => {
  const workers = navigator.serviceWorker
  if (workers.controller) resolve()
  else workers.addEventListener('controllerchange', () => resolve(), { once: true })
})"""


class Handset:
    """One phone with one app; its pages come and go."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.said: list[str] = []
        """Errors and warnings of every page, and what it did not get; never the server's silence to `/api`."""
        context.on("page", self._listen)
        self.page: Page = context.new_page()

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("console", self._hear)
        page.on("requestfailed", lambda request: self._missed(request.url))

    def _missed(self, url: str) -> None:
        if not url.startswith(f"{self.url}/api/"):
            self.said.append(f"not there: {url}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.location["url"].startswith(
            f"{self.url}/api/"
        ):
            self.said.append(message.text)

    def open(self, path: str = "/") -> Page:
        """Close what is open and start the app anew, as from the home screen or a link."""
        page = self.context.new_page()
        self.page.close()
        self.page = page
        page.goto(self.url + path)
        return page

    def controlled(self) -> None:
        """The service worker is installed and answers for the page."""
        self.page.evaluate(CONTROLLED)

    def type_pin(self) -> None:
        """Six digits by thumb."""
        for digit in PIN:
            self.page.get_by_role("button", name=digit, exact=True).click()

    def sign_in(self, username: str) -> None:
        """The first time on this phone."""
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_text("六位数字").wait_for()
        self.type_pin()
        self.page.get_by_text("再输一遍").wait_for()
        self.type_pin()
        self.page.get_by_role("heading", name="我的任务").wait_for()

    def first_visit(self) -> str:
        """Its id, once 我的任务 shows it."""
        self.page.get_by_role("tab", name="本周").click()
        link = self.page.locator('#visits a[href^="/visits/"]').first
        return (link.get_attribute("href") or "").split("/")[2]

    def whole(self) -> None:
        """All of the application is on the phone, and 我的任务 says so."""
        self.page.get_by_text("应用已全部在本机").wait_for(timeout=60_000)

    def unlock(self) -> None:
        """The PIN of this phone."""
        self.page.get_by_text("输入本机口令").wait_for()
        self.type_pin()


ANOTHER_DAY = """{ const Real = Date, ahead = %d - Real.now()
  globalThis.Date = class extends Real { constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead) }
    static now() { return Real.now() + ahead } } }"""


@contextmanager
def handset(chromium: Browser, url: str, *, measured: bool = False) -> Iterator[Handset]:
    """A new phone. `measured`: only its day is another; timers and frames stay the browser's own."""
    context = chromium.new_context(
        **PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", permissions=["geolocation", "camera"],
        geolocation={"latitude": 35.5867, "longitude": 100.7473, "accuracy": 8},
    )  # fmt: skip
    context.set_default_timeout(20_000)
    if measured:
        context.add_init_script(ANOTHER_DAY % (NOON.timestamp() * 1000))
    else:
        context.clock.install(time=NOON)
    try:
        yield Handset(context, url)
    finally:
        context.close()
