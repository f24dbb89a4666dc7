"""How does the item list leave, and what does a file that came say before anything is kept?"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import Response

from onevisit.core import exporting, exports, trail
from onevisit.core.auth import acting
from onevisit.core.db import transaction
from onevisit.core.exports import Cell
from onevisit.core.problems import Problem
from onevisit.departments.queries import departments_of
from onevisit.items import sheets
from onevisit.items.basis_queries import bases
from onevisit.items.queries import checklists_of, items_to_export, shown
from onevisit.items.rules import faults
from onevisit.items.workbook import sheets_of
from onevisit.items.xlsform import NoForm, read_form

TITLE = "抽查事项清单"


def exported(wanted: dict[str, Any]) -> Response:
    """The list as filtered. The workbook carries checklists and bases too and can be read in again unchanged."""
    items = items_to_export(wanted)
    names = {one.id: one.name for one in departments_of(acting().region_id or "")}
    rows = [sheets.list_row(one, names) for one in shown(items)]
    if wanted["format"] == "csv":
        return exporting.leave(
            "items", TITLE, wanted, sheets.LIST_HEADINGS, rows, len(rows), acting().region_id
        )
    lists = checklists_of([one.id for one in items])

    def entries() -> Iterator[list[Cell]]:
        for one in items:
            if one.id in lists:
                yield from sheets.checklist_rows(one.code, one.name, lists[one.id].entries)

    register = [
        [
            one["title"],
            one["article"],
            one["version"],
            one["state_label"],
            one["since"],
            one["replaced_by"],
            one["note"],
            one["items"],
        ]
        for one in bases({"limit": 100_000, "articles": True})
    ]
    filters = {
        name: str(value)
        for name, value in wanted.items()
        if value and name not in ("format", "purpose", "limit")
    }
    with transaction():
        trail.record(
            "list.exported", "list", "items", region_id=acting().region_id, purpose=wanted["purpose"].strip(), form="xlsx",
            filters=filters, rows=len(rows),
        )  # fmt: skip
    pages = [
        (sheets.LIST_SHEET, sheets.LIST_HEADINGS, rows),
        (sheets.CHECKLIST_SHEET, sheets.CHECKLIST_HEADINGS, entries()),
        (sheets.BASES_SHEET, sheets.BASES_HEADINGS, register),
    ]
    return exports.answer_file(f"{TITLE}.xlsx", exports.xlsx_book(pages))


def form_read(filename: str, content: bytes) -> dict[str, Any]:
    """What an XLSForm means, for the editor's preview."""
    try:
        read = read_form(sheets_of(filename, content))
    except NoForm as why:
        raise Problem(
            "items.no_xlsform", f"文件“{filename}”{why}。请选 XLSForm（survey、choices、settings 三张表）。"
        ) from why
    if not read.entries:
        raise Problem(
            "items.xlsform_empty",
            f"文件“{filename}”里没有一道题能作检查内容。{read.remarks[0].sentence if read.remarks else ''}",
        )
    return {
        "title": read.title, "entries": read.entries, "rows": read.rows, "remarks": [asdict(one) for one in read.remarks],
        "faults": [one.as_json() for one in faults(read.entries)],
    }  # fmt: skip
