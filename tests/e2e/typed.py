"""What can an inspector type and record on site? All of it once, each text known by its name."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.screens import go

KEPT = "证据与文书"


def text(what: str) -> str:
    """A sentence that stands nowhere else."""
    return f"示例密语：{what}，甲乙丙丁"


class Typing:
    """A hand that writes, and remembers what it wrote."""

    def __init__(self, page: Page, visit: str, item: str) -> None:
        self.page, self.visit, self.item = page, visit, item
        self.said: dict[str, str] = {}

    def into(self, label: str, name: str) -> None:
        """Fill a field with a text of its own."""
        said = text(name)
        field = self.page.get_by_label(label, exact=True).first
        field.fill(said)
        field.blur()
        self.said[name] = said

    def at(self, path: str) -> None:
        """A screen of this visit."""
        go(self.page, f"/visits/{self.visit}/{path}")

    def keep(self) -> None:
        """The one filled button; back at the shelf."""
        button = self.page.locator("button.next").last
        expect(button).not_to_have_attribute("aria-disabled", "true")
        button.click()
        self.page.get_by_role("heading", name=KEPT).wait_for()


def gather_everything(page: Page, visit: str, item: str, tmp_path: Path) -> dict[str, str]:
    """Sound, a recorder's file, a paper, a sample, evidence, the transcript, an order: by its name what was typed."""
    hand = Typing(page, visit, item)
    place = f"?item={item}"
    hand.at(f"evidence/audio{place}")
    page.get_by_role("button", name="开始录音").click()
    page.get_by_role("timer", name=re.compile("已录 [1-9]")).wait_for()
    page.get_by_role("button", name="停", exact=True).click()
    hand.into("录的是什么（可不写）", "录音说明")
    hand.keep()
    hand.at(f"evidence/recording{place}")
    film = tmp_path / "DSJ-0001.mp4"
    film.write_bytes(b"\0" * 50_000)
    page.locator("input[type=file]").first.set_input_files(film)
    hand.into("记录仪编号", "记录仪编号")
    hand.into("说明（可不写）", "记录仪说明")
    hand.keep()
    hand.at(f"evidence/paper{place}")
    for label, name in (
        ("材料名称", "材料名称"),
        ("编号（可不写）", "材料编号"),
        ("说明（可不写）", "材料说明"),
    ):
        hand.into(label, name)
    hand.keep()
    hand.at(f"evidence/sample{place}")
    for label, name in (
        ("抽了什么", "样品名称"), ("样品编号", "样品编号"), ("数量", "样品数量"), ("送哪里检验", "检验机构"), ("说明（可不写）", "样品说明"),
    ):  # fmt: skip
        hand.into(label, name)
    hand.keep()
    hand.at(f"evidence/taken{place}")
    for label, name in (
        ("提取了什么", "证据名称"),
        ("数量", "证据数量"),
        ("收据编号", "收据编号"),
        ("特征、来源（可不写）", "证据特征"),
    ):
        hand.into(label, name)
    hand.keep()
    transcript(hand)
    hand.at(f"measure{place}")
    page.get_by_role("button", name="限期改正").click()
    for label, name in (
        ("怎样改", "改正要求"),
        ("事实", "措施事实"),
        ("违反", "违反条款"),
        ("依据", "适用条款"),
    ):
        hand.into(label, name)
    page.locator("button.next").last.click()
    page.get_by_role("heading", name="检查表").wait_for()
    return hand.said


def transcript(hand: Typing) -> None:
    """The talk, with a recusal asked for."""
    hand.at("evidence/transcript")
    for number, name in enumerate(("出示证件的回答", "告知权利的回答")):
        field = hand.page.get_by_label("答", exact=True).nth(number)
        field.fill(text(name))
        field.blur()
        hand.said[name] = text(name)
    hand.page.get_by_role("button", name="申请回避", exact=True).click()
    for label, name in (
        ("理由", "回避理由"), ("现场情况", "现场情况"), ("行政强制措施（没有就不写）", "强制措施"), ("陈述和申辩", "陈述申辩"),
    ):  # fmt: skip
        hand.into(label, name)


def begin_everything(page: Page, visit: str, item: str) -> dict[str, str]:
    """Texts begun elsewhere, some of them kept and some only typed."""
    hand = Typing(page, visit, item)
    hand.at("experts")
    for label, name in (("姓名", "专家姓名"), ("单位", "专家单位"), ("意见", "专家意见")):
        hand.into(label, name)
    page.locator("button.next").last.click()
    page.get_by_text(text("专家姓名")).wait_for()
    hand.at("add-item")
    page.locator("input[type=radio]").first.check()
    hand.into("为什么增加", "增加事项的理由")
    hand.at("method")
    page.locator("input[type=radio]").nth(1).check()
    # Who was drawn is chance; a subject of high risk must be gone to (S0), and then there is no reason to write.
    if page.get_by_text("这一家必须到现场检查").count() == 0:
        hand.into("为什么不到现场", "不到现场的理由")
    hand.at("results")
    page.get_by_role("button", name="无法联系").click()
    account = page.locator("textarea:visible").last
    account.fill(text("联系经过"))
    hand.said["联系经过"] = text("联系经过")
    hand.at("")
    return hand.said
