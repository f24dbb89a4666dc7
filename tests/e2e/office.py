"""How does somebody at a desk walk the road? Clicking what people click, reading what people read."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Seat

PASSWORD = "onevisit-demo"


@dataclass
class Desk:
    """A desk at which one account after the other signs in."""

    seat: Seat

    @property
    def page(self) -> Page:
        """The browser's page."""
        return self.seat.page

    def sign_in(self, username: str) -> "Desk":
        """Sign in afresh as this account."""
        self.seat.context.clear_cookies()
        self.seat.open("/login")
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url("**/office**")
        return self

    def confirm(self, typed: str | None = None) -> None:
        """Read the consequences, type what is asked, go on."""
        dialog = self.page.locator("dialog:visible").first
        if typed:
            dialog.get_by_role("textbox").fill(typed)
        dialog.locator("button[type=submit]").click()
        dialog.wait_for(state="hidden")

    # -- plan and task

    def open_plan(self) -> None:
        """The only plan there is."""
        self.seat.open("/office/plans")
        self.page.locator("main").get_by_text("抽查计划").last.click()
        self.page.get_by_text("按月均衡").first.wait_for()

    def publish_plan(self, year: str) -> None:
        """Publish the plan that is open."""
        self.page.get_by_role("button", name="公布计划").click()
        self.confirm(year)
        self.page.get_by_text("已公布").first.wait_for()

    def open_task(self, entry: str) -> str:
        """Open the task of a row of the plan; its address."""
        self.page.get_by_role("button", name=entry).click()
        self.page.get_by_role("button", name="开任务").last.click()
        self.page.wait_for_url("**/office/tasks/**")
        return self.page.url.rsplit("/", 1)[1]

    # -- draw

    def freeze(self) -> str:
        """From the task into the draw room; its address."""
        self.page.get_by_role("link", name="去抽取").first.click()
        self.page.get_by_role("button", name="冻结名单，进抽取室").click()
        self.page.wait_for_url(lambda url: "/office/draws/" in url and "new" not in url)
        return self.page.url.rsplit("/", 1)[1]

    def promise(self) -> None:
        """Make a secret in this browser and hand in its commitment."""
        self.page.get_by_role("button", name="产生随机数，交承诺").click()
        self.page.get_by_text("已交承诺").or_(self.page.get_by_text("承诺 ")).first.wait_for()
        expect(self.page.get_by_role("button", name="产生随机数，交承诺")).to_have_count(0)

    def fix_commit(self) -> None:
        """Publish the commit: nothing can be changed from here on."""
        self.page.get_by_role("button", name="公布承诺值").click()
        self.confirm()
        self.page.get_by_role("button", name="揭示").wait_for()

    def reveal(self, task_no: str) -> None:
        """Reveal this party's secret."""
        self.page.get_by_role("button", name="揭示", exact=True).click()
        self.confirm(task_no)
        self.page.get_by_text("揭示与承诺相符").first.wait_for()

    def check_draw(self) -> None:
        """Recompute the draw in this browser."""
        self.page.get_by_role("button", name="验算", exact=True).click()
        self.page.get_by_text("与名单逐一相同").first.wait_for()

    # -- dispatch

    def dispatch(self, task: str, task_no: str) -> None:
        """Dispatch what was drawn."""
        self.seat.open(f"/office/tasks/{task}")
        self.page.get_by_role("button", name="派发").click()
        self.confirm(task_no)
        self.page.wait_for_url("**/office/dispatches/**")

    def claim(self, task: str) -> None:
        """Claim the department's part of every visit."""
        self.seat.open(f"/office/dispatches/{task}")
        self.page.get_by_role("button", name="全部认领").click()
        expect(self.page.get_by_role("button", name="全部认领")).to_have_count(0)

    def teams(self) -> list[list[str]]:
        """Who goes, department by department, the leader first: as the board's first visit shows it."""
        cells = self.page.locator("table.t tbody tr").first.locator("td")
        found = []
        for number in range(2, cells.count() - 1):
            cell = cells.nth(number)
            lead = cell.locator("b").all_inner_texts()
            names = cell.evaluate(
                "cell => [...cell.childNodes].filter(n => n.nodeName !== 'SMALL').map(n => n.textContent).join('')"
            )
            found.append(lead + [name for name in names.split("、") if name not in lead])
        return found

    # -- review and publication

    def open_review(self, department: str) -> None:
        """The first part of this department that waits; it comes when the phone has sent it."""
        mine = self.page.locator("table.t tbody tr").filter(has_text=department)
        for _ in range(30):
            self.seat.open("/office/reviews")
            self.rows().first.or_(self.page.get_by_text("没有待审核的")).first.wait_for()
            if mine.count():
                break
            self.page.wait_for_timeout(1000)
        mine.first.click()
        self.page.locator("#reason").wait_for()

    def send_back(self, reason: str) -> None:
        """Send the chosen item back."""
        self.page.locator("#reason").fill(reason)
        self.page.get_by_role("button", name="退回这一项").click()
        self.page.get_by_text(f"已退回：{reason}").or_(self.page.get_by_text("没有待审核的")).first.wait_for()

    def accept(self, button: str) -> None:
        """Accept the part, as soon as every original is here."""
        accepting = self.page.get_by_role("button", name=button)
        for _ in range(40):
            accepting.wait_for()
            if accepting.is_enabled():
                break
            self.page.wait_for_timeout(1500)
            self.page.reload()
        accepting.click()
        expect(self.page.get_by_role("button", name=button)).to_have_count(0)

    def publish_results(self) -> None:
        """Publish every result that waits for this department."""
        self.seat.open("/office/publications")
        self.page.get_by_role("button", name="公示", exact=True).wait_for()
        self.page.get_by_role("button", name="公示", exact=True).click()
        self.confirm()
        self.page.get_by_text("还没有").or_(self.page.get_by_text("没有待公示")).first.wait_for()

    def export(self, kind: str, folder: Path) -> Path:
        """Download the national field set."""
        with self.page.expect_download() as downloading:
            self.page.get_by_role("button", name=f"导出 {kind}").click()
        file = folder / f"results.{kind.lower()}"
        downloading.value.save_as(file)
        return file

    def rows(self) -> Locator:
        """The rows of the table shown."""
        return self.page.locator("table.t tbody tr")
