"""Does every way of writing an office lead to the same office?"""

import pytest

from onevisit.departments.register import DepartmentRegister

REGISTER = DepartmentRegister.load()


def test_every_spelling_of_the_register() -> None:
    for spelling in REGISTER.spellings:
        if spelling.kind == "department":
            assert REGISTER.canonical(spelling.written, spelling.region) == spelling.canonical


@pytest.mark.parametrize(
    ("written", "region", "canonical"),
    [
        ("市监局", "贵南县", "贵南县市场监督管理局"),
        ("贵南县市监局", "贵南县", "贵南县市场监督管理局"),
        ("国家税务总局贵南县税务局", "贵南县", "贵南县税务局"),
        ("县发改委", "贵南县", "贵南县发展和改革局"),
        (" 县 公安局 ", "贵南县", "贵南县公安局"),
        ("县教科局", "云溪县", "云溪县教育科技局"),
        ("卫健委", "云溪县", "云溪县卫生健康委员会"),
        ("云溪县住建局", "云溪县", "云溪县住房和城乡建设局"),
        ("忻州市生态环境局原平分局", "原平市", "忻州市生态环境局原平分局"),
        ("县科学技术协会", "云溪县", "云溪县科学技术协会"),
    ],
)
def test_names_never_seen(written: str, region: str, canonical: str) -> None:
    assert REGISTER.canonical(written, region) == canonical


def test_mentions_in_a_plan_name() -> None:
    name = "2023年县住建局与县应急管理局、县人社局、县消防救援大队关于全县房地产领域联合抽查"
    assert [m.written for m in REGISTER.mentions(name, "贵南县")] == [
        "县住建局",
        "县应急管理局",
        "县人社局",
        "县消防救援大队",
    ]
    assert [m.written for m in DepartmentRegister([]).mentions("县发改局和县市监局联合检查", "云溪县")] == [
        "县发改局",
        "县市监局",
    ]


@pytest.mark.parametrize(
    ("title", "region"),
    [
        ("2023年度贵南县市场监管领域部门联合抽查计划", "贵南县"),
        ("原平市 2024 年市场监管领域计划", "原平市"),
        ("示范区市场监管领域2023年度计划", "焦作市城乡一体化示范区"),
        ("云溪县2025年度计划", "云溪县"),
        ("市场监管领域计划", None),
    ],
)
def test_region_of_a_title(title: str, region: str | None) -> None:
    assert REGISTER.region_in(title) == region
