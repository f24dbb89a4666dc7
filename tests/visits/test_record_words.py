"""Do the paper's words follow from a manifest as the table says that the screen reads too (pwa/src/ui/recordWords.test.ts)?"""

import json

import pytest

from onevisit.visits.fold import fold
from onevisit.visits.part_record import record_of
from tests.visits.make_cases import CASES, gathered, police, said_of
from tests.visits.phones import folded, parsed

TABLE = json.loads((CASES / "record_words.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["name"])
def test_paper_says_what_the_table_says(case: dict) -> None:
    assert said_of(case["manifest"]) == case["expect"]


def test_nothing_gathered_is_left_unsaid() -> None:
    said = json.dumps([case["expect"] for case in TABLE], ensure_ascii=False)
    for word in ("毛巾", "录音 45 秒", "录音 2 分 05 秒：负责人说明", "录像 1 分 00 秒：走廊巡查", "DSJ-0117", "1228.8 MB",
                 "硬盘", "正本", "会整改", "申请回避：与检查人员是亲戚", "方框 1 处、箭头 1 处、“已过期”", "（照片 1）"):  # fmt: skip
        assert word in said, word


def test_a_record_without_later_things_is_the_same_as_before_they_existed() -> None:
    """What was signed before clips, recordings and marks existed is still equal, and stays locked."""
    phone = police()
    phone.arrive()
    phone.photo(None)
    record = folded(phone.log)["parts"][phone.part]["record"]
    assert not {"clips", "recordings", "markings"} & record.keys()
    assert record_of([], {}).keys() == record.keys()


def test_what_was_taken_back_leaves_no_empty_shelf() -> None:
    phone = police()
    gathered(phone)
    for operation in [
        one for one in phone.log if one["kind"] in ("clip.add", "recording.add", "marking.add")
    ]:
        kind = operation["kind"].replace("add", "withdraw")
        phone.write(kind, {"target": operation["id"], "reason": "不用了"})
    there = fold(parsed(phone.log))["parts"][phone.part]
    assert not {"clips", "recordings", "markings"} & there["record"].keys()
    assert {one["kind"] for one in there["withdrawn"]} >= {"clip.add", "recording.add", "marking.add"}
