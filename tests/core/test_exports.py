"""Does a list leave the house whole, and is nothing in it a formula?"""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from onevisit.core.exports import answer, as_written, csv_lines, harmless, xlsx_file

RUNNING = [
    '=HYPERLINK("http://x","点")', "+1+1|cmd", "-2+3", "@SUM(A1)", "\t=1", "  =1", "＝1+1", "－1+2", "\r=1", "\x00=1",
]  # fmt: skip


@pytest.mark.parametrize("text", RUNNING)
def test_what_would_run_is_a_text(text: str) -> None:
    """A quote stands before it, and without it the clerk's words come back."""
    told = harmless(text)
    assert str(told).startswith("'")
    assert as_written(str(told)) == text.replace("\x00", "")


@pytest.mark.parametrize("text", ["县公安局", "-5", "+3.5", "", "5%-10%", "'单引号", "a=b"])
def test_harmless_words_stay(text: str) -> None:
    assert harmless(text) == text
    assert as_written(text) == text


def test_csv_says_what_the_rows_say() -> None:
    """With BOM, quoted where commas and line breaks stand."""
    rows = [["甲", 1, None, date(2026, 11, 9)], ["乙，\n丙", 2, "=1", None]]
    text = "".join(csv_lines(["名称", "数", "三", "日"], rows))
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]))) == [
        ["名称", "数", "三", "日"], ["甲", "1", "", "2026-11-09"], ["乙，\n丙", "2", "'=1", ""],
    ]  # fmt: skip


def test_xlsx_holds_no_formula() -> None:
    """Read with the library offices' macros use: every running cell is a string."""
    with xlsx_file("名录/2026", ["名称"], ([one] for one in RUNNING)) as file:
        page = load_workbook(file).active
    assert page is not None
    assert page.title == "名录 2026"
    assert page.freeze_panes == "A2"
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s"}
    assert page.max_row == len(RUNNING) + 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_download_has_its_chinese_name(kind: str) -> None:
    made = answer("检查对象名录库", kind, ["名称"], [["甲"]])
    assert f".{kind}" in made.headers["Content-Disposition"]
    assert "%E6%A3%80" in made.headers["Content-Disposition"]
    assert made.get_data()
