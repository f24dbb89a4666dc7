"""How does an inspector walk the road? A phone, a PIN, and thumbs."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Seat
from tests.e2e.office import PASSWORD

PIN = "135790"


@dataclass
class Phone:
    """A phone in an inspector's hand."""

    seat: Seat
    visit: str = ""
    read: str = ""  # the document as the subject last read it

    @property
    def page(self) -> Page:
        """The browser's page."""
        return self.seat.page

    def sign_in(self, username: str) -> "Phone":
        """The first time on this phone: name, password, a PIN of one's own typed twice."""
        self.seat.open("/login")
        self.page.get_by_label("账号").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_text("设置本机口令").wait_for()
        for _ in range(2):
            self.type_pin()
        self.page.get_by_role("heading", name="我的任务").wait_for()
        return self

    def type_pin(self) -> None:
        """Six digits on the pad; the pad empties itself when it has taken them."""
        for digit in PIN:
            self.page.get_by_role("button", name=digit, exact=True).click()
        self.page.wait_for_timeout(1500)

    def network(self, on: bool) -> None:
        """Walk out of the signal, or into it."""
        self.seat.context.set_offline(not on)

    @property
    def next(self) -> Locator:
        """The one filled button."""
        return self.page.locator("button.next, a.next").last

    def go(self, says: str) -> None:
        """Press the filled button, which must say this."""
        expect(self.next).to_contain_text(says)
        expect(self.next).not_to_have_attribute("aria-disabled", "true")
        self.next.click()

    def open_visit(self, visit: str) -> None:
        """From my tasks to the visit."""
        self.page.get_by_text("本周").first.click()
        self.page.locator(f'a[href="/visits/{visit}"]').first.click()
        self.page.get_by_text("预查比对").wait_for()

    def arrive(self) -> None:
        """Arrive, show the code, begin."""
        self.go("已到达，亮码")
        self.page.get_by_text("核对来的是").first.wait_for()
        self.go("已出示证件，开始检查")
        self.page.get_by_role("heading", name="检查表").wait_for()

    def entry(self, number: int) -> Locator:
        """The card of an entry of the item that is open."""
        return self.page.get_by_role("region", name=f"第 {number} 条", exact=True)

    def fail(self, number: int, note: str, photos: int) -> None:
        """One failure: a phrase, a note, photos from the camera."""
        card = self.entry(number)
        card.get_by_role("button", name="不合格").click()
        phrase = card.locator(".chips button").first
        phrase.click()
        expect(phrase).to_have_attribute("aria-pressed", "true")
        card.get_by_role("textbox").first.fill(note)
        card.get_by_text("拍照", exact=True).click()
        shutter = self.page.get_by_role("button", name="拍照", exact=True)
        for taken in range(1, photos + 1):
            expect(shutter).to_be_enabled()
            shutter.click()
            self.page.get_by_text(f"第 {number} 条，{taken} 张").first.wait_for()
        self.page.get_by_role("button", name="完成").or_(
            self.page.get_by_role("link", name="完成")
        ).last.click()
        card.wait_for()

    def order(self, number: int) -> None:
        """A rectification order with a date, for the failure of this entry."""
        self.entry(number).get_by_text("责令改正").first.click()
        self.page.get_by_role("button", name="改好后上传照片").click()
        self.go("开出责令改正通知书")
        self.entry(number).wait_for()

    def pass_the_rest(self) -> None:
        """其余全部合格, and what is asked besides; on to the next item, to the results."""
        self.page.wait_for_timeout(400)
        if "其余" in self.next.inner_text():
            self.next.click()
            self.page.get_by_text("撤销").wait_for()
        for field in self.page.locator("main .entry input").all():
            if field.is_visible() and not field.input_value():
                field.fill("0")
                field.press("Tab")
        expect(self.next).not_to_contain_text("还差")

    def hand_in_part(self) -> None:
        """The results are right: this department's part is ready."""
        self.go("看结果")
        self.go("结果无误，我的部分齐了")
        self.page.wait_for_url("**/gather")

    def sign(self) -> None:
        """Draw a name on the pad, and wait until the next one is asked for his or the page is another."""
        pad = self.page.locator("canvas").first
        pad.wait_for()
        done = self.page.get_by_role("button", name="签好了")
        # What the one before drew may still be on its way into the phone: until then the pad takes no stroke.
        expect(done).to_have_attribute("aria-busy", "false")
        expect(done).to_have_attribute("aria-disabled", "true")
        asked = self.page.locator("main").inner_text()
        box = pad.bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x - 40, y - 60)
        self.page.mouse.down()
        for step in range(1, 12):
            self.page.mouse.move(x - 40 + 8 * step, y - 60 + (30 if step % 2 else 0) + 6 * step)
        self.page.mouse.up()
        done.click()
        self.page.wait_for_function(
            "before => document.querySelector('main')?.innerText !== before", arg=asked
        )

    def confirm_and_sign(self, stamp: Path, signers: int) -> str:
        """The subject reads, stamps and signs; the inspectors sign after him. The code they all signed."""
        picture = stamp / "stamp.jpg"
        image = Image.new("RGB", (640, 640), "white")
        ImageDraw.Draw(image).ellipse((60, 60, 580, 580), outline=(200, 30, 30), width=18)
        image.save(picture, quality=90)
        self.page.get_by_text("您看到的就是要保存的").wait_for()
        code = " ".join(self.page.locator(".digest span").all_inner_texts())
        self.read = self.page.get_by_label("检查记录", exact=True).inner_text()
        self.page.locator("input[type=file]").set_input_files(picture)
        self.page.get_by_text("印章已拍下").wait_for()
        self.seat.picture("phone-confirm")
        self.go("无异议，去签字")
        for number in range(signers):
            self.page.get_by_role("button", name="签好了").wait_for()
            if number == 0:
                self.seat.picture("phone-sign")
            self.sign()
        return code

    def gather(self, says: str) -> None:
        """Receive until the parts are here."""
        here = self.page.get_by_text(says)
        for _ in range(20):
            if here.count():
                break
            again = self.page.get_by_role("button", name="现在收一次别人的")
            if again.count() and again.is_enabled():
                again.click()
            self.page.wait_for_timeout(1500)
        here.wait_for()

    def first_visit(self) -> str:
        """The id of the first visit of the week."""
        self.page.get_by_text("本周").first.click()
        address = self.page.locator('a[href^="/visits/"]').first.get_attribute("href")
        assert address
        self.visit = address.split("/")[2]
        return self.visit

    def kept(self) -> None:
        """Wait until the whole field app is on this phone: what was opened once must open without a network."""
        self.page.get_by_text("应用已全部在本机").first.wait_for(timeout=60_000)

    def unlock(self, path: str) -> None:
        """Open the app at a place, with the PIN."""
        self.seat.open(path)
        self.page.get_by_role("button", name="5", exact=True).wait_for()
        self.type_pin()

    def finish(self, visit: str) -> None:
        """What the leader had signed reaches this phone; leave, and hand the part in for review."""
        self.unlock(f"/visits/{visit}/sealed")
        self.page.get_by_text("都签好了").wait_for(timeout=60_000)
        self.go("离开，结束上门")
        self.page.get_by_role("heading", name="我的任务").wait_for()

    def open_returned(self, reason: str) -> None:
        """The to-do that a review made, from my tasks to the entry."""
        self.unlock("/")
        todo = self.page.locator("a").filter(has_text=reason).first
        todo.wait_for(timeout=60_000)
        self.seat.picture("phone-returned")
        todo.click()
        self.page.get_by_text("为什么改").wait_for()

    def amend(self, number: int, note: str, reason: str) -> None:
        """Change the note of an entry that was signed: with a reason, the old wording stays visible."""
        self.page.get_by_role("textbox").first.fill(reason)
        written = self.entry(number).get_by_role("textbox").first
        written.fill(note)
        written.press("Tab")
        self.entry(number).get_by_text("原来：").wait_for()
