"""Made-up plan tables of styles that no seed has, written into files for the tests."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from openpyxl import Workbook

TITLE = "云溪县2025年度部门联合“双随机、一公开”监管工作计划表（示例）"
# Two header rows with a heading over two columns, other words and order, full-width digits, ratio in
# words, sections, a total row, a footnote, a continued row: none of it stands so in a seed.
STYLE = [
    [TITLE, "", "", "", "", "", "", "", "", ""],
    [
        "项次",
        "检查时段",
        "抽取比率",
        "年度次数",
        "检查内容",
        "被检查主体类型",
        "参与部门",
        "",
        "实施手段",
        "备注",
    ],
    ["", "", "", "", "", "", "牵头单位", "协同单位", "", ""],
    ["一、市场监管领域", "", "", "", "", "", "", "", "", ""],
    [
        "（１）",
        "上半年",
        "百分之五",
        "１次／年",
        "1）价格公示检查 2）计量器具检查",
        "农贸市场",
        "县市监局",
        "县商务局和县发改委",
        "实地核查",
        "示例",
    ],
    [
        "（２）",
        "４月上旬至９月下旬",
        "全覆盖",
        "每季度一次",
        "特种设备使用登记检查；特种设备安全管理检查",
        "游乐场所",
        "县市场监督管理局",
        "县文旅局、县应急局",
        "现场检查、查阅资料",
        "",
    ],
    ["二、生态环境领域", "", "", "", "", "", "", "", "", ""],
    [
        "（３）",
        "１１月底前",
        "５％－１０％",
        "每半年１次",
        "排污许可证执行情况检查",
        "重点排污单位",
        "县生态环境局",
        "县水利局",
        "网络检查",
        "",
    ],
    [
        "（４）",
        "第三季度",
        "不少于10家",
        "1次",
        "危险废物转移联单检查",
        "产废单位",
        "县环保局",
        "县交通局",
        "抽样检测",
        "",
    ],
    ["", "", "", "", "危险废物运输资质检查", "", "", "", "", ""],
    ["合计", "", "", "5", "", "", "", "", "", ""],
    ["备注：本表为示例，非真实计划。", "", "", "", "", "", "", "", "", ""],
]
STYLE_MERGES = [
    "A1:J1",
    "A2:A3",
    "B2:B3",
    "C2:C3",
    "D2:D3",
    "E2:E3",
    "F2:F3",
    "G2:H2",
    "I2:I3",
    "J2:J3",
    "A4:J4",
    "A7:J7",
    "A12:J12",
]

# No number column, one task over several rows, tab-separated.
PLAIN = [
    ["发起单位", "任务名称", "配合单位", "抽查事项", "对象范围", "比例", "频次", "完成时限"],
    [
        "示例市教育局",
        "校外培训机构联合检查",
        "示例市市场监管局",
        "办学许可检查",
        "校外培训机构",
        "0.2",
        "一年两次",
        "3月1日—10月20日",
    ],
    ["", "", "示例市消防救援支队", "消防安全检查", "", "", "", ""],
    [
        "示例市烟草专卖局",
        "电子烟零售联合检查",
        "示例市市场监管局",
        "电子烟零售许可检查",
        "电子烟零售点",
        "不超过3%",
        "每月1次",
        "全年",
    ],
]


def xlsx(rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), title: str = "计划") -> bytes:
    """The rows as a workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append([None if cell == "" else cell for cell in row])
    for merge in merges:
        sheet.merge_cells(merge)
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of a workbook or a document."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def docx(rows: Sequence[Sequence[str]], before: Sequence[str] = (), merge_from: int | None = None) -> bytes:
    """The rows as a Word table under some lines; blank cells below `merge_from` merge with the one above."""
    document = Document()
    for line in before:
        document.add_paragraph(line)
    table = document.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    if merge_from is not None:
        for c in range(len(rows[0])):
            for r in range(merge_from, len(rows)):
                if not rows[r][c]:
                    table.cell(r - 1, c).merge(table.cell(r, c))
    return saved(document)


def tsv(rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """The rows as tab-separated text."""
    return "\r\n".join("\t".join(row) for row in rows).encode(encoding)
