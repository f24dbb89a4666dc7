"""How is the free writing of a cell read? One line per way of writing."""

from typing import Any

import pytest

from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet_amounts import read_frequency, read_ratio, read_sample_size
from onevisit.plans.sheet_cells import read_methods, read_targeting
from onevisit.plans.sheet_dates import read_window
from onevisit.plans.sheet_items import split_departments, split_items

REGISTER = DepartmentRegister.load()


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("5%", {"percent": 5, "bound": "exact"}),
        ("５％", {"percent": 5, "bound": "exact"}),
        ("0.05", {"percent": 5, "bound": "exact"}),
        ("百分之五", {"percent": 5, "bound": "exact"}),
        ("百分之二十五以上", {"percent": 25, "bound": "at_least"}),
        ("千分之三", {"percent": 0.3, "bound": "exact"}),
        ("三成", {"percent": 30, "bound": "exact"}),
        ("全覆盖", {"percent": 100, "bound": "exact"}),
        ("5%以上；1次/年", {"percent": 5, "bound": "at_least"}),
        ("抽查比例不低于20%; 1次/年", {"percent": 20, "bound": "at_least"}),
        ("不超过3%", {"percent": 3, "bound": "at_most"}),
        ("5%-10%", {"percent": 5, "bound": "range", "percent_max": 10}),
        ("5％至10％", {"percent": 5, "bound": "range", "percent_max": 10}),
        ("不少于10家", {"sample_size": 10, "bound": "at_least"}),
        ("", None),
        ("视情况", None),
    ],
)
def test_ratio(raw: str, value: Any) -> None:
    assert read_ratio(raw).value == value


@pytest.mark.parametrize(
    ("raw", "times", "per"),
    [
        ("5%:1次/年", 1, "year"),
        ("50% 1次/年", 1, "year"),
        ("5%; 1/年", 1, "year"),
        ("不低于30%; 抽查1次", 1, "year"),
        ("35%; 1次/季度", 1, "quarter"),
        ("一季度一次", 1, "quarter"),
        ("每季度一次", 1, "quarter"),
        ("每半年１次", 1, "half_year"),
        ("每年两次", 2, "year"),
        ("每月不少于2次", 2, "month"),
    ],
)
def test_frequency(raw: str, times: int, per: str) -> None:
    value = read_frequency(raw).value
    assert (value["times"], value["per"]) == (times, per)


@pytest.mark.parametrize(
    ("raw", "start", "end"),
    [
        ("4-11月", "2025-04-01", "2025-11-30"),
        ("2月", "2025-02-01", "2025-02-28"),
        ("2025.6-2025.10", "2025-06-01", "2025-10-31"),
        ("2025.01.01-12.31", "2025-01-01", "2025-12-31"),
        ("2025年3月—6月", "2025-03-01", "2025-06-30"),
        ("2025年2月——6月", "2025-02-01", "2025-06-30"),
        ("2025-07-01至2025-10-30", "2025-07-01", "2025-10-30"),
        ("2025年12月前", "2025-01-01", "2025-11-30"),
        ("11月15日前", "2025-01-01", "2025-11-15"),
        ("6月底前", "2025-01-01", "2025-06-30"),
        ("年底前", "2025-01-01", "2025-12-31"),
        ("上半年", "2025-01-01", "2025-06-30"),
        ("第三季度", "2025-07-01", "2025-09-30"),
        ("二、三季度", "2025-04-01", "2025-09-30"),
        ("３月上旬至５月中旬", "2025-03-01", "2025-05-20"),
        ("三月至十月", "2025-03-01", "2025-10-31"),
        ("4.1-6.30", "2025-04-01", "2025-06-30"),
        ("11月-次年2月", "2025-11-01", "2026-02-28"),
        ("全年", "2025-01-01", "2025-12-31"),
        ("3-5月、9-11月", "2025-03-01", "2025-11-30"),
    ],
)
def test_window(raw: str, start: str, end: str) -> None:
    window = read_window(raw, 2025)
    assert window is not None
    assert window.as_json() == {"start": start, "end": end}


@pytest.mark.parametrize("raw", ["适时", "每季度一次", "一季度一次", "13月", "2月30日-2月31日"])
def test_no_window(raw: str) -> None:
    assert read_window(raw, 2025) is None


def test_batches_are_kept_apart() -> None:
    window = read_window("3-5月、9-11月", 2025)
    assert window is not None
    assert [b[0].month for b in window.batches] == [3, 9]
    assert "ambiguous_window" in {code for code, _ in window.doubts}


@pytest.mark.parametrize(
    ("raw", "methods", "doubts"),
    [
        (
            "现场检查 中面检查 网络检查 专业机构 核",
            ["on_site", "document", "online", "third_party"],
            {"typo", "truncated"},
        ),
        ("实地核查、书面检查", ["on_site", "document"], set()),
        ("非现场检查", ["online"], set()),
        ("念咒", [], {"method_unreadable"}),
    ],
)
def test_methods(raw: str, methods: list[str], doubts: set[str]) -> None:
    reading = read_methods(raw)
    assert reading.value == methods
    assert {code for code, _ in reading.doubts} == doubts


def test_targeting_slip_is_told() -> None:
    assert read_targeting("不定向").doubts == []
    assert (read_targeting("不定项").value, read_targeting("不定项").doubts[0][0]) == ("undirected", "typo")


@pytest.mark.parametrize(
    ("raw", "items"),
    [
        ("1.甲检查2.乙检查3. 丙检查", ["甲检查", "乙检查", "丙检查"]),
        ("（1）甲检查；（2）乙检查。", ["甲检查", "乙检查"]),
        ("①甲检查②乙检查", ["甲检查", "乙检查"]),
        ("一、甲检查\n二、乙检查", ["甲检查", "乙检查"]),
        ("甲情况检查；乙情况检查；", ["甲情况检查", "乙情况检查"]),
        ("甲（含子项；另一子项）检查", ["甲（含子项；另一子项）检查"]),
        ("歌舞、娱乐场所检查", ["歌舞、娱乐场所检查"]),
        ("保安服务行业监督检查 登记备案事项", ["保安服务行业监督检查", "登记备案事项"]),
        ("特种行业许可证领取情况 抽查", ["特种行业许可证领取情况 抽查"]),
        ("对企业履行主体\n责任情况的检查", ["对企业履行主体责任情况的检查"]),
        ("电梯1.5米以上检查", ["电梯1.5米以上检查"]),
        ("", []),
    ],
)
def test_items(raw: str, items: list[str]) -> None:
    assert split_items(raw).texts == items


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("县公安局、县税务局", ["县公安局", "县税务局"]),
        ("县公安局 县市场监管局", ["县公安局", "县市场监管局"]),
        ("1.卫生健康委2.市场监督管理局示范区分局", ["卫生健康委", "市场监督管理局示范区分局"]),
        ("县住房和城乡建设局", ["县住房和城乡建设局"]),
        ("县商务局和县发展和改革局", ["县商务局", "县发展和改革局"]),
        ("县公安局\n县税务局", ["县公安局", "县税务局"]),
        ("无", []),
    ],
)
def test_departments(raw: str, names: list[str]) -> None:
    assert split_departments(raw, REGISTER, "贵南县").texts == names


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("10%左右", "10%"),
        ("约10%", "10%"),
        ("大约百分之五", "5%"),
        ("5%上下", "5%"),
        ("约20户", "20 户"),
        ("20家左右", "20 户"),
    ],
)
def test_about_so_many_is_asked(raw: str, number: str) -> None:
    reading = read_ratio(raw)
    assert reading.value is not None
    assert reading.doubts[0][0] == "ratio_about"
    assert f"先按 {number} 读" in reading.doubts[0][1]
    assert not [code for code, _ in read_ratio("10%，上下半年各1次").doubts if code == "ratio_about"]
    assert read_sample_size("20左右").doubts[0][0] == "ratio_about"
