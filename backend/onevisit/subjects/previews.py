"""What does the preview of a list show? Rows added, changed field by field, refused, warned of, and likely doubles."""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import select

from onevisit.core.db import db
from onevisit.core.lines import Lines
from onevisit.core.problems import Problem
from onevisit.core.rows import plain_heading
from onevisit.core.staging import Area, area, folder
from onevisit.departments.queries import departments_of
from onevisit.subjects.keeping import Keeping, keeping_of
from onevisit.subjects.lists import ListLibrary
from onevisit.subjects.models import LibraryHeading, LibraryImport
from onevisit.subjects.terms import (
    COLUMN_LABELS,
    DOUBLE_KIND_LABELS,
    IMPORT_STATE_LABELS,
    DoubleKind,
    ImportedList,
    ImportState,
)
from onevisit.subjects.words import spoken
from onevisit.subjects.writing import ADDED

DOUBLED = "与第 {row} 行重复，请只保留一行"


def report(imported: LibraryImport, keeping: Keeping, ignored: list[str], shown: int) -> dict[str, Any]:
    """The whole preview as one answer: every refusal and warning, the first of the changes."""
    waiting = area(imported.id)

    def part(kind: str, usual: Iterator[dict[str, Any]], most: int | None) -> list[dict[str, Any]]:
        own = keeping.rows(waiting, imported, kind, 0)
        return list(islice(usual if own is None else own, most))

    try:
        changed = part("changed", changed_rows(waiting, imported, 0), shown)
        added = part("added", added_rows(waiting, 0), max(0, shown - len(changed)))
        warned = ({"row": row, "reason": reason} for row, reason in _warned(waiting, 0))
        return {
            **{name: imported.counts[name] for name in ("added", "changed", "unchanged")},
            "versions": imported.counts.get("versions", 0),
            "refused": part("refused", refused_rows(waiting, 0), None),
            "warnings": part("warned", warned, None),
            "changes": [
                {"row": one["row"], "name": one["name"], "kind": kind, "fields": one.get("fields", {})}
                for kind, some in (("changed", changed), ("added", added)) for one in some
            ],
            "ignored_columns": ignored,
            "written": False,
        }  # fmt: skip
    finally:
        waiting.close()


def refused_rows(waiting: Area, after: int) -> Iterator[dict[str, Any]]:
    """Rows that cannot go in, with the reason, in the order of the file."""
    asked = (
        "SELECT row, reason FROM {refused} WHERE row > :after UNION ALL"
        " SELECT d.row, CAST(COALESCE(w.row, d.other_row) AS TEXT) FROM {doubles} d LEFT JOIN {doubles} w"
        " ON w.kind = 'number' AND w.decision = 'this' AND w.other_row = d.other_row"
        " WHERE d.row > :after AND d.kind = 'number' AND COALESCE(d.decision, '') <> 'this'"
        " UNION ALL SELECT d.other_row, CAST(d.row AS TEXT) FROM {doubles} d WHERE d.other_row > :after"
        " AND d.kind = 'number' AND d.decision = 'this'"
        " UNION ALL SELECT d.row, CAST(d.other_row AS TEXT) FROM {doubles} d WHERE d.row > :after"
        " AND d.kind = 'twin' AND d.decision = 'same' ORDER BY 1"
    )
    for row, reason in waiting.ask(asked, after=after):
        yield {"row": row, "reason": DOUBLED.format(row=reason) if reason.isdigit() else reason}


def _warned(waiting: Area, after: int) -> Iterator[tuple[int, str]]:
    yield from waiting.ask(
        "SELECT row, reason FROM {warned} WHERE row > :after ORDER BY row, reason", after=after
    )  # type: ignore[misc]


def added_rows(waiting: Area, after: int) -> Iterator[dict[str, Any]]:
    """New things, by row."""
    for row, name in waiting.ask(
        f"SELECT r.row, r.name {ADDED} AND r.row > :after ORDER BY r.row", after=after
    ):
        yield {"row": row, "name": name}


def changed_rows(waiting: Area, imported: LibraryImport, after: int) -> Iterator[dict[str, Any]]:
    """What differs, field by field, by row."""
    kept = "{kept_" + imported.library + "}"
    for row, name, fields in waiting.ask(
        f"SELECT c.row, s.name, c.fields FROM {{changes}} c JOIN {kept} s ON s.id = c.object_id"
        " WHERE c.row > :after AND c.row NOT IN (SELECT row FROM {out}) ORDER BY c.row",
        after=after,
    ):
        yield {
            "row": row,
            "name": name,
            "fields": json.loads(fields) if isinstance(fields, str) else fields,
        }


def doubled_rows(waiting: Area, imported: LibraryImport, after: int) -> Iterator[dict[str, Any]]:
    """Likely doubles: the row, and the row or the thing in the library that it may be."""
    kept, number = "{kept_" + imported.library + "}", NUMBERS[imported.library]
    place = "address" if imported.library == "subjects" else "department_id"
    there = _columns(waiting)
    near = f"r.{place}" if place in there else "NULL"
    other = f"q.{place}" if place in there else "NULL"
    mine, theirs = (f"{one}.{number}" if number in there else "NULL" for one in "rq")
    for row, kind, decision, name, code, where, other_row, other_name, other_code, other_where in waiting.ask(
        f"SELECT d.row, d.kind, d.decision, r.name, {mine}, {near}, d.other_row, COALESCE(q.name, s.name),"
        f" COALESCE({theirs}, s.{number}), COALESCE({other}, s.{place}) FROM {{doubles}} d"
        " JOIN {rows} r ON r.row = d.row LEFT JOIN {rows} q ON q.row = d.other_row"
        f" LEFT JOIN {kept} s ON s.id = d.object_id WHERE d.row > :after ORDER BY d.row",
        after=after,
    ):
        yield {
            "row": row, "kind": kind, "kind_label": DOUBLE_KIND_LABELS[DoubleKind(kind)], "decision": decision,
            "name": name, "number": code, "place": where, "other_row": other_row, "other_name": other_name,
            "other_number": other_code, "other_place": other_where,
        }  # fmt: skip


NUMBERS = {"subjects": "credit_code", "inspectors": "certificate_no"}


def _columns(waiting: Area) -> set[str]:
    if type(waiting).__name__ == "PostgresArea":
        asked = "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:name AS regclass) AND attnum > 0"
        return {row[0] for row in waiting.ask(asked, name=waiting.table("rows"))}
    return {row[1] for row in waiting.ask("PRAGMA main.table_info(rows)")}


def rows_of(imported: LibraryImport, keeping: Keeping, kind: str, after: int, limit: int) -> dict[str, Any]:
    """A page of one part of the preview."""
    waiting = area(imported.id)
    if not waiting.exists():
        waiting.close()
        raise Problem("subjects.import_forgotten", "这次导入的预览已经清除，请重新上传文件。", 410)
    parts: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {
        "added": lambda: added_rows(waiting, after),
        "changed": lambda: changed_rows(waiting, imported, after),
        "refused": lambda: refused_rows(waiting, after),
        "warned": lambda: ({"row": row, "reason": reason} for row, reason in _warned(waiting, after)),
        "doubles": lambda: doubled_rows(waiting, imported, after),
        "versions": lambda: iter(()),
    }
    try:
        own = keeping.rows(waiting, imported, kind, after)
        found = list(islice(parts[kind]() if own is None else own, limit + 1))
    finally:
        waiting.close()
    return {
        "items": found[:limit],
        "next": str(found[limit - 1].get("at", found[limit - 1]["row"])) if len(found) > limit else None,
    }


def refused_file(imported: LibraryImport, library: ListLibrary) -> tuple[list[str], list[list[str]]]:
    """Every refused row as it stands in the file, with its number and the reason, for a file of its own."""
    waiting, source = area(imported.id), folder() / f"{imported.id}.source"
    try:
        if not waiting.exists() or not source.exists():
            raise Problem("subjects.import_forgotten", "这次导入的原文件已经清除，请重新上传文件。", 410)
        if (own := keeping_of(library).refused(waiting, imported)) is not None:
            return own
        reasons: dict[int, str] = {}
        for one in refused_rows(waiting, 0):
            reasons[one["row"]] = (
                f"{reasons[one['row']]}；{one['reason']}" if one["row"] in reasons else one["reason"]
            )
    finally:
        waiting.close()
    width, lines = len(imported.headings), list[list[str]]()
    for number, cells in enumerate(Lines(imported.library, imported.filename, source), start=1):
        if number in reasons:
            lines.append([*cells[:width], *[""] * (width - len(cells)), str(number), reasons[number]])
    return [*imported.headings, "原行号", "未导入原因"], lines


def imports_page(
    region_id: str, library: str, department: str | None, wanted: dict[str, Any]
) -> list[LibraryImport]:
    """The imports into a library, newest first, one more than asked; a department sees its own."""
    rows = select(LibraryImport).where(LibraryImport.region_id == region_id, LibraryImport.library == library)
    if wanted.get("scale"):
        rows = rows.where(LibraryImport.scale_id == wanted["scale"])
    if department:
        rows = rows.where(LibraryImport.department_id == department)
    if wanted.get("after"):
        rows = rows.where(LibraryImport.id < wanted["after"])
    return list(db.session.scalars(rows.order_by(LibraryImport.id.desc()).limit(wanted["limit"] + 1)))


SHOWN = (
    "id", "library", "scale_id", "filename", "size", "state", "actor_name", "department_id", "made_at", "confirmed_at", "confirmed_by",
    "undone_at", "undone_by", "purpose", "rows_read", "counts", "revision",
)  # fmt: skip


def import_brief(imported: LibraryImport) -> dict[str, Any]:
    """An import in a list."""
    share = 100 * imported.bytes_read // max(1, imported.size)
    return {name: getattr(imported, name) for name in SHOWN} | {
        "state_label": IMPORT_STATE_LABELS[ImportState(imported.state)],
        "share": min(100, share),
        "fault": (imported.fault or {}).get("detail"),
    }


def import_shown(imported: LibraryImport, library: ListLibrary) -> dict[str, Any]:
    """An import with its columns and what they can mean."""
    learnt = learnt_headings(imported.region_id, imported.department_id, library.brings)
    meant = {int(at): name for at, name in imported.mapping.items() if at != "line"}
    columns = [
        {
            "at": at, "heading": text, "meaning": meant.get(at), "remembered": plain_heading(text) in learnt,
            "cells": [line[at] for line in imported.sample if at < len(line)][:3],
        }
        for at, text in enumerate(imported.headings)
    ]  # fmt: skip
    meanings = [
        {"name": name, "label": ways[0], "required": name in library.required}
        for name, ways in library.headings.items()
    ]
    return import_brief(imported) | {
        "columns": columns,
        "meanings": meanings,
        "one_of": list(getattr(library, "one_of", ())),
        "ignored_columns": [text for at, text in enumerate(imported.headings) if text and at not in meant],
    }


def learnt_headings(region_id: str, department_id: str | None, library: ImportedList) -> dict[str, str]:
    """What this department's headings meant before; the region's office's where it never said."""
    found: dict[str, str] = {}
    for owner in (region_id, department_id):
        rows = select(LibraryHeading).where(
            LibraryHeading.owner == owner, LibraryHeading.library == library.value
        )
        found |= {one.heading: one.meaning for one in db.session.scalars(rows)} if owner else {}
    return found


def part_shown(imported: LibraryImport, library: ListLibrary, wanted: dict[str, Any]) -> dict[str, Any]:
    """A page of a part of the preview, in words."""
    page = rows_of(imported, keeping_of(library), wanted["kind"], wanted["after"], wanted["limit"])
    if wanted["kind"] in ("added", "changed", "versions"):
        names = {one.id: one.name for one in departments_of(imported.region_id)}
        page["items"] = [
            one | {"fields": _spoken(library, one.get("fields", {}), names)} for one in page["items"]
        ]
    return page


def _spoken(
    library: ListLibrary, fields: dict[str, list[Any]], names: dict[str, str]
) -> list[dict[str, str]]:
    def said(name: str, value: Any) -> str:
        if name in ("departments", "department_id"):
            ids = value if isinstance(value, list) else [value]
            return "；".join(names.get(one, str(one)) for one in ids if one)
        return spoken(name, value)

    return [
        {
            "name": name, "label": COLUMN_LABELS.get(name, library.headings.get(name, (name,))[0]),
            "before": said(name, pair[0]), "after": said(name, pair[1]),
        }
        for name, pair in fields.items()
    ]  # fmt: skip
