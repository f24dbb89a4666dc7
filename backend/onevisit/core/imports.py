"""What does a list change in a library whose rows are few and knit together? Row after row, in the caller's transaction."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from onevisit.core.db import db
from onevisit.core.reading import Refused
from onevisit.core.rows import Headings, Row
from onevisit.core.texts import unstorable

__all__ = ["Library", "Refused", "Report", "Values", "take_in"]
CHUNK = 2000
Values = dict[str, Any]


@dataclass
class Report:
    """What the rows say against what is kept; refused rows were left out."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)


class Library(Protocol):
    """What a library knows of its own rows; the rest is the same for all of them."""

    headings: Headings

    def parsed(self, cells: dict[str, str]) -> tuple[Values, list[str]]:
        """The values of a row and its warnings; raises Refused."""

    def key_of(self, values: Values) -> Hashable:
        """What makes two rows the same thing."""

    def name_of(self, values: Values) -> str:
        """How the preview calls it."""

    def known(self, rows: list[Values]) -> dict[Hashable, Any]:
        """The stored things that these rows speak of, by key."""

    def differences(self, stored: Any, values: Values) -> dict[str, list[Any]]:
        """Field -> [old, new], only what the file changes; raises Refused."""

    def add(self, rows: list[Values]) -> None:
        """Keep new rows."""

    def change(self, stored: Any, values: Values, fields: dict[str, list[Any]]) -> None:
        """Write what differs."""


def take_in(library: Library, rows: Iterable[Row]) -> Report:
    """Every row that can go in goes in, inside the caller's transaction: what the report says is what is written.

    Whoever only wants to know takes it back.
    """
    report, seen = Report(), dict[Hashable, int]()
    for parcel in _chunks(iter(rows)):
        accepted = [one for row in parcel if (one := _accept(library, row, seen, report)) is not None]
        known = library.known([values for _, values in accepted])
        fresh: list[Values] = []
        for number, values in accepted:
            stored = known.get(library.key_of(values))
            if stored is not None:
                _compare(library, stored, number, values, report)
                continue
            fresh.append(values)
            report.changes.append(
                {"row": number, "name": library.name_of(values), "kind": "added", "fields": {}}
            )
        report.added += len(fresh)
        library.add(fresh)
        db.session.flush()
    return report


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _accept(
    library: Library, row: Row, seen: dict[Hashable, int], report: Report
) -> tuple[int, Values] | None:
    try:
        if unstorable(row.cells):
            raise Refused("这一行里有不能保存的字符，请删去后再上传")
        values, warnings = library.parsed(row.cells)
        key = library.key_of(values)
        if key in seen:
            raise Refused(f"与第 {seen[key]} 行重复，请只保留一行")
    except Refused as why:
        report.refused.append({"row": row.number, "reason": str(why)})
        return None
    seen[key] = row.number
    report.warnings += [{"row": row.number, "reason": one} for one in warnings]
    return row.number, values


def _compare(library: Library, stored: Any, number: int, values: Values, report: Report) -> None:
    try:
        fields = library.differences(stored, values)
    except Refused as why:
        report.refused.append({"row": number, "reason": str(why)})
        return
    if not fields:
        report.unchanged += 1
        return
    report.changed += 1
    report.changes.append(
        {"row": number, "name": library.name_of(values), "kind": "changed", "fields": fields}
    )
    library.change(stored, values, fields)
