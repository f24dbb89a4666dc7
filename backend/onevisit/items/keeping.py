"""How does a list of items meet the one that is kept, checklists and all, and how is it taken back? All or nothing.

An item knits history, checklists and bases together, and a checklist may be of an item that only just comes: so the
preview does the whole of it and takes it back, and the confirmation does the same again.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from onevisit.core.canonical import digest
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.imports import Report, take_in
from onevisit.core.lines import Lines
from onevisit.core.rows import Row
from onevisit.core.staging import INTEGER, JSON, TEXT, Area, Table
from onevisit.departments.queries import departments_of
from onevisit.items import sheets
from onevisit.items.basis_uses import note_uses
from onevisit.items.checklists import newest, sheet_rows, take_sheet
from onevisit.items.history import change_of, field_words
from onevisit.items.models import BasisUse, Checklist, Item, ItemChange
from onevisit.subjects.heads import Head
from onevisit.subjects.lists import Seen
from onevisit.subjects.models import LibraryImport, LibraryImportRow
from onevisit.subjects.writing import changed_meanwhile

if TYPE_CHECKING:
    from onevisit.items.library import ItemLibrary

Json = dict[str, Any]
LINES = Table("lines", {"at": INTEGER, "sheet": TEXT, "row": INTEGER, "cells": JSON})
SAID = Table(
    "said",
    {
        "at": INTEGER,
        "kind": TEXT,
        "sheet": TEXT,
        "row": INTEGER,
        "name": TEXT,
        "reason": TEXT,
        "fields": JSON,
    },
)
OWN = ("item_changes", "checklists", "basis_uses")  # what belongs to an item itself


class ItemKeeping:
    """The way of a list of items; rows that are refused stay out, with the checklists of their items."""

    def __init__(self, library: "ItemLibrary") -> None:
        self.library = library

    def stage(self, area: Area, name: str, path: Path, head: Head, seen: Seen) -> Json:
        """Read both sheets, try the whole of it, keep what it would do."""
        area.drop()
        area.make([LINES, SAID])
        rows = list(self._rows(name, path, head))
        checks = sheet_rows(name, path.read_bytes()) or []
        told, unchanged = self._tried(rows, checks)
        lines = [
            *((sheets.LIST_SHEET, one.number, one.cells) for one in rows),
            *((sheets.CHECKLIST_SHEET, number, cells) for number, cells in checks),
        ]
        area.load(LINES, ((at, *one[:2], _json(one[2])) for at, one in enumerate(lines)))
        area.load(SAID, ((at, *one) for at, one in enumerate(told, start=1)))
        area.settle()
        seen(len(lines), path.stat().st_size)
        return self._counts(told, len(lines), unchanged)

    def _rows(self, name: str, path: Path, head: Head) -> Iterator[Row]:
        for number, cells in enumerate(Lines(self.library.step, name, path), start=1):
            if number > head.line and any(map(str.strip, cells)):
                meant = {name: cells[at].strip() for at, name in head.mapping.items() if at < len(cells)}
                yield Row(number, meant)

    def _tried(
        self, rows: Sequence[Row], checks: Sequence[tuple[int, Mapping[str, str]]]
    ) -> tuple[list[Any], int]:
        with transaction():
            tried = db.session.begin_nested()
            found, unchanged, _ = self._bring(rows, checks)
            tried.rollback()
        return found, unchanged

    def _bring(
        self, rows: Sequence[Row], checks: Sequence[tuple[int, Mapping[str, str]]]
    ) -> tuple[list[Any], int, list[Checklist]]:
        """Into the list, within a transaction: what is to be said of it, and the versions that were made."""
        one_at_a_time(f"items|{self.library.region_id}")
        self.library.written = []
        report = take_in(self.library, rows)
        checklists = take_sheet(checks, self.library.region_id, self.library.own_department)
        return list(self._told(report, checklists)), report.unchanged, checklists["made"]

    def _told(self, report: Report, checklists: Json) -> Iterator[tuple[Any, ...]]:
        names = {one.id: one.name for one in departments_of(self.library.region_id)}
        for one in sorted(report.changes, key=lambda one: one["row"]):
            words = _json(field_words(one["fields"], names))
            yield one["kind"], sheets.LIST_SHEET, one["row"], one["name"], None, words
        for one in checklists["changes"]:
            what = f"新增 {one['added']} 条，修改 {one['changed']} 条，删去 {one['removed']} 条，共 {one['entries']} 条"
            before = f"第 {one['version'] - 1} 版" if one["version"] > 1 else ""
            fields = {"检查表": [before, f"第 {one['version']} 版"], "条目": ["", what]}
            yield (
                "versions",
                sheets.CHECKLIST_SHEET,
                one["row"],
                f"{one['code']} {one['name']}",
                None,
                _json(fields),
            )
        for kind, sheet, some in (
            ("refused", sheets.LIST_SHEET, report.refused),
            ("refused", sheets.CHECKLIST_SHEET, checklists["refused"]),
            ("warned", sheets.LIST_SHEET, report.warnings),
        ):
            for one in sorted(some, key=lambda one: one["row"]):
                yield kind, sheet, one["row"], None, one["reason"], "{}"

    def _counts(self, told: Sequence[Any], rows: int, unchanged: int) -> Json:
        kinds = [one[0] for one in told]
        places = {(one[1], one[2]) for one in told if one[0] == "refused"}
        return {name: kinds.count(name) for name in ("added", "changed", "versions", "warned")} | {
            "rows": rows, "unchanged": unchanged, "refused": len(places), "doubles": 0, "undecided": 0,
            "digest": digest([list(one) for one in told]),
        }  # fmt: skip

    def rows(self, area: Area, imported: LibraryImport, kind: str, after: int) -> Iterator[Json]:
        """What was said of the rows."""
        asked = area.ask(
            "SELECT at, sheet, row, name, reason, fields FROM {said} WHERE kind = :kind AND at > :after ORDER BY at",
            kind=kind,
            after=after,
        )
        for at, sheet, row, name, reason, fields in asked:
            one = {"at": at, "sheet": sheet, "row": row}
            if reason is not None:
                yield one | {"reason": f"{sheet}：{reason}" if sheet == sheets.CHECKLIST_SHEET else reason}
            else:
                yield one | {
                    "name": name,
                    "fields": json.loads(fields) if isinstance(fields, str) else fields,
                }

    def refused(self, area: Area, imported: LibraryImport) -> tuple[list[str], list[list[str]]]:
        """Both sheets' rows in one: where each stood, why it stayed out, what it said."""
        asked = area.ask(
            "SELECT s.sheet, s.row, s.reason, l.cells FROM {said} s LEFT JOIN {lines} l ON l.sheet = s.sheet"
            " AND l.row = s.row WHERE s.kind = 'refused' ORDER BY s.at"
        )
        lines = []
        for sheet, row, reason, cells in asked:
            held = json.loads(cells) if isinstance(cells, str) else cells or {}
            lines.append([sheet, str(row), reason, *map(str, held.values())])
        return ["工作表", "行", "未导入原因", "原来的内容"], lines

    def prepare(self, area: Area, imported: LibraryImport) -> int | None:
        """Nothing is made ready."""
        return None

    def touched(self, area: Area, imported: LibraryImport) -> dict[str, int]:
        """Nobody vouches for the list of items."""
        return {}

    def write(self, area: Area, imported: LibraryImport, at: datetime) -> None:
        """The same as the preview did, if it still comes to the same."""
        rows, checks = list[Row](), list[tuple[int, dict[str, str]]]()
        for sheet, number, cells in area.ask("SELECT sheet, row, cells FROM {lines} ORDER BY at"):
            held = json.loads(cells) if isinstance(cells, str) else cells
            if sheet == sheets.LIST_SHEET:
                rows.append(Row(number, held))
            else:
                checks.append((number, held))
        area.close()
        told, _, made = self._bring(rows, checks)
        if digest([list(one) for one in told]) != imported.counts["digest"]:
            raise changed_meanwhile()
        for item_id, revision, fields in self.library.written:
            db.session.add(
                LibraryImportRow(import_id=imported.id, object_id=item_id, revision=revision, fields=fields)
            )
        for one in made:
            what = {"checklist": [one.item_id, one.version]}
            db.session.add(
                LibraryImportRow(import_id=imported.id, object_id=one.id, revision=one.version, fields=what)
            )
        db.session.flush()

    def what_depends(self, imported: LibraryImport) -> str | None:
        """Used by a plan, a task, a visit; or edited since."""
        for row in _rows_of(imported):
            if "checklist" in row.fields:
                version = db.session.get(Checklist, row.object_id)
                current = newest(row.fields["checklist"][0])
                if version is None or current is None or current.id != version.id:
                    return "检查表在导入后又有新版"
                if _used("checklists", row.object_id):
                    return "检查表的这一版已有任务在用"
                continue
            item = db.session.get(Item, row.object_id)
            if item is None or item.revision != row.revision:
                return f"“{item.name if item else '事项'}”导入后又修改过"
            if not row.fields and _used("items", row.object_id):
                return f"“{item.name}”已被计划、任务或检查使用，或正在修改"
            if not row.fields and _later_version(imported, item.id):
                return f"“{item.name}”的检查表在导入后又有新版"
        return None

    def take_back(self, imported: LibraryImport, at: datetime) -> None:
        """Versions go, new items go, changed ones are as they were, and their history says so."""
        rows, left = _rows_of(imported), set[str]()
        for row in rows:
            if "checklist" in row.fields:
                db.session.execute(delete(Checklist).where(Checklist.id == row.object_id))
                left.add(row.fields["checklist"][0])
        for row in rows:
            if "checklist" in row.fields:
                continue
            if row.fields:
                item = db.session.get_one(Item, row.object_id)
                back = {name: [new, old] for name, (old, new) in row.fields.items()}
                for name, (_, old) in back.items():
                    setattr(item, name, old)
                item.revision += 1
                db.session.add(change_of(item.id, back, reason=f"撤销导入 {imported.filename}"))
                left.add(item.id)
                continue
            for model in (ItemChange, BasisUse, Checklist):
                db.session.execute(delete(model).where(model.item_id == row.object_id))
            db.session.execute(delete(Item).where(Item.id == row.object_id))
            left.discard(row.object_id)
        db.session.flush()
        db.session.expire_all()
        gone = {row.object_id for row in rows if not row.fields}
        note_uses(sorted(left - gone))


def _rows_of(imported: LibraryImport) -> list[LibraryImportRow]:
    rows = select(LibraryImportRow).where(LibraryImportRow.import_id == imported.id)
    return list(db.session.scalars(rows))


def _later_version(imported: LibraryImport, item_id: str) -> bool:
    """Is there a version that neither began with the item nor came with this import?"""
    own = select(LibraryImportRow.object_id).where(LibraryImportRow.import_id == imported.id)
    rows = select(Checklist.id).where(
        Checklist.item_id == item_id, Checklist.version > 1, Checklist.id.not_in(own)
    )
    return db.session.scalar(rows.limit(1)) is not None


def _used(table: str, object_id: str) -> bool:
    """Does a row of another table name it? By key, or by a column that is called after it."""
    called = {"items": "item_id", "checklists": "checklist_id"}[table]
    for child in db.metadata.tables.values():
        if child.name in OWN or child.name == table:
            continue
        for column in child.columns:
            points = any(key.column.table.name == table for key in column.foreign_keys)
            if (points or column.name == called) and db.session.scalar(
                select(column).where(column == object_id).limit(1)
            ) is not None:
                return True
    return False


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
