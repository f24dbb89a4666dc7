"""A table as it really comes: two rows of headings, slid cells, an office nobody knows, odd ratios; all made up."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment

TITLE = "2026年贵南县部门联合“双随机、一公开”抽查计划（汇总稿，示例）"
HEADS = [
    [
        "序号",
        "抽查任务名称",
        "部门",
        None,
        "抽查对象",
        "抽查事项",
        "抽取",
        None,
        "起止时间",
        "方法",
        "小组备忘",
    ],
    [None, None, "牵头", "会同", None, None, "比例", "次数", None, None, None],
]
MERGED = ("A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:F3", "G2:H2", "I2:I3", "J2:J3", "K2:K3", "A1:K1")
ROWS: list[list[Any]] = [
    ["一、治安消防", *[None] * 10],
    [1, "旅馆业治安消防联合抽查", "县公安局", "县消防救援大队、县卫健局", "各类宾馆、旅店", "1.旅馆业治安管理情况检查；2.消防监督检查", "5%", "1次/年", "4-9月", "现场检查", "张组"],
    [2, "娱乐场所联合抽查", "县文体旅游广电局", "县公安局", "歌舞娱乐场所", "娱乐场所经营情况检查", "百分之二百", "每年1次", "6月—11月", "现场检查、书面检查", "李组"],
    [3, "加油站联合抽查", "县商贸物流促进中心", "县应急管理局\n县市场监管局", "加油站", "成品油经营资格检查", "0.2", "一年两次", "3-10月", "现场检查", "张组"],
    ["二、市场监管", *[None] * 10],
    [4, "年报公示信息抽查", "县市场监督管理局", "县人社局", "企业", "年度报告公示信息的抽查", "3%或5%", "1次/年", "7-11月", "网络检查", "王组"],
    [5, "养老机构服务质量抽查", "县民政局", "县消防救援大队", "养老机构", "消防监督检查\n养老服务质量检查", "全覆盖", "每季度一次", "一季度一次", "现场检查", "李组"],
    [None, "校外培训机构抽查", 6, "县教育局", "县市场监管局、县消防救援大队", "校外培训机构", "办学许可检查；收费行为检查", "10%", "1次/年", "5-10月", "现场检查"],
    [7, "涉枪单位抽查", "县公安局", "县文体旅游广电局", "民用枪支配置使用单位", "枪弹库安全检查", "100%", "2次/年", "10月-5月", "中面检查", "张组"],
    [8, "学校食堂食品安全抽查", "县市场监管局", "县教育局、县卫健局", "学校食堂", "学校食堂食品安全情况检查", 20, "1次/年", "3月前", "现场检查", "王组"],
    ["合计", "8项", *[None] * 9],
    ["注：各牵头单位可根据实际调整，未尽事宜另行通知。", *[None] * 10],
]  # fmt: skip


def messy_table() -> bytes:
    """The table as an Excel file, with merged cells."""
    book = Workbook()
    sheet = book.active
    sheet.title = "汇总"
    sheet.append([TITLE])
    for row in (*HEADS, *ROWS):
        sheet.append(row)
    for place in MERGED:
        sheet.merge_cells(place)
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True)
    for at, row in enumerate(ROWS, start=4):
        if sum(cell is not None for cell in row) == 1:
            sheet.merge_cells(f"A{at}:K{at}")
    second = book.create_sheet("分工说明")
    second.append(["本表只供内部参考"])
    second.append(["部门", "联系方式"])
    second.append(["县公安局", "见通讯录"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


if __name__ == "__main__":
    import sys
    from pathlib import Path

    Path(sys.argv[1]).write_bytes(messy_table())
