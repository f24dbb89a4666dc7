"""What do the rows of a list mean beside each other and beside the library? Doubles, matches, what differs; in sets."""

import json
from dataclasses import dataclass
from typing import Any

from onevisit.core.staging import INTEGER, JSON, TEXT, Area, Table
from onevisit.subjects.lists import CHANGES, StagedLibrary


@dataclass
class Comparison:
    """The staged rows against themselves and against the library, in sets."""

    library: StagedLibrary
    area: Area
    present: list[str]

    def __post_init__(self) -> None:
        self.kept = "{kept_" + self.library.stored + "}"
        self.number = self.library.number_column
        self.postgres = type(self.area).__name__ == "PostgresArea"
        self.differs = "IS DISTINCT FROM" if self.postgres else "IS NOT"

    def run(self, maybe_number: list[int], maybe_twin: list[int]) -> None:
        """Doubles among the rows that may be some, parties, matches with what differs, twins."""
        self._doubled_numbers(maybe_number)
        self._parties()
        self._match()
        self._twins_in_file(maybe_twin)
        self._twins_in_library()
        self.write_changes("SELECT row FROM {matches} WHERE differs = 1")

    def _keep_maybe(self, name: str, rows: list[int]) -> None:
        table = Table(name, {"row": INTEGER})
        self.area.make([table])
        self.area.load(table, zip(rows, strict=True))

    def _doubled_numbers(self, maybe: list[int]) -> None:
        if not maybe:
            return
        self._keep_maybe("maybe", maybe)
        among = f"SELECT r.row, r.{self.number} AS number FROM {{rows}} r WHERE r.row IN (SELECT row FROM {{maybe}})"
        self.area.run(
            f"INSERT INTO {{doubles}} (row, kind, other_row) SELECT r.row, 'number', f.first FROM ({among}) r JOIN"
            f" (SELECT number, min(row) AS first FROM ({among}) g GROUP BY number HAVING count(*) > 1) f"
            " ON f.number = r.number AND r.row <> f.first"
        )
        self._leave_out("SELECT row FROM {doubles} WHERE kind = 'number'")

    def choose_numbers(self) -> None:
        """Of the rows with one number only the chosen one counts: the first, or the one that somebody said."""
        if not self.area.one("SELECT 1 FROM {doubles} WHERE kind = 'number' LIMIT 1"):
            return
        one = "SELECT other_row FROM {doubles} WHERE kind = 'number'"
        said = f"{one} AND decision = 'this'"
        group = f"SELECT row FROM {{doubles}} WHERE kind = 'number' UNION {one}"
        chosen = (
            "SELECT row FROM {doubles} WHERE kind = 'number' AND decision = 'this'"
            f" UNION {one} AND other_row NOT IN ({said})"
        )
        self.area.run(
            f"DELETE FROM {{out}} WHERE row IN ({group}) AND row NOT IN (SELECT row FROM {{refused}})"
            " AND row NOT IN (SELECT row FROM {doubles} WHERE kind = 'twin' AND decision = 'same')"
        )
        self._leave_out(f"SELECT row FROM ({group}) g WHERE row NOT IN ({chosen})")
        apart = "row NOT IN (SELECT row FROM {doubles} WHERE kind = 'kept')"
        for table in ("{matches}", "{changes}"):
            self.area.run(f"DELETE FROM {table} WHERE row IN ({group}) AND {apart}")
        self._match(f"r.row IN ({chosen}) AND r.{apart}")
        self.write_changes(f"SELECT row FROM {{matches}} WHERE row IN ({chosen}) AND {apart} AND differs = 1")

    def _leave_out(self, rows: str, **values: Any) -> None:
        self.area.run(
            f"INSERT INTO {{out}} (row) SELECT row FROM ({rows}) t WHERE row NOT IN (SELECT row FROM {{out}})",
            **values,
        )

    def _parties(self) -> None:
        """A responsible party is named by code or name, in the library or in the file itself (process.md 1)."""
        column = self.library.party_column
        if column is None or column not in self.present:
            return
        self.area.make([Table("parties", {"row": INTEGER, "object_id": TEXT})])
        region = self.library.region_id
        for match in (
            f"SELECT r.row, min(s.id) FROM {{rows}} r JOIN {self.kept} s ON s.region_id = :region AND"
            f" s.{self.number} = r.{column} WHERE r.{column} IS NOT NULL GROUP BY r.row",
            f"SELECT r.row, min(s.id) FROM {{rows}} r JOIN {self.kept} s ON s.region_id = :region AND"
            f" s.name = r.{column} WHERE r.{column} IS NOT NULL AND r.row NOT IN (SELECT row FROM {{parties}})"
            " GROUP BY r.row HAVING count(*) = 1",
        ):
            self.area.run(f"INSERT INTO {{parties}} (row, object_id) {match}", region=region)
        self.area.run(
            "INSERT INTO {refused} (row, reason) SELECT row, '责任主体“' || "
            f"{column} || '”不在名录库里，请先导入责任主体' FROM {{rows}} WHERE {column} IS NOT NULL"
            " AND row NOT IN (SELECT row FROM {parties})"
        )
        self._leave_out("SELECT row FROM {refused} WHERE row IN (SELECT row FROM {rows})")
        self.area.run(
            f"UPDATE {{rows}} SET {column} = (SELECT object_id FROM {{parties}} p WHERE p.row = {{rows}}.row)"
            f" WHERE {column} IS NOT NULL"
        )

    def _same(self, columns: list[str]) -> str:
        tests = [f"(r.{one} IS NOT NULL AND r.{one} {self.differs} s.{one})" for one in columns]
        return f"CASE WHEN {' OR '.join(tests) or '1 = 0'} THEN 1 ELSE 0 END"

    def _match(self, among: str = "1 = 1") -> None:
        """By number; a thing without one by name and address."""
        region = self.library.region_id
        if not self.area.one(f"SELECT 1 FROM {self.kept} WHERE region_id = :region LIMIT 1", region=region):
            return
        differs = self._same([one for one in self.present if one != self.number])
        insert = "INSERT INTO {matches} (row, object_id, differs)"
        out = f"r.row NOT IN (SELECT row FROM {{out}}) AND {among}"
        self.area.run(
            f"{insert} SELECT r.row, s.id, {differs} FROM {{rows}} r JOIN {self.kept} s ON s.region_id = :region"
            f" AND s.{self.number} = r.{self.number} WHERE {out}",
            region=region,
        )
        twins = " AND ".join(
            f"s.{one} = COALESCE(r.{one}, '')" if one in self.present else f"s.{one} = ''"
            for one in self.library.twin_columns
        )
        self.area.run(
            f"{insert} SELECT r.row, min(s.id), max({differs}) FROM {{rows}} r JOIN {self.kept} s"
            f" ON s.region_id = :region AND {twins} AND s.{self.number} IS NULL"
            f" WHERE r.{self.number} IS NULL AND {out} GROUP BY r.row",
            region=region,
        )

        self._refuse_others()

    def _refuse_others(self) -> None:
        """What belongs to another department is not this department's to change, and the preview says so."""
        column = self.library.own_column
        if column is None or self.library.own_department is None:
            return
        foreign = f"SELECT m.row FROM {{matches}} m JOIN {self.kept} s ON s.id = m.object_id WHERE s.{column} <> :own"
        self.area.run(
            "INSERT INTO {refused} (row, reason) SELECT t.row, '这一行登记在别的部门，请由该部门先办理调离'"
            f" FROM ({foreign}) t WHERE t.row NOT IN (SELECT row FROM {{refused}})",
            own=self.library.own_department,
        )
        self._leave_out(foreign, own=self.library.own_department)
        self.area.run("DELETE FROM {matches} WHERE row IN (SELECT row FROM {out})")

    def _twins_in_file(self, maybe: list[int]) -> None:
        """The same name and address under two numbers: perhaps one thing, a person decides."""
        if not maybe or self.library.twin_columns[1] not in self.present:
            return
        self._keep_maybe("maybe_twins", maybe)
        name, place = self.library.twin_columns[:2]
        self.area.make([Table("twin_names", {"row": INTEGER, "name": TEXT, "place": TEXT}, keyed=False)])
        among = "FROM {rows} r WHERE r.row IN (SELECT row FROM {maybe_twins}) AND r.row NOT IN (SELECT row FROM {out})"
        self.area.run(
            f"INSERT INTO {{twin_names}} (row, name, place) SELECT min(r.row), r.{name}, COALESCE(r.{place}, '')"
            f" {among} GROUP BY r.{name}, COALESCE(r.{place}, '') HAVING count(*) > 1"
        )
        self.area.run(
            "INSERT INTO {doubles} (row, kind, other_row) SELECT r.row, 'twin', t.row FROM {twin_names} t"
            f" JOIN (SELECT r.row, r.{name} AS name, COALESCE(r.{place}, '') AS place {among}) r"
            " ON t.name = r.name AND t.place = r.place AND t.row <> r.row"
            " WHERE r.row NOT IN (SELECT row FROM {doubles}) AND r.row NOT IN (SELECT row FROM {matches})"
        )
        # Things without a number that are alike in name and address are the same thing: the later row is refused.
        self.area.run(
            "UPDATE {doubles} SET kind = 'number' WHERE kind = 'twin' AND row IN"
            " (SELECT r.row FROM {rows} r WHERE r.row IN (SELECT row FROM {doubles} WHERE kind = 'twin')"
            f" AND r.{self.number} IS NULL)"
        )
        self._leave_out("SELECT row FROM {doubles} WHERE kind = 'number'")

    def _twins_in_library(self) -> None:
        region = self.library.region_id
        if self.library.twin_columns[1] not in self.present or not self.area.one(
            f"SELECT 1 FROM {self.kept} WHERE region_id = :region LIMIT 1", region=region
        ):
            return
        name, place = self.library.twin_columns[:2]
        self.area.run(
            f"INSERT INTO {{doubles}} (row, kind, object_id) SELECT r.row, 'kept', min(s.id) FROM {{rows}} r"
            f" JOIN {self.kept} s ON s.region_id = :region AND s.{name} = r.{name}"
            f" AND (s.{place} = COALESCE(r.{place}, '') OR s.{place} = '' OR r.{place} IS NULL)"
            " WHERE r.row NOT IN (SELECT row FROM {matches}) AND r.row NOT IN (SELECT row FROM {out})"
            " AND r.row NOT IN (SELECT row FROM {doubles}) AND s.id NOT IN (SELECT object_id FROM {matches})"
            " GROUP BY r.row",
            region=region,
        )

    def write_changes(self, rows: str, also_number: bool = False) -> None:
        """What exactly differs, field by field; what only looked different (the order of a list) is unchanged."""
        columns = [one for one in self.present if also_number or one != self.number]
        staged, stored = (", ".join(f"{side}.{one}" for one in columns) for side in "rs")
        asked = (
            f"SELECT m.row, s.id, s.revision, {staged}, {stored} FROM {{matches}} m JOIN {{rows}} r ON r.row = m.row"
            f" JOIN {self.kept} s ON s.id = m.object_id WHERE m.row > :after AND m.row IN ({rows})"
            " ORDER BY m.row LIMIT 5000"
        )
        same, after = list[int](), 0
        while parcel := list(self.area.ask(asked, after=after)):
            after, wider = parcel[-1][0], list[tuple[Any, ...]]()
            for row, object_id, revision, *both in parcel:
                fields = self._fields(columns, both[: len(columns)], both[len(columns) :])
                if fields:
                    wider.append((row, object_id, revision, json.dumps(fields, ensure_ascii=False)))
                else:
                    same.append(row)
            self.area.load(CHANGES, wider, more=True)
        if same:
            self.area.make([Table("same", {"row": INTEGER})])
            self.area.load(Table("same", {"row": INTEGER}), ((one,) for one in same))
            self.area.run("UPDATE {matches} SET differs = 0 WHERE row IN (SELECT row FROM {same})")

    def _fields(self, columns: list[str], new: list[Any], old: list[Any]) -> dict[str, list[Any]]:
        found = {}
        for column, to, was in zip(columns, new, old, strict=True):
            if to is None:
                continue
            kind = self.library.columns[column]
            before, after = value_of(kind, was), value_of(kind, to)
            if column in self.library.added_to:
                after = sorted({*(before or ()), *after})
                before = sorted(before or ())
            if before != after:
                found[column] = [before, after]
        return found


def value_of(kind: str, stored: Any) -> Any:
    """A staged or stored value as JSON has it."""
    if stored is None:
        return None
    if kind == JSON:
        return json.loads(stored) if isinstance(stored, str) else stored
    if kind == "truth":
        return bool(stored)
    return stored.isoformat() if hasattr(stored, "isoformat") else stored


def counts(area: Area, rows: int) -> dict[str, Any]:
    """How many of each kind the preview shows."""
    out = area.one("SELECT count(*) FROM {out}") or 0
    staged = area.one("SELECT count(*) FROM {rows}") or 0
    matched = area.one("SELECT count(*) FROM {matches} WHERE row NOT IN (SELECT row FROM {out})") or 0
    changed = (
        area.one("SELECT count(*) FROM {matches} WHERE differs = 1 AND row NOT IN (SELECT row FROM {out})")
        or 0
    )
    refused_rows = rows - staged + out
    doubled = dict(area.ask("SELECT kind, count(*) FROM {doubles} GROUP BY kind"))
    open_ = area.one("SELECT count(*) FROM {doubles} WHERE decision IS NULL") or 0
    return {
        "rows": rows, "added": staged - out - matched, "changed": changed, "unchanged": matched - changed,
        "refused": refused_rows, "warned": area.one("SELECT count(*) FROM {warned}") or 0,
        "doubles": sum(doubled.values()), "undecided": open_,
    }  # fmt: skip
