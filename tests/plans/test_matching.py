"""Is an item text exact, near or not on the list; is what was answered once remembered?"""

import json
from itertools import combinations
from pathlib import Path

import pytest

from onevisit.plans.life import ItemMatch
from onevisit.plans.matching import NEAR, Candidate, ItemList, Listed, difference, letters, likeness

EXPECTED = Path(__file__).parent / "expected"
LIST = [
    Listed("1", "ga", "特种行业许可证领取及年审(备案登记)情况抽查"),
    Listed("2", "xf", "消防监督检查"),
    Listed("3", "ga", "保安服务行业监督检查"),
    Listed("4", "wj", "公共场所卫生许可及卫生情况的监督检查"),
    Listed("5", "wj", "生活饮用水卫生监督检查"),
    Listed("6", "xf", "消防设施检查"),
]


@pytest.mark.parametrize(
    ("text", "department", "kind", "item", "candidates"),
    [
        # refused to be taken: no list, another office's item, nothing like it
        ("防雷装置检测", "xf", ItemMatch.MISSING, None, []),
        ("", "xf", ItemMatch.MISSING, None, []),
        ("（一）", "xf", ItemMatch.MISSING, None, []),
        ("生活饮用水卫生监督检查", "xf", ItemMatch.NEAR, None, ["5"]),
        # exact: width, brackets, blanks, line breaks, numbering, closing marks
        ("消防监督检查", "xf", ItemMatch.EXACT, "2", []),
        ("消防监督检查；", "xf", ItemMatch.EXACT, "2", []),
        ("特种行业许可证领取及年审（备案登记）情况 抽查", "ga", ItemMatch.EXACT, "1", []),
        ("1.消防监督检查", "xf", ItemMatch.EXACT, "2", []),
        ("１、消防\n监督检查。", "xf", ItemMatch.EXACT, "2", []),
        ("（一）消防监督检查", "xf", ItemMatch.EXACT, "2", []),
        ("①消防监督检查", "xf", ItemMatch.EXACT, "2", []),
        ("十二、消防监督检查", "xf", ItemMatch.EXACT, "2", []),
        ("消防监督检查", None, ItemMatch.EXACT, "2", []),
        # near: asked, the likest first
        ("保安服务行业的监督抽查", "ga", ItemMatch.NEAR, None, ["3"]),
        ("公共场所卫生许可及卫生情况检查", "wj", ItemMatch.NEAR, None, ["4"]),
        ("公共场所卫生许证及卫生情况检查", "wj", ItemMatch.NEAR, None, ["4"]),
        ("消防设施的检查", "xf", ItemMatch.NEAR, None, ["6"]),
    ],
)  # fmt: skip
def test_a_text_is_exact_near_or_missing(
    text: str, department: str | None, kind: ItemMatch, item: str | None, candidates: list[str]
) -> None:
    found = ItemList.of(LIST).match(text, department)
    assert (found.kind, found.item_id) == (kind, item)
    assert [one.item_id for one in found.candidates][: len(candidates) or None] == candidates


def test_the_same_words_on_two_lists_are_asked_and_on_another_office_s_said_so() -> None:
    both = ItemList.of([*LIST, Listed("7", "ga", "消防监督检查")])
    assert both.match("消防监督检查", "ga").item_id == "7"
    assert both.match("消防监督检查", None).kind == ItemMatch.NEAR
    assert ItemList.of(LIST).match("消防监督检查", "ga").candidates == (Candidate("2", 1.0, True),)


def test_what_was_answered_is_remembered_unless_the_item_has_gone() -> None:
    items = ItemList.of(LIST)
    answered = {(letters("保安行业检查"), "ga"): "3", (letters("消防设施的检查"), "xf"): None}
    assert items.match("保安行业检查", "ga", answered).kind == ItemMatch.CONFIRMED
    assert items.match("（2）保安行业　检查", "ga", answered).item_id == "3"
    assert items.match("消防设施的检查", "xf", answered).kind == ItemMatch.MISSING
    assert items.match("保安行业检查", "wj", answered).kind == ItemMatch.MISSING
    gone = {(letters("保安行业检查"), "ga"): "99"}
    assert items.match("保安行业检查", "ga", gone).item_id is None


def test_numbers_inside_a_name_stay() -> None:
    assert letters("2024年度年报公示信息检查") == "2024年度年报公示信息检查"
    assert letters("12315 投诉举报") == "12315投诉举报"
    assert letters("3.15专项检查") == "315专项检查"
    assert letters("2、3.15专项检查") == "315专项检查"


def test_the_difference_is_told_in_stretches() -> None:
    told = difference("公共场所卫生许证检查", "公共场所卫生许可监督检查")
    assert [(one.where, one.text) for one in told] == [
        ("both", "公共场所卫生许"), ("table", "证"), ("list", "可监督"), ("both", "检查"),
    ]  # fmt: skip
    assert [one.where for one in difference("消防监督检查", "消防监督检查")] == ["both"]


def test_the_threshold_holds_on_the_real_plans() -> None:
    """Different items of one office are seldom near one another (≤ 4 %), slips of the pen always are."""
    likes, slips = [], []
    for file in EXPECTED.glob("*.json"):
        plan = json.loads(file.read_text("utf-8"))
        by_office: dict[str, set[str]] = {}
        for task in plan["tasks"]:
            for item in task["items"]:
                by_office.setdefault(item.get("department") or task["lead_department"], set()).add(
                    item["text"]
                )
        for texts in by_office.values():
            likes += [likeness(a, b) for a, b in combinations(sorted(texts), 2) if letters(a) != letters(b)]
            slips += [likeness(one, one[:3] + "某" + one[4:]) for one in texts if len(one) >= 8]
            slips += [likeness(one, one[:-2]) for one in texts if len(one) >= 8]
    assert len(likes) > 700
    assert sum(one >= NEAR for one in likes) / len(likes) <= 0.04
    assert sum(one >= NEAR for one in slips) / len(slips) >= 0.98
