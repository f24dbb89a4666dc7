"""What happens to checklists: a draft is kept while it is written, a version is published, a workbook brings several."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from onevisit.core import clock, trail
from onevisit.core.auth import acting
from onevisit.core.canonical import digest
from onevisit.core.db import db, one_at_a_time, transaction
from onevisit.core.problems import Problem, stale
from onevisit.items import sheets
from onevisit.items.basis_uses import note_uses
from onevisit.items.comparing import compared
from onevisit.items.models import Checklist, ChecklistDraft, Item
from onevisit.items.rules import WrongEntry, checked_entries, faults
from onevisit.items.workbook import sheets_of, table_of

Entries = list[dict[str, Any]]


def make_checklist(
    item_id: str, given: Entries, *, note: str = "", from_version: int | None = None
) -> Checklist:
    """A new version; older ones stay as they are, because visits refer to them (process.md 1).

    Tasks opened from now on pin it; those already opened keep theirs. The same content again makes no new version.
    """
    try:
        entries = checked_entries(given)
    except (WrongEntry, KeyError) as error:
        raise Problem("items.checklist_wrong", f"检查表没有保存：{error}。请改正后再保存。") from error
    content_hash = digest(entries)
    with transaction():
        one_at_a_time(f"checklist|{item_id}")
        item = db.session.get_one(Item, item_id)
        current = newest(item_id)
        if from_version is not None and current is not None and current.version != from_version:
            raise Problem(
                "items.version_moved_on",
                f"您改的是第 {from_version} 版，现在已经有第 {current.version} 版。请先比较两版，再把改动做到新版上。",
                409,
            )
        db.session.execute(delete(ChecklistDraft).where(ChecklistDraft.item_id == item_id))
        if current is not None and current.hash == content_hash:
            return current
        made = Checklist(
            item_id=item_id, version=(current.version if current else 0) + 1, hash=content_hash, entries=entries,
            made_at=clock.now(), made_by=acting().account_id, made_by_name=acting().name, note=note.strip(),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        note_uses([item_id])
        trail.record(
            "checklist.made", "item", item_id, region_id=item.region_id, department_id=item.department_id,
            version=made.version, hash=content_hash, entries=len(entries), note=made.note,
        )  # fmt: skip
    return made


def newest(item_id: str) -> Checklist | None:
    """The version that a task opened now would pin."""
    rows = select(Checklist).where(Checklist.item_id == item_id).order_by(Checklist.version.desc()).limit(1)
    return db.session.scalars(rows).first()


def save_draft(item_id: str, revision: int, entries: Entries, from_version: int) -> ChecklistDraft:
    """Keep what is being written, right or not yet. Two people at one draft: the second is told, nothing is lost."""
    with transaction():
        one_at_a_time(f"checklist|{item_id}")
        draft = db.session.get(ChecklistDraft, item_id)
        if (draft.revision if draft else 0) != revision:
            raise stale()
        if draft is None:
            draft = ChecklistDraft(item_id=item_id, revision=0)
            db.session.add(draft)
        draft.entries, draft.from_version, draft.revision = entries, from_version, revision + 1
        draft.saved_at, draft.saved_by, draft.saved_by_name = clock.now(), acting().account_id, acting().name
        if revision == 0:  # the trail keeps who began; every pause of a writer is no fact of the procedure
            item = db.session.get_one(Item, item_id)
            trail.record(
                "checklist.draft_begun", "item", item_id, region_id=item.region_id, department_id=item.department_id,
                from_version=from_version,
            )  # fmt: skip
    return draft


def drop_draft(item_id: str) -> None:
    """Throw the draft away; the versions stay."""
    with transaction():
        item = db.session.get_one(Item, item_id)
        draft = db.session.get(ChecklistDraft, item_id)
        if draft is None:
            return
        trail.record(
            "checklist.draft_dropped", "item", item_id, region_id=item.region_id, department_id=item.department_id,
            entries=len(draft.entries),
        )  # fmt: skip
        db.session.delete(draft)


def sheet_rows(filename: str, content: bytes) -> list[tuple[int, dict[str, str]]] | None:
    """The rows of a workbook's sheet of checklists; None where it has none."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    book = sheets_of(filename, content)
    lines = next((lines for name, lines in book.items() if name.strip() == sheets.CHECKLIST_SHEET), None)
    if lines is None:
        return None
    rows = table_of(lines, sheets.CHECKLIST_COLUMNS, ("code", "text"))
    if rows is None:
        raise Problem(
            "items.headings_missing",
            f"工作表“{sheets.CHECKLIST_SHEET}”前 10 行里没有找到表头，什么都没有导入。表头至少要有：事项编码、检查内容。",
        )
    return rows


def take_sheet(
    rows: Iterable[tuple[int, Mapping[str, str]]], region_id: str, own: str | None
) -> dict[str, Any]:
    """Checklists by item, inside the caller's transaction: what differs becomes a new version, a wrong one is left out."""
    report: dict[str, Any] = {"unchanged": 0, "changes": [], "refused": [], "made": []}
    items = {one.code: one for one in db.session.scalars(select(Item).where(Item.region_id == region_id))}
    for read in sheets.read_checklists(rows):
        _take(read, items.get(read.code), own, report)
    return report


def _take(read: sheets.ReadChecklist, item: Item | None, own: str | None, report: dict[str, Any]) -> None:
    """One item's rows: refused with reasons, or compared with the current version and kept if they differ."""
    first = read.rows[0] if read.rows else (read.wrong[0][0] if read.wrong else 0)
    wrong = list(read.wrong)
    if read.code and item is None:
        wrong.append((first, f"事项编码“{read.code}”不在事项清单里，或者它的那一行不能导入"))
    elif item is not None and own is not None and item.department_id != own:
        wrong.append((first, f"“{read.code}”是别的部门的事项，不能改它的检查表"))
    elif not read.wrong:
        wrong += [(read.rows[max(0, one.at)], one.sentence) for one in faults(read.entries)]
    if wrong or item is None:
        report["refused"] += [{"row": row, "reason": why} for row, why in sorted(set(wrong))]
        return
    current = newest(item.id)
    entries = _keeping_ids(checked_entries(read.entries), current.entries if current else [])
    if current is not None and current.hash == digest(entries):
        report["unchanged"] += 1
        return
    kinds = [one.kind for one in compared(current.entries if current else [], entries)]
    report["changes"].append(
        {
            "row": first, "code": item.code, "name": item.name, "version": (current.version if current else 0) + 1,
            "added": kinds.count("added"), "removed": kinds.count("removed"), "changed": kinds.count("changed"),
            "entries": len(entries),
        }
    )  # fmt: skip
    report["made"].append(make_checklist(item.id, entries, note="从表格导入"))


def _keeping_ids(entries: Entries, before: Sequence[Mapping[str, Any]]) -> Entries:
    """A sheet without ids: an entry that asks the same keeps its id, so that versions can be compared."""
    known, texts = {one["id"] for one in before}, {one["text"]: one["id"] for one in before}
    used = {one["id"] for one in entries if one["id"] in known}
    renamed = {
        one["id"]: texts[one["text"]]
        for one in entries
        if one["id"] not in known and texts.get(one["text"]) not in (None, *used)
    }
    for one in entries:
        one["id"] = renamed.get(one["id"], one["id"])
        if one["condition"]:
            one["condition"]["entry"] = renamed.get(one["condition"]["entry"], one["condition"]["entry"])
    return entries
