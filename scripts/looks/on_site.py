"""How does one part look, from the door to its results, with everything that can be gathered?"""

from playwright.sync_api import Browser, Page
from scripts.looks.screen import LONG, Looks, opened, signed_in, walking
from tests.e2e.conftest import Served
from tests.e2e.dispatched import leader_of_first_visit
from tests.e2e.handset import Handset, handset
from tests.e2e.screens import go


def on_site(served: Served, browser: Browser, looks: Looks) -> None:
    """One part from the door to the results, with everything that can be gathered."""
    with handset(browser, served.url) as phone:
        phone.context.grant_permissions(["geolocation", "camera", "microphone"])
        visit = signed_in(phone, leader_of_first_visit(served))
        page, walk = phone.page, walking(phone)
        go(page, f"/visits/{visit}")
        walk.next.wait_for()
        looks.take(page, "visit-before", large=True)
        walk.go("已到达，亮码")
        page.get_by_text("核对来的是").first.wait_for()
        looks.take(page, "code", large=True)
        walk.go("已出示证件，开始检查")
        page.get_by_role("heading", name="检查表").wait_for()
        item = page.url.rsplit("/", 1)[1].split("?")[0].split("#")[0]
        checklist = f"/visits/{visit}/checklist/{item}"
        looks.take(page, "checklist-top", large=True)
        with looks.step("basis"):
            walk.entry(1).get_by_role("button").first.click()
            looks.take(page, "checklist-basis")
            walk.entry(1).get_by_role("button").first.click()
        walk.fail(1, LONG, 2)
        walk.entry(2).get_by_role("button", name="未检查").or_(
            walk.entry(2).get_by_role("button", name="不适用")
        ).first.click()
        looks.take(page, "checklist-failure", large=True)
        go(page, f"/visits/{visit}/photo?item={item}")
        page.get_by_role("button", name="拍照", exact=True).wait_for()
        page.wait_for_timeout(800)
        looks.take(page, "camera")
        photo_screens(looks, phone, visit, checklist)
        measures(looks, phone, visit, item, checklist)
        gathered(looks, phone, visit, item)
        parts_of_the_list(looks, phone, visit, item, checklist)


def photo_screens(looks: Looks, phone: Handset, visit: str, checklist: str) -> None:
    """A photo, its words, its marks, taking it back; a camera that is refused, a phone that is full."""
    page = phone.page
    go(page, checklist)
    shot = page.locator('a[href*="/photos/"]').first
    shot.wait_for()
    where = (shot.get_attribute("href") or "").split("?")[0]
    with looks.step("photo"):
        go(page, where)
        page.locator("main img").first.wait_for()
        page.get_by_label("说明").fill("示例图注：前台登记簿")
        looks.take(page, "photo-caption")
        page.get_by_role("button", name="存下说明").click()
        page.get_by_role("button", name="存下说明").wait_for(state="detached")
        page.get_by_role("button", name="撤回这张").click()
        looks.take(page, "photo-withdraw")
        page.get_by_role("link", name="标注").click()
        page.get_by_label("照片，已标注 0 处").wait_for()
        page.get_by_role("button", name="放在中间").click()
        looks.take(page, "photo-mark")
        page.get_by_role("button", name="存下标注").click()
        page.get_by_role("button", name="看原图").wait_for()
        looks.take(page, "photo-marked")
    with looks.step("camera refused"):
        phone.context.add_init_script(
            "if (localStorage.refused) navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
        )
        page.evaluate("() => { localStorage.refused = '1' }")
        page = opened(phone, f"/visits/{visit}/photo")
        page.get_by_text("没有允许用相机").wait_for()
        looks.take(page, "camera-refused")
        for kind in ("audio", "clip"):
            go(page, f"/visits/{visit}/evidence/{kind}")
            walking(phone).next.click()
            page.get_by_role("alert").wait_for()
            looks.take(page, f"{kind}-refused")
        page.evaluate("() => { delete localStorage.refused }")
    with looks.step("full"):
        phone.context.add_init_script(
            "if (localStorage.full) navigator.storage.estimate = async () => ({ quota: 2e9, usage: 1.9995e9 })"
        )
        page.evaluate("() => { localStorage.full = '1' }")
        page = opened(phone, f"/visits/{visit}/photo")
        page.wait_for_timeout(1000)
        looks.take(page, "camera-full")
        go(page, f"/visits/{visit}/evidence")
        page.wait_for_timeout(500)
        looks.take(page, "evidence-full")
        go(page, "/outbox")
        page.wait_for_timeout(500)
        looks.take(page, "outbox-full")
        page.evaluate("() => { delete localStorage.full }")
        opened(phone, checklist)


def measures(looks: Looks, phone: Handset, visit: str, item: str, checklist: str) -> None:
    """Every kind of measure being written, one of them given and seen as a paper, also on a roll."""
    page = phone.page
    for word in ("当场改正", "限期改正", "责令停止", "督促整改", "提醒"):
        with looks.step(f"measure {word}"):
            go(page, f"/visits/{visit}/measure?item={item}&entry=")
            go(page, f"/visits/{visit}/measure?item={item}")
            page.get_by_role("button", name=word).first.click()
            looks.take(page, f"measure-{word}", large=word == "限期改正")
    with looks.step("order"):
        go(page, checklist)
        walking(phone).entry(1).get_by_text("责令改正").first.click()
        page.get_by_role("button", name="改好后上传照片").click()
        page.locator("summary").first.click()
        looks.take(page, "measure-whole-text")
        walking(phone).go("开出责令改正通知书")
        walking(phone).entry(1).wait_for()
        looks.take(page, "checklist-ordered")
        page.locator('a[href*="/measures/"]').first.click()
        page.get_by_text("打印在").wait_for()
        looks.take(page, "paper-order", large=True)
        rolls(looks, page, "order")


def rolls(looks: Looks, page: Page, name: str) -> None:
    """The same paper as the printer gets it: A4, 80 and 58 mm, as PDF."""
    page.evaluate("() => { window.print = () => dispatchEvent(new Event('printed')) }")
    for word in page.get_by_role("group", name="打印在什么纸上").get_by_role("button").all_inner_texts():
        page.get_by_role("button", name=word, exact=True).click()
        page.get_by_role("button", name="打印", exact=True).click()
        page.wait_for_timeout(300)
        looks.keep(page, f"roll-{name}-{word.replace(' ', '')}-screen")
        page.pdf(
            path=str(looks.folder / f"roll-{name}-{word.replace(' ', '')}.pdf"),
            prefer_css_page_size=True,
            print_background=False,
        )
        page.evaluate("() => dispatchEvent(new Event('afterprint'))")


def gathered(looks: Looks, phone: Handset, visit: str, item: str) -> None:
    """Evidence and papers: empty forms, filled ones, the hub with all of it, the papers that follow."""
    page, hub = phone.page, f"/visits/{visit}/evidence"
    with looks.step("sound"):
        for kind, word in (("audio", "录音"), ("clip", "录像")):
            go(page, f"{hub}/{kind}?item={item}")
            looks.take(page, f"{kind}-idle")
            page.get_by_role("button", name=f"开始{word}").click()
            page.get_by_role("button", name="停", exact=True).wait_for()
            page.wait_for_timeout(2500)
            looks.take(page, f"{kind}-on", axe=False)
            page.get_by_role("button", name="停", exact=True).click()
            page.get_by_label("录的是什么").fill("示例：负责人说明登记簿在哪里")
            looks.take(page, f"{kind}-taken")
            page.get_by_role("button", name=f"存下这段{word}").click()
            page.get_by_role("heading", name="证据与文书").wait_for()
    with looks.step("recording"):
        go(page, f"{hub}/recording?item={item}")
        looks.take(page, "recording-empty")
        page.locator("input[type=file]").first.set_input_files(
            {"name": "示例-DSJ-20261109-1003.mp4", "mimeType": "video/mp4", "buffer": b"x" * 300_000}
        )
        page.get_by_label("记录仪").first.fill("示例-贵南公安-07号执法记录仪")
        page.wait_for_timeout(800)
        looks.take(page, "recording-filled")
        walking(phone).next.click()
        page.get_by_role("heading", name="证据与文书").wait_for()
    with looks.step("paper"):
        go(page, f"{hub}/paper?item={item}")
        looks.take(page, "paper-form", large=True)
        page.get_by_label("材料名称").fill("示例：特种行业许可证（正本）和法定代表人授权委托书")
        page.get_by_label("编号").fill("示例-青特旅字〔2024〕第 0017 号")
        walking(phone).next.click()
        page.get_by_role("heading", name="证据与文书").wait_for()
    with looks.step("sample"):
        go(page, f"{hub}/sample?item={item}")
        looks.take(page, "sample-form")
        page.get_by_label("抽了什么").fill("示例：一次性牙刷，批号 20260801，袋装 12 支")
        page.get_by_label("数量").fill("2 袋")
        page.get_by_label("送哪里检验").fill("示例省产品质量监督检验研究院")
        looks.take(page, "sample-filled")
        walking(phone).next.click()
        page.get_by_role("heading", name="证据与文书").wait_for()
    with looks.step("taken"):
        go(page, f"{hub}/taken?item={item}")
        page.get_by_label("提取了什么").fill("示例：住宿登记簿一本，九月到十一月")
        page.get_by_label("数量").fill("1 本")
        page.get_by_label("特征、来源").fill("前台抽屉里取出，封面有油渍，共 86 页")
        looks.take(page, "taken-filled")
        walking(phone).next.click()
        page.get_by_role("heading", name="证据与文书").wait_for()
    with looks.step("transcript"):
        go(page, f"{hub}/transcript")
        looks.take(page, "transcript-empty")
        page.get_by_role("button", name="已核对，没有疑问。").click()
        page.get_by_role("button", name="清楚。", exact=True).click()
        page.get_by_role("button", name="申请回避", exact=True).click()
        page.get_by_label("理由").fill("示例：其中一位是负责人的表弟")
        page.get_by_label("现场情况").fill(LONG * 3)
        page.get_by_label("陈述和申辩").fill("示例：没有意见。")
        page.wait_for_timeout(1500)
        looks.take(page, "transcript-filled", large=True)
    with looks.step("hub"):
        go(page, hub)
        page.get_by_role("heading", name="证据与文书").wait_for()
        page.wait_for_timeout(500)
        looks.take(page, "evidence", large=True)
        page.get_by_role("button", name="撤回").first.click()
        looks.take(page, "evidence-withdraw")
        for kind, address in (
            ("transcript", "letters/transcript"),
            ("taken", "letters/taken"),
            ("sample", "letters/sample/"),
        ):
            go(page, hub)
            page.locator(f'a[href*="{address}"]').first.click()
            page.get_by_text("打印在").wait_for()
            looks.take(page, f"paper-{kind}")
            rolls(looks, page, kind)


def parts_of_the_list(looks: Looks, phone: Handset, visit: str, item: str, checklist: str) -> None:
    """The rest of the checklist, and what stands around it: method, items added, experts, results, short paths."""
    page, walk = phone.page, walking(phone)
    with looks.step("after"):
        go(page, checklist)
        page.wait_for_timeout(600)
        if "其余" in walk.next.inner_text():
            walk.next.click()
            page.get_by_text("撤销").wait_for()
        looks.take(page, "checklist-after")
    for name, path in {"method": "method", "add-item": "add-item", "experts": "experts"}.items():
        with looks.step(name):
            go(page, f"/visits/{visit}/{path}")
            page.wait_for_timeout(400)
            looks.take(page, name)
    with looks.step("method away"):
        go(page, f"/visits/{visit}/method")
        page.locator("input[type=radio]").nth(1).check()
        looks.take(page, "method-away")
    with looks.step("add chosen"):
        go(page, f"/visits/{visit}/add-item")
        page.locator("input[type=radio]").first.check()
        page.locator(".chips button").first.click()
        looks.take(page, "add-item-chosen")
    with looks.step("expert"):
        go(page, f"/visits/{visit}/experts")
        page.get_by_label("姓名").fill("示例·扎西")
        page.get_by_label("单位").fill("示例消防检测有限公司")
        page.get_by_label("意见").fill(LONG)
        walk.next.click()
        page.get_by_text("示例·扎西").first.wait_for()
        looks.take(page, "experts-kept")
    with looks.step("results"):
        go(page, f"/visits/{visit}/results")
        page.wait_for_timeout(600)
        looks.take(page, "results-gaps", large=True)
        page.get_by_role("button", name="改结果").or_(page.get_by_role("button", name="选结果")).first.click()
        looks.take(page, "results-changing")
        shut = page.locator("button.row[aria-expanded=false]")
        while shut.count():
            shut.first.click()
            page.wait_for_timeout(100)
        looks.take(page, "results-short-paths")
    with looks.step("item list"):
        go(page, f"/visits/{visit}")
        page.wait_for_timeout(500)
        looks.take(page, "visit-during")
