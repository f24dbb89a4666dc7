"""Is a file that is no plan table refused with a stable code and a sentence that says what to do?"""

import io
import random
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook
from tests.plans.tables import PLAIN, docx, saved, tsv, xlsx

from onevisit.core.problems import Problem
from onevisit.departments.register import DepartmentRegister
from onevisit.plans.sheet import read_plan

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def package(**members: bytes) -> bytes:
    """A zip of these members, names with _ for /."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


def far_apart() -> bytes:
    """A workbook whose two cells are a whole sheet apart."""
    book = Workbook()
    book.active["A1"] = "序号"
    book.active["XFD1048576"] = "1"
    return saved(book)


def notice_only() -> bytes:
    """A notice without a table."""
    document = Document()
    document.add_paragraph("关于印发计划的通知")
    return saved(document)


NOISE = random.Random(7).randbytes(4000)
CASES = {
    "pdf renamed to xlsx": ("计划.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "plans.file_kind_unknown"),
    "picture renamed to docx": ("计划.docx", b"\x89PNG\r\n\x1a\n" + NOISE, "plans.file_kind_unknown"),
    "nothing": ("计划.csv", b"", "plans.file_empty"),
    "only blanks": ("计划.csv", b"\xef\xbb\xbf \r\n\r\n", "plans.file_empty"),
    "noise as csv": ("计划.csv", NOISE, "plans.file_unreadable"),
    "noise as zip": ("计划.xlsx", b"PK\x03\x04" + NOISE, "plans.file_unreadable"),
    "noise as xls": ("计划.xls", OLE + NOISE, "plans.file_unreadable"),
    "truncated xlsx": ("计划.xlsx", xlsx(PLAIN)[:2000], "plans.file_unreadable"),
    "truncated docx": ("计划.docx", docx(PLAIN)[:9000], "plans.file_unreadable"),
    "a zip of something": ("计划.xlsx", package(letter_dot_txt=b"hello"), "plans.file_kind_unknown"),
    "bomb": ("计划.docx", package(word__document_dot_xml=b" " * (60 * 2**20)), "plans.file_too_large"),
    "broken xml": ("计划.docx", package(word__document_dot_xml=b"<w:document"), "plans.file_unreadable"),
    "entities": (
        "计划.docx",
        package(
            word__document_dot_xml=b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a/>'
        ),
        "plans.file_unreadable",
    ),
    "old word": ("计划.doc", OLE + "WordDocument".encode("utf-16-le") + NOISE, "plans.file_kind_unknown"),
    "password": ("计划.xlsx", OLE + "EncryptedPackage".encode("utf-16-le") + NOISE, "plans.file_encrypted"),
    "far cells": ("计划.xlsx", far_apart(), "plans.table_too_large"),
    "too long": ("计划.csv", b"1,2\n" * (6 * 2**20), "plans.file_too_large"),
    "no heading": ("计划.csv", tsv(PLAIN[1:]), "plans.no_table_found"),
    "heading only": ("计划.csv", tsv(PLAIN[:1]), "plans.no_table_found"),
    "another table": ("名单.csv", tsv([["姓名", "电话", "住址"], ["甲", "1", "乙"]]), "plans.no_table_found"),
    "notice without table": ("通知.docx", notice_only(), "plans.no_table_found"),
    "empty workbook": ("计划.xlsx", saved(Workbook()), "plans.no_table_found"),
    "a line of text": ("计划.txt", "这是一句话，没有表格。".encode(), "plans.no_table_found"),
}


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_refused_in_words_a_clerk_understands(case: str) -> None:
    file_name, content, code = CASES[case]
    with pytest.raises(Problem) as refused:
        read_plan(file_name, content, year=2025, region="示例市", register=DepartmentRegister.load())
    assert refused.value.code == code
    assert "请" in refused.value.detail


def test_what_a_file_is_called_does_not_matter() -> None:
    register = DepartmentRegister.load()
    for name, content in (("计划.csv", xlsx(PLAIN)), ("计划.xlsx", tsv(PLAIN)), ("计划", docx(PLAIN))):
        assert len(read_plan(name, content, year=2025, region="示例市", register=register)["tasks"]) == 2
