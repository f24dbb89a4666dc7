"""Are tables read that no seed looks like? Other words, orders, signs and file forms, all made up."""

import datetime as dt
from typing import Any

import pytest
from openpyxl import Workbook
from tests.plans.tables import PLAIN, STYLE, STYLE_MERGES, docx, saved, tsv, xlsx

from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet import read_plan

REGISTER = DepartmentRegister.load()


def read(file_name: str, content: bytes, **given: Any) -> dict[str, Any]:
    """Read with the register of the package."""
    return read_plan(
        file_name, content, year=given.get("year"), region=given.get("region"), register=REGISTER
    )


def facts(tasks: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """These facts of each task."""
    return [tuple(t.get(n) for n in names) for t in tasks]


def csv(rows: list[list[str]]) -> bytes:
    """Comma-separated with a byte order mark, as Excel writes it; no merged cells are left."""
    return ("\ufeff" + "\n".join(",".join(f'"{c}"' for c in row) for row in rows)).encode()


@pytest.mark.parametrize("content", [xlsx(STYLE, STYLE_MERGES), csv(STYLE)], ids=["xlsx", "csv"])
def test_other_words_two_header_rows_sections_and_totals(content: bytes) -> None:
    result = read("计划", content)
    plan, tasks = result["plan"], result["tasks"]
    assert (plan["region"], plan["year"], plan["footnote"]) == (
        "云溪县",
        2025,
        "备注：本表为示例，非真实计划。",
    )
    assert facts(tasks, "seq", "field", "subject_scope", "lead_department", "cooperating_departments") == [
        (1, "市场监管领域", "农贸市场", "县市监局", ["县商务局", "县发改委"]),
        (2, "市场监管领域", "游乐场所", "县市场监督管理局", ["县文旅局", "县应急局"]),
        (3, "生态环境领域", "重点排污单位", "县生态环境局", ["县水利局"]),
        (4, "生态环境领域", "产废单位", "县环保局", ["县交通局"]),
    ]
    assert [t["ratio"] for t in tasks] == [
        {"percent": 5, "bound": "exact"},
        {"percent": 100, "bound": "exact"},
        {"percent": 5, "bound": "range", "percent_max": 10},
        None,
    ]
    assert tasks[3]["sample_size"] == 10
    assert [(t["frequency"]["times"], t["frequency"]["per"]) for t in tasks] == [
        (1, "year"),
        (1, "quarter"),
        (1, "half_year"),
        (1, "year"),
    ]
    assert [(t["window"]["start"], t["window"]["end"]) for t in tasks] == [
        ("2025-01-01", "2025-06-30"),
        ("2025-04-01", "2025-09-30"),
        ("2025-01-01", "2025-11-30"),
        ("2025-07-01", "2025-09-30"),
    ]
    assert [t["methods"] for t in tasks] == [
        ["on_site"],
        ["on_site", "data_review"],
        ["online"],
        ["sampling"],
    ]
    assert [[i["text"] for i in t["items"]] for t in tasks] == [
        ["价格公示检查", "计量器具检查"],
        ["特种设备使用登记检查", "特种设备安全管理检查"],
        ["排污许可证执行情况检查"],
        ["危险废物转移联单检查", "危险废物运输资质检查"],
    ]
    told = {p.split(":")[0] for p in plan["problems"]}
    assert {"section_row", "total_row", "two_row_header"} <= told


@pytest.mark.parametrize(
    "content",
    [tsv(PLAIN), tsv(PLAIN, "gb18030"), tsv(PLAIN, "utf-16"), docx(PLAIN, ["示例市2025年度抽查计划"], 2)],
    ids=["utf-8", "gb18030", "utf-16", "docx"],
)
def test_no_numbers_and_rows_that_continue_a_task(content: bytes) -> None:
    tasks = read("计划", content, year=2025, region="示例市")["tasks"]
    assert facts(tasks, "task_name", "lead_department", "ratio", "frequency") == [
        (
            "校外培训机构联合检查",
            "示例市教育局",
            {"percent": 20, "bound": "exact"},
            {"times": 2, "per": "year"},
        ),
        (
            "电子烟零售联合检查",
            "示例市烟草专卖局",
            {"percent": 3, "bound": "at_most"},
            {"times": 1, "per": "month"},
        ),
    ]
    assert [i["department"] for i in tasks[0]["items"]] == ["示例市市场监管局", "示例市消防救援支队"]
    assert "attribution_doubtful" in {p.split(":")[0] for p in tasks[0]["problems"]}
    assert tasks[0]["window"] == {"start": "2025-03-01", "end": "2025-10-20"}


def test_numbers_of_subjects_and_an_office_as_inspecting_body() -> None:
    rows = [
        [
            "序号",
            "抽查任务",
            "检查主体",
            "联合部门",
            "检查内容",
            "检查对象",
            "抽取数量",
            "任务来源",
            "法律依据",
            "检查时间",
        ],
        [
            "1",
            "某任务",
            "县公安局",
            "县税务局",
            "某事项检查",
            "某对象",
            "12",
            "上级部署",
            "某法第一条",
            "9月",
        ],
    ]
    task = read("云溪县2025年计划.csv", csv(rows), region="云溪县")["tasks"][0]
    assert facts([task], "lead_department", "sample_size", "ratio", "origin", "basis", "tier") == [
        ("县公安局", 12, None, "上级部署", "某法第一条", "县")
    ]
    assert task["cooperating_departments"] == ["县税务局"]


def test_columns_in_reverse_order_read_the_same() -> None:
    turned = read("a.tsv", tsv([row[::-1] for row in PLAIN]), year=2025, region="示例市")["tasks"]
    straight = read("a.tsv", tsv(PLAIN), year=2025, region="示例市")["tasks"]
    names = (
        "task_name",
        "lead_department",
        "cooperating_departments",
        "items",
        "ratio",
        "window",
        "problems",
    )
    assert facts(turned, *names) == facts(straight, *names)


def test_what_is_not_understood_is_asked_and_not_guessed() -> None:
    rows = [
        [
            "序号",
            "任务名称",
            "发起部门",
            "抽查事项",
            "抽查对象",
            "抽查比例",
            "抽查时间",
            "检查方式",
            "奇怪的列",
        ],
        ["1", "某任务", "县公安局", "某事项检查", "某对象", "视情况", "适时", "其他办法", "x"],
        ["2", "另一任务", "某某某", "", "", "", "", "现场检查", ""],
    ]
    result = read("云溪县2025年计划.csv", csv(rows))
    told = [{p.split(":")[0] for p in t["problems"]} for t in result["tasks"]]
    assert {"ratio_unreadable", "window_unreadable", "method_unreadable"} <= told[0]
    assert {
        "ratio_missing",
        "window_missing",
        "items_missing",
        "scope_missing",
        "department_unknown",
    } <= told[1]
    assert "heading_unknown" in {p.split(":")[0] for p in result["plan"]["problems"]}
    assert result["tasks"][0]["ratio"] is None
    assert result["tasks"][0]["window"] is None


def test_a_row_that_fits_nowhere_is_named() -> None:
    rows = [*PLAIN[:3], ["", "", "", "另一事项检查", "另一些对象", "9%", "", ""]]
    task = read("a.tsv", tsv(rows), year=2025, region="示例市")["tasks"][0]
    told = next(p for p in task["problems"] if p.startswith("row_not_read"))
    assert "第 4 行" in told
    assert "另一些对象" in told
    assert [i["text"] for i in task["items"]][-1] == "另一事项检查"


def test_the_year_given_wins_over_the_title() -> None:
    tasks = read("a.xlsx", xlsx(STYLE, STYLE_MERGES), year=2026)["tasks"]
    assert tasks[0]["window"] == {"start": "2026-01-01", "end": "2026-06-30"}


def test_begin_and_end_in_two_columns_and_dates_and_percents_as_excel_keeps_them() -> None:
    rows = [
        [
            "序号",
            "任务名称",
            "发起部门",
            "配合部门1",
            "配合部门2",
            "抽查事项",
            "抽查对象",
            "抽查比例",
            "开始时间",
            "结束时间",
        ],
        [
            1,
            "某检查",
            "县公安局",
            "县税务局",
            "县气象局",
            "某事项检查",
            "某对象",
            0.05,
            dt.date(2025, 3, 1),
            dt.date(2025, 5, 31),
        ],
    ]
    task = read("a.xlsx", xlsx(rows), region="云溪县")["tasks"][0]
    assert task["window"] == {"start": "2025-03-01", "end": "2025-05-31"}
    assert task["ratio"] == {"percent": 5, "bound": "exact"}
    assert task["cooperating_departments"] == ["县税务局", "县气象局"]


def test_several_sheets_with_hidden_and_foreign_ones() -> None:
    book = Workbook()
    book.active.append(["填表须知", "请逐项填写"])
    for name in ("联合抽查", "本部门抽查", "旧表"):
        sheet = book.create_sheet(name)
        for row in [["序号", *PLAIN[0]], [1, *PLAIN[1]], [2, *PLAIN[3]]]:
            sheet.append(row)
    book["旧表"].sheet_state = "hidden"
    result = read("a.xlsx", saved(book), year=2025, region="示例市")
    assert [(t["seq"], t["provenance"]["seq"]["sheet"]) for t in result["tasks"]] == [
        (1, "联合抽查"),
        (2, "联合抽查"),
        (1, "本部门抽查"),
        (2, "本部门抽查"),
    ]
    told = {p.split(":")[0] for p in result["plan"]["problems"]}
    assert "hidden_sheet" in told
    assert not told & {"seq_repeated", "seq_gap"}
