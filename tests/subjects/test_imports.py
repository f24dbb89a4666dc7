"""Does a list walk into its library step by step, whole or not at all, and back while nothing depends on it?"""

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import func, inspect, select, text
from tests.factories import make_account, make_department

from onevisit.core import clock, staging
from onevisit.core.db import db
from onevisit.core.jobs import work_all
from onevisit.core.problems import Problem
from onevisit.core.staging import area, folder, leftovers
from onevisit.core.trail import OwedWork, TrailEntry, broken_links
from onevisit.demo.subjects import credit_code
from onevisit.subjects import bitmaps, finding, import_actions, importing
from onevisit.subjects.library import SubjectLibrary
from onevisit.subjects.models import LibraryChange, LibraryImport, Subject, SubjectBitmap, SubjectHistory
from onevisit.subjects.terms import SubjectKind

HEAD = "企业名称,统一社会信用代码,主体类型,行业,住所,监管部门\n"
CODES = [credit_code(number, 1, SubjectKind.ENTERPRISE) for number in range(1, 20)]


def a_list(*rows: str, head: str = HEAD) -> bytes:
    return (head + "\n".join(rows)).encode()


def row(at: int, name: str | None = None, place: str | None = None, trade: str = "餐饮") -> str:
    return f"{name or f'示例{at}号公司'},{CODES[at]},企业,{trade},{place or f'示例路{at}号'},"


@pytest.fixture
def desk(app: Flask, client_for: Callable[..., Any]) -> Any:
    return client_for(make_account(["desk"], "632525-ga"))


def bring(client: Any, content: bytes, name: str = "名录.csv", library: str = "subjects") -> Any:
    return client.post(f"/api/library-imports/{library}", data={"file": (io.BytesIO(content), name)})


def read(client: Any, content: bytes, name: str = "名录.csv") -> dict[str, Any]:
    made = bring(client, content, name).json
    mapping = {one["at"]: one["meaning"] for one in made["columns"] if one["meaning"]}
    answer = client.put(f"/api/library-imports/{made['id']}/mapping", json={"mapping": mapping})
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def confirm(client: Any, import_id: str) -> Any:
    return client.post(f"/api/library-imports/{import_id}/confirm", json={"purpose": "年度名录更新"})


def rows_of(client: Any, import_id: str, kind: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/library-imports/{import_id}/rows?kind={kind}")
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Subject)) or 0


def left_behind() -> tuple[list[str], int]:
    imports = db.session.scalar(select(func.count()).select_from(LibraryImport)) or 0
    tables = []
    if db.engine.dialect.name == "postgresql":
        tables = leftovers()
    return [*tables, *(path.name for path in folder().iterdir())], imports


def test_the_whole_way_and_back(desk: Any) -> None:
    first = read(desk, a_list(row(1), row(2)))
    assert (first["state"], first["counts"]["added"], how_many()) == ("ready", 2, 0)
    done = confirm(desk, first["id"]).json
    assert (done["state"], done["confirmed_by"], how_many()) == ("done", done["actor_name"], 2)
    second = read(desk, a_list(row(1, place="示例路99号"), row(2), row(3)))
    assert {name: second["counts"][name] for name in ("added", "changed", "unchanged", "refused")} == {
        "added": 1, "changed": 1, "unchanged": 1, "refused": 0,
    }  # fmt: skip
    assert rows_of(desk, second["id"], "changed")[0]["fields"] == [
        {"name": "address", "label": "地址", "before": "示例路1号", "after": "示例路99号"}
    ]
    assert [one["name"] for one in rows_of(desk, second["id"], "added")] == ["示例3号公司"]
    assert confirm(desk, second["id"]).json["state"] == "done"
    stored = db.session.scalars(select(Subject).where(Subject.credit_code == CODES[1])).one()
    assert (stored.address, stored.revision, stored.departments) == ("示例路99号", 2, ["632525-ga"])
    assert importing.changes_of(stored.id)[0]["fields"] == {"address": ["示例路1号", "示例路99号"]}
    undone = desk.post(f"/api/library-imports/{second['id']}/undo")
    assert undone.json["state"] == "undone"
    db.session.expire_all()
    stored = db.session.scalars(select(Subject).where(Subject.credit_code == CODES[1])).one()
    assert (stored.address, how_many()) == ("示例路1号", 2)
    assert db.session.scalars(
        select(LibraryChange.undone_at).where(LibraryChange.import_id == second["id"])
    ).one()
    events = list(db.session.scalars(select(TrailEntry.event).order_by(TrailEntry.position)))
    assert events[-3:] == ["library.imported", "library.imported", "library.import_undone"]
    assert broken_links() == []


def test_undo_is_refused_while_something_depends_on_it(desk: Any) -> None:
    done = read(desk, a_list(row(1), row(2)))
    confirm(desk, done["id"])
    subject = db.session.scalars(select(Subject).where(Subject.credit_code == CODES[1])).one()
    checked = SubjectHistory(
        subject_id=subject.id, visit_id="v", department_id="632525-ga", day=date(2026, 11, 1), task_name="示例", outcomes=[]
    )  # fmt: skip
    db.session.add(checked)
    db.session.commit()
    refused = desk.post(f"/api/library-imports/{done['id']}/undo")
    assert (refused.status_code, refused.json["code"]) == (409, "subjects.import_in_use")
    assert "示例1号公司" in refused.json["detail"]
    db.session.delete(db.session.get_one(SubjectHistory, checked.id))
    subject = db.session.get_one(Subject, subject.id)
    subject.address, subject.revision = "后来改的", 2
    db.session.commit()
    assert desk.post(f"/api/library-imports/{done['id']}/undo").json["code"] == "subjects.import_in_use"
    assert how_many() == 2


def test_what_a_later_import_changed_and_changed_back_is_untouched(desk: Any) -> None:
    first = read(desk, a_list(row(1), row(2)))
    confirm(desk, first["id"])
    second = read(desk, a_list(row(1, place="示例路9号"), row(3)))
    confirm(desk, second["id"])
    third = read(desk, a_list(row(1, place="示例路10号")))
    confirm(desk, third["id"])
    assert desk.post(f"/api/library-imports/{second['id']}/undo").json["code"] == "subjects.import_in_use"
    for one, left in ((third, 3), (second, 2)):
        assert desk.post(f"/api/library-imports/{one['id']}/undo").status_code == 200
        assert how_many() == left
    again = read(desk, a_list(row(2, place="示例路11号")))
    confirm(desk, again["id"])
    assert desk.post(f"/api/library-imports/{first['id']}/undo").json["code"] == "subjects.import_in_use"
    desk.post(f"/api/library-imports/{again['id']}/undo")
    assert desk.post(f"/api/library-imports/{first['id']}/undo").status_code == 200
    assert how_many() == 0


def test_a_heading_corrected_once_is_known_next_time(desk: Any) -> None:
    head = "门头,码,管什么\n"
    made = bring(desk, a_list(f"示例甲,{CODES[1]},餐饮", head="企业名称,码,管什么\n")).json
    assert [one["meaning"] for one in made["columns"]] == ["name", None, None]
    short = desk.put(f"/api/library-imports/{made['id']}/mapping", json={"mapping": {"0": "name"}})
    assert (short.status_code, short.json["code"]) == (422, "subjects.column_missing")
    mapping = {"0": "name", "1": "credit_code", "2": "fields"}
    answer = desk.put(f"/api/library-imports/{made['id']}/mapping", json={"mapping": mapping})
    assert answer.json["counts"]["added"] == 1
    again = bring(desk, a_list(f"示例甲,{CODES[1]},餐饮", head=head)).json
    assert [(one["meaning"], one["remembered"]) for one in again["columns"]] == [
        (None, False), ("credit_code", True), ("fields", True),
    ]  # fmt: skip


def test_likely_doubles_wait_for_a_decision(desk: Any) -> None:
    confirm(desk, read(desk, a_list(row(1, "示例甲", "示例路1号")))["id"])
    given = read(desk, a_list(
        row(2, "示例甲", "示例路1号"), row(3, "示例乙", "示例路2号"), row(4, "示例乙", "示例路2号"), row(5), row(5, "示例另名"),
    ))  # fmt: skip
    found = {
        one["row"]: (one["kind"], one["other_row"], one["other_name"])
        for one in rows_of(desk, given["id"], "doubles")
    }
    assert found == {2: ("kept", None, "示例甲"), 4: ("twin", 3, "示例乙"), 6: ("number", 5, "示例5号公司")}
    assert [one["row"] for one in rows_of(desk, given["id"], "refused")] == [6]
    assert confirm(desk, given["id"]).json["code"] == "subjects.doubles_undecided"
    path = f"/api/library-imports/{given['id']}/decisions"
    assert desk.post(path, json={"all": "this", "rows": {}}).status_code == 422
    decided = desk.post(path, json={"rows": {"2": "same", "4": "same", "6": "same"}}).json
    assert (decided["counts"]["undecided"], decided["counts"]["added"], decided["counts"]["changed"]) == (
        0,
        2,
        1,
    )
    assert desk.post(path, json={"rows": {"2": "both", "4": "both"}}).json["counts"]["added"] == 4
    desk.post(path, json={"rows": {"2": "same"}})
    assert confirm(desk, given["id"]).json["state"] == "done"
    renamed = db.session.scalars(select(Subject).where(Subject.name == "示例甲")).one()
    assert (renamed.credit_code, how_many()) == (CODES[2], 4)


def test_of_two_rows_with_one_number_somebody_says_which_counts(desk: Any) -> None:
    confirm(desk, read(desk, a_list(row(1)))["id"])
    rows = (row(1, "示例甲"), row(1, "示例乙"), row(1, "示例丙"), row(2, "示例丁"), row(2, "示例戊"))
    given = read(desk, a_list(*rows))
    path = f"/api/library-imports/{given['id']}/decisions"

    def counted() -> tuple[int, ...]:
        shown = desk.get(f"/api/library-imports/{given['id']}").json["counts"]
        return tuple(shown[one] for one in ("added", "changed", "refused", "undecided"))

    assert counted() == (1, 1, 3, 3)
    assert confirm(desk, given["id"]).json["code"] == "subjects.doubles_undecided"
    desk.post(path, json={"rows": {"3": "both"}})
    assert counted() == (1, 1, 3, 3)
    desk.post(path, json={"rows": {"4": "this", "6": "this"}})
    assert counted() == (1, 1, 3, 0)
    assert [one["name"] for one in rows_of(desk, given["id"], "added")] == ["示例戊"]
    assert rows_of(desk, given["id"], "changed")[0]["fields"][0]["after"] == "示例丙"
    assert {one["row"]: one["reason"] for one in rows_of(desk, given["id"], "refused")} == {
        2: "与第 4 行重复，请只保留一行", 3: "与第 4 行重复，请只保留一行", 5: "与第 6 行重复，请只保留一行",
    }  # fmt: skip
    desk.post(path, json={"rows": {"4": "same"}})
    assert rows_of(desk, given["id"], "changed")[0]["fields"][0]["after"] == "示例甲"
    desk.post(path, json={"rows": {"3": "this"}})
    assert confirm(desk, given["id"]).json["state"] == "done"
    kept = {one.credit_code: one.name for one in db.session.scalars(select(Subject))}
    assert kept == {CODES[1]: "示例乙", CODES[2]: "示例戊"}


def test_refused_rows_come_back_with_reasons_and_nothing_that_runs(desk: Any) -> None:
    wrong = CODES[7][:-1] + ("0" if CODES[7][-1] != "0" else "1")
    given = read(desk, a_list(
        row(1), "=HYPERLINK(1),123,企业,餐饮,,", f"示例丙,{CODES[3]},飞船,餐饮,,", f"示例丁,{wrong},企业,餐饮,示例路4号,",
    ))  # fmt: skip
    assert (given["counts"]["refused"], given["counts"]["warned"], given["counts"]["added"]) == (2, 1, 2)
    assert "校验位" in rows_of(desk, given["id"], "warned")[0]["reason"]
    answer = desk.get(f"/api/library-imports/{given['id']}/refused.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    assert [str(line[-2]) for line in lines[1:]] == ["3", "4"]
    assert "18 位" in str(lines[1][-1])
    assert "对象种类" in str(lines[2][-1])
    assert str(lines[1][0]).startswith("'=")
    assert confirm(desk, given["id"]).json["state"] == "done"
    kept = db.session.scalars(select(Subject).where(Subject.credit_code == wrong)).one()
    assert (kept.code_doubtful, how_many()) == (True, 2)


def test_gb18030_and_an_old_export_are_read(desk: Any) -> None:
    given = read(desk, a_list(row(1, "示例䶮餐馆")).decode().encode("gb18030"))
    assert rows_of(desk, given["id"], "added")[0]["name"] == "示例䶮餐馆"
    marked = read(desk, ("﻿" + a_list(row(2)).decode()).encode("utf-16"))
    assert marked["counts"]["added"] == 1


def test_letting_go_leaves_nothing(desk: Any) -> None:
    given = read(desk, a_list(row(1)))
    assert left_behind()[0]
    assert desk.delete(f"/api/library-imports/{given['id']}").status_code == 204
    assert left_behind() == ([], 0)
    assert desk.get(f"/api/library-imports/{given['id']}").status_code == 404


def test_letting_go_while_it_is_read_leaves_nothing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_department("632525-ga")
    path = tmp_path / "长.csv"
    path.write_bytes(
        a_list(
            *(
                f"示例{at}号,{credit_code(at, 2, SubjectKind.ENTERPRISE)},企业,餐饮,路{at},"
                for at in range(20_000)
            )
        )
    )
    library = SubjectLibrary("632525", None)
    imported = importing.receive(library, path.name, path)
    importing.begin_reading(imported.id)
    import_id, ticks = imported.id, iter(range(0, 10_000, 10))
    monkeypatch.setattr(importing, "monotonic", lambda: next(ticks))

    def let_go(rows: int, _: int) -> None:
        if rows < 20_000:
            importing.cancel(import_id)

    with pytest.raises(importing.Cancelled):
        importing.read(library, import_id, said=let_go)
    assert left_behind() == ([], 0)
    assert how_many() == 0


def test_what_changed_since_the_preview_is_not_overwritten(desk: Any) -> None:
    one, other = read(desk, a_list(row(1))), read(desk, a_list(row(1, place="示例路77号")))
    assert confirm(desk, one["id"]).json["state"] == "done"
    clash = confirm(desk, other["id"])
    assert (clash.status_code, clash.json["code"], how_many()) == (409, "subjects.library_changed", 1)
    mapping = {one["at"]: one["meaning"] for one in other["columns"] if one["meaning"]}
    again = desk.put(f"/api/library-imports/{other['id']}/mapping", json={"mapping": mapping}).json
    assert (again["counts"]["added"], again["counts"]["changed"]) == (0, 1)


def test_two_at_once_do_not_mix(app: Flask, client_for: Callable[..., Any]) -> None:
    clients = [client_for(make_account(["desk"], one)) for one in ("632525-ga", "632525-wjj")]
    given = [read(client, a_list(row(at), row(at + 5))) for at, client in enumerate(clients, start=1)]
    assert clients[1].get(f"/api/library-imports/{given[0]['id']}").status_code == 404
    codes: list[int] = []
    threads = [
        threading.Thread(target=lambda at=at: codes.append(confirm(clients[at], given[at]["id"]).status_code))
        for at in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert (codes, how_many()) == ([200, 200], 4)
    assert finding.own_part_count("632525-ga") == finding.own_part_count("632525-wjj") == 2


def test_a_long_list_is_read_and_written_by_a_process_of_its_own(
    app: Flask, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_actions, "AT_ONCE", 10)
    monkeypatch.setattr(import_actions, "FEW_ROWS", 0)
    given = read(desk, a_list(row(1), row(2)))
    assert given["state"] == "reading"
    work_all(app)
    db.session.rollback()
    assert list(db.session.scalars(select(OwedWork.last_error).where(OwedWork.last_error.is_not(None)))) == []
    ready = desk.get(f"/api/library-imports/{given['id']}").json
    assert (ready["state"], ready["fault"], ready["counts"].get("added")) == ("ready", None, 2)
    assert confirm(desk, given["id"]).json["state"] == "writing"
    work_all(app)
    db.session.rollback()
    done = desk.get(f"/api/library-imports/{given['id']}").json
    assert (done["state"], how_many()) == ("done", 2)
    written = db.session.scalars(select(TrailEntry).where(TrailEntry.event == "library.imported")).one()
    assert written.actor_name == done["confirmed_by"]


def test_many_new_subjects_are_found_and_taken_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("onevisit.subjects.writing.FEW", 2)
    monkeypatch.setattr("onevisit.subjects.bitmaps.BLOCK", 1 << 16)
    make_department("632525-ga", name="贵南县公安局")
    path = tmp_path / "多.csv"
    path.write_bytes(
        a_list(
            *(
                f"示例雪莲{at}号,{CODES[at]},企业,{'旅馆' if at % 2 else '餐饮'},示例路{at}号,贵南县公安局"
                for at in range(10)
            )
        )
    )
    report = importing.take_in(SubjectLibrary("632525", None), path.name, path, False)
    whole = indexes()
    assert report["written"]
    assert min(db.session.scalars(select(Subject.number))) == bitmaps.FIRST_IMPORT_BLOCK << 16
    assert finding.found("632525", {"q": "雪莲", "field": "旅馆"}).total == 5
    before = {(one.term, one.block): one.bits for one in db.session.scalars(select(SubjectBitmap))}
    bitmaps.rebuild("632525")
    db.session.commit()
    db.session.expire_all()
    assert {(one.term, one.block): one.bits for one in db.session.scalars(select(SubjectBitmap))} == before
    importing.undo(SubjectLibrary("632525", None), report["import_id"])
    assert (how_many(), db.session.scalar(select(func.count()).select_from(SubjectBitmap))) == (0, 0)
    assert indexes() == whole


def test_what_a_long_list_adds_to_the_log_is_brought_in_behind_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_department("632525-ga", name="贵南县公安局")
    monkeypatch.setattr(staging, "MUCH", 0)
    path = tmp_path / "多.csv"
    path.write_bytes(a_list(*(row(at) for at in range(10))))
    assert importing.take_in(SubjectLibrary("632525", None), path.name, path, False)["written"]
    for one in threading.enumerate():
        if one.name == "onevisit-checkpoint":
            one.join()
    assert how_many() == 10
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("PRAGMA wal_autocheckpoint")) == staging.PAGES


def indexes() -> set[tuple[str, tuple[str, ...], bool]]:
    """Every index and unique constraint of the library."""
    seen = inspect(db.engine)
    found = {
        (one["name"] or "", tuple(map(str, one["column_names"])), bool(one["unique"]))
        for one in seen.get_indexes("subjects")
    }
    return found | {
        (one["name"] or "", tuple(one["column_names"]), True)
        for one in seen.get_unique_constraints("subjects")
    }


def test_a_write_that_breaks_off_leaves_table_and_indexes_as_they_were(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_department("632525-ga", name="贵南县公安局")
    monkeypatch.setattr("onevisit.subjects.writing.FEW", 2)
    path = tmp_path / "多.csv"
    path.write_bytes(a_list(*(row(at) for at in range(10))))

    before = indexes()

    def break_off(*_: Any) -> None:
        raise RuntimeError("power gone")

    with monkeypatch.context() as broken:
        broken.setattr("onevisit.subjects.writing.change", break_off)
        with pytest.raises(RuntimeError):
            importing.take_in(SubjectLibrary("632525", None), path.name, path, False)
    db.session.rollback()

    assert (how_many(), left_behind(), indexes()) == (0, ([], 0), before)
    assert importing.take_in(SubjectLibrary("632525", None), path.name, path, False)["written"]
    assert (how_many(), indexes()) == (10, before)


def test_who_reads_the_library_is_never_locked_out_by_a_lock_that_waits(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """While somebody's transaction holds the table, its indexes stay and the rows go in one by one."""
    make_department("632525-ga", name="贵南县公安局")
    monkeypatch.setattr("onevisit.subjects.writing.FEW", 2)
    monkeypatch.setattr("onevisit.subjects.writing.TRIES", 2)
    path = tmp_path / "多.csv"
    path.write_bytes(a_list(*(row(at) for at in range(10))))
    before = indexes()
    with db.engine.connect() as other:
        other.execute(select(func.count()).select_from(Subject))
        assert importing.take_in(SubjectLibrary("632525", None), path.name, path, False)["written"]
    assert (how_many(), indexes()) == (10, before)


def test_a_killed_reading_leaves_nothing(app: Flask, tmp_path: Path) -> None:
    make_department("632525-ga")
    path = tmp_path / "长.csv"
    path.write_bytes(
        a_list(
            *(
                f"示例{at}号,{credit_code(at, 2, SubjectKind.ENTERPRISE)},企业,餐饮,路{at},"
                for at in range(200_000)
            )
        )
    )
    config = app.config["ONEVISIT"]
    own = {
        "ONEVISIT_DATABASE": config.database,
        "ONEVISIT_VAR": str(config.var),
        "ONEVISIT_SECRET": config.secret,
    }
    command = [
        sys.executable,
        "-m",
        "onevisit.cli",
        "subjects",
        "import",
        str(path),
        "--region",
        "632525",
        "--json",
    ]
    child = subprocess.Popen(command, env=os.environ | own, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stderr is not None
    child.stderr.read(3)  # it has begun to say how far it is
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert how_many() == 0
    db.session.rollback()
    for one in db.session.scalars(select(LibraryImport)):
        one.seen_at = clock.now() - importing.QUIET * 2
    db.session.commit()
    importing.sweep()
    assert left_behind() == ([], 0)
    assert not area("0").exists()


def test_a_quote_left_open_in_a_long_file_is_said(app: Flask, tmp_path: Path) -> None:
    make_department("632525-ga")
    path = tmp_path / "引号.csv"
    lines = [
        f"示例{at}号,{credit_code(at, 2, SubjectKind.ENTERPRISE)},企业,餐饮,{'路' * 20}{at},"
        for at in range(20_000)
    ]
    lines[10_000] += '"从这里起没有合上'
    path.write_bytes(a_list(*lines))
    with pytest.raises(Problem) as wrong:
        importing.take_in(SubjectLibrary("632525", None), path.name, path, False)
    assert wrong.value.code == "subjects.file_unreadable"
    assert (left_behind(), how_many()) == (([], 0), 0)
