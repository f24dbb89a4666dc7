"""Does every fact say where it stands and how sure it is, and is what an office has corrected read so next time?"""

from pathlib import Path
from typing import Any

import pytest
from tests.plans.layouts.forms import LAYOUTS, text
from tests.plans.test_layouts import reading as reading_of_layout
from tests.plans.test_sheet import FORMS, reading

from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet import read_plan
from onevisit.plans.sheet_learnt import NOTHING_LEARNT, Learnt
from onevisit.plans.sheet_sure import FACTS
from onevisit.plans.sheet_tables import read_source
from onevisit.plans.terms import DOUBT_LABELS, DOUBTS_TO_DECIDE, HEADING_LABELS, SURE_LABELS, Heading, Sure

REGISTER = DepartmentRegister.load()
HEAD = [
    "序号",
    "任务名称",
    "发起部门",
    "配合部门",
    "抽查对象",
    "抽查事项",
    "抽查比例",
    "频次",
    "抽查时间",
    "督办级别",
]
ROWS = [
    ["云溪县2025年抽查计划"],
    HEAD,
    ["1", "任务甲", "县公安局", "县税务局", "旅馆", "治安检查", "5%", "1次/年", "5月", "一级"],
    ["2", "任务乙", "治安科", "", "网吧", "甲 乙 丙", "视情况", "适时", "汛期", "二级"],
]  # fmt: skip


def read(rows: list[list[str]], learnt: Learnt = NOTHING_LEARNT, year: int | None = None) -> dict[str, Any]:
    """A made-up table as read with what was learnt."""
    return read_plan("计划.csv", text(rows), year=year, region="云溪县", register=REGISTER, learnt=learnt)


@pytest.mark.parametrize("form", [f for forms in FORMS.values() for f in forms])
def test_every_fact_of_the_real_plans_names_its_cells_and_how_sure_it_is(form: str) -> None:
    result = reading(form)
    content = (Path(__file__).parent / "files" / form).read_bytes()
    printed = {
        (grid.name, cell.row, cell.column): cell.text
        for grid in read_source(form, content).grids
        for row in grid.rows
        for cell in row
    }
    for task in result["tasks"]:
        assert set(FACTS) <= set(task["facts"])
        for name, fact in task["facts"].items():
            assert SURE_LABELS[Sure(fact["sure"])]
            assert fact["raw"] == "\n".join(cell["raw"] for cell in fact["cells"])
            asks = {one["code"] for one in fact["because"]} & DOUBTS_TO_DECIDE
            assert (fact["sure"] == "in_doubt") == bool(asks), name
            for cell in fact["cells"]:
                assert printed[cell["sheet"], cell["row"], cell["column"]] == cell["raw"]


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_headings_and_rows_that_went_into_no_task_are_listed(name: str) -> None:
    plan = reading_of_layout(name)["plan"]
    assert plan["headings"]
    for heading in plan["headings"]:
        assert heading["field"] is None or HEADING_LABELS[Heading(heading["field"])]
    for row in plan["rows_not_read"]:
        assert row["why"]
        assert row["cells"]


def test_what_is_certain_what_is_in_doubt_and_what_is_absent() -> None:
    first, second = read(ROWS)["tasks"]
    sure = {name: fact["sure"] for name, fact in first["facts"].items()}
    assert {
        sure[n] for n in ("seq", "task_name", "lead_department", "ratio", "frequency", "window", "items")
    } == {"certain"}
    assert sure["methods"] == "absent"
    assert sure["tier"] == "read_loosely"
    doubt = {name for name, fact in second["facts"].items() if fact["sure"] == "in_doubt"}
    assert doubt == {"lead_department", "ratio", "frequency", "window"}
    assert second["facts"]["window"]["cells"] == [{"sheet": "CSV", "row": 4, "column": 9, "raw": "汛期"}]
    assert all(DOUBT_LABELS[one["code"]] for one in second["facts"]["ratio"]["because"])


def test_what_an_office_has_corrected_is_read_so_next_time() -> None:
    learnt = Learnt(
        headings={"督办 级别": "remark"},
        departments={"治安科": "云溪县公安局"},
        corrections={
            ("ratio", "视情况"): {"percent": 8, "bound": "at_least"},
            ("frequency", "适 时"): {"times": 2, "per": "year"},
            ("window", "汛期"): {"start": "2024-06-01", "end": "2024-09-30"},
            ("items", "甲 乙 丙"): ["甲检查", "乙检查", "丙检查"],
        },
    )
    result = read(ROWS, learnt)
    task = result["tasks"][1]
    assert task["ratio"] == {"percent": 8, "bound": "at_least"}
    assert task["frequency"] == {"times": 2, "per": "year"}
    assert task["window"] == {"start": "2025-06-01", "end": "2025-09-30"}
    assert [item["text"] for item in task["items"]] == ["甲检查", "乙检查", "丙检查"]
    assert task["remark"] == "二级"
    assert {task["facts"][n]["sure"] for n in ("ratio", "frequency", "window", "items")} == {"corrected"}
    codes = {p.split(":")[0] for p in task["problems"]}
    assert not codes & {"ratio_unreadable", "frequency_unreadable", "window_unreadable", "department_unknown"}
    assert "heading_unknown" not in {p.split(":")[0] for p in result["plan"]["problems"]}


def test_a_column_may_be_left_out_for_good() -> None:
    result = read(ROWS, Learnt(headings={"督办级别": "ignore"}))
    assert "heading_unknown" not in {p.split(":")[0] for p in result["plan"]["problems"]}


def test_a_correction_of_nothing_is_no_correction() -> None:
    learnt = Learnt(corrections={("ratio", ""): {"percent": 1, "bound": "exact"}})
    task = read([*ROWS[:3], ["2", "任务乙", "县公安局", "", "网吧", "治安检查", "", "", "5月", ""]], learnt)[
        "tasks"
    ][1]
    assert task["ratio"] is None
    assert "ratio_missing" in {p.split(":")[0] for p in task["problems"]}


def test_a_corrected_number_of_subjects() -> None:
    learnt = Learnt(corrections={("ratio", "视情况"): {"sample_size": 12, "bound": "at_least"}})
    task = read(ROWS, learnt)["tasks"][1]
    assert (task["ratio"], task["sample_size"], task["sample_size_bound"]) == (None, 12, "at_least")


def test_headings_as_they_are_spoken_sections_with_a_number_apart_and_offices_that_go_together() -> None:
    said = read(
        [
            ["贵南县2026年抽查工作安排一览表"],
            ["序", "抽查工作名称", "查谁", "谁来查", "查什么", "抽多少", "怎么查", "啥时候查", "一年查几回"],
            ["一", "文化旅游类", "", "", "", "", "", "", ""],
            ["1", "网吧检查", "网吧", "县公安局（发起）县消防救援大队（配合）", "消防安全", "三成", "现场", "4-6月", "一年一回"],
            ["二", "气象类"],
            ["2", "防雷检查", "加油站", "县气象局会同县应急局", "防雷装置", "5户", "现场", "5月", "一年一次"],
        ]
    )  # fmt: skip
    first, second = said["tasks"]
    assert [one["task_name"] for one in said["tasks"]] == ["网吧检查", "防雷检查"]
    assert [one["field"] for one in said["tasks"]] == ["文化旅游类", "气象类"]
    assert (first["lead_department"], first["cooperating_departments"]) == ("县公安局", ["县消防救援大队"])
    assert (second["lead_department"], second["cooperating_departments"]) == ("县气象局", ["县应急局"])
    assert first["subject_scope"] == "网吧"
    assert first["frequency"] == {"times": 1, "per": "year"}
    assert first["ratio"]["percent"] == 30
    assert second["sample_size"] == 5


def test_content_and_basis_in_one_column_are_items() -> None:
    said = read(
        [
            ["贵南县2026年抽查计划表"],
            ["任务名称", "牵头单位", "检查内容及依据", "范围", "比例", "时间"],
            ["旅行社检查", "县公安局", "旅行社经营许可；导游上岗", "旅行社", "10%", "5月"],
        ]
    )
    [task] = said["tasks"]
    assert [one["text"] for one in task["items"]] == ["旅行社经营许可", "导游上岗"]
    assert task["subject_scope"] == "旅行社"
