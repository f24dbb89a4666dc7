"""Do many rows read at once, and many subjects gathered at once, say the same as one after another?"""

import os
import random
from array import array
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from tests.factories import make_department

from onevisit.core import lines
from onevisit.core.auth import Actor
from onevisit.core.db import db
from onevisit.core.lines import Lines
from onevisit.core.reading import guessed
from onevisit.core.staging import Area, Table, area, folder
from onevisit.demo.subjects import credit_code
from onevisit.subjects import bitmaps, finding, hands, lists, staged, writing
from onevisit.subjects.code_reader import doubtful
from onevisit.subjects.heads import Head
from onevisit.subjects.importing import Cancelled
from onevisit.subjects.library import SubjectLibrary
from onevisit.subjects.models import Subject
from onevisit.subjects.rules import check_digit_warning
from onevisit.subjects.staged import Staging
from onevisit.subjects.terms import SubjectKind

HEAD = ["名称", "统一社会信用代码", "主体类型", "行业", "住所", "监管部门", "坐标", "电话", "许可"]
ODD = [
    "示例甲,,场所,旅馆,示例路1号,,,,",
    "示例乙,,企业,旅馆,示例路1号,,,,",
    ",9163,,,,,,,",
    ",,,,,,,,",
    "示例短",
    "示例丙,91632525DEM0AGX20D,飞船,,,,,,",
    "'=示例丁,91632525DEM0AGX20D,企业,,,,\"35.5,100.7\",,",
    "示例戊,{code},企业,餐饮；旅馆,路,没有的局,,,",
    "示例己, {code} ,个体,餐饮,路,,,,食品经营许可证|甲|2027-01-01",
    "示例庚,{code}x,个体,餐饮,路,,,,",
    "示例辛,{wrong},企业,餐饮,路,示例局,\"35.5,100.7\",000-1,",
    "示例壬,{code},企业,餐饮,{long},,,,",
]  # fmt: skip


def a_file(path: Path, rows: int, every: int) -> Path:
    written = []
    for at in range(rows):
        code = credit_code(at, 4, SubjectKind.ENTERPRISE)
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        if at % every == every - 1:
            written.append(
                ODD[at // every % len(ODD)].format(code=code.lower(), wrong=wrong, long="路" * 400)
            )
        else:
            written.append(f"示例{at % 900}号店,{code},企业,餐饮,示例路{at % 7}号,示例局,,000-{at},")
    path.write_text("\n".join([",".join(HEAD), *written]), encoding="utf-8")
    return path


def staged_of(library: SubjectLibrary, path: Path, name: str) -> tuple[list[object], ...]:
    head = Head(1, HEAD, guessed(HEAD, library.headings, {}), [])
    waiting: Area = area(name)
    try:
        reading = Staging(library, waiting, path.name, path, head, lambda rows, at: None)
        counts = reading.run()
        return (
            [{name: many for name, many in counts.items() if name != "placed"}],
            list(waiting.ask(f"SELECT row, {', '.join(reading.present)} FROM {{rows}} ORDER BY row")),
            list(waiting.ask("SELECT row, reason FROM {refused} ORDER BY row, reason")),
            list(waiting.ask("SELECT row, reason FROM {warned} ORDER BY row, reason")),
            list(waiting.ask("SELECT * FROM {doubles} ORDER BY row")),
        )
    finally:
        waiting.drop()


@pytest.mark.parametrize("every", [3, 97])
def test_many_at_once_are_read_as_one_by_one(
    app: Flask, tmp_path: Path, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_department("632525-ga", name="示例局")
    library = SubjectLibrary("632525", None)
    path = a_file(tmp_path / "名录.csv", 16_000, every)  # more than a mebibyte: streamed from disk
    at_once = staged_of(library, path, "a1")

    class Slow(SubjectLibrary):
        whole = None  # type: ignore[assignment]

    assert at_once == staged_of(Slow("632525", None), path, "b2")
    monkeypatch.setattr(staged, "SHARED", 0)
    assert at_once == staged_of(library, path, "c3"), "two processes that read say the same"
    monkeypatch.setattr(Lines, "halves", lambda self: None)
    assert at_once == staged_of(library, path, "d4"), "a child that reads says the same"
    assert at_once[2]
    assert at_once[3]


def _with(path: Path, at: float, text: str) -> None:
    """A piece of a line changed, so far into the file."""
    parts = path.read_text(encoding="utf-8").split("\n")
    parts[int(len(parts) * at)] = text
    path.write_text("\n".join(parts), encoding="utf-8")


def test_a_file_is_cut_where_a_line_ends_or_not_at_all(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_department("632525-ga", name="示例局")
    library, path = SubjectLibrary("632525", None), a_file(tmp_path / "名录.csv", 1500, 100_000)
    monkeypatch.setattr(lines, "SEEN", 1 << 14)
    code = credit_code(7, 4, SubjectKind.ENTERPRISE)
    wide = f'"示例{"宽" * 40}\n{"长" * 60}\n店",{code},企业,餐饮,路,示例局,,,'

    def same(name: str) -> None:
        wanted = staged_of(library, path, f"a{name}")
        with monkeypatch.context() as large:
            large.setattr(staged, "SHARED", 0)
            assert staged_of(library, path, f"b{name}") == wanted

    _with(path, 0.2, wide)  # cells of several lines: the other half's rows have other numbers
    assert Lines("subjects", path.name, path).halves()
    same("1")
    for at in range(-6, 7):  # … also across the border, wherever it falls
        _with(path, 0.5 + at / 1500, wide)
    same("2")
    _with(path, 0.1, f'示例5" 管店,{code},企业,餐饮,路,示例局,,,')  # a sign within a cell is no quote
    same("3")
    text = a_file(path, 1500, 100_000).read_bytes()
    path.write_bytes(text.replace(b"\n", b"\r"))  # an old system's line ends
    assert Lines("subjects", path.name, path).halves() is None
    path.write_bytes(text.replace(b"\n", b"\r\n"))
    assert Lines("subjects", path.name, path).halves()
    same("4")


@pytest.mark.parametrize("dies", ["at once", "having kept its rows"])
def test_what_a_dead_hand_leaves_is_read_again(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    make_department("632525-ga", name="示例局")
    library, path = SubjectLibrary("632525", None), a_file(tmp_path / "名录.csv", 1500, 97)
    monkeypatch.setattr(lines, "SEEN", 1 << 14)
    wanted, other = staged_of(library, path, "a1"), hands.TwoHands._other

    def dead(self: hands.TwoHands, *given: Any) -> bytes:
        if dies != "at once":
            other(self, *given)
        os._exit(9)

    monkeypatch.setattr(hands.TwoHands, "_other", dead)
    monkeypatch.setattr(staged, "SHARED", 0)
    assert staged_of(library, path, "b2") == wanted


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_letting_go_ends_both_hands(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_department("632525-ga", name="示例局")
    library, path = SubjectLibrary("632525", None), a_file(tmp_path / "名录.csv", 1500, 97)
    monkeypatch.setattr(lines, "SEEN", 1 << 14)
    monkeypatch.setattr(staged, "SHARED", 0)
    before, waiting = children(), area("e17" * 8)

    def let_go(rows: int, at: int) -> None:
        raise Cancelled("e17")

    head = Head(1, HEAD, guessed(HEAD, library.headings, {}), [])
    with pytest.raises(Cancelled):
        Staging(library, waiting, path.name, path, head, let_go).run()
    assert children() == before
    waiting.drop()
    assert not waiting.exists()
    assert list(folder().iterdir()) == []


def test_bitmaps_that_grew_while_reading_are_those_made_afterwards(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes, blocks that end within a parcel, a gap between the halves."""
    make_department("632525-ga", name="示例局")
    library, path = SubjectLibrary("632525", None), a_file(tmp_path / "名录.csv", 1500, 100_000)
    monkeypatch.setattr(lines, "SEEN", 1 << 14)
    monkeypatch.setattr(staged, "SHARED", 0)
    monkeypatch.setattr(bitmaps, "BLOCK", 512)
    monkeypatch.setattr(writing, "FEW", 5)
    head, waiting = Head(1, HEAD, guessed(HEAD, library.headings, {}), []), area("b17" * 8)
    try:
        done = Staging(library, waiting, path.name, path, head, lambda rows, at: None).run()
        assert (done["built"], done["placed"]) == (1500, 4)
        grown = defaultdict(set)
        for term, block, held, bits in waiting.ask("SELECT term, block, held, bits FROM {bitmaps}"):
            some = (
                set(array("H", bits))
                if len(bits) != 8192
                else set(bitmaps.positions(int.from_bytes(bits, "little")))
            )
            assert len(some) == held
            grown[term] |= {block * 512 + at for at in some}
        wanted = defaultdict(set)
        for place, name, fields in waiting.ask("SELECT place, name, fields FROM {rows}"):
            for one in (
                bitmaps.EVERYBODY,
                *bitmaps.name_terms(name),
                *(f"field={one}" for one in writing.plain(fields)),
            ):
                wanted[one].add(place)
        assert {one: grown[one] for one in wanted} == wanted
    finally:
        waiting.drop()


def test_odd_characters_are_seen_among_many(app: Flask, tmp_path: Path) -> None:
    make_department("632525-ga", name="示例局")
    path = a_file(tmp_path / "名录.csv", 300, 1000)
    path.write_bytes(path.read_bytes().replace("示例7号店".encode(), "示例\0号店".encode()))
    assert not Lines("subjects", path.name, path).clean
    refused = staged_of(SubjectLibrary("632525", None), path, "c3")[2]
    assert [row for row, _ in refused] == [9]  # type: ignore[misc]


def test_the_check_digit_by_table_is_the_rules(app: Flask) -> None:
    codes = [credit_code(at, at % 5, SubjectKind.SOLE_TRADER) for at in range(300)]
    wrong = [code[:-1] + random.Random(at).choice("0123456789") for at, code in enumerate(codes)]
    for code, odd in zip(codes + wrong, doubtful(codes + wrong), strict=True):
        assert odd == (check_digit_warning(code) is not None)


def test_a_block_is_what_each_of_its_subjects_says() -> None:
    chance = random.Random(5)
    names = [
        f"{'示例' if at % 3 else '贵南'}{''.join(chance.choices('甲乙丙丁戊己庚辛壬癸', k=at % 9))}"
        f"{chance.choice(('有限公司', '店', '餐馆', '甲甲甲'))}"
        for at in range(5000)
    ] + ["甲", "甲乙", "甲乙丙", "甲乙丙丁"]
    fields = [f"行业{chance.randrange(900)}" if at % 4 else "餐饮" for at in range(len(names))]
    states = [chance.choice(("operating", "closed")) for _ in names]
    builder = bitmaps.BlockBuilder([lambda one: [("field", one)], lambda one: [("state", one)]])
    for start in range(0, len(names), 700):
        some = slice(start, start + 700)
        builder.add(names[some], [fields[some], states[some]])
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for at, name in enumerate(names):
        for term in (
            bitmaps.EVERYBODY,
            *bitmaps.name_terms(name),
            f"field={fields[at]}",
            f"state={states[at]}",
        ):
            wanted[term].add(at)
    assert list(builder.rows()) == [(term, *bitmaps.packed(wanted[term])) for term in sorted(wanted)]


def test_values_in_groups_keep_their_places() -> None:
    values = [at % 300 for at in range(3000)]
    column = bitmaps.Grouped()
    column.add(values)
    for value, who in column:
        places = who if isinstance(who, list) else list(bitmaps.positions(who))
        assert places == [at for at, one in enumerate(values) if one == value]


def test_a_code_that_many_begin_with_is_found_page_by_page(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_department("632525-ga")
    monkeypatch.setattr(finding, "LISTED", 4)
    monkeypatch.setattr(finding, "SMALL", 5)
    monkeypatch.setattr(finding, "acting", lambda: Actor(None, "示例", region_id="632525"))
    kinds = [SubjectKind.ENTERPRISE, SubjectKind.SOLE_TRADER]
    subjects = [
        Subject(
            region_id="632525", name=f"示例{chr(0x4E00 + at * 7 % 40)}店", credit_code=credit_code(at, 1, kinds[at % 2]),
            kind=kinds[at % 2].value, fields=["餐饮" if at % 3 else "旅馆"], tags=[], licences=[], departments=[], address="",
        )
        for at in range(40)
    ]  # fmt: skip
    db.session.add_all(subjects)
    db.session.commit()
    mine = sorted((one for one in subjects if one.credit_code.startswith("9163")), key=lambda one: one.name)  # type: ignore[union-attr]
    assert len(mine) == 20
    for sort in ("name", "credit_code", "updated_at", "state"):
        wanted: dict[str, Any] = {"q": "9163", "limit": 7, "sort": sort}
        seen: list[str] = []
        while True:
            page, meant = finding.subjects_page(wanted)
            seen += [one.id for one in page[:7]]
            assert (meant.total, meant.exact) == (20, True)
            if len(page) <= 7:
                break
            wanted["after"] = finding.cursor_of(wanted, page[6])
        assert sorted(seen) == sorted(one.id for one in mine), sort
        if sort == "name":
            assert seen == [one.id for one in mine]
    inns = [one.id for one in mine if one.fields == ["旅馆"]]
    page, meant = finding.subjects_page({"q": "9163", "field": "旅馆", "limit": 50})
    assert [one.id for one in page] == inns
    assert finding.found("632525", {"q": "9163 9263"}).total == 0
    assert finding.found("632525", {"q": str(mine[0].credit_code)}).total == 1


def test_blocks_made_by_two_are_those_made_by_one(app: Flask) -> None:
    """Every second block comes from a child with a connection of its own."""
    library, waiting = SubjectLibrary("632525", None), area("b10c" * 8)
    names = {"row": "integer", "place": "integer", "name": "text", "address": "text"}
    tables = [Table("rows", names), lists.MATCHES, lists.OUT]
    waiting.drop()
    waiting.make(tables)
    many = bitmaps.BLOCK + 300
    waiting.load(tables[0], ((at + 2, at, f"示例{at % 97}店", f"示例县{at % 5}镇") for at in range(many)))
    waiting.settle()
    try:
        shared = list(writing._bitmap_rows(library, waiting, apart=True))
        alone = [row for block in writing._blocks(library, waiting) for row in block]
        assert shared == alone
        assert {block for _, block, _, _ in alone} == {0, 1}
        assert sum(held for term, _, held, _ in alone if term == bitmaps.EVERYBODY) == many
    finally:
        waiting.drop()
