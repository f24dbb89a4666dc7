"""`onevisit plan import`: does a row that cannot be read hold the draft back, and is what was taught read so here too?"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from tests.plans.bad_files import HEAD, ROW, text
from tests.plans.test_reading import MESSY, office, said, taken_in, task_named

from onevisit import cli
from onevisit.core.db import db
from onevisit.plans.models import Plan
from onevisit.plans.reading_models import PlanReading

__all__ = ["office"]
LOST = ["", "", "", "", "", "无主事项", "", "", ""]
Command = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def command(app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command on this test's database: exit status, what it answers, what it says."""
    monkeypatch.setattr(cli, "_app", lambda: app)

    def run(*arguments: str) -> tuple[int, dict[str, Any], str]:
        status = cli.main(["plan", "import", *arguments, "--region", "632525", "--json"])
        db.session.rollback()  # what the command committed is read anew
        told = capsys.readouterr()
        return status, json.loads(told.out), told.err

    return run


@pytest.fixture
def holed(tmp_path: Path) -> str:
    """A table in which a line with an item stands before the first task."""
    file = tmp_path / "计划.csv"
    file.write_bytes(text([["2026年度示例抽查计划"], HEAD, LOST, ROW]))
    return str(file)


def test_a_row_that_cannot_be_read_holds_the_draft_back_and_is_named(
    office: Any, command: Command, holed: str
) -> None:
    status, told, words = command(holed)
    assert (status, told["plan"]) == (1, None)
    assert [(one["row"], one["text"]) for one in told["refused"]] == [(3, "无主事项")]
    assert "第 3 行：无主事项" in words
    assert db.session.scalars(select(Plan)).all() == []
    kept = db.session.scalars(select(PlanReading)).one()
    assert (kept.id, kept.plan_id) == (told["reading"], None)


def test_without_the_refused_rows_the_others_become_the_draft(
    office: Any, command: Command, holed: str
) -> None:
    status, told, words = command(holed, "--without-refused")
    assert (status, told["entries"]) == (0, 1)
    assert "第 3 行：无主事项" in words
    plan = db.session.scalars(select(Plan)).one()
    assert (plan.id, len(plan.entries), plan.state) == (told["plan"], 1, "draft")


def test_a_file_that_is_no_table_is_a_refusal_in_words(command: Command, office: Any, tmp_path: Path) -> None:
    file = tmp_path / "计划.csv"
    file.write_bytes("只有一句话".encode())
    status, told, words = command(str(file))
    assert (status, told["code"]) == (1, "plans.no_table_found")
    assert "plans.no_table_found" in words


def test_what_was_put_right_for_good_on_the_screen_is_read_so_when_the_file_comes_again(
    office: Any, command: Command, tmp_path: Path
) -> None:
    reading, name = taken_in(office), "学校食堂食品安全抽查"
    ratio = {"percent": 20, "bound": "exact"}
    anchor = task_named(reading, name)["anchor"]
    said(office, reading, kind="fact", anchor=anchor, fact="ratio", value=ratio, always=True)
    office.delete(f"/api/plan-readings/{reading['id']}")
    again = task_named(taken_in(office), name)["facts"]["ratio"]
    assert (again["sure"], again["value"]) == ("corrected", ratio)
    file = tmp_path / "汇总稿.xlsx"
    file.write_bytes(MESSY)
    status, told, _ = command(str(file), "--without-refused")
    assert status == 0
    rows = db.session.get_one(Plan, told["plan"]).entries
    assert [one.ratio for one in rows if name in one.name or name in one.task_name] == [ratio]
    assert not any(one["code"] == "ratio_unclear" and name in one["words"] for one in told["doubts"])
