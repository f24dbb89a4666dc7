"""Do three phones without any network come to one record, one signature, and later to one server state?"""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import NOON, PHONE, Seat, Served
from tests.e2e.dispatched import Api, with_visits
from tests.e2e.evidence import Kept, independent_digest, short
from tests.e2e.faults import Line
from tests.e2e.field import Phone
from tests.e2e.lens import film, with_lens

# What the browsers inside chat apps of 2020 did not have.
OLDER = """
for (const name of ['at', 'flat', 'flatMap']) delete Array.prototype[name];
for (const name of ['fromEntries', 'hasOwn']) delete Object[name];
delete String.prototype.replaceAll;
for (const name of ['BigInt', 'structuredClone']) delete window[name];
Object.defineProperty(window, 'localStorage', { get() { throw new Error('not here'); } });
"""


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Served]:
    """A region whose visits wait on the phones."""
    with with_visits(tmp_path) as served:
        yield served


@pytest.fixture
def bring(region: Served, chromium: Browser) -> Iterator[Callable[[str], Phone]]:
    """`bring(name)`: this inspector with a phone whose camera sees what is held before it."""
    with ExitStack() as stack:

        def make(name: str) -> Phone:
            line = stack.enter_context(Line(region.url))
            context = chromium.new_context(
                **PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", permissions=["camera", "geolocation"],
                geolocation={"latitude": 35.5867, "longitude": 100.7473, "accuracy": 8},
            )  # fmt: skip
            stack.callback(context.close)
            context.set_default_timeout(20_000)
            context.clock.install(time=NOON)
            with_lens(context)
            return Phone(Seat(context, line)).sign_in(region.username(name))

        yield make


def test_together_without_network(
    region: Served, bring: Callable[[str], Phone], tmp_path: Path, capsys: Any
) -> None:
    visit, names = first_visit(region)
    # The leader's phone comes last: from its first contact on it knows the keys of all the others.
    *others, lead = [bring(name) for name in reversed(names)]
    phones = [lead, *others]
    for phone in phones:
        phone.kept()
    for phone in phones:
        phone.network(False)
        check_part(phone, visit)

    for phone in others:
        hand_over(phone, lead, capsys)
    lead.page.get_by_text(f"{'零一两三四五'[len(phones)]}个部门都到齐了").wait_for()
    # A whole visit back the other way: more than twenty answers in one film.
    hand_over(lead, others[0], capsys)
    lead.go("请当事人核对")
    code = lead.confirm_and_sign(stamp=tmp_path, signers=1 + 2 * len(phones))
    lead.page.get_by_text("都签好了，记录已封存").wait_for()
    assert Kept(region.var).operations() == []

    order = random.Random(20261109).sample(phones, len(phones))
    last = order[-1]
    for phone in order[:-1]:
        phone.network(True)
        sent(phone)
    if last is not lead:
        # Its record is there before it: the leader's phone carried it, as it was signed.
        devices = {one["device"] for one in Kept(region.var).operations()}
        assert len(devices) == len(phones)
    last.network(True)
    sent(last)
    server_is_as_signed(region, visit, code)
    assert [phone.seat.errors for phone in phones] == [[] for _ in phones]


def test_the_subject_signs_on_a_phone_of_his_own(
    region: Served, bring: Callable[[str], Phone], chromium: Browser
) -> None:
    visit, names = first_visit(region)
    lead = bring(names[0])
    check_part(lead, visit)
    with lead.page.expect_response(
        lambda one: one.url.endswith("/subject-link") and one.request.method == "POST"
    ) as told:
        lead.page.get_by_text("请当事人用自己的手机看和签").click()
    link = told.value.json()["url"]
    lead.page.get_by_text("请当事人用手机扫这个码").wait_for()
    lead.seat.picture("phone-own")
    code = lead.page.locator("main .code").first.inner_text()

    subject, stranger = (
        chromium.new_context(**PHONE, locale="zh-CN", timezone_id="Asia/Shanghai") for _ in range(2)
    )
    try:
        subject.add_init_script(OLDER)
        own = Phone(Seat(subject, lead.seat.line))
        own.page.goto(link)
        # A chat app that fetches the address burns nothing.
        assert stranger.request.get(link.split("#")[0]).status == 200
        own.page.get_by_role("button", name="开始核对").click()
        own.page.get_by_text("您的意见").wait_for()
        lead.page.get_by_text("他已打开，正在看").wait_for()
        prying = stranger.new_page()
        prying.goto(link)
        prying.get_by_role("button", name="开始核对").click()
        prying.get_by_text("已经在另一部手机或另一个浏览器里打开").wait_for()
        own.seat.picture("subject-read")
        sign_there(own.page)
        own.page.get_by_text("签好了，记录已保存").wait_for()
        assert " ".join(own.page.locator(".code b").all_inner_texts()) == code
        lead.page.get_by_text("当事人签好了").wait_for()
        [(digest, manifest, state)] = Kept(region.var).manifests()
        assert (state, independent_digest(manifest), short(digest)) == ("locked", digest, code)
        lead.go("执法人员签字")
        for _ in range(2):
            lead.page.get_by_role("button", name="签好了").wait_for()
            lead.sign()
        lead.page.get_by_text("本人手机签署").wait_for()
        assert own.seat.errors == []
    finally:
        subject.close()
        stranger.close()


def first_visit(region: Served) -> tuple[str, list[str]]:
    """A visit, its leader, and the part leaders of the other departments."""
    desk = Api(region.url, "ga-desk")
    task = desk.ask("GET", "/tasks")["items"][0]["id"]
    visit = desk.ask("GET", f"/dispatches/board?task_id={task}")["visits"][0]["id"]
    parts = desk.ask("GET", f"/dispatches/visits/{visit}")["parts"]
    first = [part for part in parts if part["initiating"]] + [
        part for part in parts if not part["initiating"]
    ]
    return visit, [next(one["name"] for one in part["team"] if one["leads"]) for part in first]


def check_part(phone: Phone, visit: str) -> None:
    """This department's own part, from the door to 查完了."""
    phone.open_visit(visit)
    phone.arrive()
    phone.pass_the_rest()
    while "下一项" in phone.next.inner_text():
        phone.go("下一项")
        phone.pass_the_rest()
    phone.hand_in_part()


def hand_over(sender: Phone, receiver: Phone, capsys: Any) -> None:
    """The sender's screen before the receiver's camera; how long it took is printed."""
    sender.page.get_by_text("交给别的手机").click()
    sender.page.wait_for_url("**/hand")
    receiver.page.get_by_text("用相机收别人的").click()
    sender.seat.picture("phone-hand")
    pictures, seconds = film(sender, receiver)
    receiver.seat.picture("phone-take")
    told = sender.page.locator(".num", has_text="条记录").inner_text()
    with capsys.disabled():
        print(f"\n{told.split('对方')[0]} 实拍 {pictures} 张画面，{seconds:.1f} 秒收齐")
    receiver.go("回到汇总")
    sender.go("交好了")


def sent(phone: Phone) -> None:
    """Nothing waits on this phone any more."""
    expect(phone.page.locator(".badge")).to_contain_text("已收到", timeout=30_000)


def server_is_as_signed(region: Served, visit: str, code: str) -> None:
    """Checked with nothing of the application's code but its API: digest, state, record, operations."""
    kept = Kept(region.var)
    [(digest, manifest, state)] = kept.manifests()
    assert (state, independent_digest(manifest), short(digest)) == ("locked", digest, code)
    record = Api(region.url, "ga-desk").ask("GET", f"/visits/{visit}")["record"]
    for part in manifest["parts"]:
        assert record["parts"][part["department"]["id"]]["record"] == part["record"]
    operations = kept.operations()
    assert len({one["id"] for one in operations}) == len(operations)
    heads = {(one["device"], one["seq"]): one["id"] for one in operations}
    for log in manifest["frontier"]:
        assert [(log["device"], seq) in heads for seq in range(1, log["seq"] + 1)] == [True] * log["seq"]
        assert heads[log["device"], log["seq"]] == log["id"]
    assert region.ask("check", "--json").returncode == 0


def sign_there(page: Page) -> None:
    """A stamp reason where the profile asks, an objection, a name drawn by finger."""
    page.get_by_role("button", name="有异议").click()
    page.get_by_label("您不同意的地方").fill("第三条已当场改正")
    stamp = page.get_by_label("本地要求签字并盖章")
    if stamp.count():
        stamp.fill("本人手机签署，印章在总店")
    page.get_by_role("button", name="去签字").click()
    pad = page.get_by_label("签字处").bounding_box()
    assert pad
    page.mouse.move(pad["x"] + 60, pad["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(pad["x"] + 60 + 14 * step, pad["y"] + 60 + (40 if step % 2 else 0))
    page.mouse.up()
    page.get_by_role("button", name="签好了").click()
