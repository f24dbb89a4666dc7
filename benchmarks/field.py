"""How quick is the field app on a weak phone and a weak line? Chromium with a quarter of its speed, 1.6 Mbit/s and 150 ms.

`make bench WHAT=field`: targets of figures.md beside each figure. A checklist of 300 entries and 60 photos are on the phone.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Route, sync_playwright
from tests.e2e.conftest import CHROMIUM, Served
from tests.e2e.dispatched import leader_of_first_visit, with_visits
from tests.e2e.faults import Line
from tests.e2e.field import Phone
from tests.e2e.handset import PIN, Handset, handset
from tests.e2e.weighing import before_usable, kept_files

from benchmarks.measure import table

SLOW_CPU = 4
LINK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
ENTRIES, PHOTOS, TAPS, OPENINGS = 300, 60, 41, 7
PIN_ASKED = "输入本机口令"

# When do the words stand in a painted frame? By the page's own clock, from the start of the navigation.
READY = """{ globalThis.ready = new Promise((resolve) => {
  const look = () => { if (!document.body?.textContent.includes('%s')) return; watch.disconnect()
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))) }
  const watch = new MutationObserver(look)
  watch.observe(document, { childList: true, subtree: true, characterData: true }) }) }"""
AWAITED = "Promise.race([ready, new Promise((_, never) => setTimeout(never, 30000, new Error('the words never came')))])"
# What one tap costs: until the next frame (what a hand feels), until the tick stands there (after the disk).
WATCH = """() => { window.taps = []; window.ticks = []
  new PerformanceObserver((list) => list.getEntries().filter(({ name }) => name === 'click').forEach(({ duration }) => window.taps.push(duration))).observe({ type: 'event', durationThreshold: 16 })
  document.addEventListener('click', ({ target, timeStamp }) => {
    const one = target.closest('button')
    const watch = new MutationObserver(() => { if (one.getAttribute('aria-pressed') !== 'true') return
      watch.disconnect(); requestAnimationFrame(() => setTimeout(() => window.ticks.push(performance.now() - timeStamp))) })
    watch.observe(one, { attributes: true }) }, true) }"""
# Nobody's hand searches a page for its button; the place is asked before, and a thumb goes there.
PLACE = """async ([name, answer]) => {
  const card = document.querySelector(`section[aria-label="${name}"]`)
  card.scrollIntoView({ block: 'center' })
  for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
  const { x, y, width, height } = [...card.querySelectorAll('.answers button')].find((button) => button.textContent.trim() === answer).getBoundingClientRect()
  return [x + width / 2, y + height / 2] }"""
BARE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><body>输入本机口令<button style="width:300px;height:80px"
  onclick="this.style.background = this.style.background ? '' : 'green'">x</button>"""


def main() -> None:
    """Prints the table."""
    folder = Path(tempfile.mkdtemp(prefix="onevisit-bench-field-", dir="/var/tmp"))
    headings = ["问", "量到", "目标"]
    print(
        f"Chromium, {SLOW_CPU}× CPU slowdown; line 1.6 Mbit/s, 150 ms; {OPENINGS} openings, {2 * TAPS} taps\n"
    )
    with with_visits(folder) as served, chromium() as browser:
        print(table(headings, line_rows(served, browser)), flush=True)
        print(table(headings, visit_rows(served, browser)))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


def slowed(page: Page, *, line: bool = False) -> CDPSession:
    """A weak phone, and if asked a weak line."""
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
    if line:
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", LINK)
    return session


def seconds(act: Callable[[], Any]) -> float:
    """How long it took."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def line_rows(served: Served, browser: Browser) -> list[list[str]]:
    """First load, and second open on the same line."""
    username = leader_of_first_visit(served)
    firsts = []
    weighed = 0
    _, rest = kept_files(served.url)
    for _ in range(3):
        with Line(served.url) as line, handset(browser, line.url, measured=True) as phone:
            slowed(phone.page, line=True)
            page = phone.page
            firsts.append(
                seconds(
                    lambda page=page, url=line.url: (page.goto(url), page.get_by_label("账号").wait_for())
                )
            )
            phone.sign_in(username)
            phone.first_visit()
            _, counted = before_usable(list(line.weighed), rest)
            weighed = sum(weight for _, weight in counted)
            phone.whole()
    with handset(browser, served.url, measured=True) as phone:
        phone.open("/")
        phone.sign_in(username)
        phone.first_visit()
        phone.whole()
        phone.context.add_init_script(READY % PIN_ASKED)
        phone.context.route("**/healthz", lambda route: route.fulfill(body=BARE, content_type="text/html"))
        phone.page.goto("about:blank")
        opened, bare = (
            list(zip(*(opening(phone, path) for _ in range(OPENINGS)), strict=True))
            for path in ("/", "/healthz")
        )
    return [
        ["第一次打开到可用（弱网）", f"{statistics.median(firsts):.2f} s", "≤ 2.6 s"],
        ["到“我的任务”可用为止的字节", f"{weighed / 1024:.0f} KiB", "≤ 190 KiB"],
        ["第二次打开（弱网，先用缓存），从外面看", spread(opened[1], 1000, "s", 2), "≤ 0.9 s"],
        ["　按页面自己的钟", spread(opened[0], 1000, "s", 2), "—"],
        ["（裸）只有一行字的页，从外面看", spread(bare[1], 1000, "s", 2), "—"],
        ["　按页面自己的钟", spread(bare[0], 1000, "s", 2), "—"],
    ]


def opening(phone: Handset, path: str) -> tuple[float, float]:
    """Milliseconds from the start of a new page to the words on it: by its own clock, and by ours."""
    page = phone.context.new_page()
    slowed(page, line=True)
    began = time.perf_counter()
    page.goto(phone.url + path, wait_until="commit")
    took: float = page.evaluate(AWAITED)
    outside = 1000 * (time.perf_counter() - began)
    page.close()
    return took, outside


def spread(taken: Sequence[float], unit: float = 1, name: str = "ms", places: int = 0) -> str:
    """Median, 95th of a hundred, and the worst."""
    there = sorted(taken)
    at95 = there[min(len(there) - 1, int(len(there) * 0.95))]
    middle, high, most = (f"{one / unit:.{places}f}" for one in (statistics.median(there), at95, there[-1]))
    return f"{middle} {name}，p95 {high}，最长 {most}"


def visit_rows(served: Served, browser: Browser) -> list[list[str]]:
    """A visit opened offline, and taps in a long checklist with many photos waiting."""
    with handset(browser, served.url, measured=True) as phone:
        phone.context.route("**/api/sync/changes*", long_checklist)
        phone.open("/")
        phone.sign_in(leader_of_first_visit(served))
        visit = phone.first_visit()
        phone.whole()
        item = loaded(phone, visit)
        phone.context.set_offline(True)
        cold, warm = [], []
        for _ in range(OPENINGS):
            page = phone.open(f"/visits/{visit}")
            slowed(page)
            page.get_by_text("输入本机口令").wait_for()
            cold.append(
                seconds(lambda page=page: (page.keyboard.type(PIN), page.get_by_text("检查小组").wait_for()))
            )
            page.get_by_role("link", name="返回").click()
            page.get_by_role("tab", name="本周").click()
            card = page.locator(f'#visits a[href="/visits/{visit}"]').first
            warm.append(
                seconds(lambda card=card, page=page: (card.click(), page.get_by_text("检查小组").wait_for()))
            )
        frames, ticks = taps(phone, f"/visits/{visit}/checklist/{item}")
        bare = bare_taps(phone)
    return [
        ["离线打开一次上门（从我的任务点开）", f"{statistics.median(warm):.2f} s", "≤ 0.8 s"],
        ["离线打开一次上门（从输口令算起）", f"{statistics.median(cold):.2f} s", "—"],
        [f"点一下到下一帧（{ENTRIES} 条，{PHOTOS} 张照片待传）", spread(frames), "≤ 50 ms"],
        ["（裸）空白页上一个按钮点一下到下一帧", spread(bare), "—"],
        ["点一下到勾出现（已写入磁盘）", spread(ticks), "—"],
    ]  # fmt: skip


def long_checklist(route: Route) -> None:
    """The first item of every part has 300 entries, as the largest self-inspection lists have."""
    answer = route.fetch()
    page = answer.json()
    for package in page.get("visits", []):
        for part in package["parts"]:
            item = part["items"][0]
            first = next(
                (one["entries"] for one in page["checklists"] if one["hash"] == item["checklist"]["hash"]),
                None,
            )
            model = (item["checklist"].get("entries") or first)[0]
            entries = [
                {**model, "id": f"b{n}", "no": str(n), "answer": "pass_fail", "condition": None, "evidence": "none",
                 "text": f"第 {n} 项：{model['text']}"}
                for n in range(1, ENTRIES + 1)
            ]  # fmt: skip
            item["checklist"] = {**item["checklist"], "hash": "0" * 64, "entries": entries}
    route.fulfill(response=answer, body=json.dumps(page))


def loaded(phone: Handset, visit: str) -> str:
    """Arrived; one failure with 60 photos, all of them waiting."""
    page = phone.page
    page.locator(f'#visits a[href="/visits/{visit}"]').first.click()
    page.get_by_text("预查比对").wait_for()
    walk = Phone(phone)  # type: ignore[arg-type]
    walk.next.wait_for()
    walk.arrive()
    phone.context.set_offline(True)
    walk.fail(1, "示例说明", PHOTOS)
    page.wait_for_url("**/checklist/*")
    return page.url.rsplit("/", 1)[1].split("?")[0].split("#")[0]


def taps(phone: Handset, place: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each tap: to the next frame, and to the tick."""
    page = phone.open(place)
    page.get_by_text("输入本机口令").wait_for()
    page.keyboard.type(PIN)
    page.get_by_role("region", name="第 2 条", exact=True).wait_for()
    page.wait_for_timeout(2000)
    slowed(page)
    page.evaluate(WATCH)
    for answer in ("合格", "不适用"):
        for n in range(2, 2 + TAPS):
            tap(page, *page.evaluate(PLACE, [f"第 {n} 条", answer]))
    page.wait_for_timeout(1000)
    return page.evaluate("window.taps"), page.evaluate("window.ticks")


def bare_taps(phone: Handset) -> list[float]:
    """The same taps where nothing has to be done: what the browser itself takes here and now."""
    page = phone.context.new_page()
    page.set_content(BARE)
    slowed(page)
    page.evaluate(WATCH)
    for _ in range(TAPS):
        tap(page, 150, 60)
    page.wait_for_timeout(1000)
    return page.evaluate("window.taps")


def tap(page: Page, x: float, y: float) -> None:
    """A thumb, and the moment until the next."""
    page.touchscreen.tap(x, y)
    page.wait_for_timeout(250)


if __name__ == "__main__":
    main()
