"""Is nothing that was ticked ever lost, whatever befalls the browser, its store or its line? And is it said in words?

`make browser-faults` runs every scenario and prints the table; the suite runs the quick ones.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.atwork import Hand, hand_at_work
from tests.e2e.conftest import NOON, Served
from tests.e2e.dispatched import leader_of_first_visit, with_visits
from tests.e2e.faults import Fault
from tests.e2e.handset import PIN
from tests.e2e.screens import go
from tests.e2e.test_phone_itself import answers, die
from tests.e2e.test_update import BANNER, FETCHED, next_build, version  # noqa: F401

ALL = bool(os.environ.get("ONEVISIT_FAULTS"))
TABLE: list[tuple[str, str, str, float]] = []
long = pytest.mark.skipif(not ALL, reason="takes minutes on a slowed line: make browser-faults runs it")
BUNDLES, FILES = "/api/sync/bundles", "/api/evidence/files/"
NOT_REACHED, PORTAL = "没有连上服务器", "连上的网络要先登录"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Visits wait here."""
    with with_visits(tmp_path_factory.mktemp("region")) as served:
        yield served


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    """What the command prints at its end."""
    yield
    if ALL:
        print("\n\n| 情形 | 用户看到 | 结果 | 秒 |\n| --- | --- | --- | --- |")
        for name, seen, result, seconds in TABLE:
            print(f"| {name} | {seen} | {result} | {seconds:.1f} |")


@pytest.fixture(scope="module")
def worker(region: Served, chromium: Browser) -> Iterator[Hand]:
    """One phone that lives through them all."""
    with hand_at_work(region, chromium, leader_of_first_visit(region)) as hand:
        hand.drain()
        yield hand


@pytest.fixture
def hand(worker: Hand) -> Hand:
    """At the checklist, on a good line."""
    worker.line.faults.clear()
    worker.line.loss, worker.line.rate, worker.line.portal = 0.0, None, None
    worker.phone.context.set_offline(False)
    return worker


@contextmanager
def scenario(hand: Hand, name: str, seen: str) -> Iterator[None]:
    """A line of the table."""
    began = monotonic()
    try:
        yield
    except BaseException:
        TABLE.append((name, seen, "**不成立**", monotonic() - began))
        print(hand.page.url, hand.phone.said[-5:], hand.page.inner_text("body"), sep="\n")
        raise
    TABLE.append((name, seen, "打过勾的都在，传完，两边一致", monotonic() - began))


def waiting(hand: Hand, words: str) -> None:
    """The page 待传 says why, and that nothing is lost; then back to work."""
    go(hand.page, "/outbox")
    hand.page.get_by_role("button", name="现在传").click()
    hand.page.get_by_text(words).first.wait_for()
    expect(hand.page.get_by_role("alert").filter(has_text=words)).to_contain_text("都在本机，没有丢。")
    expect(hand.page.locator("a.badge")).to_contain_text("待传")
    hand.back()


def test_without_a_network(hand: Hand) -> None:
    with scenario(hand, "没有网络", f"待传 n；{NOT_REACHED}"):
        hand.phone.context.set_offline(True)
        hand.tick(4)
        waiting(hand, NOT_REACHED)
        assert answers(hand.page) == hand.ticked
        hand.phone.context.set_offline(False)
        hand.drain()
        hand.same()


@pytest.mark.parametrize("kind", ["page", "redirect"])
def test_behind_a_captive_portal(hand: Hand, kind: str) -> None:
    with scenario(hand, f"要登录的 Wi-Fi（{'每样都回网页' if kind == 'page' else '转到登录页'}）", PORTAL):
        hand.line.portal = kind
        hand.tick(2)
        waiting(hand, PORTAL)
        hand.reopened()
        hand.tick(1)
        hand.line.portal = None
        hand.drain()
        hand.same()


def test_the_line_breaks_in_the_middle_and_after_the_commit(hand: Hand) -> None:
    with scenario(hand, "记录传到一半断线；提交后回答丢失", f"待传 n；{NOT_REACHED}"):
        hand.line.faults += [Fault("POST", BUNDLES, cut_after=200), Fault("POST", BUNDLES, lose_answer=True)]
        hand.tick(3)
        hand.drain()
        assert [fault.struck for fault in hand.line.faults] == [1, 1]
        hand.same()


def test_a_photo_breaks_in_the_middle_and_goes_on(hand: Hand) -> None:
    with scenario(hand, "照片传到一半断线；传完回答丢失", "断点接着传"):
        hand.line.faults += [Fault("POST", FILES, cut_after=5_000), Fault("POST", FILES, lose_answer=True)]
        hand.shoot()
        hand.drain()
        assert [fault.struck for fault in hand.line.faults] == [1, 1]
        hand.same()


# Keeps every connection that the page opens, so that a test can break them behind the application's back.
HOOK = """() => { if (globalThis.opened) return; globalThis.opened = []
  const open = IDBFactory.prototype.open
  IDBFactory.prototype.open = function (...given) { const ask = open.apply(this, given); ask.addEventListener('success', () => globalThis.opened.push(ask.result)); return ask } }"""


def test_the_store_is_closed_under_the_app(hand: Hand) -> None:
    with scenario(hand, "IndexedDB 连接断开", "没有影响，照常打勾"):
        hand.phone.context.add_init_script(f"({HOOK})()")
        hand.reopened()
        for _ in range(3):
            assert hand.page.evaluate("() => globalThis.opened.map((one) => one.close()).length")
            hand.tick(2)
        hand.reopened()
        assert answers(hand.page) == hand.ticked
        hand.drain()
        hand.same()


# What IndexedDB does when the disk is full, at the moment it does it: the write is refused and its transaction ends.
# (Chromium's own override of the quota does not reach IndexedDB.)
FULL = """() => { const add = IDBObjectStore.prototype.add, put = IDBObjectStore.prototype.put
  const refuse = (write) => function (...given) { if (!globalThis.full) return write.apply(this, given)
    this.transaction.abort(); throw new DOMException('示例：满了', 'QuotaExceededError') }
  IDBObjectStore.prototype.add = refuse(add); IDBObjectStore.prototype.put = refuse(put) }"""


def test_the_store_is_full(hand: Hand) -> None:
    with scenario(hand, "存储写满", "这一步没有存上；不打勾，字留在页面上"):
        before = answers(hand.page)
        hand.page.evaluate(FULL)
        hand.page.evaluate("() => { globalThis.full = true }")
        card = hand.page.get_by_role("region", name=hand.entries[1], exact=True)
        card.locator('.answers button[aria-pressed="false"]').first.click()
        hand.page.get_by_text("这一步没有存上").first.wait_for()
        assert answers(hand.page) == before, "no tick without a write"
        hand.page.evaluate("() => { globalThis.full = false }")
        hand.tick(2)
        hand.drain()
        hand.same()


def test_two_tabs_write_one_log(hand: Hand) -> None:
    with scenario(hand, "两个标签页同时记", "两页都看到对方的勾"):
        hand.phone.context.set_offline(True)
        other = second(hand)
        for _ in range(3):
            hand.tick(1)
            hand.tick(1, other)
        for page in (hand.page, other):
            page.wait_for_function(
                '(all) => Object.entries(all).every(([name, word]) => document.querySelector(`section.entry[aria-label="${name}"] .answers [aria-pressed=true]`)?.textContent.trim() === word)',
                arg=hand.ticked,
            )
        hand.phone.context.set_offline(False)
        hand.drain()
        other.close()
        hand.same()


def second(hand: Hand) -> Page:
    """Another tab of the same person at the same checklist."""
    page = hand.phone.context.new_page()
    page.goto(hand.line.url + hand.place)
    page.get_by_text("输入本机口令").wait_for()
    page.keyboard.type(PIN)
    page.get_by_role("region", name=hand.entries[0], exact=True).wait_for()
    return page


@long
def test_eight_tabs_whose_token_ends_renew_it_once(hand: Hand) -> None:
    with scenario(hand, "8 个标签页的登录同时到期", "没有人被退出，只续一次"):
        others = [second(hand) for _ in range(7)]
        for page in others:
            page.wait_for_function("() => document.querySelector('a.badge')")
        hand.drain()
        hand.line.seen.clear()
        hand.phone.context.clock.fast_forward("20:00")
        hand.tick(2)
        for page in others:
            go(page, "/devices")
            page.get_by_text("登记", exact=False).first.wait_for()
        assert [path for _, path, _ in hand.line.seen].count("/api/accounts/refresh") == 1
        for page in others:
            assert "/login" not in page.url
            page.close()
        hand.drain()
        hand.same()


@long
def test_the_page_is_killed_while_it_writes(hand: Hand) -> None:
    with scenario(hand, "页面被杀（10 次）", "打开后一个勾不少"):
        hand.phone.context.set_offline(True)
        for point in range(10):
            hand.tick(1)
            die(hand.phone, point)
            hand.reopened()
            assert answers(hand.page) == hand.ticked, point
        hand.phone.context.set_offline(False)
        hand.drain()
        hand.same()


@long
def test_on_a_line_of_fifty_kilobits(hand: Hand) -> None:
    with scenario(hand, "50 kbit/s", "已传 x/n，一直有数"):
        hand.line.rate = 6_250
        hand.tick(6)
        hand.shoot(2)
        hand.page.locator("a.badge").filter(has_text="已传").or_(
            hand.page.get_by_role("link", name="全部已收到")
        ).first.wait_for(timeout=180_000)
        hand.drain()
        hand.same()


@long
def test_a_third_of_all_requests_is_lost(hand: Hand) -> None:
    with scenario(hand, "三成请求丢失", f"待传 n；{NOT_REACHED}"):
        hand.line.loss, hand.line.lost = 0.3, 0
        for _ in range(6):
            hand.tick(3)
            go(hand.page, "/outbox")
            hand.press_now()
            hand.back()
        hand.shoot(2)
        hand.drain()
        assert hand.line.lost > 0
        hand.same()


@long
def test_the_clock_jumps_during_the_visit(hand: Hand) -> None:
    with scenario(hand, "时钟改了（快一天、慢一天、改回）", "没有影响"):
        for days in (1, -1, 0):
            hand.phone.context.clock.set_system_time(NOON + timedelta(days=days, minutes=30))
            hand.line.faults.append(Fault("POST", FILES, cut_after=100))
            hand.tick(2)
            hand.shoot(2)
            go(hand.page, "/outbox")
        hand.back()
        hand.drain()
        hand.same()
        hand.reopened()
        assert answers(hand.page) == hand.ticked


SWEEP = {"storageTypes": "indexeddb,cache_storage,service_workers,file_systems"}


@long
def test_the_browser_empties_the_store(hand: Hand) -> None:
    """Last but one: the phone is another afterwards."""
    with scenario(hand, "存储被浏览器清空", "当场报警，不打勾；登录后说清服务器上有什么"):
        hand.phone.context.set_offline(True)
        hand.tick(2)  # these two are lost with the store: nothing but a rescue file could have them
        session = hand.phone.context.new_cdp_session(hand.page)
        session.send("Storage.clearDataForOrigin", {"origin": hand.line.url, **SWEEP})
        hand.page.get_by_role("region", name=hand.entries[0], exact=True).locator(
            '.answers button[aria-pressed="false"]'
        ).first.click()
        hand.page.get_by_role("alert").filter(has_text="浏览器清空了这部手机的存储").wait_for()
        hand.phone.context.set_offline(False)
        page = hand.phone.open("/")
        page.get_by_text("浏览器清空了这部手机上保存的内容").wait_for()
        sign_in_again(hand)
        page.get_by_role("heading", name="存储被清空过").wait_for()
        page.get_by_text("条记录，收到于").first.wait_for()
        expect(page.locator("main")).to_contain_text("上次联系服务器是")
        page.get_by_role("link", name="去我的任务").click()
        page.get_by_role("heading", name="我的任务").wait_for()
        hand.phone.whole()
        hand.back()
        hand.ticked = answers(page)
        assert len(hand.ticked) >= 1, "what the server had is back"
        hand.tick(3)
        hand.drain()
        hand.same()


def sign_in_again(hand: Hand) -> None:
    """Name and password, and a PIN, as on a new phone."""
    from tests.e2e.office import PASSWORD

    page = hand.page
    page.get_by_label("账号").fill(leader_of_first_visit(hand.region))
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_text("六位数字").wait_for()
    hand.phone.type_pin()
    page.get_by_text("再输一遍").wait_for()
    hand.phone.type_pin()


@long
def test_an_update_comes_with_five_hundred_operations_and_fifty_photos_waiting(
    hand: Hand,
    next_build: Path,  # noqa: F811
) -> None:
    with scenario(hand, "上门中应用更新，500 条记录和 50 张照片待传", "上门中不问；离开后问，更新后一件不少"):
        hand.phone.context.set_offline(False)
        hand.line.portal = "page"
        hand.shoot(2, photos=50)
        hand.tick(500)
        page, before = hand.page, version(hand.page)
        hand.line.portal = None
        hand.phone.context.route("**/api/**", lambda route: route.abort())
        hand.region.stop()
        hand.region.environment["ONEVISIT_PWA"] = str(next_build)
        hand.region.start()
        page.evaluate(FETCHED)
        hand.tick(1)
        expect(page.get_by_text(BANNER)).to_have_count(0)
        assert version(page) == before
        go(page, "/")
        page.get_by_text(BANNER).wait_for()
        badge = page.locator("a.badge").inner_text()
        page.get_by_role("button", name="更新").click()
        page.get_by_text("输入本机口令").wait_for()
        assert version(page) == "next"
        page.keyboard.type(PIN)
        expect(page.locator("a.badge")).to_have_text(badge)
        hand.back()
        assert answers(page) == hand.ticked
        held = hand.page.evaluate("() => 0") or hand.held("operations")
        assert held >= 550
        hand.phone.context.unroute("**/api/**")
        hand.drain()
        hand.same()
