"""How many taps does a standard visit take? screens.md, Measures: 3 items, 20 entries, one failure with two photos,
one rectification order, two inspectors and the subject sign; at most 25 besides typing and drawing."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DAY, Served
from tests.e2e.dispatched import leader_of_first_visit, with_visits
from tests.e2e.handset import handset

MOST = 25
SIZES = (8, 8, 4)  # 3 items, 20 entries
# Every press of a finger that the page hears. A field being written into and a pad being drawn on are not counted.
COUNTER = """
addEventListener('pointerdown', (event) => {
  const on = event.target.closest('button, a, label, summary, canvas, input, textarea, select') ?? event.target
  const typing = on.matches('textarea, input:not([type=file], [type=radio], [type=checkbox]), canvas')
  const words = (on.getAttribute('aria-label') ?? on.innerText ?? '').replaceAll(/\\s+/g, ' ').trim().slice(0, 24)
  if (!typing) window.tapped(`${document.title.split(' · ')[0]}：${words || on.tagName}`)
}, true)
"""


def standard(database: Path) -> None:
    """The first visit as the measure has it: one department, three items with twenty entries, planned for today."""
    with sqlite3.connect(database) as db:
        visit, task, lead = db.execute(
            "select v.id, v.task_id, p.department_id from visits v join parts p on p.visit_id = v.id and p.initiating"
            " order by v.no limit 1"
        ).fetchone()
        for table in ("parts", "team_members"):
            db.execute(f"delete from {table} where visit_id = ? and department_id <> ?", (visit, lead))
        planned = [row[0] for row in db.execute(
            'select item_id from task_items where task_id = ? and department_id = ? order by "order"', (task, lead)
        )]  # fmt: skip
        db.execute("delete from task_items where task_id = ? and department_id = ?", (task, lead))
        more = "select id from items where department_id = ? and id not in (?, ?) order by code limit 1"
        third = db.execute(more, (lead, *planned)).fetchone()[0]
        for order, (item, entries) in enumerate(zip([*planned, third], SIZES, strict=True)):
            checklist, row = (
                f"00000000-0000-7000-8000-00000000000{order}",
                f"00000000-0000-7000-8000-00000000001{order}",
            )
            made = json.dumps([entry(number) for number in range(1, entries + 1)], ensure_ascii=False)
            db.execute(
                "insert into checklists (id, item_id, version, hash, entries, generic, made_at) values (?, ?, 99, ?, ?, 0, ?)",
                (
                    checklist,
                    item,
                    hashlib.sha256(made.encode() + item.encode()).hexdigest(),
                    made,
                    f"{DAY} 00:00:00",
                ),
            )
            db.execute(
                'insert into task_items (task_id, "order", department_id, item_id, checklist_id, id) values (?, ?, ?, ?, ?, ?)',
                (task, order, lead, item, checklist, row),
            )
        db.execute("update visits set scheduled_day = ?, scheduled_time = '10:00' where id = ?", (DAY, visit))


def entry(number: int) -> dict[str, Any]:
    """合格 or not; the third one wants a photo where it fails and offers a phrase."""
    third = number == 3
    return {
        "id": f"e{number}", "no": str(number), "text": f"示例：第 {number} 项要求已落实", "answer": "pass_fail", "unit": None,
        "choices": [], "required": True, "content": None, "method": "实地查看", "basis": "示例依据", "condition": None,
        "evidence": "photo_on_fail" if third else "none", "phrases": ["没有落实到位"] if third else [],
    }  # fmt: skip


@pytest.fixture
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Where the standard visit waits."""
    with with_visits(tmp_path_factory.mktemp("region"), arrange=standard) as served:
        yield served


def test_a_standard_visit_takes_few_taps(region: Served, chromium: Browser, tmp_path: Path) -> None:
    stamp = tmp_path / "stamp.jpg"
    Image.new("RGB", (640, 640), (200, 30, 30)).save(stamp)
    taps: list[str] = []
    username = leader_of_first_visit(region)
    with handset(chromium, region.url) as phone:
        phone.context.expose_function("tapped", lambda tap: taps.append(tap))
        phone.context.add_init_script(COUNTER)
        phone.open("/")
        phone.sign_in(username)
        phone.whole()
        phone.context.set_offline(True)
        taps.clear()
        check(phone.page)
        confirm(phone.page, stamp)
        assert phone.said == []
    print(f"\n{len(taps)} taps:", *(f"{number:2d}  {tap}" for number, tap in enumerate(taps, 1)), sep="\n")
    assert len(taps) <= MOST


def go(page: Page, says: str) -> None:
    """The one filled button, which must say this."""
    button = page.locator("button.next, a.next").last
    expect(button).to_contain_text(says)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.tap()


def check(page: Page) -> None:
    """From my tasks to the part that is ready."""
    go(page, "开始上门")
    go(page, "已到达，亮码")
    go(page, "已出示证件，开始检查")
    go(page, "8 条全部合格")
    page.get_by_role("heading", name="治安风险管控要素").wait_for()
    card = page.get_by_role("region", name="第 3 条", exact=True)
    card.get_by_role("button", name="不合格").tap()
    card.get_by_role("button", name="没有落实到位").tap()
    card.get_by_role("textbox").first.fill("示例：前台只有复印件")
    card.get_by_text("拍照", exact=True).tap()
    shutter = page.get_by_role("button", name="拍照", exact=True)
    for taken in (1, 2):
        expect(shutter).to_be_enabled()
        shutter.tap()
        page.get_by_text(f"第 3 条，{taken} 张").first.wait_for()
    page.get_by_text("完成", exact=True).tap()
    card.get_by_text("责令改正").first.tap()
    go(page, "开出责令改正通知书")
    card.wait_for()
    go(page, "其余 7 条全部合格")
    go(page, "4 条全部合格")
    go(page, "看结果")
    go(page, "结果无误，我的部分齐了")
    page.wait_for_url("**/gather")


def confirm(page: Page, stamp: Path) -> None:
    """The subject reads, stamps and signs; both inspectors sign; they leave."""
    go(page, "请当事人核对")
    page.get_by_text("您看到的就是要保存的").wait_for()
    expect(page.locator("main")).to_contain_text("前台只有复印件")
    with page.expect_file_chooser() as choosing:
        page.get_by_text("盖章，拍下印章").tap()
    choosing.value.set_files(stamp)
    page.get_by_text("印章已拍下").wait_for()
    go(page, "无异议，去签字")
    for _ in range(3):
        sign(page)
    go(page, "离开，结束上门")
    page.get_by_role("heading", name="我的任务").wait_for()


def sign(page: Page) -> None:
    """A name drawn on a fresh pad; wait until the next one is asked for his or the page is another."""
    done = page.get_by_role("button", name="签好了")
    # What the one before drew may still be on its way into the phone: until then the pad takes no stroke.
    expect(done).to_have_attribute("aria-busy", "false")
    expect(done).to_have_attribute("aria-disabled", "true")
    asked = page.locator("main").inner_text()
    box = page.locator("canvas").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 40, y - 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(x - 40 + 8 * step, y - 60 + (30 if step % 2 else 0) + 6 * step)
    page.mouse.up()
    done.tap()
    page.wait_for_function("before => document.querySelector('main')?.innerText !== before", arg=asked)
