"""Which subjects are meant by a filter or a search, how many are they, and which page of them comes next?

Sets come from the bitmaps, so a count is exact and quick; the page is read in the order asked for. A small set is
fetched and sorted, a large one is met soon while walking along the index.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, text, tuple_

from onevisit.core.auth import acting
from onevisit.core.db import db
from onevisit.core.problems import Problem
from onevisit.subjects import bitmaps
from onevisit.subjects.bitmaps import Bits, label_term
from onevisit.subjects.models import Subject, SubjectBitmap
from onevisit.subjects.rules import Condition, ScopeFilter
from onevisit.subjects.terms import LabelKind, Risk, SubjectKind, SubjectState

SMALL = 12_000
LISTED = 2_000  # codes that begin alike and are listed one by one
MOST_COUNTED = 100_000
STEP = 4_000
LABELS = ("field", "tag", "licence", "department", "grade", "place")
_CODE = 4  # from so many characters of the code's alphabet on, a search may mean a credit code
SORTED_BY_VALUE = {"kind": SubjectKind, "risk": Risk, "state": SubjectState}


@dataclass(frozen=True)
class Found:
    """The set; `exact` is false where a long word's pieces were met but their order could not be looked at.

    `begins`: of the set only those whose code begins so; too many to be listed, so each page looks for itself.
    """

    bits: Bits
    total: int
    exact: bool = True
    begins: str = ""


def everybody(region_id: str) -> Bits:
    """The whole library of a region."""
    return bitmaps.carriers(region_id, [bitmaps.EVERYBODY])[bitmaps.EVERYBODY]


def in_filter(region_id: str, wanted: ScopeFilter) -> Bits:
    """Who lies in a scope filter; the pure twin is rules.fits."""
    terms = {
        label_term(one.kind.value, value) for side in (wanted.all, wanted.none) for one in side for value in one.any
        if one.kind != LabelKind.SUBJECT
    }  # fmt: skip
    held = bitmaps.carriers(region_id, sorted(terms))

    def meant(one: Condition) -> Bits:
        if one.kind == LabelKind.SUBJECT:
            return named(region_id, one.any)
        return bitmaps.either(held[label_term(one.kind.value, value)] for value in one.any)

    found: Bits | None = None
    for one in wanted.all:
        found = meant(one) if found is None else bitmaps.both(found, meant(one))
    if found is None:
        found = everybody(region_id)
    for one in wanted.none:
        found = bitmaps.without(found, meant(one))
    return found


def named(region_id: str, subject_ids: Sequence[str]) -> Bits:
    """Those of a list (定向); ids of another region mean nobody."""
    rows = select(Subject.number).where(Subject.region_id == region_id, Subject.id.in_(subject_ids))
    return _bits(db.session.scalars(rows))


def numbers_at(region_id: str, places: Sequence[str]) -> list[int]:
    """The numbers of those who sit in one of these townships."""
    terms = [label_term(LabelKind.PLACE.value, one) for one in places]
    return bitmaps.numbers(bitmaps.either(bitmaps.carriers(region_id, terms).values()))


def _bits(numbers: Iterable[int]) -> Bits:
    found: Bits = {}
    for number in numbers:
        found[number >> 16] = found.get(number >> 16, 0) | 1 << (number & 0xFFFF)
    return found


def scope_count(region_id: str, wanted: ScopeFilter) -> dict[str, Any]:
    """How many can be drawn, by risk class, and how many lie in the scope but do not operate."""
    found = in_filter(region_id, wanted)
    operating = label_term(LabelKind.STATE.value, SubjectState.OPERATING.value)
    classes = {risk: label_term(LabelKind.RISK.value, risk.value) for risk in Risk}
    held = bitmaps.carriers(region_id, [operating, *classes.values()])
    drawable = bitmaps.both(found, held[operating])
    by_risk = {
        risk.value: bitmaps.count(bitmaps.both(drawable, held[term])) for risk, term in classes.items()
    }
    count = bitmaps.count(drawable)
    return {"count": count, "by_risk": by_risk, "not_operating": bitmaps.count(found) - count}


def label_counts(region_id: str, kinds: Iterable[str] = LABELS) -> list[dict[str, Any]]:
    """Every label with how many subjects carry it, the most frequent first: what the filter's chips offer."""
    number = func.sum(SubjectBitmap.held)
    found: list[dict[str, Any]] = []
    for kind in sorted(kinds):
        rows = db.session.execute(
            select(SubjectBitmap.term, number)
            .where(SubjectBitmap.region_id == region_id, _of_kind(kind))
            .group_by(SubjectBitmap.term)
            .order_by(number.desc(), SubjectBitmap.term)
        )
        found += [
            {"kind": kind, "value": value, "count": int(many)}
            for term, many in rows
            if (value := term.partition("=")[2])
        ]
    return found


def vocabulary(region_id: str) -> dict[LabelKind, list[str]]:
    """Which labels the region's library really has: what a scope can be matched with."""
    found: dict[LabelKind, list[str]] = {}
    for one in sorted(label_counts(region_id), key=lambda one: (one["kind"], one["value"])):
        if one["kind"] not in ("department", "grade"):
            found.setdefault(LabelKind(one["kind"]), []).append(one["value"])
    return found


def _of_kind(kind: str) -> ColumnElement[bool]:
    return SubjectBitmap.term.between(f"{kind}=", f"{kind}=\U0010ffff")


def own_part_count(department_id: str) -> int:
    """How many subjects a department vouches for."""
    region_id, term = department_id.partition("-")[0], label_term("department", department_id)
    rows = select(func.sum(SubjectBitmap.held)).where(
        SubjectBitmap.region_id == region_id, SubjectBitmap.term == term
    )
    return int(db.session.scalar(rows) or 0)


def found(region_id: str, wanted: dict[str, Any]) -> Found:
    """Who answers to the filters and the search of a list."""
    terms = [label_term(kind, wanted[kind]) for kind in LABELS if wanted.get(kind)]
    terms += [
        label_term(kind, wanted[name])
        for kind, name in (("subject_kind", "kind"), ("risk", "risk"), ("state", "state"))
        if wanted.get(name)
    ]
    if wanted.get("unlisted"):
        terms.append(label_term("department", ""))
    words = str(wanted.get("q") or "").split()
    pieces = {piece for word in words for piece in _pieces(word)}
    held = bitmaps.carriers(region_id, sorted({*terms, *pieces}))
    sets = [held[term] for term in terms]
    checked, begins = list[str](), ""
    for word in words:
        named = _named(region_id, word, held)
        coded = _coded(region_id, word)
        if coded is None:
            if not begins.startswith(word.upper()) and not word.upper().startswith(begins):
                return Found({}, 0)
            begins = max(begins, word.upper(), key=len)
            continue
        sets.append(bitmaps.either((named, coded)) if coded else named)
        checked += [word] if len(word) > 2 and named else []
    answer: Bits | None = None
    for one in sorted(sets, key=len):
        answer = one if answer is None else bitmaps.both(answer, one)
    if answer is None:
        answer = everybody(region_id)
    total = bitmaps.count(answer)
    looked = [*checked, begins] if begins else checked
    if looked and total <= SMALL:
        answer, total = _looked_at(answer, looked)
        return Found(answer, total)
    if begins:
        many = _how_many_begin(region_id, begins)
        return Found(answer, min(total, many), not sets and many < MOST_COUNTED, begins)
    return Found(answer, total, not checked)


def _pieces(word: str) -> list[str]:
    return ["~" + word[at : at + 2] for at in range(len(word) - 1)]


def _named(region_id: str, word: str, held: dict[str, Bits]) -> Bits:
    if len(word) == 1:
        return bitmaps.starting_with(region_id, "~" + word)
    named: Bits | None = None
    for piece in _pieces(word):
        named = held[piece] if named is None else bitmaps.both(named, held[piece])
    return named or {}


def _coded(region_id: str, word: str) -> Bits | None:
    """Whose code begins so; None where they are too many to be listed."""
    code = word.upper()
    if len(code) < _CODE or not (code.isascii() and code.isalnum()):
        return {}
    rows = select(Subject.number).where(Subject.region_id == region_id, *_begin(code))
    numbers = list(db.session.scalars(rows.limit(LISTED + 1)))
    return _bits(numbers) if len(numbers) <= LISTED else None


def _begin(code: str) -> tuple[ColumnElement[bool], ...]:
    return (Subject.credit_code >= code, Subject.credit_code < code + "~") if code else ()


def _how_many_begin(region_id: str, code: str) -> int:
    some = (
        select(Subject.credit_code).where(Subject.region_id == region_id, *_begin(code)).limit(MOST_COUNTED)
    )
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _looked_at(answer: Bits, words: list[str]) -> tuple[Bits, int]:
    """Only those whose name really has the words, or whose code begins so; the pieces may stand apart."""
    kept: dict[int, list[int]] = {}
    total = 0
    for number, name, code in _fetched(answer, Subject.number, Subject.name, Subject.credit_code):
        if all(word in name or (code or "").startswith(word.upper()) for word in words):
            kept.setdefault(number >> 16, []).append(number & 0xFFFF)
            total += 1
    return {block: bitmaps.unpacked(bitmaps.packed(places)[1]) for block, places in kept.items()}, total


def among(numbers: list[int]) -> ColumnElement[bool]:
    """SQL for: one of these numbers, however many they are."""
    if db.session.get_bind().dialect.name == "postgresql":
        return Subject.number == func.any(bindparam(None, numbers, type_=_int_array()))
    return Subject.number.in_(
        select(text("value")).select_from(func.json_each("[" + ",".join(map(str, numbers)) + "]"))
    )


def _int_array() -> Any:
    from sqlalchemy import Integer
    from sqlalchemy.dialects.postgresql import ARRAY

    return ARRAY(Integer)


def _fetched(answer: Bits, *columns: Any) -> Iterator[Any]:
    numbers = bitmaps.numbers(answer)
    for start in range(0, len(numbers), STEP):
        yield from db.session.execute(select(*columns).where(among(numbers[start : start + STEP])))


def subjects_page(wanted: dict[str, Any]) -> tuple[list[Subject], Found]:
    """A page of my region's subjects, one row more than asked, and what was found in all."""
    region_id, limit = acting().region_id or "", wanted["limit"] + 1
    meant = found(region_id, wanted)
    numbers = _page_numbers(region_id, meant, wanted, limit)
    rows = {one.number: one for one in db.session.scalars(select(Subject).where(among(numbers)))}
    return [rows[number] for number in numbers if number in rows], meant


def cursor_of(wanted: dict[str, Any], last: Subject) -> str:
    """Where the page ended, in the order asked for."""
    sort = wanted.get("sort") or "name"
    value = "" if sort == "name" else getattr(last, sort)
    return f"{'' if value is None else value}|{last.name}|{last.number}"


def _page_numbers(region_id: str, meant: Found, wanted: dict[str, Any], limit: int) -> list[int]:
    sort, desc = wanted.get("sort") or "name", bool(wanted.get("desc"))
    after = _after(wanted.get("after") or "")
    if sort in SORTED_BY_VALUE:
        return _by_value(region_id, meant, sort, desc, after, limit)
    if sort == "credit_code":
        return _by_column(region_id, meant, Subject.credit_code, desc, after, limit)
    if sort == "updated_at":
        return _by_column(region_id, meant, Subject.updated_at, desc, after, limit)
    start = (after[1], after[2]) if after else None
    q = "" if meant.begins else str(wanted.get("q") or "").strip()
    return _by_name(region_id, meant.bits, desc, start, limit, q, meant.begins)


def _after(cursor: str) -> tuple[str, str, int] | None:
    if not cursor:
        return None
    value, _, rest = cursor.partition("|")
    name, _, number = rest.rpartition("|")
    try:
        return value, name, int(number)
    except ValueError as error:
        raise Problem("api.bad_cursor", "翻页位置读不懂，请从第一页开始。", 422) from error


def _by_value(
    region_id: str, meant: Found, sort: str, desc: bool, after: tuple[str, str, int] | None, limit: int
) -> list[int]:
    """One value after the other, each by name; the order of the values is that of the terms."""
    kind = "subject_kind" if sort == "kind" else sort
    values = [one.value for one in SORTED_BY_VALUE[sort]]  # type: ignore[attr-defined]
    values = list(reversed(values)) if desc else values
    if after and after[0] in values:
        values = values[values.index(after[0]) :]
    held = bitmaps.carriers(region_id, [label_term(kind, value) for value in values])
    numbers: list[int] = []
    for value in values:
        some = bitmaps.both(meant.bits, held[label_term(kind, value)])
        start = (after[1], after[2]) if after and after[0] == value else None
        numbers += _by_name(region_id, some, False, start, limit - len(numbers), "", meant.begins)
        if len(numbers) >= limit:
            break
    return numbers


def _by_name(
    region_id: str, bits: Bits, desc: bool, start: tuple[str, int] | None, limit: int, q: str, begins: str
) -> list[int]:
    many = bitmaps.count(bits)
    if many <= SMALL:
        if begins:
            bits, _ = _looked_at(bits, [begins])
        rows = sorted(
            (row for row in map(tuple, _fetched(bits, Subject.name, Subject.number)) if _past(row, start, desc)),
            key=lambda row: (row[0].encode(), row[1]), reverse=desc,
        )  # fmt: skip
        return [number for _, number in rows[:limit]]
    if len(q) >= 2 and not desc and " " not in q:
        return _by_name_around(region_id, bits, start, limit, q)
    return _walk(region_id, bits, desc, start, limit, begins=begins)


def _by_name_around(
    region_id: str, bits: Bits, start: tuple[str, int] | None, limit: int, q: str
) -> list[int]:
    """Names that begin with the word stand together: a walk from the first name on would pass by all others first."""
    beginning = bitmaps.carriers(region_id, ["^" + q[:2]])["^" + q[:2]]
    elsewhere = bitmaps.without(bits, beginning)
    if bitmaps.count(elsewhere) > SMALL:
        return _walk(region_id, bits, False, start, limit)
    q = q[:2]
    low, high = (q, -1), q + "\U0010ffff"
    rows = sorted(
        (row for row in map(tuple, _fetched(elsewhere, Subject.name, Subject.number)) if _past(row, start, False)),
        key=lambda row: (row[0].encode(), row[1]),
    )  # fmt: skip
    before = [number for name, number in rows if name.encode() < q.encode()]
    behind = [number for name, number in rows if name.encode() >= q.encode()]
    if len(before) >= limit:
        return before[:limit]
    begun = low if start is None or start[0].encode() < q.encode() else start
    inside = _walk(region_id, bitmaps.both(bits, beginning), False, begun, limit - len(before), high)
    return (before + inside + behind)[:limit]


def _past(row: tuple[Any, ...], start: tuple[str, int] | None, desc: bool) -> bool:
    if start is None:
        return True
    here, there = (row[0].encode(), row[1]), (start[0].encode(), start[1])
    return here < there if desc else here > there


def _walk(
    region_id: str,
    bits: Bits,
    desc: bool,
    start: tuple[str, int] | None,
    limit: int,
    until: str | None = None,
    begins: str = "",
) -> list[int]:
    """Along the index of names, picking those in the set; a large set is met soon."""
    place = tuple_(Subject.name, Subject.number)
    rows: Any = select(Subject.number, Subject.credit_code).where(Subject.region_id == region_id)
    if start is not None:
        rows = rows.where(place < start if desc else place > start)
    if until is not None:
        rows = rows.where(Subject.name < until)
    order = (Subject.name.desc(), Subject.number.desc()) if desc else (Subject.name, Subject.number)
    numbers: list[int] = []
    asked = rows.order_by(*order).execution_options(yield_per=1000)
    answer = db.session.execute(asked)
    left = bitmaps.count(bits)
    for number, code in answer:  # a condition on the code would have the database sort a million names
        if bits.get(number >> 16, 0) >> (number & 0xFFFF) & 1 and (code or "").startswith(begins):
            numbers.append(number)
            left -= 1
            if len(numbers) >= limit or not left:
                break
    answer.close()
    return numbers


def _by_column(
    region_id: str, meant: Found, column: Any, desc: bool, after: tuple[str, str, int] | None, limit: int
) -> list[int]:
    """By code or by day of change: those without a value come last."""
    bits = meant.bits
    if bitmaps.count(bits) <= SMALL:
        rows = [tuple(row) for row in _fetched(bits, column, Subject.number)]
        key = _column_key(desc)
        rows.sort(key=key, reverse=desc)
        if after:
            here = next((at for at, row in enumerate(rows) if row[1] == after[2]), len(rows))
            rows = rows[here + 1 :]
        return [number for _, number in rows[:limit]]
    order = (column.desc(), Subject.number.desc()) if desc else (column, Subject.number)
    rows_: Any = select(Subject.number, Subject.credit_code).where(
        Subject.region_id == region_id, column.is_not(None)
    )
    if column is Subject.credit_code:
        rows_ = rows_.where(*_begin(meant.begins))
    if after and after[0]:
        value = select(column).where(Subject.number == after[2]).scalar_subquery()
        place = tuple_(column, Subject.number)
        rows_ = rows_.where(place < tuple_(value, after[2]) if desc else place > tuple_(value, after[2]))
    numbers: list[int] = []
    answer = db.session.execute(rows_.order_by(*order).execution_options(yield_per=1000))
    for number, code in answer:
        if bitmaps.holds(bits, number) and (code or "").startswith(meant.begins):
            numbers.append(number)
            if len(numbers) >= limit:
                break
    answer.close()
    return numbers


def _column_key(desc: bool) -> Any:
    def key(row: tuple[Any, int]) -> tuple[Any, ...]:
        value = row[0]
        empty = value is None
        return (empty != desc, "" if empty else str(value), row[1])

    return key


def subjects_matching(wanted: dict[str, Any]) -> Iterator[Subject]:
    """All that a list would show, by name, in parcels: what leaves as a file."""
    after = None
    while True:
        page = wanted | {"limit": 1999, "after": after}
        rows, _ = subjects_page(page)
        yield from rows[:1999]
        if len(rows) <= 1999:
            return
        after = cursor_of(page, rows[1998])
        db.session.expunge_all()
