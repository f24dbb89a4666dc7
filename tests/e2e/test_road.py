"""The whole road once: from the published plan to a signed, reviewed, published visit."""

from collections.abc import Callable
from pathlib import Path

from tests.e2e.conftest import Seat, Served
from tests.e2e.faults import Fault
from tests.e2e.field import Phone
from tests.e2e.office import Desk

TASK_NO = "632525-2026-26-1"


def test_the_road(served: Served, sit: Callable[..., Seat], tmp_path: Path) -> None:
    desk = Desk(sit(phone=False))
    plan_to_dispatch(desk)
    teams = desk.teams()
    print(teams)
    lead, partner = (Phone(sit(phone=True)).sign_in(served.username(team[0])) for team in teams[:2])
    visit = lead.page.locator('a[href^="/visits/"]').first
    lead.page.get_by_text("本周").first.click()
    visit_id = visit.get_attribute("href").rsplit("/", 1)[1]
    for phone in (lead, partner):
        phone.page.wait_for_timeout(3000)
        phone.network(False)
        phone.open_visit(visit_id)
        phone.arrive()
    lead.fail(3, "前台只有复印件，原件在办公室", photos=2)
    lead.order(3)
    lead.pass_the_rest()
    lead.go("下一项")
    lead.pass_the_rest()
    lead.hand_in_part()
    partner.pass_the_rest()
    partner.hand_in_part()

    lead.seat.line.faults.append(Fault("PATCH", "/api/evidence/files", cut_after=20_000))
    partner.seat.line.faults.append(Fault("POST", "/api/sync/bundles", lose_answer=True))
    for phone in (partner, lead):
        phone.network(True)
    lead.gather("到齐两个")
    lead.page.get_by_text("不等了").click()
    code = lead.confirm_and_sign(stamp=tmp_path, signers=5)
    lead.go("离开，结束上门")
    lead.page.wait_for_timeout(3000)
    print("LEAD", lead.page.url, lead.page.inner_text("body")[:600])
    partner.seat.open(f"/visits/{visit_id}/sealed")
    partner.page.wait_for_timeout(1500)
    print("PARTNER", partner.page.url, partner.page.inner_text("body")[:400])
    if partner.page.get_by_role("button", name="5", exact=True).count():
        partner.type_pin()
    partner.page.wait_for_timeout(3000)
    print("PARTNER", partner.page.url, partner.page.inner_text("body")[:900])
    partner.next.click()
    partner.page.wait_for_timeout(3000)
    print("PARTNER", partner.page.url, partner.page.inner_text("body")[:900])

    desk.sign_in("ga-desk").open_review("公安")
    desk.page.wait_for_timeout(1500)
    desk.page.screenshot(path="/tmp/shots/i3.png")
    print(desk.page.inner_text("body"))
    desk.page.get_by_text("特种行业许可证领取").first.click()
    desk.send_back("第 3 条请补充原件现在放在何处")
    desk.page.wait_for_timeout(3000)
    desk.page.screenshot(path="/tmp/shots/i4.png")
    lead.page.wait_for_timeout(1000)
    lead.seat.open("/")
    lead.type_pin()
    lead.page.wait_for_timeout(4000)
    print("LEAD", lead.page.inner_text("body")[:900])
    lead.page.screenshot(path="/tmp/shots/i5.png")
    lead.page.locator("a").filter(has_text="补充原件").first.click()
    lead.page.wait_for_timeout(2000)
    print("LEAD", lead.page.url, lead.page.inner_text("body")[:1500])
    lead.page.screenshot(path="/tmp/shots/i6.png")


def plan_to_dispatch(desk: Desk) -> str:
    """Road 1-2: publish, open the task, draw by two departments, dispatch, claim."""
    desk.sign_in("lxhy").open_plan()
    desk.seat.picture("desk-plan")
    desk.publish_plan("2026")
    desk.sign_in("ga-desk").open_plan()
    task = desk.open_task("宾馆、旅店监督抽查")
    draw = desk.freeze()
    desk.promise()
    desk.sign_in("wj-desk").seat.open(f"/office/draws/{draw}")
    desk.promise()
    desk.sign_in("ga-desk").seat.open(f"/office/draws/{draw}")
    desk.fix_commit()
    desk.reveal(TASK_NO)
    desk.sign_in("wj-desk").seat.open(f"/office/draws/{draw}")
    desk.reveal(TASK_NO)
    desk.sign_in("ga-desk").seat.open(f"/office/draws/{draw}")
    desk.page.get_by_text("相符").first.wait_for()
    desk.seat.picture("desk-draw")
    desk.dispatch(task, TASK_NO)
    desk.claim(task)
    for username in ("wj-desk", "xf-desk"):
        desk.sign_in(username).claim(task)
    desk.sign_in("ga-desk").seat.open(f"/office/dispatches/{task}")
    desk.rows().first.wait_for()
    desk.seat.picture("desk-dispatch")
    return task
