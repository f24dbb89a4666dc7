"""What is a look, and what do all walks share? A picture of each screen in its four looks, with what is wrong with it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Error, Page
from tests.e2e.conftest import Served
from tests.e2e.dispatched import Api
from tests.e2e.field import Phone
from tests.e2e.handset import PIN, Handset
from tests.e2e.screens import faults, go

SIZES = ((390, 844), (320, 640))
SCHEMES = ("light", "dark")
LONG = (
    "示例：前台登记簿只有当天的，九月以前的在二楼办公室保险柜里，负责人说钥匙在会计手里，当场没有取出来核对。"
)
LONGEST = 4000
ENDLESS = 1_000_000


@dataclass
class Looks:
    """The folder of pictures, and what was found wrong."""

    folder: Path
    names: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def take(
        self, page: Page, name: str, *, axe: bool = True, large: bool = False, whole: bool = True
    ) -> None:
        """The screen that is open, in its four looks; not `whole`: only what a hand sees at once."""
        page.wait_for_timeout(250)
        self.names.append(name)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.wait_for_timeout(120)
                self.keep(page, f"{name}-{width}-{scheme}", width, height if whole else ENDLESS)
                if axe and width == 320:
                    self._check(page, f"{name} {width} {scheme}")
        page.emulate_media(color_scheme="light")
        if large:
            page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
            self.keep(page, f"{name}-320-large", 320, 640)
            self.wrong += [
                f"{name} at 200 %: {one}" for one in faults(page) if "wider" in one or "cut off" in one
            ]
            page.evaluate("() => { document.documentElement.style.fontSize = '' }")
        page.set_viewport_size({"width": 390, "height": 844})

    def keep(self, page: Page, name: str, width: int = 390, height: int = 844) -> None:
        """The whole of it: on a screen as high as the page is long, so that its foot stands at its end."""
        whole = int(page.evaluate("() => document.documentElement.scrollHeight"))
        if whole > height:
            page.set_viewport_size({"width": width, "height": min(whole, LONGEST)})
            page.wait_for_timeout(100)
        page.screenshot(path=str(self.folder / f"{name}.png"), scale="css")
        if whole > height:
            page.set_viewport_size({"width": width, "height": height})

    def _check(self, page: Page, name: str) -> None:
        self.wrong += [f"{name}: {one}" for one in faults(page)]
        if (filled := page.locator("a.next:visible, button.next:visible").count()) > 1:
            self.wrong.append(f"{name}: {filled} filled buttons")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One thing that may go wrong without ending the walk; a failure is kept as a picture-less line."""
        try:
            yield
        except (Error, AssertionError) as error:
            self.wrong.append(f"step {name} failed: {str(error).splitlines()[0]}")


def walking(phone: Handset) -> Phone:
    """The same phone with a walker's thumbs."""
    return Phone(phone)  # type: ignore[arg-type]


def opened(phone: Handset, path: str) -> Page:
    """The app opened anew at a place, with the PIN."""
    page = phone.open(path)
    page.get_by_text("输入本机口令").wait_for()
    page.keyboard.type(PIN)
    page.locator("main.screen, main.cam").first.wait_for()
    return page


def signed_in(phone: Handset, username: str) -> str:
    """My tasks on a new phone; the id of the first visit."""
    phone.open("/")
    phone.sign_in(username)
    visit = phone.first_visit()
    phone.whole()
    return visit


def teams(served: Served) -> tuple[str, list[list[str]]]:
    """The first visit and the accounts of its teams: the initiating department first, its leader first."""
    desk = Api(served.url, "ga-desk")
    task = desk.ask("GET", "/tasks")["items"][0]["id"]
    visit = desk.ask("GET", f"/dispatches/board?task_id={task}")["visits"][0]["id"]
    parts = sorted(
        desk.ask("GET", f"/dispatches/visits/{visit}")["parts"], key=lambda part: not part["initiating"]
    )
    return visit, [
        [served.username(one["name"]) for one in sorted(part["team"], key=lambda one: not one["leads"])] for part in parts
    ]  # fmt: skip


def finish_part(walk: Phone) -> None:
    """What is left of this department's part, up to 查完了."""
    walk.pass_the_rest()
    while "下一项" in walk.next.inner_text():
        walk.go("下一项")
        walk.pass_the_rest()
    walk.hand_in_part()


def do_part(phone: Handset, visit: str, *, failing: bool = False) -> None:
    """A whole part from the door on."""
    walk = walking(phone)
    go(phone.page, f"/visits/{visit}")
    walk.next.wait_for()
    walk.arrive()
    if failing:
        walk.fail(1, LONG, 2)
        walk.order(1)
    finish_part(walk)


def stamped(page: Page) -> None:
    """A red circle, as a stamp photographed."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "stamp.jpg"
        image = Image.new("RGB", (640, 640), "white")
        ImageDraw.Draw(image).ellipse((60, 60, 580, 580), outline=(200, 30, 30), width=18)
        image.save(picture, quality=90)
        page.locator("input[type=file]").first.set_input_files(picture)
        page.get_by_text("印章已拍下").wait_for()
