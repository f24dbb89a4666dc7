"""How does a confirmed list go into its library, and how is it taken back? In sets, in one transaction, all or nothing."""

import json
import pickle
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain, islice
from time import sleep
from typing import Any

from sqlalchemy import Table as StoredTable
from sqlalchemy import UniqueConstraint, bindparam, delete, func, literal, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import aliased

from onevisit.core.db import db, is_clash, one_at_a_time, transaction
from onevisit.core.ids import new_id
from onevisit.core.problems import Problem
from onevisit.core.spread import cores, stream_beside
from onevisit.core.staging import JSON, Area, Beside
from onevisit.subjects import bitmaps
from onevisit.subjects.blocks import BitmapRow, Filling, plain
from onevisit.subjects.lists import BITMAPS, StagedLibrary
from onevisit.subjects.models import LibraryImport, LibraryImportRow, Subject, SubjectBitmap
from onevisit.subjects.terms import ImportState, LibraryName

SOME = 256  # rows gathered at once; a block is a multiple of it
_NO_ROWS = pickle.dumps([])
SORTED_IN = 128  # megabytes that PostgreSQL may take to sort an index
TRIES, LOCKED = (
    40,
    "55P03",
)  # how often we ask for a table for ourselves, and what PostgreSQL says when it is taken
FEW = 4096  # fewer new subjects share the blocks of single entries; more have blocks of their own
ADDED = (
    "FROM {rows} r LEFT JOIN {matches} m ON m.row = r.row LEFT JOIN {out} o ON o.row = r.row"
    " WHERE m.row IS NULL AND o.row IS NULL"
)
ALL = (
    "FROM {rows} r WHERE 1 = 1"  # the same where nobody is left out and nobody was there: most first imports
)
CHANGED = "FROM {changes} c WHERE c.row NOT IN (SELECT row FROM {out})"


def changed_meanwhile() -> Problem:
    """What the preview said is no longer so."""
    return Problem(
        "subjects.library_changed",
        "预览之后名录库又有变动，这次导入什么都没有写入。请重新比对后再确认。",
        409,
        "now",
    )


def _added(asked: "Area | Beside") -> str:
    """The rows that are new, said as simply as it can be: a million rows are not looked up twice for nothing."""
    left = "SELECT 1 FROM {out} UNION ALL SELECT 1 FROM {matches} LIMIT 1"
    return ADDED if list(asked.ask(left)) else ALL


def by_part(found: Mapping[Any, int]) -> dict[str, int]:
    """Whose part of the library grows by how many, from what the rows say of their departments."""
    parts: defaultdict[str, int] = defaultdict(int)
    for value, many in found.items():
        departments = plain(value) or [""]
        for one in departments if isinstance(departments, list) else [departments]:
            parts[one] += many
    return dict(parts)


def built(library: StagedLibrary, area: Area, added: int, place: int | None) -> dict[str, int | None]:
    """The bitmaps of many new subjects: those that grew while their list was read up to `place`, else made from its rows.

    How many subjects they are of, and how many blocks they take where each subject stands at its place.
    """
    if place is not None and added > FEW and _added(area) is ALL:
        return {"built": added, "placed": -(-place // bitmaps.BLOCK)}
    return build(library, area)


def build(library: StagedLibrary, area: Area) -> dict[str, int | None]:
    """The bitmaps of many new subjects, made with the preview, before anybody's writing is held up."""
    total, placed = int(area.one(f"SELECT count(*) {_added(area)}") or 0), None
    area.remove([BITMAPS])
    if library.library != LibraryName.SUBJECTS or total <= FEW:
        return {"built": None, "placed": None}
    if _added(area) is ALL and int(area.one("SELECT max(place) FROM {rows}")) == total - 1:
        placed = -(-total // bitmaps.BLOCK)
    area.make([BITMAPS])
    area.settle()
    reading = area.other()
    area.load(BITMAPS, _bitmap_rows(library, reading, apart=placed is not None))
    area.settle()
    if reading is not area:
        reading.close()
    return {"built": total, "placed": placed}


def prepare(library: StagedLibrary, area: Area, imported: LibraryImport) -> int | None:
    """The first of the blocks of many new subjects; their bitmaps once more if decisions changed who is new."""
    made = {one: imported.counts.get(one) for one in ("built", "placed")}
    if made["built"] != imported.counts["added"] or made["built"] is None:
        made = build(library, area)
    if made["built"] is None:
        return None
    blocks = made["placed"] or -(-made["built"] // bitmaps.BLOCK)
    with transaction():
        one_at_a_time("subject-blocks")
        first = _following_block()
        row = db.session.get_one(LibraryImport, imported.id)
        row.first_block, row.counts = first, row.counts | made | {"blocks": blocks}
    return first


def _following_block() -> int:
    taken = [
        one.first_block + one.counts.get("blocks", 0)
        for one in db.session.scalars(select(LibraryImport).where(LibraryImport.first_block.is_not(None)))
        if one.first_block is not None
    ]
    highest = db.session.scalar(select(func.max(Subject.number)))
    kept = (highest >> 16) + 1 if highest is not None else 0
    return int(max(bitmaps.FIRST_IMPORT_BLOCK, kept, *taken))


def _bitmap_rows(library: StagedLibrary, area: Area, apart: bool) -> Iterator[BitmapRow]:
    """One block of subjects after the other; every second one in a child where each subject stands at its place."""
    if not apart or cores() < 2:
        yield from chain.from_iterable(_blocks(library, area))
        return
    beside = stream_beside(lambda: map(pickle.dumps, _blocks(library, area.apart(), half=1)))
    for one in _blocks(library, area, half=0):
        yield from one
        yield from pickle.loads(next(beside, b"") or _NO_ROWS)  # noqa: S301, from our own child
    for other in beside:
        yield from pickle.loads(other)  # noqa: S301


def _blocks(library: StagedLibrary, area: Area, half: int | None = None) -> Iterator[list[BitmapRow]]:
    """The rows of each block, or of the even (0) or odd (1) ones."""
    filling = Filling(library, staged_columns(library, area), half or 0)
    columns = ", ".join(
        f"CAST(r.{one} AS TEXT)" if library.columns[one] == JSON else f"r.{one}" for one in filling.columns
    )
    some = _added(area) if half is None else f"{ALL} AND ((r.place / {bitmaps.BLOCK}) & 1) = {half}"
    asked = area.ask(f"SELECT {columns} {some} ORDER BY r.row")
    while rows := list(islice(asked, SOME)):
        filling.take(list(zip(*rows, strict=True)))
        if not filling.room:
            yield filling.rows()
            filling.block += 0 if half is None else 1
    if last := filling.rows():
        yield last


def staged_columns(library: StagedLibrary, area: Area) -> list[str]:
    if type(area).__name__ == "PostgresArea":
        rows = area.ask(
            "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:name AS regclass) AND attnum > 0",
            name=area.table("rows"),
        )
        there = {row[0] for row in rows}
    else:
        there = {row[1] for row in area.ask("PRAGMA main.table_info(rows)")}
    return [one for one in library.columns if one in there]


def write(library: StagedLibrary, area: Area, imported: LibraryImport, at: datetime) -> None:
    """Everything that was confirmed, within the caller's transaction."""
    present = staged_columns(library, area)
    with area.beside(db.session()) as beside:
        refuse_changed(library.stored, beside)
        try:
            _add(library, beside, imported, present, at)
        except IntegrityError as error:
            if is_clash(error):
                raise changed_meanwhile() from error
            raise
        change(library.stored, beside, imported, at)


def refuse_changed(stored: str, beside: Beside) -> None:
    """Nothing is written over what somebody changed since the preview."""
    stale = beside.ask(
        f"SELECT 1 FROM {{changes}} c LEFT JOIN {{kept_{stored}}} s ON s.id = c.object_id"
        " WHERE s.id IS NULL OR s.revision <> c.revision LIMIT 1"
    )
    if stale:
        raise changed_meanwhile()


def touched_parts(library: StagedLibrary, area: Area) -> dict[str, int]:
    """Whose part of the library changes, and by how many rows."""
    present = staged_columns(library, area)
    column = next((one for one in ("departments", "department_id") if one in present), None)
    found: Counter[str] = Counter()
    added = _added(area)
    if column is None:
        return {"": sum(int(area.one(f"SELECT count(*) {one}")) for one in (added, CHANGED))}
    for rows in (added, CHANGED.replace(" WHERE", " JOIN {rows} r ON r.row = c.row WHERE")):
        asked = area.ask(f"SELECT CAST(r.{column} AS TEXT), count(*) {rows} GROUP BY r.{column}")
        found.update(by_part(dict(asked)))
    return dict(found)


def _add(
    library: StagedLibrary, beside: Beside, imported: LibraryImport, present: list[str], at: datetime
) -> None:
    table: StoredTable = db.metadata.tables[library.stored]
    postgres = db.session.get_bind().dialect.name == "postgresql"
    values: dict[str, Any] = {
        "id_prefix": new_id()[:24], "region": library.region_id, "import": imported.id,
        "moment": at if postgres else at.replace(tzinfo=None).isoformat(" ", "microseconds"),
    }  # fmt: skip
    hexed = "lpad(to_hex(r.row), 12, '0')" if postgres else "printf('%012x', r.row)"
    columns = {
        "id": f":id_prefix || {hexed}", "region_id": ":region", "import_id": ":import", "updated_at": ":moment",
        "revision": "1",
    }  # fmt: skip
    if postgres:
        columns["updated_at"] = "CAST(:moment AS timestamptz)"
    numbered, added = "number" in table.columns, _added(beside)
    first = imported.first_block
    if numbered:
        base = first * bitmaps.BLOCK if first is not None else bitmaps.following_number(db.session())
        values["base"] = base
        number = "r.place" if imported.counts.get("placed") else "row_number() OVER (ORDER BY r.row) - 1"
        columns["number"] = f":base + {number}"
    for name, default in library.defaults().items():
        values[f"default_{name}"] = json.dumps(default) if isinstance(default, list | dict) else default
        cast = f"CAST(:default_{name} AS {_type_of(table, name, postgres)})"
        columns[name] = f"COALESCE(r.{name}, {cast})" if name in present else cast
    for name in present:
        columns.setdefault(name, f"r.{name}")
    with _ordered_afterwards(table, few=first is not None and _held(table) < bitmaps.BLOCK):
        beside.run(
            f"INSERT INTO {{kept_{library.stored}}} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
            f" {added} ORDER BY r.row",
            **values,
        )
    if not numbered:
        return
    if first is not None:
        beside.run(
            "INSERT INTO {kept_subject_bitmaps} (region_id, term, block, held, bits)"
            " SELECT :region, term, :first + block, held, bits FROM {bitmaps} ORDER BY term, block",
            region=library.region_id, first=first,
        )  # fmt: skip
        return
    deltas: bitmaps.Deltas = {}
    for one in _watched_of(Subject.import_id == imported.id):
        bitmaps.note(deltas, library.region_id, one["number"], set(), bitmaps.terms_of(one))
    bitmaps.apply(db.session(), deltas)


@contextmanager
def _ordered_afterwards(table: StoredTable, few: bool) -> Iterator[None]:
    """Many rows into a table of few: an index that is sorted once is quicker than one that is kept sorted, and every
    other writer waits less. Within the transaction: who breaks off finds the indexes as they were."""
    connection = db.session.connection()
    away = few and _alone_with(table)
    indexes = sorted((one for one in table.indexes if away), key=lambda one: str(one.name))
    unique = _unique(table) if away and connection.dialect.name == "postgresql" else {}
    for index in indexes:
        index.drop(connection)
    for name in unique:
        connection.execute(text(f"ALTER TABLE {table.name} DROP CONSTRAINT {name}"))
    yield
    if unique:
        connection.execute(text(f"SET LOCAL maintenance_work_mem = '{SORTED_IN} MB'"))
    for name, columns in unique.items():
        connection.execute(text(f"ALTER TABLE {table.name} ADD CONSTRAINT {name} UNIQUE ({columns})"))
    for index in indexes:
        index.create(connection)


def _held(table: StoredTable) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _unique(table: StoredTable) -> dict[str, str]:
    """The table's unique constraints and their columns; SQLite cannot do without its own for a moment."""
    return {
        str(one.name): ", ".join(column.name for column in one.columns)
        for one in sorted(table.constraints, key=lambda one: str(one.name))
        if isinstance(one, UniqueConstraint)
    }


def _alone_with(table: StoredTable) -> bool:
    """May we take a table's indexes away? On PostgreSQL only when nobody is at it just now, and then nobody may until
    we are done. The trail's lock comes first: who holds it may want the table, and we shall want the trail."""
    if db.session.get_bind().dialect.name != "postgresql":
        return True
    for _ in range(TRIES):
        try:
            with db.session.begin_nested():
                one_at_a_time("trail")
                db.session.execute(text(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE NOWAIT"))
            return True
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != LOCKED:
                raise
            sleep(0.05)
    return False


def _type_of(table: StoredTable, name: str, postgres: bool) -> str:
    kind = table.columns[name].type
    if not postgres:
        return "INTEGER" if kind.python_type in (bool, int) else "TEXT"
    return str(kind.compile(db.engine.dialect)).partition(" COLLATE")[0]


def _watched_of(condition: Any) -> list[dict[str, Any]]:
    columns = [getattr(Subject, name) for name in ("number", *bitmaps.WATCHED)]
    return [dict(row) for row in db.session.execute(select(*columns).where(condition)).mappings()]


def change(stored: str, beside: Beside, imported: LibraryImport, at: datetime) -> None:
    """What was there takes the list's values; what it was before is kept, for the history and for taking it back."""
    beside.run(
        "INSERT INTO {kept_library_import_rows} (import_id, object_id, revision, fields)"
        f" SELECT :import, c.object_id, c.revision + 1, c.fields {CHANGED}",
        **{"import": imported.id},
    )
    _set_fields(stored, imported.id, 1, at)


def _set_fields(stored: str, import_id: str, side: int, at: datetime) -> None:
    """Give the changed things the new values (side 1) or the former ones (side 0), parcel after parcel."""
    table: StoredTable = db.metadata.tables[stored]
    connection, after = db.session.connection(), ""
    kept = LibraryImportRow.__table__
    while parcel := connection.execute(
        select(kept.c.object_id, kept.c.fields)
        .where(kept.c.import_id == import_id, kept.c.object_id > after)
        .order_by(kept.c.object_id)
        .limit(2000)
    ).all():
        after = parcel[-1].object_id
        if stored == "subjects":
            _note_bitmaps(parcel, side)
        groups: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for object_id, fields in parcel:
            row = {f"to_{name}": _typed(table, name, pair[side]) for name, pair in fields.items()}
            groups[tuple(fields)].append({"one": object_id, **row})
        for names, rows in groups.items():
            setting: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
            connection.execute(
                update(table)
                .where(table.c.id == bindparam("one"))
                .values(setting | {"revision": table.c.revision + 1, "updated_at": at}),
                rows,
            )


def _typed(table: StoredTable, name: str, value: Any) -> Any:
    if value is not None and table.columns[name].type.python_type is date:
        return date.fromisoformat(value)
    return value


def _note_bitmaps(parcel: Any, side: int) -> None:
    """The bitmaps follow the fields by which subjects are found."""
    wanted = {
        object_id: fields for object_id, fields in parcel if not set(fields).isdisjoint(bitmaps.WATCHED)
    }
    deltas: bitmaps.Deltas = {}
    columns = [getattr(Subject, name) for name in ("id", "region_id", "number", *bitmaps.WATCHED)]
    ids = iter(wanted)
    while some := list(islice(ids, 500)):
        for row in db.session.execute(select(*columns).where(Subject.id.in_(some))).mappings():
            now = dict(row)
            new = now | {name: pair[side] for name, pair in wanted[row["id"]].items()}
            bitmaps.note(
                deltas, row["region_id"], row["number"], bitmaps.terms_of(now), bitmaps.terms_of(new)
            )
    if deltas:
        bitmaps.apply(db.session(), deltas)


def what_depends(stored: str, imported: LibraryImport) -> str | None:
    """Why this import can no longer be taken back; None when nothing depends on it."""
    table: StoredTable = db.metadata.tables[stored]
    for child in db.metadata.tables.values():
        for key in child.foreign_keys:
            if key.column.table is not table or child is table:
                continue
            used = (
                select(table.c.name)
                .join(child, key.parent == table.c.id)
                .where(table.c.import_id == imported.id)
                .limit(1)
            )
            if name := db.session.scalar(used):
                return f"“{name}”已被抽取、检查或登记使用"
    edited = (
        select(table.c.name)
        .where(
            table.c.import_id == imported.id,
            table.c.revision > 1,
            table.c.revision != 1 + _taken_back(table.c.id, literal(1)),
        )
        .limit(1)
    )
    if name := db.session.scalar(edited):
        return f"“{name}”导入后又修改过"
    kept = LibraryImportRow
    later = (
        select(func.coalesce(table.c.name, ""))
        .select_from(LibraryImportRow)
        .outerjoin(table, table.c.id == kept.object_id)
        .where(
            kept.import_id == imported.id,
            func.coalesce(table.c.revision, 0) != kept.revision + _taken_back(kept.object_id, kept.revision),
        )
        .limit(1)
    )
    name = db.session.scalar(later)
    return f"“{name}”导入后又修改过" if name is not None else None


def _taken_back(object_id: Any, since: Any) -> Any:
    """How far later imports moved a thing's revision that were themselves taken back: it is as it was, two steps later."""
    rows = aliased(LibraryImportRow)
    return (
        select(2 * func.count())
        .select_from(rows)
        .join(LibraryImport, LibraryImport.id == rows.import_id)
        .where(rows.object_id == object_id, rows.revision > since, LibraryImport.state == ImportState.UNDONE)
        .scalar_subquery()
    )


def take_back(stored: str, imported: LibraryImport, at: datetime) -> None:
    """The inverse: what was added goes, what was changed is as it was; within the caller's transaction."""
    table: StoredTable = db.metadata.tables[stored]
    _set_fields(stored, imported.id, 0, at)
    if stored == "subjects" and imported.first_block is not None:
        last = imported.first_block + int(imported.counts.get("blocks", 0))
        db.session.execute(
            delete(SubjectBitmap).where(
                SubjectBitmap.region_id == imported.region_id,
                SubjectBitmap.block >= imported.first_block,
                SubjectBitmap.block < last,
            )
        )
    elif stored == "subjects":
        deltas: bitmaps.Deltas = {}
        for one in _watched_of(Subject.import_id == imported.id):
            bitmaps.note(deltas, imported.region_id, one["number"], bitmaps.terms_of(one), set())
        bitmaps.apply(db.session(), deltas)
    # Its indexes stay: every row that goes asks whether another names it as its responsible party.
    db.session.execute(delete(table).where(table.c.import_id == imported.id))
    db.session.expire_all()
