"""Files that break readers, all made here: who uploads them gets a sentence, and the server keeps its memory.

Run as a program it reads every file in a child process of its own with little memory and little time, and prints
what came of it, one JSON line per file.
"""

import io
import json
import os
import random
import re
import resource
import struct
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docx import Document
from openpyxl import Workbook
from tests.plans.layouts.forms import compound, docx, saved, text, xls, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOISE = random.Random(7).randbytes(4000)
MEMORY = 700 * 2**20
SECONDS = 20
HEAD = ["序号", "任务名称", "发起部门", "配合部门", "抽查对象", "抽查事项", "抽查比例", "频次", "抽查时间"]
ROW = [1, "任务甲", "县公安局", "县税务局", "旅馆", "治安检查", "5%", "1次/年", "5月"]
ROWS = [["云溪县2025年抽查计划"], HEAD, ROW]
LIST = [
    ["企业名称", "统一社会信用代码", "姓名", "执法证号", "部门", "抽查事项", "事项名称"],
    ["甲", "乙", "丙", "丁", "戊", "己", "庚"],
]


@dataclass(frozen=True)
class Bad:
    """A file, and what each reader says: a code it is refused with, or `+code` that it is flagged with."""

    name: str
    file_name: str
    make: Callable[[], bytes]
    plan: str
    list: str | None


FILES: list[Bad] = []


def bad(
    file_name: str, plan: str, listed: str | None = None
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Enter a maker; codes without their step."""

    def enter(make: Callable[[], bytes]) -> Callable[[], bytes]:
        FILES.append(Bad(make.__name__, file_name, make, plan, listed))
        return make

    return enter


def entry(
    name: str, file_name: str, content: bytes | Callable[[], bytes], plan: str, listed: str | None = None
) -> None:
    """Enter a file that needs no function of its own."""
    FILES.append(Bad(name, file_name, content if callable(content) else lambda: content, plan, listed))


def book(rows: list[list[Any]] = ROWS) -> bytes:
    """A good workbook to break."""
    return xlsx(("计划", rows, []))


def paper(rows: list[list[str]] | None = None) -> bytes:
    """A good document to break."""
    return docx("云溪县2025年抽查计划", ([[str(c) for c in row] for row in rows or [HEAD, ROW]], []))


def package(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return target.getvalue()


def changed(content: bytes, **members: Callable[[bytes], bytes] | bytes) -> bytes:
    """A package with members changed or added; a__b_xml stands for a/b.xml."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for name, change in members.items():
        path = re.sub(r"_(xml|rels|bin)$", r".\1", name.replace("__", "/"))
        parts[path] = change(parts[path]) if callable(change) else change
    return package(parts)


def sheet_xml(body: bytes) -> bytes:
    """A sheet written by hand."""
    return (
        b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<sheetData>" + body + b"</sheetData></worksheet>"
    )


def with_rows(body: bytes) -> bytes:
    """The good workbook with further rows in its sheet."""
    return changed(
        book(), xl__worksheets__sheet1_xml=lambda old: old.replace(b"</sheetData>", body + b"</sheetData>")
    )


def cut(content: bytes, share: float) -> bytes:
    """The first part of a file."""
    return content[: int(len(content) * share)]


# --- what is no table at all
entry(
    "pdf_called_xlsx",
    "计划.xlsx",
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "file_kind_unknown",
    "file_kind_unknown",
)
entry(
    "picture_called_docx", "计划.docx", b"\x89PNG\r\n\x1a\n" + NOISE, "file_kind_unknown", "file_kind_unknown"
)
entry("photo_called_csv", "计划.csv", b"\xff\xd8\xff\xe0" + NOISE, "file_kind_unknown", "file_kind_unknown")
entry("rich_text", "计划.doc", b"{\\rtf1\\ansi " + NOISE, "file_kind_unknown", "file_kind_unknown")
entry("rar", "计划.xlsx", b"Rar!\x1a\x07\x00" + NOISE, "file_kind_unknown", "file_kind_unknown")
entry("seven_zip", "计划.xlsx", b"7z\xbc\xaf\x27\x1c" + NOISE, "file_kind_unknown", "file_kind_unknown")
entry("gzip", "计划.csv.gz", b"\x1f\x8b\x08\x00" + NOISE, "file_kind_unknown", "file_kind_unknown")
entry("program", "计划.exe", b"MZ\x90\x00" + NOISE, "file_kind_unknown", "file_kind_unknown")
entry("nothing", "计划.csv", b"", "file_empty", "file_empty")
entry("only_blanks", "计划.csv", b"\xef\xbb\xbf \r\n\r\n", "file_empty", "file_empty")
entry("only_nulls", "计划.xlsx", bytes(5000), "file_empty", "file_empty")
entry("noise", "计划.csv", NOISE, "file_unreadable", "file_unreadable")
entry(
    "old_word",
    "计划.doc",
    OLE + "WordDocument".encode("utf-16-le") + NOISE,
    "file_kind_unknown",
    "file_kind_unknown",
)
entry(
    "old_slides",
    "计划.xls",
    OLE + "PowerPoint Document".encode("utf-16-le") + NOISE,
    "file_kind_unknown",
    "file_kind_unknown",
)
entry("zip_of_text", "计划.xlsx", package({"读我.txt": b"hello"}), "file_kind_unknown", "file_kind_unknown")
entry(
    "zip_of_a_workbook",
    "计划.xlsx",
    lambda: package({"计划.xlsx": book()}),
    "file_kind_unknown",
    "file_kind_unknown",
)
entry(
    "binary_workbook",
    "计划.xlsb",
    package({"xl/workbook.bin": NOISE}),
    "file_kind_unknown",
    "file_kind_unknown",
)
entry(
    "open_document",
    "计划.ods",
    package({"mimetype": b"application/vnd.oasis", "content.xml": b"<a/>"}),
    "file_kind_unknown",
    "file_kind_unknown",
)
entry(
    "xml_of_2003",
    "计划.xls",
    b'<?xml version="1.0"?><Workbook><Worksheet/></Workbook>',
    "file_kind_unknown",
    "file_kind_unknown",
)
entry(
    "slides",
    "计划.pptx",
    package({"ppt/presentation.xml": b"<a/>"}),
    "file_kind_unknown",
    "file_kind_unknown",
)
entry("a_sentence", "计划.txt", "这是一句话，没有表格。".encode(), "no_table_found", "headings_missing")
entry("json", "计划.json", b'{"plan": [1, 2, 3]}\n', "no_table_found", "headings_missing")
entry(
    "web_page_without_table",
    "计划.xls",
    "<html><body>请先登录</body></html>".encode(),
    "no_table_found",
    "file_kind_unknown",
)

# --- broken, locked
entry("noise_as_zip", "计划.xlsx", b"PK\x03\x04" + NOISE, "file_unreadable", "file_unreadable")
entry("noise_as_xls", "计划.xls", OLE + NOISE, "file_unreadable", "file_unreadable")
for at in (0.1, 0.5, 0.9, 0.99):
    entry(
        f"workbook_cut_at_{at}",
        "计划.xlsx",
        lambda at=at: cut(book(), at),
        "file_unreadable",
        "file_unreadable",
    )  # type: ignore[misc]
for at in (0.3, 0.97):
    entry(
        f"document_cut_at_{at}",
        "计划.docx",
        lambda at=at: cut(paper(), at),
        "file_unreadable",
        "file_unreadable",
    )  # type: ignore[misc]
entry("xls_cut", "计划.xls", lambda: cut(xls(ROWS), 0.4), "file_unreadable", "file_unreadable")
entry("xls_of_zeros", "计划.xls", lambda: compound(bytes(4096)), "no_table_found", "file_unreadable")
entry(
    "locked_workbook",
    "计划.xlsx",
    lambda: compound(NOISE, "EncryptedPackage"),
    "file_encrypted",
    "file_encrypted",
)
entry(
    "member_gone",
    "计划.xlsx",
    lambda: package({"xl/workbook.xml": b"<workbook/>"}),
    "file_unreadable",
    "file_unreadable",
)
entry(
    "document_of_noise",
    "计划.docx",
    package({"word/document.xml": NOISE}),
    "file_unreadable",
    "file_kind_unknown",
)
entry(
    "document_broken_off",
    "计划.docx",
    package({"word/document.xml": b"<w:document"}),
    "file_unreadable",
    "file_kind_unknown",
)


@bad("计划.xlsx", "file_encrypted", "file_encrypted")
def locked_zip() -> bytes:
    """A zip whose members say that they are encrypted."""
    content = bytearray(book())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


@bad("计划.xlsx", "file_unreadable", "file_unreadable")
def wrong_checksum() -> bytes:
    """A sheet whose bytes were changed on the way."""
    content = bytearray(
        package(
            {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet_xml(b"<row/>" * 50)},
            zipfile.ZIP_STORED,
        )
    )
    place = content.find(b"<sheetData>")
    content[place + 1] ^= 0x20
    return bytes(content)


@bad("计划.xls", "file_encrypted", "file_encrypted")
def locked_xls() -> bytes:
    """An old workbook with a FILEPASS record."""
    plain = xls(ROWS)
    return plain.replace(struct.pack("<HH", 0x0042, 2), struct.pack("<HH", 0x002F, 2), 1)


# --- attacks
entry(
    "bomb_document",
    "计划.docx",
    lambda: package({"word/document.xml": b" " * (300 * 2**20)}),
    "file_too_large",
    "file_too_large",
)
entry(
    "bomb_of_many",
    "计划.xlsx",
    lambda: package({**{f"a{n}": b"" for n in range(6000)}, "xl/workbook.xml": b"<a/>"}),
    "file_too_large",
    "file_too_large",
)
entry(
    "shared_strings_100_mb",
    "计划.xlsx",
    lambda: changed(book(), xl__sharedStrings_xml=b"<sst>" + b"<si><t>x</t></si>" * 6_500_000 + b"</sst>"),
    "file_too_large",
    "file_too_large",
)


@bad("计划.xlsx", "file_too_large", "file_too_large")
def bomb_of_gigabytes() -> bytes:
    """Two gigabytes of nothing in two megabytes."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped,
        zipped.open("xl/workbook.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(2048):
            member.write(bytes(2**20))
    return target.getvalue()


@bad("计划.xlsx", "file_unreadable", "file_unreadable")
def bomb_that_lies() -> bytes:
    """Three hundred megabytes that say they are a hundred bytes."""
    content = bytearray(package({"xl/workbook.xml": bytes(300 * 2**20)}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.find(mark)
        content[place + at : place + at + 4] = struct.pack("<I", 100)
    return bytes(content)


XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">'.encode() for n in range(10))
    + b"]>"
)
entry(
    "entity_in_document",
    "计划.docx",
    package({"word/document.xml": XXE + b"<a>&x;</a>"}),
    "file_unreadable",
    "file_unreadable",
)
entry(
    "laughs_in_document",
    "计划.docx",
    package({"word/document.xml": LAUGHS + b"<l>&k;</l>"}),
    "file_unreadable",
    "file_unreadable",
)
entry(
    "entity_in_styles",
    "计划.docx",
    lambda: changed(paper(), word__styles_xml=XXE + b"<a>&x;</a>"),
    "file_unreadable",
    "file_unreadable",
)
entry(
    "entity_in_sheet",
    "计划.xlsx",
    lambda: changed(book(), xl__worksheets__sheet1_xml=lambda old: XXE + old),
    "file_unreadable",
    "file_unreadable",
)
entry(
    "laughs_in_strings",
    "计划.xlsx",
    lambda: changed(book(), xl__sharedStrings_xml=LAUGHS + b"<sst><si><t>&k;</t></si></sst>"),
    "file_unreadable",
    "file_unreadable",
)
entry(
    "entity_behind_a_comment",
    "计划.xlsx",
    lambda: changed(
        book(), xl__worksheets__sheet1_xml=lambda old: b"<!--" + b"x" * 9000 + b"-->" + XXE[21:] + old
    ),
    "file_unreadable",
    "file_unreadable",
)
entry(
    "entity_in_relations",
    "计划.docx",
    lambda: changed(paper(), word___rels__document_xml_rels=XXE + b"<a>&x;</a>"),
    "file_unreadable",
    "file_unreadable",
)

# --- sizes
entry(
    "far_cells",
    "计划.xlsx",
    lambda: with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "table_too_large",
    "table_too_large",
)
entry(
    "cell_far_below",
    "计划.xlsx",
    lambda: with_rows(b'<row r="1048576"><c r="I1048576"><v>1</v></c></row>'),
    "table_too_large",
    None,
)
entry("csv_of_25_mb", "计划.csv", lambda: b"1,2\n" * (6 * 2**20), "file_too_large", "headings_missing")
entry(
    "csv_of_many_columns",
    "计划.csv",
    lambda: b",".join(b"%d" % n for n in range(5000)) + b"\n1\n",
    "table_too_large",
    "headings_missing",
)
entry(
    "sheet_of_500_columns",
    "计划.xlsx",
    lambda: book([[f"列{n}" for n in range(500)], ["x"] * 500]),
    "table_too_large",
    "headings_missing",
)
entry(
    "document_of_many_cells",
    "计划.docx",
    lambda: changed(
        paper(),
        word__document_xml=lambda old: old.replace(
            b"<w:sectPr",
            b"<w:tbl><w:tr>"
            + b'<w:tc><w:tcPr><w:gridSpan w:val="200"/></w:tcPr><w:p/></w:tc>'
            + b"</w:tr>"
            + b"<w:tr><w:tc><w:p/></w:tc></w:tr>" * 20000
            + b"</w:tbl><w:sectPr",
            1,
        ),
    ),
    "table_too_large",
    "file_kind_unknown",
)
entry(
    "million_empty_rows",
    "计划.xlsx",
    lambda: with_rows(
        b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(10, 1_000_000))
    ),
    "+method_missing",
    None,
)
entry(
    "million_empty_lines",
    "计划.csv",
    lambda: text(ROWS) + b"\r\n" + b",,,,,,,,\r\n" * 200_000,
    "+method_missing",
    None,
)

# --- tables that are no plan
entry("no_heading", "计划.csv", lambda: text([ROW, ROW, ROW]), "no_table_found", "headings_missing")
entry("heading_only", "计划.csv", lambda: text([HEAD]), "no_table_found", "headings_missing")
entry(
    "other_table",
    "名单.csv",
    lambda: text([["姓名", "电话", "住址"], ["甲", "1", "乙"]]),
    "no_table_found",
    "headings_missing",
)
entry("empty_workbook", "计划.xlsx", lambda: saved(Workbook()), "no_table_found", "headings_missing")
entry(
    "notice_without_table",
    "通知.docx",
    lambda: docx("关于印发计划的通知"),
    "no_table_found",
    "file_kind_unknown",
)


@bad("计划.docx", "no_table_found", "file_kind_unknown")
def picture_instead_of_table() -> bytes:
    """A scan of the plan pasted into Word."""
    from PIL import Image

    image = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(image, "PNG")
    document = Document()
    document.add_paragraph("云溪县2025年抽查计划")
    document.add_picture(image)
    return saved(document)


@bad("计划.xlsx", "no_table_found", "headings_missing")
def only_hidden_sheets_hold_the_plan() -> bytes:
    """The visible sheet is empty."""
    return xlsx(("说明", [["见附表"]], []), ("计划", ROWS, []), hidden=["计划"])


# --- plans that are read, with a word of warning
entry(
    "hidden_sheet",
    "计划.xlsx",
    lambda: xlsx(("计划", ROWS, []), ("旧计划", ROWS, []), hidden=["旧计划"]),
    "+hidden_sheet",
)
entry(
    "formula_without_value",
    "计划.xlsx",
    lambda: book([*ROWS[:2], [*ROW[:6], "=1/20", *ROW[7:]]]),
    "+formula_without_value",
    "formula_without_value",
)
entry(
    "external_link",
    "计划.xlsx",
    lambda: changed(book(), xl__externalLinks__externalLink1_xml=b"<externalLink/>"),
    "+external_link",
)
entry(
    "two_columns_one_heading",
    "计划.csv",
    lambda: text([ROWS[0], [*HEAD, "抽查事项"], [*ROW, "消防检查"]]),
    "+duplicate_heading",
)
entry(
    "unknown_departments",
    "计划.csv",
    lambda: text([*ROWS[:2], [1, "任务甲", "某某某", "丁戊己", *ROW[4:]]]),
    "+department_unknown",
)
entry(
    "quote_not_closed",
    "计划.csv",
    lambda: "\n".join(
        [
            "云溪县2025年抽查计划",
            ",".join(HEAD),
            '1,任务甲,县公安局,"县税务局,旅馆,治安检查,5%,1次/年,5月',
            *[",".join(map(str, ROW)) for _ in range(4)],
        ]
    ).encode(),
    "+quote_not_closed",
    "file_unreadable",
)
entry(
    "mixed_encodings",
    "计划.csv",
    lambda: text([*ROWS, ROW]) + b"\r\n" + ",".join(map(str, [2, *ROW[1:]])).encode("gb18030"),
    "+mixed_encoding",
    "file_unreadable",
)
entry("garbled", "计划.csv", lambda: text([*ROWS[:2], [1, "锟斤拷锟斤拷", *ROW[2:]]]), "+garbled_text")
entry(
    "nulls_in_text",
    "计划.csv",
    lambda: text(ROWS).replace("任务甲".encode(), b"\0\0\0"),
    "file_unreadable",
    "headings_missing",
)
entry(
    "merged_across_the_heading",
    "计划.xlsx",
    lambda: xlsx(("计划", [ROWS[0], HEAD, ROW], ["A1:I1", "E2:F2"])),
    "+items_missing",
)
entry("number_twice", "计划.csv", lambda: text([*ROWS, [1, "任务乙", *ROW[2:]]]), "+seq_repeated")
entry(
    "row_without_a_task",
    "计划.csv",
    lambda: text([*ROWS[:2], ["", "", "", "", "", "无主事项", "", "", ""], ROW]),
    "+row_not_read",
)
entry("wrong_extension", "计划.docx", lambda: book(), "+method_missing")
entry(
    "formula_with_value",
    "计划.xlsx",
    lambda: changed(
        book(),
        xl__worksheets__sheet1_xml=lambda old: old.replace(
            b"</sheetData>", b'<row r="4"><c r="A4"><f>1+1</f><v>2</v></c></row></sheetData>'
        ),
    ),
    "+items_missing",
)
entry("table_in_a_table", "计划.docx", lambda: nested(), "+method_missing", "file_kind_unknown")
entry("no_year", "计划.csv", lambda: text([HEAD, ROW]), "+plan_year_missing")


def nested() -> bytes:
    """The plan laid out within the one cell of an outer table."""
    document = Document()
    document.add_paragraph("云溪县2025年抽查计划")
    inner = document.add_table(1, 1).cell(0, 0).add_table(2, len(HEAD))
    for r, row in enumerate((HEAD, ROW)):
        for c, words in enumerate(row):
            inner.cell(r, c).text = str(words)
    return saved(document)


def read_by(reader: str, one: Bad, content: bytes) -> dict[str, Any]:
    """What a reader says to a file: the code and sentence of its refusal, or the codes it is flagged with."""
    from onevisit.core.problems import Problem
    from onevisit.core.rows import ListFile
    from onevisit.departments.register import DepartmentRegister
    from onevisit.plans.sheet import read_plan

    try:
        if reader == "plan":
            result = read_plan(
                one.file_name, content, year=None, region="云溪县", register=DepartmentRegister.load()
            )
            problems = [p for of in (result["plan"], *result["tasks"]) for p in of["problems"]]
            return {"flags": sorted({p.split(":")[0] for p in problems}), "tasks": len(result["tasks"])}
        headings = {"name": ("抽查计划单位",), "code": ("没有这一列",)}
        return {"rows": sum(1 for _ in ListFile(reader, one.file_name, content, headings, ("name",)).rows())}
    except Problem as refused:
        return {"code": refused.code, "sentence": refused.detail}


def in_a_child(reader: str, one: Bad, content: bytes) -> dict[str, Any]:
    """Read it with little memory and little time, so that a file can kill nobody but its reader."""
    end, start = os.pipe()
    child = os.fork()
    if child == 0:
        with open("/proc/self/statm") as pages:
            size = int(pages.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        try:
            result = read_by(reader, one, content)
        except BaseException as error:
            result = {"crash": repr(error)[:300]}
        os.write(start, json.dumps(result).encode())
        os._exit(0)
    os.close(start)
    begun = time.monotonic()
    with os.fdopen(end, "rb") as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    seconds = round(time.monotonic() - begun, 2)
    return {
        "name": one.name,
        "reader": reader,
        "status": status,
        "seconds": seconds,
        **json.loads(said or b'{"crash": "died"}'),
    }


def main() -> None:
    """Every file by both readers."""
    import onevisit.core.rows
    import onevisit.plans.sheet  # noqa: F401

    for one in FILES:
        content = one.make()
        for reader in ("plan", "subjects", "inspectors", "items") if one.list else ("plan",):
            print(json.dumps(in_a_child(reader, one, content), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
