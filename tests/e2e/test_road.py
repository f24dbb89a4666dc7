"""The whole road once: from the published plan to a signed, reviewed, published visit (road 1-7 of the issue)."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from tests.e2e.conftest import Seat, Served
from tests.e2e.evidence import Kept, independent_digest, short
from tests.e2e.faults import Fault
from tests.e2e.field import Phone
from tests.e2e.office import Desk
from tests.e2e.papers import Papers, facts_of, plain

TASK_NO = "632525-2026-26-1"
FIRST = "前台只有复印件，原件在办公室"
AMENDED = "前台只有复印件，原件在办公室保险柜，已当场取出悬挂"


def test_the_road(served: Served, sit: Callable[..., Seat], tmp_path: Path) -> None:
    desk = Desk(sit(phone=False))
    plan_to_dispatch(desk)
    lead, partner = (Phone(sit(phone=True)).sign_in(served.username(team[0])) for team in desk.teams()[:2])
    visit = check_without_network(lead, partner)

    cut = Fault("POST", "/api/evidence/files", cut_after=20_000)
    swallowed = Fault("POST", "/api/sync/bundles", lose_answer=True)
    lead.seat.line.faults.append(cut)
    partner.seat.line.faults.append(swallowed)
    for phone in (partner, lead):
        phone.network(True)
    lead.gather("到齐两个")
    lead.seat.picture("phone-gather")
    lead.page.get_by_text("不等了").click()
    first = lead.confirm_and_sign(stamp=tmp_path, signers=5)
    lead.go("离开，结束上门")
    partner.finish(visit)

    second = review_and_amend(desk, lead, tmp_path)
    publish(desk, tmp_path)
    assert cut.struck == 1
    assert swallowed.struck == 1
    kept_is_signed(Kept(served.var), [first, second])
    papers_say_the_same(Papers(served), lead, second, sit(phone=False))
    public_reads_what_it_may(sit(phone=False), tmp_path, Kept(served.var))
    assert served.ask("check", "--json").returncode == 0
    assert [seat.errors for seat in (desk.seat, lead.seat, partner.seat)] == [[], [], []]


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
    desk.check_draw()
    desk.seat.picture("desk-draw")
    desk.dispatch(task, TASK_NO)
    desk.claim(task)
    for username in ("wj-desk", "xf-desk"):
        desk.sign_in(username).claim(task)
    desk.sign_in("ga-desk").seat.open(f"/office/dispatches/{task}")
    desk.rows().first.wait_for()
    desk.seat.picture("desk-dispatch")
    return task


def check_without_network(lead: Phone, partner: Phone) -> str:
    """Road 3: two departments' phones do their parts with no network from start to finish."""
    visit = lead.first_visit()
    lead.seat.picture("phone-tasks")
    for phone in (lead, partner):
        phone.kept()
        phone.network(False)
        phone.open_visit(visit)
        phone.arrive()
    lead.fail(3, FIRST, photos=2)
    lead.order(3)
    lead.seat.picture("phone-checklist")
    lead.pass_the_rest()
    lead.go("下一项")
    lead.pass_the_rest()
    lead.hand_in_part()
    partner.pass_the_rest()
    partner.hand_in_part()
    return visit


def review_and_amend(desk: Desk, lead: Phone, folder: Path) -> str:
    """Road 5: one item goes back, is amended and signed again; both parts are accepted."""
    desk.sign_in("ga-desk").open_review("公安")
    desk.seat.picture("desk-review")
    desk.page.get_by_text("特种行业许可证领取").first.click()
    desk.send_back("第 3 条请补充原件现在放在何处")
    lead.open_returned("补充原件")
    lead.amend(3, AMENDED, reason="补充原件去向")
    lead.go("改好了，去提交")
    lead.go("请当事人确认改动")
    code = lead.confirm_and_sign(stamp=folder, signers=3)
    lead.go("改好了，再交审核")
    lead.page.get_by_role("heading", name="我的任务").wait_for()
    desk.open_review("公安")
    desk.page.get_by_text("补充原件去向").first.wait_for()
    desk.accept("接受贵南县公安局部分")
    desk.sign_in("wj-desk").open_review("卫健")
    desk.accept("接受贵南县卫生健康局部分")
    return code


def publish(desk: Desk, folder: Path) -> None:
    """Road 7: each department publishes its own result; the export is in the national field set."""
    for username in ("wj-desk", "ga-desk"):
        desk.sign_in(username).publish_results()
    rows = json.loads(desk.export("JSON", folder).read_text())["rows"]
    csv = desk.export("CSV", folder).read_text("utf-8-sig").splitlines()
    assert [row["抽查机关"] for row in rows] == ["贵南县卫生健康局", "贵南县公安局"]
    assert "发现问题已责令改正" in rows[1]["检查结果"]
    assert len(csv) == 3
    assert csv[0].startswith("统一社会信用代码,市场主体名称")


def kept_is_signed(kept: Kept, codes: list[str]) -> None:
    """What the server keeps is what the subject signed; nothing twice, nothing missing."""
    manifests = kept.manifests()
    assert [state for _, _, state in manifests] == ["locked", "locked"]
    assert [independent_digest(manifest) for _, manifest, _ in manifests] == [
        digest for digest, _, _ in manifests
    ]
    assert [short(digest) for digest, _, _ in manifests] == codes
    record = manifests[0][1]["parts"][0]["record"]
    answers = [answer for item in record["answers"].values() for answer in item.values()]
    assert [answer["note"] for answer in answers if answer["value"] == "fail"] == [FIRST]
    assert len(answers) == 16
    amended = manifests[1][1]["parts"][0]["record"]["answers"]
    assert [a["note"] for item in amended.values() for a in item.values() if a["value"] == "fail"] == [
        AMENDED
    ]
    ids = [one["id"] for one in kept.operations()]
    assert len(ids) == len(set(ids))
    photos = kept.photo_hashes()
    assert len(photos) == 2
    for sha256 in photos:
        assert hashlib.sha256(kept.file(sha256)).hexdigest() == sha256
    assert kept.rows("select count(*) from evidence_files where stored_at is null") == [(0,)]


def papers_say_the_same(papers: Papers, lead: Phone, code: str, public: Seat) -> None:
    """Road 6: screen and PDF say the same, the PDF is sealed, and its QR leads to a page that knows it."""
    visit, manifest = lead.visit, Kept(papers.served.var).manifests()[1][1]
    record = papers.record(visit, code)
    assert papers.untouched(record)
    pages, screen = papers.pages(record), plain(lead.read)
    facts = facts_of(manifest)
    assert plain(AMENDED) in "".join(facts)
    assert [fact for fact in facts if fact not in screen] == []
    assert [fact for fact in facts if fact not in "".join(pages)] == []
    assert plain(code) in screen
    assert plain(code) in "".join(pages)
    for number, page in enumerate(pages, 1):
        assert "被检查对象（签名" in page
        assert f"第{number}页" in page
    public.open(f"/public/genuine/{papers.token(code)}")
    public.page.get_by_text(code.split()[0]).first.wait_for()
    public.picture("public-genuine")


def public_reads_what_it_may(public: Seat, folder: Path, kept: Kept) -> None:
    """Road 7: plan, draw and result, and no person, phone, note or risk class of the subject."""
    name = kept.manifests()[0][1]["header"]["subject"]["name"]
    public.open("/public")
    public.page.get_by_text(name).first.click()
    public.page.get_by_text("发现问题已责令改正").first.wait_for()
    public.picture("public-result")
    shown = public.page.inner_text("body")
    header = kept.manifests()[0][1]["header"]["subject"]
    for secret in (FIRST, AMENDED, header["phone"], header["legal_representative"], header["address"]):
        assert secret not in shown
    public.open("/public/plans")
    public.page.get_by_text("2026年度贵南县").first.wait_for()
    public.open("/public/draws")
    public.page.get_by_text("旅馆业监督抽查").first.wait_for()
